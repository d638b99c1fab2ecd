//! `a[…] = v`: one element, or every element of a view, with NumPy's broadcasting and casting.

use super::broadcast::{is_same_view, same_size, sizes};
use super::cast::{is_number, stored};
use super::elementwise::{self, Operand};
use super::geometry::{and, array, contiguous, data, equal, or, shape, strides, view};
use super::index::{parse, places, select};
use super::raise::{Piece, raise, shape_text};
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{ArrayTy, Code, Diagnostic, ErrorKind, Imm, Layout, Op, describe};

/// `x[index] = v` for the family.
pub fn family_setitem(e: &mut Emit, x: &Val, index: &Val, v: &Val) -> Result<Option<Val>, Fault> {
    if let Some((a, ty)) = array(e, x) {
        setitem(e, &a, ty, index, v)?;
        return Ok(Some(e.none()));
    }
    if let Some(done) = super::flat::setitem(e, x, index, v)? {
        return Ok(Some(done));
    }
    super::pointers::setitem(e, x, index, v)
}

/// `a[index] = v` of an array.
fn setitem(e: &mut Emit, a: &Val, ty: ArrayTy, index: &Val, v: &Val) -> Result<(), Fault> {
    let index = parse(e, ty, index)?;
    if ty.readonly {
        e.fail(ErrorKind::ReadOnly, &[]);
        return Ok(());
    }
    if index.is_fancy() {
        return super::fancy::write(e, a, ty, &index, v);
    }
    if !index.is_element {
        let target = select(e, a, ty, &index);
        let target_ty = target.ty.array().unwrap_or(ty);
        return assign(e, &target, target_ty, v);
    }
    if array(e, v).is_some_and(|(_, t)| t.ndim > 0) || super::array_like::is_convertible(&v.ty) {
        let message = format!("one element cannot hold {}", describe(&v.ty));
        return Err(Box::new(
            Diagnostic::new(Code::OperandTypes, message).note("NumPy: setting an array element with a sequence"),
        ));
    }
    let places = places(e, a, &index);
    let element = stored(e, v, ty.dtype)?;
    store(e, a, &places, &element);
    Ok(())
}

/// Stores an element of the array's dtype at positions in range.
pub fn store(e: &mut Emit, a: &Val, places: &[Val], element: &Val) {
    let mut operands = vec![a];
    operands.extend(places);
    operands.push(element);
    e.effect(Op::Store, Imm::None, &operands);
}

/// `target[...] = v`.
pub fn assign(e: &mut Emit, target: &Val, ty: ArrayTy, v: &Val) -> Result<(), Fault> {
    if let Some((source, source_ty)) = array(e, v) {
        return assign_array(e, target, ty, &source, source_ty);
    }
    if is_number(v) {
        let element = stored(e, v, ty.dtype)?;
        return fill(e, target, ty, &element);
    }
    if super::array_like::is_convertible(&v.ty) {
        let source = super::array_like::from_sequence(e, v, Some(ty.dtype), Layout::C)?;
        let source_ty = source.ty.array().unwrap_or(ty);
        return assign_array(e, target, ty, &source, source_ty);
    }
    fault(Code::OperandTypes, format!("{} cannot be assigned to a part of an array", describe(&v.ty)))
}

/// Stores one element, of the array's dtype, everywhere.
pub fn fill(e: &mut Emit, target: &Val, ty: ArrayTy, element: &Val) -> Result<(), Fault> {
    elementwise::write(e, target, ty, &Operand::Single(element.clone()))
}

fn assign_array(e: &mut Emit, target: &Val, ty: ArrayTy, source: &Val, source_ty: ArrayTy) -> Result<(), Fault> {
    if is_same_view(e, target, source) {
        return Ok(());
    }
    let (source, _) = broadcastable(e, target, ty, source, source_ty)?;
    let source = Operand::of(e, &source);
    elementwise::write(e, target, ty, &source)
}

/// Copies elements between arrays of the same shape.
pub fn copy_same(e: &mut Emit, target: &Val, ty: ArrayTy, source: &Val, source_ty: ArrayTy) -> Result<Val, Fault> {
    let source = if source_ty.ndim == 0 { Operand::of(e, source) } else { Operand::Array(source.clone(), source_ty) };
    elementwise::write(e, target, ty, &source)?;
    Ok(e.none())
}

/// The source without surplus first axes, after the check that its shape broadcasts to the target's.
pub fn broadcastable(
    e: &mut Emit,
    target: &Val,
    ty: ArrayTy,
    source: &Val,
    source_ty: ArrayTy,
) -> Result<(Val, ArrayTy), Fault> {
    stretched(e, "input array", (target, ty), (source, source_ty))
}

/// As [`broadcastable`], for the `where=` of a copy.
pub fn broadcastable_mask(
    e: &mut Emit,
    target: &Val,
    ty: ArrayTy,
    mask: &Val,
    mask_ty: ArrayTy,
) -> Result<(Val, ArrayTy), Fault> {
    stretched(e, "where mask", (target, ty), (mask, mask_ty))
}

fn stretched(
    e: &mut Emit,
    what: &'static str,
    (target, ty): (&Val, ArrayTy),
    (source, source_ty): (&Val, ArrayTy),
) -> Result<(Val, ArrayTy), Fault> {
    let wanted = sizes(e, target, ty);
    let given = sizes(e, source, source_ty);
    let surplus = given.len().saturating_sub(wanted.len());
    let (one, mut single) = (e.int(1), e.bool(true));
    for size in given.iter().take(surplus) {
        let is_one = equal(e, size, &one);
        single = and(e, &single, &is_one);
    }
    let rest: Vec<Val> = given.iter().skip(surplus).cloned().collect();
    let mut fits = e.bool(true);
    for (size, wanted) in rest.iter().rev().zip(wanted.iter().rev()) {
        if same_size(e, size, wanted) {
            continue;
        }
        let (same, is_one) = (equal(e, size, wanted), equal(e, size, &one));
        let either = or(e, &same, &is_one);
        fits = and(e, &fits, &either);
    }
    require(e, what, &single, &given, &wanted)?;
    require(e, what, &fits, &rest, &wanted)?;
    Ok(without_first(e, source, source_ty, surplus))
}

/// The array without its first axes, which have size 1.
pub fn without_first(e: &mut Emit, a: &Val, ty: ArrayTy, surplus: usize) -> (Val, ArrayTy) {
    if surplus == 0 {
        return (a.clone(), ty);
    }
    let sizes: Vec<Val> = shape(e, a, ty).into_iter().skip(surplus).collect();
    let layout = contiguous(ty.layout, sizes.len());
    let result = ArrayTy { ndim: sizes.len() as u8, layout, ..ty };
    let start = data(e, a);
    let steps: Vec<Val> = strides(e, a, ty).into_iter().skip(surplus).collect();
    (view(e, a, result, &start, &sizes, &steps), result)
}

/// Fails unless the condition holds.
fn require(e: &mut Emit, what: &'static str, condition: &Val, given: &[Val], wanted: &[Val]) -> Result<(), Fault> {
    e.if_else(condition, |e| Ok(e.none()), |e| refuse(e, what, given, wanted))?;
    Ok(())
}

/// The failure of broadcasting; NumPy's message leaves out surplus first axes as long as they have size 1.
fn refuse(e: &mut Emit, what: &'static str, given: &[Val], wanted: &[Val]) -> Result<Val, Fault> {
    if let (Some((first, rest)), true) = (given.split_first(), given.len() > wanted.len()) {
        let one = e.int(1);
        let single = equal(e, first, &one);
        return e.if_else(&single, |e| refuse(e, what, rest, wanted), |e| Ok(mismatch(e, what, given, wanted)));
    }
    Ok(mismatch(e, what, given, wanted))
}

fn mismatch(e: &mut Emit, what: &'static str, given: &[Val], wanted: &[Val]) -> Val {
    let mut pieces = vec![Piece::Text("could not broadcast "), Piece::Text(what), Piece::Text(" from shape ")];
    pieces.extend(shape_text(given));
    pieces.push(Piece::Text(" into shape "));
    pieces.extend(shape_text(wanted));
    raise(e, "ValueError", pieces)
}
