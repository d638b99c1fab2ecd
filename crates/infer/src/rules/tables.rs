//! Dicts and sets: two lists, the words of the table and the entries (`python/coachwhip/lib/tables.py`).
//!
//! The rules here are what needs the types: what may be a key, what a display makes, iteration, views, and the primitives by
//! which the library, which does the rest in Python, gets at the two lists.

use super::{Answer, Family, Rule, operators, tuples};
use crate::args::Args;
use crate::coerce::coerce;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{join, key_type, widen};
use crate::text;
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{BinaryOp, CmpOp, Code, Const, ErrorKind, Factory, Op, Shown, TableKind, TableTy, Ty, describe};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family {
    functions: FUNCTIONS,
    unary: super::counters::unary,
    binary,
    compare,
    truth,
    contains,
    len,
    getitem,
    setitem,
    delitem,
    getattr,
    has_method,
    method,
    iter,
    iter_has,
    iter_value,
    iter_advance,
    ..Family::NONE
};

const FUNCTIONS: &[(&str, Rule)] = &[
    ("builtins.dict", builtin_dict),
    ("builtins.dict.fromkeys", fromkeys),
    ("collections.defaultdict", default_dict),
    ("collections.Counter", super::counters::counter),
    ("coachwhip.lib.compiler.words_of", words_of),
    ("coachwhip.lib.compiler.entries_of", entries_of),
    ("coachwhip.lib.compiler.empty_like", empty_like),
    ("coachwhip.lib.compiler.vacant", vacant),
];

/// Whether values of a type may be keys.
fn may_be_key(ty: &Ty) -> bool {
    match widen(ty) {
        Ty::Never | Ty::Int | Ty::Float | Ty::Bool | Ty::Complex | Ty::Scalar(_) | Ty::Enum(_) => true,
        Ty::Tuple(items) => items.iter().all(may_be_key),
        Ty::TupleOf(list) => list.list_item().is_some_and(may_be_key),
        ty => ty.is_str() || ty.is_bytes() || text::is_string(&ty) || text::is_bytes(&ty),
    }
}

/// Refuses what a dict or set cannot hold.
pub fn check(table: &TableTy) -> Result<(), Fault> {
    let name = table.kind.name();
    if !may_be_key(&table.key) {
        let what = if table.kind.is_dict() { "keys" } else { "items" };
        let message = format!("{what} of a {name} cannot be {}", describe(&table.key));
        return fault(Code::Container, message)
            .map_err(|d: Fault| Box::new(d.help("use numbers, strings, bytes, or tuples of such")));
    }
    if table.kind == TableKind::Counter && !matches!(table.value, Ty::Int | Ty::Never) {
        let message = format!("a Counter whose counts are {} is not supported", describe(&table.value));
        return fault(Code::Container, message)
            .map_err(|d: Fault| Box::new(d.help("use ints, or a collections.defaultdict(float)")));
    }
    let held = Ty::tuple([Ty::Int, table.key.clone(), table.value.clone()]);
    if !super::objects::may_hold(&table.value) || !super::objects::may_hold(&held) {
        let message = format!("a {name} of {} is not supported", describe(&table.value));
        return fault(Code::Container, message).map_err(|d: Fault| {
            Box::new(d.help("values can be numbers, strings, None, arrays, and tuples, lists, dicts and sets of such"))
        });
    }
    Ok(())
}

fn table(v: &Val) -> Option<&TableTy> {
    v.ty.as_table()
}

/// Whether it is a dict of some kind.
pub fn is_dict(ty: &Ty) -> bool {
    ty.as_table().is_some_and(|table| table.kind.is_dict())
}

/// What a table's kind says beside keys and values.
fn kind(v: &Val) -> Option<TableKind> {
    table(v).map(|table| table.kind)
}

/// An empty dict or set of a type.
pub fn empty(e: &mut Emit, ty: &Ty) -> Result<Val, Fault> {
    let made = unfilled(e, ty);
    e.library("coachwhip.lib.tables.begun", vec![made])
}

fn unfilled(e: &mut Emit, ty: &Ty) -> Val {
    let zero = e.int(0);
    let lists: Vec<Val> =
        ty.fields().unwrap_or_default().into_iter().map(|list| e.op(Op::ListNew, &[&zero], list)).collect();
    let lists: Vec<&Val> = lists.iter().collect();
    e.pack(ty.clone(), &lists)
}

/// A display of a type that holds the keys, and the values between them.
pub fn made_of(e: &mut Emit, ty: &Ty, parts: &[Val]) -> Result<Val, Fault> {
    tuples::bounded(parts.len())?;
    let made = empty(e, ty)?;
    if is_dict(ty) {
        for pair in parts.chunks_exact(2) {
            if let [key, value] = pair {
                setitem(e, &made, key, value)?;
            }
        }
    } else {
        for key in parts {
            add(e, &made, key)?;
        }
    }
    Ok(made)
}

/// A copy of a type that holds more.
pub fn converted(e: &mut Emit, from: &Val, ty: &Ty) -> Result<Val, Fault> {
    let made = empty(e, ty)?;
    merged(e, &made, from)
}

/// A table with what another one of its sort holds.
pub fn merged(e: &mut Emit, into: &Val, from: &Val) -> Result<Val, Fault> {
    let name = if is_dict(&into.ty) { "coachwhip.lib.dicts.merged" } else { "coachwhip.lib.sets.merged" };
    match table(from) {
        Some(table) if table.key == Ty::Never => Ok(into.clone()),
        _ => e.library(name, vec![into.clone(), from.clone()]),
    }
}

/// A key to be put into a table: in the type of its keys.
pub fn stored_key(e: &mut Emit, of: &Val, key: &Val) -> Result<Val, Fault> {
    let Some(ty) = table(of).map(|table| table.key.clone()) else { return Ok(key.clone()) };
    coerce(e, key, &ty)
}

/// A key to be looked for: strings as blocks, numbers as they are.
pub fn sought_key(e: &mut Emit, key: &Val) -> Result<Val, Fault> {
    if !may_be_key(&key.ty) {
        return fault(Code::ArgumentTypes, format!("a key cannot be {}", describe(&key.ty)))
            .map_err(|d: Fault| Box::new(d.help("use numbers, strings, bytes, or tuples of such")));
    }
    Ok(text::as_block(e, key).unwrap_or_else(|| key.clone()))
}

/// Whether it is known that nothing is in a table.
pub fn never(v: &Val) -> bool {
    v.ty.is_empty_container()
}

/// Raises what a look-up in vain raises.
pub fn missing(e: &mut Emit, key: &Val) -> Result<Val, Fault> {
    e.library("coachwhip.lib.tables.missing", vec![key.clone()])
}

fn getitem(e: &mut Emit, v: &Val, key: &Val) -> Answer {
    if !is_dict(&v.ty) {
        return Ok(None);
    }
    let key = sought_key(e, key)?;
    match kind(v) {
        Some(TableKind::Counter) => {
            let zero = e.int(0);
            let zero = e.machine(&zero);
            let found = if never(v) { zero } else { e.library("builtins.dict.get", vec![v.clone(), key, zero])? };
            Ok(Some(found))
        }
        Some(TableKind::Default(factory)) if factory != Factory::None => {
            super::defaults::getitem(e, v, &key, factory).map(Some)
        }
        _ if never(v) => missing(e, &key).map(Some),
        _ => e.library("coachwhip.lib.dicts.getitem", vec![v.clone(), key]).map(Some),
    }
}

/// `dict[key] = value`.
pub fn setitem(e: &mut Emit, v: &Val, key: &Val, value: &Val) -> Answer {
    let Some(value_ty) = table(v).filter(|table| table.kind.is_dict()).map(|table| table.value.clone()) else {
        return Ok(None);
    };
    let (key, value) = (stored_key(e, v, key)?, coerce(e, value, &value_ty)?);
    e.library("coachwhip.lib.dicts.setitem", vec![v.clone(), key, value]).map(Some)
}

/// `dict[key] = value` of a comprehension.
pub fn map_add(e: &mut Emit, dict: &Val, key: &Val, value: &Val) -> Result<(), Fault> {
    match setitem(e, dict, key, value)? {
        Some(_) => Ok(()),
        None => fault(Code::Internal, "a comprehension puts values into what is no dict"),
    }
}

/// `set.add(key)`.
pub fn add(e: &mut Emit, set: &Val, key: &Val) -> Result<Val, Fault> {
    let key = stored_key(e, set, key)?;
    e.library("coachwhip.lib.sets.add", vec![set.clone(), key])
}

fn delitem(e: &mut Emit, v: &Val, key: &Val) -> Answer {
    if !is_dict(&v.ty) {
        return Ok(None);
    }
    let key = sought_key(e, key)?;
    match (kind(v), never(v)) {
        (Some(TableKind::Counter), true) => Ok(Some(e.none())),
        (_, true) => missing(e, &key).map(Some),
        // A counter has no key that it does not count.
        (Some(TableKind::Counter), _) => e.library("coachwhip.lib.counters.delitem", vec![v.clone(), key]).map(Some),
        _ => e.library("coachwhip.lib.dicts.delitem", vec![v.clone(), key]).map(Some),
    }
}

/// The dict that a view shows, and what it shows of it; a dict or set itself shows its keys.
fn shown(e: &mut Emit, v: &Val) -> Option<(Val, Shown)> {
    match &v.ty {
        Ty::Table(_) => Some((v.clone(), Shown::Keys)),
        Ty::Shown(_, shown) => Some((e.field(v, 0), *shown)),
        _ => None,
    }
}

/// How many entries a table has.
pub fn used(e: &mut Emit, of: &Val) -> Result<Val, Fault> {
    if never(of) {
        return Ok(e.int(0));
    }
    e.library("coachwhip.lib.tables.used", vec![of.clone()])
}

fn len(e: &mut Emit, v: &Val) -> Answer {
    match shown(e, v) {
        Some((of, _)) => used(e, &of).map(Some),
        None => Ok(None),
    }
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    let Some((of, _)) = shown(e, v) else { return Ok(None) };
    let count = used(e, &of)?;
    operators::truth(e, &count).map(Some)
}

fn contains(e: &mut Emit, wanted: &Val, v: &Val) -> Answer {
    let Some((of, shown)) = shown(e, v) else { return Ok(None) };
    if never(&of) {
        return Ok(Some(e.bool(false)));
    }
    let found = match shown {
        Shown::Keys => {
            let key = sought_key(e, wanted)?;
            e.library("coachwhip.lib.tables.contains", vec![of, key])
        }
        Shown::Values => e.library("coachwhip.lib.dicts.has_value", vec![of, wanted.clone()]),
        Shown::Items => match tuples::items(e, wanted)?.as_slice() {
            [key, value] => {
                let key = sought_key(e, key)?;
                e.library("coachwhip.lib.dicts.has_item", vec![of, key, value.clone()])
            }
            _ => Ok(e.bool(false)),
        },
    };
    found.map(Some)
}

fn binary(e: &mut Emit, op: BinaryOp, inplace: bool, a: &Val, b: &Val) -> Answer {
    if [a, b].iter().any(|v| matches!(v.ty, Ty::Shown(..))) {
        return super::views::binary(e, op, a, b);
    }
    if [kind(a), kind(b)].contains(&Some(TableKind::Counter)) {
        return super::counters::binary(e, op, inplace, a, b);
    }
    match (op, is_dict(&a.ty), is_dict(&b.ty)) {
        (BinaryOp::Or, true, _) if inplace => update(e, a, b).map(Some),
        (BinaryOp::Or, true, true) => {
            let ty = either(a, b)?;
            let made = converted(e, a, &ty)?;
            merged(e, &made, b).map(Some)
        }
        _ => Ok(None),
    }
}

/// The type of a dict that holds what both do: of the first one's kind, or of the second's if that is a special one.
fn either(a: &Val, b: &Val) -> Result<Ty, Fault> {
    let (Some(x), Some(y)) = (table(a), table(b)) else { return fault(Code::Internal, "no dicts") };
    let kind = if x.kind == TableKind::Dict { y.kind } else { x.kind };
    let of = |table: &TableTy| Ty::table(kind, table.key.clone(), table.value.clone());
    join(&of(x), &of(y)).or_else(|why| fault(Code::Join, format!("the dicts do not go together: {why}")))
}

/// A dict with what a mapping, or an iterable of pairs, holds; the dict itself.
pub fn update(e: &mut Emit, dict: &Val, more: &Val) -> Result<Val, Fault> {
    if table(more).is_some() && is_dict(&more.ty) {
        return merged(e, dict, more);
    }
    e.library("coachwhip.lib.dicts.of_pairs", vec![dict.clone(), more.clone()])
}

fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    if [a, b].iter().any(|v| matches!(v.ty, Ty::Shown(..))) {
        return super::views::compare(e, op, a, b);
    }
    if kind(a) == Some(TableKind::Counter) && kind(b) == Some(TableKind::Counter) {
        return super::counters::compare(e, op, a, b).map(Some);
    }
    if !is_dict(&a.ty) && !is_dict(&b.ty) || !matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(None);
    }
    let equal = if !is_dict(&a.ty) || !is_dict(&b.ty) {
        if matches!(a.ty, Ty::Optional(_)) || matches!(b.ty, Ty::Optional(_)) {
            return Ok(None);
        }
        e.bool(false)
    } else if never(a) || never(b) {
        let (x, y) = (used(e, a)?, used(e, b)?);
        operators::compare(e, CmpOp::Eq, &x, &y)?
    } else {
        e.library("coachwhip.lib.dicts.equal", vec![a.clone(), b.clone()])?
    };
    Ok(Some(if op == CmpOp::Ne { e.negated(&equal) } else { equal }))
}

/// `dict.fromkeys`.
fn getattr(e: &mut Emit, v: &Val, name: &str) -> Answer {
    match (v.literal(), name) {
        (Some(Const::Named(class)), "fromkeys") if **class == *"builtins.dict" => {
            Ok(Some(e.lit(Const::Named("builtins.dict.fromkeys".into()))))
        }
        _ => Ok(None),
    }
}

fn view(name: &str) -> Option<Shown> {
    Shown::ALL.into_iter().find(|shown| shown.name() == name)
}

fn has_method(ty: &Ty, name: &str) -> bool {
    let counts = ty.as_table().is_some_and(|table| table.kind == TableKind::Counter);
    is_dict(ty)
        && (view(name).is_some()
            || matches!(name, "pop" | "update" | "get" | "setdefault" | "popitem" | "clear" | "copy"))
        || counts && super::counters::METHODS.contains(&name)
}

fn method(e: &mut Emit, v: &Val, name: &str, args: &Args) -> Answer {
    let Some(of) = table(v).filter(|table| table.kind.is_dict()).cloned() else { return Ok(None) };
    if of.kind == TableKind::Counter && super::counters::METHODS.contains(&name) {
        return super::counters::method(e, v, name, args).map(Some);
    }
    if let Some(shown) = view(name) {
        return Ok(Some(e.pack(Ty::Shown(Arc::new(v.ty.clone()), shown), &[v])));
    }
    let mut args = args.clone();
    let key = args.get("key").cloned();
    match (name, key) {
        ("update", _) => {
            args.only(&["self", "iterable", "**"])?;
            if let Some(more) = args.get("iterable").cloned() {
                update(e, v, &more)?;
            }
            set_named(e, v, &args)?;
            return Ok(Some(e.none()));
        }
        ("pop", Some(key)) => {
            let key = sought_key(e, &key)?;
            let default = args.get("default").cloned();
            return match (never(v), default) {
                (true, None) => missing(e, &key),
                (true, Some(default)) => Ok(default),
                (false, None) => e.library("coachwhip.lib.dicts.pop", vec![v.clone(), key]),
                (false, Some(default)) => e.library("coachwhip.lib.dicts.pop_default", vec![v.clone(), key, default]),
            }
            .map(Some);
        }
        ("setdefault", Some(key)) => {
            let key = stored_key(e, v, &key)?;
            args.set("key", key)?;
            let default = args.get("default").cloned().unwrap_or_else(|| e.none());
            let default = coerce(e, &default, &of.value)?;
            args.set("default", default)?;
        }
        ("get", Some(key)) => {
            let key = sought_key(e, &key)?;
            if never(v) {
                return Ok(Some(args.get("default").cloned().unwrap_or_else(|| e.none())));
            }
            args.set("key", key)?;
        }
        ("popitem", _) if never(v) => {
            let text = e.lit(Const::Str("popitem(): dictionary is empty".into()));
            return missing(e, &text).map(Some);
        }
        ("clear", _) if never(v) => return Ok(Some(e.none())),
        ("copy", _) if never(v) => return empty(e, &v.ty).map(Some),
        _ => {}
    }
    match e.engine.library(&format!("builtins.dict.{name}"))? {
        Some(id) => super::calls::call_library_bound(e, id, args).map(Some),
        None => Ok(None),
    }
}

/// `dict()`, `dict(mapping)`, `dict(pairs)`, each with keywords.
fn builtin_dict(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    args.only(&["iterable", "**"])?;
    filled(e, args, Ty::dict(Ty::Never, Ty::Never))
}

/// `defaultdict(factory, mapping or pairs)`, with keywords.
fn default_dict(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    args.only(&["default_factory", "iterable", "**"])?;
    let (factory, value) = super::defaults::factory(e, args.get("default_factory"))?;
    filled(e, args, Ty::table(TableKind::Default(factory), Ty::Never, value))
}

/// A dict of a kind with what the arguments give.
fn filled(e: &mut Emit, args: &Args, nothing: Ty) -> Result<Val, Fault> {
    let given = args.get("iterable").cloned();
    let like = |key: Ty, value: Ty| match nothing.as_table() {
        Some(table) => join(&nothing, &Ty::table(table.kind, key, value)),
        None => Ok(nothing.clone()),
    };
    let apart = |why: String| fault(Code::Join, format!("the keys or values of the dict have no common type: {why}"));
    let mut ty = match &given {
        None => nothing.clone(),
        Some(given) => match (table(given).filter(|_| is_dict(&given.ty)), &given.ty) {
            (Some(table), _) => like(table.key.clone(), table.value.clone()).or_else(apart)?,
            _ => match pair(e, given)? {
                Some((key, value)) => like(key, value).or_else(apart)?,
                None => nothing.clone(),
            },
        },
    };
    for (_, value) in args.named() {
        let more = like(Ty::str(), widen(&value.ty)).or_else(apart)?;
        ty = join(&ty, &more).or_else(apart)?;
    }
    if let Some(table) = ty.as_table() {
        check(table)?;
    }
    let made = empty(e, &ty)?;
    if let Some(given) = given {
        update(e, &made, &given)?;
    }
    set_named(e, &made, args)?;
    Ok(made)
}

/// Puts the keyword arguments into a dict.
pub fn set_named(e: &mut Emit, dict: &Val, args: &Args) -> Result<(), Fault> {
    for (name, value) in args.named() {
        let key = e.lit(Const::Str(name.clone()));
        setitem(e, dict, &key, value)?;
    }
    Ok(())
}

/// The types of the keys and values in an iterable of pairs.
fn pair(e: &mut Emit, pairs: &Val) -> Result<Option<(Ty, Ty)>, Fault> {
    let item = item_type(e, pairs)?;
    match crate::join::expand(&item) {
        Ty::Tuple(items) => match &*items {
            [key, value] => Ok(Some((key_type(key), widen(value)))),
            _ => fault(Code::ArgumentTypes, format!("dict() needs pairs of key and value, not {}", describe(&item))),
        },
        Ty::Never => Ok(None),
        _ => fault(Code::ArgumentTypes, format!("dict() needs pairs of key and value, not {}", describe(&item)))
            .map_err(|d: Fault| Box::new(d.help("pass a dict, an iterable of tuples of two, or zip(keys, values)"))),
    }
}

/// The type of the items of an iterable; what is emitted for that is never reached.
pub fn item_type(e: &mut Emit, v: &Val) -> Result<Ty, Fault> {
    e.type_only(|e| {
        let iterator = operators::iter(e, v)?;
        operators::iter_value(e, &iterator)
    })
}

/// `dict.fromkeys(keys, value)`.
fn fromkeys(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [keys, value] = args.take(["iterable", "value"])?;
    let Some(keys) = keys else { return fault(Code::Internal, "dict.fromkeys() of nothing") };
    let value = value.unwrap_or_else(|| e.none());
    let key = item_type(e, &keys)?;
    let ty = Ty::dict(key_type(&key), widen(&value.ty));
    if let Some(table) = ty.as_table() {
        check(table)?;
    }
    let Some(value_ty) = ty.as_table().map(|table| table.value.clone()) else { return Ok(e.never()) };
    let (made, value) = (empty(e, &ty)?, coerce(e, &value, &value_ty)?);
    e.library("coachwhip.lib.dicts.of_keys", vec![made, keys, value])
}

fn iter(e: &mut Emit, v: &Val) -> Answer {
    let Some((of, shown)) = shown(e, v) else { return Ok(None) };
    let count = used(e, &of)?;
    let (zero, count) = (e.int(0), e.machine(&count));
    let zero = e.machine(&zero);
    let ty = Ty::Iter(Arc::new(IterTy::over(of.ty.clone(), shown)));
    Ok(Some(e.pack(ty, &[&of, &zero, &count, &count])))
}

/// An iterator over a table: the table, what it shows, and whether it is one of a dict.
fn iterated(e: &mut Emit, v: &Val) -> Option<(Val, Shown)> {
    let Ty::Iter(kind) = &v.ty else { return None };
    let (_, shown) = kind.shown()?;
    Some((e.field(v, 0), shown))
}

/// The position of the next entry, of sets that of its place.
fn next_position(e: &mut Emit, of: &Val, v: &Val) -> Result<Val, Fault> {
    let position = e.field(v, 1);
    if is_dict(&of.ty) {
        let entries = e.field(of, 1);
        return e.library("coachwhip.lib.tables.live_from", vec![entries, position]);
    }
    let words = e.field(of, 0);
    e.library("coachwhip.lib.sets.taken_from", vec![words, position])
}

fn iter_has(e: &mut Emit, v: &Val) -> Answer {
    let Some((of, _)) = iterated(e, v) else { return Ok(None) };
    if never(&of) {
        return Ok(Some(e.bool(false)));
    }
    let (count, before, left) = (used(e, &of)?, e.field(v, 2), e.field(v, 3));
    let same = e.op(Op::Eq, &[&count, &before], Ty::Bool);
    let dict = is_dict(&of.ty);
    e.guard(&same, if dict { ErrorKind::DictChanged } else { ErrorKind::SetChanged }, &[]);
    let position = next_position(e, &of, v)?;
    let list = e.field(&of, usize::from(dict));
    let end = e.op(Op::ListLen, &[&list], Ty::Int);
    let has = e.op(Op::Lt, &[&position, &end], Ty::Bool);
    if dict {
        let zero = e.int(0);
        let expected = e.op(Op::Gt, &[&left, &zero], Ty::Bool);
        let none = e.negated(&has);
        let right = e.op(Op::Or, &[&expected, &none], Ty::Bool);
        e.guard(&right, ErrorKind::DictKeysChanged, &[]);
    }
    Ok(Some(has))
}

fn iter_value(e: &mut Emit, v: &Val) -> Answer {
    let Some((of, shown)) = iterated(e, v) else { return Ok(None) };
    let Some(ty) = table(&of).cloned() else { return Ok(None) };
    if ty.key == Ty::Never {
        return Ok(Some(e.fail(ErrorKind::Unreachable, &[])));
    }
    let mut at = next_position(e, &of, v)?;
    if !ty.kind.is_dict() {
        let words = e.field(&of, 0);
        at = e.library("coachwhip.lib.sets.entry_at", vec![words, at])?;
    }
    let entries = e.field(&of, 1);
    let Some(item) = entries.ty.list_item().cloned() else { return Ok(None) };
    let entry = super::objects::load(e, &entries, &at, &item);
    let key = e.field(&entry, 1);
    Ok(Some(match shown {
        Shown::Keys => key,
        Shown::Values => e.field(&entry, 2),
        Shown::Items => {
            let value = e.field(&entry, 2);
            tuples::display(e, &[key, value])
        }
    }))
}

fn iter_advance(e: &mut Emit, v: &Val) -> Answer {
    let Some((of, _)) = iterated(e, v) else { return Ok(None) };
    if never(&of) {
        return Ok(Some(v.clone()));
    }
    let (position, one) = (next_position(e, &of, v)?, e.int(1));
    let (before, left) = (e.field(v, 2), e.field(v, 3));
    let next = e.op(Op::Add, &[&position, &one], Ty::Int);
    let left = e.op(Op::Sub, &[&left, &one], Ty::Int);
    Ok(Some(e.pack(v.ty.clone(), &[&of, &next, &before, &left])))
}

/// The operand of a primitive, a table.
fn given(args: &Args) -> Result<Val, Fault> {
    match args.take(["table"])? {
        [Some(v)] if table(&v).is_some() => Ok(v),
        _ => fault(Code::ArgumentTypes, "a dict or set is needed here"),
    }
}

/// `words_of(table)`.
fn words_of(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let of = given(args)?;
    Ok(e.field(&of, 0))
}

/// `entries_of(table)`.
fn entries_of(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let of = given(args)?;
    Ok(e.field(&of, 1))
}

/// `empty_like(table)`: a table of the same type, without words.
fn empty_like(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let of = given(args)?;
    Ok(unfilled(e, &of.ty))
}

/// `vacant(entries)`: a hole.
fn vacant(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [entries] = args.take(["entries"])?;
    let Some(Ty::Tuple(parts)) = entries.as_ref().and_then(|list| list.ty.list_item()) else {
        return fault(Code::ArgumentTypes, "entries are needed here");
    };
    let mark = e.int(-1);
    let mut fields = vec![e.machine(&mark)];
    fields.extend(parts.iter().skip(1).map(|ty| e.undef(ty.clone())));
    let fields: Vec<&Val> = fields.iter().collect();
    Ok(e.pack(Ty::Tuple(parts.clone()), &fields))
}
