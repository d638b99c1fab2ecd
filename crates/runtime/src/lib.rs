//! What compiled code calls: memory, failures, interrupts, printing, numbers.
//!
//! Every function of `abi::RuntimeFn` has its definition here or in the platform's C library, and
//! [`address`] finds it.  The crate knows nothing of CPython: what needs Python goes through the [`Hooks`]
//! that the `py` crate installs.  No lock is held while a hook runs, and none is held across a fork: the
//! only shared state is atomic or belongs to one thread.
//!
//! `unsafe` is allowed here because compiled code passes raw addresses; each block gives its reason.
#![allow(unsafe_code)]

mod arch;
mod c_library;
pub mod characters;
mod complex;
mod context;
mod copy;
mod failure;
mod float;
mod handling;
mod hooks;
mod identity;
mod integer;
mod interrupt;
mod lists;
mod masks;
mod math;
mod memory;
mod objects;
mod radix;
mod random;
mod sort;
mod stack;
pub mod strings;
pub mod tables;
pub mod text;
mod units;

pub use context::{Pieces, enter, leave, new_context, take_frames, take_pieces};
pub use failure::fail;
pub use handling::{Caught, Origin, end, take_origin};
pub use hooks::{Answer, Argument, Hooks, install_hooks};
pub use lists::{empty_list, new_list, reserve};
pub use memory::{allocate, block_of, live_owners, reallocate, release, retain, trim};
pub use random::{has_bit_generator, set_bit_generator};
pub use stack::stack_limit;

use coachwhip_abi::RuntimeFn;

/// Finds a function by its symbol.
type Table = fn(&str) -> Option<usize>;

/// Where functions are defined, by symbol.
const TABLES: &[Table] = &[
    c_library::address,
    complex::address,
    context::address,
    copy::address,
    failure::address,
    float::address,
    handling::address,
    identity::address,
    integer::address,
    interrupt::address,
    lists::address,
    masks::address,
    math::address,
    memory::address,
    objects::address,
    random::address,
    sort::address,
    stack::address,
    strings::address,
    text::calls::address,
];

/// Declares a module's `address` function: symbols and the functions behind them.
#[macro_export]
#[doc(hidden)]
macro_rules! addresses {
    ($($symbol:literal => $function:expr;)*) => {
        /// The function with this symbol.
        pub(crate) fn address(symbol: &str) -> Option<usize> {
            match symbol {
                $($symbol => Some($function as *const () as usize),)*
                _ => None,
            }
        }
    };
}

/// The address of a run-time function.  Every row of the table has one; a test checks it.
pub fn address(function: RuntimeFn) -> usize {
    let symbol = function.symbol();
    TABLES.iter().find_map(|table| table(symbol)).unwrap_or(missing as *const () as usize)
}

/// Stands for a function that has no definition, which cannot be in a tested build.
extern "C" fn missing() {
    eprintln!("coachwhip: a run-time function is missing; please report this");
    std::process::abort();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_an_address() {
        let missing = missing as *const () as usize;
        let without: Vec<&str> =
            RuntimeFn::ALL.iter().filter(|f| address(**f) == missing).map(|f| f.symbol()).collect();
        assert!(without.is_empty(), "no definition of {without:?}");
    }
}
