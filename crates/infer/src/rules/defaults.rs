//! `collections.defaultdict`: dicts with a factory, which is part of their type.

use super::{calls, operators, tables};
use crate::args::Call;
use crate::coerce::coerce;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{is_none, widen};
use coachwhip_ir::{CmpOp, Code, Const, Factory, TableKind, Ty, describe};

/// The factory that an argument is, and the type of what it makes.
pub fn factory(e: &mut Emit, given: Option<&Val>) -> Result<(Factory, Ty), Fault> {
    let Some(given) = given.filter(|v| !is_none(&v.ty)) else { return Ok((Factory::None, Ty::Never)) };
    let found = match given.literal() {
        Some(Const::Named(name)) => name.strip_prefix("builtins.").and_then(Factory::class),
        Some(Const::Func(id)) => Some(Factory::Func(*id)),
        _ => None,
    };
    let Some(found) = found else {
        let message = format!("a defaultdict cannot have {} as its factory here", described(given));
        return fault(Code::Container, message).map_err(|d: Fault| {
            Box::new(d.help("use int, float, bool, complex, str, list, set, dict, or a function that captures nothing"))
        });
    };
    let ty = match found {
        Factory::Class("list") => Ty::list(Ty::Never),
        Factory::Class("set") => Ty::table(TableKind::Set, Ty::Never, Ty::None),
        Factory::Class("dict") => Ty::dict(Ty::Never, Ty::Never),
        _ => widen(&e.type_only(|e| fresh(e, found, None))?),
    };
    Ok((found, ty))
}

fn described(v: &Val) -> String {
    match v.literal() {
        Some(Const::Named(name)) => name.trim_start_matches("builtins.").to_string(),
        _ => format!("a {}", describe(&v.ty)),
    }
}

/// What a factory makes, before it is in the type of the dict's values; a container that is wanted has this type.
fn fresh(e: &mut Emit, factory: Factory, wanted: Option<Ty>) -> Result<Val, Fault> {
    Ok(match factory {
        Factory::Func(id) => {
            e.engine.wants_result(wanted);
            let v = calls::call_constant(e, id, Call::of(vec![]));
            e.engine.wants_result(None);
            return v;
        }
        Factory::Class("int") => e.int(0),
        Factory::Class("float") => e.float(0.0),
        Factory::Class("bool") => e.bool(false),
        Factory::Class("complex") => e.lit(Const::Complex(0, 0)),
        Factory::Class("str") => e.lit(Const::Str("".into())),
        _ => e.none(),
    })
}

/// What a factory makes for a dict whose values have this type.
fn made(e: &mut Emit, factory: Factory, ty: &Ty) -> Result<Val, Fault> {
    if let Factory::Class("list" | "set" | "dict") = factory {
        return empty(e, ty);
    }
    let v = fresh(e, factory, ty.is_container().then(|| ty.clone()))?;
    // What is empty becomes what the program puts into it.
    if v.ty != *ty && v.ty.is_empty_container() && v.ty.as_table().is_some() == ty.as_table().is_some() {
        return empty(e, ty);
    }
    coerce(e, &v, ty)
}

fn empty(e: &mut Emit, ty: &Ty) -> Result<Val, Fault> {
    match ty.list_item() {
        Some(item) => super::objects::made_of(e, item, &[]),
        None => tables::empty(e, ty),
    }
}

/// `dict[key]`: a key that is not there is put in.
pub fn getitem(e: &mut Emit, dict: &Val, key: &Val, factory: Factory) -> Result<Val, Fault> {
    let Some(ty) = dict.ty.as_table().map(|table| table.value.clone()) else {
        return fault(Code::Internal, "a defaultdict that is no dict");
    };
    let key = tables::stored_key(e, dict, key)?;
    let at = e.library("coachwhip.lib.dicts.position", vec![dict.clone(), key.clone()])?;
    let zero = e.int(0);
    let there = operators::compare(e, CmpOp::Ge, &at, &zero)?;
    e.if_else(
        &there,
        |e| e.library("coachwhip.lib.dicts.value_at", vec![dict.clone(), at.clone()]),
        |e| {
            let value = made(e, factory, &ty)?;
            tables::setitem(e, dict, &key, &value)?;
            Ok(value)
        },
    )
}
