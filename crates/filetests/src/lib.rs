//! Textual tests: IR text in, text out, both in one file.
//!
//! A file `tests/ir/FOLDER/NAME.cw` starts with a line `; stage: …` and holds cases:
//!
//! ```text
//! ; stage: cleanup
//! === equal sums are computed once
//! func @f "f"(a) -> int { … }
//! ; run: (3,)
//! ---
//! func @f "f"(a) -> int { … }
//! ```
//!
//! The stage is `parse`, `verify` (with `owned`: after the ownership pass), `infer` (of untyped functions, for the types of
//! a line `; args: int, float`), `interp`, a pass of
//! `coachwhip_opt::STAGES`, or `optimise` for all of them.  A pass is given and leaves right modules only: both are
//! verified, and every `; run:` line must do the same before and after it.  Output that differs from what stands
//! after `---` fails; so do a case without that part and one with two.  `BLESS=1` rewrites the files.

mod case;
mod datum;
mod source;
mod stage;

use std::path::{Path, PathBuf};

pub use case::{Case, File};

/// Runs every file under a folder; the failures, one text each, and the number of cases.
pub fn run(folder: &Path, bless: bool) -> std::io::Result<(Vec<String>, usize)> {
    let (mut failures, mut count) = (Vec::new(), 0);
    for path in files(folder)? {
        let text = std::fs::read_to_string(&path)?;
        let shown = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        let file = match case::read(&text, bless) {
            Ok(file) => file,
            Err(message) => {
                failures.push(format!("{shown}: {message}"));
                continue;
            }
        };
        count += file.cases.len();
        let outputs: Vec<String> = file.cases.iter().map(|case| stage::output(&file.stage, &case.input)).collect();
        if bless {
            std::fs::write(&path, case::write(&file, &outputs))?;
            continue;
        }
        for (case, output) in file.cases.iter().zip(&outputs) {
            if case.expected.trim() != output.trim() {
                failures.push(format!("{shown}: {}\n{}", case.name, difference(&case.expected, output)));
            }
        }
    }
    Ok((failures, count))
}

/// The `.cw` files under a folder, sorted.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|e| e == "cw") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The first line that differs, with its surroundings.
fn difference(expected: &str, output: &str) -> String {
    let (want, have): (Vec<&str>, Vec<&str>) = (expected.trim().lines().collect(), output.trim().lines().collect());
    let same = want.iter().zip(&have).take_while(|(a, b)| a == b).count();
    let line = |lines: &[&str]| lines.get(same).map_or("(the end)".to_string(), |l| (*l).to_string());
    format!("  line {}\n  expected: {}\n  found:    {}\nwhole output:\n{output}", same + 1, line(&want), line(&have))
}
