//! Predecessors and reverse postorder of the blocks that the entry reaches.

use coachwhip_ir::entity::Map;
use coachwhip_ir::{Block, Func};

/// The control-flow graph, seen backwards and in order.
pub struct Cfg {
    /// Where each block is entered from: the block and the number of its edge.  Unreachable blocks enter nothing.
    pub preds: Map<Block, Vec<(Block, usize)>>,
    /// Reachable blocks; every block stands behind its dominators.
    pub rpo: Vec<Block>,
    position: Map<Block, u32>,
}

const UNREACHED: u32 = u32::MAX;

impl Cfg {
    /// Reads the graph off a function.
    pub fn new(func: &Func) -> Cfg {
        let mut seen: Map<Block, bool> = Map::new();
        seen.resize(func.blocks.len(), false);
        let mut postorder = Vec::with_capacity(func.order.len());
        let mut stack = vec![(func.entry, 0)];
        seen[func.entry] = true;
        while let Some((block, next)) = stack.pop() {
            // The last edge first, so that the first edge comes first in reverse postorder.
            let edges = func.edges(block);
            match edges.len().checked_sub(next + 1).and_then(|i| edges.get(i)) {
                Some(edge) => {
                    stack.push((block, next + 1));
                    if !std::mem::replace(&mut seen[edge.block], true) {
                        stack.push((edge.block, 0));
                    }
                }
                None => postorder.push(block),
            }
        }
        postorder.reverse();
        let mut cfg = Cfg { preds: Map::new(), rpo: postorder, position: Map::new() };
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

    /// Whether the entry reaches the block.
    pub fn is_reachable(&self, block: Block) -> bool {
        self.position(block).is_some()
    }
}
