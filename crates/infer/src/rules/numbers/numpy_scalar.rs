//! The operators of NumPy's scalars, on operands of the result's dtype: integers wrap (or see `strict`), floats follow
//! IEEE, nothing fails but a negative integer power.

use super::complex::Parts;
use super::half::{in_single, try_in_single};
use super::{power, python_float, strict};
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{BinaryOp, Code, Dtype, Kind, Op, Ty};

/// An operator with a result of the given dtype, which both operands have.
pub fn binary(e: &mut Emit, op: BinaryOp, a: &Val, b: &Val, dtype: Dtype) -> Result<Val, Fault> {
    match dtype.kind() {
        Kind::Bool => boolean(e, op, a, b),
        Kind::Signed | Kind::Unsigned => integer(e, op, a, b, dtype),
        Kind::Float => float(e, op, a, b),
        Kind::Complex => {
            let ty = Ty::Scalar(dtype.real());
            let (x, y) = (Parts::of(e, a, &ty), Parts::of(e, b, &ty));
            let result = match op {
                BinaryOp::Add => x.add(e, &y),
                BinaryOp::Sub => x.sub(e, &y),
                BinaryOp::Mul => x.mul(e, &y),
                BinaryOp::TrueDiv => complex_divide(e, &x, &y),
                BinaryOp::Pow => power::numpy_complex(e, &x, &y),
                _ => return fault(Code::OperandTypes, format!("{} does not accept complex", op.symbol())),
            };
            Ok(result.pack(e, &Ty::Scalar(dtype)))
        }
    }
}

fn boolean(e: &mut Emit, op: BinaryOp, a: &Val, b: &Val) -> Result<Val, Fault> {
    match op {
        BinaryOp::Add | BinaryOp::Or => Ok(e.bitor(a, b)),
        BinaryOp::Mul | BinaryOp::And => Ok(e.bitand(a, b)),
        BinaryOp::Xor => Ok(e.bitxor(a, b)),
        _ => fault(Code::OperandTypes, format!("{} does not accept numpy.bool", op.symbol())),
    }
}

fn float(e: &mut Emit, op: BinaryOp, a: &Val, b: &Val) -> Result<Val, Fault> {
    Ok(match op {
        BinaryOp::Add => e.add(a, b),
        BinaryOp::Sub => e.sub(a, b),
        BinaryOp::Mul => e.mul(a, b),
        BinaryOp::TrueDiv => e.fdiv(a, b),
        BinaryOp::FloorDiv => float_divmod(e, a, b)?.0,
        BinaryOp::Mod => float_mod(e, a, b)?,
        BinaryOp::Pow => in_single(e, [a, b], |e, [a, b]| power::numpy_float(e, a, b)),
        _ => return fault(Code::OperandTypes, format!("{} does not accept float", op.symbol())),
    })
}

/// `np.divmod` of floats: by 0, the plain quotient and NaN.
pub fn float_divmod(e: &mut Emit, a: &Val, b: &Val) -> Result<(Val, Val), Fault> {
    try_in_single(e, [a, b], |e, [a, b]| {
        let zero = e.float_as(0.0, &a.ty.widened());
        let (quotient, modulus) = python_float::divmod(e, a, b)?;
        let plain = e.fdiv(a, b);
        let by_zero = e.eq(b, &zero);
        Ok((e.select(&by_zero, &plain, &quotient), modulus))
    })
}

/// `np.remainder` of floats; by 0, NaN comes of itself.
pub fn float_mod(e: &mut Emit, a: &Val, b: &Val) -> Result<Val, Fault> {
    try_in_single(e, [a, b], |e, [a, b]| python_float::modulo(e, a, b))
}

fn integer(e: &mut Emit, op: BinaryOp, a: &Val, b: &Val, dtype: Dtype) -> Result<Val, Fault> {
    Ok(match op {
        BinaryOp::Add => strict::add(e, a, b, dtype),
        BinaryOp::Sub => strict::sub(e, a, b, dtype),
        BinaryOp::Mul => strict::mul(e, a, b, dtype),
        BinaryOp::And => e.bitand(a, b),
        BinaryOp::Or => e.bitor(a, b),
        BinaryOp::Xor => e.bitxor(a, b),
        BinaryOp::FloorDiv => floor_divide(e, a, b, dtype),
        BinaryOp::Mod => modulo(e, a, b, dtype),
        BinaryOp::Pow => power::numpy_int(e, a, b, dtype)?,
        BinaryOp::Lshift => shift(e, a, b, dtype, true),
        BinaryOp::Rshift => shift(e, a, b, dtype, false),
        // True division works in float64; no rule brings integers here.
        BinaryOp::TrueDiv | BinaryOp::MatMul => e.never(),
    })
}

/// The divisor with 0 and (for signed types) -1 replaced by 1, and the two conditions.
fn safe_divisor(e: &mut Emit, b: &Val, dtype: Dtype) -> (Val, Val, Val) {
    let ty = Ty::Scalar(dtype);
    let (zero, one) = (e.int_as(0, &ty), e.int_as(1, &ty));
    let by_zero = e.eq(b, &zero);
    let minus = if dtype.kind() == Kind::Signed {
        let minus_one = e.int_as(-1, &ty);
        e.eq(b, &minus_one)
    } else {
        e.bool(false)
    };
    let unsafe_divisor = e.either(&by_zero, &minus);
    (e.select(&unsafe_divisor, &one, b), by_zero, minus)
}

/// `a // b`: 0 by 0; the least integer by -1 is itself.
pub fn floor_divide(e: &mut Emit, a: &Val, b: &Val, dtype: Dtype) -> Val {
    let (safe, by_zero, minus) = safe_divisor(e, b, dtype);
    let quotient = e.floordiv(a, &safe);
    let negated = strict::negated_quotient(e, a, &minus, dtype);
    let quotient = e.select(&minus, &negated, &quotient);
    let zero = e.int_as(0, &Ty::Scalar(dtype));
    e.select(&by_zero, &zero, &quotient)
}

/// `a % b`: 0 by 0 and by -1.
pub fn modulo(e: &mut Emit, a: &Val, b: &Val, dtype: Dtype) -> Val {
    // A remainder by the safe divisor 1 is 0, which is the answer in both cases.
    let (safe, _, _) = safe_divisor(e, b, dtype);
    e.floormod(a, &safe)
}

/// `np.fmod` of integers: the dividend's sign.
pub fn trunc_modulo(e: &mut Emit, a: &Val, b: &Val, dtype: Dtype) -> Val {
    let (safe, _, _) = safe_divisor(e, b, dtype);
    e.truncmod(a, &safe)
}

/// Shifts: a count outside the width (a negative one too) leaves 0, or the sign when shifting right.
fn shift(e: &mut Emit, a: &Val, b: &Val, dtype: Dtype, left: bool) -> Val {
    let ty = Ty::Scalar(dtype);
    let bits = 8 * i64::from(dtype.size());
    let (zero, width, most) = (e.int_as(0, &ty), e.int_as(bits, &ty), e.int_as(bits - 1, &ty));
    let inside = if dtype.kind() == Kind::Signed { e.op(Op::InRange, &[b, &width], Ty::Bool) } else { e.lt(b, &width) };
    let count = e.select(&inside, b, &most);
    if left {
        let shifted = e.shl(a, &count);
        strict::shifted_left(e, a, (b, &count), &shifted, &inside, dtype);
        return e.select(&inside, &shifted, &zero);
    }
    let shifted = e.shr(a, &count);
    if dtype.kind() == Kind::Signed { shifted } else { e.select(&inside, &shifted, &zero) }
}

/// `a / b` of complex numbers; by 0, each part of the dividend by the size of 0.
pub fn complex_divide(e: &mut Emit, a: &Parts, b: &Parts) -> Parts {
    let quotient = a.div(e, b, true);
    let zero = b.is_zero(e);
    let size = e.abs(&b.re);
    let plain = Parts { re: e.fdiv(&a.re, &size), im: e.fdiv(&a.im, &size) };
    plain.select(e, &zero, &quotient)
}
