//! The dominator tree (Cooper, Harvey and Kennedy), with constant-time queries.

use crate::cfg::Cfg;
use crate::entity::Map;
use crate::func::{Block, Def, Func, Inst, Value};

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
        let mut parent: Map<Block, Option<Block>> = Map::new();
        parent.resize(func.blocks.len(), None);
        parent[func.entry] = Some(func.entry);
        let mut changed = true;
        while changed {
            changed = false;
            for &block in cfg.rpo.iter().skip(1) {
                let known = cfg.preds[block].iter().map(|&(p, _)| p).filter(|&p| parent[p].is_some());
                let meet = known.reduce(|a, b| intersect(cfg, &parent, a, b));
                if meet.is_some() && parent[block] != meet {
                    parent[block] = meet;
                    changed = true;
                }
            }
        }
        parent[func.entry] = None;
        let mut children: Map<Block, Vec<Block>> = Map::new();
        children.resize(func.blocks.len(), Vec::new());
        for &block in &cfg.rpo {
            if let Some(p) = parent[block] {
                children[p].push(block);
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

fn intersect(cfg: &Cfg, parent: &Map<Block, Option<Block>>, a: Block, b: Block) -> Block {
    let (mut a, mut b) = (a, b);
    while a != b {
        if cfg.position(a) > cfg.position(b) {
            a = parent[a].unwrap_or(b);
        } else {
            b = parent[b].unwrap_or(a);
        }
    }
    a
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
