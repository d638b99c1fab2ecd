//! Trials: a loop that only computes with numbers and checks them, as `y[i] = math.exp(x[i])` does, first runs through a
//! chunk for its checks alone, without storing anything.  If none fails, the chunk runs without checks, so that it can be
//! vectorised; else with them, from its beginning, so that everything up to the failure is as in the source.
//!
//! What the checks read must not change in between: a store to other memory than it is asked about in front of the
//! chunk, one to the same memory goes to the element that the pass itself reads.

use super::overflow::{self, Sum};
use super::version::{Condition, Version};
use crate::analysis::counted::{Counter, counter};
use crate::analysis::{Cfg, Dominators, LoopId, Loops, is_unlikely};
use crate::arrays::conflict;
use crate::bounds::Facts;
use crate::copy::Copies;
use crate::edit::edge_mut;
use crate::loop_form;
use coachwhip_ir::func::Def;
use coachwhip_ir::{Block, Builder, Const, Edge, ErrorKind, Func, Imm, Inst, Layout, Loc, Op, Ty, Value};
use std::collections::HashSet;

/// A loop with a header that counts and one other block.
struct Trial {
    preheader: Block,
    header: Block,
    body: Block,
    counter: Counter,
    guards: Vec<Inst>,
    /// Sums whose overflow guards exclude, with those guards.
    sums: Vec<(Inst, Sum)>,
    /// The instructions that the checks need.
    slice: HashSet<Inst>,
    /// Arrays that are stored to, with those that the checks read.
    written: Vec<(Value, Vec<Value>)>,
}

/// Gives loops a trial; what is left to do is making the versions.
pub fn versions_found(func: &mut Func) -> Vec<Version> {
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    let loops = Loops::new(func, &cfg, &dom);
    let facts = Facts::new(func, &cfg, &dom, &loops);
    let found: Vec<Trial> = loops.loops.keys().filter_map(|id| find(&facts, id)).collect();
    drop(facts);
    found.into_iter().filter_map(|trial| trial.insert(func)).collect()
}

/// Makes loops that may get a trial a header and one other block, if they only choose between numbers.
pub fn straighten(func: &mut Func) {
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    let loops = Loops::new(func, &cfg, &dom);
    let tried = |blocks: &[Block]| blocks.iter().any(|&b| func.blocks[b].insts.iter().any(|&i| is_tried(func, i)));
    let several = loops.loops.values().filter(|l| l.children.is_empty() && l.blocks.len() > 2);
    let several: Vec<Vec<Block>> =
        several.filter(|l| !is_unlikely(func, l.header) && tried(&l.blocks)).map(|l| l.blocks.clone()).collect();
    for blocks in &several {
        crate::flatten::flatten_all(func, blocks);
    }
    if !several.is_empty() {
        crate::cleanup::run(func);
    }
}

/// Whether a function has checks of the kinds that are tried.
pub fn wanted(func: &Func) -> bool {
    func.order.iter().any(|&b| func.blocks[b].insts.iter().any(|&i| is_tried(func, i)))
}

/// Whether an instruction is a check of floats, or of NumPy's integers.  What its message needs is there where the chunk
/// runs with checks.
fn is_tried(func: &Func, inst: Inst) -> bool {
    let data = &func.insts[inst];
    let Imm::Error(kind) = data.imm else { return false };
    let of_floats = matches!(
        kind,
        ErrorKind::MathDomain
            | ErrorKind::MathDomainOf
            | ErrorKind::MathRange
            | ErrorKind::FloatPowOverflow
            | ErrorKind::NegativePowerIsComplex
            | ErrorKind::ZeroNegativePower
            | ErrorKind::DivZero
    );
    data.op == Op::Guard && (of_floats || kind == ErrorKind::DtypeResult)
}

fn find(facts: &Facts, id: LoopId) -> Option<Trial> {
    let (func, cfg, loops) = (facts.func, facts.cfg, facts.loops);
    let this = &loops.loops[id];
    let header = this.header;
    let [_, body] = *this.blocks.as_slice() else { return None };
    if !this.children.is_empty() || is_unlikely(func, header) || !func.blocks[body].params.is_empty() {
        return None;
    }
    let counter = counter(func, cfg, loops, id)?;
    let preheader = loop_form::preheader(func, cfg, loops, id)?;
    let (mut guards, mut stores) = (vec![], vec![]);
    for (block, inst) in [header, body].into_iter().flat_map(|b| func.blocks[b].insts.iter().map(move |&i| (b, i))) {
        match func.insts[inst].op {
            Op::Guard if block == body && is_tried(func, inst) => guards.push(inst),
            Op::Store if block == body => stores.push(inst),
            Op::Load => {}
            op if op.is_mark() => {}
            Op::Runtime => return None,
            op if op.effects().is_pure() => {}
            _ => return None,
        }
    }
    let latch = func.edges(body).first()?;
    let step = *latch.args.get(counter.position)?;
    let test = *func.insts[func.terminator(header)?].args.first()?;
    let sums: Vec<(Inst, Sum)> = guards.iter().filter_map(|&g| Some((g, overflow::sum(facts, id, body, g)?))).collect();
    let of_sum = |guard: Inst| sums.iter().any(|(g, _)| *g == guard);
    let plain = guards.iter().filter(|&&g| !of_sum(g));
    let mut roots: Vec<Value> = plain.filter_map(|&g| func.insts[g].args.first().copied()).collect();
    roots.extend(sums.iter().map(|(_, sum)| sum.addend));
    roots.extend([step, test]);
    let slice = slice(func, loops, id, counter.param, roots)?;
    let written = written(func, &slice, &stores, counter.param)?;
    (!guards.is_empty()).then_some(Trial { preheader, header, body, counter, guards, sums, slice, written })
}

/// The instructions of the loop that values need, if they need nothing from an earlier iteration but the count.
fn slice(func: &Func, loops: &Loops, id: LoopId, count: Value, roots: Vec<Value>) -> Option<HashSet<Inst>> {
    let (mut found, mut work) = (HashSet::new(), roots);
    while let Some(value) = work.pop() {
        if value == count || loops.is_invariant(func, id, value) {
            continue;
        }
        let Def::Result(inst, _) = func.values[value].def else { return None };
        if found.insert(inst) {
            work.extend(func.insts[inst].args.iter().copied());
        }
    }
    Some(found)
}

/// What is stored to, and what of it the checks may read; `None` if they might see what an earlier pass has stored.
fn written(func: &Func, slice: &HashSet<Inst>, stores: &[Inst], count: Value) -> Option<Vec<(Value, Vec<Value>)>> {
    let loads: Vec<Inst> = slice.iter().copied().filter(|&i| func.insts[i].op == Op::Load).collect();
    let mut written: Vec<(Value, Vec<Value>)> = Vec::new();
    for &store in stores {
        let (&target, rest) = func.insts[store].args.split_first()?;
        let (_, place) = rest.split_last()?;
        let strided = func.ty(target).array()?.layout == Layout::A;
        let mut read = Vec::new();
        for &load in &loads {
            let (&array, element) = func.insts[load].args.split_first()?;
            // Arrays that are asked about may still be the very same, if they are of one kind.
            let (one, other) = (func.ty(array).array()?, func.ty(target).array()?);
            let apart = array != target && (one.ndim, one.dtype) != (other.ndim, other.dtype);
            if !apart && (element != place || !element.contains(&count) || strided) {
                return None;
            }
            if array != target && !read.contains(&array) {
                read.push(array);
            }
        }
        written.push((target, read));
    }
    Some(written)
}

impl Trial {
    /// Puts the trial in front of the loop; gives the version that needs no checks.
    fn insert(self, func: &mut Func) -> Option<Version> {
        let loc = self.guards.first().map_or(Loc(0), |&g| func.insts[g].loc);
        let entrance = edge_mut(func, self.preheader, 0)?.clone();
        let first = *entrance.args.get(self.counter.position)?;
        let (head, body, behind) = (func.add_block(), func.add_block(), func.add_block());
        let (count, fine) = (func.add_param(head, Ty::Int), func.add_param(head, Ty::Bool));
        let mut copies = Copies::default();
        copies.values.insert(self.counter.param, count);
        self.copy(func, self.header, head, &mut copies);
        let test = *func.insts[func.terminator(self.header)?].args.first()?;
        let onward = |block| Edge { block, args: vec![] };
        Builder::new(func, head, loc).branch(copies.value(test), onward(body), onward(behind));
        self.copy(func, self.body, body, &mut copies);
        let mut all = fine;
        for &guard in &self.guards {
            let holds = match self.sums.iter().find(|(g, _)| *g == guard) {
                Some((_, sum)) => overflow::is_small(func, body, copies.value(sum.addend), true)?,
                None => copies.value(*func.insts[guard].args.first()?),
            };
            all = Builder::new(func, body, loc).value(Op::And, Imm::None, vec![all, holds], Ty::Bool);
        }
        let step = *func.edges(self.body).first()?.args.get(self.counter.position)?;
        Builder::new(func, body, loc).jump(head, vec![copies.value(step), all]);
        let apart = self.apart(func, behind, loc);
        let mut go = Builder::new(func, behind, loc).value(Op::And, Imm::None, vec![fine, apart], Ty::Bool);
        for (_, sum) in &self.sums {
            let small = overflow::is_small(func, behind, *entrance.args.get(sum.position)?, false)?;
            go = Builder::new(func, behind, loc).value(Op::And, Imm::None, vec![go, small], Ty::Bool);
        }
        let mut builder = Builder::new(func, behind, loc);
        builder.jump(entrance.block, entrance.args);
        let yes = Imm::Const(Const::Bool(true));
        let yes = crate::edit::append(func, self.preheader, Op::Const, yes, vec![], &[Ty::Bool]).first().copied()?;
        *edge_mut(func, self.preheader, 0)? = Edge { block: head, args: vec![first, yes] };
        Some(Version::trial(behind, vec![self.header, self.body], Condition::Holds(go, true), self.guards))
    }

    /// Copies what the checks need of a block.
    fn copy(&self, func: &mut Func, from: Block, to: Block, copies: &mut Copies) {
        for inst in func.blocks[from].insts.clone() {
            if !self.slice.contains(&inst) {
                continue;
            }
            let data = func.insts[inst].clone();
            if let (true, [a, b], [value, flag]) = (data.op.is_checked(), data.args.as_slice(), data.results.as_slice())
                && let Some(made) = overflow::written_out(func, to, data.op, copies.value(*a), copies.value(*b))
            {
                copies.values.insert(*value, made.0);
                copies.values.insert(*flag, made.1);
                continue;
            }
            let types: Vec<Ty> = data.results.iter().map(|&r| func.ty(r).clone()).collect();
            let args = data.args.iter().map(|&a| copies.value(a)).collect();
            let copy = func.make_inst(data.op, data.imm, args, &types, vec![], data.loc);
            func.blocks[to].insts.push(copy);
            for (&old, &new) in data.results.iter().zip(&func.insts[copy].results) {
                copies.values.insert(old, new);
            }
        }
    }

    /// Whether what the checks read lies apart from what is stored to, or is the very same.
    fn apart(&self, func: &mut Func, block: Block, loc: Loc) -> Value {
        let mut builder = Builder::new(func, block, loc);
        let mut apart = builder.constant(Const::Bool(true), Ty::Bool);
        for (target, read) in &self.written {
            if let Some(meet) = conflict(&mut builder, *target, read) {
                let none = builder.value(Op::Not, Imm::None, vec![meet], Ty::Bool);
                apart = builder.value(Op::And, Imm::None, vec![apart, none], Ty::Bool);
            }
        }
        apart
    }
}
