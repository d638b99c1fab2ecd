//! Short strings that are made together, such as the words of a text: several in one piece of memory.
//!
//! A slab is freed when the last of its strings is, so one that stays keeps at most [`SLAB`] bytes.  A string in a slab has no
//! room of its own (`bytes` is 0): it never grows in place.

use super::make::{needed, of_units, put};
use super::{Units, single};
use crate::memory::count_live;
use coachwhip_abi::layout::{Owner, Str};
use std::sync::atomic::{AtomicI64, Ordering};

/// Bytes of a slab.
const SLAB: usize = 4096;
/// Bytes of the first one.
const FIRST: usize = 512;
/// Strings with more bytes than this have blocks of their own.
const LONGEST: usize = 128;

/// What a slab begins with: how many of its strings are alive, and one more while strings are made in it.
#[repr(C)]
struct Slab {
    count: AtomicI64,
}

/// Where the slab of a string is noted: before the string.
const LINK: usize = size_of::<*mut Slab>();

/// Takes one off a slab's count, and frees it if that was the last.
///
/// # Safety
/// One of the counts is the caller's.
unsafe fn leave(slab: *mut Slab) {
    // SAFETY: as the caller promises.
    unsafe {
        if (*slab).count.load(Ordering::Acquire) == 1 || (*slab).count.fetch_sub(1, Ordering::AcqRel) == 1 {
            libc::free(slab.cast());
        }
    }
}

/// # Safety
/// `owner` heads a string in a slab that nobody keeps any more.
unsafe extern "C" fn drop_in_slab(owner: *mut Owner) {
    // SAFETY: as the caller promises; the slab is noted before the string.
    unsafe { leave(owner.cast::<u8>().sub(LINK).cast::<*mut Slab>().read()) }
}

/// Makes strings, short ones side by side.
pub struct Maker {
    slab: *mut Slab,
    at: usize,
    size: usize,
}

impl Maker {
    /// One that has no slab yet.
    pub const fn empty() -> Maker {
        Maker { slab: std::ptr::null_mut(), at: 0, size: 0 }
    }

    /// A string of these code points; null if there is no memory.
    pub fn string(&mut self, from: Units<'_>) -> *mut Str {
        if let (1, Some(known)) = (from.len(), from.get(0).and_then(single::character)) {
            return known;
        }
        let width = needed(from);
        let bytes = from.len() * width as usize;
        if from.is_empty() || bytes > LONGEST {
            return of_units(from);
        }
        let whole = (LINK + size_of::<Str>() + bytes).next_multiple_of(8);
        if self.at + whole > self.size && !self.another() {
            return std::ptr::null_mut();
        }
        // SAFETY: the slab is alive while its strings are made, and has so much room; all parts are multiples of 8 bytes.
        unsafe {
            let place = self.slab.cast::<u8>().add(self.at);
            place.cast::<*mut Slab>().write(self.slab);
            let text = place.add(LINK).cast::<Str>();
            let data = text.cast::<u8>().add(size_of::<Str>());
            let owner = Owner { count: AtomicI64::new(1), data, bytes: 0, drop: Some(drop_in_slab) };
            let (hash, length) = (AtomicI64::new(-1), from.len() as i64);
            text.write(Str { owner, length, width, hash, object: std::ptr::null_mut() });
            put(text, 0, from);
            (*self.slab).count.fetch_add(1, Ordering::Relaxed);
            count_live();
            self.at += whole;
            text
        }
    }

    /// Goes on in a fresh slab; false if there is no memory.
    fn another(&mut self) -> bool {
        let size = if self.slab.is_null() { FIRST } else { SLAB };
        self.end();
        // SAFETY: a plain request for memory, whose result is checked.
        unsafe {
            let slab = libc::malloc(size).cast::<Slab>();
            if slab.is_null() {
                return false;
            }
            slab.write(Slab { count: AtomicI64::new(1) });
            (self.slab, self.at, self.size) = (slab, size_of::<Slab>(), size);
            true
        }
    }

    fn end(&mut self) {
        if !self.slab.is_null() {
            // SAFETY: the count of the one who makes strings.
            unsafe { leave(self.slab) };
        }
        (self.slab, self.at, self.size) = (std::ptr::null_mut(), 0, 0);
    }
}

impl Drop for Maker {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::release;
    use crate::strings::units;

    #[test]
    fn strings_outlive_each_other_and_their_maker() {
        let mut maker = Maker::empty();
        let texts: Vec<String> = (0..500).map(|n| format!("{n:>width$}π", width = n % 90)).collect();
        let wide: Vec<Vec<u16>> = texts.iter().map(|text| text.encode_utf16().collect()).collect();
        let made: Vec<*mut Str> = wide.iter().map(|units| maker.string(Units::Two(units))).collect();
        drop(maker);
        for (step, start) in [(3, 0), (3, 2), (3, 1)] {
            for n in (start..made.len()).step_by(step) {
                // SAFETY: live strings, each released once.
                unsafe {
                    assert!(units(made[n]).iter().eq(wide[n].iter().map(|&u| u32::from(u))));
                    release(made[n].cast());
                }
            }
        }
    }

    #[test]
    fn narrow_where_they_can_be() {
        let mut maker = Maker::empty();
        let made = maker.string(Units::Four(&[97, 98]));
        // SAFETY: a live string.
        unsafe {
            assert_eq!((*made).width, 1);
            release(made.cast());
        }
        assert_eq!(maker.string(Units::Two(&[97])), single::character(97).unwrap_or(std::ptr::null_mut()));
    }
}
