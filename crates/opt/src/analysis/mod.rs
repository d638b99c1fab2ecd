//! What passes ask about a function: its graph, dominators, loops.  Each answer is computed in linear (or
//! nearly linear) time and belongs to the function as it was when it was asked.

pub mod cfg;
pub mod dom;
pub mod loops;

pub use cfg::Cfg;
pub use dom::Dominators;
pub use loops::{LoopId, Loops};
