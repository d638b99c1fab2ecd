//! Numba's own tests with its decorators standing for ours: `tools/numba_tests.py` says how.

use crate::shell::{command, step};
use crate::{build, setup, shell};
use anyhow::{Context, Result};

/// Builds and runs the test modules with these names.
pub fn run(arguments: &[String]) -> Result<String> {
    let asks = arguments.iter().any(|a| a == "--help" || a == "-h");
    if !asks {
        setup::all()?;
        build::extension(true)?;
        step("Numba's tests", "each case as plain Python and compiled, in a process of its own");
    }
    let mut python = command(setup::python(), &["tools/numba_tests.py"]);
    python.args(arguments);
    shell::run(&mut python).context("the cases above are not as tests/numba_expectations.txt says")?;
    Ok(if asks { "see above" } else { "Numba's tests are as tests/numba_expectations.txt says" }.into())
}
