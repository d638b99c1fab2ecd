//! float16 in rules of several steps: NumPy computes in float32 from the first to the last, and rounds what comes out.
//! Single operations round by themselves.

use super::convert::cast;
use crate::emit::{Emit, Fault, Val};
use coachwhip_ir::{Dtype, Op, Ty};

const HALF: Ty = Ty::Scalar(Dtype::Float16);
const SINGLE: Ty = Ty::Scalar(Dtype::Float32);

/// What a rule gives: one number, or two.
pub trait Results {
    /// Float32 rounded to float16; other numbers stay.
    fn rounded(self, e: &mut Emit) -> Self;
}

impl Results for Val {
    fn rounded(self, e: &mut Emit) -> Val {
        if self.ty.widened() == SINGLE { cast(e, &self, &HALF) } else { self }
    }
}

impl Results for (Val, Val) {
    fn rounded(self, e: &mut Emit) -> (Val, Val) {
        (self.0.rounded(e), self.1.rounded(e))
    }
}

/// A rule of numbers of one float type, which for float16 sees float32 and is rounded.
pub fn in_single<const N: usize, R: Results>(
    e: &mut Emit,
    operands: [&Val; N],
    rule: impl FnOnce(&mut Emit, [&Val; N]) -> R,
) -> R {
    if operands.first().is_none_or(|v| v.ty.widened() != HALF) {
        return rule(e, operands);
    }
    let wide = operands.map(|v| cast(e, v, &SINGLE));
    rule(e, wide.each_ref()).rounded(e)
}

/// As [`in_single`], for a rule that may refuse.
pub fn try_in_single<const N: usize, R: Results>(
    e: &mut Emit,
    operands: [&Val; N],
    rule: impl FnOnce(&mut Emit, [&Val; N]) -> Result<R, Fault>,
) -> Result<R, Fault> {
    if operands.first().is_none_or(|v| v.ty.widened() != HALF) {
        return rule(e, operands);
    }
    let wide = operands.map(|v| cast(e, v, &SINGLE));
    Ok(rule(e, wide.each_ref())?.rounded(e))
}

/// `nextafter` of float16, by its bits: of numbers of one sign, those that are larger have larger bits.
pub fn next_after(e: &mut Emit, x: &Val, y: &Val) -> Val {
    let word = Ty::Scalar(Dtype::Int16);
    let bits = e.op(Op::Bitcast, &[x], word.clone());
    let (one, minus, least) = (e.int_as(1, &word), e.int_as(-1, &word), e.int_as(i64::from(i16::MIN), &word));
    let zero = e.float_as(0.0, &HALF);
    let (up, negative, none) = (e.gt(y, x), e.sign_bit(x), e.eq(x, &zero));
    let outwards = e.ne(&up, &negative);
    let step = e.select(&outwards, &one, &minus);
    let moved = e.add(&bits, &step);
    // From 0 in either form, the least number towards `y`.
    let least = e.bitor(&least, &one);
    let tiny = e.select(&up, &one, &least);
    let moved = e.select(&none, &tiny, &moved);
    let moved = e.op(Op::Bitcast, &[&moved], HALF);
    let same = e.eq(x, y);
    let moved = e.select(&same, x, &moved);
    let (p, q) = (e.is_nan(x), e.is_nan(y));
    let moved = e.select(&q, y, &moved);
    e.select(&p, x, &moved)
}
