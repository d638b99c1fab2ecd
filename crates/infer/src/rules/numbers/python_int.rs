//! The operators of Python's `int` and `bool`: 64 bits, checked.

use super::convert::cast;
use super::power;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{BinaryOp, Code, ErrorKind, Op, RuntimeFn, Ty};

/// `&`, `|`, `^` of values in type `ty` (`Bool` or an integer).
pub fn bitwise(e: &mut Emit, op: BinaryOp, a: &Val, b: &Val, ty: &Ty) -> Val {
    let (a, b) = (cast(e, a, ty), cast(e, b, ty));
    match op {
        BinaryOp::And => e.bitand(&a, &b),
        BinaryOp::Or => e.bitor(&a, &b),
        _ => e.bitxor(&a, &b),
    }
}

/// An operator with an `int` result.  (`int ** negative literal` is a float, the one exception.)
pub fn binary(e: &mut Emit, op: BinaryOp, a: &Val, b: &Val) -> Result<Val, Fault> {
    let (a, b) = (cast(e, a, &Ty::Int), cast(e, b, &Ty::Int));
    Ok(match op {
        BinaryOp::Add => checked(e, Op::AddOvf, &a, &b),
        BinaryOp::Sub => checked(e, Op::SubOvf, &a, &b),
        BinaryOp::Mul => checked(e, Op::MulOvf, &a, &b),
        BinaryOp::FloorDiv => floor_divide(e, &a, &b, ErrorKind::IntDivZero),
        BinaryOp::Mod => modulo(e, &a, &b, ErrorKind::IntModZero),
        BinaryOp::Pow => power::python_int(e, &a, &b)?,
        BinaryOp::Lshift => shift_left(e, &a, &b),
        BinaryOp::Rshift => shift_right(e, &a, &b),
        BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => bitwise(e, op, &a, &b, &Ty::Int),
        BinaryOp::TrueDiv | BinaryOp::MatMul => {
            return fault(Code::OperandTypes, format!("{} does not accept int and int", op.symbol()));
        }
    })
}

/// `+`, `-` or `*` that fails beyond 64 bits, or wraps if the function asked for it.
pub fn checked(e: &mut Emit, op: Op, a: &Val, b: &Val) -> Val {
    if e.options.wrap {
        let plain = match op {
            Op::AddOvf => Op::Add,
            Op::SubOvf => Op::Sub,
            _ => Op::Mul,
        };
        return e.op(plain, &[a, b], Ty::Int);
    }
    let (value, over) = e.op_ovf(op, a, b, Ty::Int);
    fits(e, &over);
    value
}

/// Fails with `OverflowError` if the flag is set.
fn fits(e: &mut Emit, over: &Val) {
    let fine = e.not(over);
    e.guard(&fine, ErrorKind::IntOverflow, &[]);
}

/// The result of a run-time function that says in a second result whether the first is right.
pub fn flagged(e: &mut Emit, f: RuntimeFn, args: &[&Val]) -> (Val, Val) {
    let (value, flag) = e.runtime_pair(f, args, Ty::Int);
    let zero = e.int(0);
    (value, e.ne(&flag, &zero))
}

/// As [`flagged`], with `OverflowError` where it is not right (unless wrapping is on).
pub fn flagged_or_overflow(e: &mut Emit, f: RuntimeFn, args: &[&Val]) -> Val {
    let (value, right) = flagged(e, f, args);
    e.guard(&right, ErrorKind::IntOverflow, &[]);
    value
}

/// The divisor made safe: 1 where it is 0 under NumPy's error model, else checked.  The second result says
/// where the true divisor is 0 (a literal `False` if that cannot be any more).
fn divisor(e: &mut Emit, b: &Val, zero_error: ErrorKind) -> (Val, Val) {
    let zero = e.int(0);
    if e.options.numpy_errors {
        let is_zero = e.eq(b, &zero);
        let one = e.int(1);
        return (e.select(&is_zero, &one, b), is_zero);
    }
    let fine = e.ne(b, &zero);
    e.guard(&fine, zero_error, &[]);
    (b.clone(), e.bool(false))
}

/// `a // b`.
pub fn floor_divide(e: &mut Emit, a: &Val, b: &Val, zero_error: ErrorKind) -> Val {
    let (b, is_zero) = divisor(e, b, zero_error);
    let (least, minus_one, zero) = (e.int(i64::MIN), e.int(-1), e.int(0));
    let (x, y) = (e.eq(a, &least), e.eq(&b, &minus_one));
    let over = e.both(&x, &y);
    let quotient = if e.options.wrap {
        let one = e.int(1);
        let safe = e.select(&over, &one, &b);
        e.floordiv(a, &safe)
    } else {
        fits(e, &over);
        e.floordiv(a, &b)
    };
    e.select(&is_zero, &zero, &quotient)
}

/// `a % b`.
pub fn modulo(e: &mut Emit, a: &Val, b: &Val, zero_error: ErrorKind) -> Val {
    let (b, is_zero) = divisor(e, b, zero_error);
    let (one, minus_one, zero) = (e.int(1), e.int(-1), e.int(0));
    let negative = e.eq(&b, &minus_one);
    let safe = e.select(&negative, &one, &b);
    let remainder = e.floormod(a, &safe);
    e.select(&is_zero, &zero, &remainder)
}

/// `a / b`: the correctly rounded quotient, as CPython's.
pub fn true_divide(e: &mut Emit, a: &Val, b: &Val) -> Result<Val, Fault> {
    let (a, b) = (cast(e, a, &Ty::Int), cast(e, b, &Ty::Int));
    if !e.options.numpy_errors {
        let zero = e.int(0);
        let fine = e.ne(&b, &zero);
        e.guard(&fine, ErrorKind::DivZero, &[]);
    }
    let exact = match b.literal_int() {
        // A division by a power of two is exact, so the conversion's rounding is the only one.
        Some(d) if d.unsigned_abs().is_power_of_two() => e.bool(true),
        _ if e.options.numpy_errors => e.bool(true),
        _ => {
            let (x, y) = (is_exact_in_float(e, &a), is_exact_in_float(e, &b));
            e.both(&x, &y)
        }
    };
    e.if_else(
        &exact,
        |e| {
            let (x, y) = (cast(e, &a, &Ty::Float), cast(e, &b, &Ty::Float));
            Ok(e.fdiv(&x, &y))
        },
        |e| Ok(e.runtime(RuntimeFn::IntTrueDivide, &[&a, &b], Ty::Float)),
    )
}

/// Whether an int has at most 53 bits, so that its conversion to float is exact.
fn is_exact_in_float(e: &mut Emit, v: &Val) -> Val {
    let (low, high) = (e.int(-(1 << 53)), e.int(1 << 53));
    let (above, below) = (e.ge(v, &low), e.le(v, &high));
    e.both(&above, &below)
}

/// `a << b`.
fn shift_left(e: &mut Emit, a: &Val, b: &Val) -> Val {
    let (zero, most) = (e.int(0), e.int(63));
    let fine = e.ge(b, &zero);
    e.guard(&fine, ErrorKind::NegativeShift, &[]);
    let count = e.int_min(b, &most);
    let small = e.eq(&count, b);
    let shifted = e.shl(a, &count);
    if e.options.wrap {
        return e.select(&small, &shifted, &zero);
    }
    let back = e.shr(&shifted, &count);
    let (same, none) = (e.eq(&back, a), e.eq(a, &zero));
    let fine = e.both(&same, &small);
    let fine = e.either(&fine, &none);
    e.guard(&fine, ErrorKind::IntOverflow, &[]);
    shifted
}

/// `a >> b`.
fn shift_right(e: &mut Emit, a: &Val, b: &Val) -> Val {
    let (zero, most) = (e.int(0), e.int(63));
    let fine = e.ge(b, &zero);
    e.guard(&fine, ErrorKind::NegativeShift, &[]);
    let count = e.int_min(b, &most);
    e.shr(a, &count)
}

/// `-a`.
pub fn negate(e: &mut Emit, a: &Val) -> Val {
    let zero = e.int(0);
    checked(e, Op::SubOvf, &zero, a)
}

/// `abs(a)`.
pub fn absolute(e: &mut Emit, a: &Val) -> Val {
    if !e.options.wrap {
        let least = e.int(i64::MIN);
        let fine = e.ne(a, &least);
        e.guard(&fine, ErrorKind::IntOverflow, &[]);
    }
    e.abs(a)
}
