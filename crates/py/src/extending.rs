//! What Python tells and is asked of overloads (`coachwhip.extending`).

use crate::{abandoned, overloads};
use coachwhip_ir::{Code, Diagnostic, Overloaded, Ty};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use std::sync::Arc;

/// Notes that a function has overloads; its key.
#[pyfunction]
pub fn overload_function(function: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Some(known) = overloads::object(function) {
        overloads::again();
        return Ok(known);
    }
    if let Some(name) = crate::snapshot::canonical_name(function)? {
        overloads::add_function(&name);
        return Ok(name);
    }
    let part = |name: &str| crate::attributes::text_attribute(function, name);
    let name = match part("__qualname__")? {
        Some(name) => name,
        None => part("__name__")?.unwrap_or_else(|| "function".into()),
    };
    std::mem::forget(function.clone().unbind());
    Ok(overloads::add_object(function, &name))
}

/// The function that implements a call for these types of arguments, if there is one.
pub fn ask<'py>(
    py: Python<'py>,
    what: Overloaded<'_>,
    positional: &[Ty],
    keywords: &[(Arc<str>, Ty)],
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let (kind, key) = match what {
        Overloaded::Function(key) => ("function", key),
        Overloaded::Method(name) => ("method", name),
        Overloaded::Attribute(name) => ("attribute", name),
    };
    let types = positional.iter().map(|ty| crate::types::to_python(py, ty)).collect::<PyResult<Vec<_>>>()?;
    let named = PyDict::new(py);
    for (name, ty) in keywords {
        named.set_item(&**name, crate::types::to_python(py, ty)?)?;
    }
    let choose = py.import("coachwhip.extending")?.getattr("_choose")?;
    let found = choose.call1((kind, key, PyTuple::new(py, types)?, named))?;
    Ok((!found.is_none()).then_some(found))
}

/// An exception in an overload, as the refusal of the call, unless it came from outside.
pub fn failure(py: Python<'_>, error: PyErr) -> Diagnostic {
    if !abandoned::is_own(py, &error) {
        return abandoned::abandon(error);
    }
    let described = || -> PyResult<(String, Option<String>)> {
        py.import("coachwhip.extending")?.getattr("_failure")?.call1((error.value(py),))?.extract()
    };
    let (message, place) = match described() {
        Ok(described) => described,
        Err(error) => return abandoned::abandon(error),
    };
    let diagnostic = Diagnostic::new(Code::Overload, message);
    match place {
        Some(place) => diagnostic.note(place),
        None => diagnostic,
    }
}
