//! Appends instructions to the current block of a function.

use crate::constant::Const;
use crate::func::{Block, Edge, Func, Inst, Value};
use crate::loc::Loc;
use crate::op::{Imm, Op};
use crate::ty::Ty;

/// A cursor: the function, the block that grows and the place that new instructions get.
pub struct Builder<'f> {
    /// The function.
    pub func: &'f mut Func,
    /// The block that grows.
    pub block: Block,
    /// The place of new instructions.
    pub loc: Loc,
}

impl<'f> Builder<'f> {
    /// A cursor at the end of a block.
    pub fn new(func: &'f mut Func, block: Block, loc: Loc) -> Builder<'f> {
        Builder { func, block, loc }
    }

    /// Appends an instruction and returns its number.
    pub fn inst(&mut self, op: Op, imm: Imm, args: Vec<Value>, results: &[Ty]) -> Inst {
        let inst = self.func.make_inst(op, imm, args, results, Vec::new(), self.loc);
        self.func.blocks[self.block].insts.push(inst);
        inst
    }

    /// Appends an instruction with one result.
    pub fn value(&mut self, op: Op, imm: Imm, args: Vec<Value>, ty: Ty) -> Value {
        let inst = self.inst(op, imm, args, &[ty]);
        self.func.insts[inst].results.first().copied().unwrap_or(Value(u32::MAX))
    }

    /// Appends a constant with its singleton type.
    pub fn literal(&mut self, constant: Const) -> Value {
        self.value(Op::Const, Imm::Const(constant.clone()), vec![], Ty::Lit(constant))
    }

    /// Appends a constant of an ordinary (machine) type.
    pub fn constant(&mut self, constant: Const, ty: Ty) -> Value {
        self.value(Op::Const, Imm::Const(constant), vec![], ty)
    }

    /// Ends the block with a jump.
    pub fn jump(&mut self, block: Block, args: Vec<Value>) {
        self.end(Op::Jump, vec![], vec![Edge { block, args }]);
    }

    /// Ends the block with a two-way branch on a `Bool`.
    pub fn branch(&mut self, condition: Value, then: Edge, otherwise: Edge) {
        self.end(Op::Branch, vec![condition], vec![then, otherwise]);
    }

    /// Ends the block with a return.
    pub fn ret(&mut self, value: Value) {
        self.end(Op::Return, vec![value], vec![]);
    }

    /// Whether the block has its terminator.
    pub fn is_ended(&self) -> bool {
        self.func.terminator(self.block).is_some()
    }

    fn end(&mut self, op: Op, args: Vec<Value>, edges: Vec<Edge>) {
        let inst = self.func.make_inst(op, Imm::None, args, &[], edges, self.loc);
        self.func.blocks[self.block].insts.push(inst);
    }
}
