//! x86-64 with the System V conventions.

mod calling;
mod halves;
mod relocations;
mod target;

pub use calling::{complex64, complex128, pack64, parameters, unpack64};
pub use halves::half_conversion;
pub use relocations::{STUB_SIZE, apply, stub, target};
pub use target::{GENERIC, GENERIC_FEATURES, MACHINE, NAME, STACK_POINTER, flush, initialise};
