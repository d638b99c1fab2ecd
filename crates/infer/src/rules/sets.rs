//! Sets and frozensets: what `python/coachwhip/lib/sets.py` does for which operands, so that their order is CPython's.

use super::tables::{converted, empty, item_type, merged, missing, never, sought_key, used};
use super::{Answer, Family, Rule, library, operators};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{join, key_type};
use coachwhip_ir::{BinaryOp, CmpOp, Code, Const, TableKind, Ty, describe};

/// What this family answers for; iteration, length, truth and `in` are those of all tables.
pub const FAMILY: Family = Family { functions: FUNCTIONS, binary, compare, has_method, method, ..Family::NONE };

const FUNCTIONS: &[(&str, Rule)] = &[
    ("builtins.set", |e, args| built(e, args, TableKind::Set)),
    ("builtins.frozenset", |e, args| built(e, args, TableKind::FrozenSet)),
];

/// Methods that both kinds have, and those that change a set.
const METHODS: [&str; 8] =
    ["copy", "union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint"];
const CHANGING: [&str; 9] = [
    "add",
    "discard",
    "remove",
    "pop",
    "clear",
    "update",
    "intersection_update",
    "difference_update",
    "symmetric_difference_update",
];

fn kind(ty: &Ty) -> Option<TableKind> {
    ty.as_table().map(|table| table.kind).filter(|kind| !kind.is_dict())
}

fn is_set(v: &Val) -> bool {
    kind(&v.ty).is_some()
}

fn call(e: &mut Emit, name: &str, args: &[&Val]) -> Result<Val, Fault> {
    e.library(&format!("coachwhip.lib.sets.{name}"), args.iter().map(|v| (*v).clone()).collect())
}

/// `set(iterable)`, `frozenset(iterable)`.
fn built(e: &mut Emit, args: &Args, kind: TableKind) -> Result<Val, Fault> {
    let [given] = args.take(["iterable"])?;
    let Some(given) = given else { return empty(e, &Ty::table(kind, Ty::Never, Ty::None)) };
    if kind == TableKind::FrozenSet && given.ty.as_table().is_some_and(|table| table.kind == kind) {
        return Ok(given);
    }
    of_any(e, &given, kind)
}

/// A new set of the items of anything.
pub fn of_any(e: &mut Emit, given: &Val, kind: TableKind) -> Result<Val, Fault> {
    let key = match given.ty.as_table() {
        Some(table) => table.key.clone(),
        None => key_type(&item_type(e, given)?),
    };
    let ty = Ty::table(kind, key, Ty::None);
    if let Some(table) = ty.as_table() {
        super::tables::check(table)?;
    }
    let made = empty(e, &ty)?;
    updated(e, &made, given)
}

/// The set itself with the items of anything.
pub fn updated(e: &mut Emit, set: &Val, more: &Val) -> Result<Val, Fault> {
    if never(more) || never(set) {
        return Ok(set.clone());
    }
    match more.ty.as_table().map(|table| table.kind) {
        Some(TableKind::Dict) => call(e, "of_dict", &[set, more]),
        Some(kind) if !kind.is_dict() => merged(e, set, more),
        // Of dicts of other classes CPython knows no more than that they can be iterated over.
        _ => call(e, "of_items", &[set, more]),
    }
}

/// A copy of a set with the items of anything that is not this set itself.
fn joined(e: &mut Emit, made: &Val, more: &Val, own: &Val) -> Result<Val, Fault> {
    if is_set(more) && !never(more) && !never(made) {
        return call(e, "joined", &[made, more, own]);
    }
    updated(e, made, more)
}

/// The type of a set of one kind that holds the items of both.
fn both(a: &Val, b: &Val) -> Result<Ty, Fault> {
    let (Some(x), Some(y)) = (a.ty.as_table(), b.ty.as_table()) else {
        return fault(Code::Internal, "no sets");
    };
    let other = Ty::table(x.kind, y.key.clone(), Ty::None);
    join(&a.ty, &other).or_else(|why| {
        fault(Code::Join, format!("the items of the sets have no common type: {why}"))
            .map_err(|d: Fault| Box::new(d.help("convert the items of one of them first")))
    })
}

fn binary(e: &mut Emit, op: BinaryOp, inplace: bool, a: &Val, b: &Val) -> Answer {
    if !is_set(a) || !is_set(b) {
        return Ok(None);
    }
    let in_place = inplace && kind(&a.ty) == Some(TableKind::Set);
    Ok(Some(match op {
        BinaryOp::Or if in_place => updated(e, a, b)?,
        BinaryOp::Or => {
            let ty = both(a, b)?;
            let made = converted(e, a, &ty)?;
            joined(e, &made, b, a)?
        }
        BinaryOp::And => {
            let made = intersection(e, a, b)?;
            if in_place { swapped(e, a, &made)? } else { made }
        }
        BinaryOp::Sub if in_place => without(e, a, b)?,
        BinaryOp::Sub => difference(e, a, b)?,
        BinaryOp::Xor if in_place => turned(e, a, b)?,
        BinaryOp::Xor => symmetric(e, a, b)?,
        _ => return Ok(None),
    }))
}

fn swapped(e: &mut Emit, set: &Val, made: &Val) -> Result<Val, Fault> {
    if never(set) { Ok(set.clone()) } else { call(e, "swapped", &[set, made]) }
}

/// What two have in common, as a new set.
fn intersection(e: &mut Emit, a: &Val, b: &Val) -> Result<Val, Fault> {
    let made = empty(e, &a.ty)?;
    if never(a) || never(b) {
        return Ok(made);
    }
    if !is_set(b) {
        return call(e, "common_items", &[&made, a, b]);
    }
    both(a, b)?;
    call(e, "common", &[&made, a, b])
}

/// A new set without the items of anything.
fn difference(e: &mut Emit, a: &Val, b: &Val) -> Result<Val, Fault> {
    if never(a) || never(b) {
        let ty = a.ty.clone();
        return converted(e, a, &ty);
    }
    match b.ty.as_table().map(|table| table.kind) {
        Some(TableKind::Dict) => call(e, "difference_dict", &[a, b]),
        Some(kind) if !kind.is_dict() => call(e, "difference", &[a, b]),
        _ => {
            let ty = a.ty.clone();
            let made = converted(e, a, &ty)?;
            call(e, "without_items", &[&made, b])
        }
    }
}

/// The set itself without the items of anything.
pub fn without(e: &mut Emit, a: &Val, b: &Val) -> Result<Val, Fault> {
    if never(a) || never(b) {
        return Ok(a.clone());
    }
    call(e, if is_set(b) { "without" } else { "without_items" }, &[a, b])
}

/// The set itself, with those items of another set alone that only one of them has.
fn turned(e: &mut Emit, a: &Val, b: &Val) -> Result<Val, Fault> {
    if never(a) || never(b) { Ok(a.clone()) } else { call(e, "turned", &[a, b]) }
}

/// As [`turned`], by anything: a plain dict's keys are gone through, what else is no set is made one.
pub fn turned_by(e: &mut Emit, a: &Val, b: &Val) -> Result<Val, Fault> {
    if is_set(b) {
        return turned(e, a, b);
    }
    match b.ty.as_table().map(|table| table.kind) {
        Some(TableKind::Dict) if never(a) || never(b) => Ok(a.clone()),
        Some(TableKind::Dict) => call(e, "turned_keys", &[a, b]),
        _ => {
            let other = of_any(e, b, TableKind::Set)?;
            turned(e, a, &other)
        }
    }
}

/// A new set of the items that only one of the two has.
fn symmetric(e: &mut Emit, a: &Val, b: &Val) -> Result<Val, Fault> {
    let kind = kind(&a.ty).unwrap_or(TableKind::Set);
    let other = of_any(e, b, kind)?;
    let ty = both(a, &other)?;
    let other = if other.ty == ty { other } else { converted(e, &other, &ty)? };
    turned(e, &other, a)
}

fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    if !is_set(a) || !is_set(b) {
        let other = if is_set(a) { b } else { a };
        let decided = (is_set(a) || is_set(b)) && !matches!(other.ty, Ty::Optional(_));
        return Ok(match op {
            CmpOp::Eq if decided => Some(e.bool(false)),
            CmpOp::Ne if decided => Some(e.bool(true)),
            _ => None,
        });
    }
    let (x, y) = (used(e, a)?, used(e, b)?);
    let (inside, count) = match op {
        CmpOp::Eq | CmpOp::Ne => (within(e, a, b)?, CmpOp::Eq),
        CmpOp::Le => return within(e, a, b).map(Some),
        CmpOp::Ge => return within(e, b, a).map(Some),
        CmpOp::Lt => (within(e, a, b)?, CmpOp::Lt),
        CmpOp::Gt => (within(e, b, a)?, CmpOp::Gt),
    };
    let count = operators::compare(e, count, &x, &y)?;
    let found = e.if_else(&count, |_| Ok(inside), |e| Ok(e.bool(false)))?;
    Ok(Some(if op == CmpOp::Ne { e.negated(&found) } else { found }))
}

fn within(e: &mut Emit, a: &Val, b: &Val) -> Result<Val, Fault> {
    if never(a) {
        return Ok(e.bool(true));
    }
    if never(b) {
        let (count, zero) = (used(e, a)?, e.int(0));
        return operators::compare(e, CmpOp::Eq, &count, &zero);
    }
    call(e, "within", &[a, b])
}

fn has_method(ty: &Ty, name: &str) -> bool {
    match kind(ty) {
        Some(TableKind::Set) => METHODS.contains(&name) || CHANGING.contains(&name),
        Some(_) => METHODS.contains(&name),
        None => false,
    }
}

fn method(e: &mut Emit, v: &Val, name: &str, args: &Args) -> Answer {
    let Some(kind) = kind(&v.ty) else { return Ok(None) };
    let (object, other) = (args.get("object").cloned(), args.get("other").cloned());
    match (name, object, other) {
        ("add", Some(key), _) => {
            super::tables::add(e, v, &key)?;
        }
        ("discard" | "remove", Some(key), _) => {
            let key = sought_key(e, &key)?;
            match (name, never(v)) {
                ("remove", true) => return missing(e, &key).map(Some),
                (_, true) => {}
                ("remove", _) => drop(call(e, "remove", &[v, &key])?),
                _ => drop(call(e, "discard", &[v, &key])?),
            }
        }
        ("pop", ..) if never(v) => {
            let text = e.lit(Const::Str("pop from an empty set".into()));
            return missing(e, &text).map(Some);
        }
        ("clear", ..) if never(v) => {}
        ("copy", ..) if kind == TableKind::FrozenSet => return Ok(Some(v.clone())),
        ("copy", ..) => return converted(e, v, &v.ty.clone()).map(Some),
        ("symmetric_difference", _, Some(other)) => return symmetric(e, v, &other).map(Some),
        ("symmetric_difference_update", _, Some(other)) => {
            turned_by(e, v, &other)?;
        }
        ("issubset", _, Some(other)) => {
            let other = if is_set(&other) { other } else { of_any(e, &other, TableKind::Set)? };
            return within(e, v, &other).map(Some);
        }
        ("issuperset", _, Some(other)) => {
            let other = if is_set(&other) { other } else { of_any(e, &other, TableKind::Set)? };
            return within(e, &other, v).map(Some);
        }
        ("isdisjoint", _, Some(other)) => {
            if never(v) || never(&other) {
                return Ok(Some(e.bool(true)));
            }
            return call(e, if is_set(&other) { "apart" } else { "apart_from_items" }, &[v, &other]).map(Some);
        }
        ("pop" | "clear", ..) => return library::method(e, v, name, args.clone()),
        _ => return with_others(e, v, name, args.rest()),
    }
    Ok(Some(e.none()))
}

/// Methods that take any number of iterables.
fn with_others(e: &mut Emit, v: &Val, name: &str, others: &[Val]) -> Answer {
    let ty = v.ty.clone();
    Ok(Some(match name {
        "update" => {
            for other in others {
                updated(e, v, other)?;
            }
            e.none()
        }
        "union" => {
            let mut ty = ty;
            for other in others {
                let key = match other.ty.as_table() {
                    Some(table) => table.key.clone(),
                    None => key_type(&item_type(e, other)?),
                };
                let more = Ty::table(kind(&ty).unwrap_or(TableKind::Set), key, Ty::None);
                ty = match join(&ty, &more) {
                    Ok(ty) => ty,
                    Err(why) => {
                        return fault(Code::Join, format!("the items have no common type: {why}"))
                            .map_err(|d: Fault| Box::new(d.help("convert the items of one of them first")));
                    }
                };
            }
            let mut made = converted(e, v, &ty)?;
            for other in others {
                made = joined(e, &made, other, v)?;
            }
            made
        }
        "intersection" | "intersection_update" => {
            let mut made = v.clone();
            for other in others {
                made = intersection(e, &made, other)?;
            }
            if others.is_empty() {
                made = converted(e, v, &ty)?;
            }
            if name == "intersection" {
                made
            } else {
                swapped(e, v, &made)?;
                e.none()
            }
        }
        "difference" => {
            let mut made = match others.first() {
                Some(first) => difference(e, v, first)?,
                None => converted(e, v, &ty)?,
            };
            for other in others.iter().skip(1) {
                made = without(e, &made, other)?;
            }
            made
        }
        "difference_update" => {
            for other in others {
                without(e, v, other)?;
            }
            e.none()
        }
        _ => return fault(Code::UnsupportedFunction, format!("method {name} of {} is not supported", describe(&ty))),
    }))
}
