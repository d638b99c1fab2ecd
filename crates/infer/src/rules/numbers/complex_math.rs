//! The functions of the `cmath` module: CPython's algorithms (in the run time), and here its failures.

use super::builtins::{take, tuple};
use super::complex::{self, Parts};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::Rule;
use coachwhip_ir::{Code, Difference, ErrorKind, RuntimeFn, Ty, follows};
use std::f64::consts::FRAC_PI_2;

/// Where a function has no value: `ValueError: math domain error`.
#[derive(Clone, Copy)]
enum Domain {
    /// Nowhere.
    Total,
    /// `exp`: an infinite angle, unless the size is 0 or unknown.
    Exp,
    /// `cosh`, `sinh`: an infinite imaginary part with a real part that is a number.
    Hyperbolic,
    /// `tanh`: an infinite imaginary part with a finite real part.
    Tanh,
    /// `atanh`: at 1 and -1.
    Poles,
    /// `log`: at 0.
    NonZero,
}

macro_rules! functions {
    ($($name:literal $f:ident $domain:ident $turned:literal $range:literal;)*) => {
        const TABLE: &[(&str, Rule)] = &[$(($name, |e, a| {
            of_one(e, a, RuntimeFn::$f, Domain::$domain, $turned, $range)
        })),*];
    };
}

// Turned: the rule holds for the number multiplied by i.  Range: may overflow.
functions! {
    "cmath.acos" PyCacos Total false false;
    "cmath.acosh" PyCacosh Total false false;
    "cmath.asin" PyCasin Total false false;
    "cmath.asinh" PyCasinh Total false false;
    "cmath.atan" PyCatan Poles true false;
    "cmath.atanh" PyCatanh Poles false false;
    "cmath.cos" PyCcos Hyperbolic true true;
    "cmath.cosh" PyCcosh Hyperbolic false true;
    "cmath.exp" PyCexp Exp false true;
    "cmath.sin" PyCsin Hyperbolic true true;
    "cmath.sinh" PyCsinh Hyperbolic false true;
    "cmath.sqrt" PyCsqrt Total false false;
    "cmath.tan" PyCtan Tanh true false;
    "cmath.tanh" PyCtanh Tanh false false;
}

const OTHERS: &[(&str, Rule)] = &[
    ("cmath.log", log),
    ("cmath.log10", log10),
    ("cmath.phase", |e, a| {
        let z = number(e, &a.one()?)?;
        Ok(phase(e, &z))
    }),
    ("cmath.polar", polar),
    ("cmath.rect", rect),
    ("cmath.isfinite", |e, a| {
        let z = number(e, &a.one()?)?;
        Ok(z.is_finite(e))
    }),
    ("cmath.isinf", |e, a| {
        let z = number(e, &a.one()?)?;
        Ok(z.is_inf(e))
    }),
    ("cmath.isnan", |e, a| {
        let z = number(e, &a.one()?)?;
        Ok(z.is_nan(e))
    }),
    ("cmath.isclose", isclose),
];

/// The functions of this file.
pub const FUNCTIONS: [&[(&str, Rule)]; 2] = [TABLE, OTHERS];

fn number(e: &mut Emit, v: &Val) -> Result<Parts, Fault> {
    super::number("cmath functions", v)?;
    Ok(Parts::of(e, v, &Ty::Float))
}

fn domain(e: &mut Emit, bad: &Val) {
    let fine = e.not(bad);
    e.guard(&fine, ErrorKind::MathDomain, &[]);
}

/// `OverflowError: math range error` if the result is infinite and the argument is not.
fn range(e: &mut Emit, result: &Parts, z: &Parts) {
    let (over, finite) = (result.is_inf(e), z.is_finite(e));
    let bad = e.both(&over, &finite);
    let fine = e.not(&bad);
    e.guard(&fine, ErrorKind::MathRange, &[]);
}

fn outside(e: &mut Emit, z: &Parts, check: Domain) -> Option<Val> {
    let (zero, one) = (e.float(0.0), e.float(1.0));
    Some(match check {
        Domain::Total => return None,
        Domain::NonZero => z.is_zero(e),
        Domain::Poles => {
            let size = e.abs(&z.re);
            let (unit, real) = (e.eq(&size, &one), e.eq(&z.im, &zero));
            e.both(&unit, &real)
        }
        Domain::Exp => {
            let least = e.float(f64::NEG_INFINITY);
            let (infinite, some) = (e.is_inf(&z.im), e.gt(&z.re, &least));
            e.both(&infinite, &some)
        }
        Domain::Hyperbolic => {
            let (infinite, some) = (e.is_inf(&z.im), e.eq(&z.re, &z.re));
            e.both(&infinite, &some)
        }
        Domain::Tanh => {
            let (infinite, some) = (e.is_inf(&z.im), e.is_finite(&z.re));
            e.both(&infinite, &some)
        }
    })
}

fn of_one(e: &mut Emit, args: &Args, f: RuntimeFn, check: Domain, turned: bool, overflows: bool) -> Result<Val, Fault> {
    let z = number(e, &args.one()?)?;
    let seen = if turned { Parts { re: z.im.clone(), im: z.re.clone() } } else { z.clone() };
    if let Some(bad) = outside(e, &seen, check) {
        domain(e, &bad);
    }
    let result = z.call(e, f, &[]);
    let result = on_axes(e, f, &z, result);
    if overflows {
        range(e, &result, &z);
    }
    Ok(result.pack(e, &Ty::Complex))
}

/// What CPython gives since 3.14 for NaN on an axis: the part that is known.
fn on_axes(e: &mut Emit, f: RuntimeFn, z: &Parts, result: Parts) -> Parts {
    let (on, off) = match f {
        RuntimeFn::PyCacosh | RuntimeFn::PyCtanh => (&z.re, &z.im),
        RuntimeFn::PyCtan => (&z.im, &z.re),
        _ => return result,
    };
    if !follows(Difference::CmathNanOnAxes) {
        return result;
    }
    let zero = e.float(0.0);
    let (is_zero, is_nan) = (e.eq(on, &zero), e.is_nan(off));
    let axis = e.both(&is_zero, &is_nan);
    let known = if f == RuntimeFn::PyCacosh { e.float(FRAC_PI_2) } else { on.clone() };
    match f {
        RuntimeFn::PyCtanh => Parts { re: e.select(&axis, &known, &result.re), ..result },
        _ => Parts { im: e.select(&axis, &known, &result.im), ..result },
    }
}

/// The logarithm of a number that is not 0.
fn logarithm(e: &mut Emit, z: &Parts) -> Parts {
    if let Some(bad) = outside(e, z, Domain::NonZero) {
        domain(e, &bad);
    }
    z.call(e, RuntimeFn::PyClog, &[])
}

/// `cmath.log(z)` and `cmath.log(z, base)`.
fn log(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [z, base] = args.take(["z", "base"])?;
    let z = number(e, &take("cmath.log", z)?)?;
    let Some(base) = base else {
        return Ok(logarithm(e, &z).pack(e, &Ty::Complex));
    };
    // With a base, CPython looks only at the failures of the base: 0, and 1, whose logarithm is 0.
    let result = z.call(e, RuntimeFn::PyClog, &[]);
    let base = number(e, &base)?;
    let base = logarithm(e, &base);
    let zero = base.is_zero(e);
    domain(e, &zero);
    Ok(result.div(e, &base, false).pack(e, &Ty::Complex))
}

fn log10(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let z = number(e, &args.one()?)?;
    let result = logarithm(e, &z);
    let ten = e.float(std::f64::consts::LN_10);
    let parts = Parts { re: e.fdiv(&result.re, &ten), im: e.fdiv(&result.im, &ten) };
    Ok(parts.pack(e, &Ty::Complex))
}

fn phase(e: &mut Emit, z: &Parts) -> Val {
    e.runtime(RuntimeFn::Atan2, &[&z.im, &z.re], Ty::Float)
}

fn polar(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let z = number(e, &args.one()?)?;
    let size = complex::modulus(e, &z);
    let (over, finite) = (e.is_inf(&size), z.is_finite(e));
    let bad = e.both(&over, &finite);
    let fine = e.not(&bad);
    e.guard(&fine, ErrorKind::MathRange, &[]);
    let angle = phase(e, &z);
    Ok(tuple(e, &[&size, &angle]))
}

fn rect(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let (r, phi) = args.two()?;
    if [&r, &phi].into_iter().any(|v| super::convert::is_complex(&v.ty.widened())) {
        return fault(Code::ArgumentTypes, "cmath.rect takes real numbers");
    }
    let (r, phi) = (number(e, &r)?.re, number(e, &phi)?.re);
    let zero = e.float(0.0);
    let (infinite, less, more) = (e.is_inf(&phi), e.lt(&r, &zero), e.gt(&r, &zero));
    let some = e.either(&less, &more);
    let bad = e.both(&infinite, &some);
    domain(e, &bad);
    let z = Parts { re: r, im: phi }.call(e, RuntimeFn::PyCrect, &[]);
    Ok(z.pack(e, &Ty::Complex))
}

fn isclose(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, b, relative, absolute] = args.take(["a", "b", "rel_tol", "abs_tol"])?;
    let (a, b) = (take("cmath.isclose", a)?, take("cmath.isclose", b)?);
    let (a, b) = (number(e, &a)?, number(e, &b)?);
    let tolerance = |e: &mut Emit, slot: Option<Val>, default: f64| -> Result<Val, Fault> {
        match slot {
            Some(v) => Ok(number(e, &v)?.re),
            None => Ok(e.float(default)),
        }
    };
    let relative = tolerance(e, relative, 1e-9)?;
    let absolute = tolerance(e, absolute, 0.0)?;
    let zero = e.float(0.0);
    for v in [&relative, &absolute] {
        let bad = e.lt(v, &zero);
        let fine = e.not(&bad);
        e.guard(&fine, ErrorKind::Tolerances, &[]);
    }
    let gap = a.sub(e, &b);
    let gap = complex::modulus(e, &gap);
    let mut close = e.le(&gap, &absolute);
    for v in [&b, &a] {
        let size = complex::modulus(e, v);
        let bound = e.mul(&relative, &size);
        let near = e.le(&gap, &bound);
        close = e.either(&close, &near);
    }
    let (x, y) = (a.is_inf(e), b.is_inf(e));
    let infinite = e.either(&x, &y);
    let finite = e.not(&infinite);
    let close = e.both(&close, &finite);
    let (re, im) = (e.eq(&a.re, &b.re), e.eq(&a.im, &b.im));
    let same = e.both(&re, &im);
    Ok(e.either(&same, &close))
}
