//! The checks of DESIGN.md sections 2 and 7 that a machine can make.
//!
//! Each check returns the places that break its rule; all are shown before the task fails.

pub mod additions;
mod circles;
mod dependencies;
mod documents;
mod sizes;
mod sources;

use crate::shell::{command, output, root};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// A file of the project: its path from the root, and its text.
pub struct Source {
    /// Path from the root.
    pub path: String,
    /// Text.
    pub text: String,
}

/// Runs every check.
pub fn run() -> Result<String> {
    let sources = sources()?;
    let mut problems = Vec::new();
    problems.extend(dependencies::check()?);
    problems.extend(sources::check(&sources));
    problems.extend(circles::check(&sources));
    problems.extend(additions::check()?);
    let (size_problems, summary) = sizes::check(&sources);
    problems.extend(size_problems);
    problems.extend(documents::check(&sources)?);
    problems.extend(crate::library::stale()?);
    if !problems.is_empty() {
        bail!("{} problems:\n  {}", problems.len(), problems.join("\n  "));
    }
    Ok(format!("tidy: {} files; {summary}", sources.len()))
}

/// The Rust and Python files that git knows, or would if they were added.
fn sources() -> Result<Vec<Source>> {
    let listed = output(&mut command("git", &["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    let mut found = Vec::new();
    for path in listed.lines().filter(|p| p.ends_with(".rs") || p.ends_with(".py") || p.ends_with(".md")) {
        let full: PathBuf = root().join(path);
        if let Ok(text) = std::fs::read_to_string(full) {
            found.push(Source { path: path.into(), text });
        }
    }
    Ok(found)
}
