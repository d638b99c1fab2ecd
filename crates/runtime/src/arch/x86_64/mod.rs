//! x86-64.

mod masks;

pub use masks::{pack_halves, pack_positions, pack_words, run, unpack_halves, unpack_words};
