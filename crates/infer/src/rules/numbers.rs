//! The family of numbers: a placeholder until its rules are here.

use super::Family;

/// What this family answers for.
pub const FAMILY: Family = Family::NONE;
