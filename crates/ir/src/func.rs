//! A function in SSA form: blocks with parameters, instructions with operands, results and a place.

use crate::constant::Const;
use crate::entity::Map;
use crate::loc::{Loc, LocData};
use crate::op::{Imm, Op};
use crate::options::Options;
use crate::ty::Ty;
use coachwhip_abi::Effects;
use std::collections::HashMap;
use std::sync::Arc;

crate::entity! {
    /// A value: a block parameter or a result of an instruction.
    Value, "v"
}
crate::entity! {
    /// A basic block.
    Block, "block"
}
crate::entity! {
    /// An instruction.
    Inst, "i"
}

/// An edge of the control-flow graph: the block and the arguments for its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Target.
    pub block: Block,
    /// One argument for each parameter of the target.
    pub args: Vec<Value>,
}

/// An instruction.
#[derive(Clone, Debug)]
pub struct InstData {
    /// What it does.
    pub op: Op,
    /// Operands.
    pub args: Vec<Value>,
    /// What it carries besides.
    pub imm: Imm,
    /// Results.
    pub results: Vec<Value>,
    /// Edges of a terminator.
    pub edges: Vec<Edge>,
    /// Place in the user's source.
    pub loc: Loc,
    /// Whether a failure is caught here instead of leaving the function: it is recorded, and the last result, a `Bool`
    /// that the operation's row does not count, is false; other results are undefined then, with null owners.
    pub attempted: bool,
}

impl InstData {
    /// What it may do besides its results.
    pub fn effects(&self) -> Effects {
        let effects = self.op.effects_with(&self.imm);
        if self.attempted { effects.without(Effects::FAILS).and(Effects::WORLD) } else { effects }
    }

    /// The results that the operation's row counts.
    pub fn own_results(&self) -> &[Value] {
        match self.results.split_last() {
            Some((_, own)) if self.attempted => own,
            _ => &self.results,
        }
    }
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Def {
    /// The n-th parameter of a block.
    Param(Block, u32),
    /// The n-th result of an instruction.
    Result(Inst, u32),
}

/// A value's type and origin.
#[derive(Clone, Debug)]
pub struct ValueData {
    /// Type; `Any` in untyped SSA.
    pub ty: Ty,
    /// Origin.
    pub def: Def,
}

/// A block: parameters, then instructions of which the last is the terminator.
#[derive(Clone, Debug, Default)]
pub struct BlockData {
    /// Parameters.
    pub params: Vec<Value>,
    /// Instructions.
    pub insts: Vec<Inst>,
}

/// How a function takes its arguments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    /// Names: positional ones first, then keyword-only ones; without `*args`.
    pub names: Vec<Arc<str>>,
    /// How many of them are positional-only.
    pub posonly: usize,
    /// How many of them are keyword-only (the last ones).
    pub kwonly: usize,
    /// Name of `*args`; its tuple is the last argument of the compiled function.
    pub varargs: Option<Arc<str>>,
    /// Defaults by position in `names`.
    pub defaults: Vec<Option<Const>>,
}

/// A function, untyped (every value `Any`) or typed.
#[derive(Clone, Debug)]
pub struct Func {
    /// Linker symbol, unique in the process.
    pub symbol: String,
    /// `__qualname__`.
    pub name: Arc<str>,
    /// How arguments are taken.
    pub params: Params,
    /// For a nested function: the names of its captured cells, passed before the arguments.
    pub captures: Vec<Arc<str>>,
    /// Parameters, arrays, of which the function looks at nothing but the sizes and each element at most once.
    pub reads_once: Vec<Arc<str>>,
    /// Whether it is one of our library's: it has its caller's options, and what fails in it is told of the user's call.
    pub of_library: bool,
    /// Whether it is a generator function: calling it makes a generator, whose body it is.  None is left after
    /// [`crate::generators::lower`].
    pub generator: bool,
    /// In untyped SSA: the variable that a value (a block parameter above all) was assigned to, for messages.
    pub variables: HashMap<Value, Arc<str>>,
    /// Result type; `Any` in untyped SSA.
    pub ret: Ty,
    /// Options.
    pub options: Options,
    /// First block; its parameters are the function's (captured cells first).
    pub entry: Block,
    /// Blocks by number.
    pub blocks: Map<Block, BlockData>,
    /// Blocks in order; a removed block is in no order.
    pub order: Vec<Block>,
    /// Instructions by number.
    pub insts: Map<Inst, InstData>,
    /// Values by number.
    pub values: Map<Value, ValueData>,
    /// Places by number.
    pub locs: Map<Loc, LocData>,
}

impl Func {
    /// A function with an empty entry block and one place, the function itself.
    pub fn new(symbol: impl Into<String>, name: impl Into<Arc<str>>, place: LocData) -> Func {
        let mut func = Func {
            symbol: symbol.into(),
            name: name.into(),
            params: Params::default(),
            captures: Vec::new(),
            reads_once: Vec::new(),
            of_library: false,
            generator: false,
            variables: HashMap::new(),
            ret: Ty::Any,
            options: Options::default(),
            entry: Block(0),
            blocks: Map::new(),
            order: Vec::new(),
            insts: Map::new(),
            values: Map::new(),
            locs: Map::new(),
        };
        func.locs.push(place);
        func.entry = func.add_block();
        func
    }

    /// Adds an empty block at the end of the order.
    pub fn add_block(&mut self) -> Block {
        let block = self.blocks.push(BlockData::default());
        self.order.push(block);
        block
    }

    /// Adds a parameter to a block.
    pub fn add_param(&mut self, block: Block, ty: Ty) -> Value {
        let position = self.blocks[block].params.len() as u32;
        let value = self.values.push(ValueData { ty, def: Def::Param(block, position) });
        self.blocks[block].params.push(value);
        value
    }

    /// Makes an instruction, with fresh results of the given types, in no block yet.
    pub fn make_inst(
        &mut self,
        op: Op,
        imm: Imm,
        args: Vec<Value>,
        results: &[Ty],
        edges: Vec<Edge>,
        loc: Loc,
    ) -> Inst {
        let inst = self.insts.push(InstData { op, args, imm, results: Vec::new(), edges, loc, attempted: false });
        for (position, ty) in results.iter().enumerate() {
            let def = Def::Result(inst, position as u32);
            let value = self.values.push(ValueData { ty: ty.clone(), def });
            self.insts[inst].results.push(value);
        }
        inst
    }

    /// The block's terminator, if it has one yet.
    pub fn terminator(&self, block: Block) -> Option<Inst> {
        self.blocks[block].insts.last().copied().filter(|&i| self.insts[i].op.is_terminator())
    }

    /// The edges that leave a block.
    pub fn edges(&self, block: Block) -> &[Edge] {
        self.terminator(block).map_or(&[], |i| &self.insts[i].edges)
    }

    /// The blocks that a block leads to, with repetition.
    pub fn successors(&self, block: Block) -> impl Iterator<Item = Block> + '_ {
        self.edges(block).iter().map(|e| e.block)
    }

    /// Type of a value.
    pub fn ty(&self, value: Value) -> &Ty {
        &self.values[value].ty
    }

    /// The function's own parameters.
    pub fn entry_params(&self) -> &[Value] {
        &self.blocks[self.entry].params
    }

    /// The instruction that defines a value, if one does.
    pub fn def_inst(&self, value: Value) -> Option<Inst> {
        match self.values[value].def {
            Def::Result(inst, _) => Some(inst),
            Def::Param(..) => None,
        }
    }

    /// The constant behind a value: of a `const` instruction or of a singleton type.
    pub fn constant(&self, value: Value) -> Option<&Const> {
        if let Some(c) = self.ty(value).literal() {
            return Some(c);
        }
        match self.def_inst(value).map(|i| &self.insts[i]) {
            Some(InstData { op: Op::Const, imm: Imm::Const(c), .. }) => Some(c),
            _ => None,
        }
    }
}
