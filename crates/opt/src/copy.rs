//! Copies a set of blocks within a function, or from another function: for inlining and loop versions.

use coachwhip_ir::{Block, Edge, Func, Inst, Loc, Value};
use std::collections::HashMap;

/// What became of what was copied.
#[derive(Default)]
pub struct Copies {
    /// Old block to new.
    pub blocks: HashMap<Block, Block>,
    /// Old value to new; values from outside map to nothing unless entered before.
    pub values: HashMap<Value, Value>,
    /// Old instruction to new.
    pub insts: HashMap<Inst, Inst>,
}

impl Copies {
    /// What stands for a value in the copy.
    pub fn value(&self, value: Value) -> Value {
        self.values.get(&value).copied().unwrap_or(value)
    }

    /// What stands for a block in the copy.
    pub fn block(&self, block: Block) -> Block {
        self.blocks.get(&block).copied().unwrap_or(block)
    }
}

/// Copies blocks of `source` (of the function itself if it is `None`) to the end of `func`'s order.  `copies` may hold values
/// that stand for the source's already; `place` gives the new places.
pub fn copy_blocks(
    func: &mut Func,
    source: Option<&Func>,
    blocks: &[Block],
    copies: &mut Copies,
    place: &mut dyn FnMut(&mut Func, Loc) -> Loc,
) {
    for &block in blocks {
        let new = func.add_block();
        copies.blocks.insert(block, new);
        let params = source.unwrap_or(&*func).blocks[block].params.clone();
        for param in params {
            let ty = source.unwrap_or(&*func).ty(param).clone();
            copies.values.entry(param).or_insert_with(|| func.add_param(new, ty));
        }
    }
    let mut made: Vec<Inst> = Vec::new();
    for &block in blocks {
        for old in source.unwrap_or(&*func).blocks[block].insts.clone() {
            let data = source.unwrap_or(&*func).insts[old].clone();
            let types: Vec<_> = data.results.iter().map(|&r| source.unwrap_or(&*func).ty(r).clone()).collect();
            let loc = place(func, data.loc);
            let inst = func.make_inst(data.op, data.imm, data.args, &types, data.edges, loc);
            func.insts[inst].attempted = data.attempted;
            for (&from, &to) in data.results.iter().zip(&func.insts[inst].results) {
                copies.values.insert(from, to);
            }
            copies.insts.insert(old, inst);
            let home = copies.block(block);
            func.blocks[home].insts.push(inst);
            made.push(inst);
        }
    }
    for inst in made {
        let data = &mut func.insts[inst];
        for arg in &mut data.args {
            *arg = copies.value(*arg);
        }
        for Edge { block, args } in &mut data.edges {
            *block = copies.block(*block);
            for arg in args {
                *arg = copies.value(*arg);
            }
        }
    }
}
