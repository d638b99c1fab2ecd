//! Where each root is needed: a use of anything that borrows from it is a use of the root.

use super::roots::Roots;
use crate::analysis::Cfg;
use crate::edit::operands;
use coachwhip_ir::dominators::{def_block, inst_blocks};
use coachwhip_ir::entity::Map;
use coachwhip_ir::{Block, Func, Value};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Roots needed at the start of each block.
pub struct Liveness {
    at_start: Map<Block, BTreeSet<Value>>,
}

impl Liveness {
    /// One backward walk for each root, as long as its live range.
    pub fn new(func: &Func, cfg: &Cfg, roots: &Roots) -> Liveness {
        let mut live = Liveness { at_start: Map::new() };
        live.at_start.resize(func.blocks.len(), BTreeSet::new());
        let places = inst_blocks(func);
        let mut uses: HashMap<Value, HashSet<Block>> = HashMap::new();
        for &block in &cfg.rpo {
            for &inst in &func.blocks[block].insts {
                for value in operands(func, inst) {
                    for &root in roots.of(value) {
                        uses.entry(root).or_default().insert(block);
                    }
                }
            }
        }
        for (root, blocks) in uses {
            let home = def_block(func, &places, root);
            let mut work: Vec<Block> = blocks.into_iter().collect();
            while let Some(block) = work.pop() {
                if Some(block) != home && live.at_start[block].insert(root) {
                    work.extend(cfg.preds[block].iter().map(|&(b, _)| b));
                }
            }
        }
        live
    }

    /// Roots needed from the start of the block on.
    pub fn at_start(&self, block: Block) -> &BTreeSet<Value> {
        &self.at_start[block]
    }

    /// Roots needed when control leaves the block, as arguments of its edges or after them.
    pub fn at_end(&self, func: &Func, roots: &Roots, block: Block) -> BTreeSet<Value> {
        let mut alive = BTreeSet::new();
        for edge in func.edges(block) {
            alive.extend(self.at_start[edge.block].iter().copied());
            alive.extend(edge.args.iter().flat_map(|&a| roots.of(a)).copied());
        }
        alive
    }
}
