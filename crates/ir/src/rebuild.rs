//! Makes SSA form anew for variables that have several definitions.
//!
//! Every use of one of a variable's values, and every instruction that gets a variable, becomes a use of the definition that
//! reaches it; where several do, the block gets a parameter.  On a way without any, the value is undefined.

use crate::cfg::Cfg;
use crate::entity::Entity;
use crate::func::{Block, Func, Inst, Value};
use crate::loc::Loc;
use crate::op::{Imm, Op};
use crate::ty::Ty;
use std::collections::{HashMap, VecDeque};

/// Variables, numbered by their types.
#[derive(Default)]
pub struct Variables {
    /// Their types.
    pub types: Vec<Ty>,
    /// The variable of each value that has one: the value is a definition of it, where it stands.
    pub of: HashMap<Value, usize>,
    /// Instructions that assign variables.
    pub sets: HashMap<Inst, Vec<(usize, Value)>>,
    /// Instructions at which variables are read: what stands for a value from there on.
    pub gets: HashMap<Inst, Vec<(usize, Value)>>,
}

impl Variables {
    /// A variable of some type.
    pub fn add(&mut self, ty: Ty) -> usize {
        self.types.push(ty);
        self.types.len() - 1
    }
}

struct Rebuild<'v> {
    cfg: Cfg,
    variables: &'v Variables,
    /// The last definition of a variable in a block.
    last: HashMap<(usize, Block), Value>,
    at_start: HashMap<(usize, Block), Value>,
    /// Parameters that have no arguments yet.
    open: VecDeque<(usize, Block)>,
    undefined: HashMap<usize, Value>,
    /// What stands for values that were read.
    renamed: HashMap<Value, Value>,
}

/// Rebuilds SSA form for variables.
pub fn rebuild(func: &mut Func, variables: &Variables) {
    let mut this = Rebuild {
        cfg: Cfg::new(func),
        variables,
        last: HashMap::new(),
        at_start: HashMap::new(),
        open: VecDeque::new(),
        undefined: HashMap::new(),
        renamed: HashMap::new(),
    };
    let blocks = this.cfg.rpo.clone();
    for &block in &blocks {
        this.find_last(func, block);
    }
    for &block in &blocks {
        this.block(func, block);
    }
    this.close(func);
    this.rename(func);
}

impl Rebuild<'_> {
    /// The last definition of each variable in a block, which may be a value that stands for another one.
    fn find_last(&mut self, func: &Func, block: Block) {
        let data = &func.blocks[block];
        let results = data.insts.iter().map(|i| (Some(*i), func.insts[*i].results.as_slice()));
        for (inst, values) in std::iter::once((None, data.params.as_slice())).chain(results) {
            for &(number, value) in inst.and_then(|inst| self.variables.sets.get(&inst)).into_iter().flatten() {
                self.last.insert((number, block), value);
            }
            for value in values {
                if let Some(&number) = self.variables.of.get(value) {
                    self.last.insert((number, block), *value);
                }
            }
        }
    }

    /// Rewrites the uses in a block.
    fn block(&mut self, func: &mut Func, block: Block) {
        let mut current: HashMap<usize, Value> = HashMap::new();
        for &param in &func.blocks[block].params {
            if let Some(&number) = self.variables.of.get(&param) {
                current.insert(number, param);
            }
        }
        for inst in func.blocks[block].insts.clone() {
            let mut args = std::mem::take(&mut func.insts[inst].args);
            args.iter_mut().for_each(|arg| *arg = self.seen(func, &current, block, *arg));
            func.insts[inst].args = args;
            let mut edges = std::mem::take(&mut func.insts[inst].edges);
            for arg in edges.iter_mut().flat_map(|edge| edge.args.iter_mut()) {
                *arg = self.seen(func, &current, block, *arg);
            }
            func.insts[inst].edges = edges;
            for &(number, value) in self.variables.gets.get(&inst).into_iter().flatten() {
                let known = self.current(func, &current, block, number);
                self.renamed.insert(value, known);
            }
            for &(number, value) in self.variables.sets.get(&inst).into_iter().flatten() {
                current.insert(number, value);
            }
            for &result in &func.insts[inst].results {
                if let Some(&number) = self.variables.of.get(&result) {
                    current.insert(number, result);
                }
            }
        }
    }

    fn seen(&mut self, func: &mut Func, current: &HashMap<usize, Value>, block: Block, value: Value) -> Value {
        match self.variables.of.get(&value) {
            Some(&number) => self.current(func, current, block, number),
            None => value,
        }
    }

    fn current(&mut self, func: &mut Func, current: &HashMap<usize, Value>, block: Block, number: usize) -> Value {
        match current.get(&number) {
            Some(&known) => known,
            None => self.at_start(func, number, block),
        }
    }

    fn at_end(&mut self, func: &mut Func, number: usize, block: Block) -> Value {
        match self.last.get(&(number, block)) {
            Some(&value) => value,
            None => self.at_start(func, number, block),
        }
    }

    /// What a variable is at the start of a block: found through blocks with one predecessor, up to a definition or a block
    /// where ways meet.
    fn at_start(&mut self, func: &mut Func, number: usize, block: Block) -> Value {
        let mut block = block;
        let mut passed = Vec::new();
        let found = loop {
            if let Some(&known) = self.at_start.get(&(number, block)) {
                break known;
            }
            passed.push(block);
            match self.cfg.preds[block].as_slice() {
                [] => break self.undefined(func, number),
                &[(only, _)] if only != block => match self.last.get(&(number, only)) {
                    Some(&value) => break value,
                    None => block = only,
                },
                _ => {
                    let ty = self.ty(number);
                    self.open.push_back((number, block));
                    break func.add_param(block, ty);
                }
            }
        };
        self.at_start.extend(passed.into_iter().map(|b| ((number, b), found)));
        found
    }

    fn ty(&self, number: usize) -> Ty {
        self.variables.types.get(number).cloned().unwrap_or(Ty::Never)
    }

    fn undefined(&mut self, func: &mut Func, number: usize) -> Value {
        if let Some(&known) = self.undefined.get(&number) {
            return known;
        }
        let ty = self.ty(number);
        let inst = func.make_inst(Op::Undef, Imm::None, vec![], &[ty], vec![], Loc(0));
        func.blocks[func.entry].insts.insert(0, inst);
        let value = result(func, inst);
        self.undefined.insert(number, value);
        value
    }

    /// Finds the arguments of the parameters that were made, which may make more.
    fn close(&mut self, func: &mut Func) {
        while let Some((number, block)) = self.open.pop_front() {
            for (from, edge) in self.cfg.preds[block].clone() {
                let arg = self.at_end(func, number, from);
                if let Some(edge) = func.terminator(from).and_then(|end| func.insts[end].edges.get_mut(edge)) {
                    edge.args.push(arg);
                }
            }
        }
    }
}

impl Rebuild<'_> {
    /// Puts what was read in the places of the values that it stands for.
    fn rename(&self, func: &mut Func) {
        if self.renamed.is_empty() {
            return;
        }
        let end = |value: Value| {
            let mut value = value;
            while let Some(&next) = self.renamed.get(&value).filter(|next| **next != value) {
                value = next;
            }
            value
        };
        for block in self.cfg.rpo.iter() {
            for &inst in &func.blocks[*block].insts {
                let data = &mut func.insts[inst];
                let edges = data.edges.iter_mut().flat_map(|edge| edge.args.iter_mut());
                data.args.iter_mut().chain(edges).for_each(|arg| *arg = end(*arg));
            }
        }
    }
}

fn result(func: &Func, inst: Inst) -> Value {
    func.insts[inst].results.first().copied().unwrap_or(Value::new(0))
}
