//! Every use is dominated by its definition.
//!
//! Dominators by Cooper, Harvey and Kennedy; then one walk over the tree numbers it, so that each use is one
//! comparison.  Blocks that the entry does not reach are left out.

use super::{Problem, at_inst};
use crate::entity::Entity;
use crate::func::{Block, Def, Func, Inst, Value};

/// Uses that their definition does not dominate.
pub fn check(func: &Func) -> Vec<Problem> {
    let tree = Tree::new(func);
    // Position of every instruction in its block, for uses in the block of the definition.
    let mut position = vec![(Block(u32::MAX), 0u32); func.insts.len()];
    for &block in &func.order {
        for (at, &inst) in (0u32..).zip(&func.blocks[block].insts) {
            if let Some(slot) = position.get_mut(inst.index()) {
                *slot = (block, at);
            }
        }
    }
    let place = |inst: Inst| position.get(inst.index()).copied().unwrap_or((Block(u32::MAX), 0));
    let dominates = |value: Value, user: Inst| {
        let (block, at) = place(user);
        match func.values[value].def {
            Def::Param(home, _) => tree.dominates(home, block),
            Def::Result(inst, _) => {
                let (home, start) = place(inst);
                if home == block { start < at } else { tree.dominates(home, block) }
            }
        }
    };
    let mut problems = Vec::new();
    for &block in func.order.iter().filter(|&&b| tree.is_reached(b)) {
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            let mut used = data.args.iter().chain(data.edges.iter().flat_map(|e| &e.args));
            if let Some(value) = used.find(|&&v| !dominates(v, inst)) {
                problems.push(at_inst(func, inst, format!("{value} is not defined on every path to here")));
            }
        }
    }
    problems
}

/// The dominator tree as intervals: a block dominates those whose interval lies within its own.
struct Tree {
    intervals: Vec<Option<(u32, u32)>>,
}

impl Tree {
    fn new(func: &Func) -> Tree {
        let order = reverse_postorder(func);
        let parents = immediate_dominators(func, &order);
        Tree { intervals: intervals(func, &order, &parents) }
    }

    fn interval(&self, block: Block) -> Option<(u32, u32)> {
        self.intervals.get(block.index()).copied().flatten()
    }

    fn is_reached(&self, block: Block) -> bool {
        self.interval(block).is_some()
    }

    fn dominates(&self, above: Block, below: Block) -> bool {
        match (self.interval(above), self.interval(below)) {
            (Some((a, b)), Some((c, d))) => a <= c && d <= b,
            _ => false,
        }
    }
}

/// The blocks that the entry reaches, each before those it alone leads to.
fn reverse_postorder(func: &Func) -> Vec<Block> {
    let mut seen = vec![false; func.blocks.len()];
    let mut order = Vec::new();
    let mut stack: Vec<(Block, usize)> = Vec::new();
    let mut enter = |block: Block| seen.get_mut(block.index()).is_some_and(|s| !std::mem::replace(s, true));
    if enter(func.entry) {
        stack.push((func.entry, 0));
    }
    while let Some((block, next)) = stack.last_mut() {
        match func.edges(*block).get(*next) {
            Some(edge) => {
                *next += 1;
                if enter(edge.block) {
                    stack.push((edge.block, 0));
                }
            }
            None => {
                order.push(*block);
                stack.pop();
            }
        }
    }
    order.reverse();
    order
}

/// For each place in the reverse postorder, the place of the immediate dominator.
fn immediate_dominators(func: &Func, order: &[Block]) -> Vec<usize> {
    const UNKNOWN: usize = usize::MAX;
    let mut number = vec![UNKNOWN; func.blocks.len()];
    for (at, block) in order.iter().enumerate() {
        if let Some(slot) = number.get_mut(block.index()) {
            *slot = at;
        }
    }
    let number = |block: Block| number.get(block.index()).copied().unwrap_or(UNKNOWN);
    let mut predecessors = vec![Vec::new(); order.len()];
    for (at, &block) in order.iter().enumerate() {
        for successor in func.successors(block) {
            if let Some(list) = predecessors.get_mut(number(successor)) {
                list.push(at);
            }
        }
    }
    let mut parents = vec![UNKNOWN; order.len()];
    if let Some(root) = parents.first_mut() {
        *root = 0;
    }
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for (at, list) in predecessors.iter().enumerate().skip(1) {
            let parent = |n: usize| parents.get(n).copied().unwrap_or(UNKNOWN);
            let known = list.iter().copied().filter(|&p| parent(p) != UNKNOWN);
            let meet = known.reduce(|mut a, mut b| {
                while a != b {
                    if a > b { a = parent(a) } else { b = parent(b) }
                }
                a
            });
            if let (Some(meet), Some(slot)) = (meet, parents.get_mut(at)) {
                changed |= std::mem::replace(slot, meet) != meet;
            }
        }
    }
    parents
}

/// Numbers the tree: a block's interval holds those of the blocks below it.
fn intervals(func: &Func, order: &[Block], parents: &[usize]) -> Vec<Option<(u32, u32)>> {
    // Sizes of subtrees from below, then starts from above; a parent comes before its children in the order.
    let mut sizes = vec![1u32; order.len()];
    for at in (1..order.len()).rev() {
        let size = sizes.get(at).copied().unwrap_or(0);
        if let Some(above) = parents.get(at).and_then(|&p| sizes.get_mut(p)) {
            *above += size;
        }
    }
    let mut next = vec![0u32; order.len()];
    let mut found = vec![None; func.blocks.len()];
    for (at, block) in order.iter().enumerate() {
        let size = sizes.get(at).copied().unwrap_or(1);
        let start = match parents.get(at) {
            Some(&above) if above != at => next.get_mut(above).map_or(0, |n| {
                let start = *n;
                *n += size;
                start
            }),
            _ => 0,
        };
        if let Some(slot) = next.get_mut(at) {
            *slot = start + 1;
        }
        if let Some(slot) = found.get_mut(block.index()) {
            *slot = Some((start, start + size));
        }
    }
    found
}
