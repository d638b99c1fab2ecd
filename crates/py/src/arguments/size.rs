//! How large an argument may be to be looked at part by part.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// Tuples are nested no deeper than this: everything after this goes down by recursion.
pub const MAX_DEPTH: usize = 30;
/// Tuples have no more parts than this, shared ones counted wherever they occur.
const MAX_PARTS: usize = 1 << 20;

/// Whether a tuple's parts are few enough, and not nested too deep, to be looked at one by one.
pub fn of_reasonable_size(items: &Bound<'_, PyTuple>) -> bool {
    let mut pending = vec![(items.clone(), 1)];
    let mut parts = 0;
    while let Some((items, depth)) = pending.pop() {
        parts += items.len();
        if depth > MAX_DEPTH || parts > MAX_PARTS {
            return false;
        }
        pending.extend(items.iter().filter_map(|item| Some((item.cast_into::<PyTuple>().ok()?, depth + 1))));
    }
    true
}
