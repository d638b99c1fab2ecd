//! Tuples whose length is known only when the code runs: what `tuple()` and displays with starred parts make of lists and
//! other iterables, and where tuples of several lengths meet.
//!
//! Such a tuple is a list that nobody else has and nobody changes; what it can do, it does with that list.

use super::index::as_int;
use super::tuples::{item_types, items};
use super::{Answer, Family, objects, operators};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::made::{joined, of_list};

pub use crate::made::list_of;
use coachwhip_abi::RuntimeFn;
use coachwhip_ir::{BinaryOp, CmpOp, Code, ErrorKind, Ty, describe};

/// What this family answers for.
pub const FAMILY: Family =
    Family { binary, compare, truth, contains, len, getitem, item, has_method, method, iter, ..Family::NONE };

/// `tuple(x)` of what has no known length.
pub fn made(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    if matches!(v.ty, Ty::TupleOf(_)) {
        return Ok(v.clone());
    }
    let list = listed(e, v)?;
    Ok(of_list(e, &list))
}

/// A new list of the items of anything.
fn listed(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    let Some(rule) = super::function("builtins.list") else { return fault(Code::Internal, "list() is missing") };
    let list = rule(e, &Args::of("builtins.list", vec![v.clone()])?)?;
    let list = objects::as_object(e, &list)?;
    match list.ty.list_item() {
        Some(_) => Ok(list),
        None => fault(Code::NotIterable, format!("{} cannot be iterated over", describe(&v.ty))),
    }
}

/// `(*a, b, …)`.  Where the items have no common type they are objects of Python.
pub fn concat_all(e: &mut Emit, parts: &[Val]) -> Result<Val, Fault> {
    let mut lists = Vec::with_capacity(parts.len());
    let mut types = Vec::new();
    for part in parts {
        let known = super::lists::is_sequence(&part.ty);
        let all = if known { items(e, part)? } else { vec![listed(e, part)?] };
        match known {
            true => types.extend(all.iter().map(|v| v.ty.clone())),
            false => types.extend(all.iter().filter_map(|list| list.ty.list_item().cloned())),
        }
        lists.push((known, all));
    }
    let item = match joined(&types, &[]) {
        Some(Ty::TupleOf(list)) => list.list_item().cloned().unwrap_or(Ty::Never),
        _ => Ty::object(),
    };
    let mut made = objects::made_of(e, &item, &[])?;
    for (known, all) in lists {
        for part in &all {
            made = if known { objects::grow(e, &made, part, false)? } else { objects::grow(e, &made, part, true)? };
        }
    }
    Ok(of_list(e, &made))
}

/// Two operands as lists, if one of them is such a tuple and the other a tuple as well.
fn both(e: &mut Emit, a: &Val, b: &Val) -> Result<Option<(Val, Val)>, Fault> {
    let is = |v: &Val| matches!(v.ty, Ty::TupleOf(_));
    if !is(a) && !is(b) || !(is(a) || item_types(&a.ty).is_some()) || !(is(b) || item_types(&b.ty).is_some()) {
        return Ok(None);
    }
    Ok(Some((as_list(e, a)?, as_list(e, b)?)))
}

fn as_list(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    match list_of(e, v) {
        Some(list) => Ok(list),
        None => {
            let items = items(e, v)?;
            let display = super::lists::display(e, &items)?;
            objects::as_object(e, &display)
        }
    }
}

fn binary(e: &mut Emit, op: BinaryOp, _inplace: bool, a: &Val, b: &Val) -> Answer {
    let made = match op {
        BinaryOp::Add => match both(e, a, b)? {
            Some((x, y)) => (objects::FAMILY.binary)(e, op, false, &x, &y)?,
            None => return Ok(None),
        },
        BinaryOp::Mul => match (list_of(e, a), list_of(e, b)) {
            (Some(list), None) => (objects::FAMILY.binary)(e, op, false, &list, b)?,
            (None, Some(list)) => (objects::FAMILY.binary)(e, op, false, a, &list)?,
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    Ok(made.map(|list| of_list(e, &list)))
}

fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    if let Some((x, y)) = both(e, a, b)? {
        return operators::compare(e, op, &x, &y).map(Some);
    }
    let is = |v: &Val| matches!(v.ty, Ty::TupleOf(_));
    let other = match (is(a), is(b)) {
        (true, false) => b,
        (false, true) => a,
        _ => return Ok(None),
    };
    let plain = other.ty.list_item().is_some()
        || matches!(other.ty, Ty::ListDisplay(_) | Ty::Table(_))
        || crate::text::is_string(&other.ty)
        || matches!(other.ty.widened(), Ty::Int | Ty::Float | Ty::Bool | Ty::Complex);
    match op {
        CmpOp::Eq if plain => Ok(Some(e.bool(false))),
        CmpOp::Ne if plain => Ok(Some(e.bool(true))),
        _ => Ok(None),
    }
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    over_list(e, v, objects::FAMILY.truth)
}

fn len(e: &mut Emit, v: &Val) -> Answer {
    over_list(e, v, objects::FAMILY.len)
}

fn iter(e: &mut Emit, v: &Val) -> Answer {
    over_list(e, v, objects::iter)
}

fn over_list(e: &mut Emit, v: &Val, rule: fn(&mut Emit, &Val) -> Answer) -> Answer {
    match list_of(e, v) {
        Some(list) => rule(e, &list),
        None => Ok(None),
    }
}

fn contains(e: &mut Emit, wanted: &Val, v: &Val) -> Answer {
    match list_of(e, v) {
        Some(list) => (objects::FAMILY.contains)(e, wanted, &list),
        None => Ok(None),
    }
}

fn item(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    match list_of(e, v) {
        Some(list) => (objects::FAMILY.item)(e, &list, index),
        None => Ok(None),
    }
}

fn getitem(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    let Some(list) = list_of(e, v) else { return Ok(None) };
    let Some(ty) = list.ty.list_item().cloned() else { return Ok(None) };
    if matches!(index.ty, Ty::Slice(_)) {
        let part = objects::with_slice(e, "getslice", &list, index, None)?;
        return Ok(Some(of_list(e, &part)));
    }
    if as_int(e, index).is_none() {
        let message = format!("tuple indices must be integers or slices, not {}", describe(&index.ty));
        return fault(Code::NotSubscriptable, message);
    }
    let at = objects::place(e, &list, index, ErrorKind::TupleIndex)?;
    Ok(Some(objects::load(e, &list, &at, &ty)))
}

fn has_method(ty: &Ty, name: &str) -> bool {
    matches!(ty, Ty::TupleOf(_)) && matches!(name, "count" | "index")
}

fn method(e: &mut Emit, v: &Val, name: &str, args: &Args) -> Answer {
    let Some(list) = list_of(e, v) else { return Ok(None) };
    let [_, value] = args.all(["self", "value"])?;
    let function = match name {
        "count" => "builtins.list.count",
        "index" => "coachwhip.lib.lists.place_in_tuple",
        _ => return Ok(None),
    };
    e.library(function, vec![list, value]).map(Some)
}

/// The hash, of the hashes of the items.
pub fn hash(e: &mut Emit, v: &Val) -> Answer {
    let Some(list) = list_of(e, v) else { return Ok(None) };
    let hashes = e.library("coachwhip.lib.lists.hashes", vec![list])?;
    Ok(Some(e.runtime(RuntimeFn::HashTuple, &[&hashes], Ty::Int)))
}
