//! The slots of a frame: locals, then cells that are no arguments, then captured cells; and which of them
//! surely hold a value at each node of the graph.

use crate::graph::Graph;
use crate::ins::Ins;
use crate::snapshot::CodeSnapshot;
use std::sync::Arc;

/// The slots' names and kinds.
pub struct Slots {
    /// Names by slot.
    pub names: Vec<Arc<str>>,
    /// How many of the first slots are arguments.
    pub arguments: usize,
    /// The first slot of a captured cell.
    pub first_free: usize,
}

impl Slots {
    /// The slots of a code object.
    pub fn new(code: &CodeSnapshot) -> Slots {
        let mut names = code.varnames.clone();
        let locals: std::collections::HashSet<&Arc<str>> = code.varnames.iter().collect();
        names.extend(code.cellvars.iter().filter(|name| !locals.contains(name)).cloned());
        let first_free = names.len();
        names.extend(code.freevars.iter().cloned());
        let varargs = (code.flags & crate::VARARGS != 0) as usize;
        let arguments = (code.argcount as usize).saturating_add(code.kwonlyargcount as usize).saturating_add(varargs);
        Slots { names, arguments, first_free }
    }
}

/// A set of slots.
#[derive(Clone, PartialEq)]
pub struct SlotSet(Vec<u64>);

impl SlotSet {
    /// The empty set for `n` slots.
    pub fn empty(n: usize) -> SlotSet {
        SlotSet(vec![0; n.div_ceil(64)])
    }
    fn full(n: usize) -> SlotSet {
        SlotSet(vec![u64::MAX; n.div_ceil(64)])
    }
    /// Whether the slot is in the set.
    pub fn has(&self, slot: u32) -> bool {
        self.0.get(slot as usize / 64).is_some_and(|word| word >> (slot % 64) & 1 == 1)
    }
    /// Adds or removes a slot.
    pub fn set(&mut self, slot: u32, present: bool) {
        if let Some(word) = self.0.get_mut(slot as usize / 64) {
            let bit = 1 << (slot % 64);
            *word = if present { *word | bit } else { *word & !bit };
        }
    }
    /// Keeps what is in both; whether that changed anything.
    fn meet(&mut self, other: &SlotSet) -> bool {
        let mut changed = false;
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            changed |= *mine & !theirs != 0;
            *mine &= theirs;
        }
        changed
    }
    /// What a step does to the set.  A checked read leaves the slot assigned too; what is assigned to a slot that is
    /// saved somewhere may be that it had no value.
    fn step(&mut self, ins: &Ins, saved: &SlotSet) {
        match ins {
            Ins::Store(slot) => self.set(*slot, !saved.has(*slot)),
            Ins::Load(slot) | Ins::MakeCell(slot) => self.set(*slot, true),
            Ins::Delete(slot) | Ins::Save(slot) => self.set(*slot, false),
            _ => {}
        }
    }
}

/// For each node the slots that surely hold a value at its start, and the slots that are somewhere read,
/// deleted or saved without holding one surely.
pub fn assigned(slots: &Slots, graph: &Graph) -> (Vec<SlotSet>, SlotSet) {
    let n = slots.names.len();
    let mut at: Vec<SlotSet> = vec![SlotSet::full(n); graph.nodes.len()];
    if let Some(first) = at.first_mut() {
        *first = SlotSet::empty(n);
        for slot in (0..slots.arguments).chain(slots.first_free..n) {
            first.set(slot as u32, true);
        }
    }
    let mut saved = SlotSet::empty(n);
    for (ins, _) in graph.nodes.iter().flat_map(|node| &node.steps) {
        if let Ins::Save(slot) = ins {
            saved.set(*slot, true);
        }
    }
    let mut changed = true;
    while changed {
        changed = false;
        for (index, node) in graph.nodes.iter().enumerate() {
            let Some(mut set) = at.get(index).cloned() else { continue };
            node.steps.iter().for_each(|(ins, _)| set.step(ins, &saved));
            for &successor in &node.successors {
                // Node 0 has the entry as a predecessor too; meeting only takes away.
                changed |= at.get_mut(successor).is_some_and(|s| s.meet(&set));
            }
        }
    }
    let mut unsure = saved.clone();
    for (node, set) in graph.nodes.iter().zip(&at) {
        let mut set = set.clone();
        for (ins, _) in &node.steps {
            if let Ins::Load(slot) | Ins::Delete(slot) = ins
                && !set.has(*slot)
            {
                unsure.set(*slot, true);
            }
            set.step(ins, &saved);
        }
    }
    (at, unsure)
}
