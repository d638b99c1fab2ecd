//! Running other programs, with a line that says why.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    // `cargo run` says where; a `target` that was copied from another clone holds a program that was built there.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let here = Path::new(&here);
    here.parent().unwrap_or(here).to_path_buf()
}

/// Prints the line that announces a step.
pub fn step(what: &str, why: &str) {
    println!("==> {what}: {why}");
}

/// A command that runs in the workspace's folder.
pub fn command(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs a command to its end; its output goes to the terminal.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    let status = command.status().with_context(|| format!("cannot start {shown}"))?;
    if !status.success() {
        bail!("{shown} ended with {status}");
    }
    Ok(())
}

/// What a command prints, if it succeeds.
pub fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let done = command.output().with_context(|| format!("cannot start {shown}"))?;
    if !done.status.success() {
        bail!("{shown} ended with {}: {}", done.status, String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// Whether a command runs and succeeds.
pub fn works(command: &mut Command) -> bool {
    command.output().is_ok_and(|done| done.status.success())
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let text: Vec<_> = words.map(|w| w.to_string_lossy().into_owned()).collect();
    text.join(" ")
}
