//! `slice` objects as values: their parts as they were given, `indices`, comparison.  What they select from an array is
//! the business of `arrays`, from a tuple of `tuples`.

use super::index::as_int;
use super::{Answer, Family, operators};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::is_none;
use coachwhip_ir::{CmpOp, Code, Const, Ty};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family { compare, truth, getattr, has_method, method, ..Family::NONE };

const PARTS: [&str; 3] = ["start", "stop", "step"];

/// Whether a value can be a part of a slice that something is indexed with.
pub fn can_be_part(ty: &Ty) -> bool {
    let ty = ty.widened();
    is_none(&ty)
        || matches!(ty, Ty::Int | Ty::Bool | Ty::Lit(Const::BigInt(_)))
        || matches!(ty, Ty::Scalar(d) if d.is_int())
}

/// A slice of these parts, whose types it keeps.
pub fn pack(e: &mut Emit, parts: [&Val; 3]) -> Val {
    let ty = Ty::Slice(Arc::new(parts.map(|part| part.ty.clone())));
    e.pack(ty, &parts)
}

/// A slice that is known when compiling.
pub fn constant(e: &mut Emit, parts: &[Const; 3]) -> Val {
    let [start, stop, step] = parts.each_ref().map(|part| e.lit(part.clone()));
    pack(e, [&start, &stop, &step])
}

fn getattr(e: &mut Emit, v: &Val, name: &str) -> Answer {
    let position = PARTS.iter().position(|part| *part == name);
    match (&v.ty, position) {
        (Ty::Slice(_), Some(position)) => Ok(Some(e.field(v, position))),
        _ => Ok(None),
    }
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    Ok(matches!(v.ty, Ty::Slice(_)).then(|| e.bool(true)))
}

/// Slices compare as the tuples of their parts.
fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    if !matches!((&a.ty, &b.ty), (Ty::Slice(_), Ty::Slice(_))) {
        return Ok(None);
    }
    let mut tuple = |v: &Val| {
        let parts: Vec<Val> = (0..3).map(|i| e.field(v, i)).collect();
        super::tuples::display(e, &parts)
    };
    let (a, b) = (tuple(a), tuple(b));
    operators::compare(e, op, &a, &b).map(Some)
}

fn has_method(ty: &Ty, name: &str) -> bool {
    matches!(ty, Ty::Slice(_)) && name == "indices"
}

fn method(e: &mut Emit, v: &Val, name: &str, args: &Args) -> Answer {
    if !has_method(&v.ty, name) {
        return Ok(None);
    }
    let [_, length] = args.all(["self", "length"])?;
    indices(e, v, &length).map(Some)
}

/// `s.indices(length)`, computed by the library's function of ints; an absent step is 1, other absent parts have a form of their own.
pub fn indices(e: &mut Emit, v: &Val, length: &Val) -> Result<Val, Fault> {
    let Some(length) = as_int(e, length) else {
        return fault(Code::ArgumentTypes, "slice.indices() takes an int");
    };
    let mut parts = Vec::with_capacity(4);
    for position in 0..3 {
        let part = e.field(v, position);
        let int = super::arrays::slice_bound(e, &part).or_else(|| as_int(e, &part));
        parts.push(match int {
            Some(int) => int,
            None if is_none(&part.ty) && position == 2 => e.int(1),
            None => part,
        });
    }
    parts.push(length);
    e.library("coachwhip.lib.slice_indices", parts)
}
