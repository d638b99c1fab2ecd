//! `range`: a value of start, stop and step, and its iterators.

use super::index::as_int;
use super::{Answer, Family, Rule};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{Code, Const, Dtype, ErrorKind, Op, Ty, describe};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family {
    functions: FUNCTIONS,
    truth,
    contains,
    len,
    getitem,
    item,
    getattr,
    iter,
    iter_has,
    iter_value,
    iter_advance,
    ..Family::NONE
};

const FUNCTIONS: &[(&str, Rule)] = &[("builtins.range", builtin_range)];

fn builtin_range(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let mut int = |v: &Val| match as_int(e, v) {
        Some(v) => Ok(v),
        None => fault(Code::ArgumentTypes, format!("range() takes integers, not {}", describe(&v.ty))),
    };
    let [start, stop, step] = args.take(["start", "stop", "step"])?;
    let [start, stop, step] = match [&start, &stop, &step].map(|v| v.as_ref().map(&mut int).transpose()) {
        [start, stop, step] => [start?, stop?, step?],
    };
    let (zero, one) = (e.int(0), e.int(1));
    let (start, stop) = match (start, stop) {
        (Some(start), Some(stop)) => (start, stop),
        (stop, _) => (zero.clone(), stop.unwrap_or_else(|| zero.clone())),
    };
    let step = &step.unwrap_or(one);
    let not_zero = e.op(Op::Ne, &[step, &zero], Ty::Bool);
    e.guard(&not_zero, ErrorKind::RangeZeroStep, &[]);
    let (start, stop) = (e.machine(&start), e.machine(&stop));
    Ok(e.pack(Ty::Range(Arc::new(step.ty.clone())), &[&start, &stop, step]))
}

struct Parts {
    start: Val,
    stop: Val,
    step: Val,
}

fn parts(e: &mut Emit, v: &Val) -> Option<Parts> {
    matches!(v.ty, Ty::Range(_)).then(|| Parts { start: e.field(v, 0), stop: e.field(v, 1), step: e.field(v, 2) })
}

/// How many numbers are in a range, at most the greatest int: computed without sign, so that no
/// difference overflows.
fn count(e: &mut Emit, r: &Parts) -> Val {
    let zero = e.int(0);
    let up = e.op(Op::Gt, &[&r.step, &zero], Ty::Bool);
    let (low, high) = (e.select(&up, &r.start, &r.stop), e.select(&up, &r.stop, &r.start));
    let some = e.op(Op::Lt, &[&low, &high], Ty::Bool);
    let span = e.op(Op::Sub, &[&high, &low], Ty::Int);
    let many = match r.step.literal_int() {
        Some(1 | -1) => span,
        _ => {
            let width = Ty::Scalar(Dtype::Uint64);
            let backwards = e.op(Op::Neg, &[&r.step], Ty::Int);
            let stride = e.select(&up, &r.step, &backwards);
            let one = e.int(1);
            let last = e.op(Op::Sub, &[&span, &one], Ty::Int);
            let (last, stride) =
                (e.op(Op::Convert, &[&last], width.clone()), e.op(Op::Convert, &[&stride], width.clone()));
            let steps = e.op(Op::FloorDiv, &[&last, &stride], width);
            let steps = e.op(Op::Convert, &[&steps], Ty::Int);
            e.op(Op::Add, &[&steps, &one], Ty::Int)
        }
    };
    // A count of 2**63 or more looks negative here.
    let fits = e.op(Op::Ge, &[&many, &zero], Ty::Bool);
    let most = e.int(i64::MAX);
    let many = e.select(&fits, &many, &most);
    e.select(&some, &many, &zero)
}

fn len(e: &mut Emit, v: &Val) -> Answer {
    let Some(r) = parts(e, v) else { return Ok(None) };
    let count = count(e, &r);
    let most = e.int(i64::MAX);
    let fits = e.op(Op::Ne, &[&count, &most], Ty::Bool);
    e.guard(&fits, ErrorKind::IntOverflow, &[]);
    Ok(Some(count))
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    let Some(r) = parts(e, v) else { return Ok(None) };
    let zero = e.int(0);
    let up = e.op(Op::Gt, &[&r.step, &zero], Ty::Bool);
    let (rises, falls) = (e.op(Op::Lt, &[&r.start, &r.stop], Ty::Bool), e.op(Op::Gt, &[&r.start, &r.stop], Ty::Bool));
    Ok(Some(e.select(&up, &rises, &falls)))
}

fn contains(e: &mut Emit, item: &Val, v: &Val) -> Answer {
    let Some(r) = parts(e, v) else { return Ok(None) };
    let Some(x) = as_int(e, item) else {
        return fault(Code::OperandTypes, format!("in does not accept {} with a range", describe(&item.ty)));
    };
    let zero = e.int(0);
    let up = e.op(Op::Gt, &[&r.step, &zero], Ty::Bool);
    let (above, below) = (e.op(Op::Ge, &[&x, &r.start], Ty::Bool), e.op(Op::Lt, &[&x, &r.stop], Ty::Bool));
    let rising = e.op(Op::And, &[&above, &below], Ty::Bool);
    let (below, above) = (e.op(Op::Le, &[&x, &r.start], Ty::Bool), e.op(Op::Gt, &[&x, &r.stop], Ty::Bool));
    let falling = e.op(Op::And, &[&above, &below], Ty::Bool);
    let inside = e.select(&up, &rising, &falling);
    if matches!(r.step.literal_int(), Some(1 | -1)) {
        return Ok(Some(inside));
    }
    let hit = e.if_else(
        &inside,
        |e| {
            // Without sign: the distance may exceed the range of an int.
            let width = Ty::Scalar(Dtype::Uint64);
            let (far, near) = (e.select(&up, &x, &r.start), e.select(&up, &r.start, &x));
            let distance = e.op(Op::Sub, &[&far, &near], Ty::Int);
            let backwards = e.op(Op::Neg, &[&r.step], Ty::Int);
            let stride = e.select(&up, &r.step, &backwards);
            let distance = e.op(Op::Convert, &[&distance], width.clone());
            let stride = e.op(Op::Convert, &[&stride], width.clone());
            let rest = e.op(Op::FloorMod, &[&distance, &stride], width);
            let rest = e.op(Op::Convert, &[&rest], Ty::Int);
            Ok(e.op(Op::Eq, &[&rest, &zero], Ty::Bool))
        },
        |e| Ok(e.bool(false)),
    )?;
    Ok(Some(hit))
}

fn getitem(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    let Some(r) = parts(e, v) else { return Ok(None) };
    let Some(index) = as_int(e, index) else { return Ok(None) };
    let count = count(e, &r);
    let index = if e.options.wraparound { e.op(Op::WrapIndex, &[&index, &count], Ty::Int) } else { index };
    let inside = e.op(Op::InRange, &[&index, &count], Ty::Bool);
    e.guard(&inside, ErrorKind::RangeIndex, &[]);
    item(e, v, &index)
}

fn item(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    let Some(r) = parts(e, v) else { return Ok(None) };
    let offset = e.op(Op::Mul, &[index, &r.step], Ty::Int);
    Ok(Some(e.op(Op::Add, &[&r.start, &offset], Ty::Int)))
}

fn getattr(e: &mut Emit, v: &Val, name: &str) -> Answer {
    let Some(r) = parts(e, v) else { return Ok(None) };
    Ok(match name {
        "start" => Some(r.start),
        "stop" => Some(r.stop),
        "step" => Some(r.step),
        _ => None,
    })
}

fn iter(e: &mut Emit, v: &Val) -> Answer {
    let Some(r) = parts(e, v) else { return Ok(None) };
    if r.step.literal() == Some(&Const::Int(1)) {
        return Ok(Some(e.pack(Ty::Iter(Arc::new(IterTy::Range)), &[&r.start, &r.stop])));
    }
    let count = count(e, &r);
    Ok(Some(stepped(e, &r.start, &count, &r.step)))
}

fn stepped(e: &mut Emit, next: &Val, left: &Val, step: &Val) -> Val {
    let (next, left, step) = (e.machine(next), e.machine(left), e.machine(step));
    e.pack(Ty::Iter(Arc::new(IterTy::RangeStep)), &[&next, &left, &step])
}

/// `reversed` of a range.
pub fn reversed(e: &mut Emit, v: &Val) -> Option<Val> {
    let r = parts(e, v)?;
    let count = count(e, &r);
    let one = e.int(1);
    let last = e.op(Op::Sub, &[&count, &one], Ty::Int);
    let offset = e.op(Op::Mul, &[&last, &r.step], Ty::Int);
    let first = e.op(Op::Add, &[&r.start, &offset], Ty::Int);
    let step = e.op(Op::Neg, &[&r.step], Ty::Int);
    Some(stepped(e, &first, &count, &step))
}

fn kind(v: &Val) -> Option<&IterTy> {
    match &v.ty {
        Ty::Iter(kind) => Some(kind),
        _ => None,
    }
}

fn iter_has(e: &mut Emit, v: &Val) -> Answer {
    Ok(match kind(v) {
        Some(IterTy::Range) => {
            let (next, stop) = (e.field(v, 0), e.field(v, 1));
            Some(e.op(Op::Lt, &[&next, &stop], Ty::Bool))
        }
        Some(IterTy::RangeStep) => {
            let (left, zero) = (e.field(v, 1), e.int(0));
            Some(e.op(Op::Gt, &[&left, &zero], Ty::Bool))
        }
        _ => None,
    })
}

fn iter_value(e: &mut Emit, v: &Val) -> Answer {
    Ok(match kind(v) {
        Some(IterTy::Range | IterTy::RangeStep) => Some(e.field(v, 0)),
        _ => None,
    })
}

fn iter_advance(e: &mut Emit, v: &Val) -> Answer {
    let one = e.int(1);
    Ok(match kind(v) {
        Some(IterTy::Range) => {
            let (next, stop) = (e.field(v, 0), e.field(v, 1));
            let next = e.op(Op::Add, &[&next, &one], Ty::Int);
            Some(e.pack(v.ty.clone(), &[&next, &stop]))
        }
        Some(IterTy::RangeStep) => {
            let (next, left, step) = (e.field(v, 0), e.field(v, 1), e.field(v, 2));
            let next = e.op(Op::Add, &[&next, &step], Ty::Int);
            let left = e.op(Op::Sub, &[&left, &one], Ty::Int);
            Some(stepped(e, &next, &left, &step))
        }
        _ => None,
    })
}
