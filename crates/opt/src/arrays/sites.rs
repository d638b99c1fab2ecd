//! Where the maps of a function are, who uses them, and what happens between two places.

use super::effects::{self, Summary, written};
use super::facts::disjoint;
use crate::analysis::{Cfg, Dominators, Loops};
use crate::edit::operands;
use coachwhip_ir::{Block, Func, Inst, Op, Value, heap};
use std::collections::{HashMap, HashSet};

/// A function as it is at one moment.
pub struct Sites {
    cfg: Cfg,
    dom: Dominators,
    loops: Loops,
    places: HashMap<Inst, (Block, usize)>,
    uses: HashMap<Value, Vec<Inst>>,
}

impl Sites {
    /// Looks at a function.
    pub fn new(func: &Func) -> Sites {
        let cfg = Cfg::new(func);
        let dom = Dominators::new(func, &cfg);
        let loops = Loops::new(func, &cfg, &dom);
        let mut sites = Sites { cfg, dom, loops, places: HashMap::new(), uses: HashMap::new() };
        for &block in &sites.cfg.rpo {
            for (position, &inst) in func.blocks[block].insts.iter().enumerate() {
                sites.places.insert(inst, (block, position));
                for value in operands(func, inst) {
                    let users = sites.uses.entry(value).or_default();
                    if users.last() != Some(&inst) {
                        users.push(inst);
                    }
                }
            }
        }
        sites
    }

    /// The instructions of an operation, the last ones first; those that are attempted stay what they are.
    pub fn backwards(&self, func: &Func, op: Op) -> Vec<Inst> {
        let mut found = self.all_backwards(func, op);
        found.retain(|&i| !func.insts[i].attempted);
        found
    }

    /// The same with those that are attempted.
    pub fn all_backwards(&self, func: &Func, op: Op) -> Vec<Inst> {
        let all = self.cfg.rpo.iter().flat_map(|&block| func.blocks[block].insts.iter().copied());
        let mut found: Vec<Inst> = all.filter(|&i| func.insts[i].op == op).collect();
        found.reverse();
        found
    }

    /// The instructions that use a value.
    pub fn users(&self, value: Value) -> &[Inst] {
        self.uses.get(&value).map_or(&[], Vec::as_slice)
    }

    /// The block of an instruction, and its position there.
    pub fn place(&self, inst: Inst) -> Option<(Block, usize)> {
        self.places.get(&inst).copied()
    }

    /// Whether `later`, which `earlier` dominates, runs at most once for each time that `earlier` runs.
    pub fn once(&self, earlier: Inst, later: Inst) -> bool {
        let (Some((first, _)), Some((second, _))) = (self.place(earlier), self.place(later)) else { return false };
        self.loops.innermost(second).is_none_or(|id| self.loops.contains(id, first))
    }

    /// Whether every path to `later` has come by `earlier`.
    pub fn dominates(&self, earlier: Inst, later: Inst) -> bool {
        match (self.place(earlier), self.place(later)) {
            (Some((a, m)), Some((b, n))) if a == b => m < n,
            (Some((a, _)), Some((b, _))) => self.dom.dominates(a, b),
            _ => false,
        }
    }

    /// The instructions that may run after `from` and before `to`, which `from` dominates.
    pub fn between(&self, func: &Func, from: Inst, to: Inst) -> Vec<Inst> {
        let (Some((first, at)), Some((last, end))) = (self.place(from), self.place(to)) else { return vec![] };
        let part = |block: Block, start: usize, end: usize| {
            func.blocks[block].insts.get(start..end).unwrap_or(&[]).iter().copied()
        };
        if first == last {
            return part(first, at + 1, end).collect();
        }
        let mut found: Vec<Inst> = part(last, 0, end).collect();
        found.extend(part(first, at + 1, func.blocks[first].insts.len()));
        let mut seen = HashSet::from([first, last]);
        let mut work = vec![last];
        while let Some(block) = work.pop() {
            for &(pred, _) in &self.cfg.preds[block] {
                if seen.insert(pred) {
                    found.extend(func.blocks[pred].insts.iter().copied());
                    work.push(pred);
                }
            }
        }
        found
    }

    /// The instructions that may run after an instruction before another one, which dominates it, runs again.
    pub fn after(&self, func: &Func, from: Inst, again: Inst) -> Vec<Inst> {
        let (Some((first, at)), Some((stop, before))) = (self.place(from), self.place(again)) else { return vec![] };
        let mut found: Vec<Inst> = func.blocks[first].insts.iter().skip(at + 1).copied().collect();
        let mut seen = HashSet::new();
        let mut work = vec![first];
        while let Some(block) = work.pop() {
            for next in func.successors(block) {
                if next == stop {
                    found.extend(func.blocks[stop].insts.iter().take(before).copied());
                } else if seen.insert(next) {
                    found.extend(func.blocks[next].insts.iter().copied());
                    work.push(next);
                }
            }
        }
        found
    }
}

/// Whether an instruction may write to the memory of one of these arrays.
pub fn may_write(func: &Func, inst: Inst, arrays: &[Value], known: &[Summary]) -> bool {
    let data = &func.insts[inst];
    let effects = effects::of(data, known);
    if effects.writes_other {
        return true;
    }
    let meets = |&target: &Value| arrays.iter().any(|&a| !disjoint(func, target, a));
    effects.writes_params && written(data).iter().filter(|&&v| heap::reaches(func.ty(v))).any(meets)
}
