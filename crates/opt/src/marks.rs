//! Marks at the headers of loops, which tell the code generator what LLVM cannot know or takes too long to find out.
//!
//! `lanes` stands where the library says it, in the body, and is moved to the header of the innermost loop around it.
//! `in_order` is for loops that must add floats in the order of the source and do little besides: the additions wait for
//! one another, so that vectors around them gain nothing, and making them takes LLVM a third longer.

use crate::analysis::{Cfg, Dominators, LoopId, Loops, is_unlikely};
use coachwhip_ir::func::Def;
use coachwhip_ir::{Block, Cost, Func, Imm, Kind, Loc, Op, Value};

/// The most instructions that fit in the time of one addition after another.
const SHORT: usize = 24;

/// Sets the marks.
pub fn run(func: &mut Func) {
    let cfg = Cfg::new(func);
    if !cfg.has_loop() {
        return;
    }
    let dom = Dominators::new(func, &cfg);
    let loops = Loops::new(func, &cfg, &dom);
    let mut headers: Vec<(Block, Op)> = Vec::new();
    for &block in &cfg.rpo {
        let count = func.blocks[block].insts.len();
        let mut insts = std::mem::take(&mut func.blocks[block].insts);
        insts.retain(|&i| func.insts[i].op != Op::Lanes);
        let marked = insts.len() != count;
        func.blocks[block].insts = insts;
        if let Some(id) = loops.innermost(block).filter(|_| marked) {
            headers.push((loops.loops[id].header, Op::Lanes));
        }
    }
    for (id, this) in loops.loops.iter() {
        let is_marked = headers.iter().any(|(header, _)| *header == this.header);
        if !is_marked && !is_unlikely(func, this.header) && is_short_sum(func, &cfg, &loops, id) {
            headers.push((this.header, Op::InOrder));
        }
    }
    for (header, op) in headers {
        let mark = func.make_inst(op, Imm::None, vec![], &[], vec![], Loc(0));
        func.blocks[header].insts.insert(0, mark);
    }
}

/// Whether a loop must add floats in the order of the source and does little besides.
fn is_short_sum(func: &Func, cfg: &Cfg, loops: &Loops, id: LoopId) -> bool {
    let this = &loops.loops[id];
    let insts = || this.blocks.iter().flat_map(|&block| &func.blocks[block].insts).map(|&i| &func.insts[i]);
    let is_sum = |&(from, edge): &(Block, usize)| {
        let args = func.edges(from).get(edge).map_or(&[][..], |e| e.args.as_slice());
        args.iter().zip(&func.blocks[this.header].params).any(|(&arg, &total)| {
            let adds = |&value: &Value| match func.def_inst(value).map(|i| &func.insts[i]) {
                Some(data) => matches!(data.op, Op::Add | Op::Sub) && data.args.contains(&total),
                None => false,
            };
            let is_float = func.ty(total).dtype().is_some_and(|d| d.kind() == Kind::Float);
            is_float && choices(func, &this.blocks, arg).iter().any(adds)
        })
    };
    !func.options.fastmath.reassoc
        && insts().count() <= SHORT
        && insts().all(|data| data.op.cost() < Cost::Slow)
        && cfg.preds[this.header].iter().filter(|(from, _)| loops.contains(id, *from)).any(is_sum)
}

/// The values that may have become this one by a choice within the loop.
fn choices(func: &Func, blocks: &[Block], value: Value) -> Vec<Value> {
    match func.values[value].def {
        Def::Result(inst, _) if func.insts[inst].op == Op::Select => func.insts[inst].args.clone(),
        Def::Param(meeting, position) => {
            let edges = blocks.iter().flat_map(|&block| func.edges(block)).filter(|edge| edge.block == meeting);
            edges.filter_map(|edge| edge.args.get(position as usize).copied()).collect()
        }
        Def::Result(..) => vec![value],
    }
}
