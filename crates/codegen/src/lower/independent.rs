//! Loops that the optimiser has marked as independent: LLVM is told with each access in them, so that it neither asks
//! at run time whether arrays overlap nor gives up where they are one.

use super::function::Lowering;
use super::unit::Unit;
use crate::llvm::{Metadata, Value as Val};
use coachwhip_ir::{Block, Func, Op};
use std::collections::{HashMap, HashSet};

/// The marked loops of a function.
#[derive(Default)]
pub struct Independent<'c> {
    headers: HashMap<Block, Metadata<'c>>,
    members: HashMap<Block, Metadata<'c>>,
}

impl<'c> Independent<'c> {
    /// The name of the loop with this header.
    pub fn headed(&self, header: Block) -> Option<Metadata<'c>> {
        self.headers.get(&header).copied()
    }

    /// The name of the innermost marked loop that holds the block.
    pub fn around(&self, block: Block) -> Option<Metadata<'c>> {
        self.members.get(&block).copied()
    }
}

/// Finds them, given the blocks in the order of lowering and which edges lead back in it.
pub fn find<'c>(
    func: &Func,
    order: &[Block],
    is_back_edge: &dyn Fn(Block, Block) -> bool,
    unit: &Unit<'c, '_>,
) -> Independent<'c> {
    let mut found = Independent::default();
    let is_marked = |&&block: &&Block| func.blocks[block].insts.iter().any(|&i| func.insts[i].op == Op::Independent);
    let headers: Vec<Block> = order.iter().filter(is_marked).copied().collect();
    if headers.is_empty() {
        return found;
    }
    let mut preds: HashMap<Block, Vec<Block>> = HashMap::new();
    for &block in order {
        for next in func.successors(block) {
            preds.entry(next).or_default().push(block);
        }
    }
    // Outer headers come first, so inner loops overwrite their blocks.
    for header in headers {
        let name = unit.new_loop();
        let enters = preds.get(&header).map_or(&[][..], Vec::as_slice);
        let mut work: Vec<Block> = enters.iter().copied().filter(|&from| is_back_edge(from, header)).collect();
        if work.is_empty() {
            continue;
        }
        found.headers.insert(header, name);
        let mut seen = HashSet::from([header]);
        while let Some(block) = work.pop() {
            if seen.insert(block) {
                work.extend(preds.get(&block).into_iter().flatten());
            }
        }
        for block in seen {
            found.members.insert(block, name);
        }
    }
    found
}

impl<'c> Lowering<'_, 'c, '_> {
    /// Marks a load or store of an element for the loop around it.
    pub fn mark_access(&self, access: Val<'c>) {
        if let Some(name) = self.independent {
            self.unit.mark_independent(access, name);
        }
    }
}
