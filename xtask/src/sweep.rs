//! The long sweeps of `tests/nightly.py`: hours of calls in forked children, which go on where they were stopped.

use crate::shell::{command, run, step};
use crate::{build, setup};
use anyhow::{Context, Result};

/// Builds unless the arguments say otherwise, and runs the sweeps with them.
pub fn run_all(arguments: &[String]) -> Result<String> {
    let has = |names: &[&str]| arguments.iter().any(|argument| names.contains(&argument.as_str()));
    setup::all()?;
    let help = has(&["--help", "-h"]);
    if !help && !has(&["--built"]) {
        build::extension(false)?;
    }
    if !help {
        step("sweeps", "calls that nobody writes by hand; Ctrl-C stops, the same command goes on");
    }
    run(command(setup::python(), &["tests/nightly.py"]).args(arguments)).context("calls failed, or it was stopped")?;
    Ok("no call failed".into())
}
