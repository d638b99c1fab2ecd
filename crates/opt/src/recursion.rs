//! Polls in functions that can reach themselves: their calls are a loop that no other pass sees.
//!
//! The calls are counted where they are made: the ends of a recursion, half of all calls or more, cost nothing.

use coachwhip_ir::calls::{self, callee};
use coachwhip_ir::{Func, Imm, Loc, Module, Op};

/// Counts the calls between recursive functions.
pub fn run(module: &mut Module) {
    let (_, recursive) = calls::order(module);
    for (func, _) in module.funcs.iter_mut().zip(&recursive).filter(|(_, recursive)| **recursive) {
        count_calls(func, &recursive);
    }
}

/// One count for each block that calls: the first call stands for those after it.
fn count_calls(func: &mut Func, recursive: &[bool]) {
    for block in func.order.clone() {
        let is_counted = |&i| callee(func, i).is_some_and(|k| recursive.get(k) == Some(&true));
        if let Some(at) = func.blocks[block].insts.iter().position(is_counted) {
            let loc = func.blocks[block].insts.get(at).map_or(Loc(0), |&i| func.insts[i].loc);
            let count = func.make_inst(Op::PollCall, Imm::None, vec![], &[], vec![], loc);
            func.blocks[block].insts.insert(at, count);
        }
    }
}
