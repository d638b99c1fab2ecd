//! What memory a type's values keep and reach: the one visitor over the structure of types.
//!
//! Everybody who decides who owns memory or what a value holds asks here: verifier, interpreter, ownership,
//! array facts, code generation, boxing.  A type that holds memory is a row of [`visit`].
//!
//! An *owner word* is a machine value that keeps a counted block (`abi::layout::Owner`): the second of an array, and a
//! reference itself.  Cells are visited without their content, which the function that made the cell keeps.

use crate::ty::{ArrayTy, Dtype, RefTy, Ty};

/// A machine part of a type that has to do with memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part<'t> {
    /// An array; its owner word is the second of its machine values.
    Array(ArrayTy),
    /// A reference; it is its own owner word.
    Ref(&'t RefTy),
    /// A raw pointer.
    Pointer,
    /// The address of a cell with this content.
    Cell(&'t Ty),
}

/// Calls `see` with each part of a type that has to do with memory, and its position among the type's machine values;
/// returns the number of these.
pub fn visit<'t>(ty: &'t Ty, at: usize, see: &mut dyn FnMut(Part<'t>, usize)) -> usize {
    match ty {
        Ty::Int
        | Ty::Float
        | Ty::Bool
        | Ty::Scalar(_)
        | Ty::Complex
        | Ty::Char
        | Ty::Lit(_)
        | Ty::None
        | Ty::Never
        | Ty::Any => {
            return ty.machine().len();
        }
        Ty::Array(array) => {
            see(Part::Array(*array), at);
            return 2 + 2 * usize::from(array.ndim);
        }
        Ty::Ref(to) => see(Part::Ref(to), at),
        Ty::Ptr(_) => see(Part::Pointer, at),
        Ty::Cell(content) => see(Part::Cell(content), at),
        _ => {
            let mut count = 0;
            ty.each_field(&mut |field, times| {
                for _ in 0..times {
                    count += visit(field, at + count, see);
                }
            });
            return count;
        }
    }
    1
}

fn any(ty: &Ty, holds: impl Fn(Part<'_>) -> bool) -> bool {
    let mut found = false;
    visit(ty, 0, &mut |part, _| found |= holds(part));
    found
}

/// Positions of the owner words among a type's machine values.
pub fn owner_positions(ty: &Ty) -> Vec<usize> {
    let mut found = Vec::new();
    visit(ty, 0, &mut |part, at| match part {
        Part::Array(_) => found.push(at + 1),
        Part::Ref(_) => found.push(at),
        Part::Pointer | Part::Cell(_) => {}
    });
    found
}

/// Bytes that an item of a list takes: whole words, but a NumPy byte takes one.
pub fn item_bytes(item: &Ty) -> usize {
    if *item == Ty::Scalar(Dtype::Uint8) { 1 } else { 8 * item.machine().len() }
}

/// Whether values of this type have an owner word.
pub fn owns(ty: &Ty) -> bool {
    any(ty, |part| matches!(part, Part::Array(_) | Part::Ref(_)))
}

/// Whether values of this type may point into counted memory.
pub fn borrows(ty: &Ty) -> bool {
    any(ty, |part| !matches!(part, Part::Cell(_)))
}

/// Whether values of this type, or the content of a cell in them, have an owner word.
pub fn owns_by_cells(ty: &Ty) -> bool {
    any(ty, |part| match part {
        Part::Cell(content) => owns_by_cells(content),
        part => part != Part::Pointer,
    })
}

/// Whether memory may be reached through values of this type.
pub fn reaches(ty: &Ty) -> bool {
    any(ty, |_| true)
}

/// Whether what values of this type reach can be found without following cells, raw pointers or references.
pub fn reaches_plainly(ty: &Ty) -> bool {
    !any(ty, |part| matches!(part, Part::Cell(_) | Part::Ref(_)))
}

/// Whether elements of arrays may be reached through values of this type, at any depth.
pub fn reaches_elements(ty: &Ty) -> bool {
    any(ty, |part| match part {
        Part::Ref(to) => matches!(to, RefTy::Instance(_)) || to.parts().iter().any(reaches_elements),
        _ => true,
    })
}
