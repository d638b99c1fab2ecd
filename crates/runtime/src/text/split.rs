//! `strip`, `split`, `splitlines` and `partition`: ranges of a text.

use super::chars::Unit;
use super::search::{Finder, same_width};
use super::unicode::{class, is};
use crate::each_width;
use crate::units::Units;

/// From one position up to another.
pub type Range = (usize, usize);

/// Which ends are stripped; the numbers are those that compiled code passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Both.
    Both,
    /// The beginning.
    Left,
    /// The end.
    Right,
}

impl Ends {
    /// Every way, by its number.
    pub const ALL: [Ends; 3] = [Ends::Both, Ends::Left, Ends::Right];
}

/// Whether a code point is white space in a `str`, or in `bytes`.
pub fn is_space(code: u32, bytes: bool) -> bool {
    match bytes {
        true => matches!(code, 9..=13 | 32),
        false => is(code, class::SPACE),
    }
}

/// What is left without the characters that are to go.
pub fn strip(chars: Units<'_>, ends: Ends, gone: impl Fn(u32) -> bool) -> Range {
    let (mut from, mut to) = (0, chars.len());
    if ends != Ends::Right {
        while from < to && chars.get(from).is_some_and(&gone) {
            from += 1;
        }
    }
    if ends != Ends::Left {
        while from < to && chars.get(to - 1).is_some_and(&gone) {
            to -= 1;
        }
    }
    (from, to)
}

/// What is left without the characters of another text.
pub fn strip_chars(chars: Units<'_>, ends: Ends, set: Units<'_>) -> Range {
    let mut ascii = [false; 128];
    for code in set.iter() {
        if let Some(place) = ascii.get_mut(code as usize) {
            *place = true;
        }
    }
    strip(chars, ends, |code| match ascii.get(code as usize) {
        Some(gone) => *gone,
        None => set.iter().any(|c| c == code),
    })
}

/// `split` at white space, at most so many times.
pub fn words(chars: Units<'_>, most: usize, bytes: bool, take: impl FnMut(Range)) {
    each_width!(chars, s => words_of(s, most, bytes, take))
}

fn words_of<U: Unit>(units: &[U], most: usize, bytes: bool, mut take: impl FnMut(Range)) {
    let is_space = |u: &U| is_space(u.code(), bytes);
    let (mut at, mut left) = (0, most);
    while let Some(rest) = units.get(at..) {
        let Some(blanks) = rest.iter().position(|u| !is_space(u)) else { return };
        let from = at + blanks;
        if left == 0 {
            return take((from, units.len()));
        }
        left -= 1;
        let word = rest.iter().skip(blanks).position(is_space);
        at = word.map_or(units.len(), |length| from + length);
        take((from, at));
    }
}

/// `rsplit` at white space: from the last word to the first.
pub fn words_backwards(chars: Units<'_>, most: usize, bytes: bool, mut take: impl FnMut(Range)) {
    let space_before = |at: usize| chars.get(at - 1).is_some_and(|c| is_space(c, bytes));
    let (mut at, mut left) = (chars.len(), most);
    loop {
        while at > 0 && space_before(at) {
            at -= 1;
        }
        if at == 0 {
            return;
        }
        if left == 0 {
            return take((0, at));
        }
        left -= 1;
        let to = at;
        while at > 0 && !space_before(at) {
            at -= 1;
        }
        take((at, to));
    }
}

/// `split` at a text that is not empty, at most so many times.
pub fn split(chars: Units<'_>, separator: Units<'_>, most: usize, mut take: impl FnMut(Range)) {
    let mut from = 0;
    same_width!(
        chars,
        separator,
        |w, s| {
            for at in super::search::occurrences(w, s).take(most) {
                take((from, at));
                from = at + s.len();
            }
        },
        {}
    );
    take((from, chars.len()));
}

/// `rsplit`: from the last part to the first.
pub fn split_backwards(chars: Units<'_>, separator: Units<'_>, most: usize, mut take: impl FnMut(Range)) {
    let mut to = chars.len();
    same_width!(
        chars,
        separator,
        |w, s| {
            let finder = Finder::new(s);
            let mut left = most;
            while left > 0 {
                let Some(at) = w.get(..to).and_then(|part| finder.rfind(part)) else { break };
                take((at + s.len(), to));
                to = at;
                left -= 1;
            }
        },
        {}
    );
    take((0, to));
}

/// Where the first occurrence stands, or the last.
pub fn partition(chars: Units<'_>, separator: Units<'_>, backwards: bool) -> Option<usize> {
    let find = if backwards { super::search::rfind } else { super::search::find };
    usize::try_from(find(chars, separator, 0, i64::MAX)).ok()
}

/// `splitlines`.
pub fn lines(chars: Units<'_>, keep_ends: bool, bytes: bool, mut take: impl FnMut(Range)) {
    let ends = |code: u32| match bytes {
        true => matches!(code, 10 | 13),
        false => matches!(code, 10..=13 | 28..=30 | 0x85 | 0x2028 | 0x2029),
    };
    let length = chars.len();
    let mut at = 0;
    while at < length {
        let from = at;
        while at < length && !chars.get(at).is_some_and(ends) {
            at += 1;
        }
        let to = at;
        if at < length {
            let pair = chars.get(at) == Some(13) && chars.get(at + 1) == Some(10);
            at += if pair { 2 } else { 1 };
        }
        take((from, if keep_ends { at } else { to }));
    }
}

#[cfg(test)]
mod tests {
    use super::super::chars::Text;
    use super::*;

    fn parts(text: &str, f: impl Fn(Units<'_>, &mut dyn FnMut(Range))) -> Vec<String> {
        let text = Text::from(text);
        let mut found = vec![];
        f(text.chars(), &mut |(a, b)| found.push(text.chars().part(a..b).to_rust()));
        found
    }

    #[test]
    fn words_of_a_text() {
        for text in ["", "  ", "a", " a  b\tc ", "π\u{2003}b", "x\u{85}y\x1fz"] {
            let expected: Vec<&str> =
                text.split(|c: char| c.is_whitespace() || c == '\x1f').filter(|w| !w.is_empty()).collect();
            assert_eq!(parts(text, |c, take| words(c, usize::MAX, false, take)), expected);
            let mut backwards = parts(text, |c, take| words_backwards(c, usize::MAX, false, take));
            backwards.reverse();
            assert_eq!(backwards, expected);
        }
        assert_eq!(parts(" a  b  c ", |c, take| words(c, 1, false, take)), ["a", "b  c "]);
        assert_eq!(parts(" a  b  c ", |c, take| words_backwards(c, 1, false, take)), ["c", " a  b"]);
        assert_eq!(parts(" a ", |c, take| words(c, 0, false, take)), ["a "]);
        assert_eq!(parts("a\x1fb", |c, take| words(c, 9, true, take)), ["a\x1fb"]);
    }

    #[test]
    fn parts_of_a_text() {
        for (text, sep) in [("", ","), ("a,b,,c,", ","), ("aaaa", "aa"), ("πxπ", "π"), ("abc", "𝄞"), ("aaa", "aa")]
        {
            let sep_text = Text::from(sep);
            let found = parts(text, |c, take| split(c, sep_text.chars(), usize::MAX, take));
            assert_eq!(found, text.split(sep).collect::<Vec<_>>());
            let found = parts(text, |c, take| split_backwards(c, sep_text.chars(), usize::MAX, take));
            assert_eq!(found, text.rsplit(sep).collect::<Vec<_>>());
        }
        let comma = Text::from(",");
        assert_eq!(parts("a,b,c", |c, take| split(c, comma.chars(), 1, take)), ["a", "b,c"]);
        assert_eq!(parts("a,b,c", |c, take| split_backwards(c, comma.chars(), 1, take)), ["c", "a,b"]);
    }

    #[test]
    fn lines_of_a_text() {
        let text = "a\nb\r\nc\rd\u{2028}\n\ne\x0bf";
        let expected = ["a", "b", "c", "d", "", "", "e", "f"];
        assert_eq!(parts(text, |c, take| lines(c, false, false, take)), expected);
        let kept = parts(text, |c, take| lines(c, true, false, take));
        assert_eq!(kept.concat(), text);
        assert_eq!(parts("a\x0bb\n", |c, take| lines(c, false, true, take)), ["a\x0bb"]);
        assert!(parts("", |c, take| lines(c, false, false, take)).is_empty());
    }

    #[test]
    fn stripped() {
        let text = Text::from(" πa\u{2003}");
        let space = |c| is_space(c, false);
        assert_eq!(strip(text.chars(), Ends::Both, space), (1, 3));
        assert_eq!(strip(text.chars(), Ends::Left, space), (1, 4));
        assert_eq!(strip(text.chars(), Ends::Right, space), (0, 3));
        assert_eq!(strip_chars(text.chars(), Ends::Both, Text::from("π ").chars()), (2, 4));
        assert_eq!(strip(Text::from("  ").chars(), Ends::Right, space), (0, 0));
        assert_eq!(partition(text.chars(), Text::from("a").chars(), true), Some(2));
    }
}
