//! What is asked of strings: equality, order, where something is, the hash.

use super::{Units, is_static, units};
use crate::each_width;
use coachwhip_abi::layout::Str;
use std::cmp::Ordering;
use std::sync::atomic::Ordering as Memory;

/// Whether two have the same code points.
pub fn equal(a: Units<'_>, b: Units<'_>) -> bool {
    match (a, b) {
        (Units::One(a), Units::One(b)) => a == b,
        (Units::Two(a), Units::Two(b)) => a == b,
        (Units::Four(a), Units::Four(b)) => a == b,
        // Each is as narrow as it can be.
        (a, b) => a.is_empty() && b.is_empty(),
    }
}

pub(super) unsafe extern "C" fn cw_str_equal(a: *const Str, b: *const Str) -> i64 {
    // SAFETY: compiled code passes live strings.
    unsafe { i64::from((*a).length == (*b).length && (a == b || equal(units(a), units(b)))) }
}

/// By code points, as CPython's.
pub fn compare(a: Units<'_>, b: Units<'_>) -> Ordering {
    match (a, b) {
        (Units::One(a), Units::One(b)) => a.cmp(b),
        (Units::Two(a), Units::Two(b)) => a.cmp(b),
        (Units::Four(a), Units::Four(b)) => a.cmp(b),
        (a, b) => a.iter().cmp(b.iter()),
    }
}

pub(super) unsafe extern "C" fn cw_str_compare(a: *const Str, b: *const Str) -> i64 {
    // SAFETY: as above.
    match unsafe { compare(units(a), units(b)) } {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }
}

/// The first place of a code point.
pub fn find_unit(text: Units<'_>, unit: u32) -> Option<usize> {
    match text {
        Units::One(units) => {
            let unit = u8::try_from(unit).ok()?;
            // SAFETY: the C library looks at so many bytes.
            let found = unsafe { libc::memchr(units.as_ptr().cast(), i32::from(unit), units.len()) };
            (!found.is_null()).then(|| found as usize - units.as_ptr() as usize)
        }
        Units::Two(units) => {
            let unit = u16::try_from(unit).ok()?;
            units.iter().position(|&u| u == unit)
        }
        Units::Four(units) => units.iter().position(|&u| u == unit),
    }
}

/// The first place of a string in another.
pub fn find(text: Units<'_>, part: Units<'_>) -> Option<usize> {
    match (text, part) {
        (_, part) if part.is_empty() => Some(0),
        (text, part) if part.len() > text.len() || part.width() > text.width() => None,
        (text, part) if part.len() == 1 => find_unit(text, part.get(0)?),
        (Units::One(text), Units::One(part)) => {
            // SAFETY: the C library looks at so many bytes; its search takes linear time.
            let found = unsafe { libc::memmem(text.as_ptr().cast(), text.len(), part.as_ptr().cast(), part.len()) };
            (!found.is_null()).then(|| found as usize - text.as_ptr() as usize)
        }
        (text, part) => linear(text, part),
    }
}

/// The search of Knuth, Morris and Pratt: in linear time, whatever the strings are.
#[allow(clippy::useless_conversion)] // in the arm of four bytes
fn linear(text: Units<'_>, part: Units<'_>) -> Option<usize> {
    let part: Vec<u32> = part.iter().collect();
    let mut back = vec![0usize; part.len()];
    let mut known = 0;
    for at in 1..part.len() {
        while known > 0 && part.get(at) != part.get(known) {
            known = back.get(known - 1).copied().unwrap_or_default();
        }
        known += usize::from(part.get(at) == part.get(known));
        if let Some(slot) = back.get_mut(at) {
            *slot = known;
        }
    }
    let mut known = 0;
    each_width!(text, units => units.iter().position(|&unit| {
        let unit = u32::from(unit);
        while known > 0 && part.get(known) != Some(&unit) {
            known = back.get(known - 1).copied().unwrap_or_default();
        }
        known += usize::from(part.get(known) == Some(&unit));
        known == part.len()
    }))
    .map(|end| end + 1 - part.len())
}

fn place(found: Option<usize>) -> i64 {
    found.map_or(-1, |at| at as i64)
}

pub(super) unsafe extern "C" fn cw_str_find(text: *const Str, part: *const Str) -> i64 {
    // SAFETY: as above.
    place(unsafe { find(units(text), units(part)) })
}

pub(super) unsafe extern "C" fn cw_str_find_char(text: *const Str, unit: i64) -> i64 {
    // SAFETY: as above.
    place(unsafe { u32::try_from(unit).ok().and_then(|unit| find_unit(units(text), unit)) })
}

/// CPython's hash in this process.
///
/// # Safety
/// The string is alive.
pub unsafe fn hash(text: *const Str) -> i64 {
    // SAFETY: as the caller promises.
    unsafe {
        let known = (*text).hash.load(Memory::Relaxed);
        if known != -1 {
            return known;
        }
        let bytes = (*text).length as usize * (*text).width as usize;
        let hash = crate::hooks::hooks().map_or(0, |hooks| (hooks.hash)((*text).owner.data, bytes));
        // A constant of compiled code lies in memory that cannot be written to.
        if !is_static(text) || !(*text).object.is_null() {
            (*text).hash.store(hash, Memory::Relaxed);
        }
        hash
    }
}

pub(super) unsafe extern "C" fn cw_str_hash(text: *const Str) -> i64 {
    // SAFETY: as above.
    unsafe { hash(text) }
}

pub(super) unsafe extern "C" fn cw_str_same(a: *const Str, b: *const Str) -> i64 {
    // SAFETY: as above.
    unsafe { i64::from(a == b || !(*a).object.is_null() && (*a).object == (*b).object) }
}
