//! Conversions between machine numbers.

use super::number::{Machine, Number, Width};
use coachwhip_abi::Half;

/// `convert`: `None` where a float is out of the integer's range.
pub fn convert(a: Number, to: Machine) -> Option<Number> {
    Some(match (a, to) {
        (Number::Bool(b), Machine::Bool) => Number::Bool(b),
        (Number::Bool(b), _) => return convert(Number::Int(i128::from(b), Width { bits: 64, signed: true }), to),
        (Number::Int(i, _), Machine::Bool) => Number::Bool(i != 0),
        (Number::Int(i, _), Machine::Int(width)) => Number::wrapped(i, width),
        // A half holds no integer that a double does not.
        (Number::Int(i, _), Machine::F16) => Number::F16(Half::of(i as f64)),
        (Number::Int(i, _), Machine::F32) => Number::F32(i as f32),
        (Number::Int(i, _), Machine::F64) => Number::F64(i as f64),
        (Number::F16(_), Machine::F16) | (Number::F32(_), Machine::F32) => a,
        (_, Machine::F16) => Number::F16(Half::of(as_f64(a)?)),
        (_, Machine::F32) => Number::F32(as_f64(a)? as f32),
        (_, Machine::F64) => Number::F64(as_f64(a)?),
        (_, Machine::Bool) => Number::Bool(as_f64(a)? != 0.0),
        (_, Machine::Int(width)) => Number::Int(truncated(as_f64(a)?, width)?, width),
    })
}

/// `convert_c`: as x86-64 C compilers do.  Narrow integers go through `int32`, `uint32` through `int64`;
/// an instruction whose result does not fit gives the least integer.
pub fn convert_c(a: Number, to: Machine) -> Option<Number> {
    let (Some(x), Machine::Int(width)) = (as_f64(a), to) else { return convert(a, to) };
    let through = |bits| {
        let width = Width { bits, signed: true };
        truncated(x, width).unwrap_or(width.min())
    };
    let halfway = 9_223_372_036_854_775_808.0;
    let value = match (width.bits, width.signed) {
        (8 | 16, _) | (32, true) => through(32),
        (64, false) if x >= halfway => {
            truncated(x - halfway, Width { bits: 64, signed: true }).unwrap_or(i128::from(i64::MIN)) ^ (1 << 63)
        }
        _ => through(64),
    };
    Some(Number::wrapped(value, width))
}

/// `bitcast`: between forms of one width.
pub fn bitcast(a: Number, to: Machine) -> Option<Number> {
    if a.machine().bits() != to.bits() {
        return None;
    }
    let bits = match a {
        Number::Bool(b) => i128::from(b),
        Number::Int(i, _) => i,
        Number::F16(x) => i128::from(x.0),
        Number::F32(x) => i128::from(x.to_bits()),
        Number::F64(x) => i128::from(x.to_bits()),
    };
    Some(match to {
        Machine::Bool => Number::Bool(bits & 1 != 0),
        Machine::Int(width) => Number::wrapped(bits, width),
        Machine::F16 => Number::F16(Half(bits as u16)),
        Machine::F32 => Number::F32(f32::from_bits(bits as u32)),
        Machine::F64 => Number::F64(f64::from_bits(bits as u64)),
    })
}

/// A float of any width, widened exactly.
fn as_f64(a: Number) -> Option<f64> {
    match a {
        Number::F16(x) => Some(x.value()),
        Number::F32(x) => Some(f64::from(x)),
        Number::F64(x) => Some(x),
        _ => None,
    }
}

/// Towards zero, if that fits.
fn truncated(x: f64, width: Width) -> Option<i128> {
    // The cast saturates and takes NaN to 0, so NaN is refused by itself; all widths are within `i128`.
    (!x.is_nan()).then_some(x as i128).filter(|&i| width.holds(i))
}
