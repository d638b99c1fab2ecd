//! Merges loop variables that always have the same value: `enumerate`'s count and the position it counts.
//!
//! Two parameters of a block are twins if every edge brings them the same value, or values made of them alike:
//! sums with the same step.  Of a sum that wraps and one that is known to fit, the latter is kept.

use super::dead::remove_params;
use crate::analysis::Cfg;
use crate::edit::Renames;
use coachwhip_ir::{Block, Func, InstData, Op, Value};

/// Replaces the second of two twins; says whether there were any.
pub fn run(func: &mut Func) -> bool {
    let cfg = Cfg::new(func);
    let mut renames = Renames::new(func);
    for &block in &cfg.rpo {
        let params = &func.blocks[block].params;
        if block == func.entry || params.len() < 2 || cfg.preds[block].len() < 2 {
            continue;
        }
        for (n, &twin) in params.iter().enumerate() {
            let before = params.iter().enumerate().filter(|&(m, _)| m != n);
            for (m, &kept) in before {
                let free = renames.get(twin) == twin && renames.get(kept) == kept;
                if free && func.ty(kept) == func.ty(twin) && are_twins(func, &cfg, block, (m, kept), (n, twin)) {
                    renames.set(twin, kept);
                }
            }
        }
    }
    if !renames.changed() {
        return false;
    }
    for &block in &cfg.rpo {
        if block != func.entry {
            remove_params(func, &cfg, block, |p| renames.get(p) == p);
        }
    }
    renames.apply(func);
    true
}

/// Whether `twin` may be replaced by `kept` (each with its position among the block's parameters).
fn are_twins(func: &Func, cfg: &Cfg, block: Block, kept: (usize, Value), twin: (usize, Value)) -> bool {
    cfg.preds[block].iter().all(|&(from, edge)| {
        let Some(args) = func.edges(from).get(edge).map(|e| &e.args) else { return false };
        match (args.get(kept.0), args.get(twin.0)) {
            (Some(&a), Some(&b)) => a == b || alike(func, (a, kept.1), (b, twin.1)),
            _ => false,
        }
    })
}

/// Whether two arguments are their parameters with the same step added.
fn alike(func: &Func, (a, kept): (Value, Value), (b, twin): (Value, Value)) -> bool {
    if a == kept && b == twin {
        return true;
    }
    let (Some(x), Some(y)) = (inst(func, a), inst(func, b)) else { return false };
    let kind = matches!((x.op, y.op), (Op::AddExact, Op::Add | Op::AddExact) | (Op::Add, Op::Add));
    match (x.args.as_slice(), y.args.as_slice()) {
        ([p, step], [q, other]) => kind && *p == kept && *q == twin && same(func, *step, *other),
        _ => false,
    }
}

fn same(func: &Func, a: Value, b: Value) -> bool {
    a == b || (func.constant(a).is_some() && func.constant(a) == func.constant(b))
}

fn inst(func: &Func, value: Value) -> Option<&InstData> {
    func.def_inst(value).map(|i| &func.insts[i])
}
