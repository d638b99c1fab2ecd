//! The predicates: `isalpha`, `isdigit`, … of `str` and of `bytes`.

use super::chars::Unit;
use crate::each_width;
use crate::units::Units;

use super::unicode::{class, classes, is};

/// What a text is asked for; the numbers are those that compiled code passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum Is {
    /// `isalpha`.
    Alpha,
    /// `isdigit`.
    Digit,
    /// `isdecimal`.
    Decimal,
    /// `isnumeric`.
    Numeric,
    /// `isalnum`.
    Alnum,
    /// `isspace`.
    Space,
    /// `isupper`.
    Upper,
    /// `islower`.
    Lower,
    /// `istitle`.
    Title,
    /// `isidentifier`.
    Identifier,
    /// `isprintable`.
    Printable,
    /// `isascii`.
    Ascii,
}

impl Is {
    /// Every predicate, by its number.
    pub const ALL: [Is; 12] = {
        use Is::*;
        [Alpha, Digit, Decimal, Numeric, Alnum, Space, Upper, Lower, Title, Identifier, Printable, Ascii]
    };
}

/// The answer for a `str`.
pub fn of_str(chars: Units<'_>, what: Is) -> bool {
    by(chars, what, classes)
}

/// The answer for `bytes`: only ASCII letters and digits are any.
pub fn of_bytes(bytes: &[u8], what: Is) -> bool {
    // Among bytes, the separators of ASCII are no white space.
    by(Units::One(bytes), what, |c| match c {
        28..=31 | 128.. => 0,
        _ => classes(c),
    })
}

fn by(chars: Units<'_>, what: Is, classes: impl Fn(u32) -> u32) -> bool {
    let all = |wanted: u32| each_width!(chars, s => s.iter().all(|u| classes(u.code()) & wanted != 0));
    let some_and_all = |wanted: u32| !chars.is_empty() && all(wanted);
    match what {
        Is::Alpha => some_and_all(class::ALPHA),
        Is::Digit => some_and_all(class::DIGIT),
        Is::Decimal => some_and_all(class::DECIMAL),
        Is::Numeric => some_and_all(class::NUMERIC),
        Is::Alnum => some_and_all(class::ALNUM),
        Is::Space => some_and_all(class::SPACE),
        Is::Printable => all(class::PRINTABLE),
        Is::Ascii => chars.is_ascii(),
        Is::Upper => one_case(chars, class::UPPER, class::LOWER | class::TITLE, classes),
        Is::Lower => one_case(chars, class::LOWER, class::UPPER | class::TITLE, classes),
        Is::Title => title(chars, classes),
        Is::Identifier => match chars.get(0) {
            Some(first) => (first == 0x5f || is(first, class::ID_START)) && all(class::ID_CONTINUE),
            None => false,
        },
    }
}

fn one_case(chars: Units<'_>, wanted: u32, other: u32, classes: impl Fn(u32) -> u32) -> bool {
    let mut any = false;
    for code in chars.iter() {
        let found = classes(code);
        if found & other != 0 {
            return false;
        }
        any |= found & wanted != 0;
    }
    any
}

fn title(chars: Units<'_>, classes: impl Fn(u32) -> u32) -> bool {
    let (mut any, mut inside) = (false, false);
    for code in chars.iter() {
        let found = classes(code);
        let first = found & (class::UPPER | class::TITLE) != 0;
        let later = found & class::LOWER != 0;
        if first && inside || !first && later && !inside {
            return false;
        }
        inside = first || later;
        any |= inside;
    }
    any
}

#[cfg(test)]
mod tests {
    use super::super::chars::Text;
    use super::*;

    #[test]
    fn predicates() {
        let holds = |text: &str| -> Vec<Is> {
            let text = Text::from(text);
            Is::ALL.into_iter().filter(|what| of_str(text.chars(), *what)).collect()
        };
        use Is::*;
        assert_eq!(holds(""), [Printable, Ascii]);
        assert_eq!(holds("aB"), [Alpha, Alnum, Identifier, Printable, Ascii]);
        assert_eq!(holds("_1"), [Identifier, Printable, Ascii]);
        assert_eq!(holds("12"), [Digit, Decimal, Numeric, Alnum, Printable, Ascii]);
        assert_eq!(holds("٣"), [Digit, Decimal, Numeric, Alnum, Printable]);
        assert_eq!(holds("²"), [Digit, Numeric, Alnum, Printable]);
        assert_eq!(holds(" \t\x1f"), [Space, Ascii]);
        assert_eq!(holds("Hello World 1"), [Title, Printable, Ascii]);
        assert_eq!(holds("ABC-1"), [Upper, Printable, Ascii]);
        assert_eq!(holds("π-1"), [Lower, Printable]);
        assert!(of_bytes(b"\x0b\n ", Space) && !of_bytes(b"\x1f", Space) && !of_bytes(b"\xe9", Alpha));
        assert!(of_bytes(b"Ab Cd", Title) && of_bytes(b"A\xc9", Upper) && !of_bytes(b"\xff", Ascii));
    }
}
