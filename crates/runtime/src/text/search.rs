//! `find`, `rfind`, `count`, `startswith`, `endswith`, and the ranges that they look at.

use super::chars::{Text, Unit};
use crate::units::Units;
use memchr::memmem;

/// Start and end as Python adjusts them to a length: negative ones count from the end.  The start may lie after the end.
pub fn adjust(start: i64, end: i64, length: usize) -> (i64, i64) {
    let length = length as i64;
    let from_end = |at: i64| if at < 0 { (at + length).max(0) } else { at };
    (from_end(start), from_end(end).min(length))
}

/// Puts a text that is looked for into the units of the one that is looked at; `None` if it cannot be in it.
pub fn in_units<U: Unit>(part: Units<'_>) -> Option<Vec<U>> {
    part.iter().map(U::of).collect()
}

/// Runs an expression on two texts in the units of the first; another if the second does not fit them.
macro_rules! same_width {
    ($whole:expr, $part:expr, |$w:ident, $p:ident| $body:expr, $absent:expr) => {
        match ($whole, $part) {
            ($crate::units::Units::One($w), $crate::strings::Units::One($p)) => $body,
            ($crate::units::Units::Two($w), $crate::strings::Units::Two($p)) => $body,
            ($crate::units::Units::Four($w), $crate::strings::Units::Four($p)) => $body,
            ($crate::units::Units::One($w), part) => match $crate::text::search::in_units::<u8>(part) {
                Some(owned) => {
                    let $p = owned.as_slice();
                    $body
                }
                None => $absent,
            },
            ($crate::units::Units::Two($w), part) => match $crate::text::search::in_units::<u16>(part) {
                Some(owned) => {
                    let $p = owned.as_slice();
                    $body
                }
                None => $absent,
            },
            ($crate::units::Units::Four($w), part) => match $crate::text::search::in_units::<u32>(part) {
                Some(owned) => {
                    let $p = owned.as_slice();
                    $body
                }
                None => $absent,
            },
        }
    };
}
pub(crate) use same_width;

/// A text that is looked for, prepared.
pub enum Finder<'a, U> {
    /// No code point at all.
    Empty,
    /// One code point.
    Unit(U),
    /// Bytes: the well-known search in vectors.
    Bytes(Box<memmem::Finder<'a>>, Box<memmem::FinderRev<'a>>),
    /// Wider units: their first one is looked for, then the rest compared; after too many failures in vain, by a table.
    Wide(&'a [U], Vec<usize>),
}

impl<'a, U: Unit> Finder<'a, U> {
    /// Prepares a search.
    pub fn new(part: &'a [U]) -> Finder<'a, U> {
        match (part, U::view(part)) {
            ([], _) => Finder::Empty,
            ([one], _) => Finder::Unit(*one),
            (_, Units::One(bytes)) => {
                Finder::Bytes(Box::new(memmem::Finder::new(bytes)), Box::new(memmem::FinderRev::new(bytes)))
            }
            _ => Finder::Wide(part, borders(part.iter())),
        }
    }

    /// The first place from the beginning of these units on.
    pub fn find(&self, units: &[U]) -> Option<usize> {
        match (self, U::view(units)) {
            (Finder::Empty, _) => Some(0),
            (Finder::Unit(unit), _) => U::find(units, *unit),
            (Finder::Bytes(finder, _), Units::One(bytes)) => finder.find(bytes),
            (Finder::Wide(part, borders), _) => walk(units.iter(), part, borders).map(|end| end - part.len()),
            _ => None,
        }
    }

    /// The last place in these units.
    pub fn rfind(&self, units: &[U]) -> Option<usize> {
        match (self, U::view(units)) {
            (Finder::Empty, _) => Some(units.len()),
            (Finder::Unit(unit), _) => U::rfind(units, *unit),
            (Finder::Bytes(_, finder), Units::One(bytes)) => finder.rfind(bytes),
            (Finder::Wide(part, _), _) => {
                let backwards: Vec<U> = part.iter().rev().copied().collect();
                let found = walk(units.iter().rev(), &backwards, &borders(backwards.iter()));
                found.map(|end| units.len() - end)
            }
            _ => None,
        }
    }
}

/// For each beginning of a pattern, the length of its longest proper beginning that is also its end (Knuth, Morris, Pratt).
fn borders<'u, U: Unit>(part: impl Iterator<Item = &'u U>) -> Vec<usize> {
    let part: Vec<U> = part.copied().collect();
    let mut table = vec![0; part.len()];
    let mut length = 0;
    for at in 1..part.len() {
        while length > 0 && part.get(at) != part.get(length) {
            length = table.get(length - 1).copied().unwrap_or(0);
        }
        length += usize::from(part.get(at) == part.get(length));
        if let Some(place) = table.get_mut(at) {
            *place = length;
        }
    }
    table
}

/// Where the first occurrence ends.
fn walk<'u, U: Unit>(units: impl Iterator<Item = &'u U>, part: &[U], borders: &[usize]) -> Option<usize> {
    let mut length = 0;
    for (at, unit) in units.enumerate() {
        while length > 0 && part.get(length) != Some(unit) {
            length = borders.get(length - 1).copied().unwrap_or(0);
        }
        length += usize::from(part.get(length) == Some(unit));
        if length == part.len() {
            return Some(at + 1);
        }
    }
    None
}

/// The range of a search, or `None` if it is empty the wrong way round.
fn range(whole: Units<'_>, start: i64, end: i64) -> Option<(usize, usize)> {
    let (start, end) = adjust(start, end, whole.len());
    (start <= end).then_some((start as usize, end as usize))
}

/// `str.find`: the position, or -1.
pub fn find(whole: Units<'_>, part: Units<'_>, start: i64, end: i64) -> i64 {
    let Some((from, to)) = range(whole, start, end) else { return -1 };
    if to - from < part.len() {
        return -1;
    }
    let found = same_width!(whole.part(from..to), part, |w, p| Finder::new(p).find(w), None);
    found.map_or(-1, |at| (at + from) as i64)
}

/// `str.rfind`: the position, or -1.
pub fn rfind(whole: Units<'_>, part: Units<'_>, start: i64, end: i64) -> i64 {
    let Some((from, to)) = range(whole, start, end) else { return -1 };
    if to - from < part.len() {
        return -1;
    }
    let found = same_width!(whole.part(from..to), part, |w, p| Finder::new(p).rfind(w), None);
    found.map_or(-1, |at| (at + from) as i64)
}

/// `str.count`.
pub fn count(whole: Units<'_>, part: Units<'_>, start: i64, end: i64) -> i64 {
    let Some((from, to)) = range(whole, start, end) else { return 0 };
    if part.is_empty() {
        return (to - from + 1) as i64;
    }
    let places = |w: Units<'_>| same_width!(w, part, |w, p| occurrences(w, p).count(), 0);
    match (whole, part) {
        (Units::One(w), Units::One([one])) => {
            w.get(from..to).unwrap_or_default().iter().filter(|u| *u == one).count() as i64
        }
        _ => places(whole.part(from..to)) as i64,
    }
}

/// Where a pattern that is not empty occurs, from the left, without overlaps.
pub fn occurrences<'a, U: Unit>(units: &'a [U], part: &'a [U]) -> impl Iterator<Item = usize> + 'a {
    let finder = Finder::new(part);
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + finder.find(units.get(from..)?)?;
        from = at + part.len();
        Some(at)
    })
}

/// `str.startswith`, or `endswith`, of one text.
pub fn matches(whole: Units<'_>, part: Units<'_>, start: i64, end: i64, at_end: bool) -> bool {
    let (start, end) = adjust(start, end, whole.len());
    let end = end - part.len() as i64;
    if end < start {
        return false;
    }
    let from = if at_end { end } else { start } as usize;
    whole.part(from..from + part.len()) == part
}

/// `removeprefix`, or `removesuffix`: the range that is left.
pub fn removed(whole: Units<'_>, part: Units<'_>, at_end: bool) -> (usize, usize) {
    match (matches(whole, part, 0, i64::MAX, at_end), at_end) {
        (false, _) => (0, whole.len()),
        (true, false) => (part.len(), whole.len()),
        (true, true) => (0, whole.len() - part.len()),
    }
}

/// `str.replace`, at most so many times if the number is not negative; `None` if nothing changes.
pub fn replace(whole: Units<'_>, old: Units<'_>, new: Units<'_>, count: i64) -> Option<Text> {
    let most = usize::try_from(count).unwrap_or(usize::MAX);
    if most == 0 || whole.len() < old.len() {
        return None;
    }
    if old.is_empty() {
        let mut made = Text::with_room(whole.len());
        for (at, code) in whole.iter().map(Some).chain([None]).enumerate() {
            if at < most {
                made.add(new);
            }
            if let Some(code) = code {
                made.push(code);
            }
        }
        return Some(made);
    }
    same_width!(
        whole,
        old,
        |w, o| {
            let mut places = occurrences(w, o).take(most).peekable();
            places.peek()?;
            let mut made = Text::with_room(whole.len());
            let mut from = 0;
            for at in places {
                made.add(whole.part(from..at));
                made.add(new);
                from = at + o.len();
            }
            made.add(whole.part(from..whole.len()));
            Some(made)
        },
        None
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: i64 = i64::MAX;

    fn with<R>(a: &str, b: &str, f: impl Fn(Units<'_>, Units<'_>) -> R) -> R {
        f(Text::from(a).chars(), Text::from(b).chars())
    }

    #[test]
    fn against_rusts_own_search() {
        let texts = ["", "a", "aaaa", "abababac", "πππaπb", "xyπ", "𝄞a𝄞a", "abcabcabd", "ééa"];
        let parts = ["", "a", "aa", "aba", "π", "πa", "ππ", "𝄞", "a𝄞", "abd", "abcabd", "é", "zz"];
        for whole in texts {
            for part in parts {
                let place = |byte: usize| whole[..byte].chars().count() as i64;
                let expected = whole.find(part).map_or(-1, place);
                assert_eq!(with(whole, part, |w, p| find(w, p, 0, ALL)), expected, "{whole} {part}");
                let expected = whole.rfind(part).map_or(-1, place);
                assert_eq!(with(whole, part, |w, p| rfind(w, p, 0, ALL)), expected, "{whole} {part}");
                assert_eq!(with(whole, part, |w, p| count(w, p, 0, ALL)), whole.matches(part).count() as i64);
                assert_eq!(with(whole, part, |w, p| matches(w, p, 0, ALL, false)), whole.starts_with(part));
                assert_eq!(with(whole, part, |w, p| matches(w, p, 0, ALL, true)), whole.ends_with(part));
                let replaced =
                    with(whole, part, |w, p| replace(w, p, Units::One(b"<>"), -1).map(|t| t.chars().to_rust()));
                assert_eq!(replaced.unwrap_or(whole.to_string()), whole.replace(part, "<>"), "{whole} {part}");
            }
        }
    }

    #[test]
    fn ranges() {
        let find = |part, start, end| with("abcabc", part, |w, p| find(w, p, start, end));
        assert_eq!((find("c", -3, ALL), find("c", 0, -4), find("", 6, ALL), find("", 7, ALL)), (5, -1, 6, -1));
        assert_eq!((find("", 4, 2), find("abc", -100, 100)), (-1, 0));
        assert_eq!(with("abc", "", |w, p| (count(w, p, 3, ALL), count(w, p, 4, ALL))), (1, 0));
        assert_eq!(with("abc", "", |w, p| rfind(w, p, 0, 2)), 2);
        assert!(!with("", "", |w, p| matches(w, p, 1, ALL, false)));
    }

    #[test]
    fn replacements() {
        let replaced = |whole, old, new: &str, count| {
            with(whole, old, |w, o| replace(w, o, Text::from(new).chars(), count).map(|t| t.chars().to_rust()))
        };
        assert_eq!(replaced("abc", "", "-", 2).as_deref(), Some("-a-bc"));
        assert_eq!(replaced("", "", "x", 1).as_deref(), Some("x"));
        assert_eq!(replaced("", "", "x", 0), None);
        assert_eq!(replaced("aaaa", "a", "π", 3).as_deref(), Some("πππa"));
        assert_eq!(replaced("πa", "π", "b", -1).as_deref(), Some("ba"));
        assert_eq!(replaced("abc", "π", "b", -1), None);
        assert_eq!(with("abc", "ab", |w, p| removed(w, p, false)), (2, 3));
        assert_eq!(with("abc", "bc", |w, p| removed(w, p, true)), (0, 1));
        assert_eq!(with("abc", "b", |w, p| removed(w, p, true)), (0, 3));
    }
}
