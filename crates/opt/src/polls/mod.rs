//! Interrupt polls, so that Ctrl-C ends a loop promptly, placed where they do not disturb the vectoriser.
//!
//! An innermost loop that counts becomes two: an outer one over chunks of at most [`POLL_INTERVAL`] iterations, which polls, and
//! the loop itself, which stays as it was (see [`chunks`]).  Every other loop counts fuel down in a cell, which LLVM turns
//! into a register, and polls when there is none left.  An iteration around a chunked loop costs [`AROUND`] units: at most
//! `POLL_INTERVAL / AROUND` short inner loops run between two polls.  Loops of few iterations count as part of what is around them.

mod chunks;

use crate::analysis::{Cfg, Dominators, LoopId, Loops, counted};
use crate::edit::{append_int, append_value, edge_mut};
use coachwhip_abi::layout::POLL_INTERVAL;
use coachwhip_ir::{Block, Const, Edge, Func, Imm, Inst, Loc, Op, Ty, Value};
use std::sync::Arc;

/// Fuel that an iteration takes which may hold a whole inner loop.
const AROUND: i64 = 64;
/// Fuel that a call takes.
const CALL: i64 = 64;
/// Loops of at most this many iterations, with everything inside, are not polled.
const FEW: i64 = 64;

/// Inserts polls.
pub fn run(func: &mut Func) {
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    let loops = Loops::new(func, &cfg, &dom);
    if !loops.loops.is_empty() {
        crate::loop_form::preheaders(func);
        insert(func);
    }
}

fn insert(func: &mut Func) {
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    let loops = Loops::new(func, &cfg, &dom);
    let passes = few_trips(func, &cfg, &loops);
    let mut chunked: Vec<(LoopId, i64)> = Vec::new();
    let mut charged: Vec<(LoopId, i64)> = Vec::new();
    for id in loops.loops.keys() {
        if passes(id).is_some() || polls_itself(func, &loops, id) {
            continue;
        }
        // What an iteration of this loop costs: its calls, and loops of few iterations inside.
        let children = &loops.loops[id].children;
        let inner: Option<i64> = children.iter().map(|&c| passes(c)).try_fold(0, |sum, p| Some(sum + p?));
        let cost = 1 + inner.unwrap_or(AROUND) + CALL * calls(func, &loops, id);
        let rare = crate::analysis::is_unlikely(func, loops.loops[id].header);
        if !rare && inner.is_some() && counted::counter(func, &cfg, &loops, id).is_some() {
            chunked.push((id, (POLL_INTERVAL / cost).max(1)));
        } else {
            charged.push((id, cost));
        }
    }
    let plain =
        |block: Block, target: Block| cfg.position(target) <= cfg.position(block) && !dom.dominates(target, block);
    let mut back: Vec<(Block, usize, i64)> =
        edges(func, &cfg).filter(|&(b, _, t)| plain(b, t)).map(|(b, n, _)| (b, n, 1)).collect();
    for (id, cost) in charged {
        let header = loops.loops[id].header;
        back.extend(cfg.preds[header].iter().filter(|(b, _)| loops.contains(id, *b)).map(|&(b, n)| (b, n, cost)));
    }
    for (id, size) in chunked {
        chunks::chunk(func, &cfg, &loops, id, size);
    }
    if !back.is_empty() {
        let fuel = new_fuel(func);
        for (block, number, cost) in back {
            charge(func, fuel, block, number, cost);
        }
    }
}

/// Whether a loop has a poll whose outcome is looked at: its handler may catch `KeyboardInterrupt`.
fn polls_itself(func: &Func, loops: &Loops, id: LoopId) -> bool {
    let polls = |inst: &Inst| func.insts[*inst].op == Op::PollCall && func.insts[*inst].attempted;
    loops.loops[id].blocks.iter().any(|block| func.blocks[*block].insts.iter().any(polls))
}

fn edges<'f>(func: &'f Func, cfg: &'f Cfg) -> impl Iterator<Item = (Block, usize, Block)> + 'f {
    cfg.rpo.iter().flat_map(|&b| func.successors(b).enumerate().map(move |(n, t)| (b, n, t)))
}

/// For each loop that has few iterations, how many they are, inner ones included.
fn few_trips(func: &Func, cfg: &Cfg, loops: &Loops) -> impl Fn(LoopId) -> Option<i64> + use<> {
    let mut all: coachwhip_ir::entity::Map<LoopId, Option<i64>> = coachwhip_ir::entity::Map::new();
    // Inner loops have smaller numbers.
    for id in loops.loops.keys() {
        let inner = loops.loops[id].children.iter().try_fold(1, |sum: i64, &c| Some(sum + all[c]?));
        let total = counted::constant_trips(func, cfg, loops, id).zip(inner).and_then(|(n, i)| n.checked_mul(i));
        let quiet = calls(func, loops, id) == 0;
        all.push(total.filter(|&n| n <= FEW && quiet));
    }
    move |id| all[id]
}

/// Number of calls in a loop, inner loops not counted.
fn calls(func: &Func, loops: &Loops, id: LoopId) -> i64 {
    let own = loops.loops[id].blocks.iter().filter(|&&b| loops.innermost(b) == Some(id));
    own.flat_map(|&b| &func.blocks[b].insts)
        .filter(|&&i| matches!(func.insts[i].op, Op::Call | Op::CallExternal))
        .count() as i64
}

/// The cell that holds how much fuel is left, made in the entry block.
fn new_fuel(func: &mut Func) -> Value {
    let ty = Ty::Cell(Arc::new(Ty::Int));
    let cell = func.make_inst(Op::CellNew, Imm::None, vec![], &[ty], vec![], Loc(0));
    let full = func.make_inst(Op::Const, Imm::Const(Const::Int(POLL_INTERVAL)), vec![], &[Ty::Int], vec![], Loc(0));
    let first = |func: &Func, inst: Inst| func.insts[inst].results.first().copied().unwrap_or(Value(u32::MAX));
    let (fuel, level) = (first(func, cell), first(func, full));
    let set = func.make_inst(Op::CellSet, Imm::None, vec![fuel, level], &[], vec![], Loc(0));
    func.blocks[func.entry].insts.splice(0..0, [cell, full, set]);
    fuel
}

/// Takes fuel on an edge, and polls when none is left.
fn charge(func: &mut Func, fuel: Value, block: Block, number: usize, cost: i64) {
    let here = crate::edit::split_edge(func, block, number);
    let left = append_value(func, here, Op::CellGet, vec![fuel], Ty::Int);
    let cost = append_int(func, here, cost);
    let left = append_value(func, here, Op::SubExact, vec![left, cost], Ty::Int);
    crate::edit::append(func, here, Op::CellSet, Imm::None, vec![fuel, left], &[]);
    let zero = append_int(func, here, 0);
    let more = append_value(func, here, Op::Gt, vec![left, zero], Ty::Bool);
    let Some(onward) = edge_mut(func, here, 0).cloned() else { return };
    let poll = poll_block(func, onward.clone(), func.terminator(here).map_or(Loc(0), |t| func.insts[t].loc));
    let full = append_int(func, poll, POLL_INTERVAL);
    crate::edit::append(func, poll, Op::CellSet, Imm::None, vec![fuel, full], &[]);
    if let Some(terminator) = func.terminator(here) {
        let data = &mut func.insts[terminator];
        data.op = Op::Branch;
        data.args = vec![more];
        data.edges = vec![onward, Edge { block: poll, args: vec![] }];
    }
}

/// A block that polls and goes on.
fn poll_block(func: &mut Func, onward: Edge, loc: Loc) -> Block {
    let block = func.add_block();
    let poll = func.make_inst(Op::Poll, Imm::None, vec![], &[], vec![], loc);
    let jump = func.make_inst(Op::Jump, Imm::None, vec![], &[], vec![onward], loc);
    func.blocks[block].insts.extend([poll, jump]);
    block
}
