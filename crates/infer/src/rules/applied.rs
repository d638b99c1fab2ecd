//! Iterators that call a function: `map` and `filter`.
//!
//! `map` calls when its value is asked for, once for each item.  `filter` calls while it looks for the next item, so the place
//! that it has reached is in memory, as the only item of a list.

use super::{Answer, Family, Rule, calls, generators, objects, operators};
use crate::args::{Args, Call};
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{Code, Op, Ty};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family { functions: FUNCTIONS, iter_has, iter_value, iter_advance, ..Family::NONE };

const FUNCTIONS: &[(&str, Rule)] = &[("builtins.map", builtin_map), ("builtins.filter", builtin_filter)];

/// Whether asking an iterator calls a user's function.
pub fn calls(ty: &Ty) -> bool {
    let Ty::Iter(kind) = ty else { return false };
    match &**kind {
        IterTy::Map(_) | IterTy::Filter(_) => true,
        IterTy::Enumerate(inner) => calls(inner),
        IterTy::Zip(inner) => inner.iter().any(calls),
        _ => false,
    }
}

fn builtin_map(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [function, iterable] = args.take(["function", "iterable"])?;
    let (Some(function), Some(iterable)) = (function, iterable) else {
        return fault(Code::Internal, "map() of nothing");
    };
    let mut parts = vec![function];
    for iterable in std::iter::once(&iterable).chain(args.rest()) {
        parts.push(operators::iter(e, iterable)?);
    }
    if let Some(iterators) = parts.get_mut(1..) {
        in_turn(e, iterators)?;
    }
    Ok(packed(e, IterTy::Map, &parts))
}

/// Whether asking an iterator for another item runs code of the user's.
pub fn runs(ty: &Ty) -> bool {
    let Ty::Iter(kind) = ty else { return ty.generator().is_some() };
    match &**kind {
        IterTy::Enumerate(inner) => runs(inner),
        IterTy::Zip(inner) | IterTy::Map(inner) => inner.iter().any(runs),
        IterTy::Filter(_) => true,
        _ => false,
    }
}

/// Several iterators are asked one after the other, each for its item before the next one is asked.  Where one of them runs
/// code, which could change what the others look at, or be asked through another of them, all but ranges become generators of
/// their own, which have their item then.
pub fn in_turn(e: &mut Emit, iterators: &mut [Val]) -> Result<(), Fault> {
    let runs = iterators.iter().any(|v| runs(&v.ty) || calls(&v.ty));
    if !runs || iterators.len() < 2 {
        return Ok(());
    }
    for v in iterators {
        let counts = matches!(&v.ty, Ty::Iter(kind) if matches!(&**kind, IterTy::Range | IterTy::RangeStep));
        if !counts {
            *v = generators::stored(e, v)?;
        }
    }
    Ok(())
}

fn builtin_filter(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [function, iterable] = args.take(["function", "iterable"])?;
    let (Some(function), Some(iterable)) = (function, iterable) else {
        return fault(Code::Internal, "filter() of nothing");
    };
    let inner = operators::iter(e, &iterable)?;
    let by_position = match &inner.ty {
        Ty::Iter(kind) => matches!(&**kind, IterTy::List(_) | IterTy::Array(_) | IterTy::Tuple(_)),
        _ => false,
    };
    let sequence = match &inner.ty {
        _ if matches!(iterable.ty, Ty::Range(_)) => iterable,
        _ if by_position && !matches!(iterable.ty, Ty::Iter(_)) => e.field(&inner, 0),
        _ => return e.library("coachwhip.lib.generators.kept", vec![function, inner]),
    };
    let zero = e.int(0);
    let state = objects::made_of(e, &Ty::Int, &[zero])?;
    Ok(packed(e, IterTy::Filter, &[function, sequence, state]))
}

fn packed(e: &mut Emit, kind: impl Fn(Arc<[Ty]>) -> IterTy, parts: &[Val]) -> Val {
    let ty = Ty::Iter(Arc::new(kind(parts.iter().map(|v| v.ty.clone()).collect())));
    e.pack(ty, &parts.iter().collect::<Vec<_>>())
}

/// The fields of an iterator of this family, and whether it is a `map`.
fn parts(e: &mut Emit, v: &Val) -> Option<(Vec<Val>, bool)> {
    let Ty::Iter(kind) = &v.ty else { return None };
    let (types, is_map) = match &**kind {
        IterTy::Map(types) => (types.clone(), true),
        IterTy::Filter(types) => (types.clone(), false),
        _ => return None,
    };
    Some(((0..types.len()).map(|n| e.field(v, n)).collect(), is_map))
}

fn iter_has(e: &mut Emit, v: &Val) -> Answer {
    let Some((parts, is_map)) = parts(e, v) else { return Ok(None) };
    if !is_map {
        return e.library("coachwhip.lib.lists.look_further", parts).map(Some);
    }
    let mut all = e.bool(true);
    for inner in parts.iter().skip(1) {
        all = match runs(&inner.ty) {
            true => e.if_else(&all, |e| operators::iter_has(e, inner), |e| Ok(e.bool(false)))?,
            false => {
                let has = operators::iter_has(e, inner)?;
                e.op(Op::And, &[&all, &has], Ty::Bool)
            }
        };
    }
    Ok(Some(all))
}

fn iter_value(e: &mut Emit, v: &Val) -> Answer {
    let Some((parts, is_map)) = parts(e, v) else { return Ok(None) };
    match parts.as_slice() {
        [function, inner @ ..] if is_map => {
            let mut positional = Vec::with_capacity(inner.len());
            for iterator in inner {
                positional.push(operators::iter_value(e, iterator)?);
            }
            calls::call(e, function, Call { positional, ..Call::default() }).map(Some)
        }
        [_, sequence, state] => {
            let zero = e.int(0);
            let Some(at) = (objects::FAMILY.item)(e, state, &zero)? else { return Ok(None) };
            operators::item(e, sequence, &at).map(Some)
        }
        _ => Ok(None),
    }
}

fn iter_advance(e: &mut Emit, v: &Val) -> Answer {
    let Some((parts, is_map)) = parts(e, v) else { return Ok(None) };
    if is_map {
        let mut next = Vec::with_capacity(parts.len());
        for (n, part) in parts.iter().enumerate() {
            next.push(if n == 0 { part.clone() } else { operators::iter_advance(e, part)? });
        }
        return Ok(Some(e.pack(v.ty.clone(), &next.iter().collect::<Vec<_>>())));
    }
    if let [_, _, state] = parts.as_slice() {
        e.library("coachwhip.lib.lists.step_over", vec![state.clone()])?;
    }
    Ok(Some(v.clone()))
}
