//! Values of a running program.

use crate::constant::{Bits, Const};
use crate::eval::Number;
use crate::ty::{Kind, Ty};
use std::sync::Arc;

/// An address: a block of memory and a distance from its start, or null.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pointer {
    /// The block; null has none.
    pub block: Option<usize>,
    /// Bytes from its start; may lie outside until it is used.
    pub offset: i64,
}

impl Pointer {
    /// Nowhere.
    pub const NULL: Pointer = Pointer { block: None, offset: 0 };

    /// As a number, so that addresses can be compared: blocks lie far apart.
    pub fn address(self) -> i128 {
        self.block.map_or(0, |b| (b as i128 + 1) << 64) + i128::from(self.offset)
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One machine number.
    Number(Number),
    /// An address.
    Pointer(Pointer),
    /// A cell, by number.
    Cell(usize),
    /// The fields of an aggregate, as `Ty::fields` says.
    Fields(Arc<[Value]>),
    /// A machine value that must not be looked at.
    Undefined,
}

impl Value {
    /// A Python int.
    pub fn int(value: i64) -> Value {
        Value::Number(Number::Int(i128::from(value), crate::eval::Width { bits: 64, signed: true }))
    }

    /// A truth value.
    pub fn bool(value: bool) -> Value {
        Value::Number(Number::Bool(value))
    }

    /// A type without machine values.
    pub fn nothing() -> Value {
        Value::Fields(Arc::from([]))
    }

    /// A value of the type that must not be looked at, but whose owners are null.
    pub fn undefined(ty: &Ty) -> Value {
        match (ty, ty.fields()) {
            (Ty::Ref(_), _) => Value::Pointer(Pointer::NULL),
            (Ty::Never | Ty::Any, _) | (_, None) => Value::Undefined,
            (_, Some(fields)) => {
                let mut values: Vec<Value> = fields.iter().map(Value::undefined).collect();
                if let (Ty::Array(_), Some(owner)) = (ty, values.get_mut(1)) {
                    *owner = Value::Pointer(Pointer::NULL);
                }
                Value::Fields(values.into())
            }
        }
    }

    /// The value of a constant in this type, `None` if it has none here.
    pub fn constant(constant: &Const, ty: &Ty) -> Option<Value> {
        if let Some(number) = Number::decode(constant) {
            return Some(if ty.literal().is_some() { Value::nothing() } else { Value::Number(number) });
        }
        let fields = |parts: Vec<Value>| Some(Value::Fields(parts.into()));
        match (constant, ty) {
            (_, Ty::Lit(_) | Ty::None) => Some(Value::nothing()),
            (Const::Complex(re, im), _) => fields(vec![float(*re), float(*im)]),
            (Const::Scalar(d, Bits(re, im)), _) if d.kind() == Kind::Complex => {
                let part = |bits| Number::decode(&Const::Scalar(d.real(), Bits(bits, 0))).map(Value::Number);
                fields(vec![part(*re)?, part(*im)?])
            }
            (Const::Tuple(items), Ty::Tuple(types)) | (Const::NamedTuple(_, items), Ty::NamedTuple(_, types)) => {
                let parts: Option<Vec<Value>> =
                    items.iter().zip(types.iter()).map(|(c, t)| Value::constant(c, t)).collect();
                fields(parts?)
            }
            _ => None,
        }
    }

    /// A field of an aggregate.
    pub fn field(&self, index: usize) -> Option<&Value> {
        match self {
            Value::Fields(fields) => fields.get(index),
            _ => None,
        }
    }

    /// The integer, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Number(Number::Int(i, _)) => i64::try_from(*i).ok(),
            Value::Number(Number::Bool(b)) => Some(i64::from(*b)),
            _ => None,
        }
    }

    /// The address, if it is one.
    pub fn as_pointer(&self) -> Option<Pointer> {
        match self {
            Value::Pointer(p) => Some(*p),
            _ => None,
        }
    }
}

fn float(bits: u64) -> Value {
    Value::Number(Number::F64(f64::from_bits(bits)))
}
