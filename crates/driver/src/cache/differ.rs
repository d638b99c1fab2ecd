//! Why there was no entry: what differs from the nearest one for a function of the same name, in words.

use super::Lookup;
use super::settings;
use super::walk::Part;
use crate::request::{Compiled, Request};
use std::collections::HashMap;

/// Differences told at most.
const TOLD: usize = 4;

/// Why the code had to be compiled, one line for each difference from the nearest entry that was there before;
/// `None` if that cannot be said.
pub fn missing(request: &Request, compiled: &Compiled) -> Option<Vec<String>> {
    let lookup = Lookup::new(request)?;
    let store = settings::store()?;
    let earlier = store.namesakes(&lookup.name).into_iter().filter(|entry| entry.created < compiled.made);
    let nearest = earlier.map(|entry| differences(&entry.parts, &lookup.walk.parts)).min_by_key(Vec::len);
    let Some(mut differences) = nearest else {
        return Some(vec![format!("no function named {} has been compiled before", lookup.name)]);
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
