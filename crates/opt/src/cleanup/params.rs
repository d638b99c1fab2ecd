//! Removes block parameters that always receive the same value.

use super::dead::remove_params;
use crate::analysis::Cfg;
use crate::edit::Renames;
use coachwhip_ir::{Block, Func, Value};

/// Replaces trivial parameters; says whether there were any.
pub fn run(func: &mut Func) -> bool {
    let cfg = Cfg::new(func);
    let mut renames = Renames::new(func);
    // A parameter may become trivial when another has; loops nested k deep need k rounds.
    loop {
        let mut found = false;
        for &block in &cfg.rpo {
            if block == func.entry {
                continue;
            }
            for (n, &param) in func.blocks[block].params.iter().enumerate() {
                if renames.get(param) == param
                    && let Some(value) = only_argument(func, &cfg, &renames, block, n, param)
                    && func.ty(value) == func.ty(param)
                {
                    renames.set(param, value);
                    found = true;
                }
            }
        }
        if !found {
            break;
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

fn only_argument(func: &Func, cfg: &Cfg, renames: &Renames, block: Block, n: usize, param: Value) -> Option<Value> {
    let mut only = None;
    for &(from, edge) in &cfg.preds[block] {
        let arg = renames.get(*func.edges(from).get(edge)?.args.get(n)?);
        if arg != param && only.replace(arg).is_some_and(|o| o != arg) {
            return None;
        }
    }
    only
}
