//! Arithmetic on numbers of one machine type.

use super::Done;
use super::function::Lowering;
use super::half::{narrow, widen};
use super::types::{Class, class};
use crate::EmitError;
use crate::llvm::{Flags, IntPredicate, Opcode, Value as Val};
use coachwhip_ir::{InstData, Op};

/// The operation `name` does not exist for these operands.
fn mismatch(inst: &InstData) -> EmitError {
    EmitError::new(format!("`{}` does not take these operands", inst.op.text()))
}

/// Lowers an operation on numbers of one machine type.
pub fn lower(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    match inst.op {
        Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Neg => basic(l, inst),
        Op::AddExact | Op::SubExact | Op::MulExact => exact(l, inst),
        Op::AddOvf | Op::SubOvf | Op::MulOvf => with_overflow(l, inst),
        Op::FloorDiv | Op::FloorMod | Op::TruncDiv | Op::TruncMod => division(l, inst),
        Op::And | Op::Or | Op::Xor | Op::Not | Op::Shl | Op::Shr => bits(l, inst),
        Op::WrapIndex | Op::InRange => index(l, inst),
        Op::Min | Op::Max | Op::Abs | Op::PopCount | Op::Clz | Op::Ctz => integer_function(l, inst),
        _ => float_function(l, inst),
    }
}

fn basic(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let class = class(l.operand_ty(inst, 0)?);
    let a = l.operand(inst, 0)?;
    let float = matches!(class, Class::Float(_));
    if inst.op == Op::Neg {
        let b = &l.unit.builder;
        let result = if float { b.fneg(a) } else { b.binary(Opcode::LLVMSub, a.ty().zero(), a) };
        l.result(inst, &[result]);
        return Ok(());
    }
    let op = match (inst.op, float) {
        (Op::Add, false) => Opcode::LLVMAdd,
        (Op::Sub, false) => Opcode::LLVMSub,
        (Op::Mul, false) => Opcode::LLVMMul,
        (Op::Add, true) => Opcode::LLVMFAdd,
        (Op::Sub, true) => Opcode::LLVMFSub,
        (Op::Mul, true) => Opcode::LLVMFMul,
        (Op::Div, true) => Opcode::LLVMFDiv,
        _ => return Err(mismatch(inst)),
    };
    let result = l.unit.builder.binary(op, widen(l, a), widen(l, l.operand(inst, 1)?));
    let result = if class == Class::Float(16) { narrow(l, result) } else { result };
    l.result(inst, &[result]);
    Ok(())
}

/// Sums, differences and products that fit: LLVM may reason with that.
fn exact(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let Class::Int { signed, .. } = class(l.operand_ty(inst, 0)?) else { return Err(mismatch(inst)) };
    let (a, b) = (l.operand(inst, 0)?, l.operand(inst, 1)?);
    let op = match inst.op {
        Op::AddExact => Opcode::LLVMAdd,
        Op::SubExact => Opcode::LLVMSub,
        _ => Opcode::LLVMMul,
    };
    let result = l.unit.builder.binary_with(op, a, b, if signed { Flags::NoSignedWrap } else { Flags::NoUnsignedWrap });
    l.result(inst, &[result]);
    Ok(())
}

fn with_overflow(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let Class::Int { signed, .. } = class(l.operand_ty(inst, 0)?) else { return Err(mismatch(inst)) };
    let name = match (inst.op, signed) {
        (Op::AddOvf, true) => "llvm.sadd.with.overflow",
        (Op::SubOvf, true) => "llvm.ssub.with.overflow",
        (Op::MulOvf, true) => "llvm.smul.with.overflow",
        (Op::AddOvf, false) => "llvm.uadd.with.overflow",
        (Op::SubOvf, false) => "llvm.usub.with.overflow",
        _ => "llvm.umul.with.overflow",
    };
    let (a, b) = (l.operand(inst, 0)?, l.operand(inst, 1)?);
    let (a, b) = if a.as_int().is_some() && inst.op != Op::SubOvf { (b, a) } else { (a, b) };
    if let (Op::MulOvf, true, Some(factor @ (3 | 5 | 9))) = (inst.op, signed, b.as_int()) {
        let (product, overflow) = multiply_by_address(l, a, b, factor);
        for (&result, part) in inst.results.iter().zip([product, overflow]) {
            l.define(result, &[part]);
        }
        return Ok(());
    }
    let pair = l.unit.intrinsic(name, &[a.ty()], &[a, b]);
    for (position, &result) in inst.results.iter().enumerate() {
        let part = l.unit.builder.extract(pair, position);
        l.define(result, &[part]);
    }
    Ok(())
}

/// A product by 3, 5 or 9, which the address unit makes in one cycle, beside a comparison that tells whether it
/// fits; the multiplier with its flag takes three cycles.
fn multiply_by_address<'c>(l: &Lowering<'_, 'c, '_>, a: Val<'c>, b: Val<'c>, factor: i64) -> (Val<'c>, Val<'c>) {
    let (builder, ty) = (&l.unit.builder, a.ty());
    // `-most..=most` fits, and nothing else: the range is as wide below, since no multiple is the least integer.
    let most = (u64::MAX >> (65 - ty.bits())) / factor as u64;
    let shifted = builder.binary(Opcode::LLVMAdd, a, ty.int_const(most));
    let overflow = builder.icmp(IntPredicate::LLVMIntUGT, shifted, ty.int_const(2 * most));
    (builder.binary(Opcode::LLVMMul, a, b), overflow)
}

fn division(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let Class::Int { signed, .. } = class(l.operand_ty(inst, 0)?) else { return Err(mismatch(inst)) };
    let (a, b) = (l.operand(inst, 0)?, l.operand(inst, 1)?);
    let builder = &l.unit.builder;
    let result = match (inst.op, signed) {
        (Op::FloorDiv | Op::TruncDiv, false) => builder.binary(Opcode::LLVMUDiv, a, b),
        (_, false) => builder.binary(Opcode::LLVMURem, a, b),
        (Op::TruncDiv, true) => builder.binary(Opcode::LLVMSDiv, a, b),
        (Op::TruncMod, true) => builder.binary(Opcode::LLVMSRem, a, b),
        (Op::FloorDiv, true) => floor_div(l, a, b),
        _ => floor_mod(l, a, b),
    };
    l.result(inst, &[result]);
    Ok(())
}

/// The exponent of a constant that is a positive power of two.
fn power_of_two(value: Val<'_>) -> Option<u32> {
    value.as_int().filter(|&n| n > 0 && n & (n - 1) == 0).map(i64::trailing_zeros)
}

/// Whether a truncated remainder must be corrected: it is not 0 and its sign is not the divisor's.
fn needs_correction<'c>(l: &Lowering<'_, 'c, '_>, remainder: Val<'c>, divisor: Val<'c>) -> Val<'c> {
    let (builder, zero) = (&l.unit.builder, remainder.ty().zero());
    let not_zero = builder.icmp(IntPredicate::LLVMIntNE, remainder, zero);
    let mixed = builder.binary(Opcode::LLVMXor, remainder, divisor);
    let opposite = builder.icmp(IntPredicate::LLVMIntSLT, mixed, zero);
    builder.binary(Opcode::LLVMAnd, not_zero, opposite)
}

fn floor_div<'c>(l: &Lowering<'_, 'c, '_>, a: Val<'c>, b: Val<'c>) -> Val<'c> {
    let builder = &l.unit.builder;
    if let Some(exponent) = power_of_two(b) {
        return builder.binary(Opcode::LLVMAShr, a, a.ty().int_const(u64::from(exponent)));
    }
    let quotient = builder.binary(Opcode::LLVMSDiv, a, b);
    let product = builder.binary(Opcode::LLVMMul, quotient, b);
    let remainder = builder.binary(Opcode::LLVMSub, a, product);
    let one_less = builder.cast(Opcode::LLVMSExt, needs_correction(l, remainder, b), a.ty());
    builder.binary(Opcode::LLVMAdd, quotient, one_less)
}

fn floor_mod<'c>(l: &Lowering<'_, 'c, '_>, a: Val<'c>, b: Val<'c>) -> Val<'c> {
    let builder = &l.unit.builder;
    if power_of_two(b).is_some() {
        let mask = b.as_int().map_or(0, |n| n - 1) as u64;
        return builder.binary(Opcode::LLVMAnd, a, a.ty().int_const(mask));
    }
    let remainder = builder.binary(Opcode::LLVMSRem, a, b);
    let correction = builder.select(needs_correction(l, remainder, b), b, b.ty().zero());
    builder.binary(Opcode::LLVMAdd, remainder, correction)
}

fn bits(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let Class::Int { signed, .. } = class(l.operand_ty(inst, 0)?) else { return Err(mismatch(inst)) };
    let a = l.operand(inst, 0)?;
    if inst.op == Op::Not {
        let ones = a.ty().int_const(u64::MAX);
        let result = l.unit.builder.binary(Opcode::LLVMXor, a, ones);
        l.result(inst, &[result]);
        return Ok(());
    }
    let op = match (inst.op, signed) {
        (Op::And, _) => Opcode::LLVMAnd,
        (Op::Or, _) => Opcode::LLVMOr,
        (Op::Xor, _) => Opcode::LLVMXor,
        (Op::Shl, _) => Opcode::LLVMShl,
        (_, true) => Opcode::LLVMAShr,
        (_, false) => Opcode::LLVMLShr,
    };
    let result = l.unit.builder.binary(op, a, l.operand(inst, 1)?);
    l.result(inst, &[result]);
    Ok(())
}

fn index(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let (i, n) = (l.operand(inst, 0)?, l.operand(inst, 1)?);
    let builder = &l.unit.builder;
    let result = if inst.op == Op::InRange {
        // One comparison for both bounds: as unsigned numbers, negative indices exceed every length.
        builder.icmp(IntPredicate::LLVMIntULT, i, n)
    } else {
        let negative = builder.icmp(IntPredicate::LLVMIntSLT, i, i.ty().zero());
        let wrapped = builder.binary_with(Opcode::LLVMAdd, i, n, Flags::NoSignedWrap);
        builder.select(negative, wrapped, i)
    };
    l.result(inst, &[result]);
    Ok(())
}

fn integer_function(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let (class, a) = (class(l.operand_ty(inst, 0)?), l.operand(inst, 0)?);
    let context = l.unit.context;
    let result = match (inst.op, class) {
        (Op::Abs, Class::Float(_)) => l.unit.intrinsic("llvm.fabs", &[a.ty()], &[a]),
        (Op::Abs, Class::Int { signed: false, .. }) => a,
        (Op::Abs, Class::Int { .. }) => l.unit.intrinsic("llvm.abs", &[a.ty()], &[a, context.bool(false)]),
        (Op::Min | Op::Max, Class::Int { signed, .. }) => {
            let name = match (inst.op, signed) {
                (Op::Min, true) => "llvm.smin",
                (Op::Min, false) => "llvm.umin",
                (_, true) => "llvm.smax",
                (_, false) => "llvm.umax",
            };
            let b = l.operand(inst, 1)?;
            l.unit.intrinsic(name, &[a.ty()], &[a, b])
        }
        (Op::PopCount, Class::Int { .. }) => l.unit.intrinsic("llvm.ctpop", &[a.ty()], &[a]),
        (Op::Clz, Class::Int { .. }) => l.unit.intrinsic("llvm.ctlz", &[a.ty()], &[a, context.bool(false)]),
        (Op::Ctz, Class::Int { .. }) => l.unit.intrinsic("llvm.cttz", &[a.ty()], &[a, context.bool(false)]),
        _ => return Err(mismatch(inst)),
    };
    let result = super::convert::resize(l, result, l.operand_ty(inst, 0)?, l.result_ty(inst)?);
    l.result(inst, &[result]);
    Ok(())
}

fn float_function(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let name = match inst.op {
        Op::Sqrt => "llvm.sqrt",
        Op::Floor => "llvm.floor",
        Op::Ceil => "llvm.ceil",
        Op::Trunc => "llvm.trunc",
        Op::Rint => "llvm.nearbyint",
        Op::CopySign => "llvm.copysign",
        _ => "llvm.fma",
    };
    let is_half = class(l.operand_ty(inst, 0)?) == Class::Float(16);
    // A product of halves and a third half do not fit a single, which would round twice.
    if is_half && inst.op == Op::Fma {
        return Err(mismatch(inst));
    }
    let signs_only = inst.op == Op::CopySign;
    let mut args: Vec<Val> = Vec::with_capacity(3);
    for &arg in &inst.args {
        let value = l.one(arg)?;
        args.push(if signs_only { value } else { widen(l, value) });
    }
    let ty = args.first().ok_or_else(|| mismatch(inst))?.ty();
    let result = l.unit.intrinsic(name, &[ty], &args);
    let result = if is_half { narrow(l, result) } else { result };
    l.result(inst, &[result]);
    Ok(())
}
