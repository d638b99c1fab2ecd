//! NumPy's universal functions of numbers: the value of each, by the kind of its argument.
//!
//! `ufunc_table` lists them.  A Python number alone is taken in NumPy's default type (`np.sqrt(2)` is an
//! `np.float64`); arrays go to the library.

use super::complex::{self, Parts};
use super::convert::{self, cast, nonzero, to_dtype};
use super::half::{self, in_single, try_in_single};
use super::{compare, numpy_scalar, power, strict, unary, vector_math};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::promote::{self, Num};
use crate::rules::arrays::{Ufunc, ufuncs};
use coachwhip_ir::{BinaryOp, CmpOp, Code, Dtype, Kind, Op, RuntimeFn, Ty};

fn unsupported<T>(name: &str, num: Num) -> Result<T, Fault> {
    fault(Code::ArgumentTypes, format!("ufunc '{name}' is not defined for {}", num.name()))
}

/// One number; a call with arrays or further arguments is one of arrays.
pub fn of_one(
    e: &mut Emit,
    args: &Args,
    name: &'static str,
    rule: impl Fn(&mut Emit, &Val, Num) -> Result<Val, Fault>,
) -> Result<Val, Fault> {
    if ufuncs::is_elementwise(args, 1) {
        return ufuncs::call(e, Ufunc { name, inputs: 1 }, args);
    }
    let v = e.opened(&args.one()?);
    let num = super::number(&format!("np.{name}()"), &v)?;
    rule(e, &v, num)
}

/// Two numbers; a call with arrays or further arguments is one of arrays.
pub fn of_two(
    e: &mut Emit,
    args: &Args,
    name: &'static str,
    rule: impl Fn(&mut Emit, (&Val, Num), (&Val, Num)) -> Result<Val, Fault>,
) -> Result<Val, Fault> {
    if ufuncs::is_elementwise(args, 2) {
        return ufuncs::call(e, Ufunc { name, inputs: 2 }, args);
    }
    let (a, b) = args.two()?;
    let (a, b) = (e.opened(&a), e.opened(&b));
    let shown = format!("np.{name}()");
    let (x, y) = (super::number(&shown, &a)?, super::number(&shown, &b)?);
    rule(e, (&a, x), (&b, y))
}

/// The argument in the dtype that NumPy gives it.
fn numpy(e: &mut Emit, v: &Val, num: Num) -> (Val, Dtype) {
    (to_dtype(e, v, num.dtype()), num.dtype())
}

/// The argument in the float or complex dtype of the function's loop.
fn floating(e: &mut Emit, v: &Val, num: Num) -> (Val, Dtype) {
    let dtype = promote::float_loop(num);
    (to_dtype(e, v, dtype), dtype)
}

/// As [`floating`], for a function without complex loop.
fn real(e: &mut Emit, v: &Val, num: Num, name: &str) -> Result<(Val, Dtype), Fault> {
    match num.kind() {
        Kind::Complex => unsupported(name, num),
        _ => Ok(floating(e, v, num)),
    }
}

/// A run-time function in the precision of its argument; one that exists in double precision only is rounded.
fn call<const N: usize>(e: &mut Emit, double: RuntimeFn, single: Option<RuntimeFn>, args: [&Val; N]) -> Val {
    let halves = args.first().is_some_and(|v| v.ty.widened() == Ty::Scalar(Dtype::Float16));
    // Our kernels of these differ from the C library by enough to show in a half; those of all others do not.
    if let Some(single @ (RuntimeFn::Asinhf | RuntimeFn::Atan2f)) = single
        && halves
    {
        return in_single(e, args, |e, args| e.runtime(single, &args, Ty::Scalar(Dtype::Float32)));
    }
    in_single(e, args, |e, args| {
        let ty = args.first().map_or(Ty::Float, |v| v.ty.widened());
        match (ty == Ty::Scalar(Dtype::Float32), single) {
            (true, Some(f)) => vector_math::call(e, f, &args, ty),
            (true, None) => {
                let wide = args.map(|v| cast(e, v, &Ty::Float));
                let result = vector_math::call(e, double, &wide.each_ref(), Ty::Float);
                cast(e, &result, &ty)
            }
            _ => vector_math::call(e, double, &args, ty),
        }
    })
}

/// A function of the C library: double, single and complex.
pub struct Library {
    /// Name in NumPy.
    pub name: &'static str,
    /// For float64.
    pub double: RuntimeFn,
    /// For float32.
    pub single: RuntimeFn,
    /// For complex numbers.
    pub complex: Option<RuntimeFn>,
}

/// `np.sin` and the like.
pub fn library(e: &mut Emit, v: &Val, num: Num, f: &Library) -> Result<Val, Fault> {
    if num.kind() != Kind::Complex {
        let (v, _) = floating(e, v, num);
        return Ok(call(e, f.double, Some(f.single), [&v]));
    }
    let (v, dtype) = numpy(e, v, num);
    let z = Parts::of(e, &v, &Ty::Scalar(dtype.real()));
    let result = match (f.complex, f.name) {
        (Some(function), _) => z.call(e, function, &[]),
        (None, "log2") => complex_log(e, &z, std::f64::consts::LOG2_E),
        (None, "log10") => complex_log(e, &z, std::f64::consts::LOG10_E),
        (None, "exp2") => {
            let ln = e.float_as(std::f64::consts::LN_2, &z.re.ty.widened());
            let scaled = Parts { re: e.mul(&z.re, &ln), im: e.mul(&z.im, &ln) };
            scaled.call(e, RuntimeFn::Cexp, &[])
        }
        (None, "log1p") => complex_log1p(e, &z),
        (None, "expm1") => complex_expm1(e, &z),
        _ => return unsupported(f.name, num),
    };
    Ok(result.pack(e, &Ty::Scalar(dtype)))
}

fn complex_log(e: &mut Emit, z: &Parts, factor: f64) -> Parts {
    let log = z.call(e, RuntimeFn::Clog, &[]);
    let factor = e.float_as(factor, &z.re.ty.widened());
    Parts { re: e.mul(&log.re, &factor), im: e.mul(&log.im, &factor) }
}

fn complex_log1p(e: &mut Emit, z: &Parts) -> Parts {
    let one = e.float_as(1.0, &z.re.ty.widened());
    let re = e.add(&z.re, &one);
    let size = complex::modulus(e, &Parts { re: re.clone(), im: z.im.clone() });
    let im = call(e, RuntimeFn::Atan2, Some(RuntimeFn::Atan2f), [&z.im, &re]);
    Parts { re: call(e, RuntimeFn::Log, Some(RuntimeFn::Logf), [&size]), im }
}

fn complex_expm1(e: &mut Emit, z: &Parts) -> Parts {
    let ty = z.re.ty.widened();
    let half = e.float_as(0.5, &ty);
    let angle = e.mul(&z.im, &half);
    let sine = call(e, RuntimeFn::Sin, Some(RuntimeFn::Sinf), [&angle]);
    let less = call(e, RuntimeFn::Expm1, Some(RuntimeFn::Expm1f), [&z.re]);
    let cosine = call(e, RuntimeFn::Cos, Some(RuntimeFn::Cosf), [&z.im]);
    let product = e.mul(&less, &cosine);
    let two = e.float_as(2.0, &ty);
    let square = e.mul(&two, &sine);
    let square = e.mul(&square, &sine);
    let re = e.sub(&product, &square);
    let grown = call(e, RuntimeFn::Exp, Some(RuntimeFn::Expf), [&z.re]);
    let full = call(e, RuntimeFn::Sin, Some(RuntimeFn::Sinf), [&z.im]);
    Parts { re, im: e.mul(&grown, &full) }
}

/// `np.sqrt`.
pub fn sqrt(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    if num.kind() == Kind::Complex {
        let (v, dtype) = numpy(e, v, num);
        let z = Parts::of(e, &v, &Ty::Scalar(dtype.real()));
        return Ok(z.call(e, RuntimeFn::Csqrt, &[]).pack(e, &Ty::Scalar(dtype)));
    }
    let (v, _) = floating(e, v, num);
    Ok(e.sqrt(&v))
}

/// `floor`, `ceil`, `trunc`: integers and bools are themselves.
pub fn whole(e: &mut Emit, v: &Val, num: Num, name: &str, round: fn(&mut Emit, &Val) -> Val) -> Result<Val, Fault> {
    match num.kind() {
        Kind::Complex => unsupported(name, num),
        Kind::Float => {
            let (v, _) = numpy(e, v, num);
            Ok(round(e, &v))
        }
        _ => Ok(numpy(e, v, num).0),
    }
}

/// `rint`.
pub fn rint(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    let (v, dtype) = floating(e, v, num);
    if dtype.kind() != Kind::Complex {
        return Ok(e.rint(&v));
    }
    let z = Parts::of(e, &v, &Ty::Scalar(dtype.real()));
    let z = Parts { re: e.rint(&z.re), im: e.rint(&z.im) };
    Ok(z.pack(e, &Ty::Scalar(dtype)))
}

/// `fabs`.
pub fn fabs(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    let (v, _) = real(e, v, num, "fabs")?;
    Ok(e.abs(&v))
}

/// A product with a constant: `deg2rad` and `rad2deg`.
pub fn scaled(e: &mut Emit, v: &Val, num: Num, name: &str, factor: f64) -> Result<Val, Fault> {
    let (v, dtype) = real(e, v, num, name)?;
    // NumPy divides the constants in the precision of the loop.
    let factor = match (dtype, factor > 1.0) {
        (Dtype::Float16 | Dtype::Float32, true) => f64::from(180.0 / std::f32::consts::PI),
        (Dtype::Float16 | Dtype::Float32, false) => f64::from(std::f32::consts::PI / 180.0),
        _ => factor,
    };
    Ok(in_single(e, [&v], |e, [v]| {
        let factor = e.float_as(factor, &v.ty.widened());
        e.mul(v, &factor)
    }))
}

/// `absolute`.
pub fn absolute(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    let (v, dtype) = numpy(e, v, num);
    unary::absolute(e, &v, Num::Scalar(dtype))
}

/// `negative`.
pub fn negative(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    let (v, dtype) = numpy(e, v, num);
    unary::negate(e, &v, Num::Scalar(dtype))
}

/// `positive`.
pub fn positive(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    let (v, dtype) = numpy(e, v, num);
    unary::positive(e, &v, Num::Scalar(dtype))
}

/// `invert`.
pub fn invert(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    let (v, dtype) = numpy(e, v, num);
    unary::invert(e, &v, Num::Scalar(dtype))
}

/// The argument for the functions whose bool loop is int8's.
fn at_least_int8(e: &mut Emit, v: &Val, num: Num) -> (Val, Dtype) {
    let dtype = if num.kind() == Kind::Bool { Dtype::Int8 } else { num.dtype() };
    (to_dtype(e, v, dtype), dtype)
}

/// `conjugate`.
pub fn conjugate(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    let (v, dtype) = at_least_int8(e, v, num);
    if dtype.kind() != Kind::Complex {
        return Ok(v);
    }
    let z = Parts::of(e, &v, &Ty::Scalar(dtype.real()));
    Ok(z.conj(e).pack(e, &Ty::Scalar(dtype)))
}

/// `square`.
pub fn square(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    let (v, dtype) = at_least_int8(e, v, num);
    if dtype.kind() != Kind::Complex {
        return Ok(strict::mul(e, &v, &v, dtype));
    }
    let z = Parts::of(e, &v, &Ty::Scalar(dtype.real()));
    Ok(z.mul(e, &z).pack(e, &Ty::Scalar(dtype)))
}

/// `reciprocal`: of integers, 1 divided by them and truncated.
pub fn reciprocal(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    let (v, dtype) = at_least_int8(e, v, num);
    let ty = Ty::Scalar(dtype);
    match dtype.kind() {
        Kind::Float => {
            let one = e.float_as(1.0, &ty);
            Ok(e.fdiv(&one, &v))
        }
        Kind::Complex => {
            let part = Ty::Scalar(dtype.real());
            let z = Parts::of(e, &v, &part);
            // NumPy's loop: Smith's method for 1 / z, without the scaling of its division.
            let (x, y) = (e.abs(&z.re), e.abs(&z.im));
            let big = e.le(&y, &x);
            let (p, q) = (e.select(&big, &z.re, &z.im), e.select(&big, &z.im, &z.re));
            let ratio = e.fdiv(&q, &p);
            let t = e.mul(&q, &ratio);
            let size = e.add(&p, &t);
            let one = e.float_as(1.0, &part);
            let (whole, share) = (e.fdiv(&one, &size), e.fdiv(&ratio, &size));
            let (minus_whole, minus_share) = (e.neg(&whole), e.neg(&share));
            let parts = Parts { re: e.select(&big, &whole, &share), im: e.select(&big, &minus_share, &minus_whole) };
            Ok(parts.pack(e, &ty))
        }
        _ => {
            let wide = cast(e, &v, &Ty::Float);
            let one = e.float(1.0);
            let quotient = e.fdiv(&one, &wide);
            Ok(e.op(Op::ConvertSaturating, &[&quotient], ty))
        }
    }
}

/// `sign`.
pub fn sign(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    if num.kind() == Kind::Bool {
        return unsupported("sign", num);
    }
    let (v, dtype) = numpy(e, v, num);
    let ty = Ty::Scalar(dtype);
    if dtype.kind() == Kind::Complex {
        let z = Parts::of(e, &v, &Ty::Scalar(dtype.real()));
        return Ok(complex_sign(e, &z).pack(e, &ty));
    }
    let (zero, one) = (e.int_as(0, &ty), e.int_as(1, &ty));
    let positive = e.gt(&v, &zero);
    if dtype.kind() == Kind::Unsigned {
        return Ok(e.select(&positive, &one, &zero));
    }
    let minus = e.int_as(-1, &ty);
    let negative = e.lt(&v, &zero);
    // What is neither is 0, without sign, or NaN.
    let rest = if dtype.kind() == Kind::Float { e.add(&v, &zero) } else { zero.clone() };
    let rest = e.select(&negative, &minus, &rest);
    Ok(e.select(&positive, &one, &rest))
}

/// `z / abs(z)`, with NumPy's answers at 0 and at infinity.
fn complex_sign(e: &mut Emit, z: &Parts) -> Parts {
    let ty = z.re.ty.widened();
    let (zero, one) = (e.float_as(0.0, &ty), e.float_as(1.0, &ty));
    let nan = e.float_as(f64::NAN, &ty);
    let size = complex::modulus(e, z);
    let plain = Parts { re: e.fdiv(&z.re, &size), im: e.fdiv(&z.im, &size) };
    let (re_inf, im_inf) = (e.is_inf(&z.re), e.is_inf(&z.im));
    let unit = |e: &mut Emit, v: &Val| e.copysign(&one, v);
    let (re_sign, im_sign) = (unit(e, &z.re), unit(e, &z.im));
    let edge = Parts { re: e.select(&re_inf, &re_sign, &zero), im: e.select(&im_inf, &im_sign, &zero) };
    let both = e.both(&re_inf, &im_inf);
    let unknown = Parts { re: nan.clone(), im: nan };
    let edge = unknown.select(e, &both, &edge);
    let infinite = e.is_inf(&size);
    let result = edge.select(e, &infinite, &plain);
    let none = Parts { re: zero.clone(), im: zero };
    let is_zero = z.is_zero(e);
    none.select(e, &is_zero, &result)
}

/// A test of floats that integers answer with a constant.
pub fn test(
    e: &mut Emit,
    v: &Val,
    num: Num,
    of_int: bool,
    test: fn(&mut Emit, &Val) -> Val,
    all_parts: bool,
) -> Result<Val, Fault> {
    let flag = Ty::Scalar(Dtype::Bool);
    let truth = match num.kind() {
        Kind::Complex => {
            let (v, dtype) = numpy(e, v, num);
            let z = Parts::of(e, &v, &Ty::Scalar(dtype.real()));
            let (re, im) = (test(e, &z.re), test(e, &z.im));
            if all_parts { e.both(&re, &im) } else { e.either(&re, &im) }
        }
        Kind::Float => test(e, v),
        _ => e.bool(of_int),
    };
    Ok(cast(e, &truth, &flag))
}

/// `signbit`, `isneginf` and others that exist for real numbers only.
pub fn real_test(e: &mut Emit, v: &Val, num: Num, name: &str, test: fn(&mut Emit, &Val) -> Val) -> Result<Val, Fault> {
    if num.kind() == Kind::Complex {
        return unsupported(name, num);
    }
    let v = if num.kind() == Kind::Float { v.clone() } else { cast(e, v, &Ty::Float) };
    let truth = test(e, &v);
    Ok(cast(e, &truth, &Ty::Scalar(Dtype::Bool)))
}

/// `spacing`: the distance to the next number away from 0.
pub fn spacing(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    let (v, dtype) = real(e, v, num, "spacing")?;
    let ty = Ty::Scalar(dtype);
    let away = e.float_as(f64::INFINITY, &ty);
    if dtype == Dtype::Float16 {
        // Of float16, NumPy gives the distance to the next greater number.
        let next = half::next_after(e, &v, &away);
        let (gap, none, infinite) = (e.sub(&next, &v), e.sub(&v, &v), e.is_inf(&v));
        return Ok(e.select(&infinite, &none, &gap));
    }
    let away = e.copysign(&away, &v);
    let next = following(e, &v, &away);
    let gap = e.sub(&next, &v);
    // NumPy's distance at -0.0 is positive.
    let (zero, size) = (e.float_as(0.0, &ty), e.abs(&gap));
    let none = e.eq(&v, &zero);
    Ok(e.select(&none, &size, &gap))
}

/// `logical_not`.
pub fn logical_not(e: &mut Emit, v: &Val, _num: Num) -> Result<Val, Fault> {
    let truth = nonzero(e, v, &Ty::Bool);
    let truth = e.not(&truth);
    Ok(cast(e, &truth, &Ty::Scalar(Dtype::Bool)))
}

/// `bitwise_count`: one bits of the absolute value.
pub fn bitwise_count(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    if num.kind() >= Kind::Float {
        return unsupported("bitwise_count", num);
    }
    let (v, dtype) = at_least_int8(e, v, num);
    let size = if dtype.kind() == Kind::Signed { e.abs(&v) } else { v };
    let ones = e.op(Op::PopCount, &[&size], Ty::Scalar(dtype));
    Ok(cast(e, &ones, &Ty::Scalar(Dtype::Uint8)))
}

/// `modf`: fractional and whole part.
pub fn modf(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    let (v, _) = real(e, v, num, "modf")?;
    let (fraction, whole) = super::math::fraction_and_whole(e, &v);
    Ok(super::builtins::tuple(e, &[&fraction, &whole]))
}

/// `frexp`: mantissa and exponent (an int32).
pub fn frexp(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    let (v, dtype) = real(e, v, num, "frexp")?;
    let wide = cast(e, &v, &Ty::Float);
    let mantissa = e.runtime(RuntimeFn::FrexpMantissa, &[&wide], Ty::Float);
    let exponent = e.runtime(RuntimeFn::FrexpExponent, &[&wide], Ty::Int);
    let mantissa = cast(e, &mantissa, &Ty::Scalar(dtype));
    let exponent = cast(e, &exponent, &Ty::Scalar(Dtype::Int32));
    Ok(super::builtins::tuple(e, &[&mantissa, &exponent]))
}

/// Both operands as NumPy takes them, and their common dtype.  Python numbers alone have NumPy's default types.
fn pair(e: &mut Emit, a: (&Val, Num), b: (&Val, Num)) -> (Val, Num, Val, Num) {
    let bare = !a.1.is_numpy() && !b.1.is_numpy();
    let quirk = (a.1, b.1) == (Num::Complex, Num::Scalar(Dtype::Float64));
    if !bare && !quirk {
        return (a.0.clone(), a.1, b.0.clone(), b.1);
    }
    let ((x, p), (y, q)) = (numpy(e, a.0, a.1), numpy(e, b.0, b.1));
    (x, Num::Scalar(p), y, Num::Scalar(q))
}

/// An arithmetic operator as a function.
pub fn operator(e: &mut Emit, op: BinaryOp, a: (&Val, Num), b: (&Val, Num)) -> Result<Val, Fault> {
    let (x, _, y, _) = pair(e, a, b);
    match super::binary(e, op, false, &x, &y)? {
        Some(v) => Ok(v),
        None => fault(Code::OperandTypes, format!("{} does not accept these types", op.symbol())),
    }
}

/// A comparison as a function.
pub fn comparison(e: &mut Emit, op: CmpOp, a: (&Val, Num), b: (&Val, Num)) -> Result<Val, Fault> {
    let (x, _, y, _) = pair(e, a, b);
    let truth = compare::numbers(e, op, &x, &y, compare::Order::Function);
    Ok(cast(e, &truth, &Ty::Scalar(Dtype::Bool)))
}

/// Both operands in their common dtype; a Python int must fit an integer dtype.
fn common(e: &mut Emit, a: (&Val, Num), b: (&Val, Num)) -> (Val, Val, Dtype) {
    let dtype = promote::ufunc_common(a.1, b.1).dtype();
    let mut operand = |(v, num): (&Val, Num)| {
        if num == Num::Int && dtype.is_int() {
            convert::checked_int_to_dtype(e, v, dtype)
        } else {
            to_dtype(e, v, dtype)
        }
    };
    (operand(a), operand(b), dtype)
}

/// `maximum`, `minimum` (a NaN wins) and `fmax`, `fmin` (a NaN loses).
pub fn extreme(e: &mut Emit, op: CmpOp, nan_wins: bool, a: (&Val, Num), b: (&Val, Num)) -> Result<Val, Fault> {
    let (x, y, dtype) = common(e, a, b);
    let larger = op == CmpOp::Gt;
    Ok(match dtype.kind() {
        Kind::Bool if larger => e.bitor(&x, &y),
        Kind::Bool => e.bitand(&x, &y),
        Kind::Signed | Kind::Unsigned if larger => e.int_max(&x, &y),
        Kind::Signed | Kind::Unsigned => e.int_min(&x, &y),
        Kind::Float => {
            // Of equal numbers (0.0 and -0.0), NumPy's vector code gives the second, its other code (for float16,
            // and `fmax` and `fmin` of float64) the first.
            let nan = if nan_wins { e.is_nan(&x) } else { e.is_nan(&y) };
            let second = nan_wins && dtype != Dtype::Float16 || dtype == Dtype::Float32;
            let op = match (second, larger) {
                (true, true) => CmpOp::Gt,
                (true, false) => CmpOp::Lt,
                (false, true) => CmpOp::Ge,
                (false, false) => CmpOp::Le,
            };
            let first = e.op(compare::machine_op(op), &[&x, &y], Ty::Bool);
            let first = e.either(&first, &nan);
            e.select(&first, &x, &y)
        }
        Kind::Complex => {
            let part = Ty::Scalar(dtype.real());
            let (p, q) = (Parts::of(e, &x, &part), Parts::of(e, &y, &part));
            let nan = if nan_wins { p.is_nan(e) } else { q.is_nan(e) };
            let op = if larger { CmpOp::Ge } else { CmpOp::Le };
            let first = compare::numbers(e, op, &x, &y, compare::Order::Function);
            let first = e.either(&first, &nan);
            p.select(e, &first, &q).pack(e, &Ty::Scalar(dtype))
        }
    })
}

/// `fmod`: the dividend's sign.
pub fn fmod(e: &mut Emit, a: (&Val, Num), b: (&Val, Num)) -> Result<Val, Fault> {
    let (x, y, dtype) = common(e, a, b);
    match dtype.kind() {
        Kind::Complex => unsupported("fmod", Num::Scalar(dtype)),
        Kind::Float => try_in_single(e, [&x, &y], |e, [x, y]| super::python_float::fmod(e, x, y)),
        Kind::Bool => {
            let (x, y) = (to_dtype(e, &x, Dtype::Int8), to_dtype(e, &y, Dtype::Int8));
            Ok(numpy_scalar::trunc_modulo(e, &x, &y, Dtype::Int8))
        }
        _ => Ok(numpy_scalar::trunc_modulo(e, &x, &y, dtype)),
    }
}

/// Both operands in the float dtype of a function of two real numbers.
fn real_pair(e: &mut Emit, name: &str, a: (&Val, Num), b: (&Val, Num)) -> Result<(Val, Val), Fault> {
    let common = promote::ufunc_common(a.1, b.1);
    if common.kind() == Kind::Complex {
        return unsupported(name, common);
    }
    let dtype = promote::float_loop2(a.1, b.1);
    Ok((to_dtype(e, a.0, dtype), to_dtype(e, b.0, dtype)))
}

/// The next number after `x` towards `y`, of one float type.
fn following(e: &mut Emit, x: &Val, y: &Val) -> Val {
    match x.ty.widened() == Ty::Scalar(Dtype::Float16) {
        true => half::next_after(e, x, y),
        false => call(e, RuntimeFn::Nextafter, Some(RuntimeFn::Nextafterf), [x, y]),
    }
}

/// `nextafter`.
pub fn nextafter(e: &mut Emit, a: (&Val, Num), b: (&Val, Num)) -> Result<Val, Fault> {
    let (x, y) = real_pair(e, "nextafter", a, b)?;
    Ok(following(e, &x, &y))
}

/// `arctan2`, `hypot`: functions of the C library.
pub fn library2(
    e: &mut Emit,
    name: &str,
    double: RuntimeFn,
    single: RuntimeFn,
    a: (&Val, Num),
    b: (&Val, Num),
) -> Result<Val, Fault> {
    let (x, y) = real_pair(e, name, a, b)?;
    Ok(call(e, double, Some(single), [&x, &y]))
}

/// `copysign`.
pub fn copysign(e: &mut Emit, a: (&Val, Num), b: (&Val, Num)) -> Result<Val, Fault> {
    let (x, y) = real_pair(e, "copysign", a, b)?;
    Ok(e.copysign(&x, &y))
}

/// `heaviside`.
pub fn heaviside(e: &mut Emit, a: (&Val, Num), b: (&Val, Num)) -> Result<Val, Fault> {
    let (x, half_value) = real_pair(e, "heaviside", a, b)?;
    let ty = x.ty.widened();
    let (zero, one) = (e.float_as(0.0, &ty), e.float_as(1.0, &ty));
    let (negative, positive, nan) = (e.lt(&x, &zero), e.gt(&x, &zero), e.is_nan(&x));
    let result = e.select(&nan, &x, &half_value);
    let result = e.select(&negative, &zero, &result);
    Ok(e.select(&positive, &one, &result))
}

/// `logaddexp` and, in powers of two, `logaddexp2`.
pub fn logaddexp(e: &mut Emit, two: bool, a: (&Val, Num), b: (&Val, Num)) -> Result<Val, Fault> {
    let (x, y) = real_pair(e, if two { "logaddexp2" } else { "logaddexp" }, a, b)?;
    // In halves it shows how the C library rounds.
    let exact = x.ty.widened() == Ty::Scalar(Dtype::Float16);
    Ok(in_single(e, [&x, &y], |e, [x, y]| sum_of_powers(e, two, exact, x, y)))
}

/// The logarithm of the sum of two powers, in a way that does not overflow.
fn sum_of_powers(e: &mut Emit, two: bool, exact: bool, x: &Val, y: &Val) -> Val {
    let ty = x.ty.widened();
    let compute = |e: &mut Emit, double: RuntimeFn, single: RuntimeFn, v: &Val| match exact {
        true => e.runtime(single, &[v], v.ty.widened()),
        false => call(e, double, Some(single), [v]),
    };
    let (zero, ln) = (e.float_as(0.0, &ty), e.float_as(if two { 1.0 } else { std::f64::consts::LN_2 }, &ty));
    let gap = e.sub(x, y);
    let size = e.abs(&gap);
    let down = e.neg(&size);
    let grown = if two {
        compute(e, RuntimeFn::Exp2, RuntimeFn::Exp2f, &down)
    } else {
        compute(e, RuntimeFn::Exp, RuntimeFn::Expf, &down)
    };
    let mut tail = compute(e, RuntimeFn::Log1p, RuntimeFn::Log1pf, &grown);
    if two {
        let factor = e.float_as(std::f64::consts::LOG2_E, &ty);
        tail = e.mul(&factor, &tail);
    }
    let positive = e.gt(&gap, &zero);
    let larger = e.select(&positive, x, y);
    let sum = e.add(&larger, &tail);
    let nan = e.is_nan(&gap);
    let sum = e.select(&nan, &gap, &sum);
    let doubled = e.add(x, &ln);
    let same = e.eq(x, y);
    e.select(&same, &doubled, &sum)
}

/// `gcd` and `lcm`: sizes in the common dtype, wrapping (or see `strict`).
pub fn divisor(e: &mut Emit, name: &str, lcm: bool, a: (&Val, Num), b: (&Val, Num)) -> Result<Val, Fault> {
    let (x, y, dtype) = common(e, a, b);
    if !dtype.is_int() {
        return unsupported(name, Num::Scalar(dtype));
    }
    let ty = Ty::Scalar(dtype);
    let size = |e: &mut Emit, v: &Val| if dtype.kind() == Kind::Signed { e.abs(v) } else { v.clone() };
    let (p, q) = (size(e, &x), size(e, &y));
    // The least integer's size is itself; as an unsigned number of the width it is right.
    let wide = |e: &mut Emit, v: &Val| {
        let unsigned = match dtype {
            Dtype::Int8 => Dtype::Uint8,
            Dtype::Int16 => Dtype::Uint16,
            Dtype::Int32 => Dtype::Uint32,
            Dtype::Int64 => Dtype::Uint64,
            other => other,
        };
        let v = cast(e, v, &Ty::Scalar(unsigned));
        cast(e, &v, &Ty::Int)
    };
    let (m, n) = (wide(e, &p), wide(e, &q));
    let gcd = e.runtime(RuntimeFn::GcdUnsigned, &[&m, &n], Ty::Int);
    if e.options.strict {
        return strict_divisor(e, lcm, (&m, &n, &gcd), dtype);
    }
    let gcd = cast(e, &gcd, &ty);
    if !lcm {
        return Ok(gcd);
    }
    let (zero, one) = (e.int_as(0, &ty), e.int_as(1, &ty));
    let none = e.eq(&gcd, &zero);
    let safe = e.select(&none, &one, &gcd);
    let quotient = numpy_scalar::floor_divide(e, &p, &safe, dtype);
    let product = e.mul(&quotient, &q);
    Ok(e.select(&none, &zero, &product))
}

/// `gcd` and `lcm` that must fit the dtype, of sizes and their divisor as unsigned 64-bit numbers in an `Int`.
fn strict_divisor(e: &mut Emit, lcm: bool, (m, n, gcd): (&Val, &Val, &Val), dtype: Dtype) -> Result<Val, Fault> {
    let wide = Ty::Scalar(Dtype::Uint64);
    let mut value = cast(e, gcd, &wide);
    if lcm {
        let (p, q) = (cast(e, m, &wide), cast(e, n, &wide));
        // The divisor is 0 only if both are, and then so is the product.
        let one = e.int_as(1, &wide);
        let safe = e.int_max(&value, &one);
        let quotient = e.floordiv(&p, &safe);
        let (product, over) = e.op_ovf(Op::MulOvf, &quotient, &q, wide.clone());
        let fine = e.not(&over);
        strict::fits(e, &fine, dtype);
        value = product;
    }
    let result = cast(e, &value, &Ty::Scalar(dtype));
    let sign = cast(e, &result, &Ty::Int);
    let (back, zero) = (cast(e, &result, &wide), e.int(0));
    let mut fine = e.eq(&back, &value);
    if dtype.kind() == Kind::Signed {
        let positive = e.ge(&sign, &zero);
        fine = e.both(&fine, &positive);
    }
    strict::fits(e, &fine, dtype);
    Ok(result)
}

/// `ldexp`.
pub fn ldexp(e: &mut Emit, a: (&Val, Num), b: (&Val, Num)) -> Result<Val, Fault> {
    if a.1.kind() == Kind::Complex {
        return unsupported("ldexp", a.1);
    }
    if b.1.kind() >= Kind::Float || b.1 == Num::Scalar(Dtype::Uint64) {
        return unsupported("ldexp", b.1);
    }
    // A Python int is weak beside a NumPy integer, and so fits the first loop.
    let weak = a.1 == Num::Int && b.1.is_numpy() && b.1.kind() > Kind::Bool;
    let (x, _) = match weak {
        true => (to_dtype(e, a.0, Dtype::Float16), Dtype::Float16),
        false => floating(e, a.0, a.1),
    };
    let n = cast(e, b.0, &Ty::Int);
    let n = super::math::small_exponent(e, &n);
    Ok(call2(e, &x, &n))
}

fn call2(e: &mut Emit, x: &Val, n: &Val) -> Val {
    in_single(e, [x], |e, [x]| {
        let ty = x.ty.widened();
        let f = if ty == Ty::Scalar(Dtype::Float32) { RuntimeFn::Ldexpf } else { RuntimeFn::Ldexp };
        e.runtime(f, &[x, n], ty)
    })
}

/// `float_power`: `power` in at least float64.
pub fn float_power(e: &mut Emit, a: (&Val, Num), b: (&Val, Num)) -> Result<Val, Fault> {
    if promote::ufunc_common(a.1, b.1).kind() == Kind::Complex {
        let ty = Ty::Scalar(Dtype::Complex128);
        let (x, y) = (cast(e, a.0, &ty), cast(e, b.0, &ty));
        let part = Ty::Scalar(Dtype::Float64);
        let (p, q) = (Parts::of(e, &x, &part), Parts::of(e, &y, &part));
        return Ok(power::numpy_complex(e, &p, &q).pack(e, &ty));
    }
    let (x, y) = (to_dtype(e, a.0, Dtype::Float64), to_dtype(e, b.0, Dtype::Float64));
    Ok(power::numpy_float(e, &x, &y))
}

/// `logical_and`, `logical_or`, `logical_xor`.
pub fn logical(e: &mut Emit, op: Op, a: (&Val, Num), b: (&Val, Num)) -> Result<Val, Fault> {
    let (x, y) = (nonzero(e, a.0, &Ty::Bool), nonzero(e, b.0, &Ty::Bool));
    let truth = e.op(op, &[&x, &y], Ty::Bool);
    Ok(cast(e, &truth, &Ty::Scalar(Dtype::Bool)))
}

/// `divmod`.
pub fn divmod(e: &mut Emit, a: (&Val, Num), b: (&Val, Num)) -> Result<Val, Fault> {
    let (x, _, y, _) = pair(e, a, b);
    let (quotient, remainder) = super::builtins::quotient_and_remainder(e, &x, &y)?;
    Ok(super::builtins::tuple(e, &[&quotient, &remainder]))
}

/// `np.angle`.
pub fn angle(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    // The imaginary part of a real number is a Python 0 there, which makes an int64 of a bool.
    let (v, num) = if num.kind() == Kind::Bool { (cast(e, v, &Ty::Int), Num::Int) } else { (v.clone(), num) };
    let (v, dtype) = floating(e, &v, num);
    let z = Parts::of(e, &v, &Ty::Scalar(dtype.real()));
    Ok(call(e, RuntimeFn::Atan2, Some(RuntimeFn::Atan2f), [&z.im, &z.re]))
}
