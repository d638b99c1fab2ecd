//! `+`, `*`, comparison, truth and length.

use crate::emit::{Emit, Val};
use crate::rules::index::as_int;
use crate::rules::{Answer, print};
use crate::text::{as_block, code_point, is_bytes, is_string, length, unit};
use coachwhip_ir::{BinaryOp, CmpOp, Const, ErrorKind, Op, RuntimeFn, Ty};
use std::sync::Arc;

/// A product of literals has at most so many characters.
const MOST_FOLDED: usize = 1 << 12;

pub fn binary(e: &mut Emit, op: BinaryOp, _inplace: bool, a: &Val, b: &Val) -> Answer {
    match op {
        BinaryOp::Add => add(e, a, b),
        BinaryOp::Mul if is_string(&a.ty) || is_bytes(&a.ty) => repeat(e, a, b),
        BinaryOp::Mul if is_string(&b.ty) || is_bytes(&b.ty) => repeat(e, b, a),
        _ => Ok(None),
    }
}

fn add(e: &mut Emit, a: &Val, b: &Val) -> Answer {
    if let (Ty::Lit(Const::Bytes(a)), Ty::Lit(Const::Bytes(b))) = (&a.ty, &b.ty) {
        let joined: Arc<[u8]> = [&**a, &**b].concat().into();
        return Ok(Some(e.lit(Const::Bytes(joined))));
    }
    if is_bytes(&a.ty) && is_bytes(&b.ty) {
        return Ok(concatenated(e, RuntimeFn::StrConcat, a, b));
    }
    if !is_string(&a.ty) || !is_string(&b.ty) {
        return Ok(None);
    }
    let text = |ty: &Ty| matches!(ty, Ty::Text(_));
    if print::is_text(&a.ty) && print::is_text(&b.ty) {
        return Ok(Some(print::text(e, &[a.clone(), b.clone()])));
    }
    if text(&a.ty) || text(&b.ty) {
        let mut parts = Vec::with_capacity(2);
        for v in [a, b] {
            parts.push(if print::is_text(&v.ty) { v.clone() } else { print::formatted(e, v, 0)? });
        }
        return Ok(Some(print::text(e, &parts)));
    }
    match (&a.ty, &b.ty) {
        (Ty::Lit(Const::Str(empty)), _) if empty.is_empty() => Ok(Some(b.clone())),
        (_, Ty::Lit(Const::Str(empty))) if empty.is_empty() => Ok(Some(a.clone())),
        (_, ty) => match code_point(e, b) {
            Some(unit) if !matches!(ty, Ty::Lit(_)) || !matches!(a.ty, Ty::Char) => {
                let Some(a) = as_block(e, a) else { return Ok(None) };
                Ok(Some(e.runtime(RuntimeFn::StrConcatChar, &[&a, &unit], Ty::str())))
            }
            _ => Ok(concatenated(e, RuntimeFn::StrConcat, a, b)),
        },
    }
}

fn concatenated(e: &mut Emit, function: RuntimeFn, a: &Val, b: &Val) -> Option<Val> {
    let (a, b) = (as_block(e, a)?, as_block(e, b)?);
    let ty = a.ty.clone();
    Some(e.runtime(function, &[&a, &b], ty))
}

/// A `str` or `bytes` so many times.
pub fn repeat(e: &mut Emit, text: &Val, count: &Val) -> Answer {
    let Some(count) = as_int(e, count) else { return Ok(None) };
    let times = count.literal_int().map(|n| usize::try_from(n).unwrap_or(0));
    match (&text.ty, times) {
        (Ty::Lit(Const::Str(text)), Some(times)) if text.len().saturating_mul(times) <= MOST_FOLDED => {
            let text = text.repeat(times);
            return Ok(Some(e.lit(Const::Str(text.into()))));
        }
        (Ty::Lit(Const::Bytes(bytes)), Some(times)) if bytes.len().saturating_mul(times) <= MOST_FOLDED => {
            let bytes: Arc<[u8]> = bytes.repeat(times).into();
            return Ok(Some(e.lit(Const::Bytes(bytes))));
        }
        _ => {}
    }
    let Some(block) = as_block(e, text) else { return Ok(None) };
    let zero = e.int(0);
    let (times, unit) = (e.op(Op::Max, &[&count, &zero], Ty::Int), length(e, &block));
    let (_, over) = e.op_ovf(Op::MulOvf, &times, &unit, Ty::Int);
    let fits = e.negated(&over);
    let kind = if is_bytes(&text.ty) { ErrorKind::BytesTooLong } else { ErrorKind::StrTooLong };
    e.guard(&fits, kind, &[]);
    let ty = block.ty.clone();
    Ok(Some(e.runtime(RuntimeFn::StrRepeat, &[&block, &count], ty)))
}

pub fn len(e: &mut Emit, v: &Val) -> Answer {
    Ok(match &v.ty {
        Ty::Lit(Const::Str(text)) => Some(e.int(text.chars().count() as i64)),
        Ty::Lit(Const::Bytes(bytes)) => Some(e.int(bytes.len() as i64)),
        Ty::Char => Some(e.int(1)),
        ty if is_string(ty) || is_bytes(ty) => as_block(e, v).map(|block| length(e, &block)),
        _ => None,
    })
}

pub fn truth(e: &mut Emit, v: &Val) -> Answer {
    Ok(match &v.ty {
        Ty::Lit(Const::Bytes(bytes)) => Some(e.bool(!bytes.is_empty())),
        Ty::Char => Some(e.bool(true)),
        Ty::Lit(_) => None,
        _ => match len(e, v)? {
            Some(count) if is_string(&v.ty) || is_bytes(&v.ty) => {
                let zero = e.int(0);
                Some(e.op(Op::Ne, &[&count, &zero], Ty::Bool))
            }
            _ => None,
        },
    })
}

/// `a < b` and so on.
pub fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    if let (Ty::Lit(Const::Bytes(a)), Ty::Lit(Const::Bytes(b))) = (&a.ty, &b.ty) {
        let answer = holds(op, a.cmp(b));
        return Ok(Some(e.bool(answer)));
    }
    let known = a.literal().is_some() && b.literal().is_some();
    let alike = is_string(&a.ty) && is_string(&b.ty) || is_bytes(&a.ty) && is_bytes(&b.ty);
    if known || !alike {
        return Ok(None);
    }
    if let (Some(x), Some(y)) = (code_point(e, a), code_point(e, b)) {
        return Ok(Some(e.op(number_op(op), &[&x, &y], Ty::Bool)));
    }
    match op {
        CmpOp::Eq => equal(e, a, b),
        CmpOp::Ne => Ok(equal(e, a, b)?.map(|equal| e.negated(&equal))),
        _ => {
            let (Some(x), Some(y)) = (as_block(e, a), as_block(e, b)) else { return Ok(None) };
            let order = e.runtime(RuntimeFn::StrCompare, &[&x, &y], Ty::Int);
            let zero = e.int(0);
            Ok(Some(e.op(number_op(op), &[&order, &zero], Ty::Bool)))
        }
    }
}

fn holds(op: CmpOp, order: std::cmp::Ordering) -> bool {
    match op {
        CmpOp::Lt => order.is_lt(),
        CmpOp::Le => order.is_le(),
        CmpOp::Eq => order.is_eq(),
        CmpOp::Ne => order.is_ne(),
        CmpOp::Gt => order.is_gt(),
        CmpOp::Ge => order.is_ge(),
    }
}

fn number_op(op: CmpOp) -> Op {
    match op {
        CmpOp::Lt => Op::Lt,
        CmpOp::Le => Op::Le,
        CmpOp::Eq => Op::Eq,
        CmpOp::Ne => Op::Ne,
        CmpOp::Gt => Op::Gt,
        CmpOp::Ge => Op::Ge,
    }
}

/// `a == b`: the lengths first, which mostly decide.
fn equal(e: &mut Emit, a: &Val, b: &Val) -> Answer {
    let (a, b) = if code_point(e, a).is_some() { (b, a) } else { (a, b) };
    let single = code_point(e, b);
    let counts = (len(e, a)?, len(e, b)?);
    let (Some(m), Some(n)) = counts else { return Ok(None) };
    if let (Some(m), Some(n)) = (m.literal_int(), n.literal_int())
        && m != n
    {
        return Ok(Some(e.bool(false)));
    }
    let Some(x) = as_block(e, a) else { return Ok(None) };
    let same = e.op(Op::Eq, &[&m, &n], Ty::Bool);
    if n.literal_int() == Some(0) {
        return Ok(Some(same));
    }
    e.if_else(
        &same,
        |e| match &single {
            Some(wanted) => {
                let zero = e.int(0);
                let found = unit(e, &x, &zero);
                Ok(e.op(Op::Eq, &[&found, wanted], Ty::Bool))
            }
            None => {
                let y = as_block(e, b).unwrap_or_else(|| e.never());
                let equal = e.runtime(RuntimeFn::StrEqual, &[&x, &y], Ty::Int);
                let zero = e.int(0);
                Ok(e.op(Op::Ne, &[&equal, &zero], Ty::Bool))
            }
        },
        |e| {
            let no = e.bool(false);
            Ok(e.machine(&no))
        },
    )
    .map(Some)
}
