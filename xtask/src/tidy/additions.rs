//! How many source files an addition to a table touches.
//!
//! `tests/additions` has a recorded example of each kind, as a patch that applies to the sources as they are and compiles
//! (`cargo xtask additions` tries that).  Tests and generated files are not counted.

use crate::shell::{command, root, run, works};
use anyhow::{Context, Result};

/// A kind of addition and how many source files it may touch.
const KINDS: &[(&str, usize)] = &[("operation", 3), ("type", 3), ("runtime_function", 2)];

/// Recorded additions that touch too many files, or do not apply any more.
pub fn check() -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for (kind, most) in KINDS {
        let path = path(kind);
        let text = std::fs::read_to_string(root().join(&path)).with_context(|| path.clone())?;
        let count = sources(&text).count();
        if count == 0 || count > *most {
            problems.push(format!("{path}: touches {count} source files, at most {most} are allowed"));
        }
        if !works(&mut command("git", &["apply", "--check", &path])) {
            problems.push(format!("{path}: does not apply any more; make the same addition again and record it"));
        }
    }
    Ok(problems)
}

/// Applies each addition in turn, compiles it, and takes it back.
pub fn compile() -> Result<String> {
    for (kind, _) in KINDS {
        run(&mut command("git", &["apply", &path(kind)]))?;
        let compiled = run(&mut command("cargo", &["check", "--workspace"]));
        run(&mut command("git", &["apply", "--reverse", &path(kind)]))?;
        compiled?;
    }
    Ok(format!("additions: {} recorded ones compile", KINDS.len()))
}

fn path(kind: &str) -> String {
    format!("tests/additions/{kind}.patch")
}

/// The source files that a patch changes.
fn sources(patch: &str) -> impl Iterator<Item = &str> {
    let changed = patch.lines().filter_map(|line| line.strip_prefix("+++ b/"));
    changed.filter(|path| path.starts_with("crates/") && path.contains("/src/") && !path.ends_with("tests.rs"))
}
