//! `encode` and `decode`: UTF-8, Latin-1 and ASCII.

use super::chars::Text;
use crate::units::Units;

/// An encoding; the numbers are those that compiled code passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// `utf-8`.
    Utf8,
    /// `latin-1`.
    Latin1,
    /// `ascii`.
    Ascii,
}

/// What happens to what cannot be encoded or decoded; the numbers are those that compiled code passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errors {
    /// An exception.
    Strict,
    /// Nothing stands for it.
    Ignore,
    /// `?`, or U+FFFD.
    Replace,
}

/// The encodings' names, by number.
pub const NAMES: [&str; 3] = ["utf-8", "latin-1", "ascii"];

impl Codec {
    /// Every encoding, by its number.
    pub const ALL: [Codec; 3] = [Codec::Utf8, Codec::Latin1, Codec::Ascii];
}

impl Errors {
    /// Every way, by its number.
    pub const ALL: [Errors; 3] = [Errors::Strict, Errors::Ignore, Errors::Replace];
}

fn is_surrogate(code: u32) -> bool {
    (0xd800..0xe000).contains(&code)
}

/// The bytes of a text; `None` where CPython raises.
pub fn encode(chars: Units<'_>, codec: Codec, errors: Errors) -> Option<Text> {
    let mut made = Text::with_room(chars.len());
    if let Units::One(bytes) = chars
        && (codec == Codec::Latin1 || bytes.is_ascii())
    {
        made.add_bytes(bytes);
        return Some(made);
    }
    for code in chars.iter() {
        let refused = match codec {
            Codec::Utf8 => is_surrogate(code),
            Codec::Latin1 => code > 0xff,
            Codec::Ascii => code > 0x7f,
        };
        match (refused, errors) {
            (true, Errors::Strict) => return None,
            (true, Errors::Ignore) => {}
            (true, Errors::Replace) => made.add_bytes(b"?"),
            (false, _) => match char::from_u32(code) {
                Some(c) if codec == Codec::Utf8 => made.add_bytes(c.encode_utf8(&mut [0; 4]).as_bytes()),
                _ => made.push(code),
            },
        }
    }
    Some(made)
}

/// The text of bytes; `None` where CPython raises.
pub fn decode(bytes: &[u8], codec: Codec, errors: Errors) -> Option<Text> {
    let mut made = Text::with_room(bytes.len());
    if codec == Codec::Latin1 || bytes.is_ascii() {
        made.add_bytes(bytes);
        return Some(made);
    }
    let mut rest = bytes;
    while let [first, ..] = rest {
        let (found, length) = match codec {
            Codec::Utf8 => sequence(rest),
            _ => (first.is_ascii().then_some(u32::from(*first)), 1),
        };
        match (found, errors) {
            (Some(code), _) => made.push(code),
            (None, Errors::Strict) => return None,
            (None, Errors::Ignore) => {}
            (None, Errors::Replace) => made.push(0xfffd),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Some(made)
}

/// The first sequence of UTF-8: its code point, if it is one, and its length, or how many bytes are wrong together.
fn sequence(bytes: &[u8]) -> (Option<u32>, usize) {
    let byte = |at: usize| bytes.get(at).map_or(0, |b| u32::from(*b));
    let first = byte(0);
    // The byte after the first tells overlong forms, surrogates and what is beyond U+10FFFF.
    let (length, second) = match first {
        0..0x80 => return (Some(first), 1),
        0xc2..=0xdf => (2, 0x80..=0xbf),
        0xe0 => (3, 0xa0..=0xbf),
        0xed => (3, 0x80..=0x9f),
        0xe1..=0xef => (3, 0x80..=0xbf),
        0xf0 => (4, 0x90..=0xbf),
        0xf4 => (4, 0x80..=0x8f),
        0xf1..=0xf3 => (4, 0x80..=0xbf),
        _ => return (None, 1),
    };
    let mut code = first & (0x7f >> length);
    for at in 1..length {
        let right = if at == 1 { second.contains(&byte(at)) } else { (0x80..=0xbf).contains(&byte(at)) };
        if !right {
            return (None, at);
        }
        code = code << 6 | byte(at) & 0x3f;
    }
    (Some(code), length)
}

/// `bytes.hex`, with a separator, if there is one, after every so many bytes: counted from the right, or from the left if
/// negative.
pub fn hex(bytes: &[u8], separator: Option<u8>, group: i64) -> Text {
    let digit = |d: u8| if d < 10 { b'0' + d } else { b'a' + d - 10 };
    let size = match separator {
        Some(_) if group != 0 => usize::try_from(group.unsigned_abs()).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    let mut until = match bytes.len() % size {
        odd if group > 0 && odd > 0 => odd,
        _ => size,
    };
    let mut made = Text::with_room(bytes.len().saturating_mul(if size > 1 { 2 } else { 3 }));
    for byte in bytes {
        if until == 0 {
            made.push(u32::from(separator.unwrap_or(0)));
            until = size;
        }
        until -= 1;
        made.add_bytes(&[digit(byte >> 4), digit(byte & 15)]);
    }
    made
}

/// `bytes.fromhex`; `None` where CPython raises.
pub fn from_hex(chars: Units<'_>) -> Option<Text> {
    let digit = |at: usize| chars.get(at).and_then(char::from_u32).and_then(|c| c.to_digit(16));
    let mut made = Text::with_room(chars.len() / 2);
    let mut at = 0;
    while at < chars.len() {
        if matches!(chars.get(at), Some(9..=13 | 32)) {
            at += 1;
            continue;
        }
        made.push(digit(at)? << 4 | digit(at + 1)?);
        at += 2;
    }
    Some(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8() {
        for text in ["", "abc", "é", "aπ𝄞\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}"] {
            let made = Text::from(text);
            let bytes = encode(made.chars(), Codec::Utf8, Errors::Strict);
            assert!(bytes.is_some_and(|b| b.chars() == Units::One(text.as_bytes())));
            assert!(decode(text.as_bytes(), Codec::Utf8, Errors::Strict).is_some_and(|t| t.chars() == made.chars()));
        }
        let cases: [&[u8]; 8] = [
            b"a\xff",
            b"\xe2\x82",
            b"\xe2\x28\xa1",
            b"\xed\xa0\x80",
            b"\xf0\x9f\x98",
            b"\xc0\x80",
            b"\xf4\x90\x80\x80",
            b"\xe0\x80x",
        ];
        for bytes in cases {
            assert!(decode(bytes, Codec::Utf8, Errors::Strict).is_none());
            let replaced = decode(bytes, Codec::Utf8, Errors::Replace).unwrap();
            assert_eq!(replaced.chars().to_rust(), String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn other_encodings() {
        let text = Text::from("aé ππ");
        let encoded = |codec, errors| encode(text.chars(), codec, errors);
        assert!(encoded(Codec::Latin1, Errors::Replace).is_some_and(|b| b.chars() == Units::One(b"a\xe9 ??")));
        assert!(encoded(Codec::Ascii, Errors::Ignore).is_some_and(|b| b.chars() == Units::One(b"a ")));
        assert!(encoded(Codec::Latin1, Errors::Strict).is_none());
        assert!(encode(Units::Two(&[0x61, 0xd800, 0xdfff]), Codec::Utf8, Errors::Strict).is_none());
        assert_eq!(decode(b"a\xe9", Codec::Ascii, Errors::Replace).unwrap().chars().to_rust(), "a\u{fffd}");
        assert!(decode(b"a\xe9", Codec::Latin1, Errors::Strict).is_some_and(|t| t.chars().to_rust() == "aé"));
    }

    #[test]
    fn hexadecimal() {
        let hex = |bytes: &[u8], separator, group| hex(bytes, separator, group).chars().to_rust();
        assert_eq!(hex(b"\x00\xfe", None, 1), "00fe");
        assert_eq!(hex(b"\x01\x02\x03", Some(b':'), 2), "01:0203");
        assert_eq!(hex(b"\x01\x02\x03", Some(b':'), -2), "0102:03");
        assert_eq!(hex(b"\x01\x02", Some(b':'), 2), "0102");
        assert_eq!(hex(b"", Some(b':'), 1), "");
        let from = |text: &str| from_hex(Text::from(text).chars()).map(|b| b.chars().iter().collect::<Vec<_>>());
        assert_eq!(from("0aFf 10 "), Some(vec![10, 255, 16]));
        assert!(["0", "0g", "zz", "00 1", "1 2", "٣٣"].iter().all(|text| from(text).is_none()));
    }
}
