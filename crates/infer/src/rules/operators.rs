//! Python's operators: asks the families and refuses in the user's words.  An `Optional` operand is opened
//! first: Python raises `TypeError` for `None` there, and so does the guard.

use super::ask;
use super::nothing::{self, Complaint};
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{expand, is_none};
use coachwhip_ir::{BinaryOp, CmpOp, Code, Const, ErrorKind, Ty, UnaryOp, describe};

/// `a op b`; `inplace` for the augmented assignment.
pub fn binary(e: &mut Emit, op: BinaryOp, inplace: bool, a: &Val, b: &Val) -> Result<Val, Fault> {
    let complaint = |a: &Ty, b: &Ty| Complaint::binary(op, inplace, a, b);
    let (a, b) = if op == BinaryOp::Mod && is_template(&a.ty) {
        // A template formats `None` as well.
        (nothing::opened(e, a, &complaint(&Ty::None, &b.ty)), b.clone())
    } else {
        nothing::both_opened(e, a, b, complaint)
    };
    match ask(|f| (f.binary)(e, op, inplace, &a, &b))? {
        Some(v) => Ok(v),
        None => {
            let (a, b) = (describe(&a.ty), describe(&b.ty));
            fault(Code::OperandTypes, format!("{} does not accept {a} and {b}", op.symbol()))
        }
    }
}

fn is_template(ty: &Ty) -> bool {
    match ty {
        Ty::Optional(inner) => is_template(inner),
        ty => crate::text::is_string(ty) || crate::text::is_bytes_like(ty),
    }
}

/// `-x`, `+x`, `~x`, `not x`.
pub fn unary(e: &mut Emit, op: UnaryOp, v: &Val) -> Result<Val, Fault> {
    if op == UnaryOp::Not {
        let truth = truth(e, v)?;
        return Ok(e.negated(&truth));
    }
    let v = nothing::opened(e, v, &Complaint::unary(op));
    match ask(|f| (f.unary)(e, op, &v))? {
        Some(v) => Ok(v),
        None => fault(Code::OperandTypes, format!("unary {} does not accept {}", op.symbol(), describe(&v.ty))),
    }
}

/// `a < b` and so on.  `==` and `!=` of values of which one may be `None` are decided by the flag.
pub fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Result<Val, Fault> {
    // An object may be `None` without its type saying so.
    if let Some(v) = super::foreign::compare(e, op, a, b)? {
        return Ok(v);
    }
    if matches!(op, CmpOp::Eq | CmpOp::Ne)
        && let Some(v) = equality_with_none(e, op, a, b)?
    {
        return Ok(v);
    }
    let (a, b) = nothing::both_opened(e, a, b, |a, b| Complaint::compare(op, a, b));
    if let Some(v) = ask(|f| (f.compare)(e, op, &a, &b))? {
        return Ok(v);
    }
    let equal = match (a.literal(), b.literal()) {
        (Some(x), Some(y)) => super::types::equal(x, y),
        _ if is_none(&a.ty) && is_none(&b.ty) => Some(true),
        _ if never_equal(&a.ty, &b.ty) => Some(false),
        _ => None,
    };
    match (op, equal) {
        (CmpOp::Eq, Some(equal)) => Ok(e.bool(equal)),
        (CmpOp::Ne, Some(equal)) => Ok(e.bool(!equal)),
        _ => {
            let (a, b) = (describe(&a.ty), describe(&b.ty));
            fault(Code::OperandTypes, format!("{} does not compare {a} with {b}", op.symbol()))
        }
    }
}

/// Whether values of two types are of different sorts, so that Python's `==` between them is `False`.
fn never_equal(a: &Ty, b: &Ty) -> bool {
    let sort = |ty: &Ty| match expand(ty) {
        Ty::Int | Ty::Float | Ty::Bool | Ty::Complex | Ty::Scalar(_) => Some(0),
        Ty::Tuple(_) | Ty::NamedTuple(..) => Some(1),
        Ty::Range(_) => Some(2),
        ty if is_none(&ty) => Some(3),
        ty if crate::text::is_string(&ty) => Some(4),
        ty if crate::text::is_bytes_like(&ty) => Some(6),
        Ty::Lit(Const::Func(_) | Const::Named(_)) => Some(5),
        ty if ty.dtype().is_some() => Some(0),
        _ => None,
    };
    matches!((sort(a), sort(b)), (Some(x), Some(y)) if x != y)
}

fn equality_with_none(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Result<Option<Val>, Fault> {
    let how = e.engine.meet();
    Ok(Some(match (e.presence(a), e.presence(b)) {
        (None, None) => return Ok(None),
        (Some(x), Some(y)) => e.branches(
            how,
            &x,
            |e| {
                let value = e.payload(a);
                present_and_equal(e, op, &y, b, &value)
            },
            |e| if op == CmpOp::Eq { Ok(e.negated(&y)) } else { Ok(y.clone()) },
        )?,
        (Some(flag), None) => present_and_equal(e, op, &flag, a, b)?,
        (None, Some(flag)) => present_and_equal(e, op, &flag, b, a)?,
    }))
}

fn present_and_equal(e: &mut Emit, op: CmpOp, flag: &Val, optional: &Val, other: &Val) -> Result<Val, Fault> {
    if is_none(&other.ty) {
        return Ok(if op == CmpOp::Eq { e.negated(flag) } else { flag.clone() });
    }
    let how = e.engine.meet();
    e.branches(
        how,
        flag,
        |e| {
            let value = e.payload(optional);
            compare(e, op, &value, other)
        },
        |e| Ok(e.bool(op == CmpOp::Ne)),
    )
}

/// `bool(x)` as `if` takes it: a `Bool` or a literal bool.
pub fn truth(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    if let Some(flag) = e.presence(v) {
        return e.if_else(
            &flag,
            |e| {
                let value = e.payload(v);
                truth(e, &value)
            },
            |e| Ok(e.bool(false)),
        );
    }
    if is_none(&v.ty) {
        return Ok(e.bool(false));
    }
    match ask(|f| (f.truth)(e, v))? {
        Some(v) => Ok(v),
        None if is_none(&v.ty) => Ok(e.bool(false)),
        None => fault(Code::Condition, format!("{} has no truth value here", describe(&v.ty))),
    }
}

/// `item in container`.
pub fn contains(e: &mut Emit, item: &Val, container: &Val) -> Result<Val, Fault> {
    let container = nothing::opened(e, container, &Complaint::of(ErrorKind::NoneContainer));
    match ask(|f| (f.contains)(e, item, &container))? {
        Some(v) => Ok(v),
        None => fault(Code::OperandTypes, format!("in does not accept {} on its right", describe(&container.ty))),
    }
}

/// `len(x)`.
pub fn len(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    let v = nothing::opened(e, v, &Complaint::of(ErrorKind::NoneLength));
    match ask(|f| (f.len)(e, &v))? {
        Some(v) => Ok(v),
        None => fault(Code::ArgumentTypes, format!("{} has no len()", describe(&v.ty))),
    }
}

/// `x[i]`.
pub fn getitem(e: &mut Emit, v: &Val, index: &Val) -> Result<Val, Fault> {
    let v = nothing::opened(e, v, &Complaint::of(ErrorKind::NoneSubscript));
    let index = e.opened(index);
    match ask(|f| (f.getitem)(e, &v, &index))? {
        Some(v) => Ok(v),
        None => {
            let message = format!("{} cannot be indexed by {}", describe(&v.ty), describe(&index.ty));
            fault(Code::NotSubscriptable, message)
        }
    }
}

/// `x[i] = value`.
pub fn setitem(e: &mut Emit, v: &Val, index: &Val, value: &Val) -> Result<Val, Fault> {
    let v = nothing::opened(e, v, &Complaint::of(ErrorKind::NoneStore));
    let index = e.opened(index);
    // A list may hold `None`.
    let item = v.ty.list_item().is_some() && !matches!(index.ty, Ty::Slice(_));
    let value = if item { value.clone() } else { e.opened(value) };
    match ask(|f| (f.setitem)(e, &v, &index, &value))? {
        Some(v) => Ok(v),
        None => {
            let message = format!(
                "{} does not support item assignment by {} of {}",
                describe(&v.ty),
                describe(&index.ty),
                describe(&value.ty)
            );
            fault(Code::NotSubscriptable, message)
        }
    }
}

/// `del x[i]`.
pub fn delitem(e: &mut Emit, v: &Val, index: &Val) -> Result<(), Fault> {
    let (v, index) = (e.opened(v), e.opened(index));
    match ask(|f| (f.delitem)(e, &v, &index))? {
        Some(_) => Ok(()),
        None => fault(Code::NotSubscriptable, format!("items of {} cannot be deleted", describe(&v.ty))),
    }
}

/// The item at a position that is known to be in range.
pub fn item(e: &mut Emit, sequence: &Val, index: &Val) -> Result<Val, Fault> {
    match ask(|f| (f.item)(e, sequence, index))? {
        Some(v) => Ok(v),
        None => fault(Code::NotIterable, format!("{} is not a sequence", describe(&sequence.ty))),
    }
}

/// `iter(x)`.
pub fn iter(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    let v = nothing::opened(e, v, &Complaint::of(ErrorKind::NoneIterated));
    match ask(|f| (f.iter)(e, &v))? {
        Some(v) => Ok(v),
        None => fault(Code::NotIterable, format!("{} cannot be iterated over", describe(&v.ty))),
    }
}

/// Whether an iterator has another item.
pub fn iter_has(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    iterator(e, v, |f| f.iter_has)
}

/// The next item of an iterator that has one.
pub fn iter_value(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    iterator(e, v, |f| f.iter_value)
}

/// The iterator after that item.
pub fn iter_advance(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    iterator(e, v, |f| f.iter_advance)
}

type Step = fn(&mut Emit, &Val) -> super::Answer;

fn iterator(e: &mut Emit, v: &Val, step: impl Fn(&super::Family) -> Step) -> Result<Val, Fault> {
    match ask(|f| step(f)(e, v))? {
        Some(v) => Ok(v),
        None => fault(Code::NotIterable, format!("{} is not an iterator", describe(&v.ty))),
    }
}
