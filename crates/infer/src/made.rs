//! Lists as they are made, and the tuples of any length that are lists inside: what values are converted to where paths meet.

use crate::coerce::coerce;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{join, widen};
use coachwhip_abi::layout::ITEM_WORDS;
use coachwhip_ir::{Code, Const, Diagnostic, Imm, Op, Ty};
use std::sync::Arc;

/// Longer tuples are refused: every item is a machine value of its own.
const MAX_LENGTH: usize = 4_096;

/// Whether lists may hold values of a type.
pub fn may_hold(ty: &Ty) -> bool {
    let one = |ty: &Ty| match ty {
        Ty::Never | Ty::None | Ty::Int | Ty::Float | Ty::Bool | Ty::Complex | Ty::Scalar(_) | Ty::Array(_) => true,
        // What a generator captured of its maker's variables ends with that.
        Ty::Ref(_) => ty.generator().is_none_or(|of| !of.args.iter().any(captures_cells)),
        Ty::Table(_) | Ty::TupleOf(_) | Ty::Range(_) | Ty::Enum(_) => true,
        Ty::Lit(c) => !matches!(c, Const::BigInt(_) | Const::Array(_)),
        Ty::Tuple(items) | Ty::NamedTuple(_, items) => items.iter().all(may_hold),
        Ty::Optional(inner) => may_hold(inner),
        // What a function captures by reference may end before the list does: those are no items.
        Ty::Union(parts) | Ty::Closure(_, parts) => parts.iter().all(may_hold),
        _ => false,
    };
    one(&widen(ty)) && ty.machine().len() <= ITEM_WORDS
}

fn captures_cells(ty: &Ty) -> bool {
    match ty {
        Ty::Cell(_) => true,
        Ty::Ref(_) => ty.generator().is_some_and(|of| of.args.iter().any(captures_cells)),
        _ => ty.fields().is_some_and(|fields| fields.iter().any(captures_cells)),
    }
}

/// Refuses what has too many items.
pub fn bounded(length: usize) -> Result<(), Fault> {
    if length <= MAX_LENGTH {
        return Ok(());
    }
    let fault = Diagnostic::new(Code::TooLarge, format!("a tuple of {length} items is too long"));
    Err(Box::new(fault.help("use an array")))
}

/// Where the items of a list are.
pub fn items_pointer(e: &mut Emit, list: &Val, item: &Ty) -> Val {
    e.op(Op::ListItems, &[list], Ty::Ptr(Some(Arc::new(item.clone()))))
}

/// A list with room for so many items, and none in it.
pub fn new(e: &mut Emit, item: &Ty, room: &Val) -> Val {
    e.op(Op::ListNew, &[room], Ty::list(item.clone()))
}

/// A list of these items in a type that holds them all.
pub fn made_of(e: &mut Emit, item: &Ty, items: &[Val]) -> Result<Val, Fault> {
    bounded(items.len())?;
    let mut fitted = Vec::with_capacity(items.len());
    for v in items {
        fitted.push(coerce(e, v, item)?);
    }
    let count = e.int(items.len() as i64);
    let list = new(e, item, &count);
    if !fitted.is_empty() {
        let pointer = items_pointer(e, &list, item);
        for (n, v) in fitted.iter().enumerate() {
            let at = e.int(n as i64);
            init(e, &pointer, &at, v, item);
        }
        e.effect(Op::ListResize, Imm::None, &[&list, &count]);
    }
    Ok(list)
}

/// Fills a place in which nothing is; literals stay as they are in a list of this literal.
pub fn init(e: &mut Emit, pointer: &Val, at: &Val, v: &Val, item: &Ty) {
    let v = if item.literal().is_some() { v.clone() } else { e.machine(v) };
    let at = e.machine(at);
    let inst = e.func.make_inst(Op::ItemInit, Imm::None, vec![pointer.id, at.id, v.id], &[], vec![], e.loc);
    e.func.blocks[e.block].insts.push(inst);
}

/// A copy of a list with items of a wider type.
pub fn converted(e: &mut Emit, list: &Val, item: &Ty) -> Result<Val, Fault> {
    let zero = e.int(0);
    let empty = new(e, item, &zero);
    e.library("coachwhip.lib.lists.extended", vec![empty, list.clone()])
}

/// The list of such a tuple.
pub fn list_of(e: &mut Emit, v: &Val) -> Option<Val> {
    match v.ty {
        Ty::TupleOf(_) => Some(e.field(v, 0)),
        _ => None,
    }
}

/// The tuple of a list that nobody else has.
pub fn of_list(e: &mut Emit, list: &Val) -> Val {
    e.pack(Ty::TupleOf(Arc::new(list.ty.clone())), &[list])
}

/// A tuple of these items, as one of a type that has any number of them.
pub fn of_items(e: &mut Emit, all: &[Val], list: &Ty) -> Result<Val, Fault> {
    let Some(item) = list.list_item() else { return fault(Code::Internal, "a tuple of no list") };
    let list = made_of(e, item, all)?;
    Ok(of_list(e, &list))
}

/// The same tuple with items of a wider type.
pub fn converted_tuple(e: &mut Emit, v: &Val, list: &Ty) -> Result<Val, Fault> {
    let (Some(item), Some(own)) = (list.list_item(), list_of(e, v)) else {
        return fault(Code::Internal, "a tuple of no list");
    };
    let list = converted(e, &own, item)?;
    Ok(of_list(e, &list))
}

/// The type of tuples of several lengths: of any number of the items that they have in common.
pub fn joined(x: &[Ty], y: &[Ty]) -> Option<Ty> {
    let mut item = Ty::Never;
    for ty in x.iter().chain(y) {
        item = join(&item, &widen(ty)).ok()?;
    }
    let kept = x.iter().chain(y).all(|ty| stays(ty, &item));
    (kept && may_hold(&item)).then(|| Ty::TupleOf(Arc::new(Ty::list(item))))
}

/// Whether a value of a type is the same among items of another one: a number is if its type is.
fn stays(ty: &Ty, item: &Ty) -> bool {
    let ty = widen(ty);
    ty == *item || ty == Ty::Never || !matches!(item, Ty::Int | Ty::Float | Ty::Complex | Ty::Scalar(_))
}
