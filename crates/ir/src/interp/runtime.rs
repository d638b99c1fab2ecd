//! Run-time functions from Rust's own mathematics.  The last place of the transcendental ones may differ from the
//! C library's; functions that Rust does not have are missing here.

use crate::eval::{Number, Width};
use coachwhip_abi::{FAR, FAR_SINGLE, RuntimeFn};

const INT: Width = Width { bits: 64, signed: true };

/// The results of a pure run-time function.
pub fn standard(function: RuntimeFn, args: &[Number]) -> Option<Vec<Number>> {
    match args {
        [Number::F64(x)] => Some(vec![Number::F64(of_double(function, *x)?)]),
        [Number::F64(x), Number::F64(y)] => Some(vec![Number::F64(of_doubles(function, *x, *y)?)]),
        [Number::F32(x)] => Some(vec![Number::F32(of_single(function, *x)?)]),
        [Number::F32(x), Number::F32(y)] => Some(vec![Number::F32(of_singles(function, *x, *y)?)]),
        [Number::Int(x, _), Number::Int(y, _)] => of_ints(function, *x as i64, *y as i64),
        _ => None,
    }
}

fn of_double(function: RuntimeFn, x: f64) -> Option<f64> {
    use RuntimeFn::*;
    Some(match function {
        Acos => x.acos(),
        Acosh => x.acosh(),
        Asin => x.asin(),
        Asinh => x.asinh(),
        Atan => x.atan(),
        Atanh => x.atanh(),
        Cbrt => x.cbrt(),
        Cos => x.cos(),
        Cosh => x.cosh(),
        Exp => x.exp(),
        Exp2 => x.exp2(),
        Expm1 => x.exp_m1(),
        Log => x.ln(),
        Log10 => x.log10(),
        Log1p => x.ln_1p(),
        Log2 => x.log2(),
        Sin => x.sin(),
        Sinh => x.sinh(),
        Tan => x.tan(),
        Tanh => x.tanh(),
        _ => return None,
    })
}

fn of_doubles(function: RuntimeFn, x: f64, y: f64) -> Option<f64> {
    use RuntimeFn::*;
    Some(match function {
        Atan2 => x.atan2(y),
        Fmod => x % y,
        Hypot => x.hypot(y),
        Pow => x.powf(y),
        Nextafter if x == y => y,
        Nextafter if x < y => x.next_up(),
        Nextafter if x > y => x.next_down(),
        Nextafter => f64::NAN,
        SinFar => {
            if x.abs() > FAR {
                x.sin()
            } else {
                y
            }
        }
        CosFar => {
            if x.abs() > FAR {
                x.cos()
            } else {
                y
            }
        }
        TanFar => {
            if x.abs() > FAR {
                x.tan()
            } else {
                y
            }
        }
        _ => return None,
    })
}

fn of_single(function: RuntimeFn, x: f32) -> Option<f32> {
    use RuntimeFn::*;
    Some(match function {
        Acosf => x.acos(),
        Acoshf => x.acosh(),
        Asinf => x.asin(),
        Asinhf => x.asinh(),
        Atanf => x.atan(),
        Atanhf => x.atanh(),
        Cbrtf => x.cbrt(),
        Cosf => x.cos(),
        Coshf => x.cosh(),
        Expf => x.exp(),
        Exp2f => x.exp2(),
        Expm1f => x.exp_m1(),
        Logf => x.ln(),
        Log10f => x.log10(),
        Log1pf => x.ln_1p(),
        Log2f => x.log2(),
        Sinf => x.sin(),
        Sinhf => x.sinh(),
        Tanf => x.tan(),
        Tanhf => x.tanh(),
        _ => return None,
    })
}

/// `y`, but the function at `x` where `x` is far from 0.
fn far(x: f32, y: f32, f: fn(f64) -> f64) -> f32 {
    if x.abs() > FAR_SINGLE { f(f64::from(x)) as f32 } else { y }
}

fn of_singles(function: RuntimeFn, x: f32, y: f32) -> Option<f32> {
    use RuntimeFn::*;
    Some(match function {
        Atan2f => x.atan2(y),
        Fmodf => x % y,
        Hypotf => x.hypot(y),
        Powf => x.powf(y),
        SinfFar => far(x, y, f64::sin),
        CosfFar => far(x, y, f64::cos),
        TanfFar => far(x, y, f64::tan),
        _ => return None,
    })
}

fn of_ints(function: RuntimeFn, x: i64, y: i64) -> Option<Vec<Number>> {
    let int = |value: i64| Number::Int(i128::from(value), INT);
    let flagged = |value: Option<i64>| Some(vec![int(value.unwrap_or(0)), int(i64::from(value.is_some()))]);
    match function {
        RuntimeFn::IntPow => flagged(power(x, y)),
        RuntimeFn::WrappingPow => Some(vec![int(x.wrapping_pow(u32::try_from(y).ok()?))]),
        RuntimeFn::Gcd => {
            let (mut a, mut b) = (x.unsigned_abs(), y.unsigned_abs());
            while b != 0 {
                (a, b) = (b, a % b);
            }
            flagged(i64::try_from(a).ok())
        }
        _ => None,
    }
}

/// `base ** exponent`, if it fits; the exponent is not negative.
fn power(base: i64, exponent: i64) -> Option<i64> {
    match (base, exponent) {
        (_, 0) | (1, _) => Some(1),
        (0, _) => Some(0),
        (-1, e) => Some(if e % 2 == 0 { 1 } else { -1 }),
        (b, e) => b.checked_pow(u32::try_from(e).ok()?),
    }
}
