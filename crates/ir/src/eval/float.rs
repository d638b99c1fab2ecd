//! Floating-point arithmetic, each operation rounded once at its own width.

use super::number::Number;
use crate::op::Op;
use coachwhip_abi::Half;

/// The operations of one width; both widths read the same.
macro_rules! at_width {
    ($unary:ident, $binary:ident, $float:ty) => {
        fn $unary(op: Op, a: $float) -> Option<$float> {
            Some(match op {
                Op::Neg => -a,
                Op::Abs => a.abs(),
                Op::Sqrt => a.sqrt(),
                Op::Floor => a.floor(),
                Op::Ceil => a.ceil(),
                Op::Trunc => a.trunc(),
                Op::Rint => a.round_ties_even(),
                _ => return None,
            })
        }

        fn $binary(op: Op, a: $float, b: $float) -> Option<$float> {
            Some(match op {
                Op::Add => a + b,
                Op::Sub => a - b,
                Op::Mul => a * b,
                Op::Div => a / b,
                Op::CopySign => a.copysign(b),
                _ => return None,
            })
        }
    };
}

at_width!(unary32, binary32, f32);
at_width!(unary64, binary64, f64);

/// Operations on one number.  Twice the digits of a half and two more are fewer than a double's, so what a double
/// operation gives rounds to what an exact one would.
pub fn unary(op: Op, a: Number) -> Option<Number> {
    match a {
        Number::F16(a) => unary64(op, a.value()).map(|value| Number::F16(Half::of(value))),
        Number::F32(a) => unary32(op, a).map(Number::F32),
        Number::F64(a) => unary64(op, a).map(Number::F64),
        _ => None,
    }
}

/// Operations on two numbers of one width.
pub fn binary(op: Op, a: Number, b: Number) -> Option<Number> {
    match (a, b) {
        (Number::F16(a), Number::F16(b)) => {
            binary64(op, a.value(), b.value()).map(|value| Number::F16(Half::of(value)))
        }
        (Number::F32(a), Number::F32(b)) => binary32(op, a, b).map(Number::F32),
        (Number::F64(a), Number::F64(b)) => binary64(op, a, b).map(Number::F64),
        _ => None,
    }
}

/// `a * b + c`, rounded once.
pub fn fma(a: Number, b: Number, c: Number) -> Option<Number> {
    match (a, b, c) {
        (Number::F32(a), Number::F32(b), Number::F32(c)) => Some(Number::F32(a.mul_add(b, c))),
        (Number::F64(a), Number::F64(b), Number::F64(c)) => Some(Number::F64(a.mul_add(b, c))),
        _ => None,
    }
}
