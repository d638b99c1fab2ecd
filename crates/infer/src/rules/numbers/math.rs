//! The functions of the `math` module over floats: the C library's values, CPython's failures.

use super::builtins::tuple;
use super::convert::{self, to_float};
use super::vector_math;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::promote::Num;
use crate::rules::{Rule, arrays, operators};
use coachwhip_ir::{BinaryOp, Code, Const, Diagnostic, Difference, Dtype, ErrorKind, Kind, Op, RuntimeFn, Ty, follows};
use std::f64::consts::PI;

/// Where a function of one number fails.
#[derive(Clone, Copy)]
enum Domain {
    /// Nowhere.
    Total,
    /// For infinities.
    Finite,
    /// Outside [-1, 1].
    Unit,
    /// Outside (-1, 1).
    OpenUnit,
    /// Below 1.
    FromOne,
    /// At 0 and below.
    Positive,
    /// At -1 and below.
    AboveMinusOne,
    /// Nowhere, but finite numbers above this one have a result that is out of range.
    Above(f64),
    /// The same of sizes.
    Beyond(f64),
}

macro_rules! one_number {
    ($($name:literal $f:ident $domain:expr;)*) => {
        const ONE_NUMBER: &[(&str, Rule)] =
            &[$(($name, |e, a| of_one(e, a, $name, RuntimeFn::$f, $domain))),*];
    };
}

/// The largest numbers whose `exp`, and whose `sinh` and `cosh`, are finite.
const EXP_LIMIT: f64 = 709.782712893384;
const SINH_LIMIT: f64 = 710.4758600739439;

use Domain::{Above, AboveMinusOne, Beyond, Finite, FromOne, OpenUnit, Positive, Total, Unit};

one_number! {
    "math.acos" Acos Unit;
    "math.acosh" Acosh FromOne;
    "math.asin" Asin Unit;
    "math.asinh" Asinh Total;
    "math.atan" Atan Total;
    "math.atanh" Atanh OpenUnit;
    "math.cbrt" Cbrt Total;
    "math.cos" Cos Finite;
    "math.cosh" Cosh Beyond(SINH_LIMIT);
    "math.erf" Erf Total;
    "math.erfc" Erfc Total;
    "math.exp" Exp Above(EXP_LIMIT);
    "math.exp2" Exp2 Above(1024f64.next_down());
    "math.expm1" Expm1 Above(EXP_LIMIT);
    "math.log10" Log10 Positive;
    "math.log1p" Log1p AboveMinusOne;
    "math.log2" Log2 Positive;
    "math.sin" Sin Finite;
    "math.sinh" Sinh Beyond(SINH_LIMIT);
    "math.tan" Tan Finite;
    "math.tanh" Tanh Total;
}

const OTHERS: &[(&str, Rule)] = &[
    ("math.atan2", |e, a| of_two(e, a, "math.atan2", RuntimeFn::Atan2)),
    ("math.nextafter", |e, a| of_two(e, a, "math.nextafter", RuntimeFn::Nextafter)),
    ("math.ulp", |e, a| of_one(e, a, "math.ulp", RuntimeFn::Ulp, Domain::Total)),
    ("math.ceil", |e, a| whole(e, a, "math.ceil", |e, v| e.ceil(v))),
    ("math.floor", |e, a| whole(e, a, "math.floor", |e, v| e.floor(v))),
    ("math.trunc", trunc),
    ("math.copysign", |e, a| {
        let (x, y) = reals(e, a, "math.copysign")?;
        Ok(e.copysign(&x, &y))
    }),
    ("math.fabs", |e, a| {
        let x = real(e, &a.one()?, "math.fabs")?;
        Ok(e.abs(&x))
    }),
    ("math.degrees", |e, a| scaled(e, a, "math.degrees", 180.0 / PI)),
    ("math.radians", |e, a| scaled(e, a, "math.radians", PI / 180.0)),
    ("math.isfinite", |e, a| classified(e, a, "math.isfinite", |e, v| e.is_finite(v))),
    ("math.isinf", |e, a| classified(e, a, "math.isinf", |e, v| e.is_inf(v))),
    ("math.isnan", |e, a| classified(e, a, "math.isnan", |e, v| e.is_nan(v))),
    ("math.sqrt", sqrt),
    ("math.log", log),
    ("math.gamma", |e, a| gamma(e, a, "math.gamma", RuntimeFn::Gamma)),
    ("math.lgamma", |e, a| gamma(e, a, "math.lgamma", RuntimeFn::Lgamma)),
    ("math.pow", pow),
    ("math.fmod", |e, a| remainder(e, a, "math.fmod", RuntimeFn::Fmod)),
    ("math.remainder", |e, a| remainder(e, a, "math.remainder", RuntimeFn::Remainder)),
    ("math.frexp", frexp),
    ("math.modf", modf),
    ("math.ldexp", ldexp),
    ("math.hypot", hypot),
    ("math.dist", dist),
    ("math.isclose", isclose),
    ("math.prod", prod),
    ("math.fsum", fsum),
];

/// The functions of this file.
pub const FUNCTIONS: [&[(&str, Rule)]; 2] = [ONE_NUMBER, OTHERS];

/// An argument that must be a real number, as a Python `float`.
fn real(e: &mut Emit, v: &Val, function: &str) -> Result<Val, Fault> {
    match Num::of(&v.ty) {
        Some(n) if n.kind() != Kind::Complex => Ok(to_float(e, v)),
        _ => {
            let found = coachwhip_ir::describe(&v.ty);
            fault(Code::ArgumentTypes, format!("{function} takes a real number, not {found}"))
        }
    }
}

fn reals(e: &mut Emit, args: &Args, function: &str) -> Result<(Val, Val), Fault> {
    let (x, y) = args.two()?;
    Ok((real(e, &x, function)?, real(e, &y, function)?))
}

/// `ValueError: math domain error` unless the condition is false.
fn domain(e: &mut Emit, bad: &Val) {
    let fine = e.not(bad);
    e.guard(&fine, ErrorKind::MathDomain, &[]);
}

/// The same in this interpreter's words for a function of one number; `int` if Python got an int.
fn domain_of(e: &mut Emit, bad: &Val, name: &str, x: &Val, int: bool) {
    if !follows(Difference::MathNamesArgument) {
        return domain(e, bad);
    }
    let fine = e.not(bad);
    let x = e.machine(x);
    let bits = e.op(Op::Bitcast, &[&x], Ty::Int);
    let name = e.lit(Const::Str(if int { format!("{name}:int").into() } else { name.into() }));
    e.guard(&fine, ErrorKind::MathDomainOf, &[&name, &bits]);
}

/// Whether an argument is a Python int, of which some functions of `math` take the exact value.
fn is_int(v: &Val) -> bool {
    matches!(Num::of(&v.ty), Some(Num::Int | Num::Bool))
}

/// `OverflowError: math range error` if the result is infinite and the argument is not.
fn range(e: &mut Emit, result: &Val, args: &[&Val]) {
    let mut bad = e.is_inf(result);
    for v in args {
        let finite = e.is_finite(v);
        bad = e.both(&bad, &finite);
    }
    let fine = e.not(&bad);
    e.guard(&fine, ErrorKind::MathRange, &[]);
}

/// `OverflowError: math range error` if a finite number is above the limit.
fn finite_beyond(e: &mut Emit, x: &Val, limit: &Val) {
    let infinity = e.float(f64::INFINITY);
    let (above, finite) = (e.gt(x, limit), e.lt(x, &infinity));
    let bad = e.both(&above, &finite);
    let fine = e.not(&bad);
    e.guard(&fine, ErrorKind::MathRange, &[]);
}

fn of_one(e: &mut Emit, args: &Args, name: &str, f: RuntimeFn, check: Domain) -> Result<Val, Fault> {
    let given = args.one()?;
    let x = real(e, &given, name)?;
    let (zero, unit, minus) = (e.float(0.0), e.float(1.0), e.float(-1.0));
    let bad = match check {
        Domain::Total => None,
        Domain::Above(limit) => {
            let limit = e.float(limit);
            finite_beyond(e, &x, &limit);
            None
        }
        Domain::Beyond(limit) => {
            let (size, limit) = (e.abs(&x), e.float(limit));
            finite_beyond(e, &size, &limit);
            None
        }
        Domain::Finite => Some(e.is_inf(&x)),
        Domain::Unit => {
            let size = e.abs(&x);
            Some(e.gt(&size, &unit))
        }
        Domain::OpenUnit => {
            let size = e.abs(&x);
            Some(e.ge(&size, &unit))
        }
        Domain::FromOne => Some(e.lt(&x, &unit)),
        Domain::Positive => Some(e.le(&x, &zero)),
        Domain::AboveMinusOne => Some(e.le(&x, &minus)),
    };
    if let Some(bad) = bad {
        let int = is_int(&given) && matches!(check, Domain::Positive);
        domain_of(e, &bad, name, &x, int);
    }
    Ok(vector_math::call(e, f, &[&x], Ty::Float))
}

fn of_two(e: &mut Emit, args: &Args, name: &str, f: RuntimeFn) -> Result<Val, Fault> {
    let (x, y) = reals(e, args, name)?;
    Ok(vector_math::call(e, f, &[&x, &y], Ty::Float))
}

fn whole(e: &mut Emit, args: &Args, name: &str, round: fn(&mut Emit, &Val) -> Val) -> Result<Val, Fault> {
    let v = args.one()?;
    match Num::of(&v.ty) {
        Some(Num::Int | Num::Bool) => convert::to_int(e, &v),
        // NumPy's integers have no method for this, so CPython makes a float of them.
        _ => {
            let x = real(e, &v, name)?;
            let rounded = round(e, &x);
            convert::float_to_int(e, &rounded)
        }
    }
}

/// `math.trunc`, which NumPy's scalars do not answer, but for float64, which is a Python float.
fn trunc(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let v = args.one()?;
    match Num::of(&v.ty) {
        Some(Num::Scalar(Dtype::Float64)) => convert::float_to_int(e, &v),
        Some(n) if n.is_numpy() || n == Num::Complex => {
            let message = format!("type {} doesn't define __trunc__ method", n.name());
            Err(Box::new(Diagnostic::new(Code::ArgumentTypes, message).help("use int(x)")))
        }
        _ => convert::to_int(e, &v),
    }
}

fn scaled(e: &mut Emit, args: &Args, name: &str, factor: f64) -> Result<Val, Fault> {
    let x = real(e, &args.one()?, name)?;
    let factor = e.float(factor);
    Ok(e.mul(&x, &factor))
}

fn classified(e: &mut Emit, args: &Args, name: &str, test: fn(&mut Emit, &Val) -> Val) -> Result<Val, Fault> {
    let x = real(e, &args.one()?, name)?;
    Ok(test(e, &x))
}

fn sqrt(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let x = real(e, &args.one()?, "math.sqrt")?;
    let zero = e.float(0.0);
    let bad = e.lt(&x, &zero);
    domain_of(e, &bad, "math.sqrt", &x, false);
    Ok(e.sqrt(&x))
}

/// `math.log(x)` and `math.log(x, base)`.
fn log(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let slots = args.take(["x", "base"])?;
    let mut logs = Vec::new();
    for v in slots.into_iter().flatten() {
        let x = real(e, &v, "math.log")?;
        let zero = e.float(0.0);
        let bad = e.le(&x, &zero);
        domain_of(e, &bad, "math.log", &x, is_int(&v));
        logs.push(vector_math::call(e, RuntimeFn::Log, &[&x], Ty::Float));
    }
    match logs.as_slice() {
        [x, base] => operators::binary(e, BinaryOp::TrueDiv, false, x, base),
        [x, ..] => Ok(x.clone()),
        [] => fault(Code::ArgumentCount, "math.log is missing an argument"),
    }
}

/// `gamma` and `lgamma`: poles at 0 and the negative whole numbers.
fn gamma(e: &mut Emit, args: &Args, name: &str, f: RuntimeFn) -> Result<Val, Fault> {
    let x = real(e, &args.one()?, name)?;
    let (zero, least) = (e.float(0.0), e.float(f64::NEG_INFINITY));
    let down = e.floor(&x);
    let (low, whole) = (e.le(&x, &zero), e.eq(&down, &x));
    let mut pole = e.both(&low, &whole);
    if f == RuntimeFn::Lgamma {
        // `lgamma(-inf)` is infinity; `gamma(-inf)` is a domain error.
        let finite = e.gt(&x, &least);
        pole = e.both(&pole, &finite);
    }
    domain_of(e, &pole, name, &x, false);
    let result = e.runtime(f, &[&x], Ty::Float);
    range(e, &result, &[&x]);
    Ok(result)
}

fn pow(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let (x, y) = reals(e, args, "math.pow")?;
    let result = vector_math::call(e, RuntimeFn::Pow, &[&x, &y], Ty::Float);
    let zero = e.float(0.0);
    let (finite_x, finite_y) = (e.is_finite(&x), e.is_finite(&y));
    let finite = e.both(&finite_x, &finite_y);
    let (nan, infinite, base_zero) = (e.is_nan(&result), e.is_inf(&result), e.eq(&x, &zero));
    let pole = e.both(&infinite, &base_zero);
    let bad = e.either(&nan, &pole);
    let bad = e.both(&bad, &finite);
    domain(e, &bad);
    range(e, &result, &[&x, &y]);
    Ok(result)
}

/// `fmod` and `remainder`: NaN from operands that are not is a domain error.
fn remainder(e: &mut Emit, args: &Args, name: &str, f: RuntimeFn) -> Result<Val, Fault> {
    let (x, y) = reals(e, args, name)?;
    let result = e.runtime(f, &[&x, &y], Ty::Float);
    let (a, b, nan) = (e.eq(&x, &x), e.eq(&y, &y), e.is_nan(&result));
    let numbers = e.both(&a, &b);
    let bad = e.both(&nan, &numbers);
    domain(e, &bad);
    Ok(result)
}

fn frexp(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let x = real(e, &args.one()?, "math.frexp")?;
    let mantissa = e.runtime(RuntimeFn::FrexpMantissa, &[&x], Ty::Float);
    let exponent = e.runtime(RuntimeFn::FrexpExponent, &[&x], Ty::Int);
    Ok(tuple(e, &[&mantissa, &exponent]))
}

/// Fractional and whole part, both with the number's sign.
pub fn fraction_and_whole(e: &mut Emit, x: &Val) -> (Val, Val) {
    let ty = x.ty.widened();
    let whole = e.trunc(x);
    let fraction = e.sub(x, &whole);
    let infinite = e.is_inf(x);
    let zero = e.float_as(0.0, &ty);
    let fraction = e.select(&infinite, &zero, &fraction);
    (e.copysign(&fraction, x), whole)
}

fn modf(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let x = real(e, &args.one()?, "math.modf")?;
    let (fraction, whole) = fraction_and_whole(e, &x);
    Ok(tuple(e, &[&fraction, &whole]))
}

/// An exponent cut to what any double can use, as a C `int`.
pub fn small_exponent(e: &mut Emit, n: &Val) -> Val {
    let (low, high) = (e.int(-5000), e.int(5000));
    let n = e.int_max(n, &low);
    let n = e.int_min(&n, &high);
    convert::cast(e, &n, &Ty::Scalar(Dtype::Int32))
}

fn ldexp(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let (x, n) = args.two()?;
    let x = real(e, &x, "math.ldexp")?;
    let n = super::rounding::index(e, "math.ldexp", &n)?;
    let n = small_exponent(e, &n);
    let result = e.runtime(RuntimeFn::Ldexp, &[&x, &n], Ty::Float);
    range(e, &result, &[&x]);
    Ok(result)
}

/// The norm of up to eight numbers.
fn norm(e: &mut Emit, parts: &[Val], name: &str) -> Result<Val, Fault> {
    match parts {
        [] => Ok(e.float(0.0)),
        [x] => Ok(e.abs(x)),
        [x, y] if !e.options.exact_math => Ok(vector_math::call(e, RuntimeFn::Hypot, &[x, y], Ty::Float)),
        _ if parts.len() <= 8 => {
            let zero = e.float(0.0);
            let mut args: Vec<&Val> = parts.iter().collect();
            args.resize(8, &zero);
            Ok(e.runtime(RuntimeFn::Norm, &args, Ty::Float))
        }
        _ => fault(Code::ArgumentCount, format!("{name} takes at most 8 coordinates in compiled code")),
    }
}

fn hypot(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let mut parts = Vec::new();
    for v in args.rest() {
        parts.push(real(e, v, "math.hypot")?);
    }
    norm(e, &parts, "math.hypot")
}

/// The items of a tuple argument.
fn items(e: &mut Emit, v: &Val, function: &str) -> Result<Vec<Val>, Fault> {
    if crate::rules::lists::is_sequence(&v.ty) {
        return crate::rules::tuples::items(e, v);
    }
    let found = coachwhip_ir::describe(&v.ty);
    fault(Code::ArgumentTypes, format!("{function} takes tuples in compiled code, not {found}"))
}

fn dist(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let (p, q) = args.two()?;
    let (p, q) = (items(e, &p, "math.dist")?, items(e, &q, "math.dist")?);
    if p.len() != q.len() {
        return fault(Code::ArgumentTypes, "both points must have the same number of dimensions");
    }
    let mut parts = Vec::new();
    for (x, y) in p.iter().zip(&q) {
        let (x, y) = (real(e, x, "math.dist")?, real(e, y, "math.dist")?);
        parts.push(e.sub(&x, &y));
    }
    norm(e, &parts, "math.dist")
}

fn isclose(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let mut slots = args.take(["a", "b", "rel_tol", "abs_tol"])?.into_iter();
    let mut next = |e: &mut Emit, default: f64| match slots.next().flatten() {
        Some(v) => real(e, &v, "math.isclose"),
        None => Ok(e.float(default)),
    };
    let (a, b) = (next(e, 0.0)?, next(e, 0.0)?);
    let (relative, absolute) = (next(e, 1e-9)?, next(e, 0.0)?);
    let zero = e.float(0.0);
    for tolerance in [&relative, &absolute] {
        let bad = e.lt(tolerance, &zero);
        let fine = e.not(&bad);
        e.guard(&fine, ErrorKind::Tolerances, &[]);
    }
    let gap = e.sub(&b, &a);
    let gap = e.abs(&gap);
    let mut close = e.le(&gap, &absolute);
    for v in [&b, &a] {
        let bound = e.mul(&relative, v);
        let bound = e.abs(&bound);
        let near = e.le(&gap, &bound);
        close = e.either(&close, &near);
    }
    // An infinite operand is close to itself alone.
    let (x, y) = (e.is_inf(&a), e.is_inf(&b));
    let infinite = e.either(&x, &y);
    let finite = e.not(&infinite);
    let close = e.both(&close, &finite);
    let same = e.eq(&a, &b);
    Ok(e.either(&same, &close))
}

fn prod(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [iterable, start] = args.take(["iterable", "start"])?;
    let iterable = super::builtins::take("math.prod", iterable)?;
    let mut product = start.unwrap_or_else(|| e.int(1));
    if !crate::rules::lists::is_sequence(&iterable.ty) {
        let iterable = arrays::iterable(e, &iterable, "math.prod")?;
        return e.library("coachwhip.lib.product", vec![iterable, product]);
    }
    for item in items(e, &iterable, "math.prod")? {
        product = operators::binary(e, BinaryOp::Mul, false, &product, &item)?;
    }
    Ok(product)
}

/// The exact sum, rounded once: up to eight numbers of a tuple in one call of the run time, the rest by the library.
fn fsum(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let v = args.one()?;
    if !crate::rules::lists::is_sequence(&v.ty) {
        let iterable = arrays::iterable(e, &v, "math.fsum")?;
        return arrays::strict_library(e, "coachwhip.lib.fsum", &[iterable]);
    }
    let mut parts = Vec::new();
    for item in items(e, &v, "math.fsum")? {
        parts.push(real(e, &item, "math.fsum")?);
    }
    if parts.len() > 8 {
        let floats = Ty::tuple(parts.iter().map(|_| Ty::Float));
        let parts: Vec<Val> = parts.iter().map(|part| e.machine(part)).collect();
        let numbers = e.pack(floats, &parts.iter().collect::<Vec<_>>());
        return arrays::strict_library(e, "coachwhip.lib.fsum", &[numbers]);
    }
    let zero = e.float(0.0);
    let mut padded: Vec<&Val> = parts.iter().collect();
    padded.resize(8, &zero);
    let sum = e.runtime(RuntimeFn::Fsum, &padded, Ty::Float);
    let mut opposite = e.is_nan(&sum);
    for part in &parts {
        let number = e.eq(part, part);
        opposite = e.both(&opposite, &number);
    }
    let fine = e.not(&opposite);
    e.guard(&fine, ErrorKind::FsumOpposite, &[]);
    let finite: Vec<&Val> = parts.iter().collect();
    let mut over = e.is_inf(&sum);
    for part in finite {
        let finite = e.is_finite(part);
        over = e.both(&over, &finite);
    }
    let fine = e.not(&over);
    e.guard(&fine, ErrorKind::FsumOverflow, &[]);
    Ok(sum)
}
