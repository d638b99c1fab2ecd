//! Masks over contiguous memory: how many of their bytes are set, where, and the elements beside them packed
//! together or spread out.
//!
//! Sixty-four bytes of a mask become the bits of a word, which is read once; so a mask that another thread changes
//! meanwhile gives other elements, but nothing is stored beyond `room` of them.

use crate::arch::{Machine, Work, pack_halves, pack_positions, pack_words, run, unpack_halves, unpack_words};

/// The bytes of a mask as bits, 64 at a time, with how many of them count.
struct Words<'a, M> {
    bytes: &'a [u8],
    machine: M,
}

impl<M: Machine> Iterator for Words<'_, M> {
    type Item = (u64, usize);
    #[inline(always)]
    fn next(&mut self) -> Option<(u64, usize)> {
        let (head, rest) = self.bytes.split_at(self.bytes.len().min(64));
        self.bytes = rest;
        match <&[u8; 64]>::try_from(head) {
            Ok(block) => Some((self.machine.bits(block), 64)),
            Err(_) if head.is_empty() => None,
            Err(_) => {
                let bits = head.iter().enumerate().fold(0, |bits, (i, byte)| bits | u64::from(*byte != 0) << i);
                Some((bits, head.len()))
            }
        }
    }
}

/// A mask as it is handed over.
#[derive(Clone, Copy)]
struct Mask {
    start: *const u8,
    count: i64,
}

impl Mask {
    /// # Safety
    /// It points at as many bytes as it says.
    #[inline(always)]
    unsafe fn words<'a, M: Machine>(self, machine: M) -> Words<'a, M> {
        let bytes = if self.count <= 0 {
            &[]
        } else {
            // SAFETY: as promised; bytes of a mask are plain bytes, whatever their value.
            unsafe { std::slice::from_raw_parts(self.start, self.count as usize) }
        };
        Words { bytes, machine }
    }
}

/// The number of bytes that are not zero.
struct Count(Mask);

impl Work for Count {
    #[inline(always)]
    unsafe fn run<M: Machine>(self, machine: M) -> i64 {
        // SAFETY: as promised.
        unsafe { self.0.words(machine) }.map(|(bits, _)| i64::from(bits.count_ones())).sum()
    }
}

/// # Safety
/// `mask` points at `count` bytes.
unsafe extern "C" fn count(mask: *const u8, count: i64) -> i64 {
    // SAFETY: as promised.
    unsafe { run(Count(Mask { start: mask, count })) }
}

/// Stores `first` plus the position of every byte that is not zero.
struct Positions {
    mask: Mask,
    target: *mut i64,
    room: i64,
    first: i64,
}

impl Work for Positions {
    #[inline(always)]
    unsafe fn run<M: Machine>(self, machine: M) -> i64 {
        let (mut k, mut base) = (0, self.first);
        // SAFETY: as promised.
        for (mut bits, len) in unsafe { self.mask.words(machine) } {
            let found = i64::from(bits.count_ones());
            if k + found > self.room {
                break;
            }
            // SAFETY: `found` words from `k` are inside the room.
            unsafe {
                let mut at = self.target.offset(k as isize);
                if found > 4 && M::WIDE {
                    pack_positions(bits, base, at);
                } else {
                    while bits != 0 {
                        at.write(base + i64::from(bits.trailing_zeros()));
                        at = at.add(1);
                        bits &= bits - 1;
                    }
                }
            }
            k += found;
            base += len as i64;
        }
        k
    }
}

/// Returns how many there were, at most `room`.
///
/// # Safety
/// `mask` points at `count` bytes, `target` at `room` words that may be written.
unsafe extern "C" fn positions(mask: *const u8, count: i64, target: *mut i64, room: i64, first: i64) -> i64 {
    // SAFETY: as promised.
    unsafe { run(Positions { mask: Mask { start: mask, count }, target, room, first }) }
}

/// Packs the elements beside bytes that are not zero; returns how many, which is at most `room`.
///
/// # Safety
/// `mask` points at `count` bytes, `source` at as many elements of `item` bytes, `target` at `room` of them that may be
/// written and share no memory with the others.
unsafe extern "C" fn compress(
    mask: *const u8,
    count: i64,
    source: *const u8,
    target: *mut u8,
    room: i64,
    item: i64,
) -> i64 {
    // SAFETY: as promised; elements of a size are moved as numbers of that size, without regard to alignment.
    unsafe {
        match item {
            1 => pack(mask, count, source, target, room),
            2 => pack::<u16>(mask, count, source.cast(), target.cast(), room),
            4 => pack::<u32>(mask, count, source.cast(), target.cast(), room),
            8 => pack::<u64>(mask, count, source.cast(), target.cast(), room),
            _ => pack::<u128>(mask, count, source.cast(), target.cast(), room),
        }
    }
}

/// # Safety
/// As [`compress`].
unsafe fn pack<T: Copy>(mask: *const u8, count: i64, source: *const T, target: *mut T, room: i64) -> i64 {
    // SAFETY: as promised.
    unsafe { run(Pack { mask: Mask { start: mask, count }, source, target, room }) }
}

/// Packs the elements beside bytes that are not zero.
struct Pack<T> {
    mask: Mask,
    source: *const T,
    target: *mut T,
    room: i64,
}

impl<T: Copy> Work for Pack<T> {
    #[inline(always)]
    unsafe fn run<M: Machine>(self, machine: M) -> i64 {
        let (mut k, mut start) = (0, 0);
        // SAFETY: as promised.
        for (bits, len) in unsafe { self.mask.words(machine) } {
            let found = i64::from(bits.count_ones());
            if k + found > self.room {
                break;
            }
            // SAFETY: the block's elements are inside the source, `found` elements from `k` inside the room.
            unsafe {
                let (from, to) = (self.source.add(start), self.target.offset(k as isize));
                if found == 64 {
                    std::ptr::copy_nonoverlapping(from, to, 64);
                } else if found > 4 && M::WIDE && len == 64 && size_of::<T>() == 8 {
                    pack_words(bits, from.cast(), to.cast());
                } else if found > 4 && M::WIDE && len == 64 && size_of::<T>() == 4 {
                    pack_halves(bits, from.cast(), to.cast());
                } else if found > 16 && found < self.room - k {
                    pack_all(bits, len, from, to);
                } else {
                    pack_few(bits, from, to);
                }
            }
            k += found;
            start += len;
        }
        k
    }
}

/// Every element is stored, but the place moves only after those that are wanted: no branch depends on the bits.
///
/// # Safety
/// There is room for one element more than `bits` has bits.
#[inline(always)]
unsafe fn pack_all<T: Copy>(bits: u64, len: usize, source: *const T, target: *mut T) {
    let mut at = target;
    for i in 0..len {
        // SAFETY: `at` is at most after the last one found.
        unsafe {
            at.write_unaligned(source.add(i).read_unaligned());
            at = at.add((bits >> i & 1) as usize);
        }
    }
}

/// # Safety
/// There is room for as many elements as `bits` has bits.
#[inline(always)]
unsafe fn pack_few<T: Copy>(mut bits: u64, source: *const T, target: *mut T) {
    let mut at = target;
    while bits != 0 {
        // SAFETY: one element for each bit.
        unsafe {
            at.write_unaligned(source.add(bits.trailing_zeros() as usize).read_unaligned());
            at = at.add(1);
        }
        bits &= bits - 1;
    }
}

/// Stores the items of `source` in turn beside bytes that are not zero; returns how many, which is at most `room`.
///
/// # Safety
/// `mask` points at `count` bytes, `target` at as many elements of `item` bytes that may be written, `source` at `room` of
/// them; `source` shares no memory with the others.
unsafe extern "C" fn expand(
    mask: *const u8,
    count: i64,
    source: *const u8,
    room: i64,
    target: *mut u8,
    item: i64,
) -> i64 {
    // SAFETY: as promised.
    unsafe {
        match item {
            1 => unpack(mask, count, source, room, target),
            2 => unpack::<u16>(mask, count, source.cast(), room, target.cast()),
            4 => unpack::<u32>(mask, count, source.cast(), room, target.cast()),
            8 => unpack::<u64>(mask, count, source.cast(), room, target.cast()),
            _ => unpack::<u128>(mask, count, source.cast(), room, target.cast()),
        }
    }
}

/// # Safety
/// As [`expand`].
unsafe fn unpack<T: Copy>(mask: *const u8, count: i64, source: *const T, room: i64, target: *mut T) -> i64 {
    // SAFETY: as promised.
    unsafe { run(Unpack { mask: Mask { start: mask, count }, source, target, room }) }
}

/// Stores items in turn beside bytes that are not zero.
struct Unpack<T> {
    mask: Mask,
    source: *const T,
    target: *mut T,
    room: i64,
}

impl<T: Copy> Work for Unpack<T> {
    #[inline(always)]
    unsafe fn run<M: Machine>(self, machine: M) -> i64 {
        let (mut k, mut start) = (0, 0);
        // SAFETY: as promised.
        for (mut bits, len) in unsafe { self.mask.words(machine) } {
            let found = i64::from(bits.count_ones());
            if k + found > self.room {
                break;
            }
            // SAFETY: `found` items from `k` are inside the source, the block's elements inside the target.
            unsafe {
                let (mut from, to) = (self.source.offset(k as isize), self.target.add(start));
                if found == 64 {
                    std::ptr::copy_nonoverlapping(from, to, 64);
                } else if found > 4 && M::WIDE && len == 64 && size_of::<T>() == 8 {
                    unpack_words(bits, from.cast(), to.cast());
                } else if found > 4 && M::WIDE && len == 64 && size_of::<T>() == 4 {
                    unpack_halves(bits, from.cast(), to.cast());
                } else {
                    while bits != 0 {
                        to.add(bits.trailing_zeros() as usize).write_unaligned(from.read_unaligned());
                        from = from.add(1);
                        bits &= bits - 1;
                    }
                }
            }
            k += found;
            start += len;
        }
        k
    }
}

crate::addresses! {
    "cw_mask_count" => count;
    "cw_mask_positions" => positions;
    "cw_mask_compress" => compress;
    "cw_mask_expand" => expand;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masks() -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        for size in [0usize, 1, 7, 63, 64, 65, 128, 200, 1000] {
            for every in [1usize, 2, 3, 10, 70, 5000] {
                all.push((0..size).map(|i| u8::from((i * 7 + i / 3) % every == 0) * (1 + (i % 3) as u8)).collect());
                all.push((0..size).map(|i| u8::from((i * 7 + i / 3) % every != 0)).collect());
            }
        }
        all
    }

    #[test]
    fn positions_are_those_of_the_bytes_set() {
        for mask in masks() {
            let want: Vec<i64> = (0..mask.len()).filter(|&i| mask[i] != 0).map(|i| i as i64 + 5).collect();
            let mut got = vec![-1; want.len()];
            // SAFETY: the lengths are those of the vectors.
            let found = unsafe {
                assert_eq!(count(mask.as_ptr(), mask.len() as i64), want.len() as i64);
                positions(mask.as_ptr(), mask.len() as i64, got.as_mut_ptr(), got.len() as i64, 5)
            };
            assert_eq!((found, got), (want.len() as i64, want));
        }
    }

    fn packs<T: Copy + PartialEq + std::fmt::Debug>(make: impl Fn(usize) -> T) {
        for mask in masks() {
            let source: Vec<T> = (0..mask.len()).map(&make).collect();
            let want: Vec<T> = (0..mask.len()).filter(|&i| mask[i] != 0).map(&make).collect();
            let mut got = vec![make(9999); want.len()];
            let item = size_of::<T>() as i64;
            let len = mask.len() as i64;
            // SAFETY: the lengths are those of the vectors.
            unsafe {
                let (from, to) = (source.as_ptr().cast(), got.as_mut_ptr().cast());
                assert_eq!(compress(mask.as_ptr(), len, from, to, want.len() as i64, item), want.len() as i64);
            }
            assert_eq!(got, want);
            let mut back = vec![make(7777); mask.len()];
            // SAFETY: likewise.
            unsafe { expand(mask.as_ptr(), len, want.as_ptr().cast(), len, back.as_mut_ptr().cast(), item) };
            for (i, byte) in mask.iter().enumerate() {
                assert_eq!(back[i], if *byte != 0 { make(i) } else { make(7777) });
            }
        }
    }

    #[test]
    fn elements_of_every_size_are_packed_and_spread() {
        packs(|i| i as u8);
        packs(|i| i as u16);
        packs(|i| i as u32);
        packs(|i| i as u64 * 0x1_0000_0001);
        packs(|i| i as u128 * 0x1_0000_0000_0000_0001);
    }

    #[test]
    fn nothing_is_stored_behind_the_room() {
        let mask = [1u8; 200];
        let mut got = [-1i64; 100];
        // SAFETY: there is room for 70 words.
        let found = unsafe { positions(mask.as_ptr(), 200, got.as_mut_ptr(), 70, 0) };
        assert!(found <= 70 && got[70..].iter().all(|x| *x == -1));
    }
}
