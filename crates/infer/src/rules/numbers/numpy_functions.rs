//! NumPy's functions of numbers that are not universal functions: `clip`, `isclose`, `fix`, `sinc`, and the
//! questions about types and limits (`finfo`, `iinfo`).

use super::builtins::{is_none, take};
use super::convert::{self, cast, to_dtype};
use super::half::in_single;
use super::{attributes, compare, dtype, ufunc};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::promote::{self, Num};
use crate::rules::arrays::functions;
use crate::rules::{Rule, operators};
use coachwhip_ir::{BinaryOp, CmpOp, Code, Const, Dtype, Kind, Op, RuntimeFn, Ty};
use std::f64::consts::PI;

/// The functions of this file.
pub const FUNCTIONS: &[(&str, Rule)] = &[
    ("numpy.clip", clip),
    ("numpy.isclose", isclose),
    ("numpy.fix", |e, a| ufunc::of_one(e, a, "fix", |e, v, n| ufunc::whole(e, v, n, "fix", |e, v| e.trunc(v)))),
    ("numpy.sinc", |e, a| ufunc::of_one(e, a, "sinc", sinc)),
    ("numpy.isreal", |e, a| ufunc::of_one(e, a, "isreal", |e, v, n| imaginary_is(e, v, n, CmpOp::Eq))),
    ("numpy.iscomplex", |e, a| ufunc::of_one(e, a, "iscomplex", |e, v, n| imaginary_is(e, v, n, CmpOp::Ne))),
    ("numpy.isrealobj", |e, a| has_complex_type(e, a, false)),
    ("numpy.iscomplexobj", |e, a| has_complex_type(e, a, true)),
    ("numpy.isscalar", |e, a| {
        let v = a.one()?;
        if let (Ty::Optional(inner), Some(present)) = (&v.ty, e.presence(&v)) {
            return Ok(if Num::of(inner).is_some() { present } else { e.bool(false) });
        }
        Ok(e.bool(Num::of(&v.ty).is_some() || matches!(v.literal(), Some(Const::Str(_)))))
    }),
    ("numpy.finfo", |e, a| limits(e, a, FINFO)),
    ("numpy.iinfo", |e, a| limits(e, a, IINFO)),
];

/// `np.clip(a, a_min, a_max)`.  Bounds given as Python ints that are beyond the dtype's own bound nothing.
fn clip(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let plain = ["a", "a_min", "a_max", "min", "max"];
    if functions::takes_arrays(args) || args.only(&plain).is_err() {
        return functions::clip(e, args);
    }
    let [v, low, high] = functions::clip_bounds(args, args.take(plain)?)?;
    let v = take("np.clip", v)?;
    let bounds = [low, high].map(|bound| bound.filter(|v| !is_none(v)));
    if bounds.iter().all(Option::is_none) {
        return functions::clip(e, args);
    }
    // NumPy makes an array of a Python number, which has a dtype of its own.
    let own = super::number("np.clip()", &v)?.dtype();
    let mut common = Num::Scalar(own);
    for bound in bounds.iter().flatten() {
        common = promote::common(common, super::number("np.clip()", bound)?);
    }
    let target = common.dtype();
    let mut value = to_dtype(e, &v, target);
    for (bound, low) in bounds.iter().zip([true, false]) {
        let Some(bound) = bound else { continue };
        let bound = clip_bound(e, bound, own, target, low);
        value = clipped(e, &value, &bound, target, low)?;
    }
    Ok(value)
}

/// The bound where the value is beyond it or the bound is NaN.
fn clipped(e: &mut Emit, value: &Val, bound: &Val, target: Dtype, low: bool) -> Result<Val, Fault> {
    if target.kind() == Kind::Complex {
        let (num, op) = (Num::Scalar(target), if low { CmpOp::Gt } else { CmpOp::Lt });
        return ufunc::extreme(e, op, true, (value, num), (bound, num));
    }
    let op = if low { CmpOp::Lt } else { CmpOp::Gt };
    let beyond = compare::numbers(e, op, value, bound, compare::Order::Function);
    let unknown = if target.kind() == Kind::Float { e.is_nan(bound) } else { e.bool(false) };
    let replaced = e.either(&beyond, &unknown);
    Ok(e.select(&replaced, bound, value))
}

/// A bound of `clip` in the dtype of the operation.  An int that is the first or last of the clipped integers' own dtype,
/// or beyond, bounds nothing; any other must fit the dtype of the operation, as where NumPy converts it.
pub fn clip_bound(e: &mut Emit, bound: &Val, own: Dtype, target: Dtype, low: bool) -> Val {
    if Num::of(&bound.ty) != Some(Num::Int) || !target.is_int() {
        return to_dtype(e, bound, target);
    }
    if own.is_int() {
        let side = |(least, greatest): (i64, i64)| if low { least } else { greatest };
        let (edge, free) = (e.int(side(convert::limits(own))), e.int(side(convert::limits(target))));
        let op = if low { CmpOp::Le } else { CmpOp::Ge };
        let idle = compare::numbers(e, op, bound, &edge, compare::Order::Function);
        let bound = e.select(&idle, &free, bound);
        return convert::checked_int_to_dtype(e, &bound, target);
    }
    convert::checked_int_to_dtype(e, bound, target)
}

/// `np.isclose(a, b, rtol, atol, equal_nan)` of real numbers.
fn isclose(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    if functions::takes_arrays(args) {
        return functions::isclose(e, args);
    }
    let [a, b, relative, absolute, equal_nan] = args.take(["a", "b", "rtol", "atol", "equal_nan"])?;
    let (a, b) = (take("np.isclose", a)?, take("np.isclose", b)?);
    let (relative, absolute) = (relative.unwrap_or_else(|| e.float(1e-5)), absolute.unwrap_or_else(|| e.float(1e-8)));
    let (x, y) = (super::number("np.isclose()", &a)?, super::number("np.isclose()", &b)?);
    if x.kind() == Kind::Complex || y.kind() == Kind::Complex {
        return functions::isclose(e, args);
    }
    let (a, b) = (to_dtype(e, &a, x.dtype()), to_dtype(e, &b, promote::weak(y.dtype(), Num::Float)));
    let gap = operators::binary(e, BinaryOp::Sub, false, &a, &b)?;
    let gap = e.abs(&gap);
    let size = e.abs(&b);
    let bound = operators::binary(e, BinaryOp::Mul, false, &relative, &size)?;
    let bound = operators::binary(e, BinaryOp::Add, false, &absolute, &bound)?;
    let near = compare::numbers(e, CmpOp::Le, &gap, &bound, compare::Order::Function);
    let finite = e.is_finite(&b);
    let near = e.both(&near, &finite);
    let same = compare::numbers(e, CmpOp::Eq, &a, &b, compare::Order::Function);
    let mut close = e.either(&near, &same);
    if let Some(flag) = equal_nan {
        let flag = operators::truth(e, &flag)?;
        let (p, q) = (cast(e, &a, &Ty::Float), e.is_nan(&b));
        let p = e.is_nan(&p);
        let both = e.both(&p, &q);
        let both = e.both(&both, &flag);
        close = e.either(&close, &both);
    }
    Ok(cast(e, &close, &Ty::Scalar(Dtype::Bool)))
}

/// `sin(pi * x) / (pi * x)`, with a tiny number in the place of 0.
fn sinc(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    let dtype = match num.kind() {
        Kind::Complex => return fault(Code::ArgumentTypes, "np.sinc of complex numbers is not supported"),
        Kind::Float => num.dtype(),
        _ => Dtype::Float64,
    };
    let ty = Ty::Scalar(dtype);
    let x = to_dtype(e, v, dtype);
    let (pi, zero) = (e.float_as(PI, &ty), e.float_as(0.0, &ty));
    let y = e.mul(&pi, &x);
    let tiny = e.float_as(2f64.powi(-(dtype.digits() as i32)), &ty);
    let none = e.eq(&y, &zero);
    let y = e.select(&none, &tiny, &y);
    let sine = in_single(e, [&y], |e, [y]| {
        let ty = y.ty.widened();
        e.runtime(if ty == Ty::Scalar(Dtype::Float32) { RuntimeFn::Sinf } else { RuntimeFn::Sin }, &[y], ty)
    });
    Ok(e.fdiv(&sine, &y))
}

/// `imag(x) == 0` or `!= 0`, in the type that comparison has.
fn imaginary_is(e: &mut Emit, v: &Val, num: Num, op: CmpOp) -> Result<Val, Fault> {
    let imaginary = attributes::imag(e, v, num);
    let zero = e.int(0);
    let truth = operators::compare(e, op, &imaginary, &zero)?;
    // `iscomplex` makes an array of its argument first.
    Ok(if op == CmpOp::Ne { cast(e, &truth, &Ty::Scalar(Dtype::Bool)) } else { truth })
}

fn has_complex_type(e: &mut Emit, args: &Args, wanted: bool) -> Result<Val, Fault> {
    let v = args.one()?;
    let inside = if let Ty::Optional(inner) = &v.ty { (**inner).clone() } else { v.ty.clone() };
    let dtype = inside.array().map(|a| a.dtype).or(inside.dtype());
    match dtype {
        Some(d) if d.kind() == Kind::Complex => match e.presence(&v) {
            Some(present) if wanted => Ok(present),
            Some(present) => Ok(e.negated(&present)),
            None => Ok(e.bool(wanted)),
        },
        Some(_) => Ok(e.bool(!wanted)),
        // NumPy makes an array of it, which holds no complex numbers.
        None if is_none(&v) || matches!(v.literal(), Some(Const::Str(_))) => Ok(e.bool(!wanted)),
        None => fault(Code::ArgumentTypes, "np.iscomplexobj takes numbers and arrays"),
    }
}

const FINFO: &str = "numpy.finfo of ";
const IINFO: &str = "numpy.iinfo of ";

/// The limits of a type, as a value whose attributes [`attribute`] knows.
fn limits(e: &mut Emit, args: &Args, what: &str) -> Result<Val, Fault> {
    let v = args.one()?;
    let dtype = dtype::parse(&v).or(v.ty.array().map(|a| a.dtype)).or(v.ty.dtype());
    match dtype {
        Some(d) if what == FINFO && d.kind() >= Kind::Float || what == IINFO && d.is_int() => {
            let name = format!("{what}{}", d.name());
            Ok(e.lit(Const::Named(name.into())))
        }
        _ => fault(Code::ArgumentTypes, format!("{what}takes a dtype of its kind")),
    }
}

/// An attribute of `np.finfo(…)` or `np.iinfo(…)`.
pub fn attribute(e: &mut Emit, object: &str, name: &str) -> Option<Val> {
    if let Some(d) = object.strip_prefix(IINFO).and_then(Dtype::by_name) {
        return integer_limit(e, d, name);
    }
    let d = object.strip_prefix(FINFO).and_then(Dtype::by_name)?.real();
    let digits = d.digits();
    // The decimal digits that every number of them survives, and the bits of infinity.
    let precision = (f64::from(digits) * std::f64::consts::LOG10_2) as i32;
    let infinity = (1u64 << (8 * d.size() - 1)) - (1 << digits);
    let value = match name {
        "eps" => 2f64.powi(-(digits as i32)),
        "epsneg" => 2f64.powi(-1 - digits as i32),
        "max" => d.float_value(infinity - 1),
        "min" => -d.float_value(infinity - 1),
        "tiny" | "smallest_normal" => d.float_value(1 << digits),
        "smallest_subnormal" => d.float_value(1),
        "resolution" => 1.0 / 10f64.powi(precision),
        "bits" => return Some(e.int(8 * i64::from(d.size()))),
        "nmant" => return Some(e.int(i64::from(digits))),
        "precision" => return Some(e.int(i64::from(precision))),
        "dtype" => return Some(e.lit(Const::Dtype(d))),
        _ => return None,
    };
    let value = e.float(value);
    Some(e.op(Op::Convert, &[&value], Ty::Scalar(d)))
}

fn integer_limit(e: &mut Emit, d: Dtype, name: &str) -> Option<Val> {
    let (least, greatest) = convert::limits(d);
    Some(match name {
        "min" => e.int(least),
        "max" if d == Dtype::Uint64 => e.lit(Const::BigInt(u64::MAX.to_string().into())),
        "max" => e.int(greatest),
        "bits" => e.int(8 * i64::from(d.size())),
        "dtype" => e.lit(Const::Dtype(d)),
        _ => return None,
    })
}
