//! Conversions: the machine's, Python's `int()`, `float()`, `complex()` and NumPy's scalar constructors.

use super::complex::Parts;
use super::wide_literal;
use crate::emit::{Emit, Fault, Val, fault};
use crate::promote::Num;
use coachwhip_ir::{Code, Const, Dtype, ErrorKind, Kind, Op, Ty};

/// A number in the machine form of another number type, without any check: integers wrap, a float is
/// truncated (and must be in range), a complex number loses its imaginary part.
pub fn cast(e: &mut Emit, v: &Val, ty: &Ty) -> Val {
    if v.ty == *ty {
        return v.clone();
    }
    let from_complex = is_complex(&v.ty.widened());
    if is_complex(ty) {
        let parts = Parts::of(e, v, &part(ty));
        return parts.pack(e, ty);
    }
    if from_complex {
        let real = Parts::of(e, v, &part(&v.ty.widened())).re;
        return cast(e, &real, ty);
    }
    if matches!(ty, Ty::Scalar(Dtype::Float16 | Dtype::Float32)) && v.ty.widened() == Ty::Int {
        // NumPy reads a Python int as a double first.
        let double = e.op(Op::Convert, &[v], Ty::Float);
        return e.op(Op::Convert, &[&double], ty.clone());
    }
    e.op(Op::Convert, &[v], ty.clone())
}

/// As NumPy's C code converts between element types: a float beyond an integer's range gives what the C
/// compiler gives.
pub fn to_dtype(e: &mut Emit, v: &Val, dtype: Dtype) -> Val {
    let ty = Ty::Scalar(dtype);
    let from_float = Num::of(&v.ty).is_some_and(|n| n.kind() >= Kind::Float);
    if from_float && dtype.is_int() {
        let real = real_part(e, v);
        return e.op(Op::ConvertSaturating, &[&real], ty);
    }
    if from_float && dtype == Dtype::Bool {
        return nonzero(e, v, &ty);
    }
    cast(e, v, &ty)
}

/// `v != 0` in a boolean type; true for NaN.
pub fn nonzero(e: &mut Emit, v: &Val, ty: &Ty) -> Val {
    let wide = v.ty.widened();
    if is_complex(&wide) {
        let parts = Parts::of(e, v, &part(&wide));
        let (re, im) = (nonzero(e, &parts.re, ty), nonzero(e, &parts.im, ty));
        return e.op(Op::Or, &[&re, &im], ty.clone());
    }
    if matches!(wide, Ty::Bool | Ty::Scalar(Dtype::Bool)) {
        return cast(e, v, ty);
    }
    let zero = e.int_as(0, &wide);
    e.op(Op::Ne, &[v, &zero], ty.clone())
}

/// The real part of a complex number, any other number itself.
pub fn real_part(e: &mut Emit, v: &Val) -> Val {
    let wide = v.ty.widened();
    if is_complex(&wide) { Parts::of(e, v, &part(&wide)).re } else { v.clone() }
}

/// Whether values of the type have two parts.
pub fn is_complex(ty: &Ty) -> bool {
    Num::of(ty).is_some_and(|n| n.kind() == Kind::Complex)
}

/// The float type of a complex type's parts.
pub fn part(ty: &Ty) -> Ty {
    match ty {
        Ty::Scalar(d) => Ty::Scalar(d.real()),
        _ => Ty::Float,
    }
}

/// Any real number as a Python `float` (`float(x)` of an int, a bool or a NumPy scalar).
pub fn to_float(e: &mut Emit, v: &Val) -> Val {
    cast(e, v, &Ty::Float)
}

/// The least and the greatest number of an integer dtype; the greatest of uint64 is cut to `i64::MAX`.
pub fn limits(dtype: Dtype) -> (i64, i64) {
    let bits = 8 * dtype.size();
    match (dtype.kind(), bits) {
        (Kind::Unsigned, 64) => (0, i64::MAX),
        (Kind::Unsigned, _) => (0, (1i64 << bits) - 1),
        (_, 64) => (i64::MIN, i64::MAX),
        _ => (-(1i64 << (bits - 1)), (1i64 << (bits - 1)) - 1),
    }
}

/// A Python `int` (or `bool`) in an integer dtype: `OverflowError` if it does not fit, as in NumPy.
pub fn checked_int_to_dtype(e: &mut Emit, v: &Val, dtype: Dtype) -> Val {
    let v = cast(e, v, &Ty::Int);
    let (low, high) = limits(dtype);
    let name = e.int(dtype as i64);
    let (low_fits, high_fits) = (low == i64::MIN, high == i64::MAX);
    let mut fits = e.bool(true);
    if !low_fits {
        let low = e.int(low);
        fits = e.ge(&v, &low);
    }
    if !high_fits {
        let high = e.int(high);
        let below = e.le(&v, &high);
        fits = e.both(&fits, &below);
    }
    e.guard(&fits, ErrorKind::DtypeOverflow, &[&v, &name]);
    cast(e, &v, &Ty::Scalar(dtype))
}

/// A float (of either width) as a Python `int`, truncated: `int(x)`, `math.trunc(x)`, and of an already
/// rounded float `round(x)`, `math.floor(x)`.  The failures stand on a cold path of their own.
pub fn float_to_int(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    // The limits are beyond float16.
    let v =
        &if v.ty.widened() == Ty::Scalar(Dtype::Float16) { cast(e, v, &Ty::Scalar(Dtype::Float32)) } else { v.clone() };
    let wide = v.ty.widened();
    let (low, high) = (e.float_as(-(2f64.powi(63)), &wide), e.float_as(2f64.powi(63), &wide));
    let (above, below) = (e.ge(v, &low), e.lt(v, &high));
    let fits = e.both(&above, &below);
    e.if_else(
        &fits,
        |e| Ok(e.op(Op::Convert, &[v], Ty::Int)),
        |e| {
            let number = e.eq(v, v);
            e.guard(&number, ErrorKind::FloatToIntNan, &[]);
            let infinite = e.is_inf(v);
            let finite = e.not(&infinite);
            e.guard(&finite, ErrorKind::FloatToIntInf, &[]);
            Ok(e.fail(ErrorKind::IntOverflow, &[]))
        },
    )
}

/// `int(x)`.
pub fn to_int(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    match Num::of(&v.ty) {
        Some(Num::Int) => Ok(v.clone()),
        Some(Num::Complex) => fault(
            Code::ArgumentTypes,
            "int() argument must be a string, a bytes-like object or a real number, not 'complex'",
        ),
        Some(n) if n.kind() >= Kind::Float => {
            let real = real_part(e, v);
            float_to_int(e, &real)
        }
        Some(Num::Scalar(Dtype::Uint64)) => Ok(unsigned_to_int(e, v)),
        Some(_) => Ok(cast(e, v, &Ty::Int)),
        None => match v.literal() {
            Some(Const::Str(text)) => match text.trim().replace('_', "").parse::<i64>() {
                Ok(i) => Ok(e.int(i)),
                Err(_) => fault(Code::ArgumentTypes, format!("int() cannot read '{text}' as a 64-bit integer")),
            },
            _ => super::number("int()", v).map(|_| v.clone()),
        },
    }
}

/// A uint64 as a Python `int`: `OverflowError` beyond 63 bits.
pub fn unsigned_to_int(e: &mut Emit, v: &Val) -> Val {
    let int = cast(e, v, &Ty::Int);
    let zero = e.int(0);
    let fits = e.ge(&int, &zero);
    e.guard(&fits, ErrorKind::IntOverflow, &[]);
    int
}

/// `float(x)`.
pub fn float(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    if let Some(Const::Str(text)) = v.literal() {
        return match parse_float(text) {
            Some(f) => Ok(e.float(f)),
            None => fault(Code::ArgumentTypes, format!("could not convert string to float: '{text}'")),
        };
    }
    if let Some(value) = wide_literal::as_float(e, v) {
        return Ok(value);
    }
    match super::number("float()", v)? {
        Num::Complex => fault(Code::ArgumentTypes, "float() argument must be a string or a real number, not 'complex'"),
        _ => Ok(cast(e, v, &Ty::Float)),
    }
}

/// Python's spelling of a float.  (Rust accepts the same words for infinity and NaN.)
fn parse_float(text: &str) -> Option<f64> {
    text.trim().replace('_', "").parse().ok()
}

/// `complex(re, im)`.
pub fn complex(e: &mut Emit, re: Option<&Val>, im: Option<&Val>) -> Result<Val, Fault> {
    if let (Some(text), None) = (re, im)
        && crate::text::is_string(&text.ty)
    {
        let [re, im] = ["real", "imaginary"].map(|part| {
            let callable = format!("coachwhip._exceptions:{part}");
            crate::asked::asked(e, &callable, std::slice::from_ref(text), Ty::Float)
        });
        return Ok(Parts { re: re?, im: im? }.pack(e, &Ty::Complex));
    }
    for v in re.iter().chain(&im) {
        super::number("complex()", v)?;
    }
    let zero = e.float(0.0);
    let one = re.cloned().unwrap_or_else(|| zero.clone());
    let Some(im) = im else { return Ok(cast(e, &one, &Ty::Complex)) };
    let (a, b) = (Parts::of(e, &one, &Ty::Float), Parts::of(e, im, &Ty::Float));
    // `re + im * 1j`, where the parts that are not given are left out, as CPython does.
    let real = if is_complex(&im.ty.widened()) { e.sub(&a.re, &b.im) } else { a.re.clone() };
    let imag = if is_complex(&one.ty.widened()) { e.add(&b.re, &a.im) } else { b.re.clone() };
    Ok(Parts { re: real, im: imag }.pack(e, &Ty::Complex))
}

/// NumPy's scalar constructor: `np.int8(x)`.  A Python number must fit; a NumPy number is cast.
pub fn construct(e: &mut Emit, v: &Val, dtype: Dtype) -> Result<Val, Fault> {
    if matches!(v.literal(), Some(Const::Str(_))) && dtype.kind() >= Kind::Float {
        let value = float(e, v)?;
        return Ok(to_dtype(e, &value, dtype));
    }
    let literal = match dtype {
        Dtype::Uint64 => wide_literal::as_unsigned(e, v),
        d if d.kind() >= Kind::Float => wide_literal::as_float(e, v).map(|v| to_dtype(e, &v, d)),
        _ => None,
    };
    if let Some(value) = literal {
        return Ok(value);
    }
    let num = super::number(&format!("np.{}()", dtype.name()), v)?;
    match (num, dtype.kind()) {
        (Num::Bool | Num::Int, Kind::Signed | Kind::Unsigned) => Ok(checked_int_to_dtype(e, v, dtype)),
        (Num::Float, Kind::Signed | Kind::Unsigned) => {
            let int = float_to_int(e, v)?;
            Ok(checked_int_to_dtype(e, &int, dtype))
        }
        (Num::Complex, Kind::Signed | Kind::Unsigned | Kind::Float) => {
            fault(Code::ArgumentTypes, format!("np.{}() takes a real number, not a Python complex", dtype.name()))
        }
        _ => Ok(to_dtype(e, v, dtype)),
    }
}
