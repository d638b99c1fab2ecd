//! Generators: references to their frames; see `ir::generators`.
//!
//! A generator is its own iterator.  Asking whether it has another item runs it, so it is asked once for each.

use super::{Answer, Family, Rule, exceptions, operators};
use crate::args::{Args, Call};
use crate::coerce::coerce;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{Code, Const, ErrorKind, GeneratorTy, Imm, Op, Ty, describe};

/// What this family answers for.
pub const FAMILY: Family = Family {
    functions: FUNCTIONS,
    truth,
    contains,
    iter: itself,
    iter_has,
    iter_value,
    iter_advance: itself,
    ..Family::NONE
};

const FUNCTIONS: &[(&str, Rule)] = &[("builtins.iter", builtin_iter), ("builtins.next", builtin_next)];

fn builtin_iter(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    operators::iter(e, &args.one()?)
}

/// `next(iterator)`: after the end it is the default, or `StopIteration` with what a generator has returned.
fn builtin_next(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [iterator, default] = args.take(["iterator", "default"])?;
    let iterator = match iterator {
        Some(v) if generator(&v).is_some() => v,
        Some(v) if matches!(v.ty, Ty::Iter(_)) => stored(e, &v)?,
        Some(v) => {
            let of = describe(&v.ty);
            return fault(Code::ArgumentTypes, format!("next() needs an iterator, and {of} is none"));
        }
        None => return fault(Code::Internal, "next() of nothing"),
    };
    let has = operators::iter_has(e, &iterator)?;
    if let Some(default) = default {
        return e.if_else(&has, |e| operators::iter_value(e, &iterator), |_| Ok(default));
    }
    match generator(&iterator).map(|of| &of.returns) {
        None | Some(Ty::Never | Ty::None | Ty::Lit(Const::None)) => e.guard(&has, ErrorKind::StopIteration, &[]),
        Some(_) => {
            e.if_else(
                &has,
                |e| Ok(e.none()),
                |e| {
                    let returned = result(e, &iterator);
                    let class = Const::Named("builtins.StopIteration".into());
                    let exception = exceptions::construct(e, &class, &Call::of(vec![returned]))?;
                    exceptions::raise(e, &exception)?;
                    Ok(e.never())
                },
            )?;
        }
    }
    operators::iter_value(e, &iterator)
}

/// An iterator as a generator over its items.
pub fn stored(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    e.library("coachwhip.lib.generators.over", vec![v.clone()])
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    Ok(generator(v).map(|_| e.bool(true)))
}

fn contains(e: &mut Emit, item: &Val, container: &Val) -> Answer {
    match (generator(container), &container.ty) {
        (None, Ty::Iter(_)) | (Some(_), _) => {
            e.library("coachwhip.lib.generators.contains", vec![container.clone(), item.clone()]).map(Some)
        }
        _ => Ok(None),
    }
}

fn generator(v: &Val) -> Option<&GeneratorTy> {
    v.ty.generator()
}

fn itself(_: &mut Emit, v: &Val) -> Answer {
    Ok(generator(v).map(|_| v.clone()))
}

fn iter_has(e: &mut Emit, v: &Val) -> Answer {
    let Some(of) = generator(v).cloned() else { return Ok(None) };
    let number = e.engine.runs(&of)?;
    Ok(Some(e.op_with(Op::Resume, Imm::Func(number), &[v], Ty::Bool)))
}

fn iter_value(e: &mut Emit, v: &Val) -> Answer {
    let Some(of) = generator(v) else { return Ok(None) };
    Ok(Some(match of.yields.clone() {
        // It has yielded nothing.
        Ty::Never => e.fail(ErrorKind::Unreachable, &[]),
        yields => kept(e, Op::Yielded, v, yields),
    }))
}

/// A field of the frame.
fn kept(e: &mut Emit, op: Op, v: &Val, ty: Ty) -> Val {
    match ty {
        Ty::Lit(c) => e.lit(c),
        Ty::None => e.none(),
        ty => e.op(op, &[v], ty),
    }
}

/// What a `yield from` gives: what the generator has returned.
pub fn result(e: &mut Emit, v: &Val) -> Val {
    match generator(v).map(|of| of.returns.clone()) {
        None | Some(Ty::Never) => e.none(),
        Some(returns) => kept(e, Op::Returned, v, returns),
    }
}

/// `yield v`.
pub fn give(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    let ty = e.engine.yields(&v.ty)?;
    let v = coerce(e, v, &ty)?;
    e.effect(Op::Yield, Imm::None, &[&v]);
    Ok(e.none())
}
