//! Iterators: over sequences by position, `enumerate`, `zip`, `reversed`; `len`.
//!
//! An iterator is a value: advancing gives a new one.  That is Python's behaviour only as long as nobody
//! looks at the old one again, which the engine checks ([`crate::engine`]): an iterator has one use.

use super::index::as_int;
use super::tuples::{common_type, display, item_types, items};
use super::{Answer, Family, Rule, applied, operators, ranges};
use crate::args::Args;
use crate::coerce::coerce;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{Code, Const, Diagnostic, ErrorKind, Op, Ty, describe};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family { functions: FUNCTIONS, iter, iter_has, iter_value, iter_advance, ..Family::NONE };

const FUNCTIONS: &[(&str, Rule)] = &[
    ("builtins.len", builtin_len),
    ("builtins.enumerate", builtin_enumerate),
    ("builtins.zip", builtin_zip),
    ("builtins.reversed", builtin_reversed),
];

/// Whether `match` may treat the value as a sequence: arrays are none, as in CPython.
pub fn is_sequence(e: &mut Emit, v: &Val) -> Val {
    let listed = matches!(v.ty, Ty::Range(_) | Ty::TupleOf(_) | Ty::ListDisplay(_)) || v.ty.list_item().is_some();
    let sequence = listed || item_types(&v.ty).is_some();
    e.bool(sequence)
}

fn builtin_len(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    match args.take(["obj"])?.as_slice() {
        [Some(Val { ty: Ty::Lit(Const::Str(text)), .. })] => {
            let count = text.chars().count() as i64;
            Ok(e.int(count))
        }
        [Some(v)] => operators::len(e, v),
        _ => fault(Code::ArgumentCount, "len() takes exactly one argument"),
    }
}

fn iter(e: &mut Emit, v: &Val) -> Answer {
    match &v.ty {
        Ty::Iter(_) => Ok(Some(v.clone())),
        Ty::Array(a) if a.ndim > 0 => {
            let zero = e.int(0);
            let zero = e.machine(&zero);
            Ok(Some(e.pack(Ty::Iter(Arc::new(IterTy::Array(v.ty.clone()))), &[v, &zero])))
        }
        Ty::Array(_) => fault(Code::NotIterable, "iteration over a 0-d array"),
        _ if item_types(&v.ty).is_some() => {
            let tuple = homogeneous(e, v)?;
            let zero = e.int(0);
            let zero = e.machine(&zero);
            Ok(Some(e.pack(Ty::Iter(Arc::new(IterTy::Tuple(tuple.ty.clone()))), &[&tuple, &zero])))
        }
        _ => Ok(None),
    }
}

/// The tuple with every item in their common type.
fn homogeneous(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    let types = item_types(&v.ty).unwrap_or_default();
    let common = common_type(&types).map_err(|why| {
        let message = format!("{} cannot be iterated over: {why}", describe(&v.ty));
        Box::new(
            Diagnostic::new(Code::NotIterable, message)
                .help("give all items one type, or write the iterations out with constant indices"),
        )
    })?;
    let mut parts = Vec::with_capacity(types.len());
    for item in items(e, v)? {
        let item = coerce(e, &item, &common)?;
        parts.push(e.machine(&item));
    }
    let ty = Ty::Tuple(parts.iter().map(|p| p.ty.clone()).collect());
    let parts: Vec<&Val> = parts.iter().collect();
    Ok(e.pack(ty, &parts))
}

fn kind(v: &Val) -> Option<Arc<IterTy>> {
    match &v.ty {
        Ty::Iter(kind) => Some(kind.clone()),
        _ => None,
    }
}

/// The inner iterators of a `zip`, and whether it is strict.
fn zipped(e: &mut Emit, v: &Val, types: &[Ty]) -> (Vec<Val>, bool) {
    let strict = types.last() == Some(&Ty::Lit(Const::Bool(true)));
    let count = types.len() - usize::from(strict);
    ((0..count).map(|i| e.field(v, i)).collect(), strict)
}

fn iter_has(e: &mut Emit, v: &Val) -> Answer {
    let Some(kind) = kind(v) else { return Ok(None) };
    Ok(Some(match &*kind {
        IterTy::Array(_) | IterTy::Tuple(_) => {
            let (sequence, position) = (e.field(v, 0), e.field(v, 1));
            let length = operators::len(e, &sequence)?;
            if length.literal_int() == Some(0) {
                return Ok(Some(e.bool(false)));
            }
            e.op(Op::Lt, &[&position, &length], Ty::Bool)
        }
        IterTy::Enumerate(_) => {
            let inner = e.field(v, 1);
            operators::iter_has(e, &inner)?
        }
        IterTy::Reversed(_) => {
            let (left, zero) = (e.field(v, 1), e.int(0));
            e.op(Op::Gt, &[&left, &zero], Ty::Bool)
        }
        IterTy::Zip(types) => zip_has(e, v, types)?,
        _ => return Ok(None),
    }))
}

fn zip_has(e: &mut Emit, v: &Val, types: &[Ty]) -> Result<Val, Fault> {
    let (inner, strict) = zipped(e, v, types);
    let Some((first, rest)) = inner.split_first() else { return Ok(e.bool(false)) };
    let first = operators::iter_has(e, first)?;
    let mut all = first.clone();
    for (i, other) in rest.iter().enumerate() {
        if applied::runs(&other.ty) && !strict {
            // It is not asked after one that has ended.
            all = e.if_else(&all, |e| operators::iter_has(e, other), |e| Ok(e.bool(false)))?;
            continue;
        }
        let has = operators::iter_has(e, other)?;
        if strict {
            let (empty, over) = (e.negated(&has), e.negated(&first));
            let not_longer = e.op(Op::Or, &[&first, &empty], Ty::Bool);
            let not_shorter = e.op(Op::Or, &[&over, &has], Ty::Bool);
            let (number, before) = (e.int(i as i64 + 2), e.int(i as i64 + 1));
            if i == 0 {
                e.guard(&not_longer, ErrorKind::ZipLonger, &[&number]);
                e.guard(&not_shorter, ErrorKind::ZipShorter, &[&number]);
            } else {
                e.guard(&not_longer, ErrorKind::ZipLongerMany, &[&number, &before]);
                e.guard(&not_shorter, ErrorKind::ZipShorterMany, &[&number, &before]);
            }
        } else {
            all = e.op(Op::And, &[&all, &has], Ty::Bool);
        }
    }
    Ok(all)
}

fn iter_value(e: &mut Emit, v: &Val) -> Answer {
    let Some(kind) = kind(v) else { return Ok(None) };
    Ok(Some(match &*kind {
        IterTy::Array(_) | IterTy::Tuple(_) => {
            let (sequence, position) = (e.field(v, 0), e.field(v, 1));
            operators::item(e, &sequence, &position)?
        }
        IterTy::Enumerate(_) => {
            let (count, inner) = (e.field(v, 0), e.field(v, 1));
            let value = operators::iter_value(e, &inner)?;
            display(e, &[count, value])
        }
        IterTy::Reversed(_) => {
            let (sequence, left, one) = (e.field(v, 0), e.field(v, 1), e.int(1));
            let position = e.op(Op::Sub, &[&left, &one], Ty::Int);
            operators::item(e, &sequence, &position)?
        }
        IterTy::Zip(types) => {
            let (inner, _) = zipped(e, v, types);
            let mut values = Vec::with_capacity(inner.len());
            for iterator in &inner {
                values.push(operators::iter_value(e, iterator)?);
            }
            display(e, &values)
        }
        _ => return Ok(None),
    }))
}

fn iter_advance(e: &mut Emit, v: &Val) -> Answer {
    let Some(kind) = kind(v) else { return Ok(None) };
    let one = e.int(1);
    Ok(Some(match &*kind {
        IterTy::Array(_) | IterTy::Tuple(_) => {
            let (sequence, position) = (e.field(v, 0), e.field(v, 1));
            let next = e.op(Op::Add, &[&position, &one], Ty::Int);
            e.pack(v.ty.clone(), &[&sequence, &next])
        }
        IterTy::Enumerate(_) => {
            let (count, inner) = (e.field(v, 0), e.field(v, 1));
            let next = e.op(Op::Add, &[&count, &one], Ty::Int);
            let inner = operators::iter_advance(e, &inner)?;
            e.pack(v.ty.clone(), &[&next, &inner])
        }
        IterTy::Reversed(_) => {
            let (sequence, left) = (e.field(v, 0), e.field(v, 1));
            let left = e.op(Op::Sub, &[&left, &one], Ty::Int);
            e.pack(v.ty.clone(), &[&sequence, &left])
        }
        IterTy::Zip(types) => {
            let (inner, strict) = zipped(e, v, types);
            let mut next = Vec::with_capacity(types.len());
            for iterator in &inner {
                next.push(operators::iter_advance(e, iterator)?);
            }
            if strict {
                next.push(e.bool(true));
            }
            let next: Vec<&Val> = next.iter().collect();
            e.pack(v.ty.clone(), &next)
        }
        _ => return Ok(None),
    }))
}

fn builtin_enumerate(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [iterable, start] = args.take(["iterable", "start"])?;
    let Some(iterable) = iterable else { return fault(Code::Internal, "enumerate() of nothing") };
    let start = match start {
        None => e.int(0),
        Some(v) => match as_int(e, &v) {
            Some(v) => v,
            None => {
                let of = describe(&v.ty);
                return fault(Code::ArgumentTypes, format!("enumerate() needs an integer start, not {of}"));
            }
        },
    };
    let start = e.machine(&start);
    let inner = operators::iter(e, &iterable)?;
    Ok(e.pack(Ty::Iter(Arc::new(IterTy::Enumerate(inner.ty.clone()))), &[&start, &inner]))
}

fn builtin_zip(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let mut parts = Vec::with_capacity(args.rest().len() + 1);
    for iterable in args.rest() {
        parts.push(operators::iter(e, iterable)?);
    }
    applied::in_turn(e, &mut parts)?;
    if let [Some(v)] = args.take(["strict"])? {
        match v.literal() {
            Some(Const::Bool(true)) if parts.iter().any(|part| applied::runs(&part.ty)) => {
                let message = "zip(strict=True) of generators is not supported";
                let refusal = Diagnostic::new(Code::Unsupported, message);
                return Err(Box::new(refusal.help("make lists of them first: list(...)")));
            }
            Some(Const::Bool(true)) => parts.push(v),
            Some(Const::Bool(false)) => {}
            _ => return fault(Code::NeedsConstant, "strict of zip() must be a constant"),
        }
    }
    let ty = Ty::Iter(Arc::new(IterTy::Zip(parts.iter().map(|v| v.ty.clone()).collect())));
    let parts: Vec<&Val> = parts.iter().collect();
    Ok(e.pack(ty, &parts))
}

fn builtin_reversed(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let v = e.opened(&args.one()?);
    let v = super::runs::list_of(e, &v).unwrap_or(v);
    if let Some(iterator) = ranges::reversed(e, &v) {
        return Ok(iterator);
    }
    if let Some(iterator) = super::objects::reversed(e, &v).or_else(|| super::strings::reversed(e, &v)) {
        return Ok(iterator);
    }
    let sequence = match &v.ty {
        Ty::Array(a) if a.ndim > 0 => v.clone(),
        _ if item_types(&v.ty).is_some() => homogeneous(e, &v)?,
        _ => return fault(Code::NotIterable, format!("{} cannot be reversed", describe(&v.ty))),
    };
    let length = operators::len(e, &sequence)?;
    let length = e.machine(&length);
    Ok(e.pack(Ty::Iter(Arc::new(IterTy::Reversed(sequence.ty.clone()))), &[&sequence, &length]))
}
