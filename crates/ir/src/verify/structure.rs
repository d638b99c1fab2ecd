//! Blocks, edges, and the tables of values and instructions.

use super::{Problem, at_inst};
use crate::entity::Entity;
use crate::func::{Block, Def, Edge, Func, Inst, Value};
use crate::op::{Op, VARIADIC};
use crate::ty::Ty;

/// The problems of a function's structure.
pub fn check(func: &Func) -> Vec<Problem> {
    let mut checker = Checker {
        func,
        problems: Vec::new(),
        in_order: vec![false; func.blocks.len()],
        placed: vec![false; func.insts.len()],
        defined: vec![false; func.values.len()],
    };
    checker.order();
    checker.places();
    if checker.problems.is_empty() {
        func.order.iter().for_each(|&block| checker.block(block));
    }
    if checker.problems.is_empty() {
        func.order.iter().for_each(|&block| checker.uses(block));
    }
    checker.problems
}

struct Checker<'f> {
    func: &'f Func,
    problems: Vec<Problem>,
    in_order: Vec<bool>,
    placed: Vec<bool>,
    defined: Vec<bool>,
}

impl Checker<'_> {
    fn at(&mut self, place: impl ToString, message: impl Into<String>) {
        let symbol = self.func.symbol.clone();
        self.problems.push(Problem { symbol, place: place.to_string(), message: message.into() });
    }

    fn at_inst(&mut self, inst: Inst, message: impl Into<String>) {
        self.problems.push(at_inst(self.func, inst, message.into()));
    }

    /// The order names existing blocks once, the entry among them.
    fn order(&mut self) {
        for &block in &self.func.order {
            match self.in_order.get_mut(block.index()) {
                None => self.at(block, "the order names a block that does not exist"),
                Some(seen) if *seen => self.at(block, "the order names the block twice"),
                Some(seen) => *seen = true,
            }
        }
        if !self.is_in_order(self.func.entry) {
            self.at(self.func.entry, "the entry block is not in the order");
        }
    }

    fn is_in_order(&self, block: Block) -> bool {
        self.in_order.get(block.index()).copied().unwrap_or(false)
    }

    /// Places are inlined at earlier places, so that following them ends.
    fn places(&mut self) {
        for (loc, place) in self.func.locs.iter() {
            if place.inlined_at.is_some_and(|at| at >= loc) {
                self.at(loc, "a place is inlined at an earlier place");
            }
        }
    }

    /// A block's parameters and instructions, without their uses.
    fn block(&mut self, block: Block) {
        let data = &self.func.blocks[block];
        for (position, &param) in data.params.iter().enumerate() {
            self.definition(param, Def::Param(block, position as u32), &block.to_string());
        }
        if data.insts.is_empty() {
            self.at(block, "the block is empty");
        }
        for (position, &inst) in data.insts.iter().enumerate() {
            match self.placed.get_mut(inst.index()) {
                None => {
                    self.at(block, format!("the instruction {inst} does not exist"));
                    continue;
                }
                Some(seen) if *seen => self.at_inst(inst, "the instruction stands twice"),
                Some(seen) => *seen = true,
            }
            let last = position + 1 == data.insts.len();
            match (self.func.insts[inst].op.is_terminator(), last) {
                (true, false) => self.at_inst(inst, "a terminator before the end of its block"),
                (false, true) => self.at_inst(inst, "the last instruction of a block is a terminator"),
                _ => {}
            }
            self.results(inst);
        }
    }

    /// Results, and the counts of operands, results and edges.
    fn results(&mut self, inst: Inst) {
        let data = &self.func.insts[inst];
        for (position, &result) in data.results.iter().enumerate() {
            self.definition(result, Def::Result(inst, position as u32), &inst.to_string());
        }
        let wrong = |count: usize, wanted: i8| wanted != VARIADIC && count != wanted as usize;
        if wrong(data.args.len(), data.op.arity()) {
            self.at_inst(inst, format!("wants {} operands", data.op.arity()));
        }
        if wrong(data.own_results().len(), data.op.results()) {
            self.at_inst(inst, format!("has {} results", data.op.results()));
        }
        let flag = data.results.last().map(|flag| self.func.ty(*flag));
        if data.attempted && (flag != Some(&Ty::Bool) || data.op.is_terminator()) {
            self.at_inst(inst, "what is attempted has a bool as its last result");
        }
        let edges = match data.op {
            Op::Jump => 1,
            Op::Branch | Op::PyTry => 2,
            _ => 0,
        };
        if data.edges.len() != edges {
            self.at_inst(inst, format!("has {edges} edges"));
        }
        if self.func.locs.lookup(data.loc).is_none() {
            self.at_inst(inst, "its place is not in the table of places");
        }
    }

    /// A value where it is defined.
    fn definition(&mut self, value: Value, def: Def, place: &str) {
        match self.defined.get_mut(value.index()) {
            None => return self.at(place, format!("{value} does not exist")),
            Some(seen) if *seen => self.at(place, format!("{value} is defined twice")),
            Some(seen) => *seen = true,
        }
        if self.func.values[value].def != def {
            self.at(place, format!("{value} does not know that it is defined here"));
        }
    }

    /// The uses of a block's instructions: values that are defined, and edges that fit.
    fn uses(&mut self, block: Block) {
        for &inst in &self.func.blocks[block].insts {
            let data = &self.func.insts[inst];
            let used = data.args.iter().chain(data.edges.iter().flat_map(|e| &e.args));
            let missing = used.copied().find(|v| !self.defined.get(v.index()).copied().unwrap_or(false));
            if let Some(value) = missing {
                self.at_inst(inst, format!("{value} is not defined"));
                continue;
            }
            for edge in &data.edges {
                if let Err(message) = self.edge(edge) {
                    self.at_inst(inst, message);
                }
            }
        }
    }

    /// An edge: to a block in the order, with arguments like its parameters.
    fn edge(&self, edge: &Edge) -> super::Check {
        if !self.is_in_order(edge.block) {
            return Err(format!("{} is not in the order", edge.block));
        }
        let params = &self.func.blocks[edge.block].params;
        if params.len() != edge.args.len() {
            return Err(format!("{} has {} parameters", edge.block, params.len()));
        }
        for (&param, &arg) in params.iter().zip(&edge.args) {
            let (want, have) = (self.func.ty(param), self.func.ty(arg));
            if want != have && *have != Ty::Never {
                return Err(format!("{param} of {} is {want}, but {arg} is {have}", edge.block));
            }
        }
        Ok(())
    }
}
