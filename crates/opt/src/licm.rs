//! Moves pure instructions whose operands a loop does not change in front of the loop (the outermost possible).
//!
//! LLVM does so, too; here it makes what does not change in a loop visible to loop versions as values from outside.

use crate::analysis::dom::{def_block, inst_blocks};
use crate::analysis::{Cfg, Dominators, Loops};
use crate::edit::int_constant;
use crate::shape;
use coachwhip_ir::{Block, Func, Inst, Op};

/// Moves what can be moved.
pub fn run(func: &mut Func) {
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    if Loops::new(func, &cfg, &dom).loops.is_empty() {
        return;
    }
    shape::preheaders(func);
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    let loops = Loops::new(func, &cfg, &dom);
    let mut places = inst_blocks(func);
    for &block in &cfg.rpo {
        if loops.innermost(block).is_none() {
            continue;
        }
        let mut stay: Vec<Inst> = Vec::new();
        for inst in std::mem::take(&mut func.blocks[block].insts) {
            match target(func, &cfg, &loops, &places, block, inst) {
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

/// The preheader of the outermost loop in which every operand comes from outside.
fn target(
    func: &Func,
    cfg: &Cfg,
    loops: &Loops,
    places: &coachwhip_ir::entity::Map<Inst, Option<Block>>,
    block: Block,
    inst: Inst,
) -> Option<Block> {
    if !is_movable(func, inst) {
        return None;
    }
    let homes: Vec<Option<Block>> = func.insts[inst].args.iter().map(|&a| def_block(func, places, a)).collect();
    let outside = |l: &crate::analysis::LoopId| homes.iter().all(|h| h.is_some_and(|h| !loops.contains(*l, h)));
    let outermost = loops.around(block).take_while(outside).last()?;
    shape::preheader(func, cfg, loops, outermost)
}

/// Whether an instruction may run although the source would not have got to it.  An exact sum may not: it is
/// exact only where it was proved.
pub fn is_movable(func: &Func, inst: Inst) -> bool {
    use Op::*;
    let data = &func.insts[inst];
    if !data.effects().is_pure() || data.op.is_terminator() {
        return false;
    }
    let second = || data.args.get(1).and_then(|&a| int_constant(func, a));
    match data.op {
        FloorDiv | FloorMod | TruncDiv | TruncMod => second().is_some_and(|c| c > 0),
        Shl | Shr => second().is_some_and(|c| (0..8).contains(&c)),
        AddExact | SubExact | MulExact | Runtime | Undef | GlobalArray => false,
        _ => true,
    }
}
