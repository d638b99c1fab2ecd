//! Comparisons of numbers of one machine type.

use super::Done;
use super::function::Lowering;
use super::half;
use super::types::{Class, class};
use crate::llvm::{FloatPredicate, IntPredicate};
use coachwhip_ir::{InstData, Op};

pub fn lower(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let (a, b) = (l.operand(inst, 0)?, l.operand(inst, 1)?);
    let result = match class(l.operand_ty(inst, 0)?) {
        Class::Float(_) => half::compare(l, float_predicate(inst.op), a, b),
        Class::Int { signed: true, .. } => l.unit.builder.icmp(signed_predicate(inst.op), a, b),
        _ => l.unit.builder.icmp(unsigned_predicate(inst.op), a, b),
    };
    l.result(inst, &[result]);
    Ok(())
}

/// Ordered, except that NaN differs from everything.
fn float_predicate(op: Op) -> FloatPredicate {
    match op {
        Op::Eq => FloatPredicate::LLVMRealOEQ,
        Op::Ne => FloatPredicate::LLVMRealUNE,
        Op::Lt => FloatPredicate::LLVMRealOLT,
        Op::Le => FloatPredicate::LLVMRealOLE,
        Op::Gt => FloatPredicate::LLVMRealOGT,
        _ => FloatPredicate::LLVMRealOGE,
    }
}

fn signed_predicate(op: Op) -> IntPredicate {
    match op {
        Op::Eq => IntPredicate::LLVMIntEQ,
        Op::Ne => IntPredicate::LLVMIntNE,
        Op::Lt => IntPredicate::LLVMIntSLT,
        Op::Le => IntPredicate::LLVMIntSLE,
        Op::Gt => IntPredicate::LLVMIntSGT,
        _ => IntPredicate::LLVMIntSGE,
    }
}

fn unsigned_predicate(op: Op) -> IntPredicate {
    match op {
        Op::Eq => IntPredicate::LLVMIntEQ,
        Op::Ne => IntPredicate::LLVMIntNE,
        Op::Lt => IntPredicate::LLVMIntULT,
        Op::Le => IntPredicate::LLVMIntULE,
        Op::Gt => IntPredicate::LLVMIntUGT,
        _ => IntPredicate::LLVMIntUGE,
    }
}
