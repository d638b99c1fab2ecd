//! Code points in units of one, two or four bytes, and a text under construction.

use crate::units::Units;

/// A unit of a text: one code point.
pub trait Unit: Copy + Eq + Ord + Send + Sync + 'static {
    /// The code point.
    fn code(self) -> u32;
    /// The unit of a code point, if it has one of this size.
    fn of(code: u32) -> Option<Self>;
    /// The position of a unit.
    fn find(units: &[Self], unit: Self) -> Option<usize> {
        units.iter().position(|u| *u == unit)
    }
    /// The last position of a unit.
    fn rfind(units: &[Self], unit: Self) -> Option<usize> {
        units.iter().rposition(|u| *u == unit)
    }
    /// These units as text.
    fn view(units: &[Self]) -> Units<'_>;
}

impl Unit for u8 {
    fn code(self) -> u32 {
        u32::from(self)
    }
    fn of(code: u32) -> Option<u8> {
        u8::try_from(code).ok()
    }
    fn find(units: &[u8], unit: u8) -> Option<usize> {
        memchr::memchr(unit, units)
    }
    fn rfind(units: &[u8], unit: u8) -> Option<usize> {
        memchr::memrchr(unit, units)
    }
    fn view(units: &[u8]) -> Units<'_> {
        Units::One(units)
    }
}

impl Unit for u16 {
    fn code(self) -> u32 {
        u32::from(self)
    }
    fn of(code: u32) -> Option<u16> {
        u16::try_from(code).ok()
    }
    fn view(units: &[u16]) -> Units<'_> {
        Units::Two(units)
    }
}

impl Unit for u32 {
    fn code(self) -> u32 {
        self
    }
    fn of(code: u32) -> Option<u32> {
        Some(code)
    }
    fn view(units: &[u32]) -> Units<'_> {
        Units::Four(units)
    }
}

impl Units<'_> {
    /// Whether all are below U+0080.
    pub fn is_ascii(self) -> bool {
        match self {
            Units::One(s) => s.is_ascii(),
            Units::Two(s) => s.iter().all(|u| *u < 0x80),
            Units::Four(s) => s.iter().all(|u| *u < 0x80),
        }
    }

    /// A code point that needs the units that the widest needs.
    pub fn bound(self) -> u32 {
        match self {
            Units::One(_) => 0,
            Units::Two(s) => s.iter().fold(0, |m, u| m | u.code()),
            Units::Four(s) => s.iter().fold(0, |m, u| m.max(u.code())),
        }
    }

    /// As Rust's own text; surrogates, which it cannot hold, become U+FFFD.
    #[cfg(test)]
    pub fn to_rust(self) -> String {
        self.iter().map(|c| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }
}

/// Texts are equal if their code points are, whatever units they are in.
impl PartialEq for Units<'_> {
    fn eq(&self, other: &Units<'_>) -> bool {
        match (*self, *other) {
            (Units::One(a), Units::One(b)) => a == b,
            (Units::Two(a), Units::Two(b)) => a == b,
            (Units::Four(a), Units::Four(b)) => a == b,
            (a, b) => a.len() == b.len() && a.iter().eq(b.iter()),
        }
    }
}

/// A text under construction, in the narrowest units that hold it.  Where there is no memory for more, what is added is lost,
/// and the text says so in the end.
#[derive(Clone, Debug, Default)]
pub struct Text {
    units: Buffer,
    failed: bool,
}

/// The units of a text.
#[derive(Clone, Debug)]
enum Buffer {
    /// Below U+0100.
    One(Vec<u8>),
    /// Below U+10000, and one is not below U+0100.
    Two(Vec<u16>),
    /// Any, and one is not below U+10000.
    Four(Vec<u32>),
}

impl Default for Buffer {
    fn default() -> Buffer {
        Buffer::One(Vec::new())
    }
}

/// The same units, wider; `None` if there is no memory.
fn widened<A: Unit, B: Unit>(from: &[A], more: usize) -> Option<Vec<B>> {
    let mut made = Vec::new();
    made.try_reserve(from.len() + more).ok()?;
    made.extend(from.iter().filter_map(|u| B::of(u.code())));
    Some(made)
}

impl Text {
    /// Nothing yet, with room for so many code points below U+0100.
    pub fn with_room(room: usize) -> Text {
        let mut text = Text::default();
        text.reserve(room);
        text
    }

    /// Room for so many more code points of the width at hand; false if there is no memory.
    fn reserve(&mut self, more: usize) -> bool {
        let made = match &mut self.units {
            Buffer::One(v) => v.try_reserve(more),
            Buffer::Two(v) => v.try_reserve(more),
            Buffer::Four(v) => v.try_reserve(more),
        };
        self.failed |= made.is_err();
        !self.failed
    }

    /// Whether there was no memory for a part of it.
    pub fn failed(&self) -> bool {
        self.failed
    }

    /// What is there.
    pub fn chars(&self) -> Units<'_> {
        match &self.units {
            Buffer::One(v) => Units::One(v),
            Buffer::Two(v) => Units::Two(v),
            Buffer::Four(v) => Units::Four(v),
        }
    }

    /// Number of code points.
    pub fn len(&self) -> usize {
        self.chars().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a code point.
    #[inline]
    pub fn push(&mut self, code: u32) {
        match &mut self.units {
            Buffer::One(v) if code <= 0xff && v.len() < v.capacity() => v.push(code as u8),
            _ => self.fill(code, 1),
        }
    }

    /// Adds a code point several times.
    pub fn fill(&mut self, code: u32, times: usize) {
        if times == 0 || !self.widen(code, times) || !self.reserve(times) {
            return;
        }
        match &mut self.units {
            Buffer::One(v) => v.resize(v.len() + times, code as u8),
            Buffer::Two(v) => v.resize(v.len() + times, code as u16),
            Buffer::Four(v) => v.resize(v.len() + times, code),
        }
    }

    /// Makes units wide enough for a code point, with room for so many more; false if there is no memory.
    fn widen(&mut self, code: u32, more: usize) -> bool {
        let wider = match &self.units {
            Buffer::One(v) if code > 0xffff => widened(v, more).map(Buffer::Four),
            Buffer::One(v) if code > 0xff => widened(v, more).map(Buffer::Two),
            Buffer::Two(v) if code > 0xffff => widened(v, more).map(Buffer::Four),
            _ => return true,
        };
        match wider {
            Some(wider) => self.units = wider,
            None => self.failed = true,
        }
        !self.failed
    }

    /// Adds a text.
    pub fn add(&mut self, chars: Units<'_>) {
        // The widest code point decides about the units.
        if !self.widen(chars.bound(), chars.len()) || !self.reserve(chars.len()) {
            return;
        }
        match (&mut self.units, chars) {
            (Buffer::One(v), Units::One(s)) => v.extend_from_slice(s),
            (Buffer::Two(v), Units::Two(s)) => v.extend_from_slice(s),
            (Buffer::Four(v), Units::Four(s)) => v.extend_from_slice(s),
            (Buffer::One(v), s) => v.extend(s.iter().map(|c| c as u8)),
            (Buffer::Two(v), s) => v.extend(s.iter().map(|c| c as u16)),
            (Buffer::Four(v), s) => v.extend(s.iter()),
        }
    }

    /// Adds ASCII, or other code points below U+0100 that are bytes.
    pub fn add_bytes(&mut self, bytes: &[u8]) {
        self.add(Units::One(bytes));
    }

    /// Adds bytes, each changed.
    pub fn add_mapped(&mut self, bytes: &[u8], mut map: impl FnMut(u8) -> u8) {
        if let (true, Buffer::One(v)) = (self.reserve(bytes.len()), &mut self.units) {
            v.extend(bytes.iter().map(|b| map(*b)));
        }
    }

    /// Adds Rust's own text.
    pub fn add_str(&mut self, text: &str) {
        if text.is_ascii() {
            self.add_bytes(text.as_bytes());
        } else {
            text.chars().for_each(|c| self.push(c as u32));
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        let mut made = Text::default();
        made.add_str(text);
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_in_the_narrowest_units() {
        for (text, width) in [("", 1), ("abc", 1), ("é", 1), ("aπ", 2), ("a𝄞", 4), ("π𝄞é", 4)] {
            let made = Text::from(text);
            assert_eq!((made.chars().width(), made.chars().to_rust().as_str()), (width, text));
            let mut twice = made.clone();
            twice.add(made.chars());
            assert_eq!(twice.chars().to_rust(), text.repeat(2));
            let wide: Vec<u32> = text.chars().map(|c| c as u32).collect();
            let mut added = Text::from("x");
            added.add(Units::Four(&wide));
            assert_eq!((added.chars().width(), added.chars().to_rust()), (width, format!("x{text}")));
        }
        let mut text = Text::from("ab");
        text.fill(0x20, isize::MAX as usize);
        assert!(text.failed() && text.len() == 2);
        let mut text = Text::from("ab");
        text.fill(0x3c0, 2);
        text.fill(0x1d11e, 0);
        assert_eq!((text.chars().width(), text.chars().to_rust().as_str()), (2, "abππ"));
        assert!(Text::from("π").chars().part(0..1) == Units::Four(&[0x3c0]));
        assert_eq!(Text::from("aπ").chars().iter().rev().collect::<Vec<_>>(), [0x3c0, 0x61]);
    }
}
