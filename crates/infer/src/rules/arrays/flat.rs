//! `a.flat`: the elements of an array by their position in C order.

use super::cast::stored;
use super::geometry::{array, flattened, product, shape};
use super::index::load;
use super::integers::{checked_position, is_index};
use super::store::store;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{ArrayTy, Code, ErrorKind, Layout, Op, Ty, describe};
use std::sync::Arc;

/// `a.flat`, at its beginning.
pub fn flat(e: &mut Emit, a: &Val) -> Val {
    let zero = e.int(0);
    let zero = e.machine(&zero);
    e.pack(Ty::Iter(Arc::new(IterTy::Flat(a.ty.clone()))), &[a, &zero])
}

/// The array behind a flat iterator.
pub fn base(e: &mut Emit, x: &Val) -> Option<(Val, ArrayTy)> {
    let Ty::Iter(iter) = &x.ty else { return None };
    let IterTy::Flat(_) = &**iter else { return None };
    let base = e.field(x, 0);
    array(e, &base)
}

/// Number of elements.
pub fn len(e: &mut Emit, a: &Val, ty: ArrayTy) -> Val {
    let sizes = shape(e, a, ty);
    product(e, &sizes)
}

/// The array and the indices of an element by its position in C order, which is in range.
fn located(e: &mut Emit, a: &Val, ty: ArrayTy, position: &Val) -> (Val, ArrayTy, Vec<Val>) {
    if ty.ndim == 0 {
        return (a.clone(), ty, vec![]);
    }
    if ty.ndim == 1 {
        return (a.clone(), ty, vec![position.clone()]);
    }
    if ty.layout == Layout::C {
        let (flat, flat_ty) = flattened(e, a, ty);
        return (flat, flat_ty, vec![position.clone()]);
    }
    let sizes = shape(e, a, ty);
    let mut places = Vec::new();
    let mut rest = position.clone();
    for size in sizes.iter().skip(1).rev() {
        places.push(e.op(Op::FloorMod, &[&rest, size], Ty::Int));
        rest = e.op(Op::FloorDiv, &[&rest, size], Ty::Int);
    }
    places.push(rest);
    places.reverse();
    (a.clone(), ty, places)
}

/// The element at a position in C order, which is in range.
pub fn element(e: &mut Emit, a: &Val, ty: ArrayTy, position: &Val) -> Val {
    let (a, ty, places) = located(e, a, ty, position);
    load(e, &a, ty, &places)
}

/// `a.flat[i]`.
pub fn getitem(e: &mut Emit, x: &Val, index: &Val) -> Result<Option<Val>, Fault> {
    let Some((a, ty)) = base(e, x) else { return Ok(None) };
    let position = position(e, &a, ty, index)?;
    Ok(Some(element(e, &a, ty, &position)))
}

/// `a.flat[i] = v`.
pub fn setitem(e: &mut Emit, x: &Val, index: &Val, v: &Val) -> Result<Option<Val>, Fault> {
    let Some((a, ty)) = base(e, x) else { return Ok(None) };
    if ty.readonly {
        return Ok(Some(e.fail(ErrorKind::FlatReadOnly, &[])));
    }
    let position = position(e, &a, ty, index)?;
    let element = stored(e, v, ty.dtype)?;
    let (a, _, places) = located(e, &a, ty, &position);
    store(e, &a, &places, &element);
    Ok(Some(e.none()))
}

fn position(e: &mut Emit, a: &Val, ty: ArrayTy, index: &Val) -> Result<Val, Fault> {
    if !is_index(&index.ty) {
        let message = format!("a.flat is indexed by an int in compiled code, not by {}", describe(&index.ty));
        return fault(Code::NotSubscriptable, message);
    }
    let n = len(e, a, ty);
    Ok(checked_position(e, index, &n))
}
