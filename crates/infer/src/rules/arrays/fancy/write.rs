//! `a[index] = v` with advanced indices: everything is checked first, then written as if all was read before.

use super::selection::{same_or_equal, spread};
use super::{Selection, masks, only_mask, selection};
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::arrays::broadcast::sizes;
use crate::rules::arrays::cast::{cast, is_number, stored};
use crate::rules::arrays::create::copied;
use crate::rules::arrays::geometry::{add, and, data, equal, mul, product, retyped, shape, strides, sub};
use crate::rules::arrays::index::{Index, load};
use crate::rules::arrays::literals::Order;
use crate::rules::arrays::raise::{Piece, raise, shape_text};
use crate::rules::arrays::{array_like, library, store};
use coachwhip_ir::{ArrayTy, Code, Layout, Op, Owner, Ty, describe};

/// `a[index] = v`.
pub fn write(e: &mut Emit, a: &Val, ty: ArrayTy, index: &Index, v: &Val) -> Result<(), Fault> {
    if let (Some((mask, mask_ty)), None) = (only_mask(ty, index), index.ellipsis) {
        return masks::assign(e, a, ty, mask, mask_ty, v);
    }
    let selection = selection(e, a, ty, index)?;
    scatter(e, &selection, v)
}

/// The value of an assignment as an array; Python numbers in it must fit the dtype of the target.
pub fn value(e: &mut Emit, v: &Val, ty: ArrayTy) -> Result<(Val, ArrayTy), Fault> {
    if let Some(found) = crate::rules::arrays::geometry::array(e, v) {
        return Ok(found);
    }
    if array_like::is_convertible(&v.ty) {
        let made = array_like::from_sequence(e, v, Some(ty.dtype), Layout::C)?;
        let made_ty = made.ty.array().unwrap_or(ty);
        return Ok((made, made_ty));
    }
    fault(Code::OperandTypes, format!("{} cannot be assigned to a part of an array", describe(&v.ty)))
}

/// The array, or a copy of it if it may share memory with the one that is written.
pub fn apart(e: &mut Emit, target: &Val, ty: ArrayTy, source: &Val, source_ty: ArrayTy) -> Result<Val, Fault> {
    let fresh = e
        .func
        .def_inst(source.id)
        .is_some_and(|inst| e.func.insts[inst].op.owner(&e.func.insts[inst].imm) == Owner::New);
    if fresh {
        return Ok(source.clone());
    }
    let ((low, high), (from, to)) = (bounds(e, target, ty), bounds(e, source, source_ty));
    let (before, after) = (e.op(Op::Lt, &[&low, &to], Ty::Bool), e.op(Op::Lt, &[&from, &high], Ty::Bool));
    let meet = and(e, &before, &after);
    e.if_else(
        &meet,
        |e| {
            let order = if source_ty.layout == Layout::F { Order::F } else { Order::C };
            let copy = copied(e, source, source_ty, source_ty.dtype, order)?;
            let copy_ty = copy.ty.array().unwrap_or(source_ty);
            Ok(retyped(e, &copy, copy_ty, source_ty))
        },
        |_| Ok(source.clone()),
    )
}

/// The addresses of the first byte of an array and of the one after its last.
fn bounds(e: &mut Emit, a: &Val, ty: ArrayTy) -> (Val, Val) {
    let start = data(e, a);
    let sizes = shape(e, a, ty);
    let item = e.int(i64::from(ty.dtype.size()));
    if ty.layout != Layout::A {
        let count = product(e, &sizes);
        let bytes = mul(e, &count, &item);
        let end = e.op(Op::Offset, &[&start, &bytes], Ty::Ptr(None));
        return (start, end);
    }
    let steps = strides(e, a, ty);
    let (zero, one) = (e.int(0), e.int(1));
    let (mut low, mut high) = (zero.clone(), item);
    for (size, step) in sizes.iter().zip(&steps) {
        let last = sub(e, size, &one);
        let reach = mul(e, &last, step);
        let (down, up) = (e.op(Op::Min, &[&reach, &zero], Ty::Int), e.op(Op::Max, &[&reach, &zero], Ty::Int));
        low = add(e, &low, &down);
        high = add(e, &high, &up);
    }
    (e.op(Op::Offset, &[&start, &low], Ty::Ptr(None)), e.op(Op::Offset, &[&start, &high], Ty::Ptr(None)))
}

/// Writes what a selection names.
pub fn scatter(e: &mut Emit, selection: &Selection, v: &Val) -> Result<(), Fault> {
    let ty = selection.base_ty;
    if is_number(v) {
        let element = stored(e, v, ty.dtype)?;
        return fill(e, selection, &element);
    }
    let (source, source_ty) = value(e, v, ty)?;
    if source_ty.ndim == 0 {
        let element = load(e, &source, source_ty, &[]);
        let element = cast(e, &element, ty.dtype);
        return fill(e, selection, &element);
    }
    let (source, source_ty) = fitting(e, selection, &source, source_ty)?;
    let straight = super::check(e, selection)?;
    let source = apart(e, &selection.base, ty, &source, source_ty)?;
    let selection = unshared(e, selection)?;
    if source_ty.layout == Layout::C && usize::from(source_ty.ndim) == selection.sizes.len() {
        let mut same = e.bool(true);
        for (x, y) in sizes(e, &source, source_ty).iter().zip(&selection.sizes) {
            let equal = same_or_equal(e, x, y);
            same = and(e, &same, &equal);
        }
        let exact = |e: &mut Emit| {
            copy_all(e, &selection, &source, &straight)?;
            Ok(e.none())
        };
        if super::is_true(&same) {
            return exact(e).map(drop);
        }
        e.if_else(&same, exact, |e| {
            let source = spread(e, &source, source_ty, &selection.sizes);
            copy_all(e, &selection, &source, &straight)?;
            Ok(e.none())
        })?;
        return Ok(());
    }
    let source = spread(e, &source, source_ty, &selection.sizes);
    copy_all(e, &selection, &source, &straight)
}

fn copy_all(e: &mut Emit, selection: &Selection, source: &Val, straight: &Val) -> Result<(), Fault> {
    let lead = selection.leading(e);
    selection.with_indices(e, |e, indices| {
        let args = [selection.base.clone(), source.clone(), indices, lead.clone(), straight.clone()];
        library(e, "coachwhip.lib.scatter", &args)
    })?;
    Ok(())
}

/// One element everywhere.
fn fill(e: &mut Emit, selection: &Selection, element: &Val) -> Result<(), Fault> {
    let straight = super::check(e, selection)?;
    let selection = unshared(e, selection)?;
    let lead = selection.leading(e);
    let element = e.machine(element);
    selection.with_indices(e, |e, indices| {
        let args = [selection.base.clone(), element.clone(), indices, lead.clone(), straight.clone()];
        library(e, "coachwhip.lib.scatter_one", &args)
    })?;
    Ok(())
}

/// The selection with arrays of positions that share no memory with what is written.
fn unshared(e: &mut Emit, selection: &Selection) -> Result<Selection, Fault> {
    let mut picked = Vec::new();
    for p in &selection.picked {
        let array = apart(e, &selection.base, selection.base_ty, &p.array, p.ty)?;
        picked.push(super::Picked { array, ty: p.ty, axis: p.axis, size: p.size.clone() });
    }
    Ok(Selection {
        base: selection.base.clone(),
        base_ty: selection.base_ty,
        lead: selection.lead,
        picked,
        broad: selection.broad.clone(),
        sizes: selection.sizes.clone(),
        flat: selection.flat,
    })
}

/// The value without surplus first axes, after the check that it broadcasts to the selection.
fn fitting(e: &mut Emit, selection: &Selection, source: &Val, ty: ArrayTy) -> Result<(Val, ArrayTy), Fault> {
    let given = sizes(e, source, ty);
    let surplus = given.len().saturating_sub(selection.sizes.len());
    let one = e.int(1);
    let mut fits = e.bool(true);
    for size in given.iter().take(surplus) {
        let single = equal(e, size, &one);
        fits = and(e, &fits, &single);
    }
    for (size, wanted) in given.iter().skip(surplus).rev().zip(selection.sizes.iter().rev()) {
        let (same, single) = (same_or_equal(e, size, wanted), equal(e, size, &one));
        let either = crate::rules::arrays::geometry::or(e, &same, &single);
        fits = and(e, &fits, &either);
    }
    e.if_else(
        &fits,
        |e| Ok(e.none()),
        |e| {
            let mut pieces = vec![Piece::Text("shape mismatch: value array of shape ")];
            pieces.extend(shape_text(&given));
            pieces.push(Piece::Text(" could not be broadcast to indexing result of shape "));
            pieces.extend(shape_text(&selection.sizes));
            Ok(raise(e, "ValueError", pieces))
        },
    )?;
    Ok(store::without_first(e, source, ty, surplus))
}
