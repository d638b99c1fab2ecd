//! Failures that somebody waits for: in the blocks of a protected region, what may fail becomes an edge.
//!
//! A check branches to a block that records the failure; a call and its like are *attempted* ([`InstData::attempted`]),
//! and what follows branches on whether they succeeded.  So every pass sees plain control flow.
//!
//! [`InstData::attempted`]: crate::InstData::attempted

use crate::builder::Builder;
use crate::func::{Block, Edge, Func, Inst};
use crate::op::{Imm, Op};
use crate::ty::Ty;
use coachwhip_abi::{Effects, ErrorKind};

/// Sends what fails in these blocks to `landing`, a block without parameters; other failures than those that may be
/// caught leave the function as before.  Returns whether anything leads there now.
pub fn catch(func: &mut Func, blocks: &[Block], landing: Block, may_catch: &dyn Fn(ErrorKind) -> bool) -> bool {
    let mut used = false;
    for &block in blocks {
        let mut block = block;
        while let Some(at) = func.blocks[block].insts.iter().position(|&inst| is_caught(func, inst, may_catch)) {
            used = true;
            let rest = func.blocks[block].insts.split_off(at + 1);
            let Some(inst) = func.blocks[block].insts.pop() else { break };
            let (loc, op) = (func.insts[inst].loc, func.insts[inst].op);
            let away = Edge { block: landing, args: vec![] };
            if func.insts[inst].op.is_terminator() {
                let mut b = Builder::new(func, block, loc);
                if op != Op::Leave {
                    record(&mut b, inst, 0);
                }
                b.jump(landing, vec![]);
                break;
            }
            let next = func.add_block();
            func.blocks[next].insts = rest;
            let onward = Edge { block: next, args: vec![] };
            if op == Op::Guard {
                let cold = func.add_block();
                let condition = func.insts[inst].args.first().copied();
                let mut b = Builder::new(func, cold, loc);
                b.inst(Op::Unlikely, Imm::None, vec![], &[]);
                record(&mut b, inst, 1);
                b.jump(landing, vec![]);
                if let Some(condition) = condition {
                    b.block = block;
                    b.branch(condition, onward, Edge { block: cold, args: vec![] });
                }
            } else {
                let succeeded = func.attempt(inst);
                func.blocks[block].insts.push(inst);
                Builder::new(func, block, loc).branch(succeeded, onward, away);
            }
            block = next;
        }
    }
    used
}

/// Whether an instruction may fail in a way that is caught.
fn is_caught(func: &Func, inst: Inst, may_catch: &dyn Fn(ErrorKind) -> bool) -> bool {
    let data = &func.insts[inst];
    match &data.imm {
        Imm::Error(kind) if matches!(data.op, Op::Guard | Op::Fail) => may_catch(*kind),
        _ => data.effects().has(Effects::FAILS),
    }
}

/// Records what a `guard`, `fail` or `throw` would leave with.
fn record(b: &mut Builder<'_>, inst: Inst, first: usize) {
    let data = &b.func.insts[inst];
    let (imm, args) = (data.imm.clone(), data.args.get(first..).unwrap_or_default().to_vec());
    b.inst(Op::Record, imm, args, &[]);
}

impl Func {
    /// Makes an instruction that may fail an attempt; returns whether it succeeded.
    pub fn attempt(&mut self, inst: Inst) -> crate::Value {
        let def = crate::func::Def::Result(inst, self.insts[inst].results.len() as u32);
        let flag = self.values.push(crate::func::ValueData { ty: Ty::Bool, def });
        self.insts[inst].results.push(flag);
        self.insts[inst].attempted = true;
        flag
    }
}
