//! Addresses behind ctypes objects: pointers, `c_void_p`, arrays and function pointers.

use pyo3::ffi::PyObject;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// The address that a ctypes object holds (pointer, `c_void_p`, `c_char_p`) or is at (array, structure).
///
/// # Safety
/// `object` is live and the interpreter is attached.
pub unsafe fn ctypes_address(object: *mut PyObject) -> Option<u64> {
    // SAFETY: as the caller promises.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: as the caller promises.
    let object = unsafe { Bound::from_borrowed_ptr(py, object) };
    let found = address(&object);
    found.unwrap_or_default()
}

fn address(object: &Bound<'_, PyAny>) -> PyResult<Option<u64>> {
    let py = object.py();
    // Only ctypes objects have a class whose metaclass comes from `_ctypes`; nothing is imported for others.
    let metaclass = object.get_type().get_type();
    let module = metaclass.getattr("__module__")?;
    if module.cast::<PyString>().is_ok_and(|m| m == "_ctypes") {
        let helper = py.import("coachwhip._pointers")?.getattr("address")?;
        return helper.call1((object,))?.extract();
    }
    Ok(None)
}
