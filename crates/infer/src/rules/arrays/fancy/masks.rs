//! Masks: the positions where they are true, and the elements that they select from an array of their shape.

use crate::emit::{Emit, Fault, Val};
use crate::rules::arrays::cast::stored;
use crate::rules::arrays::create::allocate;
use crate::rules::arrays::geometry::{equal, extent, flattened, or};
use crate::rules::arrays::index::load;
use crate::rules::arrays::raise::{Piece, raise};
use crate::rules::arrays::{array_like, cast, library};
use crate::rules::tuples;
use coachwhip_ir::{ArrayTy, Dtype, Layout};

/// Fails unless an axis of a mask has the size of the axis that it covers.
pub fn check_size(e: &mut Emit, a: &Val, axis: usize, mask: &Val, own: usize) -> Result<(), Fault> {
    let wanted = extent(e, a, axis);
    let text = "boolean index did not match indexed array along axis ";
    require_size(e, &wanted, axis, mask, own, text)
}

/// As [`check_size`], for a mask of the elements of `a.flat`.
pub fn check_flat(e: &mut Emit, count: &Val, mask: &Val) -> Result<(), Fault> {
    require_size(e, count, 0, mask, 0, "boolean index did not match indexed flat iterator along axis ")
}

fn require_size(
    e: &mut Emit,
    wanted: &Val,
    axis: usize,
    mask: &Val,
    own: usize,
    text: &'static str,
) -> Result<(), Fault> {
    let given = extent(e, mask, own);
    let same = equal(e, wanted, &given);
    // A mask without elements along an axis fits every size, as in NumPy.
    let zero = e.int(0);
    let empty = equal(e, &given, &zero);
    let same = or(e, &same, &empty);
    e.if_else(
        &same,
        |e| Ok(e.none()),
        |e| {
            let axis = e.int(axis as i64);
            let pieces = vec![
                Piece::Text(text),
                Piece::Number(axis),
                Piece::Text("; size of axis is "),
                Piece::Number(wanted.clone()),
                Piece::Text(" but size of corresponding boolean axis is "),
                Piece::Number(given.clone()),
            ];
            Ok(raise(e, "IndexError", pieces))
        },
    )?;
    Ok(())
}

/// The array with one axis if its elements lie one after the other, whatever their order.
fn any_order(e: &mut Emit, a: &Val, ty: ArrayTy) -> Val {
    if ty.layout == Layout::A || ty.ndim < 2 { a.clone() } else { flattened(e, a, ty).0 }
}

/// The number of elements that are not zero, of an array with an axis or more.
pub fn count(e: &mut Emit, a: &Val, ty: ArrayTy) -> Result<Val, Fault> {
    let flat = any_order(e, a, ty);
    library(e, "coachwhip.lib.count_true", &[flat])
}

/// `a.nonzero()` of an array with an axis or more: for each axis the positions of the elements that are not zero.
pub fn positions(e: &mut Emit, a: &Val, ty: ArrayTy) -> Result<Vec<(Val, ArrayTy)>, Fault> {
    let found = count(e, a, ty)?;
    let mut targets = Vec::new();
    for _ in 0..ty.ndim {
        targets.push(allocate(e, Dtype::Int64, std::slice::from_ref(&found), Layout::C, false));
    }
    let tuple = tuples::display(e, &targets);
    let zero = e.int(0);
    let zero = e.machine(&zero);
    library(e, "coachwhip.lib.nonzero", &[a.clone(), tuple, zero, found])?;
    let result = ArrayTy { dtype: Dtype::Int64, ndim: 1, layout: Layout::C, readonly: false };
    Ok(targets.into_iter().map(|t| (t, result)).collect())
}

/// An array and a mask of its shape as the loops take them: with one axis where both are in C order.
fn aligned(e: &mut Emit, a: &Val, ty: ArrayTy, mask: &Val, mask_ty: ArrayTy) -> (Val, Val) {
    if ty.layout == Layout::C && mask_ty.layout == Layout::C {
        return (flattened(e, a, ty).0, flattened(e, mask, mask_ty).0);
    }
    (a.clone(), mask.clone())
}

/// `a[mask]` with a mask of the array's shape.
pub fn select(e: &mut Emit, a: &Val, ty: ArrayTy, mask: &Val, mask_ty: ArrayTy) -> Result<Val, Fault> {
    for axis in 0..usize::from(ty.ndim) {
        check_size(e, a, axis, mask, axis)?;
    }
    let found = count(e, mask, mask_ty)?;
    let result = allocate(e, ty.dtype, std::slice::from_ref(&found), Layout::C, false);
    let (source, mask) = aligned(e, a, ty, mask, mask_ty);
    let zero = e.int(0);
    let zero = e.machine(&zero);
    library(e, "coachwhip.lib.compress", &[mask, source, result.clone(), zero, found])?;
    Ok(result)
}

/// `a[mask] = v` with a mask of the array's shape.
pub fn assign(e: &mut Emit, a: &Val, ty: ArrayTy, mask: &Val, mask_ty: ArrayTy, v: &Val) -> Result<(), Fault> {
    for axis in 0..usize::from(ty.ndim) {
        check_size(e, a, axis, mask, axis)?;
    }
    let mask = super::write::apart(e, a, ty, mask, mask_ty)?;
    if cast::is_number(v) {
        let element = stored(e, v, ty.dtype)?;
        return fill(e, a, ty, &mask, mask_ty, &element);
    }
    let (source, source_ty) = super::write::value(e, v, ty)?;
    match source_ty.ndim {
        0 => {
            let element = load(e, &source, source_ty, &[]);
            let element = cast::cast(e, &element, ty.dtype);
            return fill(e, a, ty, &mask, mask_ty, &element);
        }
        1 => {}
        n => {
            let n = e.int(i64::from(n));
            let text = "NumPy boolean array indexing assignment requires a 0 or 1-dimensional input, input has ";
            raise(e, "TypeError", vec![Piece::Text(text), Piece::Number(n), Piece::Text(" dimensions")]);
            return Ok(());
        }
    }
    let (given, one) = (extent(e, &source, 0), e.int(1));
    let single = equal(e, &given, &one);
    e.if_else(
        &single,
        |e| {
            let zero = e.int(0);
            let element = load(e, &source, source_ty, &[zero]);
            let element = cast::cast(e, &element, ty.dtype);
            fill(e, a, ty, &mask, mask_ty, &element)?;
            Ok(e.none())
        },
        |e| {
            let found = count(e, &mask, mask_ty)?;
            let fits = equal(e, &found, &given);
            e.if_else(&fits, |e| Ok(e.none()), |e| Ok(wrong_count(e, &given, &found)))?;
            let source = super::write::apart(e, a, ty, &source, source_ty)?;
            let (target, mask) = aligned(e, a, ty, &mask, mask_ty);
            let zero = e.int(0);
            let zero = e.machine(&zero);
            library(e, "coachwhip.lib.expand", &[mask, target, source, zero])?;
            Ok(e.none())
        },
    )?;
    Ok(())
}

fn wrong_count(e: &mut Emit, given: &Val, found: &Val) -> Val {
    let pieces = vec![
        Piece::Text("NumPy boolean array indexing assignment cannot assign "),
        Piece::Number(given.clone()),
        Piece::Text(" input values to the "),
        Piece::Number(found.clone()),
        Piece::Text(" output values where the mask is true"),
    ];
    raise(e, "ValueError", pieces)
}

fn fill(e: &mut Emit, a: &Val, ty: ArrayTy, mask: &Val, mask_ty: ArrayTy, element: &Val) -> Result<(), Fault> {
    let (target, mask) = aligned(e, a, ty, mask, mask_ty);
    let element = e.machine(element);
    library(e, "coachwhip.lib.fill_where", &[mask, target, element]).map(drop)
}

/// An argument as an array.
pub fn like(e: &mut Emit, v: &Val, name: &str) -> Result<(Val, ArrayTy), Fault> {
    match array_like::array_like(e, v)? {
        Some(found) => Ok(found),
        None => crate::emit::fault(
            coachwhip_ir::Code::ArgumentTypes,
            format!("{name}() wants an array, not {}", coachwhip_ir::describe(&v.ty)),
        ),
    }
}
