//! Fusion: a map whose result is only read by other maps, or by functions that read each element once, becomes
//! part of them, so that its result is never in memory.
//!
//! A map moves to its consumer: nothing between them may write to its operands, and the consumer runs at most once for
//! each time that the map does.  The last map comes first: what it becomes part of has been settled then, so one walk
//! is enough, and a value that two consumers share is computed once where both have become one.

use super::compose::{Part, arguments, compose, first_argument, fit, is_trivial};
use super::effects::{Summary, of, summaries, summary};
use super::facts::{Provenance, provenance};
use super::sink;
use super::sites::{Sites, may_write};
use crate::edit::Renames;
use crate::inline::no_place;
use coachwhip_ir::func::Def;
use coachwhip_ir::{Const, Func, Imm, Inst, Module, Op, Rule, Value, calls};
use std::collections::HashMap;

/// Fuses the maps of a module.
pub fn run(module: &mut Module) {
    let maps = |func: &Func| func.insts.values().any(|data| data.op.rule() == Rule::Map);
    if module.funcs.iter().any(maps) {
        let recursive = calls::order(module).1;
        let known = summaries(module);
        let mut fusion = Fusion { module, known, recursive, clones: HashMap::new(), exact: HashMap::new() };
        let mut number = 0;
        // The module grows by kernels and by functions that maps went into.
        while number < fusion.module.funcs.len() {
            fusion.function(number);
            number += 1;
        }
    }
    // Functions that waited for maps may be inlined now.
    if module.funcs.iter().any(|func| !func.reads_once.is_empty()) {
        module.funcs.iter_mut().for_each(|func| func.reads_once.clear());
        crate::inline::run(module);
    }
}

/// The state of the pass.
pub struct Fusion<'m> {
    /// The module.
    pub module: &'m mut Module,
    /// Effects of its functions.
    pub known: Vec<Summary>,
    /// Which of them can reach themselves.
    pub recursive: Vec<bool>,
    /// Functions that maps went into.
    pub clones: HashMap<sink::Request, u32>,
    /// The maps at the beginning of such functions, by function and result: for each array operand, which of the result's axes
    /// it has in full; the others are single.
    pub exact: HashMap<(usize, Value), Vec<Vec<bool>>>,
}

/// What becomes of a map.
enum Fate {
    /// Its result is needed.
    Keep,
    /// Nobody uses it.
    Drop,
    /// It goes into these instructions.
    Into(Vec<Inst>),
}

impl Fusion<'_> {
    /// Adds a function to the module.
    pub fn add(&mut self, func: Func, recursive: bool) -> u32 {
        self.known.push(summary(&func, &self.known));
        self.recursive.push(recursive);
        self.module.funcs.push(func);
        self.module.funcs.len() as u32 - 1
    }

    fn function(&mut self, number: usize) {
        let Some(slot) = self.module.funcs.get_mut(number) else { return };
        if slot.options.debug || !slot.insts.values().any(|data| data.op.rule() == Rule::Map) {
            return;
        }
        let mut func = std::mem::replace(slot, Func::new("", "", no_place()));
        read_shapes(&mut func);
        if super::lengths::run(&mut func) {
            crate::cleanup::run(&mut func);
        }
        let mut changed = super::fresh::run(&mut func);
        // Maps become one before they go into a call: what one reads twice is computed once.
        changed |= self.walk(number, &mut func, false);
        changed |= self.walk(number, &mut func, true);
        changed |= super::reuse::run(&mut func, &self.known);
        if changed {
            crate::cleanup::run(&mut func);
        }
        if let Some(slot) = self.module.funcs.get_mut(number) {
            *slot = func;
        }
    }

    /// Looks at every map, the last one first; with or without the consumers that are not maps.
    fn walk(&mut self, number: usize, func: &mut Func, calls: bool) -> bool {
        let mut changed = false;
        let mut sites = Sites::new(func);
        for map in sites.all_backwards(func, Op::Map) {
            let is_map = |inst: &Inst| func.insts[*inst].op.rule() == Rule::Map;
            let done = match self.fate(number, func, &sites, map) {
                Fate::Keep => false,
                Fate::Drop => true,
                Fate::Into(consumers) if !calls && !consumers.iter().all(is_map) => false,
                Fate::Into(consumers) => consumers.into_iter().all(|consumer| self.join(number, func, map, consumer)),
            };
            if done {
                remove(func, map);
                sites = Sites::new(func);
                changed = true;
            }
        }
        changed
    }

    fn fate(&self, number: usize, func: &Func, sites: &Sites, map: Inst) -> Fate {
        let data = &func.insts[map];
        let (Imm::Func(kernel), Some(&result)) = (&data.imm, data.results.first()) else { return Fate::Keep };
        // One that is attempted can only run out of memory, which it does not when it is gone.
        let effects = of(data, &self.known);
        let Some(body) = self.module.funcs.get(*kernel as usize) else { return Fate::Keep };
        // A failure belongs to the place of its own map.
        if effects.fails || effects.world || sites.place(map).is_none() {
            return Fate::Keep;
        }
        if sites.users(result).is_empty() {
            return Fate::Drop;
        }
        let Some(consumers) = self.consumers(number, func, sites, result) else { return Fate::Keep };
        // A function that reads each element once does so wherever it reads, and its caller has made sure that
        // nobody writes.
        if self.exact.contains_key(&(number, result)) {
            return Fate::Into(consumers);
        }
        if consumers.len() > 1 && !is_trivial(body) {
            return Fate::Keep;
        }
        let moves = |&consumer: &Inst| self.may_move(func, sites, map, consumer, is_trivial(body));
        if consumers.iter().all(moves) { Fate::Into(consumers) } else { Fate::Keep }
    }

    /// The instructions that the map can become part of, if nobody else uses it.
    fn consumers(&self, number: usize, func: &Func, sites: &Sites, result: Value) -> Option<Vec<Inst>> {
        let mut found = Vec::new();
        for &user in sites.users(result) {
            let data = &func.insts[user];
            match data.op {
                op if op.rule() == Rule::Map => {
                    if data.args.iter().take(first_argument(func, data)).any(|&a| a == result) {
                        return None;
                    }
                    found.push(user);
                }
                _ => sink::consumers(self, number, func, sites, result, user, &mut found)?,
            }
        }
        found.sort();
        found.dedup();
        Some(found)
    }

    /// Whether the map may be computed where the consumer is.
    fn may_move(&self, func: &Func, sites: &Sites, map: Inst, consumer: Inst, trivial: bool) -> bool {
        let (from, to) = (&func.insts[map], &func.insts[consumer]);
        let arrays: Vec<Value> =
            arguments(func, from).iter().copied().filter(|&a| func.ty(a).array().is_some()).collect();
        let quiet = |inst: &Inst| !may_write(func, *inst, &arrays, &self.known);
        let fits = match (&from.imm, &to.imm) {
            (Imm::Func(a), Imm::Func(b)) if to.op != Op::Call => {
                let (first, second) = (self.module.funcs.get(*a as usize), self.module.funcs.get(*b as usize));
                first.zip(second).is_some_and(|(p, c)| fit(p, c))
            }
            _ => true,
        };
        fits && sites.dominates(map, consumer)
            && sites.once(map, consumer)
            && (trivial || !is_stretched(func, map, consumer))
            && (to.op != Op::Call || quiet(&consumer))
            && sites.between(func, map, consumer).iter().all(quiet)
    }

    /// Makes the map part of a consumer.
    fn join(&mut self, number: usize, func: &mut Func, map: Inst, consumer: Inst) -> bool {
        match func.insts[consumer].op {
            op if op.rule() == Rule::Map => self.join_map(func, map, consumer),
            Op::Call => {
                self.take_once(func, map);
                sink::join_call(self, number, func, map, consumer)
            }
            _ => sink::join_load(self, number, func, map, consumer),
        }
    }

    /// Gives the kernel one parameter for an operand that it takes twice.
    fn take_once(&mut self, func: &mut Func, map: Inst) {
        let data = func.insts[map].clone();
        let args = arguments(func, &data);
        let twice = |(at, arg): (usize, &Value)| args.iter().take(at).any(|a| a == arg);
        let Imm::Func(number) = data.imm else { return };
        if !args.iter().enumerate().any(twice) {
            return;
        }
        let part = Part { number, args };
        let Some((kernel, operands)) = compose(self.module, func, None, part, &self.recursive) else { return };
        let kernel = self.add(kernel, false);
        let keep = first_argument(func, &data);
        let data = &mut func.insts[map];
        data.imm = Imm::Func(kernel);
        data.args.truncate(keep);
        data.args.extend(operands);
    }

    fn join_map(&mut self, func: &mut Func, map: Inst, consumer: Inst) -> bool {
        let (producer, taker) = (func.insts[map].clone(), func.insts[consumer].clone());
        let (Imm::Func(a), Imm::Func(b), Some(&joint)) = (&producer.imm, &taker.imm, producer.results.first()) else {
            return false;
        };
        let (first, second) =
            (Part { number: *a, args: arguments(func, &producer) }, Part { number: *b, args: arguments(func, &taker) });
        let Some((kernel, operands)) = compose(self.module, func, Some((first, joint)), second, &self.recursive) else {
            return false;
        };
        let kernel = self.add(kernel, false);
        let keep = first_argument(func, &taker);
        let data = &mut func.insts[consumer];
        data.imm = Imm::Func(kernel);
        data.args.truncate(keep);
        data.args.extend(operands);
        true
    }
}

/// Whether the map's result is repeated along an axis of the consumer's, so that elements would be computed many times.
fn is_stretched(func: &Func, map: Inst, consumer: Inst) -> bool {
    let (from, to) = (&func.insts[map], &func.insts[consumer]);
    let own = from.args.get(..first_argument(func, from)).unwrap_or(&[]);
    let wider = match to.op {
        Op::Map => to.args.get(..first_argument(func, to)).unwrap_or(&[]).len(),
        Op::MapInto => to.args.first().and_then(|&t| func.ty(t).array()).map_or(0, |a| a.ndim as usize),
        _ => return false,
    };
    let single = |&size: &Value| provenance(func, size) == Provenance::Const(1);
    if own.len() < wider {
        return true;
    }
    match to.op {
        Op::Map => own.iter().zip(&to.args).any(|(a, b)| single(a) && !single(b)),
        _ => own.iter().any(single),
    }
}

/// Removes a map that has become part of its consumers, and the views of it that nobody uses any more.  An attempt has
/// succeeded then.
fn remove(func: &mut Func, map: Inst) {
    let result = func.insts[map].results.first().copied();
    let flag = func.insts[map].results.last().copied().filter(|_| func.insts[map].attempted);
    if let Some(flag) = flag {
        let loc = func.insts[map].loc;
        let yes = func.make_inst(Op::Const, Imm::Const(Const::Bool(true)), vec![], &[], vec![], loc);
        func.insts[yes].results.push(flag);
        func.values[flag].def = Def::Result(yes, 0);
        for block in func.order.clone() {
            let place = func.blocks[block].insts.iter().position(|&i| i == map);
            if let Some(slot) = place.and_then(|at| func.blocks[block].insts.get_mut(at)) {
                *slot = yes;
            }
        }
    }
    for block in func.order.clone() {
        let mut insts = std::mem::take(&mut func.blocks[block].insts);
        let reads =
            |i: Inst| matches!(func.insts[i].op, Op::View | Op::Field) && func.insts[i].args.first().copied() == result;
        insts.retain(|&i| i != map && !reads(i));
        func.blocks[block].insts = insts;
    }
}

/// Sizes of maps are the operands that they were made with.
fn read_shapes(func: &mut Func) {
    let mut renames = Renames::new(func);
    for block in func.order.clone() {
        for inst in func.blocks[block].insts.clone() {
            let data = &func.insts[inst];
            if let (Op::Field, Imm::Int(index), [array], [result]) =
                (data.op, &data.imm, data.args.as_slice(), data.results.as_slice())
                && let Some(made) = func.def_inst(*array).map(|i| &func.insts[i])
                && made.op == Op::Map
                && let Some(axis) = usize::try_from(*index).ok().and_then(|i| i.checked_sub(2))
                && let Some(&size) = made.args.get(..first_argument(func, made)).and_then(|sizes| sizes.get(axis))
            {
                renames.set(*result, size);
            }
        }
    }
    renames.apply(func);
    for block in func.order.clone() {
        let mut insts = std::mem::take(&mut func.blocks[block].insts);
        insts.retain(|&i| func.insts[i].results.first().is_none_or(|&r| renames.get(r) == r));
        func.blocks[block].insts = insts;
    }
}
