//! Arguments that are strings: code for any string if there can be such; if the code must know one (`order="F"`), the strings
//! at hand are constants of it.

use crate::arguments::slot::Slot;
use coachwhip_ir::{Const, Ty};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// So many values get code of their own where the results of the general code are not of one type.
pub const OWN_CODE: usize = 4;

/// Whether an object is a string.
pub fn is_string(object: &Bound<'_, PyAny>) -> bool {
    object.is_exact_instance_of::<PyString>() || object.is_exact_instance_of::<PyBytes>()
}

/// Whether an argument is a string, or holds one.
pub fn any(types: &[Ty]) -> bool {
    types.iter().any(holds)
}

fn holds(ty: &Ty) -> bool {
    match ty {
        Ty::Lit(Const::Str(_) | Const::Bytes(_)) => true,
        _ => ty.items().is_some_and(|items| items.iter().any(holds)),
    }
}

/// The type for any string in the place of this one.
pub fn general(ty: &Ty) -> Ty {
    match ty {
        Ty::Lit(Const::Str(_)) => Ty::str(),
        Ty::Lit(Const::Bytes(_)) => Ty::bytes(),
        other => other.map_items(general),
    }
}

/// The slot for a general type, given the slot for the argument that came.
pub fn general_slot(ty: &Ty, slot: Slot) -> Slot {
    match (ty, slot) {
        (Ty::Lit(Const::Str(_)), _) => Slot::Str,
        (Ty::Lit(Const::Bytes(_)), _) => Slot::Bytes,
        (Ty::Tuple(types), Slot::Tuple(slots)) => Slot::Tuple(general_slots(types, slots)),
        (Ty::NamedTuple(_, types), Slot::NamedTuple(class, slots)) => {
            Slot::NamedTuple(class, general_slots(types, slots))
        }
        (_, slot) => slot,
    }
}

fn general_slots(types: &[Ty], slots: Box<[Slot]>) -> Box<[Slot]> {
    types.iter().zip(slots).map(|(ty, slot)| general_slot(ty, slot)).collect()
}

/// Whether a result of one type is the same Python object as one of the general code's type.
pub fn covers(general: &Ty, own: &Ty) -> bool {
    match (general, own) {
        (a, b) if a == b => true,
        // The code for that string always fails.
        (_, Ty::Never) => true,
        (Ty::Tuple(a), Ty::Tuple(b)) => all_covered(a, b),
        (Ty::NamedTuple(p, a), Ty::NamedTuple(q, b)) => p == q && all_covered(a, b),
        (Ty::Tuple(_), Ty::Lit(Const::Tuple(items))) => {
            covers(general, &Ty::Tuple(items.iter().map(|item| Ty::Lit(item.clone())).collect()))
        }
        (a, Ty::Lit(Const::Str(_)) | Ty::Char) => a.is_str(),
        (a, Ty::Lit(Const::Bytes(_))) => a.is_bytes(),
        (Ty::Optional(_), Ty::Lit(Const::None) | Ty::None) => true,
        (Ty::Optional(a), Ty::Optional(b)) => covers(a, b),
        (Ty::Optional(a), b) => covers(a, b),
        (Ty::Array(a), Ty::Array(b)) => (a.dtype, a.ndim, a.readonly) == (b.dtype, b.ndim, b.readonly),
        (a, Ty::Lit(_)) => *a == own.widened(),
        _ => false,
    }
}

fn all_covered(general: &[Ty], own: &[Ty]) -> bool {
    general.len() == own.len() && general.iter().zip(own).all(|(a, b)| covers(a, b))
}
