//! Sums of Python ints in chunks: if a sum is small when a chunk of at most [`MOST_TRIPS`] iterations begins, and no
//! addend is large, then the chunk cannot overflow.
//!
//! The chain of a header parameter is what grows out of it by additions and subtractions, over joins, too.

use super::version::{Condition, needs};
use crate::analysis::LoopId;
use crate::bounds::goals::Goal;
use crate::bounds::{Facts, Linear, Point};
use coachwhip_abi::layout::POLL_INTERVAL;
use coachwhip_ir::{Block, Needs, Op, Value};
use std::collections::HashSet;

/// Chunks are not longer than this.
const MOST_TRIPS: i128 = POLL_INTERVAL as i128;
/// The greatest magnitude of a sum at the beginning of a chunk.
const START: i128 = 1 << 62;
/// The greatest magnitude of what an iteration adds.
const STEP: i128 = (1 << 61) / MOST_TRIPS;
/// The greatest magnitudes of a sum at the beginning of a chunk and of what an iteration adds, for numbers of a range.
pub fn portion(range: (i128, i128)) -> (i128, i128) {
    (range.1 / 2, range.1 / 4 / MOST_TRIPS)
}

/// Operands are followed this deep.
const DEPTH: u32 = 6;

/// The sums of a loop: their chains, and what must hold for each that they do not overflow.
pub struct Sums {
    chains: Vec<(HashSet<Value>, Vec<Condition>)>,
}

impl Sums {
    /// Finds the sums of a loop without inner loops and with few iterations.
    pub fn find(facts: &Facts, id: LoopId) -> Sums {
        let mut sums = Sums { chains: vec![] };
        let this = &facts.loops.loops[id];
        if this.children.is_empty() && has_few_passes(facts, id) {
            for (n, &param) in facts.func.blocks[this.header].params.iter().enumerate() {
                sums.chains.extend(chain(facts, id, n, param));
            }
        }
        sums
    }

    /// Whether the loop has any.
    pub fn is_empty(&self) -> bool {
        self.chains.is_empty()
    }

    /// What keeps a checked operation from overflowing, if it belongs to a sum.
    pub fn conditions(&self, op: Op, a: Value, b: Value) -> Option<Vec<Condition>> {
        let grows = |chain: &HashSet<Value>| chain.contains(&a) || (op == Op::AddOvf && chain.contains(&b));
        self.chains.iter().find(|(chain, _)| grows(chain)).map(|(_, conditions)| conditions.clone())
    }
}

/// Whether the loop's counter shows that it has at most [`MOST_TRIPS`] iterations.
pub fn has_few_passes(facts: &Facts, id: LoopId) -> bool {
    let Some(counter) = crate::analysis::counted::counter(facts.func, facts.cfg, facts.loops, id) else { return false };
    let header = facts.loops.loops[id].header;
    let mut starts = entering(facts, id, header, counter.position);
    let few = |start: Value| {
        let (from, to) = if counter.up { (start, counter.bound) } else { (counter.bound, start) };
        let trips = facts.linear(to).minus(&facts.linear(from));
        let spare = trips.and_then(|p| Linear::constant(MOST_TRIPS).minus(&p));
        spare.is_some_and(|s| facts.proves(&s, Point { block: header, at: 0 }))
    };
    starts.all(few)
}

/// The arguments that enter a loop for a parameter of its header.
fn entering<'a>(facts: &'a Facts, id: LoopId, header: Block, n: usize) -> impl Iterator<Item = Value> + 'a {
    let edges = facts.cfg.preds[header].iter().filter(move |(b, _)| !facts.loops.contains(id, *b));
    edges.filter_map(move |&(b, e)| facts.func.edges(b).get(e)?.args.get(n).copied())
}

/// The chain of a parameter and the conditions of its sum, if every iteration leaves it with a member of the chain.
fn chain(facts: &Facts, id: LoopId, n: usize, param: Value) -> Option<(HashSet<Value>, Vec<Condition>)> {
    let func = facts.func;
    let header = facts.loops.loops[id].header;
    if func.ty(param) != &coachwhip_ir::Ty::Int {
        return None;
    }
    let mut members = HashSet::from([param]);
    let mut addends: Vec<(Value, Point)> = Vec::new();
    for &block in &facts.loops.loops[id].blocks {
        if block != header {
            join_members(facts, block, &mut members);
        }
        for (at, &inst) in func.blocks[block].insts.iter().enumerate() {
            let data = &func.insts[inst];
            let ([a, b], Some(&result)) = (data.args.as_slice(), data.results.first()) else { continue };
            // What wraps may go on growing.
            let addend = match data.op.exact().filter(|_| data.op.needs() == Needs::Proof || data.op.is_checked()) {
                Some(Op::AddExact) if members.contains(a) => *b,
                Some(Op::AddExact) if members.contains(b) => *a,
                Some(Op::SubExact) if members.contains(a) => *b,
                _ => continue,
            };
            members.insert(result);
            addends.push((addend, Point { block, at }));
        }
    }
    let mut latches = facts.cfg.preds[header].iter().filter(|(b, _)| facts.loops.contains(id, *b));
    let is_member = |&(b, e): &(Block, usize)| {
        func.edges(b).get(e).and_then(|e| e.args.get(n)).is_some_and(|a| members.contains(a))
    };
    if addends.is_empty() || !latches.all(is_member) {
        return None;
    }
    let begin = Point { block: header, at: 0 };
    let mut conditions = Vec::new();
    for start in entering(facts, id, header, n) {
        conditions.extend(small(facts, id, start, START, begin, DEPTH)?);
    }
    let each = STEP / addends.len() as i128;
    for (addend, at) in addends {
        if members.contains(&addend) {
            return None;
        }
        conditions.extend(small(facts, id, addend, each, at, DEPTH)?);
    }
    Some((members, conditions))
}

/// Parameters of a join that receive members alone are members.
fn join_members(facts: &Facts, block: Block, members: &mut HashSet<Value>) {
    for (n, &param) in facts.func.blocks[block].params.iter().enumerate() {
        let arg = |&(b, e): &(Block, usize)| facts.func.edges(b).get(e).and_then(|e| e.args.get(n)).copied();
        if facts.cfg.preds[block].iter().all(|p| arg(p).is_some_and(|a| members.contains(&a))) {
            members.insert(param);
        }
    }
}

/// What makes sure that the magnitude of a value is at most `most` in every iteration.
pub fn small(facts: &Facts, id: LoopId, value: Value, most: i128, at: Point, depth: u32) -> Option<Vec<Condition>> {
    let form = facts.linear(value);
    let sides = [Linear::constant(most).minus(&form)?, form.offset(most)?];
    let goal = Goal::All(sides.into_iter().map(Goal::NotNegative).collect());
    if let Some(conditions) = needs(facts, id, &goal, at) {
        return Some(conditions);
    }
    let depth = depth.checked_sub(1)?;
    let data = &facts.func.insts[facts.func.def_inst(value)?];
    let both = |share: i128, args: &[Value]| {
        let mut all = Vec::new();
        for &arg in args {
            all.extend(small(facts, id, arg, share, at, depth)?);
        }
        Some(all)
    };
    match (data.op, data.args.as_slice()) {
        (Op::MulExact | Op::MulOvf, args) => both(most.isqrt(), args),
        (Op::AddExact | Op::AddOvf | Op::SubExact | Op::SubOvf, args) => both(most / 2, args),
        (Op::Min | Op::Max, args) | (Op::Select, [_, args @ ..]) => both(most, args),
        // Quotients and remainders are not larger than the dividend (and the divisor).
        (Op::FloorDiv | Op::TruncDiv | Op::TruncMod | Op::Shr | Op::Abs, [x, ..]) => both(most, &[*x]),
        (Op::FloorMod, [_, y]) => both(most, &[*y]),
        _ => None,
    }
}
