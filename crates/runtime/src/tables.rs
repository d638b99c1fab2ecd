//! The tables of dicts and sets, as `python/coachwhip/lib/tables.py` describes them and goes on with them: what the Python face
//! needs to make one of an object.

use crate::lists::new_list;
use crate::memory::release;
use coachwhip_abi::layout::{List, Owner};

/// Numbers before the places.
pub const HEAD: usize = 4;
/// Which of them counts dummies.
pub const DUMMIES: usize = 0;
/// Which of them counts holes among the entries.
pub const HOLES: usize = 1;
/// Which of them is where a set's `pop` looks first.
pub const FINGER: usize = 2;
/// A place where something was.
pub const DUMMY: u64 = u64::MAX;
/// The bits of a place that are the number of its entry.
pub const NUMBER: u64 = 0x7fff_ffff;
/// Places of the smallest table.
pub const LEAST: usize = 8;
const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;

/// The two lists of an empty table of so many places, with room for so many entries of so many words; `None` if there is no memory.
pub fn new_table(places: usize, room: usize, width: u64, owners: u64) -> Option<(*mut List, *mut List)> {
    if room as u64 >= NUMBER {
        return None;
    }
    let words = new_list((HEAD + places) as i64, 8, 0);
    let entries = new_list(room as i64, 8 * width, owners);
    if words.is_null() || entries.is_null() {
        // SAFETY: null, or ours alone.
        unsafe {
            release(words.cast::<Owner>());
            release(entries.cast::<Owner>());
        }
        return None;
    }
    // SAFETY: a new list with room for these words.
    unsafe {
        std::ptr::write_bytes((*words).owner.data.cast::<u64>(), 0, HEAD + places);
        (*words).length = (HEAD + places) as i64;
    }
    Some((words, entries))
}

/// What stands in the place of an entry with this hash and number, counted from 1.
pub fn place_word(hash: i64, number: usize) -> u64 {
    (hash as u64 & NUMBER) << 32 | number as u64
}

/// Takes the first free place for an entry whose key is not in the table.
pub fn mark(words: &mut [u64], hash: i64, number: usize) {
    let Some(places) = words.get_mut(HEAD..).filter(|places| !places.is_empty()) else { return };
    let mask = places.len() - 1;
    let (mut perturb, mut start) = (hash as u64, hash as usize & mask);
    loop {
        let last = if start + LINEAR_PROBES <= mask { start + LINEAR_PROBES } else { start };
        let free = places.get_mut(start..=last).and_then(|part| part.iter_mut().find(|place| **place == 0));
        if let Some(place) = free {
            *place = place_word(hash, number);
            return;
        }
        perturb >>= PERTURB_SHIFT;
        start = start.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize) & mask;
    }
}
