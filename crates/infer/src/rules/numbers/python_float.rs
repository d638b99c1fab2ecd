//! The operators of Python's `float`.

use super::convert::to_float;
use super::{power, python_int};
use crate::emit::{Emit, Fault, Val, fault};
use crate::promote::Num;
use coachwhip_ir::{BinaryOp, Code, Const, ErrorKind, Kind, Op, RuntimeFn, Ty};

/// An operator with a `float` result.
pub fn binary(e: &mut Emit, op: BinaryOp, a: &Val, b: &Val) -> Result<Val, Fault> {
    let integral = |v: &Val| Num::of(&v.ty).is_some_and(|n| n.kind() <= Kind::Signed);
    if op == BinaryOp::TrueDiv && integral(a) && integral(b) {
        return python_int::true_divide(e, a, b);
    }
    let given = b;
    let (a, b) = (to_float(e, a), to_float(e, b));
    Ok(match op {
        BinaryOp::Add => e.add(&a, &b),
        BinaryOp::Sub => e.sub(&a, &b),
        BinaryOp::Mul => e.mul(&a, &b),
        BinaryOp::TrueDiv => {
            nonzero(e, given, ErrorKind::FloatDivZero);
            e.fdiv(&a, &b)
        }
        BinaryOp::FloorDiv => {
            nonzero(e, given, ErrorKind::FloatFloorDivZero);
            divmod(e, &a, &b)?.0
        }
        BinaryOp::Mod => {
            nonzero(e, given, ErrorKind::FloatModZero);
            modulo(e, &a, &b)?
        }
        BinaryOp::Pow => power::python_float(e, &a, &b),
        _ => return fault(Code::OperandTypes, format!("{} does not accept float", op.symbol())),
    })
}

/// Fails if the divisor is 0, unless the function asked for NumPy's error model.  An int divisor is looked at
/// before it becomes a float, where range analysis knows more about it.
pub fn nonzero(e: &mut Emit, b: &Val, error: ErrorKind) {
    if !e.options.numpy_errors {
        let zero = e.int_as(0, &b.ty.widened());
        let fine = e.ne(b, &zero);
        e.guard(&fine, error, &[]);
    }
}

/// `fmod(a, b)` as C defines it: without a call where the divisor is a literal power of two or the quotient is
/// of moderate size.
pub fn fmod(e: &mut Emit, a: &Val, b: &Val) -> Result<Val, Fault> {
    let ty = a.ty.widened();
    if let Some(size) = literal_power_of_two(b) {
        // `a / size` is exact, so the whole part and the difference are; an infinite `a` gives NaN as it must.
        let size = e.float_as(size, &ty);
        let quotient = e.fdiv(a, &size);
        let whole = e.trunc(&quotient);
        let product = e.mul(&whole, &size);
        let rest = e.sub(a, &product);
        return Ok(e.copysign(&rest, a));
    }
    let single = ty == Ty::Scalar(coachwhip_ir::Dtype::Float32);
    let quotient = e.fdiv(a, b);
    let (size, divisor_size) = (e.abs(&quotient), e.abs(b));
    let limit = e.float_as(if single { 2f64.powi(23) } else { 2f64.powi(52) }, &ty);
    let infinity = e.float_as(f64::INFINITY, &ty);
    let (small, finite) = (e.lt(&size, &limit), e.lt(&divisor_size, &infinity));
    let simple = e.both(&small, &finite);
    e.if_else(
        &simple,
        |e| Ok(rest_of(e, a, b, &quotient)),
        |e| Ok(e.runtime(if single { RuntimeFn::Fmodf } else { RuntimeFn::Fmod }, &[a, b], ty)),
    )
}

/// `fmod(a, b)` from a quotient whose whole part is exact or one too large.  The remainder is a multiple of the
/// divisor's last place and not larger than the divisor, so that the fused product and the correction are exact.
fn rest_of(e: &mut Emit, a: &Val, b: &Val, quotient: &Val) -> Val {
    let ty = a.ty.widened();
    let whole = e.trunc(quotient);
    let back = e.neg(&whole);
    let rest = e.op(Op::Fma, &[&back, b, a], ty.clone());
    // Seen along the dividend's sign, the remainder is negative where the quotient was rounded up.
    let one = e.float_as(1.0, &ty);
    let direction = e.copysign(&one, a);
    let along = e.mul(&rest, &direction);
    let zero = e.float_as(0.0, &ty);
    let over = e.lt(&along, &zero);
    let size = e.abs(b);
    let corrected = e.add(&along, &size);
    let along = e.select(&over, &corrected, &along);
    e.copysign(&along, a)
}

/// The absolute value of a literal that is a moderate power of two: its quotients neither overflow nor vanish
/// in a way that matters (1 to 2**64).
fn literal_power_of_two(v: &Val) -> Option<f64> {
    let bits = match v.literal()? {
        Const::Float(bits) => *bits,
        Const::Scalar(_, bits) => bits.0,
        _ => return None,
    };
    let size = f64::from_bits(bits).abs();
    let power = size.is_finite() && size.to_bits() & ((1 << 52) - 1) == 0;
    (power && (1.0..=2f64.powi(64)).contains(&size)).then_some(size)
}

/// The remainder with the divisor's sign, `fmod`'s remainder, and whether that had the other sign.
fn adjusted(e: &mut Emit, a: &Val, b: &Val) -> Result<(Val, Val, Val), Fault> {
    let zero = e.float_as(0.0, &a.ty.widened());
    let rest = fmod(e, a, b)?;
    let (some, negative, divisor_negative) = (e.ne(&rest, &zero), e.lt(&rest, &zero), e.lt(b, &zero));
    let differ = e.ne(&negative, &divisor_negative);
    let wrong = e.both(&some, &differ);
    let moved = e.add(&rest, b);
    let signed = e.select(&wrong, &moved, &rest);
    let none = e.copysign(&zero, b);
    Ok((e.select(&some, &signed, &none), rest, wrong))
}

/// `a % b` for a divisor that is not 0: CPython's algorithm, NumPy's too.
pub fn modulo(e: &mut Emit, a: &Val, b: &Val) -> Result<Val, Fault> {
    Ok(adjusted(e, a, b)?.0)
}

/// `divmod(a, b)` for a divisor that is not 0: CPython's algorithm, NumPy's too.
pub fn divmod(e: &mut Emit, a: &Val, b: &Val) -> Result<(Val, Val), Fault> {
    let ty = a.ty.widened();
    let (zero, half, one) = (e.float_as(0.0, &ty), e.float_as(0.5, &ty), e.float_as(1.0, &ty));
    let (modulus, rest, wrong) = adjusted(e, a, b)?;
    let difference = e.sub(a, &rest);
    let quotient = e.fdiv(&difference, b);
    let less = e.sub(&quotient, &one);
    let quotient = e.select(&wrong, &less, &quotient);
    let floored = e.floor(&quotient);
    let gap = e.sub(&quotient, &floored);
    let far = e.gt(&gap, &half);
    let next = e.add(&floored, &one);
    let snapped = e.select(&far, &next, &floored);
    let plain = e.fdiv(a, b);
    let signed_zero = e.copysign(&zero, &plain);
    let some = e.ne(&quotient, &zero);
    Ok((e.select(&some, &snapped, &signed_zero), modulus))
}
