//! Do it once, in parallel, remembered: a program of snapshots goes in, machine code comes out.
//!
//! [`Program`] answers what inference asks; [`compile`] runs the stages one after the other, without any
//! lock of its own, so that several threads compile at once.  [`Once`] makes two threads that want the
//! same specialisation share one compile.

mod behaviour;
pub mod cache;
mod compile;
mod guarded;
mod inspect;
mod once;
mod place;
mod program;
mod request;
mod stages;
mod units;

pub use coachwhip_codegen::{Remark, host, llvm_version};
pub use coachwhip_infer::{Filled, is_hollow};
pub use compile::{compile, filled_lists};
pub use inspect::{View, inspect, module, remarks};
pub use once::Once;
pub use program::{FuncRecord, Library, ModuleRecord, NativeRecord, Program};
pub use request::{Compiled, Kind, Layer, Request, fresh_number};
