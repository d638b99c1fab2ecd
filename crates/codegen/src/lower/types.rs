//! How a type of the IR lies in registers: its machine values and their LLVM types.

use crate::llvm::{Context, Type};
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{Dtype, Kind, Ty};

/// What kind of register a machine value lives in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// An integer of so many bits; a `bool` has one.
    Int {
        /// Width.
        bits: u32,
        /// Whether it is extended by its sign.
        signed: bool,
    },
    /// A float of so many bits.
    Float(u32),
    /// An address.
    Pointer,
}

/// The class of a type that is one machine value.
pub fn class(ty: &Ty) -> Class {
    match ty {
        Ty::Int => Class::Int { bits: 64, signed: true },
        Ty::Bool | Ty::Scalar(Dtype::Bool) => Class::Int { bits: 1, signed: false },
        Ty::Float => Class::Float(64),
        Ty::Scalar(dtype) => dtype_class(*dtype),
        _ => Class::Pointer,
    }
}

/// The class of an element; of a complex one, of its parts.
pub fn dtype_class(dtype: Dtype) -> Class {
    let bits = dtype.real().size() * 8;
    match dtype.kind() {
        Kind::Bool => Class::Int { bits: 1, signed: false },
        Kind::Signed => Class::Int { bits, signed: true },
        Kind::Unsigned => Class::Int { bits, signed: false },
        Kind::Float | Kind::Complex => Class::Float(bits),
    }
}

/// The LLVM type of a class.
pub fn class_type(context: &Context, class: Class) -> Type<'_> {
    match class {
        Class::Int { bits, .. } => context.int(bits),
        Class::Float(32) => context.f32(),
        Class::Float(_) => context.f64(),
        Class::Pointer => context.ptr(),
    }
}

/// The LLVM type of a type that is one machine value.
pub fn machine_type<'c>(context: &'c Context, ty: &Ty) -> Type<'c> {
    class_type(context, class(ty))
}

/// Calls `visit` with each machine value of a type in order; what [`Ty::machine`] lists, without the list.
pub fn each_machine(ty: &Ty, visit: &mut dyn FnMut(&Ty)) {
    match ty {
        Ty::Array(a) => {
            for _ in 0..2 {
                visit(&Ty::Ptr(None));
            }
            for _ in 0..2 * usize::from(a.ndim) {
                visit(&Ty::Int);
            }
        }
        Ty::Tuple(items)
        | Ty::ListDisplay(items)
        | Ty::Text(items)
        | Ty::Closure(_, items)
        | Ty::Exception(_, items) => {
            items.iter().for_each(|item| each_machine(item, visit));
        }
        _ => match ty.fields() {
            None => visit(ty),
            Some(fields) => fields.iter().for_each(|field| each_machine(field, visit)),
        },
    }
}

/// Number of machine values of a type.
pub fn width(ty: &Ty) -> usize {
    match ty {
        Ty::Int | Ty::Float | Ty::Bool | Ty::Ptr(_) | Ty::Cell(_) => 1,
        Ty::Array(a) => 2 + 2 * usize::from(a.ndim),
        _ => {
            let mut count = 0;
            each_machine(ty, &mut |_| count += 1);
            count
        }
    }
}

/// Appends the LLVM types of a type's machine values.
pub fn push_machine<'c>(context: &'c Context, ty: &Ty, out: &mut Vec<Type<'c>>) {
    each_machine(ty, &mut |part| out.push(machine_type(context, part)));
}

/// The parts of an aggregate as `(position, type)` within its machine values.
fn parts(ty: &Ty) -> Vec<(usize, Ty)> {
    let mut position = 0;
    let fields = match ty {
        Ty::Iter(iter) if matches!(**iter, IterTy::Range | IterTy::RangeStep) => Vec::new(),
        _ => ty.fields().unwrap_or_default(),
    };
    fields
        .into_iter()
        .map(|field| {
            let at = position;
            position += width(&field);
            (at, field)
        })
        .collect()
}

/// Positions of the owner words among a type's machine values.
pub fn owner_positions(ty: &Ty, base: usize, out: &mut Vec<usize>) {
    match ty {
        Ty::Array(_) => out.push(base + 1),
        _ => parts(ty).iter().for_each(|(at, part)| owner_positions(part, base + at, out)),
    }
}

/// Positions of array dimensions, which are never negative, among a type's machine values.
pub fn dimension_positions(ty: &Ty, base: usize, out: &mut Vec<usize>) {
    match ty {
        Ty::Array(a) => out.extend((0..usize::from(a.ndim)).map(|d| base + 2 + d)),
        // The payload of an absent optional may hold anything.
        Ty::Optional(_) => {}
        _ => parts(ty).iter().for_each(|(at, part)| dimension_positions(part, base + at, out)),
    }
}
