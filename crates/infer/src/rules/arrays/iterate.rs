//! `for` over an array: elements of a one-dimensional array, else views of its first axis.

use super::flat;
use super::geometry::{array, extent, shape, strides, view};
use super::index::{address, load};
use super::raise::{Piece, raise};
use crate::emit::{Emit, Fault, Val};
use crate::rules::Answer;
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{ArrayTy, Code, Diagnostic, Layout, Op, Ty};
use std::sync::Arc;

/// `len(x)`.
pub fn len(e: &mut Emit, x: &Val) -> Answer {
    if let Some((a, ty)) = flat::base(e, x) {
        return Ok(Some(flat::len(e, &a, ty)));
    }
    match array(e, x) {
        Some((_, ty)) if ty.ndim == 0 => Ok(Some(raise(e, "TypeError", vec![Piece::Text("len() of unsized object")]))),
        Some((a, _)) => Ok(Some(extent(e, &a, 0))),
        None => Ok(None),
    }
}

/// `iter(x)`.
pub fn iter(e: &mut Emit, x: &Val) -> Answer {
    if flat::base(e, x).is_some() {
        return Ok(Some(x.clone()));
    }
    let Some((a, ty)) = array(e, x) else { return Ok(None) };
    if ty.ndim == 0 {
        return Err(Box::new(Diagnostic::new(Code::NotIterable, "iteration over a 0-d array")));
    }
    let zero = e.int(0);
    let zero = e.machine(&zero);
    Ok(Some(e.pack(Ty::Iter(Arc::new(IterTy::Array(a.ty.clone()))), &[&a, &zero])))
}

/// The array, the position and the kind of an array's iterator.
fn state(e: &mut Emit, x: &Val) -> Option<(Val, ArrayTy, Val, bool)> {
    let Ty::Iter(iter) = &x.ty else { return None };
    let is_flat = match &**iter {
        IterTy::Array(_) => false,
        IterTy::Flat(_) => true,
        _ => return None,
    };
    let base = e.field(x, 0);
    let (a, ty) = array(e, &base)?;
    Some((a, ty, e.field(x, 1), is_flat))
}

/// Whether there is another item.
pub fn iter_has(e: &mut Emit, x: &Val) -> Answer {
    let Some((a, ty, position, is_flat)) = state(e, x) else { return Ok(None) };
    let n = if is_flat { flat::len(e, &a, ty) } else { extent(e, &a, 0) };
    Ok(Some(e.op(Op::Lt, &[&position, &n], Ty::Bool)))
}

/// The next item.
pub fn iter_value(e: &mut Emit, x: &Val) -> Answer {
    let Some((a, ty, position, is_flat)) = state(e, x) else { return Ok(None) };
    Ok(Some(if is_flat { flat::element(e, &a, ty, &position) } else { row(e, &a, ty, &position) }))
}

/// The iterator after the next item.
pub fn iter_advance(e: &mut Emit, x: &Val) -> Answer {
    let Some((a, _, position, _)) = state(e, x) else { return Ok(None) };
    let one = e.int(1);
    let next = e.op(Op::Add, &[&position, &one], Ty::Int);
    let next = e.machine(&next);
    Ok(Some(e.pack(x.ty.clone(), &[&a, &next])))
}

/// The item at a position in range.
pub fn item(e: &mut Emit, x: &Val, position: &Val) -> Answer {
    if let Some((a, ty)) = flat::base(e, x) {
        return Ok(Some(flat::element(e, &a, ty, position)));
    }
    match array(e, x) {
        Some((a, ty)) if ty.ndim > 0 => Ok(Some(row(e, &a, ty, position))),
        _ => Ok(None),
    }
}

/// `a[position]` for a position in range.
fn row(e: &mut Emit, a: &Val, ty: ArrayTy, position: &Val) -> Val {
    if ty.ndim == 1 {
        return load(e, a, ty, std::slice::from_ref(position));
    }
    let sizes: Vec<Val> = shape(e, a, ty).into_iter().skip(1).collect();
    let steps: Vec<Val> = strides(e, a, ty).into_iter().skip(1).collect();
    let zero = e.int(0);
    let mut places = vec![zero; ty.ndim as usize];
    if let Some(first) = places.first_mut() {
        *first = position.clone();
    }
    let start = address(e, a, &places);
    let layout = if ty.layout == Layout::C { Layout::C } else { Layout::A };
    view(e, a, ArrayTy { ndim: ty.ndim - 1, layout, ..ty }, &start, &sizes, &steps)
}

/// `x in a`: whether any element is equal.
pub fn contains(e: &mut Emit, x: &Val, container: &Val) -> Answer {
    let Some((a, ty)) = array(e, container) else { return Ok(None) };
    if ty.ndim == 0 || x.ty.dtype().is_none() {
        return Ok(None);
    }
    let x = e.machine(x);
    super::library(e, "coachwhip.lib.contains", &[a, x]).map(Some)
}

/// `bool(a)`: of the only element; an array of another size has no truth value.
pub fn truth(e: &mut Emit, x: &Val) -> Answer {
    let Some((a, ty)) = array(e, x) else { return Ok(None) };
    let (n, zero, one) = (flat::len(e, &a, ty), e.int(0), e.int(1));
    let filled = e.op(Op::Ne, &[&n, &zero], Ty::Bool);
    let empty =
        "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.";
    let refuse = |e: &mut Emit| Ok::<Val, Fault>(raise(e, "ValueError", vec![Piece::Text(empty)]));
    e.if_else(&filled, |e| Ok(e.none()), refuse)?;
    let single = e.op(Op::Eq, &[&n, &one], Ty::Bool);
    e.guard(&single, coachwhip_ir::ErrorKind::Ambiguous, &[]);
    let element = flat::element(e, &a, ty, &zero);
    crate::rules::operators::truth(e, &element).map(Some)
}
