//! `mean`, `var`, `std`: sums, divided in double precision as NumPy divides them.

use super::super::create::copied;
use super::super::geometry::{flattened, shape};
use super::super::library;
use super::super::literals::{Order, without};
use super::fold::{Fold, fold};
use super::form;
use super::parts::{Bound, element};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{ArrayTy, Code, Dtype, Kind, Layout, Op, Ty, describe};

/// `np.mean`.
pub fn mean(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let bound = Bound::strict(args, &["a", "axis", "dtype", "out", "keepdims", "where"])?;
    bound.reduce(e, true, &|e, a, ty, reduced| {
        let sizes = shape(e, a, ty);
        let mask = bound.mask(e, &sizes)?;
        let n = counted(e, a, ty, reduced, mask.as_ref())?;
        if ty.dtype == Dtype::Float16 && bound.dtype()?.is_none() && bound.out(e)?.is_none() {
            return mean_of_halves(e, a, ty, reduced, mask.as_ref(), &n, bound.keepdims()?);
        }
        let d = match bound.dtype()? {
            Some(d) => d,
            None if ty.dtype == Dtype::Float16 => Dtype::Float32,
            None if ty.dtype.kind() < Kind::Float => Dtype::Float64,
            None => bound.out(e)?.map_or(ty.dtype, |(_, out)| out.dtype.promote(ty.dtype)),
        };
        let total = sum(e, a, ty, reduced, d, mask.as_ref())?;
        // With out=, the sums stand there before they are divided.
        let total = match bound.out(e)? {
            Some((_, out)) => converted(e, &total, out.dtype)?,
            None => total,
        };
        divided(e, total, &n)
    })
}

/// The mean of halves comes from a sum of singles: one number from the quotient, which is a double, an array from
/// quotients that are rounded to singles first.
pub fn mean_of_halves(
    e: &mut Emit,
    a: &Val,
    ty: ArrayTy,
    reduced: &[bool],
    mask: Option<&(Val, ArrayTy)>,
    n: &Val,
    array: bool,
) -> Result<Val, Fault> {
    let total = sum(e, a, ty, reduced, Dtype::Float32, mask)?;
    let one = total.ty.array().is_none() && !array;
    let total = if one { converted(e, &total, Dtype::Float64)? } else { total };
    let mean = divided(e, total, n)?;
    converted(e, &mean, Dtype::Float16)
}

const VAR: &[&str] = &["a", "axis", "dtype", "out", "ddof", "keepdims", "where", "mean", "correction"];

/// `np.var`.
pub fn var(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let bound = Bound::strict(args, VAR)?;
    bound.reduce(e, true, &|e, a, ty, reduced| variance(e, &bound, a, ty, reduced))
}

/// `np.std`.
pub fn std(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let bound = Bound::strict(args, VAR)?;
    bound.reduce(e, true, &|e, a, ty, reduced| {
        let v = variance(e, &bound, a, ty, reduced)?;
        rooted_into(e, &bound)?;
        roots(e, v)
    })
}

fn variance(e: &mut Emit, bound: &Bound, a: &Val, ty: ArrayTy, reduced: &[bool]) -> Result<Val, Fault> {
    without(&bound.get("mean").cloned(), "mean", &[])?;
    let given = bound.dtype()?;
    if given.is_some_and(|d| d.kind() == Kind::Complex) {
        return fault(Code::ArgumentTypes, "a variance is not complex: leave dtype out");
    }
    let natural = if ty.dtype.kind() < Kind::Float { Dtype::Float64 } else { ty.dtype };
    let d = given.unwrap_or(natural);
    let sizes = shape(e, a, ty);
    let mask = bound.mask(e, &sizes)?;
    let total = sum(e, a, ty, reduced, d, mask.as_ref())?;
    let n = counted(e, a, ty, reduced, mask.as_ref())?;
    let means = divided(e, total, &n)?;
    let squares = given.unwrap_or(ty.dtype.promote(d).real());
    let squares = match (given, bound.out(e)?) {
        (None, Some((_, out))) => out.dtype.promote(squares),
        _ => squares,
    };
    let total = if ty.layout == Layout::A && ty.ndim > 1 {
        // NumPy's sum runs over a fresh array of the squares.
        let (x, x_ty) = super::fold::squares(e, a, ty, reduced, &means, ty.dtype.promote(d).real())?;
        sum(e, &x, x_ty, reduced, squares, mask.as_ref())?
    } else {
        let initial = element(e, 0, squares);
        let (row, cell) = ("coachwhip.lib.square_row", "coachwhip.lib.square_cell");
        let f = Fold { row, cell, dtype: squares, initial, values: Some(&means), mask: mask.as_ref() };
        fold(e, a, ty, reduced, &f)?
    };
    let total = match bound.out(e)? {
        Some((_, out)) => converted(e, &total, out.dtype)?,
        None => total,
    };
    let n = freedom(e, bound, n)?;
    divided(e, total, &n)
}

/// The counts less `ddof`, not below 0.
pub fn freedom(e: &mut Emit, bound: &Bound, n: Val) -> Result<Val, Fault> {
    let ddof = match (bound.get("ddof"), bound.get("correction")) {
        (Some(_), Some(_)) => {
            return fault(Code::ArgumentCount, "ddof and correction can't be provided simultaneously.");
        }
        (Some(v), None) | (None, Some(v)) => v.clone(),
        (None, None) => return Ok(n),
    };
    if ddof.ty.dtype().is_none_or(|d| d.kind() == Kind::Complex) {
        return fault(Code::ArgumentTypes, format!("ddof is a number, not {}", describe(&ddof.ty)));
    }
    let ddof = e.op(Op::Convert, &[&ddof], Ty::Float);
    let ddof = e.machine(&ddof);
    if let Some(ty) = n.ty.array() {
        let flat = if ty.layout == Layout::A { n.clone() } else { flattened(e, &n, ty).0 };
        library(e, "coachwhip.lib.lessened", &[flat, ddof])?;
        return Ok(n);
    }
    let zero = e.float(0.0);
    let rest = e.op(Op::Sub, &[&n, &ddof], Ty::Float);
    let some = e.op(Op::Gt, &[&rest, &zero], Ty::Bool);
    let zero = e.machine(&zero);
    Ok(e.select(&some, &rest, &zero))
}

/// Plain sums.
pub fn sum(
    e: &mut Emit,
    a: &Val,
    ty: ArrayTy,
    reduced: &[bool],
    d: Dtype,
    mask: Option<&(Val, ArrayTy)>,
) -> Result<Val, Fault> {
    let initial = element(e, 0, d);
    let (row, cell) = ("coachwhip.lib.sum_row", "coachwhip.lib.sum_cell");
    fold(e, a, ty, reduced, &Fold { row, cell, dtype: d, initial, values: None, mask })
}

/// How many elements each result is made of, as a float, or as an array of floats where a mask decides.
pub fn counted(
    e: &mut Emit,
    a: &Val,
    ty: ArrayTy,
    reduced: &[bool],
    mask: Option<&(Val, ArrayTy)>,
) -> Result<Val, Fault> {
    if mask.is_none() {
        let n = form::count(e, a, ty, reduced);
        let n = e.op(Op::Convert, &[&n], Ty::Float);
        return Ok(e.machine(&n));
    }
    let initial = element(e, 0, Dtype::Float64);
    let (row, cell) = ("coachwhip.lib.tally_row", "coachwhip.lib.tally_cell");
    let counts = fold(e, a, ty, reduced, &Fold { row, cell, dtype: Dtype::Float64, initial, values: None, mask })?;
    Ok(if counts.ty.array().is_some() { counts } else { e.op(Op::Convert, &[&counts], Ty::Float) })
}

/// Sums divided by counts: a float for all, or one for each.  An array is divided in place.
pub fn divided(e: &mut Emit, total: Val, n: &Val) -> Result<Val, Fault> {
    let Some(ty) = total.ty.array() else {
        let total = e.machine(&total);
        return library(e, "coachwhip.lib.quotient", &[total, n.clone()]);
    };
    let plain = |e: &mut Emit, v: &Val| match v.ty.array() {
        Some(ty) if ty.layout != Layout::A => flattened(e, v, ty).0,
        _ => v.clone(),
    };
    if ty.ndim == 0 {
        return Ok(total);
    }
    let (target, n) = (plain(e, &total), plain(e, n));
    library(e, "coachwhip.lib.divide", &[target, n])?;
    Ok(total)
}

/// Refuses an `out=` that cannot take square roots.
pub fn rooted_into(e: &mut Emit, bound: &Bound) -> Result<(), Fault> {
    match bound.out(e)? {
        Some((_, out)) if out.dtype.kind() < Kind::Float => bound.out_takes(e, "sqrt", Dtype::Float64),
        _ => Ok(()),
    }
}

/// Square roots, of an array in place.
pub fn roots(e: &mut Emit, v: Val) -> Result<Val, Fault> {
    let Some(ty) = v.ty.array() else { return library(e, "coachwhip.lib.root", &[v]) };
    let target = if ty.layout == Layout::A { v.clone() } else { flattened(e, &v, ty).0 };
    library(e, "coachwhip.lib.roots", &[target])?;
    Ok(v)
}

/// Results in another dtype.
pub fn converted(e: &mut Emit, v: &Val, d: Dtype) -> Result<Val, Fault> {
    match v.ty.array() {
        Some(ty) if ty.dtype == d => Ok(v.clone()),
        Some(ty) => copied(e, v, ty, d, Order::K),
        None => {
            let element = super::super::cast::cast(e, v, d);
            Ok(e.machine(&element))
        }
    }
}
