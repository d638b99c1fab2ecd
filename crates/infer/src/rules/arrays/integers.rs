//! Ints that index, count and size: every integer type as a machine int, never with the sign confused.

use super::geometry::is_int;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{Code, Const, Dtype, ErrorKind, Kind, Op, Ty, describe};

/// Whether a type can stand where Python wants an index (`__index__`), bools left out.
pub fn is_index(ty: &Ty) -> bool {
    match ty.widened() {
        Ty::Int => true,
        Ty::Scalar(d) => d.is_int(),
        _ => false,
    }
}

/// Whether a value is never negative by its type.
pub fn is_unsigned(v: &Val) -> bool {
    match v.ty.widened() {
        Ty::Scalar(d) => d.kind() == Kind::Unsigned,
        _ => v.literal_int().is_some_and(|i| i >= 0),
    }
}

/// An integer, of Python or of NumPy, as an int.  A `uint64` beyond the int range fails as NumPy does.
pub fn to_int(e: &mut Emit, v: &Val) -> Val {
    match (&v.ty, v.ty.widened()) {
        (Ty::Lit(Const::Scalar(d, bits)), _) if *d != Dtype::Uint64 || bits.0 <= i64::MAX as u64 => {
            let value = bits.0 as i64;
            e.int(value)
        }
        (_, Ty::Scalar(Dtype::Uint64)) => {
            let (int, zero) = (e.op(Op::Convert, &[v], Ty::Int), e.int(0));
            if e.options.boundscheck {
                let fits = e.op(Op::Ge, &[&int, &zero], Ty::Bool);
                e.guard(&fits, ErrorKind::IntTooLargeC, &[]);
            }
            int
        }
        (_, Ty::Scalar(_)) | (_, Ty::Bool) => e.op(Op::Convert, &[v], Ty::Int),
        _ => v.clone(),
    }
}

/// As [`to_int`], for slices: a value beyond the int range stands for the largest int.
pub fn to_int_clipped(e: &mut Emit, v: &Val) -> Val {
    if v.ty.widened() != Ty::Scalar(Dtype::Uint64) {
        return to_int(e, v);
    }
    let (int, zero, most) = (e.op(Op::Convert, &[v], Ty::Int), e.int(0), e.int(i64::MAX));
    let beyond = e.op(Op::Lt, &[&int, &zero], Ty::Bool);
    e.select(&beyond, &most, &int)
}

/// A size given by the user: any integer, but no bool.
pub fn size(e: &mut Emit, v: &Val, what: &str) -> Result<Val, Fault> {
    match v.ty.widened() {
        Ty::Bool | Ty::Scalar(Dtype::Bool) => {
            fault(Code::ArgumentTypes, format!("{what} must be an int, not {}", describe(&v.ty)))
        }
        _ => count(e, v, what),
    }
}

/// A number of things given by the user: any integer, bools too.
pub fn count(e: &mut Emit, v: &Val, what: &str) -> Result<Val, Fault> {
    if is_index(&v.ty) {
        return Ok(to_int(e, v));
    }
    if let Some(number) = v.literal_int() {
        return Ok(e.int(number));
    }
    if v.ty == Ty::Bool || v.ty == Ty::Scalar(Dtype::Bool) {
        return Ok(e.op(Op::Convert, &[v], Ty::Int));
    }
    fault(Code::ArgumentTypes, format!("{what} must be an int, not {}", describe(&v.ty)))
}

/// Where an index falls on an axis of size `n`: negative values count from the end, and what is outside fails.
pub fn checked_index(e: &mut Emit, index: &Val, n: &Val, axis: usize) -> Val {
    let position = axis as i64;
    located(e, index, n, |e, int, n| {
        let axis = e.int(position);
        (ErrorKind::IndexOutOfBounds, vec![int.clone(), axis, n.clone()])
    })
}

/// As [`checked_index`], with the message for a position in C order.
pub fn checked_position(e: &mut Emit, index: &Val, n: &Val) -> Val {
    located(e, index, n, |_, int, n| (ErrorKind::FlatIndex, vec![int.clone(), n.clone()]))
}

fn located(
    e: &mut Emit,
    index: &Val,
    n: &Val,
    error: impl FnOnce(&mut Emit, &Val, &Val) -> (ErrorKind, Vec<Val>),
) -> Val {
    let int = to_int(e, index);
    let wraps = e.options.wraparound && !is_unsigned(index);
    let place = if wraps { e.op(Op::WrapIndex, &[&int, n], Ty::Int) } else { int.clone() };
    if e.options.boundscheck {
        let ok = e.op(Op::InRange, &[&place, n], Ty::Bool);
        let (kind, args) = error(e, &int, n);
        e.guard(&ok, kind, &args.iter().collect::<Vec<_>>());
    }
    place
}

/// The larger of a value and 0.
pub fn at_least_zero(e: &mut Emit, v: &Val) -> Val {
    let zero = e.int(0);
    if is_int(v, 0) { zero } else { e.op(Op::Max, &[v, &zero], Ty::Int) }
}
