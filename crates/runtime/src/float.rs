//! Python's own operations on floats that no instruction does: `hash` and `round` to digits.

/// Bits of Python's hash modulus, the prime 2**61 - 1.
const HASH_BITS: u32 = 61;
const HASH_MODULUS: u64 = (1 << HASH_BITS) - 1;
/// `hash(float("inf"))`.
const HASH_INFINITY: i64 = 314_159;

/// Mantissa in `0.5 <= m < 1` and exponent of a finite number that is not 0.
fn split(x: f64) -> (f64, i32) {
    let scaled = if x.abs() < f64::MIN_POSITIVE { (x * 2f64.powi(64), -64) } else { (x, 0) };
    let bits = scaled.0.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1022;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent + scaled.1)
}

/// `hash(x)` of a float.  NaN, whose hash is its object's address in Python, gives 0.
extern "C" fn cw_hash_float(x: f64) -> i64 {
    if x.is_nan() || x == 0.0 {
        return 0;
    }
    if x.is_infinite() {
        return if x > 0.0 { HASH_INFINITY } else { -HASH_INFINITY };
    }
    let (mantissa, mut exponent) = split(x.abs());
    let (mut m, mut hash) = (mantissa, 0u64);
    // 28 bits at a time: the value's digits, reduced modulo the prime.
    while m != 0.0 {
        hash = ((hash << 28) & HASH_MODULUS) | hash >> (HASH_BITS - 28);
        m *= 268_435_456.0;
        exponent -= 28;
        let digit = m as u64;
        m -= digit as f64;
        hash += digit;
        if hash >= HASH_MODULUS {
            hash -= HASH_MODULUS;
        }
    }
    let shift = exponent.rem_euclid(HASH_BITS as i32) as u32;
    hash = ((hash << shift) & HASH_MODULUS) | hash >> (HASH_BITS - shift);
    let signed = if x < 0.0 { -(hash as i64) } else { hash as i64 };
    if signed == -1 { -2 } else { signed }
}

/// `round(x, digits)`: the decimal number nearest to the exact value, ties to even, then the float nearest
/// to that.  Too large a result is infinite.
extern "C" fn cw_round_digits(x: f64, digits: i64) -> f64 {
    // Beyond these, CPython knows the answer at once.
    if !x.is_finite() || x == 0.0 || digits > 323 {
        return x;
    }
    if digits < -308 {
        return 0.0f64.copysign(x);
    }
    let digits = digits as i32;
    let text = if digits >= 0 {
        format!("{x:.*}", digits as usize)
    } else {
        let places = decimal_exponent(x) + digits;
        match usize::try_from(places) {
            Ok(places) => format!("{x:.places$e}"),
            Err(_) => return round_to_nothing(x, -digits),
        }
    };
    text.parse().unwrap_or(x)
}

/// The exponent of the first decimal digit.
fn decimal_exponent(x: f64) -> i32 {
    let text = format!("{x:.17e}");
    text.rsplit_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0)
}

/// Rounds a number below `10**power` to a multiple of that: 0, or one if it is more than a half.
fn round_to_nothing(x: f64, power: i32) -> f64 {
    let unit: f64 = format!("1e{power}").parse().unwrap_or(f64::INFINITY);
    // All digits that a double can have.
    let digits = format!("{:.800e}", x.abs());
    let (first, rest) = digits.split_at(1);
    let beyond_half = first > "5" || first == "5" && rest.bytes().take_while(|b| *b != b'e').any(|b| b > b'0');
    if decimal_exponent(x) == power - 1 && beyond_half { unit.copysign(x) } else { 0.0f64.copysign(x) }
}

crate::addresses! {
    "cw_hash_float" => cw_hash_float;
    "cw_round_digits" => cw_round_digits;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_python_s() {
        // From CPython 3.11.
        let known = [
            (1.0, 1),
            (-1.0, -2),
            (0.5, 1152921504606846976),
            (-2.5, -1152921504606846978),
            (1e300, 1224995262755759164),
            (5e-324, 16777216),
            (0.1, 230584300921369408),
            (-1e-10, -2124533198426632172),
            (f64::INFINITY, 314159),
            (2305843009213693951.0, 1),
        ];
        for (x, hash) in known {
            assert_eq!(cw_hash_float(x), hash, "hash({x:e})");
        }
    }

    #[test]
    fn rounding_is_python_s() {
        // From CPython 3.11.
        let known = [
            (2.5, 0, 2.0),
            (0.125, 2, 0.12),
            (2.675, 2, 2.67),
            (1e22, -20, 1e22),
            (15.0, -1, 20.0),
            (25.0, -1, 20.0),
            (5.0, -1, 0.0),
            (5.000001, -1, 10.0),
            (-55.0, -2, -100.0),
            (-49.9, -2, -0.0),
            (1.7e308, -308, f64::INFINITY),
            (5e-324, 323, 0.0),
            (1234.5678, 3, 1234.568),
            (0.5, 0, 0.0),
            (1.5, 0, 2.0),
        ];
        for (x, digits, rounded) in known {
            let ours = cw_round_digits(x, digits);
            assert_eq!(ours.to_bits(), f64::to_bits(rounded), "round({x}, {digits}) = {ours}");
        }
    }
}
