//! `map_into` an array that this function made and nobody else has seen is a `map`: the old elements are an operand like
//! others, and the result may be fused; where it is not, the old array is reused.

use super::sites::Sites;
use crate::edit::Renames;
use coachwhip_ir::func::Def;
use coachwhip_ir::{Func, Inst, Op, Owner, Ty, Value, heap};

/// Rewrites what can be; says whether anything was.
pub fn run(func: &mut Func) -> bool {
    let mut changed = false;
    let mut sites = Sites::new(func);
    let mut found = sites.backwards(func, Op::MapInto);
    found.reverse();
    for into in found {
        if rewrite(func, &sites, into) {
            changed = true;
            sites = Sites::new(func);
        }
    }
    changed
}

fn rewrite(func: &mut Func, sites: &Sites, into: Inst) -> bool {
    let Some(&target) = func.insts[into].args.first() else { return false };
    let Some(ty) = func.ty(target).array() else { return false };
    let Some(made) = func.def_inst(target).filter(|&i| func.insts[i].op == Op::Map) else { return false };
    // The map runs once for each array, and every use of the array is before it or after it for certain.
    let placed = sites.once(made, into) && sites.users(target).iter().all(|&user| is_plain(func, sites, into, user));
    if !placed {
        return false;
    }
    let ndim = ty.ndim as usize;
    let sizes: Vec<Value> = func.insts[made].args.iter().take(ndim).copied().collect();
    let data = &mut func.insts[into];
    data.op = Op::Map;
    data.args.splice(0..1, sizes);
    let result = func.values.push(coachwhip_ir::func::ValueData { ty: Ty::Array(ty), def: Def::Result(into, 0) });
    func.insts[into].results.push(result);
    let mut renames = Renames::new(func);
    renames.set(target, result);
    for &user in sites.users(target) {
        if sites.dominates(into, user) {
            renames.apply_to(func, user);
        }
    }
    true
}

/// Whether a use sees the array alone, without handing it on, and is certain to be before or after the rewritten one.
fn is_plain(func: &Func, sites: &Sites, into: Inst, user: Inst) -> bool {
    if user == into {
        return true;
    }
    let data = &func.insts[user];
    let owner = data.op.owner(&data.imm);
    let leads_on = owner != Owner::New && data.results.iter().any(|&r| heap::reaches(func.ty(r)));
    let keeps_none = data.op == Op::Return || !leads_on && !super::facts::may_keep(func, data);
    // What a call returns may be a view of what it was given.
    let after = sites.dominates(into, user) && (keeps_none || owner != Owner::Handed);
    after || (keeps_none && sites.dominates(user, into))
}
