//! `center`, `ljust`, `rjust`, `zfill`, `expandtabs`, `translate`, and `repr`.

use super::chars::Text;
use super::unicode::{class, is};
use crate::units::Units;

/// Where a text stands in a wider field; the numbers are those that compiled code passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    Left,
    /// At the right.
    Right,
    /// In the middle, as `str.center` sees it.
    Center,
}

impl Align {
    /// Every way, by its number.
    pub const ALL: [Align; 3] = [Align::Left, Align::Right, Align::Center];
}

/// A text in a field of a width; `None` if it needs no padding.
pub fn pad(chars: Units<'_>, width: i64, fill: u32, align: Align) -> Option<Text> {
    let missing = usize::try_from(width).ok()?.checked_sub(chars.len()).filter(|n| *n > 0)?;
    let left = match align {
        Align::Left => 0,
        Align::Right => missing,
        // The odd one goes to the left if the width is odd.
        Align::Center => missing / 2 + (missing & width as usize & 1),
    };
    let mut made = Text::with_room(width as usize);
    made.fill(fill, left);
    made.add(chars);
    made.fill(fill, missing - left);
    Some(made)
}

/// `str.zfill`; `None` if nothing changes.
pub fn zero_fill(chars: Units<'_>, width: i64) -> Option<Text> {
    let missing = usize::try_from(width).ok()?.checked_sub(chars.len()).filter(|n| *n > 0)?;
    let mut made = Text::with_room(width as usize);
    let sign = chars.get(0).filter(|c| matches!(c, 0x2b | 0x2d));
    if let Some(sign) = sign {
        made.push(sign);
    }
    made.fill(0x30, missing);
    made.add(chars.part(usize::from(sign.is_some())..chars.len()));
    Some(made)
}

/// `str.expandtabs`.
pub fn expand_tabs(chars: Units<'_>, size: i64) -> Text {
    let size = usize::try_from(size).unwrap_or(0);
    let mut made = Text::with_room(chars.len());
    let mut column = 0usize;
    for code in chars.iter() {
        if code == 9 {
            if size > 0 {
                let step = size - column % size;
                made.fill(0x20, step);
                column = column.saturating_add(step);
            }
            continue;
        }
        made.push(code);
        column = if matches!(code, 10 | 13) { 0 } else { column + 1 };
    }
    made
}

fn add_hex(to: &mut Text, value: u32, digits: u32) {
    for at in (0..digits).rev() {
        let digit = value >> (4 * at) & 15;
        to.push(if digit < 10 { 0x30 + digit } else { 0x57 + digit });
    }
}

/// Adds the escape of a code point.
fn add_escape(to: &mut Text, code: u32) {
    let (letter, digits) = match code {
        0..=0xff => (b'x', 2),
        0x100..=0xffff => (b'u', 4),
        _ => (b'U', 8),
    };
    to.add_bytes(&[b'\\', letter]);
    add_hex(to, code, digits);
}

/// Adds a text in which all but ASCII is escaped.
pub fn add_escaped(to: &mut Text, chars: Units<'_>) {
    for code in chars.iter() {
        if code < 0x80 { to.push(code) } else { add_escape(to, code) }
    }
}

/// The quote that `repr` takes: `'`, or `"` if only `'` is in the text.
fn quote(chars: Units<'_>) -> u32 {
    let has = |quote: u32| chars.iter().any(|c| c == quote);
    if has(0x27) && !has(0x22) { 0x22 } else { 0x27 }
}

/// Adds `repr` of a `str`, or `ascii`.
pub fn add_repr(to: &mut Text, chars: Units<'_>, ascii: bool) {
    let quote = quote(chars);
    to.push(quote);
    for code in chars.iter() {
        match code {
            _ if code == quote || code == 0x5c => {
                to.push(0x5c);
                to.push(code);
            }
            9 => to.add_bytes(b"\\t"),
            10 => to.add_bytes(b"\\n"),
            13 => to.add_bytes(b"\\r"),
            0x20..0x7f => to.push(code),
            _ if code >= 0x80 && !ascii && is(code, class::PRINTABLE) => to.push(code),
            _ => add_escape(to, code),
        }
    }
    to.push(quote);
}

/// Adds `repr` of `bytes`, without a `b` before it.
pub fn add_bytes_repr(to: &mut Text, bytes: &[u8]) {
    let quote = quote(Units::One(bytes));
    to.push(quote);
    for byte in bytes {
        match byte {
            b'\t' => to.add_bytes(b"\\t"),
            b'\n' => to.add_bytes(b"\\n"),
            b'\r' => to.add_bytes(b"\\r"),
            _ if u32::from(*byte) == quote || *byte == b'\\' => to.add_bytes(&[b'\\', *byte]),
            0x20..0x7f => to.push(u32::from(*byte)),
            _ => {
                to.add_bytes(b"\\x");
                add_hex(to, u32::from(*byte), 2);
            }
        }
    }
    to.push(quote);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        let pad =
            |text: &str, width, align| pad(Text::from(text).chars(), width, 0x2a, align).map(|t| t.chars().to_rust());
        assert_eq!(pad("ab", 5, Align::Center).as_deref(), Some("**ab*"));
        assert_eq!(pad("abc", 6, Align::Center).as_deref(), Some("*abc**"));
        assert_eq!(pad("π", 3, Align::Left).as_deref(), Some("π**"));
        assert_eq!(pad("a", 3, Align::Right).as_deref(), Some("**a"));
        assert_eq!((pad("abc", 3, Align::Left), pad("abc", -1, Align::Left)), (None, None));
        let zero = |text: &str, width| zero_fill(Text::from(text).chars(), width).map(|t| t.chars().to_rust());
        assert_eq!(zero("-5", 4).as_deref(), Some("-005"));
        assert_eq!(zero("", 2).as_deref(), Some("00"));
        assert_eq!(zero("+", 3).as_deref(), Some("+00"));
        let tabs = |text: &str, size| expand_tabs(Text::from(text).chars(), size).chars().to_rust();
        assert_eq!(tabs("a\tbc\n\td", 4), "a   bc\n    d");
        assert_eq!(tabs("a\tb", 0), "ab");
    }

    #[test]
    fn representations() {
        let repr = |text: &str, ascii| {
            let mut made = Text::default();
            add_repr(&mut made, Text::from(text).chars(), ascii);
            made.chars().to_rust()
        };
        assert_eq!(repr("it's", false), "\"it's\"");
        assert_eq!(repr("'\"", false), "'\\'\"'");
        assert_eq!(repr("\t\n\r\\\0\x7f\u{ad}π𝄞", false), "'\\t\\n\\r\\\\\\x00\\x7f\\xadπ𝄞'");
        assert_eq!(repr("éπ𝄞", true), "'\\xe9\\u03c0\\U0001d11e'");
        let mut made = Text::default();
        add_bytes_repr(&mut made, b"a'\xe9\n");
        assert_eq!(made.chars().to_rust(), "\"a'\\xe9\\n\"");
    }
}
