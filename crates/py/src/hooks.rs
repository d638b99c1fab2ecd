//! What the run time asks of Python: signals, printing, and the failures of C callbacks.

use crate::errors;
use coachwhip_abi::{Context, ErrorKind, Status};
use coachwhip_runtime::{Hooks, install_hooks, take_pieces};
use pyo3::prelude::*;
use std::cell::RefCell;

thread_local! {
    /// The Python exception behind an `ErrorKind::Pending` on its way out.
    static PENDING: RefCell<Option<PyErr>> = const { RefCell::new(None) };
}

/// Installs the hooks.
pub fn install() {
    install_hooks(Hooks { check_signals, print, surface });
}

/// The exception that a hook met on this thread.
pub fn take_pending(_py: Python<'_>) -> Option<PyErr> {
    PENDING.take()
}

/// Keeps the exception for the caller of the compiled code.
fn fail(context: &mut Context, error: PyErr) -> Status {
    PENDING.set(Some(error));
    coachwhip_runtime::fail(context, ErrorKind::Pending, [0; 4])
}

fn check_signals(context: &mut Context) -> Status {
    Python::attach(|py| match py.check_signals() {
        Ok(()) => 0,
        Err(error) => fail(context, error),
    })
}

fn print(context: &mut Context) -> Status {
    let pieces = take_pieces(context);
    let outcome = Python::attach(|py| {
        let text = errors::pieces::text(py, &pieces)?;
        let stdout = py.import("sys")?.getattr("stdout")?;
        if !stdout.is_none() {
            stdout.call_method1("write", (text,))?;
        }
        Ok(())
    });
    match outcome {
        Ok(()) => 0,
        Err(error) => fail(context, error),
    }
}

fn surface(context: &mut Context) {
    Python::attach(|py| {
        // SAFETY: the context was filled by compiled code that failed.
        let exception = unsafe { errors::exception(py, context, None) };
        let raised = exception.and_then(|exception| {
            py.import("coachwhip._callbacks")?.getattr("surface")?.call1((exception,))?.extract::<bool>()
        });
        if let Err(error) = raised {
            error.restore(py);
        }
    });
}
