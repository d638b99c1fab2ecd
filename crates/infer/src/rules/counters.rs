//! `collections.Counter`: dicts of ints whose missing keys count 0.  What they do is Python (`python/coachwhip/lib/counters.py`);
//! the rules here say which types that has.

use super::tables::{empty, is_dict, item_type, never, set_named};
use super::{Answer, operators};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{join, key_type};
use coachwhip_ir::{BinaryOp, CmpOp, Code, TableKind, Ty, UnaryOp, describe};

/// Methods that other dicts have not, or that do something else there.
pub const METHODS: [&str; 6] = ["most_common", "elements", "update", "subtract", "total", "copy"];

fn of_kind(v: &Val) -> bool {
    v.ty.as_table().is_some_and(|table| table.kind == TableKind::Counter)
}

fn call(e: &mut Emit, name: &str, args: &[&Val]) -> Result<Val, Fault> {
    e.library(&format!("coachwhip.lib.counters.{name}"), args.iter().map(|v| (*v).clone()).collect())
}

/// The type of a counter with these keys.
fn of_keys(key: Ty) -> Result<Ty, Fault> {
    let ty = Ty::table(TableKind::Counter, key, Ty::Int);
    if let Some(table) = ty.as_table() {
        super::tables::check(table)?;
    }
    Ok(ty)
}

/// `Counter(iterable or mapping)`, with keywords.
pub fn counter(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    args.only(&["iterable", "**"])?;
    let given = args.get("iterable").cloned().filter(|v| !crate::join::is_none(&v.ty));
    let mut key = match &given {
        None => Ty::Never,
        Some(given) => match given.ty.as_table() {
            Some(table) => table.key.clone(),
            None => key_type(&item_type(e, given)?),
        },
    };
    if !args.named().is_empty() {
        key =
            join(&key, &Ty::str()).or_else(|why| fault(Code::Join, format!("the keys have no common type: {why}")))?;
    }
    let ty = of_keys(key)?;
    let made = empty(e, &ty)?;
    changed(e, &made, given.as_ref(), args, false)?;
    Ok(made)
}

/// Counts what the arguments of a call give, up or down.
fn changed(e: &mut Emit, counter: &Val, given: Option<&Val>, args: &Args, down: bool) -> Result<(), Fault> {
    if let Some(given) = given
        && !never(given)
        && !never(counter)
    {
        let name = match (is_dict(&given.ty), down) {
            (true, false) => "add_counts",
            (true, true) => "subtract_counts",
            (false, false) => "add_items",
            (false, true) => "subtract_items",
        };
        call(e, name, &[counter, given])?;
    }
    if !args.named().is_empty() {
        let more = empty(e, &of_keys(Ty::str())?)?;
        set_named(e, &more, args)?;
        call(e, if down { "subtract_counts" } else { "add_counts" }, &[counter, &more])?;
    }
    Ok(())
}

/// The methods.
pub fn method(e: &mut Emit, v: &Val, name: &str, args: &Args) -> Result<Val, Fault> {
    match name {
        "update" | "subtract" => {
            args.only(&["self", "iterable", "**"])?;
            let given = args.get("iterable").cloned().filter(|v| !crate::join::is_none(&v.ty));
            changed(e, v, given.as_ref(), args, name == "subtract")?;
            Ok(e.none())
        }
        "copy" => super::tables::converted(e, v, &v.ty.clone()),
        "total" if never(v) => Ok(e.int(0)),
        "total" => call(e, name, &[v]),
        "elements" => {
            let items = call(e, name, &[v])?;
            operators::iter(e, &items)
        }
        "most_common" => {
            let n = args.get("n").cloned().unwrap_or_else(|| e.none());
            call(e, name, &[v, &n])
        }
        _ => fault(Code::UnsupportedFunction, format!("method {name} of {} is not supported", describe(&v.ty))),
    }
}

/// The type of a counter that holds the keys of both.
fn both(a: &Val, b: &Val) -> Result<Ty, Fault> {
    join(&a.ty, &b.ty).or_else(|why| fault(Code::Join, format!("the keys of the counters have no common type: {why}")))
}

/// `+ - & |`, of counters alone.
pub fn binary(e: &mut Emit, op: BinaryOp, inplace: bool, a: &Val, b: &Val) -> Answer {
    let name = match op {
        BinaryOp::Add => "added",
        BinaryOp::Sub => "subtracted",
        BinaryOp::And => "least",
        BinaryOp::Or => "greatest",
        _ => return Ok(None),
    };
    if !of_kind(a) || !of_kind(b) {
        let (a, b) = (describe(&a.ty), describe(&b.ty));
        return fault(Code::ArgumentTypes, format!("a {a} and a {b} do not go together in compiled code"))
            .map_err(|d: Fault| Box::new(d.help("make a Counter of the other one first")));
    }
    if inplace {
        if never(a) {
            return Ok(Some(a.clone()));
        }
        let name = match op {
            BinaryOp::Add => "add_in_place",
            BinaryOp::Sub => "subtract_in_place",
            BinaryOp::And => "least_in_place",
            _ => "greatest_in_place",
        };
        let b = if never(b) { empty(e, &a.ty)? } else { b.clone() };
        return call(e, name, &[a, &b]).map(Some);
    }
    let ty = both(a, b)?;
    let made = empty(e, &ty)?;
    if ty.is_empty_container() {
        return Ok(Some(made));
    }
    let (a, b) = (filled(e, a, &ty)?, filled(e, b, &ty)?);
    call(e, name, &[&made, &a, &b]).map(Some)
}

/// A counter that nothing is in, as one of a type.
fn filled(e: &mut Emit, v: &Val, ty: &Ty) -> Result<Val, Fault> {
    if never(v) { empty(e, ty) } else { Ok(v.clone()) }
}

/// `+counter` and `-counter`.
pub fn unary(e: &mut Emit, op: UnaryOp, v: &Val) -> Answer {
    let name = match op {
        UnaryOp::Pos => "positive",
        UnaryOp::Neg => "negative",
        _ => return Ok(None),
    };
    if !of_kind(v) {
        return Ok(None);
    }
    let made = empty(e, &v.ty)?;
    if never(v) {
        return Ok(Some(made));
    }
    call(e, name, &[&made, v]).map(Some)
}

/// Comparisons of counters: a key that is missing counts 0.
pub fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Result<Val, Fault> {
    let ty = both(a, b)?;
    if ty.is_empty_container() {
        return Ok(e.bool(matches!(op, CmpOp::Eq | CmpOp::Le | CmpOp::Ge)));
    }
    let (a, b) = (filled(e, a, &ty)?, filled(e, b, &ty)?);
    let (a, b) = if matches!(op, CmpOp::Gt | CmpOp::Ge) { (b, a) } else { (a, b) };
    match op {
        CmpOp::Eq => call(e, "equal", &[&a, &b]),
        CmpOp::Ne => {
            let equal = call(e, "equal", &[&a, &b])?;
            Ok(e.negated(&equal))
        }
        CmpOp::Le | CmpOp::Ge => call(e, "within", &[&a, &b]),
        CmpOp::Lt | CmpOp::Gt => call(e, "below", &[&a, &b]),
    }
}
