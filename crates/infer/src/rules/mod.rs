//! One rule per operation, in one file per family.  A rule is found by the canonical name of the callable
//! ([`function`]), by the type and name of an attribute ([`attribute`], [`method`]), or by the Python
//! operation ([`operators`]).

pub mod arrays;
pub mod calls;
pub mod numbers;
pub mod operators;

use crate::args::Args;
use crate::emit::{Emit, Fault, Val};

/// A callable's rule.
pub type Rule = fn(&mut Emit, &Args) -> Result<Val, Fault>;

/// The rule of a callable by canonical name (`math.sqrt`, `numpy.zeros`, `builtins.len`).
pub fn function(name: &str) -> Option<Rule> {
    [numbers::FUNCTIONS, arrays::FUNCTIONS].into_iter().flatten().find(|(n, _)| *n == name).map(|(_, rule)| *rule)
}
