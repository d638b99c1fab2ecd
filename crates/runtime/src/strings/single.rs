//! The characters below 256 as strings that are always there.

use super::borrowed;
use coachwhip_abi::layout::Str;

/// A string that is shared between threads: nobody changes it, and its hash is atomic.
#[repr(transparent)]
struct Shared(Str);

// SAFETY: constant but for the hash, which is atomic.
unsafe impl Sync for Shared {}

/// The code points 0 to 255, each followed by a zero.
static UNITS: [[u8; 2]; 256] = {
    let mut all = [[0; 2]; 256];
    let mut at = 0;
    while at < 256 {
        #[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
        {
            all[at] = [at as u8, 0];
        }
        at += 1;
    }
    all
};

static SINGLE: [Shared; 256] = {
    let mut all = [const { Shared(borrowed(std::ptr::null_mut(), 1, 1, -1, std::ptr::null_mut())) }; 256];
    let mut at = 0;
    while at < 256 {
        #[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
        {
            all[at].0.owner.data = (&raw const UNITS[at]).cast_mut().cast();
        }
        at += 1;
    }
    all
};

static EMPTY: Shared = Shared(borrowed((&raw const UNITS).cast_mut().cast(), 0, 1, -1, std::ptr::null_mut()));

/// The string of one of these characters.
pub fn character(unit: u32) -> Option<*mut Str> {
    SINGLE.get(unit as usize).map(|shared| (&raw const shared.0).cast_mut())
}

/// The empty string.
pub fn empty() -> *mut Str {
    (&raw const EMPTY.0).cast_mut()
}
