//! Objects that are known by name: built-in functions and types, NumPy's functions, and our own.
//!
//! A name is given only if the module really has that very object under it.

use super::constants::lookup;
use crate::attributes::text_attribute;
use crate::ffi::{self, type_of};
use crate::numpy::numpy;
use coachwhip_ir::Dtype;
use pyo3::ffi as raw;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};

/// Packages whose Python functions are known by name rather than compiled from their source.
const NAMED_PACKAGES: [&str; 3] = ["numpy", "scipy", "coachwhip"];
/// Modules of Python's library of which that is so, too.
const NAMED_MODULES: [&str; 1] = ["heapq"];
/// The part of our own package that is compiled from source.
const LIBRARY: &str = "coachwhip.lib";
/// The file of it whose functions are rules of the compiler.
const COMPILER: &str = "coachwhip.lib.compiler";

/// The canonical name (`builtins.len`, `math.sqrt`, `numpy.float64`), if the object has one.
pub fn name(value: &Bound<'_, PyAny>, place: Option<(&str, &str)>) -> PyResult<Option<String>> {
    // SAFETY: a live object; its type is compared by address.
    let class = unsafe { type_of(value.as_ptr()) };
    if let Some(dtype) = numpy().dtype_of_scalar_type(value.as_ptr().cast()) {
        return Ok(Some(format!("numpy.{}", dtype.numpy_name())));
    }
    if class == numpy().ufunc_type {
        let name: String = value.getattr("__name__")?.extract()?;
        return Ok(verified(value, "numpy", &name)?.or_else(|| placed(place)));
    }
    if let Some(dtype) = own_type(value)? {
        return Ok(Some(format!("numpy.{}", dtype.numpy_name())));
    }
    if is_exception_class(value) && text_attribute(value, "__module__")?.as_deref() != Some("builtins") {
        return Ok(None);
    }
    if let Some(name) = random_function(value)? {
        return Ok(Some(name));
    }
    let Some((module, name)) = module_and_name(value)? else {
        let default = class_name(value)? == "numpy._globals._NoValueType";
        return Ok(if default { Some("numpy._NoValue".into()) } else { known_place(place) });
    };
    let package = module.split('.').next().unwrap_or_default();
    if is_python_function(value) {
        let compiled = in_library(&module) && module != COMPILER;
        let named = NAMED_PACKAGES.contains(&package) && !compiled || NAMED_MODULES.contains(&module.as_str());
        if !named {
            return Ok(None);
        }
        let found = match verified(value, public(&module), &name)? {
            Some(found) => Some(found),
            None => verified(value, &module, &name)?,
        };
        return Ok(found.or_else(|| placed(place)));
    }
    if let Some(found) = verified(value, public(&module), &name)?.or_else(|| known_place(place)) {
        return Ok(Some(found));
    }
    if module == "builtins" { verified(value, "types", &name) } else { Ok(None) }
}

/// Whether a function with these globals is one of our library's.
pub fn is_of_library(globals: &Bound<'_, PyAny>) -> PyResult<bool> {
    let name = globals.cast::<PyDict>()?.get_item("__name__")?;
    Ok(name.is_some_and(|name| name.extract::<&str>().is_ok_and(in_library)))
}

/// Whether a module is part of what is compiled from source.
fn in_library(module: &str) -> bool {
    module.strip_prefix(LIBRARY).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// `numpy.random.gamma` and its like, which are methods of a hidden generator object.
fn random_function(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    if !is_builtin(value)? && value.get_type().name()? != "method" {
        return Ok(None);
    }
    let Some(receiver) = value.getattr_opt("__self__")? else { return Ok(None) };
    if receiver.get_type().name()? != "RandomState" {
        return Ok(None);
    }
    let name = text_attribute(value, "__name__")?;
    name.map_or(Ok(None), |name| verified(value, "numpy.random", &name))
}

/// The module under whose name users know the objects of an inner one.
fn public(module: &str) -> &str {
    match module {
        "_operator" => "operator",
        "_functools" => "functools",
        "_heapq" => "heapq",
        "_bisect" => "bisect",
        // Where 3.15 keeps `math.factorial`, `gcd` and their like.
        "math.integer" => "math",
        "numpy.random.mtrand" => "numpy.random",
        COMPILER => COMPILER,
        m if m == "coachwhip" || m.starts_with("coachwhip.") => "coachwhip",
        m => m,
    }
}

fn module_and_name(value: &Bound<'_, PyAny>) -> PyResult<Option<(String, String)>> {
    let callable = is_python_function(value) || value.cast::<PyType>().is_ok() || is_builtin(value)?;
    if !callable {
        return Ok(None);
    }
    Ok(text_attribute(value, "__module__")?.zip(text_attribute(value, "__name__")?))
}

/// Built-in functions, NumPy's wrapped functions and functions of Cython.
fn is_builtin(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    // SAFETY: a live object; its type is compared by address.
    if unsafe { type_of(value.as_ptr()) } == &raw mut raw::PyCFunction_Type {
        return Ok(true);
    }
    let name = value.get_type().name()?;
    Ok(name == "_ArrayFunctionDispatcher" || name == "cython_function_or_method")
}

/// `module.name` if that is this object.
fn verified(value: &Bound<'_, PyAny>, module: &str, name: &str) -> PyResult<Option<String>> {
    let modules = value.py().import("sys")?.getattr("modules")?;
    let Some(found) = lookup(&modules, module)? else { return Ok(None) };
    let Some(dict) = found.getattr_opt("__dict__")? else { return Ok(None) };
    let found = lookup(&dict, name)?;
    Ok(found.is_some_and(|found| found.is(value)).then(|| format!("{module}.{name}")))
}

fn placed(place: Option<(&str, &str)>) -> Option<String> {
    place.map(|(module, name)| format!("{module}.{name}"))
}

/// Where the object was found, if that is a package whose contents are known by name.
fn known_place(place: Option<(&str, &str)>) -> Option<String> {
    let (module, _) = place?;
    let package = module.split('.').next().unwrap_or_default();
    (package == "numpy" || package == "math" || package == "cmath").then(|| placed(place)).flatten()
}

/// Whether the object is a function written in Python.
pub fn is_python_function(value: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object; its type is compared by address.
    unsafe { type_of(value.as_ptr()).cast::<u8>() == (&raw mut ffi::PyFunction_Type).cast::<u8>() }
}

/// Whether the object is a class derived from `BaseException`.
pub fn is_exception_class(value: &Bound<'_, PyAny>) -> bool {
    // SAFETY: two type objects, whose lists of bases are compared; no code of theirs runs.
    value.cast::<PyType>().is_ok()
        && unsafe { raw::PyType_IsSubtype(value.as_ptr().cast(), raw::PyExc_BaseException.cast()) != 0 }
}

/// The dtype of one of our own type objects (`coachwhip.float64`).
fn own_type(value: &Bound<'_, PyAny>) -> PyResult<Option<Dtype>> {
    if text_attribute(&value.get_type(), "__module__")?.as_deref() != Some("coachwhip.types") {
        return Ok(None);
    }
    let Some(spec) = value.getattr_opt("_spec")? else { return Ok(None) };
    // No code runs here: an error says that it is no type of values.
    Ok(crate::types::from_spec(&spec).ok().and_then(|ty| ty.dtype()))
}

/// The name of the object's class as users write it; for a class, `class Name`.
pub fn class_name(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(class) = value.cast::<PyType>() {
        return Ok(format!("class {}", class.qualname()?));
    }
    let class = value.get_type();
    let module: String = class.module()?.extract()?;
    let name: String = class.qualname()?.extract()?;
    Ok(if module == "builtins" { name } else { format!("{module}.{name}") })
}
