//! Keywords, defaults and `*args` to one object for each parameter, as CPython binds them.

use super::Parameters;
use crate::ffi::{PyFunction_GetDefaults, PyFunction_GetKwDefaults, PyObject_Vectorcall};
use pyo3::ffi::{self as raw, PyObject};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// Arguments by parameter, and what keeps the new ones alive.
pub struct BoundArguments<'py> {
    /// One object for each parameter; the tuple of `*args` last.
    pub objects: Vec<*mut PyObject>,
    _varargs: Option<Bound<'py, PyTuple>>,
}

/// Binds the arguments of a vectorcall; `None` if they do not fit, see [`complain`].
///
/// # Safety
/// `args` are the live arguments, `kwnames` a tuple of names or null, `function` a Python function.
pub unsafe fn bind<'py>(
    py: Python<'py>,
    parameters: &Parameters,
    function: *mut PyObject,
    args: &[*mut PyObject],
    kwnames: *mut PyObject,
) -> PyResult<Option<BoundArguments<'py>>> {
    let mut slots: Vec<*mut PyObject> = vec![std::ptr::null_mut(); parameters.names.len()];
    // SAFETY: `kwnames` is a tuple or null.
    let keywords = if kwnames.is_null() { 0 } else { unsafe { raw::PyTuple_Size(kwnames) as usize } };
    let (positional, values) = args.split_at(args.len() - keywords);
    let (direct, rest) = positional.split_at(positional.len().min(parameters.positional()));
    if !rest.is_empty() && !parameters.varargs {
        return Ok(None);
    }
    for (slot, &arg) in slots.iter_mut().zip(direct) {
        *slot = arg;
    }
    for (index, &value) in values.iter().enumerate() {
        // SAFETY: the tuple has as many names as there are keyword values.
        let name = unsafe { raw::PyTuple_GetItem(kwnames, index as isize) };
        // SAFETY: names are strings.
        let Some(slot) = (unsafe { find(parameters, name) }).and_then(|at| slots.get_mut(at)) else { return Ok(None) };
        if !slot.is_null() {
            return Ok(None);
        }
        *slot = value;
    }
    // SAFETY: a Python function; defaults are borrowed from it.
    if !unsafe { fill_defaults(parameters, function, &mut slots) } {
        return Ok(None);
    }
    let varargs = if parameters.varargs {
        // SAFETY: the arguments are live.
        let items = rest.iter().map(|&item| unsafe { Bound::from_borrowed_ptr(py, item) });
        Some(PyTuple::new(py, items.collect::<Vec<_>>())?)
    } else {
        None
    };
    slots.extend(varargs.as_ref().map(|tuple| tuple.as_ptr()));
    Ok(Some(BoundArguments { objects: slots, _varargs: varargs }))
}

/// The parameter that a keyword names.
unsafe fn find(parameters: &Parameters, name: *mut PyObject) -> Option<usize> {
    let by_address = parameters.names.iter().position(|n| n.as_ptr() == name);
    // SAFETY: both are strings; comparing them runs no user code.
    let equal = |n: &Py<PyAny>| unsafe { raw::PyObject_RichCompareBool(n.as_ptr(), name, raw::Py_EQ) == 1 };
    let at = by_address.or_else(|| parameters.names.iter().position(equal))?;
    (at >= parameters.posonly).then_some(at)
}

/// Fills what is missing; false if something still is.
unsafe fn fill_defaults(parameters: &Parameters, function: *mut PyObject, slots: &mut [*mut PyObject]) -> bool {
    // SAFETY: a Python function; the tuple, the dict and their items live as long as it does not change.
    unsafe {
        let defaults = PyFunction_GetDefaults(function);
        let keyword = PyFunction_GetKwDefaults(function);
        let count = if defaults.is_null() { 0 } else { raw::PyTuple_Size(defaults) as usize };
        let positional = parameters.positional();
        let first = positional.saturating_sub(count);
        for (index, (slot, name)) in slots.iter_mut().zip(&parameters.names).enumerate() {
            if !slot.is_null() {
                continue;
            }
            if index >= positional && !keyword.is_null() {
                *slot = raw::PyDict_GetItemWithError(keyword, name.as_ptr());
            } else if index >= first && index < positional {
                *slot = raw::PyTuple_GetItem(defaults, (index - first) as isize);
            }
            if slot.is_null() {
                return false;
            }
        }
        true
    }
}

/// The exception that CPython raises for these arguments: a function without a body, but with the same
/// parameters, is called with them.
pub fn complain(py: Python<'_>, function: &Bound<'_, PyAny>, args: &[*mut PyObject], kwnames: *mut PyObject) -> PyErr {
    let raised = || -> PyResult<()> {
        let stub = py.import("coachwhip._binding")?.getattr("stub")?.call1((function,))?;
        // SAFETY: the objects are live; the number of positional arguments is what is left of the keywords.
        unsafe {
            let keywords = if kwnames.is_null() { 0 } else { raw::PyTuple_Size(kwnames) as usize };
            let result = PyObject_Vectorcall(stub.as_ptr(), args.as_ptr(), args.len() - keywords, kwnames);
            Bound::from_owned_ptr_or_err(py, result)?;
        }
        Ok(())
    };
    match raised() {
        Err(error) => error,
        Ok(()) => pyo3::exceptions::PyTypeError::new_err("the arguments do not fit the parameters"),
    }
}
