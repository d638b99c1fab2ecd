//! Tells the compiler which CPython and which NumPy run, and the Python library what follows from that.

use coachwhip_ir::versions::{self, Difference, Version};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;

/// Reads both versions, when the module is made.
pub fn install(py: Python<'_>) -> PyResult<()> {
    versions::install(python(py), numpy(py)?);
    Ok(())
}

/// The interpreter's major and minor version.
pub fn python(py: Python<'_>) -> Version {
    let info = py.version_info();
    (info.major, info.minor)
}

/// NumPy's major and minor version.
pub fn numpy(py: Python<'_>) -> PyResult<Version> {
    let text: String = py.import("numpy")?.getattr("__version__")?.extract()?;
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    Ok((parts.next().unwrap_or(0), parts.next().unwrap_or(0)))
}

/// Whether this interpreter and this NumPy are as a row of the table of differences says.
#[pyfunction]
pub fn follows(name: &str) -> PyResult<bool> {
    let row = Difference::ALL.iter().find(|row| row.text() == name);
    row.map(|row| coachwhip_ir::follows(*row)).ok_or_else(|| PyKeyError::new_err(name.to_owned()))
}
