//! Conversions between machine numbers.

use super::Done;
use super::function::{Lowering, argument};
use super::half::{self, narrow, widen};
use super::types::{Class, class, machine_type};
use crate::EmitError;
use crate::llvm::{FloatPredicate, IntPredicate, Opcode, Value as Val};
use coachwhip_ir::{Dtype, InstData, Op, Ty};

pub fn lower(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let (from, to) = (l.operand_ty(inst, 0)?, l.result_ty(inst)?);
    let parts = l.get(argument(inst, 0)?)?.to_vec();
    let (from_parts, to_parts) = (from.machine(), to.machine());
    if from_parts.len() != to_parts.len() || parts.len() != to_parts.len() {
        return Err(EmitError::new(format!("no conversion from {from:?} to {to:?}")));
    }
    let mut results = Vec::new();
    for ((part, from), to) in parts.iter().zip(&from_parts).zip(&to_parts) {
        results.push(match inst.op {
            Op::Convert => convert(l, *part, from, to),
            Op::Bitcast => l.unit.builder.cast(Opcode::LLVMBitCast, *part, machine_type(l.unit.context, to)),
            _ => convert_as_c(l, *part, from, to),
        });
    }
    l.result(inst, &results);
    Ok(())
}

/// Between integers: truncated, or extended by the operand's sign.
pub fn resize<'c>(l: &Lowering<'_, 'c, '_>, value: Val<'c>, from: &Ty, to: &Ty) -> Val<'c> {
    match (class(from), class(to)) {
        (Class::Int { bits: a, signed }, Class::Int { bits: b, .. }) => {
            let target = machine_type(l.unit.context, to);
            match a.cmp(&b) {
                std::cmp::Ordering::Equal => value,
                std::cmp::Ordering::Greater => l.unit.builder.cast(Opcode::LLVMTrunc, value, target),
                std::cmp::Ordering::Less if signed => l.unit.builder.cast(Opcode::LLVMSExt, value, target),
                std::cmp::Ordering::Less => l.unit.builder.cast(Opcode::LLVMZExt, value, target),
            }
        }
        _ => value,
    }
}

/// `convert` of one machine value.
pub fn convert<'c>(l: &Lowering<'_, 'c, '_>, value: Val<'c>, from: &Ty, to: &Ty) -> Val<'c> {
    let (b, target) = (&l.unit.builder, machine_type(l.unit.context, to));
    match (class(from), class(to)) {
        (Class::Int { bits: 1, .. }, Class::Int { bits: 1, .. }) => value,
        (Class::Int { .. }, Class::Int { bits: 1, .. }) => b.icmp(IntPredicate::LLVMIntNE, value, value.ty().zero()),
        (Class::Float(_), Class::Int { bits: 1, .. }) => {
            half::compare(l, FloatPredicate::LLVMRealUNE, value, value.ty().zero())
        }
        (Class::Int { .. }, Class::Int { .. }) => resize(l, value, from, to),
        // As NumPy: by way of a single, which is exact for all integers that are finite halves.
        (Class::Int { .. }, Class::Float(16)) => narrow(l, convert(l, value, from, &Ty::Scalar(Dtype::Float32))),
        (Class::Float(16), Class::Int { .. }) => convert(l, widen(l, value), &Ty::Scalar(Dtype::Float32), to),
        (Class::Float(16), Class::Float(32)) => widen(l, value),
        (Class::Float(_), Class::Float(16)) => narrow(l, value),
        (Class::Float(16), Class::Float(64)) => b.cast(Opcode::LLVMFPExt, widen(l, value), target),
        (Class::Int { signed: true, .. }, Class::Float(_)) => b.cast(Opcode::LLVMSIToFP, value, target),
        (Class::Int { .. }, Class::Float(_)) => b.cast(Opcode::LLVMUIToFP, value, target),
        (Class::Float(_), Class::Int { signed: true, .. }) => b.cast(Opcode::LLVMFPToSI, value, target),
        (Class::Float(_), Class::Int { .. }) => b.cast(Opcode::LLVMFPToUI, value, target),
        (Class::Float(32), Class::Float(64)) => b.cast(Opcode::LLVMFPExt, value, target),
        (Class::Float(64), Class::Float(32)) => b.cast(Opcode::LLVMFPTrunc, value, target),
        _ => value,
    }
}

/// Float to integer as NumPy's C compiler does it on this machine: through the conversion instruction of
/// 32 bits for narrow results and of 64 bits for wide ones, whose result out of range is the least integer.
fn convert_as_c<'c>(l: &Lowering<'_, 'c, '_>, value: Val<'c>, from: &Ty, to: &Ty) -> Val<'c> {
    let (Class::Float(_), Class::Int { bits, signed }) = (class(from), class(to)) else {
        return convert(l, value, from, to);
    };
    let context = l.unit.context;
    let value = widen(l, value);
    match (bits, signed) {
        (1, _) => convert(l, value, from, to),
        (64, false) => unsigned_64(l, value),
        (32, false) | (64, true) => {
            let wide = least_out_of_range(l, value, 64);
            l.unit.builder.cast(Opcode::LLVMTrunc, wide, context.int(bits))
        }
        _ => {
            let word = least_out_of_range(l, value, 32);
            l.unit.builder.cast(Opcode::LLVMTrunc, word, context.int(bits))
        }
    }
}

/// Truncates to a signed integer; what does not fit, and NaN, gives the least one.
fn least_out_of_range<'c>(l: &Lowering<'_, 'c, '_>, value: Val<'c>, bits: u32) -> Val<'c> {
    let (b, target) = (&l.unit.builder, l.unit.context.int(bits));
    let limit = 2f64.powi(bits as i32 - 1);
    // Of 32 bits, the doubles between -2**31 - 1 and -2**31 still truncate into range; of 64 bits and of
    // float32 there are none.
    let low = value.ty().float_const(if bits == 32 { -limit - 1.0 } else { -limit });
    let wide = bits == 32 && class_is_double(l, value);
    let above = if wide { FloatPredicate::LLVMRealOGT } else { FloatPredicate::LLVMRealOGE };
    let low = if wide { low } else { value.ty().float_const(-limit) };
    let not_low = b.fcmp(above, value, low);
    let not_high = b.fcmp(FloatPredicate::LLVMRealOLT, value, value.ty().float_const(limit));
    let fits = b.binary(Opcode::LLVMAnd, not_low, not_high);
    let inside = b.cast(Opcode::LLVMFPToSI, value, target);
    b.select(fits, inside, target.int_const(1u64 << (bits - 1)))
}

fn class_is_double<'c>(l: &Lowering<'_, 'c, '_>, value: Val<'c>) -> bool {
    value.ty() == l.unit.context.f64()
}

/// To 64 bits without sign: below 2**63 as signed, from there on with 2**63 taken off first.
fn unsigned_64<'c>(l: &Lowering<'_, 'c, '_>, value: Val<'c>) -> Val<'c> {
    let b = &l.unit.builder;
    let half = value.ty().float_const(2f64.powi(63));
    let small = least_out_of_range(l, value, 64);
    let rest = b.binary(Opcode::LLVMFSub, value, half);
    let large = least_out_of_range(l, rest, 64);
    let large = b.binary(Opcode::LLVMXor, large, l.unit.context.int(64).int_const(1 << 63));
    let is_large = b.fcmp(FloatPredicate::LLVMRealOGE, value, half);
    b.select(is_large, large, small)
}
