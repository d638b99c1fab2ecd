//! The reference interpreter of typed modules: the oracle of the passes and of the generated programs.
//!
//! It is slow and strict.  What machine code would do silently wrong (an access outside its array, a use of freed
//! memory, a second release, a leak, a look at an undefined value) ends the run as [`Stop::Wrong`].  Values
//! live as [`Value`]s, arrays as byte buffers.  Run-time functions come from a table of Rust's own mathematics
//! ([`runtime`]), whose last place may differ from the C library's; a caller that has the real ones passes them.

mod datum;
mod exec;
mod handling;
mod lists;
mod machine;
mod maps;
mod memory;
mod ownership;
mod runtime;
mod strings;
mod text;
mod value;

pub use datum::{ArrayDatum, Datum};
pub use text::Part;
pub use value::Value;

use crate::constant::Const;
use crate::eval::Number;
use crate::program::Module;
use coachwhip_abi::{ErrorKind, RuntimeFn};

/// Pure run-time functions: the results for these arguments, `None` if there is no such function here.
pub type RuntimeTable<'r> = &'r dyn Fn(RuntimeFn, &[Number]) -> Option<Vec<Number>>;

/// Bounds and checks of a run.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Instructions executed.
    pub steps: u64,
    /// Calls within calls; deeper ones fail with `recursion`.
    pub depth: usize,
    /// Bytes of arrays at one time; more fail with `out_of_memory`.
    pub bytes: usize,
    /// Whether memory that nobody keeps at the end is a mistake: so it is after the ownership pass.
    pub leaks: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { steps: 10_000_000, depth: 500, bytes: 1 << 28, leaks: false }
    }
}

/// A failure as compiled code reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The row of the error table; `User` for a `throw`.
    pub kind: ErrorKind,
    /// Arguments of the row's message, or of the exception thrown.
    pub args: Vec<Datum>,
    /// The class of the exception thrown.
    pub class: Option<Const>,
}

/// Why a run ended without a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// The program failed, as programs may.
    Failed(Failure),
    /// The module is wrong: it did what the verifier cannot see and machine code must not do.
    Wrong(String),
    /// The interpreter cannot do this.
    Unsupported(String),
    /// Too many steps.
    Steps,
}

/// What a run did.
#[derive(Clone, Debug)]
pub struct Report {
    /// The result.
    pub outcome: Result<Datum, Stop>,
    /// The arguments afterwards: arrays may have changed.
    pub args: Vec<Datum>,
    /// One list of parts for each `print`.
    pub printed: Vec<Vec<Part>>,
    /// Instructions executed.
    pub steps: u64,
}

/// Runs function 0 of the module.  `globals` are the global arrays by number.
pub fn run(module: &Module, args: &[Datum], globals: &[(u32, Datum)], limits: &Limits) -> Report {
    run_with(module, args, globals, limits, &runtime::standard)
}

/// As [`run`], with run-time functions of the caller's.
pub fn run_with(
    module: &Module,
    args: &[Datum],
    globals: &[(u32, Datum)],
    limits: &Limits,
    table: RuntimeTable<'_>,
) -> Report {
    machine::run(module, args, globals, limits, table)
}

#[cfg(test)]
mod tests;
