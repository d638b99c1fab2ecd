//! How the item types of lists come about: what is stored widens its class, and what makes the class's lists makes them
//! of the class's type.

use super::lists::{self, Class};
use super::step::Frame;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{join, widen};
use coachwhip_ir::{BinaryOp, Code, Imm, InstData, Op, Ty, Value, describe};

impl Frame {
    /// The type that the lists of a class must have, as far as this function says.
    pub fn known_list(&self, class: Class) -> Option<Ty> {
        self.known_list_within(class, super::flow::MAX_NESTING)
    }

    /// A list that holds itself has a class that leads to itself.
    fn known_list_within(&self, class: Class, depth: usize) -> Option<Ty> {
        let depth = depth.checked_sub(1)?;
        let inner = self.shape.lists.inner_class(class);
        let inner = inner.and_then(|inner| self.known_list_within(inner, depth));
        let item = match (self.items.get(&class), inner) {
            (None, None) => return None,
            (Some(item), None) => item.clone(),
            (None, Some(inner)) => inner,
            (Some(item), Some(inner)) if item.list_item().is_some() => join(item, &inner).ok()?,
            (Some(item), Some(_)) => item.clone(),
        };
        Some(Ty::list(item))
    }

    /// What a value must be if it is a list.
    pub fn wanted_list(&self, value: Value) -> Option<Ty> {
        self.known_list(self.shape.lists.class(value)?)
    }

    /// Widens the class of a list so that it holds items of a type, and the classes of lists in it.
    pub fn widen_items(&mut self, class: Class, item: &Ty) {
        let old = self.items.get(&class).cloned().unwrap_or(Ty::Never);
        match join(&old, &widen(item)) {
            Ok(new) if new == old => {}
            Ok(new) if super::flow::nesting(&new) <= super::flow::MAX_NESTING => {
                self.items.insert(class, new);
                self.widened.push(class);
            }
            Ok(_) => drop(self.item_conflicts.insert(class, "lists in lists without end".into())),
            Err(why) => drop(self.item_conflicts.insert(class, why)),
        }
        if let (Some(inner), Some(inner_item)) = (self.shape.lists.inner_class(class), item.list_item().cloned())
            && inner_item != Ty::Never
        {
            self.widen_items(inner, &inner_item);
        }
    }

    /// Has a list become one of another type.
    pub fn want(&mut self, list: Value, ty: &Ty) {
        if let (Some(class), Some(item)) = (self.shape.lists.class(list), ty.list_item()) {
            self.widen_items(class, &item.clone());
        }
    }
}

/// Whether an instruction stores something that its list cannot hold yet: then the class is widened instead, and the
/// instruction runs again when its list has the new type.
pub fn store(e: &Emit, frame: &mut Frame, data: &InstData, operands: &[Val]) -> Result<bool, Fault> {
    let func = frame.func.clone();
    let (list, list_ty, stored) = match (data.op, operands) {
        (Op::PyListAppend, [list, item]) => (data.args.first().copied(), list.ty.clone(), item.ty.clone()),
        (Op::PySetItem, [list, index, v]) => {
            let item = if matches!(index.ty, Ty::Slice(_)) { items_in(&v.ty) } else { Some(v.ty.clone()) };
            let Some(item) = item else { return Ok(false) };
            (data.args.first().copied(), list.ty.clone(), item)
        }
        (Op::PyBinary, [list, v]) if matches!(data.imm, Imm::Binary(BinaryOp::Add, true)) => {
            let Some(item) = items_in(&v.ty) else { return Ok(false) };
            (data.args.first().copied(), list.ty.clone(), item)
        }
        (Op::PyCall, [callee, args @ ..]) => {
            let Ty::Method(receiver, name) = &callee.ty else { return Ok(false) };
            let stored = match (&**name, args) {
                ("append", [v]) | ("insert", [_, v]) => Some(v.ty.clone()),
                ("extend", [v]) => items_in(&v.ty),
                _ => None,
            };
            let Some(item) = stored else { return Ok(false) };
            let of = lists::stored_by_call(&func, data).map(|(list, _)| list);
            (of.or(data.args.first().copied()), (**receiver).clone(), item)
        }
        _ => return Ok(false),
    };
    let (Some(value), Some(item)) = (list, list_ty.list_item()) else { return Ok(false) };
    if !(e.engine.rules().lists.may_hold)(&stored) {
        return refuse_item(&stored);
    }
    let Some(class) = frame.shape.lists.class(value) else { return Ok(false) };
    if let Some(why) = frame.item_conflicts.get(&class) {
        return fault(Code::Join, format!("the items of the list have no common type: {why}"));
    }
    match join(item, &widen(&stored)) {
        Ok(joined) if joined == *item => Ok(false),
        Ok(joined) => {
            let known = frame.items.get(&class).cloned();
            frame.widen_items(class, &joined);
            let settled = frame.items.get(&class) == known.as_ref();
            match settled && frame.settled {
                true if *item == Ty::Never => {
                    fault(Code::Join, "nothing says what this empty list may hold: it comes from outside the function")
                        .map_err(|d: Fault| {
                            Box::new(d.help("make the list in the function, or pass one that holds an item"))
                        })
                }
                true => fault(
                    Code::Join,
                    format!("a list of {} cannot take {}", describe(item), describe(&stored.widened())),
                )
                .map_err(|d: Fault| Box::new(d.help("make the list of items of the other type where it comes from"))),
                false => Ok(true),
            }
        }
        Err(why) => {
            frame.item_conflicts.insert(class, why.clone());
            fault(Code::Join, format!("the items of the list have no common type: {why}"))
        }
    }
}

/// The type of the items that a value gives when it is iterated over, as far as lists are made of it.
fn items_in(ty: &Ty) -> Option<Ty> {
    match ty {
        ty if ty.is_str() => Some(Ty::str()),
        ty if ty.is_bytes() || ty.is_bytearray() => Some(Ty::Int),
        Ty::Ref(_) => ty.list_item().cloned(),
        Ty::ListDisplay(items) | Ty::Tuple(items) | Ty::NamedTuple(_, items) => {
            items.iter().try_fold(Ty::Never, |all, item| join(&all, &widen(item)).ok())
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
            _ => None,
        },
        _ => None,
    }
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
    for item in operands {
        if !(e.engine.rules().lists.may_hold)(&item.ty) {
            return refuse_item(&item.ty);
        }
        frame.widen_items(class, &item.ty);
    }
    if let Some(why) = frame.item_conflicts.get(&class) {
        return fault(Code::Join, format!("the items of the list have no common type: {why}"));
    }
    let item = frame.known_list(class).and_then(|list| list.list_item().cloned()).unwrap_or(Ty::Never);
    (e.engine.rules().lists.made_of)(e, &item, operands)
}

/// Whether a list is one of the program's surroundings.
fn is_global(e: &Emit, made: &Val) -> bool {
    e.func.def_inst(made.id).is_some_and(|i| e.func.insts[i].op == Op::GlobalList)
}

/// A list that an instruction has made, with items of its class's type.
pub fn fitted(e: &mut Emit, frame: &mut Frame, data: &InstData, made: Val) -> Result<Val, Fault> {
    let fresh = match data.op {
        Op::PyBinary => !matches!(data.imm, Imm::Binary(_, true)),
        Op::PyGetItem => {
            frame.func.insts.values().any(|i| i.op == Op::PySlice && i.results.first() == data.args.get(1))
        }
        Op::PyCall => lists::makes_fresh(&frame.func, data),
        _ => false,
    };
    let (Some(item), Some(&result)) = (made.ty.list_item().cloned(), data.results.first()) else { return Ok(made) };
    if (fresh || is_global(e, &made)) && item != Ty::Never {
        // Other lists of the variable, empty ones above all, hold what this one does.
        frame.want(result, &made.ty);
    }
    match frame.wanted_list(result).and_then(|list| list.list_item().cloned()) {
        Some(wanted) if fresh && wanted != item => match join(&item, &wanted) {
            Ok(joined) if joined == wanted => (e.engine.rules().lists.converted)(e, &made, &wanted),
            _ => Ok(made),
        },
        _ => Ok(made),
    }
}
