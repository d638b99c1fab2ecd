//! C functions that compiled code may call: ctypes functions with declared types, and our own `cfunc`s.

use crate::types;
use coachwhip_driver::NativeRecord;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

/// The signature and address behind a ctypes function object, `None` for anything else.
pub fn record(value: &Bound<'_, PyAny>) -> PyResult<Option<NativeRecord>> {
    let py = value.py();
    // Function objects of ctypes have a class of their own (of each library, too); its metaclass tells.
    let metaclass = value.get_type().get_type();
    let module = metaclass.getattr("__module__")?;
    if !module.cast::<PyString>().is_ok_and(|m| m == "_ctypes") {
        return Ok(None);
    }
    let found = py.import("coachwhip._pointers")?.getattr("native")?.call1((value,))?;
    if found.is_none() {
        return Ok(None);
    }
    let (params, ret, address): (Bound<'_, PyTuple>, Bound<'_, PyAny>, u64) = found.extract()?;
    let params = params.iter().map(|p| types::from_python(&p)).collect::<PyResult<_>>()?;
    Ok(Some(NativeRecord { params, ret: types::from_python(&ret)?, address }))
}
