//! What a loop's version leaves out, and under which conditions.

use super::sums::{self, Sums};
use crate::analysis::LoopId;
use crate::analysis::counted::counter;
use crate::bounds::goals::Goal;
use crate::bounds::interval::{self, Interval};
use crate::bounds::{Facts, Linear, Point};
use crate::edit::Renames;
use crate::loop_form;
use coachwhip_ir::{Block, Const, Func, Imm, Inst, Op, Value};
use std::collections::HashSet;

/// More conditions than this are not tested.
const MOST_CONDITIONS: usize = 40;

/// A condition on values from outside a loop.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// The form is not negative.
    NotNegative(Linear),
    /// The `Bool` has this outcome.
    Holds(Value, bool),
}

/// A version of a loop.
pub struct Version {
    /// The block in front.
    pub preheader: Block,
    /// The loop's blocks.
    pub blocks: Vec<Block>,
    /// What the unchecked version needs; nothing if its checks cannot fail at all.
    pub conditions: Vec<Condition>,
    /// Guards it leaves out, and branches to failures that are caught.
    guards: Vec<Inst>,
    /// Checked sums that are exact in it.
    exact: Vec<Inst>,
    /// Guards that the loop has.
    seen: usize,
    /// Negative-index selections whose index is not negative in it.
    in_place: Vec<Inst>,
}

/// Plans a version of a loop; `None` if it would leave out nothing.
pub fn version(facts: &Facts, id: LoopId, largest: usize, sums: Option<&Sums>) -> Option<Version> {
    let this = &facts.loops.loops[id];
    let preheader = loop_form::preheader(facts.func, facts.cfg, facts.loops, id)?;
    let size: usize = this.blocks.iter().map(|&b| facts.func.blocks[b].insts.len()).sum();
    if size > largest {
        return None;
    }
    let mut version = Version {
        preheader,
        blocks: this.blocks.clone(),
        conditions: vec![],
        guards: vec![],
        seen: 0,
        exact: vec![],
        in_place: vec![],
    };
    for &block in &this.blocks {
        for (at, &inst) in facts.func.blocks[block].insts.iter().enumerate() {
            let at = Point { block, at };
            match facts.func.insts[inst].op {
                Op::WrapIndex if sums.is_none() => version.place(facts, id, inst, at),
                Op::Guard | Op::Branch if is_check(facts.func, inst) => {
                    version.seen += 1;
                    version.guard(facts, id, inst, at, sums);
                }
                _ => {}
            }
        }
    }
    // What this version assumes is not so elsewhere.
    facts.assumed_in_place.borrow_mut().clear();
    facts.forget_all_forms();
    let useful = match sums {
        // Sums are worth a version if it is free of checks: then it can be vectorised.
        Some(_) => version.guards.len() == version.seen,
        // A loop that only adds up is left to the version for sums, which tests chunk by chunk.
        None => !version.in_place.is_empty() || !version.only_sums(facts, id),
    };
    let useful = useful && !(version.guards.is_empty() && version.in_place.is_empty());
    (useful && version.conditions.len() <= MOST_CONDITIONS).then_some(version)
}

impl Version {
    /// A version without some guards, good under a condition.
    pub fn trial(preheader: Block, blocks: Vec<Block>, condition: Condition, guards: Vec<Inst>) -> Version {
        let seen = guards.len();
        Version { preheader, blocks, conditions: vec![condition], guards, seen, exact: vec![], in_place: vec![] }
    }

    /// Whether the version would leave out overflow checks alone, in a loop that runs in chunks.
    fn only_sums(&self, facts: &Facts, id: LoopId) -> bool {
        facts.loops.loops[id].children.is_empty()
            && self.exact.len() == self.guards.len()
            && counter(facts.func, facts.cfg, facts.loops, id).is_some()
    }

    /// A negative index is excluded if that takes a condition from outside.
    fn place(&mut self, facts: &Facts, id: LoopId, inst: Inst, at: Point) {
        let Some(&index) = facts.func.insts[inst].args.first() else { return };
        let Some(conditions) = needs(facts, id, &Goal::NotNegative(facts.linear(index)), at) else { return };
        self.add(conditions);
        self.in_place.push(inst);
        facts.assumed_in_place.borrow_mut().insert(inst);
        facts.forget_form(facts.func.insts[inst].results.first().copied());
    }

    fn guard(&mut self, facts: &Facts, id: LoopId, inst: Inst, at: Point, sums: Option<&Sums>) {
        let Some(&condition) = facts.func.insts[inst].args.first() else { return };
        let goal = facts.goal(condition, true);
        if sums.is_some() && !matches!(goal, Goal::Fits(..)) {
            return;
        }
        let summed = || match goal {
            Goal::Fits(op, a, b) => sums?.conditions(op, a, b),
            _ => None,
        };
        let Some(conditions) = needs(facts, id, &goal, at).or_else(summed) else { return };
        self.add(conditions);
        self.guards.push(inst);
        if matches!(goal, Goal::Fits(..))
            && let Some(not) = facts.func.def_inst(condition)
            && let Some(sum) = facts.func.insts[not].args.first().and_then(|&flag| facts.func.def_inst(flag))
        {
            self.exact.push(sum);
        }
    }

    /// Adds conditions; of two that differ by a constant the stronger one stays.
    fn add(&mut self, conditions: Vec<Condition>) {
        for new in conditions {
            if !self.strengthen(&new) {
                self.conditions.push(new);
            }
        }
    }

    /// Whether a condition is there already, perhaps after it has been made stronger.
    fn strengthen(&mut self, new: &Condition) -> bool {
        for old in &mut self.conditions {
            match (old, new) {
                (Condition::NotNegative(old), Condition::NotNegative(new)) if old.terms == new.terms => {
                    old.constant = old.constant.min(new.constant);
                    return true;
                }
                (old, new) if *old == *new => return true,
                _ => {}
            }
        }
        false
    }

    /// Removes from the loop what its version leaves out.
    pub fn thin_out(&self, func: &mut Func, renames: &mut Renames) {
        for &inst in &self.in_place {
            let data = &func.insts[inst];
            if let (Some(&result), Some(&index)) = (data.results.first(), data.args.first()) {
                renames.set(result, index);
            }
        }
        // A sum in front of the loop belongs to both versions: it stays checked.
        let inside: HashSet<Inst> = self.blocks.iter().flat_map(|&b| func.blocks[b].insts.iter().copied()).collect();
        for &inst in self.exact.iter().filter(|&inst| inside.contains(inst)) {
            let Some(exact) = func.insts[inst].op.exact().filter(|_| func.insts[inst].op.is_checked()) else {
                continue;
            };
            func.insts[inst].op = exact;
            if let Some(flag) = func.insts[inst].results.pop() {
                let loc = func.insts[inst].loc;
                let constant = Imm::Const(Const::Bool(false));
                let c = func.make_inst(Op::Const, constant, vec![], &[coachwhip_ir::Ty::Bool], vec![], loc);
                func.blocks[self.preheader].insts.insert(0, c);
                if let Some(&no) = func.insts[c].results.first() {
                    renames.set(flag, no);
                }
            }
        }
        for &block in &self.blocks {
            let mut insts = std::mem::take(&mut func.blocks[block].insts);
            insts.retain(|&inst| {
                let left_out = self.guards.contains(&inst);
                let data = &mut func.insts[inst];
                if left_out && data.op == Op::Branch {
                    (data.op, data.args) = (Op::Jump, vec![]);
                    data.edges.truncate(1);
                }
                !left_out || data.op == Op::Jump
            });
            func.blocks[block].insts = insts;
        }
    }
}

/// Whether an instruction is a check: a guard, or a branch to a block that records a failure, where a handler waits for it.
fn is_check(func: &Func, inst: Inst) -> bool {
    let data = &func.insts[inst];
    match (data.op, data.edges.as_slice()) {
        (Op::Guard, _) => true,
        (Op::Branch, [_, failing]) => {
            let records = |inst: &Inst| func.insts[*inst].op == Op::Record;
            func.blocks[failing.block].insts.iter().take(2).any(records)
        }
        _ => false,
    }
}

/// Conditions from outside the loop that make sure of a goal in every iteration.
pub fn needs(facts: &Facts, id: LoopId, goal: &Goal, at: Point) -> Option<Vec<Condition>> {
    match goal {
        Goal::NotNegative(form) => not_negative(facts, id, form, at),
        Goal::Holds(value, outcome) => facts.is_invariant(*value, id).then(|| vec![Condition::Holds(*value, *outcome)]),
        Goal::All(goals) => {
            let mut all = Vec::new();
            for goal in goals {
                all.extend(needs(facts, id, goal, at)?);
            }
            Some(all)
        }
        Goal::Any(goals) => {
            let found: Vec<_> = goals.iter().filter_map(|g| needs(facts, id, g, at)).collect();
            found.into_iter().min_by_key(Vec::len)
        }
        Goal::Fits(op, a, b) => {
            let range = interval::of_type(facts.func.ty(*a))?;
            let factors = || {
                let each = |v: Value| sums::small(facts, id, v, range.1.isqrt(), at, 1);
                (*op == Op::MulOvf).then(|| Some(each(*a)?.into_iter().chain(each(*b)?).collect())).flatten()
            };
            facts.exact_result(*op, *a, *b).and_then(|form| within(facts, id, &form, range, at)).or_else(factors)
        }
    }
}

fn within(facts: &Facts, id: LoopId, form: &Linear, range: Interval, at: Point) -> Option<Vec<Condition>> {
    let mut both = not_negative(facts, id, &form.offset(-range.0)?, at)?;
    both.extend(not_negative(facts, id, &Linear::constant(range.1).minus(form)?, at)?);
    Some(both)
}

fn not_negative(facts: &Facts, id: LoopId, form: &Linear, at: Point) -> Option<Vec<Condition>> {
    if facts.proves(form, at) {
        return Some(vec![]);
    }
    let reduced = facts.reduces(form, at, id)?;
    let certain = facts.least(&reduced).is_some_and(|l| l >= 0);
    // A test needs its values in 64 bits.
    let fits = reduced.values().all(|v| facts.interval(v).is_some_and(|i| i.1 <= interval::WORD.1));
    match (certain, fits) {
        (true, _) => Some(vec![]),
        (_, true) => Some(vec![Condition::NotNegative(reduced)]),
        _ => None,
    }
}
