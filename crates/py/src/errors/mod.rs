//! What went wrong, as Python exceptions: failures of compiled code ([`raise`]) and diagnostics
//! ([`diagnostic`]).

pub mod diagnostic;
pub mod pending;
pub mod pieces;
mod render;

use crate::abandoned::held;
use coachwhip_abi::layout::{ErrorRecord, Site};
use coachwhip_abi::{Context, ErrorKind, Piece};
use coachwhip_ir::Dtype;
use coachwhip_runtime::{Caught, Origin};
use pieces::Lists;
use pyo3::ffi::PyObject;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use std::ffi::{CStr, c_char};
use std::rc::Rc;

/// Prefix of the class name of a user's exception: its number in the program's table follows.
const CLASS_NUMBER: char = '@';

/// Raises what the context records, with a traceback of the user's frames; always returns null.
///
/// # Safety
/// The context was filled by compiled code that returned a failure, and the interpreter is held.
#[cold]
pub unsafe fn raise(context: &mut Context, call: &dyn Lists) -> *mut PyObject {
    // SAFETY: as the caller promises; a live exception and its class.
    unsafe {
        held(|py| match exception(py, context, Some(call)) {
            // What compiled code was handling is the context already.
            Ok(raised) if raised.getattr("__context__").is_ok_and(|context| !context.is_none()) => {
                PyErr::from_value(raised).restore(py);
            }
            // Unlike `PyErr::restore`, this links the exception that is being handled as the context.
            Ok(raised) => pyo3::ffi::PyErr_SetObject(raised.get_type().as_ptr(), raised.as_ptr()),
            Err(error) => error.restore(py),
        });
    }
    std::ptr::null_mut()
}

/// The exception that the context records; its frames and pieces are taken.
///
/// # Safety
/// As [`raise`].
pub unsafe fn exception<'py>(
    py: Python<'py>,
    context: &mut Context,
    call: Option<&dyn Lists>,
) -> PyResult<Bound<'py, PyAny>> {
    let (frames, pieces) = (coachwhip_runtime::take_frames(context), coachwhip_runtime::take_pieces(context));
    let origin = coachwhip_runtime::take_origin(context);
    let made = of_record(py, &context.error, &frames, &pieces, call);
    let made = made.and_then(|made| linked(&made, &origin, call).map(|()| made));
    coachwhip_runtime::end(context);
    pending::forget(&context.error);
    made
}

/// An exception that compiled code is handling, or has handled.
pub fn of_caught<'py>(py: Python<'py>, caught: &Caught, call: Option<&dyn Lists>) -> PyResult<Bound<'py, PyAny>> {
    let made = of_record(py, &caught.record, &caught.frames, &caught.pieces, call)?;
    linked(&made, &caught.origin, call)?;
    Ok(made)
}

/// Links an exception with those that it came out of.
fn linked(exception: &Bound<'_, PyAny>, origin: &Origin, call: Option<&dyn Lists>) -> PyResult<()> {
    let py = exception.py();
    let context = origin.context.as_ref().map(|caught| of_caught(py, caught, call)).transpose()?;
    if let Some(context) = &context {
        exception.setattr("__context__", context)?;
    }
    match &origin.cause {
        None => Ok(()),
        Some(None) => exception.setattr("__cause__", py.None()),
        Some(Some(cause)) => {
            let same = origin.context.as_ref().is_some_and(|context| Rc::ptr_eq(context, cause));
            let cause = context.filter(|_| same).map_or_else(|| of_caught(py, cause, call), Ok)?;
            exception.setattr("__cause__", cause)
        }
    }
}

fn of_record<'py>(
    py: Python<'py>,
    record: &ErrorRecord,
    frames: &[*const Site],
    pieces: &[Piece],
    call: Option<&dyn Lists>,
) -> PyResult<Bound<'py, PyAny>> {
    let kind = ErrorKind::ALL.get(record.kind as usize).copied().unwrap_or(ErrorKind::Unreachable);
    let frames = frame_list(py, frames)?;
    let module = py.import("coachwhip._exceptions")?;
    if kind == ErrorKind::Pending
        && let Some(pending) = pending::get(py, record.args[0])
    {
        let pending = pending.into_value(py);
        return module.getattr("traced")?.call1((pending, frames));
    }
    let (class, args) = if kind == ErrorKind::User {
        (user_class(py, record)?, pieces::arguments(py, pieces, call)?)
    } else {
        let class = class_of(py, kind)?;
        (class, message_arguments(py, kind, &|index, form| argument(record, index, form))?)
    };
    module.getattr("made")?.call1((class, args, frames))
}

/// The class of a row of the error table.
pub fn class_of(py: Python<'_>, kind: ErrorKind) -> PyResult<Bound<'_, PyAny>> {
    let (module, class) = kind.class().rsplit_once('.').unwrap_or(("builtins", kind.class()));
    py.import(module)?.getattr(class)
}

/// `(function, file, line, the function's first line)`, innermost frame first, the callers of inlined code included.
fn frame_list<'py>(py: Python<'py>, frames: &[*const Site]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for &frame in frames {
        let mut site = frame;
        while !site.is_null() {
            // SAFETY: sites are constant data of code that is still linked; names end with NUL.
            let (function, file, line, first, next) = unsafe {
                let s = &*site;
                let (file, first) = (text((*s.origin).file), (*s.origin).first);
                (text(s.function), file, s.line.wrapping_add(first), first, s.inlined_at)
            };
            // An origin of line 0 knows the file alone.
            list.append((function, file, line, if first == 0 { line } else { first }))?;
            site = next;
        }
    }
    Ok(list)
}

/// # Safety
/// `address` is null or a NUL-terminated constant.
unsafe fn text(address: *const u8) -> String {
    if address.is_null() {
        return "?".into();
    }
    // SAFETY: as the caller promises.
    unsafe { CStr::from_ptr(address.cast::<c_char>()) }.to_string_lossy().into_owned()
}

/// The class of a user's exception.
pub fn user_class<'py>(py: Python<'py>, record: &ErrorRecord) -> PyResult<Bound<'py, PyAny>> {
    named_class(py, record.class)
}

/// The class with a name as [`ErrorRecord::class`] has it.
fn named_class(py: Python<'_>, name: *const u8) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: compiled code gives the name as a constant.
    let name = unsafe { text(name) };
    if let Some(number) = name.strip_prefix(CLASS_NUMBER).and_then(|number| number.parse().ok())
        && let Some(class) = crate::classes::find(py, number)?
    {
        return Ok(class);
    }
    let (module, plain) = name.rsplit_once('.').unwrap_or(("builtins", &name));
    py.import(module)?.getattr(plain)
}

/// The arguments of a row's exception: usually its message.
fn message_arguments<'py>(
    py: Python<'py>,
    kind: ErrorKind,
    text: &dyn Fn(usize, &str) -> String,
) -> PyResult<Bound<'py, PyAny>> {
    if kind == ErrorKind::FloatPowOverflow {
        return Ok((34, "Numerical result out of range").into_pyobject(py)?.into_any());
    }
    if kind.message().is_empty() {
        return Ok(PyTuple::empty(py).into_any());
    }
    if kind == ErrorKind::MathDomainOf {
        let bits = text(1, "").parse::<i64>().unwrap_or(0);
        let asked = (text(0, "name"), f64::from_bits(bits as u64));
        let words = py.import("coachwhip._wording")?.getattr("math_domain")?.call1(asked)?;
        return Ok((words,).into_pyobject(py)?.into_any());
    }
    if kind.arity() == 0 {
        let own = (kind.text(), kind.message());
        let words = py.import("coachwhip._wording")?.getattr("message")?.call1(own)?;
        return Ok((words,).into_pyobject(py)?.into_any());
    }
    Ok((message(kind, text),).into_pyobject(py)?.into_any())
}

/// The row's message; `text` gives the n-th argument in a form (``, `name`, `dtype`).
fn message(kind: ErrorKind, text: &dyn Fn(usize, &str) -> String) -> String {
    let mut whole = kind.message().to_owned();
    for index in 0..kind.arity() {
        for (place, form) in [("", ""), (":name", "name"), (":dtype", "dtype")] {
            let place = format!("{{{index}{place}}}");
            if whole.contains(&place) {
                whole = whole.replace(&place, &text(index, form));
            }
        }
    }
    whole
}

/// An argument of a failure of compiled code.
fn argument(record: &ErrorRecord, index: usize, form: &str) -> String {
    let word = record.args.get(index).copied().unwrap_or(0);
    match form {
        // SAFETY: where the row says `name`, compiled code passes the address of a constant.
        "name" => unsafe { text(word as *const u8) },
        "dtype" => Dtype::ALL.get(word as usize).map_or("?", |d| d.name()).to_owned(),
        _ => (word as i64).to_string(),
    }
}
