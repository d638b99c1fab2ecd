//! Nested functions and the cells they capture.

use super::Family;

/// What this family answers for.
pub const FAMILY: Family = Family::NONE;
