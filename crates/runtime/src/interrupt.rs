//! Interrupts: compiled loops come here every few thousand passes.

use crate::hooks::hooks;
use coachwhip_abi::{Context, Status};

/// Time between two looks at Python's signals, in nanoseconds.
const INTERVAL: u64 = 20_000_000;

/// A clock that is cheap to read and right to some milliseconds.
fn now() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a place to write to.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC_COARSE, &mut time) };
    (time.tv_sec as u64).wrapping_mul(1_000_000_000).wrapping_add(time.tv_nsec as u64)
}

/// `cw_poll`: looks at the clock, and every 20 ms at Python's signals.
unsafe extern "C" fn cw_poll(context: *mut Context) -> Status {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    let now = now();
    if context.last_poll == 0 {
        context.last_poll = now;
    }
    if now.wrapping_sub(context.last_poll) < INTERVAL {
        return 0;
    }
    context.last_poll = now;
    match hooks() {
        Some(hooks) => (hooks.check_signals)(context),
        None => 0,
    }
}

crate::addresses! {
    "cw_poll" => cw_poll;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_poll_starts_the_clock() {
        let mut context = crate::new_context();
        // SAFETY: a context of our own.
        assert_eq!(unsafe { cw_poll(&mut context) }, 0);
        assert_ne!(context.last_poll, 0);
    }
}
