//! Attributes of Python objects that may be missing.

use pyo3::prelude::*;
use pyo3::types::PyString;

/// An attribute that an object may lack, if it is a `str`.  Whatever else goes wrong is no answer.
pub fn text_attribute(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Option<String>> {
    let found = value.getattr_opt(name)?;
    Ok(found.and_then(|found| Some(found.cast::<PyString>().ok()?.to_string_lossy().into_owned())))
}
