//! The dominator tree of a function, with constant-time queries.

use crate::cfg::Cfg;
use crate::entity::Map;
use crate::func::{Block, Def, Func, Inst, Value};
use crate::graph::dominators;

/// The children of each reachable block, and an interval per block for queries.
#[derive(Debug)]
pub struct Dominators {
    /// Children in the tree.
    pub children: Map<Block, Vec<Block>>,
    span: Map<Block, (u32, u32)>,
}

impl Dominators {
    /// Computes the tree.
    pub fn new(func: &Func, cfg: &Cfg) -> Dominators {
        let before = |node: usize| {
            let block = cfg.rpo.get(node).copied();
            block
                .into_iter()
                .flat_map(|b| cfg.preds[b].iter().filter_map(|&(p, _)| cfg.position(p)).map(|p| p as usize))
        };
        let (parent, _) = dominators(cfg.rpo.len(), before);
        let mut children: Map<Block, Vec<Block>> = Map::new();
        children.resize(func.blocks.len(), Vec::new());
        for (&block, parent) in cfg.rpo.iter().zip(parent).skip(1) {
            if let Some(&parent) = cfg.rpo.get(parent) {
                children[parent].push(block);
            }
        }
        let span = number(func, &children);
        Dominators { children, span }
    }

    /// Whether every path to `b` goes through `a` (a block dominates itself).  Both are reachable.
    pub fn dominates(&self, a: Block, b: Block) -> bool {
        let ((start, end), (inner, _)) = (self.span[a], self.span[b]);
        start <= inner && inner < end
    }
}

/// Where each instruction's block is; `None` for instructions in no block of the order.
pub fn inst_blocks(func: &Func) -> Map<Inst, Option<Block>> {
    let mut map = Map::new();
    map.resize(func.insts.len(), None);
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            map[inst] = Some(block);
        }
    }
    map
}

/// The block that defines a value.
pub fn def_block(func: &Func, places: &Map<Inst, Option<Block>>, value: Value) -> Option<Block> {
    match func.values[value].def {
        Def::Param(block, _) => Some(block),
        Def::Result(inst, _) => places.lookup(inst).copied().flatten(),
    }
}

fn number(func: &Func, children: &Map<Block, Vec<Block>>) -> Map<Block, (u32, u32)> {
    let mut span: Map<Block, (u32, u32)> = Map::new();
    span.resize(func.blocks.len(), (u32::MAX, 0));
    let mut clock = 0;
    let mut stack = vec![(func.entry, 0)];
    span[func.entry] = (0, 0);
    while let Some((block, next)) = stack.pop() {
        match children[block].get(next) {
            Some(&child) => {
                clock += 1;
                span[child] = (clock, 0);
                stack.push((block, next + 1));
                stack.push((child, 0));
            }
            None => span[block].1 = clock + 1,
        }
    }
    span
}
