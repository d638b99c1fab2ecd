//! Memory of arrays: counted blocks, and a pool of freed ones.
//!
//! Fresh pages cost more than the arithmetic on them, so each thread keeps the blocks it freed last, up to
//! a bound, and hands them out again.  The pool belongs to its thread: no lock, nothing to repair after a
//! fork.

use coachwhip_abi::layout::{OWNER_DATA_OFFSET, Owner};
use std::cell::RefCell;
use std::sync::atomic::{AtomicI64, Ordering, fence};

/// Alignment of the elements.
const ALIGNMENT: usize = 64;
/// The largest block that the pool keeps.
const LARGEST_KEPT: usize = 64 << 20;
/// What one thread's pool keeps at most, in bytes.
const POOL_BYTES: usize = 128 << 20;
/// Blocks of one size that the pool keeps at most.
const POOL_BLOCKS: usize = 8;
/// Sizes in the pool: four for each power of two.
const CLASSES: usize = 4 * 28;
/// From this size on, large pages are asked for, as NumPy does.
const HUGE: usize = 4 << 20;
/// Up to this size, clearing a kept block is cheaper than fresh pages.
const CLEARED: usize = 8 << 20;

/// The header, with what the run time itself needs after the fields that others know.
#[repr(C, align(64))]
struct Block {
    owner: Owner,
    /// What `malloc` returned.
    start: *mut libc::c_void,
    /// Size class, or [`CLASSES`] if the block is too large to keep.
    class: usize,
}

const _: () = assert!(size_of::<Block>() == OWNER_DATA_OFFSET);

/// Blocks that compiled code or Python still keeps.
static LIVE: AtomicI64 = AtomicI64::new(0);

/// Number of blocks that somebody keeps; tests of leaks watch it.
pub fn live_owners() -> i64 {
    LIVE.load(Ordering::Relaxed)
}

/// Capacity and size class for so many bytes.
fn class_of(bytes: usize) -> (usize, usize) {
    let bytes = bytes.max(ALIGNMENT);
    if bytes > LARGEST_KEPT {
        return (bytes, CLASSES);
    }
    // Sizes between two powers of two are rounded up to a quarter of the lower one.
    let power = usize::BITS - 1 - (bytes - 1).leading_zeros().min(usize::BITS - 1);
    let quarter = (1usize << power).div_ceil(4);
    let steps = bytes.div_ceil(quarter);
    (steps * quarter, (4 * power as usize + steps.saturating_sub(5)).min(CLASSES - 1))
}

/// Freed blocks of one thread, by size class.
struct Pool {
    classes: [Vec<*mut Block>; CLASSES],
    bytes: usize,
}

impl Pool {
    const fn new() -> Pool {
        Pool { classes: [const { Vec::new() }; CLASSES], bytes: 0 }
    }

    fn take(&mut self, class: usize, capacity: usize) -> Option<*mut Block> {
        let block = self.classes.get_mut(class)?.pop()?;
        self.bytes = self.bytes.saturating_sub(capacity);
        Some(block)
    }

    /// Keeps a block, unless the pool is full.
    fn keep(&mut self, class: usize, capacity: usize, block: *mut Block) -> bool {
        match self.classes.get_mut(class) {
            Some(list) if list.len() < POOL_BLOCKS && self.bytes + capacity <= POOL_BYTES => {
                list.push(block);
                self.bytes += capacity;
                true
            }
            _ => false,
        }
    }

    fn clear(&mut self) {
        for list in &mut self.classes {
            for block in list.drain(..) {
                // SAFETY: a kept block belongs to the pool alone.
                unsafe { libc::free((*block).start) }
            }
        }
        self.bytes = 0;
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.clear();
    }
}

thread_local! {
    static POOL: RefCell<Pool> = const { RefCell::new(Pool::new()) };
}

/// Gives the memory that this thread's pool keeps back to the system.
pub fn trim() {
    let _ = POOL.try_with(|pool| pool.try_borrow_mut().map(|mut pool| pool.clear()));
}

fn from_pool(class: usize, capacity: usize) -> Option<*mut Block> {
    POOL.try_with(|pool| pool.try_borrow_mut().ok().and_then(|mut p| p.take(class, capacity))).ok().flatten()
}

fn to_pool(class: usize, capacity: usize, block: *mut Block) -> bool {
    let keep = |pool: &RefCell<Pool>| pool.try_borrow_mut().is_ok_and(|mut p| p.keep(class, capacity, block));
    POOL.try_with(keep).unwrap_or(false)
}

/// A block from the system; null if there is no memory.
fn fresh(capacity: usize, class: usize, zeroed: bool) -> *mut Block {
    let Some(total) = capacity.checked_add(OWNER_DATA_OFFSET + ALIGNMENT) else { return std::ptr::null_mut() };
    // SAFETY: plain requests for memory; the result is checked.
    let start = unsafe { if zeroed { libc::calloc(1, total) } else { libc::malloc(total) } };
    if start.is_null() {
        return std::ptr::null_mut();
    }
    if capacity >= HUGE {
        ask_for_large_pages(start as usize, total);
    }
    let address = (start as usize).next_multiple_of(ALIGNMENT);
    let block = (start as *mut u8).wrapping_add(address - start as usize) as *mut Block;
    // SAFETY: the block lies inside the memory just got, aligned.
    unsafe {
        let data = (block as *mut u8).add(OWNER_DATA_OFFSET);
        block.write(Block { owner: Owner { count: AtomicI64::new(1), data, bytes: 0, drop: None }, start, class });
    }
    block
}

/// Advice only: the result does not matter.
fn ask_for_large_pages(start: usize, total: usize) {
    let page = 4096usize;
    let first = start.next_multiple_of(page);
    let size = (start + total).saturating_sub(first) & !(page - 1);
    // SAFETY: advice about pages of our own memory.
    unsafe { libc::madvise(first as *mut libc::c_void, size, libc::MADV_HUGEPAGE) };
}

/// A block of so many bytes with the count 1; null if there is no memory or the size is negative.
pub fn allocate(bytes: i64, zeroed: bool) -> *mut Owner {
    let Ok(bytes) = usize::try_from(bytes) else { return std::ptr::null_mut() };
    let (capacity, class) = class_of(bytes);
    let kept = if zeroed && bytes > CLEARED { None } else { from_pool(class, capacity) };
    let block = match kept {
        Some(block) => {
            if zeroed {
                // SAFETY: the elements follow the header, `capacity` bytes of them.
                unsafe { std::ptr::write_bytes((*block).owner.data, 0, bytes) };
            }
            block
        }
        None => fresh(capacity, class, zeroed),
    };
    if block.is_null() {
        return std::ptr::null_mut();
    }
    // SAFETY: the block is ours alone until it is returned.
    unsafe {
        (*block).owner.count.store(1, Ordering::Relaxed);
        (*block).owner.bytes = bytes;
    }
    LIVE.fetch_add(1, Ordering::Relaxed);
    block as *mut Owner
}

/// Counts a block that somebody keeps from now on.
pub fn count_live() {
    LIVE.fetch_add(1, Ordering::Relaxed);
}

/// Whether an owner word is a block that is counted: not null, and no Python object.
fn is_counted(owner: *mut Owner) -> bool {
    !owner.is_null() && (owner as usize) & 1 == 0
}

/// Counts one more keeper.
///
/// # Safety
/// `owner` is an owner word as `abi::layout` describes it, alive.
pub unsafe extern "C" fn retain(owner: *mut Owner) {
    // SAFETY: a counted owner is a live block.
    if is_counted(owner) && unsafe { (*owner).count.load(Ordering::Relaxed) } >= 0 {
        // SAFETY: as above.
        unsafe { (*owner).count.fetch_add(1, Ordering::Relaxed) };
    }
}

/// Counts one keeper less; the last one frees the block.
///
/// # Safety
/// `owner` is an owner word as `abi::layout` describes it, and the caller is one of its keepers.
pub unsafe extern "C" fn release(owner: *mut Owner) {
    // SAFETY: a counted owner is a live block; one that is never freed may lie in constant memory.
    if !is_counted(owner) || unsafe { (*owner).count.load(Ordering::Relaxed) } < 0 {
        return;
    }
    // SAFETY: as above; the only keeper is the caller, so nobody else counts.
    let last =
        unsafe { (*owner).count.load(Ordering::Acquire) == 1 || (*owner).count.fetch_sub(1, Ordering::Release) == 1 };
    if !last {
        return;
    }
    fence(Ordering::Acquire);
    LIVE.fetch_sub(1, Ordering::Relaxed);
    // SAFETY: the last keeper is gone; the block knows how to free what it holds.
    unsafe {
        if let Some(drop) = (*owner).drop {
            return drop(owner);
        }
    }
    let block = owner as *mut Block;
    // SAFETY: the last keeper is gone; the block is ours alone.
    unsafe {
        let (class, bytes) = ((*block).class, (*block).owner.bytes);
        let capacity = class_of(bytes).0;
        if class >= CLASSES || !to_pool(class, capacity, block) {
            libc::free((*block).start);
        }
    }
}

/// The block whose elements start here.
///
/// # Safety
/// `data` is the field of that name of a live block.
pub unsafe fn block_of(data: *mut u8) -> *mut Owner {
    data.wrapping_sub(OWNER_DATA_OFFSET).cast()
}

/// A block of another size with the same elements, as many as both hold; null if there is no memory, and
/// then the old block stays.
///
/// # Safety
/// `owner` is a live block, and the caller its only keeper.
pub unsafe fn reallocate(owner: *mut Owner, bytes: i64) -> *mut Owner {
    let block = owner as *mut Block;
    // SAFETY: as the caller promises; both blocks hold the bytes that are copied.
    unsafe {
        let old = (*block).owner.bytes;
        let Ok(size) = usize::try_from(bytes) else { return std::ptr::null_mut() };
        if (*block).class < CLASSES && class_of(size).1 == (*block).class {
            (*block).owner.bytes = size;
            return owner;
        }
        let made = allocate(bytes, false);
        if !made.is_null() {
            std::ptr::copy_nonoverlapping((*owner).data, (*made).data, old.min(size));
            release(owner);
        }
        made
    }
}

extern "C" fn cw_alloc(bytes: i64) -> *mut Owner {
    allocate(bytes, false)
}

extern "C" fn cw_alloc_zeroed(bytes: i64) -> *mut Owner {
    allocate(bytes, true)
}

unsafe extern "C" fn cw_owner_data(owner: *mut Owner) -> *mut u8 {
    // SAFETY: compiled code passes a live block.
    unsafe { (*owner).data }
}

crate::addresses! {
    "cw_alloc" => cw_alloc;
    "cw_alloc_zeroed" => cw_alloc_zeroed;
    "cw_owner_data" => cw_owner_data;
    "cw_retain" => retain;
    "cw_release" => release;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_what_they_promise() {
        let mut last = (0, 0);
        for bytes in (0..5000).chain((1..60).map(|i| i << 20)).chain([LARGEST_KEPT]) {
            let (capacity, class) = class_of(bytes);
            assert!(capacity >= bytes && capacity <= bytes.max(64) * 5 / 4 + 1, "{bytes}: {capacity}");
            assert_eq!(class_of(capacity), (capacity, class), "{bytes}");
            assert!(class < CLASSES && class >= last.1, "{bytes}");
            assert!(capacity == last.0 || class != last.1 || last.0 == 0, "{bytes} shares a class");
            last = (capacity, class);
        }
    }

    #[test]
    fn blocks_are_aligned_counted_and_reused() {
        for bytes in [0, 1, 100, 5000, 1 << 20, 100 << 20] {
            let owner = allocate(bytes, false);
            // SAFETY: a live block of our own.
            unsafe {
                let data = (*owner).data;
                assert_eq!(data as usize % ALIGNMENT, 0);
                assert_eq!(data as usize, owner as usize + OWNER_DATA_OFFSET);
                std::ptr::write_bytes(data, 0xff, bytes as usize);
                retain(owner);
                release(owner);
                release(owner);
                let again = allocate(bytes, true);
                assert!(std::slice::from_raw_parts((*again).data, bytes as usize).iter().all(|&b| b == 0));
                release(again);
            }
        }
        trim();
    }

    #[test]
    fn another_size_keeps_the_elements() {
        for (from, to) in [(0, 8), (100, 5000), (5000, 100), (5000, 5001), (4096, 100 << 20), (100 << 20, 101 << 20)] {
            let owner = allocate(from, true);
            // SAFETY: a live block of our own.
            unsafe {
                assert_eq!(block_of((*owner).data), owner);
                std::ptr::write_bytes((*owner).data, 7, from as usize);
                let made = reallocate(owner, to);
                assert_eq!((*made).bytes, to as usize);
                let common = std::slice::from_raw_parts((*made).data, from.min(to) as usize);
                assert!(common.iter().all(|&byte| byte == 7));
                assert!(reallocate(made, i64::MAX).is_null() && reallocate(made, -1).is_null());
                release(made);
            }
        }
        trim();
    }

    #[test]
    fn absurd_sizes_give_null() {
        assert!(allocate(i64::MAX, false).is_null());
        assert!(allocate(i64::MAX - 200, true).is_null());
        assert!(allocate(-1, false).is_null());
    }

    #[test]
    fn python_objects_and_null_are_not_counted() {
        // SAFETY: neither is a block.
        unsafe {
            release(std::ptr::null_mut());
            retain(std::ptr::null_mut());
            release(0x1001 as *mut Owner);
            retain(0x1001 as *mut Owner);
        }
    }

    #[test]
    fn a_block_may_be_freed_by_another_thread() {
        let before = live_owners();
        let owner = allocate(4096, false) as usize;
        // SAFETY: the only keeper is handed over.
        std::thread::spawn(move || unsafe { release(owner as *mut Owner) }).join().unwrap();
        assert!(live_owners() <= before + 64);
    }
}
