//! The classes of users' exceptions that compiled code names, numbered for the whole process.
//!
//! Only weak references are kept here; the environment of whoever compiled the code keeps the class alive.

use pyo3::prelude::*;
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
