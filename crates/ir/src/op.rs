//! The one table of operations.
//!
//! A row gives the variant, its name in IR text, its level, the number of operands (`*` = any) and
//! results, its effects, whether it ends a block (`end`), the kind of its immediate ([`ImmKind`]), what types it is about
//! ([`Rule`]), whether literals may be operands (`literals`), and its meaning; in braces, where it is not what most
//! operations have: whose the memory of its result is (`owner`), what it costs (`cost`), what it asks of its operands
//! (`needs`), where it may run (`runs`), whether it may hand on what it is given (`keeps`), and whether it only says
//! something about its block (`mark`).  The printer, the parser, the verifier, the passes and the code
//! generator all read this table; none of them repeats it.
//!
//! Levels: `Python` operations are what the bytecode says, on values of type [`crate::Ty::Any`]; only the
//! front end makes them and only `infer` reads them.  `Typed` operations are what `infer` makes; every
//! operand has a type and the machine meaning follows from it.  `Both` appear at either level.

use crate::constant::Const;
use crate::program::FuncId;
use Cost::{Product, Simple, Slow};
use Needs::{Count, Divisor, Proof};
use Owner::{Handed, Keeper, New, Operands, Outside};
use Runs::{Ordered, Parallel};
use coachwhip_abi::{Cost, Effects, ErrorKind, Owner, Runs, RuntimeFn};
use std::sync::Arc;

/// Python's unary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum UnaryOp {
    Neg,
    Pos,
    Invert,
    Not,
}

/// Python's binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    MatMul,
    TrueDiv,
    FloorDiv,
    Mod,
    Pow,
    Lshift,
    Rshift,
    And,
    Or,
    Xor,
}

/// Python's comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum CmpOp {
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
}

impl UnaryOp {
    /// As in Python source.
    pub fn symbol(self) -> &'static str {
        match self {
            UnaryOp::Neg => "-",
            UnaryOp::Pos => "+",
            UnaryOp::Invert => "~",
            UnaryOp::Not => "not",
        }
    }
}

impl BinaryOp {
    /// Every operator.
    pub const ALL: [BinaryOp; 13] = {
        use BinaryOp::*;
        [Add, Sub, Mul, MatMul, TrueDiv, FloorDiv, Mod, Pow, Lshift, Rshift, And, Or, Xor]
    };
    /// As in Python source.
    pub fn symbol(self) -> &'static str {
        use BinaryOp::*;
        match self {
            Add => "+",
            Sub => "-",
            Mul => "*",
            MatMul => "@",
            TrueDiv => "/",
            FloorDiv => "//",
            Mod => "%",
            Pow => "**",
            Lshift => "<<",
            Rshift => ">>",
            And => "&",
            Or => "|",
            Xor => "^",
        }
    }
}

impl CmpOp {
    /// Every operator.
    pub const ALL: [CmpOp; 6] = [CmpOp::Lt, CmpOp::Le, CmpOp::Eq, CmpOp::Ne, CmpOp::Gt, CmpOp::Ge];
    /// As in Python source.
    pub fn symbol(self) -> &'static str {
        use CmpOp::*;
        match self {
            Lt => "<",
            Le => "<=",
            Eq => "==",
            Ne => "!=",
            Gt => ">",
            Ge => ">=",
        }
    }
}

/// What an instruction carries besides operands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Imm {
    /// Nothing.
    None,
    /// A constant.
    Const(Const),
    /// A name (attribute, variable).
    Name(Arc<str>),
    /// Keyword names of a call: the last operands in order.
    Names(Arc<[Arc<str>]>),
    /// A number: a field, a dimension, a count.
    Int(i64),
    /// Two counts: items before and after a starred target.
    Pair(u32, u32),
    /// An operator.
    Unary(UnaryOp),
    /// An operator; `true` for the augmented assignment.
    Binary(BinaryOp, bool),
    /// An operator.
    Cmp(CmpOp),
    /// A failure.
    Error(ErrorKind),
    /// A compiled callee or kernel: number in the module's table.
    Func(u32),
    /// The code of a nested function: number in the program's table.
    Code(FuncId),
    /// A run-time function.
    Runtime(RuntimeFn),
    /// A kernel of vector math: number in the module's table, and the run-time function that computes the same.
    Kernel(u32, RuntimeFn),
    /// Arithmetic that no relaxation of the function (`fastmath`) touches.
    Strict,
}

impl Imm {
    /// Nothing that changes what the operation computes.
    pub fn is_plain(&self) -> bool {
        matches!(self, Imm::None | Imm::Strict)
    }
}

/// Where an operation may appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Level {
    Python,
    Typed,
    Both,
}

const PURE: Effects = Effects::PURE;
const READ: Effects = Effects::READS;
const WRITE: Effects = Effects::WRITES;
const FAIL: Effects = Effects::FAILS;
const ANY: Effects = Effects::MEMORY.and(Effects::FAILS).and(Effects::WORLD);
/// What happens until a generator goes on.
const STOP: Effects = Effects::MEMORY.and(Effects::WORLD);
const ALLOC: Effects = Effects::WRITES.and(Effects::FAILS);
const MAP: Effects = Effects::READS.and(Effects::WRITES).and(Effects::FAILS);
const WORLD: Effects = Effects::WORLD;
/// Signal handlers are Python code: they have no memory that only compiled code knows.
const POLL: Effects = Effects::WORLD.and(Effects::FAILS);
const SHOW: Effects = Effects::WORLD.and(Effects::FAILS);
const READ_TEXTS: Effects = Effects::READS_TEXTS;
const READ_LISTS: Effects = Effects::READS_LISTS;
const WRITE_LISTS: Effects = Effects::WRITES_LISTS;
const GROW_LISTS: Effects = Effects::WRITES_LISTS.and(Effects::FAILS);
const READ_ITEMS: Effects = Effects::READS_ITEMS;
const WRITE_ITEMS: Effects = Effects::WRITES_ITEMS;
const MOVE_ITEMS: Effects = Effects::READS_ITEMS.and(Effects::WRITES_ITEMS);

/// The kind of immediate that an operation carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImmKind {
    /// None.
    None,
    /// None, or that the operation is strict.
    Plain,
    /// Flags and names that only the operation's two users agree on.
    Any,
    /// A constant.
    Constant,
    /// A unary operator.
    Unary,
    /// A binary operator.
    Binary,
    /// A comparison.
    Compare,
    /// Two numbers.
    Pair,
    /// The code of a function.
    Code,
    /// A name.
    Name,
    /// Names of arguments, or none.
    Names,
    /// A number.
    Number,
    /// A number, or none.
    MaybeNumber,
    /// A failure.
    Error,
    /// A failure, or none.
    MaybeError,
    /// A function of the module.
    Function,
    /// A kernel of vector math.
    Kernel,
    /// A run-time function.
    Runtime,
}

impl ImmKind {
    /// Whether an immediate is of this kind.
    pub fn fits(self, imm: &Imm) -> bool {
        match self {
            ImmKind::Any => true,
            ImmKind::None => matches!(imm, Imm::None),
            ImmKind::Plain => imm.is_plain(),
            ImmKind::Constant => matches!(imm, Imm::Const(_)),
            ImmKind::Unary => matches!(imm, Imm::Unary(_)),
            ImmKind::Binary => matches!(imm, Imm::Binary(..)),
            ImmKind::Compare => matches!(imm, Imm::Cmp(_)),
            ImmKind::Pair => matches!(imm, Imm::Pair(..)),
            ImmKind::Code => matches!(imm, Imm::Code(_)),
            ImmKind::Name => matches!(imm, Imm::Name(_)),
            ImmKind::Names => matches!(imm, Imm::None | Imm::Names(_)),
            ImmKind::Number => matches!(imm, Imm::Int(_)),
            ImmKind::MaybeNumber => matches!(imm, Imm::None | Imm::Int(_)),
            ImmKind::Error => matches!(imm, Imm::Error(_)),
            ImmKind::MaybeError => matches!(imm, Imm::Error(_) | Imm::None),
            ImmKind::Function => matches!(imm, Imm::Func(_)),
            ImmKind::Kernel => matches!(imm, Imm::Kernel(..)),
            ImmKind::Runtime => matches!(imm, Imm::Runtime(_)),
        }
    }
}

/// What types the operands and results of an operation have.  Operations on numbers are all that a rule alone
/// describes; for the others it names the family of the verifier that knows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Values without types.
    Untyped,
    /// Nothing to check.
    Any,
    /// A constant of the result's type.
    Constant,
    /// A `Bool`.
    Condition,
    /// Integers or floats, all of one machine type.
    Number,
    /// Floats of one machine type.
    Float,
    /// Integers of one machine type.
    Integer,
    /// Integers or bools of one machine type.
    Bits,
    /// Integers of one machine type; the second result is whether the first left the width.
    Overflow,
    /// An integer to an integer.
    Count,
    /// Two operands of one machine type, or two addresses, to a `Bool`.
    Compare,
    /// Two integers of one machine type to a `Bool`.
    InRange,
    /// A number to a number.
    Convert,
    /// A float to an integer.
    Saturate,
    /// Two numbers of one width.
    Bitcast,
    /// Fields of aggregates.
    Aggregate,
    /// Elements of arrays, and pointers.
    Memory,
    /// Whole arrays.
    Array,
    /// Cells.
    Cell,
    /// Lists and their items.
    List,
    /// Strings.
    Text,
    /// Owners of memory.
    Owner,
    /// What leaves the function, or may.
    Ending,
    /// Looks for interrupts.
    Poll,
    /// Calls.
    Call,
    /// Calls out of the module.
    External,
    /// Maps over arrays.
    Map,
}

/// What an operation asks of its operands, besides their types; its result means nothing otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it may run wherever its operands are, also where the source would not have got to it.
    Nothing,
    /// A second operand that is not 0 (and with the least integer, not -1).
    Divisor,
    /// A second operand from 0 to the width.
    Count,
    /// That somebody has proved its result to fit.
    Proof,
}

/// Columns that most rows leave out.
#[derive(Clone, Copy)]
struct Columns {
    owner: Owner,
    cost: Cost,
    needs: Needs,
    runs: Runs,
    keeps: bool,
    mark: bool,
}

impl Columns {
    const USUAL: Columns =
        Columns { owner: Operands, cost: Simple, needs: Needs::Nothing, runs: Parallel, keeps: false, mark: false };
}

/// Any number of operands.
pub const VARIADIC: i8 = -1;

macro_rules! arity {
    (*) => {
        VARIADIC
    };
    ($n:literal) => {
        $n
    };
}

/// Declares [`Op`] and its columns from one table.
macro_rules! ops {
    ($($(#[doc = $doc:literal])* $variant:ident $text:literal $level:ident $args:tt -> $results:tt $effects:ident $terminator:ident
        $imm:ident $rule:ident $literals:ident $({ $($column:ident: $value:expr),* })?;)*) => {
        /// An operation; each row of the table says what it does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Op { $($(#[doc = $doc])* $variant),* }

        impl Op {
            /// Every operation, in the order of the table.
            pub const ALL: &'static [Op] = &[$(Op::$variant),*];
            /// Name in IR text.
            pub fn text(self) -> &'static str { match self { $(Op::$variant => $text),* } }
            /// Where it may appear.
            pub fn level(self) -> Level { match self { $(Op::$variant => Level::$level),* } }
            /// Number of operands, [`VARIADIC`] for any.
            pub fn arity(self) -> i8 { match self { $(Op::$variant => arity!($args)),* } }
            /// Number of results, [`VARIADIC`] for any.
            pub fn results(self) -> i8 { match self { $(Op::$variant => arity!($results)),* } }
            /// Effects; those of a `runtime` instruction are the run-time function's.
            pub fn effects(self) -> Effects { match self { $(Op::$variant => $effects),* } }
            /// Whether it ends a block.
            pub fn is_terminator(self) -> bool { match self { $(Op::$variant => ops!(@is $terminator)),* } }
            /// The kind of immediate that it carries.
            pub fn imm_kind(self) -> ImmKind { match self { $(Op::$variant => ImmKind::$imm),* } }
            /// What types its operands and results have.
            pub fn rule(self) -> Rule { match self { $(Op::$variant => Rule::$rule),* } }
            /// Whether literals may be its operands, because it can do without their value.
            pub fn takes_literals(self) -> bool { match self { $(Op::$variant => ops!(@is $literals)),* } }
            /// What its row says besides.
            fn columns(self) -> Columns {
                match self { $(Op::$variant => Columns { $($($column: $value,)*)? ..Columns::USUAL }),* }
            }
            /// The operation with this name.
            pub fn by_text(text: &str) -> Option<Op> { Self::ALL.iter().copied().find(|op| op.text() == text) }
        }
    };
    (@is __) => { false };
    (@is $mark:ident) => { true };
}

ops! {
    // ---- both levels -----------------------------------------------------------------------------
    /// `const c`: a value known at compile time.
    Const "const" Both 0 -> 1 PURE __ Constant Constant __ { owner: Outside, cost: Cost::Nothing };
    /// `jump block(args)`.
    Jump "jump" Both 0 -> 0 PURE end None Any __ { cost: Cost::Nothing };
    /// `branch c, then(args), else(args)`: on a `Bool`.
    Branch "branch" Both 1 -> 0 PURE end None Condition __;
    /// `return v`.
    Return "return" Both 1 -> 0 PURE end None Ending literals { cost: Cost::Nothing, keeps: true };
    /// Control does not get here.
    Unreachable "unreachable" Both 0 -> 0 PURE end None Any __;
    /// A value that is never looked at, on a path where a variable has none; owner words in it are null.
    Undef "undef" Both 0 -> 1 PURE __ Plain Any __ { cost: Cost::Nothing };

    // ---- Python level: what the bytecode says ------------------------------------------------------
    /// `py.unary[-] x`.
    PyUnary "py.unary" Python 1 -> 1 ANY __ Unary Untyped __;
    /// `py.binary[+] x, y`; `[+=]` for augmented assignment.
    PyBinary "py.binary" Python 2 -> 1 ANY __ Binary Untyped __;
    /// `py.compare[<] x, y`.
    PyCompare "py.compare" Python 2 -> 1 ANY __ Compare Untyped __;
    /// `py.is x, y`; with `[1]`, `is not`.
    PyIs "py.is" Python 2 -> 1 PURE __ Any Untyped __;
    /// `py.in x, container`; with `[1]`, `not in`.
    PyIn "py.in" Python 2 -> 1 ANY __ Any Untyped __;
    /// `bool(x)` as `if` takes it.
    PyTruth "py.truth" Python 1 -> 1 ANY __ Any Untyped __;
    /// `x` on the path where it is `None`.
    PyNarrowNone "py.narrow_none" Python 1 -> 1 PURE __ Any Untyped __;
    /// `x` on the path where it is not `None`.
    PyNarrowSome "py.narrow_some" Python 1 -> 1 PURE __ Any Untyped __;
    /// `x.name`.
    PyGetAttr "py.getattr" Python 1 -> 1 ANY __ Name Untyped __;
    /// `x.name = v`: operands `x, v`.
    PySetAttr "py.setattr" Python 2 -> 0 ANY __ Name Untyped __;
    /// `x[i]`.
    PyGetItem "py.getitem" Python 2 -> 1 ANY __ Any Untyped __;
    /// `x[i] = v`: operands `x, i, v`.
    PySetItem "py.setitem" Python 3 -> 0 ANY __ Any Untyped __;
    /// `del x[i]`.
    PyDelItem "py.delitem" Python 2 -> 0 ANY __ Any Untyped __;
    /// `slice(start, stop, step)`; absent parts are `None` constants.
    PySlice "py.slice" Python 3 -> 1 PURE __ Any Untyped __;
    /// A tuple display.
    PyTuple "py.tuple" Python * -> 1 PURE __ Any Untyped __;
    /// A tuple display with starred parts: the operands, all iterable, joined.
    PyTupleConcat "py.tuple_concat" Python * -> 1 ANY __ Any Untyped __;
    /// A list display.
    PyList "py.list" Python * -> 1 ANY __ Any Untyped __;
    /// Appends an item to a list that a comprehension makes: operands list, item.
    PyListAppend "py.list_append" Python 2 -> 0 ANY __ Any Untyped __;
    /// Puts a value into a dict that a comprehension or display makes: operands dict, key, value.
    PyMapAdd "py.map_add" Python 3 -> 0 ANY __ Any Untyped __;
    /// Adds an item to a set that one makes: operands set, item.
    PySetAdd "py.set_add" Python 2 -> 0 ANY __ Any Untyped __;
    /// The list that a display with starred parts makes, grown by its next part: operands list, part; `[1]` if that is starred.
    PyListGrow "py.list_grow" Python 2 -> 1 ANY __ MaybeNumber Untyped __;
    /// A dict display: key, value, key, value, …
    PyDict "py.dict" Python * -> 1 ANY __ Any Untyped __;
    /// A set display.
    PySet "py.set" Python * -> 1 ANY __ Any Untyped __;
    /// Unpacks an iterable into exactly n results (n = the number of results).
    PyUnpack "py.unpack" Python 1 -> * ANY __ Any Untyped __;
    /// Starred unpacking: `[before, after]`; before + 1 + after results.
    PyUnpackStar "py.unpack_star" Python 1 -> * ANY __ Pair Untyped __;
    /// `f(a, b, k=c)`: callee, positional operands, then the values of the named keywords.
    PyCall "py.call" Python * -> 1 ANY __ Names Untyped __;
    /// `f(*args, k=c)`: callee, one tuple of positional arguments, keyword values.
    PyCallStar "py.call_star" Python * -> 1 ANY __ Names Untyped __;
    /// A nested function `[code]`.  Operands: the tuple of defaults of the last positional parameters; the
    /// constant tuple of the names of the keyword-only parameters that have a default; those defaults in the same
    /// order; then the captured cells, one for each of the callee's `Func::captures`.
    PyFunction "py.function" Python * -> 1 PURE __ Code Untyped __;
    /// A new cell for a captured variable, unassigned.
    PyCellNew "py.cell" Python 0 -> 1 PURE __ Any Untyped __;
    /// The content of a cell; `[name]` for the message if it is unassigned.
    PyCellGet "py.cell_get" Python 1 -> 1 ANY __ Any Untyped __;
    /// Assigns a cell.
    PyCellSet "py.cell_set" Python 2 -> 0 ANY __ Any Untyped __;
    /// A global `[name]` that is not defined: refused if it is reached.
    PyUndefinedGlobal "py.undefined_global" Python 0 -> 1 FAIL __ Any Untyped __;
    /// Fails unless the flag (a `Bool`) says that variable `[name]` is assigned.
    PyCheckBound "py.check_bound" Python 1 -> 0 FAIL __ Name Untyped __;
    /// Assigns variable `[name]`, which `jit(locals=…)` declares: the value in the declared type.
    PyDeclare "py.declare" Python 1 -> 1 ANY __ Name Untyped __;
    /// `iter(x)`.
    PyIter "py.iter" Python 1 -> 1 ANY __ Any Untyped __;
    /// Whether the iterator has another item, as a `Bool`.
    PyIterHas "py.iter_has" Python 1 -> 1 ANY __ Any Untyped __;
    /// Its next item; only where `py.iter_has` said so.
    PyIterValue "py.iter_value" Python 1 -> 1 ANY __ Any Untyped __;
    /// The iterator after that item.
    PyIterAdvance "py.iter_advance" Python 1 -> 1 ANY __ Any Untyped __;
    /// What a generator that has ended has returned; of any other iterator that has ended, `None`.
    PyIterResult "py.iter_result" Python 1 -> 1 ANY __ Any Untyped __;
    /// Gives a value to whoever iterates over the generator; what that sends.
    PyYield "py.yield" Python 1 -> 1 ANY __ Any Untyped __;
    /// One piece of an f-string: operands value, specification (a `Str` constant or `None`); `[conversion]`
    /// is 0, `s`, `r` or `a` as number.
    PyFormat "py.format" Python 2 -> 1 ANY __ Any Untyped __;
    /// Pieces of an f-string joined.
    PyText "py.text" Python * -> 1 ANY __ Any Untyped __;
    /// `raise e`, or `raise e from c`; without operands, raises again what is being handled.
    PyRaise "py.raise" Python * -> 0 FAIL end Any Untyped __;
    /// `py.try body, handler(args)`: goes to the first block, which nothing else leads to; what fails in it goes to the
    /// second.
    PyTry "py.try" Python 0 -> 0 PURE end Any Untyped __;
    /// At the start of a handler: the exception that arrived, handled from here on, inside the handling of `[n]` others.
    PyCaught "py.caught" Python 0 -> 1 WORLD __ Any Untyped __;
    /// Whether an exception is an instance of a class, or of one in a tuple of classes.
    PyExcMatch "py.exc_match" Python 2 -> 1 ANY __ Any Untyped __;
    /// Ends the handling of all exceptions but `[n]`.
    PyEndHandling "py.end_handling" Python 0 -> 0 WORLD __ Any Untyped __;
    /// Raises an exception again, as it was.
    PyReraise "py.reraise" Python 1 -> 0 FAIL end Any Untyped __;
    /// Whether `match` may treat the value as a sequence.
    PyMatchSequence "py.match_sequence" Python 1 -> 1 PURE __ Any Untyped __;
    /// `len(x)` for `match`.
    PyMatchLen "py.match_len" Python 1 -> 1 ANY __ Any Untyped __;

    // ---- typed level: aggregates --------------------------------------------------------------------
    /// An aggregate of the result's type from its fields (`Ty::fields`).
    Pack "pack" Typed * -> 1 PURE __ Plain Aggregate literals;
    /// `field[i] v`: a field of an aggregate.  Of arrays: 0 data, 1 owner, then shape, then strides.
    Field "field" Typed 1 -> 1 PURE __ Number Aggregate __;
    /// An array over the memory of the first operand: `base, data, shape…, strides…`.  It keeps the base's owner.
    View "view" Typed * -> 1 PURE __ Plain Aggregate __;

    // ---- typed level: numbers -----------------------------------------------------------------------
    /// Sum; integers wrap at their width.  Both operands and the result have one machine type.
    Add "add" Typed 2 -> 1 PURE __ Plain Number __;
    /// Difference.
    Sub "sub" Typed 2 -> 1 PURE __ Plain Number __;
    /// Product.
    Mul "mul" Typed 2 -> 1 PURE __ Plain Number __ { cost: Product };
    /// Floating-point quotient, IEEE.
    Div "div" Typed 2 -> 1 PURE __ Plain Float __ { cost: Slow };
    /// Negation; integers wrap.
    Neg "neg" Typed 1 -> 1 PURE __ Plain Number __;
    /// Sum that is known to fit: signed integers that `opt` has proved; no other value means anything.
    AddExact "add_exact" Typed 2 -> 1 PURE __ Plain Integer __ { needs: Proof };
    /// Difference that is known to fit.
    SubExact "sub_exact" Typed 2 -> 1 PURE __ Plain Integer __ { needs: Proof };
    /// Product that is known to fit.
    MulExact "mul_exact" Typed 2 -> 1 PURE __ Plain Integer __ { cost: Product, needs: Proof };
    /// Sum and whether it left the width.
    AddOvf "add_ovf" Typed 2 -> 2 PURE __ Plain Overflow __;
    /// Difference and whether it left the width.
    SubOvf "sub_ovf" Typed 2 -> 2 PURE __ Plain Overflow __;
    /// Product and whether it left the width.
    MulOvf "mul_ovf" Typed 2 -> 2 PURE __ Plain Overflow __ { cost: Product };
    /// Integer quotient towards minus infinity.  The divisor is not 0, the result fits.
    FloorDiv "floordiv" Typed 2 -> 1 PURE __ Plain Integer __ { cost: Slow, needs: Divisor };
    /// Integer remainder with the divisor's sign.  The divisor is not 0, nor -1 with the least integer.
    FloorMod "floormod" Typed 2 -> 1 PURE __ Plain Integer __ { cost: Slow, needs: Divisor };
    /// Integer quotient towards zero.  As `floordiv`.
    TruncDiv "truncdiv" Typed 2 -> 1 PURE __ Plain Integer __ { cost: Slow, needs: Divisor };
    /// Its remainder.
    TruncMod "truncmod" Typed 2 -> 1 PURE __ Plain Integer __ { cost: Slow, needs: Divisor };
    /// Bitwise and; of `Bool` too.
    And "and" Typed 2 -> 1 PURE __ Plain Bits __;
    /// Bitwise or.
    Or "or" Typed 2 -> 1 PURE __ Plain Bits __;
    /// Bitwise exclusive or.
    Xor "xor" Typed 2 -> 1 PURE __ Plain Bits __;
    /// Bitwise complement; of `Bool`, negation.
    Not "not" Typed 1 -> 1 PURE __ Plain Bits __ { cost: Cost::Nothing };
    /// Left shift, bits lost.  0 <= count < width.
    Shl "shl" Typed 2 -> 1 PURE __ Plain Integer __ { needs: Count };
    /// Right shift, arithmetic for signed types.  0 <= count < width.
    Shr "shr" Typed 2 -> 1 PURE __ Plain Integer __ { needs: Count };
    /// `wrap_index i, n`: `i + n` if `i < 0`, else `i`.
    WrapIndex "wrap_index" Typed 2 -> 1 PURE __ Plain Integer __;
    /// `in_range i, n`: `0 <= i < n`, for `n >= 0`.
    InRange "in_range" Typed 2 -> 1 PURE __ Plain InRange __;
    /// The smaller integer.
    Min "min" Typed 2 -> 1 PURE __ Plain Integer __;
    /// The larger integer.
    Max "max" Typed 2 -> 1 PURE __ Plain Integer __;
    /// Absolute value; integers wrap.
    Abs "abs" Typed 1 -> 1 PURE __ Plain Number __;
    /// Square root, IEEE.
    Sqrt "sqrt" Typed 1 -> 1 PURE __ Plain Float __ { cost: Slow };
    /// Rounds down.
    Floor "floor" Typed 1 -> 1 PURE __ Plain Float __;
    /// Rounds up.
    Ceil "ceil" Typed 1 -> 1 PURE __ Plain Float __;
    /// Rounds towards zero.
    Trunc "trunc" Typed 1 -> 1 PURE __ Plain Float __;
    /// Rounds to nearest, ties to even.
    Rint "rint" Typed 1 -> 1 PURE __ Plain Float __;
    /// The first operand with the sign of the second.
    CopySign "copysign" Typed 2 -> 1 PURE __ Plain Float __;
    /// `a * b + c` rounded once.
    Fma "fma" Typed 3 -> 1 PURE __ Plain Float __;
    /// Number of one bits.
    PopCount "popcount" Typed 1 -> 1 PURE __ Plain Count __;
    /// Number of leading zero bits (the width for 0).
    Clz "clz" Typed 1 -> 1 PURE __ Plain Count __;
    /// Number of trailing zero bits (the width for 0).
    Ctz "ctz" Typed 1 -> 1 PURE __ Plain Count __;
    /// Equal, of one machine type.  Floats: false with NaN.
    Eq "eq" Typed 2 -> 1 PURE __ Plain Compare __;
    /// Not equal.  Floats: true with NaN.
    Ne "ne" Typed 2 -> 1 PURE __ Plain Compare __;
    /// Less, by the type's sign.  Floats: false with NaN; so are the next three.
    Lt "lt" Typed 2 -> 1 PURE __ Plain Compare __;
    /// Less or equal.
    Le "le" Typed 2 -> 1 PURE __ Plain Compare __;
    /// Greater.
    Gt "gt" Typed 2 -> 1 PURE __ Plain Compare __;
    /// Greater or equal.
    Ge "ge" Typed 2 -> 1 PURE __ Plain Compare __;
    /// `select c, a, b`: one of two values of one type (aggregates too; not arrays that are owned).
    Select "select" Typed 3 -> 1 PURE __ Plain Aggregate literals;
    /// To the machine form of the result's type: integers are truncated or extended by the operand's sign,
    /// integer to float rounds to nearest, float to integer truncates (the operand is in range), between
    /// float widths rounds, `Bool` is 0 or 1; to `Bool`: not equal to 0.
    Convert "convert" Typed 1 -> 1 PURE __ Plain Convert __;
    /// Float to integer as the C compiler of NumPy's build does it: out of range gives the least integer.
    ConvertSaturating "convert_c" Typed 1 -> 1 PURE __ Plain Saturate __;
    /// The same bits as another type of the same width (`Float` and `Int`).
    Bitcast "bitcast" Typed 1 -> 1 PURE __ Plain Bitcast __;

    // ---- typed level: memory ------------------------------------------------------------------------
    /// `load a, i, j`: an element; every index is in range and not negative.
    Load "load" Typed * -> 1 READ __ None Memory __;
    /// `store a, i, j, v`.
    Store "store" Typed * -> 0 WRITE __ None Memory __;
    /// `address a, i, j`: where an element is (any indices; not dereferenced).
    Address "address" Typed * -> 1 PURE __ Plain Memory __;
    /// `offset p, bytes`: a pointer moved.
    Offset "offset" Typed 2 -> 1 PURE __ Plain Memory __;
    /// `load_ptr p, i`: the i-th element behind a pointer.
    LoadPtr "load_ptr" Typed 2 -> 1 READ __ None Memory __;
    /// `store_ptr p, i, v`.
    StorePtr "store_ptr" Typed 3 -> 0 WRITE __ None Memory __;
    /// An array of the result's type and the operands' shape (not negative), in C or F order; `[1]` zeroed.
    /// Fails with `array_too_big` or `out_of_memory`.
    Alloc "alloc" Typed * -> 1 ALLOC __ MaybeNumber Array __ { owner: New };
    /// A global array: `[k]` in the program's table; its header is read at every call.
    GlobalArray "global_array" Typed 0 -> 1 PURE __ Number Array __ { owner: Outside };
    /// A cell on the stack for a captured variable; its owner words start as null.  The cell keeps the arrays
    /// that it holds: the error exit releases them, the ownership pass does on the normal paths.
    CellNew "cell" Typed 0 -> 1 WRITE __ None Cell __;
    /// Its content.
    CellGet "cell_get" Typed 1 -> 1 READ __ None Cell __ { owner: Keeper };
    /// Assigns it.
    CellSet "cell_set" Typed 2 -> 0 WRITE __ None Cell literals { keeps: true };
    /// `own a`: from here the function keeps the memory of every array in `a` (an array, or an aggregate that
    /// holds some).  The code generator stores the owner words in stack slots of this value (null at
    /// function entry), and the error exit releases every slot that is not null.  Stands right after the
    /// definition of a counted root: nothing in between can fail.  The four operations of this group are made by the
    /// ownership pass alone; all four accept null owners and do nothing for them.
    Own "own" Typed 1 -> 0 WRITE __ None Owner literals;
    /// `disown a`: ends what `own a` began, because the keeper's duty moves to the function's caller, to a block parameter
    /// or to a cell: the slots become null.
    Disown "disown" Typed 1 -> 0 WRITE __ None Owner literals;
    /// `retain a`: counts one more keeper of the memory of every array in `a`.
    Retain "retain" Typed 1 -> 0 WRITE __ None Owner literals;
    /// `release a`: counts one less, and frees at zero; if `a` has slots (there is an `own a`), they become null.
    Release "release" Typed 1 -> 0 WRITE __ None Owner literals;

    // ---- typed level: lists ----------------------------------------------------------------------------
    /// `list_new n`: an empty list of the result's type with room for n items (not negative).  Fails with `out_of_memory`.
    /// Owner words in its room are null.
    ListNew "list_new" Typed 1 -> 1 FAIL __ None List __ { owner: New };
    /// A global or captured list: `[k]` in the program's table.  The caller has it for the whole call.
    GlobalList "global_list" Typed 0 -> 1 PURE __ Number List __ { owner: Outside };
    /// Number of items.
    ListLen "list_len" Typed 1 -> 1 READ_LISTS __ None List __;
    /// Number of items that there is room for.
    ListRoom "list_room" Typed 1 -> 1 READ_LISTS __ None List __;
    /// Where the items are, until the list gets more room: a pointer to the item type.
    ListItems "list_items" Typed 1 -> 1 READ_LISTS __ None List __;
    /// `list_resize l, n`: from here on it has n items, which are there (0 <= n <= room).
    ListResize "list_resize" Typed 2 -> 0 WRITE_LISTS __ None List __;
    /// `list_reserve l, n`: makes room for at least n items, and for more so that appending is cheap.  Fails with `out_of_memory`.
    ListReserve "list_reserve" Typed 2 -> 0 GROW_LISTS __ None List __;
    /// `item_load p, i`: an item.
    ItemLoad "item_load" Typed 2 -> 1 READ_ITEMS __ None List __ { owner: Keeper };
    /// `item_store p, i, v`: another item in the place of one that is there.
    ItemStore "item_store" Typed 3 -> 0 WRITE_ITEMS __ None List literals { keeps: true };
    /// `item_init p, i, v`: an item in a place where none is.
    ItemInit "item_init" Typed 3 -> 0 WRITE_ITEMS __ None List literals { keeps: true };
    /// `items_drop p, i, n`: ends n items, what they keep included; nothing is in their places afterwards.
    ItemsDrop "items_drop" Typed 3 -> 0 WRITE_ITEMS __ None List __;
    /// `items_move p, to, from, n`: moves n items; nothing is left where they were.
    ItemsMove "items_move" Typed 4 -> 0 MOVE_ITEMS __ None List __;

    // ---- typed level: strings (`str` and `bytes`) ---------------------------------------------------------
    /// Number of code points.
    TextLen "text_len" Typed 1 -> 1 READ_TEXTS __ None Text __;
    /// Bytes of a code point.
    TextWidth "text_width" Typed 1 -> 1 READ_TEXTS __ None Text __;
    /// Where the code points are.
    TextUnits "text_units" Typed 1 -> 1 READ_TEXTS __ None Text __;
    /// `text_unit p, width, i`: a code point, of the string with these code points of this width (0 <= i < length).
    TextUnit "text_unit" Typed 3 -> 1 READ_TEXTS __ None Text __;
    /// A text of pieces as a `str`, formatted now.
    TextMake "text_make" Typed 1 -> 1 FAIL __ None Text __ { owner: Handed };
    /// `text_ask["callable"] t`: what Python's own callable (`str.format`, `operator:mod`) gives for the pieces as its
    /// arguments: a `str`, `bytes`, number, bool or any object.
    TextAsk "text_ask" Typed 1 -> 1 SHOW __ Name Text __ { owner: Handed, cost: Cost::Call, runs: Ordered };
    /// As `text_make`, of a text that has lists or exceptions in it, which are as they are now.
    TextShow "text_show" Typed 1 -> 1 SHOW __ None Text __ { owner: Handed };

    // ---- typed level: whole arrays (the array level; `opt` turns it into loops) ----------------------------
    /// `map[k] n0, …, args…`: a fresh array of the result's type whose elements are those that the kernel, function k of
    /// the module, gives.  The first operands are the sizes, one for each axis; then one operand for each parameter of
    /// the kernel.  An array is read element by element: its axes are the last ones of the result, and each of its sizes is the
    /// result's or 1.  Anything else is passed as it is.  The kernel takes a scalar of the dtype where an array is given and
    /// returns one of the result's dtype; it may fail but writes nothing, and may run in any order.
    Map "map" Typed * -> 1 MAP __ Function Map literals { owner: New };
    /// `map_into[k] target, args…`: the same into an array, as if all arguments were read before the first element is
    /// written.
    MapInto "map_into" Typed * -> 0 MAP __ Function Map literals;

    // ---- typed level: generators (`infer` makes them, and leaves none: `generators::lower`) -----------------------
    /// `generator[k] args…`: a generator by a generator function of the module, before its first step.
    Generator "generator" Typed * -> 1 ALLOC __ Function Any literals { owner: New, keeps: true };
    /// `resume[k] g`: runs a generator on to its next `yield`; whether it came to one.  `[k]` is its function.
    Resume "resume" Typed 1 -> 1 ANY __ Function Any __ { cost: Cost::Call };
    /// What a generator yielded last.
    Yielded "yielded" Typed 1 -> 1 READ_ITEMS __ None Any __ { owner: Keeper };
    /// What a generator that has ended returned.
    Returned "returned" Typed 1 -> 1 READ_ITEMS __ None Any __ { owner: Keeper };
    /// `yield v`: ends a step of the generator whose body this is.
    Yield "yield" Typed 1 -> 0 STOP __ None Any literals { keeps: true };

    // ---- typed level: failures and calls -------------------------------------------------------------
    /// `guard[kind] c, args…`: fails with the row of the error table unless `c` holds.
    Guard "guard" Typed * -> 0 FAIL __ Error Ending literals;
    /// `fail[kind] args…`: fails.
    Fail "fail" Typed * -> 0 FAIL end Error Ending literals { keeps: true };
    /// `throw e`: fails with a user's exception (a value of type `Exception`).
    Throw "throw" Typed 1 -> 0 FAIL end None Ending __ { keeps: true };
    /// `record[kind] args…` or `record e`: the failure that `fail` or `throw` would leave with, and goes on.
    Record "record" Typed * -> 0 WORLD __ MaybeError Ending literals { keeps: true };
    /// Leaves the function with the failure that was recorded.
    Leave "leave" Typed 0 -> 0 FAIL end None Any __;
    /// Looks for a pending interrupt, at once: one call of `cw_poll`.  The poll pass, which alone makes it, counts
    /// the iterations of loops itself and gets here about every 4,096 of them.
    Poll "poll" Typed 0 -> 0 POLL __ None Poll __;
    /// Counts a call between functions that can reach themselves, and polls when [`coachwhip_abi::layout::POLL_INTERVAL`] of them
    /// have been counted (made by the recursion pass alone).
    PollCall "poll_call" Typed 0 -> 0 POLL __ None Poll __;
    /// Marks its block as one that rarely runs, made by loop versions: a loop with such a header is compiled for size.
    Unlikely "unlikely" Typed 0 -> 0 WORLD __ None Any __ { mark: true };
    /// Marks its block as the header of a loop, innermost or not, no iteration of which reads or writes an element that another
    /// one writes: it may be vectorised without asking whether arrays overlap.
    Independent "independent" Typed 0 -> 0 WORLD __ None Any __ { mark: true };
    /// Marks the innermost loop around its block as one whose body is written for several elements side by side, which stay
    /// together; the `marks` pass moves it to the loop's header.
    Lanes "lanes" Typed 0 -> 0 WORLD __ None Any __ { mark: true };
    /// Marks its block as the header of a loop whose iterations wait for one another and do little besides: neither vectors
    /// nor copies of its body make it faster (made by the `marks` pass alone).
    InOrder "in_order" Typed 0 -> 0 WORLD __ None Any __ { mark: true };
    /// `call[k] args…`: a compiled function of the module.
    Call "call" Typed * -> 1 ANY __ Function Call literals { owner: Handed, cost: Cost::Call, keeps: true };
    /// `kernel[k, symbol] args…`: a pure function of numbers, by a kernel of the module or by a run-time function.
    Kernel "kernel" Typed * -> 1 PURE __ Kernel Call __ { cost: Cost::Call };
    /// `runtime[symbol] args…`: a run-time function; effects as its row says.
    Runtime "runtime" Typed * -> * ANY __ Runtime Call __ { cost: Cost::Call };
    /// `call_native[k] args…`: a C function with the C calling convention.
    CallNative "call_native" Typed * -> 1 ANY __ Number Call __ { owner: Keeper, cost: Cost::Call, keeps: true, runs: Ordered };
    /// `call_external[k] args…`: a library function compiled by itself ([`crate::program::Separate`]); results are owned
    /// by the caller, as those of `call`.
    CallExternal "call_external" Typed * -> 1 ANY __ Number External literals { owner: Handed, cost: Cost::Call, keeps: true };
    /// `print text`: the pieces of a `Text` (separators and end are among them), to `sys.stdout`.
    Print "print" Typed 1 -> 0 WORLD __ None Ending __ { runs: Ordered };
}

impl Op {
    /// Effects of an instruction with this immediate.
    pub fn effects_with(self, imm: &Imm) -> Effects {
        match (self, imm) {
            (Op::Runtime, Imm::Runtime(f)) => f.effects(),
            _ => self.effects(),
        }
    }
    /// Whose the memory is that the results of an instruction with this immediate lead to.
    pub fn owner(self, imm: &Imm) -> Owner {
        match (self, imm) {
            (Op::Runtime, Imm::Runtime(f)) => f.owner(),
            _ => self.columns().owner,
        }
    }
    /// Where an instruction with this immediate may run.
    pub fn runs(self, imm: &Imm) -> Runs {
        match (self, imm) {
            (Op::Runtime, Imm::Runtime(f)) => f.runs(),
            _ => self.columns().runs,
        }
    }
    /// How long it takes.
    pub fn cost(self) -> Cost {
        self.columns().cost
    }
    /// What it asks of its operands.
    pub fn needs(self) -> Needs {
        self.columns().needs
    }
    /// Whether memory behind its operands may be led to afterwards by something else than its results.
    pub fn keeps(self) -> bool {
        self.columns().keeps
    }
    /// Whether it only says something about its block or the loop around it.
    pub fn is_mark(self) -> bool {
        self.columns().mark
    }

    /// The three forms of integer arithmetic: that which wraps, that which is known to fit, and that which says whether it does.
    const FORMS: [[Op; 3]; 3] =
        [[Op::Add, Op::AddExact, Op::AddOvf], [Op::Sub, Op::SubExact, Op::SubOvf], [Op::Mul, Op::MulExact, Op::MulOvf]];

    /// The form that wraps, if it is the one that is known to fit; any other operation is its own.
    pub fn wrapping(self) -> Op {
        Op::FORMS.into_iter().find(|[_, exact, _]| *exact == self).map_or(self, |[wrapping, ..]| wrapping)
    }
    /// The form of a sum, difference or product that is known to fit.
    pub fn exact(self) -> Option<Op> {
        Op::FORMS.into_iter().find(|forms| forms.contains(&self)).map(|[_, exact, _]| exact)
    }
    /// Whether it is the form of a sum, difference or product that says whether the result fits.
    pub fn is_checked(self) -> bool {
        self.rule() == Rule::Overflow
    }
    /// The comparison that holds where this one does not; of floats, where none is NaN.
    pub fn complement(self) -> Option<Op> {
        let pairs = [(Op::Eq, Op::Ne), (Op::Lt, Op::Ge), (Op::Gt, Op::Le)];
        pairs.into_iter().find_map(|(a, b)| (self == a).then_some(b).or((self == b).then_some(a)))
    }
    /// Whether the order of two operands does not matter (for floats, too: NaN payloads are not promised).
    pub fn is_commutative(self) -> bool {
        use Op::*;
        matches!(self, Add | Mul | AddExact | MulExact | AddOvf | MulOvf | And | Or | Xor | Eq | Ne | Min | Max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stores_a_value_may_keep_it() {
        for &op in Op::ALL.iter().filter(|op| op.level() == Level::Typed) {
            let stores = op.takes_literals() && op.effects().has(Effects::WRITES_ITEMS);
            let assigns = op.rule() == Rule::Cell && op.takes_literals();
            assert!(!(stores || assigns) || op.keeps(), "{} keeps what it stores", op.text());
        }
    }

    #[test]
    fn columns_agree_with_each_other() {
        for &op in Op::ALL {
            let text = op.text();
            assert!(!op.is_mark() || (op.results() == 0 && op.arity() == 0), "{text} does nothing");
            assert!(
                op.needs() == Needs::Nothing || op.effects().is_pure(),
                "{text} may be moved where its operands allow it"
            );
            assert!(op.wrapping() == op || op.exact() == Some(op), "{text} has another form");
            assert!(op.is_checked() == (op.results() == 2 && op.exact().is_some()), "{text} says whether it fits");
            assert_eq!(op.complement().and_then(Op::complement), op.complement().map(|_| op), "{text}");
            assert!(op.complement().is_none() || op.rule() == Rule::Compare, "{text} is a comparison");
        }
    }
}
