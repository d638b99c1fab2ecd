//! `sum`, `min`, `max`, `any` and `all` of something to iterate over: tuples are unrolled, the rest is done
//! by library functions.

use super::geometry::array;
use super::literals::Order;
use crate::args::Args;
use crate::depth::roomy;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::numbers::{added_up, extreme_of};
use crate::rules::operators::truth;
use crate::text::{is_bytes, is_string};
use coachwhip_ir::{CmpOp, Code, Diagnostic, ErrorKind, Ty};

/// The items of a tuple.
fn tuple_items(e: &mut Emit, v: &Val) -> Option<Vec<Val>> {
    if !crate::rules::lists::is_sequence(&v.ty) {
        return None;
    }
    crate::rules::tuples::items(e, v).ok()
}

/// The iterable as a library function takes it.
pub fn iterable(e: &mut Emit, v: &Val, name: &str) -> Result<Val, Fault> {
    if let Some((a, ty)) = super::flat::base(e, v) {
        return super::reshape::ravel(e, &a, ty, Order::C);
    }
    let Some((a, ty)) = array(e, v) else { return Ok(v.clone()) };
    if ty.ndim == 1 {
        return Ok(a);
    }
    let message = format!("{name}() of an array of {} dimensions is not supported", ty.ndim);
    Err(Box::new(
        Diagnostic::new(Code::ArgumentTypes, message).help(format!("flatten it first: {name}(a.ravel()), or a.flat")),
    ))
}

/// `sum(iterable, start=0)`.
pub fn sum(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [Some(given), start] = &args.take(["iterable", "start"])? else {
        return fault(Code::Internal, "sum() of nothing");
    };
    let start = start.clone().unwrap_or_else(|| e.int(0));
    if let Some((class, quote)) = not_summed(&start.ty) {
        let message = format!("sum() can't sum {class} [use {quote}''.join(seq) instead]");
        return fault(Code::ArgumentTypes, message);
    }
    if let Some(items) = tuple_items(e, given) {
        return added_up(e, start, &items);
    }
    let given = iterable(e, given, "sum")?;
    let nested = given.ty.list_item().is_some_and(|item| item.list_item().is_some());
    if nested && crate::rules::lists::items(e, &start).is_some_and(|items| items.is_empty()) {
        return e.library("coachwhip.lib.lists.all_items", vec![given]);
    }
    e.library("builtins.sum", vec![given, start])
}

/// What `sum` refuses to begin with, and the prefix of its literals.
fn not_summed(start: &Ty) -> Option<(&'static str, &'static str)> {
    match start {
        ty if is_string(ty) => Some(("strings", "")),
        ty if ty.is_bytearray() => Some(("bytearray", "b")),
        ty if is_bytes(ty) => Some(("bytes", "b")),
        _ => None,
    }
}

/// `min(iterable, *, key, default)`.
pub fn min(e: &mut Emit, given: &Val, key: Option<&Val>, default: Option<&Val>) -> Result<Val, Fault> {
    extreme(e, given, key, default, ("min", CmpOp::Lt, ErrorKind::EmptyMin))
}

/// `max(iterable, *, key, default)`.
pub fn max(e: &mut Emit, given: &Val, key: Option<&Val>, default: Option<&Val>) -> Result<Val, Fault> {
    extreme(e, given, key, default, ("max", CmpOp::Gt, ErrorKind::EmptyMax))
}

fn extreme(
    e: &mut Emit,
    given: &Val,
    key: Option<&Val>,
    default: Option<&Val>,
    (name, op, empty): (&str, CmpOp, ErrorKind),
) -> Result<Val, Fault> {
    if let Some(items) = tuple_items(e, given) {
        return match (items.split_first(), default) {
            (Some((first, rest)), _) => extreme_of(e, op, first, rest, key),
            (None, Some(v)) => Ok(v.clone()),
            (None, None) => Ok(e.fail(empty, &[])),
        };
    }
    let given = iterable(e, given, name)?;
    let function = match (key, default) {
        (None, None) => format!("builtins.{name}"),
        (None, Some(_)) => format!("coachwhip.lib.{name}_default"),
        (Some(_), None) => format!("coachwhip.lib.{name}_key"),
        (Some(_), Some(_)) => format!("coachwhip.lib.{name}_key_default"),
    };
    e.library(&function, [Some(&given), key, default].into_iter().flatten().cloned().collect())
}

/// `any(iterable)`.
pub fn any(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    decided(e, args, "any", true)
}

/// `all(iterable)`.
pub fn all(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    decided(e, args, "all", false)
}

fn decided(e: &mut Emit, args: &Args, name: &str, on: bool) -> Result<Val, Fault> {
    let given = &args.one()?;
    if let Some(items) = tuple_items(e, given) {
        return decided_of(e, &items, on);
    }
    let given = iterable(e, given, name)?;
    e.library(&format!("builtins.{name}"), vec![given])
}

/// The truth of the items one after the other, until one is `on`.
fn decided_of(e: &mut Emit, items: &[Val], on: bool) -> Result<Val, Fault> {
    let Some((first, rest)) = items.split_first() else { return Ok(e.bool(!on)) };
    let holds = truth(e, first)?;
    let stop = |e: &mut Emit| Ok(e.bool(on));
    roomy(|| {
        if on {
            e.if_else(&holds, stop, |e| decided_of(e, rest, on))
        } else {
            e.if_else(&holds, |e| decided_of(e, rest, on), stop)
        }
    })
}
