//! The array level: operations on whole arrays become loops over their elements.

mod build;
mod facts;
mod lower;
mod nest;
mod operand;
mod overlap;

pub use lower::run as lower_maps;
