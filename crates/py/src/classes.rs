//! The classes of users that compiled code names, numbered for the whole process.
//!
//! Only weak references are kept here; the environment of whoever compiled the code keeps the class alive.

use crate::abandoned::held;
use pyo3::exceptions::PyTypeError;
use pyo3::ffi::{PyObject, PyTypeObject};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::sync::{Mutex, PoisonError};

static CLASSES: Mutex<Vec<Py<PyAny>>> = Mutex::new(Vec::new());

/// The number of a class.
pub fn register(class: &Bound<'_, PyAny>) -> PyResult<u32> {
    let py = class.py();
    let reference = py.import("weakref")?.getattr("ref")?.call1((class,))?.unbind();
    let mut classes = CLASSES.lock().unwrap_or_else(PoisonError::into_inner);
    // Python gives one plain weak reference to all who ask for the same object.
    let known = classes.iter().position(|r| r.is(&reference));
    Ok(known.unwrap_or_else(|| {
        classes.push(reference);
        classes.len() - 1
    }) as u32)
}

/// The class with this number.
pub fn find(py: Python<'_>, number: u32) -> PyResult<Option<Bound<'_, PyAny>>> {
    let reference = {
        let classes = CLASSES.lock().unwrap_or_else(PoisonError::into_inner);
        classes.get(number as usize).map(|reference| reference.clone_ref(py))
    };
    let Some(reference) = reference else { return Ok(None) };
    Ok(Some(reference.bind(py).call0()?).filter(|class| !class.is_none()))
}

/// A new tuple of a class made by `namedtuple`, with the items of a plain one, whose reference is taken; null with an
/// exception set if there is none.
///
/// # Safety
/// The interpreter is held, and the tuple is null or a reference of the caller's own.
pub unsafe fn new_tuple(number: u32, items: *mut PyObject) -> *mut PyObject {
    if items.is_null() {
        return items;
    }
    let make = |py: Python<'_>| {
        // SAFETY: as the caller promises.
        let items = unsafe { Bound::from_owned_ptr(py, items) };
        match tuple_of(number, &items) {
            Ok(made) => made.into_ptr(),
            Err(error) => {
                error.restore(py);
                std::ptr::null_mut()
            }
        }
    };
    // SAFETY: as the caller promises.
    unsafe { held(make) }
}

/// As [`new_tuple`].
pub fn tuple_of<'py>(number: u32, items: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = items.py();
    match find(py, number)? {
        Some(class) => py.get_type::<PyTuple>().call_method1("__new__", (class, items)),
        None => Err(PyTypeError::new_err("the class of the result is gone")),
    }
}

/// The member of the enumeration with this number that has a word (`UserClass::word`).
pub fn member(py: Python<'_>, number: u32, word: i64) -> PyResult<Bound<'_, PyAny>> {
    match find(py, number)? {
        Some(class) => py.import("coachwhip._enums")?.getattr("member")?.call1((class, word)),
        None => Err(PyTypeError::new_err("the class of the result is gone")),
    }
}

/// As [`member`]; null with an exception set if there is none.
///
/// # Safety
/// The interpreter is held.
pub unsafe fn new_member(number: u32, word: i64) -> *mut PyObject {
    let find = |py: Python<'_>| match member(py, number, word) {
        Ok(found) => found.into_ptr(),
        Err(error) => {
            error.restore(py);
            std::ptr::null_mut()
        }
    };
    // SAFETY: as the caller promises.
    unsafe { held(find) }
}

/// The class with this number, which whoever compiled the code keeps alive; null if it is gone.
///
/// # Safety
/// The interpreter is held.
pub unsafe fn address(number: u32) -> *mut PyTypeObject {
    // SAFETY: as the caller promises.
    let class = unsafe { held(|py| find(py, number).ok().flatten().map(|class| class.as_ptr() as usize)) };
    class.unwrap_or(0) as *mut PyTypeObject
}
