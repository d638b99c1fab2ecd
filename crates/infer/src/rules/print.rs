//! Text: f-strings and `print`.

use super::Family;

/// What this family answers for.
pub const FAMILY: Family = Family::NONE;
