//! Unions in the lattice: what values keep their types where paths meet.
//!
//! A union of numbers is below the type that holds them all, so where numbers have one form it becomes that one.

use crate::join::{Meet, is_none, join, join_values, widen};
use crate::text::{is_bytes, is_string};
use coachwhip_ir::{Const, Ty, describe};

/// A union of values has at most so many members, one of functions more: a choice among those costs no memory.
const MOST: usize = 4;
const MOST_FUNCTIONS: usize = 16;

/// The join of two types of which one is a union.
pub fn meet(a: &Ty, b: &Ty, how: Meet) -> Result<Ty, String> {
    if how != Meet::Exact && (holds_numbers(a) || holds_numbers(b)) {
        let (x, y) = (collapsed(a), collapsed(b));
        // What does not collapse has members that are no numbers.
        if x != *a || y != *b {
            return crate::join::meet(&x, &y, how);
        }
    }
    if is_none(a) || is_none(b) {
        return Ok(with_none(if is_none(a) { b } else { a }));
    }
    if how == Meet::Common {
        let parts = |ty: &Ty| ty.members().map_or_else(|| vec![ty.clone()], <[Ty]>::to_vec);
        let within = |ty: &Ty, union: &Ty| parts(ty).iter().all(|part| parts(union).contains(part));
        return match (within(a, b), within(b, a)) {
            (true, _) => Ok(b.clone()),
            (_, true) => Ok(a.clone()),
            _ => Err(format!("{} and {} do not go together", describe(a), describe(b))),
        };
    }
    let union = of(&[a, b])?;
    Ok(if how == Meet::Exact { union } else { collapsed(&union) })
}

/// The union of types and unions, or the one type that they all are.
pub fn of(types: &[&Ty]) -> Result<Ty, String> {
    let mut members: Vec<Ty> = Vec::new();
    let each = types.iter().flat_map(|ty| match ty {
        Ty::Union(members) => members.to_vec(),
        Ty::Optional(inner) => vec![Ty::Lit(Const::None), (**inner).clone()],
        other => vec![(*other).clone()],
    });
    for ty in each {
        let ty = widen(&ty);
        if !goes_in(&ty) {
            return Err(format!("{} cannot be one of several types", describe(&ty)));
        }
        let alike = |known: &&mut Ty| {
            **known == ty || !numbers_differ(known, &ty) && join_values(known, &ty, Meet::Common).is_ok()
        };
        match members.iter_mut().find(alike) {
            Some(known) if *known == ty => {}
            Some(known) => *known = join_values(known, &ty, Meet::Common)?,
            None => members.push(ty),
        }
    }
    let most = if members.iter().all(is_function) { MOST_FUNCTIONS } else { MOST };
    if members.len() > most {
        let words = describe(&Ty::Union(members.into()));
        return Err(format!("there are more than {most} types: {words}"));
    }
    members.sort_by_cached_key(Ty::to_string);
    Ok(match members.as_slice() {
        [one] => one.clone(),
        [none, one] | [one, none] if is_none(none) => Ty::Optional(one.clone().into()),
        _ => Ty::Union(members.into()),
    })
}

/// A type that may be `None` as well.
pub fn with_none(ty: &Ty) -> Ty {
    match ty {
        Ty::Union(_) => of(&[ty, &Ty::Lit(Const::None)]).unwrap_or_else(|_| Ty::Optional(ty.clone().into())),
        _ => Ty::Optional(ty.clone().into()),
    }
}

/// Whether both are numbers, or bools, of different types, or methods of such.
pub fn numbers_differ(a: &Ty, b: &Ty) -> bool {
    if let (Ty::Method(a, _), Ty::Method(b, _)) = (a, b) {
        return numbers_differ(a, b);
    }
    let (a, b) = (a.widened(), b.widened());
    a != b && a.dtype().is_some() && b.dtype().is_some()
}

/// Whether two or more members are numbers.
pub fn holds_numbers(ty: &Ty) -> bool {
    ty.members().is_some_and(|members| members.iter().filter(|member| member.dtype().is_some()).count() > 1)
}

/// A union with its numbers in the type that holds them all, if there is one; tuples item by item.
pub fn collapsed(ty: &Ty) -> Ty {
    match ty {
        Ty::Union(members) if holds_numbers(ty) => {
            let (numbers, rest): (Vec<&Ty>, Vec<&Ty>) = members.iter().partition(|member| member.dtype().is_some());
            let common = numbers.into_iter().try_fold(Ty::Never, |all, number| join(&all, number).ok());
            let Some(common) = common else { return ty.clone() };
            of(&rest.into_iter().chain([&common]).collect::<Vec<_>>()).unwrap_or_else(|_| ty.clone())
        }
        Ty::Tuple(_) | Ty::NamedTuple(..) => ty.map_items(collapsed),
        _ => ty.clone(),
    }
}

/// Whether a union may have a member of this type.
pub fn goes_in(ty: &Ty) -> bool {
    match ty {
        Ty::Tuple(items) | Ty::NamedTuple(_, items) => return items.iter().all(goes_in),
        Ty::Method(receiver, _) => return goes_in(receiver),
        _ => {}
    }
    let value = matches!(ty, Ty::Enum(_)) || ty.dtype().is_some() || is_none(ty) || is_string(ty) || is_bytes(ty);
    value || ty.array().is_some() || matches!(ty, Ty::Exception(..)) || is_function(ty)
}

fn is_function(ty: &Ty) -> bool {
    matches!(ty, Ty::Closure(..) | Ty::Lit(Const::Func(_) | Const::Named(_) | Const::ExceptionClass(..)))
}
