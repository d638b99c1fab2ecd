//! Types and constants with the numbers of the program's tables exchanged for others.
//!
//! Numbers of functions, arrays and the like depend on the order in which a process met them; in keys and
//! entries stand the numbers of a walk over the program that is the same in every process.

use coachwhip_ir::{Const, Factory, FuncId, Member, RefTy, TableKind, Ty, UserClass};
use std::sync::Arc;

/// A row of one of the program's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// A function.
    Func(u32),
    /// An array.
    Array(u32),
    /// A list.
    List(u32),
    /// A module.
    Module(u32),
    /// A C function.
    Native(u32),
    /// A user's class.
    Class(u32),
    /// An object of which only the identity is known.
    Object(u32),
}

/// Gives the new number of a row, `None` if it has none.
pub type Numbers<'a> = &'a mut dyn FnMut(Row) -> Option<u32>;

/// The constant with other numbers.
pub fn constant(value: &Const, numbers: Numbers<'_>) -> Option<Const> {
    Some(match value {
        Const::Func(id) => Const::Func(FuncId(numbers(Row::Func(id.0))?)),
        Const::Array(n) => Const::Array(numbers(Row::Array(*n))?),
        Const::List(n) => Const::List(numbers(Row::List(*n))?),
        Const::Module(n) => Const::Module(numbers(Row::Module(*n))?),
        Const::Native(n) => Const::Native(numbers(Row::Native(*n))?),
        Const::ExceptionClass(name, n) => Const::ExceptionClass(name.clone(), numbers(Row::Class(*n))?),
        Const::Object(_, 0) => value.clone(),
        Const::Object(name, n) => Const::Object(name.clone(), numbers(Row::Object(*n))?),
        Const::Tuple(items) => Const::Tuple(constants(items, numbers)?),
        Const::Class(of) => Const::Class(class(of, numbers)?),
        Const::Enum(of, word) => Const::Enum(class(of, numbers)?, *word),
        Const::NamedTuple(of, items) => Const::NamedTuple(class(of, numbers)?, constants(items, numbers)?),
        Const::None
        | Const::Ellipsis
        | Const::Bool(_)
        | Const::Int(_)
        | Const::BigInt(_)
        | Const::Float(_)
        | Const::Complex(..)
        | Const::Str(_)
        | Const::Bytes(_)
        | Const::Slice(_)
        | Const::Scalar(..)
        | Const::Dtype(_)
        | Const::Named(_) => value.clone(),
    })
}

fn class(class: &UserClass, numbers: Numbers<'_>) -> Option<Arc<UserClass>> {
    let lineage = class.lineage.iter().map(|n| numbers(Row::Class(*n))).collect::<Option<_>>()?;
    let defaults = constants(&class.defaults, numbers)?;
    let members = class.members.iter().map(|member| {
        let value = constant(&member.value, numbers)?;
        Some(Member { name: member.name.clone(), kind: member.kind, owner: member.owner, value })
    });
    let members = members.collect::<Option<_>>()?;
    let types = types(&class.types, numbers)?;
    let UserClass { name, traits, fields, .. } = class.clone();
    Some(Arc::new(UserClass { name, traits, lineage, fields, defaults, members, types }))
}

fn constants(items: &[Const], numbers: Numbers<'_>) -> Option<Arc<[Const]>> {
    items.iter().map(|item| constant(item, numbers)).collect()
}

/// The type with other numbers.
pub fn ty(value: &Ty, numbers: Numbers<'_>) -> Option<Ty> {
    Some(match value {
        Ty::Lit(c) => Ty::Lit(constant(c, numbers)?),
        Ty::Table(table) => {
            let kind = match table.kind {
                TableKind::Default(Factory::Func(id)) => {
                    TableKind::Default(Factory::Func(FuncId(numbers(Row::Func(id.0))?)))
                }
                kind => kind,
            };
            Ty::table(kind, ty(&table.key, numbers)?, ty(&table.value, numbers)?)
        }
        Ty::Shown(table, shown) => Ty::Shown(one(table, numbers)?, *shown),
        Ty::Enum(of) => Ty::Enum(class(of, numbers)?),
        Ty::Ref(to) if let RefTy::Instance(of) = &**to => Ty::instance(class(of, numbers)?),
        Ty::NamedTuple(of, items) => Ty::NamedTuple(class(of, numbers)?, types(items, numbers)?),
        Ty::Closure(id, captured) => Ty::Closure(FuncId(numbers(Row::Func(id.0))?), types(captured, numbers)?),
        Ty::Method(receiver, name) => Ty::Method(one(receiver, numbers)?, name.clone()),
        Ty::Ptr(Some(target)) => Ty::Ptr(Some(one(target, numbers)?)),
        Ty::Exception(class, args) => Ty::Exception(Arc::new(constant(class, numbers)?), types(args, numbers)?),
        _ => value.with_parts(&mut |part| ty(part, numbers))?,
    })
}

fn one(value: &Ty, numbers: Numbers<'_>) -> Option<Arc<Ty>> {
    ty(value, numbers).map(Arc::new)
}

fn types(items: &[Ty], numbers: Numbers<'_>) -> Option<Arc<[Ty]>> {
    items.iter().map(|item| ty(item, numbers)).collect()
}
