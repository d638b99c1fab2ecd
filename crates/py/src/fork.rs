//! `os.fork` waits until no compile is under way.
//!
//! A child has only the thread that forked: whatever another thread was about to finish (a compile, the first
//! initialisation of LLVM) would stay unfinished in it, and whoever waits for it would wait forever.  So every
//! compile passes a gate, all of them at once if they like; a fork closes the gate, waits until those inside are
//! through, and opens it again on both sides.

use pyo3::prelude::*;
use std::cell::{Cell, RefCell};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What the gate knows.
struct Gate {
    inside: usize,
    closing: bool,
}

static GATE: Mutex<Gate> = Mutex::new(Gate { inside: 0, closing: false });
static CHANGED: Condvar = Condvar::new();

thread_local! {
    /// How often this thread is inside: a compile may import library code, which may compile.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// The lock of the gate during a fork: no other thread may hold it then.
    static HELD: RefCell<Option<MutexGuard<'static, Gate>>> = const { RefCell::new(None) };
}

/// The gate's lock, once nobody is closing the gate.
fn open_gate() -> MutexGuard<'static, Gate> {
    let gate = GATE.lock().unwrap_or_else(PoisonError::into_inner);
    CHANGED.wait_while(gate, |gate| gate.closing).unwrap_or_else(PoisonError::into_inner)
}

/// Runs a compile.  The interpreter must not be held: a fork that holds it may be waiting.
pub fn pass<T>(work: impl FnOnce() -> T) -> T {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            DEPTH.set(DEPTH.get() - 1);
            if DEPTH.get() == 0 {
                GATE.lock().unwrap_or_else(PoisonError::into_inner).inside -= 1;
                CHANGED.notify_all();
            }
        }
    }
    if DEPTH.get() == 0 {
        open_gate().inside += 1;
    }
    DEPTH.set(DEPTH.get() + 1);
    let _leave = Leave;
    work()
}

/// Before a fork: closes the gate and waits until those inside are through, with the interpreter released.
#[pyfunction]
pub fn before_fork(py: Python<'_>) {
    let own = usize::from(DEPTH.get() > 0);
    py.detach(|| {
        let mut gate = open_gate();
        gate.closing = true;
        let gate = CHANGED.wait_while(gate, |gate| gate.inside > own).unwrap_or_else(PoisonError::into_inner);
        HELD.set(Some(gate));
    });
}

/// Behind a fork, in the parent and in the child: opens the gate.
#[pyfunction]
pub fn after_fork() {
    if let Some(mut gate) = HELD.take() {
        gate.closing = false;
    }
    CHANGED.notify_all();
}
