//! The order in memory of the axes of a result: the one place that decides it.
//!
//! NumPy asks each operand which of two axes lies outside, and operands may be silent: one that is broadcast along an axis
//! has nothing to say about it.  Such comparisons are not transitive, so the answer depends on which pairs are asked in
//! which order, and only a real sort gives every axis a place of its own.  What is emitted here is NumPy's insertion sort,
//! question by question; strides are made of its outcome alone, so that no two elements of a result can share memory.

use super::create::allocate;
use super::geometry::{and, data, equal, mul, or, view};
use crate::emit::{Emit, Val};
use coachwhip_ir::{ArrayTy, Dtype, Layout, Op, Ty};

/// Which of NumPy's sorts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The iterator's, from the innermost axis outwards: results of ufuncs and reductions, and the order of their loops.
    Inside,
    /// That of concatenation and copies, from the outermost axis inwards.
    Outside,
}

/// What an operand says about the order of the axes.
pub struct Voice {
    /// How far apart neighbours lie, per axis.
    steps: Vec<Val>,
    /// Whether the operand has a say, per axis.
    speaks: Vec<Val>,
}

impl Voice {
    /// An operand of the iterator: silent about axes that it does not move along.
    pub fn moving(e: &mut Emit, sizes: &[Val], steps: &[Val]) -> Voice {
        let (zero, one) = (e.int(0), e.int(1));
        let mut speaks = Vec::with_capacity(steps.len());
        for (size, step) in sizes.iter().zip(steps) {
            let (long, moves) = (e.op(Op::Ne, &[size, &one], Ty::Bool), e.op(Op::Ne, &[step, &zero], Ty::Bool));
            speaks.push(and(e, &long, &moves));
        }
        Voice { steps: distances(e, steps), speaks }
    }

    /// An operand of a concatenation: silent about axes of size 1.
    pub fn joined(e: &mut Emit, sizes: &[Val], steps: &[Val]) -> Voice {
        let one = e.int(1);
        let speaks = sizes.iter().map(|size| e.op(Op::Ne, &[size, &one], Ty::Bool)).collect();
        Voice { steps: distances(e, steps), speaks }
    }

    /// What is copied: never silent.
    pub fn copied(e: &mut Emit, steps: &[Val]) -> Voice {
        let speaks = steps.iter().map(|_| e.bool(true)).collect();
        Voice { steps: distances(e, steps), speaks }
    }
}

fn distances(e: &mut Emit, steps: &[Val]) -> Vec<Val> {
    steps.iter().map(|step| e.op(Op::Abs, &[step], Ty::Int)).collect()
}

/// An axis on its way: what each operand says about it, and what comes with it.
#[derive(Clone)]
struct Axis {
    said: Vec<(Val, Val)>,
    carried: Vec<Val>,
}

/// Rows of values, one value for each axis, with the axes in the order of the sort, the outermost first.
pub fn sorted(e: &mut Emit, sort: Sort, voices: &[Voice], rows: &[Vec<Val>]) -> Vec<Vec<Val>> {
    let ndim = rows.first().map_or(0, Vec::len);
    let mut axes: Vec<Axis> = (0..ndim)
        .map(|axis| Axis {
            said: voices
                .iter()
                .filter_map(|v| Some((v.steps.get(axis)?.clone(), v.speaks.get(axis)?.clone())))
                .collect(),
            carried: rows.iter().filter_map(|row| row.get(axis).cloned()).collect(),
        })
        .collect();
    if sort == Sort::Inside {
        axes.reverse();
    }
    for next in 1..ndim {
        axes = inserted(e, sort, axes, next);
    }
    if sort == Sort::Inside {
        axes.reverse();
    }
    (0..rows.len()).map(|row| axes.iter().filter_map(|axis| axis.carried.get(row).cloned()).collect()).collect()
}

/// The first `next` axes are sorted: brings the one after them to its place.
fn inserted(e: &mut Emit, sort: Sort, axes: Vec<Axis>, next: usize) -> Vec<Axis> {
    let Some(moved) = axes.get(next).cloned() else { return axes };
    // An axis goes past others until some operand forbids it; those about which all are silent are passed over.
    let mut searching = e.bool(true);
    let mut places = Vec::with_capacity(next);
    for other in axes.iter().take(next).rev() {
        let (passes, stays) = compared(e, sort, &moved, other);
        places.push(and(e, &searching, &passes));
        let free = e.negated(&stays);
        searching = and(e, &searching, &free);
    }
    places.reverse();
    // Whether the place is this one or an earlier one.
    let mut reached = e.bool(false);
    let mut result = axes.clone();
    for (at, slot) in result.iter_mut().enumerate().take(next + 1) {
        let before = reached.clone();
        reached = match places.get(at) {
            Some(here) => or(e, &before, here),
            None => e.bool(true),
        };
        let Some(old) = axes.get(at) else { continue };
        let here = either(e, &reached, &moved, old);
        *slot = match at.checked_sub(1).and_then(|previous| axes.get(previous)) {
            Some(previous) => either(e, &before, previous, &here),
            None => here,
        };
    }
    result
}

fn either(e: &mut Emit, condition: &Val, a: &Axis, b: &Axis) -> Axis {
    let said = a.said.iter().zip(&b.said);
    let said =
        said.map(|((s, t), (u, v))| (either_value(e, condition, s, u), either_value(e, condition, t, v))).collect();
    let carried = a.carried.iter().zip(&b.carried).map(|(x, y)| either_value(e, condition, x, y)).collect();
    Axis { said, carried }
}

fn either_value(e: &mut Emit, condition: &Val, a: &Val, b: &Val) -> Val {
    match condition.literal() {
        Some(coachwhip_ir::Const::Bool(true)) => a.clone(),
        Some(coachwhip_ir::Const::Bool(false)) => b.clone(),
        _ if a.id == b.id => a.clone(),
        _ => e.select(condition, a, b),
    }
}

/// Whether an axis goes past another one: every operand that speaks about both says so; and whether it does not because
/// one says otherwise.
fn compared(e: &mut Emit, sort: Sort, moved: &Axis, other: &Axis) -> (Val, Val) {
    let (mut some, mut all) = (e.bool(false), e.bool(true));
    for ((x, x_speaks), (y, y_speaks)) in moved.said.iter().zip(&other.said) {
        let speaks = and(e, x_speaks, y_speaks);
        let passes = if sort == Sort::Inside { [y, x] } else { [x, y] };
        let passes = e.op(Op::Gt, &passes, Ty::Bool);
        let silent = e.negated(&speaks);
        let agrees = or(e, &silent, &passes);
        some = or(e, &some, &speaks);
        all = and(e, &all, &agrees);
    }
    let against = e.negated(&all);
    (and(e, &some, &all), and(e, &some, &against))
}

/// A fresh array of these sizes whose axes lie in memory in the order that the operands ask for.
pub fn allocated(e: &mut Emit, sort: Sort, voices: &[Voice], dtype: Dtype, sizes: &[Val], zeroed: bool) -> Val {
    let kept = vec![true; sizes.len()];
    allocated_of(e, sort, voices, dtype, sizes, &kept, zeroed)
}

/// As [`allocated`], of those axes alone that are kept: the others take part in the sort.
pub fn allocated_of(
    e: &mut Emit,
    sort: Sort,
    voices: &[Voice],
    dtype: Dtype,
    sizes: &[Val],
    kept: &[bool],
    zeroed: bool,
) -> Val {
    let own: Vec<Val> = sizes.iter().zip(kept).filter(|(_, kept)| **kept).map(|(size, _)| size.clone()).collect();
    if own.len() < 2 {
        return allocate(e, dtype, &own, Layout::C, zeroed);
    }
    let numbers: Vec<Val> = (0..sizes.len()).map(|axis| e.int(axis as i64)).collect();
    let one = e.int(1);
    let factors: Vec<Val> =
        sizes.iter().zip(kept).map(|(size, kept)| if *kept { size.clone() } else { one.clone() }).collect();
    let in_order = sorted(e, sort, voices, &[numbers, factors]);
    let [numbers, factors] = in_order.as_slice() else { return allocate(e, dtype, &own, Layout::C, zeroed) };
    let mut step = e.int(i64::from(dtype.size()));
    let mut placed = Vec::with_capacity(sizes.len());
    for (number, factor) in numbers.iter().zip(factors).rev() {
        placed.push((number, step.clone()));
        step = mul(e, &step, factor);
    }
    let mut steps = Vec::with_capacity(own.len());
    for axis in kept.iter().enumerate().filter(|(_, kept)| **kept).map(|(axis, _)| axis) {
        let axis = e.int(axis as i64);
        let mut found = e.int(0);
        for (number, step) in &placed {
            let here = equal(e, number, &axis);
            found = e.select(&here, step, &found);
        }
        steps.push(found);
    }
    let base = allocate(e, dtype, &own, Layout::C, zeroed);
    let start = data(e, &base);
    let ty = ArrayTy { dtype, ndim: own.len() as u8, layout: Layout::A, readonly: false };
    view(e, &base, ty, &start, &own, &steps)
}
