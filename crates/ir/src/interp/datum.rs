//! Values outside the interpreter: arguments and results, as plain data.

use super::memory::{Heap, element_size};
use super::text::{Part, parts};
use super::value::{Pointer, Value};
use crate::constant::{Bits, Const};
use crate::eval::{Machine, Number};
use crate::ty::{ArrayTy, Dtype, Kind, RefTy, Ty};
use std::sync::Arc;

/// An array: a buffer and a way to walk it.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrayDatum {
    /// Element type.
    pub dtype: Dtype,
    /// Sizes.
    pub shape: Vec<i64>,
    /// Steps in bytes.
    pub strides: Vec<i64>,
    /// First element, in bytes from the start of the buffer.
    pub offset: i64,
    /// The buffer.
    pub bytes: Vec<u8>,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// A number, `None`, a text or anything else that a constant can be.
    Const(Const),
    /// A tuple.
    Tuple(Vec<Datum>),
    /// An array.
    Array(ArrayDatum),
    /// A list that may change.
    List(Vec<Datum>),
    /// A text put together.
    Text(Vec<Part>),
    /// A value of a type that has no other form outside.
    Opaque(Ty),
}

/// The value of a datum as an argument of this type.
pub fn import(heap: &mut Heap, datum: &Datum, ty: &Ty) -> Option<Value> {
    match (datum, ty) {
        (Datum::Array(array), Ty::Array(want)) => import_array(heap, array, *want),
        (Datum::Const(c), Ty::Ref(_)) => super::strings::fixed(heap, c),
        (Datum::List(items), Ty::Ref(_)) => {
            let item = ty.list_item()?;
            let list = heap.list(item, items.len() as i64, true);
            for (index, datum) in items.iter().enumerate() {
                let value = import(heap, datum, item)?;
                let at = heap.list_header(list).ok()?.items;
                *heap.items(at).ok()?.get_mut(index)? = Some(value);
            }
            heap.list_header(list).ok()?.length = items.len() as i64;
            Some(Value::Pointer(list))
        }
        (Datum::Tuple(items), Ty::Tuple(types) | Ty::NamedTuple(_, types)) if items.len() == types.len() => {
            let fields: Option<Vec<Value>> = items.iter().zip(types.iter()).map(|(d, t)| import(heap, d, t)).collect();
            Some(Value::Fields(fields?.into()))
        }
        (Datum::Const(Const::None), Ty::Optional(inner)) => {
            Some(Value::Fields(Arc::from([Value::bool(false), Value::undefined(inner)])))
        }
        (_, Ty::Optional(inner)) => Some(Value::Fields(Arc::from([Value::bool(true), import(heap, datum, inner)?]))),
        (Datum::Const(c), Ty::Char) => {
            let unit = super::strings::units(c)?.first().copied()?;
            Some(Value::Fields(Arc::from([Value::int(i64::from(unit))])))
        }
        (Datum::Const(c), _) => Value::constant(c, ty),
        _ => None,
    }
}

fn import_array(heap: &mut Heap, array: &ArrayDatum, want: ArrayTy) -> Option<Value> {
    if array.dtype != want.dtype || array.shape.len() != want.ndim as usize {
        return None;
    }
    let start = heap.foreign(array.bytes.clone());
    let data = Pointer { offset: array.offset, ..start };
    Some(array_value(data, start, &array.shape, &array.strides))
}

/// An array value from its parts.
pub fn array_value(data: Pointer, owner: Pointer, shape: &[i64], strides: &[i64]) -> Value {
    let head = [Value::Pointer(data), Value::Pointer(owner)];
    Value::Fields(head.into_iter().chain(shape.iter().chain(strides).map(|&n| Value::int(n))).collect())
}

/// The datum of a value of this type; arrays come out contiguous, in C order.
pub fn export(heap: &Heap, value: &Value, ty: &Ty) -> Result<Datum, String> {
    Ok(match (ty, value) {
        (Ty::Lit(c), _) => Datum::Const(c.clone()),
        (Ty::None, _) => Datum::Const(Const::None),
        (Ty::Complex, _) => match (value.field(0), value.field(1)) {
            (Some(Value::Number(Number::F64(re))), Some(Value::Number(Number::F64(im)))) => {
                Datum::Const(Const::Complex(re.to_bits(), im.to_bits()))
            }
            _ => return Err("an undefined complex number is looked at".into()),
        },
        (Ty::Scalar(d), _) if d.kind() == Kind::Complex => {
            let part = |index| match value.field(index) {
                Some(Value::Number(n)) => match n.encode(&Ty::Scalar(d.real())) {
                    Some(Const::Scalar(_, Bits(bits, _))) => Ok(bits),
                    _ => Err("a complex number has parts of another width"),
                },
                _ => Err("an undefined complex number is looked at"),
            };
            Datum::Const(Const::Scalar(*d, Bits(part(0)?, part(1)?)))
        }
        (Ty::Ref(to), Value::Pointer(at)) if matches!(**to, RefTy::Str | RefTy::Bytes) => {
            match super::strings::constant(heap.text_content(*at)?, to) {
                Some(constant) => Datum::Const(constant),
                None => Datum::Opaque(ty.clone()),
            }
        }
        (Ty::Char, value) => {
            let unit = value.field(0).and_then(Value::as_int).ok_or("an undefined character is looked at")?;
            match super::strings::constant(&[unit as u32], &RefTy::Str) {
                Some(constant) => Datum::Const(constant),
                None => Datum::Opaque(ty.clone()),
            }
        }
        (ty, Value::Pointer(_)) if ty.is_bytearray() => Datum::Opaque(ty.clone()),
        (Ty::Ref(_), Value::Pointer(list)) => {
            let item = ty.list_item().ok_or("no list")?;
            let (items, length) = heap.list_content(*list)?;
            let items = items.iter().take(length).map(|value| match value {
                Some(value) => export(heap, value, item),
                None => Err("an item of a list is not there".into()),
            });
            Datum::List(items.collect::<Result<_, _>>()?)
        }
        (Ty::Array(array), _) => Datum::Array(export_array(heap, value, *array)?),
        (Ty::Tuple(types), Value::Fields(fields)) => {
            Datum::Tuple(fields.iter().zip(types.iter()).map(|(v, t)| export(heap, v, t)).collect::<Result<_, _>>()?)
        }
        (Ty::Optional(inner), _) => match (value.field(0), value.field(1)) {
            (Some(Value::Number(Number::Bool(true))), Some(payload)) => export(heap, payload, inner)?,
            (Some(Value::Number(Number::Bool(false))), _) => Datum::Const(Const::None),
            _ => return Err("an undefined optional is looked at".into()),
        },
        (Ty::Union(members), _) => {
            let number = value.field(0).and_then(Value::as_int).ok_or("an undefined union is looked at")?;
            let at =
                usize::try_from(number).ok().filter(|at| *at < members.len()).ok_or("a union has no such member")?;
            match (members.get(at), value.field(at + 1)) {
                (Some(ty), Some(payload)) => export(heap, payload, ty)?,
                _ => return Err("a member of a union is not there".into()),
            }
        }
        (Ty::Text(pieces), Value::Fields(fields)) => Datum::Text(parts(heap, fields, pieces)?),
        (_, Value::Number(number)) if Machine::of(ty).is_some() => {
            Datum::Const(number.encode(ty).ok_or_else(|| format!("a number is not of its type {ty}"))?)
        }
        (_, Value::Undefined) => return Err(format!("an undefined {ty} is looked at")),
        _ => Datum::Opaque(ty.clone()),
    })
}

/// The shape or strides among an array's fields.
pub fn sizes(value: &Value, first: usize, count: usize) -> Result<Vec<i64>, String> {
    let size = |i| value.field(i).and_then(Value::as_int).ok_or("an array has an undefined shape".to_string());
    (first..first + count).map(size).collect()
}

fn export_array(heap: &Heap, value: &Value, array: ArrayTy) -> Result<ArrayDatum, String> {
    let ndim = array.ndim as usize;
    let (shape, strides) = (sizes(value, 2, ndim)?, sizes(value, 2 + ndim, ndim)?);
    let data = value.field(0).and_then(Value::as_pointer).ok_or("an array has no data")?;
    let size = element_size(&Ty::Scalar(array.dtype)).unwrap_or(1);
    let count: i64 = shape.iter().product();
    let mut bytes = Vec::new();
    let mut index = vec![0i64; ndim];
    for _ in 0..count {
        let offset: i64 = index.iter().zip(&strides).map(|(i, s)| i * s).sum();
        let at = Pointer { offset: data.offset + offset, ..data };
        bytes.extend_from_slice(heap.bytes(at, size as usize)?);
        for (i, n) in index.iter_mut().zip(&shape).rev() {
            *i += 1;
            if *i < *n {
                break;
            }
            *i = 0;
        }
    }
    let strides = contiguous(&shape, size);
    Ok(ArrayDatum { dtype: array.dtype, shape, strides, offset: 0, bytes })
}

/// The strides of a C-contiguous array.
pub fn contiguous(shape: &[i64], size: i64) -> Vec<i64> {
    let mut strides = Vec::with_capacity(shape.len());
    let mut step = size;
    for &n in shape.iter().rev() {
        strides.push(step);
        step = step.wrapping_mul(n.max(1));
    }
    strides.reverse();
    strides
}
