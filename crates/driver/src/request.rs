//! What is asked of the driver, and what it answers.

use crate::place::Code;
use crate::program::Program;
use coachwhip_ir::{FuncId, Options, Ty};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How the root function is entered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// From Python: argument words in, result words out.
    Entry,
    /// From C as well, with the C calling convention and the request's argument and result types.
    Cfunc,
}

/// What is to be compiled.
#[derive(Clone)]
pub struct Request {
    /// The functions and objects in reach.
    pub program: Arc<Program>,
    /// The root function.
    pub root: FuncId,
    /// Its argument types.
    pub args: Vec<Ty>,
    /// Its declared result type, if there is one.
    pub ret: Option<Ty>,
    /// Its options.
    pub options: Options,
    /// How it is entered.
    pub kind: Kind,
    /// Makes the symbols unique in the process where the cache does not: see [`fresh_number`].
    pub number: u64,
    /// Whether the code may come from the cache and be kept there.
    pub cache: bool,
}

/// A number that no other request has.
pub fn fresh_number() -> u64 {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// A compiled specialisation.  Its code lives as long as it does.
pub struct Compiled {
    /// Address of the entry point (`abi::layout::EntryFn`).
    pub entry: usize,
    /// Address of the C function, for [`Kind::Cfunc`].
    pub callback: Option<usize>,
    /// Result type.
    pub ret: Ty,
    /// Whether a call may take long: the function loops, recurses or calls foreign code.
    pub loops: bool,
    /// Whether a function of the module can call itself, so that it needs the limit of the thread's stack.
    pub recursive: bool,
    /// Whether it may change lists that the caller has.
    pub changes: bool,
    /// The global and captured lists that it uses: a bit for each number, the last for all from 63 on.
    pub lists: u64,
    /// Whether the results of a function are numbers of different types, for which one type had to do.
    pub mixes: bool,
    /// Stages and the time they took.
    pub times: Vec<(&'static str, Duration)>,
    /// Name of the root's symbol.
    pub symbol: String,
    /// Where the code comes from.
    pub layer: Layer,
    /// How many library functions that are compiled by themselves were compiled for it, and how many were there.
    pub library: [u32; 2],
    /// When it was compiled, in nanoseconds since 1970.
    pub made: u64,
    pub(crate) code: Arc<Code>,
}

impl Compiled {
    /// Whether a call must hold the interpreter all the time.
    pub fn attached(&self) -> bool {
        self.code.supplied().attached
    }

    /// Bytes of machine code and constants.
    pub fn size(&self) -> usize {
        self.code.linked().size()
    }
}

/// Where a specialisation's code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Compiled, with the cache switched off.
    Off,
    /// Compiled: there was no entry.
    Compiled,
    /// This process had it.
    Process,
    /// The user's directory had it.
    User,
}
