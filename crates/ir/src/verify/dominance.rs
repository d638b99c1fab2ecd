//! Every use is dominated by its definition.
//! Blocks that the entry does not reach are left out.

use super::{Problem, at_inst};
use crate::cfg::Cfg;
use crate::dominators::Dominators;
use crate::entity::Entity;
use crate::func::{Block, Def, Func, Inst, Value};

/// Uses that their definition does not dominate.
pub fn check(func: &Func) -> Vec<Problem> {
    let cfg = Cfg::new(func);
    let tree = Dominators::new(func, &cfg);
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
    for &block in func.order.iter().filter(|&&b| cfg.is_reachable(b)) {
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
