//! The forms in which the library's loops take a reduction.
//!
//! *Groups*: a contiguous array as a C-contiguous view whose axes are alternately reduced and kept, neighbours of
//! one kind being one axis.  *Ordered*: an array of any strides with its axes in the order in which NumPy's iterator
//! runs over them, axes that lie one behind the other merged, and beside it the result seen with stride 0
//! along what is reduced.

use super::super::create::allocate;
use super::super::geometry::{and, data, equal, mul, or, packed_strides, shape, strides, view};
use crate::emit::{Emit, Val};
use coachwhip_ir::{ArrayTy, Dtype, Layout, Op, Ty};

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

/// A fresh array for the results, in the memory order of the operand's axes that are kept.
pub fn result(e: &mut Emit, a: &Val, ty: ArrayTy, reduced: &[bool], dtype: Dtype) -> Val {
    let sizes = kept(&shape(e, a, ty), reduced);
    if ty.layout == Layout::A && sizes.len() > 1 {
        let own = strides(e, a, ty);
        let steps = kept(&spread(e, &own), reduced);
        return super::super::create::allocate_by(e, &steps, dtype, &sizes, false);
    }
    let layout = if ty.layout == Layout::F { Layout::F } else { Layout::C };
    allocate(e, dtype, &sizes, layout, false)
}

/// Strides for an order of axes, where one of 0 says nothing: such an axis lies directly around the one behind it.
pub fn spread(e: &mut Emit, steps: &[Val]) -> Vec<Val> {
    let zero = e.int(0);
    let mut behind = zero.clone();
    let mut result = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        let none = equal(e, step, &zero);
        behind = e.select(&none, &behind, step);
        result.push(behind.clone());
    }
    result.reverse();
    result
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

/// Views of the operands over the same axes in NumPy's order: the larger stride lies outside, and where operands
/// disagree it is the order in C.
pub fn ordered(e: &mut Emit, sizes: &[Val], mut operands: Vec<Operand>) -> Vec<Val> {
    let mut sizes = sizes.to_vec();
    let ndim = sizes.len();
    for end in (1..ndim).rev() {
        for outer in 0..end {
            exchange(e, &mut sizes, &mut operands, outer);
        }
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

/// Exchanges two neighbouring axes if the inner one has the larger stride, or the size 1 that belongs outside.
fn exchange(e: &mut Emit, sizes: &mut [Val], operands: &mut [Operand], outer: usize) {
    let inner = outer + 1;
    let (one, zero) = (e.int(1), e.int(0));
    let (Some(size_outer), Some(size_inner)) = (sizes.get(outer).cloned(), sizes.get(inner).cloned()) else { return };
    let (mut wanted, mut refused) = (e.bool(false), e.bool(false));
    for operand in operands.iter().filter(|operand| operand.decides) {
        let (Some(x), Some(y)) = (operand.steps.get(outer), operand.steps.get(inner)) else { continue };
        let (x, y) = (e.op(Op::Abs, &[x], Ty::Int), e.op(Op::Abs, &[y], Ty::Int));
        let (x_moves, y_moves) = (e.op(Op::Ne, &[&x, &zero], Ty::Bool), e.op(Op::Ne, &[&y, &zero], Ty::Bool));
        let says = and(e, &x_moves, &y_moves);
        let larger = e.op(Op::Lt, &[&x, &y], Ty::Bool);
        let smaller = e.op(Op::Le, &[&y, &x], Ty::Bool);
        let (larger, smaller) = (and(e, &says, &larger), and(e, &says, &smaller));
        wanted = or(e, &wanted, &larger);
        refused = or(e, &refused, &smaller);
    }
    let allowed = crate::rules::operators::negated(e, &refused);
    let swap = and(e, &wanted, &allowed);
    let single = equal(e, &size_inner, &one);
    let outer_long = e.op(Op::Ne, &[&size_outer, &one], Ty::Bool);
    let both_long = e.op(Op::Ne, &[&size_inner, &one], Ty::Bool);
    let both_long = and(e, &outer_long, &both_long);
    let swap = and(e, &swap, &both_long);
    let outward = and(e, &single, &outer_long);
    let swap = or(e, &swap, &outward);
    swapped(e, &swap, sizes, outer);
    for operand in operands {
        swapped(e, &swap, &mut operand.steps, outer);
    }
}

fn swapped(e: &mut Emit, swap: &Val, items: &mut [Val], outer: usize) {
    let (Some(x), Some(y)) = (items.get(outer).cloned(), items.get(outer + 1).cloned()) else { return };
    let (new_outer, new_inner) = (e.select(swap, &y, &x), e.select(swap, &x, &y));
    if let Some(place) = items.get_mut(outer) {
        *place = new_outer;
    }
    if let Some(place) = items.get_mut(outer + 1) {
        *place = new_inner;
    }
}

/// Makes one axis of two neighbours that lie one behind the other for every operand, or of which one has size 1.
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
