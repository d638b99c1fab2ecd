//! Rules that hold line by line: opening comments, unsafe code only where it belongs, no machine's paths.

use super::Source;

/// Crates that may contain `unsafe`.
const UNSAFE_CRATES: [&str; 4] = ["crates/abi/", "crates/runtime/", "crates/codegen/", "crates/py/"];

/// Folders of single machines; the text is put together here so that this file does not contain it.
const MACHINE_FOLDERS: [&str; 3] = ["home", "root", "work"];

/// Places that break a rule.
pub fn check(sources: &[Source]) -> Vec<String> {
    let mut problems = Vec::new();
    for source in sources {
        problems.extend(opening_comment(source));
        problems.extend(unsafe_code(source));
        problems.extend(machine_paths(source));
    }
    problems
}

fn opening_comment(source: &Source) -> Option<String> {
    let first = source.text.lines().find(|l| !l.trim().is_empty() && !l.starts_with("#!"))?;
    let opens = match source.path.rsplit('.').next() {
        Some("rs") => first.starts_with("//!"),
        Some("py") => first.starts_with("\"\"\"") || first.starts_with("r\"\"\""),
        _ => true,
    };
    (!opens).then(|| format!("{}: does not open with a comment that says what it is for", source.path))
}

fn unsafe_code(source: &Source) -> Option<String> {
    if !source.path.ends_with(".rs") || UNSAFE_CRATES.iter().any(|krate| source.path.starts_with(krate)) {
        return None;
    }
    let allows = source.text.contains(concat!("allow(unsafe", "_code)"));
    allows.then(|| format!("{}: unsafe code belongs in abi, runtime, codegen and py", source.path))
}

fn machine_paths(source: &Source) -> Vec<String> {
    let hits = source.text.lines().enumerate().filter(|(_, line)| {
        MACHINE_FOLDERS
            .iter()
            .any(|folder| ["\"", "'", " ", "`", "("].iter().any(|before| line.contains(&format!("{before}/{folder}/"))))
    });
    hits.map(|(number, _)| format!("{}:{}: a path of one machine", source.path, number + 1)).collect()
}
