//! Interrupt polls: no loop runs longer than [`POLL_INTERVAL`] passes without one.
//!
//! The function counts passes down in a cell, which LLVM turns into a register; at zero it polls and starts again.

use crate::analysis::Cfg;
use crate::edit::{append_int, append_value, edge_mut};
use coachwhip_abi::layout::POLL_INTERVAL;
use coachwhip_ir::{Block, Edge, Func, Imm, Op, Ty, Value};
use std::sync::Arc;

/// Inserts polls on every edge that leads back.
pub fn run(func: &mut Func) {
    let cfg = Cfg::new(func);
    let mut back: Vec<(Block, usize)> = Vec::new();
    for &block in &cfg.rpo {
        for (n, target) in func.successors(block).enumerate() {
            if cfg.position(target) <= cfg.position(block) {
                back.push((block, n));
            }
        }
    }
    if back.is_empty() {
        return;
    }
    let fuel = new_fuel(func);
    for (block, number) in back {
        charge(func, fuel, block, number, 1);
    }
}

/// The cell that holds how many passes are left, made in the entry block.
fn new_fuel(func: &mut Func) -> Value {
    let ty = Ty::Cell(Arc::new(Ty::Int));
    let loc = coachwhip_ir::Loc(0);
    let cell = func.make_inst(Op::CellNew, Imm::None, vec![], &[ty], vec![], loc);
    let full = coachwhip_ir::Const::Int(POLL_INTERVAL);
    let full = func.make_inst(Op::Const, Imm::Const(full), vec![], &[Ty::Int], vec![], loc);
    let first = |func: &Func, inst| func.insts[inst].results.first().copied().unwrap_or(Value(u32::MAX));
    let (fuel, level) = (first(func, cell), first(func, full));
    let set = func.make_inst(Op::CellSet, Imm::None, vec![fuel, level], &[], vec![], loc);
    func.blocks[func.entry].insts.splice(0..0, [cell, full, set]);
    fuel
}

/// Counts passes on an edge, and polls when none are left.
fn charge(func: &mut Func, fuel: Value, block: Block, number: usize, passes: i64) {
    let here = crate::edit::split_edge(func, block, number);
    let left = append_value(func, here, Op::CellGet, vec![fuel], Ty::Int);
    let passes = append_int(func, here, passes);
    let left = append_value(func, here, Op::Sub, vec![left, passes], Ty::Int);
    crate::edit::append(func, here, Op::CellSet, Imm::None, vec![fuel, left], &[]);
    let zero = append_int(func, here, 0);
    let more = append_value(func, here, Op::Gt, vec![left, zero], Ty::Bool);
    let Some(onward) = edge_mut(func, here, 0).cloned() else { return };
    let poll = func.add_block();
    let loc = func.terminator(here).map_or(coachwhip_ir::Loc(0), |t| func.insts[t].loc);
    let jump = func.make_inst(Op::Jump, Imm::None, vec![], &[], vec![onward.clone()], loc);
    func.blocks[poll].insts.push(jump);
    let full = append_int(func, poll, POLL_INTERVAL);
    crate::edit::append(func, poll, Op::CellSet, Imm::None, vec![fuel, full], &[]);
    crate::edit::append(func, poll, Op::Poll, Imm::None, vec![], &[]);
    if let Some(terminator) = func.terminator(here) {
        let data = &mut func.insts[terminator];
        data.op = Op::Branch;
        data.args = vec![more];
        data.edges = vec![onward, Edge { block: poll, args: vec![] }];
    }
}
