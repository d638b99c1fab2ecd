//! Evaluates one pure operation on constants: the folder of `infer` and `opt`, and the arithmetic of the
//! reference interpreter.
//!
//! A constant stands for a machine value only through a type, so operands are decoded by their own form and
//! results are encoded by the result types given: `Ty::Int` gives `Const::Int`, `Ty::Scalar(d)` gives
//! `Const::Scalar(d, …)`.  Where an operation's precondition does not hold (a zero divisor, a count beyond
//! the width), nothing is known about its result, and nothing is folded.

mod convert;
mod float;
mod integer;
mod number;

pub use number::{Machine, Number, Width};

use crate::constant::{Bits, Const};
use crate::op::{Imm, Op};
use crate::ty::{Dtype, Kind, Ty};

/// The results of a pure operation on constants, one for each result type; `None` if it has none that a
/// constant can hold or the operation is not foldable.
pub fn fold(op: Op, imm: &Imm, args: &[Const], results: &[Ty]) -> Option<Vec<Const>> {
    match (op, args, results) {
        (Op::Select, [Const::Bool(c), a, b], [ty]) => {
            let chosen = if *c { a } else { b };
            has_form(chosen, ty).then(|| vec![chosen.clone()])
        }
        (Op::Field, [aggregate], [ty]) => Some(vec![field(aggregate, imm, ty)?]),
        (Op::Pack, [re, im], [ty]) => Some(vec![pack_complex(re, im, ty)?]),
        _ => {
            let numbers: Option<Vec<Number>> = args.iter().map(Number::decode).collect();
            numeric(op, &numbers?, results)
        }
    }
}

/// Whether a constant is what a value of this type holds.
pub fn has_form(constant: &Const, ty: &Ty) -> bool {
    match (constant, ty) {
        (c, Ty::Lit(l)) => c == l,
        (Const::Tuple(items), Ty::Tuple(types)) | (Const::NamedTuple(_, items), Ty::NamedTuple(_, types)) => {
            items.len() == types.len() && items.iter().zip(types.iter()).all(|(c, t)| has_form(c, t))
        }
        (Const::Complex(..), Ty::Complex) | (Const::None, Ty::None) => true,
        (Const::Scalar(d, _), Ty::Scalar(t)) => d == t,
        (Const::Str(_), ty) => ty.is_str(),
        (Const::Bytes(_), ty) => ty.is_bytes(),
        (Const::Bool(_), Ty::Bool) | (Const::Int(_), Ty::Int) | (Const::Float(_), Ty::Float) => true,
        _ => false,
    }
}

/// Operations on machine numbers, encoded for the result types.
fn numeric(op: Op, args: &[Number], results: &[Ty]) -> Option<Vec<Const>> {
    let (first, second) = (results.first()?, results.get(1));
    let (value, flag) = apply(op, args, Machine::of(first)?)?;
    match (flag, second) {
        (None, None) => Some(vec![value.encode(first)?]),
        (Some(flag), Some(ty)) => Some(vec![value.encode(first)?, Number::Bool(flag).encode(ty)?]),
        _ => None,
    }
}

/// The result of an operation on machine numbers, given its machine form, and the overflow flag of those
/// operations that have one.  `None` if the operands are not the operation's or its precondition does not hold.
pub fn apply(op: Op, args: &[Number], result: Machine) -> Option<(Number, Option<bool>)> {
    if let (Op::AddOvf | Op::SubOvf | Op::MulOvf, [a, b]) = (op, args) {
        return integer::overflowing(op, *a, *b, result).map(|(value, flag)| (value, Some(flag)));
    }
    let of_result = |n: &Number| n.machine() == result;
    let value = match (op, args) {
        (Op::Convert, [a]) => convert::convert(*a, result),
        (Op::ConvertSaturating, [a]) => convert::convert_c(*a, result),
        (Op::Bitcast, [a]) => convert::bitcast(*a, result),
        (Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge, [a, b]) => compare(op, *a, *b).map(Number::Bool),
        (Op::InRange, [Number::Int(i, a), Number::Int(n, b)]) if a == b => Some(Number::Bool(0 <= *i && i < n)),
        (Op::PopCount | Op::Clz | Op::Ctz, [a]) => integer::count(op, *a, result),
        (_, [a]) if of_result(a) => unary(op, *a),
        (_, [a, b]) if of_result(a) && of_result(b) => binary(op, *a, *b),
        (Op::Fma, [a, b, c]) if args.iter().all(of_result) => float::fma(*a, *b, *c),
        _ => None,
    };
    value.map(|value| (value, None))
}

/// One operand of the result's machine type.
fn unary(op: Op, a: Number) -> Option<Number> {
    match a {
        Number::Bool(a) => (op == Op::Not).then_some(Number::Bool(!a)),
        Number::Int(a, width) => integer::unary(op, a, width),
        Number::F16(_) | Number::F32(_) | Number::F64(_) => float::unary(op, a),
    }
}

/// Two operands of the result's machine type.
fn binary(op: Op, a: Number, b: Number) -> Option<Number> {
    match (a, b) {
        (Number::Bool(a), Number::Bool(b)) => Some(Number::Bool(match op {
            Op::And => a & b,
            Op::Or => a | b,
            Op::Xor => a ^ b,
            _ => return None,
        })),
        (Number::Int(a, width), Number::Int(b, _)) => integer::binary(op, a, b, width),
        _ => float::binary(op, a, b),
    }
}

/// A comparison of two numbers of one machine type.
fn compare(op: Op, a: Number, b: Number) -> Option<bool> {
    let order = match (a, b) {
        (Number::Bool(a), Number::Bool(b)) => Some(a.cmp(&b)),
        (Number::Int(a, x), Number::Int(b, y)) if x == y => Some(a.cmp(&b)),
        (Number::F16(a), Number::F16(b)) => a.value().partial_cmp(&b.value()),
        (Number::F32(a), Number::F32(b)) => a.partial_cmp(&b),
        (Number::F64(a), Number::F64(b)) => a.partial_cmp(&b),
        _ => return None,
    };
    Some(match op {
        Op::Eq => order.is_some_and(|o| o.is_eq()),
        Op::Ne => order.is_none_or(|o| o.is_ne()),
        Op::Lt => order.is_some_and(|o| o.is_lt()),
        Op::Le => order.is_some_and(|o| o.is_le()),
        Op::Gt => order.is_some_and(|o| o.is_gt()),
        Op::Ge => order.is_some_and(|o| o.is_ge()),
        _ => return None,
    })
}

/// A field of a constant aggregate.
fn field(aggregate: &Const, imm: &Imm, ty: &Ty) -> Option<Const> {
    let Imm::Int(index) = imm else { return None };
    let index = usize::try_from(*index).ok()?;
    let part = match aggregate {
        Const::Tuple(items) | Const::NamedTuple(_, items) => items.get(index)?.clone(),
        Const::Complex(re, im) => Const::Float(*[re, im].get(index).copied()?),
        Const::Scalar(d, Bits(re, im)) if d.kind() == Kind::Complex => {
            Const::Scalar(d.real(), Bits(*[re, im].get(index).copied()?, 0))
        }
        _ => return None,
    };
    has_form(&part, ty).then_some(part)
}

/// A complex number from its parts.
fn pack_complex(re: &Const, im: &Const, ty: &Ty) -> Option<Const> {
    match (re, im, ty) {
        (Const::Float(re), Const::Float(im), Ty::Complex) => Some(Const::Complex(*re, *im)),
        (
            Const::Scalar(a, Bits(re, _)),
            Const::Scalar(b, Bits(im, _)),
            Ty::Scalar(d @ (Dtype::Complex64 | Dtype::Complex128)),
        ) if a == b && *a == d.real() => Some(Const::Scalar(*d, Bits(*re, *im))),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
