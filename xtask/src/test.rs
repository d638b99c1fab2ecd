//! Every check and test, in order of how quickly they answer.

use crate::shell::{command, step};
use crate::{build, interpreters, setup, shell, suite, tidy};
use anyhow::{Context, Result};

/// The extension module has no Rust tests of its own: it is tested from Python.
const NOT_TESTED_IN_RUST: &str = "coachwhip-py";

/// Installs, then runs formatting, tidy checks, lints, Rust tests and Python tests, a selection of these also under other
/// interpreters.
pub fn run() -> Result<String> {
    setup::all()?;
    step("formatting", "the sources are as rustfmt.toml says");
    shell::run(&mut command("cargo", &["fmt", "--all", "--check"])).context("`cargo fmt --all` mends it")?;
    step("tidy", "layout, sizes, dependency rules and documents");
    println!("{}", tidy::run()?);
    step("lints", "clippy with the workspace's lints, warnings as errors");
    let clippy = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    shell::run(&mut command("cargo", &clippy))?;
    step("Rust tests", "unit tests, IR file tests, recorded bytecode");
    let tests = ["test", "--quiet", "--workspace", "--exclude", NOT_TESTED_IN_RUST];
    shell::run(&mut command("cargo", &tests))?;
    build::extension(false)?;
    python(&[])?;
    let others = interpreters::run_all(&["--quick".into()])?;
    Ok(format!("every check and test passed; {others}"))
}

/// Runs the Python tests: all of them on all cores, or one run of pytest with the given arguments.
pub fn python(arguments: &[String]) -> Result<String> {
    step("Python tests", "the plain function against the compiled one, and the examples of the documents");
    if arguments.is_empty() {
        suite::run(&setup::python())?;
        return Ok("the Python tests passed".into());
    }
    let mut pytest = command(setup::python(), &["-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider"]);
    pytest.args(arguments);
    shell::run(&mut pytest)?;
    Ok("the Python tests passed".into())
}
