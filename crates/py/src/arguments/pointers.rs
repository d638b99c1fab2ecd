//! Addresses behind ctypes objects: pointers, `c_void_p`, arrays and function pointers.

use crate::abandoned::{abandon, held};
use crate::attributes::text_attribute;
use pyo3::ffi::PyObject;
use pyo3::prelude::*;

/// The address that a ctypes object holds (pointer, `c_void_p`, `c_char_p`) or is at (array, structure).
///
/// # Safety
/// `object` is live and the interpreter is attached.
pub unsafe fn ctypes_address(object: *mut PyObject) -> Option<u64> {
    // SAFETY: as the caller promises.
    unsafe {
        held(|py| {
            let found = address(&Bound::from_borrowed_ptr(py, object));
            // The slow path, which comes next where nothing accepts the argument, raises it.
            found.unwrap_or_else(|error| {
                abandon(error);
                None
            })
        })
    }
}

fn address(object: &Bound<'_, PyAny>) -> PyResult<Option<u64>> {
    let py = object.py();
    // Only ctypes objects have a class whose metaclass comes from `_ctypes`; nothing is imported for others.
    let metaclass = object.get_type().get_type();
    if text_attribute(&metaclass, "__module__")?.as_deref() == Some("_ctypes") {
        let helper = py.import("coachwhip._pointers")?.getattr("address")?;
        return helper.call1((object,))?.extract();
    }
    Ok(None)
}
