//! `**`.  Small literal powers become products and roots: `x**2` is the correctly rounded square, `x**0.5` the root, and
//! others are within 1 ulp of the true value (`products`); `exact_math=True` calls the C library for them, `fastmath`
//! takes plain products.

use super::complex::{self, Parts};
use super::convert::cast;
use super::python_int::{checked, flagged_or_overflow};
use super::{products, strict, vector_math};
use crate::emit::{Emit, Fault, Val};
use crate::join::Meet;
use coachwhip_ir::{Const, Difference, Dtype, ErrorKind, Op, RuntimeFn, Ty, follows};

/// The product of `n` factors by squaring; `mul` multiplies.
fn product<T: Clone>(e: &mut Emit, base: &T, n: u64, mul: impl Fn(&mut Emit, &T, &T) -> T) -> Option<T> {
    let (mut result, mut power, mut rest): (Option<T>, T, u64) = (None, base.clone(), n);
    while rest > 0 {
        if rest & 1 == 1 {
            result = Some(match result {
                Some(r) => mul(e, &r, &power),
                None => power.clone(),
            });
        }
        rest >>= 1;
        if rest > 0 {
            power = mul(e, &power, &power);
        }
    }
    result
}

/// `a ** b` of Python ints: a float for a negative exponent, which in a loop must be known.
pub fn python_int(e: &mut Emit, a: &Val, b: &Val) -> Result<Val, Fault> {
    if let Some(n) = b.literal_int() {
        if n < 0 {
            let (x, y) = (cast(e, a, &Ty::Float), cast(e, b, &Ty::Float));
            return Ok(python_float(e, &x, &y));
        }
        if n <= 64 || a.literal().is_some() {
            let factor = product(e, a, n as u64, |e, x, y| checked(e, Op::MulOvf, x, y));
            return Ok(factor.unwrap_or_else(|| e.int(1)));
        }
    }
    let zero = e.int(0);
    let fine = e.ge(b, &zero);
    if e.engine.meet() == Meet::Exact {
        return e.branches(
            Meet::Exact,
            &fine,
            |e| Ok(natural(e, a, b)),
            |e| {
                let (x, y) = (cast(e, a, &Ty::Float), cast(e, b, &Ty::Float));
                Ok(python_float(e, &x, &y))
            },
        );
    }
    e.guard(&fine, ErrorKind::NegativeIntExponent, &[]);
    Ok(natural(e, a, b))
}

/// The power of an int by an exponent that is not negative.
fn natural(e: &mut Emit, a: &Val, b: &Val) -> Val {
    if e.options.wrap {
        return e.runtime(RuntimeFn::WrappingPow, &[a, b], Ty::Int);
    }
    if a.literal_int() == Some(2) {
        let most = e.int(62);
        let fine = e.le(b, &most);
        e.guard(&fine, ErrorKind::IntOverflow, &[]);
        let one = e.int(1);
        return e.shl(&one, b);
    }
    flagged_or_overflow(e, RuntimeFn::IntPow, &[a, b])
}

/// The value of a literal float of either width.
fn literal_float(v: &Val) -> Option<f64> {
    match v.literal()? {
        Const::Float(bits) => Some(f64::from_bits(*bits)),
        Const::Scalar(_, bits) => Some(f64::from_bits(bits.0)),
        _ => None,
    }
}

/// The value of `a ** b` without checks, for floats of one width; the exponent's value if products or roots
/// took the place of the C library's function.
fn float_value(e: &mut Emit, a: &Val, b: &Val) -> (Val, Option<f64>) {
    let ty = a.ty.widened();
    let exponent = literal_float(b);
    let exact = e.options.exact_math;
    let special = match exponent {
        Some(0.0) => Some(e.float_as(1.0, &ty)),
        Some(1.0) => Some(a.clone()),
        Some(2.0) => Some(e.mul(a, a)),
        Some(-1.0) => {
            let one = e.float_as(1.0, &ty);
            Some(e.fdiv(&one, a))
        }
        Some(n) if e.options.fastmath.any() && n.fract() == 0.0 && (3.0..=32.0).contains(&n) => {
            product(e, a, n as u64, |e, x, y| e.mul(x, y))
        }
        Some(0.5) if !exact => Some(root(e, a)),
        Some(n) if vector_math::wanted(e) => products::power(e, a, n),
        _ => None,
    };
    match special {
        Some(v) => (v, exponent),
        None => {
            let single = ty == Ty::Scalar(Dtype::Float32);
            let function = if single { RuntimeFn::Powf } else { RuntimeFn::Pow };
            (vector_math::call(e, function, &[a, b], ty), None)
        }
    }
}

/// `a ** 0.5`: unlike the square root, 0.0 for -0.0 and infinity for minus infinity.
fn root(e: &mut Emit, a: &Val) -> Val {
    let ty = a.ty.widened();
    let (zero, infinity, least) =
        (e.float_as(0.0, &ty), e.float_as(f64::INFINITY, &ty), e.float_as(f64::NEG_INFINITY, &ty));
    let a = e.add(a, &zero);
    let r = e.sqrt(&a);
    let edge = e.eq(&a, &least);
    e.select(&edge, &infinity, &r)
}

/// `a ** b` of Python floats: CPython's result and failures.
pub fn python_float(e: &mut Emit, a: &Val, b: &Val) -> Val {
    let (value, literal) = float_value(e, a, b);
    if matches!(literal, Some(n) if n == 0.0 || n == 1.0) {
        return value;
    }
    let whole_positive = literal.is_some_and(|n| n > 0.0 && n.fract() == 0.0);
    if !whole_positive {
        complex_result(e, a, b, &value, literal);
    }
    let infinite = e.is_inf(&value);
    let (x, y) = (e.is_finite(a), e.is_finite(b));
    let finite = e.both(&x, &y);
    let bad = e.both(&infinite, &finite);
    if !whole_positive {
        let zero = e.float(0.0);
        let is_zero = e.eq(a, &zero);
        let pole = e.both(&bad, &is_zero);
        let fine = e.not(&pole);
        if e.options.numpy_errors {
            let nonzero = e.not(&is_zero);
            let bad = e.both(&bad, &nonzero);
            let fine = e.not(&bad);
            e.guard(&fine, ErrorKind::FloatPowOverflow, &[]);
            return value;
        }
        e.guard(&fine, ErrorKind::ZeroNegativePower, &[]);
    }
    let fine = e.not(&bad);
    e.guard(&fine, ErrorKind::FloatPowOverflow, &[]);
    value
}

/// Fails where Python's result is complex: NaN from operands that are not.
fn complex_result(e: &mut Emit, a: &Val, b: &Val, value: &Val, literal: Option<f64>) {
    if literal.is_some_and(|n| n.fract() == 0.0) {
        return;
    }
    let (x, y, bad) = (e.eq(a, a), e.eq(b, b), e.is_nan(value));
    let clean = e.both(&x, &y);
    let bad = e.both(&bad, &clean);
    let fine = e.not(&bad);
    e.guard(&fine, ErrorKind::NegativePowerIsComplex, &[]);
}

/// `a ** b` of NumPy floats of one dtype.
pub fn numpy_float(e: &mut Emit, a: &Val, b: &Val) -> Val {
    float_value(e, a, b).0
}

/// `a ** b` of NumPy integers of one dtype: wraps (or see `strict`); a negative exponent is refused as NumPy does.
pub fn numpy_int(e: &mut Emit, a: &Val, b: &Val, dtype: Dtype) -> Result<Val, Fault> {
    let ty = Ty::Scalar(dtype);
    if dtype.kind() == coachwhip_ir::Kind::Signed {
        let zero = e.int_as(0, &ty);
        let fine = e.ge(b, &zero);
        e.guard(&fine, ErrorKind::IntNegativePower, &[]);
    }
    if let Some(Const::Scalar(_, bits)) = b.literal() {
        let n = bits.0;
        if n <= 64 {
            let result = product(e, a, n, |e, x, y| strict::mul(e, x, y, dtype));
            return Ok(result.unwrap_or_else(|| e.int_as(1, &ty)));
        }
    }
    if e.options.strict {
        return crate::rules::arrays::library(e, "coachwhip.lib.integer_power", &[a.clone(), b.clone()]);
    }
    let (x, y) = (cast(e, a, &Ty::Int), cast(e, b, &Ty::Int));
    let wide = e.runtime(RuntimeFn::WrappingPow, &[&x, &y], Ty::Int);
    Ok(cast(e, &wide, &ty))
}

/// The literal exponent, if it is real, whole and small.
fn small_whole(b: &Parts) -> Option<i64> {
    let (re, im) = (literal_float(&b.re)?, literal_float(&b.im)?);
    (im == 0.0 && re.fract() == 0.0 && re.abs() <= 100.0).then_some(re as i64)
}

/// `a ** b` of Python complex numbers: CPython multiplies for small whole exponents.
pub fn python_complex(e: &mut Emit, a: &Parts, b: &Parts) -> Result<Parts, Fault> {
    let result = match small_whole(b) {
        Some(n) => {
            let one = Parts { re: e.float(1.0), im: e.float(0.0) };
            let power = python_product(e, a, n.unsigned_abs(), &one)?;
            if n > 0 {
                power
            } else {
                let zero = power.is_zero(e);
                let fine = e.not(&zero);
                e.guard(&fine, ErrorKind::ComplexZeroPower, &[]);
                complex::python_divide(e, &one, &power)?
            }
        }
        None => {
            let has_value = e.runtime(RuntimeFn::PyCpowDomain, &[&a.re, &a.im, &b.re, &b.im], Ty::Int);
            let zero = e.int(0);
            let fine = e.ne(&has_value, &zero);
            e.guard(&fine, ErrorKind::ComplexZeroPower, &[]);
            let infinities = e.int(i64::from(follows(Difference::ComplexInfinities)));
            a.call(e, RuntimeFn::PyCpow, &[&b.re, &b.im, &infinities])
        }
    };
    let over = result.is_inf(e);
    let fine = e.not(&over);
    e.guard(&fine, ErrorKind::ComplexPowOverflow, &[]);
    Ok(result)
}

/// CPython starts its product with `1 + 0j`, which matters for the signs of zeros and for infinities.
fn python_product(e: &mut Emit, a: &Parts, n: u64, one: &Parts) -> Result<Parts, Fault> {
    let (mut result, mut power, mut rest) = (one.clone(), a.clone(), n);
    while rest > 0 {
        if rest & 1 == 1 {
            result = complex::python_multiply(e, &result, &power)?;
        }
        rest >>= 1;
        if rest > 0 {
            power = complex::python_multiply(e, &power, &power)?;
        }
    }
    Ok(result)
}

/// `a ** b` of NumPy complex numbers of one dtype.
pub fn numpy_complex(e: &mut Emit, a: &Parts, b: &Parts) -> Parts {
    let ty = a.re.ty.widened();
    match small_whole(b) {
        Some(0) => Parts { re: e.float_as(1.0, &ty), im: e.float_as(0.0, &ty) },
        // The product starts with the number itself for 1, 2 and 3.
        Some(n @ 1..=3) => {
            let power = product(e, a, n as u64, |e, x, y| x.mul(e, y)).unwrap_or_else(|| a.clone());
            let zero = Parts { re: e.float_as(0.0, &ty), im: e.float_as(0.0, &ty) };
            let is_zero = a.is_zero(e);
            zero.select(e, &is_zero, &power)
        }
        _ => {
            let (re, im) = (cast(e, &b.re, &Ty::Float), cast(e, &b.im, &Ty::Float));
            let single = ty == Ty::Scalar(Dtype::Float32);
            a.call(e, if single { RuntimeFn::Cpowf } else { RuntimeFn::Cpow }, &[&re, &im])
        }
    }
}
