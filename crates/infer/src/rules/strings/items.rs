//! Characters and bytes by position, slices, iteration.

use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::Answer;
use crate::rules::index::as_int;
use crate::rules::slices;
use crate::text::{as_block, element, is_bytes, is_string, length, unit};
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{Code, ErrorKind, Op, RuntimeFn, Ty, describe};
use std::sync::Arc;

fn is_either(ty: &Ty) -> bool {
    is_string(ty) || is_bytes(ty)
}

pub fn getitem(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    if !is_either(&v.ty) || is_string(&v.ty) && v.literal().is_some() && is_known(&index.ty) {
        return Ok(None);
    }
    checked_item(e, v, index)
}

/// A character or slice, checked when the code runs.
pub fn checked_item(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    let Some(block) = as_block(e, v) else { return Ok(None) };
    if matches!(index.ty, Ty::Slice(_)) {
        return slice(e, &block, index).map(Some);
    }
    let Some(index) = as_int(e, index) else {
        let (of, what) = (describe(&v.ty), describe(&index.ty));
        let name = if is_bytes(&v.ty) { "byte" } else { "string" };
        let message = format!("{name} indices of a {of} must be integers or slices, not {what}");
        return fault(Code::NotSubscriptable, message);
    };
    let count = length(e, &block);
    let wrapped = match index.literal_int() {
        Some(i) if i >= 0 => index,
        Some(_) => e.op(Op::Add, &[&count, &index], Ty::Int),
        None => e.op(Op::WrapIndex, &[&index, &count], Ty::Int),
    };
    let inside = e.op(Op::InRange, &[&wrapped, &count], Ty::Bool);
    let kind = if is_bytes(&v.ty) { ErrorKind::BytesIndex } else { ErrorKind::StrIndex };
    e.guard(&inside, kind, &[]);
    item(e, &block, &wrapped)
}

/// Whether an index is one of constants, so that what it gives of a literal is a literal.
fn is_known(ty: &Ty) -> bool {
    match ty {
        Ty::Slice(parts) => parts.iter().all(is_known),
        ty => ty.literal().is_some() || *ty == Ty::None,
    }
}

pub fn item(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    if !is_either(&v.ty) {
        return Ok(None);
    }
    let Some(block) = as_block(e, v) else { return Ok(None) };
    let unit = unit(e, &block, index);
    Ok(Some(element(e, &v.ty, &unit)))
}

fn slice(e: &mut Emit, block: &Val, index: &Val) -> Result<Val, Fault> {
    let count = length(e, block);
    let (start, step, taken) = positions(e, index, &count)?;
    let ty = block.ty.clone();
    Ok(e.runtime(RuntimeFn::StrSlice, &[block, &start, &step, &taken], ty))
}

/// What a slice takes of so many items: the first one's position, the step, and how many.
pub fn positions(e: &mut Emit, index: &Val, count: &Val) -> Result<(Val, Val, Val), Fault> {
    let parts = slices::indices(e, index, count)?;
    let (start, stop, step) = (e.field(&parts, 0), e.field(&parts, 1), e.field(&parts, 2));
    let gone = e.op(Op::Sub, &[&stop, &start], Ty::Int);
    let taken = match step.literal_int() {
        Some(1) => gone,
        _ => e.library("coachwhip.lib.strings.count", vec![gone, step.clone()])?,
    };
    Ok((start, step, taken))
}

pub fn iter(e: &mut Emit, v: &Val) -> Answer {
    let Some((block, units, width, count)) = parts_of(e, v) else { return Ok(None) };
    let zero = e.int(0);
    let zero = e.machine(&zero);
    let ty = Ty::Iter(Arc::new(IterTy::Str(block.ty.clone())));
    Ok(Some(e.pack(ty, &[&block, &units, &width, &count, &zero])))
}

/// `reversed(text)`.
pub fn reversed(e: &mut Emit, v: &Val) -> Option<Val> {
    let (block, units, width, count) = parts_of(e, v)?;
    let ty = Ty::Iter(Arc::new(IterTy::StrReversed(block.ty.clone())));
    Some(e.pack(ty, &[&block, &units, &width, &count, &count]))
}

fn parts_of(e: &mut Emit, v: &Val) -> Option<(Val, Val, Val, Val)> {
    let block = is_either(&v.ty).then(|| as_block(e, v)).flatten()?;
    let units = e.op(Op::TextUnits, &[&block], Ty::Ptr(None));
    let width = e.op(Op::TextWidth, &[&block], Ty::Int);
    let count = length(e, &block);
    Some((block, units, width, count))
}

/// Whether an iterator over a string goes backwards; `None` of any other.
fn backwards(v: &Val) -> Option<bool> {
    match &v.ty {
        Ty::Iter(kind) => match &**kind {
            IterTy::Str(_) => Some(false),
            IterTy::StrReversed(_) => Some(true),
            _ => None,
        },
        _ => None,
    }
}

pub fn iter_has(e: &mut Emit, v: &Val) -> Answer {
    let Some(backwards) = backwards(v) else { return Ok(None) };
    let (count, position) = (e.field(v, 3), e.field(v, 4));
    if backwards {
        let zero = e.int(0);
        return Ok(Some(e.op(Op::Gt, &[&position, &zero], Ty::Bool)));
    }
    Ok(Some(e.op(Op::Lt, &[&position, &count], Ty::Bool)))
}

pub fn iter_value(e: &mut Emit, v: &Val) -> Answer {
    let Some(backwards) = backwards(v) else { return Ok(None) };
    let fields: Vec<Val> = (0..5).map(|n| e.field(v, n)).collect();
    let [block, units, width, _, position] = fields.as_slice() else { return Ok(None) };
    let one = e.int(1);
    let at = if backwards { e.op(Op::Sub, &[position, &one], Ty::Int) } else { position.clone() };
    let unit = e.op(Op::TextUnit, &[units, width, &at], Ty::Int);
    Ok(Some(element(e, &block.ty, &unit)))
}

pub fn iter_advance(e: &mut Emit, v: &Val) -> Answer {
    let Some(backwards) = backwards(v) else { return Ok(None) };
    let mut fields: Vec<Val> = (0..5).map(|n| e.field(v, n)).collect();
    let one = e.int(1);
    if let Some(position) = fields.last_mut() {
        *position = e.op(if backwards { Op::Sub } else { Op::Add }, &[position, &one], Ty::Int);
    }
    let fields: Vec<&Val> = fields.iter().collect();
    Ok(Some(e.pack(v.ty.clone(), &fields)))
}
