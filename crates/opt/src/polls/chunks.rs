//! Strip-mining: a counting loop runs in chunks.
//!
//! The preheader leads to a new block that takes the header's parameters and computes where the chunk ends; the header
//! compares with that instead of the bound; after the header a new block asks for the bound, and either
//! polls and starts the next chunk or leaves.  Every exit still passes the header, so its values are good after the loop.

use crate::analysis::counted::counter;
use crate::analysis::{Cfg, LoopId, Loops};
use crate::edit::{append_int, append_value, edge_mut};
use crate::loop_form;
use coachwhip_ir::{Block, Edge, Func, Imm, Op, Ty, Value};

/// Makes a counting loop poll after every `size` iterations.
pub fn chunk(func: &mut Func, cfg: &Cfg, loops: &Loops, id: LoopId, size: i64) {
    let header = loops.loops[id].header;
    let Some(counter) = counter(func, cfg, loops, id) else { return };
    let Some(preheader) = loop_form::preheader(func, cfg, loops, id) else { return };
    let Some(test) = func.terminator(header) else { return };
    let loc = func.insts[test].loc;
    let start = func.add_block();
    let types: Vec<Ty> = func.blocks[header].params.iter().map(|&p| func.ty(p).clone()).collect();
    let params: Vec<Value> = types.into_iter().map(|ty| func.add_param(start, ty)).collect();
    let Some(&first) = params.get(counter.position) else { return };
    let enter = func.make_inst(Op::Jump, Imm::None, vec![], &[], vec![Edge { block: header, args: params }], loc);
    func.blocks[start].insts.push(enter);
    if let Some(edge) = edge_mut(func, preheader, 0) {
        edge.block = start;
    }
    let end = chunk_end(func, start, first, counter.bound, counter.up, size);
    let op = if counter.up { Op::Lt } else { Op::Gt };
    let more = append_value(func, header, op, vec![counter.param, end], Ty::Bool);
    let behind = func.add_block();
    let leave = edge_mut(func, header, 1).map(|e| std::mem::replace(e, Edge { block: behind, args: vec![] }));
    if let Some(condition) = func.insts[test].args.first_mut() {
        *condition = more;
    }
    let again = Edge { block: start, args: func.blocks[header].params.clone() };
    let poll = super::poll_block(func, again, loc);
    let edges = std::iter::once(Edge { block: poll, args: vec![] }).chain(leave).collect();
    let branch = func.make_inst(Op::Branch, Imm::None, vec![], &[], edges, loc);
    func.blocks[behind].insts.push(branch);
    let left = append_value(func, behind, op, vec![counter.param, counter.bound], Ty::Bool);
    func.insts[branch].args.push(left);
}

/// The bound, or `size` iterations after the start of the chunk, whichever comes first; sums do not overflow.
fn chunk_end(func: &mut Func, block: Block, first: Value, bound: Value, up: bool, size: i64) -> Value {
    let (near, far, step) =
        if up { (Op::Min, i64::MAX - size, Op::AddExact) } else { (Op::Max, i64::MIN + size, Op::SubExact) };
    let far = append_int(func, block, far);
    let start = append_value(func, block, near, vec![first, far], Ty::Int);
    let size = append_int(func, block, size);
    let end = append_value(func, block, step, vec![start, size], Ty::Int);
    append_value(func, block, near, vec![end, bound], Ty::Int)
}
