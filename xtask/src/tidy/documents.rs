//! Documents tied to the code: a page for every diagnostic code, a row for every crate, the two commands.

use super::Source;
use crate::shell::root;
use anyhow::{Context, Result};

/// Where the pages of the diagnostic codes are; they ship in the wheel.
const PAGES: &str = "python/coachwhip/errors";

/// What the documents lack.
pub fn check(sources: &[Source]) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for code in codes(sources)? {
        if !root().join(PAGES).join(format!("{code}.md")).exists() {
            problems.push(format!("{PAGES}/{code}.md: the diagnostic code has no page"));
        }
    }
    for (document, words) in
        [("README.md", ["cargo xtask demo", "cargo xtask test"].as_slice()), (".ci/run", &["cargo xtask test"])]
    {
        let text = std::fs::read_to_string(root().join(document)).unwrap_or_default();
        problems
            .extend(words.iter().filter(|w| !text.contains(*w)).map(|w| format!("{document}: does not name `{w}`")));
    }
    let architecture = std::fs::read_to_string(root().join("ARCHITECTURE.md")).context("ARCHITECTURE.md")?;
    for entry in std::fs::read_dir(root().join("crates"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !architecture.contains(&format!("`{name}`")) {
            problems.push(format!("ARCHITECTURE.md: does not say what crate `{name}` is for"));
        }
    }
    Ok(problems)
}

/// Every code in the table of diagnostics.
fn codes(sources: &[Source]) -> Result<Vec<String>> {
    let table = sources.iter().find(|s| s.path == "crates/ir/src/diagnostic.rs").context("the table of diagnostics")?;
    let quoted = table.text.split('"').filter(|word| word.len() == 6 && word.starts_with("CW"));
    Ok(quoted.filter(|word| word.chars().skip(2).all(|c| c.is_ascii_digit())).map(String::from).collect())
}
