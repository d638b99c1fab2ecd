//! Walks one function: blocks in reverse postorder, block parameters as phis, one error exit.

use super::independent::Independent;
use super::types::{each_machine, machine_type, width};
use super::unit::{Callee, Unit};
use super::{Done, lower_inst};
use crate::EmitError;
use crate::llvm::{Label, Metadata, Scope, Value as Val};
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{Block, Edge, FastMath, Func, Imm, InstData, Loc, Ty, Value, graph};
use std::collections::HashMap;

/// The state of lowering one function.
pub struct Lowering<'u, 'c, 'm> {
    /// What functions share.
    pub unit: &'u mut Unit<'c, 'm>,
    /// The function.
    pub func: &'m Func,
    /// Its number in the module.
    pub number: usize,
    /// The function as its callers see it.
    pub callee: Callee<'c>,
    /// The `Context*`.
    pub context: Val<'c>,
    /// First block, for stack slots and their first values; it stays open until the end.
    pub prologue: Label<'c>,
    /// The one error exit; made when first needed.
    pub error_exit: Option<Label<'c>>,
    /// Where an instruction that is attempted goes instead.
    pub caught: Option<Label<'c>>,
    /// Place of the instruction being lowered.
    pub loc: Loc,
    /// The place that the builder gives to instructions.
    located: Option<Loc>,
    /// Stack slots of owner words, by the value that owns.
    pub slots: HashMap<Value, Vec<Val<'c>>>,
    /// Slots that the error exit releases, in the order of their making.
    pub released: Vec<Val<'c>>,
    /// Headers of global arrays read in the prologue.
    pub globals: HashMap<i64, Vec<Val<'c>>>,
    /// How each block of the IR is entered; of those reachable.
    entrances: Vec<Option<Entrance<'c>>>,
    /// The loop whose iterations are independent around the block at hand.
    pub independent: Option<Metadata<'c>>,
    /// Such loops: their names by header, and by every block in them.
    pub loops: Independent<'c>,
    /// Position of each block in the order of lowering.
    positions: Vec<usize>,
    /// Where each value's machine values start in `parts`.
    starts: Vec<u32>,
    /// Machine values of all values.
    parts: Vec<Val<'c>>,
}

/// How a block of the IR is entered: LLVM's block, and the phis of all parameters in a run.
#[derive(Clone)]
struct Entrance<'c> {
    label: Label<'c>,
    phis: Vec<Val<'c>>,
    /// For a loop with several edges back to its header: the one block that they share.  LLVM would else take
    /// the loop for two nested ones.
    latch: Option<(Label<'c>, Vec<Val<'c>>)>,
}

/// Marks a value that has no machine values yet.
const UNDEFINED: u32 = u32::MAX;

/// Lowers a function of the module.
pub fn lower(unit: &mut Unit<'_, '_>, number: usize) -> Done {
    let ir = unit.ir;
    let (Some(func), Some(&callee)) = (ir.funcs.get(number), unit.callees.get(number)) else {
        return Err(EmitError::new("no such function"));
    };
    let prologue = unit.context.block(callee.value);
    unit.builder.at(prologue);
    unit.builder.set_fast_math(&func.options.fastmath);
    let scope = unit.debug.begin(callee.value);
    let mut lowering = Lowering {
        func,
        number,
        callee,
        context: callee.value.param(0),
        prologue,
        error_exit: None,
        caught: None,
        loc: Loc(0),
        located: None,
        slots: HashMap::new(),
        released: Vec::new(),
        globals: HashMap::new(),
        entrances: vec![None; func.blocks.len()],
        independent: None,
        loops: Independent::default(),
        positions: vec![usize::MAX; func.blocks.len()],
        starts: vec![UNDEFINED; func.values.len()],
        parts: Vec::new(),
        unit,
    };
    lowering.run(scope)
}

impl<'c, 'm> Lowering<'_, 'c, 'm> {
    fn run(&mut self, scope: Scope<'c>) -> Done {
        // The builder still has a place in the function that was lowered before.
        self.place(Loc(0), scope);
        super::failures::check_stack(self);
        let order = reverse_postorder(self.func);
        for (position, block) in order.iter().enumerate() {
            if let Some(slot) = self.positions.get_mut(block.index()) {
                *slot = position;
            }
        }
        self.loops = super::independent::find(self.func, &order, &|from, to| self.is_back_edge(from, to), self.unit);
        let back_edges = self.back_edges(&order);
        for (&block, back_edges) in order.iter().zip(back_edges) {
            self.begin_block(block, back_edges > 1);
        }
        let relaxed = self.func.options.fastmath.any();
        for &block in &order {
            if let Some(entrance) = self.entrances.get(block.index()).and_then(Option::as_ref) {
                self.unit.builder.at(entrance.label);
            }
            self.independent = self.loops.around(block);
            for &inst in &self.func.blocks[block].insts {
                let data = &self.func.insts[inst];
                self.place(data.loc, scope);
                if relaxed {
                    let strict = FastMath::default();
                    let flags = if data.imm == Imm::Strict { &strict } else { &self.func.options.fastmath };
                    self.unit.builder.set_fast_math(flags);
                }
                let lowered = if data.attempted { self.attempt(block, data) } else { lower_inst(self, block, data) };
                lowered.map_err(|e| e.at(self.func, data))?;
            }
        }
        self.place(Loc(0), scope);
        self.finish()
    }

    /// Lowers an instruction that is attempted: failing and not failing meet again after it, with the flag that tells.
    fn attempt(&mut self, block: Block, data: &InstData) -> Done {
        let caught = self.new_block();
        self.caught = Some(caught);
        let own = data.own_results();
        let plain = InstData { attempted: false, results: own.to_vec(), ..data.clone() };
        let lowered = lower_inst(self, block, &plain);
        self.caught = None;
        lowered?;
        let next = self.new_block();
        let done = self.unit.builder.block();
        self.unit.builder.jump(next);
        self.unit.builder.at(caught);
        self.unit.builder.jump(next);
        self.unit.builder.at(next);
        let meet = |l: &mut Self, value: Val<'c>, otherwise: Val<'c>| {
            let phi = l.unit.builder.phi(value.ty());
            phi.add_incoming(value, done);
            phi.add_incoming(otherwise, caught);
            phi
        };
        for &result in own {
            let parts = self.get(result)?.to_vec();
            let met: Vec<Val> = parts.into_iter().map(|part| meet(self, part, part.ty().zero())).collect();
            self.define(result, &met);
        }
        if let Some(&flag) = data.results.last() {
            let (yes, no) = (self.unit.context.bool(true), self.unit.context.bool(false));
            let succeeded = meet(self, yes, no);
            self.define(flag, &[succeeded]);
        }
        Ok(())
    }

    /// Sets the place of the instructions that follow.
    fn place(&mut self, loc: Loc, scope: Scope<'c>) {
        if self.located != Some(loc) {
            let location = self.unit.location(scope, self.number, self.func, loc);
            self.unit.builder.set_location(Some(location));
        }
        (self.loc, self.located) = (loc, Some(loc));
    }

    /// Whether an edge leads back in the order of lowering.
    pub fn is_back_edge(&self, from: Block, to: Block) -> bool {
        let position = |block: Block| self.positions.get(block.index()).copied();
        position(to) <= position(from)
    }

    /// For each block in order, how many edges lead back to it.
    fn back_edges(&self, order: &[Block]) -> Vec<usize> {
        let mut counts = vec![0; order.len()];
        for &from in order {
            for to in self.func.successors(from).filter(|&to| self.is_back_edge(from, to)) {
                let position = self.positions.get(to.index()).copied().unwrap_or(usize::MAX);
                if let Some(count) = counts.get_mut(position) {
                    *count += 1;
                }
            }
        }
        counts
    }

    /// Makes the block and the phis of its parameters; with a latch, if several edges lead back.
    fn begin_block(&mut self, block: Block, with_latch: bool) {
        let (label, phis) = self.block_with_phis(block);
        let mut next = phis.iter().copied();
        for &param in &self.func.blocks[block].params {
            let own: Vec<Val> = next.by_ref().take(width(self.func.ty(param))).collect();
            self.define(param, &own);
        }
        let latch = with_latch.then(|| {
            let (latch, joined) = self.block_with_phis(block);
            let jump = self.unit.builder.jump(label);
            if let Some(name) = self.loops.headed(block) {
                self.unit.name_loop(jump, name);
            }
            for (phi, value) in phis.iter().zip(&joined) {
                phi.add_incoming(*value, latch);
            }
            (latch, joined)
        });
        if let Some(slot) = self.entrances.get_mut(block.index()) {
            *slot = Some(Entrance { label, phis, latch });
        }
    }

    /// A new block with one phi for each machine value of a block's parameters.
    fn block_with_phis(&mut self, block: Block) -> (Label<'c>, Vec<Val<'c>>) {
        let label = self.unit.context.block(self.callee.value);
        self.unit.builder.at(label);
        let mut phis = Vec::new();
        for &param in &self.func.blocks[block].params {
            each_machine(self.func.ty(param), &mut |part| {
                phis.push(self.unit.builder.phi(machine_type(self.unit.context, part)));
            });
        }
        (label, phis)
    }

    /// Ends the prologue with a jump to the entry block, and fills the error exit.
    fn finish(&mut self) -> Done {
        super::failures::fill_error_exit(self);
        self.unit.builder.at(self.prologue);
        let arguments: Vec<Val> =
            (0..Unit::parameter_width(self.func)).map(|i| self.callee.value.param(i + 1)).collect();
        let from = self.prologue;
        let entry = self.func.entry;
        let entrance = self.entrances.get(entry.index()).and_then(Option::as_ref);
        let entrance = entrance.ok_or_else(|| EmitError::new("the entry block is missing"))?;
        for (phi, argument) in entrance.phis.iter().zip(arguments) {
            phi.add_incoming(argument, from);
        }
        self.unit.builder.jump(entrance.label);
        Ok(())
    }

    /// Where the result goes, in a function that returns it by memory.
    pub fn result_memory(&self) -> Val<'c> {
        self.callee.value.param(1 + Unit::parameter_width(self.func))
    }

    /// A new block of this function.
    pub fn new_block(&self) -> Label<'c> {
        self.unit.context.block(self.callee.value)
    }

    /// Runs `make` with the cursor in the prologue.
    pub fn in_prologue<R>(&mut self, make: impl FnOnce(&mut Self) -> R) -> R {
        let back = self.unit.builder.block();
        self.unit.builder.at(self.prologue);
        let result = make(self);
        self.unit.builder.at(back);
        result
    }

    /// Passes the arguments of an edge from the current block, which ends block `from`; returns LLVM's block to
    /// jump to.
    pub fn pass(&mut self, from: Block, edge: &Edge) -> Result<Label<'c>, EmitError> {
        let to = edge.block;
        let missing = || EmitError::new("the target of an edge is missing");
        let mut values = Vec::new();
        for (&arg, &param) in edge.args.iter().zip(&self.func.blocks[to].params) {
            values.extend(self.as_type(arg, self.func.ty(param))?);
        }
        let entrance = self.entrances.get(to.index()).and_then(Option::as_ref).ok_or_else(missing)?;
        let (label, phis) = match &entrance.latch {
            Some((latch, joined)) if self.is_back_edge(from, to) => (*latch, joined),
            _ => (entrance.label, &entrance.phis),
        };
        let here = self.unit.builder.block();
        for (phi, value) in phis.iter().zip(values) {
            phi.add_incoming(value, here);
        }
        Ok(label)
    }

    /// Gives a value its machine values.
    pub fn define(&mut self, value: Value, parts: &[Val<'c>]) {
        if let Some(start) = self.starts.get_mut(value.index()) {
            *start = self.parts.len() as u32;
        }
        self.parts.extend_from_slice(parts);
    }

    /// Gives an instruction's first result its machine values.
    pub fn result(&mut self, inst: &InstData, parts: &[Val<'c>]) {
        if let Some(&value) = inst.results.first() {
            self.define(value, parts);
        }
    }

    /// The machine values of a value.
    pub fn get(&self, value: Value) -> Result<&[Val<'c>], EmitError> {
        let count = width(self.func.ty(value));
        let start = self.starts.get(value.index()).copied().unwrap_or(UNDEFINED);
        if count == 0 {
            return Ok(&[]);
        }
        let run = start as usize..start as usize + count;
        self.parts
            .get(run)
            .filter(|_| start != UNDEFINED)
            .ok_or_else(|| EmitError::new(format!("{value} has no machine value where it is used")))
    }

    /// The one machine value of a value.
    pub fn one(&self, value: Value) -> Result<Val<'c>, EmitError> {
        match self.get(value)? {
            [one] => Ok(*one),
            other => Err(EmitError::new(format!("{value} has {} machine values where one is needed", other.len()))),
        }
    }

    /// The n-th operand, as one machine value.
    pub fn operand(&self, inst: &InstData, position: usize) -> Result<Val<'c>, EmitError> {
        self.one(argument(inst, position)?)
    }

    /// The type of the n-th operand.
    pub fn operand_ty(&self, inst: &InstData, position: usize) -> Result<&'m Ty, EmitError> {
        Ok(self.func.ty(argument(inst, position)?))
    }

    /// The type of the first result.
    pub fn result_ty(&self, inst: &InstData) -> Result<&'m Ty, EmitError> {
        inst.results.first().map(|&r| self.func.ty(r)).ok_or_else(|| EmitError::new("a result is missing"))
    }

    /// The machine values of a value where `ty` is wanted: a literal becomes its constant.
    pub fn as_type(&self, value: Value, ty: &Ty) -> Result<Vec<Val<'c>>, EmitError> {
        let own = self.func.ty(value);
        if own == ty || width(own) == width(ty) {
            return Ok(self.get(value)?.to_vec());
        }
        super::aggregates::widen(self, value, own, ty)
    }
}

/// The n-th operand of an instruction.
pub fn argument(inst: &InstData, position: usize) -> Result<Value, EmitError> {
    inst.args.get(position).copied().ok_or_else(|| EmitError::new(format!("operand {position} is missing")))
}

/// The reachable blocks, each after the blocks that dominate it.
fn reverse_postorder(func: &Func) -> Vec<Block> {
    let successors = |block: usize| func.successors(Block::new(block)).map(Entity::index);
    let order = graph::postorder(func.blocks.len(), func.entry.index(), successors);
    order.into_iter().rev().map(Block::new).collect()
}
