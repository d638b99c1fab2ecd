//! `functools`: functions that call functions.

use super::{Family, Rule};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::Code;

/// What this family answers for.
pub const FAMILY: Family = Family { functions: FUNCTIONS, ..Family::NONE };

const FUNCTIONS: &[(&str, Rule)] = &[("functools.reduce", reduce)];

/// `reduce(function, iterable)`, with or without what it starts from.
fn reduce(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    match args.take(["function", "iterable", "initial"])? {
        [Some(function), Some(items), None] => e.library("coachwhip.lib.reduced", vec![function, items]),
        [Some(function), Some(items), Some(initial)] => {
            e.library("coachwhip.lib.reduced_from", vec![function, items, initial])
        }
        _ => fault(Code::Internal, "reduce() of nothing"),
    }
}
