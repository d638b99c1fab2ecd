//! Texts of pieces that need nothing of CPython: strings, whole numbers, floats, and tuples of them, with any usual format
//! specification.

use super::chars::Text;
use super::{digits, layout, spec};
use crate::strings::{Units, units};
use coachwhip_abi::layout::Str;
use coachwhip_abi::{Piece, PieceTag};

/// The value of a piece.
enum Value {
    Int(i64),
    Bool(bool),
    Float(f64),
    /// A `str`.
    Text(Text),
    /// What has no format of its own, as `str` and `repr` write it.
    Other(Text),
}

/// Writes all the pieces; `None` if one of them needs CPython.
pub fn write(pieces: &[Piece]) -> Option<Text> {
    let mut made = Text::default();
    let mut rest = pieces;
    while !rest.is_empty() {
        rest = add(&mut made, rest)?;
    }
    Some(made)
}

/// Adds the first of the pieces, formatted; what is left of them.
fn add<'p>(to: &mut Text, pieces: &'p [Piece]) -> Option<&'p [Piece]> {
    let first = pieces.first()?;
    match (first.tag, first.spec_len, first.conversion) {
        // SAFETY: compiled code passes constants.
        (PieceTag::Str, 0, 0 | CONVERTED) => to.add_str(unsafe { constant(first.a as *const u8, first.b)? }),
        // SAFETY: the piece keeps its block.
        (PieceTag::Block, 0, 0 | CONVERTED) if first.dtype == 0 => to.add(unsafe { units(first.a as *const Str) }),
        _ => {
            // SAFETY: as above.
            let given = Text::from(unsafe { constant(first.spec, first.spec_len)? });
            let (value, rest) = value(pieces)?;
            formatted(to, value, given.chars(), first.conversion)?;
            return Some(rest);
        }
    }
    pieces.get(1..)
}

/// `!s`.
const CONVERTED: u64 = b's' as u64;

/// A constant of compiled code.
///
/// # Safety
/// So many bytes are there.
unsafe fn constant<'a>(data: *const u8, length: u64) -> Option<&'a str> {
    match length {
        0 => Some(""),
        // SAFETY: as the caller promises.
        length => std::str::from_utf8(unsafe { std::slice::from_raw_parts(data, length as usize) }).ok(),
    }
}

/// The value of the first of the pieces, and the pieces after it.
fn value(pieces: &[Piece]) -> Option<(Value, &[Piece])> {
    let (first, mut rest) = pieces.split_first()?;
    let value = match first.tag {
        PieceTag::Int => Value::Int(first.a as i64),
        PieceTag::Bool => Value::Bool(first.a & 1 != 0),
        PieceTag::Float => Value::Float(f64::from_bits(first.a)),
        PieceTag::None => Value::Other(Text::from("None")),
        // SAFETY: compiled code passes constants.
        PieceTag::Str => Value::Text(Text::from(unsafe { constant(first.a as *const u8, first.b)? })),
        PieceTag::Char => {
            let mut one = Text::default();
            one.push(first.a as u32);
            Value::Text(one)
        }
        PieceTag::Block => {
            let mut text = Text::default();
            // SAFETY: the piece keeps its block.
            let found = unsafe { units(first.a as *const Str) };
            match (first.dtype, found) {
                (0, found) => {
                    text.add(found);
                    Value::Text(text)
                }
                (_, Units::One(bytes)) => {
                    text.add_bytes(b"b");
                    layout::add_bytes_repr(&mut text, bytes);
                    Value::Other(text)
                }
                _ => return None,
            }
        }
        PieceTag::TextBegin => {
            let mut text = Text::default();
            while rest.first()?.tag != PieceTag::TextEnd {
                rest = add(&mut text, rest)?;
            }
            rest = rest.get(1..)?;
            Value::Text(text)
        }
        PieceTag::TupleBegin => {
            let mut text = Text::from("(");
            let mut items = 0;
            while rest.first()?.tag != PieceTag::TupleEnd {
                if items > 0 {
                    text.add_bytes(b", ");
                }
                let (item, after) = self::value(rest)?;
                repr(&mut text, item, false);
                (rest, items) = (after, items + 1);
            }
            text.add_bytes(if items == 1 { b",)" } else { b")" });
            rest = rest.get(1..)?;
            Value::Other(text)
        }
        _ => return None,
    };
    Some((value, rest))
}

/// `repr` of a value, or `ascii`.
fn repr(to: &mut Text, value: Value, ascii: bool) {
    match value {
        Value::Text(text) => layout::add_repr(to, text.chars(), ascii),
        // A tuple has the text of `repr`, in which `ascii` escapes.
        Value::Other(text) if ascii && !text.chars().is_ascii() => layout::add_escaped(to, text.chars()),
        value => text_of(to, value),
    }
}

/// `str` of a value.
fn text_of(to: &mut Text, value: Value) {
    match value {
        Value::Int(value) => digits::add_int(to, value),
        Value::Bool(value) => to.add_str(if value { "True" } else { "False" }),
        Value::Float(value) => to.add_bytes(&digits::repr(value)),
        Value::Text(text) | Value::Other(text) => to.add(text.chars()),
    }
}

/// A value by a specification and a conversion; `None` if it needs CPython.
fn formatted(to: &mut Text, value: Value, given: Units<'_>, conversion: u64) -> Option<()> {
    let plain = given.is_empty();
    let converted = match u8::try_from(conversion).ok()? {
        0 => match value {
            value if plain => {
                text_of(to, value);
                return Some(());
            }
            Value::Int(value) => return spec::of_int(to, value, given),
            Value::Bool(value) => return spec::of_int(to, i64::from(value), given),
            Value::Float(value) => return spec::of_float(to, value, given),
            Value::Text(text) => text,
            Value::Other(_) => return None,
        },
        letter => {
            let mut text = Text::default();
            match letter {
                b's' => text_of(&mut text, value),
                b'r' => repr(&mut text, value, false),
                b'a' => repr(&mut text, value, true),
                _ => return None,
            }
            text
        }
    };
    spec::of_str(to, converted.chars(), given)
}

/// A piece by a specification of its own; `None` if it needs CPython.
pub fn by(to: &mut Text, piece: &Piece, given: Units<'_>) -> Option<()> {
    let (value, _) = value(std::slice::from_ref(piece))?;
    formatted(to, value, given, piece.conversion)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Piece =
        Piece { tag: PieceTag::None, dtype: 0, a: 0, b: 0, spec: std::ptr::null(), spec_len: 0, conversion: 0 };

    fn with(piece: Piece, spec: &'static str, conversion: u8) -> Piece {
        Piece { spec: spec.as_ptr(), spec_len: spec.len() as u64, conversion: u64::from(conversion), ..piece }
    }

    fn text(pieces: &[Piece]) -> Option<String> {
        write(pieces).map(|text| text.chars().to_rust())
    }

    #[test]
    fn pieces() {
        let int = |value: i64| Piece { tag: PieceTag::Int, a: value as u64, ..NOTHING };
        let float = |value: f64| Piece { tag: PieceTag::Float, a: value.to_bits(), ..NOTHING };
        let str =
            |text: &'static str| Piece { tag: PieceTag::Str, a: text.as_ptr() as u64, b: text.len() as u64, ..NOTHING };
        let tag = |tag| Piece { tag, ..NOTHING };
        let bool = Piece { tag: PieceTag::Bool, a: 1, ..NOTHING };
        let char = Piece { tag: PieceTag::Char, a: 0x3c0, ..NOTHING };
        assert_eq!(text(&[str("x = "), int(-5), NOTHING, bool, float(1e16)]).as_deref(), Some("x = -5NoneTrue1e+16"));
        assert_eq!(
            text(&[with(bool, "3", 0), with(bool, "", b'r'), with(char, ">3", 0)]).as_deref(),
            Some("  1True  π")
        );
        assert_eq!(text(&[with(char, "", b'a'), with(str("a'"), "8", b'r')]).as_deref(), Some("'\\u03c0'\"a'\"    "));
        let tuple = [tag(PieceTag::TupleBegin), int(1), str("a"), tag(PieceTag::TupleEnd)];
        assert_eq!(text(&tuple).as_deref(), Some("(1, 'a')"));
        assert_eq!(text(&[tuple[0], float(1.0), tuple[3]]).as_deref(), Some("(1.0,)"));
        assert_eq!(text(&[with(tuple[0], "", b'a'), char, tuple[3]]).as_deref(), Some("('\\u03c0',)"));
        let nested = [with(tag(PieceTag::TextBegin), ">5", 0), str("a"), int(1), tag(PieceTag::TextEnd), str("!")];
        assert_eq!(text(&nested).as_deref(), Some("   a1!"));
        assert_eq!(text(&[with(NOTHING, "5", 0)]), None);
        assert_eq!(text(&[with(int(1), "q", 0)]), None);
        assert_eq!(text(&[tag(PieceTag::Complex)]), None);
    }
}
