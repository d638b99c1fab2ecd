//! Do it once, in parallel, remembered: a program of snapshots goes in, machine code comes out.
//!
//! [`Program`] answers what inference asks; [`compile`] runs the stages one after the other, without any
//! lock of its own, so that several threads compile at once.  [`Once`] makes two threads that want the
//! same specialisation share one compile.

pub mod cache;
mod compile;
mod guarded;
mod inspect;
mod loops;
mod place;
mod program;
mod separate;
mod stages;

pub use coachwhip_codegen::{Remark, host};
pub use compile::{Compiled, Kind, Once, Request, compile, fresh_number};
pub use inspect::{View, inspect, module, remarks};
pub use program::{FuncRecord, Library, ModuleRecord, NativeRecord, Program};
