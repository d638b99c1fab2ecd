//! Library functions, in Python (`coachwhip.lib`): found by the name of the callable they implement when
//! inference first asks for them, and read like any other function.

use crate::snapshot::{Guards, Memo, Snapshot, inherited};
use crate::{abandoned, extending, overloads};
use coachwhip_driver::{Library, Program};
use coachwhip_ir::{Diagnostic, FuncId, Options, Overloaded, Ty};
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};

/// The library, for one program; its functions take the options of the root, as plain callees do.
pub struct PythonLibrary {
    options: Options,
    /// Guards hold the headers of arrays that library functions name.  What these name never changes, so that
    /// nobody asks the guards.
    kept: Mutex<Vec<(Guards, Memo)>>,
}

impl PythonLibrary {
    /// A library whose functions take these options.
    pub fn new(options: &Options) -> PythonLibrary {
        PythonLibrary { options: inherited(options), kept: Mutex::default() }
    }

    /// Reads a function, and what it names, into the program.
    pub fn add(&self, py: Python<'_>, program: &Program, function: &Bound<'_, PyAny>) -> PyResult<FuncId> {
        let mut guards = Guards::new(crate::versions::python(py));
        let mut memo = Memo::default();
        let mut snapshot = Snapshot::new(py, program, &mut guards, &mut memo, &self.options);
        let id = snapshot.function(function, &self.options);
        snapshot.finish()?;
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push((guards, memo));
        Ok(id)
    }
}

impl Library for PythonLibrary {
    fn find(&self, program: &Program, name: &str) -> Result<Option<FuncId>, Diagnostic> {
        let find = |py: Python<'_>| -> PyResult<Option<FuncId>> {
            let function = py.import("coachwhip._library")?.getattr("find")?.call1((name,))?;
            if function.is_none() { Ok(None) } else { self.add(py, program, &function).map(Some) }
        };
        Python::attach(find).map_err(abandoned::abandon)
    }

    fn go_on(&self) -> Result<(), Diagnostic> {
        abandoned::go_on()
    }

    fn overloaded(&self, what: Overloaded<'_>) -> bool {
        overloads::known(what)
    }

    fn choose(
        &self,
        program: &Program,
        what: Overloaded<'_>,
        positional: &[Ty],
        keywords: &[(Arc<str>, Ty)],
    ) -> Result<Option<FuncId>, Diagnostic> {
        Python::attach(|py| {
            let chosen = extending::ask(py, what, positional, keywords).and_then(|function| match function {
                Some(function) => self.add(py, program, &function).map(Some),
                None => Ok(None),
            });
            chosen.map_err(|error| extending::failure(py, error))
        })
    }
}
