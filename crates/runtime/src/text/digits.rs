//! The digits of numbers: `int` in any base, `float` in CPython's styles.

use super::chars::Text;

/// The digits of a number.
pub fn of(mut value: u64, base: u64, upper: bool) -> Vec<u8> {
    if value == 0 {
        return vec![b'0'];
    }
    let mut made = Vec::with_capacity(if base == 2 { 64 } else { 22 });
    while value > 0 {
        let digit = (value % base) as u8;
        made.push(match digit {
            0..10 => b'0' + digit,
            _ if upper => b'A' + digit - 10,
            _ => b'a' + digit - 10,
        });
        value /= base;
    }
    made.reverse();
    made
}

/// How a float is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// `e`, `f` or `g`, or in capitals; `r` as `repr`, 0 as `g` by the rules of an empty kind.
    pub kind: u8,
    /// Digits after the point; of `g`, all digits.
    pub precision: usize,
    /// The point stays, and `g` keeps its zeros.
    pub alternate: bool,
    /// At least one digit after the point.
    pub point_zero: bool,
    /// What rounds to zero has no sign.
    pub no_negative_zero: bool,
}

/// No double has more decimal places than this that are not zero.
const EXACT: usize = 1100;

/// Digits without zeros at the end, and how many of them stand before the point.
fn decimal(text: &str) -> (Vec<u8>, i64) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits: Vec<u8> = whole.bytes().chain(part.bytes()).collect();
    let mut point = whole.len() as i64 + exponent;
    let zeros = digits.iter().take_while(|d| **d == b'0').count();
    if zeros == digits.len() {
        return (vec![b'0'], 1);
    }
    digits.drain(..zeros);
    point -= zeros as i64;
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    (digits, point)
}

/// Whether a float is written with a minus sign, and what stands after it.
pub fn float(value: f64, style: Style) -> (bool, Vec<u8>) {
    let upper = style.kind.is_ascii_uppercase();
    let size = value.abs();
    if !size.is_finite() {
        let text: &[u8] = match (size.is_nan(), upper) {
            (true, true) => b"NAN",
            (true, false) => b"nan",
            (false, true) => b"INF",
            (false, false) => b"inf",
        };
        return (value < 0.0, text.to_vec());
    }
    let kind = style.kind.to_ascii_lowercase();
    let precision = if matches!(kind, b'g' | 0) { style.precision.max(1) } else { style.precision };
    let (digits, point) = match kind {
        b'e' => decimal(&format!("{size:.*e}", precision.min(EXACT))),
        b'f' => decimal(&format!("{size:.*}", precision.min(EXACT))),
        b'r' => decimal(&format!("{size:e}")),
        _ => decimal(&format!("{size:.*e}", (precision - 1).min(EXACT))),
    };
    let zero = digits.as_slice() == b"0";
    let negative = value.is_sign_negative() && !(style.no_negative_zero && zero);
    let precision = precision as i64;
    let exponent = match kind {
        b'e' => true,
        b'f' => false,
        b'r' => point <= -4 || point > 16,
        _ => point <= -4 || point > precision - i64::from(style.point_zero),
    };
    // How far the digits go, counted from the first; the point stands after `before` of them.
    let (before, written) = if exponent { (1, point - 1) } else { (point, 0) };
    let end = match kind {
        b'e' => precision + 1,
        b'f' => before + precision,
        b'r' => digits.len() as i64,
        _ if style.alternate => precision,
        _ => digits.len() as i64,
    };
    let end = end.max(if !exponent && style.point_zero { before + 1 } else { before });
    let mut made = Vec::with_capacity((end - before.min(0)) as usize + 8);
    let first = if before <= 0 { before - 1 } else { 0 };
    for at in first..end {
        if at == before {
            made.push(b'.');
        }
        made.push(usize::try_from(at).ok().and_then(|at| digits.get(at)).copied().unwrap_or(b'0'));
    }
    if before == end && style.alternate {
        made.push(b'.');
    }
    if exponent {
        made.push(if upper { b'E' } else { b'e' });
        made.push(if written < 0 { b'-' } else { b'+' });
        let digits = of(written.unsigned_abs(), 10, false);
        if digits.len() < 2 {
            made.push(b'0');
        }
        made.extend(digits);
    }
    (negative, made)
}

/// `repr` of a float.
pub fn repr(value: f64) -> Vec<u8> {
    let style = Style { kind: b'r', precision: 0, alternate: false, point_zero: true, no_negative_zero: false };
    let (negative, mut text) = float(value, style);
    if negative {
        text.insert(0, b'-');
    }
    text
}

/// Adds `repr` of an int: most texts of numbers are such, so no memory is asked for on the way.
pub fn add_int(to: &mut Text, value: i64) {
    let mut room = [0; 20];
    to.add_bytes(decimal_digits(value, &mut room));
}

/// The decimal digits of an int, with its sign, at the end of some room.
pub fn decimal_digits(value: i64, room: &mut [u8; 20]) -> &[u8] {
    let mut rest = value.unsigned_abs();
    let mut from = room.len();
    for (at, place) in room.iter_mut().enumerate().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
        from = at;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        // The digits of no negative number fill the room.
        from -= 1;
        if let Some(place) = room.get_mut(from) {
            *place = b'-';
        }
    }
    room.get(from..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn representations() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (5e-324, "5e-324"),
            (1.5e300, "1.5e+300"),
            (f64::INFINITY, "inf"),
            (-f64::INFINITY, "-inf"),
            (f64::NAN, "nan"),
            (9007199254740993.0, "9007199254740992.0"),
            (2.5, "2.5"),
            (1e22, "1e+22"),
            (-123.456, "-123.456"),
        ] {
            assert_eq!(String::from_utf8(repr(value)).unwrap(), text);
        }
        for value in [0, 7, -1, 10, -100, i64::MAX, i64::MIN] {
            let mut text = Text::default();
            add_int(&mut text, value);
            assert_eq!(text.chars().to_rust(), value.to_string());
        }
        assert_eq!((of(255, 16, true), of(0, 2, false)), (b"FF".to_vec(), b"0".to_vec()));
    }
}
