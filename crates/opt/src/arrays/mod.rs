//! The array level: operations on whole arrays become loops over their elements.

mod loops;
mod lower;
mod target;

pub use lower::run as lower_maps;
