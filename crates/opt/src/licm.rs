//! Moves pure instructions whose operands a loop does not change in front of the loop (the outermost possible).
//!
//! LLVM does so, too; here it makes what does not change in a loop visible to loop versions as values from outside.

use crate::analysis::{Cfg, Dominators, Loops};
use crate::edit::int_constant;
use crate::loop_form;
use coachwhip_ir::dominators::{def_block, inst_blocks};
use coachwhip_ir::{Block, Func, Inst, Needs, Op};

/// Moves what can be moved where there are lists, so that the ranges of indices are compared with lengths from outside.
pub fn run_for_lists(func: &mut Func) {
    let reads = |inst: &Inst| crate::lists::reads_header(&func.insts[*inst]);
    if func.order.iter().any(|&b| func.blocks[b].insts.iter().any(reads)) {
        run(func);
        crate::cleanup::run(func);
    }
}

/// Moves what can be moved.
pub fn run(func: &mut Func) {
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    if Loops::new(func, &cfg, &dom).loops.is_empty() {
        return;
    }
    loop_form::preheaders(func);
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    let loops = Loops::new(func, &cfg, &dom);
    let mut places = inst_blocks(func);
    // Writers stay where they are, so they can be listed before anything is moved.
    let writers: Vec<Vec<Inst>> = loops.loops.values().map(|l| crate::lists::writers(func, &l.blocks)).collect();
    for &block in &cfg.rpo {
        if loops.innermost(block).is_none() {
            continue;
        }
        let mut stay: Vec<Inst> = Vec::new();
        for inst in std::mem::take(&mut func.blocks[block].insts) {
            match target(func, (&cfg, &loops, &places, &writers), block, inst) {
                None => stay.push(inst),
                Some(home) => {
                    places[inst] = Some(home);
                    let at = func.blocks[home].insts.len().saturating_sub(1);
                    func.blocks[home].insts.insert(at, inst);
                }
            }
        }
        func.blocks[block].insts = stay;
    }
}

/// The graph, the loops, where instructions are, and by loop those that change lists.
type Known<'k> = (&'k Cfg, &'k Loops, &'k coachwhip_ir::entity::Map<Inst, Option<Block>>, &'k [Vec<Inst>]);

/// The preheader of the outermost loop in which every operand comes from outside.
fn target(func: &Func, (cfg, loops, places, writers): Known<'_>, block: Block, inst: Inst) -> Option<Block> {
    let data = &func.insts[inst];
    let header = crate::lists::reads_header(data).then(|| data.args.first().copied()).flatten();
    let text = crate::lists::reads_text_header(data).then(|| data.args.first().copied()).flatten();
    match header.or(text) {
        None if !is_movable(func, inst) => return None,
        Some(list) if !crate::lists::is_there(func, list) => return None,
        _ => {}
    }
    let steady = |l: &crate::analysis::LoopId| {
        let inside = writers.get(coachwhip_ir::entity::Entity::index(*l)).map_or(&[][..], Vec::as_slice);
        header.is_none_or(|list| crate::lists::is_steady(func, inside, list))
    };
    let homes: Vec<Option<Block>> = func.insts[inst].args.iter().map(|&a| def_block(func, places, a)).collect();
    let outside = |l: &crate::analysis::LoopId| homes.iter().all(|h| h.is_some_and(|h| !loops.contains(*l, h)));
    let outermost = loops.around(block).take_while(outside).take_while(steady).last()?;
    loop_form::preheader(func, cfg, loops, outermost)
}

/// Whether an instruction may run although the source would not have got to it.  An exact sum may not: it is
/// exact only where it was proved.
pub fn is_movable(func: &Func, inst: Inst) -> bool {
    let data = &func.insts[inst];
    if !data.effects().is_pure() || data.op.is_terminator() {
        return false;
    }
    let second = || data.args.get(1).and_then(|&a| int_constant(func, a));
    match data.op.needs() {
        Needs::Divisor => second().is_some_and(|c| c > 0),
        Needs::Count => second().is_some_and(|c| (0..8).contains(&c)),
        Needs::Proof => false,
        Needs::Nothing => !matches!(data.op, Op::Runtime | Op::Undef | Op::GlobalArray),
    }
}
