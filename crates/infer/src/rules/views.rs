//! Operators on views of dicts, which are those of sets; what comes of them is a set in the order of CPython's, which
//! `Objects/dictobject.c` makes in its own way for each.

use super::sets::{of_any, turned_by, updated, without};
use super::tables::never;
use super::{Answer, operators};
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{BinaryOp, CmpOp, Code, Shown, TableKind, Ty, describe};

/// Whether a value is a view that is like a set.
fn like_set(v: &Val) -> bool {
    matches!(v.ty, Ty::Shown(_, Shown::Keys | Shown::Items))
}

fn is_set(v: &Val) -> bool {
    v.ty.as_table().is_some_and(|table| !table.kind.is_dict())
}

/// A new set of what an operand holds; that of a plain dict's keys is made of the dict.
fn as_set(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    match &v.ty {
        Ty::Shown(of, Shown::Keys) if of.as_table().is_some_and(|table| table.kind == TableKind::Dict) => {
            let of = e.field(v, 0);
            of_any(e, &of, TableKind::Set)
        }
        _ => of_any(e, v, TableKind::Set),
    }
}

/// `a op b`, one of them a view.
pub fn binary(e: &mut Emit, op: BinaryOp, a: &Val, b: &Val) -> Answer {
    if !like_set(a) && !like_set(b) || !matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Sub | BinaryOp::Xor) {
        return Ok(None);
    }
    let (x, y) = (as_set(e, a)?, as_set(e, b)?);
    if let Err(why) = crate::join::join(&x.ty, &y.ty) {
        return fault(Code::Join, format!("the items have no common type: {why}"));
    }
    if op == BinaryOp::And {
        if never(&x) || never(&y) {
            return super::tables::empty(e, &x.ty).map(Some);
        }
        // Where a view is on the right alone, the operands change places.
        let (a, b) = if like_set(a) { (a, b) } else { (b, a) };
        let made = super::tables::empty(e, &x.ty)?;
        let name = match (is_set(b), like_set(b)) {
            (true, _) => "view_and_set",
            (_, true) => "view_and_view",
            _ => "view_and_items",
        };
        return e.library(&format!("coachwhip.lib.sets.{name}"), vec![made, a.clone(), b.clone()]).map(Some);
    }
    let items = |v: &Val| matches!(v.ty, Ty::Shown(_, Shown::Items));
    if op == BinaryOp::Xor && items(a) && items(b) {
        return fault(Code::ArgumentTypes, "^ of two views of items is not supported")
            .map_err(|d: Fault| Box::new(d.help("make sets of them first")));
    }
    Ok(Some(match op {
        BinaryOp::Sub => without(e, &x, b)?,
        BinaryOp::Or => {
            let ty = crate::join::join(&x.ty, &y.ty).unwrap_or_else(|_| x.ty.clone());
            let made = if x.ty == ty { x } else { super::tables::empty(e, &ty)? };
            updated(e, &made, b)?
        }
        _ => {
            let made = if never(&x) { super::tables::empty(e, &y.ty)? } else { x };
            turned_by(e, &made, b)?
        }
    }))
}

/// Comparisons of views with each other and with sets.
pub fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    let fits = |v: &Val| like_set(v) || is_set(v);
    if !like_set(a) && !like_set(b) {
        return Ok(None);
    }
    if !fits(a) || !fits(b) {
        let decided = !matches!(a.ty, Ty::Optional(_)) && !matches!(b.ty, Ty::Optional(_));
        return match op {
            CmpOp::Eq if decided => Ok(Some(e.bool(false))),
            CmpOp::Ne if decided => Ok(Some(e.bool(true))),
            _ => {
                let (a, b) = (describe(&a.ty), describe(&b.ty));
                fault(Code::ArgumentTypes, format!("'<' and its like do not compare {a} with {b}"))
            }
        };
    }
    let (x, y) = (operators::len(e, a)?, operators::len(e, b)?);
    let (small, large, count) = match op {
        CmpOp::Eq | CmpOp::Ne => (a, b, CmpOp::Eq),
        CmpOp::Le => (a, b, CmpOp::Le),
        CmpOp::Lt => (a, b, CmpOp::Lt),
        CmpOp::Ge => (b, a, CmpOp::Ge),
        CmpOp::Gt => (b, a, CmpOp::Gt),
    };
    let fits = operators::compare(e, count, &x, &y)?;
    let (small, large) = (small.clone(), large.clone());
    let found =
        e.if_else(&fits, |e| e.library("coachwhip.lib.sets.all_in", vec![small, large]), |e| Ok(e.bool(false)))?;
    Ok(Some(if op == CmpOp::Ne { e.negated(&found) } else { found }))
}
