//! An array that dies where a map reads it gives its memory to the result.

use super::compose::first_argument;
use super::effects::Summary;
use super::facts::{disjoint, may_keep, provenance, size_from};
use super::sites::Sites;
use crate::edit::Renames;
use coachwhip_ir::{Func, Imm, Inst, InstData, Layout, Op, Owner, Rule, Value, heap};

/// Turns maps into `map_into`; says whether any was.
pub fn run(func: &mut Func, known: &[Summary]) -> bool {
    let mut changed = false;
    let mut sites = Sites::new(func);
    let mut maps = sites.backwards(func, Op::Map);
    // The first map first: its memory goes on from one to the next.
    maps.reverse();
    for map in maps {
        let Some(old) = dying(func, &sites, known, map) else { continue };
        let first = first_argument(func, &func.insts[map]);
        let data = &mut func.insts[map];
        data.op = Op::MapInto;
        data.args.splice(0..first, [old]);
        let results = std::mem::take(&mut data.results);
        let mut renames = Renames::new(func);
        results.into_iter().for_each(|result| renames.set(result, old));
        renames.apply(func);
        sites = Sites::new(func);
        changed = true;
    }
    changed
}

/// An operand of the result's form whose memory nobody uses afterwards.
fn dying(func: &Func, sites: &Sites, known: &[Summary], map: Inst) -> Option<Value> {
    let data = &func.insts[map];
    let ty = data.results.first().and_then(|&r| func.ty(r).array())?;
    sites.place(map)?;
    let (sizes, args) = data.args.split_at(first_argument(func, data));
    let fits = |&&arg: &&Value| {
        let same_sizes =
            || sizes.iter().enumerate().all(|(axis, &n)| size_from(func, arg, axis) == provenance(func, n));
        let others = || args.iter().filter(|&&a| a != arg && heap::reaches(func.ty(a)));
        func.ty(arg).array() == Some(ty)
            && ty.layout != Layout::A
            && same_sizes()
            && others().all(|&other| disjoint(func, arg, other))
            && is_last_use(func, sites, known, arg, map)
    };
    args.iter().find(fits).copied()
}

/// Whether the array was made here, has only been seen in ways that keep nothing of it, and is not used after the map.
fn is_last_use(func: &Func, sites: &Sites, known: &[Summary], array: Value, map: Inst) -> bool {
    let Some(made) = func.def_inst(array) else { return false };
    let data = &func.insts[made];
    let fresh = match (data.op, &data.imm) {
        (Op::Call, Imm::Func(k)) => known.get(*k as usize).is_some_and(|s| s.returns_fresh),
        (op, imm) => op.owner(imm) == Owner::New,
    };
    if !fresh || !sites.once(made, map) {
        return false;
    }
    let mut derived = vec![array];
    let mut users: Vec<Inst> = Vec::new();
    while let Some(value) = derived.pop() {
        for &user in sites.users(value) {
            users.push(user);
            let data = &func.insts[user];
            // An array that is chosen, or becomes part of something else, is not followed.
            if may_keep(func, data) || data.op.rule() == Rule::Aggregate && !is_view(data) {
                return false;
            }
            // What leads to the same memory: a view, an address; its users count, too.
            if data.op.owner(&data.imm) != Owner::New {
                derived.extend(data.results.iter().filter(|&&r| heap::reaches(func.ty(r))));
            }
        }
    }
    let behind = sites.after(func, map, made);
    !users.iter().any(|user| behind.contains(user))
}

/// Whether it is part of an array, or another one over its memory.
fn is_view(data: &InstData) -> bool {
    matches!(data.op, Op::Field | Op::View)
}
