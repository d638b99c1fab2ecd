//! A type for every value.
//!
//! Inference is emission: one rule per operation looks at its operands' types and appends the typed
//! instructions that do the work; the type of the value it returns *is* the inferred type.  The engine
//! ([`engine`]) first runs the rules into scratch until the types of all block parameters stand still,
//! then once more for good.  So typing and lowering cannot disagree: they are the same code.
//!
//! Rules live in [`rules`], one file per family; what a rule may do is [`emit::Emit`].

mod arch;
pub mod args;
pub mod bind;
pub mod coerce;
mod depth;
pub mod emit;
pub mod engine;
pub mod join;
pub mod promote;
pub mod rules;
pub mod signature;

pub use engine::{Typed, infer, infer_apart};
