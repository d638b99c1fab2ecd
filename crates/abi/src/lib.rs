//! The boundary between compiled code and everything around it.
//!
//! Five things live here and nowhere else: the layout of the values that cross the boundary ([`layout`]), the element
//! types ([`dtype`], and [`half`] for the one that Rust lacks), the table of failures that compiled code can report ([`error`]), the hierarchy of exception classes
//! ([`class`]), and the table of run-time functions that compiled code may call ([`symbol`]).  Every other crate may
//! depend on this one; it depends on nothing.

pub mod class;
mod columns;
pub mod dtype;
pub mod error;
pub mod half;
pub mod layout;
pub mod symbol;

pub use columns::{Cost, Owner, Runs};
pub use dtype::Dtype;
pub use error::ErrorKind;
pub use half::Half;
pub use layout::{Context, Piece, PieceTag, Site, Status};
pub use symbol::{AbiTy, Effects, FAR, FAR_SINGLE, RuntimeFn};
