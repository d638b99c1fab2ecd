//! NumPy's functions that store at picked places: `put`, `place`, `put_along_axis`; and `take_along_axis`.

use super::functions::{Mode, axis, given, mode, moderate, positions_argument, raveled};
use super::masks::like;
use super::selection::{broadcast_shapes, spread};
use super::write::{apart, value};
use super::{Picked, Selection, check};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::arrays::array_like::is_convertible;
use crate::rules::arrays::cast::is_number;
use crate::rules::arrays::casting::{self, Casting};
use crate::rules::arrays::create::allocate;
use crate::rules::arrays::geometry::{array, equal, extent, flattened, product, shape, transposed};
use crate::rules::arrays::index::is_none;
use crate::rules::arrays::raise::{Piece, raise, shape_text};
use crate::rules::arrays::{array_like, library};
use coachwhip_ir::{ArrayTy, Code, Const, ErrorKind, Layout, describe};

/// The array that a function writes into.
fn written(e: &mut Emit, v: Option<Val>, name: &str) -> Result<(Val, ArrayTy), Fault> {
    let v = given(v, name)?;
    match array(e, &v) {
        Some(found) => Ok(found),
        None => fault(Code::ArgumentTypes, format!("{name}() writes into an array, not into {}", describe(&v.ty))),
    }
}

/// Values to store, with one axis and as the target's dtype.
fn values(e: &mut Emit, v: &Val, ty: ArrayTy) -> Result<(Val, ArrayTy), Fault> {
    let (made, made_ty) = if is_number(v) {
        let made = array_like::from_sequence(e, v, Some(ty.dtype), Layout::C)?;
        let made_ty = made.ty.array().unwrap_or(ty);
        (made, made_ty)
    } else {
        value(e, v, ty)?
    };
    raveled(e, &made, made_ty)
}

/// The array as the loops over positions in C order take it.
fn by_position(e: &mut Emit, a: &Val, ty: ArrayTy) -> Val {
    if ty.layout == Layout::C && ty.ndim != 1 { flattened(e, a, ty).0 } else { a.clone() }
}

/// `np.put(a, ind, v, mode="raise")`.
pub fn put(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    put_at(e, args.take(["a", "ind", "v", "mode"])?)
}

/// `a.put(indices, values, mode="raise")`.
pub fn put_method(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    put_at(e, args.take(["a", "indices", "values", "mode"])?)
}

fn put_at(e: &mut Emit, [a, ind, v, mode_slot]: [Option<Val>; 4]) -> Result<Val, Fault> {
    let mode = mode(&mode_slot)?;
    let (a, ty) = written(e, a, "put")?;
    let (ind, v) = (e.opened(&given(ind, "put")?), e.opened(&given(v, "put")?));
    let (index, index_ty) = positions_argument(e, &ind, "put")?;
    let (values, values_ty) = values(e, &v, ty)?;
    if ty.readonly {
        return Ok(raise(e, "ValueError", vec![Piece::Text("put: output array is read-only")]));
    }
    let (index, index_ty) = raveled(e, &index, index_ty)?;
    put_flat(e, &a, ty, (&index, index_ty), (&values, values_ty), mode, false)?;
    Ok(e.none())
}

/// Stores values, in turn, at positions in C order.
fn put_flat(
    e: &mut Emit,
    a: &Val,
    ty: ArrayTy,
    (index, index_ty): (&Val, ArrayTy),
    (values, values_ty): (&Val, ArrayTy),
    mode: Mode,
    flat: bool,
) -> Result<(), Fault> {
    let sizes = shape(e, a, ty);
    let size = product(e, &sizes);
    let (given, zero) = (extent(e, values, 0), e.int(0));
    let none = equal(e, &given, &zero);
    e.if_else(
        &none,
        |e| Ok(e.none()),
        |e| {
            let (index, index_ty) = moderate(e, index, index_ty, &size, mode)?;
            let picked = Picked { array: index.clone(), ty: index_ty, axis: Some(0), size: size.clone() };
            let selection = Selection {
                base: a.clone(),
                base_ty: ty,
                lead: 0,
                picked: vec![picked],
                broad: vec![],
                sizes: vec![],
                flat,
            };
            check(e, &selection)?;
            let (index, values) = (apart(e, a, ty, &index, index_ty)?, apart(e, a, ty, values, values_ty)?);
            let target = by_position(e, a, ty);
            library(e, "coachwhip.lib.put", &[target, index, values, size.clone()])?;
            Ok(e.none())
        },
    )?;
    Ok(())
}

/// `a.flat[positions] = v`: the values in turn.
pub fn put_in_turn(
    e: &mut Emit,
    a: &Val,
    ty: ArrayTy,
    (index, index_ty): (&Val, ArrayTy),
    v: &Val,
) -> Result<(), Fault> {
    let (values, values_ty) = values(e, v, ty)?;
    put_flat(e, a, ty, (index, index_ty), (&values, values_ty), Mode::Raise, true)
}

/// `np.place(arr, mask, vals)`.
pub fn place(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, mask, v] = args.take(["arr", "mask", "vals"])?;
    let (a, ty) = written(e, a, "place")?;
    let (mask, mask_ty) = like(e, &given(mask, "place")?, "place")?;
    let v = given(v, "place")?;
    casting::check_array(&v, ty.dtype, Casting::Safe)?;
    let (values, values_ty) = values(e, &v, ty)?;
    if ty.readonly {
        return Ok(raise(e, "ValueError", vec![Piece::Text("WRITEBACKIFCOPY base is read-only")]));
    }
    let (own, other) = (shape(e, &a, ty), shape(e, &mask, mask_ty));
    let (size, masked) = (product(e, &own), product(e, &other));
    let same = equal(e, &size, &masked);
    let text = "place: mask and data must be the same size";
    e.if_else(&same, |e| Ok(e.none()), |e| Ok(raise(e, "ValueError", vec![Piece::Text(text)])))?;
    let (flat, flat_ty) = raveled(e, &mask, mask_ty)?;
    let Some((found, found_ty)) = super::masks::positions(e, &flat, flat_ty)?.pop() else { return Ok(e.none()) };
    let (count, given, zero) = (extent(e, &found, 0), extent(e, &values, 0), e.int(0));
    let (nothing, some) = (equal(e, &count, &zero), equal(e, &given, &zero));
    let some = e.negated(&some);
    let fine = crate::rules::arrays::geometry::or(e, &nothing, &some);
    let text = "Cannot insert from an empty array!";
    e.if_else(&fine, |e| Ok(e.none()), |e| Ok(raise(e, "ValueError", vec![Piece::Text(text)])))?;
    put_flat(e, &a, ty, (&found, found_ty), (&values, values_ty), Mode::Raise, false)?;
    Ok(e.none())
}

/// The array with an axis moved to the end.
fn with_last(e: &mut Emit, a: &Val, ty: ArrayTy, axis: usize) -> Val {
    let mut order: Vec<usize> = (0..usize::from(ty.ndim)).filter(|other| *other != axis).collect();
    order.push(axis);
    transposed(e, a, ty, &order)
}

/// An array and positions on an axis of it, spread to one shape on the others.
struct Along {
    source: Val,
    index: Val,
    index_ty: ArrayTy,
    axis: usize,
    sizes: Vec<Val>,
    straight: Val,
}

fn along(e: &mut Emit, a: &Val, ty: ArrayTy, indices: &Val, axis_slot: &Option<Val>) -> Result<Option<Along>, Fault> {
    let integer = |ty: ArrayTy| ty.dtype.is_int();
    let (index, index_ty) = like(e, indices, "take_along_axis")?;
    if !integer(index_ty) {
        return fault(Code::ArgumentTypes, "`indices` must be an integer array");
    }
    let last = e.int(-1);
    let slot = axis_slot.clone().unwrap_or(last);
    let axis = match axis(&Some(slot), ty.ndim)? {
        Some(axis) => axis,
        None if index_ty.ndim == 1 && ty.ndim == 1 => 0,
        None => {
            let text = "when axis=None, `indices` must have a single dimension.";
            raise(e, "ValueError", vec![Piece::Text(text)]);
            return Ok(None);
        }
    };
    if index_ty.ndim != ty.ndim {
        let text = "`indices` and `arr` must have the same number of dimensions";
        raise(e, "ValueError", vec![Piece::Text(text)]);
        return Ok(None);
    }
    let (own, other) = (shape(e, a, ty), shape(e, &index, index_ty));
    let one = e.int(1);
    let mut shapes = Vec::new();
    for (position, size) in own.iter().enumerate() {
        if position == axis {
            shapes.push(other.clone());
        } else {
            let mut alone = vec![one.clone(); own.len()];
            if let Some(place) = alone.get_mut(position) {
                *place = size.clone();
            }
            shapes.push(alone);
        }
    }
    let (sizes, fits) = broadcast_shapes(e, &shapes, own.len());
    e.if_else(
        &fits,
        |e| Ok(e.none()),
        |e| {
            let mut pieces =
                vec![Piece::Text("shape mismatch: indexing arrays could not be broadcast together with shapes ")];
            for shape in &shapes {
                pieces.extend(shape_text(shape));
                pieces.push(Piece::Text(" "));
            }
            Ok(raise(e, "IndexError", pieces))
        },
    )?;
    let size = extent(e, a, axis);
    let picked = Picked { array: index.clone(), ty: index_ty, axis: Some(axis), size };
    let selection = Selection {
        base: a.clone(),
        base_ty: ty,
        lead: 0,
        picked: vec![picked],
        broad: sizes.clone(),
        sizes: sizes.clone(),
        flat: false,
    };
    let straight = check(e, &selection)?;
    // An axis of size 1 in one of them is repeated along the other's.
    let mut whole = sizes.clone();
    if let (Some(place), Some(size)) = (whole.get_mut(axis), own.get(axis)) {
        *place = size.clone();
    }
    let source = spread(e, a, ty, &whole);
    let source_ty = source.ty.array().unwrap_or(ty);
    let index = spread(e, &index, index_ty, &sizes);
    let index_ty = index.ty.array().unwrap_or(index_ty);
    let source = with_last(e, &source, source_ty, axis);
    let index = with_last(e, &index, index_ty, axis);
    let index_ty = index.ty.array().unwrap_or(index_ty);
    Ok(Some(Along { source, index, index_ty, axis, sizes, straight }))
}

/// `np.take_along_axis(arr, indices, axis=-1)`.
pub fn take_along_axis(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, indices, axis_slot] = args.take(["arr", "indices", "axis"])?;
    let a = given(a, "take_along_axis")?;
    if is_convertible(&a.ty) {
        return fault(Code::ArgumentTypes, format!("np.take_along_axis() takes an array, not {}", describe(&a.ty)));
    }
    let (mut a, mut ty) = like(e, &a, "take_along_axis")?;
    if axis_slot.as_ref().is_some_and(is_none) {
        (a, ty) = raveled(e, &a, ty)?;
    }
    let indices = given(indices, "take_along_axis")?;
    let Some(found) = along(e, &a, ty, &indices, &axis_slot)? else { return Ok(e.never()) };
    let result = allocate(e, ty.dtype, &found.sizes, Layout::C, false);
    let Some(result_ty) = result.ty.array() else { return Ok(result) };
    let target = with_last(e, &result, result_ty, found.axis);
    library(e, "coachwhip.lib.take_along", &[target, found.source, found.index, found.straight])?;
    Ok(result)
}

/// `np.put_along_axis(arr, indices, values, axis)`.
pub fn put_along_axis(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, indices, v, axis_slot] = args.take(["arr", "indices", "values", "axis"])?;
    let (a, ty) = written(e, a, "put_along_axis")?;
    let indices = given(indices, "put_along_axis")?;
    if axis_slot.as_ref().is_some_and(is_none) && ty.ndim != 1 {
        return fault(Code::ArgumentTypes, "put_along_axis() with axis=None is supported for one axis only");
    }
    let Some(found) = along(e, &a, ty, &indices, &axis_slot)? else { return Ok(e.never()) };
    if ty.readonly {
        return Ok(e.fail(ErrorKind::ReadOnly, &[]));
    }
    let v = given(v, "put_along_axis")?;
    let (values, values_ty) = if is_number(&v) {
        let made = array_like::from_sequence(e, &v, Some(ty.dtype), Layout::C)?;
        let made_ty = made.ty.array().unwrap_or(ty);
        (made, made_ty)
    } else {
        value(e, &v, ty)?
    };
    let given = shape(e, &values, values_ty);
    let (_, fits) = broadcast_shapes(e, &[found.sizes.clone(), given.clone()], found.sizes.len().max(given.len()));
    let (same, _) = broadcast_shapes(e, &[found.sizes.clone(), given.clone()], found.sizes.len().max(given.len()));
    let mut fits = if given.len() > found.sizes.len() { e.bool(false) } else { fits };
    for (x, y) in same.iter().zip(&found.sizes) {
        let equal = equal(e, x, y);
        fits = crate::rules::arrays::geometry::and(e, &fits, &equal);
    }
    let wrong = fits.literal() == Some(&Const::Bool(false));
    e.if_else(
        &fits,
        |e| Ok(e.none()),
        |e| {
            let mut pieces = vec![Piece::Text("shape mismatch: value array of shape ")];
            pieces.extend(shape_text(&given));
            pieces.push(Piece::Text(" could not be broadcast to indexing result of shape "));
            pieces.extend(shape_text(&found.sizes));
            Ok(raise(e, "ValueError", pieces))
        },
    )?;
    if wrong {
        return Ok(e.never());
    }
    let values = apart(e, &a, ty, &values, values_ty)?;
    let values = spread(e, &values, values_ty, &found.sizes);
    let spread_ty = values.ty.array().unwrap_or(values_ty);
    let values = with_last(e, &values, spread_ty, found.axis);
    let index = apart(e, &a, ty, &found.index, found.index_ty)?;
    library(e, "coachwhip.lib.put_along", &[found.source, values, index])?;
    Ok(e.none())
}
