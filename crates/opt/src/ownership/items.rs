//! Items of lists: what is read is borrowed from the list where nothing can end it meanwhile, and kept elsewhere.

use crate::analysis::{Cfg, Dominators, Loops};
use crate::edit::operands;
use coachwhip_abi::Effects;
use coachwhip_ir::{Block, Func, Imm, Inst, Module, Op, Ty, Value, heap};
use std::collections::{HashMap, HashSet};

/// Which functions of a module may end items of lists that their callers have.
pub fn enders(module: &Module) -> Vec<bool> {
    let mut known = vec![false; module.funcs.len()];
    loop {
        let ends =
            |func: &Func| func.order.iter().any(|&b| func.blocks[b].insts.iter().any(|&i| ends_items(func, i, &known)));
        let next: Vec<bool> = module.funcs.iter().map(ends).collect();
        if next == known {
            return known;
        }
        known = next;
    }
}

/// Whether an instruction may end items of lists.
fn ends_items(func: &Func, inst: Inst, enders: &[bool]) -> bool {
    let data = &func.insts[inst];
    match (data.op, &data.imm) {
        (Op::ItemInit | Op::ItemsMove, _) => false,
        (Op::Call, Imm::Func(k)) => enders.get(*k as usize).copied().unwrap_or(true),
        (Op::CallExternal, _) => data.args.iter().any(|&a| !heap::reaches_plainly(func.ty(a))),
        _ => data.effects().meets(Effects::WRITES_ITEMS),
    }
}

/// The reads of items that borrow from their list.
pub fn borrowed(func: &Func, cfg: &Cfg, enders: &[bool]) -> HashSet<Inst> {
    let mut found = HashSet::new();
    let reads = |inst: &Inst| {
        let data = &func.insts[*inst];
        data.op == Op::ItemLoad && data.results.iter().any(|&r| heap::owns(func.ty(r)))
    };
    let all: Vec<(Block, Inst)> =
        cfg.rpo.iter().flat_map(|&b| func.blocks[b].insts.iter().filter(|i| reads(i)).map(move |&i| (b, i))).collect();
    if all.is_empty() {
        return found;
    }
    let dom = Dominators::new(func, cfg);
    let loops = Loops::new(func, cfg, &dom);
    let users = users(func, cfg);
    for (block, inst) in all {
        let region: Vec<Block> = match loops.innermost(block) {
            Some(id) => loops.loops[id].blocks.clone(),
            None => cfg.rpo.clone(),
        };
        let item = func.insts[inst].results.first().map(|&r| func.ty(r).clone()).unwrap_or(Ty::Never);
        let ends = |i: &Inst| ends_items(func, *i, enders) && may_be_of(func, *i, &item);
        let quiet = !region.iter().any(|&b| func.blocks[b].insts.iter().any(ends));
        let inside: HashSet<Block> = region.into_iter().collect();
        if quiet && stays_inside(func, &users, &inside, inst) {
            found.insert(inst);
        }
    }
    found
}

/// Whether what an instruction ends may be an item of this type.
fn may_be_of(func: &Func, inst: Inst, item: &Ty) -> bool {
    let data = &func.insts[inst];
    match (data.op, data.args.first().map(|&p| func.ty(p))) {
        (Op::ItemStore | Op::ItemsDrop, Some(Ty::Ptr(Some(other)))) => **other == *item || reaches_list_of(other, item),
        _ => true,
    }
}

/// Whether ending a value of type `holder` may end a list with such items.
fn reaches_list_of(holder: &Ty, item: &Ty) -> bool {
    let mut found = false;
    heap::visit(holder, 0, &mut |part, _| {
        match part {
            heap::Part::Ref(coachwhip_ir::RefTy::List(inner)) => found |= inner == item || reaches_list_of(inner, item),
            // Its type does not say what is in it.
            heap::Part::Ref(coachwhip_ir::RefTy::Instance(_)) => found = true,
            _ => {}
        }
    });
    found
}

type Users = HashMap<Value, Vec<(Block, Inst)>>;

fn users(func: &Func, cfg: &Cfg) -> Users {
    let mut users: Users = HashMap::new();
    for &block in &cfg.rpo {
        for &inst in &func.blocks[block].insts {
            for value in operands(func, inst) {
                users.entry(value).or_default().push((block, inst));
            }
        }
    }
    users
}

/// Whether everything that borrows from a result is used in these blocks alone.
fn stays_inside(func: &Func, users: &Users, inside: &HashSet<Block>, inst: Inst) -> bool {
    let mut seen: HashSet<Value> = HashSet::new();
    let mut work: Vec<Value> = func.insts[inst].results.clone();
    while let Some(value) = work.pop() {
        if !seen.insert(value) {
            continue;
        }
        for &(block, user) in users.get(&value).into_iter().flatten() {
            if !inside.contains(&block) {
                return false;
            }
            let data = &func.insts[user];
            work.extend(data.results.iter().filter(|&&r| heap::borrows(func.ty(r))));
            for edge in &data.edges {
                let params = func.blocks[edge.block].params.iter().zip(&edge.args);
                for (&param, _) in params.filter(|(_, a)| **a == value) {
                    if !inside.contains(&edge.block) {
                        return false;
                    }
                    work.push(param);
                }
            }
        }
    }
    true
}
