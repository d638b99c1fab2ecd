//! `is`, and what is known of a value after `x is None`.

use super::types::same_object;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::is_none;
use crate::text::{is_bytes, is_string};
use coachwhip_abi::RuntimeFn;
use coachwhip_ir::{Code, Const, Op, Ty, describe};

/// `x is y`.
pub fn is(e: &mut Emit, x: &Val, y: &Val) -> Result<Val, Fault> {
    if let Some(v) = super::foreign::is(e, x, y)? {
        return Ok(v);
    }
    match (is_none(&x.ty), is_none(&y.ty)) {
        (true, true) => return Ok(e.bool(true)),
        (true, false) => return Ok(is_nothing(e, y)),
        (false, true) => return Ok(is_nothing(e, x)),
        _ => {}
    }
    if let (Some(a), Some(b)) = (x.ty.enum_class(), y.ty.enum_class()) {
        if a != b {
            return Ok(e.bool(false));
        }
        let (x, y) = (e.field(x, 0), e.field(y, 0));
        return Ok(e.op(Op::Eq, &[&x, &y], Ty::Bool));
    }
    let member_of_other = |a: &Ty, b: &Ty| a.enum_class().is_some() && !matches!(b, Ty::Optional(_));
    if member_of_other(&x.ty, &y.ty) || member_of_other(&y.ty, &x.ty) {
        return Ok(e.bool(false));
    }
    let object = |ty: &Ty| matches!(ty, Ty::Lit(Const::Object(..)));
    if x.ty.holds_instance() && object(&y.ty) || y.ty.holds_instance() && object(&x.ty) {
        return refuse(x, y);
    }
    let instance = |ty: &Ty| match ty {
        Ty::Optional(inner) => inner.instance_class().is_some(),
        ty => ty.instance_class().is_some(),
    };
    if instance(&x.ty) && instance(&y.ty) && (x.ty.instance_class().is_none() || y.ty.instance_class().is_none()) {
        let (a, b) = (e.presence(x), e.presence(y));
        let (a, b) = (a.unwrap_or_else(|| e.bool(true)), b.unwrap_or_else(|| e.bool(true)));
        let alike = e.same_bool(&a, &b);
        let both = e.op(Op::And, &[&a, &b], Ty::Bool);
        return e.if_else(
            &both,
            |e| {
                let (x, y) = (e.payload(x), e.payload(y));
                is(e, &x, &y)
            },
            |_| Ok(alike),
        );
    }
    if x.ty.widened() == Ty::Bool && y.ty.widened() == Ty::Bool {
        return Ok(e.same_bool(x, y));
    }
    let string = |t: &Ty| is_string(t) || is_bytes(t);
    if string(&x.ty) || string(&y.ty) {
        return of_strings(e, x, y);
    }
    if let (Ty::Ref(_), Ty::Ref(_)) = (&x.ty, &y.ty) {
        let same = e.runtime(RuntimeFn::SameAddress, &[x, y], Ty::Int);
        let zero = e.int(0);
        return Ok(e.op(Op::Ne, &[&same, &zero], Ty::Bool));
    }
    if let (Ty::Table(_), Ty::Table(_)) = (&x.ty, &y.ty) {
        // A table is known by its words.
        let (x, y) = (e.field(x, 0), e.field(y, 0));
        return is(e, &x, &y);
    }
    let table = |t: &Ty| matches!(t, Ty::Table(_));
    if table(&x.ty) && !matches!(y.ty, Ty::Optional(_)) || table(&y.ty) && !matches!(x.ty, Ty::Optional(_)) {
        return Ok(e.bool(false));
    }
    let other_kind = |t: &Ty| !matches!(t, Ty::Ref(_) | Ty::Optional(_));
    if matches!(x.ty, Ty::Ref(_)) && other_kind(&y.ty) || matches!(y.ty, Ty::Ref(_)) && other_kind(&x.ty) {
        return Ok(e.bool(false));
    }
    let singleton = |t: &Ty| matches!(t, Ty::Lit(c) if !matches!(c, Const::Int(_) | Const::Float(_) | Const::Complex(..) | Const::Tuple(_) | Const::NamedTuple(..) | Const::Scalar(..)));
    let known = match (&x.ty, &y.ty) {
        (Ty::Lit(a), Ty::Lit(b)) if singleton(&x.ty) || singleton(&y.ty) => same_object(a, b),
        _ => None,
    };
    if let Some(same) = known {
        return Ok(e.bool(same));
    }
    match (&x.ty, &y.ty) {
        (a, b) if singleton(a) != singleton(b) && !matches!(a, Ty::Optional(_)) && !matches!(b, Ty::Optional(_)) => {
            Ok(e.bool(false))
        }
        _ => refuse(x, y),
    }
}

fn refuse(x: &Val, y: &Val) -> Result<Val, Fault> {
    let message = format!("is does not compare {} with {}", describe(&x.ty), describe(&y.ty));
    fault(Code::OperandTypes, message).map_err(|mut d: Fault| {
        d.help = Some("compare values with ==".into());
        d
    })
}

/// Blocks have an identity, that of the caller's object if they borrow one; which literals, characters and texts are one
/// object is CPython's business.
fn of_strings(e: &mut Emit, x: &Val, y: &Val) -> Result<Val, Fault> {
    let block = |t: &Ty| t.is_str() || t.is_bytes();
    match (&x.ty, &y.ty) {
        // Equal ones may be two objects.
        (Ty::Lit(a), Ty::Lit(b)) if a != b => Ok(e.bool(false)),
        (a, b) if block(a) && block(b) => {
            let same = e.runtime(RuntimeFn::StrSame, &[x, y], Ty::Int);
            let zero = e.int(0);
            Ok(e.op(Op::Ne, &[&same, &zero], Ty::Bool))
        }
        (Ty::Ref(_), other) | (other, Ty::Ref(_)) if block(&x.ty) != block(&y.ty) && matches!(other, Ty::Ref(_)) => {
            Ok(e.bool(false))
        }
        (a, b) if is_string(a) != is_string(b) && !matches!((a, b), (Ty::Optional(_), _) | (_, Ty::Optional(_))) => {
            Ok(e.bool(false))
        }
        _ => refuse(x, y),
    }
}

fn is_nothing(e: &mut Emit, v: &Val) -> Val {
    match e.presence(v) {
        Some(flag) => e.negated(&flag),
        None => e.bool(false),
    }
}

/// `x` on the path where it is `None`.
pub fn narrow_none(e: &mut Emit, v: &Val) -> Val {
    match &v.ty {
        Ty::Optional(_) => e.none(),
        ty if is_none(ty) || ty.is_object() => e.none(),
        _ => e.never(),
    }
}

/// `x` on the path where it is not `None`.
pub fn narrow_some(e: &mut Emit, v: &Val) -> Val {
    match &v.ty {
        Ty::Optional(_) => e.payload(v),
        ty if is_none(ty) => e.never(),
        _ => v.clone(),
    }
}
