//! The tables of times.  They print; no test asserts one.

use crate::shell::{command, step};
use crate::{build, setup, shell};
use anyhow::Result;

/// Builds and runs `benchmarks/run.py` with the given arguments.
pub fn run(arguments: &[String]) -> Result<String> {
    setup::all()?;
    build::extension(false)?;
    let clang = setup::clang();
    step("running the benchmarks", "side by side in one run, since machines are noisy; a few minutes");
    let mut python = command(setup::python(), &["benchmarks/run.py"]);
    python.args(arguments);
    if let Some(clang) = clang {
        python.env("COACHWHIP_BENCH_CC", clang);
    }
    shell::run(&mut python)?;
    Ok("the figures above are ratios of times taken in this run".into())
}
