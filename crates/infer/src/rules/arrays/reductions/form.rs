//! The forms in which the library's loops take a reduction.
//!
//! *Groups*: a contiguous array as a C-contiguous view whose axes are alternately reduced and kept, neighbours of
//! one kind being one axis.  *Ordered*: an array of any strides with its axes in the order in which NumPy's iterator
//! runs over them, axes that lie one after the other merged, and beside it the result seen with stride 0
//! along what is reduced.

use super::super::create::allocate;
use super::super::geometry::{and, data, equal, mul, or, packed_strides, shape, strides, view};
use super::super::order::{self, Sort, Voice};
use crate::emit::{Emit, Val};
use coachwhip_ir::{ArrayTy, Dtype, Layout};

/// The sizes of the axes that are kept.
pub fn kept(sizes: &[Val], reduced: &[bool]) -> Vec<Val> {
    sizes.iter().zip(reduced).filter(|(_, reduced)| !**reduced).map(|(size, _)| size.clone()).collect()
}

/// How many elements each result is made of.
pub fn count(e: &mut Emit, a: &Val, ty: ArrayTy, reduced: &[bool]) -> Val {
    let sizes = shape(e, a, ty);
    let gone: Vec<Val> = sizes.iter().zip(reduced).filter(|(_, r)| **r).map(|(size, _)| size.clone()).collect();
    super::super::geometry::product(e, &gone)
}

/// A fresh array for the results, with the kept axes in the order of NumPy's iterator over the operand and the mask.
pub fn result(
    e: &mut Emit,
    a: &Val,
    ty: ArrayTy,
    reduced: &[bool],
    dtype: Dtype,
    mask: Option<&(Val, ArrayTy)>,
) -> Val {
    let all = shape(e, a, ty);
    let sizes = kept(&all, reduced);
    if sizes.len() > 1 && (ty.layout == Layout::A || mask.is_some()) {
        let mut operands = vec![Operand::whole(e, a, ty)];
        operands.extend(mask.map(|(mask, mask_ty)| Operand::broadcast(e, mask, *mask_ty, all.len())));
        let voices = voices(e, &all, &operands);
        let kept: Vec<bool> = reduced.iter().map(|gone| !gone).collect();
        return order::allocated_of(e, Sort::Inside, &voices, dtype, &all, &kept, false);
    }
    let layout = if ty.layout == Layout::F { Layout::F } else { Layout::C };
    allocate(e, dtype, &sizes, layout, false)
}

/// A fresh array of an array's shape, in the order of NumPy's iterator over it and values that belong to the kept axes.
pub fn like(e: &mut Emit, a: &Val, ty: ArrayTy, dtype: Dtype, values: &Val, reduced: &[bool]) -> Val {
    let sizes = shape(e, a, ty);
    if ty.layout != Layout::A {
        return super::super::create::allocate(e, dtype, &sizes, ty.layout, false);
    }
    let values = Operand { decides: true, ..Operand::results(e, values, reduced) };
    let operands = [Operand::whole(e, a, ty), values];
    let voices = voices(e, &sizes, &operands);
    order::allocated(e, Sort::Inside, &voices, dtype, &sizes, false)
}

/// What the operands that decide say about the order of the axes.
fn voices(e: &mut Emit, sizes: &[Val], operands: &[Operand]) -> Vec<Voice> {
    let deciding = operands.iter().filter(|operand| operand.decides);
    deciding.map(|operand| Voice::moving(e, sizes, &operand.steps)).collect()
}

/// A contiguous array by groups of axes: the view, and whether its first axis is reduced.
pub fn grouped(e: &mut Emit, a: &Val, ty: ArrayTy, reduced: &[bool]) -> (Val, bool) {
    let sizes = shape(e, a, ty);
    let mut axes: Vec<(Val, bool)> = sizes.into_iter().zip(reduced.iter().copied()).collect();
    if ty.layout == Layout::F {
        axes.reverse();
    }
    let mut groups: Vec<(Val, bool)> = Vec::new();
    for (size, gone) in axes {
        match groups.last_mut() {
            Some((last, kind)) if *kind == gone => *last = mul(e, last, &size),
            _ => groups.push((size, gone)),
        }
    }
    let first = groups.first().is_some_and(|(_, gone)| *gone);
    let sizes: Vec<Val> = groups.into_iter().map(|(size, _)| size).collect();
    (as_c(e, a, ty, &sizes), first)
}

/// The results of a contiguous array by groups of kept axes.
pub fn grouped_result(e: &mut Emit, out: &Val, ty: ArrayTy, reduced: &[bool]) -> Val {
    let Some(out_ty) = out.ty.array() else { return out.clone() };
    let mut sizes = shape(e, out, out_ty).into_iter();
    let mut axes: Vec<Option<Val>> = reduced.iter().map(|gone| if *gone { None } else { sizes.next() }).collect();
    if ty.layout == Layout::F {
        axes.reverse();
    }
    let mut groups: Vec<Val> = Vec::new();
    let mut open = false;
    for axis in axes {
        match (axis, groups.last_mut().filter(|_| open)) {
            (None, _) => open = false,
            (Some(size), Some(last)) => *last = mul(e, last, &size),
            (Some(size), None) => {
                groups.push(size);
                open = true;
            }
        }
    }
    as_c(e, out, out_ty, &groups)
}

/// Contiguous memory under another shape in C order.
fn as_c(e: &mut Emit, a: &Val, ty: ArrayTy, sizes: &[Val]) -> Val {
    let steps = packed_strides(e, ty.dtype, sizes, Layout::C);
    let start = data(e, a);
    view(e, a, ArrayTy { ndim: sizes.len() as u8, layout: Layout::C, ..ty }, &start, sizes, &steps)
}

/// An operand of the ordered form: the array, its type, its stride along each axis of the iteration.
pub struct Operand {
    array: Val,
    ty: ArrayTy,
    steps: Vec<Val>,
    /// Whether its strides decide about the order of the axes.
    decides: bool,
}

impl Operand {
    /// An array with the axes of the iteration.
    pub fn whole(e: &mut Emit, a: &Val, ty: ArrayTy) -> Operand {
        Operand { array: a.clone(), ty, steps: strides(e, a, ty), decides: true }
    }

    /// Results (or other values) along the kept axes.
    pub fn results(e: &mut Emit, out: &Val, reduced: &[bool]) -> Operand {
        let ty = out.ty.array().unwrap_or(ArrayTy { dtype: Dtype::Bool, ndim: 0, layout: Layout::C, readonly: false });
        let mut own = strides(e, out, ty).into_iter();
        let steps = reduced.iter().map(|gone| own.next_if_kept(*gone).unwrap_or_else(|| e.int(0))).collect();
        Operand { array: out.clone(), ty, steps, decides: false }
    }

    /// An array that broadcasts to the sizes of the iteration: its own sizes are those or 1.
    pub fn broadcast(e: &mut Emit, a: &Val, ty: ArrayTy, ndim: usize) -> Operand {
        let (one, zero) = (e.int(1), e.int(0));
        let mut steps = vec![zero.clone(); ndim.saturating_sub(ty.ndim as usize)];
        for (size, step) in shape(e, a, ty).iter().zip(strides(e, a, ty)) {
            let single = equal(e, size, &one);
            steps.push(e.select(&single, &zero, &step));
        }
        Operand { array: a.clone(), ty, steps, decides: true }
    }
}

/// The next stride, for an axis that is kept.
trait NextIfKept {
    fn next_if_kept(&mut self, gone: bool) -> Option<Val>;
}

impl<I: Iterator<Item = Val>> NextIfKept for I {
    fn next_if_kept(&mut self, gone: bool) -> Option<Val> {
        if gone { None } else { self.next() }
    }
}

/// Views of the operands over the same axes in the order of NumPy's iterator, axes that can be one merged.
pub fn ordered(e: &mut Emit, sizes: &[Val], mut operands: Vec<Operand>) -> Vec<Val> {
    let ndim = sizes.len();
    let voices = voices(e, sizes, &operands);
    let mut rows = vec![sizes.to_vec()];
    rows.extend(operands.iter().map(|operand| operand.steps.clone()));
    let mut rows = order::sorted(e, Sort::Inside, &voices, &rows).into_iter();
    let mut sizes = rows.next().unwrap_or_default();
    for (operand, steps) in operands.iter_mut().zip(rows) {
        operand.steps = steps;
    }
    for _ in 1..ndim {
        for outer in (0..ndim.saturating_sub(1)).rev() {
            merge(e, &mut sizes, &mut operands, outer);
        }
    }
    operands
        .iter()
        .map(|operand| {
            let ty = ArrayTy { ndim: ndim as u8, layout: Layout::A, ..operand.ty };
            let start = data(e, &operand.array);
            view(e, &operand.array, ty, &start, &sizes, &operand.steps)
        })
        .collect()
}

/// Makes one axis of two neighbours that lie one after the other for every operand, or of which one has size 1.
fn merge(e: &mut Emit, sizes: &mut [Val], operands: &mut [Operand], outer: usize) {
    let inner = outer + 1;
    let one = e.int(1);
    let (Some(size_outer), Some(size_inner)) = (sizes.get(outer).cloned(), sizes.get(inner).cloned()) else { return };
    let mut fits = e.bool(true);
    for operand in operands.iter() {
        if let (Some(x), Some(y)) = (operand.steps.get(outer), operand.steps.get(inner)) {
            let reach = mul(e, y, &size_inner);
            let behind = equal(e, &reach, x);
            fits = and(e, &fits, &behind);
        }
    }
    let (outer_single, inner_single) = (equal(e, &size_outer, &one), equal(e, &size_inner, &one));
    let merged = or(e, &fits, &outer_single);
    let merged = or(e, &merged, &inner_single);
    let product = mul(e, &size_outer, &size_inner);
    let (new_outer, new_inner) = (e.select(&merged, &one, &size_outer), e.select(&merged, &product, &size_inner));
    for (place, size) in [(outer, new_outer), (inner, new_inner)] {
        if let Some(slot) = sizes.get_mut(place) {
            *slot = size;
        }
    }
    for operand in operands {
        let (Some(x), Some(y)) = (operand.steps.get(outer).cloned(), operand.steps.get(inner).cloned()) else {
            continue;
        };
        let step = e.select(&inner_single, &x, &y);
        if let Some(slot) = operand.steps.get_mut(inner) {
            *slot = step;
        }
    }
}
