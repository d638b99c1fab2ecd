//! How deep compiled code may recurse: the lowest stack address of the thread.

use std::cell::Cell;

/// Stack left for what compiled code calls: the run time, and Python when it reports the failure.
const HEADROOM: usize = 256 * 1024;
/// The deepest that compiled code goes below its caller where the stack has no limit.
const DEEPEST: usize = 256 * 1024 * 1024;

thread_local! {
    static LIMIT: Cell<usize> = const { Cell::new(0) };
}

/// The lowest stack address that compiled code of this thread may reach.
pub fn stack_limit() -> usize {
    LIMIT.with(|limit| {
        if limit.get() == 0 {
            limit.set(find_limit());
        }
        limit.get()
    })
}

/// Asks the thread library, once for each thread.
fn find_limit() -> usize {
    let here = 0u8;
    let here = &raw const here as usize;
    let (lowest, size) = stack_bounds().unwrap_or((here.saturating_sub(1 << 20), 1 << 20));
    let lowest = lowest.max(here.saturating_sub(DEEPEST));
    lowest + HEADROOM.min(size / 4)
}

/// Lowest address and size of this thread's stack.
fn stack_bounds() -> Option<(usize, usize)> {
    // SAFETY: the attributes are initialised by the call that succeeds, and destroyed.
    unsafe {
        let mut attributes: libc::pthread_attr_t = std::mem::zeroed();
        if libc::pthread_getattr_np(libc::pthread_self(), &mut attributes) != 0 {
            return None;
        }
        let (mut start, mut size) = (std::ptr::null_mut(), 0);
        let found = libc::pthread_attr_getstack(&attributes, &mut start, &mut size) == 0;
        libc::pthread_attr_destroy(&mut attributes);
        found.then_some((start as usize, size))
    }
}

/// `cw_stack_limit`.
extern "C" fn cw_stack_limit() -> i64 {
    stack_limit() as i64
}

crate::addresses! {
    "cw_stack_limit" => cw_stack_limit;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_below_this_frame_and_inside_the_stack() {
        for size in [256 * 1024, 2 * 1024 * 1024] {
            let thread = std::thread::Builder::new().stack_size(size);
            let distance = thread.spawn(|| {
                let here = 0u8;
                (&raw const here as usize) - stack_limit()
            });
            let distance = distance.unwrap().join().unwrap();
            assert!(distance > size / 4 && distance < size, "{distance} of {size}");
        }
    }
}
