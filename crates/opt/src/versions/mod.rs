//! Loop versions: one test in front of a loop nest, an unchecked copy of the nest for when it holds, the checked one,
//! with exactly the source's behaviour, for when it does not.
//!
//! A guard in a loop is worth a version if it can be reduced to a condition on values from outside the loop (see
//! [`crate::bounds`]).  Nests are tried from outside; what cannot be reduced for the whole nest is tried again for the
//! inner loops of the unchecked copy.

mod emit;
mod overflow;
mod sums;
mod trials;
mod version;

use crate::analysis::{Cfg, Dominators, LoopId, Loops, is_unlikely};
use crate::bounds::Facts;
use crate::copy::{Copies, copy_blocks};
use crate::edit::{Renames, edge_mut, operands};
use crate::loop_form;
use crate::ssa::{Versions, repair};
use coachwhip_ir::{Block, Edge, Func, Imm, Loc, Op};
use std::collections::HashSet;
use version::Version;

/// Nests deeper than this keep the checks of their inner loops.
const ROUNDS: u32 = 4;
/// Loops with more instructions than this are not copied.
const LARGEST: usize = 2000;

/// Makes versions of loops.
pub fn run(func: &mut Func) {
    for depth in 1..=ROUNDS {
        loop_form::preheaders(func);
        let cfg = Cfg::new(func);
        let dom = Dominators::new(func, &cfg);
        let loops = Loops::new(func, &cfg, &dom);
        let ids: Vec<LoopId> = loops.loops.keys().collect();
        let at_depth = |id: &LoopId| loops.loops[*id].depth == depth && !is_unlikely(func, loops.loops[*id].header);
        let ids: Vec<LoopId> = ids.into_iter().filter(at_depth).collect();
        if ids.is_empty() {
            break;
        }
        let facts = Facts::new(func, &cfg, &dom, &loops);
        let versions_found: Vec<Version> =
            ids.into_iter().filter_map(|id| version::version(&facts, id, LARGEST, None)).collect();
        drop(facts);
        apply(func, versions_found);
    }
}

/// Makes versions of loops that sum up Python ints.  Comes after the polls: their chunks have few iterations.
pub fn run_sums(func: &mut Func) {
    if !func.order.iter().any(|&b| func.blocks[b].insts.iter().any(|&i| func.insts[i].results.len() == 2)) {
        return;
    }
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    if Loops::new(func, &cfg, &dom).loops.is_empty() {
        return;
    }
    loop_form::preheaders(func);
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    let loops = Loops::new(func, &cfg, &dom);
    let facts = Facts::new(func, &cfg, &dom, &loops);
    let version = |id| {
        if is_unlikely(func, loops.loops[id].header) || !has_checked_sum(func, &loops.loops[id].blocks) {
            return None;
        }
        let sums = sums::Sums::find(&facts, id);
        if sums.is_empty() { None } else { version::version(&facts, id, LARGEST, Some(&sums)) }
    };
    let versions_found: Vec<Version> = loops.loops.keys().filter_map(version).collect();
    drop(facts);
    apply(func, versions_found);
}

/// The place of a block's last instruction.
fn loc_of(func: &Func, block: Block) -> Loc {
    func.blocks[block].insts.last().map_or(Loc(0), |&i| func.insts[i].loc)
}

/// Makes versions of loops whose checks of floats and of NumPy's integers are tried chunk by chunk.
pub fn run_trials(func: &mut Func) {
    if trials::wanted(func) {
        trials::straighten(func);
        loop_form::preheaders(func);
        let versions_found = trials::versions_found(func);
        apply(func, versions_found);
    }
}

/// Whether blocks hold a sum whose overflow is looked at.
fn has_checked_sum(func: &Func, blocks: &[Block]) -> bool {
    let insts = blocks.iter().flat_map(|&b| &func.blocks[b].insts);
    insts.map(|&i| func.insts[i].op).any(|op| op.is_checked() && op != Op::MulOvf)
}

/// Copies, tests and thins out.
fn apply(func: &mut Func, versions_found: Vec<Version>) {
    let mut versions = Versions::default();
    for (number, version) in versions_found.iter().enumerate() {
        if !version.conditions.is_empty() {
            let copies = copy_loop(func, version);
            mark_unlikely(func, version, &copies);
            note_versions(func, number, version, &copies, &mut versions);
        }
    }
    let outside = used_outside(func, &versions);
    versions.values.retain(|value, _| outside.contains(value));
    repair(func, &versions);
    let mut renames = Renames::new(func);
    for version in &versions_found {
        version.thin_out(func, &mut renames);
    }
    renames.apply(func);
}

/// Copies the blocks of a loop and puts the test into its preheader.
fn copy_loop(func: &mut Func, version: &Version) -> Copies {
    let mut copies = Copies::default();
    copy_blocks(func, None, &version.blocks, &mut copies, &mut |_, loc| loc);
    let test = emit::conditions(func, version.preheader, &version.conditions);
    if let Some(edge) = edge_mut(func, version.preheader, 0).cloned()
        && let Some(t) = func.terminator(version.preheader)
    {
        let slow = Edge { block: copies.block(edge.block), args: edge.args.clone() };
        let data = &mut func.insts[t];
        data.op = Op::Branch;
        data.args = vec![test];
        data.edges = vec![edge, slow];
    }
    copies
}

/// Marks the blocks of a checked copy.
fn mark_unlikely(func: &mut Func, version: &Version, copies: &Copies) {
    for block in version.blocks.iter().map(|&b| copies.block(b)) {
        if !is_unlikely(func, block) {
            let loc = func.terminator(block).map_or(Loc(0), |t| func.insts[t].loc);
            let mark = func.make_inst(Op::Unlikely, Imm::None, vec![], &[], vec![], loc);
            func.blocks[block].insts.insert(0, mark);
        }
    }
}

fn note_versions(func: &Func, number: usize, version: &Version, copies: &Copies, versions: &mut Versions) {
    for &block in &version.blocks {
        versions.regions.entry(block).or_default().push((number, false));
        versions.regions.entry(copies.block(block)).or_default().push((number, true));
        let results = func.blocks[block].insts.iter().flat_map(|&i| func.insts[i].results.iter());
        for &value in func.blocks[block].params.iter().chain(results) {
            versions.values.insert(value, (number, copies.value(value)));
        }
    }
}

/// Values of versioned loops that blocks outside use.
fn used_outside(func: &Func, versions: &Versions) -> HashSet<coachwhip_ir::Value> {
    let mut found = HashSet::new();
    for &block in &func.order {
        let regions = versions.regions.get(&block).map_or(&[][..], Vec::as_slice);
        for &inst in &func.blocks[block].insts {
            for value in operands(func, inst) {
                if let Some((number, _)) = versions.values.get(&value)
                    && !regions.iter().any(|(n, _)| n == number)
                {
                    found.insert(value);
                }
            }
        }
    }
    found
}
