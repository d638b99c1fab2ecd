//! Element-wise functions that are no ufuncs: `np.where`, `clip`, `round`, `isclose`, `nan_to_num`, `angle`, `copyto`,
//! and the methods of arrays among them.

use super::array_like::is_convertible;
use super::broadcast::broadcast;
use super::cast::{cast, is_number, stored};
use super::casting::{self, Casting};
use super::create::{allocate, array_or_number, copied};
use super::elementwise::{Operand, apply, into, is_array, layout, over, scalar, write_where};
use super::geometry::{and, array, equal, flattened, shape};
use super::literals::{Order, flag};
use super::raise::{Piece, raise};
use super::ufuncs::{self, Request, Ufunc, mask, operand};
use super::{attributes, index, store};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::promote::{self, Num};
use crate::rules::numbers;
use coachwhip_ir::{ArrayTy, Code, Difference, Dtype, ErrorKind, Kind, Layout, Ty, describe, follows};

/// Whether a call of one of these is about arrays: an argument is one, or results go to one.
pub fn takes_arrays(args: &Args) -> bool {
    args.given().any(|v| is_array(v) || is_convertible(&v.ty))
}

fn present(v: &Option<Val>) -> Option<&Val> {
    v.as_ref().filter(|v| !index::is_none(v))
}

fn required(v: &Option<Val>, function: &str, name: &str) -> Result<Val, Fault> {
    match v {
        Some(v) => Ok(v.clone()),
        None => fault(Code::ArgumentCount, format!("{function}() is missing its argument '{name}'")),
    }
}

/// `np.where(condition, x, y)`; with the condition alone, the positions where it holds.
pub fn choose(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [condition, x, y] = args.take(["condition", "x", "y"])?;
    let condition = required(&condition, "where", "condition")?;
    let (x, y) = match (&x, &y) {
        (Some(x), Some(y)) => (x, y),
        (None, None) => return super::fancy::nonzero(e, &Args::of("numpy.nonzero", vec![condition])?),
        _ => return fault(Code::ArgumentCount, "either both or neither of x and y should be given"),
    };
    let condition = operand(e, "where", &condition)?;
    let (x, y) = (operand(e, "where", x)?, operand(e, "where", y)?);
    let (x, y) = common(e, x, y)?;
    let condition = match condition {
        Operand::Single(v) => Operand::Single(e.machine(&v)),
        array => array,
    };
    let operands = [condition, x, y];
    let shapes: Vec<Vec<Val>> = operands.iter().map(|o| o.sizes(e)).collect();
    if shapes.iter().any(|s| !s.is_empty()) {
        return apply(e, "where", &operands);
    }
    let element = scalar(e, "where", &operands)?;
    let dtype = element.ty.dtype().unwrap_or(Dtype::Float64);
    let a = allocate(e, dtype, &[], Layout::C, false);
    store::store(e, &a, &[], &element);
    Ok(a)
}

/// Both operands with Python numbers cast to the common dtype.
fn common(e: &mut Emit, x: Operand, y: Operand) -> Result<(Operand, Operand), Fault> {
    let (Some(p), Some(q)) = (Num::of(&x.element()), Num::of(&y.element())) else {
        return fault(Code::ArgumentTypes, "np.where() takes numbers of at most 64 bits");
    };
    let dtype = if p.is_numpy() || q.is_numpy() { promote::common(p, q).dtype() } else { p.dtype().promote(q.dtype()) };
    let checked = (p.is_numpy() || q.is_numpy()) && dtype.is_int() && follows(Difference::WhereChecksInts);
    let mut converted = |o: Operand| match o {
        Operand::Single(v) if checked && Num::of(&v.ty) == Some(Num::Int) => {
            let element = numbers::checked_int_to_dtype(e, &v, dtype);
            Operand::Single(e.machine(&element))
        }
        Operand::Single(v) => {
            let element = cast(e, &v, dtype);
            Operand::Single(e.machine(&element))
        }
        array => array,
    };
    Ok((converted(x), converted(y)))
}

/// `np.clip(a, a_min, a_max, out=None, *, min, max, dtype, casting, where)` and `a.clip(min, max, …)`.
pub fn clip(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, low, high] = match args.has("a_min") {
        true => clip_bounds(args, ["a", "a_min", "a_max", "min", "max"].map(|name| args.get(name).cloned()))?,
        false => ["a", "min", "max"].map(|name| args.get(name).cloned()),
    };
    let a = required(&a, "clip", "a")?;
    // NumPy makes an array of a Python number, which has a dtype of its own.
    let a = match a.ty.dtype().filter(|_| a.ty.is_python_number()) {
        Some(own) => cast(e, &a, own),
        None => a,
    };
    let own = a.ty.array().map(|ty| ty.dtype).or(a.ty.dtype());
    let single = |e: &mut Emit, bound: &Val, low: bool| match own.filter(|d| d.is_int()) {
        Some(own) if bound.ty.widened() == Ty::Int => numbers::clip_bound(e, bound, own, own, low),
        _ => bound.clone(),
    };
    let (name, inputs) = match (present(&low), present(&high)) {
        (None, None) => ("positive", vec![a]),
        (Some(low), None) => ("maximum", vec![a, single(e, low, true)]),
        (None, Some(high)) => ("minimum", vec![a, single(e, high, false)]),
        (Some(low), Some(high)) => ("clip", vec![a, low.clone(), high.clone()]),
    };
    let count = inputs.len();
    ufuncs::call_with(e, Ufunc { name, inputs: count }, &inputs, args)
}

/// The array and its bounds, which `np.clip` takes by two pairs of names, as both or neither of the first.
pub fn clip_bounds(args: &Args, given: [Option<Val>; 5]) -> Result<[Option<Val>; 3], Fault> {
    let [a, low, high, min, max] = given;
    match (&low, &high) {
        (None, None) => Ok([a, min, max]),
        (Some(_), Some(_)) if min.is_none() && max.is_none() => Ok([a, low, high]),
        (Some(_), Some(_)) => {
            let message = "Passing `min` or `max` keyword argument when `a_min` and `a_max` are provided is forbidden.";
            fault(Code::ArgumentCount, message)
        }
        _ => {
            let missing = if low.is_none() { "a_min" } else { "a_max" };
            fault(
                Code::ArgumentCount,
                format!("{}() missing 1 required positional argument: '{missing}'", args.function()),
            )
        }
    }
}

/// Operands of `clip` with Python numbers in the common dtype; an int beyond it bounds nothing.
pub fn clip_operands(e: &mut Emit, operands: Vec<Operand>) -> Result<Vec<Operand>, Fault> {
    let numbers: Option<Vec<Num>> = operands.iter().map(|o| Num::of(&o.element())).collect();
    let own = numbers.as_ref().and_then(|all| all.first()).map(|num| num.dtype());
    let dtype = numbers.and_then(|all| all.into_iter().reduce(promote::common)).map(Num::dtype);
    let (Some(own), Some(dtype)) = (own, dtype) else {
        return fault(Code::ArgumentTypes, "np.clip() takes numbers of at most 64 bits");
    };
    let mut result = Vec::with_capacity(operands.len());
    for (position, operand) in operands.into_iter().enumerate() {
        result.push(match operand {
            Operand::Single(v) => {
                let bound = match position {
                    0 => cast(e, &v, dtype),
                    _ => numbers::clip_bound(e, &v, own, dtype, position == 1),
                };
                Operand::Single(e.machine(&bound))
            }
            array => array,
        });
    }
    Ok(result)
}

/// The `out` argument of a function.
fn output(e: &mut Emit, v: &Option<Val>) -> Result<Option<(Val, ArrayTy)>, Fault> {
    let Some(v) = present(v) else { return Ok(None) };
    match array(e, v) {
        Some(found) => Ok(Some(found)),
        None => fault(Code::ArgumentTypes, format!("return arrays must be of ArrayType, not {}", describe(&v.ty))),
    }
}

/// `np.round(a, decimals=0, out=None)` and `a.round(…)`.
pub fn round(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, decimals, out] = args.take(["a", "decimals", "out"])?;
    let a = operand(e, "round", &required(&a, "round", "a")?)?;
    let decimals = match decimals {
        Some(v) => numbers::c_int(e, "np.round()", &v)?,
        None => e.int(0),
    };
    if decimals.is_never() {
        return Ok(decimals);
    }
    // The kernel sees that it fits.
    let decimals = cast(e, &decimals, Dtype::Int32);
    let mut request = Request::plain(1);
    let out = output(e, &out)?;
    if let Some((target, ty)) = &out {
        same_shape(e, &a, target, *ty)?;
    }
    request.arrays = vec![out];
    ufuncs::compute_request(e, "rint", &["round"], &[a, Operand::Single(decimals)], request)
}

/// Fails unless an output has the shape of what is rounded: it is not broadcast.
fn same_shape(e: &mut Emit, a: &Operand, target: &Val, ty: ArrayTy) -> Result<(), Fault> {
    let (own, given) = (a.sizes(e), shape(e, target, ty));
    let mut same = e.bool(own.len() == given.len());
    for (x, y) in own.iter().zip(&given) {
        let equal = equal(e, x, y);
        same = and(e, &same, &equal);
    }
    let refuse = |e: &mut Emit| Ok(raise(e, "ValueError", vec![Piece::Text("invalid output shape")]));
    e.if_else(&same, |e| Ok(e.none()), refuse)?;
    Ok(())
}

/// `np.isclose(a, b, rtol, atol, equal_nan)`.
pub fn isclose(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, b, relative, absolute, equal_nan] = args.take(["a", "b", "rtol", "atol", "equal_nan"])?;
    let (a, b) = (required(&a, "isclose", "a")?, required(&b, "isclose", "b")?);
    let (a, b) = (operand(e, "isclose", &a)?, operand(e, "isclose", &b)?);
    let b = match b {
        // NumPy makes an array of the second argument first.
        Operand::Single(v) => {
            let dtype = promote::weak(v.ty.dtype().unwrap_or(Dtype::Float64), Num::Float);
            Operand::Single(cast(e, &v, dtype))
        }
        array => array,
    };
    let mut operands = vec![a, b];
    for (v, default) in [(relative, 1e-5), (absolute, 1e-8)] {
        let v = v.unwrap_or_else(|| e.float(default));
        operands.push(operand(e, "isclose", &v)?);
    }
    let equal_nan = match equal_nan {
        Some(v) => crate::rules::operators::truth(e, &v)?,
        None => e.bool(false),
    };
    operands.push(Operand::Single(equal_nan));
    let operands: Vec<Operand> = operands
        .into_iter()
        .enumerate()
        .map(|(position, o)| match o {
            Operand::Single(v) if position < 4 => Operand::Single(e.machine(&v)),
            other => other,
        })
        .collect();
    // NumPy's message tells the shapes of arrays alone.
    let shapes: Vec<Vec<Val>> = operands.iter().map(|o| o.sizes(e)).filter(|s| !s.is_empty()).collect();
    if shapes.is_empty() {
        return scalar(e, "isclose", &operands);
    }
    let result = broadcast(e, &shapes)?;
    let layout = layout(&operands, Order::K, result.len());
    over(e, "isclose", &operands, &result, layout)
}

/// `np.nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None)`.
pub fn nan_to_num(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [x, copy, replacements @ ..] = &args.take(["x", "copy", "nan", "posinf", "neginf"])?;
    let x = required(x, "nan_to_num", "x")?;
    let copies = flag(copy.as_ref(), "copy", true)?;
    let element = operand(e, "nan_to_num", &x)?;
    let Some(dtype) = element.element().dtype() else { return fault(Code::ArgumentTypes, "np.nan_to_num()") };
    let element = match element {
        Operand::Single(v) => {
            let v = cast(e, &v, dtype);
            Operand::Single(e.machine(&v))
        }
        array => array,
    };
    let mut operands = vec![element];
    for (position, v) in replacements.iter().enumerate() {
        operands.push(Operand::Single(match present(v) {
            Some(v) if is_number(v) => {
                // Other numbers are never replaced, so that NumPy does not look.
                if dtype.kind() >= Kind::Float {
                    check_copy(v, dtype.real(), Casting::SameKind)?;
                }
                let v = cast(e, v, dtype.real());
                e.machine(&v)
            }
            None if v.is_some() && position == 0 => {
                return fault(Code::ArgumentTypes, "np.nan_to_num() takes no None as nan");
            }
            Some(v) => {
                let message = format!("np.nan_to_num() takes numbers as replacements, not {}", describe(&v.ty));
                return fault(Code::ArgumentTypes, message);
            }
            None if position == 0 => {
                let zero = e.float(0.0);
                let zero = cast(e, &zero, dtype.real());
                e.machine(&zero)
            }
            None => e.none(),
        }));
    }
    let kernel = match dtype.kind() {
        Kind::Complex => "nan_to_num_complex",
        Kind::Float => "nan_to_num",
        _ => {
            operands.truncate(1);
            "identity"
        }
    };
    match (copies, array(e, &x)) {
        (false, Some((a, ty))) if dtype.kind() < Kind::Float && ty.ndim > 0 => Ok(a),
        (false, Some((_, ty))) if ty.readonly && dtype.kind() >= Kind::Float => Ok(e.fail(ErrorKind::ReadOnly, &[])),
        (false, Some((a, ty))) if ty.ndim == 0 => {
            let value = apply(e, kernel, &operands)?;
            if !ty.readonly {
                store::store(e, &a, &[], &value);
            }
            Ok(value)
        }
        (false, Some((a, ty))) if ty.ndim > 0 => {
            into(e, kernel, &a, &operands)?;
            Ok(a)
        }
        _ => apply(e, kernel, &operands),
    }
}

/// `np.angle(z, deg=False)`.
pub fn angle(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [z, degrees] = args.take(["z", "deg"])?;
    let z = operand(e, "angle", &required(&z, "angle", "z")?)?;
    let kernel = if flag(degrees.as_ref(), "deg", false)? { "angle_degrees" } else { "angle" };
    apply(e, kernel, &[z])
}

/// `np.real(a)` and `np.imag(a)`: the attribute.
pub fn part(e: &mut Emit, args: &Args, name: &str) -> Result<Val, Fault> {
    let a = args.one()?;
    match attributes::getattr(e, &a, name)? {
        Some(v) => Ok(v),
        None => fault(Code::ArgumentTypes, format!("np.{name}() wants an array, not {}", describe(&a.ty))),
    }
}

/// `np.copyto(dst, src, casting="same_kind", where=True)`.
pub fn copyto(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [dst, src, casting, condition] = args.take(["dst", "src", "casting", "where"])?;
    let (dst, src) = (required(&dst, "copyto", "dst")?, required(&src, "copyto", "src")?);
    let Some((target, ty)) = array(e, &dst) else {
        let found = describe(&dst.ty);
        return fault(Code::ArgumentTypes, format!("copyto() argument 1 must be an array, not {found}"));
    };
    let casting = Casting::of(casting.as_ref(), Casting::SameKind)?;
    check_copy(&src, ty.dtype, casting)?;
    if ty.readonly {
        return Ok(e.fail(ErrorKind::ReadOnly, &[]));
    }
    let Some(condition) = mask(e, condition.as_ref())? else { return Ok(e.never()) };
    let Some(condition) = condition.operand else {
        store::assign(e, &target, ty, &src)?;
        return Ok(e.none());
    };
    let value = match array(e, &src) {
        Some((a, source_ty)) => store::broadcastable(e, &target, ty, &a, source_ty)?.0,
        None => stored(e, &src, ty.dtype)?,
    };
    let condition = match condition {
        Operand::Array(a, mask_ty) => {
            let (a, _) = store::broadcastable_mask(e, &target, ty, &a, mask_ty)?;
            Operand::of(e, &a)
        }
        single => single,
    };
    write_where(e, &target, ty, &value, &condition)?;
    Ok(e.none())
}

/// Refuses what the casting rule does not allow; Python numbers go by their kind.
fn check_copy(src: &Val, to: Dtype, casting: Casting) -> Result<(), Fault> {
    let (from, what) = match (&src.ty, src.ty.dtype()) {
        (Ty::Array(ty), _) => (ty.dtype, "array data"),
        (_, Some(dtype)) => (dtype, "scalar"),
        _ => return Ok(()),
    };
    let python_int = src.ty.widened() == Ty::Int && to.kind() > Kind::Bool;
    let python = src.ty.is_python_number() && promote::weak(to, Num::of(&src.ty).unwrap_or(Num::Scalar(from))) == to;
    if casting.allows(from, to) || python_int || python {
        return Ok(());
    }
    super::casting::refused_copy(what, from, to, casting)
}

/// `np.putmask(a, mask, values)`: values by their position, repeated as often as it takes.
pub fn putmask(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, mask, values] = &args.all(["a", "mask", "values"])?;
    let Some((a, ty)) = array(e, a) else {
        let found = describe(&a.ty);
        return fault(Code::ArgumentTypes, format!("putmask: first argument must be an array, not {found}"));
    };
    if ty.readonly {
        return Ok(raise(e, "ValueError", vec![Piece::Text("putmask: output array is read-only")]));
    }
    let mask = row(e, mask, Dtype::Bool)?;
    casting::check_array(values, ty.dtype, Casting::Safe)?;
    let values = if is_number(values) {
        let value = stored(e, values, ty.dtype)?;
        let one = e.int(1);
        let single = allocate(e, ty.dtype, &[one], Layout::C, false);
        let single_ty = single.ty.array().unwrap_or(ty);
        store::fill(e, &single, single_ty, &value)?;
        single
    } else {
        row(e, values, ty.dtype)?
    };
    super::library(e, "coachwhip.lib.putmask", &[a, mask, values])?;
    Ok(e.none())
}

/// The elements of an argument in C order, cast to a dtype: a copy.
fn row(e: &mut Emit, v: &Val, dtype: Dtype) -> Result<Val, Fault> {
    let (a, ty) = array_or_number(e, Some(v.clone()), "putmask")?;
    let copy = copied(e, &a, ty, dtype, Order::C)?;
    let copy_ty = copy.ty.array().unwrap_or(ty);
    Ok(flattened(e, &copy, copy_ty).0)
}

/// `a.conj(out=None)`: the array itself unless it is complex.
pub fn conjugate(e: &mut Emit, a: &Val, ty: ArrayTy, args: &Args) -> Result<Val, Fault> {
    let [_, out] = args.take(["x", "out"])?;
    if ty.dtype.kind() != Kind::Complex && out.is_none() {
        return Ok(a.clone());
    }
    ufuncs::call_with(e, Ufunc { name: "conjugate", inputs: 1 }, std::slice::from_ref(a), args)
}
