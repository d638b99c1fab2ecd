//! Constants and aggregates: values that are made, taken apart and put together without memory.

use super::Done;
use super::function::{Lowering, argument};
use super::types::{class, each_machine, machine_type, width};
use crate::EmitError;
use crate::llvm::Value as Val;
use coachwhip_ir::{Const, Imm, InstData, Op, Ty, Value};

pub fn lower(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let parts = match inst.op {
        Op::Const => match &inst.imm {
            Imm::Const(c) => constant(l, c, l.result_ty(inst)?)?,
            _ => return Err(EmitError::new("a constant is missing")),
        },
        Op::Undef => zeros(l, l.result_ty(inst)?),
        Op::Pack => pack(l, inst)?,
        Op::Field => field(l, inst)?,
        Op::View => view(l, inst)?,
        _ => select(l, inst)?,
    };
    l.result(inst, &parts);
    Ok(())
}

/// Zeros for every machine value: null owners, and the same garbage everywhere.
fn zeros<'c>(l: &Lowering<'_, 'c, '_>, ty: &Ty) -> Vec<Val<'c>> {
    let mut parts = Vec::new();
    each_machine(ty, &mut |part| parts.push(machine_type(l.unit.context, part).zero()));
    parts
}

/// The machine values of a constant of a type.
pub fn constant<'c>(l: &Lowering<'_, 'c, '_>, value: &Const, ty: &Ty) -> Result<Vec<Val<'c>>, EmitError> {
    if width(ty) == 0 {
        return Ok(Vec::new());
    }
    if let (Const::Tuple(items) | Const::NamedTuple(_, items), Some(fields)) = (value, ty.fields()) {
        let mut parts = Vec::new();
        for (item, field) in items.iter().zip(&fields) {
            parts.extend(constant(l, item, field)?);
        }
        return Ok(parts);
    }
    if let Ty::Optional(inner) = ty {
        let some = l.unit.context.bool(*value != Const::None);
        let payload = if *value == Const::None { zeros(l, inner) } else { constant(l, value, inner)? };
        return Ok(std::iter::once(some).chain(payload).collect());
    }
    if let Ty::Ref(_) = ty {
        let block = super::strings::constant(l.unit, value);
        return Ok(vec![block.ok_or_else(|| EmitError::new(format!("{value:?} is no block")))?]);
    }
    let (real, imaginary) = bits(value).ok_or_else(|| EmitError::new(format!("{value:?} is no machine constant")))?;
    let words = [real, imaginary];
    let machine = ty.machine();
    if machine.len() > words.len() {
        return Err(EmitError::new(format!("{value:?} does not fit its type")));
    }
    Ok(machine.iter().zip(words).map(|(part, word)| number(l, value, part, word)).collect())
}

/// The bits of a number: integers as they are, floats as doubles.
fn bits(value: &Const) -> Option<(u64, u64)> {
    Some(match value {
        Const::Bool(b) => (u64::from(*b), 0),
        Const::Int(i) => (*i as u64, 0),
        Const::Float(bits) => (*bits, 0),
        Const::Complex(re, im) => (*re, *im),
        Const::Scalar(_, bits) => (bits.0, bits.1),
        _ => return None,
    })
}

/// One machine number from the bits of a constant.
fn number<'c>(l: &Lowering<'_, 'c, '_>, value: &Const, ty: &Ty, word: u64) -> Val<'c> {
    use super::types::Class;
    let target = machine_type(l.unit.context, ty);
    let from_float = match value {
        Const::Float(_) | Const::Complex(..) => true,
        Const::Scalar(dtype, _) => {
            matches!(dtype.kind(), coachwhip_ir::Kind::Float | coachwhip_ir::Kind::Complex)
        }
        _ => false,
    };
    match class(ty) {
        Class::Float(_) if from_float => target.float_const(f64::from_bits(word)),
        Class::Float(_) => target.float_const(word as i64 as f64),
        Class::Pointer => target.zero(),
        Class::Int { .. } => target.int_const(word),
    }
}

fn pack<'c>(l: &Lowering<'_, 'c, '_>, inst: &InstData) -> Result<Vec<Val<'c>>, EmitError> {
    let fields = l.result_ty(inst)?.fields().ok_or_else(|| EmitError::new("the result is no aggregate"))?;
    let mut parts = Vec::new();
    for (&arg, field) in inst.args.iter().zip(&fields) {
        parts.extend(l.as_type(arg, field)?);
    }
    Ok(parts)
}

fn field<'c>(l: &Lowering<'_, 'c, '_>, inst: &InstData) -> Result<Vec<Val<'c>>, EmitError> {
    let Imm::Int(position) = inst.imm else { return Err(EmitError::new("a field number is missing")) };
    let position = position as usize;
    let base = argument(inst, 0)?;
    let parts = l.get(base)?;
    let run = match l.func.ty(base) {
        Ty::Array(_) => position..position + 1,
        ty => {
            let fields = ty.fields().ok_or_else(|| EmitError::new("the operand is no aggregate"))?;
            let start = fields.iter().take(position).map(width).sum();
            start..start + fields.get(position).map_or(0, width)
        }
    };
    parts.get(run).map(<[_]>::to_vec).ok_or_else(|| EmitError::new("the aggregate has no such field"))
}

/// `base, data, shape…, strides…`: the base's owner with another header.
fn view<'c>(l: &Lowering<'_, 'c, '_>, inst: &InstData) -> Result<Vec<Val<'c>>, EmitError> {
    let base = l.get(argument(inst, 0)?)?;
    let owner = *base.get(1).ok_or_else(|| EmitError::new("the base of a view is no array"))?;
    let mut parts = vec![l.operand(inst, 1)?, owner];
    for &arg in inst.args.get(2..).unwrap_or_default() {
        parts.extend(l.as_type(arg, &Ty::Int)?);
    }
    Ok(parts)
}

fn select<'c>(l: &Lowering<'_, 'c, '_>, inst: &InstData) -> Result<Vec<Val<'c>>, EmitError> {
    let condition = l.operand(inst, 0)?;
    let ty = l.result_ty(inst)?;
    let (a, b) = (l.as_type(argument(inst, 1)?, ty)?, l.as_type(argument(inst, 2)?, ty)?);
    Ok(a.into_iter().zip(b).map(|(a, b)| l.unit.builder.select(condition, a, b)).collect())
}

/// The machine values of `value` in the wider type `to`: literals become constants, part by part.
pub fn widen<'c>(l: &Lowering<'_, 'c, '_>, value: Value, from: &Ty, to: &Ty) -> Result<Vec<Val<'c>>, EmitError> {
    let mut parts = l.get(value)?.iter().copied();
    let mut out = Vec::new();
    widen_parts(l, &mut parts, from, to, &mut out)?;
    Ok(out)
}

fn widen_parts<'c>(
    l: &Lowering<'_, 'c, '_>,
    parts: &mut dyn Iterator<Item = Val<'c>>,
    from: &Ty,
    to: &Ty,
    out: &mut Vec<Val<'c>>,
) -> Done {
    if let Ty::Lit(value) = from {
        out.extend(constant(l, value, to)?);
        return Ok(());
    }
    match (from.fields(), to.fields()) {
        (Some(from), Some(to)) if from.len() == to.len() => {
            for (from, to) in from.iter().zip(&to) {
                widen_parts(l, parts, from, to, out)?;
            }
            Ok(())
        }
        _ if width(from) == width(to) => {
            out.extend(parts.take(width(from)));
            Ok(())
        }
        _ => Err(EmitError::new(format!("{from:?} has not the machine form of {to:?}"))),
    }
}
