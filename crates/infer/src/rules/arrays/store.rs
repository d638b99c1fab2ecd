//! `a[…] = v`: one element, or every element of a view, with NumPy's broadcasting and casting.

use super::cast::{is_number, stored};
use super::geometry::{
    add, and, array, contiguous, data, equal, flattened, mul, or, product, retyped, reversed_axes, shape, strides, sub,
    view,
};
use super::index::{load, parse, places, select};
use super::raise::{Piece, raise, shape_text};
use super::{create, library};
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{ArrayTy, Code, Const, Diagnostic, ErrorKind, Imm, Layout, Op, Ty, describe};

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
    if !index.is_element {
        let target = select(e, a, ty, &index);
        let target_ty = target.ty.array().unwrap_or(ty);
        return assign(e, &target, target_ty, v);
    }
    if array(e, v).is_some_and(|(_, t)| t.ndim > 0) || matches!(v.ty.widened(), Ty::Tuple(_)) {
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
    if let Ty::Tuple(_) = v.ty.widened() {
        let source = from_tuple(e, v, ty)?;
        let source_ty = source.ty.array().unwrap_or(ty);
        return assign_array(e, target, ty, &source, source_ty);
    }
    fault(Code::OperandTypes, format!("{} cannot be assigned to a part of an array", describe(&v.ty)))
}

/// A one-dimensional array of the numbers of a tuple, converted to the dtype of the array they go to.
fn from_tuple(e: &mut Emit, v: &Val, ty: ArrayTy) -> Result<Val, Fault> {
    let count = match &v.ty {
        Ty::Tuple(items) => items.len(),
        Ty::Lit(Const::Tuple(items)) => items.len(),
        _ => 0,
    };
    let size = e.int(count as i64);
    let source = create::allocate(e, ty.dtype, &[size], Layout::C, false);
    for position in 0..count {
        let item = e.field(v, position);
        if !is_number(&item) {
            return fault(Code::OperandTypes, "only a tuple of numbers can be assigned to a part of an array");
        }
        let element = stored(e, &item, ty.dtype)?;
        let place = e.int(position as i64);
        store(e, &source, &[place], &element);
    }
    Ok(source)
}

/// Stores one element everywhere.
pub fn fill(e: &mut Emit, target: &Val, ty: ArrayTy, element: &Val) -> Result<(), Fault> {
    if ty.ndim == 0 {
        store(e, target, &[], element);
        return Ok(());
    }
    let target = if ty.layout == Layout::A { target.clone() } else { flattened(e, target, ty).0 };
    let element = e.machine(element);
    library(e, "coachwhip.lib.fill", &[target, element])?;
    Ok(())
}

fn assign_array(e: &mut Emit, target: &Val, ty: ArrayTy, source: &Val, source_ty: ArrayTy) -> Result<(), Fault> {
    let (source, source_ty) = broadcastable(e, target, ty, source, source_ty)?;
    if source_ty.ndim == 0 {
        let element = load(e, &source, source_ty, &[]);
        let element = super::cast::cast(e, &element, ty.dtype);
        return fill(e, target, ty, &element);
    }
    let source = unshared(e, target, ty, &source, source_ty)?;
    copy_into(e, target, ty, &source, source_ty)
}

/// Copies elements between arrays that share no memory; the source's shape broadcasts to the target's.
pub fn copy_into(e: &mut Emit, target: &Val, ty: ArrayTy, source: &Val, source_ty: ArrayTy) -> Result<(), Fault> {
    if source_ty.ndim == 0 {
        let element = load(e, source, source_ty, &[]);
        let element = super::cast::cast(e, &element, ty.dtype);
        return fill(e, target, ty, &element);
    }
    if ty.layout != Layout::A && ty.layout == source_ty.layout && ty.ndim == source_ty.ndim && ty.ndim > 1 {
        let same = same_shape(e, target, ty, source, source_ty);
        e.if_else(
            &same,
            |e| copy_same(e, target, ty, source, source_ty),
            |e| copy_broadcast(e, target, ty, source, source_ty),
        )?;
        return Ok(());
    }
    copy_broadcast(e, target, ty, source, source_ty)?;
    Ok(())
}

fn same_shape(e: &mut Emit, a: &Val, a_ty: ArrayTy, b: &Val, b_ty: ArrayTy) -> Val {
    let mut same = e.bool(true);
    for (x, y) in shape(e, a, a_ty).iter().zip(&shape(e, b, b_ty)) {
        let equal = equal(e, x, y);
        same = and(e, &same, &equal);
    }
    same
}

/// As [`copy_into`] for arrays of the same shape.
pub fn copy_same(e: &mut Emit, target: &Val, ty: ArrayTy, source: &Val, source_ty: ArrayTy) -> Result<Val, Fault> {
    if ty.ndim == 0 || ty.layout == Layout::A || ty.layout != source_ty.layout {
        copy_into(e, target, ty, source, source_ty)?;
        return Ok(e.none());
    }
    let (target, source) = (flattened(e, target, ty).0, flattened(e, source, source_ty).0);
    library(e, "coachwhip.lib.copy", &[target, source])
}

fn copy_broadcast(e: &mut Emit, target: &Val, ty: ArrayTy, source: &Val, source_ty: ArrayTy) -> Result<Val, Fault> {
    let (mut target, mut source) = (target.clone(), source.clone());
    if ty.layout == Layout::F {
        // The loops run over the target in memory order.
        let (lifted, lifted_ty) = lifted(e, &source, source_ty, ty.ndim);
        source = reversed_axes(e, &lifted, lifted_ty).0;
        target = reversed_axes(e, &target, ty).0;
    }
    library(e, "coachwhip.lib.assign", &[target, source])
}

/// The array with new first axes of size 1.
fn lifted(e: &mut Emit, a: &Val, ty: ArrayTy, ndim: u8) -> (Val, ArrayTy) {
    let missing = ndim.saturating_sub(ty.ndim) as usize;
    if missing == 0 {
        return (a.clone(), ty);
    }
    let layout = contiguous(ty.layout, ndim as usize);
    let result = ArrayTy { ndim, layout, ..ty };
    let start = data(e, a);
    let mut sizes = vec![e.int(1); missing];
    let mut steps = vec![e.int(0); missing];
    sizes.extend(shape(e, a, ty));
    steps.extend(strides(e, a, ty));
    (view(e, a, result, &start, &sizes, &steps), result)
}

/// The source without surplus first axes, after the check that its shape broadcasts to the target's.
fn broadcastable(
    e: &mut Emit,
    target: &Val,
    ty: ArrayTy,
    source: &Val,
    source_ty: ArrayTy,
) -> Result<(Val, ArrayTy), Fault> {
    let wanted = shape(e, target, ty);
    let given = shape(e, source, source_ty);
    let surplus = given.len().saturating_sub(wanted.len());
    let (one, mut single) = (e.int(1), e.bool(true));
    for size in given.iter().take(surplus) {
        let is_one = equal(e, size, &one);
        single = and(e, &single, &is_one);
    }
    let rest: Vec<Val> = given.iter().skip(surplus).cloned().collect();
    let mut fits = e.bool(true);
    for (size, wanted) in rest.iter().rev().zip(wanted.iter().rev()) {
        let (same, is_one) = (equal(e, size, wanted), equal(e, size, &one));
        let either = or(e, &same, &is_one);
        fits = and(e, &fits, &either);
    }
    require(e, &single, &given, &wanted)?;
    require(e, &fits, &rest, &wanted)?;
    if surplus == 0 {
        return Ok((source.clone(), source_ty));
    }
    let layout = contiguous(source_ty.layout, rest.len());
    let result = ArrayTy { ndim: rest.len() as u8, layout, ..source_ty };
    let start = data(e, source);
    let steps: Vec<Val> = strides(e, source, source_ty).into_iter().skip(surplus).collect();
    Ok((view(e, source, result, &start, &rest, &steps), result))
}

/// Fails unless the condition holds.
fn require(e: &mut Emit, condition: &Val, given: &[Val], wanted: &[Val]) -> Result<(), Fault> {
    e.if_else(condition, |e| Ok(e.none()), |e| refuse(e, given, wanted))?;
    Ok(())
}

/// The failure of broadcasting; NumPy's message leaves out surplus first axes as long as they have size 1.
fn refuse(e: &mut Emit, given: &[Val], wanted: &[Val]) -> Result<Val, Fault> {
    if let (Some((first, rest)), true) = (given.split_first(), given.len() > wanted.len()) {
        let one = e.int(1);
        let single = equal(e, first, &one);
        return e.if_else(&single, |e| refuse(e, rest, wanted), |e| Ok(mismatch(e, given, wanted)));
    }
    Ok(mismatch(e, given, wanted))
}

fn mismatch(e: &mut Emit, given: &[Val], wanted: &[Val]) -> Val {
    let mut pieces = vec![Piece::Text("could not broadcast input array from shape ")];
    pieces.extend(shape_text(given));
    pieces.push(Piece::Text(" into shape "));
    pieces.extend(shape_text(wanted));
    raise(e, "ValueError", pieces)
}

/// The source, or a copy of it where the target's memory may overlap it in another order.
fn unshared(e: &mut Emit, target: &Val, ty: ArrayTy, source: &Val, source_ty: ArrayTy) -> Result<Val, Fault> {
    let shared = overlap(e, target, ty, source, source_ty);
    e.if_else(
        &shared,
        |e| {
            let sizes = shape(e, source, source_ty);
            let layout = if source_ty.layout == Layout::F { Layout::F } else { Layout::C };
            let copy = create::allocate(e, source_ty.dtype, &sizes, layout, false);
            let copy_ty = copy.ty.array().unwrap_or(ArrayTy { layout, readonly: false, ..source_ty });
            copy_same(e, &copy, copy_ty, source, source_ty)?;
            Ok(retyped(e, &copy, copy_ty, source_ty))
        },
        |_| Ok(source.clone()),
    )
}

/// Whether an assignment could change elements of its source that it has yet to read.
fn overlap(e: &mut Emit, a: &Val, a_ty: ArrayTy, b: &Val, b_ty: ArrayTy) -> Val {
    let ((a_low, a_high), (b_low, b_high)) = (bounds(e, a, a_ty), bounds(e, b, b_ty));
    let (before, after) = (e.op(Op::Lt, &[&a_low, &b_high], Ty::Bool), e.op(Op::Lt, &[&b_low, &a_high], Ty::Bool));
    let meet = and(e, &before, &after);
    if a_ty.dtype.size() != b_ty.dtype.size() || a_ty.ndim != b_ty.ndim {
        return meet;
    }
    // Each element of exactly the same elements is read before it is written.
    let (a_data, b_data) = (data(e, a), data(e, b));
    let mut same = e.op(Op::Eq, &[&a_data, &b_data], Ty::Bool);
    let ours = shape(e, a, a_ty).into_iter().chain(strides(e, a, a_ty)).collect::<Vec<_>>();
    let theirs = shape(e, b, b_ty).into_iter().chain(strides(e, b, b_ty)).collect::<Vec<_>>();
    for (x, y) in ours.iter().zip(&theirs) {
        let equal = equal(e, x, y);
        same = and(e, &same, &equal);
    }
    let differs = crate::rules::operators::negated(e, &same);
    and(e, &meet, &differs)
}

/// The addresses of the first byte of an array and of the one behind its last.
pub fn bounds(e: &mut Emit, a: &Val, ty: ArrayTy) -> (Val, Val) {
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
