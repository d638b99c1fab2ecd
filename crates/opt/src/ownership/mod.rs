//! Who frees which memory.
//!
//! Every counted root (see [`roots`]) is owned from its definition to its last use on every path; there it
//! is released, or its ownership moves on: to the caller, to a block parameter.  What borrows from a root
//! keeps it alive by being used.  The duties between `own` and `release` on error paths are the error exit's.

mod cells;
mod items;
mod live;
mod roots;

use crate::analysis::Cfg;
use crate::edit::{edge_mut, operands, split_edge};
use coachwhip_abi::RuntimeFn;
use coachwhip_ir::{Block, Func, Imm, Inst, Loc, Module, Op, Owner, Value, heap};
use live::Liveness;
use roots::Roots;
use std::collections::BTreeSet;

/// Inserts `own`, `disown`, `retain` and `release`.
pub fn run(module: &mut Module) {
    let enders = items::enders(module);
    module.funcs.iter_mut().for_each(|func| run_func(func, &enders));
}

fn run_func(func: &mut Func, enders: &[bool]) {
    let cfg = Cfg::new(func);
    let roots = Roots::find(func, &cfg, &items::borrowed(func, &cfg, enders));
    let live = Liveness::new(func, &cfg, &roots);
    let blocks = cfg.rpo.clone();
    let edges: Vec<(Block, usize)> =
        blocks.iter().flat_map(|&b| (0..func.edges(b).len()).map(move |n| (b, n))).collect();
    // Edges are planned on the function as it was, and changed when no plan needs it any more.
    let plans: Vec<Vec<(Op, Value)>> = edges.iter().map(|&(b, n)| plan_edge(func, &roots, &live, b, n)).collect();
    for &block in &blocks {
        rewrite_block(func, &roots, &live, block);
    }
    for ((block, number), plan) in edges.into_iter().zip(plans).rev() {
        if !plan.is_empty() {
            place_on_edge(func, &cfg, block, number, plan);
        }
    }
    cells::run(func);
}

/// Walks a block backwards and puts each duty after the instruction that causes it.
fn rewrite_block(func: &mut Func, roots: &Roots, live: &Liveness, block: Block) {
    let mut alive = live.at_end(func, roots, block);
    let mut reversed: Vec<Inst> = Vec::new();
    for inst in std::mem::take(&mut func.blocks[block].insts).into_iter().rev() {
        let loc = func.insts[inst].loc;
        let used: BTreeSet<Value> = operands(func, inst).flat_map(|v| roots.of(v).iter().copied()).collect();
        let terminator = func.insts[inst].op.is_terminator();
        let mut behind: Vec<(Op, Value)> = Vec::new();
        for result in func.insts[inst].results.clone() {
            if roots.is_owned(result) {
                if func.insts[inst].op.owner(&func.insts[inst].imm) == Owner::Keeper {
                    behind.push((Op::Retain, result));
                }
                behind.push((Op::Own, result));
                if !alive.remove(&result) {
                    behind.push((Op::Release, result));
                }
            }
        }
        if terminator {
            reversed.push(inst);
            for (op, value) in return_duties(func, roots, inst).into_iter().rev() {
                reversed.push(duty(func, op, value, loc));
            }
        } else if let Some(root) = consumed(func, roots, &alive, inst) {
            behind.extend(used.iter().filter(|r| **r != root && !alive.contains(r)).map(|&r| (Op::Release, r)));
            for (op, value) in behind.into_iter().rev() {
                reversed.push(duty(func, op, value, loc));
            }
            reversed.push(inst);
            reversed.push(duty(func, Op::Disown, root, loc));
        } else {
            behind.extend(used.iter().filter(|r| !alive.contains(r)).map(|&r| (Op::Release, r)));
            for (op, value) in behind.into_iter().rev() {
                reversed.push(duty(func, op, value, loc));
            }
            reversed.push(inst);
        }
        alive.extend(used);
    }
    for &param in func.blocks[block].params.clone().iter().rev() {
        if roots.is_owned(param) {
            if !alive.contains(&param) {
                reversed.push(duty(func, Op::Release, param, Loc(0)));
            }
            reversed.push(duty(func, Op::Own, param, Loc(0)));
        }
    }
    reversed.reverse();
    func.blocks[block].insts = reversed;
}

/// The string that an instruction joins another to and that is not needed any more: then the instruction becomes one that
/// takes it over, and makes it longer in place if nobody else keeps it.
fn consumed(func: &mut Func, roots: &Roots, alive: &BTreeSet<Value>, inst: Inst) -> Option<Value> {
    let data = &func.insts[inst];
    let Imm::Runtime(joins) = data.imm else { return None };
    let appends = match joins {
        RuntimeFn::StrConcat => RuntimeFn::StrAppend,
        RuntimeFn::StrConcatChar => RuntimeFn::StrAppendChar,
        _ => return None,
    };
    let [text, added] = *data.args.as_slice() else { return None };
    let ([root], others) = (roots.of(text), roots.of(added)) else { return None };
    if *root != text || alive.contains(root) || others.contains(root) {
        return None;
    }
    let root = *root;
    func.insts[inst].imm = Imm::Runtime(appends);
    Some(root)
}

/// What a `return` does to the roots of its value.
fn return_duties(func: &Func, roots: &Roots, inst: Inst) -> Vec<(Op, Value)> {
    let data = &func.insts[inst];
    let (Op::Return, Some(&value)) = (data.op, data.args.first()) else { return vec![] };
    if let Some(root) = roots.movable(func, value) {
        return vec![(Op::Disown, root)];
    }
    let mut duties = Vec::new();
    if heap::owns(func.ty(value)) {
        duties.push((Op::Retain, value));
    }
    duties.extend(roots.of(value).iter().map(|&r| (Op::Release, r)));
    duties
}

/// What happens on an edge: arguments of owning parameters are moved or retained, roots that are not needed
/// after the edge are released.
fn plan_edge(func: &Func, roots: &Roots, live: &Liveness, block: Block, number: usize) -> Vec<(Op, Value)> {
    let Some(edge) = func.edges(block).get(number) else { return vec![] };
    let needed = live.at_start(edge.block);
    let mut dying: BTreeSet<Value> = live.at_end(func, roots, block);
    dying.retain(|r| !needed.contains(r));
    let mut plan = Vec::new();
    let mut moved = Vec::new();
    for (&param, &arg) in func.blocks[edge.block].params.iter().zip(&edge.args) {
        if roots.is_owned(param) {
            match roots.movable(func, arg).filter(|r| dying.remove(r)) {
                Some(root) => moved.push((Op::Disown, root)),
                None => plan.push((Op::Retain, arg)),
            }
        }
    }
    plan.extend(moved);
    plan.extend(dying.into_iter().map(|r| (Op::Release, r)));
    plan
}

fn place_on_edge(func: &mut Func, cfg: &Cfg, block: Block, number: usize, plan: Vec<(Op, Value)>) {
    let Some(target) = edge_mut(func, block, number).map(|e| e.block) else { return };
    let only_edge = func.edges(block).len() == 1;
    let (place, at) = if only_edge {
        (block, func.blocks[block].insts.len().saturating_sub(1))
    } else if cfg.preds[target].len() == 1 {
        (target, 0)
    } else {
        (split_edge(func, block, number), 0)
    };
    let loc = func.terminator(block).map_or(Loc(0), |t| func.insts[t].loc);
    let duties: Vec<Inst> = plan.into_iter().map(|(op, value)| duty(func, op, value, loc)).collect();
    func.blocks[place].insts.splice(at..at, duties);
}

fn duty(func: &mut Func, op: Op, value: Value, loc: Loc) -> Inst {
    func.make_inst(op, Imm::None, vec![value], &[], vec![], loc)
}
