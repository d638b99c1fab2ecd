//! `np.arange` and `np.linspace`, with NumPy's own arithmetic.

use super::cast::{cast, stored};
use super::create::allocate;
use super::geometry::and;
use super::integers::{at_least_zero, count, is_index};
use super::literals::{dtype, flag, without};
use super::raise::{Piece, raise};
use super::{library, library_that_wraps, store};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::operators::{binary, compare};
use coachwhip_ir::promote::promote_weak;
use coachwhip_ir::{BinaryOp, CmpOp, Code, Const, Dtype, ErrorKind, Kind, Layout, Op, Ty, describe};

/// `np.arange([start,] stop[, step], dtype=None)`.
pub fn arange(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [start, stop, step, d, device] = args.take(["start", "stop", "step", "dtype", "device"])?;
    without(&device, "device", &[Const::Str("cpu".into())])?;
    let given = |v: Option<Val>| v.filter(|v| !super::index::is_none(v));
    let (start, stop) = match (given(start), given(stop)) {
        // A single number is the stop, unless it is named.
        (Some(stop), None) if args.by_place() > 0 => (None, stop),
        (_, None) => return fault(Code::ArgumentCount, "arange() requires stop to be specified."),
        (start, Some(stop)) => (start, stop),
    };
    let start = start.unwrap_or_else(|| e.int(0));
    let step = step.filter(|v| !super::index::is_none(v)).unwrap_or_else(|| e.int(1));
    let numbers = [&start, &stop, &step];
    let mut natural = Dtype::Int64;
    for v in numbers {
        match v.ty.dtype() {
            Some(d) if d.kind() != Kind::Complex => natural = natural.promote(d),
            _ => return fault(Code::ArgumentTypes, format!("arange() takes real numbers, not {}", describe(&v.ty))),
        }
    }
    let d = dtype(d.as_ref())?.unwrap_or(natural);
    if d.kind() == Kind::Bool {
        return fault(Code::ArgumentTypes, "arange() of bools is not supported in compiled code");
    }
    let len = arange_length(e, &start, &stop, &step)?;
    let result = allocate(e, d, std::slice::from_ref(&len), Layout::C, false);
    if d == Dtype::Int64 && numbers.iter().all(|v| v.ty.widened() == Ty::Int) {
        // Every element lies between start and stop: no conversion can fail.
        let (start, step) = (e.machine(&start), e.machine(&step));
        library(e, "coachwhip.lib.arange_counting", &[result.clone(), start, step])?;
        return Ok(result);
    }
    arange_fill(e, &result, &len, &start, &step, d)?;
    Ok(result)
}

/// `ceil((stop - start) / step)` in Python's arithmetic, as NumPy computes it.
fn arange_length(e: &mut Emit, start: &Val, stop: &Val, step: &Val) -> Result<Val, Fault> {
    let plain = |v: &Val, n: i64| matches!(v.literal(), Some(Const::Int(i)) if *i == n);
    if plain(start, 0) && plain(step, 1) && stop.ty.widened() == Ty::Int {
        return Ok(at_least_zero(e, stop));
    }
    let zero = e.int(0);
    let distance = binary(e, BinaryOp::Sub, false, stop, start)?;
    let quotient = binary(e, BinaryOp::TrueDiv, false, &distance, step)?;
    let nonzero = compare(e, CmpOp::Ne, &distance, &zero)?;
    let vanishes = compare(e, CmpOp::Eq, &quotient, &zero)?;
    let nonzero = condition(e, &nonzero);
    let vanishes = condition(e, &vanishes);
    let value = match quotient.ty.widened() {
        Ty::Float => quotient,
        _ => e.op(Op::Convert, &[&quotient], Ty::Float),
    };
    let number = e.op(Op::Eq, &[&value, &value], Ty::Bool);
    let why = "arange: cannot compute length";
    e.if_else(&number, |e| Ok(e.none()), |e| Ok(raise(e, "ValueError", vec![Piece::Text(why)])))?;
    let ceil = e.op(Op::Ceil, &[&value], Ty::Float);
    let (low, high) = (e.float(-2f64.powi(63)), e.float(2f64.powi(63)));
    let (above, below) = (e.op(Op::Ge, &[&ceil, &low], Ty::Bool), e.op(Op::Lt, &[&ceil, &high], Ty::Bool));
    let possible = and(e, &above, &below);
    e.guard(&possible, ErrorKind::ArangeTooLarge, &[]);
    let len = e.op(Op::Convert, &[&ceil], Ty::Int);
    let len = at_least_zero(e, &len);
    // A quotient that underflows to zero still holds the first element, unless it is -0.0.
    let (unit, one) = (e.float(1.0), e.int(1));
    let sign = e.op(Op::CopySign, &[&unit, &value], Ty::Float);
    let float_zero = e.float(0.0);
    let positive = e.op(Op::Gt, &[&sign, &float_zero], Ty::Bool);
    let tiny = e.select(&positive, &one, &zero);
    let underflow = and(e, &nonzero, &vanishes);
    Ok(e.select(&underflow, &tiny, &len))
}

/// A comparison's result, which may be a NumPy bool, as a condition.
fn condition(e: &mut Emit, v: &Val) -> Val {
    if v.ty.widened() == Ty::Bool { v.clone() } else { e.op(Op::Convert, &[v], Ty::Bool) }
}

/// The first element, the second, and the rest at their distance, in the arithmetic of the dtype.
fn arange_fill(e: &mut Emit, result: &Val, len: &Val, start: &Val, step: &Val, d: Dtype) -> Result<(), Fault> {
    let (zero, one) = (e.int(0), e.int(1));
    let some = e.op(Op::Gt, &[len, &zero], Ty::Bool);
    let fill = |e: &mut Emit| -> Result<Val, Fault> {
        let first = stored(e, start, d)?;
        store::store(e, result, std::slice::from_ref(&zero), &first);
        let several = e.op(Op::Gt, &[len, &one], Ty::Bool);
        let rest = |e: &mut Emit| -> Result<Val, Fault> {
            let second = binary(e, BinaryOp::Add, false, start, step)?;
            let second = stored(e, &second, d)?;
            store::store(e, result, std::slice::from_ref(&one), &second);
            let (first, second) = (e.machine(&first), e.machine(&second));
            let name = if matches!(d.kind(), Kind::Signed | Kind::Unsigned) { "arange_int" } else { "arange_float" };
            library_that_wraps(e, &format!("coachwhip.lib.{name}"), &[result.clone(), first, second])?;
            Ok(e.none())
        };
        e.if_else(&several, rest, |e| Ok(e.none()))
    };
    e.if_else(&some, fill, |e| Ok(e.none()))?;
    Ok(())
}

/// `np.linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None)`.
pub fn linspace(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let names = ["start", "stop", "num", "endpoint", "retstep", "dtype", "device"];
    let [Some(start), Some(stop), num, endpoint, retstep, d, device] = &args.take(names)? else {
        return fault(Code::Internal, "linspace() of nothing");
    };
    without(device, "device", &[Const::Str("cpu".into())])?;
    let working = linspace_dtype(start, stop)?;
    let given = dtype(d.as_ref())?;
    let num = match num {
        Some(v) if is_index(&v.ty) || v.ty.widened() == Ty::Bool => count(e, v, "num")?,
        Some(v) => return fault(Code::ArgumentTypes, format!("num must be an int, not {}", describe(&v.ty))),
        None => e.int(50),
    };
    let (zero, one) = (e.int(0), e.int(1));
    let sensible = e.op(Op::Ge, &[&num, &zero], Ty::Bool);
    e.guard(&sensible, ErrorKind::LinspaceNegative, &[&num]);
    let endpoint = match endpoint {
        Some(v) => crate::rules::operators::truth(e, v)?,
        None => e.bool(true),
    };
    let less = e.op(Op::Sub, &[&num, &one], Ty::Int);
    let div = e.select(&endpoint, &less, &num);
    let (start, stop) = (cast(e, start, working), cast(e, stop, working));
    let result = allocate(e, working, std::slice::from_ref(&num), Layout::C, false);
    let mut arguments = vec![result.clone(), start, stop, div.clone(), endpoint];
    for v in &mut arguments {
        *v = e.machine(v);
    }
    let step = library(e, "coachwhip.lib.linspace", &arguments)?;
    let result = match given {
        Some(d) if d != working => rounded(e, result, working, d)?,
        _ => result,
    };
    if !flag(retstep.as_ref(), "retstep", false)? {
        return Ok(result);
    }
    let step = match div.literal_int() {
        // Where there is no distance, NumPy gives Python's `nan`.
        Some(less) if less < 1 => e.float(f64::NAN),
        _ => e.machine(&step),
    };
    let step = e.machine(&step);
    Ok(e.pack(Ty::tuple([result.ty.clone(), step.ty.clone()]), &[&result, &step]))
}

/// The dtype that `linspace` computes in: Python numbers are weak, and it is at least a float.
fn linspace_dtype(start: &Val, stop: &Val) -> Result<Dtype, Fault> {
    let (Some(a), Some(b)) = (start.ty.dtype(), stop.ty.dtype()) else {
        let wrong = if start.ty.dtype().is_none() { start } else { stop };
        return fault(Code::ArgumentTypes, format!("linspace() takes numbers, not {}", describe(&wrong.ty)));
    };
    let d = match (start.ty.is_python_number(), stop.ty.is_python_number()) {
        (true, false) => promote_weak(b, &start.ty.widened()),
        (false, true) => promote_weak(a, &stop.ty.widened()),
        _ => a.promote(b),
    };
    Ok(if d.kind() < Kind::Float { Dtype::Float64 } else { d })
}

/// The samples in the dtype asked for; those of integers are rounded down first.
fn rounded(e: &mut Emit, samples: Val, working: Dtype, d: Dtype) -> Result<Val, Fault> {
    let Some(ty) = samples.ty.array() else { return Ok(samples) };
    if d.is_int() {
        if working.kind() == Kind::Complex {
            return fault(Code::ArgumentTypes, "complex samples cannot be rounded to integers");
        }
        library(e, "coachwhip.lib.floor_in_place", std::slice::from_ref(&samples))?;
    }
    super::create::copied(e, &samples, ty, d, super::literals::Order::C)
}
