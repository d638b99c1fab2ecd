//! Typed SSA to machine code, through LLVM.
//!
//! [`emit`] turns a module into an [`Object`]: relocatable object code, position-independent and free of
//! addresses, so it may be kept on disk.  [`link`] places it in memory.  No type of LLVM leaves this crate.
//!
//! `unsafe` is allowed here for two things only: LLVM's C interface (`llvm`, `arch`) and executable memory (`link`).
#![allow(unsafe_code)]

mod arch;
mod emit;
mod lines;
mod link;
mod llvm;
mod lower;
mod open;
mod pipeline;
mod remarks;

pub use emit::{EmitOptions, Object, Stage, emit, emit_movable};
pub use link::{Linked, link, link_code};
pub use open::{Open, Span};
pub use remarks::Remark;

use coachwhip_ir::{Func, InstData};
use std::fmt;

/// Symbol of the entry point (`abi::EntryFn`) of the function with this symbol.
pub fn entry_symbol(symbol: &str) -> String {
    format!("{symbol}.entry")
}

/// Symbol of the C-callable function of the function with this symbol.
pub fn callback_symbol(symbol: &str) -> String {
    format!("{symbol}.c")
}

/// What this machine and this LLVM are.
#[derive(Clone, Debug)]
pub struct Host {
    /// Name of the processor, as LLVM calls it.
    pub cpu: String,
    /// Its features, as LLVM calls them.
    pub features: String,
    /// Version of LLVM.
    pub llvm: String,
}

/// What this machine and this LLVM are.
pub fn host() -> Host {
    let (major, minor, patch) = llvm::version();
    Host { cpu: llvm::host_cpu(), features: llvm::host_features(), llvm: format!("{major}.{minor}.{patch}") }
}

/// The level of processors that the library is made for beforehand.
pub fn generic_level() -> String {
    arch::GENERIC.to_string_lossy().into_owned()
}

/// Whether a machine with these features is of that level.
pub fn has_generic_level(features: &str) -> bool {
    arch::is_generic(features)
}

/// A failure of this crate: never the user's fault, so a text for the report is all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmitError {
    /// What went wrong.
    pub message: String,
}

impl EmitError {
    /// An error with its text.
    pub fn new(message: impl Into<String>) -> EmitError {
        EmitError { message: message.into() }
    }

    /// With the instruction that it is about.
    fn at(mut self, func: &Func, inst: &InstData) -> EmitError {
        let line = func.locs.lookup(inst.loc).map_or(0, |place| place.line);
        self.message = format!("{} (`{}` in {}, line {line})", self.message, inst.op.text(), func.symbol);
        self
    }
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "code generator: {}", self.message)
    }
}

impl std::error::Error for EmitError {}
