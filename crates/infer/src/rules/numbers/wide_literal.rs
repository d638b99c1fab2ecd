//! Int literals of more than 64 bits (`0xFFFFFFFFFFFFFFFF`, `2**64`).  They have no machine form; beside a
//! uint64, a float or in a comparison they mean something that has.

use super::compare::machine_op;
use crate::emit::{Emit, Val};
use crate::promote::Num;
use crate::rules::Answer;
use coachwhip_ir::{BinaryOp, Bits, CmpOp, Const, Dtype, ErrorKind, Kind, Ty};

/// The digits of such a literal.
fn digits(v: &Val) -> Option<&str> {
    match v.literal() {
        Some(Const::BigInt(digits)) => Some(digits),
        _ => None,
    }
}

/// Whether a value is such a literal.
pub fn is_wide(v: &Val) -> bool {
    digits(v).is_some()
}

/// The float nearest to the literal, unless it is infinite.
pub fn as_float(e: &mut Emit, v: &Val) -> Option<Val> {
    let value: f64 = digits(v)?.parse().ok()?;
    value.is_finite().then(|| e.float(value))
}

/// The literal as a uint64, if it fits.
pub fn as_unsigned(e: &mut Emit, v: &Val) -> Option<Val> {
    let value: u64 = digits(v)?.parse().ok()?;
    Some(e.lit(Const::Scalar(Dtype::Uint64, Bits(value, 0))))
}

/// The literal in a form that goes with the other operand.
fn beside(e: &mut Emit, v: &Val, other: Num) -> Option<Val> {
    match other {
        Num::Scalar(Dtype::Uint64) => as_unsigned(e, v),
        _ if other.kind() >= Kind::Float => as_float(e, v),
        _ => None,
    }
}

/// `a op b` where one of them is such a literal.
pub fn binary(e: &mut Emit, op: BinaryOp, a: &Val, b: &Val) -> Answer {
    let replaced = match (Num::of(&a.ty), Num::of(&b.ty)) {
        (_, Some(y)) if is_wide(a) => beside(e, a, y).map(|a| (a, b.clone())),
        (Some(x), _) if is_wide(b) => beside(e, b, x).map(|b| (a.clone(), b)),
        _ => None,
    };
    if let Some((a, b)) = replaced {
        return super::binary(e, op, false, &a, &b);
    }
    let (int, wide) = if is_wide(a) { (b, a) } else { (a, b) };
    if !matches!(Num::of(&int.ty), Some(Num::Int | Num::Bool)) {
        return Ok(None);
    }
    Ok(match op {
        BinaryOp::And => mask(e, int, wide),
        BinaryOp::Mod if is_wide(b) => modulo(e, int, wide),
        _ => None,
    })
}

/// `int & mask` for a mask of at most 64 bits: `OverflowError` if the result needs the last of them.
fn mask(e: &mut Emit, int: &Val, wide: &Val) -> Option<Val> {
    let bits: u64 = digits(wide)?.parse().ok()?;
    let int = super::cast(e, int, &Ty::Int);
    let bits = e.int(bits as i64);
    let result = e.bitand(&int, &bits);
    fits(e, &result);
    Some(result)
}

/// `int % 2**64` and the like: the int itself, if it is not negative.
fn modulo(e: &mut Emit, int: &Val, wide: &Val) -> Option<Val> {
    let digits = digits(wide)?;
    if digits.starts_with('-') || digits.parse::<u64>().is_ok() {
        return None;
    }
    let int = super::cast(e, int, &Ty::Int);
    fits(e, &int);
    Some(int)
}

/// `OverflowError` for what would be a number of 64 bits without sign; it wraps if the function asked for that.
fn fits(e: &mut Emit, v: &Val) {
    if !e.options.wrap {
        let zero = e.int(0);
        let fine = e.ge(v, &zero);
        e.guard(&fine, ErrorKind::IntOverflow, &[]);
    }
}

/// `a op b` where one of them is such a literal.
pub fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    if is_wide(a) {
        return if is_wide(b) { Ok(None) } else { compare(e, super::compare::mirrored(op), b, a) };
    }
    let Some(num) = Num::of(&a.ty) else { return Ok(None) };
    if let Num::Float = num {
        return Ok(float(e, op, a, b));
    }
    if let Some(b) = beside(e, b, num) {
        return super::compare::compare(e, op, a, &b);
    }
    if num.kind() >= Kind::Float {
        return Ok(None);
    }
    // Beyond every integer type that is left, on the side that its sign says.
    let above = digits(b).is_some_and(|d| !d.starts_with('-'));
    let truth = e.bool(match op {
        CmpOp::Lt | CmpOp::Le => above,
        CmpOp::Gt | CmpOp::Ge => !above,
        CmpOp::Eq => false,
        CmpOp::Ne => true,
    });
    let ty = if num.is_numpy() { Ty::Scalar(Dtype::Bool) } else { Ty::Bool };
    Ok(Some(super::cast(e, &truth, &ty)))
}

/// A Python float with the literal, exactly.
fn float(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Option<Val> {
    let exact: i128 = digits(b)?.parse().ok()?;
    let nearest = exact as f64;
    let bound = e.float(nearest);
    // Where the nearest float is another number, it lies beyond the literal or before it.
    let (beyond, before) = (nearest as i128 > exact, (nearest as i128) < exact);
    let op = match op {
        CmpOp::Eq if beyond || before => return Some(e.bool(false)),
        CmpOp::Ne if beyond || before => return Some(e.bool(true)),
        CmpOp::Lt | CmpOp::Le if beyond => CmpOp::Lt,
        CmpOp::Lt | CmpOp::Le if before => CmpOp::Le,
        CmpOp::Gt | CmpOp::Ge if beyond => CmpOp::Ge,
        CmpOp::Gt | CmpOp::Ge if before => CmpOp::Gt,
        op => op,
    };
    Some(e.op(machine_op(op), &[a, &bound], Ty::Bool))
}
