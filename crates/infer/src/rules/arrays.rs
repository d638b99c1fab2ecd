//! Arrays: placeholder of the family's table.
use super::Rule;
/// Callables over arrays.
pub const FUNCTIONS: &[(&str, Rule)] = &[];
