//! Sorting and selecting, in NumPy's order: NaN last, complex numbers by their real parts first.
//!
//! Numbers become integers that compare as they do, so that one sort serves all dtypes of a width.  Long lines are sorted
//! byte by byte ([`radix`]), short ones by comparing.  None of these functions allocates: those that need memory are handed a
//! scratch array.

use crate::radix::radix;
use coachwhip_abi::dtype::{Dtype, Kind};
use std::cmp::Ordering;
use std::slice::from_raw_parts_mut;

/// From this length on, lines are sorted byte by byte.
const LONG: usize = 512;

/// An integer, or a key with a position, that can be sorted byte by byte.
trait Digits: Copy + Ord {
    /// How many bytes there are to sort by.
    const BYTES: usize;
    /// An unsigned number that compares as the item does.
    fn key(&self) -> u64;
}

macro_rules! digits {
    ($($int:ty, $flip:expr;)*) => {
        $(impl Digits for $int {
            const BYTES: usize = size_of::<$int>();
            fn key(&self) -> u64 {
                (*self as u64) ^ $flip
            }
        })*
    };
}

// The sign bit is turned over; the bytes above the type's own are not looked at.
digits! {
    u8, 0;
    u16, 0;
    u32, 0;
    u64, 0;
    i8, 0x80;
    i16, 0x8000;
    i32, 0x8000_0000;
    i64, 0x8000_0000_0000_0000;
}

/// A key and a position: sorting by the keys alone keeps the order of the positions.
impl Digits for [u64; 2] {
    const BYTES: usize = 8;
    fn key(&self) -> u64 {
        self[0]
    }
}

/// What is done with the elements of one type.
trait Work {
    fn plain<T: Digits>(self, items: &mut [T]);
    fn ordered<T: Copy>(self, items: &mut [T], compare: impl FnMut(&T, &T) -> Ordering);
}

/// Ascending; the scratch memory is an address and so many bytes.
struct Sort(*mut u8, usize);

impl Work for Sort {
    fn plain<T: Digits>(self, items: &mut [T]) {
        let room = self.1 / size_of::<T>();
        if items.len() < LONG || room < items.len() || self.0.align_offset(align_of::<T>()) != 0 {
            return items.sort_unstable();
        }
        if items.is_sorted() {
            return;
        }
        // SAFETY: the caller handed over so many bytes, which nobody else uses; they are aligned.
        let scratch = unsafe { from_raw_parts_mut(self.0.cast::<T>(), items.len()) };
        radix(items, scratch, T::BYTES, T::key);
    }
    fn ordered<T: Copy>(self, items: &mut [T], compare: impl FnMut(&T, &T) -> Ordering) {
        items.sort_unstable_by(compare);
    }
}

/// The element that belongs at a place comes there, no greater ones before it, no less ones after it.
struct Select(usize);

impl Work for Select {
    fn plain<T: Digits>(self, items: &mut [T]) {
        if self.0 < items.len() {
            items.select_nth_unstable(self.0);
        }
    }
    fn ordered<T: Copy>(self, items: &mut [T], compare: impl FnMut(&T, &T) -> Ordering) {
        if self.0 < items.len() {
            items.select_nth_unstable_by(self.0, compare);
        }
    }
}

/// The bits of a float as an integer that compares as the float does: the magnitude of negative ones turned over, every
/// NaN above infinity.  It is its own inverse but for the signs of NaN.
fn ordered64(bits: u64) -> i64 {
    let bits = if f64::from_bits(bits).is_nan() { bits & !(1 << 63) } else { bits };
    let signed = bits as i64;
    signed ^ (((signed >> 63) as u64) >> 1) as i64
}

fn ordered16(bits: u16) -> i16 {
    let bits = if bits & 0x7fff > 0x7c00 { bits & 0x7fff } else { bits };
    let signed = bits as i16;
    signed ^ (((signed >> 15) as u16) >> 1) as i16
}

fn ordered32(bits: u32) -> i32 {
    let bits = if f32::from_bits(bits).is_nan() { bits & !(1 << 31) } else { bits };
    let signed = bits as i32;
    signed ^ (((signed >> 31) as u32) >> 1) as i32
}

fn original64(key: i64) -> u64 {
    (key ^ (((key >> 63) as u64) >> 1) as i64) as u64
}

fn original32(key: i32) -> u32 {
    (key ^ (((key >> 31) as u32) >> 1) as i32) as u32
}

fn original16(key: i16) -> u16 {
    (key ^ (((key >> 15) as u16) >> 1) as i16) as u16
}

/// NumPy's order of floats: NaN last.
fn float_order<F: PartialOrd>(a: F, b: F) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| is_nan(&a).cmp(&is_nan(&b)))
}

fn is_nan<F: PartialOrd>(value: &F) -> bool {
    value.partial_cmp(value).is_none()
}

/// NumPy's order of complex numbers: by real part, then by imaginary part; those with a NaN part last.
fn complex_order<F: PartialOrd + Copy>(a: &[F; 2], b: &[F; 2]) -> Ordering {
    let nans = |z: &[F; 2]| (is_nan(&z[0]), is_nan(&z[1]));
    nans(a).cmp(&nans(b)).then_with(|| float_order(a[0], b[0])).then_with(|| float_order(a[1], b[1]))
}

/// Works on `count` elements in place.
///
/// # Safety
/// `data` is the address of so many elements of the dtype, aligned, which nobody else uses.
unsafe fn work(dtype: Dtype, data: *mut u8, count: i64, work: impl Work) {
    let count = count.max(0) as usize;
    if count < 2 || data.is_null() {
        return;
    }
    // SAFETY: as the caller promises; the type of the elements goes by the dtype.
    unsafe {
        match dtype {
            Dtype::Bool | Dtype::Uint8 => work.plain(from_raw_parts_mut(data, count)),
            Dtype::Int8 => work.plain(from_raw_parts_mut(data.cast::<i8>(), count)),
            Dtype::Int16 => work.plain(from_raw_parts_mut(data.cast::<i16>(), count)),
            Dtype::Int32 => work.plain(from_raw_parts_mut(data.cast::<i32>(), count)),
            Dtype::Int64 => work.plain(from_raw_parts_mut(data.cast::<i64>(), count)),
            Dtype::Uint16 => work.plain(from_raw_parts_mut(data.cast::<u16>(), count)),
            Dtype::Uint32 => work.plain(from_raw_parts_mut(data.cast::<u32>(), count)),
            Dtype::Uint64 => work.plain(from_raw_parts_mut(data.cast::<u64>(), count)),
            Dtype::Float16 => {
                let items = from_raw_parts_mut(data.cast::<i16>(), count);
                items.iter_mut().for_each(|item| *item = ordered16(*item as u16));
                work.plain(items);
                items.iter_mut().for_each(|item| *item = original16(*item) as i16);
            }
            Dtype::Float32 => {
                let items = from_raw_parts_mut(data.cast::<i32>(), count);
                items.iter_mut().for_each(|item| *item = ordered32(*item as u32));
                work.plain(items);
                items.iter_mut().for_each(|item| *item = original32(*item) as i32);
            }
            Dtype::Float64 => {
                let items = from_raw_parts_mut(data.cast::<i64>(), count);
                items.iter_mut().for_each(|item| *item = ordered64(*item as u64));
                work.plain(items);
                items.iter_mut().for_each(|item| *item = original64(*item) as i64);
            }
            Dtype::Complex64 => work.ordered(from_raw_parts_mut(data.cast::<[f32; 2]>(), count), complex_order),
            Dtype::Complex128 => work.ordered(from_raw_parts_mut(data.cast::<[f64; 2]>(), count), complex_order),
        }
    }
}

/// Fills `entries` with a key and the position of every element; keys compare as the elements do, and equal ones
/// are equal.
///
/// # Safety
/// As for [`work`]; complex dtypes are not among those that it knows.
unsafe fn keyed(dtype: Dtype, data: *const u8, entries: &mut [[u64; 2]]) {
    /// Signed integers above unsigned zero.
    const SIGN: u64 = 1 << 63;
    let key = |position: usize| -> u64 {
        // SAFETY: the position is below the number of elements, and the type goes by the dtype.
        unsafe {
            match dtype {
                Dtype::Bool | Dtype::Uint8 => u64::from(*data.add(position)),
                Dtype::Int8 => *data.cast::<i8>().add(position) as u64 ^ SIGN,
                Dtype::Int16 => *data.cast::<i16>().add(position) as u64 ^ SIGN,
                Dtype::Int32 => *data.cast::<i32>().add(position) as u64 ^ SIGN,
                Dtype::Int64 => *data.cast::<i64>().add(position) as u64 ^ SIGN,
                Dtype::Uint16 => u64::from(*data.cast::<u16>().add(position)),
                Dtype::Uint32 => u64::from(*data.cast::<u32>().add(position)),
                Dtype::Uint64 => *data.cast::<u64>().add(position),
                Dtype::Float16 => float_key(dtype.float_value(u64::from(*data.cast::<u16>().add(position)))),
                Dtype::Float32 => float_key(f64::from(*data.cast::<f32>().add(position))),
                _ => float_key(*data.cast::<f64>().add(position)),
            }
        }
    };
    fn float_key(value: f64) -> u64 {
        // Both zeros have one key, all NaN another.
        let value = if value.is_nan() { f64::NAN } else { value + 0.0 };
        ordered64(value.to_bits()) as u64 ^ SIGN
    }
    for (position, entry) in entries.iter_mut().enumerate() {
        *entry = [key(position), position as u64];
    }
}

/// Orders positions by what stands there; equal ones keep their order.  `scratch` has four words for each element.
///
/// # Safety
/// As for [`work`], and `positions` and `scratch` are arrays of int64 of `count` and of four times as many elements.
unsafe fn positions(dtype: Dtype, data: *mut u8, count: i64, positions: *mut i64, scratch: *mut u64, work: impl Work) {
    let count = count.max(0) as usize;
    if count == 0 {
        return;
    }
    // SAFETY: as the caller promises.
    let found = unsafe { from_raw_parts_mut(positions, count) };
    if dtype.kind() == Kind::Complex {
        found.iter_mut().enumerate().for_each(|(position, slot)| *slot = position as i64);
        // SAFETY: the positions are below `count`.
        let compare = |a: &i64, b: &i64| unsafe {
            let (a, b) = (*a as usize, *b as usize);
            let order = if dtype == Dtype::Complex64 {
                complex_order(&*data.cast::<[f32; 2]>().add(a), &*data.cast::<[f32; 2]>().add(b))
            } else {
                complex_order(&*data.cast::<[f64; 2]>().add(a), &*data.cast::<[f64; 2]>().add(b))
            };
            order.then(a.cmp(&b))
        };
        return work.ordered(found, compare);
    }
    // SAFETY: as the caller promises.
    let entries = unsafe { from_raw_parts_mut(scratch.cast::<[u64; 2]>(), count) };
    // SAFETY: as the caller promises.
    unsafe { keyed(dtype, data, entries) };
    work.plain(entries);
    for (slot, [_, position]) in found.iter_mut().zip(entries) {
        *slot = *position as i64;
    }
}

unsafe extern "C" fn sort(kind: i32, data: *mut u8, count: i64, scratch: *mut u8, bytes: i64) {
    let Some(dtype) = Dtype::by_number(kind) else { return };
    // SAFETY: compiled code passes a contiguous array that it may write, and the scratch memory.
    unsafe { work(dtype, data, count, Sort(scratch, bytes.max(0) as usize)) }
}

unsafe extern "C" fn select(kind: i32, data: *mut u8, count: i64, place: i64) {
    let Some(dtype) = Dtype::by_number(kind) else { return };
    // SAFETY: as for `sort`.
    unsafe { work(dtype, data, count, Select(place.max(0) as usize)) }
}

unsafe extern "C" fn sort_positions(kind: i32, data: *mut u8, count: i64, found: *mut i64, scratch: *mut u64) {
    let Some(dtype) = Dtype::by_number(kind) else { return };
    // SAFETY: as for `sort`; the other arrays are of the sizes that are asked for.
    unsafe {
        let half = count.max(0) as usize * size_of::<[u64; 2]>();
        positions(dtype, data, count, found, scratch, Sort(scratch.cast::<u8>().add(half), half))
    }
}

unsafe extern "C" fn select_positions(
    kind: i32,
    data: *mut u8,
    count: i64,
    place: i64,
    found: *mut i64,
    scratch: *mut u64,
) {
    let Some(dtype) = Dtype::by_number(kind) else { return };
    // SAFETY: as for `sort_positions`.
    unsafe { positions(dtype, data, count, found, scratch, Select(place.max(0) as usize)) }
}

crate::addresses! {
    "cw_sort" => sort;
    "cw_select" => select;
    "cw_sort_positions" => sort_positions;
    "cw_select_positions" => select_positions;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ptr::null_mut;

    /// The same numbers in every run.
    fn numbers(count: usize) -> Vec<u64> {
        let mut state = 88_172_645_463_325_252u64;
        let step = |_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        (0..count).map(step).collect()
    }

    #[test]
    fn long_lines_are_sorted_as_short_ones() {
        for count in [LONG - 1, LONG, 3_000] {
            let mut items: Vec<i32> = numbers(count).iter().map(|n| *n as i32 % 1_000).collect();
            let mut scratch = items.clone();
            let mut expected = items.clone();
            expected.sort_unstable();
            let (data, room) = (items.as_mut_ptr().cast(), scratch.as_mut_ptr().cast());
            // SAFETY: lines of our own, of the sizes asked for.
            unsafe { sort(Dtype::Int32 as i32, data, count as i64, room, 4 * count as i64) };
            assert_eq!(items, expected);
        }
    }

    #[test]
    fn long_lines_of_floats_and_positions() {
        let mut items: Vec<f64> = numbers(5_000).iter().map(|n| (*n as i64 % 300) as f64 / 7.0).collect();
        items[17] = f64::NAN;
        items[400] = f64::NEG_INFINITY;
        let (mut found, mut scratch) = (vec![0i64; 5_000], vec![0u64; 20_000]);
        let data = items.as_mut_ptr().cast();
        // SAFETY: lines of our own, of the sizes asked for.
        unsafe { sort_positions(Dtype::Float64 as i32, data, 5_000, found.as_mut_ptr(), scratch.as_mut_ptr()) };
        let mut expected: Vec<i64> = (0..5_000).collect();
        expected.sort_by(|a, b| float_order(items[*a as usize], items[*b as usize]));
        assert_eq!(found, expected);
        let mut ordered = items.clone();
        // SAFETY: as above.
        unsafe {
            sort(Dtype::Float64 as i32, ordered.as_mut_ptr().cast(), 5_000, scratch.as_mut_ptr().cast(), 160_000)
        };
        assert!(ordered.iter().zip(&expected).all(|(x, at)| x.to_bits() == items[*at as usize].to_bits()));
    }

    #[test]
    fn floats_come_in_numpys_order() {
        let mut items = [3.0, f64::NAN, -0.5, f64::INFINITY, -f64::NAN, f64::NEG_INFINITY, 2.0];
        // SAFETY: seven doubles of our own.
        unsafe { sort(Dtype::Float64 as i32, items.as_mut_ptr().cast(), 7, null_mut(), 0) };
        assert_eq!(&items[..5], &[f64::NEG_INFINITY, -0.5, 2.0, 3.0, f64::INFINITY]);
        assert!(items[5..].iter().all(|x| x.is_nan()));
    }

    #[test]
    fn positions_of_equal_elements_keep_their_order() {
        let mut items = [1i16, -5, 1, 7, -5, 1];
        let (mut found, mut scratch) = ([0i64; 6], [0u64; 24]);
        // SAFETY: arrays of our own, of the sizes asked for.
        unsafe {
            sort_positions(Dtype::Int16 as i32, items.as_mut_ptr().cast(), 6, found.as_mut_ptr(), scratch.as_mut_ptr())
        };
        assert_eq!(found, [1, 4, 0, 2, 5, 3]);
    }

    #[test]
    fn complex_numbers_with_nan_come_last() {
        let nan = f32::NAN;
        let mut items = [[nan, nan], [1.0, nan], [nan, 0.0], [2.0, 1.0], [1.0, 5.0], [1.0, -1.0]];
        // SAFETY: six pairs of our own.
        unsafe { sort(Dtype::Complex64 as i32, items.as_mut_ptr().cast(), 6, null_mut(), 0) };
        assert_eq!(&items[..3], &[[1.0, -1.0], [1.0, 5.0], [2.0, 1.0]]);
        assert!(items[3][1].is_nan() && items[4][0].is_nan() && items[5][1].is_nan());
    }
}
