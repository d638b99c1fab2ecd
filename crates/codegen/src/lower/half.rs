//! float16: a `half` of LLVM, which is computed with as a `float` and rounded after every operation.
//!
//! A single has twice the digits of a half and two more, so what one operation gives rounds to what an exact one
//! would.  Without the processor's conversions LLVM would call functions of a compiler's library; there the bits are
//! converted with integers, so code for any machine is complete.

use super::function::Lowering;
use crate::llvm::{FloatPredicate, IntPredicate, Opcode, Value as Val};

/// A half as a single, exactly; any other value itself.
pub fn widen<'c>(l: &Lowering<'_, 'c, '_>, value: Val<'c>) -> Val<'c> {
    let (b, context) = (&l.unit.builder, l.unit.context);
    if value.ty() != context.f16() {
        return value;
    }
    if l.unit.converts_halves {
        return b.cast(Opcode::LLVMFPExt, value, context.f32());
    }
    let word = context.int(32);
    let bits = b.cast(Opcode::LLVMZExt, b.cast(Opcode::LLVMBitCast, value, context.int(16)), word);
    let sign = b.binary(Opcode::LLVMShl, b.binary(Opcode::LLVMAnd, bits, word.int_const(0x8000)), word.int_const(16));
    let size = b.binary(Opcode::LLVMShl, b.binary(Opcode::LLVMAnd, bits, word.int_const(0x7fff)), word.int_const(13));
    // The digits stand where a single has them; the exponent lacks the difference of the two biases.
    let scaled = b.binary(
        Opcode::LLVMFMul,
        b.cast(Opcode::LLVMBitCast, size, context.f32()),
        context.f32().float_const(2f64.powi(112)),
    );
    let scaled = b.cast(Opcode::LLVMBitCast, scaled, word);
    let special = b.icmp(IntPredicate::LLVMIntUGE, size, word.int_const(0x7c00 << 13));
    let greatest = b.binary(Opcode::LLVMOr, size, word.int_const(0x7f80_0000));
    let size = b.select(special, greatest, scaled);
    b.cast(Opcode::LLVMBitCast, b.binary(Opcode::LLVMOr, size, sign), context.f32())
}

/// The nearest half of a single or a double, ties to even.
pub fn narrow<'c>(l: &Lowering<'_, 'c, '_>, value: Val<'c>) -> Val<'c> {
    let (b, context) = (&l.unit.builder, l.unit.context);
    if value.ty() == context.f64() {
        return narrow(l, to_odd(l, value));
    }
    if value.ty() != context.f32() {
        return value;
    }
    if l.unit.converts_halves {
        return b.cast(Opcode::LLVMFPTrunc, value, context.f16());
    }
    let word = context.int(32);
    let bits = b.cast(Opcode::LLVMBitCast, value, word);
    let sign = b.binary(Opcode::LLVMAnd, bits, word.int_const(0x8000_0000));
    let size = b.binary(Opcode::LLVMXor, bits, sign);
    // A normal half: the other bias, and half of the last place less one, or half of it where the place is odd.
    let odd = b.binary(Opcode::LLVMAnd, b.binary(Opcode::LLVMLShr, size, word.int_const(13)), word.int_const(1));
    let moved = b.binary(Opcode::LLVMAdd, size, word.int_const(u64::from((-112i32 << 23) as u32) + 0xfff));
    let normal = b.binary(Opcode::LLVMLShr, b.binary(Opcode::LLVMAdd, moved, odd), word.int_const(13));
    // A subnormal one: 0.5 has 2**-24, the least half, as its last place, to which the addition rounds.
    let single = b.cast(Opcode::LLVMBitCast, size, context.f32());
    let shifted = b.binary(Opcode::LLVMFAdd, single, context.f32().float_const(0.5));
    let shifted = b.cast(Opcode::LLVMBitCast, shifted, word);
    let small = b.binary(Opcode::LLVMSub, shifted, word.int_const(0x3f00_0000));
    let is_small = b.icmp(IntPredicate::LLVMIntULT, size, word.int_const(113 << 23));
    let finite = b.select(is_small, small, normal);
    let is_nan = b.icmp(IntPredicate::LLVMIntUGT, size, word.int_const(0x7f80_0000));
    let special = b.select(is_nan, word.int_const(0x7e00), word.int_const(0x7c00));
    let is_special = b.icmp(IntPredicate::LLVMIntUGE, size, word.int_const(143 << 23));
    let size = b.select(is_special, special, finite);
    let sign = b.binary(Opcode::LLVMLShr, sign, word.int_const(16));
    let bits = b.cast(Opcode::LLVMTrunc, b.binary(Opcode::LLVMOr, size, sign), context.int(16));
    b.cast(Opcode::LLVMBitCast, bits, context.f16())
}

/// A double as a single whose last digit tells whether anything is lost, so that it rounds to the half that the double
/// rounds to.
fn to_odd<'c>(l: &Lowering<'_, 'c, '_>, value: Val<'c>) -> Val<'c> {
    let (b, context) = (&l.unit.builder, l.unit.context);
    let word = context.int(64);
    // The 29 digits that a single lacks.
    let rest = word.int_const((1 << 29) - 1);
    let bits = b.cast(Opcode::LLVMBitCast, value, word);
    let carried = b.binary(Opcode::LLVMAdd, b.binary(Opcode::LLVMAnd, bits, rest), rest);
    let kept = b.binary(Opcode::LLVMOr, bits, carried);
    let kept = b.binary(Opcode::LLVMAnd, kept, word.int_const(!((1 << 29) - 1)));
    b.cast(Opcode::LLVMFPTrunc, b.cast(Opcode::LLVMBitCast, kept, context.f64()), context.f32())
}

/// A comparison; halves compare as singles.
pub fn compare<'c>(l: &Lowering<'_, 'c, '_>, predicate: FloatPredicate, a: Val<'c>, b: Val<'c>) -> Val<'c> {
    l.unit.builder.fcmp(predicate, widen(l, a), widen(l, b))
}
