//! What differs from one processor architecture to another: a folder for each, all with the same names.
//!
//! Another architecture needs its relocations and stubs (`relocations`), its initialisation in LLVM and the name of its
//! stack pointer (`target`), how C passes complex numbers (`calling`), and what LLVM calls to convert halves (`halves`).

#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "x86_64")]
pub use x86_64::*;

#[cfg(not(target_arch = "x86_64"))]
compile_error!("coachwhip makes code for x86-64 only so far: add a folder beside `arch/x86_64`");

/// What a relocation wants the address of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The symbol, wherever it is.
    Anywhere,
    /// The symbol if it lies in the same object, else a jump to it that does.
    Near,
    /// A word that holds the symbol's address.
    Slot,
}
