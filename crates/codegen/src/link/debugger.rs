//! Tells debuggers and profilers about code in memory, when the environment asks for it.

use super::elf::Elf;
use super::memory::Sizes;
use super::relocate::Plan;

/// Keeps a registration alive.
pub struct Registration;

/// Registers an object, if `COACHWHIP_PERF` asks for it.
pub fn register(_code: &[u8], _elf: &Elf<'_>, _plan: &Plan, _base: Sizes) -> Option<Registration> {
    None
}
