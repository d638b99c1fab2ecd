//! The inequalities that a function's branches, guards and loops state, and from where on each holds.

use super::interval::{self, Interval};
use super::linear::Linear;
use crate::analysis::{Cfg, Dominators, Loops};
use coachwhip_ir::dominators::inst_blocks;
use coachwhip_ir::entity::Map;
use coachwhip_ir::func::Def;
use coachwhip_ir::{Block, Func, Inst, Op, Value};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// Conditions that are made of others are taken apart no deeper than this.
pub const MOST_CONDITIONS: u32 = 64;

/// A place between instructions: before the n-th of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Block.
    pub block: Block,
    /// Number of instructions before the place.
    pub at: usize,
}

/// `form >= 0` from a point on, where it dominates.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The form that is not negative.
    pub form: Linear,
    /// From where on.
    pub from: Point,
}

/// Facts about a function as it is.
pub struct Facts<'f> {
    /// The function.
    pub func: &'f Func,
    /// Its graph.
    pub cfg: &'f Cfg,
    /// Its dominators.
    pub dom: &'f Dominators,
    /// Its loops.
    pub loops: &'f Loops,
    /// Blocks of the instructions.
    pub places: Map<Inst, Option<Block>>,
    pub(super) by_value: HashMap<Value, Vec<Fact>>,
    pub(super) checked: HashSet<Inst>,
    pub(super) forms: RefCell<HashMap<Value, Linear>>,
    intervals: RefCell<Map<Value, Option<Option<Interval>>>>,
    /// `wrap_index` instructions whose index a loop version takes as not negative.
    pub assumed_in_place: RefCell<HashSet<Inst>>,
    index: Map<Inst, u32>,
}

impl<'f> Facts<'f> {
    /// Collects what the function states.
    pub fn new(func: &'f Func, cfg: &'f Cfg, dom: &'f Dominators, loops: &'f Loops) -> Facts<'f> {
        let mut facts = Facts {
            func,
            cfg,
            dom,
            loops,
            places: inst_blocks(func),
            by_value: HashMap::new(),
            checked: HashSet::new(),
            forms: RefCell::default(),
            intervals: RefCell::default(),
            assumed_in_place: RefCell::default(),
            index: Map::new(),
        };
        facts.index.resize(func.insts.len(), 0);
        facts.intervals.borrow_mut().resize(func.values.len(), None);
        for &block in &cfg.rpo {
            for (n, &inst) in func.blocks[block].insts.iter().enumerate() {
                facts.index[inst] = n as u32;
                if func.insts[inst].op == Op::Guard {
                    facts.checked.extend(overflow_excluded(func, inst));
                }
            }
        }
        for &block in &cfg.rpo {
            facts.collect(block);
        }
        for id in loops.loops.keys() {
            facts.collect_loop(loops.loops[id].header);
        }
        for id in loops.loops.keys() {
            facts.collect_range(id);
        }
        facts
    }

    /// The numbers that a value can be, by its making.
    pub fn interval(&self, value: Value) -> Option<Interval> {
        if let Some(Some(known)) = self.intervals.borrow().lookup(value) {
            return *known;
        }
        let found = interval::of(self.func, value);
        let mut known = self.intervals.borrow_mut();
        if known.lookup(value).is_some() {
            known[value] = Some(found);
        }
        found
    }

    /// The point before an instruction.
    pub fn before(&self, inst: Inst) -> Option<Point> {
        Some(Point { block: self.places.lookup(inst).copied().flatten()?, at: self.index[inst] as usize })
    }

    /// The point at the end of a block.
    pub fn end(&self, block: Block) -> Point {
        Point { block, at: usize::MAX }
    }

    /// Whether what holds from `from` on holds at `at`.
    pub fn holds(&self, from: Point, at: Point) -> bool {
        if from.block == at.block { from.at <= at.at } else { self.dom.dominates(from.block, at.block) }
    }

    /// A number that is greater the later a value is defined; a value's facts mention earlier ones in most cases.
    pub fn order(&self, value: Value) -> u64 {
        let (block, at) = match self.func.values[value].def {
            Def::Param(block, _) => (Some(block), 0),
            Def::Result(inst, _) => (self.places.lookup(inst).copied().flatten(), self.index[inst] + 1),
        };
        let block = block.and_then(|b| self.cfg.position(b)).unwrap_or(0);
        (u64::from(block) << 32) | u64::from(at)
    }

    fn collect(&mut self, block: Block) {
        if let [(from, edge)] = self.cfg.preds[block].as_slice()
            && let Some(t) = self.func.terminator(*from)
            && self.func.insts[t].op == Op::Branch
            && let Some(&condition) = self.func.insts[t].args.first()
        {
            self.state(condition, *edge == 0, Point { block, at: 0 });
        }
        for (n, &inst) in self.func.blocks[block].insts.iter().enumerate() {
            let data = &self.func.insts[inst];
            if let (Op::Guard, Some(&condition)) = (data.op, data.args.first()) {
                self.state(condition, true, Point { block, at: n + 1 });
            }
        }
    }

    fn state(&mut self, condition: Value, outcome: bool, from: Point) {
        for form in self.stated(condition, outcome) {
            self.add(form, from);
        }
    }

    /// Adds a fact.
    pub fn add(&mut self, form: Linear, from: Point) {
        let form = form.tightened();
        for (term, _) in form.terms.clone() {
            if term.second.is_none() {
                self.by_value.entry(term.first).or_default().push(Fact { form: form.clone(), from });
            }
        }
    }

    /// The inequalities that hold when a condition has an outcome.
    pub fn stated(&self, condition: Value, outcome: bool) -> Vec<Linear> {
        self.stated_by(condition, outcome, MOST_CONDITIONS)
    }

    fn stated_by(&self, condition: Value, outcome: bool, depth: u32) -> Vec<Linear> {
        let Some(depth) = depth.checked_sub(1) else { return vec![] };
        let Some(inst) = self.func.def_inst(condition) else { return vec![] };
        let data = &self.func.insts[inst];
        match (data.op, outcome, data.args.as_slice()) {
            (Op::Not, true, [flag]) if self.flag(*flag).is_some() => self.within_word(*flag),
            (Op::Not, _, [x]) => self.stated_by(*x, !outcome, depth),
            (Op::And, true, [a, b]) | (Op::Or, false, [a, b]) => {
                let mut both = self.stated_by(*a, outcome, depth);
                both.extend(self.stated_by(*b, outcome, depth));
                both
            }
            (Op::InRange, true, [i, n]) => {
                let i = self.linear(*i);
                let above = self.linear(*n).minus(&i).and_then(|f| f.offset(-1));
                std::iter::once(i).chain(above).collect()
            }
            (op, _, [a, b]) => self.compared(op, outcome, *a, *b),
            _ => vec![],
        }
    }

    /// That the result of a checked operation fits 64 bits.
    fn within_word(&self, flag: Value) -> Vec<Linear> {
        let form = self.flag(flag).and_then(|(op, a, b)| self.exact_result(op, a, b));
        let Some(form) = form.filter(|f| !f.terms.is_empty()) else { return vec![] };
        let below = Linear::constant(interval::WORD.1).minus(&form);
        form.offset(-interval::WORD.0).into_iter().chain(below).collect()
    }

    fn compared(&self, op: Op, outcome: bool, a: Value, b: Value) -> Vec<Linear> {
        let (Some(x), Some(y)) = (self.interval(a), self.interval(b)) else { return vec![] };
        // `a - b`, and what is not negative: (sign, offset) for `sign * (a - b) + offset >= 0`.
        let Some(difference) = self.linear(a).minus(&self.linear(b)) else { return vec![] };
        let Some(holds) = (if outcome { Some(op) } else { op.complement() }) else { return vec![] };
        let signs: &[(i128, i128)] = match holds {
            Op::Lt => &[(-1, -1)],
            Op::Le => &[(-1, 0)],
            Op::Gt => &[(1, -1)],
            Op::Ge => &[(1, 0)],
            Op::Eq => &[(1, 0), (-1, 0)],
            // At the end of an interval, unequal says which side.
            Op::Ne if x.0 >= y.1 => &[(1, -1)],
            Op::Ne if x.1 <= y.0 => &[(-1, -1)],
            _ => &[],
        };
        let form = |&(sign, offset): &(i128, i128)| Linear::constant(offset).combine(1, &difference, sign);
        signs.iter().filter_map(form).collect()
    }

    /// Facts about the parameters of a loop's header that change by a constant in every iteration.
    fn collect_loop(&mut self, header: Block) {
        let from = Point { block: header, at: 0 };
        let mut first: Option<(Linear, i128)> = None;
        for (n, &param) in self.func.blocks[header].params.iter().enumerate() {
            let Some((start, least, most)) = self.induction(header, n, param) else { continue };
            let Some(moved) = Linear::value(param).minus(&start) else { continue };
            if least >= 0 {
                self.add(moved.clone(), from);
            }
            if most <= 0
                && let Some(form) = Linear::default().minus(&moved)
            {
                self.add(form, from);
            }
            if least != most || least == 0 {
                continue;
            }
            match &first {
                None => first = Some((moved, least)),
                Some((other, step)) => {
                    // moved / least = other / step
                    if let Some(form) = moved.combine(*step, other, -least) {
                        let negative = Linear::default().minus(&form);
                        self.add(form, from);
                        negative.into_iter().for_each(|f| self.add(f, from));
                    }
                }
            }
        }
    }

    /// Start of a header parameter (one form for all entering edges) and by how much a pass changes it, least and most.
    fn induction(&self, header: Block, n: usize, param: Value) -> Option<(Linear, i128, i128)> {
        if interval::of_type(self.func.ty(param)) != Some(interval::WORD) {
            return None;
        }
        let mut start: Option<Linear> = None;
        let mut steps: Option<(i128, i128)> = None;
        for &(block, edge) in &self.cfg.preds[header] {
            let arg = *self.func.edges(block).get(edge)?.args.get(n)?;
            if self.dom.dominates(header, block) {
                let (low, high) = self.step(param, arg, 2)?;
                let (least, most) = steps.unwrap_or((low, high));
                steps = Some((least.min(low), most.max(high)));
            } else {
                let form = self.linear(arg);
                if start.replace(form.clone()).is_some_and(|s| s != form) {
                    return None;
                }
            }
        }
        let (least, most) = steps?;
        Some((start?, least, most))
    }
}

impl Facts<'_> {
    /// By how much a value is more than a parameter, least and most; joins hold one of their arguments.
    fn step(&self, param: Value, value: Value, depth: u32) -> Option<(i128, i128)> {
        if let Some(step) = self.linear(value).minus(&Linear::value(param)).and_then(|d| d.as_constant()) {
            return Some((step, step));
        }
        let Def::Param(block, n) = self.func.values[value].def else { return None };
        let mut hull: Option<(i128, i128)> = None;
        for &(from, edge) in self.cfg.preds[block].iter().filter(|_| depth > 0) {
            let arg = *self.func.edges(from).get(edge)?.args.get(n as usize)?;
            let (low, high) = self.step(param, arg, depth - 1)?;
            hull = Some(hull.map_or((low, high), |h| (h.0.min(low), h.1.max(high))));
        }
        hull
    }
}

/// The checked operation whose overflow flag a guard excludes, if it is one.
fn overflow_excluded(func: &Func, guard: Inst) -> Option<Inst> {
    let not = func.def_inst(*func.insts[guard].args.first()?)?;
    if func.insts[not].op != Op::Not {
        return None;
    }
    let flag = *func.insts[not].args.first()?;
    let inst = func.def_inst(flag)?;
    let is_flag = func.insts[inst].results.get(1) == Some(&flag);
    (is_flag && func.insts[inst].op.is_checked()).then_some(inst)
}
