//! C functions that compiled code may call: ctypes functions with declared types, and our own `cfunc`s.

use crate::attributes::text_attribute;
use crate::types;
use coachwhip_driver::NativeRecord;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

/// What a ctypes function object is to compiled code.
pub enum Native {
    /// A function that it can call.
    Function(NativeRecord),
    /// One that it cannot, in words that say why.
    Other(String),
}

/// The signature and address behind a ctypes function object, `None` for anything else.
pub fn record(value: &Bound<'_, PyAny>) -> PyResult<Option<Native>> {
    let py = value.py();
    // Function objects of ctypes have a class of their own (of each library, too); its metaclass tells.
    let metaclass = value.get_type().get_type();
    if text_attribute(&metaclass, "__module__")?.as_deref() != Some("_ctypes") {
        return Ok(None);
    }
    let found = py.import("coachwhip._pointers")?.getattr("native")?.call1((value,))?;
    if found.is_none() {
        return Ok(None);
    }
    if let Ok(why) = found.cast::<PyString>() {
        return Ok(Some(Native::Other(why.to_string())));
    }
    let (params, ret, address): (Bound<'_, PyTuple>, Bound<'_, PyAny>, u64) = found.extract()?;
    let params = params.iter().map(|p| types::from_python(&p)).collect::<PyResult<_>>()?;
    Ok(Some(Native::Function(NativeRecord { params, ret: types::from_python(&ret)?, address })))
}
