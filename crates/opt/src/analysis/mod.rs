//! What passes ask about a function: its graph, dominators, loops.  Each answer is computed in linear (or
//! nearly linear) time and belongs to the function as it was when it was asked.

pub mod counted;
pub mod loops;

pub use coachwhip_ir::{Cfg, Dominators};
pub use loops::{LoopId, Loops};

use coachwhip_ir::{Block, Func, Op};

/// Whether a block belongs to a copy that rarely runs.
pub fn is_unlikely(func: &Func, block: Block) -> bool {
    func.blocks[block].insts.iter().any(|&i| func.insts[i].op == Op::Unlikely)
}
