//! Advanced indices: arrays of integers, masks, and bools, alone or beside slices and ints.
//!
//! [`selection`] turns an index into a view whose axes stand in the order in which the library's loops take them, the
//! index arrays, and the shape of the result; [`read`] gathers and [`write`] scatters.  Masks become arrays of
//! positions, except where one mask covers the whole array.

mod choose;
mod functions;
pub mod masks;
mod selection;
mod stores;
mod write;

use super::create::allocate;
use super::geometry::flattened;
use super::index::{Index, Item};
use super::library;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val};
use crate::rules::Rule;
use coachwhip_ir::{ArrayTy, Const, ErrorKind, Layout};
pub use functions::nonzero;
pub use selection::{Picked, Selection, selection, spread};
pub use stores::put_in_turn;
pub use write::write;

/// NumPy's functions that pick elements.
pub const FUNCTIONS: &[(&str, Rule)] = &[
    ("numpy.nonzero", functions::nonzero),
    ("numpy.flatnonzero", functions::flatnonzero),
    ("numpy.argwhere", functions::argwhere),
    ("numpy.take", functions::take),
    ("numpy.compress", functions::compress),
    ("numpy.extract", functions::extract),
    ("numpy.ix_", functions::ix),
    ("numpy.put", stores::put),
    ("numpy.place", stores::place),
    ("numpy.take_along_axis", stores::take_along_axis),
    ("numpy.put_along_axis", stores::put_along_axis),
    ("numpy.choose", choose::choose),
];

/// The methods of arrays among them.
pub const METHODS: [&str; 5] = ["nonzero", "take", "compress", "put", "choose"];

/// `a.name(args)`: the function, whose arguments have the same names.
pub fn method(e: &mut Emit, name: &str, args: &Args) -> Result<Val, Fault> {
    match name {
        "nonzero" => functions::nonzero(e, args),
        "take" => functions::take(e, args),
        "compress" => functions::compress(e, args),
        "put" => stores::put_method(e, args),
        _ => choose::method(e, args),
    }
}

/// The mask, if the index is nothing but one mask over all axes.
fn only_mask(ty: ArrayTy, index: &Index) -> Option<(&Val, ArrayTy)> {
    match index.items.as_slice() {
        [Item::Mask(mask, mask_ty)] if mask_ty.ndim == ty.ndim => Some((mask, *mask_ty)),
        _ => None,
    }
}

/// `a[index]`.
pub fn read(e: &mut Emit, a: &Val, ty: ArrayTy, index: &Index) -> Result<Val, Fault> {
    if let Some((mask, mask_ty)) = only_mask(ty, index) {
        return masks::select(e, a, ty, mask, mask_ty);
    }
    let selection = selection(e, a, ty, index)?;
    gather(e, &selection)
}

/// `a.flat[index]`, of the array with one axis; its messages tell no axis.
pub fn read_flat(e: &mut Emit, flat: &Val, ty: ArrayTy, index: &Index) -> Result<Val, Fault> {
    let selection = selection(e, flat, ty, index)?;
    gather(e, &Selection { flat: true, ..selection })
}

/// The elements that a selection names, in a fresh array.
pub fn gather(e: &mut Emit, selection: &Selection) -> Result<Val, Fault> {
    let result = allocate(e, selection.base_ty.dtype, &selection.sizes, Layout::C, false);
    gather_into(e, selection, &result)?;
    Ok(result)
}

/// As [`gather`], into an array of the result's shape that shares no memory with the others.
///
/// A single pass checks and gathers where every index is looked at once; else the indices are checked before.
pub fn gather_into(e: &mut Emit, selection: &Selection, result: &Val) -> Result<(), Fault> {
    let once = selection.lead == 0 && selection.picked.iter().any(|p| p.axis.is_some());
    let straight = if once { e.bool(false) } else { check(e, selection)? };
    let checks = e.options.boundscheck;
    let (lead, checked) = (selection.leading(e), e.bool(once && checks));
    let inside = selection.with_indices(e, |e, indices| {
        let args = [result.clone(), selection.base.clone(), indices, lead.clone(), checked.clone(), straight.clone()];
        library(e, "coachwhip.lib.gather", &args)
    })?;
    if once && checks {
        e.if_else(&inside, |e| Ok(e.none()), |e| report(e, selection))?;
    }
    Ok(())
}

/// Fails unless every index is in range; indices that are broadcast to nothing are not looked at.  Returns whether all
/// are known to count from the beginning.
pub fn check(e: &mut Emit, selection: &Selection) -> Result<Val, Fault> {
    let unknown = selection.picked.iter().any(|p| p.axis.is_some());
    if !e.options.boundscheck {
        return Ok(e.bool(!unknown));
    }
    let (mut inside, mut straight) = (e.bool(true), e.bool(true));
    for picked in selection.picked.iter().filter(|p| p.axis.is_some()) {
        let index = flat(e, picked);
        let own = library(e, "coachwhip.lib.inside", &[index, picked.size.clone()])?;
        let (good, counts) = (e.field(&own, 0), e.field(&own, 1));
        inside = super::geometry::and(e, &inside, &good);
        straight = super::geometry::and(e, &straight, &counts);
    }
    e.if_else(&inside, |e| Ok(e.none()), |e| report(e, selection))?;
    Ok(straight)
}

/// An index array with one axis, where its elements lie one after the other.
fn flat(e: &mut Emit, picked: &Picked) -> Val {
    if picked.ty.ndim > 1 && picked.ty.layout != Layout::A {
        return flattened(e, &picked.array, picked.ty).0;
    }
    picked.array.clone()
}

/// Raises `IndexError` for the first index out of range.
fn report(e: &mut Emit, selection: &Selection) -> Result<Val, Fault> {
    let several = selection.picked.len() > 1;
    let look = |e: &mut Emit| -> Result<Val, Fault> {
        for picked in &selection.picked {
            let Some(axis) = picked.axis else { continue };
            let found = library(e, "coachwhip.lib.offender", &[picked.array.clone(), picked.size.clone()])?;
            let (bad, value) = (e.field(&found, 0), e.field(&found, 1));
            let fine = e.negated(&bad);
            let axis = e.int(axis as i64);
            if selection.flat {
                e.guard(&fine, ErrorKind::FlatIndex, &[&value, &picked.size]);
            } else {
                e.guard(&fine, ErrorKind::IndexOutOfBounds, &[&value, &axis, &picked.size]);
            }
        }
        Ok(e.none())
    };
    if !several {
        return look(e);
    }
    // NumPy does not look at indices that are broadcast against nothing.
    let zero = e.int(0);
    let mut none = e.bool(false);
    for size in &selection.broad {
        let empty = super::geometry::equal(e, size, &zero);
        none = super::geometry::or(e, &none, &empty);
    }
    e.if_else(&none, |e| Ok(e.none()), look)
}

/// Whether a value is a literal `True`.
pub fn is_true(v: &Val) -> bool {
    v.literal() == Some(&Const::Bool(true))
}
