//! Integer arithmetic that is more than an instruction: powers, roots, divisors, binomials, and the correctly
//! rounded quotient of two ints.

/// An integer and whether it is right (`AbiTy::I64Flag`).
#[repr(C)]
pub(crate) struct Flagged {
    value: i64,
    right: i64,
}

impl Flagged {
    fn of(value: Option<i64>) -> Flagged {
        Flagged { value: value.unwrap_or(0), right: i64::from(value.is_some()) }
    }
}

/// `a / b`, rounded once.  `b` is not 0.
extern "C" fn cw_int_true_divide(a: i64, b: i64) -> f64 {
    let (n, d) = (u128::from(a.unsigned_abs()), u128::from(b.unsigned_abs()));
    if n == 0 {
        return if b < 0 { -0.0 } else { 0.0 };
    }
    // The quotient of the shifted dividend has at least 64 bits; what is left over becomes its last bit,
    // which decides ties.
    let shift = n.leading_zeros();
    let shifted = n << shift;
    let quotient = (shifted / d) | u128::from(shifted % d != 0);
    let size = quotient as f64 * 2f64.powi(-(shift as i32));
    if (a < 0) != (b < 0) { -size } else { size }
}

/// `base ** exponent`; the exponent is not negative.
extern "C" fn cw_int_pow(base: i64, exponent: i64) -> Flagged {
    Flagged::of(match (base, exponent) {
        (0 | 1, e) => Some(if e == 0 { 1 } else { base }),
        (-1, e) => Some(if e & 1 == 0 { 1 } else { -1 }),
        (_, e) => u32::try_from(e).ok().filter(|e| *e < 64).and_then(|e| base.checked_pow(e)),
    })
}

/// `base ** exponent` modulo 2**64; the exponent is unsigned.
extern "C" fn cw_wrapping_pow(base: i64, exponent: i64) -> i64 {
    let (mut result, mut power, mut rest) = (1i64, base, exponent as u64);
    while rest > 0 {
        if rest & 1 == 1 {
            result = result.wrapping_mul(power);
        }
        power = power.wrapping_mul(power);
        rest >>= 1;
    }
    result
}

/// The inverse of `a` modulo `m`, if there is one.
fn inverse(a: i128, m: i128) -> Option<i128> {
    let (mut old, mut new) = ((a.rem_euclid(m), 1i128), (m, 0i128));
    while new.0 != 0 {
        let quotient = old.0 / new.0;
        (old, new) = (new, (old.0 - quotient * new.0, old.1 - quotient * new.1));
    }
    (old.0 == 1 || m == 1).then(|| old.1.rem_euclid(m))
}

/// `pow(base, exponent, modulus)`; the modulus is not 0 and gives the result its sign.
extern "C" fn cw_int_pow_mod(base: i64, exponent: i64, modulus: i64) -> Flagged {
    let m = i128::from(modulus).abs();
    let start = if exponent < 0 { inverse(i128::from(base), m) } else { Some(i128::from(base).rem_euclid(m)) };
    let Some(mut power) = start else { return Flagged::of(None) };
    let (mut result, mut rest) = (1 % m, exponent.unsigned_abs());
    while rest > 0 {
        if rest & 1 == 1 {
            result = result * power % m;
        }
        power = power * power % m;
        rest >>= 1;
    }
    if modulus < 0 && result != 0 {
        result -= m;
    }
    Flagged::of(i64::try_from(result).ok())
}

/// `round(x, digits)` of an int: to a multiple of a power of ten, ties to the even multiple.
extern "C" fn cw_round_int(x: i64, digits: i64) -> Flagged {
    if digits >= 0 {
        return Flagged::of(Some(x));
    }
    if digits < -19 {
        return Flagged::of(Some(0));
    }
    let unit = 10i128.pow(digits.unsigned_abs() as u32);
    let x = i128::from(x);
    let (quotient, rest) = (x.div_euclid(unit), x.rem_euclid(unit));
    let up = 2 * rest > unit || 2 * rest == unit && quotient & 1 == 1;
    Flagged::of(i64::try_from((quotient + i128::from(up)) * unit).ok())
}

/// The greatest common divisor.
fn gcd(mut a: u64, mut b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let shift = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        (a, b) = (a.min(b), a.abs_diff(b));
    }
    a << shift
}

extern "C" fn cw_gcd(a: i64, b: i64) -> Flagged {
    Flagged::of(i64::try_from(gcd(a.unsigned_abs(), b.unsigned_abs())).ok())
}

/// The greatest common divisor of two unsigned numbers.
extern "C" fn cw_gcd_unsigned(a: i64, b: i64) -> i64 {
    gcd(a as u64, b as u64) as i64
}

extern "C" fn cw_lcm(a: i64, b: i64) -> Flagged {
    let (a, b) = (a.unsigned_abs(), b.unsigned_abs());
    let product = if a == 0 || b == 0 { Some(0) } else { (a / gcd(a, b)).checked_mul(b) };
    Flagged::of(product.and_then(|p| i64::try_from(p).ok()))
}

/// The whole part of the square root; `n` is not negative.
extern "C" fn cw_isqrt(n: i64) -> i64 {
    let n = n.max(0);
    let mut root = (n as f64).sqrt() as i64;
    while root.checked_mul(root).is_none_or(|square| square > n) {
        root -= 1;
    }
    while (root + 1).checked_mul(root + 1).is_some_and(|square| square <= n) {
        root += 1;
    }
    root
}

extern "C" fn cw_factorial(n: i64) -> Flagged {
    Flagged::of((2..=n).try_fold(1i64, |product, k| product.checked_mul(k)))
}

/// `n` over `k`; neither is negative.
extern "C" fn cw_comb(n: i64, k: i64) -> Flagged {
    if k > n {
        return Flagged::of(Some(0));
    }
    // Each step is a binomial itself, so it is whole, and none is greater than the last.
    let product = (0..k.min(n - k)).try_fold(1i64, |c, i| {
        let next = i128::from(c) * i128::from(n - i) / i128::from(i + 1);
        i64::try_from(next).ok()
    });
    Flagged::of(product)
}

/// The number of ways to arrange `k` of `n`; neither is negative.
extern "C" fn cw_perm(n: i64, k: i64) -> Flagged {
    if k > n {
        return Flagged::of(Some(0));
    }
    Flagged::of((0..k).try_fold(1i64, |product, i| product.checked_mul(n - i)))
}

crate::addresses! {
    "cw_int_true_divide" => cw_int_true_divide;
    "cw_int_pow" => cw_int_pow;
    "cw_wrapping_pow" => cw_wrapping_pow;
    "cw_int_pow_mod" => cw_int_pow_mod;
    "cw_round_int" => cw_round_int;
    "cw_gcd" => cw_gcd;
    "cw_gcd_unsigned" => cw_gcd_unsigned;
    "cw_lcm" => cw_lcm;
    "cw_isqrt" => cw_isqrt;
    "cw_factorial" => cw_factorial;
    "cw_comb" => cw_comb;
    "cw_perm" => cw_perm;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(f: Flagged) -> Option<i64> {
        (f.right == 1).then_some(f.value)
    }

    #[test]
    fn quotients_are_rounded_once() {
        // From CPython 3.11.
        let known = [
            (1, 3, 0.3333333333333333),
            (9007199254740993, 1, 9007199254740992.0),
            (i64::MIN, -1, 9.223372036854776e18),
            (i64::MAX, 3, 3.0744573456182584e18),
            (-9007199254740993, 9007199254740995, -0.9999999999999998),
            (9223372036854775807, 9223372036854775806, 1.0),
            (1, i64::MIN, -1.0842021724855044e-19),
        ];
        for (a, b, quotient) in known {
            assert_eq!(cw_int_true_divide(a, b), quotient, "{a} / {b}");
        }
    }

    #[test]
    fn integers_are_exact() {
        assert_eq!(right(cw_int_pow(3, 39)), Some(4052555153018976267));
        assert_eq!(right(cw_int_pow(3, 40)), None);
        assert_eq!(right(cw_int_pow(-2, 63)), Some(i64::MIN));
        assert_eq!(right(cw_int_pow_mod(2, -1, 5)), Some(3));
        assert_eq!(right(cw_int_pow_mod(2, -1, 4)), None);
        assert_eq!(right(cw_int_pow_mod(2, 3, -5)), Some(-2));
        assert_eq!(right(cw_int_pow_mod(2, -1, 1)), Some(0));
        assert_eq!(right(cw_round_int(25, -1)), Some(20));
        assert_eq!(right(cw_round_int(-35, -1)), Some(-40));
        assert_eq!(right(cw_round_int(i64::MAX, -19)), None);
        assert_eq!(right(cw_gcd(i64::MIN, 0)), None);
        assert_eq!(right(cw_gcd(-12, 18)), Some(6));
        assert_eq!(right(cw_lcm(4, -6)), Some(12));
        assert_eq!(cw_isqrt(i64::MAX), 3037000499);
        assert_eq!(cw_isqrt(24), 4);
        assert_eq!(right(cw_factorial(20)), Some(2432902008176640000));
        assert_eq!(right(cw_factorial(21)), None);
        assert_eq!(right(cw_comb(66, 33)), Some(7219428434016265740));
        assert_eq!(right(cw_comb(67, 33)), None);
        assert_eq!(right(cw_perm(20, 20)), Some(2432902008176640000));
        assert_eq!(cw_wrapping_pow(3, 41), 3i64.wrapping_pow(41));
    }
}
