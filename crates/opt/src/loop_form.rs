//! The shape that loop passes rely on: a preheader, the one block that enters the loop and leads nowhere else.

use crate::analysis::{Cfg, Dominators, LoopId, Loops};
use crate::edit::{edge_mut, split_edge};
use coachwhip_ir::{Block, Edge, Func, Imm, Loc, Op};

/// Gives every loop one latch: the one block that leads back to the header.
pub fn latches(func: &mut Func) {
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    let loops = Loops::new(func, &cfg, &dom);
    for id in loops.loops.keys() {
        let header = loops.loops[id].header;
        let back = |(b, _): &(Block, usize)| loops.contains(id, *b);
        let edges: Vec<(Block, usize)> = cfg.preds[header].iter().copied().filter(back).collect();
        if edges.len() > 1 {
            gather(func, header, edges);
        }
    }
}

/// Gives every loop a preheader.
pub fn preheaders(func: &mut Func) {
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    let loops = Loops::new(func, &cfg, &dom);
    for id in loops.loops.keys() {
        if preheader(func, &cfg, &loops, id).is_none() {
            make_preheader(func, &cfg, &loops, id);
        }
    }
}

/// The preheader of a loop, if it has one.
pub fn preheader(func: &Func, cfg: &Cfg, loops: &Loops, id: LoopId) -> Option<Block> {
    match entering(cfg, loops, id).as_slice() {
        [(from, _)] if func.edges(*from).len() == 1 => Some(*from),
        _ => None,
    }
}

fn entering(cfg: &Cfg, loops: &Loops, id: LoopId) -> Vec<(Block, usize)> {
    let header = loops.loops[id].header;
    cfg.preds[header].iter().copied().filter(|&(b, _)| !loops.contains(id, b)).collect()
}

fn make_preheader(func: &mut Func, cfg: &Cfg, loops: &Loops, id: LoopId) {
    let header = loops.loops[id].header;
    let edges = entering(cfg, loops, id);
    if let [(from, number)] = edges.as_slice() {
        split_edge(func, *from, *number);
        return;
    }
    // The function's entry may be a header itself; it is entered from outside by no edge.
    if edges.is_empty() {
        return;
    }
    gather(func, header, edges);
}

/// A new block that some edges lead to, and which leads on to where they led.
fn gather(func: &mut Func, target: Block, edges: Vec<(Block, usize)>) {
    let block = func.add_block();
    let types: Vec<_> = func.blocks[target].params.iter().map(|&p| func.ty(p).clone()).collect();
    let params = types.into_iter().map(|ty| func.add_param(block, ty)).collect();
    let onward = Edge { block: target, args: params };
    let jump = func.make_inst(Op::Jump, Imm::None, vec![], &[], vec![onward], Loc(0));
    func.blocks[block].insts.push(jump);
    for (from, number) in edges {
        if let Some(edge) = edge_mut(func, from, number) {
            edge.block = block;
        }
    }
}
