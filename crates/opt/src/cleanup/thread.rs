//! Shortens control flow: joins a block with its only predecessor, skips blocks that only jump, and sends
//! a known condition straight to its target.

use crate::analysis::Cfg;
use crate::edit::{Renames, edge_mut, int_constant, use_counts};
use coachwhip_ir::entity::Map;
use coachwhip_ir::{Block, Edge, Func, Op, Value};
use std::collections::HashSet;

/// Shortens what can be; says whether anything changed.
pub fn run(func: &mut Func) -> bool {
    let skipped = skip(func);
    merge(func) || skipped
}

/// Redirects edges over blocks that do nothing.
fn skip(func: &mut Func) -> bool {
    let cfg = Cfg::new(func);
    let counts = use_counts(func);
    let mut changed = false;
    for &block in &cfg.rpo {
        for number in 0..func.edges(block).len() {
            // A chain of empty blocks that leads in a circle ends the search, too.
            for _ in 0..8 {
                let Some(edge) = func.edges(block).get(number) else { break };
                let Some(shorter) = shortcut(func, &cfg, &counts, edge) else { break };
                if let Some(edge) = edge_mut(func, block, number) {
                    *edge = shorter;
                    changed = true;
                }
            }
        }
    }
    changed
}

/// Where an edge gets to when its target only jumps, or only branches on what the edge knows.
fn shortcut(func: &Func, cfg: &Cfg, counts: &Map<Value, u32>, edge: &Edge) -> Option<Edge> {
    let target = &func.blocks[edge.block];
    let [only] = target.insts.as_slice() else { return None };
    let data = &func.insts[*only];
    let argument = |v: Value| target.params.iter().position(|&p| p == v).and_then(|n| edge.args.get(n).copied());
    let onward = match data.op {
        Op::Jump => data.edges.first()?,
        Op::Branch => {
            let condition = argument(*data.args.first()?)?;
            data.edges.get(usize::from(int_constant(func, condition)? == 0))?
        }
        _ => return None,
    };
    // A block that leads back is the loop's one latch; without it a loop looks like two to LLVM.
    if onward.block == edge.block || cfg.position(onward.block) <= cfg.position(edge.block) {
        return None;
    }
    // Parameters used after the block would lose their definition on this path.
    let used_here = |p: Value| crate::edit::operands(func, *only).filter(|&v| v == p).count() as u32;
    if target.params.iter().any(|&p| counts.lookup(p).copied() != Some(used_here(p))) {
        return None;
    }
    let args = onward.args.iter().map(|&v| argument(v).unwrap_or(v)).collect();
    Some(Edge { block: onward.block, args })
}

/// Appends blocks to their only predecessor.
fn merge(func: &mut Func) -> bool {
    let cfg = Cfg::new(func);
    let mut renames = Renames::new(func);
    let mut merged: HashSet<Block> = HashSet::new();
    // Backwards, so that a chain collapses into its first block.
    for &block in cfg.rpo.iter().rev() {
        let [(from, 0)] = cfg.preds[block].as_slice() else { continue };
        let Some(jump) = func.terminator(*from).filter(|&t| func.insts[t].op == Op::Jump) else { continue };
        if *from == block || block == func.entry {
            continue;
        }
        let args = func.insts[jump].edges.first().map(|e| e.args.clone()).unwrap_or_default();
        let params = std::mem::take(&mut func.blocks[block].params);
        for (param, arg) in params.into_iter().zip(args) {
            renames.set(param, arg);
        }
        let insts = std::mem::take(&mut func.blocks[block].insts);
        func.blocks[*from].insts.pop();
        func.blocks[*from].insts.extend(insts);
        merged.insert(block);
    }
    func.order.retain(|b| !merged.contains(b));
    renames.apply(func);
    !merged.is_empty()
}
