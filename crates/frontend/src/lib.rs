//! CPython bytecode to untyped SSA.
//!
//! [`snapshot`] is what is read from a code object; [`build`] turns it into a function whose values all
//! have type `Any`.  Each supported CPython version has one table of opcodes ([`versions`]) that maps to
//! the common instructions of [`ins`]; [`graph`] splits them and [`normalise`] undoes how the version laid them out; [`translate`]
//! runs it symbolically on [`ssa`]; [`tidy`] leaves what is needed.  The SSA is the same for all versions.

mod decode;
mod depths;
mod early;
mod fault;
mod graph;
mod handlers;
mod ins;
mod normalise;
mod protect;
mod refusal;
mod slots;
pub mod snapshot;
mod ssa;
mod tidy;
mod translate;
mod versions;

use coachwhip_ir::{Diagnostic, Func, Options};
pub use snapshot::{CodeSnapshot, Position, SnapConst};

/// `CO_VARARGS`: the function takes `*args`.
const VARARGS: u32 = 0x04;
/// `CO_VARKEYWORDS`: the function takes `**kwargs`.
const VARKEYWORDS: u32 = 0x08;

/// `CO_GENERATOR`: calling it makes a generator.
const GENERATOR: u32 = 0x20;

/// The untyped SSA of a code object.
pub fn build(code: &CodeSnapshot, options: &Options) -> Result<Func, Diagnostic> {
    let result = decode::decode(code).and_then(|decoded| {
        early::refuse(code, &decoded)?;
        let graph = graph::graph(code, &decoded)?;
        let draft = translate::translate(code, options, &graph)?;
        tidy::tidy(draft)
    });
    result.map_err(|fault| fault.at(&fault::whole(code), "this function"))
}
