//! Strings as values of compiled code: counted blocks with their code points (`abi::layout::Str`).
//!
//! A block of our own is one piece of memory, header first, so that a string which grows may grow in place.  Others
//! have code points elsewhere: constants of compiled code, the characters below 256 here, and the strings of a caller,
//! which are borrowed for a call.  `bytes` are the same with a width of 1.

pub mod compare;
mod make;
pub mod single;
pub mod slab;
#[cfg(test)]
mod tests;

pub use crate::units::{Units, units_at, width_of};
pub(crate) use make::{give, kept};
pub use make::{new, of_bytes, of_units};

use coachwhip_abi::layout::{Owner, STATIC_COUNT, Str};
use std::sync::atomic::{AtomicI64, Ordering};

/// The code points of a string.
///
/// # Safety
/// The string is alive as long as the answer is used.
pub unsafe fn units<'a>(text: *const Str) -> Units<'a> {
    // SAFETY: as the caller promises.
    unsafe { units_at((*text).owner.data, (*text).length, (*text).width) }
}

/// A string over memory that somebody else keeps; nobody frees it.
pub const fn borrowed(data: *mut u8, length: i64, width: u64, hash: i64, object: *mut core::ffi::c_void) -> Str {
    let owner = Owner { count: AtomicI64::new(STATIC_COUNT), data, bytes: 0, drop: None };
    Str { owner, length, width, hash: AtomicI64::new(hash), object }
}

/// Whether a string is one that nobody frees.
pub(crate) unsafe fn is_static(text: *const Str) -> bool {
    // SAFETY: the caller passes a live string.
    unsafe { (*text).owner.count.load(Ordering::Relaxed) < 0 }
}

crate::addresses! {
    "cw_str_char" => make::cw_str_char;
    "cw_str_concat" => make::cw_str_concat;
    "cw_str_concat_char" => make::cw_str_concat_char;
    "cw_str_append" => make::cw_str_append;
    "cw_str_append_char" => make::cw_str_append_char;
    "cw_str_repeat" => make::cw_str_repeat;
    "cw_str_slice" => make::cw_str_slice;
    "cw_str_equal" => compare::cw_str_equal;
    "cw_str_compare" => compare::cw_str_compare;
    "cw_str_find" => compare::cw_str_find;
    "cw_str_find_char" => compare::cw_str_find_char;
    "cw_str_hash" => compare::cw_str_hash;
    "cw_str_same" => compare::cw_str_same;
}
