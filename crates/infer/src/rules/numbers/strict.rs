//! NumPy's integers at the ends of their width: they wrap, or, under `overflow="raise"`, fail with `OverflowError`.
//!
//! What is asked here is arithmetic.  Conversions (`astype`, a store into a narrower array) stay NumPy's in any case.

use crate::emit::{Emit, Val};
use coachwhip_ir::{Dtype, ErrorKind, Kind, Op, Ty};

/// Fails unless the condition holds: the result of an operation fits the dtype.
pub fn fits(e: &mut Emit, holds: &Val, dtype: Dtype) {
    let name = e.int(dtype as i64);
    e.guard(holds, ErrorKind::DtypeResult, &[&name]);
}

fn checked(e: &mut Emit, op: Op, a: &Val, b: &Val, dtype: Dtype) -> Val {
    let (value, over) = e.op_ovf(op, a, b, Ty::Scalar(dtype));
    let fine = e.not(&over);
    fits(e, &fine, dtype);
    value
}

/// Whether the operations of a dtype are checked.
fn is_checked(e: &Emit, dtype: Dtype) -> bool {
    e.options.strict && dtype.is_int()
}

/// `a + b`; floats are added as they are.
pub fn add(e: &mut Emit, a: &Val, b: &Val, dtype: Dtype) -> Val {
    if is_checked(e, dtype) { checked(e, Op::AddOvf, a, b, dtype) } else { e.add(a, b) }
}

/// `a - b`.
pub fn sub(e: &mut Emit, a: &Val, b: &Val, dtype: Dtype) -> Val {
    if is_checked(e, dtype) { checked(e, Op::SubOvf, a, b, dtype) } else { e.sub(a, b) }
}

/// `a * b`.
pub fn mul(e: &mut Emit, a: &Val, b: &Val, dtype: Dtype) -> Val {
    if is_checked(e, dtype) { checked(e, Op::MulOvf, a, b, dtype) } else { e.mul(a, b) }
}

/// `-a`.
pub fn neg(e: &mut Emit, a: &Val, dtype: Dtype) -> Val {
    if !is_checked(e, dtype) {
        return e.neg(a);
    }
    let zero = e.int_as(0, &Ty::Scalar(dtype));
    checked(e, Op::SubOvf, &zero, a, dtype)
}

/// The absolute value of a signed number.
pub fn abs(e: &mut Emit, a: &Val, dtype: Dtype) -> Val {
    if is_checked(e, dtype) {
        let least = least(e, dtype);
        let fine = e.ne(a, &least);
        fits(e, &fine, dtype);
    }
    e.abs(a)
}

/// `-a`, the quotient by -1, which is only looked at where `minus` is set.
pub fn negated_quotient(e: &mut Emit, a: &Val, minus: &Val, dtype: Dtype) -> Val {
    if is_checked(e, dtype) && dtype.kind() == Kind::Signed {
        let least = least(e, dtype);
        let same = e.eq(a, &least);
        let over = e.both(&same, minus);
        let fine = e.not(&over);
        fits(e, &fine, dtype);
    }
    e.neg(a)
}

/// Checks `a << asked`, given its value for a count inside the width and whether that is what was asked for; counts
/// below 0 give NumPy's 0.
pub fn shifted_left(e: &mut Emit, a: &Val, (asked, count): (&Val, &Val), shifted: &Val, inside: &Val, dtype: Dtype) {
    if !is_checked(e, dtype) {
        return;
    }
    let zero = e.int_as(0, &Ty::Scalar(dtype));
    let back = e.shr(shifted, count);
    let (same, none) = (e.eq(&back, a), e.eq(a, &zero));
    let same = e.both(&same, inside);
    let mut fine = e.either(&same, &none);
    if dtype.kind() == Kind::Signed {
        let negative = e.lt(asked, &zero);
        fine = e.either(&fine, &negative);
    }
    fits(e, &fine, dtype);
}

/// The least number of a signed dtype.
fn least(e: &mut Emit, dtype: Dtype) -> Val {
    let (least, _) = super::convert::limits(dtype);
    e.int_as(least, &Ty::Scalar(dtype))
}

/// Checks an integer rounded to tens, which are computed as a float, unless all its digits are kept.
pub fn rounded(e: &mut Emit, tens: &Val, keeps: &Val, dtype: Dtype) {
    if !is_checked(e, dtype) {
        return;
    }
    let bits = 8 * dtype.size() as i32 - i32::from(dtype.kind() == Kind::Signed);
    let low = if dtype.kind() == Kind::Signed { -2f64.powi(bits) } else { 0.0 };
    let (low, high) = (e.float(low), e.float(2f64.powi(bits)));
    let (above, below) = (e.ge(tens, &low), e.lt(tens, &high));
    let inside = e.both(&above, &below);
    let fine = e.either(&inside, keeps);
    fits(e, &fine, dtype);
}
