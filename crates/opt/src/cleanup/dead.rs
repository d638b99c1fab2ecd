//! Removes unreachable blocks, instructions without effect that nobody needs, and parameters that feed only
//! themselves.

use crate::analysis::Cfg;
use crate::edit::operands;
use coachwhip_ir::entity::Map;
use coachwhip_ir::func::Def;
use coachwhip_ir::{Block, Func, Inst, Op, Value};

/// Whether an instruction may go when its results are not needed.
fn is_removable(func: &Func, inst: Inst) -> bool {
    let data = &func.insts[inst];
    let reads_only = data.op != Op::Runtime && data.effects().only_reads();
    !data.op.is_terminator() && (data.effects().is_pure() || reads_only)
}

/// Removes what is dead; says whether anything was.
pub fn run(func: &mut Func) -> bool {
    let cfg = Cfg::new(func);
    let before = func.order.len();
    func.order.retain(|&b| cfg.is_reachable(b));
    let needed = mark(func, &cfg);
    let mut changed = func.order.len() != before;
    for block in func.order.clone() {
        let mut insts = std::mem::take(&mut func.blocks[block].insts);
        let count = insts.len();
        insts.retain(|&i| !is_removable(func, i) || func.insts[i].results.iter().any(|&r| needed[r]));
        changed |= insts.len() != count;
        func.blocks[block].insts = insts;
        if block != func.entry {
            changed |= remove_params(func, &cfg, block, |p| needed[p]);
        }
    }
    changed
}

/// Values that an effect or a decision depends on.
fn mark(func: &Func, cfg: &Cfg) -> Map<Value, bool> {
    let mut needed = Map::new();
    needed.resize(func.values.len(), false);
    let mut work: Vec<Value> = Vec::new();
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            if !is_removable(func, inst) {
                work.extend(func.insts[inst].args.iter().copied());
            }
        }
    }
    while let Some(value) = work.pop() {
        if std::mem::replace(&mut needed[value], true) {
            continue;
        }
        match func.values[value].def {
            Def::Result(inst, _) if is_removable(func, inst) => work.extend(operands(func, inst)),
            Def::Result(..) => {}
            Def::Param(block, n) => {
                let entering = cfg.preds[block].iter();
                work.extend(entering.filter_map(|&(b, e)| func.edges(b).get(e)?.args.get(n as usize).copied()));
            }
        }
    }
    needed
}

/// Drops the parameters of a block that `keep` refuses, and their arguments on the edges that enter it.
pub fn remove_params(func: &mut Func, cfg: &Cfg, block: Block, keep: impl Fn(Value) -> bool) -> bool {
    let params = func.blocks[block].params.clone();
    let kept: Vec<bool> = params.iter().map(|&p| keep(p)).collect();
    if kept.iter().all(|&k| k) {
        return false;
    }
    let entering = cfg.preds[block].clone();
    for (from, number) in entering {
        if let Some(edge) = crate::edit::edge_mut(func, from, number) {
            retain(&mut edge.args, &kept);
        }
    }
    retain(&mut func.blocks[block].params, &kept);
    for (n, param) in func.blocks[block].params.clone().into_iter().enumerate() {
        func.values[param].def = Def::Param(block, n as u32);
    }
    true
}

fn retain(items: &mut Vec<Value>, kept: &[bool]) {
    let mut flags = kept.iter();
    items.retain(|_| flags.next().copied().unwrap_or(true));
}
