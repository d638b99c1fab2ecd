//! `round(x)`, `round(x, n)` and `np.round`.

use super::builtins::{is_none, take};
use super::complex::Parts;
use super::convert::{self, cast};
use super::python_int::flagged_or_overflow;
use super::strict;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::promote::Num;
use crate::rules::Rule;
use crate::rules::arrays::casting::{Casting, refused};
use crate::rules::arrays::functions;
use crate::rules::arrays::raise::{Piece, raise};
use coachwhip_ir::{Code, Dtype, ErrorKind, Kind, Op, RuntimeFn, Ty};

/// The functions of this file.
pub const FUNCTIONS: &[(&str, Rule)] =
    &[("builtins.round", round), ("numpy.round", numpy_round), ("numpy.around", numpy_round)];

/// Python's `round`.
fn round(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [v, digits] = args.take(["number", "ndigits"])?;
    let v = take("round", v)?;
    let digits = digits.filter(|d| !is_none(d));
    let num = super::number("round()", &v)?;
    if num.kind() == Kind::Complex || num == Num::Scalar(Dtype::Bool) {
        return fault(Code::ArgumentTypes, format!("type {} doesn't define __round__ method", num.name()));
    }
    let Some(digits) = digits else {
        if num.kind() != Kind::Float {
            return convert::to_int(e, &v);
        }
        let rounded = e.rint(&v);
        return convert::float_to_int(e, &rounded);
    };
    let digits = index(e, "round()", &digits)?;
    Ok(match num {
        Num::Float => {
            let rounded = e.runtime(RuntimeFn::RoundDigits, &[&v, &digits], Ty::Float);
            let (lost, had) = (e.is_inf(&rounded), e.is_inf(&v));
            let fine = e.not(&lost);
            let fine = e.either(&fine, &had);
            e.guard(&fine, ErrorKind::RoundRange, &[]);
            rounded
        }
        Num::Scalar(d) => decimals(e, &v, &digits, d),
        _ => {
            let v = cast(e, &v, &Ty::Int);
            match digits.literal_int() {
                Some(n) if n >= 0 => v,
                _ => flagged_or_overflow(e, RuntimeFn::RoundInt, &[&v, &digits]),
            }
        }
    })
}

/// An argument that must be an integer, as a Python `int`.
pub fn index(e: &mut Emit, function: &str, v: &Val) -> Result<Val, Fault> {
    match super::number(function, v)? {
        num if num.kind() >= Kind::Float || num == Num::Scalar(Dtype::Bool) => {
            fault(Code::ArgumentTypes, format!("'{}' object cannot be interpreted as an integer", num.name()))
        }
        _ => convert::to_int(e, v),
    }
}

/// As [`index`], where NumPy has a C int.
pub fn c_int(e: &mut Emit, function: &str, v: &Val) -> Result<Val, Fault> {
    let fits = v.ty.dtype().is_some_and(|d| d.is_int() && Casting::Safe.allows(d, Dtype::Int32));
    let v = index(e, function, v)?;
    if fits {
        return Ok(v);
    }
    let (least, most) = (e.int(i64::from(i32::MIN)), e.int(i64::from(i32::MAX)));
    let checks = [
        (e.op(Op::Gt, &[&v, &most], Ty::Bool), "signed integer is greater than maximum"),
        (e.op(Op::Lt, &[&v, &least], Ty::Bool), "signed integer is less than minimum"),
    ];
    for (bad, text) in checks {
        let fails = |e: &mut Emit| Ok(raise(e, "OverflowError", vec![Piece::Text(text)]));
        let checked = e.if_else(&bad, fails, |e| Ok(e.bool(true)))?;
        if checked.is_never() {
            return Ok(checked);
        }
    }
    Ok(v)
}

/// `np.round(a, decimals)`: NumPy's scaling, not the correctly rounded decimal of `round`.
fn numpy_round(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    if functions::takes_arrays(args) {
        return functions::round(e, args);
    }
    let [v, digits] = args.take(["a", "decimals"])?;
    let v = take("round", v)?;
    let digits = match digits {
        Some(d) => c_int(e, "np.round()", &d)?,
        None => e.int(0),
    };
    let dtype = super::number("np.round()", &v)?.dtype();
    let v = convert::to_dtype(e, &v, dtype);
    numpy_decimals(e, &v, &digits, dtype)
}

/// As [`decimals`]; a bool is rounded in float16, and NumPy's scaling finds no place for its result.
pub fn numpy_decimals(e: &mut Emit, v: &Val, digits: &Val, dtype: Dtype) -> Result<Val, Fault> {
    if dtype != Dtype::Bool {
        return Ok(decimals(e, v, digits, dtype));
    }
    match digits.literal_int() {
        Some(0) => Ok(convert::to_dtype(e, v, Dtype::Float16)),
        Some(n) => {
            let ufunc = if n > 0 { "multiply" } else { "divide" };
            refused(ufunc, "output", Dtype::Float64, Dtype::Bool, Casting::SameKind)
        }
        None => fault(Code::NeedsConstant, "a bool is rounded to 0 decimals, which must be known at compile time"),
    }
}

/// A NumPy number rounded to a number of decimals.
pub fn decimals(e: &mut Emit, v: &Val, digits: &Val, dtype: Dtype) -> Val {
    let ty = Ty::Scalar(dtype);
    match dtype.kind() {
        Kind::Float => float_decimals(e, v, digits),
        Kind::Complex => {
            let parts = Parts::of(e, v, &Ty::Scalar(dtype.real()));
            let (re, im) = (float_decimals(e, &parts.re, digits), float_decimals(e, &parts.im, digits));
            Parts { re, im }.pack(e, &ty)
        }
        _ => match digits.literal_int() {
            Some(n) if n >= 0 => v.clone(),
            _ => {
                let wide = cast(e, v, &Ty::Float);
                let scaled = float_decimals(e, &wide, digits);
                let rounded = e.op(Op::ConvertSaturating, &[&scaled], ty);
                let zero = e.int(0);
                let keeps = e.ge(digits, &zero);
                strict::rounded(e, &scaled, &keeps, dtype);
                e.select(&keeps, v, &rounded)
            }
        },
    }
}

fn float_decimals(e: &mut Emit, v: &Val, digits: &Val) -> Val {
    if digits.literal_int() == Some(0) {
        return e.rint(v);
    }
    let ty = v.ty.widened();
    let zero = e.int(0);
    let after_point = e.ge(digits, &zero);
    let size = match digits.literal_int() {
        Some(n) => e.float(power_of_ten(n.unsigned_abs())),
        None => {
            let count = e.abs(digits);
            e.runtime(RuntimeFn::PowerOfTen, &[&count], Ty::Float)
        }
    };
    let size = cast(e, &size, &ty);
    let (times, over) = (e.mul(v, &size), e.fdiv(v, &size));
    let scaled = e.select(&after_point, &times, &over);
    let rounded = e.rint(&scaled);
    let (times, over) = (e.mul(&rounded, &size), e.fdiv(&rounded, &size));
    e.select(&after_point, &over, &times)
}

/// As NumPy computes it: exact up to 10**22, then by repeated products.
fn power_of_ten(n: u64) -> f64 {
    (0..n.min(400)).fold(1.0, |p, _| p * 10.0)
}
