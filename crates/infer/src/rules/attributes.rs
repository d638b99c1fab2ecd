//! Attributes: of modules, of values, and methods looked up to be called.

use super::Family;

/// What this family answers for.
pub const FAMILY: Family = Family::NONE;
