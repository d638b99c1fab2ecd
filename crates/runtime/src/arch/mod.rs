//! What differs from one processor architecture to another: a folder for each, all with the same names.
//!
//! Another architecture needs the functions of `masks`; a machine that is not `WIDE` is never asked for the packing ones.

#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "x86_64")]
pub use x86_64::*;

/// What a machine can do.
pub trait Machine: Copy {
    /// Whether it packs vectors by masks.
    const WIDE: bool;
    /// The bytes that are not zero, as bits.
    fn bits(self, block: &[u8; 64]) -> u64;
}

/// A loop over masks that is compiled for each sort of machine.
pub trait Work {
    /// Does it; a machine that is given is sure to be this one.
    ///
    /// # Safety
    /// As the function says that makes it.
    unsafe fn run<M: Machine>(self, machine: M) -> i64;
}
