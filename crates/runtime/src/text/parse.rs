//! `int(text, base)` and `float(text)`.

use super::unicode::{class, decimal, is};
use crate::units::Units;

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It does not look like one.
    Invalid,
    /// It does not fit 64 bits.
    TooLarge,
    /// It has more digits than are read.
    TooManyDigits,
}

/// The text as both parsers see it: digits of any script are ASCII's, white space beyond ASCII is a blank, and `?` stands for
/// all from the first character on that can be in no number.  `bytes` are taken as they are.
fn plain(chars: Units<'_>, is_bytes: bool) -> std::borrow::Cow<'_, [u8]> {
    if let Units::One(bytes) = chars
        && (is_bytes || bytes.is_ascii())
    {
        return bytes.into();
    }
    let mut made = Vec::with_capacity(chars.len());
    for code in chars.iter() {
        let byte = match code {
            0..127 => code as u8,
            _ if is(code, class::SPACE) => b' ',
            _ => decimal(code).map_or(b'?', |digit| b'0' + digit as u8),
        };
        made.push(byte);
        if byte == b'?' {
            break;
        }
    }
    made.into()
}

/// Without C's white space at both ends.
fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let [9..=13 | 32, rest @ ..] | [rest @ .., 9..=13 | 32] = bytes {
        bytes = rest;
    }
    bytes
}

/// `int` of a text; the base is 0 or from 2 to 36.  No more than `most` digits are read, if that is not 0
/// and the base no power of two.
pub fn int(chars: Units<'_>, is_bytes: bool, base: i64, most: usize) -> Result<i64, Failed> {
    let text = plain(chars, is_bytes);
    let (negative, text) = match trimmed(&text) {
        [b'+', rest @ ..] => (false, rest),
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let prefixed = match text {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    let (base, only_zero) = match (base, prefixed, text.first()) {
        (0, 0, Some(b'0')) => (10, true),
        (0, 0, _) => (10, false),
        (0, found, _) => (found, false),
        (given, ..) => (given, false),
    };
    let digits = match text.get(2..) {
        Some([b'_', rest @ ..] | rest) if prefixed == base => rest,
        _ => text,
    };
    let value = magnitude(digits, base, negative, most)?;
    if only_zero && value != 0 { Err(Failed::Invalid) } else { Ok(value) }
}

fn magnitude(text: &[u8], base: i64, negative: bool, most: usize) -> Result<i64, Failed> {
    let (mut value, mut fits, mut digits, mut after_digit) = (0i64, true, 0usize, false);
    for byte in text {
        let digit = match byte {
            b'_' if after_digit => {
                after_digit = false;
                continue;
            }
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'z' => byte - b'a' + 10,
            b'A'..=b'Z' => byte - b'A' + 10,
            _ => return Err(Failed::Invalid),
        };
        let digit = i64::from(digit);
        if digit >= base {
            return Err(Failed::Invalid);
        }
        (digits, after_digit) = (digits + 1, true);
        let shifted = value.checked_mul(base);
        match shifted.and_then(|v| if negative { v.checked_sub(digit) } else { v.checked_add(digit) }) {
            Some(next) => value = next,
            None => fits = false,
        }
    }
    if !after_digit {
        return Err(Failed::Invalid);
    }
    if most > 0 && digits > most && base & (base - 1) != 0 {
        return Err(Failed::TooManyDigits);
    }
    if fits { Ok(value) } else { Err(Failed::TooLarge) }
}

/// `float` of a text.
pub fn float(chars: Units<'_>, is_bytes: bool) -> Result<f64, Failed> {
    let text = plain(chars, is_bytes);
    let text = trimmed(&text);
    let number =
        if text.contains(&b'_') { without_underscores(text)?.into() } else { std::borrow::Cow::Borrowed(text) };
    // Rust reads what CPython reads, in any case of letters, and rounds as it does.
    match std::str::from_utf8(&number).ok().and_then(|text| text.parse().ok()) {
        Some(value) => Ok(value),
        None => Err(Failed::Invalid),
    }
}

/// Underscores may stand between two digits.
fn without_underscores(text: &[u8]) -> Result<Vec<u8>, Failed> {
    let (mut made, mut last) = (Vec::with_capacity(text.len()), 0u8);
    for byte in text {
        let allowed = match (last, byte) {
            (_, b'_') => last.is_ascii_digit(),
            (b'_', _) => byte.is_ascii_digit(),
            _ => true,
        };
        if !allowed {
            return Err(Failed::Invalid);
        }
        if *byte != b'_' {
            made.push(*byte);
        }
        last = *byte;
    }
    if last == b'_' { Err(Failed::Invalid) } else { Ok(made) }
}

#[cfg(test)]
mod tests {
    use super::super::chars::Text;
    use super::*;
    use Failed::*;

    #[test]
    fn ints() {
        let int = |text: &str, base| int(Text::from(text).chars(), false, base, 4300);
        for (text, base, value) in [
            ("0", 10, 0),
            (" -12\n", 10, -12),
            ("+1_000", 10, 1000),
            ("0x_fF", 16, 255),
            ("ff", 16, 255),
            ("0b101", 0, 5),
            ("0B101", 2, 5),
            ("0o17", 0, 15),
            ("000", 0, 0),
            ("z", 36, 35),
            ("\u{2003}١٢٣\u{85}", 10, 123),
            ("-9223372036854775808", 10, i64::MIN),
            ("9223372036854775807", 10, i64::MAX),
        ] {
            assert_eq!(int(text, base), Ok(value), "{text:?} {base}");
        }
        for (text, base) in [
            ("", 10),
            ("-", 10),
            ("1 2", 10),
            ("_1", 10),
            ("1_", 10),
            ("1__2", 10),
            ("0x", 16),
            ("0x__f", 16),
            ("012", 0),
            ("12", 2),
            ("0x1f", 10),
            ("1\0", 10),
            ("\x1f1", 10),
            ("½", 10),
            ("--1", 10),
            ("- 1", 10),
            ("0b_", 0),
        ] {
            assert_eq!(int(text, base), Err(Invalid), "{text:?} {base}");
        }
        assert_eq!(int("9223372036854775808", 10), Err(TooLarge));
        assert_eq!(int(&"0".repeat(5000), 10), Err(TooManyDigits));
        assert_eq!(int(&"0".repeat(5000), 16), Ok(0));
    }

    #[test]
    fn floats() {
        let float = |text: &str| float(Text::from(text).chars(), false);
        for (text, value) in [
            ("1.5", 1.5),
            (" -1e3\t", -1000.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1_0.0_1", 10.01),
            ("INF", f64::INFINITY),
            ("-infinity", -f64::INFINITY),
            ("1e400", f64::INFINITY),
            ("٣.٥", 3.5),
            ("1E-400", 0.0),
            ("1_0", 10.0),
        ] {
            assert_eq!(float(text), Ok(value), "{text:?}");
        }
        assert!(float("-nan").is_ok_and(|x| x.is_nan() && x.is_sign_negative()));
        for text in [
            "", ".", "e5", "1e", "1_", "_1", "1._5", "1_.5", "1__0", "0x1", "1.5.", "in", "1\0", "1_0\0", "½", "+-1",
            "1_0x",
        ] {
            assert_eq!(float(text), Err(Invalid), "{text:?}");
        }
    }
}
