//! What the run time asks of Python: signals, printing, and the failures of C callbacks.

use crate::errors::{self, pending};
use coachwhip_abi::layout::{AskedNumber, ErrorRecord};
use coachwhip_abi::{Context, ErrorKind, Piece, Status};
use coachwhip_runtime::strings::{Units, units};
use coachwhip_runtime::{Answer, Argument, Hooks, install_hooks, take_pieces};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::ffi::PyGILState_GetThisThreadState;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt, PyString, PyTuple};
use std::cell::RefCell;
use std::ffi::{CStr, c_ulong, c_void};

thread_local! {
    /// What stands for an exception of a C callback that waits to be raised on this thread, and its number.
    static AWAITED: RefCell<Option<(Py<PyAny>, c_ulong)>> = const { RefCell::new(None) };
}

/// Installs the hooks.
pub fn install() {
    install_hooks(Hooks {
        check_signals,
        print,
        surface,
        still_failing,
        seed,
        class_number,
        is_instance,
        handled_outside,
        hash: crate::strings::hash,
        format,
        keep_pending,
        drop_pending: pending::drop_number,
        ask,
        ask_object,
        drop_object,
        raise,
        characters: crate::characters::page,
    });
}

/// Keeps the exception for a handler, or for the caller of the compiled code.
fn fail(context: &mut Context, error: PyErr) -> Status {
    let number = pending::keep(error);
    coachwhip_runtime::fail(context, ErrorKind::Pending, [number, 0, 0, 0])
}

fn handled_outside(context: &mut Context) -> bool {
    Python::attach(|py| {
        // SAFETY: a new reference, or null where nothing is being handled.
        let handled = unsafe { Bound::from_owned_ptr_or_opt(py, pyo3::ffi::PyErr_GetHandledException()) };
        let found = handled.map(|exception| fail(context, PyErr::from_value(exception)));
        found.is_some()
    })
}

fn keep_pending(number: u64) -> u64 {
    Python::attach(|py| pending::get(py, number).map_or(u64::MAX, pending::keep))
}

/// The exception's class, if it is not one of the table.
fn class_of<'py>(py: Python<'py>, record: &ErrorRecord) -> Option<Bound<'py, PyAny>> {
    if record.kind == ErrorKind::Pending as u32 {
        return Some(pending::get(py, record.args[0])?.get_type(py).into_any());
    }
    errors::user_class(py, record).ok()
}

fn class_number(record: &ErrorRecord) -> u32 {
    let nearest = |class: Bound<'_, PyAny>| -> PyResult<u32> {
        for base in class.getattr("__mro__")?.try_iter()? {
            let base = base?;
            let (module, name) = (base.getattr("__module__")?, base.getattr("__qualname__")?);
            if let Some(number) = coachwhip_abi::class::number(&format!("{module}.{name}")) {
                return Ok(number);
            }
        }
        Ok(coachwhip_abi::class::BASE)
    };
    let base = coachwhip_abi::class::BASE;
    Python::attach(|py| class_of(py, record).map_or(base, |class| nearest(class).unwrap_or(base)))
}

fn is_instance(record: &ErrorRecord, class: &CStr) -> bool {
    Python::attach(|py| {
        let wanted = ErrorRecord { class: class.as_ptr().cast(), ..*record };
        let derives = || -> PyResult<bool> {
            let Some(own) = class_of(py, record) else { return Ok(false) };
            py.import("builtins")?.getattr("issubclass")?.call1((own, errors::user_class(py, &wanted)?))?.extract()
        };
        let table = record.kind != ErrorKind::Pending as u32 && record.kind != ErrorKind::User as u32;
        !table && derives().unwrap_or(false)
    })
}

/// A callable by its dotted name: of `builtins`, or of the module before the colon.
fn callable<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let (module, names) = name.split_once(':').unwrap_or(("builtins", name));
    names.split('.').try_fold(py.import(module)?.into_any(), |found, name| found.getattr(name))
}

/// What a callable gives for the pieces: a `str` or `bytes`.
fn ask(context: &mut Context, name: &str, pieces: &[Piece], give: &mut dyn FnMut(Units<'_>)) -> Status {
    let outcome = Python::attach(|py| {
        let arguments = errors::pieces::arguments(py, pieces, None)?.cast_into::<PyTuple>()?;
        let made = callable(py, name)?.call1(arguments)?;
        if let Ok(bytes) = made.cast_exact::<PyBytes>() {
            give(Units::One(bytes.as_bytes()));
            return Ok(());
        }
        // SAFETY: an exact string, which lives until its code points have been handed over.
        match made.cast_exact::<PyString>().map(|text| unsafe { crate::strings::block(text.as_ptr()) }) {
            // SAFETY: as above.
            Ok(Some(block)) => give(unsafe { units(&block) }),
            _ => return Err(PyTypeError::new_err(format!("{name} has not returned a str or bytes"))),
        }
        Ok(())
    });
    match outcome {
        Ok(()) => 0,
        Err(error) => fail(context, error),
    }
}

/// What a callable gives for the pieces: any object, or a number.
fn ask_object(
    context: &mut Context,
    name: &str,
    pieces: &[Piece],
    number: Option<AskedNumber>,
) -> Result<Answer, Status> {
    let outcome = Python::attach(|py| {
        let arguments = errors::pieces::arguments(py, pieces, None)?.cast_into::<PyTuple>()?;
        let made = callable(py, name)?.call1(arguments)?;
        Ok(match number {
            None => Answer::Object(made.into_ptr().cast()),
            Some(AskedNumber::Bool) => Answer::Number(u64::from(made.extract::<bool>()?)),
            Some(AskedNumber::Float) => Answer::Number(made.extract::<f64>()?.to_bits()),
            Some(AskedNumber::Int) => match made.extract::<i64>() {
                Ok(number) => Answer::Number(number as u64),
                Err(_) if made.is_instance_of::<PyInt>() => {
                    let message = ErrorKind::IntOverflow.message();
                    return Err(PyOverflowError::new_err(message));
                }
                Err(error) => return Err(error),
            },
        })
    });
    outcome.map_err(|error| fail(context, error))
}

fn drop_object(object: *mut c_void) {
    // SAFETY: a reference that a block of compiled code has kept; the interpreter is held.
    Python::attach(|_| unsafe { pyo3::ffi::Py_DECREF(object.cast()) });
}

/// Calls a callable of `builtins` (`int`, `bytes.decode`) for the exception that it raises.
fn raise(context: &mut Context, name: &str, arguments: &[Argument<'_>]) -> Status {
    let outcome = Python::attach(|py| -> PyResult<()> {
        let found = callable(py, name)?;
        let arguments = arguments.iter().map(|argument| match argument {
            // SAFETY: the interpreter is held; a new reference, or null with an exception set.
            Argument::Str(units) => unsafe { Bound::from_owned_ptr_or_err(py, crate::strings::new_str(*units)) },
            Argument::Bytes(bytes) => Ok(PyBytes::new(py, bytes).into_any()),
            Argument::Int(number) => Ok(number.into_pyobject(py)?.into_any()),
        });
        let arguments = arguments.collect::<PyResult<Vec<_>>>()?;
        found.call1(PyTuple::new(py, arguments)?).map(drop)
    });
    match outcome {
        Ok(()) => 0,
        Err(error) => fail(context, error),
    }
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

fn format(context: &mut Context, pieces: &[Piece], give: &mut dyn FnMut(Units<'_>)) -> Status {
    let outcome = Python::attach(|py| {
        let text = errors::pieces::text(py, pieces)?;
        // SAFETY: the string lives until its code points have been handed over.
        if let Some(block) = unsafe { crate::strings::block(text.as_ptr()) } {
            // SAFETY: as above.
            give(unsafe { units(&block) });
        }
        Ok(())
    });
    match outcome {
        Ok(()) => 0,
        Err(error) => fail(context, error),
    }
}

/// Gives the run time NumPy's global stream of random numbers, before code that uses it is first entered.  The bit
/// generator is kept for ever: compiled code has its address.
pub fn provide_bit_generator(py: Python<'_>) -> PyResult<()> {
    if coachwhip_runtime::has_bit_generator() {
        return Ok(());
    }
    let stream = py.import("numpy.random.mtrand")?.getattr("_rand")?;
    let generator = stream.getattr("_bit_generator")?;
    let capsule = generator.getattr("capsule")?;
    // SAFETY: NumPy's documented name of the capsule; anything else gives null.
    let table = unsafe { pyo3::ffi::PyCapsule_GetPointer(capsule.as_ptr(), c"BitGenerator".as_ptr()) };
    if table.is_null() {
        return Err(PyErr::fetch(py));
    }
    std::mem::forget((generator.unbind(), capsule.unbind()));
    coachwhip_runtime::set_bit_generator(table);
    Ok(())
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
fn surface(context: &mut Context, status: bool) -> bool {
    // SAFETY: both ask about the calling thread only.
    let (held, of_python) =
        unsafe { (crate::ffi::PyGILState_Check() == 1, !PyGILState_GetThisThreadState().is_null()) };
    Python::attach(|py| {
        // SciPy goes on calling after a failure: the first one counts.
        if raise_again(py) || PyErr::occurred(py) {
            return true;
        }
        // SAFETY: the context was filled by compiled code that failed.
        let error = match unsafe { errors::exception(py, context, None) } {
            Ok(exception) => PyErr::from_value(exception),
            Err(error) => error,
        };
        if !of_python {
            // A thread of C's own never returns to the interpreter.
            error.write_unraisable(py, None);
            return false;
        }
        let waits = if status && held { Err(error) } else { raise_later(py, error.into_value(py).bind(py)) };
        if let Err(error) = waits {
            error.restore(py);
        }
        true
    })
}

/// Whether the first failure of a callback on this thread still waits to be raised.
fn still_failing() -> bool {
    if AWAITED.with_borrow(Option::is_some) {
        return Python::attach(raise_again);
    }
    // SAFETY: the error indicator is asked for where the interpreter is held.
    unsafe { crate::ffi::PyGILState_Check() == 1 && !pyo3::ffi::PyErr_Occurred().is_null() }
}

fn raise_later(py: Python<'_>, exception: &Bound<'_, PyAny>) -> PyResult<()> {
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
