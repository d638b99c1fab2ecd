//! Numbers: placeholder of the family's table.
use super::Rule;
/// Callables over numbers.
pub const FUNCTIONS: &[(&str, Rule)] = &[];
