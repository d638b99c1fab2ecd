//! The axes of a reduction: known when compiling, or one chosen at run time.

use super::super::integers::{is_index, to_int};
use super::super::raise::{Piece, raise};
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{Code, Const, ErrorKind, Op, Ty, describe};

/// Which axes are reduced.
pub enum Axes {
    /// One flag for each axis.
    Known(Vec<bool>),
    /// One axis: an int of the run time, not checked yet.
    Varying(Val),
    /// The argument fails; nothing follows.
    Failed(Val),
}

/// What an axis of an array without axes is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Axisless {
    /// 0 and -1 are allowed: what NumPy's ufuncs reduce.
    Reduced,
    /// There is none: functions that look at the shape first.
    Refused,
}

/// An `axis=` argument; absent or `None` are all axes.  `several`: a tuple is allowed.
pub fn parse(e: &mut Emit, v: Option<&Val>, ndim: usize, several: bool, bare: Axisless) -> Result<Axes, Fault> {
    let Some(v) = v.filter(|v| !super::super::index::is_none(v)) else { return Ok(Axes::Known(vec![true; ndim])) };
    let items = match &v.ty {
        Ty::Tuple(items) => items.len(),
        Ty::Lit(Const::Tuple(items)) => items.len(),
        ty if is_index(ty) => return Ok(single(e, v, ndim, bare)),
        other => return fault(Code::ArgumentTypes, format!("an axis is an int, not {}", describe(other))),
    };
    if !several {
        return fault(Code::ArgumentTypes, "this function takes one axis, not a tuple of axes");
    }
    let mut chosen = vec![false; ndim];
    for position in 0..items {
        let item = e.field(v, position);
        let Some(axis) = constant(&item) else {
            return fault(
                Code::NeedsConstant,
                "the axes of a reduction over several axes must be known at compile time",
            );
        };
        let Some(axis) = normalised(axis, ndim) else {
            let failed = out_of_bounds(e, axis, ndim);
            return Ok(Axes::Failed(failed));
        };
        match chosen.get_mut(axis) {
            Some(flag) if !*flag => *flag = true,
            _ => return Ok(Axes::Failed(raise(e, "ValueError", vec![Piece::Text("duplicate value in 'axis'")]))),
        }
    }
    Ok(Axes::Known(chosen))
}

/// The literal int of a Python or NumPy integer.
pub fn constant(v: &Val) -> Option<i64> {
    match v.literal() {
        Some(Const::Int(i)) => Some(*i),
        Some(Const::Scalar(d, bits)) if d.is_int() => Some(bits.0 as i64),
        _ => None,
    }
}

fn single(e: &mut Emit, v: &Val, ndim: usize, bare: Axisless) -> Axes {
    let Some(axis) = constant(v) else {
        let axis = to_int(e, v);
        if ndim > 0 || bare == Axisless::Reduced {
            return Axes::Varying(axis);
        }
        let ndim = e.int(0);
        return Axes::Failed(e.fail(ErrorKind::AxisOutOfBounds, &[&axis, &ndim]));
    };
    if ndim == 0 && bare == Axisless::Reduced && (axis == 0 || axis == -1) {
        return Axes::Known(vec![]);
    }
    match normalised(axis, ndim) {
        Some(axis) => Axes::Known((0..ndim).map(|i| i == axis).collect()),
        None => Axes::Failed(out_of_bounds(e, axis, ndim)),
    }
}

fn normalised(axis: i64, ndim: usize) -> Option<usize> {
    let ndim = ndim as i64;
    let axis = if axis < 0 { axis + ndim } else { axis };
    if (0..ndim).contains(&axis) { usize::try_from(axis).ok() } else { None }
}

fn out_of_bounds(e: &mut Emit, axis: i64, ndim: usize) -> Val {
    let (axis, ndim) = (e.int(axis), e.int(ndim as i64));
    e.fail(ErrorKind::AxisOutOfBounds, &[&axis, &ndim])
}

/// What is done with one axis.
pub type Body<'a> = dyn Fn(&mut Emit, usize) -> Result<Val, Fault> + 'a;

/// The result for an axis of the run time: the code of every axis, of which one is taken.
pub fn chosen(e: &mut Emit, axis: &Val, ndim: usize, body: &Body<'_>) -> Result<Val, Fault> {
    let count = e.int(ndim.max(1) as i64);
    let place = e.op(Op::WrapIndex, &[axis, &count], Ty::Int);
    let inside = e.op(Op::InRange, &[&place, &count], Ty::Bool);
    let shown = e.int(ndim as i64);
    e.guard(&inside, ErrorKind::AxisOutOfBounds, &[axis, &shown]);
    one_of(e, &place, 0, ndim, body)
}

fn one_of(e: &mut Emit, place: &Val, first: usize, ndim: usize, body: &Body<'_>) -> Result<Val, Fault> {
    if first + 1 >= ndim {
        return body(e, first);
    }
    let number = e.int(first as i64);
    let here = e.op(Op::Eq, &[place, &number], Ty::Bool);
    e.if_else(&here, |e| body(e, first), |e| one_of(e, place, first + 1, ndim, body))
}
