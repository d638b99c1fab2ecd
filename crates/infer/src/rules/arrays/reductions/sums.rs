//! `sum`, `prod`, `any`, `all`, `count_nonzero`.

use super::fold::{Fold, fold};
use super::parts::{Bound, element, long};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val};
use coachwhip_ir::{ArrayTy, Dtype};

const SUM: &[&str] = &["a", "axis", "dtype", "out", "keepdims", "initial", "where"];

/// `np.sum`.
pub fn sum(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    total(e, args, ["coachwhip.lib.sum_row", "coachwhip.lib.sum_cell"], 0)
}

/// `np.prod`.
pub fn prod(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    total(e, args, ["coachwhip.lib.prod_row", "coachwhip.lib.prod_cell"], 1)
}

/// A sum or product from its arguments.
pub fn total(e: &mut Emit, args: &Args, loops: [&'static str; 2], start: i64) -> Result<Val, Fault> {
    let bound = Bound::new(args, SUM)?;
    bound.reduce(e, true, &|e, a, ty, reduced| {
        let d = accumulator(e, &bound, ty)?;
        let initial = match bound.initial(e, d)? {
            Some(v) => v,
            None => element(e, start, d),
        };
        let sizes = super::super::geometry::shape(e, a, ty);
        let mask = bound.mask(e, &sizes)?;
        let [row, cell] = loops;
        fold(e, a, ty, reduced, &Fold { row, cell, dtype: d, initial, values: None, mask: mask.as_ref() })
    })
}

/// The dtype in which a sum or product is computed.
pub fn accumulator(e: &mut Emit, bound: &Bound, ty: ArrayTy) -> Result<Dtype, Fault> {
    if let Some(d) = bound.dtype()? {
        return Ok(d);
    }
    Ok(match bound.out(e)? {
        Some((_, out)) => out.dtype.promote(ty.dtype),
        None => long(ty.dtype),
    })
}

const TEST: &[&str] = &["a", "axis", "out", "keepdims", "where"];

/// `np.any`.
pub fn any(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let bound = Bound::new(args, TEST)?;
    tested(e, &bound, ["coachwhip.lib.any_row", "coachwhip.lib.any_cell"], Dtype::Bool, 0)
}

/// `np.all`.
pub fn all(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let bound = Bound::new(args, TEST)?;
    tested(e, &bound, ["coachwhip.lib.all_row", "coachwhip.lib.all_cell"], Dtype::Bool, 1)
}

/// `np.count_nonzero`.
pub fn count_nonzero(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let bound = Bound::new(args, &["a", "axis", "keepdims"])?;
    tested(e, &bound, ["coachwhip.lib.count_row", "coachwhip.lib.count_cell"], Dtype::Int64, 0)
}

fn tested(e: &mut Emit, bound: &Bound, loops: [&'static str; 2], dtype: Dtype, start: i64) -> Result<Val, Fault> {
    bound.reduce(e, true, &|e, a, ty, reduced| {
        let initial = element(e, start, dtype);
        let sizes = super::super::geometry::shape(e, a, ty);
        let mask = bound.mask(e, &sizes)?;
        let [row, cell] = loops;
        fold(e, a, ty, reduced, &Fold { row, cell, dtype, initial, values: None, mask: mask.as_ref() })
    })
}
