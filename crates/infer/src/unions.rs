//! Values of unions: one made of a member, and what is done for each member apart.

use crate::coerce::coerce;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{Meet, collapsed, join, widen};
use coachwhip_ir::{Bits, Code, Const, Ty, describe};

/// The value as one of the members of a union.
pub fn member(e: &mut Emit, v: &Val, members: &[Ty]) -> Result<Val, Fault> {
    if let Ty::Optional(_) = v.ty {
        let Some(flag) = e.presence(v) else { return Ok(v.clone()) };
        let some = |e: &mut Emit| {
            let value = e.payload(v);
            member(e, &value, members)
        };
        return e.if_else(&flag, some, |e| {
            let none = e.none();
            member(e, &none, members)
        });
    }
    let own = widen(&v.ty);
    let exact = members.iter().position(|member| *member == own);
    let fits =
        |member: &Ty| !(member.dtype().is_some() && own.dtype().is_some()) && join(member, &own).as_ref() == Ok(member);
    let Some(at) = exact.or_else(|| members.iter().position(fits)) else {
        let union = describe(&Ty::Union(members.into()));
        return fault(Code::Join, format!("{} is not {union}", describe(&v.ty)));
    };
    let number = e.int(at as i64);
    let mut fields = vec![e.machine(&number)];
    for (n, ty) in members.iter().enumerate() {
        fields.push(if n == at { coerce(e, v, ty)? } else { absent(e, ty) });
    }
    let fields: Vec<&Val> = fields.iter().collect();
    Ok(e.pack(Ty::Union(members.into()), &fields))
}

/// What stands for a member that a value is not: a number, which may be computed with before the test says so, is zero.
fn absent(e: &mut Emit, ty: &Ty) -> Val {
    let zero = match ty {
        Ty::Bool => e.bool(false),
        Ty::Int => e.int(0),
        Ty::Float => e.float(0.0),
        Ty::Scalar(dtype) if ty.is_one_word() => e.lit(Const::Scalar(*dtype, Bits(0, 0))),
        _ => return e.undef(ty.clone()),
    };
    e.machine(&zero)
}

/// A value for each member that a value of a union may be, each computed only on its own path.
pub fn each_member(
    e: &mut Emit,
    v: &Val,
    how: Meet,
    each: &mut dyn FnMut(&mut Emit, &Val) -> Result<Val, Fault>,
) -> Result<Val, Fault> {
    let count = v.ty.members().map_or(0, <[Ty]>::len);
    let number = e.field(v, 0);
    e.cases(&number, count, how, &mut |e, at| {
        let member = e.field(v, at + 1);
        each(e, &member)
    })
}

/// The value with numbers of a union in the type that holds them all, also in tuples.
pub fn in_common(e: &mut Emit, v: &mut Val) -> Result<(), Fault> {
    if holds_union(&v.ty) {
        *v = coerce(e, v, &collapsed(&v.ty))?;
    }
    Ok(())
}

fn holds_union(ty: &Ty) -> bool {
    ty.members().is_some() || ty.items().is_some_and(|items| items.iter().any(holds_union))
}
