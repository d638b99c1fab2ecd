//! CPython bytecode to untyped SSA.
//!
//! [`snapshot`] is what is read from a code object; [`build`] turns it into a function whose values all
//! have type `Any`.  Each supported CPython version has one table of opcodes; the SSA is the same for all.

pub mod snapshot;

use coachwhip_ir::{Diagnostic, Func, Options};
pub use snapshot::{CodeSnapshot, SnapConst};

/// The untyped SSA of a code object.
pub fn build(_code: &CodeSnapshot, _options: &Options) -> Result<Func, Diagnostic> {
    Err(Diagnostic::new(coachwhip_ir::Code::Unsupported, "the front end is not here yet"))
}
