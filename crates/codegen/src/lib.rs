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

use coachwhip_ir::{Func, InstData, Target};
use std::fmt;
use std::sync::Arc;

/// Symbol of the entry point (`abi::EntryFn`) of the function with this symbol.
pub fn entry_symbol(symbol: &str) -> String {
    format!("{symbol}.entry")
}

/// Symbol of the C-callable function of the function with this symbol.
pub fn callback_symbol(symbol: &str) -> String {
    format!("{symbol}.c")
}

/// This machine.
pub fn host() -> Arc<Target> {
    llvm::host()
}

/// Version of LLVM.
pub fn llvm_version() -> String {
    let (major, minor, patch) = llvm::version();
    format!("{major}.{minor}.{patch}")
}

/// Any machine of the level that the library is made for beforehand, if the given one is of that level.
pub fn generic(target: &Target) -> Option<Arc<Target>> {
    target
        .has(arch::GENERIC_FEATURES)
        .then(|| Arc::new(Target { triple: target.triple.clone(), cpu: arch::GENERIC.into(), features: "".into() }))
}

/// Whether the target certainly has a feature: by name, or as a machine of the level.
fn has(target: &Target, feature: &str) -> bool {
    target.has(&[feature]) || target.cpu.as_ref() == arch::GENERIC && arch::GENERIC_FEATURES.contains(&feature)
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

#[cfg(test)]
mod tests {
    use super::{Target, arch::GENERIC_FEATURES, generic};

    #[test]
    fn the_level_needs_all_its_features() {
        let with = |missing: &str| {
            let sign = |name: &str| if name == missing { '-' } else { '+' };
            let flags: Vec<String> = GENERIC_FEATURES.iter().map(|name| format!("{}{name}", sign(name))).collect();
            let features = format!("-avx512f,{}", flags.join(",")).into();
            generic(&Target { triple: "x".into(), cpu: "haswell".into(), features }).is_some()
        };
        assert!(with("none"));
        assert!(GENERIC_FEATURES.iter().all(|name| !with(name)));
    }
}
