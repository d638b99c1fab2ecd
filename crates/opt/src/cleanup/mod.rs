//! Cleaning up: what every other pass leaves behind goes away here, so that none of them tidies by itself.

mod dead;
mod identities;
mod numbering;
mod params;
mod simplify;
mod states;
mod thread;
mod twins;

use coachwhip_ir::Func;
pub use states::Readers;

/// Rounds of cleaning: each one is linear, and a change rarely enables another more than once.
const ROUNDS: usize = 4;

/// Removes block parameters that always receive the same value.
pub fn params(func: &mut Func) -> bool {
    params::run(func)
}

/// Folds, merges, numbers and removes until nothing changes, [`ROUNDS`] times at most.
pub fn run(func: &mut Func) {
    run_with(func, &Readers::default());
}

/// As [`run`], where calls of these functions need not be made twice.
pub fn run_with(func: &mut Func, readers: &Readers) {
    for _ in 0..ROUNDS {
        let mut changed = simplify::run(func);
        changed |= params::run(func);
        changed |= twins::run(func);
        changed |= thread::run(func);
        changed |= numbering::run(func, readers);
        changed |= dead::run(func);
        if !changed {
            break;
        }
    }
}
