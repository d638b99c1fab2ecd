//! CPython's own algorithms of the `math` module where the C library has none or another: the gamma
//! functions, norms of several numbers, exact sums, and the parts of a float.

use coachwhip_abi::{FAR, FAR_SINGLE};
use std::f64::consts::PI;

/// `ln(pi)`.
const LOG_PI: f64 = 1.144729885849400174143427351353058711647;
/// The parameter of Lanczos' approximation, and the same less a half.
const LANCZOS_G: f64 = 6.024_680_040_776_73;
const LANCZOS_G_MINUS_HALF: f64 = 5.524_680_040_776_73;
/// Coefficients of its numerator and denominator, lowest first.
const LANCZOS: [(f64, f64); 13] = [
    (23_531_376_880.410_76, 0.0),
    (42_919_803_642.649_1, 39916800.0),
    (35_711_959_237.355_67, 120543840.0),
    (17_921_034_426.037_21, 150917976.0),
    (6_039_542_586.352_028, 105258076.0),
    (1_439_720_407.311_721_6, 45995730.0),
    (248_874_557.862_054_17, 13339535.0),
    (31_426_415.585_400_194, 2637558.0),
    (2_876_370.628_935_372_5, 357423.0),
    (186_056.265_395_223_48, 32670.0),
    (8_071.672_002_365_816, 1925.0),
    (210.824_277_751_579_36, 66.0),
    (2.506_628_274_631_000_2, 1.0),
];

/// `sin(pi * x)` with exact zeros.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let size = match (2.0 * y).round() as i32 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    1f64.copysign(x) * size
}

/// Lanczos' rational function at a positive number.
fn lanczos_sum(x: f64) -> f64 {
    let (mut above, mut below) = (0.0, 0.0);
    if x < 5.0 {
        for (n, d) in LANCZOS.iter().rev() {
            above = above * x + n;
            below = below * x + d;
        }
    } else {
        for (n, d) in LANCZOS.iter() {
            above = above / x + n;
            below = below / x + d;
        }
    }
    above / below
}

/// `y`, but the sine of `x` where `x` is far from 0.
extern "C" fn cw_sin_far(x: f64, y: f64) -> f64 {
    if x.abs() > FAR { x.sin() } else { y }
}

/// `y`, but the cosine of `x` where `x` is far from 0.
extern "C" fn cw_cos_far(x: f64, y: f64) -> f64 {
    if x.abs() > FAR { x.cos() } else { y }
}

/// `y`, but the tangent of `x` where `x` is far from 0.
extern "C" fn cw_tan_far(x: f64, y: f64) -> f64 {
    if x.abs() > FAR { x.tan() } else { y }
}

/// `cw_sin_far` of singles.
extern "C" fn cw_sinf_far(x: f32, y: f32) -> f32 {
    if x.abs() > FAR_SINGLE { f64::from(x).sin() as f32 } else { y }
}

/// `cw_cos_far` of singles.
extern "C" fn cw_cosf_far(x: f32, y: f32) -> f32 {
    if x.abs() > FAR_SINGLE { f64::from(x).cos() as f32 } else { y }
}

/// `cw_tan_far` of singles.
extern "C" fn cw_tanf_far(x: f32, y: f32) -> f32 {
    if x.abs() > FAR_SINGLE { f64::from(x).tan() as f32 } else { y }
}

/// `math.gamma`; its failures are found by the caller.
extern "C" fn cw_gamma(x: f64) -> f64 {
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x == f64::NEG_INFINITY {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::INFINITY.copysign(x);
    }
    if x == x.floor() {
        if x < 0.0 {
            return f64::NAN;
        }
        if x <= 23.0 {
            return (2..x as i64).fold(1.0, |product, k| product * k as f64);
        }
    }
    let size = x.abs();
    if size < 1e-20 {
        return 1.0 / x;
    }
    if size > 200.0 {
        return if x < 0.0 { 0.0 / sin_pi(x) } else { f64::INFINITY };
    }
    let y = size + LANCZOS_G_MINUS_HALF;
    let lost =
        if size > LANCZOS_G_MINUS_HALF { (y - size) - LANCZOS_G_MINUS_HALF } else { (y - LANCZOS_G_MINUS_HALF) - size };
    let z = lost * LANCZOS_G / y;
    if x < 0.0 {
        let mut r = -PI / sin_pi(size) / size * y.exp() / lanczos_sum(size);
        r -= z * r;
        if size < 140.0 {
            return r / y.powf(size - 0.5);
        }
        let root = y.powf(size / 2.0 - 0.25);
        return r / root / root;
    }
    let mut r = lanczos_sum(size) / y.exp();
    r += z * r;
    if size < 140.0 {
        return r * y.powf(size - 0.5);
    }
    let root = y.powf(size / 2.0 - 0.25);
    r * root * root
}

/// `math.lgamma`; its failures are found by the caller.
extern "C" fn cw_lgamma(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x.is_infinite() {
        return f64::INFINITY;
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { f64::INFINITY } else { 0.0 };
    }
    let size = x.abs();
    if size < 1e-20 {
        return -size.ln();
    }
    let mut r = lanczos_sum(size).ln() - LANCZOS_G;
    r += (size - 0.5) * ((size + LANCZOS_G - 0.5).ln() - 1.0);
    if x < 0.0 { LOG_PI - sin_pi(size).abs().ln() - size.ln() - r } else { r }
}

/// Mantissa in `0.5 <= m < 1` and exponent; a number without (0, infinity, NaN) is its own mantissa.
fn frexp(x: f64) -> (f64, i64) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    let (scaled, correction) = if x.abs() < f64::MIN_POSITIVE { (x * 2f64.powi(64), 64) } else { (x, 0) };
    let bits = scaled.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i64 - 1022;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent - correction)
}

extern "C" fn cw_frexp_mantissa(x: f64) -> f64 {
    frexp(x).0
}

extern "C" fn cw_frexp_exponent(x: f64) -> i64 {
    frexp(x).1
}

/// `math.ulp`.
extern "C" fn cw_ulp(x: f64) -> f64 {
    let x = x.abs();
    if !x.is_finite() {
        return x;
    }
    let above = x.next_up();
    if above.is_infinite() { x - x.next_down() } else { above - x }
}

/// `10.0 ** n` as NumPy's rounding computes it.
extern "C" fn cw_power_of_ten(n: i64) -> f64 {
    (0..n.min(400)).fold(1.0, |power, _| power * 10.0)
}

/// A running sum that keeps what each addition loses, in three parts as CPython's norm does.
#[derive(Default)]
struct Squares {
    sum: f64,
    lost: [f64; 3],
}

impl Squares {
    /// Adds `sign * x * x`, the square taken in two halves.
    fn add(&mut self, x: f64, sign: f64) {
        let t = x * 134217729.0;
        let high = t - (t - x);
        let low = x - high;
        let [a, b, c] = &mut self.lost;
        for (term, lost) in [(sign * high * high, a), (sign * 2.0 * high * low, b)] {
            let before = self.sum;
            self.sum += term;
            *lost += (before - self.sum) + term;
        }
        *c += sign * low * low;
    }

    fn total(&self) -> f64 {
        let [a, b, c] = self.lost;
        self.sum - 1.0 + (a + b + c)
    }
}

/// The Euclidean norm: CPython's `vector_norm`.
#[allow(clippy::too_many_arguments)] // up to eight numbers, in registers
extern "C" fn cw_norm(a: f64, b: f64, c: f64, d: f64, e: f64, f: f64, g: f64, h: f64) -> f64 {
    let numbers = [a, b, c, d, e, f, g, h].map(f64::abs);
    let most = numbers.iter().fold(0.0, |m: f64, x| if *x > m { *x } else { m });
    if most.is_infinite() {
        return most;
    }
    if numbers.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if most == 0.0 {
        return most;
    }
    let exponent = frexp(most).1;
    if exponent < -1023 {
        return small_norm(&numbers, most);
    }
    let scale = 2f64.powi(-exponent as i32);
    let mut squares = Squares { sum: 1.0, lost: [0.0; 3] };
    // Absent numbers are 0.0 and change nothing.
    for x in numbers {
        squares.add(x * scale, 1.0);
    }
    let root = squares.total().sqrt();
    squares.add(root, -1.0);
    (root + squares.total() / (2.0 * root)) / scale
}

/// The norm of subnormal numbers.
fn small_norm(numbers: &[f64], most: f64) -> f64 {
    let (mut sum, mut lost) = (1.0, 0.0);
    for x in numbers {
        let x = x / most;
        let square = x * x;
        let before = sum;
        sum += square;
        lost += (before - sum) + square;
    }
    most * (sum - 1.0 + lost).sqrt()
}

/// `math.fsum` of eight numbers: Shewchuk's exact partial sums, rounded once.
#[allow(clippy::too_many_arguments)] // up to eight numbers, in registers
extern "C" fn cw_fsum(a: f64, b: f64, c: f64, d: f64, e: f64, f: f64, g: f64, h: f64) -> f64 {
    let numbers = [a, b, c, d, e, f, g, h];
    if numbers.iter().any(|x| !x.is_finite()) {
        return numbers.iter().filter(|x| !x.is_finite()).sum();
    }
    let mut partials: Vec<f64> = Vec::with_capacity(9);
    for mut x in numbers {
        let mut kept = Vec::with_capacity(9);
        for mut y in partials {
            if x.abs() < y.abs() {
                (x, y) = (y, x);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                kept.push(low);
            }
            x = high;
        }
        if x != 0.0 {
            if !x.is_finite() {
                return f64::INFINITY;
            }
            kept.push(x);
        }
        partials = kept;
    }
    round_once(&partials)
}

/// The sum of partial sums that do not overlap, smallest first: ties are decided by what lies below.
fn round_once(partials: &[f64]) -> f64 {
    let mut rest = partials.iter().rev();
    let Some(mut high) = rest.next().copied() else { return 0.0 };
    let mut low = 0.0;
    for y in rest.by_ref() {
        let x = high;
        high = x + y;
        low = y - (high - x);
        if low != 0.0 {
            break;
        }
    }
    if let Some(below) = rest.next()
        && (low < 0.0 && *below < 0.0 || low > 0.0 && *below > 0.0)
    {
        let y = low * 2.0;
        let x = high + y;
        if y == x - high {
            high = x;
        }
    }
    high
}

crate::addresses! {
    "cw_gamma" => cw_gamma;
    "cw_sin_far" => cw_sin_far;
    "cw_cos_far" => cw_cos_far;
    "cw_tan_far" => cw_tan_far;
    "cw_sinf_far" => cw_sinf_far;
    "cw_cosf_far" => cw_cosf_far;
    "cw_tanf_far" => cw_tanf_far;
    "cw_lgamma" => cw_lgamma;
    "cw_frexp_mantissa" => cw_frexp_mantissa;
    "cw_frexp_exponent" => cw_frexp_exponent;
    "cw_ulp" => cw_ulp;
    "cw_power_of_ten" => cw_power_of_ten;
    "cw_norm" => cw_norm;
    "cw_fsum" => cw_fsum;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_is_python_s() {
        // From CPython 3.11.
        let known = [
            (0.5, 1.7724538509055159),
            (5.0, 24.0),
            (-1.5, 2.3632718012073544),
            (171.5, 9.483367566824801e+307),
            (1e-300, 9.999999999999999e299),
            (-150.5, -4.478447658150641e-264),
        ];
        for (x, value) in known {
            assert_eq!(cw_gamma(x), value, "gamma({x})");
        }
        assert_eq!(cw_lgamma(0.5), 0.5723649429247004);
        assert_eq!(cw_lgamma(-1.5), 0.8600470153764812);
        assert_eq!(cw_lgamma(1e300), 6.897755278982137e+302);
    }

    #[test]
    fn norms_and_sums_are_exact() {
        assert_eq!(cw_norm(3.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), 5.0);
        assert_eq!(cw_norm(1e200, 1e200, 1e200, 0.0, 0.0, 0.0, 0.0, 0.0), 1.7320508075688773e200);
        assert_eq!(cw_norm(5e-324, 5e-324, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), 5e-324);
        assert_eq!(cw_fsum(0.1, 0.2, 0.3, -0.6, 1e100, 1.0, -1e100, 0.0), 1.0);
        assert_eq!(cw_ulp(1.0), f64::EPSILON);
        assert_eq!(frexp(5e-324), (0.5, -1073));
    }
}
