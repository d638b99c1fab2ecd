//! What is made from the function library: its index, and the page of what is supported.

use crate::shell::{command, output, run};
use anyhow::Result;

/// Reads sources only, so any Python does.
const SCRIPT: &str = "xtask/python/library.py";

/// The test that writes the list of rules, which the page is made of.
const RULES: &[&str] = &["test", "--quiet", "--package", "coachwhip-infer", "--lib", "rules::known"];

/// Writes the files.
pub fn write() -> Result<String> {
    run(command("cargo", RULES).env("BLESS", "1"))?;
    run(&mut command("python3", &[SCRIPT]))?;
    Ok("the index and the page are as the library says".into())
}

/// The files that are not as they would be written.
pub fn stale() -> Result<Vec<String>> {
    let listed = output(&mut command("python3", &[SCRIPT, "--check"]))?;
    Ok(listed.lines().map(String::from).collect())
}
