//! The array level: operations on whole arrays are fused, then become loops over their elements.

mod build;
mod compose;
mod copy;
mod effects;
mod facts;
mod fresh;
mod fuse;
mod lengths;
mod lower;
mod nest;
mod operand;
mod overlap;
mod reuse;
mod sink;
mod sites;

pub use fuse::run as fuse;
pub use lower::run as lower_maps;
pub use overlap::conflict;
