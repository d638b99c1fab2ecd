//! What the run time asks of Python: signals, printing, and the failures of C callbacks.

use crate::errors;
use coachwhip_abi::{Context, ErrorKind, Status};
use coachwhip_runtime::{Hooks, install_hooks, take_pieces};
use pyo3::prelude::*;
use std::cell::RefCell;
use std::ffi::c_ulong;

thread_local! {
    /// The Python exception behind an `ErrorKind::Pending` on its way out.
    static PENDING: RefCell<Option<PyErr>> = const { RefCell::new(None) };
    /// What stands for an exception of a C callback that waits to be raised on this thread, and its number.
    static AWAITED: RefCell<Option<(Py<PyAny>, c_ulong)>> = const { RefCell::new(None) };
}

/// Installs the hooks.
pub fn install() {
    install_hooks(Hooks { check_signals, print, surface, bit_generator, seed });
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

/// The bit generator is kept for ever: compiled code has its address.
fn bit_generator() -> *mut std::ffi::c_void {
    let find = |py: Python<'_>| -> PyResult<*mut std::ffi::c_void> {
        let stream = py.import("numpy.random.mtrand")?.getattr("_rand")?;
        let generator = stream.getattr("_bit_generator")?;
        let capsule = generator.getattr("capsule")?;
        // SAFETY: NumPy's documented name of the capsule; anything else gives null.
        let table = unsafe { pyo3::ffi::PyCapsule_GetPointer(capsule.as_ptr(), c"BitGenerator".as_ptr()) };
        if table.is_null() {
            return Err(PyErr::fetch(py));
        }
        std::mem::forget((generator.unbind(), capsule.unbind()));
        Ok(table)
    };
    Python::attach(|py| find(py).unwrap_or(std::ptr::null_mut()))
}

fn seed(context: &mut Context, seed: Option<i64>) -> Status {
    let outcome = Python::attach(|py| py.import("numpy.random")?.getattr("seed")?.call1((seed,)).map(drop));
    match outcome {
        Ok(()) => 0,
        Err(error) => fail(context, error),
    }
}

/// The caller of a callback that returns a status looks for an exception if it holds the interpreter; for any
/// other the exception is left for the interpreter, which raises it when the caller has returned.
fn surface(context: &mut Context, status: bool) {
    // SAFETY: asks about the calling thread only.
    let held = unsafe { crate::ffi::PyGILState_Check() } == 1;
    Python::attach(|py| {
        // SciPy goes on calling after a failure: the first one counts.
        if PyErr::occurred(py) || raise_again(py) {
            return;
        }
        // SAFETY: the context was filled by compiled code that failed.
        let exception = unsafe { errors::exception(py, context) };
        let raised = match exception {
            Ok(exception) if status && held => Err(PyErr::from_value(exception)),
            Ok(exception) => raise_later(py, exception),
            Err(error) => Err(error),
        };
        if let Err(error) = raised {
            error.restore(py);
        }
    });
}

fn raise_later(py: Python<'_>, exception: Bound<'_, PyAny>) -> PyResult<()> {
    let made = py.import("coachwhip._callbacks")?.getattr("messenger")?.call1((exception,))?;
    let (class, thread): (Py<PyAny>, c_ulong) = made.extract()?;
    AWAITED.set(Some((class, thread)));
    raise_again(py);
    Ok(())
}

/// Whether an exception waits already; it is announced again, in case that it was lost on the way.  No Python
/// code runs here, which would raise it too early.
fn raise_again(_py: Python<'_>) -> bool {
    AWAITED.with_borrow(|awaited| {
        let Some((class, thread)) = awaited else { return false };
        // SAFETY: the class is an exception class; the thread is this one.
        unsafe { crate::ffi::PyThreadState_SetAsyncExc(*thread, class.as_ptr()) };
        true
    })
}

/// Called when the exception that waited is raised.
#[pyfunction]
pub fn surfaced() {
    AWAITED.set(None);
}

/// Number of memory blocks of arrays that compiled code made and somebody still keeps; tests of leaks watch it.
#[pyfunction]
pub fn live_arrays() -> i64 {
    coachwhip_runtime::live_owners()
}
