//! Format specifications, and `format` of `int`, `float`, `bool` and `str`.
//!
//! What is unusual has no answer here: errors above all, whose words differ between versions of CPython, and `n`, which asks
//! the locale.  The caller then asks CPython itself.

use super::chars::Text;
use super::digits;
use crate::units::Units;

/// No field is wider here, and no number has more places: what asks for more is CPython's to refuse.
const WIDEST: usize = 1 << 24;

/// A format specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// What fills the field.
    pub fill: u32,
    /// `<`, `>`, `^`, `=`, or 0.
    pub align: u8,
    /// `+`, `-`, ` `, or 0.
    pub sign: u8,
    /// `z`: no negative zero.
    pub no_negative_zero: bool,
    /// `#`.
    pub alternate: bool,
    /// Least number of characters.
    pub width: usize,
    /// `,`, `_`, or 0.
    pub grouping: u8,
    /// What follows the point.
    pub precision: Option<usize>,
    /// The last letter, or 0.
    pub kind: u8,
}

impl Spec {
    /// The specification that a text is; `None` if CPython must look at it.  A `0` before the width fills numbers after their
    /// sign.
    pub fn parse(text: Units<'_>, number: bool) -> Option<Spec> {
        let mut spec = Spec {
            fill: 0x20,
            align: 0,
            sign: 0,
            no_negative_zero: false,
            alternate: false,
            width: 0,
            grouping: 0,
            precision: None,
            kind: 0,
        };
        let ascii = |at: usize| text.get(at).and_then(|c| u8::try_from(c).ok()).filter(u8::is_ascii);
        let align = |at: usize| ascii(at).filter(|c| b"<>^=".contains(c));
        let (mut at, mut filled) = (0, false);
        if let Some(found) = align(1) {
            (spec.fill, spec.align, at, filled) = (text.get(0)?, found, 2, true);
        } else if let Some(found) = align(0) {
            (spec.align, at) = (found, 1);
        }
        let mut take = |accept: &[u8]| {
            let found = ascii(at).filter(|c| accept.contains(c));
            at += usize::from(found.is_some());
            found
        };
        spec.sign = take(b"+- ").unwrap_or(0);
        spec.no_negative_zero = take(b"z").is_some();
        spec.alternate = take(b"#").is_some();
        if !filled && take(b"0").is_some() {
            spec.fill = 0x30;
            if spec.align == 0 && number {
                spec.align = b'=';
            }
        }
        let count = |take: &mut dyn FnMut(&[u8]) -> Option<u8>| {
            let mut value = None;
            while let Some(digit) = take(b"0123456789") {
                value = Some(value.unwrap_or(0usize).saturating_mul(10).saturating_add(usize::from(digit - b'0')));
            }
            value
        };
        spec.width = count(&mut take).unwrap_or(0);
        spec.grouping = take(b",_").unwrap_or(0);
        if take(b".").is_some() {
            spec.precision = Some(count(&mut take)?);
        }
        spec.kind = take(b"bcdeEfFgGosxX%").unwrap_or(0);
        let sane = at == text.len() && spec.width <= WIDEST && spec.precision.unwrap_or(0) <= WIDEST;
        sane.then_some(spec)
    }
}

/// `format` of a `str`.
pub fn of_str(to: &mut Text, chars: Units<'_>, spec: Units<'_>) -> Option<()> {
    let spec = Spec::parse(spec, false)?;
    let odd = spec.sign != 0 || spec.alternate || spec.no_negative_zero || spec.grouping != 0 || spec.align == b'=';
    if odd || !matches!(spec.kind, 0 | b's') {
        return None;
    }
    let chars = chars.part(0..spec.precision.unwrap_or(usize::MAX).min(chars.len()));
    let missing = spec.width.saturating_sub(chars.len());
    let left = match spec.align {
        b'>' => missing,
        b'^' => missing / 2,
        _ => 0,
    };
    to.fill(spec.fill, left);
    to.add(chars);
    to.fill(spec.fill, missing - left);
    Some(())
}

/// `format` of a `bool` with a specification that is not empty is that of its number.
pub fn of_int(to: &mut Text, value: i64, spec: Units<'_>) -> Option<()> {
    let spec = Spec::parse(spec, true)?;
    if matches!(spec.kind, b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%') {
        return float(to, value as f64, &spec);
    }
    if spec.precision.is_some() || spec.no_negative_zero {
        return None;
    }
    if spec.kind == b'c' {
        let plain = spec.sign == 0 && !spec.alternate && spec.grouping == 0;
        let code = u32::try_from(value).ok().filter(|c| plain && *c < 0x110000)?;
        let mut one = Text::default();
        one.push(code);
        field(to, &spec, Number { sign: 0, prefix: b"", whole: b"", rest: one.chars(), group: 0 });
        return Some(());
    }
    let (digits, prefix, group): (_, &[u8], _) = match spec.kind {
        0 | b'd' => (digits::of(value.unsigned_abs(), 10, false), b"", 3),
        b'b' => (digits::of(value.unsigned_abs(), 2, false), b"0b", 4),
        b'o' => (digits::of(value.unsigned_abs(), 8, false), b"0o", 4),
        b'x' => (digits::of(value.unsigned_abs(), 16, false), b"0x", 4),
        b'X' => (digits::of(value.unsigned_abs(), 16, true), b"0X", 4),
        _ => return None,
    };
    if spec.grouping == b',' && group != 3 {
        return None;
    }
    let number = Number {
        sign: sign(value < 0, &spec),
        prefix: if spec.alternate { prefix } else { b"" },
        whole: &digits,
        rest: Units::One(b""),
        group: if spec.grouping == 0 { 0 } else { group },
    };
    field(to, &spec, number);
    Some(())
}

/// `format` of a `float`.
pub fn of_float(to: &mut Text, value: f64, spec: Units<'_>) -> Option<()> {
    float(to, value, &Spec::parse(spec, true)?)
}

fn float(to: &mut Text, value: f64, spec: &Spec) -> Option<()> {
    let (kind, value) = match spec.kind {
        b'%' => (b'f', value * 100.0),
        kind @ (0 | b'e' | b'E' | b'f' | b'F' | b'g' | b'G') => (kind, value),
        _ => return None,
    };
    let style = digits::Style {
        kind: if kind == 0 && spec.precision.is_none() { b'r' } else { kind },
        precision: spec.precision.unwrap_or(6),
        alternate: spec.alternate,
        point_zero: kind == 0,
        no_negative_zero: spec.no_negative_zero,
    };
    let (negative, mut text) = digits::float(value, style);
    if spec.kind == b'%' {
        text.push(b'%');
    }
    let whole = text.iter().take_while(|c| c.is_ascii_digit()).count();
    let (whole, rest) = text.split_at_checked(whole).unwrap_or_default();
    let group = if spec.grouping == 0 { 0 } else { 3 };
    field(to, spec, Number { sign: sign(negative, spec), prefix: b"", whole, rest: Units::One(rest), group });
    Some(())
}

fn sign(negative: bool, spec: &Spec) -> u8 {
    match spec.sign {
        _ if negative => b'-',
        b'-' => 0,
        sign => sign,
    }
}

/// A number taken apart: the digits before the point are in groups of so many, or not if that is 0.
struct Number<'a> {
    sign: u8,
    prefix: &'a [u8],
    whole: &'a [u8],
    rest: Units<'a>,
    group: usize,
}

/// Puts a number into its field.
fn field(to: &mut Text, spec: &Spec, number: Number<'_>) {
    let others = usize::from(number.sign != 0) + number.prefix.len() + number.rest.len();
    let inside = spec.align == b'=';
    // Zeros between sign and digits are grouped as the digits are.
    let least = if inside && spec.fill == 0x30 { spec.width.saturating_sub(others) } else { 0 };
    let whole = match (number.whole, number.group) {
        ([], _) => Vec::new(),
        (whole, 0) => {
            let mut padded = vec![b'0'; least.saturating_sub(whole.len())];
            padded.extend_from_slice(whole);
            padded
        }
        (whole, group) => grouped(whole, group, spec.grouping, least),
    };
    let missing = spec.width.saturating_sub(others + whole.len());
    let left = match spec.align {
        b'<' => 0,
        b'^' => missing / 2,
        _ => missing,
    };
    if !inside {
        to.fill(spec.fill, left);
    }
    if number.sign != 0 {
        to.push(u32::from(number.sign));
    }
    to.add_bytes(number.prefix);
    if inside {
        to.fill(spec.fill, missing);
    }
    to.add_bytes(&whole);
    to.add(number.rest);
    if !inside {
        to.fill(spec.fill, missing - left);
    }
}

/// Digits in groups, with zeros before them up to at least so many characters: never a separator first.
fn grouped(digits: &[u8], group: usize, separator: u8, least: usize) -> Vec<u8> {
    let mut made: Vec<u8> = Vec::with_capacity(least.max(digits.len()) * 4 / 3 + 1);
    let mut rest = digits;
    loop {
        let room = rest.len().max(least.saturating_sub(made.len())).max(1);
        for _ in 0..group.min(room) {
            match rest {
                [init @ .., last] => {
                    made.push(*last);
                    rest = init;
                }
                [] => made.push(b'0'),
            }
        }
        if rest.is_empty() && made.len() >= least {
            break;
        }
        made.push(separator);
    }
    made.reverse();
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(f: impl Fn(&mut Text) -> Option<()>) -> Option<String> {
        let mut made = Text::default();
        f(&mut made).map(|()| made.chars().to_rust())
    }

    #[test]
    fn ints() {
        for (value, spec, expected) in [
            (65, "", "65"),
            (65, "5", "   65"),
            (-65, "05", "-0065"),
            (65, "<5", "65   "),
            (65, "^6", "  65  "),
            (65, "*=+6", "+***65"),
            (65, "#x", "0x41"),
            (65, "#06X", "0X0041"),
            (65, "_b", "100_0001"),
            (1234567, ",", "1,234,567"),
            (1234, "010,", "00,001,234"),
            (1234, "09,", "0,001,234"),
            (12, "06,", "00,012"),
            (65, "c", "A"),
            (960, "3c", "  π"),
            (65, ".2f", "65.00"),
            (5, "%", "500.000000%"),
            (65, "π>4", "ππ65"),
            (i64::MIN, "d", "-9223372036854775808"),
            (65, " d", " 65"),
            (65, "<05", "65000"),
            (0, "#b", "0b0"),
        ] {
            assert_eq!(text(|t| of_int(t, value, Text::from(spec).chars())).as_deref(), Some(expected), "{spec}");
        }
        for spec in ["5q", ".3d", "s", "z", "+c", ",x", "n", ",_", ".", "99999999999999999999", "5 ", "aa<5", ".3,f"] {
            assert_eq!(text(|t| of_int(t, 65, Text::from(spec).chars())), None, "{spec}");
        }
    }

    #[test]
    fn floats() {
        for (value, spec, expected) in [
            (1.5, "", "1.5"),
            (1.0, "", "1.0"),
            (1e16, "", "1e+16"),
            (1.5, "8.3f", "   1.500"),
            (-1.5, "08.2f", "-0001.50"),
            (1234567.891, ",.2f", "1,234,567.89"),
            (0.5, "%", "50.000000%"),
            (1.0, "g", "1"),
            (1.0, "#g", "1.00000"),
            (1e10, "g", "1e+10"),
            (1.0, ".3", "1.0"),
            (123456.0, ".3", "1.23e+05"),
            (-0.0, "z.1f", "0.0"),
            (-0.04, "z.1f", "0.0"),
            (f64::NAN, "05", "00nan"),
            (-f64::INFINITY, "F", "-INF"),
            (2.5, ".0f", "2"),
            (0.5, ".0f", "0"),
            (1.5, ".0f", "2"),
            (1e-5, "e", "1.000000e-05"),
            (1.0, "+.1E", "+1.0E+00"),
            (1234.5, "012,.1f", "00,001,234.5"),
            (1e300, ".3e", "1.000e+300"),
            (1.0, "#.0f", "1."),
            (2.5, ".0e", "2e+00"),
        ] {
            assert_eq!(text(|t| of_float(t, value, Text::from(spec).chars())).as_deref(), Some(expected), "{spec}");
        }
        for spec in ["d", "x", "s", "n", "5.", "q"] {
            assert_eq!(text(|t| of_float(t, 1.5, Text::from(spec).chars())), None, "{spec}");
        }
    }

    #[test]
    fn texts() {
        for (value, spec, expected) in [
            ("ab", "", "ab"),
            ("ab", "5", "ab   "),
            ("ab", ">5", "   ab"),
            ("abc", "^6", " abc  "),
            ("abc", ".2", "ab"),
            ("π", "*<3s", "π**"),
            ("ab", "05", "ab000"),
            ("ab", "π^5.1s", "ππaππ"),
        ] {
            assert_eq!(
                text(|t| of_str(t, Text::from(value).chars(), Text::from(spec).chars())).as_deref(),
                Some(expected)
            );
        }
        for spec in ["d", "+", "#", ",", "=5", "z"] {
            assert_eq!(text(|t| of_str(t, Text::from("ab").chars(), Text::from(spec).chars())), None, "{spec}");
        }
    }
}
