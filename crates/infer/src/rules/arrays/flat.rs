//! `a.flat`: the elements of an array by their position in C order.

use super::cast::stored;
use super::geometry::{array, flattened, product, shape};
use super::index::{Index, Item, load, parse, select};
use super::integers::{checked_position, is_index};
use super::literals::Order;
use super::slices::span;
use super::store::store;
use super::{create, fancy, reshape};
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{ArrayTy, Code, Const, Dtype, ErrorKind, Layout, Op, Ty, describe};
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
    if !is_index(&index.ty) {
        return several(e, &a, ty, index).map(Some);
    }
    let position = position(e, &a, ty, index);
    Ok(Some(element(e, &a, ty, &position)))
}

/// `a.flat[i] = v`.
pub fn setitem(e: &mut Emit, x: &Val, index: &Val, v: &Val) -> Result<Option<Val>, Fault> {
    let Some((a, ty)) = base(e, x) else { return Ok(None) };
    if ty.readonly {
        return Ok(Some(e.fail(ErrorKind::FlatReadOnly, &[])));
    }
    if !is_index(&index.ty) {
        store_several(e, &a, ty, index, v)?;
        return Ok(Some(e.none()));
    }
    let position = position(e, &a, ty, index);
    let element = stored(e, v, ty.dtype)?;
    let (a, _, places) = located(e, &a, ty, &position);
    store(e, &a, &places, &element);
    Ok(Some(e.none()))
}

fn position(e: &mut Emit, a: &Val, ty: ArrayTy, index: &Val) -> Val {
    let n = len(e, a, ty);
    checked_position(e, index, &n)
}

/// The index of several elements: one slice, ellipsis, mask or array of positions.
fn one_item(e: &mut Emit, flat: ArrayTy, index: &Val) -> Result<Index, Fault> {
    let is_bool = matches!(index.ty.widened(), Ty::Bool | Ty::Scalar(Dtype::Bool));
    if is_bool || matches!(index.ty.widened(), Ty::Tuple(_)) {
        let message = format!("a.flat is indexed by ints, slices, masks and arrays, not by {}", describe(&index.ty));
        return fault(Code::NotSubscriptable, message);
    }
    parse(e, flat, index)
}

/// `a.flat[index]` of several elements: a copy.
fn several(e: &mut Emit, a: &Val, ty: ArrayTy, index: &Val) -> Result<Val, Fault> {
    let flat = reshape::ravel(e, a, ty, Order::C)?;
    let flat_ty = flat.ty.array().unwrap_or(ty);
    let index = one_item(e, flat_ty, index)?;
    if index.is_element {
        return Ok(super::index::element(e, &flat, flat_ty, &index));
    }
    if let [Item::Mask(mask, _)] = index.items.as_slice() {
        let size = len(e, a, ty);
        fancy::masks::check_flat(e, &size, mask)?;
    }
    if index.is_fancy() {
        return fancy::read_flat(e, &flat, flat_ty, &index);
    }
    let part = select(e, &flat, flat_ty, &index);
    let part_ty = part.ty.array().unwrap_or(flat_ty);
    create::copied(e, &part, part_ty, ty.dtype, Order::C)
}

/// `a.flat[index] = v` of several elements: the values in turn, from the first again where there are too few.
fn store_several(e: &mut Emit, a: &Val, ty: ArrayTy, index: &Val, v: &Val) -> Result<(), Fault> {
    let flat_ty = ArrayTy { ndim: 1, layout: Layout::C, ..ty };
    let index = one_item(e, flat_ty, index)?;
    let size = len(e, a, ty);
    let (positions, positions_ty) = match index.items.as_slice() {
        [Item::Slice(parts)] => {
            let span = span(e, parts, &size);
            let made = create::allocate(e, Dtype::Int64, &[span.len], Layout::C, false);
            let (start, step) = (e.machine(&span.start), e.machine(&span.step));
            super::library(e, "coachwhip.lib.arange_counting", &[made.clone(), start, step])?;
            let made_ty = made.ty.array().unwrap_or(flat_ty);
            (made, made_ty)
        }
        [Item::Picks(array, array_ty)] => {
            let flat = reshape::ravel(e, array, *array_ty, Order::C)?;
            let found = flat.ty.array().unwrap_or(*array_ty);
            (flat, found)
        }
        [Item::Mask(mask, mask_ty)] => {
            fancy::masks::check_flat(e, &size, mask)?;
            match fancy::masks::positions(e, mask, *mask_ty)?.pop() {
                Some(found) => found,
                None => return Ok(()),
            }
        }
        _ => return fault(Code::NotSubscriptable, "a.flat is indexed by ints, slices, masks and arrays"),
    };
    fancy::put_in_turn(e, a, ty, (&positions, positions_ty), v)
}

/// `a.flat = v`.
pub fn store_all(e: &mut Emit, a: &Val, ty: ArrayTy, v: &Val) -> Result<(), Fault> {
    let all = e.lit(Const::Ellipsis);
    store_several(e, a, ty, &all, v)
}
