//! Copies of elements between arrays that share no memory.
//!
//! Compiled loops call this where copying is not what takes the time: a call is smaller than a loop in every function.

/// Copies `count` elements of `size` bytes; `step` and `from_step` are their distances in bytes.
///
/// # Safety
///
/// All elements can be read at the source and written at the target, and none of the first is among the others.
unsafe extern "C" fn cw_copy_elements(to: *mut u8, step: i64, from: *const u8, from_step: i64, count: i64, size: i64) {
    if step == size && from_step == size {
        // SAFETY: the elements are neighbours on both sides, the caller vouches for them, and both sides may be one.
        unsafe { std::ptr::copy(from, to, (count.max(0) * size) as usize) };
        return;
    }
    // SAFETY: the caller vouches for every element.
    unsafe {
        match size {
            1 => walk::<1>(to, step, from, from_step, count),
            2 => walk::<2>(to, step, from, from_step, count),
            4 => walk::<4>(to, step, from, from_step, count),
            8 => walk::<8>(to, step, from, from_step, count),
            _ => walk::<16>(to, step, from, from_step, count),
        }
    }
}

/// Elements of a size that is known; they need not be aligned.
///
/// # Safety
///
/// As for [`cw_copy_elements`].
unsafe fn walk<const SIZE: usize>(to: *mut u8, step: i64, from: *const u8, from_step: i64, count: i64) {
    let count = count.max(0) as usize;
    if step == SIZE as i64 && from_step == 0 && count > 0 {
        // SAFETY: the caller vouches for every element; arrays of bytes need no alignment.
        unsafe {
            std::slice::from_raw_parts_mut(to.cast::<[u8; SIZE]>(), count).fill(from.cast::<[u8; SIZE]>().read())
        };
        return;
    }
    let (mut to, mut from) = (to, from);
    for _ in 0..count {
        // SAFETY: the caller vouches for every element; arrays of bytes need no alignment.
        unsafe { to.cast::<[u8; SIZE]>().write(from.cast::<[u8; SIZE]>().read()) };
        (to, from) = (to.wrapping_offset(step as isize), from.wrapping_offset(from_step as isize));
    }
}

crate::addresses! {
    "cw_copy_elements" => cw_copy_elements;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns() {
        let source: Vec<u32> = (0..6).collect();
        let mut target = vec![9u32; 6];
        let (to, from) = (target.as_mut_ptr().cast::<u8>(), source.as_ptr().cast::<u8>());
        // SAFETY: three elements, two apart, on each side.
        unsafe { cw_copy_elements(to, 8, from, 4, 3, 4) };
        assert_eq!(target, [0, 9, 1, 9, 2, 9]);
        // SAFETY: six elements on each side.
        unsafe { cw_copy_elements(to, 4, from, 4, 6, 4) };
        assert_eq!(target, source);
        // SAFETY: from the last element backwards.
        unsafe { cw_copy_elements(to, 4, from.add(20), -4, 6, 4) };
        assert_eq!(target, [5, 4, 3, 2, 1, 0]);
    }
}
