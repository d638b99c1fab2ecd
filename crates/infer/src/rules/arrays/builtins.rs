//! `sum`, `min`, `max`, `any` and `all` of something to iterate over: tuples are unrolled, the rest is done
//! by library functions.

use super::geometry::array;
use super::literals::Order;
use crate::args::Args;
use crate::depth::roomy;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::numbers::{added_up, extreme_of};
use crate::rules::operators::truth;
use coachwhip_ir::{CmpOp, Code, Diagnostic, ErrorKind};

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
    let slots = args.bind("sum", &["iterable", "start"], 1)?;
    let [Some(given), start] = slots.as_slice() else { return fault(Code::ArgumentCount, "sum() takes an iterable") };
    let start = start.clone().unwrap_or_else(|| e.int(0));
    if let Some(items) = tuple_items(e, given) {
        return added_up(e, start, &items);
    }
    let given = iterable(e, given, "sum")?;
    e.library("builtins.sum", Args::of(vec![given, start]))
}

/// `min(iterable)`, with `default=`.
pub fn min(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    extreme(e, args, "min", CmpOp::Lt, ErrorKind::EmptyMin)
}

/// `max(iterable)`, with `default=`.
pub fn max(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    extreme(e, args, "max", CmpOp::Gt, ErrorKind::EmptyMax)
}

fn extreme(e: &mut Emit, args: &Args, name: &str, op: CmpOp, empty: ErrorKind) -> Result<Val, Fault> {
    let slots = args.bind(name, &["iterable", "*key", "*default"], 1)?;
    let [Some(given), key, default] = slots.as_slice() else {
        return fault(Code::ArgumentCount, format!("{name}() takes an iterable"));
    };
    super::literals::without(key, "key", &[])?;
    if let Some(items) = tuple_items(e, given) {
        let Some((first, rest)) = items.split_first() else {
            return Ok(match default {
                Some(v) => v.clone(),
                None => e.fail(empty, &[]),
            });
        };
        return extreme_of(e, op, first, rest);
    }
    let given = iterable(e, given, name)?;
    match default {
        Some(default) => e.library(&format!("coachwhip.lib.{name}_default"), Args::of(vec![given, default.clone()])),
        None => e.library(&format!("builtins.{name}"), Args::of(vec![given])),
    }
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
    let slots = args.bind(name, &["iterable"], 1)?;
    let [Some(given)] = slots.as_slice() else {
        return fault(Code::ArgumentCount, format!("{name}() takes an iterable"));
    };
    if let Some(items) = tuple_items(e, given) {
        return decided_of(e, &items, on);
    }
    let given = iterable(e, given, name)?;
    e.library(&format!("builtins.{name}"), Args::of(vec![given]))
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
