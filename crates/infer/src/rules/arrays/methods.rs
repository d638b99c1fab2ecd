//! Methods of arrays.

use super::cast::stored;
use super::casting::{Casting, refused_copy};
use super::create::{converted, copied};
use super::geometry::{array, shape};
use super::integers::{checked_index, checked_position, is_index};
use super::literals::{Order, dtype, flag, order, without};
use super::{create, flat, functions, index, reshape, store};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::Answer;
use coachwhip_ir::{ArrayTy, Code, Const, Diagnostic, Dtype, ErrorKind, Layout, Op, Ty};

/// The methods that there are.
const METHODS: [&str; 12] = [
    "copy",
    "fill",
    "astype",
    "reshape",
    "ravel",
    "flatten",
    "item",
    "transpose",
    "clip",
    "round",
    "conj",
    "conjugate",
];

/// The methods that NumPy has and compiled code will have.
pub const LATER: &[&str] =
    &["diagonal", "repeat", "resize", "tolist", "squeeze", "swapaxes", "trace", "view", "byteswap", "tobytes"];

/// The names of all methods that rules implement.
#[cfg(test)]
pub fn names() -> impl Iterator<Item = &'static str> {
    METHODS.into_iter().chain(super::fancy::METHODS).chain(super::reductions::method_names())
}

/// Whether an array has a method.
pub fn is_method(name: &str) -> bool {
    METHODS.contains(&name) || super::fancy::METHODS.contains(&name) || super::reductions::is_method(name)
}

/// What to say about a method of [`LATER`].
pub fn later(name: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::UnsupportedFunction, format!("the array method '{name}' is not supported yet"));
    diagnostic.help("write the loop over the elements")
}

/// The methods of arrays that NumPy scalars have because they are like 0-d arrays, beside their own.
const OF_SCALARS: [&str; 17] = [
    "sum", "prod", "min", "max", "mean", "std", "var", "any", "all", "argmin", "argmax", "cumsum", "cumprod",
    "reshape", "ravel", "flatten", "clip",
];

fn scalar_dtype(ty: &Ty) -> Option<Dtype> {
    match ty {
        Ty::Scalar(d) | Ty::Lit(Const::Scalar(d, _)) => Some(*d),
        _ => None,
    }
}

/// Whether values of a type have a method.
pub fn has_method(ty: &Ty, name: &str) -> bool {
    match ty {
        Ty::Array(_) | Ty::Lit(Const::Array(_)) => is_method(name),
        _ => scalar_dtype(ty).is_some() && OF_SCALARS.contains(&name),
    }
}

/// `x.name(args)`.
pub fn method(e: &mut Emit, x: &Val, name: &str, args: &Args) -> Answer {
    if let (Some(dtype), true) = (scalar_dtype(&x.ty), OF_SCALARS.contains(&name)) {
        let single = create::allocate(e, dtype, &[], Layout::C, false);
        let element = e.machine(x);
        store::store(e, &single, &[], &element);
        return method(e, &single, name, &with_self(&single, args));
    }
    let Some((a, ty)) = array(e, x) else { return Ok(None) };
    let one_order = |args: &Args, default| -> Result<Order, Fault> {
        let [_, given] = args.take(["a", "order"])?;
        order(given.as_ref(), default)
    };
    Ok(Some(match name {
        "copy" => {
            let order = one_order(args, Order::C)?;
            copied(e, &a, ty, ty.dtype, order)?
        }
        "ravel" => {
            let order = one_order(args, Order::C)?;
            reshape::ravel(e, &a, ty, order)?
        }
        "flatten" => {
            let order = one_order(args, Order::C)?;
            reshape::flatten(e, &a, ty, order)?
        }
        "reshape" => reshape::method(e, &a, ty, args)?,
        "transpose" => reshape::transpose(e, &a, ty, args.rest())?,
        "astype" => astype(e, &a, ty, args)?,
        "fill" => fill(e, &a, ty, args)?,
        "item" => item(e, &a, ty, args)?,
        "clip" => functions::clip(e, &with_self(&a, args))?,
        "round" => functions::round(e, &with_self(&a, args))?,
        "conj" | "conjugate" => functions::conjugate(e, &a, ty, args)?,
        _ if super::fancy::METHODS.contains(&name) => super::fancy::method(e, name, args)?,
        _ => return super::reductions::method(e, name, args),
    }))
}

/// The arguments of a method with another value in the place of its object: the array that a scalar is seen as.
fn with_self(a: &Val, args: &Args) -> Args {
    let mut args = args.clone();
    args.set_first(a.clone());
    args
}

fn astype(e: &mut Emit, a: &Val, ty: ArrayTy, args: &Args) -> Result<Val, Fault> {
    let [_, d, o, casting, subok, copy] = args.take(["a", "dtype", "order", "casting", "subok", "copy"])?;
    let casting = Casting::of(casting.as_ref(), Casting::Unsafe)?;
    without(&subok, "subok", &[Const::Bool(true), Const::Bool(false)])?;
    let d = dtype(d.as_ref())?.unwrap_or(coachwhip_ir::Dtype::Float64);
    let order = order(o.as_ref(), Order::K)?;
    if !casting.allows(ty.dtype, d) {
        return refused_copy("array data", ty.dtype, d, casting);
    }
    if flag(copy.as_ref(), "copy", true)? {
        return copied(e, a, ty, d, order);
    }
    converted(e, a, ty, Some(d), order)
}

fn fill(e: &mut Emit, a: &Val, ty: ArrayTy, args: &Args) -> Result<Val, Fault> {
    let [_, value] = &args.all(["a", "value"])?;
    if ty.readonly {
        return Ok(e.fail(ErrorKind::ReadOnly, &[]));
    }
    let element = stored(e, value, ty.dtype)?;
    store::fill(e, a, ty, &element)?;
    Ok(e.none())
}

/// `a.item(…)`: an element as a Python number.
fn item(e: &mut Emit, a: &Val, ty: ArrayTy, args: &Args) -> Result<Val, Fault> {
    let given: Vec<Val> = match args.rest() {
        [one] => match &one.ty {
            ty if crate::rules::lists::is_sequence(ty) => crate::rules::tuples::items(e, one)?,
            _ => vec![one.clone()],
        },
        several => several.to_vec(),
    };
    if let Some(wrong) = given.iter().find(|v| !is_index(&v.ty)) {
        let message = format!("item() takes ints, not {}", coachwhip_ir::describe(&wrong.ty));
        return fault(Code::ArgumentTypes, message);
    }
    let element = match given.as_slice() {
        [] => {
            let (n, one, zero) = (flat::len(e, a, ty), e.int(1), e.int(0));
            let single = e.op(Op::Eq, &[&n, &one], Ty::Bool);
            e.guard(&single, ErrorKind::ItemSize, &[]);
            flat::element(e, a, ty, &zero)
        }
        [position] => {
            let n = flat::len(e, a, ty);
            let position = checked_position(e, position, &n);
            flat::element(e, a, ty, &position)
        }
        several if several.len() == ty.ndim as usize => {
            let sizes = shape(e, a, ty);
            let mut places = Vec::new();
            for (axis, (at, n)) in several.iter().zip(&sizes).enumerate() {
                places.push(checked_index(e, at, n, axis));
            }
            index::load(e, a, ty, &places)
        }
        _ => return fault(Code::ArgumentTypes, "incorrect number of indices for array"),
    };
    python(e, &element)
}

/// A NumPy scalar as the Python number that `.item()` gives.
pub fn python(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    match crate::promote::Num::of(&v.ty) {
        Some(num) => crate::rules::numbers::item(e, v, num),
        None => Ok(v.clone()),
    }
}
