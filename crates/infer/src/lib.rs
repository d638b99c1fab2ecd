//! A type for every value.
//!
//! Inference is emission: one rule per operation looks at its operands' types and appends the typed
//! instructions that do the work; the type of the value it returns *is* the inferred type.  The engine
//! ([`engine`]) first runs the rules into scratch until the types of all block parameters stand still,
//! then once more for good.  So typing and lowering cannot disagree: they are the same code.
//!
//! Rules live in [`rules`], one file per family; what a rule may do is [`emit::Emit`].

pub mod args;
mod asked;
pub mod bind;
mod codecs;
pub mod coerce;
mod depth;
pub mod emit;
pub mod engine;
pub mod join;
mod made;
pub mod promote;
pub mod rules;
pub mod signature;
pub mod table;
mod text;
mod unions;
mod unite;

pub use engine::{Filled, Typed, is_hollow};

use coachwhip_ir::{Apart, Diagnostic, FuncId, Module, Options, Source, Ty};
use rules::instructions::RULES;

/// The typed module of a root function called with arguments of the given types.
///
/// `ret`, if given, is the declared result type: the result is converted to it where that loses nothing.
pub fn infer(
    source: &dyn Source,
    root: FuncId,
    args: &[Ty],
    ret: Option<&Ty>,
    options: &Options,
) -> Result<Module, Diagnostic> {
    engine::infer(&RULES, source, None, root, args, ret, options).map(|typed| typed.module)
}

/// The types of a root's arguments: lists without an item are lists of what the function puts into them.
pub fn filled_lists(
    source: &dyn Source,
    root: FuncId,
    args: &[Ty],
    lists: &[Ty],
    options: &Options,
) -> Result<Filled, Diagnostic> {
    engine::filled_lists(&RULES, source, root, args, lists, options)
}

/// As [`infer`], with calls of the library functions that are compiled by themselves leading outside the module.
pub fn infer_apart(
    source: &dyn Source,
    apart: &dyn Apart,
    root: FuncId,
    args: &[Ty],
    ret: Option<&Ty>,
    options: &Options,
) -> Result<Typed, Diagnostic> {
    engine::infer(&RULES, source, Some(apart), root, args, ret, options)
}
