//! Exceptions of Python code that a compile runs: finding library functions, asking overloads, signal handlers.
//!
//! Such an exception ends the compile ([`Diagnostic::abandoned`] travels up in its place), and whoever asked for
//! the compile raises it.  It never stands for an answer, and nothing of the compile is remembered.

use coachwhip_ir::Diagnostic;
use pyo3::exceptions::{PyException, PyMemoryError, PyRecursionError};
use pyo3::prelude::*;
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

/// Time between two looks at Python's signals.
const INTERVAL: Duration = Duration::from_millis(20);

thread_local! {
    /// The exception on its way; a compile runs on the thread that asked for it.
    static RAISED: RefCell<Option<PyErr>> = const { RefCell::new(None) };
    static LOOKED: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Keeps the exception for whoever asked for the compile; the first one counts.
pub fn abandon(error: PyErr) -> Diagnostic {
    RAISED.with_borrow_mut(|raised| {
        raised.get_or_insert(error);
    });
    Diagnostic::abandoned()
}

/// The exception that is to be raised now.
pub fn take(_py: Python<'_>) -> Option<PyErr> {
    RAISED.take()
}

/// Fails if an exception waits to be raised.
pub fn check(py: Python<'_>) -> PyResult<()> {
    take(py).map_or(Ok(()), Err)
}

/// Looks at Python's signals, unless it has just done so; the interpreter is not held.
pub fn go_on() -> Result<(), Diagnostic> {
    let now = Instant::now();
    if LOOKED.get().is_some_and(|last| now.duration_since(last) < INTERVAL) {
        return Ok(());
    }
    LOOKED.set(Some(now));
    Python::attach(|py| py.check_signals()).map_err(abandon)
}

/// Whether an exception says something about what it was raised by.  Those of signals like Ctrl-C, and of resources
/// that have run out, come from outside.
pub fn is_own(py: Python<'_>, error: &PyErr) -> bool {
    error.is_instance_of::<PyException>(py)
        && !error.is_instance_of::<PyRecursionError>(py)
        && !error.is_instance_of::<PyMemoryError>(py)
}

/// Runs work while PyO3 knows that this thread holds the interpreter.  Where CPython calls us it does not know, and
/// keeps what its handles let go until somebody next attaches.
///
/// # Safety
/// The thread holds the interpreter.
pub unsafe fn held<T>(work: impl FnOnce(Python<'_>) -> T) -> T {
    // SAFETY: as the caller promises; the interpreter is there, as it called us.
    unsafe { Python::attach_unchecked(work) }
}
