//! The forest of natural loops.

use super::{Cfg, Dominators};
use coachwhip_ir::dominators::{def_block, inst_blocks};
use coachwhip_ir::entity::{Entity, Map};
use coachwhip_ir::{Block, Func, Inst, Value};

coachwhip_ir::entity! {
    /// A loop.
    LoopId, "loop"
}

/// A natural loop.
#[derive(Clone, Debug)]
pub struct Loop {
    /// The block that every iteration starts at.
    pub header: Block,
    /// All blocks, inner loops' too, in reverse postorder.
    pub blocks: Vec<Block>,
    /// The loop around.
    pub parent: Option<LoopId>,
    /// The loops directly inside.
    pub children: Vec<LoopId>,
    /// 1 for an outermost loop.
    pub depth: u32,
}

/// The loops of a function; a loop's number is greater than those of the loops inside it.
pub struct Loops {
    /// The loops.
    pub loops: Map<LoopId, Loop>,
    innermost: Map<Block, Option<LoopId>>,
    places: Map<Inst, Option<Block>>,
}

impl Loops {
    /// Finds the loops.
    pub fn new(func: &Func, cfg: &Cfg, dom: &Dominators) -> Loops {
        let mut found = Loops { loops: Map::new(), innermost: Map::new(), places: inst_blocks(func) };
        found.innermost.resize(func.blocks.len(), None);
        // Inner headers stand after outer ones, so backwards finds inner loops first.
        for &header in cfg.rpo.iter().rev() {
            let entering = cfg.preds[header].iter().map(|&(b, _)| b);
            let latches: Vec<Block> = entering.filter(|&b| dom.dominates(header, b)).collect();
            if !latches.is_empty() {
                found.add(cfg, header, latches);
            }
        }
        found.finish(cfg);
        found
    }

    /// The innermost loop around a block.
    pub fn innermost(&self, block: Block) -> Option<LoopId> {
        self.innermost.lookup(block).copied().flatten()
    }

    /// Whether the loop contains the block.
    pub fn contains(&self, id: LoopId, block: Block) -> bool {
        self.around(block).any(|l| l == id)
    }

    /// The loops around a block, innermost first.
    pub fn around(&self, block: Block) -> impl Iterator<Item = LoopId> + '_ {
        std::iter::successors(self.innermost(block), |&l| self.loops[l].parent)
    }

    /// Whether a value is defined outside a loop (in the function as it was).
    pub fn is_invariant(&self, func: &Func, id: LoopId, value: Value) -> bool {
        def_block(func, &self.places, value).is_some_and(|home| !self.contains(id, home))
    }

    fn add(&mut self, cfg: &Cfg, header: Block, latches: Vec<Block>) {
        let id = LoopId::new(self.loops.len());
        let mut work = latches;
        self.loops.push(Loop { header, blocks: vec![], parent: None, children: vec![], depth: 0 });
        while let Some(block) = work.pop() {
            match self.outermost(block) {
                Some(inner) if inner == id => {}
                Some(inner) => {
                    self.loops[inner].parent = Some(id);
                    let inner_header = self.loops[inner].header;
                    work.extend(cfg.preds[inner_header].iter().map(|&(b, _)| b));
                }
                None => {
                    self.innermost[block] = Some(id);
                    if block != header {
                        work.extend(cfg.preds[block].iter().map(|&(b, _)| b));
                    }
                }
            }
        }
        if self.innermost[header].is_none() {
            self.innermost[header] = Some(id);
        }
    }

    fn outermost(&self, block: Block) -> Option<LoopId> {
        self.around(block).last()
    }

    fn finish(&mut self, cfg: &Cfg) {
        let ids: Vec<LoopId> = self.loops.keys().rev().collect();
        for id in ids {
            let parent = self.loops[id].parent;
            self.loops[id].depth = parent.map_or(1, |p| self.loops[p].depth + 1);
            if let Some(p) = parent {
                self.loops[p].children.push(id);
            }
        }
        for &block in &cfg.rpo {
            let around: Vec<LoopId> = self.around(block).collect();
            for id in around {
                self.loops[id].blocks.push(block);
            }
        }
    }
}
