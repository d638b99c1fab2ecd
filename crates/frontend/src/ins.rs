//! The instruction set that every CPython version's opcodes are translated to.
//!
//! It is the smallest common form: superinstructions become several of these, a jump names its target as
//! an absolute code unit, and the two orders in which versions push the `NULL` of a call do not show.

use crate::refusal::Refusal;
use coachwhip_ir::{BinaryOp, CmpOp, Const, UnaryOp};

/// One step of the stack machine.  Numbers are indices into the code object's tables unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ins {
    /// Does nothing.
    Nop,
    /// Pushes a constant.
    Const(u32),
    /// Pushes a small int.
    SmallInt(u32),
    /// Pushes a constant that is not in the code object's table.
    Literal(Const),
    /// Pushes a built-in object by its canonical name.
    Builtin(&'static str),
    /// Pushes the marker that fills the second callable slot of a call.
    Null,
    /// Pushes what 3.15 keeps beside an iterator; nothing reads it.
    Filler,
    /// Drops the top.
    Pop,
    /// Pushes the n-th item from the top (1 is the top).
    Copy(u32),
    /// Swaps the top with the n-th item.
    Swap(u32),
    /// Pushes a local; for a captured variable's slot, its cell.
    Load(u32),
    /// Assigns a local.
    Store(u32),
    /// `del` of a local.
    Delete(u32),
    /// Pushes a local that may have no value and unassigns it: a variable of a comprehension that is code of its
    /// function.  Assigning that item gives the local back, also if it had no value.
    Save(u32),
    /// Pushes a global or built-in by name.
    Global(u32),
    /// Pushes the module of a name, or, if the names wanted of it on top are none, the package that it is in; the level
    /// below says how many packages up the name begins.
    Import(u32),
    /// Makes the cell of a captured variable.
    MakeCell(u32),
    /// Checks the number of captured cells, which are in their slots from the start.
    CopyFreeVars(u32),
    /// Pushes the content of a cell.
    LoadDeref(u32),
    /// Assigns a cell.
    StoreDeref(u32),
    /// Unary operator.
    Unary(UnaryOp),
    /// Binary operator; `true` for augmented assignment.
    Binary(BinaryOp, bool),
    /// `bool(x)`; nothing where what follows takes the truth anyway.
    ToBool,
    /// Comparison.
    Compare(CmpOp),
    /// `is`, inverted if set.
    Is(bool),
    /// `in`, inverted if set.
    In(bool),
    /// `x.name`.
    GetAttr(u32),
    /// `x.name = v`.
    SetAttr(u32),
    /// `x[i]`.
    GetItem,
    /// `x[i] = v`.
    SetItem,
    /// `del x[i]`.
    DelItem,
    /// `x[i:j]`.
    GetSlice,
    /// `x[i:j] = v`.
    SetSlice,
    /// A slice of 2 or 3 parts.
    Slice(u32),
    /// A tuple of n items.
    Tuple(u32),
    /// A list of n items.
    List(u32),
    /// A set of n items.
    Set(u32),
    /// A dict of n pairs.
    Map(u32),
    /// A dict of n values; their keys are a constant tuple on top.
    ConstKeyMap(u32),
    /// Appends to the list at depth n.
    ListAppend(u32),
    /// Extends the list at depth n.
    ListExtend(u32),
    /// Adds the item on top to the set at depth n.
    SetAdd(u32),
    /// Adds the items of an iterable to the set at depth n.
    SetUpdate(u32),
    /// Puts the value on top, under the key below it, into the dict at depth n.
    MapAdd(u32),
    /// Puts what a mapping holds into the dict at depth n.
    DictUpdate(u32),
    /// A list becomes a tuple.
    ListToTuple,
    /// Adds the keywords of `**kw` to the dict at depth n.
    DictMerge(u32),
    /// Unpacks into n values.
    Unpack(u32),
    /// Unpacks with a starred target: numbers before and after it.
    UnpackStar(u32, u32),
    /// Names of the keyword arguments of the next call (constant).
    KwNames(u32),
    /// Calls with n arguments.
    Call(u32),
    /// Calls with n arguments, a tuple of keyword names on top.
    CallKw(u32),
    /// Calls with a tuple of arguments; whether a dict of keywords (or `Null`) is on top.
    CallStar(bool),
    /// A nested function with the attributes of the flags, from the stack.
    MakeFunction(u32),
    /// Adds one attribute to a nested function.
    FunctionAttribute(u32),
    /// `iter(x)`.
    Iter,
    /// Gives the top to whoever iterates over the generator, and pushes what that sends.
    Yield,
    /// `StopIteration` on top becomes a `RuntimeError`: the end of a handler around the whole of a generator.
    StopIteration,
    /// The handler of what is thrown into a `yield from`.
    CleanupThrow,
    /// The conversion of an f-string's piece: 0 none, 1 `str`, 2 `repr`, 3 `ascii`.
    Convert(u32),
    /// Formats a piece of an f-string: its conversion (as above; 0 may be a `Convert` before), and whether a
    /// specification is on top.
    Format(u32, bool),
    /// Joins n pieces of an f-string.
    Text(u32),
    /// Whether the top is a sequence for `match`; the top stays.
    MatchSequence,
    /// Its length; the top stays.
    MatchLen,
    /// At the start of a handler: pushes the exception that arrived; whether the place of the failure lies under it.
    Landing(bool),
    /// The top, an exception, is being handled from here on; what was handled before is put under it.
    PushExcInfo,
    /// Whether the exception below the popped classes is an instance of one; it stays.
    ExcMatch,
    /// The exception that is on top as handled before is being handled again.
    PopExcept,
    /// A context manager becomes its `__exit__` and what its `__enter__` gives.
    EnterWith,
    /// A context manager becomes one of its methods, bound to it, and `Null`: `__exit__` if set, else `__enter__`.
    Special(bool),
    /// The `__exit__` n items down is told of the exception on top; pushes its answer.
    ExitWith(u32),
    /// A construct that is refused.
    Refuse(Refusal),
    /// An operand that no compiler makes.
    Bad,

    /// Goes to a code unit.
    Jump(u32),
    /// Goes there if the popped value's truth is this.
    JumpIf(bool, u32),
    /// Goes there if the popped value is `None` (or is not).
    JumpIfNone(bool, u32),
    /// Goes there when the iterator on top has no more items; otherwise pushes the next.
    /// Whether the iterator is dropped on the way there.
    For(u32, bool),
    /// Drops what was sent and goes there when the iterator below it has no more items, with its result in its place;
    /// otherwise pushes the next.
    Send(u32),
    /// Returns the top.
    Return,
    /// Raises, with n operands; with none, what is being handled.
    Raise(u32),
    /// Raises the top, an exception, again; whether the place of the failure lies under it.
    Reraise(bool),

    /// On the edge into a loop's body: pushes the item and advances the iterator.
    IterNext,
    /// On the edge out of a `yield from`: the iterator becomes its result.
    IterResult,
    /// On an edge after a test for `None`: the tested value is (or is not) `None` from here on; the local that
    /// holds it.
    Narrow(bool, Option<u32>),
}

impl Ins {
    /// The augmented or plain binary operator behind CPython's `NB_…` number; 3.14 has `x[i]` among them.
    pub fn binary(number: u32) -> Ins {
        use BinaryOp::*;
        let table = [Add, And, FloorDiv, Lshift, MatMul, Mul, Mod, Or, Pow, Rshift, Sub, TrueDiv, Xor];
        match table.get(number as usize % 13) {
            Some(op) if number < 26 => Ins::Binary(*op, number >= 13),
            _ if number == 26 => Ins::GetItem,
            _ => Ins::Bad,
        }
    }

    /// The comparison behind its number.
    pub fn compare(number: u32) -> Ins {
        use CmpOp::*;
        [Lt, Le, Eq, Ne, Gt, Ge].get(number as usize).map_or(Ins::Bad, |op| Ins::Compare(*op))
    }

    /// Whether it ends a basic block.
    pub fn is_end(&self) -> bool {
        use Ins::*;
        matches!(
            self,
            Jump(_)
                | JumpIf(..)
                | JumpIfNone(..)
                | For(..)
                | Send(_)
                | Return
                | Raise(_)
                | Reraise(_)
                | Refuse(_)
                | Bad
        )
    }

    /// Whether it assigns or unassigns a local, or begins or ends the handling of an exception: what a handler sees
    /// differs before and after it.
    pub fn assigns(&self) -> bool {
        matches!(
            self,
            Ins::Store(_) | Ins::Delete(_) | Ins::Save(_) | Ins::MakeCell(_) | Ins::PushExcInfo | Ins::PopExcept
        )
    }

    /// Whether it may raise, as far as shows without types.
    pub fn may_raise(&self) -> bool {
        use Ins::*;
        !matches!(
            self,
            Nop | Const(_)
                | SmallInt(_)
                | Literal(_)
                | Builtin(_)
                | Null
                | Pop
                | Copy(_)
                | Swap(_)
                | Store(_)
                | Save(_)
                | MakeCell(_)
                | CopyFreeVars(_)
                | StoreDeref(_)
                | Tuple(_)
                | KwNames(_)
                | MakeFunction(_)
                | FunctionAttribute(_)
                | Landing(_)
                | PushExcInfo
                | PopExcept
                | IterNext
                | IterResult
                | Narrow(..)
        )
    }

    /// The code unit that a jump names.
    pub fn target(&self) -> Option<u32> {
        match self {
            Ins::Jump(t) | Ins::JumpIf(_, t) | Ins::JumpIfNone(_, t) | Ins::For(t, _) | Ins::Send(t) => Some(*t),
            _ => None,
        }
    }
}
