//! `lower`, `upper`, `title`, `capitalize`, `casefold` and `swapcase`.

use super::chars::Text;
use super::unicode::{Case, class, is, mapped};
use crate::units::Units;

/// The cases; the numbers are those that compiled code passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum To {
    /// `lower`.
    Lower,
    /// `upper`.
    Upper,
    /// `title`.
    Title,
    /// `capitalize`.
    Capitalize,
    /// `swapcase`.
    Swapcase,
    /// `casefold`.
    Casefold,
}

impl To {
    /// Every case, by its number.
    pub const ALL: [To; 6] = [To::Lower, To::Upper, To::Title, To::Capitalize, To::Swapcase, To::Casefold];
}

/// A `str` in a case.
pub fn of_str(chars: Units<'_>, to: To) -> Text {
    if let Units::One(s) = chars
        && s.is_ascii()
    {
        return of_bytes(s, to);
    }
    match to {
        To::Lower => lower(chars),
        To::Upper => upper(chars),
        To::Title => title(chars),
        To::Capitalize => capitalize(chars),
        To::Swapcase => swapcase(chars),
        To::Casefold => casefold(chars),
    }
}

/// `bytes` in a case, or ASCII: only ASCII letters have one.
pub fn of_bytes(from: &[u8], to: To) -> Text {
    let mut made = Text::default();
    let mut inside = false;
    match to {
        To::Lower | To::Casefold => made.add_mapped(from, |c| c.to_ascii_lowercase()),
        To::Upper => made.add_mapped(from, |c| c.to_ascii_uppercase()),
        To::Swapcase => made.add_mapped(from, |c| if c.is_ascii_alphabetic() { c ^ 0x20 } else { c }),
        To::Title | To::Capitalize => made.add_mapped(from, |c| {
            let lower = std::mem::replace(&mut inside, to == To::Capitalize || c.is_ascii_alphabetic());
            if lower { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() }
        }),
    }
    made
}

const SIGMA: u32 = 0x3a3;
const FINAL_SIGMA: u32 = 0x3c2;

fn add(to: &mut Text, code: u32, case: Case) {
    let [first, rest @ ..] = mapped(code, case);
    to.push(first);
    rest.iter().filter(|c| **c != 0).for_each(|c| to.push(*c));
}

/// A character of a text in lower case: a capital sigma depends on its neighbours.
fn add_lower(to: &mut Text, chars: Units<'_>, at: usize, code: u32) {
    if code == SIGMA && is_final(chars, at) {
        to.push(FINAL_SIGMA);
    } else {
        add(to, code, Case::Lower);
    }
}

/// Whether a sigma is the last letter of a word: a letter with case stands before it and none after it.
fn is_final(chars: Units<'_>, at: usize) -> bool {
    let cased = |mut codes: &mut dyn Iterator<Item = u32>| {
        (&mut codes).find(|c| !is(*c, class::CASE_IGNORABLE)).is_some_and(|c| is(c, class::CASED))
    };
    cased(&mut chars.part(0..at).iter().rev()) && !cased(&mut chars.part(at + 1..chars.len()).iter())
}

fn each(chars: Units<'_>, mut map: impl FnMut(&mut Text, usize, u32)) -> Text {
    let mut made = Text::with_room(chars.len());
    for (at, code) in chars.iter().enumerate() {
        map(&mut made, at, code);
    }
    made
}

fn lower(chars: Units<'_>) -> Text {
    each(chars, |made, at, code| add_lower(made, chars, at, code))
}

fn upper(chars: Units<'_>) -> Text {
    each(chars, |made, _, code| add(made, code, Case::Upper))
}

fn casefold(chars: Units<'_>) -> Text {
    each(chars, |made, _, code| add(made, code, Case::Fold))
}

fn capitalize(chars: Units<'_>) -> Text {
    each(chars, |made, at, code| match at {
        0 => add(made, code, Case::Title),
        _ => add_lower(made, chars, at, code),
    })
}

fn title(chars: Units<'_>) -> Text {
    let mut inside = false;
    each(chars, |made, at, code| {
        match inside {
            true => add_lower(made, chars, at, code),
            false => add(made, code, Case::Title),
        }
        inside = is(code, class::CASED);
    })
}

fn swapcase(chars: Units<'_>) -> Text {
    each(chars, |made, at, code| {
        if is(code, class::UPPER) {
            add_lower(made, chars, at, code);
        } else if is(code, class::LOWER) {
            add(made, code, Case::Upper);
        } else {
            made.push(code);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(f: fn(Units<'_>) -> Text, text: &str, expected: &str) {
        assert_eq!(f(Text::from(text).chars()).chars().to_rust(), expected, "{text}");
    }

    #[test]
    fn cases() {
        check(lower, "ABC ÀÉ", "abc àé");
        check(lower, "ΑΣ ΣΑΣ Σ ΑΣ́Α ΑΣ.", "ας σας σ ασ́α ας.");
        check(lower, "İ", "i̇");
        check(upper, "straße πß", "STRASSE ΠSS");
        check(upper, "ÿ", "Ÿ");
        check(casefold, "Straße", "strasse");
        check(capitalize, "ßA ΑΣ", "Ssa ας");
        check(title, "hello wORLD it's ΑΣ", "Hello World It'S Ας");
        check(swapcase, "Hello ß ΑΣ", "hELLO SS ας");
        check(title, "", "");
        let bytes = |text: &[u8], to| of_bytes(text, to).chars().to_rust();
        assert_eq!(bytes(b"hello wORLD x1y", To::Title), "Hello World X1Y");
        assert_eq!(bytes(b"hELLO wORLD", To::Capitalize), "Hello world");
        assert_eq!(bytes(b"aB\xe9", To::Swapcase), "Abé");
    }
}
