//! Lists: a header in a counted block, and items that move when the list needs more room.

use crate::failure::fail;
use crate::memory::{count_live, release, retain};
use crate::strings::{give, of_bytes};
use coachwhip_abi::layout::{List, Owner, Str};
use coachwhip_abi::{Context, ErrorKind, Status};
use std::sync::atomic::AtomicI64;

/// A list that grows has room for at least so many items.
const LEAST_ROOM: i64 = 8;
/// A list with less room than this doubles it; a longer one grows by half, and wastes less.
const DOUBLED_ROOM: i64 = 1 << 14;

/// An empty list with room for so many items, each of so many bytes; null if there is no memory.
pub fn new_list(room: i64, item_bytes: u64, owners: u64) -> *mut List {
    let Some(bytes) = size(room, item_bytes) else { return std::ptr::null_mut() };
    // SAFETY: plain requests for memory, whose results are checked.
    unsafe {
        let list = libc::malloc(size_of::<List>()).cast::<List>();
        // Owner words in the room are null, so that what is not filled yet can be freed.
        let items = if owners == 0 { libc::malloc(bytes.max(8)) } else { libc::calloc(1, bytes.max(8)) };
        if list.is_null() || items.is_null() {
            libc::free(list.cast());
            libc::free(items);
            return std::ptr::null_mut();
        }
        let owner = Owner { count: AtomicI64::new(1), data: items.cast(), bytes, drop: Some(drop_list) };
        list.write(List { owner, length: 0, room, item_bytes, owners });
        count_live();
        list
    }
}

/// A list with one item, a value of so many words, whose owners it keeps.
///
/// # Safety
/// The words are there, and the owners among them alive.
pub(crate) unsafe fn list_of_one(words: *const u64, count: usize, owners: u64) -> *mut List {
    let list = new_list(1, 8 * count as u64, owners);
    if list.is_null() {
        std::alloc::handle_alloc_error(std::alloc::Layout::new::<List>());
    }
    // SAFETY: as the caller promises; the list has room for the item.
    unsafe {
        let item = (*list).owner.data.cast::<u64>();
        std::ptr::copy_nonoverlapping(words, item, count);
        (*list).length = 1;
        let mut owners = owners;
        while owners != 0 {
            retain(item.add(owners.trailing_zeros() as usize).read() as *mut Owner);
            owners &= owners - 1;
        }
    }
    list
}

/// Bytes of so many items; `None` if there can be no such memory.
fn size(items: i64, item_bytes: u64) -> Option<usize> {
    let bytes = usize::try_from(items).ok()?.checked_mul(usize::try_from(item_bytes).ok()?)?;
    (bytes <= isize::MAX as usize).then_some(bytes)
}

/// Makes room for at least so many items, and for more so that appending is cheap; false if there is no memory.
///
/// # Safety
/// `list` is a live list.
pub unsafe fn reserve(list: *mut List, wanted: i64) -> bool {
    // SAFETY: as the caller promises; items are plain words, which may move.
    unsafe {
        let room = (*list).room;
        if wanted <= room {
            return true;
        }
        let more = if room < DOUBLED_ROOM { room } else { room / 2 };
        let room = wanted.max(room.saturating_add(more)).max(LEAST_ROOM);
        let Some(bytes) = size(room, (*list).item_bytes).or_else(|| size(wanted, (*list).item_bytes)) else {
            return false;
        };
        let items = libc::realloc((*list).owner.data.cast(), bytes.max(8)).cast::<u8>();
        if items.is_null() {
            return false;
        }
        let old = (*list).owner.bytes;
        if (*list).owners != 0 && bytes > old {
            std::ptr::write_bytes(items.add(old), 0, bytes - old);
        }
        (*list).owner.data = items;
        (*list).owner.bytes = bytes;
        (*list).room = room;
        true
    }
}

/// Frees a list with what it holds.
///
/// # Safety
/// `owner` heads a list that nobody keeps any more.
unsafe extern "C" fn drop_list(owner: *mut Owner) {
    let deep = FREEING.with_borrow_mut(|(depth, waiting)| {
        let deep = *depth >= DEEP;
        if deep {
            waiting.push(owner)
        } else {
            *depth += 1
        }
        deep
    });
    if deep {
        return;
    }
    // SAFETY: as the caller promises, for each of them.
    unsafe {
        free_list(owner);
        while let Some(next) =
            FREEING.with_borrow_mut(|(depth, waiting)| if *depth == 1 { waiting.pop() } else { None })
        {
            free_list(next);
        }
    }
    FREEING.with_borrow_mut(|(depth, _)| *depth -= 1);
}

/// # Safety
/// As [`drop_list`].
unsafe fn free_list(owner: *mut Owner) {
    let list = owner.cast::<List>();
    // SAFETY: as the caller promises; the items below the length are there.
    unsafe {
        drop_items((*list).owner.data, (*list).length, (*list).item_bytes / 8, (*list).owners);
        libc::free((*list).owner.data.cast());
        libc::free(list.cast());
    }
}

/// Ends the items of a list that nobody will look at any more.
///
/// # Safety
/// A live list.
pub unsafe fn empty_list(list: *mut List) {
    // SAFETY: as the caller promises; the items below the length are there, and are none afterwards.
    unsafe {
        let length = std::mem::replace(&mut (*list).length, 0);
        drop_items((*list).owner.data, length, (*list).item_bytes / 8, (*list).owners);
    }
}

thread_local! {
    /// How deep lists are being freed inside others, and those that wait: chains may be of any length.
    static FREEING: std::cell::RefCell<(usize, Vec<*mut Owner>)> = const { std::cell::RefCell::new((0, Vec::new())) };
}
/// Lists nested deeper than this are freed after the others.
const DEEP: usize = 64;

/// Releases what so many items keep.
///
/// # Safety
/// The items are there, of so many words each, and the caller ends them.
unsafe fn drop_items(items: *mut u8, count: i64, words: u64, owners: u64) {
    let items = items.cast::<*mut Owner>();
    let mut owners = owners;
    while owners != 0 {
        let word = owners.trailing_zeros() as usize;
        for index in 0..count as usize {
            // SAFETY: as the caller promises.
            unsafe { release(items.add(index * words as usize + word).read()) };
        }
        owners &= owners - 1;
    }
}

unsafe extern "C" fn cw_items_drop(items: *mut u8, count: i64, words: i64, owners: i64) {
    // SAFETY: compiled code passes items that it ends.
    unsafe { drop_items(items, count, words as u64, owners as u64) }
}

/// `cw_hash_tuple`: xxHash of the hashes of the items, as CPython computes it since 3.8.
unsafe extern "C" fn cw_hash_tuple(hashes: *const List) -> i64 {
    const PRIMES: [u64; 3] = [11_400_714_785_074_694_791, 14_029_467_366_897_019_727, 2_870_177_450_012_600_261];
    /// What stands for a hash of -1, which CPython keeps for errors.
    const RESERVED: i64 = 1_546_275_796;
    let [first, second, third] = PRIMES;
    // SAFETY: compiled code passes a live list of ints.
    let (words, count) = unsafe { ((*hashes).owner.data.cast::<u64>(), (*hashes).length.max(0) as usize) };
    let mut state = third;
    for at in 0..count {
        // SAFETY: as many items are there.
        let lane = unsafe { words.add(at).read() };
        state = state.wrapping_add(lane.wrapping_mul(second)).rotate_left(31).wrapping_mul(first);
    }
    match state.wrapping_add(count as u64 ^ third ^ 3_527_539) as i64 {
        -1 => RESERVED,
        hash => hash,
    }
}

extern "C" fn cw_list_new(room: i64, item_bytes: i64, owners: i64) -> *mut List {
    new_list(room, item_bytes as u64, owners as u64)
}

unsafe extern "C" fn cw_list_reserve(list: *mut List, room: i64) -> i64 {
    // SAFETY: compiled code passes a live list.
    i64::from(unsafe { reserve(list, room) })
}

unsafe extern "C" fn cw_items_move(to: *mut u8, from: *const u8, bytes: i64) {
    // SAFETY: compiled code passes addresses inside the room of one list.
    unsafe { std::ptr::copy(from, to, bytes as usize) }
}

/// The content of a byte array.
///
/// # Safety
/// A live byte array, which nobody changes meanwhile.
unsafe fn bytes<'a>(array: *const List) -> &'a [u8] {
    // SAFETY: as the caller promises; as many bytes are there.
    unsafe { std::slice::from_raw_parts((*array).owner.data, (*array).length.max(0) as usize) }
}

unsafe extern "C" fn cw_bytes_of_array(
    context: *mut Context,
    array: *const List,
    start: i64,
    step: i64,
    count: i64,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: compiled code passes its context, a live byte array, positions inside it and room for the result.
    unsafe {
        let (all, count) = (bytes(array), count.max(0) as usize);
        let made = match (usize::try_from(start), step) {
            (Ok(start), 1) => all.get(start..start + count).map(of_bytes),
            (Ok(start), _) => {
                let at = (0..count as i64).map(|n| start as i64 + n * step);
                let picked: Option<Vec<u8>> = at.map(|at| all.get(usize::try_from(at).ok()?).copied()).collect();
                picked.map(|picked| of_bytes(&picked))
            }
            _ => (count == 0).then(|| of_bytes(&[])),
        };
        give(context, made.unwrap_or(std::ptr::null_mut()), out)
    }
}

unsafe extern "C" fn cw_array_of_bytes(context: *mut Context, from: *const Str, out: *mut *mut List) -> Status {
    // SAFETY: compiled code passes its context, a live `bytes` and room for the result.
    unsafe {
        let list = new_list((*from).length, 1, 0);
        if !list.is_null() {
            std::ptr::copy_nonoverlapping((*from).owner.data, (*list).owner.data, (*from).length as usize);
            (*list).length = (*from).length;
        }
        give(context, list, out)
    }
}

unsafe extern "C" fn cw_byte_array_extend(context: *mut Context, array: *mut List, from: *const Str) -> Status {
    // SAFETY: compiled code passes its context, a live byte array and a live `bytes`, whose memory is another one's.
    unsafe {
        let (length, more) = ((*array).length, (*from).length);
        if !reserve(array, length.saturating_add(more)) {
            return fail(&mut *context, ErrorKind::OutOfMemory, [more as u64, 0, 0, 0]);
        }
        std::ptr::copy_nonoverlapping((*from).owner.data, (*array).owner.data.add(length as usize), more as usize);
        (*array).length = length + more;
        0
    }
}

crate::addresses! {
    "cw_hash_tuple" => cw_hash_tuple;
    "cw_bytes_of_array" => cw_bytes_of_array;
    "cw_array_of_bytes" => cw_array_of_bytes;
    "cw_byte_array_extend" => cw_byte_array_extend;
    "cw_list_new" => cw_list_new;
    "cw_list_reserve" => cw_list_reserve;
    "cw_items_drop" => cw_items_drop;
    "cw_items_move" => cw_items_move;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::{allocate, retain};
    use std::sync::atomic::Ordering;

    #[test]
    fn a_list_frees_what_it_holds() {
        let inner = allocate(80, false);
        // SAFETY: live blocks of our own.
        unsafe {
            let list = new_list(0, 16, 0b10);
            for index in 0..100i64 {
                assert!(reserve(list, index + 1));
                retain(inner);
                let items = (*list).owner.data.cast::<u64>();
                items.add(2 * index as usize).write(7);
                items.add(2 * index as usize + 1).write(inner as u64);
                (*list).length = index + 1;
            }
            assert_eq!((*inner).count.load(Ordering::Relaxed), 101);
            retain(list.cast());
            release(list.cast());
            assert_eq!((*inner).count.load(Ordering::Relaxed), 101);
            release(list.cast());
            assert_eq!((*inner).count.load(Ordering::Relaxed), 1);
            release(inner);
        }
    }

    #[test]
    fn absurd_sizes_are_refused() {
        assert!(new_list(i64::MAX, 8, 0).is_null() && new_list(-1, 8, 0).is_null());
        let list = new_list(3, 8, 0);
        // SAFETY: a live list of our own.
        unsafe {
            assert!(!reserve(list, i64::MAX) && (*list).room == 3);
            release(list.cast());
        }
    }
}
