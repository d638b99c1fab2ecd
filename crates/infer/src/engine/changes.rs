//! How the types of containers come about: what is stored widens its class, and what makes the class's containers makes
//! them of the class's type.

use super::lists::{self, Class};
use super::step::Frame;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{held, join, key_type, widen};
use coachwhip_ir::{
    BinaryOp, Code, Const, Factory, Func, Imm, InstData, Op, Shown, TableKind, Ty, UserClass, Value, describe,
};
use std::sync::Arc;

impl Frame {
    /// The type that the containers of a class must have, as far as this function says.
    pub fn known(&self, class: Class) -> Option<Ty> {
        self.known_within(class, super::flow::MAX_NESTING)
    }

    /// A container that holds itself has a class that leads to itself.
    fn known_within(&self, class: Class, depth: usize) -> Option<Ty> {
        let depth = depth.checked_sub(1)?;
        let inner = self.shape.lists.inner_class(class);
        let inner = inner.and_then(|inner| self.known_within(inner, depth));
        let of_dict = self.shape.lists.inner_class(class).is_some_and(|inner| self.values.contains(&inner));
        match (self.items.get(&class), inner) {
            (known, None) => known.cloned(),
            // A list of a dict's keys is none of its values.
            (None, Some(_)) if of_dict => None,
            (None, Some(inner)) => Some(Ty::list(inner)),
            (Some(known), Some(inner)) => match known.held() {
                // A display without items says nothing of what the other lists in it say.
                Some(Ty::Never) if known.list_item().is_some() && !of_dict => Some(Ty::list(inner)),
                Some(held) if held.is_container() => Some(known.holding(join(held, &inner).ok()?)),
                _ => Some(known.clone()),
            },
        }
    }

    /// What a value must be if it is a container.
    pub fn wanted(&self, value: Value) -> Option<Ty> {
        self.known(self.shape.lists.class(value)?)
    }

    /// Widens the class of a container so that it holds what this one does, and the classes of containers in it.
    pub fn widen(&mut self, class: Class, container: &Ty) {
        let old = self.items.get(&class).cloned().unwrap_or(Ty::Never);
        match join(&old, container) {
            Ok(new) if new == old => {}
            Ok(new) if super::flow::nesting(&new) <= super::flow::MAX_NESTING => {
                self.items.insert(class, new);
                self.widened.push(class);
            }
            Ok(_) => drop(self.item_conflicts.insert(class, "containers in containers without end".into())),
            Err(why) => drop(self.item_conflicts.insert(class, why)),
        }
        if let (Some(_), Some(inner)) = (container.as_table(), self.shape.lists.inner_class(class)) {
            self.values.insert(inner);
        }
        if let (Some(inner), Some(held)) = (self.shape.lists.inner_class(class), container.held().cloned())
            && held.is_container()
            && !held.is_empty_container()
        {
            self.widen(inner, &held);
        }
    }

    /// Has a container become one of another type.
    pub fn want(&mut self, container: Value, ty: &Ty) {
        if let (Some(class), true) = (self.shape.lists.class(container), ty.is_container()) {
            self.widen(class, ty);
        }
    }
}

/// An iterator whose items go into a list becomes a list first, if its type does not say what they are.
pub fn listed(e: &mut Emit, frame: &Frame, data: &InstData, operands: &mut [Val]) -> Result<(), Fault> {
    let extends = match data.op {
        Op::PyListGrow => data.imm == Imm::Int(1),
        Op::PyCall => {
            operands.len() == 2 && lists::stored_by_call(&frame.func, data).is_some_and(|(_, name)| name == "extend")
        }
        _ => false,
    };
    match operands {
        [_, items] if extends && matches!(items.ty, Ty::Iter(_)) && items_in(&items.ty).is_none() => {
            *items = (e.engine.rules().lists.made)(e, items)?;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Whether an instruction stores something that its container cannot hold yet: then the class is widened instead, and the
/// instruction runs again when its container has the new type.
pub fn store(e: &mut Emit, frame: &mut Frame, data: &InstData, operands: &[Val]) -> Result<bool, Fault> {
    let func = frame.func.clone();
    let Some((value, receiver, stored)) = stored(&func, data, operands) else { return Ok(false) };
    let (Some(value), true) = (value, receiver.is_container()) else { return Ok(false) };
    refuse_parts(e, &stored)?;
    let Some(class) = frame.shape.lists.class(value) else { return Ok(false) };
    refuse_conflict(frame, class, &receiver)?;
    match join(&receiver, &stored) {
        Ok(joined) if joined == receiver => Ok(false),
        Ok(joined) if let Some((of, name)) = attribute_of(frame, value) => {
            match e.engine.widen_attribute(&of, &name, &joined) {
                Ok(()) => Ok(!frame.settled),
                Err(why) => fault(Code::Join, format!("the attribute '{name}' of {} has no one type: {why}", of.name)),
            }
        }
        Ok(joined) => {
            let known = frame.items.get(&class).cloned();
            frame.widen(class, &joined);
            let settled = frame.items.get(&class) == known.as_ref();
            match settled && frame.settled {
                true if receiver.is_empty_container() => unknown_items(&receiver),
                true => cannot_take(&receiver, &stored),
                false => Ok(true),
            }
        }
        Err(why) => {
            frame.item_conflicts.insert(class, why);
            refuse_conflict(frame, class, &receiver).map(|()| false)
        }
    }
}

/// The attribute of an instance that a value was read from.
fn attribute_of(frame: &Frame, value: Value) -> Option<(Arc<UserClass>, Arc<str>)> {
    let data = &frame.func.insts[frame.func.def_inst(value)?];
    let (Op::PyGetAttr, Imm::Name(name)) = (data.op, &data.imm) else { return None };
    let class = frame.ty(*data.args.first()?)?.instance_class()?;
    Some((class.clone(), name.clone()))
}

/// A container that becomes an attribute is made as what the attribute holds elsewhere.
pub fn attribute(e: &Emit, frame: &mut Frame, data: &InstData, operands: &[Val]) {
    if let (Op::PySetAttr, Imm::Name(name), [object, v], [_, value]) = (data.op, &data.imm, operands, &*data.args)
        && let Some(class) = object.ty.instance_class()
        && let Some((_, wanted)) = e.engine.attribute(class, name)
        && v.ty.is_container()
    {
        frame.want(*value, &wanted);
    }
}

/// The container that an instruction stores something in, its type, and the type that it must have at least to hold that.
fn stored(func: &Func, data: &InstData, operands: &[Val]) -> Option<(Option<Value>, Ty, Ty)> {
    let first = data.args.first().copied();
    let list_of = |item: &Ty| Some(Ty::list(widen(item)));
    match (data.op, operands) {
        (Op::PyListAppend, [list, item]) => Some((first, list.ty.clone(), list_of(&item.ty)?)),
        (Op::PyListGrow, [list, part]) => {
            let item = if data.imm == Imm::Int(1) { items_in(&part.ty)? } else { part.ty.clone() };
            Some((first, list.ty.clone(), list_of(&item)?))
        }
        (Op::PyMapAdd, [dict, key, v]) => Some((first, dict.ty.clone(), Ty::dict(key_type(&key.ty), widen(&v.ty)))),
        (Op::PySetAdd, [set, key]) => Some((first, set.ty.clone(), like(&set.ty, &key.ty, &Ty::None)?)),
        (Op::PySetItem, [of, index, v]) => {
            let stored = match of.ty.as_table() {
                Some(_) => like(&of.ty, &index.ty, &v.ty)?,
                None if matches!(index.ty, Ty::Slice(_)) => list_of(&items_in(&v.ty)?)?,
                None => list_of(&v.ty)?,
            };
            Some((first, of.ty.clone(), stored))
        }
        // A key that is asked for is put in.
        (Op::PyGetItem, [of, key]) => match of.ty.as_table() {
            Some(table) if matches!(table.kind, TableKind::Default(factory) if factory != Factory::None) => {
                Some((first, of.ty.clone(), like(&of.ty, &key.ty, &table.value)?))
            }
            _ => None,
        },
        (Op::PyBinary, [of, v]) => {
            let Imm::Binary(op, true) = data.imm else { return None };
            let stored = match (of.ty.as_table(), op) {
                (Some(table), _) if table.kind == TableKind::FrozenSet => return None,
                (Some(table), BinaryOp::Add | BinaryOp::Sub) if table.kind != TableKind::Counter => return None,
                (Some(_), BinaryOp::Add | BinaryOp::Sub | BinaryOp::Or | BinaryOp::Xor) => of_items(&of.ty, &v.ty)?,
                (None, BinaryOp::Add) => list_of(&items_in(&v.ty)?)?,
                _ => return None,
            };
            Some((first, of.ty.clone(), stored))
        }
        (Op::PyCall, [callee, list, item, ..]) if matches!(callee.literal(), Some(Const::Named(name)) if lists::stored_by_function(name)) => {
            Some((data.args.get(1).copied(), list.ty.clone(), list_of(&item.ty)?))
        }
        (Op::PyCall, [callee, args @ ..]) => {
            let Ty::Method(receiver, name) = &callee.ty else { return None };
            let types: Vec<&Ty> = args.iter().map(|v| &v.ty).collect();
            let by_name = if let Imm::Names(names) = &data.imm { names.len() } else { 0 };
            let (args, named) = types.split_at(types.len().saturating_sub(by_name));
            let stored = by_method(receiver, name, args, named)?;
            let of = lists::stored_by_call(func, data).map(|(of, _)| of);
            Some((of.or(first), (**receiver).clone(), stored))
        }
        _ => None,
    }
}

/// A container as this one that holds an item, or a key and a value.
fn like(of: &Ty, key: &Ty, value: &Ty) -> Option<Ty> {
    let table = of.as_table()?;
    Some(Ty::table(table.kind, key_type(key), if table.kind.is_dict() { widen(value) } else { Ty::None }))
}

/// A container as this one that holds what an iterable or a mapping gives.
fn of_items(of: &Ty, items: &Ty) -> Option<Ty> {
    let table = of.as_table()?;
    match (table.kind, items.as_table()) {
        (kind, Some(from)) if kind.is_dict() && from.kind.is_dict() => like(of, &from.key, &from.value),
        (TableKind::Counter, _) => like(of, &items_in(items)?, &Ty::Int),
        (kind, _) if kind.is_dict() => match widen(&items_in(items)?) {
            Ty::Tuple(pair) => match &*pair {
                [key, value] => like(of, key, value),
                _ => None,
            },
            _ => None,
        },
        _ => like(of, &items_in(items)?, &Ty::None),
    }
}

/// What the receiver of a method must hold after a call; `named` are the values of keyword arguments.
fn by_method(receiver: &Ty, name: &str, args: &[&Ty], named: &[&Ty]) -> Option<Ty> {
    if let Some(table) = receiver.as_table() {
        return match (table.kind, name, args) {
            (kind, "setdefault", [key]) if kind.is_dict() => like(receiver, key, &Ty::Lit(Const::None)),
            (kind, "setdefault", [key, value]) if kind.is_dict() => like(receiver, key, value),
            (TableKind::Set, "add", [key]) => like(receiver, key, &Ty::None),
            (TableKind::Set, "symmetric_difference_update", [items]) => of_items(receiver, items),
            (_, "update" | "subtract", all) => all
                .iter()
                .filter_map(|items| of_items(receiver, items))
                .chain(named.iter().filter_map(|value| like(receiver, &Ty::str(), value)))
                .try_fold(receiver.clone(), |a, b| join(&a, &b).ok()),
            _ => None,
        };
    }
    let item = match (name, args) {
        ("append", [v]) | ("insert", [_, v]) => widen(v),
        ("extend", [v]) => widen(&items_in(v)?),
        _ => return None,
    };
    Some(Ty::list(item))
}

/// Refuses what a container cannot hold.
fn refuse_parts(e: &Emit, container: &Ty) -> Result<(), Fault> {
    let rules = e.engine.rules();
    if let Some(table) = container.as_table() {
        return (rules.lists.check_table)(table);
    }
    match container.list_item() {
        Some(item) if !(rules.lists.may_hold)(item) => refuse_item(item),
        _ => Ok(()),
    }
}

fn refuse_conflict(frame: &Frame, class: Class, container: &Ty) -> Result<(), Fault> {
    let Some(why) = frame.item_conflicts.get(&class) else { return Ok(()) };
    match container.as_table() {
        None => fault(Code::Join, format!("the items of the list have no common type: {why}")),
        Some(table) => {
            let of = table.kind.name();
            let of = if table.kind.is_dict() { "keys or values" } else { "items" }.to_string() + " of the " + of;
            fault(Code::Join, format!("the {of} have no common type: {why}")).map_err(|d: Fault| {
                Box::new(d.help("keep keys, and values, of one type each; convert them where they are stored"))
            })
        }
    }
}

fn unknown_items<T>(container: &Ty) -> Result<T, Fault> {
    let what = container.as_table().map_or("list", |table| table.kind.name());
    fault(Code::Join, format!("nothing says what this empty {what} may hold: it comes from outside the function"))
        .map_err(|d: Fault| {
            Box::new(d.help(format!("make the {what} in the function, or pass one that holds an item")))
        })
}

fn cannot_take<T>(container: &Ty, stored: &Ty) -> Result<T, Fault> {
    match (container.list_item(), stored.list_item()) {
        (Some(item), Some(stored)) => {
            fault(Code::Join, format!("a list of {} cannot take {}", describe(item), describe(&stored.widened())))
                .map_err(|d: Fault| Box::new(d.help("make the list of items of the other type where it comes from")))
        }
        _ => fault(Code::Join, format!("a {} cannot become a {}", describe(container), describe(stored)))
            .map_err(|d: Fault| Box::new(d.help("make it of keys and values of the other type where it comes from"))),
    }
}

/// The type of the items that a value gives when it is iterated over, as far as lists are made of it.
fn items_in(ty: &Ty) -> Option<Ty> {
    match ty {
        ty if ty.is_str() => Some(Ty::str()),
        ty if ty.is_bytes() || ty.is_bytearray() => Some(Ty::Int),
        Ty::Ref(_) => ty.list_item().cloned(),
        Ty::Table(_) => shown_items(ty, Shown::Keys),
        Ty::Shown(of, shown) => shown_items(of, *shown),
        Ty::ListDisplay(items) | Ty::Tuple(items) | Ty::NamedTuple(_, items) => {
            items.iter().try_fold(Ty::Never, |all, item| held(&all, &widen(item)).ok())
        }
        Ty::Lit(coachwhip_ir::Const::Tuple(_) | coachwhip_ir::Const::NamedTuple(..)) => {
            items_in(&crate::join::expand(ty))
        }
        Ty::Range(_) => Some(Ty::Int),
        Ty::Text(_) | Ty::Char | Ty::Lit(coachwhip_ir::Const::Str(_)) => Some(Ty::str()),
        Ty::Lit(coachwhip_ir::Const::Bytes(_)) => Some(Ty::Int),
        Ty::Array(a) if a.ndim == 1 => Some(Ty::Scalar(a.dtype)),
        Ty::Iter(iter) => match &**iter {
            coachwhip_ir::ty::IterTy::Range | coachwhip_ir::ty::IterTy::RangeStep => Some(Ty::Int),
            coachwhip_ir::ty::IterTy::List(of) | coachwhip_ir::ty::IterTy::ListReversed(of) => items_in(of),
            coachwhip_ir::ty::IterTy::Zip(parts) => {
                parts.iter().filter(|part| part.literal().is_none()).map(items_in).collect::<Option<_>>().map(Ty::Tuple)
            }
            coachwhip_ir::ty::IterTy::Array(of) | coachwhip_ir::ty::IterTy::Str(of) => items_in(of),
            coachwhip_ir::ty::IterTy::Enumerate(of) => Some(Ty::tuple([Ty::Int, items_in(of)?])),
            over => over.shown().and_then(|(of, shown)| shown_items(of, shown)),
        },
        _ => None,
    }
}

/// The type of what a view of a dict or set gives.
fn shown_items(of: &Ty, shown: Shown) -> Option<Ty> {
    let table = of.as_table()?;
    Some(match shown {
        Shown::Keys => table.key.clone(),
        Shown::Values => table.value.clone(),
        Shown::Items => Ty::tuple([table.key.clone(), table.value.clone()]),
    })
}

fn refuse_item<T>(ty: &Ty) -> Result<T, Fault> {
    fault(Code::Container, format!("a list of {} is not supported", describe(ty))).map_err(|d: Fault| {
        Box::new(d.help(match ty {
            Ty::Caught | Ty::Exception(..) => "keep the exception's text, or count, outside of lists: str(e)",
            _ => "lists hold numbers, strings, None, arrays, and tuples and lists of such",
        }))
    })
}

/// Whether one of the values is a display that must be an object.
pub fn is_object(frame: &Frame, results: &[Value]) -> bool {
    results.iter().any(|r| frame.shape.lists.objects.contains(r))
}

/// A list of known length that has just been made, as an object if it must be one.
pub fn as_object(e: &mut Emit, frame: &mut Frame, result: Value, made: Val) -> Result<Val, Fault> {
    match (e.engine.rules().lists.known_items)(e, &made) {
        Some(items) if is_object(frame, &[result]) => object(e, frame, result, &items),
        _ => Ok(made),
    }
}

/// A display that is an object.
pub fn display(e: &mut Emit, frame: &mut Frame, data: &InstData, operands: &[Val]) -> Result<Val, Fault> {
    match data.results.first() {
        Some(&result) => object(e, frame, result, operands),
        None => fault(Code::Internal, "a list without a value"),
    }
}

fn object(e: &mut Emit, frame: &mut Frame, result: Value, operands: &[Val]) -> Result<Val, Fault> {
    let Some(class) = frame.shape.lists.class(result) else {
        return fault(Code::Internal, "a list without a class");
    };
    frame.widen(class, &Ty::list(Ty::Never));
    for item in operands {
        if !(e.engine.rules().lists.may_hold)(&item.ty) {
            return refuse_item(&item.ty);
        }
        frame.widen(class, &Ty::list(widen(&item.ty)));
    }
    refuse_conflict(frame, class, &Ty::list(Ty::Never))?;
    let item = frame.known(class).and_then(|list| list.list_item().cloned()).unwrap_or(Ty::Never);
    (e.engine.rules().lists.made_of)(e, &item, operands)
}

/// Whether a list is one of the program's surroundings.
fn is_global(e: &Emit, made: &Val) -> bool {
    e.func.def_inst(made.id).is_some_and(|i| e.func.insts[i].op == Op::GlobalList)
}

/// A dict or set display.
pub fn table(e: &mut Emit, frame: &mut Frame, data: &InstData, operands: &[Val]) -> Result<Val, Fault> {
    let kind = if data.op == Op::PyDict { TableKind::Dict } else { TableKind::Set };
    let value = if kind == TableKind::Dict { Ty::Never } else { Ty::None };
    let empty = Ty::table(kind, Ty::Never, value);
    let Some(class) = data.results.first().and_then(|&result| frame.shape.lists.class(result)) else {
        return fault(Code::Internal, "a container without a class");
    };
    frame.widen(class, &empty);
    let width = if kind == TableKind::Dict { 2 } else { 1 };
    for entry in operands.chunks_exact(width) {
        let ty = match entry {
            [key, value] => like(&empty, &key.ty, &value.ty),
            _ => entry.first().and_then(|key| like(&empty, &key.ty, &Ty::None)),
        };
        if let Some(ty) = ty {
            refuse_parts(e, &ty)?;
            frame.widen(class, &ty);
        }
    }
    refuse_conflict(frame, class, &empty)?;
    let ty = frame.known(class).filter(|ty| ty.as_table().is_some_and(|table| table.kind == kind)).unwrap_or(empty);
    (e.engine.rules().lists.table_of)(e, &ty, operands)
}

/// A container that an instruction has made, of its class's type.
pub fn fitted(e: &mut Emit, frame: &mut Frame, data: &InstData, made: Val) -> Result<Val, Fault> {
    let fresh = match data.op {
        Op::PyBinary => !matches!(data.imm, Imm::Binary(_, true)),
        Op::PyGetItem => {
            frame.func.insts.values().any(|i| i.op == Op::PySlice && i.results.first() == data.args.get(1))
        }
        Op::PyCall => lists::makes_fresh(&frame.func, data),
        _ => false,
    };
    let (true, Some(&result)) = (made.ty.is_container(), data.results.first()) else { return Ok(made) };
    let called = data.op == Op::PyCall && !made.ty.is_empty_container();
    if fresh || called || is_global(e, &made) {
        // Other containers of the variable, empty ones above all, hold what this one does.
        frame.want(result, &made.ty);
    }
    match frame.wanted(result) {
        Some(wanted) if fresh && wanted != made.ty => match join(&made.ty, &wanted) {
            Ok(joined) if joined == wanted => (e.engine.rules().lists.converted)(e, &made, &wanted),
            _ => Ok(made),
        },
        _ => Ok(made),
    }
}
