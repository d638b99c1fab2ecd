//! From the arguments of a Python call to words: binding to parameters, unboxing.

pub mod bind;
pub mod declared;
pub mod instances;
pub mod lists;
pub mod pointers;
pub mod size;
pub mod slot;
pub mod tables;

use pyo3::prelude::*;
use pyo3::types::PyTuple;

const VARARGS: u32 = 0x04;
const VARKEYWORDS: u32 = 0x08;

/// How a Python function takes its arguments.
pub struct Parameters {
    /// Positional parameters, then keyword-only ones.
    pub names: Vec<Py<PyAny>>,
    /// How many of them are positional-only.
    pub posonly: usize,
    /// How many of them are keyword-only.
    pub kwonly: usize,
    /// Whether there is `*args`, whose tuple becomes the last argument.
    pub varargs: bool,
    /// Whether there is `**kwargs`, which the front end refuses.
    pub varkeywords: bool,
}

impl Parameters {
    /// The parameters of a function.
    pub fn of(function: &Bound<'_, PyAny>) -> PyResult<Parameters> {
        let code = function.getattr("__code__")?;
        let number = |name| -> PyResult<usize> { code.getattr(name)?.extract() };
        let positional = number("co_argcount")?;
        let kwonly = number("co_kwonlyargcount")?;
        let flags: u32 = code.getattr("co_flags")?.extract()?;
        let names = code.getattr("co_varnames")?.cast_into::<PyTuple>()?;
        Ok(Parameters {
            names: names.iter().take(positional + kwonly).map(Bound::unbind).collect(),
            posonly: number("co_posonlyargcount")?,
            kwonly,
            varargs: flags & VARARGS != 0,
            varkeywords: flags & VARKEYWORDS != 0,
        })
    }

    /// Number of positional parameters.
    pub fn positional(&self) -> usize {
        self.names.len() - self.kwonly
    }

    /// Whether exactly the positional arguments, in order, are the function's arguments.
    pub fn simple(&self) -> bool {
        self.kwonly == 0 && !self.varargs && !self.varkeywords
    }

    /// The name of the n-th argument, for messages.
    pub fn name(&self, py: Python<'_>, index: usize) -> String {
        match self.names.get(index) {
            Some(name) => name.bind(py).to_string(),
            None => "*args".into(),
        }
    }
}
