//! `np.add.reduce` and the other methods of ufuncs: `accumulate`, `outer`, `at`, `reduceat`.
//!
//! What NumPy has a function for (`np.sum`, `np.cumsum`, …) is that function; any other ufunc is a kernel that the loops
//! of `python/coachwhip/lib/ufunc_methods.py` get as an argument.

use super::array_like::{array_like, is_convertible};
use super::broadcast::{fits, sizes};
use super::create::{allocate, array_or_number};
use super::elementwise::{Operand, apply, is_array, over, result_dtype};
use super::geometry::{array, data, equal, flattened, or, product, shape, strides, transposed, view};
use super::literals::Order;
use super::raise::{Piece, raise};
use super::reductions::{Axes, Axisless, Bound, axes_argument, chosen_axis, into, result};
use super::ufuncs::{self, Ufunc, is_comparison, prepared};
use super::{cast, index, library, reshape, store};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{ArrayTy, Code, Const, Dtype, ErrorKind, Kind, Layout, Op, Ty, describe};

const METHODS: [&str; 5] = ["reduce", "accumulate", "outer", "at", "reduceat"];

/// The ufuncs of two inputs and one result, what a reduction of nothing gives, and whether several axes may be reduced at once.
const BINARY: &[(&str, Option<f64>, bool)] = &[
    ("add", Some(0.0), true),
    ("arctan2", None, false),
    ("bitwise_and", Some(-1.0), true),
    ("bitwise_or", Some(0.0), true),
    ("bitwise_xor", Some(0.0), true),
    ("copysign", None, false),
    ("divide", None, false),
    ("equal", None, false),
    ("float_power", None, false),
    ("floor_divide", None, false),
    ("fmax", None, true),
    ("fmin", None, true),
    ("fmod", None, false),
    ("gcd", Some(0.0), true),
    ("greater", None, false),
    ("greater_equal", None, false),
    ("heaviside", None, false),
    ("hypot", Some(0.0), true),
    ("lcm", None, false),
    ("ldexp", None, false),
    ("left_shift", None, false),
    ("less", None, false),
    ("less_equal", None, false),
    ("logaddexp", Some(f64::NEG_INFINITY), true),
    ("logaddexp2", Some(f64::NEG_INFINITY), true),
    ("logical_and", Some(1.0), true),
    ("logical_or", Some(0.0), true),
    ("logical_xor", Some(0.0), true),
    ("maximum", None, true),
    ("minimum", None, true),
    ("multiply", Some(1.0), true),
    ("nextafter", None, false),
    ("not_equal", None, false),
    ("power", None, false),
    ("remainder", None, false),
    ("right_shift", None, false),
    ("subtract", None, false),
];

/// A binary ufunc.
#[derive(Clone, Copy)]
struct Binary {
    name: &'static str,
    identity: Option<f64>,
    reorderable: bool,
}

fn binary(name: &str) -> Option<Binary> {
    let row = BINARY.iter().find(|(n, _, _)| *n == name)?;
    Some(Binary { name: row.0, identity: row.1, reorderable: row.2 })
}

/// `np.add.reduce`: an attribute of the object `numpy.add`, which is known by name.
pub fn attribute(e: &mut Emit, object: &str, name: &str) -> Result<Option<Val>, Fault> {
    let Some(ufunc) = object.strip_prefix("numpy.").filter(|_| METHODS.contains(&name)) else { return Ok(None) };
    let known = binary(ufunc).is_some() || e.engine.library(&format!("coachwhip.lib.elementwise.{ufunc}"))?.is_some();
    Ok(known.then(|| e.lit(Const::Named(format!("{object}.{name}").into()))))
}

/// A call of such a method by its canonical name.
pub fn call(e: &mut Emit, name: &str, args: &Args) -> Result<Option<Val>, Fault> {
    let Some((ufunc, method)) = name.strip_prefix("numpy.").and_then(|n| n.split_once('.')) else { return Ok(None) };
    if !METHODS.contains(&method) {
        return Ok(None);
    }
    let Some(binary) = binary(ufunc) else {
        if method == "at" {
            return at(e, ufunc, args, false).map(Some);
        }
        let what = if method == "outer" { "outer product" } else { method };
        return fault(Code::ArgumentTypes, format!("{what} only supported for binary functions"));
    };
    match method {
        "reduce" => reduce(e, binary, args),
        "accumulate" => accumulate(e, binary, args),
        "outer" => outer(e, binary, args),
        "at" => at(e, binary.name, args, true),
        _ => reduceat(e, binary, args),
    }
    .map(Some)
}

/// The arguments with `axis=0` where none is given.
fn first_axis(e: &mut Emit, args: &Args) -> Result<Args, Fault> {
    let mut args = args.clone();
    if args.get("axis").is_none() {
        args.set("axis", e.int(0))?;
    }
    Ok(args)
}

/// The function that is the same as a method.
fn twin(ufunc: &str, method: &str) -> Option<&'static str> {
    Some(match (ufunc, method) {
        ("add", "reduce") => "numpy.sum",
        ("multiply", "reduce") => "numpy.prod",
        ("maximum", "reduce") => "numpy.max",
        ("minimum", "reduce") => "numpy.min",
        ("logical_and", "reduce") => "numpy.all",
        ("logical_or", "reduce") => "numpy.any",
        ("add", "accumulate") => "numpy.cumsum",
        ("multiply", "accumulate") => "numpy.cumprod",
        _ => return None,
    })
}

/// The call of a twin, if it has every argument that is given.
fn by_twin(e: &mut Emit, ufunc: &str, method: &str, names: &[&str], args: &Args) -> Result<Option<Val>, Fault> {
    let Some(function) = twin(ufunc, method) else { return Ok(None) };
    let Some(rule) = crate::rules::function(function) else { return Ok(None) };
    let mut passed = Args::of(function, args.first().cloned().into_iter().collect())?;
    for (name, slot) in names.iter().zip(args.slots(names)?).skip(1) {
        match slot {
            Some(v) if passed.has(name) => passed.set(name, v)?,
            Some(_) => return Ok(None),
            None => {}
        }
    }
    rule(e, &passed).map(Some)
}

const REDUCE: &[&str] = &["array", "axis", "dtype", "out", "keepdims", "initial", "where"];

/// `ufunc.reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial, where=True)`.
fn reduce(e: &mut Emit, ufunc: Binary, args: &Args) -> Result<Val, Fault> {
    let args = first_axis(e, args)?;
    if let Some(v) = by_twin(e, ufunc.name, "reduce", REDUCE, &args)? {
        return Ok(v);
    }
    let bound = Bound::new(&args, REDUCE)?;
    let (_, ty) = bound.array(e)?;
    let asked = asked(e, &bound)?;
    let dtype = loop_dtype(e, ufunc, asked.unwrap_or(ty.dtype), asked.is_some())?;
    let initial = bound.initial(e, dtype)?;
    let masked = bound.get("where").is_some_and(|v| v.literal() != Some(&Const::Bool(true)));
    if masked && initial.is_none() && ufunc.identity.is_none() {
        let name = ufunc.name;
        let message = format!(
            "reduction operation '{name}' does not have an identity, so to use a where mask one has to specify 'initial'"
        );
        return fault(Code::ArgumentTypes, message);
    }
    bound.reduce(e, true, &|e, a, ty, reduced| {
        let axes: Vec<usize> = (0..reduced.len()).filter(|i| reduced.get(*i) == Some(&true)).collect();
        if axes.len() > 1 && !ufunc.reorderable {
            let name = ufunc.name;
            let message =
                format!("reduction operation '{name}' is not reorderable, so at most one axis may be specified");
            return fault(Code::ArgumentTypes, message);
        }
        if axes.is_empty() {
            let value = Operand::of(e, a);
            let to = e.lit(Const::Dtype(dtype));
            return apply(e, "cast", &[value, Operand::Single(to)]);
        }
        let all = sizes(e, a, ty);
        let mask = bound.mask(e, &all)?.map(|(mask, mask_ty)| spread_over(e, &mask, mask_ty, &all));
        let (mut current, mut current_ty) = (a.clone(), ty);
        for (position, axis) in axes.iter().rev().enumerate() {
            let (start, mask) = if position == 0 { (initial.as_ref(), mask.as_ref()) } else { (None, None) };
            let reduced = along(e, ufunc, (&current, current_ty), *axis, dtype, (start, mask))?;
            match reduced.ty.array() {
                Some(ty) => (current, current_ty) = (reduced, ty),
                None => return Ok(reduced),
            }
        }
        Ok(current)
    })
}

/// The dtype in which a ufunc combines elements of a dtype, one after the other.
fn loop_dtype(e: &mut Emit, ufunc: Binary, from: Dtype, asked: bool) -> Result<Dtype, Fault> {
    let mut probe = |dtype: Dtype| {
        let element = e.undef(Ty::Scalar(dtype));
        result_dtype(e, ufunc.name, &[Operand::Single(element.clone()), Operand::Single(element)])
    };
    let found = probe(from)?.unwrap_or(from);
    let stable = probe(found)? == Some(found);
    if !stable || (asked && found != from) || (is_comparison(ufunc.name) && from != Dtype::Bool) {
        let name = ufunc.name;
        let message = format!("No loop matching the specified signature and casting was found for ufunc {name}");
        return fault(Code::ArgumentTypes, message);
    }
    Ok(found)
}

/// The dtype that `dtype=` or the output array asks for.
fn asked(e: &mut Emit, bound: &Bound) -> Result<Option<Dtype>, Fault> {
    let out = bound.out(e)?;
    Ok(bound.dtype()?.or(out.map(|(_, ty)| ty.dtype)))
}

/// The kernel as an argument of a library function.
fn kernel(e: &mut Emit, name: &str) -> Result<Val, Fault> {
    match e.engine.library(&format!("coachwhip.lib.elementwise.{name}"))? {
        Some(id) => Ok(e.lit(Const::Func(id))),
        None => fault(Code::UnsupportedFunction, format!("np.{name} has no kernel")),
    }
}

/// A number as an element in machine form.
fn element(e: &mut Emit, value: f64, dtype: Dtype) -> Val {
    let number = if dtype.is_int() { e.int(value as i64) } else { e.float(value) };
    let element = cast::cast(e, &number, dtype);
    e.machine(&element)
}

/// The reduction along one axis: a scalar, or an array of the other axes.
fn along(
    e: &mut Emit,
    ufunc: Binary,
    (a, ty): (&Val, ArrayTy),
    axis: usize,
    dtype: Dtype,
    (initial, mask): (Option<&Val>, Option<&Val>),
) -> Result<Val, Fault> {
    let all = sizes(e, a, ty);
    let zero = e.int(0);
    let count = all.get(axis).cloned().unwrap_or_else(|| zero.clone());
    let start = match initial {
        Some(v) => Some(e.machine(v)),
        None => ufunc.identity.map(|value| element(e, value, dtype)),
    };
    if start.is_none() {
        let others: Vec<Val> = all.iter().enumerate().filter(|(i, _)| *i != axis).map(|(_, s)| s.clone()).collect();
        let results = product(e, &others);
        let (some, none) = (e.op(Op::Ne, &[&count, &zero], Ty::Bool), equal(e, &results, &zero));
        let fine = or(e, &some, &none);
        let pieces = || {
            let text = "zero-size array to reduction operation ";
            vec![Piece::Text(text), Piece::Text(ufunc.name), Piece::Text(" which has no identity")]
        };
        e.if_else(&fine, |e| Ok(e.none()), |e| Ok(raise(e, "ValueError", pieces())))?;
    }
    let first = e.int(i64::from(start.is_none()));
    let first = e.machine(&first);
    let kernel = kernel(e, ufunc.name)?;
    let rows = axis + 1 == ty.ndim as usize && (ty.layout != Layout::F || ty.ndim == 1);
    let mask = match mask {
        Some(mask) => {
            let mask_ty = mask.ty.array().unwrap_or(ty);
            moved(e, mask, mask_ty, axis, rows)
        }
        None => e.none(),
    };
    if ty.ndim == 1 {
        let total = match start {
            Some(v) => v,
            None => {
                let found = index::load(e, a, ty, &[zero]);
                let found = cast::cast(e, &found, dtype);
                e.machine(&found)
            }
        };
        return library(e, "coachwhip.lib.reduce_row", &[total, a.clone(), first, mask, kernel]);
    }
    let reduced: Vec<bool> = (0..ty.ndim as usize).map(|i| i == axis).collect();
    let out = result(e, a, ty, &reduced, dtype, None);
    let out_ty = out.ty.array().unwrap_or(ty);
    match start {
        Some(v) => store::fill(e, &out, out_ty, &v)?,
        None => {
            let begin = slab(e, a, ty, axis);
            store::assign(e, &out, out_ty, &begin)?;
        }
    }
    let moved = moved(e, a, ty, axis, rows);
    let name = if rows { "coachwhip.lib.reduce_rows" } else { "coachwhip.lib.reduce_columns" };
    library(e, name, &[out.clone(), moved, first, mask, kernel])?;
    Ok(out)
}

/// A mask of at most as many axes, seen with the sizes of the array; at least one axis.
fn spread_over(e: &mut Emit, mask: &Val, ty: ArrayTy, all: &[Val]) -> Val {
    super::fancy::spread(e, mask, ty, all)
}

/// The first elements along an axis.
fn slab(e: &mut Emit, a: &Val, ty: ArrayTy, axis: usize) -> Val {
    let without = |all: Vec<Val>| -> Vec<Val> {
        all.into_iter().enumerate().filter(|(i, _)| *i != axis).map(|(_, v)| v).collect()
    };
    let (start, all, steps) = (data(e, a), shape(e, a, ty), strides(e, a, ty));
    let part = ArrayTy { ndim: ty.ndim - 1, layout: if ty.ndim == 1 { Layout::C } else { Layout::A }, ..ty };
    view(e, a, part, &start, &without(all), &without(steps))
}

/// The array with one axis as its last, or as its first.
fn moved(e: &mut Emit, a: &Val, ty: ArrayTy, axis: usize, last: bool) -> Val {
    let mut axes: Vec<usize> = (0..ty.ndim as usize).filter(|i| *i != axis).collect();
    if last {
        axes.push(axis);
    } else {
        axes.insert(0, axis);
    }
    transposed(e, a, ty, &axes)
}

const ACCUMULATE: &[&str] = &["array", "axis", "dtype", "out"];

/// `ufunc.accumulate(array, axis=0, dtype=None, out=None)`.
fn accumulate(e: &mut Emit, ufunc: Binary, args: &Args) -> Result<Val, Fault> {
    let args = first_axis(e, args)?;
    let bound = Bound::new(&args, ACCUMULATE)?;
    let (a, ty) = bound.array(e)?;
    if ty.ndim == 0 {
        return fault(Code::ArgumentTypes, "cannot accumulate on a scalar");
    }
    if ty.ndim > 1 && bound.get("axis").is_none() {
        return fault(Code::ArgumentTypes, "accumulate does not allow multiple axes");
    }
    if let Some(v) = by_twin(e, ufunc.name, "accumulate", ACCUMULATE, &args)? {
        return Ok(v);
    }
    let asked = asked(e, &bound)?;
    let dtype = loop_dtype(e, ufunc, asked.unwrap_or(ty.dtype), asked.is_some())?;
    let body = |e: &mut Emit, axis: usize| {
        let all = sizes(e, &a, ty);
        let layout = if ty.layout == Layout::F { Layout::F } else { Layout::C };
        let out = allocate(e, dtype, &all, layout, false);
        let out_ty = out.ty.array().unwrap_or(ty);
        let rows = axis + 1 == ty.ndim as usize && (ty.layout != Layout::F || ty.ndim == 1);
        let (source, target) = (moved(e, &a, ty, axis, rows), moved(e, &out, out_ty, axis, rows));
        let kernel = kernel(e, ufunc.name)?;
        let name = if rows { "coachwhip.lib.accumulate_rows" } else { "coachwhip.lib.accumulate_columns" };
        library(e, name, &[target, source, kernel])?;
        Ok(out)
    };
    let v = over_axis(e, &bound, ty, &body)?;
    placed(e, &bound, v)
}

/// The result for the axis asked for.
fn over_axis(
    e: &mut Emit,
    bound: &Bound,
    ty: ArrayTy,
    body: &dyn Fn(&mut Emit, usize) -> Result<Val, Fault>,
) -> Result<Val, Fault> {
    match axes_argument(e, bound.get("axis"), ty.ndim as usize, false, Axisless::Reduced)? {
        Axes::Failed(v) => Ok(v),
        Axes::Known(chosen) => body(e, chosen.iter().position(|c| *c).unwrap_or(0)),
        Axes::Varying(axis) => chosen_axis(e, &axis, ty.ndim as usize, body),
    }
}

fn placed(e: &mut Emit, bound: &Bound, v: Val) -> Result<Val, Fault> {
    match bound.out(e)? {
        Some((out, ty)) if !e.dead => into(e, &v, &out, ty),
        _ => Ok(v),
    }
}

/// `ufunc.outer(A, B, **kwargs)`: the ufunc of A with new last axes and B.
fn outer(e: &mut Emit, ufunc: Binary, args: &Args) -> Result<Val, Fault> {
    let [Some(a), Some(b)] = ["A", "B"].map(|name| args.get(name)) else {
        return fault(Code::Internal, format!("np.{}.outer() of nothing", ufunc.name));
    };
    let (a, b) = (ufuncs::operand(e, ufunc.name, a)?, ufuncs::operand(e, ufunc.name, b)?);
    let left = match (&a, &b) {
        (Operand::Array(v, ty), Operand::Array(_, other)) => lengthened(e, v, *ty, other.ndim),
        _ => a.value().clone(),
    };
    ufuncs::call_with(e, Ufunc { name: ufunc.name, inputs: 2 }, &[left, b.value().clone()], args)
}

/// The array with new last axes of size 1.
fn lengthened(e: &mut Emit, a: &Val, ty: ArrayTy, more: u8) -> Val {
    let (start, mut all, mut steps) = (data(e, a), sizes(e, a, ty), strides(e, a, ty));
    let (one, item) = (e.int(1), e.int(i64::from(ty.dtype.size())));
    all.extend(std::iter::repeat_n(one, more as usize));
    steps.extend(std::iter::repeat_n(item, more as usize));
    let layout = if ty.layout == Layout::F && ty.ndim > 1 { Layout::A } else { ty.layout };
    view(e, a, ArrayTy { ndim: ty.ndim + more, layout, ..ty }, &start, &all, &steps)
}

/// An argument of indices as a one-dimensional array of integers.
fn index_row(e: &mut Emit, v: &Val, what: &str) -> Result<(Val, ArrayTy), Fault> {
    let Some((a, ty)) = array_like(e, v)? else {
        return fault(Code::ArgumentTypes, format!("{what} takes an array of ints, not {}", describe(&v.ty)));
    };
    if ty.ndim != 1 || !ty.dtype.is_int() {
        return fault(Code::ArgumentTypes, format!("{what} takes one axis of ints, not {}", describe(&a.ty)));
    }
    Ok((a, ty))
}

const REDUCEAT: &[&str] = &["array", "indices", "axis", "dtype", "out"];

/// `ufunc.reduceat(array, indices, axis=0, dtype=None, out=None)`.
fn reduceat(e: &mut Emit, ufunc: Binary, args: &Args) -> Result<Val, Fault> {
    let args = first_axis(e, args)?;
    let bound = Bound::new(&args, REDUCEAT)?;
    let (a, ty) = bound.array(e)?;
    let Some(indices) = bound.get("indices").cloned() else {
        return fault(Code::ArgumentCount, "reduceat() is missing its argument 'indices'");
    };
    let (indices, indices_ty) = index_row(e, &indices, "reduceat()")?;
    if ty.ndim == 0 || ty.ndim > 1 && bound.get("axis").is_none() {
        return fault(Code::ArgumentTypes, "reduceat works along one axis of an array");
    }
    let asked = asked(e, &bound)?;
    let sums = matches!(ufunc.name, "add" | "multiply") && asked.is_none() && ty.dtype.kind() < Kind::Float;
    let from = match ty.dtype.kind() {
        Kind::Unsigned if sums => Dtype::Uint64,
        _ if sums => Dtype::Int64,
        _ => asked.unwrap_or(ty.dtype),
    };
    let dtype = loop_dtype(e, ufunc, from, asked.is_some())?;
    let body = |e: &mut Emit, axis: usize| {
        let mut all = sizes(e, &a, ty);
        let sections = sizes(e, &indices, indices_ty);
        let (Some(slot), Some(section)) = (all.get_mut(axis), sections.first()) else {
            return fault(Code::Internal, "an axis of reduceat");
        };
        let count = std::mem::replace(slot, section.clone());
        let (count, name) = (e.machine(&count), e.lit(Const::Str(ufunc.name.into())));
        library(e, "coachwhip.lib.check_reduceat", &[indices.clone(), count, name])?;
        let out = allocate(e, dtype, &all, if ty.layout == Layout::F { Layout::F } else { Layout::C }, false);
        let out_ty = out.ty.array().unwrap_or(ty);
        let kernel = kernel(e, ufunc.name)?;
        if ty.ndim == 1 {
            let pairwise = e.bool(ufunc.name == "add" && dtype == ty.dtype && dtype.kind() >= Kind::Float);
            let operands = [out.clone(), a.clone(), indices.clone(), kernel, pairwise];
            library(e, "coachwhip.lib.reduceat_row", &operands)?;
        } else {
            let (source, target) = (moved(e, &a, ty, axis, false), moved(e, &out, out_ty, axis, false));
            library(e, "coachwhip.lib.reduceat_columns", &[target, source, indices.clone(), kernel])?;
        }
        Ok(out)
    };
    let v = over_axis(e, &bound, ty, &body)?;
    placed(e, &bound, v)
}

/// `ufunc.at(a, indices, b)`: in place, each element as often as it is named.
fn at(e: &mut Emit, ufunc: &str, args: &Args, two: bool) -> Result<Val, Fault> {
    let [Some(a), Some(indices), b] = &args.take(["a", "indices", "b"])? else {
        return fault(Code::Internal, "at() of nothing");
    };
    if two != b.is_some() {
        let message =
            if two { "second operand needed for ufunc" } else { "second operand provided when ufunc is unary" };
        return fault(Code::ArgumentCount, message);
    }
    let Some((a, ty)) = array(e, a) else {
        return fault(Code::ArgumentTypes, format!("first operand must be array, not {}", describe(&a.ty)));
    };
    if ty.readonly {
        return Ok(e.fail(ErrorKind::ReadOnly, &[]));
    }
    let (positions, direct) = positions(e, &a, ty, indices)?;
    let positions_ty = match positions.ty.array() {
        Some(ty) => ty,
        None => return fault(Code::Internal, "positions of ufunc.at"),
    };
    let b = match b {
        None => e.none(),
        Some(b) => spread(e, ufunc, ty, b, &positions, positions_ty)?,
    };
    let flat = flat(e, &positions, positions_ty)?;
    let kernel = kernel(e, ufunc)?;
    let name = if direct { "coachwhip.lib.at_row" } else { "coachwhip.lib.at_flat" };
    library(e, name, &[a, flat, b, kernel])?;
    Ok(e.none())
}

/// The positions that an index names, and whether they are those of a one-dimensional array (negative ones among
/// them) rather than places in C order.
fn positions(e: &mut Emit, a: &Val, ty: ArrayTy, indices: &Val) -> Result<(Val, bool), Fault> {
    if ty.ndim == 1 && (is_array(indices) || is_convertible(&indices.ty)) && !is_tuple(indices) {
        let found = array_like(e, indices)?;
        if let Some((row, row_ty)) = found.filter(|(_, t)| t.dtype.is_int() && t.ndim > 0) {
            let count = sizes(e, a, ty);
            let Some(count) = count.first() else { return fault(Code::Internal, "a size") };
            let (count, flat) = (e.machine(count), flat(e, &row, row_ty)?);
            library(e, "coachwhip.lib.check_at", &[flat, count])?;
            return Ok((row, true));
        }
    }
    // Every place by its number, indexed as the array would be.
    let all = sizes(e, a, ty);
    let count = product(e, &all);
    let numbers = super::ranges::arange(e, &Args::of("numpy.arange", vec![count])?)?;
    let Some(numbers_ty) = numbers.ty.array() else { return fault(Code::Internal, "numbers of places") };
    let steps = super::geometry::packed_strides(e, numbers_ty.dtype, &all, Layout::C);
    let start = data(e, &numbers);
    let shaped_ty = ArrayTy { ndim: ty.ndim, layout: Layout::C, ..numbers_ty };
    let shaped = view(e, &numbers, shaped_ty, &start, &all, &steps);
    let chosen = index::getitem(e, &shaped, shaped_ty, indices)?;
    if is_array(&chosen) {
        return Ok((chosen, false));
    }
    let (single, _) = array_or_number(e, Some(chosen), "at")?;
    Ok((single, false))
}

fn is_tuple(v: &Val) -> bool {
    matches!(v.ty, Ty::Tuple(_) | Ty::Lit(Const::Tuple(_)))
}

/// The second operand with an element for each position, in C order.
fn spread(
    e: &mut Emit,
    ufunc: &str,
    ty: ArrayTy,
    b: &Val,
    positions: &Val,
    positions_ty: ArrayTy,
) -> Result<Val, Fault> {
    let element = e.undef(Ty::Scalar(ty.dtype));
    let b = ufuncs::operand(e, ufunc, b)?;
    let ready = prepared(e, ufunc, vec![Operand::Single(element), b])?;
    let Some(b) = ready.into_iter().nth(1) else { return fault(Code::Internal, "an operand of ufunc.at") };
    let b = match b {
        Operand::Single(v) => {
            let v = cast::cast(e, &v, v.ty.dtype().unwrap_or(ty.dtype));
            Operand::Single(e.machine(&v))
        }
        array => array,
    };
    let (wanted, given) = (sizes(e, positions, positions_ty), b.sizes(e));
    let fits = fits(e, &given, &wanted);
    let text = "array is not broadcastable to correct shape";
    e.if_else(&fits, |e| Ok(e.none()), |e| Ok(raise(e, "ValueError", vec![Piece::Text(text)])))?;
    if given.len() > wanted.len() {
        return Ok(e.never());
    }
    let one = e.int(1);
    let target = if wanted.is_empty() { vec![one] } else { wanted };
    let spread = over(e, "identity", &[b], &target, Layout::C)?;
    let spread_ty = spread.ty.array().unwrap_or(ty);
    flat(e, &spread, spread_ty)
}

/// All elements in C order as one axis.
fn flat(e: &mut Emit, a: &Val, ty: ArrayTy) -> Result<Val, Fault> {
    if ty.ndim == 1 {
        return Ok(a.clone());
    }
    if ty.layout == Layout::C {
        return Ok(flattened(e, a, ty).0);
    }
    reshape::ravel(e, a, ty, Order::C)
}
