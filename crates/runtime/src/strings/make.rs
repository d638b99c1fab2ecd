//! New strings: blocks, what is joined, repeated and cut out.

use super::{Units, is_static, single, units, width_of};
use crate::each_width;
use crate::failure::fail;
use crate::memory::{count_live, release};
use coachwhip_abi::layout::{Owner, Str};
use coachwhip_abi::{Context, ErrorKind, Status};
use std::sync::atomic::{AtomicI64, Ordering};

/// Bytes in front of the code points in a block of our own.
const HEADER: usize = size_of::<Str>();
/// A string that grows has at least room for so many bytes.
const LEAST_ROOM: usize = 32;

/// Bytes of so many code points; `None` if there can be no such memory.
fn size(length: usize, width: u64) -> Option<usize> {
    length.checked_mul(width as usize).filter(|&bytes| bytes <= isize::MAX as usize - HEADER)
}

/// A block with room for so many bytes; null if there is no memory.
fn block(length: usize, width: u64, room: usize) -> *mut Str {
    // SAFETY: plain memory, whose address is checked.
    unsafe {
        let text = libc::malloc(HEADER + room.max(8)).cast::<Str>();
        if text.is_null() {
            return text;
        }
        let data = text.cast::<u8>().add(HEADER);
        let owner = Owner { count: AtomicI64::new(1), data, bytes: room, drop: Some(drop_block) };
        text.write(Str { owner, length: length as i64, width, hash: AtomicI64::new(-1), object: std::ptr::null_mut() });
        count_live();
        text
    }
}

/// A string of so many code points, which the caller fills in; null if there is no memory.
pub fn new(length: usize, width: u64) -> *mut Str {
    size(length, width).map_or(std::ptr::null_mut(), |room| block(length, width, room))
}

/// # Safety
/// `owner` heads a block of ours that nobody keeps any more.
unsafe extern "C" fn drop_block(owner: *mut Owner) {
    // SAFETY: as the caller promises.
    unsafe { libc::free(owner.cast()) }
}

/// Where a block keeps its code points.
unsafe fn data(text: *mut Str) -> *mut u8 {
    // SAFETY: the caller passes a live string.
    unsafe { (*text).owner.data }
}

/// Writes code points into a string that is at least as wide.
///
/// # Safety
/// The string is the caller's alone, and has so many places from `at` on.
pub(super) unsafe fn put(text: *mut Str, at: usize, from: Units<'_>) {
    // SAFETY: as the caller promises; a string that is made does not lie over one that is read.
    unsafe {
        let to = data(text);
        match ((*text).width, from) {
            (1, Units::One(units)) => std::ptr::copy_nonoverlapping(units.as_ptr(), to.add(at), units.len()),
            (2, Units::Two(units)) => {
                std::ptr::copy_nonoverlapping(units.as_ptr(), to.cast::<u16>().add(at), units.len());
            }
            (4, Units::Four(units)) => {
                std::ptr::copy_nonoverlapping(units.as_ptr(), to.cast::<u32>().add(at), units.len());
            }
            (2, from) => from.iter().enumerate().for_each(|(n, unit)| to.cast::<u16>().add(at + n).write(unit as u16)),
            (4, from) => from.iter().enumerate().for_each(|(n, unit)| to.cast::<u32>().add(at + n).write(unit)),
            (_, from) => from.iter().enumerate().for_each(|(n, unit)| to.add(at + n).write(unit as u8)),
        }
    }
}

/// The width that these code points need.
pub(super) fn needed(from: Units<'_>) -> u64 {
    match from {
        Units::One(_) => 1,
        Units::Two(units) => width_of(units.iter().copied().max().map_or(0, u32::from)),
        Units::Four(units) => width_of(units.iter().copied().max().unwrap_or_default()),
    }
}

/// A string of these code points, as narrow as they allow; null if there is no memory.
pub fn of_units(from: Units<'_>) -> *mut Str {
    match (from.len(), from.get(0)) {
        (0, _) => return single::empty(),
        (1, Some(unit)) => {
            if let Some(known) = single::character(unit) {
                return known;
            }
        }
        _ => {}
    }
    let text = new(from.len(), needed(from));
    if !text.is_null() {
        // SAFETY: just made, with as many places.
        unsafe { put(text, 0, from) }
    }
    text
}

/// `bytes`, or a string of characters below 256; null if there is no memory.
pub fn of_bytes(from: &[u8]) -> *mut Str {
    of_units(Units::One(from))
}

/// Hands a string that was made to compiled code.
///
/// # Safety
/// `context` is the call's, `out` has room for an address.
pub(crate) unsafe fn give<T>(context: *mut Context, made: *mut T, out: *mut *mut T) -> Status {
    // SAFETY: as the caller promises.
    unsafe {
        out.write(made);
        if made.is_null() { fail(&mut *context, ErrorKind::OutOfMemory, [0; 4]) } else { 0 }
    }
}

pub(super) unsafe extern "C" fn cw_str_char(context: *mut Context, unit: i64, out: *mut *mut Str) -> Status {
    // SAFETY: compiled code passes its context and room for the result.
    unsafe { give(context, of_units(Units::Four(&[unit as u32])), out) }
}

/// Two strings joined; null if there is no memory.
///
/// # Safety
/// The string is alive.
unsafe fn joined(a: *mut Str, b: Units<'_>, b_width: u64) -> *mut Str {
    // SAFETY: as the caller promises.
    unsafe {
        let first = units(a);
        let width = (*a).width.max(b_width);
        let made = first.len().checked_add(b.len()).map_or(std::ptr::null_mut(), |length| new(length, width));
        if !made.is_null() {
            put(made, 0, first);
            put(made, first.len(), b);
        }
        made
    }
}

/// The same string once more.
///
/// # Safety
/// The string is alive.
pub(crate) unsafe fn kept(text: *mut Str) -> *mut Str {
    // SAFETY: as the caller promises.
    unsafe { crate::memory::retain(text.cast()) };
    text
}

pub(super) unsafe extern "C" fn cw_str_concat(
    context: *mut Context,
    a: *mut Str,
    b: *mut Str,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: compiled code passes its context, live strings and room for the result.
    unsafe {
        let made = match ((*a).length, (*b).length) {
            (0, _) => kept(b),
            (_, 0) => kept(a),
            _ => joined(a, units(b), (*b).width),
        };
        give(context, made, out)
    }
}

pub(super) unsafe extern "C" fn cw_str_concat_char(
    context: *mut Context,
    a: *mut Str,
    unit: i64,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let unit = [unit as u32];
        let made = if (*a).length == 0 { of_units(Units::Four(&unit)) } else { joined_one(a, unit) };
        give(context, made, out)
    }
}

unsafe fn joined_one(a: *mut Str, unit: [u32; 1]) -> *mut Str {
    // SAFETY: the caller passes a live string.
    unsafe { joined(a, Units::Four(&unit), width_of(unit[0])) }
}

/// A string with others after it, its own count used up: in place if nobody else keeps it and the width stays.
///
/// # Safety
/// The string is alive, one of its counts is the caller's, and what is added is not in it.
unsafe fn grown(a: *mut Str, b: Units<'_>, b_width: u64) -> *mut Str {
    // SAFETY: as the caller promises.
    unsafe {
        // One in a slab has no room of its own.
        let own = !is_static(a) && (*a).owner.bytes != 0;
        let alone = own && (*a).owner.count.load(Ordering::Acquire) == 1;
        let length = ((*a).length as usize).checked_add(b.len());
        let bytes = length.and_then(|length| size(length, (*a).width));
        let (true, true, Some(length), Some(bytes)) = (alone, b_width <= (*a).width, length, bytes) else {
            let made = if (*a).length == 0 { of_units(b) } else { joined(a, b, b_width) };
            release(a.cast());
            return made;
        };
        let mut text = a;
        if bytes > (*a).owner.bytes {
            let wanted = bytes.saturating_add(bytes / 2).max(LEAST_ROOM).min(isize::MAX as usize - HEADER);
            let moved = libc::realloc(a.cast(), HEADER + wanted).cast::<Str>();
            if moved.is_null() {
                release(a.cast());
                return moved;
            }
            text = moved;
            (*text).owner.data = text.cast::<u8>().add(HEADER);
            (*text).owner.bytes = wanted;
        }
        let at = (*text).length as usize;
        put(text, at, b);
        (*text).length = length as i64;
        (*text).hash.store(-1, Ordering::Relaxed);
        text
    }
}

pub(super) unsafe extern "C" fn cw_str_append(
    context: *mut Context,
    a: *mut Str,
    b: *mut Str,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: compiled code passes its context, live strings, of the first a count of its own, and room for the result.
    unsafe {
        let made = match ((*a).length, (*b).length) {
            (_, 0) => a,
            (0, _) => {
                let made = kept(b);
                release(a.cast());
                made
            }
            // What is added may be the same string, which then is not alone.
            _ => grown(a, units(b), (*b).width),
        };
        give(context, made, out)
    }
}

pub(super) unsafe extern "C" fn cw_str_append_char(
    context: *mut Context,
    a: *mut Str,
    unit: i64,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let unit = [unit as u32];
        let narrow = [unit[0] as u8];
        let made = match width_of(unit[0]) {
            1 => grown(a, Units::One(&narrow), 1),
            width => grown(a, Units::Four(&unit), width),
        };
        give(context, made, out)
    }
}

pub(super) unsafe extern "C" fn cw_str_repeat(
    context: *mut Context,
    a: *mut Str,
    times: i64,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let from = units(a);
        let made = match (usize::try_from(times), from.len()) {
            (Err(_) | Ok(0), _) | (_, 0) => single::empty(),
            (Ok(1), _) => kept(a),
            (Ok(times), length) => repeated(from, length, times),
        };
        give(context, made, out)
    }
}

fn repeated(from: Units<'_>, length: usize, times: usize) -> *mut Str {
    let Some(whole) = length.checked_mul(times) else { return std::ptr::null_mut() };
    let made = new(whole, from.width());
    if made.is_null() {
        return made;
    }
    // SAFETY: just made, with as many places; each copy is of what has been written.
    unsafe {
        if let (1, Some(unit), 1) = (length, from.get(0), from.width()) {
            std::ptr::write_bytes(data(made), unit as u8, whole);
            return made;
        }
        put(made, 0, from);
        let width = from.width() as usize;
        let mut done = length;
        while done < whole {
            let next = done.min(whole - done);
            std::ptr::copy_nonoverlapping(data(made), data(made).add(done * width), next * width);
            done += next;
        }
    }
    made
}

pub(super) unsafe extern "C" fn cw_str_slice(
    context: *mut Context,
    a: *mut Str,
    start: i64,
    step: i64,
    count: i64,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above; compiled code passes places inside the string.
    unsafe {
        let from = units(a);
        let made = match (usize::try_from(start), usize::try_from(count)) {
            (_, Err(_) | Ok(0)) => single::empty(),
            (Ok(0), Ok(count)) if step == 1 && count == from.len() => kept(a),
            (Ok(start), Ok(count)) if step == 1 => of_units(from.part(start..start.saturating_add(count))),
            (_, Ok(count)) => each_width!(from, all => {
                let place = |n: usize| usize::try_from(start.wrapping_add(step.wrapping_mul(n as i64))).ok();
                let picked: Vec<_> = (0..count).filter_map(|n| all.get(place(n)?).copied()).collect();
                of_units(wrapped(&picked))
            }),
        };
        give(context, made, out)
    }
}

/// A slice of code points with its width.
trait Unit: Sized {
    fn wrap(all: &[Self]) -> Units<'_>;
}

impl Unit for u8 {
    fn wrap(all: &[u8]) -> Units<'_> {
        Units::One(all)
    }
}

impl Unit for u16 {
    fn wrap(all: &[u16]) -> Units<'_> {
        Units::Two(all)
    }
}

impl Unit for u32 {
    fn wrap(all: &[u32]) -> Units<'_> {
        Units::Four(all)
    }
}

fn wrapped<T: Unit>(all: &[T]) -> Units<'_> {
    T::wrap(all)
}
