//! The kind of immediate that each operation carries.

use super::Check;
use crate::func::InstData;
use crate::op::{Imm, Op};

/// Whether the immediate is of the operation's kind.
pub fn check(data: &InstData) -> Check {
    let fits = match data.op {
        Op::Const => matches!(data.imm, Imm::Const(_)),
        Op::PyUnary => matches!(data.imm, Imm::Unary(_)),
        Op::PyBinary => matches!(data.imm, Imm::Binary(..)),
        Op::PyCompare => matches!(data.imm, Imm::Cmp(_)),
        Op::PyUnpackStar => matches!(data.imm, Imm::Pair(..)),
        Op::PyFunction => matches!(data.imm, Imm::Code(_)),
        Op::PyGetAttr | Op::PySetAttr | Op::PyCheckBound | Op::PyDeclare => matches!(data.imm, Imm::Name(_)),
        Op::PyCall | Op::PyCallStar => matches!(data.imm, Imm::None | Imm::Names(_)),
        Op::Field | Op::GlobalArray | Op::CallNative | Op::CallExternal => matches!(data.imm, Imm::Int(_)),
        Op::Guard | Op::Fail => matches!(data.imm, Imm::Error(_)),
        Op::Record => matches!(data.imm, Imm::Error(_) | Imm::None),
        Op::Call | Op::Map | Op::MapInto => matches!(data.imm, Imm::Func(_)),
        Op::Kernel => matches!(data.imm, Imm::Kernel(..)),
        Op::Runtime => matches!(data.imm, Imm::Runtime(_)),
        // Python's remaining operations carry flags and names that only their two users agree on.
        op if op.level() == crate::op::Level::Python => true,
        Op::Alloc => matches!(data.imm, Imm::None | Imm::Int(_)),
        op if op.effects().is_pure() && !op.is_terminator() => data.imm.is_plain(),
        _ => matches!(data.imm, Imm::None),
    };
    if fits { Ok(()) } else { Err("carries the wrong kind of immediate".into()) }
}
