//! Frames of generators that nobody else has become values again.
//!
//! A list with room for one item that never leaves the function and is read and written at this place alone, as the frame of
//! a generator that is consumed where it is made, is a variable for each field of the item ([`promote`]).  Then the state
//! that a step ends with is known where the next one begins, and control goes there at once ([`thread`]): what is left
//! is the loop that one would have written.

mod promote;
mod thread;

use crate::{cleanup, scalars};
use coachwhip_ir::Func;

/// Generators that iterate over generators become values from the outside inwards.
const ROUNDS: usize = 8;

/// Promotes what can be, in rounds.
pub fn run(func: &mut Func) {
    for _ in 0..ROUNDS {
        if !promote::run(func) {
            return;
        }
        scalars::run(func);
        cleanup::run(func);
        if thread::run(func) {
            cleanup::run(func);
        }
    }
}
