//! What the engine asks of the rules, as a table: the engine and [`Emit`] name no rule.

use crate::args::Call;
use crate::emit::{Emit, Fault, Val};
use coachwhip_ir::{Const, FuncId, InstData, Op, TableTy, Ty};

/// The rules of a language.  No operand has type `Never`.
pub struct Rules {
    /// The value of an instruction that has one.
    pub value: fn(&mut Emit, &InstData, &[Val]) -> Result<Val, Fault>,
    /// An instruction that has none.
    pub statement: fn(&mut Emit, &InstData, &[Val]) -> Result<(), Fault>,
    /// The values of an instruction that unpacks its operand, in order.
    pub unpack: fn(&mut Emit, &InstData, &Val) -> Result<Vec<Val>, Fault>,
    /// `raise` with no, one or two operands, and the interpreter's own raising again.  The block ends there.
    pub raise: fn(&mut Emit, Op, &[Val]) -> Result<(), Fault>,
    /// Whether an instruction certainly fails because `None` stands in the place of a value.
    pub lacks_value: fn(&InstData, &[Val]) -> bool,
    /// Fails as that instruction does.
    pub fail_for_none: fn(&mut Emit, &InstData, &[Val]),
    /// A constant of the program as a value.
    pub constant: fn(&mut Emit, &Const) -> Val,
    /// A call of a function of the library.
    pub call_library: fn(&mut Emit, FuncId, Call) -> Result<Val, Fault>,
    /// The items of a tuple.
    pub items: fn(&mut Emit, &Val) -> Result<Vec<Val>, Fault>,
    /// An iterator as an object, which moves on when it is asked.
    pub stored_iterator: fn(&mut Emit, &Val) -> Result<Val, Fault>,
    /// Lists that may change.
    pub lists: ListRules,
    /// Exceptions that are handled.
    pub handling: HandlingRules,
}

/// What the engine must know of lists that may change to find their types.
pub struct ListRules {
    /// Whether lists may hold values of a type.
    pub may_hold: fn(&Ty) -> bool,
    /// The items of a list of known length, which does not change.
    pub known_items: fn(&mut Emit, &Val) -> Option<Vec<Val>>,
    /// A list of these items in a type that holds them all.
    pub made_of: fn(&mut Emit, &Ty, &[Val]) -> Result<Val, Fault>,
    /// A list of the items of an iterator.
    pub made: fn(&mut Emit, &Val) -> Result<Val, Fault>,
    /// Refuses what a dict or set cannot hold.
    pub check_table: fn(&TableTy) -> Result<(), Fault>,
    /// A dict or set display of a type that holds the keys, and the values between them.
    pub table_of: fn(&mut Emit, &Ty, &[Val]) -> Result<Val, Fault>,
    /// A container made anew in another type.
    pub converted: fn(&mut Emit, &Val, &Ty) -> Result<Val, Fault>,
}

/// What happens at the borders of a handler.
pub struct HandlingRules {
    /// How many exceptions are being handled here.
    pub handled: fn(&mut Emit) -> Val,
    /// The exception with which a handler begins; `before` is how many were being handled when the function was
    /// entered, the number that of handlers around this one.
    pub caught: fn(&mut Emit, &Val, i64) -> Val,
    /// The same exception where it may be looked at after its handler.
    pub kept: fn(&mut Emit, &Val) -> Val,
    /// Ends the handling.
    pub end: fn(&mut Emit, &Val, i64),
}
