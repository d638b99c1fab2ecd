//! How a type of the IR lies in registers: its machine values and their LLVM types.

use crate::llvm::{Context, Type};
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
        Class::Float(16) => context.f16(),
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
    if ty.is_one_word() {
        return visit(ty);
    }
    ty.each_field(&mut |field, times| (0..times).for_each(|_| each_machine(field, visit)));
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

/// Positions of array dimensions, which are never negative, among a type's machine values.
pub fn dimension_positions(ty: &Ty, base: usize, out: &mut Vec<usize>) {
    match ty {
        Ty::Array(a) => out.extend((0..usize::from(a.ndim)).map(|d| base + 2 + d)),
        // What is absent from an optional or a union may hold anything.
        Ty::Optional(_) | Ty::Union(_) => {}
        _ => {
            let mut at = base;
            ty.each_field(&mut |field, times| {
                for _ in 0..times {
                    dimension_positions(field, at, out);
                    at += width(field);
                }
            });
        }
    }
}
