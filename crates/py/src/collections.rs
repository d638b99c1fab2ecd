//! The classes of Python's `collections` that compiled code has types for.

use coachwhip_ir::{Factory, TableKind};
use pyo3::ffi::{self as raw, PyObject, PyTypeObject};
use pyo3::prelude::*;
use pyo3::types::PyType;
use std::sync::OnceLock;

struct Classes {
    counter: Py<PyType>,
    default_dict: Py<PyType>,
    /// The classes of `Factory::CLASSES`.
    factories: Vec<Py<PyAny>>,
}

static CLASSES: OnceLock<Classes> = OnceLock::new();

/// Looks the classes up.
pub fn load(py: Python<'_>) -> PyResult<()> {
    let module = py.import("collections")?;
    let builtins = py.import("builtins")?;
    let class = |name: &str| -> PyResult<Py<PyType>> { Ok(module.getattr(name)?.cast_into::<PyType>()?.unbind()) };
    let factories = Factory::CLASSES.iter().map(|name| Ok(builtins.getattr(*name)?.unbind()));
    let classes = Classes {
        counter: class("Counter")?,
        default_dict: class("defaultdict")?,
        factories: factories.collect::<PyResult<_>>()?,
    };
    // Those of the first interpreter stay.
    drop(CLASSES.set(classes));
    Ok(())
}

/// The class of a kind of dict; the built-in one's before the others are known.
pub fn class_of(kind: TableKind) -> *mut PyTypeObject {
    match (kind, CLASSES.get()) {
        (TableKind::Set, _) => &raw mut raw::PySet_Type,
        (TableKind::FrozenSet, _) => &raw mut raw::PyFrozenSet_Type,
        (TableKind::Counter, Some(classes)) => classes.counter.as_ptr().cast(),
        (TableKind::Default(_), Some(classes)) => classes.default_dict.as_ptr().cast(),
        _ => &raw mut raw::PyDict_Type,
    }
}

/// The object that is a factory: borrowed, null if it is a function of a program.
pub fn factory_object(factory: Factory) -> *mut PyObject {
    match (factory, CLASSES.get()) {
        // SAFETY: `None` is always there.
        (Factory::None, _) => unsafe { raw::Py_None() },
        (Factory::Class(name), Some(classes)) => {
            let mut known = Factory::CLASSES.iter().zip(&classes.factories);
            known.find(|(known, _)| **known == name).map_or(std::ptr::null_mut(), |(_, class)| class.as_ptr())
        }
        _ => std::ptr::null_mut(),
    }
}

/// Whether a dict of a kind has what else the kind says: its factory.
///
/// # Safety
/// `dict` is a live object of the kind's class, and the interpreter is held.
pub unsafe fn has_factory(dict: *mut PyObject, kind: TableKind) -> bool {
    let TableKind::Default(factory) = kind else { return true };
    let wanted = factory_object(factory);
    // SAFETY: as the caller promises; the attribute is a member of the object, so no code of anybody's runs.
    unsafe {
        let found = raw::PyObject_GetAttrString(dict, c"default_factory".as_ptr());
        raw::PyErr_Clear();
        raw::Py_XDECREF(found);
        !found.is_null() && found == wanted
    }
}

/// The kind of a dict of a special class: `None` of a plain one, the text of a factory that compiled code has not.
pub fn kind_of(dict: &Bound<'_, PyAny>) -> PyResult<Result<TableKind, String>> {
    let class = dict.get_type().as_type_ptr();
    if class == class_of(TableKind::Counter) {
        return Ok(Ok(TableKind::Counter));
    }
    if class != class_of(TableKind::Default(Factory::None)) {
        return Ok(Ok(TableKind::Dict));
    }
    let factory = dict.getattr("default_factory")?;
    let all = Factory::CLASSES.into_iter().map(Factory::Class).chain([Factory::None]);
    let found = all.into_iter().find(|known| factory_object(*known) == factory.as_ptr());
    Ok(match found {
        Some(found) => Ok(TableKind::Default(found)),
        None => Err(factory.repr()?.to_string()),
    })
}
