//! Ranges and iterators: `range`, `enumerate`, `zip`, `reversed` and the steps of a `for` loop.

use super::Family;

/// What this family answers for.
pub const FAMILY: Family = Family::NONE;
