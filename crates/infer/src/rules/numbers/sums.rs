//! Sums of items of known types, as the running interpreter's `sum` adds them.

use super::complex::Parts;
use super::convert;
use crate::emit::{Emit, Fault, Val};
use crate::rules::operators::binary;
use coachwhip_ir::{BinaryOp, Difference, Dtype, Op, Ty, follows};

/// What additions of a sum have lost so far, of the real and the imaginary part.
type Lost = [Option<Val>; 2];

/// The items of a tuple added up as this interpreter's `sum` does: since CPython 3.12 what each addition of two floats
/// loses is added up beside it (Neumaier's sum), since 3.14 also that of floats and ints, and of complex numbers, until
/// an item is of another type.
pub fn added_up(e: &mut Emit, start: Val, items: &[Val]) -> Result<Val, Fault> {
    let (floats, complexes) = (follows(Difference::CompensatedSum), follows(Difference::CompensatedComplexSum));
    let (mut total, mut lost) = (start, Lost::default());
    for item in items {
        let (sum, ty) = (total.ty.widened(), item.ty.widened());
        let int = matches!(ty, Ty::Int | Ty::Bool);
        if sum == Ty::Float && floats && (ty == Ty::Float || int && complexes) {
            let item = convert::to_float(e, item);
            let [real, _] = &mut lost;
            total = compensated(e, &total, &item, real);
            continue;
        }
        let real = int || matches!(ty, Ty::Float | Ty::Scalar(Dtype::Float64));
        if sum == Ty::Complex && complexes && (real || ty == Ty::Complex) {
            let (z, w) = (Parts::of(e, &total, &Ty::Float), Parts::of(e, item, &Ty::Float));
            let [lost_re, lost_im] = &mut lost;
            let re = compensated(e, &z.re, &w.re, lost_re);
            let im = if real { z.im } else { compensated(e, &z.im, &w.im, lost_im) };
            total = Parts { re, im }.pack(e, &Ty::Complex);
            continue;
        }
        // Before 3.14 an int among floats is added as it is, and what was lost is kept.
        if sum != Ty::Float || !int {
            total = with_lost(e, total, &mut lost);
        }
        total = binary(e, BinaryOp::Add, false, &total, item)?;
    }
    Ok(with_lost(e, total, &mut lost))
}

/// A sum of two floats; what it loses is added to what was lost before.
fn compensated(e: &mut Emit, total: &Val, item: &Val, lost: &mut Option<Val>) -> Val {
    let sum = e.op(Op::Add, &[total, item], Ty::Float);
    let rest = lost_by(e, total, item, &sum);
    *lost = Some(match lost.take() {
        None => rest,
        Some(before) => e.op(Op::Add, &[&before, &rest], Ty::Float),
    });
    sum
}

/// What the sum of two floats lost by rounding.
fn lost_by(e: &mut Emit, a: &Val, b: &Val, sum: &Val) -> Val {
    let (size_a, size_b) = (e.op(Op::Abs, &[a], Ty::Float), e.op(Op::Abs, &[b], Ty::Float));
    let a_is_larger = e.op(Op::Ge, &[&size_a, &size_b], Ty::Bool);
    let (large, small) = (e.select(&a_is_larger, a, b), e.select(&a_is_larger, b, a));
    let difference = e.op(Op::Sub, &[&large, sum], Ty::Float);
    e.op(Op::Add, &[&difference, &small], Ty::Float)
}

/// The total with what was lost, unless that is zero or not finite.
fn with_lost(e: &mut Emit, total: Val, lost: &mut Lost) -> Val {
    let [lost_re, lost_im] = std::mem::take(lost);
    match total.ty.widened() {
        Ty::Complex if lost_re.is_some() || lost_im.is_some() => {
            let z = Parts::of(e, &total, &Ty::Float);
            let (re, im) = (corrected(e, z.re, lost_re), corrected(e, z.im, lost_im));
            Parts { re, im }.pack(e, &Ty::Complex)
        }
        _ => corrected(e, total, lost_re),
    }
}

fn corrected(e: &mut Emit, total: Val, lost: Option<Val>) -> Val {
    let Some(lost) = lost else { return total };
    let (zero, infinity) = (e.float(0.0), e.float(f64::INFINITY));
    let size = e.op(Op::Abs, &[&lost], Ty::Float);
    let some = e.op(Op::Gt, &[&size, &zero], Ty::Bool);
    let finite = e.op(Op::Lt, &[&size, &infinity], Ty::Bool);
    let counts = e.op(Op::And, &[&some, &finite], Ty::Bool);
    let corrected = e.op(Op::Add, &[&total, &lost], Ty::Float);
    e.select(&counts, &corrected, &total)
}
