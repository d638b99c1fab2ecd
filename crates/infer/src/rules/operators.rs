//! Python's operators: which family answers.

use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{BinaryOp, Code};

/// `a op b`; `inplace` for the augmented assignment.
pub fn binary(_e: &mut Emit, op: BinaryOp, _inplace: bool, _a: &Val, _b: &Val) -> Result<Val, Fault> {
    fault(Code::OperandTypes, format!("no rule for {}", op.symbol()))
}
