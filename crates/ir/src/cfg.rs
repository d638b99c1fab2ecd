//! Predecessors and reverse postorder of the blocks that the entry reaches.

use crate::entity::{Entity, Map};
use crate::func::{Block, Func};
use crate::graph::postorder;

/// The control-flow graph, seen backwards and in order.
pub struct Cfg {
    /// Where each block is entered from: the block and the number of its edge.  Unreachable blocks enter nothing.
    pub preds: Map<Block, Vec<(Block, usize)>>,
    /// Reachable blocks; every block stands after its dominators.
    pub rpo: Vec<Block>,
    position: Map<Block, u32>,
}

const UNREACHED: u32 = u32::MAX;

impl Cfg {
    /// Reads the graph off a function.
    pub fn new(func: &Func) -> Cfg {
        // The last edge first, so that the first edge comes first in reverse postorder: a loop's body before what follows it.
        let successors = |block: usize| func.edges(Block::new(block)).iter().rev().map(|edge| edge.block.index());
        let mut rpo: Vec<Block> =
            postorder(func.blocks.len(), func.entry.index(), successors).into_iter().map(Block::new).collect();
        rpo.reverse();
        let mut cfg = Cfg { preds: Map::new(), rpo, position: Map::new() };
        cfg.preds.resize(func.blocks.len(), Vec::new());
        cfg.position.resize(func.blocks.len(), UNREACHED);
        for (i, &block) in cfg.rpo.iter().enumerate() {
            cfg.position[block] = i as u32;
            for (n, edge) in func.edges(block).iter().enumerate() {
                cfg.preds[edge.block].push((block, n));
            }
        }
        cfg
    }

    /// Position in reverse postorder; `None` if the entry does not reach the block.
    pub fn position(&self, block: Block) -> Option<u32> {
        self.position.lookup(block).copied().filter(|&p| p != UNREACHED)
    }

    /// Whether control can come to a block again.
    pub fn has_loop(&self) -> bool {
        let mut ends = self.rpo.iter().flat_map(|&block| self.preds[block].iter().map(move |(from, _)| (*from, block)));
        ends.any(|(from, to)| self.position(from) >= self.position(to))
    }

    /// Whether the entry reaches the block.
    pub fn is_reachable(&self, block: Block) -> bool {
        self.position(block).is_some()
    }
}
