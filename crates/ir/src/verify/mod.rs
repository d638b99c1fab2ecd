//! Checks what every function must be, so that a wrong one is found where it is made.
//!
//! The invariants:
//! - Every block in the order ends with a terminator and has none before; the entry block is in the order;
//!   edges lead to blocks in the order and bring one argument of the right type for each parameter.
//! - Every value is defined once and knows where; every use is dominated by its definition (uses in blocks that
//!   the entry does not reach are not asked).
//! - Instructions have the number of operands, results and edges, and the kind of immediate, that the table of
//!   operations says, and stand at its level: Python operations in untyped functions, typed ones in typed ones.
//! - In typed functions no value has type `any`, operands and results have the machine types that the operation
//!   wants, literals are operands only where a type says so (fields of aggregates, arguments of calls, returned
//!   values, block parameters of the same literal type) or where a message wants a name.
//! - Calls match their callee's parameters and result; global arrays and native functions are in the module's tables.
//! - Before the ownership pass nothing owns, disowns, retains or releases.
//!
//! What a type alone cannot show (an index in range, a divisor that is not 0) the reference interpreter checks.
//! The time is linear in the size of the function.

mod aggregates;
mod calls;
mod dominance;
mod imm;
mod maps;
mod memory;
mod numbers;
mod structure;
mod types;

use crate::func::{Func, Inst};
use crate::op::{Level, Op};
use crate::print;
use crate::program::Module;
use std::fmt;

/// Which invariants hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// What the front end makes.
    Untyped,
    /// What `infer` and the passes before the ownership pass make.
    Typed,
    /// What the ownership pass and those after it make.
    Owned,
}

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Symbol of the function.
    pub symbol: String,
    /// The instruction or block as text.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.symbol, self.place, self.message)
    }
}

/// The outcome of one check: the message says what is wrong.
type Check = Result<(), String>;

/// The problems of a typed module; none if every invariant holds.
pub fn module(module: &Module, stage: Stage) -> Vec<Problem> {
    module.funcs.iter().flat_map(|f| check(f, Some(module), stage)).collect()
}

/// The problems of an untyped function.
pub fn untyped(func: &Func) -> Vec<Problem> {
    check(func, None, Stage::Untyped)
}

/// The problems of one function; calls are checked if the module is given.
pub fn check(func: &Func, module: Option<&Module>, stage: Stage) -> Vec<Problem> {
    let mut problems = structure::check(func);
    // The rest looks values up by number: it needs a structure that holds.
    if problems.is_empty() {
        problems.extend(dominance::check(func));
        for &block in &func.order {
            for &inst in &func.blocks[block].insts {
                if let Err(message) = instruction(func, module, stage, inst) {
                    problems.push(at_inst(func, inst, message));
                }
            }
        }
    }
    problems
}

/// Level, arity, immediate and types of one instruction.
fn instruction(func: &Func, module: Option<&Module>, stage: Stage, inst: Inst) -> Check {
    let op = func.insts[inst].op;
    match (op.level(), stage) {
        (Level::Python, Stage::Typed | Stage::Owned) => return Err("a Python operation in a typed function".into()),
        (Level::Typed, Stage::Untyped) => return Err("a typed operation in an untyped function".into()),
        _ => {}
    }
    if stage == Stage::Typed && matches!(op, Op::Own | Op::Disown | Op::Retain | Op::Release) {
        return Err("made by the ownership pass alone".into());
    }
    imm::check(&func.insts[inst])?;
    if stage == Stage::Untyped { Ok(()) } else { types::check(func, module, inst) }
}

/// A problem of an instruction.
fn at_inst(func: &Func, inst: Inst, message: String) -> Problem {
    Problem { symbol: func.symbol.clone(), place: print::inst(func, inst), message }
}

#[cfg(test)]
mod tests;
