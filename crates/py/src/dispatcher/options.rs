//! The options of `jit`, already checked by `coachwhip._options`, as `ir::Options`.

use crate::types;
use coachwhip_ir::{FastMath, Inline, Options, Ty};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict};
use std::sync::Arc;

/// Reads the dict; names that are not there keep their defaults.
pub fn read(dict: &Bound<'_, PyDict>) -> PyResult<Options> {
    let mut options = Options::default();
    flag(dict, "boundscheck", &mut options.boundscheck)?;
    flag(dict, "wraparound", &mut options.wraparound)?;
    flag(dict, "exact_math", &mut options.exact_math)?;
    flag(dict, "nogil", &mut options.nogil)?;
    flag(dict, "debug", &mut options.debug)?;
    let overflow = word(dict, "overflow")?;
    options.wrap = overflow.as_deref() == Some("wrap");
    options.strict = overflow.as_deref() == Some("raise");
    options.numpy_errors = word(dict, "error_model")?.is_some_and(|w| w == "numpy");
    options.inline = match word(dict, "inline")?.as_deref() {
        Some("always") => Inline::Always,
        Some("never") => Inline::Never,
        _ => Inline::Auto,
    };
    if let Some(value) = dict.get_item("fastmath")? {
        options.fastmath = fastmath(&value)?;
    }
    if let Some(locals) = dict.get_item("locals")? {
        let mut declared: Vec<(Arc<str>, Ty)> = Vec::new();
        for (name, ty) in locals.cast::<PyDict>()? {
            declared.push((name.extract::<String>()?.into(), types::from_python(&ty)?));
        }
        options.locals = declared.into();
    }
    Ok(options)
}

/// Whether the cache may be used: unless the option says no.
pub fn cache(dict: &Bound<'_, PyDict>) -> PyResult<bool> {
    let mut cache = true;
    flag(dict, "cache", &mut cache)?;
    Ok(cache)
}

fn flag(dict: &Bound<'_, PyDict>, name: &str, target: &mut bool) -> PyResult<()> {
    if let Some(value) = dict.get_item(name)? {
        *target = value.is_truthy()?;
    }
    Ok(())
}

fn word(dict: &Bound<'_, PyDict>, name: &str) -> PyResult<Option<String>> {
    match dict.get_item(name)? {
        Some(value) if !value.is_none() => Ok(Some(value.extract()?)),
        _ => Ok(None),
    }
}

/// `True`, `False`, or the names of the relaxations.
fn fastmath(value: &Bound<'_, PyAny>) -> PyResult<FastMath> {
    if let Ok(all) = value.cast::<PyBool>() {
        return Ok(if all.is_true() { FastMath::FAST } else { FastMath::default() });
    }
    let mut flags = FastMath::default();
    for name in value.try_iter()? {
        match name?.extract::<String>()?.as_str() {
            "fast" => flags = FastMath::FAST,
            "nnan" => flags.nnan = true,
            "ninf" => flags.ninf = true,
            "nsz" => flags.nsz = true,
            "arcp" => flags.arcp = true,
            "contract" => flags.contract = true,
            "afn" => flags.afn = true,
            _ => flags.reassoc = true,
        }
    }
    Ok(flags)
}
