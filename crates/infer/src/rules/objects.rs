//! Lists that may change: references to counted blocks with items of one type.  Byte arrays (`bytearrays`) lie in memory as
//! lists do and share the primitives.
//!
//! The rules here are what needs the block itself: items, length, room.  Everything else is written in Python over the
//! primitives of `coachwhip.lib.compiler` (`python/coachwhip/lib/lists.py`), which check nothing.

use super::index::as_int;
use super::{Answer, Family, Rule, library, lists, tuples};
use crate::args::Args;
use crate::coerce::coerce;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{held, widen};
pub use crate::made::{converted, made_of, may_hold};
use crate::made::{init, items_pointer, new};
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{BinaryOp, CmpOp, Code, Const, Diagnostic, Dtype, ErrorKind, Imm, Op, Ty, describe};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family {
    functions: FUNCTIONS,
    binary,
    compare,
    truth,
    contains,
    len,
    getitem,
    setitem,
    delitem,
    item,
    method,
    iter,
    iter_has,
    iter_value,
    iter_advance,
    ..Family::NONE
};

const FUNCTIONS: &[(&str, Rule)] = &[
    ("coachwhip.lib.compiler.push", push),
    ("coachwhip.lib.compiler.get", get),
    ("coachwhip.lib.compiler.put", put),
    ("coachwhip.lib.compiler.cut", cut),
    ("coachwhip.lib.compiler.close_gap", close_gap),
    ("coachwhip.lib.compiler.put_in", put_in),
    ("coachwhip.lib.compiler.new_like", new_like),
    ("coachwhip.lib.compiler.reserve", reserve),
    ("coachwhip.lib.compiler.fill", fill),
    ("coachwhip.lib.compiler.resize", resize),
];

fn item_ty(v: &Val) -> Option<Ty> {
    v.ty.list_item().cloned()
}

/// A value as an item of a list, or a byte of a byte array.
fn fitted(e: &mut Emit, list: &Val, item: &Val) -> Result<Val, Fault> {
    match list.ty.stored().cloned() {
        Some(_) if list.ty.is_bytearray() => super::bytearrays::byte(e, item),
        Some(ty) => coerce(e, item, &ty),
        None => fault(Code::Container, format!("{} has no items that change", describe(&list.ty))),
    }
}

/// How many items there are.
pub fn length(e: &mut Emit, list: &Val) -> Val {
    e.op(Op::ListLen, &[list], Ty::Int)
}

/// The item at a position that is known to be in range.
pub fn load(e: &mut Emit, list: &Val, index: &Val, item: &Ty) -> Val {
    match item {
        Ty::Never => e.fail(ErrorKind::Unreachable, &[]),
        Ty::Lit(c) => {
            let c = c.clone();
            e.lit(c)
        }
        _ => {
            let pointer = items_pointer(e, list, item);
            let loaded = e.op(Op::ItemLoad, &[&pointer, index], item.clone());
            if list.ty.is_bytearray() { e.op(Op::Convert, &[&loaded], Ty::Int) } else { loaded }
        }
    }
}

/// A display, or a tuple, as a list that may change; any other value is itself.
pub fn as_object(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    let Some(items) = lists::items(e, v) else { return Ok(v.clone()) };
    let mut ty = Ty::Never;
    for item in &items {
        ty = match held(&ty, &widen(&item.ty)) {
            Ok(ty) if may_hold(&ty) => ty,
            Ok(ty) => return fault(Code::Container, format!("a list of {} is not supported", describe(&ty))),
            Err(why) => return fault(Code::Join, format!("the items of the list have no common type: {why}")),
        };
    }
    made_of(e, &ty, &items)
}

/// A list of the items of an iterator.
pub fn made(e: &mut Emit, iterator: &Val) -> Result<Val, Fault> {
    e.library("coachwhip.lib.lists.made", vec![iterator.clone()])
}

/// `list.append(item)`.
pub fn append(e: &mut Emit, list: &Val, item: &Val) -> Result<Val, Fault> {
    let Some(ty) = list.ty.stored().cloned() else {
        return fault(Code::Container, format!("{} cannot be appended to", describe(&list.ty)));
    };
    let item = fitted(e, list, item)?;
    let (count, room, one) = (length(e, list), e.op(Op::ListRoom, &[list], Ty::Int), e.int(1));
    let wanted = e.op(Op::Add, &[&count, &one], Ty::Int);
    let full = e.op(Op::Ge, &[&count, &room], Ty::Bool);
    e.if_else(
        &full,
        |e| {
            e.effect(Op::ListReserve, Imm::None, &[list, &wanted]);
            Ok(e.none())
        },
        |e| Ok(e.none()),
    )?;
    let pointer = items_pointer(e, list, &ty);
    init(e, &pointer, &count, &item, &ty);
    e.effect(Op::ListResize, Imm::None, &[list, &wanted]);
    Ok(e.none())
}

/// A list that is being made, with one more item or those of an iterable.
pub fn grow(e: &mut Emit, list: &Val, part: &Val, starred: bool) -> Result<Val, Fault> {
    if !starred {
        append(e, list, part)?;
        return Ok(list.clone());
    }
    let items = as_object(e, part)?;
    let name = if items.ty.list_item().is_some() { "coachwhip.lib.lists.extended" } else { "builtins.list.extend" };
    e.library(name, vec![list.clone(), items])?;
    Ok(list.clone())
}

/// A position in a list that may count from its end, checked.
pub fn place(e: &mut Emit, list: &Val, index: &Val, kind: ErrorKind) -> Result<Val, Fault> {
    let Some(index) = as_int(e, index) else {
        let of = describe(&index.ty);
        return fault(
            Code::NotSubscriptable,
            format!("{} indices must be integers or slices, not {of}", class_name(list)),
        );
    };
    let count = length(e, list);
    let wrapped = match index.literal_int() {
        Some(i) if i >= 0 => index,
        Some(_) => e.op(Op::Add, &[&count, &index], Ty::Int),
        None => e.op(Op::WrapIndex, &[&index, &count], Ty::Int),
    };
    let inside = e.op(Op::InRange, &[&wrapped, &count], Ty::Bool);
    e.guard(&inside, kind, &[]);
    Ok(wrapped)
}

fn class_name(list: &Val) -> &'static str {
    if list.ty.is_bytearray() { "bytearray" } else { "list" }
}

fn getitem(e: &mut Emit, list: &Val, index: &Val) -> Answer {
    let Some(ty) = item_ty(list) else { return Ok(None) };
    if matches!(index.ty, Ty::Slice(_)) {
        return with_slice(e, "getslice", list, index, None).map(Some);
    }
    let at = place(e, list, index, ErrorKind::ListIndex)?;
    Ok(Some(load(e, list, &at, &ty)))
}

fn setitem(e: &mut Emit, list: &Val, index: &Val, v: &Val) -> Answer {
    let Some(ty) = item_ty(list) else { return Ok(None) };
    if matches!(index.ty, Ty::Slice(_)) {
        let v = as_object(e, v)?;
        return with_slice(e, "setslice", list, index, Some(v)).map(Some);
    }
    let v = coerce(e, v, &ty)?;
    let at = place(e, list, index, ErrorKind::ListAssignIndex)?;
    store(e, list, &at, &v, &ty);
    Ok(Some(e.none()))
}

/// Puts a value that fits in the place of an item.
pub fn store(e: &mut Emit, list: &Val, at: &Val, v: &Val, ty: &Ty) {
    if ty.literal().is_none() && *ty != Ty::Never {
        let pointer = items_pointer(e, list, ty);
        e.effect(Op::ItemStore, Imm::None, &[&pointer, at, v]);
    }
}

fn delitem(e: &mut Emit, list: &Val, index: &Val) -> Answer {
    let Some(_) = item_ty(list) else { return Ok(None) };
    if matches!(index.ty, Ty::Slice(_)) {
        return with_slice(e, "delslice", list, index, None).map(Some);
    }
    let at = place(e, list, index, ErrorKind::ListAssignIndex)?;
    let one = e.int(1);
    close(e, list, &at, &one)?;
    Ok(Some(e.none()))
}

/// The library's function of a list and the parts of a slice.
pub fn with_slice(e: &mut Emit, name: &str, list: &Val, index: &Val, v: Option<Val>) -> Result<Val, Fault> {
    let mut args = vec![list.clone()];
    args.extend((0..3).map(|n| e.field(index, n)));
    args.extend(v);
    e.library(&format!("coachwhip.lib.lists.{name}"), args)
}

fn len(e: &mut Emit, v: &Val) -> Answer {
    Ok(item_ty(v).map(|_| length(e, v)))
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    let Some(_) = item_ty(v) else { return Ok(None) };
    let (count, zero) = (length(e, v), e.int(0));
    Ok(Some(e.op(Op::Ne, &[&count, &zero], Ty::Bool)))
}

fn item(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    Ok(item_ty(v).map(|ty| load(e, v, index, &ty)))
}

fn contains(e: &mut Emit, wanted: &Val, list: &Val) -> Answer {
    let Some(_) = item_ty(list) else { return Ok(None) };
    e.library("coachwhip.lib.lists.contains", vec![list.clone(), wanted.clone()]).map(Some)
}

fn binary(e: &mut Emit, op: BinaryOp, inplace: bool, a: &Val, b: &Val) -> Answer {
    let (x, y) = (item_ty(a), item_ty(b));
    match (op, x, y) {
        (_, None, None) => Ok(None),
        (BinaryOp::Add, Some(_), _) if inplace => {
            if b.ty.array().is_some() {
                let message = "+= of a list and an array makes an array";
                let help = "write a.extend(b) for a longer list, or a = b + a for an array";
                return Err(Box::new(Diagnostic::new(Code::OperandTypes, message).help(help)));
            }
            grow(e, a, b, true).map(Some)
        }
        (BinaryOp::Mul, Some(_), None) if inplace => {
            let Some(n) = as_int(e, b) else { return Ok(None) };
            e.library("coachwhip.lib.lists.repeat_in_place", vec![a.clone(), n]).map(Some)
        }
        (BinaryOp::Mul, Some(_), None) => repeated(e, a, b),
        (BinaryOp::Mul, None, Some(_)) => repeated(e, b, a),
        (BinaryOp::Add, _, _) if list_like(a) && list_like(b) => {
            let (a, b) = (as_object(e, a)?, as_object(e, b)?);
            let (Some(x), Some(y)) = (item_ty(&a), item_ty(&b)) else { return Ok(None) };
            let ty = match held(&x, &y) {
                Ok(ty) => ty,
                Err(why) => return fault(Code::Join, format!("the items of the lists have no common type: {why}")),
            };
            let (m, n) = (length(e, &a), length(e, &b));
            let room = e.op(Op::Add, &[&m, &n], Ty::Int);
            let made = new(e, &ty, &room);
            let made = e.library("coachwhip.lib.lists.extended", vec![made, a])?;
            e.library("coachwhip.lib.lists.extended", vec![made, b]).map(Some)
        }
        _ => Ok(None),
    }
}

fn list_like(v: &Val) -> bool {
    v.ty.list_item().is_some() || matches!(v.ty, Ty::ListDisplay(_))
}

fn repeated(e: &mut Emit, list: &Val, count: &Val) -> Answer {
    let Some(n) = as_int(e, count) else { return Ok(None) };
    e.library("coachwhip.lib.lists.repeated", vec![list.clone(), n]).map(Some)
}

fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    if a.ty.list_item().is_none() && b.ty.list_item().is_none() {
        return Ok(None);
    }
    if !list_like(a) || !list_like(b) {
        let plain = |v: &Val| {
            matches!(v.ty.widened(), Ty::Tuple(_) | Ty::NamedTuple(..) | Ty::Range(_) | Ty::Lit(Const::None))
                || v.ty.dtype().is_some()
        };
        return match op {
            CmpOp::Eq if plain(a) || plain(b) => Ok(Some(e.bool(false))),
            CmpOp::Ne if plain(a) || plain(b) => Ok(Some(e.bool(true))),
            _ => Ok(None),
        };
    }
    let (a, b) = (as_object(e, a)?, as_object(e, b)?);
    let (name, swap, negate) = match op {
        CmpOp::Eq => ("equal", false, false),
        CmpOp::Ne => ("equal", false, true),
        CmpOp::Lt => ("less", false, false),
        CmpOp::Gt => ("less", true, false),
        CmpOp::Le => ("less_equal", false, false),
        CmpOp::Ge => ("less_equal", true, false),
    };
    let args = if swap { vec![b, a] } else { vec![a, b] };
    let found = e.library(&format!("coachwhip.lib.lists.{name}"), args)?;
    Ok(Some(if negate { e.negated(&found) } else { found }))
}

fn method(e: &mut Emit, v: &Val, name: &str, args: &Args) -> Answer {
    let Some(ty) = item_ty(v) else { return Ok(None) };
    let mut args = args.clone();
    match (name, args.get("object").cloned(), args.get("iterable").cloned()) {
        ("append", Some(item), _) => return append(e, v, &item).map(Some),
        ("insert", Some(item), _) => {
            let item = coerce(e, &item, &ty)?;
            args.set("object", item)?;
        }
        ("extend", _, Some(items)) => {
            let items = as_object(e, &items)?;
            if items.ty.list_item().is_some() {
                e.library("coachwhip.lib.lists.extended", vec![v.clone(), items])?;
                return Ok(Some(e.none()));
            }
            args.set("iterable", items)?;
        }
        _ => {}
    }
    library::method(e, v, name, args)
}

/// `iter(list)`.
pub fn iter(e: &mut Emit, v: &Val) -> Answer {
    let Some(_) = v.ty.stored() else { return Ok(None) };
    let zero = e.int(0);
    let zero = e.machine(&zero);
    Ok(Some(e.pack(Ty::Iter(Arc::new(IterTy::List(v.ty.clone()))), &[v, &zero])))
}

/// `reversed(list)`.
pub fn reversed(e: &mut Emit, v: &Val) -> Option<Val> {
    v.ty.stored()?;
    let count = length(e, v);
    Some(e.pack(Ty::Iter(Arc::new(IterTy::ListReversed(v.ty.clone()))), &[v, &count]))
}

/// The list and the position of an iterator over one, and whether it goes backwards.
fn parts(e: &mut Emit, v: &Val) -> Option<(Val, Val, bool)> {
    let Ty::Iter(kind) = &v.ty else { return None };
    let backwards = match &**kind {
        IterTy::List(_) => false,
        IterTy::ListReversed(_) => true,
        _ => return None,
    };
    Some((e.field(v, 0), e.field(v, 1), backwards))
}

fn iter_has(e: &mut Emit, v: &Val) -> Answer {
    let Some((list, position, backwards)) = parts(e, v) else { return Ok(None) };
    if item_ty(&list) == Some(Ty::Never) {
        return Ok(Some(e.bool(false)));
    }
    let count = length(e, &list);
    if !backwards {
        return Ok(Some(e.op(Op::Lt, &[&position, &count], Ty::Bool)));
    }
    let zero = e.int(0);
    let left = e.op(Op::Gt, &[&position, &zero], Ty::Bool);
    let there = e.op(Op::Le, &[&position, &count], Ty::Bool);
    Ok(Some(e.op(Op::And, &[&left, &there], Ty::Bool)))
}

fn iter_value(e: &mut Emit, v: &Val) -> Answer {
    let Some((list, position, backwards)) = parts(e, v) else { return Ok(None) };
    let one = e.int(1);
    let at = if backwards { e.op(Op::Sub, &[&position, &one], Ty::Int) } else { position };
    Ok(list.ty.stored().cloned().map(|ty| load(e, &list, &at, &ty)))
}

fn iter_advance(e: &mut Emit, v: &Val) -> Answer {
    let Some((list, position, backwards)) = parts(e, v) else { return Ok(None) };
    let one = e.int(1);
    let next = e.op(if backwards { Op::Sub } else { Op::Add }, &[&position, &one], Ty::Int);
    Ok(Some(e.pack(v.ty.clone(), &[&list, &next])))
}

/// The operands of a primitive, the first a list.
fn bound<const N: usize>(args: &Args, names: [&'static str; N]) -> Result<([Val; N], Ty), Fault> {
    let given: Vec<Val> = args.take(names)?.into_iter().flatten().collect();
    let item = given.first().and_then(|list| list.ty.stored()).cloned();
    match (<[Val; N]>::try_from(given), item) {
        (Ok(all), Some(item)) => Ok((all, item)),
        _ => fault(Code::ArgumentTypes, "a list is needed here"),
    }
}

/// `push(list, item)`: as `append`.
fn push(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let ([list, item], _) = bound(args, ["list", "item"])?;
    append(e, &list, &item)
}

/// `get(list, i)`: an item, 0 <= i < len.
fn get(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let ([list, i], ty) = bound(args, ["list", "i"])?;
    Ok(load(e, &list, &i, &ty))
}

/// `put(list, i, item)`: another item in its place, 0 <= i < len.
fn put(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let ([list, i, item], ty) = bound(args, ["list", "i", "item"])?;
    let item = fitted(e, &list, &item)?;
    store(e, &list, &i, &item, &ty);
    Ok(e.none())
}

/// `cut(list, n)`: the first n items stay, n <= len.
fn cut(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let ([list, n], ty) = bound(args, ["list", "n"])?;
    if ty != Ty::Never {
        let count = length(e, &list);
        let gone = e.op(Op::Sub, &[&count, &n], Ty::Int);
        let pointer = items_pointer(e, &list, &ty);
        e.effect(Op::ItemsDrop, Imm::None, &[&pointer, &n, &gone]);
        e.effect(Op::ListResize, Imm::None, &[&list, &n]);
    }
    Ok(e.none())
}

/// `close_gap(list, at, n)`: takes n items away, all of which are there.
fn close_gap(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let ([list, at, n], _) = bound(args, ["list", "at", "n"])?;
    close(e, &list, &at, &n)?;
    Ok(e.none())
}

/// Takes so many items away from a position on, all of which are there.
pub fn close(e: &mut Emit, list: &Val, at: &Val, n: &Val) -> Result<(), Fault> {
    let Some(ty) = list.ty.stored().cloned().filter(|ty| *ty != Ty::Never) else { return Ok(()) };
    let count = length(e, list);
    let end = e.op(Op::Add, &[at, n], Ty::Int);
    let rest = e.op(Op::Sub, &[&count, &end], Ty::Int);
    let left = e.op(Op::Sub, &[&count, n], Ty::Int);
    let pointer = items_pointer(e, list, &ty);
    e.effect(Op::ItemsDrop, Imm::None, &[&pointer, at, n]);
    e.effect(Op::ItemsMove, Imm::None, &[&pointer, at, &end, &rest]);
    e.effect(Op::ListResize, Imm::None, &[list, &left]);
    Ok(())
}

/// `put_in(list, at, item)`: an item before position `at`, 0 <= at <= len.
fn put_in(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let ([list, at, item], ty) = bound(args, ["list", "at", "item"])?;
    let item = fitted(e, &list, &item)?;
    let (count, one) = (length(e, &list), e.int(1));
    let wanted = e.op(Op::Add, &[&count, &one], Ty::Int);
    e.effect(Op::ListReserve, Imm::None, &[&list, &wanted]);
    let pointer = items_pointer(e, &list, &ty);
    let (behind, moved) = (e.op(Op::Add, &[&at, &one], Ty::Int), e.op(Op::Sub, &[&count, &at], Ty::Int));
    e.effect(Op::ItemsMove, Imm::None, &[&pointer, &behind, &at, &moved]);
    init(e, &pointer, &at, &item, &ty);
    e.effect(Op::ListResize, Imm::None, &[&list, &wanted]);
    Ok(e.none())
}

/// `new_like(list, n)`: an empty list for items of the same type, with room for n of them.
fn new_like(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let ([list, n], _) = bound(args, ["list", "n"])?;
    Ok(e.op(Op::ListNew, &[&n], list.ty))
}

/// `reserve(list, n)`: room for n items.
fn reserve(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let ([list, n], _) = bound(args, ["list", "n"])?;
    e.effect(Op::ListReserve, Imm::None, &[&list, &n]);
    Ok(e.none())
}

/// `fill(list, i, item)`: an item in room where none is.
fn fill(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let ([list, i, item], ty) = bound(args, ["list", "i", "item"])?;
    let item = coerce(e, &item, &ty)?;
    let pointer = items_pointer(e, &list, &ty);
    init(e, &pointer, &i, &item, &ty);
    Ok(e.none())
}

/// `resize(list, n)`: it has n items, which are there.
fn resize(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let ([list, n], _) = bound(args, ["list", "n"])?;
    e.effect(Op::ListResize, Imm::None, &[&list, &n]);
    Ok(e.none())
}

/// `*before, rest, *after = list`.
pub fn unpack_star(e: &mut Emit, list: &Val, before: usize, after: usize) -> Result<Vec<Val>, Fault> {
    let Some(ty) = item_ty(list) else { return fault(Code::Internal, "no list to unpack") };
    let count = length(e, list);
    let least = e.int((before + after) as i64);
    let enough = e.op(Op::Ge, &[&count, &least], Ty::Bool);
    e.guard(&enough, ErrorKind::NotEnoughStarred, &[&least, &count]);
    let mut all: Vec<Val> = Vec::new();
    for n in 0..before {
        let at = e.int(n as i64);
        let at = e.machine(&at);
        all.push(load(e, list, &at, &ty));
    }
    let (first, behind) = (e.int(before as i64), e.int(after as i64));
    let (first, none) = (e.machine(&first), e.none());
    let end = e.op(Op::Sub, &[&count, &behind], Ty::Int);
    let rest = vec![list.clone(), first, end.clone(), none];
    all.push(e.library("coachwhip.lib.lists.getslice", rest)?);
    for n in 0..after {
        let step = e.int(n as i64);
        let at = e.op(Op::Add, &[&end, &step], Ty::Int);
        all.push(load(e, list, &at, &ty));
    }
    Ok(all)
}

/// A new array of the numbers in a list, or in lists, tuples and arrays of one shape in it; `None` of anything else.
pub fn to_array(e: &mut Emit, list: &Val, dtype: Option<Dtype>) -> Answer {
    let Some(_) = item_ty(list) else { return Ok(None) };
    let Some((ndim, found)) = axes(&list.ty) else { return Ok(None) };
    let dtype = e.lit(Const::Dtype(dtype.unwrap_or(found)));
    if ndim == 1 {
        return e.library("coachwhip.lib.lists.to_array", vec![list.clone(), dtype]).map(Some);
    }
    let zero = e.int(0);
    let zero = e.machine(&zero);
    let axes = tuples::display(e, &vec![zero; ndim]);
    e.library("coachwhip.lib.lists.to_nested", vec![list.clone(), dtype, axes]).map(Some)
}

/// How many axes an array of a value has, and of which dtype.
fn axes(ty: &Ty) -> Option<(usize, Dtype)> {
    match ty {
        Ty::Never => Some((0, Dtype::Float64)),
        Ty::Array(array) => Some((usize::from(array.ndim), array.dtype)),
        Ty::Tuple(items) | Ty::NamedTuple(_, items) => {
            let dtypes = items.iter().map(Ty::dtype).collect::<Option<Vec<Dtype>>>()?;
            Some((1, dtypes.into_iter().reduce(Dtype::promote).unwrap_or(Dtype::Float64)))
        }
        _ => match ty.list_item() {
            Some(item) => axes(item).map(|(ndim, dtype)| (ndim + 1, dtype)),
            None => ty.dtype().map(|dtype| (0, dtype)),
        },
    }
}
