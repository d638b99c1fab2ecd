//! What the running interpreter knows of characters: classes, digits and cases.
//!
//! Which characters there are, and what they are, differs between versions of CPython, and results must be those of the
//! running one; so it is asked, once for each page of 256 characters that is met (`Hooks::characters`), and no table of
//! Unicode is shipped.  ASCII never asks.

pub use crate::characters::{Case, Mapped, class};
use crate::characters::{Character, PAGE, Page};
use crate::hooks::hooks;
use std::sync::atomic::{AtomicPtr, Ordering};

/// Pages that there can be.
const PAGES: usize = 0x110000 / PAGE;

/// The pages that were asked for; none is ever freed.
static KNOWN: [AtomicPtr<Page>; PAGES] = [const { AtomicPtr::new(std::ptr::null_mut()) }; PAGES];

/// The page of a character.  Threads may ask for one at once; one answer stays.
fn page(code: u32) -> Option<&'static Page> {
    let number = code as usize / PAGE;
    let place = KNOWN.get(number)?;
    let known = place.load(Ordering::Acquire);
    if !known.is_null() {
        // SAFETY: what stands there was boxed below and is never freed.
        return Some(unsafe { &*known });
    }
    let mut made = Box::new([Character::default(); PAGE]);
    if !ask(number as u32, &mut made) {
        return None;
    }
    let made = Box::into_raw(made);
    match place.compare_exchange(std::ptr::null_mut(), made, Ordering::AcqRel, Ordering::Acquire) {
        // SAFETY: now it is never freed.
        Ok(_) => Some(unsafe { &*made }),
        Err(first) => {
            // SAFETY: nobody else has seen the second answer; the first is never freed.
            unsafe {
                drop(Box::from_raw(made));
                Some(&*first)
            }
        }
    }
}

fn ask(number: u32, page: &mut Page) -> bool {
    match hooks() {
        Some(hooks) => (hooks.characters)(number, page),
        None => without_interpreter(number, page),
    }
}

/// Without an interpreter there are no characters but ASCII's.
#[cfg(not(test))]
fn without_interpreter(_: u32, _: &mut Page) -> bool {
    false
}

/// Nearly as CPython, from Rust's own tables: enough for the tests of this crate.
#[cfg(test)]
fn without_interpreter(number: u32, page: &mut Page) -> bool {
    use class::*;
    for (code, known) in (number * PAGE as u32..).zip(page.iter_mut()) {
        let Some(c) = char::from_u32(code) else { continue };
        let text = c.to_string();
        let (lower, upper) = (text.to_lowercase(), text.to_uppercase());
        for (to, from) in known.cases.iter_mut().zip([&lower, &upper, &upper, &lower]) {
            for (place, c) in to.iter_mut().zip(from.chars()) {
                *place = c as u32;
            }
        }
        known.cases[Case::Fold as usize] = if c == 'ß' { [0x73, 0x73, 0] } else { known.cases[0] };
        if c == 'ß' {
            known.cases[Case::Title as usize] = [0x53, 0x73, 0];
        }
        let cased = c.is_uppercase() || c.is_lowercase();
        let bits = [
            (c.is_alphabetic() && !c.is_numeric(), ALPHA),
            (matches!(c, '٠'..='٩'), DECIMAL | DIGIT | NUMERIC),
            (c == '²', DIGIT | NUMERIC),
            (c == '½', NUMERIC),
            (c.is_whitespace(), SPACE),
            (c.is_uppercase(), UPPER),
            (c.is_lowercase(), LOWER),
            (!c.is_whitespace() && !c.is_control() && c != '\u{ad}', PRINTABLE),
            (c.is_alphabetic(), ID_START | ID_CONTINUE),
            (cased, CASED),
            (matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}'), CASE_IGNORABLE),
        ];
        known.classes = bits.iter().filter(|(has, _)| *has).fold(0, |all, (_, bit)| all | bit);
        known.decimal = if matches!(c, '٠'..='٩') { code - '٠' as u32 } else { 0 };
    }
    true
}

/// The classes of an ASCII character.
const fn ascii_classes(c: u8) -> u32 {
    use class::*;
    let mut classes = 0;
    if c.is_ascii_uppercase() {
        classes |= ALPHA | UPPER | ID_START | ID_CONTINUE | CASED;
    }
    if c.is_ascii_lowercase() {
        classes |= ALPHA | LOWER | ID_START | ID_CONTINUE | CASED;
    }
    if c.is_ascii_digit() {
        classes |= DECIMAL | DIGIT | NUMERIC | ID_CONTINUE;
    }
    if matches!(c, 9..=13 | 28..=32) {
        classes |= SPACE;
    }
    if c >= 32 && c < 127 {
        classes |= PRINTABLE;
    }
    if c == b'_' {
        classes |= ID_CONTINUE;
    }
    if matches!(c, b'\'' | b'.' | b':' | b'^' | b'`') {
        classes |= CASE_IGNORABLE;
    }
    classes
}

static ASCII: [u32; 128] = {
    let mut table = [0; 128];
    let mut c = 0;
    while c < 128 {
        #[allow(clippy::indexing_slicing)] // in a constant, where a wrong index does not compile
        {
            table[c] = ascii_classes(c as u8);
        }
        c += 1;
    }
    table
};

fn character(code: u32) -> Character {
    match page(code) {
        Some(page) => page.get(code as usize % PAGE).copied().unwrap_or_default(),
        None => Character { cases: [[code, 0, 0]; 4], ..Character::default() },
    }
}

/// The classes of a character.
pub fn classes(code: u32) -> u32 {
    match ASCII.get(code as usize) {
        Some(classes) => *classes,
        None => page(code).and_then(|p| p.get(code as usize % PAGE)).map_or(0, |c| c.classes),
    }
}

/// Whether a character is of one of the classes.
pub fn is(code: u32, wanted: u32) -> bool {
    classes(code) & wanted != 0
}

/// The value of a decimal digit of any script.
pub fn decimal(code: u32) -> Option<u32> {
    match code {
        0x30..=0x39 => Some(code - 0x30),
        0..0x80 => None,
        _ => Some(character(code)).filter(|c| c.classes & class::DECIMAL != 0).map(|c| c.decimal),
    }
}

/// A character in a case.
pub fn mapped(code: u32, case: Case) -> Mapped {
    match u8::try_from(code) {
        Ok(c) if c.is_ascii() => {
            let c = match case {
                Case::Lower | Case::Fold => c.to_ascii_lowercase(),
                Case::Upper | Case::Title => c.to_ascii_uppercase(),
            };
            [u32::from(c), 0, 0]
        }
        _ => character(code).cases.get(case as usize).copied().unwrap_or([code, 0, 0]),
    }
}
