//! How a function fails: guards, the error exit, runaway recursion.
//!
//! A failing place records the failure through the run time and goes to the function's one error exit,
//! which releases what the function keeps and returns the status 1.  Failing blocks are cold.

use super::Done;
use super::function::{Lowering, argument};
use super::types::{Class, class};
use crate::EmitError;
use crate::llvm::{IntPredicate, Label, Opcode, Value as Val};
use coachwhip_abi::{ErrorKind, RuntimeFn};
use coachwhip_ir::{Const, Imm, InstData, Op, Ty, Value};

/// `guard`, `fail`, `throw`, `record` and `leave`.
pub fn lower(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    if inst.op == Op::Leave {
        leave(l);
        return Ok(());
    }
    if inst.imm == Imm::None && *l.operand_ty(inst, 0)? == Ty::Caught {
        let number = l.operand(inst, 0)?;
        l.unit.call_runtime(RuntimeFn::Reraise, &[l.context, number]);
        let site = site(l);
        l.unit.call_runtime(RuntimeFn::PushFrame, &[l.context, site]);
        return Ok(());
    }
    if inst.imm == Imm::None {
        super::text::throw(l, argument(inst, 0)?)?;
        if inst.op == Op::Throw {
            leave(l);
        }
        return Ok(());
    }
    let Imm::Error(kind) = inst.imm else { return Err(EmitError::new("the failure's kind is missing")) };
    if inst.op != Op::Guard {
        let args = failure_arguments(l, &inst.args)?;
        record(l, kind, &args);
        if inst.op == Op::Fail {
            leave(l);
        }
        return Ok(());
    }
    let holds = l.operand(inst, 0)?;
    let args = failure_arguments(l, inst.args.get(1..).unwrap_or_default())?;
    let next = l.new_block();
    let failing = l.new_block();
    let branch = l.unit.builder.branch(holds, next, failing);
    l.unit.expect_first(branch);
    l.unit.builder.at(failing);
    record(l, kind, &args);
    leave(l);
    l.unit.builder.at(next);
    Ok(())
}

/// Fails if the condition holds.
pub fn fail_if<'c>(l: &mut Lowering<'_, 'c, '_>, condition: Val<'c>, kind: ErrorKind, args: &[Val<'c>]) {
    let one = l.unit.context.bool(true);
    let holds = l.unit.builder.binary(Opcode::LLVMXor, condition, one);
    let (next, failing) = (l.new_block(), l.new_block());
    let branch = l.unit.builder.branch(holds, next, failing);
    l.unit.expect_first(branch);
    l.unit.builder.at(failing);
    record(l, kind, args);
    leave(l);
    l.unit.builder.at(next);
}

/// The arguments of a failure as 64-bit words; a text is the address of a constant.
fn failure_arguments<'c>(l: &mut Lowering<'_, 'c, '_>, args: &[Value]) -> Result<Vec<Val<'c>>, EmitError> {
    let mut words = Vec::with_capacity(args.len());
    for &arg in args {
        words.push(match l.func.ty(arg).literal().cloned() {
            Some(Const::Str(text)) => {
                let address = l.unit.text(text.as_bytes());
                l.unit.builder.cast(Opcode::LLVMPtrToInt, address, l.unit.context.int(64))
            }
            Some(Const::Int(n)) => l.unit.int64(n),
            Some(Const::Bool(b)) => l.unit.int64(i64::from(b)),
            Some(Const::Dtype(dtype)) => l.unit.int64(i64::from(dtype as u32)),
            _ => {
                let value = l.one(arg)?;
                let ty = l.func.ty(arg);
                match class(ty) {
                    Class::Float(16 | 32) => {
                        let wide = super::convert::convert(l, value, ty, &Ty::Float);
                        l.unit.builder.cast(Opcode::LLVMBitCast, wide, l.unit.context.int(64))
                    }
                    _ => l.unit.to_word(ty, value),
                }
            }
        });
    }
    Ok(words)
}

/// Records a failure at the current place.
fn record<'c>(l: &mut Lowering<'_, 'c, '_>, kind: ErrorKind, args: &[Val<'c>]) {
    let zero = l.unit.int64(0);
    let site = site(l);
    let mut all = vec![l.context, l.unit.int32(kind as u32), site];
    all.extend((0..4).map(|i| args.get(i).copied().unwrap_or(zero)));
    l.unit.call_runtime(RuntimeFn::Fail, &all);
}

/// The current place as constant data.
pub fn site<'c>(l: &mut Lowering<'_, 'c, '_>) -> Val<'c> {
    l.unit.site(l.number, l.func, l.loc)
}

/// Goes to the error exit, or to where the failure is caught.
pub fn leave(l: &mut Lowering<'_, '_, '_>) {
    let exit = l.caught.unwrap_or_else(|| error_exit(l));
    l.unit.builder.jump(exit);
}

/// Goes on if a call returned the status 0; else adds this place to the frames and leaves.
pub fn check_status<'c>(l: &mut Lowering<'_, 'c, '_>, status: Val<'c>, push_frame: bool) {
    let good = l.unit.builder.icmp(IntPredicate::LLVMIntEQ, status, l.unit.int32(0));
    let (next, failing) = (l.new_block(), l.new_block());
    let branch = l.unit.builder.branch(good, next, failing);
    l.unit.expect_first(branch);
    l.unit.builder.at(failing);
    if push_frame {
        let site = site(l);
        l.unit.call_runtime(RuntimeFn::PushFrame, &[l.context, site]);
    }
    leave(l);
    l.unit.builder.at(next);
}

fn error_exit<'c>(l: &mut Lowering<'_, 'c, '_>) -> Label<'c> {
    match l.error_exit {
        Some(exit) => exit,
        None => *l.error_exit.insert(l.unit.context.block(l.callee.value)),
    }
}

/// Fills the error exit: releases what the slots hold, returns the status 1.
pub fn fill_error_exit(l: &mut Lowering<'_, '_, '_>) {
    let Some(exit) = l.error_exit else { return };
    l.unit.builder.at(exit);
    for slot in std::mem::take(&mut l.released) {
        let owner = l.unit.builder.load(l.unit.context.ptr(), slot, 8);
        l.unit.call_runtime(RuntimeFn::Release, &[owner]);
    }
    let failed = l.unit.int32(1);
    let result = match l.callee.by_memory {
        true => failed,
        false => l.unit.builder.insert(l.callee.ret.poison(), failed, l.callee.status),
    };
    l.unit.builder.ret(result);
}

/// In a function that can call itself: fails when the stack pointer is below the context's limit.
pub fn check_stack(l: &mut Lowering<'_, '_, '_>) {
    if !l.unit.recursive.get(l.number).copied().unwrap_or(false) {
        return;
    }
    let word = l.unit.context.int(64);
    let register = l.unit.context.node(&[l.unit.context.metadata_text(crate::arch::STACK_POINTER)]);
    let register = l.unit.context.metadata_value(register);
    let pointer = l.unit.intrinsic("llvm.read_register", &[word], &[register]);
    let limit = l.unit.builder.load(word, l.context, 8);
    l.unit.mark_invariant(limit);
    let below = l.unit.builder.icmp(IntPredicate::LLVMIntULT, pointer, limit);
    fail_if(l, below, ErrorKind::Recursion, &[]);
    l.prologue = l.unit.builder.block();
    // This failure leaves by an exit of its own: the slots are made after it.
    fill_error_exit(l);
    l.error_exit = None;
    l.unit.builder.at(l.prologue);
}
