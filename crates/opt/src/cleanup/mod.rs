//! Cleaning up: what every other pass leaves behind goes away here, so that none of them tidies by itself.

mod dead;
mod identities;
mod numbering;
mod params;
mod simplify;
mod thread;
mod twins;

use coachwhip_ir::Func;

/// Rounds of cleaning: each one is linear, and a change rarely enables another more than once.
const ROUNDS: usize = 4;

/// Folds, merges, numbers and removes until nothing changes, [`ROUNDS`] times at most.
pub fn run(func: &mut Func) {
    for _ in 0..ROUNDS {
        let mut changed = simplify::run(func);
        changed |= params::run(func);
        changed |= twins::run(func);
        changed |= thread::run(func);
        changed |= numbering::run(func);
        changed |= dead::run(func);
        if !changed {
            break;
        }
    }
}
