//! Value numbering over the dominator tree: a pure instruction that a dominating one has already computed is
//! replaced by it, and a condition that a dominating branch or guard has decided is a constant.

use super::states::{self, Readers, States};
use crate::analysis::{Cfg, Dominators};
use crate::edit::{Renames, int_constant};
use coachwhip_ir::{Block, Const, Func, Imm, Inst, Op, Ty, Value};
use std::collections::HashMap;

/// What an instruction computes, and the state of what it reads.
type Expression = (Op, Imm, Vec<Value>, Vec<Ty>, i64);

struct Numbering<'r> {
    renames: Renames,
    known: HashMap<Expression, Inst>,
    decided: HashMap<Value, bool>,
    undo: Vec<Undo>,
    changed: bool,
    /// Whether the headers of lists change in this function, and how often they may have.
    lists_change: bool,
    lists: i64,
    readers: &'r Readers,
    /// Where there are calls of readers: the states of memory.
    states: Option<States>,
    /// The state here, and how many writes of this block have been passed.
    memory: i64,
    writes: u32,
}

enum Undo {
    Known(Expression),
    Decided(Value),
}

enum Step {
    Enter(Block),
    Leave(usize),
}

/// Numbers the function; says whether anything changed.
pub fn run(func: &mut Func, readers: &Readers) -> bool {
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    let reads = func.order.iter().any(|&b| func.blocks[b].insts.iter().any(|&i| readers.called(func, i)));
    let mut state = Numbering {
        renames: Renames::new(func),
        known: HashMap::new(),
        decided: HashMap::new(),
        undo: vec![],
        changed: false,
        lists_change: func.insts.values().any(crate::lists::writes_headers),
        lists: 0,
        readers,
        states: reads.then(|| States::new(func, &cfg, &dom, readers)),
        memory: 0,
        writes: 0,
    };
    let mut stack = vec![Step::Enter(func.entry)];
    while let Some(step) = stack.pop() {
        match step {
            Step::Leave(mark) => state.undo_to(mark),
            Step::Enter(block) => {
                stack.push(Step::Leave(state.undo.len()));
                state.enter(func, &cfg, block);
                stack.extend(dom.children[block].iter().rev().map(|&b| Step::Enter(b)));
            }
        }
    }
    state.renames.apply(func);
    state.changed
}

impl Numbering<'_> {
    fn enter(&mut self, func: &mut Func, cfg: &Cfg, block: Block) {
        self.lists += 1;
        self.memory = self.states.as_ref().map_or(0, |states| states.at(block));
        self.writes = 0;
        if let [(from, edge)] = cfg.preds[block].as_slice()
            && let Some(t) = func.terminator(*from)
            && func.insts[t].op == Op::Branch
            && let Some(&condition) = func.insts[t].args.first()
        {
            self.decide(func, condition, *edge == 0);
        }
        for inst in std::mem::take(&mut func.blocks[block].insts) {
            self.renames.apply_to(func, inst);
            if self.visit(func, block, inst) {
                func.blocks[block].insts.push(inst);
            } else {
                self.changed = true;
            }
        }
    }

    /// Whether the instruction stays.
    fn visit(&mut self, func: &mut Func, block: Block, inst: Inst) -> bool {
        let op = func.insts[inst].op;
        if self.states.is_some() && states::written(func, inst, self.readers) {
            self.writes += 1;
            self.memory = states::after(block, self.writes);
        }
        match op {
            Op::Guard => {
                let Some(&condition) = func.insts[inst].args.first() else { return true };
                if self.decided.get(&condition) == Some(&true) {
                    return false;
                }
                self.decide(func, condition, true);
                true
            }
            Op::Branch => {
                let condition = func.insts[inst].args.first().copied();
                let Some(&outcome) = condition.and_then(|c| self.decided.get(&c)) else { return true };
                let constant = func.make_inst(
                    Op::Const,
                    Imm::Const(Const::Bool(outcome)),
                    vec![],
                    &[Ty::Bool],
                    vec![],
                    func.insts[inst].loc,
                );
                func.blocks[block].insts.push(constant);
                func.insts[inst].args = func.insts[constant].results.clone();
                self.changed = true;
                true
            }
            Op::Undef => true,
            _ if self.readers.called(func, inst) => self.number(func, inst, self.memory),
            _ if crate::lists::reads_header(&func.insts[inst]) => {
                let at = if self.lists_change { self.lists } else { 0 };
                self.number(func, inst, at)
            }
            _ if crate::lists::writes_headers(&func.insts[inst]) => {
                self.lists += 1;
                true
            }
            _ if (func.insts[inst].effects().is_pure() || crate::lists::reads_text(&func.insts[inst]))
                && !op.is_terminator() =>
            {
                self.number(func, inst, 0)
            }
            _ => true,
        }
    }

    fn number(&mut self, func: &Func, inst: Inst, state: i64) -> bool {
        let data = &func.insts[inst];
        let types = data.results.iter().map(|&r| func.ty(r).clone()).collect();
        let mut args = data.args.clone();
        if data.op.is_commutative() {
            args.sort();
        }
        let key = (data.op, data.imm.clone(), args, types, state);
        match self.known.get(&key) {
            Some(&earlier) => {
                for (&old, &new) in data.results.iter().zip(&func.insts[earlier].results) {
                    self.renames.set(old, new);
                }
                false
            }
            None => {
                self.known.insert(key.clone(), inst);
                self.undo.push(Undo::Known(key));
                true
            }
        }
    }

    /// Notes what a condition is in the rest of the scope, and so its parts.
    fn decide(&mut self, func: &Func, condition: Value, outcome: bool) {
        let mut pending = vec![(condition, outcome)];
        while let Some((condition, outcome)) = pending.pop() {
            let condition = self.renames.get(condition);
            if int_constant(func, condition).is_some() || self.decided.contains_key(&condition) {
                continue;
            }
            self.decided.insert(condition, outcome);
            self.undo.push(Undo::Decided(condition));
            let Some(inst) = func.def_inst(condition) else { continue };
            let data = &func.insts[inst];
            let args = data.args.iter().rev();
            match (data.op, outcome) {
                (Op::Not, _) => pending.extend(args.map(|&arg| (arg, !outcome))),
                (Op::And, true) | (Op::Or, false) => pending.extend(args.map(|&arg| (arg, outcome))),
                _ => {}
            }
        }
    }

    fn undo_to(&mut self, mark: usize) {
        while self.undo.len() > mark {
            match self.undo.pop() {
                Some(Undo::Known(key)) => drop(self.known.remove(&key)),
                Some(Undo::Decided(value)) => drop(self.decided.remove(&value)),
                None => {}
            }
        }
    }
}
