//! Who calls whom in a module.

use crate::func::{Func, Inst};
use crate::graph::callees_first;
use crate::op::{Imm, Op};
use crate::program::Module;

/// The functions of a module in an order in which callees come before callers, and which of them can reach themselves.
pub fn order(module: &Module) -> (Vec<usize>, Vec<bool>) {
    let graph: Vec<Vec<usize>> = module.funcs.iter().map(callees).collect();
    callees_first(&graph)
}

/// The functions that a function calls, with repetition; kernels of maps are called.
pub fn callees(func: &Func) -> Vec<usize> {
    let insts = func.order.iter().flat_map(|&b| func.blocks[b].insts.iter());
    insts.filter_map(|&i| callee(func, i).or_else(|| kernel(func, i))).collect()
}

/// The function that an instruction calls.
pub fn callee(func: &Func, inst: Inst) -> Option<usize> {
    match (func.insts[inst].op, &func.insts[inst].imm) {
        (Op::Call, Imm::Func(k)) => Some(*k as usize),
        _ => None,
    }
}

/// The kernel of a map.
fn kernel(func: &Func, inst: Inst) -> Option<usize> {
    match (func.insts[inst].op, &func.insts[inst].imm) {
        (Op::Map | Op::MapInto, Imm::Func(k)) => Some(*k as usize),
        _ => None,
    }
}
