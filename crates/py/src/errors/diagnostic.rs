//! Diagnostics as Python exceptions.

use super::render::render;
use coachwhip_ir::{Code, Diagnostic, Label};
use pyo3::exceptions::PySystemError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::sync::Arc;

/// Why a call did not get as far as compiled code.
pub enum Failure {
    /// A message about the user's program.
    Diagnostic(Arc<Diagnostic>),
    /// A Python exception.
    Python(PyErr),
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Failure {
        Failure::Python(error)
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Failure {
        Failure::Diagnostic(Arc::new(diagnostic))
    }
}

impl Failure {
    /// The exception; a diagnostic without a place gets that of the function.
    pub fn into_error(self, py: Python<'_>, function: &Bound<'_, PyAny>) -> PyErr {
        match self {
            Failure::Python(error) => error,
            Failure::Diagnostic(diagnostic) => error(py, &diagnostic, Some(function)),
        }
    }
}

/// The exception for a diagnostic.
pub fn error(py: Python<'_>, diagnostic: &Diagnostic, function: Option<&Bound<'_, PyAny>>) -> PyErr {
    if diagnostic.is_abandoned()
        && let Some(raised) = crate::abandoned::take(py)
    {
        return raised;
    }
    let made = (|| {
        let diagnostic = &helped(py, diagnostic, function)?;
        let text = render(py, diagnostic, function)?;
        let data = data(py, diagnostic)?;
        py.import("coachwhip._errors")?.getattr("from_diagnostic")?.call1((text, data))
    })();
    made.map_or_else(|e| e, PyErr::from_value)
}

/// The diagnostic with the help that takes a look at Python's objects: names and attributes that are meant, objects
/// that have another form.
fn helped(py: Python<'_>, diagnostic: &Diagnostic, function: Option<&Bound<'_, PyAny>>) -> PyResult<Diagnostic> {
    use coachwhip_ir::Code::*;
    let mut diagnostic = diagnostic.clone();
    let about_objects = matches!(
        diagnostic.code,
        ArgumentUnsupported | UnknownAttribute | UnknownGlobal | UnsupportedFunction | UnsupportedObject
    );
    if about_objects {
        let data = data(py, &diagnostic)?;
        let help = py.import("coachwhip._help")?.getattr("for_diagnostic")?.call1((data, function))?;
        if let Some(help) = help.extract::<Option<String>>()? {
            diagnostic.help = Some(help);
        }
    }
    Ok(diagnostic)
}

/// A panic outside the stages of a compile.
pub fn internal(py: Python<'_>, stage: &str) -> PyErr {
    let message = format!("error inside coachwhip, stage `{stage}`: nothing was run");
    let diagnostic = Diagnostic::new(Code::Internal, message).help("please report it with the function");
    let error = error(py, &diagnostic, None);
    if error.is_instance_of::<PySystemError>(py) { error } else { PySystemError::new_err(diagnostic.to_string()) }
}

/// The parts of a diagnostic, for programs that read it.
fn data<'py>(py: Python<'py>, diagnostic: &Diagnostic) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("code", diagnostic.code.text())?;
    dict.set_item("title", diagnostic.code.title())?;
    dict.set_item("message", &diagnostic.message)?;
    dict.set_item("primary", diagnostic.primary.as_ref().map(|l| label(py, l)).transpose()?)?;
    let secondary = PyList::empty(py);
    for item in &diagnostic.secondary {
        secondary.append(label(py, item)?)?;
    }
    dict.set_item("secondary", secondary)?;
    dict.set_item("notes", &diagnostic.notes)?;
    dict.set_item("help", &diagnostic.help)?;
    Ok(dict)
}

fn label<'py>(py: Python<'py>, label: &Label) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let span = &label.span;
    dict.set_item("text", &label.text)?;
    dict.set_item("function", &*span.function)?;
    dict.set_item("file", &*span.file)?;
    dict.set_item("line", span.line)?;
    dict.set_item("column", span.column)?;
    dict.set_item("end_line", span.end_line)?;
    dict.set_item("end_column", span.end_column)?;
    Ok(dict)
}
