//! Interrupts: compiled loops come here every few thousand iterations, and C callbacks when they begin.

use crate::hooks::hooks;
use coachwhip_abi::{Context, Status};
use std::cell::Cell;

/// Time between two looks at Python's signals, in nanoseconds.
const INTERVAL: u64 = 20_000_000;

/// Callbacks between two looks at the clock.  Between two polls lie at most a few milliseconds, so that sixteen callbacks
/// without any poll of their own take well below 100.
const CALLBACKS: u32 = 16;

/// What C callbacks on a thread have in common: each is short, and only all of them together take long.
struct Callbacks {
    /// Callbacks until the next look at the clock.
    left: Cell<u32>,
    /// When Python's signals were looked at last.
    looked: Cell<u64>,
    /// Whether an exception of a callback waits until the C function around it returns to the interpreter.  SciPy's filters
    /// go on calling until then.
    failing: Cell<bool>,
}

thread_local! {
    static HERE: Callbacks = const { Callbacks { left: Cell::new(0), looked: Cell::new(0), failing: Cell::new(false) } };
}

/// From now on callbacks on this thread fail without doing anything, as long as the exception waits.
pub fn fail_callbacks() {
    HERE.with(|here| {
        here.failing.set(true);
        here.left.set(0);
    });
}

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
        // It loops: should it be a callback, the next one looks at the clock at once.
        HERE.with(|here| here.left.set(0));
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

/// `cw_begin_callback`: nearly always counts down, and that is all.
unsafe extern "C" fn cw_begin_callback(context: *mut Context) -> Status {
    HERE.with(|here| match here.left.get() {
        // SAFETY: the callback passes the context on its own stack.
        0 => begin(here, unsafe { &mut *context }),
        left => {
            here.left.set(left - 1);
            0
        }
    })
}

/// Whether callbacks on this thread fail at present: a failure has been handed over, and waits.
pub fn callbacks_fail() -> bool {
    HERE.with(|here| here.failing.get())
}

#[cold]
fn begin(here: &Callbacks, context: &mut Context) -> Status {
    if here.failing.get() {
        if hooks().is_some_and(|hooks| (hooks.still_failing)()) {
            return 1;
        }
        here.failing.set(false);
    }
    here.left.set(CALLBACKS);
    let now = now();
    if now.wrapping_sub(here.looked.get()) < INTERVAL {
        return 0;
    }
    here.looked.set(now);
    match hooks() {
        Some(hooks) => (hooks.check_signals)(context),
        None => 0,
    }
}

crate::addresses! {
    "cw_poll" => cw_poll;
    "cw_begin_callback" => cw_begin_callback;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callbacks_fail_until_they_may_go_on() {
        let mut context = crate::new_context();
        // SAFETY: a context of our own.
        let mut begin = || unsafe { cw_begin_callback(&mut context) };
        assert_eq!([begin(), begin()], [0, 0]);
        fail_callbacks();
        assert!(callbacks_fail());
        // Nobody says that the failure still waits.
        assert_eq!([begin(), begin()], [0, 0]);
        assert!(!callbacks_fail());
    }

    #[test]
    fn the_first_poll_starts_the_clock() {
        let mut context = crate::new_context();
        // SAFETY: a context of our own.
        assert_eq!(unsafe { cw_poll(&mut context) }, 0);
        assert_ne!(context.last_poll, 0);
    }
}
