//! CPython's complex functions (`cmath`, `complex.__pow__`) and NumPy's complex power.
//!
//! Where a part is infinite or NaN, a table says what comes out, as in C99's annex G; where a function has no
//! value or overflows, the caller has found that by itself and the result does not matter.

mod infinities;

use std::f64::consts::{E, LN_2, PI};

#[allow(clashing_extern_declarations)] // `c_library` takes addresses only and declares no signatures
unsafe extern "C" {
    safe fn asinh(x: f64) -> f64;
    safe fn log1p(x: f64) -> f64;
    safe fn cpow(z: C128, w: C128) -> C128;
    safe fn cpowf(z: C64, w: C64) -> C64;
}

/// A complex number as C passes it (`AbiTy::C128`).
#[derive(Clone, Copy)]
#[repr(C)]
struct C128 {
    re: f64,
    im: f64,
}

const fn c(re: f64, im: f64) -> C128 {
    C128 { re, im }
}

/// Above this, sums of squares of halves may overflow.
const LARGE: f64 = f64::MAX / 4.0;

/// `sqrt(LARGE)`.
fn sqrt_large() -> f64 {
    LARGE.sqrt()
}

/// `log(LARGE)`.
fn log_large() -> f64 {
    LARGE.ln()
}

/// Results by the class of the real part, then of the imaginary part.
type Special = [[(f64, f64); 7]; 7];

const I: f64 = f64::INFINITY;
const N: f64 = f64::NAN;
const P: f64 = PI;
const P12: f64 = PI / 2.0;
const P14: f64 = PI / 4.0;
const P34: f64 = 0.75 * PI;
/// Not looked at: both parts are finite, or the function has no value, or another rule applies.
const U: (f64, f64) = (0.0, 0.0);

/// Minus infinity, negative, -0.0, 0.0, positive, infinity, NaN.
fn class(x: f64) -> usize {
    match x {
        _ if x.is_nan() => 6,
        _ if x == I => 5,
        _ if x == -I => 0,
        _ if x > 0.0 => 4,
        _ if x < 0.0 => 1,
        _ if x.is_sign_negative() => 2,
        _ => 3,
    }
}

/// The table's result if a part is not finite.
fn special(table: &Special, z: C128) -> Option<C128> {
    if z.re.is_finite() && z.im.is_finite() {
        return None;
    }
    let &(re, im) = table.get(class(z.re))?.get(class(z.im))?;
    Some(c(re, im))
}

/// `log(abs(z))` of a large number.
fn large_log(z: C128) -> f64 {
    (z.re / 2.0).hypot(z.im / 2.0).ln() + LN_2 * 2.0
}

fn is_large(z: C128) -> bool {
    z.re.abs() > LARGE || z.im.abs() > LARGE
}

/// `log1p` that keeps the sign of 0.
fn log_1p(x: f64) -> f64 {
    if x == 0.0 { x } else { log1p(x) }
}

fn acos(z: C128) -> C128 {
    if let Some(r) = special(&ACOS, z) {
        return r;
    }
    if is_large(z) {
        let size = large_log(z);
        let im = if z.re < 0.0 { -size.copysign(z.im) } else { size.copysign(-z.im) };
        return c(z.im.abs().atan2(z.re), im);
    }
    let s = sqrt(c(1.0 - z.re, -z.im));
    let t = sqrt(c(1.0 + z.re, z.im));
    c(2.0 * s.re.atan2(t.re), asinh(t.re * s.im - t.im * s.re))
}

fn acosh(z: C128) -> C128 {
    if let Some(r) = special(&ACOSH, z) {
        return r;
    }
    if is_large(z) {
        return c(large_log(z), z.im.atan2(z.re));
    }
    let s = sqrt(c(z.re - 1.0, z.im));
    let t = sqrt(c(z.re + 1.0, z.im));
    c(asinh(s.re * t.re + s.im * t.im), 2.0 * s.im.atan2(t.re))
}

fn c_asinh(z: C128) -> C128 {
    if let Some(r) = special(&ASINH, z) {
        return r;
    }
    if is_large(z) {
        let size = large_log(z);
        let re = if z.im >= 0.0 { size.copysign(z.re) } else { -size.copysign(-z.re) };
        return c(re, z.im.atan2(z.re.abs()));
    }
    let s = sqrt(c(1.0 + z.im, -z.re));
    let t = sqrt(c(1.0 - z.im, z.re));
    c(asinh(s.re * t.im - t.re * s.im), z.im.atan2(s.re * t.re - s.im * t.im))
}

fn atanh(z: C128) -> C128 {
    if let Some(r) = special(&ATANH, z) {
        return r;
    }
    if z.re < 0.0 || z.re == 0.0 && z.re.is_sign_negative() {
        let r = atanh(c(-z.re, -z.im));
        return c(-r.re, -r.im);
    }
    let ay = z.im.abs();
    if z.re > sqrt_large() || ay > sqrt_large() {
        let h = (z.re / 2.0).hypot(z.im / 2.0);
        return c(z.re / 4.0 / h / h, -P12.copysign(-z.im));
    }
    if z.re == 1.0 && ay < f64::MIN_POSITIVE.sqrt() {
        if ay == 0.0 {
            return c(I, z.im);
        }
        return c(-(ay.sqrt() / ay.hypot(2.0).sqrt()).ln(), (2f64.atan2(-ay) / 2.0).copysign(z.im));
    }
    let re = log_1p(4.0 * z.re / ((1.0 - z.re) * (1.0 - z.re) + ay * ay)) / 4.0;
    c(re, -(-2.0 * z.im).atan2((1.0 - z.re) * (1.0 + z.re) - ay * ay) / 2.0)
}

fn sqrt(z: C128) -> C128 {
    if let Some(r) = special(&SQRT, z) {
        return r;
    }
    if z.re == 0.0 && z.im == 0.0 {
        return c(0.0, z.im);
    }
    let (ax, ay) = (z.re.abs(), z.im.abs());
    let s = if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        let (up, down) = (2f64.powi(53), 2f64.powi(-27));
        let ax = ax * up;
        (ax + ax.hypot(ay * up)).sqrt() * down
    } else {
        let ax = ax / 8.0;
        2.0 * (ax + ax.hypot(ay / 8.0)).sqrt()
    };
    let d = ay / (2.0 * s);
    if z.re >= 0.0 { c(s, d.copysign(z.im)) } else { c(d, s.copysign(z.im)) }
}

fn log(z: C128) -> C128 {
    if let Some(r) = special(&LOG, z) {
        return r;
    }
    let (ax, ay) = (z.re.abs(), z.im.abs());
    let re = if ax > LARGE || ay > LARGE {
        (ax / 2.0).hypot(ay / 2.0).ln() + LN_2
    } else if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        if ax == 0.0 && ay == 0.0 {
            -I
        } else {
            let up = 2f64.powi(53);
            (ax * up).hypot(ay * up).ln() - 53.0 * LN_2
        }
    } else {
        let h = ax.hypot(ay);
        if (0.71..=1.73).contains(&h) {
            let (most, least) = if ax > ay { (ax, ay) } else { (ay, ax) };
            log_1p((most - 1.0) * (most + 1.0) + least * least) / 2.0
        } else {
            h.ln()
        }
    };
    c(re, z.im.atan2(z.re))
}

/// An infinite real part with a finite imaginary part that is not 0: the signs come from the angle.
fn infinite_with_angle(z: C128) -> bool {
    z.re.is_infinite() && z.im.is_finite() && z.im != 0.0
}

fn exp(z: C128) -> C128 {
    let (sine, cosine) = (z.im.sin(), z.im.cos());
    if infinite_with_angle(z) {
        let size: f64 = if z.re > 0.0 { I } else { 0.0 };
        return c(size.copysign(cosine), size.copysign(sine));
    }
    if let Some(r) = special(&EXP, z) {
        return r;
    }
    if z.re > log_large() {
        let l = (z.re - 1.0).exp();
        return c(l * cosine * E, l * sine * E);
    }
    let l = z.re.exp();
    c(l * cosine, l * sine)
}

fn cosh(z: C128) -> C128 {
    let (sine, cosine) = (z.im.sin(), z.im.cos());
    if infinite_with_angle(z) {
        let im = I.copysign(sine);
        return c(I.copysign(cosine), if z.re > 0.0 { im } else { -im });
    }
    if let Some(r) = special(&COSH, z) {
        return r;
    }
    if z.re.abs() > log_large() {
        let less = z.re - 1f64.copysign(z.re);
        return c(cosine * less.cosh() * E, sine * less.sinh() * E);
    }
    c(cosine * z.re.cosh(), sine * z.re.sinh())
}

fn sinh(z: C128) -> C128 {
    let (sine, cosine) = (z.im.sin(), z.im.cos());
    if infinite_with_angle(z) {
        let re = I.copysign(cosine);
        return c(if z.re > 0.0 { re } else { -re }, I.copysign(sine));
    }
    if let Some(r) = special(&SINH, z) {
        return r;
    }
    if z.re.abs() > log_large() {
        let less = z.re - 1f64.copysign(z.re);
        return c(cosine * less.sinh() * E, sine * less.cosh() * E);
    }
    c(cosine * z.re.sinh(), sine * z.re.cosh())
}

fn tanh(z: C128) -> C128 {
    if infinite_with_angle(z) {
        return c(1f64.copysign(z.re), 0f64.copysign(2.0 * z.im.sin() * z.im.cos()));
    }
    if let Some(r) = special(&TANH, z) {
        return r;
    }
    if z.re.abs() > log_large() {
        return c(1f64.copysign(z.re), 4.0 * z.im.sin() * z.im.cos() * (-2.0 * z.re.abs()).exp());
    }
    let (tx, ty, cx) = (z.re.tanh(), z.im.tan(), 1.0 / z.re.cosh());
    let txty = tx * ty;
    let denominator = 1.0 + txty * txty;
    c(tx * (1.0 + ty * ty) / denominator, ((ty / denominator) * cx) * cx)
}

/// `f(z)` of a function that is `g(iz) / i`.
fn turned(z: C128, g: fn(C128) -> C128) -> C128 {
    let r = g(c(-z.im, z.re));
    c(r.im, -r.re)
}

fn rect(r: f64, phi: f64) -> C128 {
    if !r.is_finite() || !phi.is_finite() {
        if r.is_infinite() && phi.is_finite() && phi != 0.0 {
            let (re, im) = (I.copysign(phi.cos()), I.copysign(phi.sin()));
            return if r > 0.0 { c(re, im) } else { c(-re, -im) };
        }
        return special(&RECT, c(r, phi)).unwrap_or(c(N, N));
    }
    if phi == 0.0 { c(r, r * phi) } else { c(r * phi.cos(), r * phi.sin()) }
}

fn product(a: C128, b: C128) -> C128 {
    c(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
}

/// CPython's quotient; 0 where the divisor is 0.
fn quotient(a: C128, b: C128) -> C128 {
    let (re, im) = (b.re.abs(), b.im.abs());
    if re >= im {
        if re == 0.0 {
            return c(I, 0.0);
        }
        let ratio = b.im / b.re;
        let denominator = b.re + b.im * ratio;
        c((a.re + a.im * ratio) / denominator, (a.im - a.re * ratio) / denominator)
    } else if im >= re {
        let ratio = b.re / b.im;
        let denominator = b.re * ratio + b.im;
        c((a.re * ratio + a.im) / denominator, (a.im * ratio - a.re) / denominator)
    } else {
        c(N, N)
    }
}

/// The product of `n` factors as CPython forms it, beginning with 1.
fn whole_power(z: C128, n: u32, product: fn(C128, C128) -> C128) -> C128 {
    let (mut result, mut power, mut rest) = (c(1.0, 0.0), z, n);
    while rest > 0 {
        if rest & 1 == 1 {
            result = product(result, power);
        }
        power = product(power, power);
        rest >>= 1;
    }
    result
}

/// `complex.__pow__`, as since 3.14 or before; where it fails, the result is infinite or was refused before.
extern "C" fn cw_complex_pow(are: f64, aim: f64, bre: f64, bim: f64, since_3_14: i64) -> C128 {
    let (a, recent) = (c(are, aim), since_3_14 != 0);
    if bim == 0.0 && bre == bre.floor() && bre.abs() <= 100.0 {
        let (product, quotient): (fn(C128, C128) -> C128, fn(C128, C128) -> C128) =
            if recent { (infinities::product, infinities::quotient) } else { (product, quotient) };
        let power = whole_power(a, bre.abs() as u32, product);
        return if bre > 0.0 { power } else { quotient(c(1.0, 0.0), power) };
    }
    if a.re == 0.0 && a.im == 0.0 {
        return c(0.0, 0.0);
    }
    let size = a.re.hypot(a.im);
    let phase = phase(a, c(bre, bim));
    let mut length = size.powf(bre);
    if bim != 0.0 {
        let turned = a.im.atan2(a.re) * bim;
        length = if recent { length * (-turned).exp() } else { length / turned.exp() };
    }
    c(length * phase.cos(), length * phase.sin())
}

extern "C" fn cw_complex_product(are: f64, aim: f64, bre: f64, bim: f64) -> C128 {
    infinities::product(c(are, aim), c(bre, bim))
}

extern "C" fn cw_complex_quotient(are: f64, aim: f64, bre: f64, bim: f64) -> C128 {
    infinities::quotient(c(are, aim), c(bre, bim))
}

extern "C" fn cw_real_quotient(a: f64, bre: f64, bim: f64) -> C128 {
    infinities::real_quotient(a, c(bre, bim))
}

/// The angle of `a ** b`.
fn phase(a: C128, b: C128) -> f64 {
    let phase = a.im.atan2(a.re) * b.re;
    if b.im == 0.0 { phase } else { phase + b.im * a.re.hypot(a.im).ln() }
}

/// Whether `complex.__pow__` has a value.  It has none at 0 for negative and complex exponents, and, through
/// the C library's own domain error, where the result's angle is infinite.
extern "C" fn cw_complex_pow_domain(are: f64, aim: f64, bre: f64, bim: f64) -> i64 {
    let (a, b) = (c(are, aim), c(bre, bim));
    let fine = if bim == 0.0 && bre == bre.floor() && bre.abs() <= 100.0 {
        let power = whole_power(a, bre.abs() as u32, product);
        bre > 0.0 || power.re != 0.0 || power.im != 0.0
    } else if are == 0.0 && aim == 0.0 {
        !(bim != 0.0 || bre < 0.0)
    } else {
        !phase(a, b).is_infinite()
    };
    i64::from(fine)
}

/// NumPy's complex power.
extern "C" fn cw_npy_cpow(are: f64, aim: f64, bre: f64, bim: f64) -> C128 {
    let (a, b) = (c(are, aim), c(bre, bim));
    if b.re == 0.0 && b.im == 0.0 {
        return c(1.0, 0.0);
    }
    if a.re == 0.0 && a.im == 0.0 {
        return if b.re > 0.0 { c(0.0, 0.0) } else { c(N, N) };
    }
    if b.im == 0.0 && b.re.abs() < 100.0 && b.re.fract() == 0.0 {
        return numpy_whole_power(a, b.re as i64);
    }
    cpow(a, b)
}

/// A complex number of single precision as C passes it.
#[derive(Clone, Copy)]
#[repr(C)]
struct C64 {
    re: f32,
    im: f32,
}

fn product32(a: C64, b: C64) -> C64 {
    C64 { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re }
}

/// NumPy's complex power in single precision, on widened operands.
extern "C" fn cw_npy_cpowf(are: f64, aim: f64, bre: f64, bim: f64) -> C128 {
    let (a, b) = (C64 { re: are as f32, im: aim as f32 }, C64 { re: bre as f32, im: bim as f32 });
    let wide = |z: C64| c(f64::from(z.re), f64::from(z.im));
    if b.re == 0.0 && b.im == 0.0 {
        return c(1.0, 0.0);
    }
    if a.re == 0.0 && a.im == 0.0 {
        return if b.re > 0.0 { c(0.0, 0.0) } else { c(N, N) };
    }
    if b.im != 0.0 || b.re.abs() >= 100.0 || b.re.fract() != 0.0 {
        return wide(cpowf(a, b));
    }
    match b.re as i64 {
        1 => wide(a),
        2 => wide(product32(a, a)),
        3 => wide(product32(a, product32(a, a))),
        n => {
            let (mut result, mut power, mut rest) = (C64 { re: 1.0, im: 0.0 }, a, n.unsigned_abs());
            loop {
                if rest & 1 == 1 {
                    result = product32(result, power);
                }
                rest >>= 1;
                if rest == 0 {
                    break;
                }
                power = product32(power, power);
            }
            if n < 0 { wide(reciprocal32(result)) } else { wide(result) }
        }
    }
}

/// `1 / z` in single precision by NumPy's quotient.
fn reciprocal32(z: C64) -> C64 {
    if z.re.abs() >= z.im.abs() {
        if z.re == 0.0 && z.im == 0.0 {
            return C64 { re: 1.0 / z.re.abs(), im: 0.0 / z.im.abs() };
        }
        let ratio = z.im / z.re;
        let scale = 1.0 / (z.re + z.im * ratio);
        C64 { re: scale, im: -ratio * scale }
    } else {
        let ratio = z.re / z.im;
        let scale = 1.0 / (z.im + z.re * ratio);
        C64 { re: ratio * scale, im: -scale }
    }
}

/// A small whole power as NumPy forms it.
fn numpy_whole_power(a: C128, n: i64) -> C128 {
    match n {
        1 => return a,
        2 => return product(a, a),
        3 => return product(a, product(a, a)),
        _ => {}
    }
    let (mut result, mut power, mut rest) = (c(1.0, 0.0), a, n.unsigned_abs());
    loop {
        if rest & 1 == 1 {
            result = product(result, power);
        }
        rest >>= 1;
        if rest == 0 {
            break;
        }
        power = product(power, power);
    }
    if n < 0 { numpy_quotient(c(1.0, 0.0), result) } else { result }
}

/// NumPy's quotient in its power function.
fn numpy_quotient(a: C128, b: C128) -> C128 {
    let (re, im) = (b.re.abs(), b.im.abs());
    if re >= im {
        if re == 0.0 && im == 0.0 {
            return c(a.re / re, a.im / im);
        }
        let ratio = b.im / b.re;
        let scale = 1.0 / (b.re + b.im * ratio);
        c((a.re + a.im * ratio) * scale, (a.im - a.re * ratio) * scale)
    } else {
        let ratio = b.re / b.im;
        let scale = 1.0 / (b.im + b.re * ratio);
        c((a.re * ratio + a.im) * scale, (a.im * ratio - a.re) * scale)
    }
}

macro_rules! exported {
    ($($name:ident $z:ident $value:expr;)*) => { $(
        extern "C" fn $name(re: f64, im: f64) -> C128 {
            let $z = c(re, im);
            $value
        }
    )* };
}

exported! {
    cw_cmath_acos z acos(z);
    cw_cmath_acosh z acosh(z);
    cw_cmath_asin z turned(z, c_asinh);
    cw_cmath_asinh z c_asinh(z);
    cw_cmath_atan z turned(z, atanh);
    cw_cmath_atanh z atanh(z);
    cw_cmath_cos z cosh(c(-z.im, z.re));
    cw_cmath_cosh z cosh(z);
    cw_cmath_exp z exp(z);
    cw_cmath_log z log(z);
    cw_cmath_rect z rect(z.re, z.im);
    cw_cmath_sin z turned(z, sinh);
    cw_cmath_sinh z sinh(z);
    cw_cmath_sqrt z sqrt(z);
    cw_cmath_tan z turned(z, tanh);
    cw_cmath_tanh z tanh(z);
}

crate::addresses! {
    "cw_cmath_acos" => cw_cmath_acos;
    "cw_cmath_acosh" => cw_cmath_acosh;
    "cw_cmath_asin" => cw_cmath_asin;
    "cw_cmath_asinh" => cw_cmath_asinh;
    "cw_cmath_atan" => cw_cmath_atan;
    "cw_cmath_atanh" => cw_cmath_atanh;
    "cw_cmath_cos" => cw_cmath_cos;
    "cw_cmath_cosh" => cw_cmath_cosh;
    "cw_cmath_exp" => cw_cmath_exp;
    "cw_cmath_log" => cw_cmath_log;
    "cw_cmath_rect" => cw_cmath_rect;
    "cw_cmath_sin" => cw_cmath_sin;
    "cw_cmath_sinh" => cw_cmath_sinh;
    "cw_cmath_sqrt" => cw_cmath_sqrt;
    "cw_cmath_tan" => cw_cmath_tan;
    "cw_cmath_tanh" => cw_cmath_tanh;
    "cw_complex_pow" => cw_complex_pow;
    "cw_complex_pow_domain" => cw_complex_pow_domain;
    "cw_complex_product" => cw_complex_product;
    "cw_complex_quotient" => cw_complex_quotient;
    "cw_real_quotient" => cw_real_quotient;
    "cw_npy_cpow" => cw_npy_cpow;
    "cw_npy_cpowf" => cw_npy_cpowf;
}

/// `acos`.
#[rustfmt::skip]
const ACOS: Special = [
    [(P34, I), (P, I), (P, I), (P, -I), (P, -I), (P34, -I), (N, I)],
    [(P12, I), U, U, U, U, (P12, -I), (N, N)],
    [(P12, I), U, U, U, U, (P12, -I), (P12, N)],
    [(P12, I), U, U, U, U, (P12, -I), (P12, N)],
    [(P12, I), U, U, U, U, (P12, -I), (N, N)],
    [(P14, I), (0.0, I), (0.0, I), (0.0, -I), (0.0, -I), (P14, -I), (N, I)],
    [(N, I), (N, N), (N, N), (N, N), (N, N), (N, -I), (N, N)],
];
/// `acosh`.
#[rustfmt::skip]
const ACOSH: Special = [
    [(I, -P34), (I, -P), (I, -P), (I, P), (I, P), (I, P34), (I, N)],
    [(I, -P12), U, U, U, U, (I, P12), (N, N)],
    [(I, -P12), U, U, U, U, (I, P12), (N, N)],
    [(I, -P12), U, U, U, U, (I, P12), (N, N)],
    [(I, -P12), U, U, U, U, (I, P12), (N, N)],
    [(I, -P14), (I, -0.0), (I, -0.0), (I, 0.0), (I, 0.0), (I, P14), (I, N)],
    [(I, N), (N, N), (N, N), (N, N), (N, N), (I, N), (N, N)],
];
/// `asinh`.
#[rustfmt::skip]
const ASINH: Special = [
    [(-I, -P14), (-I, -0.0), (-I, -0.0), (-I, 0.0), (-I, 0.0), (-I, P14), (-I, N)],
    [(-I, -P12), U, U, U, U, (-I, P12), (N, N)],
    [(-I, -P12), U, U, U, U, (-I, P12), (N, N)],
    [(I, -P12), U, U, U, U, (I, P12), (N, N)],
    [(I, -P12), U, U, U, U, (I, P12), (N, N)],
    [(I, -P14), (I, -0.0), (I, -0.0), (I, 0.0), (I, 0.0), (I, P14), (I, N)],
    [(I, N), (N, N), (N, -0.0), (N, 0.0), (N, N), (I, N), (N, N)],
];
/// `atanh`.
#[rustfmt::skip]
const ATANH: Special = [
    [(-0.0, -P12), (-0.0, -P12), (-0.0, -P12), (-0.0, P12), (-0.0, P12), (-0.0, P12), (-0.0, N)],
    [(-0.0, -P12), U, U, U, U, (-0.0, P12), (N, N)],
    [(-0.0, -P12), U, U, U, U, (-0.0, P12), (-0.0, N)],
    [(0.0, -P12), U, U, U, U, (0.0, P12), (0.0, N)],
    [(0.0, -P12), U, U, U, U, (0.0, P12), (N, N)],
    [(0.0, -P12), (0.0, -P12), (0.0, -P12), (0.0, P12), (0.0, P12), (0.0, P12), (0.0, N)],
    [(0.0, -P12), (N, N), (N, N), (N, N), (N, N), (0.0, P12), (N, N)],
];
/// `cosh`.
#[rustfmt::skip]
const COSH: Special = [
    [U, (I, I), (I, 0.0), (I, -0.0), (I, -I), U, (I, N)],
    [U, U, U, U, U, U, (N, N)],
    [U, U, U, U, U, U, (N, 0.0)],
    [U, U, U, U, U, U, (N, 0.0)],
    [U, U, U, U, U, U, (N, N)],
    [U, (I, -I), (I, -0.0), (I, 0.0), (I, I), U, (I, N)],
    [(N, N), (N, N), (N, 0.0), (N, 0.0), (N, N), (N, N), (N, N)],
];
/// `exp`.
#[rustfmt::skip]
const EXP: Special = [
    [(0.0, 0.0), (0.0, -0.0), (0.0, -0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)],
    [U, U, U, U, U, U, (N, N)],
    [U, U, U, U, U, U, (N, N)],
    [U, U, U, U, U, U, (N, N)],
    [U, U, U, U, U, U, (N, N)],
    [U, (I, -I), (I, -0.0), (I, 0.0), (I, I), U, (I, N)],
    [(N, N), (N, N), (N, -0.0), (N, 0.0), (N, N), (N, N), (N, N)],
];
/// `log`.
#[rustfmt::skip]
const LOG: Special = [
    [(I, -P34), (I, -P), (I, -P), (I, P), (I, P), (I, P34), (I, N)],
    [(I, -P12), U, U, U, U, (I, P12), (N, N)],
    [(I, -P12), U, U, U, U, (I, P12), (N, N)],
    [(I, -P12), U, U, U, U, (I, P12), (N, N)],
    [(I, -P12), U, U, U, U, (I, P12), (N, N)],
    [(I, -P14), (I, -0.0), (I, -0.0), (I, 0.0), (I, 0.0), (I, P14), (I, N)],
    [(I, N), (N, N), (N, N), (N, N), (N, N), (I, N), (N, N)],
];
/// `sinh`.
#[rustfmt::skip]
const SINH: Special = [
    [U, (-I, -I), (-I, -0.0), (-I, 0.0), (-I, I), U, (I, N)],
    [U, U, U, U, U, U, (N, N)],
    [U, U, U, U, U, U, (0.0, N)],
    [U, U, U, U, U, U, (0.0, N)],
    [U, U, U, U, U, U, (N, N)],
    [U, (I, -I), (I, -0.0), (I, 0.0), (I, I), U, (I, N)],
    [(N, N), (N, N), (N, -0.0), (N, 0.0), (N, N), (N, N), (N, N)],
];
/// `sqrt`.
#[rustfmt::skip]
const SQRT: Special = [
    [(I, -I), (0.0, -I), (0.0, -I), (0.0, I), (0.0, I), (I, I), (N, I)],
    [(I, -I), U, U, U, U, (I, I), (N, N)],
    [(I, -I), U, U, U, U, (I, I), (N, N)],
    [(I, -I), U, U, U, U, (I, I), (N, N)],
    [(I, -I), U, U, U, U, (I, I), (N, N)],
    [(I, -I), (I, -0.0), (I, -0.0), (I, 0.0), (I, 0.0), (I, I), (I, N)],
    [(I, -I), (N, N), (N, N), (N, N), (N, N), (I, I), (N, N)],
];
/// `tanh`.
#[rustfmt::skip]
const TANH: Special = [
    [(-1.0, 0.0), (-1.0, -0.0), (-1.0, -0.0), (-1.0, 0.0), (-1.0, 0.0), (-1.0, 0.0), (-1.0, 0.0)],
    [U, U, U, U, U, U, (N, N)],
    [U, U, U, U, U, U, (N, N)],
    [U, U, U, U, U, U, (N, N)],
    [U, U, U, U, U, U, (N, N)],
    [(1.0, 0.0), (1.0, -0.0), (1.0, -0.0), (1.0, 0.0), (1.0, 0.0), (1.0, 0.0), (1.0, 0.0)],
    [(N, N), (N, N), (N, -0.0), (N, 0.0), (N, N), (N, N), (N, N)],
];
/// `rect`.
#[rustfmt::skip]
const RECT: Special = [
    [U, (-I, I), (-I, 0.0), (-I, -0.0), (-I, -I), U, (I, N)],
    [U, U, U, U, U, U, (N, N)],
    [(0.0, 0.0), U, U, U, U, (0.0, 0.0), (0.0, 0.0)],
    [(0.0, 0.0), U, U, U, U, (0.0, 0.0), (0.0, 0.0)],
    [U, U, U, U, U, U, (N, N)],
    [U, (I, -I), (I, -0.0), (I, 0.0), (I, I), U, (I, N)],
    [(N, N), (N, N), (N, 0.0), (N, 0.0), (N, N), (N, N), (N, N)],
];
