//! Exceptions as values, and `raise`.

use super::Family;

/// What this family answers for.
pub const FAMILY: Family = Family::NONE;
