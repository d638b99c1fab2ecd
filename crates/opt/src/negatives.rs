//! Negative indices from data go out of the way: the common path compares the index once.
//!
//! `wrap_index i, n` with its guard becomes a branch: if `0 <= i < n`, the index is used as it is; otherwise a rare block
//! adds `n`, checks again and comes back.  Only checks that ranges and versions could not remove are left at
//! this point, and only loops are worth it.

use crate::analysis::{Cfg, Dominators, Loops, is_unlikely};
use crate::edit::{Renames, operands};
use coachwhip_ir::{Block, Edge, Func, Imm, Inst, Op, Ty, Value};
use std::collections::HashMap;

/// A guarded `wrap_index`.
struct Site {
    block: Block,
    guard: Inst,
    check: Inst,
    wrap: Inst,
    index: Value,
    size: Value,
}

/// Rewrites every such check in a loop.
pub fn run(func: &mut Func) {
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    let loops = Loops::new(func, &cfg, &dom);
    let uses = Uses::new(func);
    let mut sites = Vec::new();
    for &block in &cfg.rpo {
        if loops.innermost(block).is_some() && !is_unlikely(func, block) {
            let guards = func.blocks[block].insts.iter().filter(|&&i| func.insts[i].op == Op::Guard);
            sites.extend(guards.filter_map(|&guard| site(func, &dom, &uses, block, guard)));
        }
    }
    let mut renames = Renames::new(func);
    // Backwards, so that the guards of a block keep their places until their turn.
    for site in sites.into_iter().rev() {
        rewrite(func, &mut renames, site);
    }
    renames.apply(func);
}

/// Where each instruction stands, and who uses each value.
struct Uses {
    places: HashMap<Inst, (Block, usize)>,
    users: HashMap<Value, Vec<Inst>>,
}

impl Uses {
    fn new(func: &Func) -> Uses {
        let mut uses = Uses { places: HashMap::new(), users: HashMap::new() };
        for &block in &func.order {
            for (at, &inst) in func.blocks[block].insts.iter().enumerate() {
                uses.places.insert(inst, (block, at));
                for value in operands(func, inst) {
                    uses.users.entry(value).or_default().push(inst);
                }
            }
        }
        uses
    }

    fn of(&self, value: Value) -> &[Inst] {
        self.users.get(&value).map_or(&[], Vec::as_slice)
    }
}

fn site(func: &Func, dom: &Dominators, uses: &Uses, block: Block, guard: Inst) -> Option<Site> {
    let holds = *func.insts[guard].args.first()?;
    let check = func.def_inst(holds).filter(|&i| func.insts[i].op == Op::InRange)?;
    let [wrapped, size] = *func.insts[check].args.as_slice() else { return None };
    let wrap = func.def_inst(wrapped).filter(|&i| func.insts[i].op == Op::WrapIndex)?;
    let [index, same] = *func.insts[wrap].args.as_slice() else { return None };
    let place = |inst: Inst| uses.places.get(&inst).copied();
    let only_here = [wrap, check].iter().all(|&i| place(i).is_some_and(|(home, _)| home == block));
    // Behind the guard there is another value: every other user must be there.
    let behind = |&user: &Inst| {
        let is_behind = |(home, _): (Block, usize)| {
            if home == block { place(user) > place(guard) } else { dom.dominates(block, home) }
        };
        user == check || user == guard || place(user).is_some_and(is_behind)
    };
    let fits = only_here && same == size && uses.of(wrapped).iter().all(behind) && uses.of(holds) == [guard];
    fits.then_some(Site { block, guard, check, wrap, index, size })
}

/// Splits the block at the guard: what stood after it goes on with the index that was found.
fn rewrite(func: &mut Func, renames: &mut Renames, site: Site) {
    let Site { block, guard, check, wrap, index, size } = site;
    let Some(at) = func.blocks[block].insts.iter().position(|&i| i == guard) else { return };
    let loc = func.insts[guard].loc;
    let (rest, rare) = (func.add_block(), func.add_block());
    let tail = func.blocks[block].insts.split_off(at + 1);
    func.blocks[rest].insts = tail;
    func.blocks[block].insts.retain(|&i| i != guard && i != wrap && i != check);
    let found = func.add_param(rest, Ty::Int);
    let make = |func: &mut Func, op: Op, args: Vec<Value>, ty: Ty| {
        let inst = func.make_inst(op, Imm::None, args, &[ty], vec![], loc);
        (inst, func.insts[inst].results.first().copied().unwrap_or(index))
    };
    let (direct, holds) = make(func, Op::InRange, vec![index, size], Ty::Bool);
    let onward = |value: Value| Edge { block: rest, args: vec![value] };
    let edges = vec![onward(index), Edge { block: rare, args: vec![] }];
    let branch = func.make_inst(Op::Branch, Imm::None, vec![holds], &[], edges, loc);
    func.blocks[block].insts.extend([direct, branch]);
    let mark = func.make_inst(Op::Unlikely, Imm::None, vec![], &[], vec![], loc);
    let (moved, wrapped) = make(func, Op::WrapIndex, vec![index, size], Ty::Int);
    let (again, fits) = make(func, Op::InRange, vec![wrapped, size], Ty::Bool);
    if let Some(first) = func.insts[guard].args.first_mut() {
        *first = fits;
    }
    let jump = func.make_inst(Op::Jump, Imm::None, vec![], &[], vec![onward(wrapped)], loc);
    func.blocks[rare].insts.extend([mark, moved, again, guard, jump]);
    if let Some(&old) = func.insts[wrap].results.first() {
        renames.set(old, found);
    }
}
