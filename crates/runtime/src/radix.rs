//! Sorting by bytes: the lowest first, each pass keeping the order of the one before.

/// Values of a byte.
const BUCKETS: usize = 256;
/// Bytes of the widest key.
const WIDEST: usize = 8;

/// Sorts by the lowest `bytes` bytes of the keys; equal keys keep their order.  `scratch` is as long as `items`.
///
/// A pass whose byte is the same everywhere is left out, so that small numbers take few passes.
pub fn radix<T: Copy>(items: &mut [T], scratch: &mut [T], bytes: usize, key: impl Fn(&T) -> u64) {
    debug_assert!(items.len() == scratch.len() && bytes <= WIDEST);
    let counts = counted(items, bytes, &key);
    let count = items.len();
    let (mut from, mut to) = (items, scratch);
    let mut moved = false;
    for (byte, counts) in counts.iter().enumerate().take(bytes) {
        if counts.contains(&count) {
            continue;
        }
        let mut places = starts(counts);
        for item in from.iter() {
            let digit = (key(item) >> (8 * byte)) as u8;
            if let Some(place) = places.get_mut(usize::from(digit)) {
                if let Some(slot) = to.get_mut(*place) {
                    *slot = *item;
                }
                *place += 1;
            }
        }
        std::mem::swap(&mut from, &mut to);
        moved = !moved;
    }
    if moved {
        to.copy_from_slice(from);
    }
}

/// How often each byte has each value.
fn counted<T>(items: &[T], bytes: usize, key: &impl Fn(&T) -> u64) -> [[usize; BUCKETS]; WIDEST] {
    let mut counts = [[0; BUCKETS]; WIDEST];
    for item in items {
        let digits = key(item).to_le_bytes();
        for (digit, counts) in digits.iter().zip(&mut counts).take(bytes) {
            if let Some(count) = counts.get_mut(usize::from(*digit)) {
                *count += 1;
            }
        }
    }
    counts
}

/// Where the items of each value begin.
fn starts(counts: &[usize; BUCKETS]) -> [usize; BUCKETS] {
    let mut next = 0;
    counts.map(|count| {
        let start = next;
        next += count;
        start
    })
}
