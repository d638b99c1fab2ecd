//! Why there was no entry: what differs from the nearest one of an earlier version of the function, in words.

use super::Lookup;
use super::entry::Entry;
use super::settings;
use super::walk::Part;
use crate::request::{Compiled, Request};
use std::collections::HashMap;
use std::path::Path;

/// Differences told at most.
const TOLD: usize = 4;

/// Why the code had to be compiled, one line for each difference from the nearest entry that an earlier version of the
/// function left; `None` if that cannot be said.
pub fn missing(request: &Request, compiled: &Compiled) -> Option<Vec<String>> {
    let lookup = Lookup::new(request)?;
    let store = settings::store()?;
    let before = store.namesakes(&lookup.name).into_iter().filter(|entry| entry.created < compiled.made);
    let namesakes: Vec<Entry> = before.collect();
    let versions = namesakes.iter().filter(|entry| is_version(entry, &lookup));
    let nearest = versions
        .map(|entry| (differences(&entry.parts, &lookup.walk.parts), entry.line.abs_diff(lookup.line)))
        .min_by_key(|(told, lines)| (told.len(), *lines));
    let Some((mut differences, _)) = nearest else {
        let what = if namesakes.is_empty() { "function" } else { "version of this function" };
        return Some(vec![format!("no {what} named {} has been compiled before", lookup.name)]);
    };
    if differences.is_empty() {
        return Some(vec!["its entry was removed, or could not be read".into()]);
    }
    if differences.len() > TOLD {
        let more = differences.len() - TOLD;
        differences.truncate(TOLD);
        differences.push(format!("and {more} more"));
    }
    Some(differences)
}

/// Whether an entry is of the same function, maybe before it was edited.
///
/// A `def` is known by its file and its qualified name.  Anonymous functions of a file share a name, so that they need
/// the same line or the same code.
fn is_version(entry: &Entry, lookup: &Lookup) -> bool {
    if entry.home != lookup.home {
        return false;
    }
    let named = !lookup.name.ends_with("<lambda>");
    named || entry.line == lookup.line || code(&entry.parts) == code(&lookup.walk.parts)
}

/// The root's code: the first part of every walk that is the code of something.
fn code(parts: &[Part]) -> Option<[u8; 8]> {
    parts.iter().find(|part| part.label.starts_with("the code of ")).map(|part| part.hash)
}

/// Names the file of a function so that its later versions are found there.
///
/// Cells of notebooks and lines of a shell are files of their own, whose names count up or follow their text; they are
/// known by the folder in which the session runs.
pub fn home(file: &str) -> String {
    let here = || std::env::current_dir().unwrap_or_default().to_string_lossy().into_owned();
    let folder = Path::new(file).parent().and_then(Path::file_name).unwrap_or_default();
    if folder.to_string_lossy().starts_with("ipykernel_") || file.starts_with("<ipython-input-") {
        return format!("a notebook in {}", here());
    }
    if let Some(shell) = file.strip_prefix('<') {
        let kind = shell.split(|letter: char| letter.is_ascii_digit()).next().unwrap_or(shell);
        return format!("<{kind} in {}", here());
    }
    std::path::absolute(file).map_or_else(|_| file.to_owned(), |path| path.to_string_lossy().into_owned())
}

fn differences(old: &[Part], new: &[Part]) -> Vec<String> {
    let mut before = by_label(old);
    let mut told = Vec::new();
    for part in new {
        match before.get_mut(&*part.label).and_then(Vec::pop) {
            Some(known) if known.hash == part.hash => {}
            Some(known) if known.text.is_empty() && part.text.is_empty() => {
                told.push(format!("{} is not the same", part.label));
            }
            Some(known) => told.push(format!("{}: {}, before {}", part.label, shown(part), shown(known))),
            None => told.push(format!("{} is new", part.label)),
        }
    }
    for part in old {
        if before.remove(&*part.label).is_some_and(|left| !left.is_empty()) {
            told.push(format!("{} is gone", part.label));
        }
    }
    told
}

/// The parts of each label, the last one first.
fn by_label(parts: &[Part]) -> HashMap<&str, Vec<&Part>> {
    let mut table: HashMap<&str, Vec<&Part>> = HashMap::new();
    for part in parts.iter().rev() {
        table.entry(&part.label).or_default().push(part);
    }
    table
}

fn shown(part: &Part) -> &str {
    if part.text.is_empty() { "as usual" } else { &part.text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_lines_of_one_session_are_one_place() {
        assert_eq!(home("<ipython-input-3-0af1>"), home("<ipython-input-12-77bd>"));
        assert_eq!(home("/tmp/ipykernel_12/345.py"), home("/tmp/ipykernel_99/678.py"));
        assert_eq!(home("<python-input-3>"), home("<python-input-14>"));
        assert_ne!(home("<stdin>"), home("<string>"));
    }

    #[test]
    fn files_are_known_by_their_whole_path() {
        assert_eq!(home("/a/b.py"), "/a/b.py");
        assert_eq!(home("b.py"), std::env::current_dir().unwrap().join("b.py").to_string_lossy());
        assert_ne!(home("/a/b.py"), home("/c/b.py"));
    }
}
