//! What users have taught the compiler (`coachwhip.extending`): which names it knows, and the question which
//! implementation a call gets.
//!
//! The names are plain data, so that a compile sees without the interpreter whether there is anything to ask.

use crate::abandoned;
use crate::library::PythonLibrary;
use coachwhip_driver::Program;
use coachwhip_ir::{Code, Diagnostic, FuncId, Overloaded, Ty};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// Names with overloads.
#[derive(Default)]
struct Names {
    /// Functions by key: a canonical name, or that of an object.
    functions: HashSet<String>,
    methods: HashSet<String>,
    attributes: HashSet<String>,
    /// Keys of objects without a canonical name, by address; the objects live for ever.
    objects: HashMap<usize, String>,
}

static NAMES: LazyLock<RwLock<Names>> = LazyLock::new(RwLock::default);
/// Counts registrations.
static GENERATION: AtomicU64 = AtomicU64::new(0);

/// How many overloads have been registered so far.
pub fn generation() -> u64 {
    GENERATION.load(Ordering::Relaxed)
}

fn change(what: impl FnOnce(&mut Names)) {
    what(&mut NAMES.write().unwrap_or_else(PoisonError::into_inner));
    GENERATION.fetch_add(1, Ordering::Relaxed);
}

fn look<T>(what: impl FnOnce(&Names) -> T) -> T {
    what(&NAMES.read().unwrap_or_else(PoisonError::into_inner))
}

/// Notes that a function has overloads; its key.
#[pyfunction]
pub fn overload_function(function: &Bound<'_, PyAny>) -> PyResult<String> {
    let address = function.as_ptr() as usize;
    if let Some(known) = object(function) {
        change(|_| ());
        return Ok(known);
    }
    if let Some(name) = crate::snapshot::canonical_name(function)? {
        change(|names| {
            names.functions.insert(name.clone());
        });
        return Ok(name);
    }
    let part = |name: &str| crate::snapshot::text_attribute(function, name);
    let name = match part("__qualname__")? {
        Some(name) => name,
        None => part("__name__")?.unwrap_or_else(|| "function".into()),
    };
    std::mem::forget(function.clone().unbind());
    let mut key = name.clone();
    change(|names| {
        // Two functions of one name differ by a number, which messages do not show.
        let mut number = 1;
        while !names.functions.insert(format!("overload:{key}")) {
            number += 1;
            key = format!("{name}#{number}");
        }
        key = format!("overload:{key}");
        names.objects.insert(address, key.clone());
    });
    Ok(key)
}

/// Notes that there are methods or attributes of a name.
#[pyfunction]
pub fn overload_member(name: String, attribute: bool) {
    change(|names| {
        let table = if attribute { &mut names.attributes } else { &mut names.methods };
        table.insert(name);
    });
}

/// The key of an object that has overloads and no canonical name.
pub fn object(value: &Bound<'_, PyAny>) -> Option<String> {
    if generation() == 0 {
        return None;
    }
    look(|names| names.objects.get(&(value.as_ptr() as usize)).cloned())
}

/// Whether there are overloads of this key.
pub fn of_function(key: &str) -> bool {
    generation() > 0 && look(|names| names.functions.contains(key))
}

/// Whether there are methods or attributes of this name.
pub fn of_member(name: &str) -> bool {
    generation() > 0 && look(|names| names.methods.contains(name) || names.attributes.contains(name))
}

/// Whether there may be an implementation.
pub fn known(what: Overloaded<'_>) -> bool {
    generation() > 0
        && look(|names| match what {
            Overloaded::Function(key) => names.functions.contains(key),
            Overloaded::Method(name) => names.methods.contains(name),
            Overloaded::Attribute(name) => names.attributes.contains(name),
        })
}

/// Asks Python for the implementation of a call and adds it to the program.
pub fn choose(
    library: &PythonLibrary,
    program: &Program,
    what: Overloaded<'_>,
    positional: &[Ty],
    keywords: &[(Arc<str>, Ty)],
) -> Result<Option<FuncId>, Diagnostic> {
    Python::attach(|py| {
        let chosen = ask(py, what, positional, keywords).and_then(|function| match function {
            Some(function) => library.add(py, program, &function).map(Some),
            None => Ok(None),
        });
        chosen.map_err(|error| failure(py, error))
    })
}

fn ask<'py>(
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
fn failure(py: Python<'_>, error: PyErr) -> Diagnostic {
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
