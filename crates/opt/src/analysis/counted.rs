//! Loops that count: the header alone decides whether there is another iteration, by comparing a parameter that
//! changes by 1 in every iteration with a bound from outside.

use super::{Cfg, LoopId, Loops};
use crate::edit::int_constant;
use coachwhip_ir::func::Def;
use coachwhip_ir::{Block, Func, Op, Ty, Value};

/// How a loop counts.
#[derive(Clone, Copy, Debug)]
pub struct Counter {
    /// The header's parameter.
    pub param: Value,
    /// Its position.
    pub position: usize,
    /// The loop goes on while the parameter is less (counting up) or greater (down) than this.
    pub bound: Value,
    /// Counting up.
    pub up: bool,
}

/// How the loop counts, if it does.
pub fn counter(func: &Func, cfg: &Cfg, loops: &Loops, id: LoopId) -> Option<Counter> {
    let header = loops.loops[id].header;
    let terminator = func.terminator(header)?;
    let data = &func.insts[terminator];
    let [stay, leave] = data.edges.as_slice() else { return None };
    if !loops.contains(id, stay.block) || loops.contains(id, leave.block) {
        return None;
    }
    let test = &func.insts[func.def_inst(*data.args.first()?)?];
    let [param, bound] = *test.args.as_slice() else { return None };
    let up = match test.op {
        Op::Lt => true,
        Op::Gt => false,
        _ => return None,
    };
    let position = func.blocks[header].params.iter().position(|&p| p == param)?;
    let outside = loops.is_invariant(func, id, bound);
    let steps = cfg.preds[header].iter().filter(|(b, _)| loops.contains(id, *b)).all(|&(from, n)| {
        let arg = func.edges(from).get(n).and_then(|e| e.args.get(position)).copied();
        arg.is_some_and(|a| is_step(func, cfg, a, param, up, 2))
    });
    (func.ty(param) == &Ty::Int && outside && steps).then_some(Counter { param, position, bound, up })
}

/// Whether a value is the parameter, one further; joins of such values are, too.
fn is_step(func: &Func, cfg: &Cfg, value: Value, param: Value, up: bool, depth: u32) -> bool {
    if let Def::Param(block, n) = func.values[value].def {
        let arg = |&(b, e): &(Block, usize)| func.edges(b).get(e).and_then(|e| e.args.get(n as usize)).copied();
        return depth > 0
            && value != param
            && cfg.preds[block].iter().all(|p| arg(p).is_some_and(|a| is_step(func, cfg, a, param, up, depth - 1)));
    }
    let Some(inst) = func.def_inst(value) else { return false };
    let data = &func.insts[inst];
    let [a, b] = *data.args.as_slice() else { return false };
    let by = match data.op.wrapping() {
        Op::Add if a == param => int_constant(func, b),
        Op::Add if b == param => int_constant(func, a),
        Op::Sub if a == param => int_constant(func, b).and_then(i64::checked_neg),
        _ => None,
    };
    by == Some(if up { 1 } else { -1 })
}

/// The number of iterations, if it is known and the loop cannot have more.
pub fn constant_trips(func: &Func, cfg: &Cfg, loops: &Loops, id: LoopId) -> Option<i64> {
    let counter = counter(func, cfg, loops, id)?;
    let header = loops.loops[id].header;
    let bound = int_constant(func, counter.bound)?;
    let mut most = 0;
    for &(from, n) in cfg.preds[header].iter().filter(|(b, _)| !loops.contains(id, *b)) {
        let start = int_constant(func, *func.edges(from).get(n)?.args.get(counter.position)?)?;
        let trips = if counter.up { bound.checked_sub(start) } else { start.checked_sub(bound) };
        most = most.max(trips?);
    }
    Some(most)
}
