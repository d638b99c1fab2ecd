//! Which values own memory, and whose memory every other value uses.
//!
//! Roots are results that hold memory and are the function's from there on, or that a cell or a list keeps which may let go of
//! them meanwhile (`Owner` in the table of operations says which), and those block parameters whose
//! arguments are not all kept alive by roots that dominate the block.  (A parameter in a loop may hold what an
//! earlier iteration defined; a root that strictly dominates the header is the same one in every iteration.)
//! The function's parameters and global arrays are kept alive by the caller and have no root.

use crate::analysis::{Cfg, Dominators};
use coachwhip_ir::dominators::{def_block, inst_blocks};
use coachwhip_ir::entity::Map;
use coachwhip_ir::{Block, Func, Inst, Op, Owner, Value, heap};
use std::collections::HashSet;

/// Parameters that borrow from more roots than this own instead: sets stay small.
const MOST_ROOTS: usize = 4;

/// The answer.
pub struct Roots {
    of: Map<Value, Vec<Value>>,
    owned: Map<Value, bool>,
}

impl Roots {
    /// Finds the roots: optimistically no parameter owns, until one must.
    pub fn find(func: &Func, cfg: &Cfg, borrowed: &HashSet<Inst>) -> Roots {
        let mut roots = Roots { of: Map::new(), owned: Map::new() };
        roots.of.resize(func.values.len(), vec![]);
        roots.owned.resize(func.values.len(), false);
        let dom = Dominators::new(func, cfg);
        let places = inst_blocks(func);
        let mut changed = true;
        while changed {
            changed = false;
            for &block in &cfg.rpo {
                for n in 0..func.blocks[block].params.len() {
                    changed |= roots.visit_param(func, cfg, &dom, &places, block, n);
                }
                for &inst in &func.blocks[block].insts {
                    changed |= roots.visit_inst(func, inst, borrowed.contains(&inst));
                }
            }
        }
        roots
    }

    /// The roots whose memory a value uses.
    pub fn of(&self, value: Value) -> &[Value] {
        self.of.lookup(value).map_or(&[], Vec::as_slice)
    }

    /// Whether the value is a root.
    pub fn is_owned(&self, value: Value) -> bool {
        self.owned.lookup(value).copied().unwrap_or(false)
    }

    /// The root whose ownership a value can take along: they have the same owner words.
    pub fn movable(&self, func: &Func, value: Value) -> Option<Value> {
        let [root] = self.of(value) else { return None };
        let recast = || {
            let made = func.def_inst(value).map(|inst| &func.insts[inst]);
            made.is_some_and(|made| made.op == Op::Convert && made.args.first() == Some(root))
        };
        let same = *root == value || (func.ty(value).array().is_some() && func.ty(*root).array().is_some()) || recast();
        same.then_some(*root)
    }

    fn visit_param(
        &mut self,
        func: &Func,
        cfg: &Cfg,
        dom: &Dominators,
        places: &Map<Inst, Option<Block>>,
        block: Block,
        n: usize,
    ) -> bool {
        let Some(&param) = func.blocks[block].params.get(n) else { return false };
        if block == func.entry || self.is_owned(param) || !heap::borrows(func.ty(param)) {
            return false;
        }
        let mut union: Vec<Value> = Vec::new();
        for &(from, edge) in &cfg.preds[block] {
            if let Some(&arg) = func.edges(from).get(edge).and_then(|e| e.args.get(n)) {
                union.extend_from_slice(self.of(arg));
            }
        }
        union.sort();
        union.dedup();
        let outlives =
            |r: &Value| def_block(func, places, *r).is_some_and(|home| home != block && dom.dominates(home, block));
        if heap::owns(func.ty(param)) && (union.len() > MOST_ROOTS || !union.iter().all(outlives)) {
            self.owned[param] = true;
            union = vec![param];
        }
        let changed = self.of[param] != union;
        self.of[param] = union;
        changed
    }

    fn visit_inst(&mut self, func: &Func, inst: Inst, borrows: bool) -> bool {
        let data = &func.insts[inst];
        let mut changed = false;
        for &result in &data.results {
            let ty = func.ty(result);
            if !heap::borrows(ty) {
                continue;
            }
            let owner = data.op.owner(&data.imm);
            let makes = owner.is_handed_over() || (owner == Owner::Keeper && !borrows);
            let of = if makes && heap::owns(ty) {
                self.owned[result] = true;
                vec![result]
            } else {
                let mut union: Vec<Value> = data.args.iter().flat_map(|&a| self.of(a)).copied().collect();
                union.sort();
                union.dedup();
                union
            };
            changed |= self.of[result] != of;
            self.of[result] = of;
        }
        changed
    }
}
