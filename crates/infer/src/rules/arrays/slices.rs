//! Python's slices on an axis: start, number of items and step, clipped exactly as CPython clips them.

use super::geometry::{add, is_int, sub};
use super::integers::to_int_clipped;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::index::as_int;
use coachwhip_ir::{Code, Const, Dtype, ErrorKind, Op, Ty, describe};

/// A slice applied to an axis.
pub struct Span {
    /// Position of the first item.
    pub start: Val,
    /// Number of items.
    pub len: Val,
    /// Distance of items.
    pub step: Val,
}

/// A bound of a slice beyond the range of ints, which stands for the nearest int; `None` of any other value.
pub fn bound(e: &mut Emit, v: &Val) -> Option<Val> {
    match &v.ty {
        Ty::Lit(Const::BigInt(digits)) => {
            let nearest = if digits.starts_with('-') { i64::MIN } else { i64::MAX };
            Some(e.int(nearest))
        }
        ty if ty.widened() == Ty::Scalar(Dtype::Uint64) => Some(to_int_clipped(e, v)),
        _ => None,
    }
}

/// The parts of a slice value as ints; `None` for an absent part.
pub fn parts(e: &mut Emit, slice: &Val) -> Result<[Option<Val>; 3], Fault> {
    let mut result = [None, None, None];
    for (position, place) in result.iter_mut().enumerate() {
        let part = e.field(slice, position);
        *place = match part.ty.widened() {
            Ty::None | Ty::Lit(Const::None) => None,
            Ty::Int => Some(part),
            Ty::Optional(_) => return optional_part(),
            other => match bound(e, &part).or_else(|| as_int(e, &part)) {
                Some(int) => Some(int),
                None => return wrong_part(&other),
            },
        };
    }
    Ok(result)
}

fn wrong_part<T>(ty: &Ty) -> Result<T, Fault> {
    fault(Code::NotSubscriptable, format!("the parts of a slice are ints or None, not {}", describe(ty)))
}

fn optional_part<T>() -> Result<T, Fault> {
    fault(Code::NotSubscriptable, "a part of this slice may be None or an int, which is known only at run time")
}

/// Whether the slice takes the whole axis in order: `:`, `0:`, `::1`.
pub fn is_full(parts: &[Option<Val>; 3]) -> bool {
    let [start, stop, _] = parts;
    start.as_ref().is_none_or(|v| is_int(v, 0)) && stop.is_none() && has_unit_step(parts)
}

/// Whether the slice takes neighbours in order.
pub fn has_unit_step(parts: &[Option<Val>; 3]) -> bool {
    let [_, _, step] = parts;
    step.as_ref().is_none_or(|v| is_int(v, 1))
}

/// The slice on an axis of size `n`.
pub fn span(e: &mut Emit, parts: &[Option<Val>; 3], n: &Val) -> Span {
    let [start, stop, step] = parts;
    if is_full(parts) {
        return Span { start: e.int(0), len: n.clone(), step: e.int(1) };
    }
    match step.as_ref().map(|s| (s, s.literal_int())) {
        None => forward(e, start, stop, n, None),
        Some((_, Some(1))) => forward(e, start, stop, n, None),
        Some((_, Some(0))) => {
            let never = e.fail(ErrorKind::ZeroStep, &[]);
            Span { start: never.clone(), len: never.clone(), step: never }
        }
        Some((step, Some(k))) if k > 0 => forward(e, start, stop, n, Some(step)),
        Some((step, Some(k))) => {
            let step = if k == i64::MIN { e.int(-i64::MAX) } else { step.clone() };
            backward(e, start, stop, n, &step)
        }
        Some((step, None)) => either_way(e, start, stop, n, step),
    }
}

/// A bound clipped to `low..=high`, where `low` is 0 or -1; negative ones count from the end.
fn clipped(e: &mut Emit, bound: &Val, n: &Val, low: &Val, high: &Val) -> Val {
    let at = match bound.literal_int() {
        Some(i) if i >= 0 => bound.clone(),
        // The least int plus a size does not wrap around: sizes are not negative.
        Some(_) => add(e, bound, n),
        None => e.op(Op::WrapIndex, &[bound, n], Ty::Int),
    };
    if bound.literal_int().is_some_and(|i| i >= 0) {
        return e.op(Op::Min, &[&at, high], Ty::Int);
    }
    let raised = e.op(Op::Max, &[&at, low], Ty::Int);
    e.op(Op::Min, &[&raised, high], Ty::Int)
}

/// Items from `start` up to `stop`, with a step of at least 1.
fn forward(e: &mut Emit, start: &Option<Val>, stop: &Option<Val>, n: &Val, step: Option<&Val>) -> Span {
    let zero = e.int(0);
    let first = start.as_ref().map_or(zero.clone(), |v| clipped(e, v, n, &zero, n));
    let last = stop.as_ref().map_or(n.clone(), |v| clipped(e, v, n, &zero, n));
    let distance = sub(e, &last, &first);
    let one = e.int(1);
    let Some(step) = step else {
        // Up to the end, the distance cannot be negative.
        let len = if stop.is_none() || is_int(&first, 0) { distance } else { nonnegative(e, &distance) };
        return Span { start: first, len, step: one };
    };
    let distance = nonnegative(e, &distance);
    Span { start: first, len: items(e, &distance, step), step: step.clone() }
}

/// Items from `start` down to `stop`, with a step of at most -1.
fn backward(e: &mut Emit, start: &Option<Val>, stop: &Option<Val>, n: &Val, step: &Val) -> Span {
    let (one, low) = (e.int(1), e.int(-1));
    let high = sub(e, n, &one);
    let first = start.as_ref().map_or(high.clone(), |v| clipped(e, v, n, &low, &high));
    let last = stop.as_ref().map_or(low.clone(), |v| clipped(e, v, n, &low, &high));
    let distance = sub(e, &first, &last);
    let distance = nonnegative(e, &distance);
    let size = e.op(Op::Neg, &[step], Ty::Int);
    Span { start: first, len: items(e, &distance, &size), step: step.clone() }
}

fn nonnegative(e: &mut Emit, distance: &Val) -> Val {
    super::integers::at_least_zero(e, distance)
}

/// How many steps of `step > 0` start within a distance that is not negative.
fn items(e: &mut Emit, distance: &Val, step: &Val) -> Val {
    if is_int(step, 1) {
        return distance.clone();
    }
    // (distance - 1) // step + 1 is 0 for distance 0, because the quotient is rounded down.
    let one = e.int(1);
    let before = sub(e, distance, &one);
    let whole = e.op(Op::FloorDiv, &[&before, step], Ty::Int);
    e.op(Op::Add, &[&whole, &one], Ty::Int)
}

/// A step whose sign is known only at run time.
fn either_way(e: &mut Emit, start: &Option<Val>, stop: &Option<Val>, n: &Val, step: &Val) -> Span {
    let (zero, one, least) = (e.int(0), e.int(1), e.int(-i64::MAX));
    let nonzero = e.op(Op::Ne, &[step, &zero], Ty::Bool);
    e.guard(&nonzero, ErrorKind::ZeroStep, &[]);
    let step = e.op(Op::Max, &[step, &least], Ty::Int);
    let down = e.op(Op::Lt, &[&step, &zero], Ty::Bool);
    let minus = e.int(-1);
    let last_item = sub(e, n, &one);
    let low = e.select(&down, &minus, &zero);
    let high = e.select(&down, &last_item, n);
    let first = match start {
        Some(v) => clipped(e, v, n, &low, &high),
        None => e.select(&down, &last_item, &zero),
    };
    let last = match stop {
        Some(v) => clipped(e, v, n, &low, &high),
        None => e.select(&down, &minus, n),
    };
    let (forth, back) = (sub(e, &last, &first), sub(e, &first, &last));
    let distance = e.select(&down, &back, &forth);
    let distance = nonnegative(e, &distance);
    let size = e.op(Op::Abs, &[&step], Ty::Int);
    Span { start: first, len: items(e, &distance, &size), step }
}
