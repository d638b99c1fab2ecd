//! Tuples: display, items, concatenation, comparison, unpacking.

use super::Family;

/// What this family answers for.
pub const FAMILY: Family = Family::NONE;
