//! What is known about integers: intervals, linear inequalities and proofs from them.
//!
//! Everything is an inequality `form >= 0` with a [`Linear`] form over values.  [`Facts`] collects those that branches,
//! guards, loops and operations state, each with the place from which on it holds.  A proof eliminates the
//! values of a goal one by one, latest definition first, by adding facts; see [`prove`].

pub mod facts;
pub mod goals;
pub mod interval;
pub mod linear;
pub mod operations;
pub mod prove;
mod ranges;

pub use facts::{Facts, Point};
pub use linear::Linear;
