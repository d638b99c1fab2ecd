//! The functions that leave NaN out.

use super::super::create::copied;
use super::super::literals::Order;
use super::extremes::reduced as extreme;
use super::fold::{Fold, fold};
use super::moments::{counted, divided, freedom, rooted_into, roots};
use super::parts::{Bound, element};
use super::sums::total;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{ArrayTy, Bits, Code, Const, Dtype, Kind, Layout};

/// `np.nansum`.
pub fn nansum(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let args = &replaced(e, args)?;
    total(e, args, ["coachwhip.lib.nansum_row", "coachwhip.lib.nansum_cell"], 0)
}

/// `np.nanprod`.
pub fn nanprod(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    // Only products of halves show where a row ends.
    let halves = args.first().and_then(|v| v.ty.array()).is_some_and(|ty| ty.dtype == Dtype::Float16);
    let replaced = if halves { Some(replaced(e, args)?) } else { None };
    let args = replaced.as_ref().unwrap_or(args);
    total(e, args, ["coachwhip.lib.nanprod_row", "coachwhip.lib.nanprod_cell"], 1)
}

/// `np.nanmin`.
pub fn nanmin(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    extreme(e, args, ["coachwhip.lib.fmin_row", "coachwhip.lib.fmin_cell"], "fmin", &|e, d| start(e, d, true))
}

/// `np.nanmax`.
pub fn nanmax(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    extreme(e, args, ["coachwhip.lib.fmax_row", "coachwhip.lib.fmax_cell"], "fmax", &|e, d| start(e, d, false))
}

/// The arguments with the array as [`dense`] gives it, if its elements may be NaN.
fn replaced(e: &mut Emit, args: &Args) -> Result<Args, Fault> {
    let mut args = args.clone();
    if let Some(first) = args.first()
        && let Some((a, ty)) = super::super::geometry::array(e, first)
        && ty.dtype.kind() >= Kind::Float
    {
        args.set_first(dense(e, &a, ty)?.0);
    }
    Ok(args)
}

/// NaN, which every number replaces; of dtypes without it, what every number replaces.
fn start(e: &mut Emit, d: Dtype, greatest: bool) -> Val {
    if d.kind() < Kind::Float {
        return super::extremes::limit(e, d, greatest);
    }
    let constant = e.lit(Const::Scalar(d, Bits(f64::NAN.to_bits(), 0)));
    e.machine(&constant)
}

/// `np.nanmean`.
pub fn nanmean(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let names = &["a", "axis", "dtype", "out", "keepdims", "where"];
    if whole(e, args, names)? {
        return super::moments::mean(e, args);
    }
    let bound = Bound::new(args, names)?;
    bound.reduce(e, true, &|e, a, ty, reduced| {
        let (a, ty) = &dense(e, a, ty)?;
        let (a, ty) = (a, *ty);
        inexact(e, &bound)?;
        let d = bound.dtype()?.unwrap_or(ty.dtype);
        let n = numbers(e, &bound, a, ty, reduced)?;
        let sums = folded(e, &bound, a, ty, reduced, d, None)?;
        divided(e, sums, &n)
    })
}

const VAR: &[&str] = &["a", "axis", "dtype", "out", "ddof", "keepdims", "where", "mean", "correction"];

/// `np.nanvar`.
pub fn nanvar(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    if whole(e, args, VAR)? {
        return super::moments::var(e, args);
    }
    let bound = Bound::new(args, VAR)?;
    bound.reduce(e, true, &|e, a, ty, reduced| variance(e, &bound, a, ty, reduced))
}

/// `np.nanstd`.
pub fn nanstd(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    if whole(e, args, VAR)? {
        return super::moments::std(e, args);
    }
    let bound = Bound::new(args, VAR)?;
    bound.reduce(e, true, &|e, a, ty, reduced| {
        let v = variance(e, &bound, a, ty, reduced)?;
        rooted_into(e, &bound)?;
        roots(e, v)
    })
}

/// Whether the elements cannot be NaN.
fn whole(e: &mut Emit, args: &Args, names: &[&str]) -> Result<bool, Fault> {
    let (_, ty) = Bound::new(args, names)?.array(e)?;
    Ok(ty.dtype.kind() < Kind::Float)
}

/// Refuses what cannot hold a mean of inexact numbers, in NumPy's words.
fn inexact(e: &mut Emit, bound: &Bound) -> Result<(), Fault> {
    let out = bound.out(e)?.map(|(_, ty)| ty.dtype);
    for (what, d) in [("dtype", bound.dtype()?), ("out", out)] {
        if d.is_some_and(|d| d.kind() < Kind::Float) {
            let message = format!("If a is inexact, then {what} must be inexact");
            return fault(Code::ArgumentTypes, message);
        }
    }
    Ok(())
}

/// The variances in the dtype asked for: those of a complex one have no imaginary parts.
fn variance(e: &mut Emit, bound: &Bound, a: &Val, ty: ArrayTy, reduced: &[bool]) -> Result<Val, Fault> {
    let result = real_variance(e, bound, a, ty, reduced)?;
    match bound.dtype()?.filter(|d| d.kind() == Kind::Complex) {
        Some(d) => super::moments::converted(e, &result, d),
        None => Ok(result),
    }
}

fn real_variance(e: &mut Emit, bound: &Bound, a: &Val, ty: ArrayTy, reduced: &[bool]) -> Result<Val, Fault> {
    bound.refuse("mean")?;
    inexact(e, bound)?;
    let (a, ty) = &dense(e, a, ty)?;
    let (a, ty) = (a, *ty);
    let d = bound.dtype()?.unwrap_or(ty.dtype);
    let n = numbers(e, bound, a, ty, reduced)?;
    let sums = folded(e, bound, a, ty, reduced, d, None)?;
    let means = divided(e, sums, &n)?;
    let squares = folded(e, bound, a, ty, reduced, d.real(), Some(&means))?;
    // As many degrees of freedom as numbers less ddof; none or fewer give NaN.
    let free = freedom(e, bound, n)?;
    let result = divided(e, squares, &free)?;
    let Some(result_ty) = result.ty.array() else {
        return super::super::library(e, "coachwhip.lib.nan_without", &[result, free]);
    };
    let flat = |e: &mut Emit, v: &Val| match v.ty.array() {
        Some(ty) if ty.layout != coachwhip_ir::Layout::A => super::super::geometry::flattened(e, v, ty).0,
        _ => v.clone(),
    };
    debug_assert!(result_ty.ndim > 0);
    let (target, free) = (flat(e, &result), flat(e, &free));
    super::super::library(e, "coachwhip.lib.nans_without", &[target, free])?;
    Ok(result)
}

/// The array, or a copy in its memory order, which NumPy makes to replace NaN: it adds in the order of that.
pub fn dense(e: &mut Emit, a: &Val, ty: ArrayTy) -> Result<(Val, ArrayTy), Fault> {
    if ty.layout != Layout::A || ty.ndim < 2 {
        return Ok((a.clone(), ty));
    }
    let copy = copied(e, a, ty, ty.dtype, Order::K)?;
    let copy_ty = copy.ty.array().unwrap_or(ty);
    Ok((copy, copy_ty))
}

/// How many numbers each result is made of: a float or an array of floats.
fn numbers(e: &mut Emit, bound: &Bound, a: &Val, ty: ArrayTy, reduced: &[bool]) -> Result<Val, Fault> {
    if ty.dtype.kind() < Kind::Float {
        return counted(e, a, ty, reduced, None);
    }
    let sizes = super::super::geometry::shape(e, a, ty);
    let mask = bound.mask(e, &sizes)?;
    let initial = element(e, 0, Dtype::Float64);
    let (row, cell) = ("coachwhip.lib.numbers_row", "coachwhip.lib.numbers_cell");
    let f = Fold { row, cell, dtype: Dtype::Float64, initial, values: None, mask: mask.as_ref() };
    let counts = fold(e, a, ty, reduced, &f)?;
    Ok(if counts.ty.array().is_some() {
        counts
    } else {
        e.op(coachwhip_ir::Op::Convert, &[&counts], coachwhip_ir::Ty::Float)
    })
}

/// Sums of the numbers, or of their squared distances from the means.
fn folded(
    e: &mut Emit,
    bound: &Bound,
    a: &Val,
    ty: ArrayTy,
    reduced: &[bool],
    d: Dtype,
    means: Option<&Val>,
) -> Result<Val, Fault> {
    let sizes = super::super::geometry::shape(e, a, ty);
    let mask = bound.mask(e, &sizes)?;
    let initial = element(e, 0, d);
    let (row, cell) = match means {
        None => ("coachwhip.lib.nansum_row", "coachwhip.lib.nansum_cell"),
        Some(_) => ("coachwhip.lib.nansquare_row", "coachwhip.lib.nansquare_cell"),
    };
    fold(e, a, ty, reduced, &Fold { row, cell, dtype: d, initial, values: means, mask: mask.as_ref() })
}
