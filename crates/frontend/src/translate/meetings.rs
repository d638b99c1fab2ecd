//! Where the values of a variable can meet: the iterated dominance frontier of its assignments.

use crate::graph::Graph;
use crate::ins::Ins;
use crate::slots::{SlotSet, Slots};
use crate::ssa::Places;
use coachwhip_ir::Block;
use coachwhip_ir::entity::Entity;
use coachwhip_ir::frontiers::dominance;
use std::collections::HashSet;

/// Where a slot's values can meet, and those of its flag: only there a parameter may be needed.
pub fn places(slots: &Slots, unsure: &SlotSet, graph: &Graph, predecessors: &[Vec<Block>]) -> Option<Places> {
    let numbers: Vec<Vec<usize>> = predecessors.iter().map(|list| list.iter().map(|b| b.index()).collect()).collect();
    let dominance = dominance(&numbers)?;
    let n = slots.names.len();
    let mut definitions: Vec<Vec<usize>> = vec![Vec::new(); 2 * n];
    let mut define = |variable: usize, block: usize| {
        if let Some(list) = definitions.get_mut(variable).filter(|list| list.last() != Some(&block)) {
            list.push(block);
        }
    };
    for (index, node) in graph.nodes.iter().enumerate() {
        for (ins, _) in &node.steps {
            match *ins {
                Ins::Store(slot) | Ins::Delete(slot) | Ins::Save(slot) | Ins::MakeCell(slot) => {
                    define(slot as usize, index + 1);
                    if unsure.has(slot) {
                        define(n + slot as usize, index + 1);
                    }
                }
                Ins::Load(slot) if unsure.has(slot) => define(n + slot as usize, index + 1),
                Ins::Narrow(_, Some(slot)) => define(slot as usize, index + 1),
                _ => {}
            }
        }
    }
    let mut meetings = HashSet::default();
    for (variable, list) in definitions.iter().enumerate() {
        // The entry defines everything; its frontier is empty.
        let found = dominance.meetings(list);
        meetings.extend(found.into_iter().map(|block| (Block::new(block), variable as u32)));
    }
    Some(Places { parents: dominance.parent, meetings, variables: 2 * n as u32 })
}
