//! Integer arithmetic at a width.  Operands lie within their width, so every exact result but a product of
//! two unsigned 64-bit numbers fits `i128`; that product wraps to the same low bits.

use super::number::{Machine, Number, Width};
use crate::op::Op;

/// Operations on one integer.
pub fn unary(op: Op, a: i128, width: Width) -> Option<Number> {
    Some(Number::wrapped(
        match op {
            Op::Neg => -a,
            Op::Not => !a,
            Op::Abs => a.abs(),
            _ => return None,
        },
        width,
    ))
}

/// Operations on two integers of one width.
pub fn binary(op: Op, a: i128, b: i128, width: Width) -> Option<Number> {
    let count = || u32::try_from(b).ok().filter(|&n| n < width.bits);
    Some(Number::wrapped(
        match op {
            Op::Add => a + b,
            Op::Sub => a - b,
            Op::Mul => a.wrapping_mul(b),
            Op::AddExact => fitting(a.checked_add(b), width)?,
            Op::SubExact => fitting(a.checked_sub(b), width)?,
            Op::MulExact => fitting(a.checked_mul(b), width)?,
            Op::FloorDiv | Op::FloorMod | Op::TruncDiv | Op::TruncMod => divide(op, a, b, width)?,
            Op::And => a & b,
            Op::Or => a | b,
            Op::Xor => a ^ b,
            Op::Shl => a << count()?,
            Op::Shr => a >> count()?,
            Op::WrapIndex => a + if a < 0 { b } else { 0 },
            Op::Min => a.min(b),
            Op::Max => a.max(b),
            _ => return None,
        },
        width,
    ))
}

/// A result that is known to fit; if it does not after all, it has no value.
fn fitting(exact: Option<i128>, width: Width) -> Option<i128> {
    exact.filter(|&value| width.holds(value))
}

/// The four divisions; `None` for a zero divisor or a quotient that does not fit.
fn divide(op: Op, a: i128, b: i128, width: Width) -> Option<i128> {
    let quotient = a.checked_div(b).filter(|&q| width.holds(q))?;
    let rest = a % b;
    let down = rest != 0 && (rest < 0) != (b < 0);
    Some(match op {
        Op::TruncDiv => quotient,
        Op::TruncMod => rest,
        Op::FloorDiv => quotient - i128::from(down),
        _ => rest + if down { b } else { 0 },
    })
}

/// Sum, difference or product, and whether the exact result left the width.
pub fn overflowing(op: Op, a: Number, b: Number, machine: Machine) -> Option<(Number, bool)> {
    let (Number::Int(x, width), Number::Int(y, _)) = (a, b) else { return None };
    if a.machine() != machine || b.machine() != machine {
        return None;
    }
    let exact = match op {
        Op::AddOvf => Some(x + y),
        Op::SubOvf => Some(x - y),
        _ => x.checked_mul(y),
    };
    let low = exact.unwrap_or_else(|| x.wrapping_mul(y));
    Some((Number::wrapped(low, width), !exact.is_some_and(|e| width.holds(e))))
}

/// Counts of bits; the result may have another width than the operand.
pub fn count(op: Op, a: Number, result: Machine) -> Option<Number> {
    let (Number::Int(a, width), Machine::Int(target)) = (a, result) else { return None };
    let bits = Width { bits: width.bits, signed: false }.wrap(a) as u64;
    let n = match op {
        Op::PopCount => bits.count_ones(),
        Op::Clz => bits.leading_zeros() - (64 - width.bits),
        Op::Ctz => bits.trailing_zeros().min(width.bits),
        _ => return None,
    };
    Some(Number::wrapped(i128::from(n), target))
}
