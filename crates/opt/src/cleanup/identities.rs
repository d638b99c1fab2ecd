//! Identities of single operations: what an instruction is equal to, given how its operands were made.

use crate::bounds::interval;
use crate::edit::int_constant;
use coachwhip_ir::{Const, Func, Imm, Inst, InstData, Layout, Op, Ty, Value};

/// A simpler form.
pub enum Simpler {
    /// An existing value.
    Value(Value),
    /// An existing value, and an overflow flag that is known.
    ValueAndFlag(Value, bool),
    /// A constant.
    Const(Const),
    /// Another instruction with the same results.
    Inst(Op, Imm, Vec<Value>),
}

/// The simpler form of a pure instruction, if there is one.
pub fn simpler(func: &Func, inst: Inst) -> Option<Simpler> {
    let data = &func.insts[inst];
    match (data.op, data.args.as_slice()) {
        (Op::Field, [aggregate]) => field(func, data, *aggregate),
        (Op::Pack, _) => repack(func, data),
        (Op::Select, [c, a, b]) => select(func, data, *c, *a, *b),
        (Op::Not, [x]) => negation(func, data, *x),
        (Op::Convert | Op::Bitcast, [x]) if func.ty(*x) == result_ty(func, data)? => Some(Simpler::Value(*x)),
        (_, [a, b]) => binary(func, data, *a, *b).or_else(|| constant_last(func, data, *a, *b)),
        _ => None,
    }
}

fn result_ty<'f>(func: &'f Func, data: &InstData) -> Option<&'f Ty> {
    data.results.first().map(|&r| func.ty(r))
}

fn maker(func: &Func, value: Value) -> Option<&InstData> {
    func.def_inst(value).map(|i| &func.insts[i])
}

fn field(func: &Func, data: &InstData, aggregate: Value) -> Option<Simpler> {
    let Imm::Int(index) = data.imm else { return None };
    let index = usize::try_from(index).ok()?;
    let wanted = result_ty(func, data)?;
    if let Some(array) = func.ty(aggregate).array()
        && array.ndim > 0
    {
        let unit = 2 + array.ndim as usize + if array.layout == Layout::C { array.ndim as usize - 1 } else { 0 };
        if array.layout != Layout::A && index == unit {
            return Some(Simpler::Const(Const::Int(i64::from(array.dtype.size()))));
        }
    }
    let made = maker(func, aggregate)?;
    let part = match made.op {
        Op::Pack => *made.args.get(index)?,
        Op::View if index == 1 => return Some(Simpler::Inst(Op::Field, Imm::Int(1), vec![*made.args.first()?])),
        Op::View => *made.args.get(if index == 0 { 1 } else { index })?,
        Op::Alloc if index >= 2 => *made.args.get(index - 2)?,
        Op::Undef => return Some(Simpler::Inst(Op::Undef, Imm::None, vec![])),
        _ => return None,
    };
    (func.ty(part) == wanted).then_some(Simpler::Value(part))
}

/// `pack(field[0] x, field[1] x, …)` is `x`.
fn repack(func: &Func, data: &InstData) -> Option<Simpler> {
    let whole = *maker(func, *data.args.first()?).filter(|m| m.op == Op::Field)?.args.first()?;
    let is_part = |(n, &part): (usize, &Value)| {
        maker(func, part).is_some_and(|m| m.op == Op::Field && m.imm == Imm::Int(n as i64) && m.args == [whole])
    };
    let same = func.ty(whole) == result_ty(func, data)? && data.args.iter().enumerate().all(is_part);
    same.then_some(Simpler::Value(whole))
}

fn select(func: &Func, data: &InstData, c: Value, a: Value, b: Value) -> Option<Simpler> {
    if a == b {
        return Some(Simpler::Value(a));
    }
    if let Some(known) = int_constant(func, c) {
        return Some(Simpler::Value(if known != 0 { a } else { b }));
    }
    if result_ty(func, data)? == &Ty::Int && int_constant(func, b) == Some(0) && is_positive(func, c, a) {
        return Some(Simpler::Inst(Op::Max, Imm::None, vec![a, b]));
    }
    match (result_ty(func, data)?, int_constant(func, a), int_constant(func, b)) {
        (Ty::Bool, Some(1), Some(0)) => Some(Simpler::Value(c)),
        (Ty::Bool, Some(0), Some(1)) => Some(Simpler::Inst(Op::Not, Imm::None, vec![c])),
        (Ty::Bool, Some(0), None) => None,
        (Ty::Bool, None, Some(0)) => Some(Simpler::Inst(Op::And, Imm::None, vec![c, a])),
        (Ty::Bool, Some(1), None) => Some(Simpler::Inst(Op::Or, Imm::None, vec![c, b])),
        _ => None,
    }
}

/// Whether a condition says that a value is greater than 0.
fn is_positive(func: &Func, condition: Value, value: Value) -> bool {
    let made = maker(func, condition).map(|m| (m.op, m.args.as_slice()));
    match made {
        Some((Op::Lt, [zero, x])) | Some((Op::Gt, [x, zero])) => *x == value && int_constant(func, *zero) == Some(0),
        _ => false,
    }
}

fn negation(func: &Func, data: &InstData, x: Value) -> Option<Simpler> {
    let made = maker(func, x)?;
    let is_int =
        |v: &Value| matches!(func.ty(*v), Ty::Int | Ty::Bool) || func.ty(*v).dtype().is_some_and(|d| d.is_int());
    let swapped = match made.op {
        Op::Not => return Some(Simpler::Value(*made.args.first()?)),
        // The complement of an order holds for integers only: a float comparison is false with NaN.
        Op::Eq | Op::Ne => made.op.complement()?,
        op => op.complement().filter(|_| made.args.iter().all(is_int))?,
    };
    (result_ty(func, data)? == &Ty::Bool).then(|| Simpler::Inst(swapped, Imm::None, made.args.clone()))
}

/// Constants stand on the right where the order does not matter: later passes look there.
fn constant_last(func: &Func, data: &InstData, a: Value, b: Value) -> Option<Simpler> {
    let swap = data.op.is_commutative() && func.constant(a).is_some() && func.constant(b).is_none();
    swap.then(|| Simpler::Inst(data.op, data.imm.clone(), vec![b, a]))
}

fn binary(func: &Func, data: &InstData, a: Value, b: Value) -> Option<Simpler> {
    let is_int = result_ty(func, data)?.dtype().is_some_and(|d| d.is_int());
    let (left, right) = (int_constant(func, a), int_constant(func, b));
    let value = |v| Some(Simpler::Value(v));
    match (data.op.wrapping(), left, right) {
        (Op::Add, Some(0), _) | (Op::Mul, Some(1), _) if is_int => value(b),
        (Op::Add | Op::Sub | Op::Shl | Op::Shr, _, Some(0)) if is_int => value(a),
        (Op::Mul | Op::FloorDiv | Op::TruncDiv, _, Some(1)) if is_int => value(a),
        (Op::AddOvf, Some(0), _) | (Op::MulOvf, Some(1), _) => Some(Simpler::ValueAndFlag(b, false)),
        (Op::AddOvf | Op::SubOvf, _, Some(0)) | (Op::MulOvf, _, Some(1)) => Some(Simpler::ValueAndFlag(a, false)),
        (Op::WrapIndex, Some(i), _) if i >= 0 => value(a),
        (Op::WrapIndex, Some(_), _) => Some(Simpler::Inst(Op::AddExact, Imm::None, vec![b, a])),
        (Op::And, Some(1), _) | (Op::Or, Some(0), _) if bools(func, a, b) => value(b),
        (Op::And, _, Some(1)) | (Op::Or, _, Some(0)) if bools(func, a, b) => value(a),
        (Op::And, Some(0), _) | (Op::And, _, Some(0)) if bools(func, a, b) => Some(Simpler::Const(Const::Bool(false))),
        (Op::Or, Some(1), _) | (Op::Or, _, Some(1)) if bools(func, a, b) => Some(Simpler::Const(Const::Bool(true))),
        (Op::And | Op::Or | Op::Min | Op::Max, _, _) if a == b && (is_int || bools(func, a, b)) => value(a),
        (Op::Min | Op::Max, _, _) if is_int && order(func, a, b).is_some() => {
            value(if (order(func, a, b) == Some(true)) == (data.op == Op::Min) { a } else { b })
        }
        (Op::Eq | Op::Le | Op::Ge, _, _) if a == b && integers(func, a) => Some(Simpler::Const(Const::Bool(true))),
        (Op::Ne | Op::Lt | Op::Gt, _, _) if a == b && integers(func, a) => Some(Simpler::Const(Const::Bool(false))),
        (Op::Eq, _, Some(1)) | (Op::Ne, _, Some(0)) if bools(func, a, b) => value(a),
        (Op::Eq, _, Some(0)) | (Op::Ne, _, Some(1)) if bools(func, a, b) => {
            Some(Simpler::Inst(Op::Not, Imm::None, vec![a]))
        }
        _ => None,
    }
}

/// Whether one value is never greater than the other, by their intervals: the first (true) or the second.
fn order(func: &Func, a: Value, b: Value) -> Option<bool> {
    let (x, y) = (interval::of(func, a)?, interval::of(func, b)?);
    if x.1 <= y.0 { Some(true) } else { (y.1 <= x.0).then_some(false) }
}

fn bools(func: &Func, a: Value, b: Value) -> bool {
    func.ty(a) == &Ty::Bool && func.ty(b) == &Ty::Bool
}

fn integers(func: &Func, a: Value) -> bool {
    func.ty(a) == &Ty::Bool || func.ty(a).dtype().is_some_and(|d| d.is_int())
}
