//! Repairs SSA form after a copy of blocks: where both versions of a value arrive, a parameter joins them.

use crate::analysis::Cfg;
use crate::edit::edge_mut;
use coachwhip_ir::{Block, Func, Inst, Value};
use std::collections::{HashMap, VecDeque};

/// Values that exist in two versions, and the blocks in which each version is the right one.
#[derive(Default)]
pub struct Versions {
    /// For each value, the number of its region and the value in the copy.
    pub values: HashMap<Value, (usize, Value)>,
    /// For each block of a region, the number and whether it is the copy.  A block may be in regions one inside the other.
    pub regions: HashMap<Block, Vec<(usize, bool)>>,
}

struct Repair<'a> {
    versions: &'a Versions,
    cfg: Cfg,
    at_start: HashMap<(Value, Block), Value>,
    /// Parameters that were made and have no arguments yet: the value and the block.
    open: VecDeque<(Value, Block)>,
    /// Arguments to be appended to edges.
    arguments: Vec<(Block, usize, Value)>,
}

/// Makes every use outside of the regions see the version that arrives.
pub fn repair(func: &mut Func, versions: &Versions) {
    let cfg = Cfg::new(func);
    let mut repair = Repair { versions, cfg, at_start: HashMap::new(), open: VecDeque::new(), arguments: vec![] };
    let mut uses: Vec<(Inst, Block)> = Vec::new();
    for &block in &repair.cfg.rpo {
        for &inst in &func.blocks[block].insts {
            let is_outside = |v: Value| repair.region(block, v).is_none() && versions.values.contains_key(&v);
            if crate::edit::operands(func, inst).any(is_outside) {
                uses.push((inst, block));
            }
        }
    }
    for (inst, block) in uses {
        let mut args = std::mem::take(&mut func.insts[inst].args);
        for arg in &mut args {
            *arg = repair.seen_from(func, *arg, block);
        }
        func.insts[inst].args = args;
        for number in 0..func.insts[inst].edges.len() {
            let edge = |func: &mut Func| func.insts[inst].edges.get_mut(number).map(|e| std::mem::take(&mut e.args));
            let mut args = edge(func).unwrap_or_default();
            for arg in &mut args {
                *arg = repair.seen_from(func, *arg, block);
            }
            if let Some(edge) = func.insts[inst].edges.get_mut(number) {
                edge.args = args;
            }
        }
    }
    repair.close(func);
    for (block, number, value) in std::mem::take(&mut repair.arguments) {
        if let Some(edge) = edge_mut(func, block, number) {
            edge.args.push(value);
        }
    }
}

impl Repair<'_> {
    /// Which version of a value is right in a block, if the block is in the value's region.
    fn region(&self, block: Block, value: Value) -> Option<bool> {
        let (number, _) = self.versions.values.get(&value)?;
        let regions = self.versions.regions.get(&block)?;
        regions.iter().find(|(n, _)| n == number).map(|&(_, copy)| copy)
    }

    /// What an operand in a block has to be.
    fn seen_from(&mut self, func: &mut Func, value: Value, block: Block) -> Value {
        let elsewhere = self.versions.values.contains_key(&value) && self.region(block, value).is_none();
        if elsewhere { self.at_start(func, value, block) } else { value }
    }

    /// The value that arrives at a block from outside its region: through blocks with one predecessor, up to a
    /// version or to a block where paths meet, which gets a parameter.
    fn at_start(&mut self, func: &mut Func, value: Value, block: Block) -> Value {
        let mut block = block;
        let mut passed = Vec::new();
        let found = loop {
            if let Some(&known) = self.at_start.get(&(value, block)) {
                break known;
            }
            passed.push(block);
            let [(only, _)] = *self.cfg.preds[block].as_slice() else {
                let ty = func.ty(value).clone();
                self.open.push_back((value, block));
                break func.add_param(block, ty);
            };
            if let Some(version) = self.version(value, only) {
                break version;
            }
            block = only;
        };
        self.at_start.extend(passed.into_iter().map(|b| ((value, b), found)));
        found
    }

    /// The version of a value that is right in a block, if the block is in the value's region.
    fn version(&self, value: Value, block: Block) -> Option<Value> {
        let is_copy = self.region(block, value)?;
        let &(_, copy) = self.versions.values.get(&value)?;
        Some(if is_copy { copy } else { value })
    }

    /// Finds the arguments of the parameters that were made, which may make more.
    fn close(&mut self, func: &mut Func) {
        // First made, first closed: a block's parameters and the arguments of its edges are in one order.
        while let Some((value, block)) = self.open.pop_front() {
            for (from, edge) in self.cfg.preds[block].clone() {
                let arg = self.version(value, from).unwrap_or_else(|| self.at_start(func, value, from));
                self.arguments.push((from, edge, arg));
            }
        }
    }
}
