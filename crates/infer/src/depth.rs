//! A bound for rules that ask for rules: an operator of the operands' items, a callable that is another one's special
//! case.  Whatever is nested that deep is a mistake of ours, which must not end the process.

use crate::emit::{Fault, fault};
use coachwhip_ir::Code;
use std::cell::Cell;

/// Rules under way at once, those of callees included.
const MOST: usize = 2_000;
/// A new piece of stack is taken if less than this is left.
const LEAST_STACK: usize = 256 << 10;
/// Its size; only what is touched costs anything.
const PIECE: usize = 4 << 20;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Runs a rule one deeper.
pub fn deeper<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            DEPTH.set(DEPTH.get() - 1);
        }
    }
    if DEPTH.get() >= MOST {
        return fault(Code::Internal, "rules ask for each other without end; please report this");
    }
    DEPTH.set(DEPTH.get() + 1);
    let _leave = Leave;
    roomy(work)
}

/// Runs what goes down once for each item of something whose length is bounded.
pub fn roomy<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(LEAST_STACK, PIECE, work)
}
