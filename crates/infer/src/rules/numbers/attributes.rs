//! Attributes and methods of numbers.

use super::builtins::tuple;
use super::complex::Parts;
use super::convert::{self, cast, part, to_dtype};
use super::{dtype, numpy_functions, rounding};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::promote::Num;
use crate::rules::Answer;
use crate::rules::arrays::casting::{Casting, refused_copy};
use crate::rules::arrays::literals::{self, Order};
use coachwhip_ir::{Code, Const, Dtype, Kind, Op, Ty};

/// `x.name`.
pub fn getattr(e: &mut Emit, v: &Val, name: &str) -> Answer {
    match v.literal() {
        Some(Const::Dtype(d)) => return Ok(dtype::attribute(e, *d, name)),
        Some(Const::Named(object)) => {
            let method = crate::rules::arrays::ufunc_methods::attribute(e, object, name)?;
            return Ok(method.or_else(|| numpy_functions::attribute(e, object, name)));
        }
        _ => {}
    }
    let Some(num) = Num::of(&v.ty) else { return Ok(None) };
    let value = match name {
        "real" => real(e, v, num),
        "imag" => imag(e, v, num),
        "numerator" if num.kind() <= Kind::Unsigned && num != Num::Scalar(Dtype::Bool) => real(e, v, num),
        "denominator" if num.kind() <= Kind::Unsigned && num != Num::Scalar(Dtype::Bool) => e.int(1),
        _ if num.is_numpy() => return Ok(numpy_attribute(e, v, num.dtype(), name)),
        _ => return Ok(None),
    };
    Ok(Some(value))
}

fn numpy_attribute(e: &mut Emit, v: &Val, d: Dtype, name: &str) -> Option<Val> {
    Some(match name {
        "dtype" => e.lit(Const::Dtype(d)),
        "itemsize" | "nbytes" => e.int(i64::from(d.size())),
        "ndim" => e.int(0),
        "size" => e.int(1),
        "shape" | "strides" => e.lit(Const::Tuple(std::sync::Arc::from([]))),
        "T" => v.clone(),
        _ => return None,
    })
}

/// `x.real`: of a Python `bool`, an `int`.
pub fn real(e: &mut Emit, v: &Val, num: Num) -> Val {
    match num {
        Num::Bool => cast(e, v, &Ty::Int),
        _ => convert::real_part(e, v),
    }
}

/// `x.imag`: 0 in the number's own type if it is real.
pub fn imag(e: &mut Emit, v: &Val, num: Num) -> Val {
    match num {
        _ if num.kind() == Kind::Complex => Parts::of(e, v, &part(&num.ty())).im,
        Num::Bool => e.int(0),
        _ => e.int_as(0, &num.ty()),
    }
}

const ALL: &[&str] = &["conjugate"];
const PYTHON_INT: &[&str] = &["bit_length", "bit_count", "is_integer", "as_integer_ratio", "__index__"];
const PYTHON_FLOAT: &[&str] = &["is_integer"];
const NUMPY: &[&str] = &["conj", "item", "tolist", "astype", "round", "copy"];
const NUMPY_INT: &[&str] = &["bit_count", "is_integer"];

/// Whether numbers of a type have a method.
pub fn has_method(ty: &Ty, name: &str) -> bool {
    let Some(num) = Num::of(ty) else { return false };
    let own = match num {
        Num::Bool | Num::Int => PYTHON_INT,
        Num::Float => PYTHON_FLOAT,
        Num::Complex => &[],
        Num::Scalar(d) if d.is_int() => NUMPY_INT,
        Num::Scalar(d) if d.kind() == Kind::Float => PYTHON_FLOAT,
        Num::Scalar(_) => &[],
    };
    ALL.contains(&name) || own.contains(&name) || (num.is_numpy() && NUMPY.contains(&name))
}

/// `x.name(args)`.
pub fn method(e: &mut Emit, v: &Val, name: &str, args: &Args) -> Answer {
    let Some(num) = Num::of(&v.ty) else { return Ok(None) };
    if !has_method(&v.ty, name) {
        return Ok(None);
    }
    let value = match name {
        "astype" => astype(e, v, args)?,
        "round" => round(e, v, num, args)?,
        _ if !args.rest().is_empty() => {
            return fault(Code::ArgumentTypes, format!("{name}() of a number takes no arguments in compiled code"));
        }
        "conjugate" | "conj" => args.take(["self"]).map(|_| conjugate(e, v, num))?,
        "item" | "tolist" => item(e, v, num)?,
        "copy" => {
            let [_, order] = args.take(["self", "order"])?;
            literals::order(order.as_ref(), Order::C)?;
            v.clone()
        }
        "bit_length" => bit_length(e, v),
        "bit_count" => bit_count(e, v, num),
        "is_integer" => is_integer(e, v, num),
        "__index__" => cast(e, v, &Ty::Int),
        "as_integer_ratio" => {
            let (numerator, one) = (cast(e, v, &Ty::Int), e.int(1));
            tuple(e, &[&numerator, &one])
        }
        _ => return Ok(None),
    };
    Ok(Some(value))
}

fn conjugate(e: &mut Emit, v: &Val, num: Num) -> Val {
    match num {
        Num::Bool => cast(e, v, &Ty::Int),
        _ if num.kind() == Kind::Complex => {
            let parts = Parts::of(e, v, &part(&num.ty()));
            parts.conj(e).pack(e, &num.ty())
        }
        _ => v.clone(),
    }
}

/// The Python number of a NumPy scalar.
pub fn item(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    Ok(match num.kind() {
        Kind::Bool => cast(e, v, &Ty::Bool),
        Kind::Float => cast(e, v, &Ty::Float),
        Kind::Complex => cast(e, v, &Ty::Complex),
        _ => convert::to_int(e, v)?,
    })
}

fn astype(e: &mut Emit, v: &Val, args: &Args) -> Result<Val, Fault> {
    // A number is always copied, in whatever order.
    let [_, d, order, casting, _subok, _copy] = args.take(["self", "dtype", "order", "casting", "subok", "copy"])?;
    literals::order(order.as_ref(), Order::K)?;
    let casting = Casting::of(casting.as_ref(), Casting::Unsafe)?;
    match d.and_then(|d| dtype::parse(&d)) {
        Some(to) if v.ty.dtype().is_some_and(|from| !casting.allows(from, to)) => {
            refused_copy("array data", v.ty.dtype().unwrap_or(to), to, casting)
        }
        Some(d) => Ok(to_dtype(e, v, d)),
        None => fault(Code::NeedsConstant, "astype() needs a dtype that is known at compile time"),
    }
}

fn round(e: &mut Emit, v: &Val, num: Num, args: &Args) -> Result<Val, Fault> {
    let [_, decimals] = args.take(["self", "decimals"])?;
    let digits = match decimals {
        Some(d) => rounding::c_int(e, "round()", &d)?,
        None => e.int(0),
    };
    rounding::numpy_decimals(e, v, &digits, num.dtype())
}

fn bit_length(e: &mut Emit, v: &Val) -> Val {
    let size = cast(e, v, &Ty::Int);
    let size = e.abs(&size);
    let zeros = e.op(Op::Clz, &[&size], Ty::Int);
    let width = e.int(64);
    e.sub(&width, &zeros)
}

/// One bits of the absolute value, as a Python `int`.
fn bit_count(e: &mut Emit, v: &Val, num: Num) -> Val {
    let ty = if num.is_numpy() { num.ty() } else { Ty::Int };
    let v = cast(e, v, &ty);
    let size = if num.kind() == Kind::Unsigned { v } else { e.abs(&v) };
    let ones = e.op(Op::PopCount, &[&size], ty);
    cast(e, &ones, &Ty::Int)
}

fn is_integer(e: &mut Emit, v: &Val, num: Num) -> Val {
    if num.kind() != Kind::Float {
        return e.bool(true);
    }
    let down = e.floor(v);
    let (whole, finite) = (e.eq(&down, v), e.is_finite(v));
    e.both(&whole, &finite)
}
