//! Library functions, in Python (`coachwhip.lib`): found by the name of the callable they implement when
//! inference first asks for them, and read like any other function.

use crate::snapshot::{Guards, Memo, Snapshot};
use coachwhip_driver::{Library, Program};
use coachwhip_ir::{FuncId, Options};
use pyo3::prelude::*;

/// The library, for one program; its functions take the options of the root.
pub struct PythonLibrary {
    options: Options,
}

impl PythonLibrary {
    /// A library whose functions take these options.
    pub fn new(options: Options) -> PythonLibrary {
        PythonLibrary { options }
    }
}

impl Library for PythonLibrary {
    fn find(&self, program: &Program, name: &str) -> Option<FuncId> {
        Python::attach(|py| {
            let finder = py.import("coachwhip._library").ok()?.getattr("find").ok()?;
            let function = finder.call1((name,)).ok()?;
            if function.is_none() {
                return None;
            }
            // Library functions name only what never changes, so their guards are not kept.
            let mut guards = Guards::new(crate::dispatcher::state::version(py));
            let mut memo = Memo::default();
            let mut snapshot = Snapshot::new(py, program, &mut guards, &mut memo, &self.options);
            let id = snapshot.function(&function, &self.options);
            snapshot.finish().ok()?;
            // The arrays that a library function names would die with the guards.
            std::mem::forget((guards, memo));
            Some(id)
        })
    }
}
