//! Products and quotients of CPython since 3.14: where the plain formula gives NaN in both parts, infinities and zeros
//! are recovered as in C99's annex G.

use super::{C128, I, c};

/// 1 for an infinity, else 0, with the sign.
fn boxed(x: f64) -> f64 {
    (if x.is_infinite() { 1.0f64 } else { 0.0 }).copysign(x)
}

/// 0 for NaN, with its sign.
fn without_nan(x: f64) -> f64 {
    if x.is_nan() { 0.0f64.copysign(x) } else { x }
}

fn both_nan(z: C128) -> bool {
    z.re.is_nan() && z.im.is_nan()
}

fn infinite(z: C128) -> bool {
    z.re.is_infinite() || z.im.is_infinite()
}

fn finite(z: C128) -> bool {
    z.re.is_finite() && z.im.is_finite()
}

/// The product.
pub fn product(a: C128, b: C128) -> C128 {
    let plain = super::product(a, b);
    if !both_nan(plain) {
        return plain;
    }
    let (mut x, mut y) = (a, b);
    if infinite(x) {
        x = c(boxed(x.re), boxed(x.im));
        y = c(without_nan(y.re), without_nan(y.im));
    }
    if infinite(y) {
        y = c(boxed(y.re), boxed(y.im));
        x = c(without_nan(x.re), without_nan(x.im));
    }
    if !infinite(a) && !infinite(b) {
        let overflown = [a.re * b.re, a.im * b.im, a.re * b.im, a.im * b.re].iter().any(|part| part.is_infinite());
        if !overflown {
            return plain;
        }
        x = c(without_nan(a.re), without_nan(a.im));
        y = c(without_nan(b.re), without_nan(b.im));
    }
    c(I * (x.re * y.re - x.im * y.im), I * (x.re * y.im + x.im * y.re))
}

/// The quotient.
pub fn quotient(a: C128, b: C128) -> C128 {
    let plain = super::quotient(a, b);
    if !both_nan(plain) {
        return plain;
    }
    if infinite(a) && finite(b) {
        let (x, y) = (boxed(a.re), boxed(a.im));
        return c(I * (x * b.re + y * b.im), I * (y * b.re - x * b.im));
    }
    if infinite(b) && finite(a) {
        let (x, y) = (boxed(b.re), boxed(b.im));
        return c(0.0 * (a.re * x + a.im * y), 0.0 * (a.im * x - a.re * y));
    }
    plain
}

/// The quotient of a real number, where the plain one is NaN.
pub fn real_quotient(a: f64, b: C128) -> C128 {
    if infinite(b) && a.is_finite() {
        return c(0.0 * (a * boxed(b.re)), 0.0 * (-a * boxed(b.im)));
    }
    c(f64::NAN, f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    const V: [f64; 8] = [0.0, -0.0, 1.0, -2.5, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e300];

    fn numbers() -> impl Iterator<Item = C128> {
        V.into_iter().flat_map(|re| V.into_iter().map(move |im| c(re, im)))
    }

    #[test]
    fn infinities_times_numbers_are_infinite() {
        for (a, b) in numbers().flat_map(|a| numbers().map(move |b| (a, b))) {
            let zero = |z: C128| z.re == 0.0 && z.im == 0.0;
            let number = |z: C128| !zero(z) && (infinite(z) || finite(z));
            if infinite(a) && number(b) {
                assert!(infinite(product(a, b)), "({}, {}) * ({}, {})", a.re, a.im, b.re, b.im);
            }
            if infinite(b) && finite(a) {
                assert!(zero(quotient(a, b)), "({}, {}) / ({}, {})", a.re, a.im, b.re, b.im);
            }
        }
    }
}
