//! Reductions by a loop of the library: rows that are reduced whole, cells that are updated one by one.

use super::super::cast::stored;
use super::super::create::allocate;
use super::super::geometry::{data, equal, flattened, retyped, shape, stride, view};
use super::super::{index, library, store};
use super::form;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{ArrayTy, Code, Const, Dtype, Kind, Layout, Ty};

/// What is folded how.  Library functions: `row(total, a, value)` takes in a one-dimensional array, `cell(total, x, value)`
/// one element.
pub struct Fold<'a> {
    /// Name of the function for rows.
    pub row: &'static str,
    /// Name of the function for single elements.
    pub cell: &'static str,
    /// The dtype of the results.
    pub dtype: Dtype,
    /// What every result starts from: an element of that dtype.
    pub initial: Val,
    /// One value for each result that both functions get, as [`fold`] returned it: a scalar, or an array in the order of
    /// the results.
    pub values: Option<&'a Val>,
    /// Which elements count: an array that broadcasts.
    pub mask: Option<&'a (Val, ArrayTy)>,
}

/// The results: a scalar if every axis is reduced, else an array over the axes that are kept.
pub fn fold(e: &mut Emit, a: &Val, ty: ArrayTy, reduced: &[bool], f: &Fold) -> Result<Val, Fault> {
    let full = reduced.iter().all(|r| *r);
    if let Some(mask) = f.mask {
        return masked(e, a, ty, reduced, f, mask);
    }
    if full && (ty.ndim < 2 || ty.layout != Layout::A) {
        return row(e, a, ty, f);
    }
    let out = if full {
        let one = e.int(1);
        allocate(e, f.dtype, &[one], Layout::C, false)
    } else {
        form::result(e, a, ty, reduced, f.dtype, None)
    };
    let out_ty = out.ty.array().unwrap_or(ty);
    store::fill(e, &out, out_ty, &f.initial)?;
    if ty.layout == Layout::A && ty.ndim > 1 {
        in_order(e, a, ty, reduced, f, &out, None)?;
    } else {
        by_groups(e, a, ty, reduced, f, &out)?;
    }
    Ok(if full { first(e, &out, f.dtype) } else { out })
}

/// The only element of an array of one.
fn first(e: &mut Emit, out: &Val, dtype: Dtype) -> Val {
    let zero = e.int(0);
    let ty = ArrayTy { dtype, ndim: 1, layout: Layout::C, readonly: false };
    index::load(e, out, ty, &[zero])
}

/// A library function as an argument.
pub fn function(e: &mut Emit, name: &str) -> Result<Val, Fault> {
    match e.engine.library(name)? {
        Some(id) => Ok(e.lit(Const::Func(id))),
        None => fault(Code::Internal, format!("the library function {name} is missing")),
    }
}

/// All elements of a one-dimensional or contiguous array.
fn row(e: &mut Emit, a: &Val, ty: ArrayTy, f: &Fold) -> Result<Val, Fault> {
    let initial = e.machine(&f.initial);
    let value = match f.values {
        Some(v) => v.clone(),
        None => e.none(),
    };
    if ty.layout != Layout::A || ty.ndim == 0 {
        let (flat, _) = flattened(e, a, ty);
        return library(e, f.row, &[initial, flat, value]);
    }
    let (step, item) = (stride(e, a, ty, 0), e.int(i64::from(ty.dtype.size())));
    let dense = equal(e, &step, &item);
    e.if_else(
        &dense,
        |e| {
            let flat = retyped(e, a, ty, ArrayTy { layout: Layout::C, ..ty });
            library(e, f.row, &[initial.clone(), flat, value.clone()])
        },
        |e| library(e, f.row, &[initial.clone(), a.clone(), value.clone()]),
    )
}

fn by_groups(e: &mut Emit, a: &Val, ty: ArrayTy, reduced: &[bool], f: &Fold, out: &Val) -> Result<(), Fault> {
    let (source, first) = form::grouped(e, a, ty, reduced);
    let target = form::grouped_result(e, out, ty, reduced);
    let values = match f.values {
        Some(v) => form::grouped_result(e, v, ty, reduced),
        None => e.none(),
    };
    let first = e.bool(first);
    let (row, cell) = (function(e, f.row)?, function(e, f.cell)?);
    library(e, "coachwhip.lib.fold", &[target, source, values, first, row, cell])?;
    Ok(())
}

fn in_order(
    e: &mut Emit,
    a: &Val,
    ty: ArrayTy,
    reduced: &[bool],
    f: &Fold,
    out: &Val,
    mask: Option<&(Val, ArrayTy)>,
) -> Result<(), Fault> {
    let sizes = shape(e, a, ty);
    // A full reduction has no results along any axis: all strides are 0.
    let mut operands = vec![form::Operand::whole(e, a, ty), form::Operand::results(e, out, reduced)];
    if let Some(v) = f.values {
        let v = as_array(e, v)?;
        operands.push(form::Operand::results(e, &v, reduced));
    }
    if let Some((mask, mask_ty)) = mask {
        operands.push(form::Operand::broadcast(e, mask, *mask_ty, ty.ndim as usize));
    }
    let mut views = form::ordered(e, &sizes, operands).into_iter();
    let (source, target) = (views.next(), views.next());
    let (Some(source), Some(target)) = (source, target) else {
        return fault(Code::Internal, "operands of a reduction");
    };
    let none = e.none();
    let values = if f.values.is_some() { views.next().unwrap_or_else(|| none.clone()) } else { none.clone() };
    let mask = views.next().unwrap_or(none);
    let (row, cell) = (function(e, f.row)?, function(e, f.cell)?);
    // Products of halves are rounded wherever a buffer ends, as sums of floats are.
    let grouped = f.row.ends_with("sum_row") || f.dtype == Dtype::Float16 && f.row.ends_with("prod_row");
    let pairs = f.dtype.kind() >= Kind::Float && ty.ndim > 1 && grouped;
    let pairs = e.bool(pairs);
    library(e, "coachwhip.lib.fold_ordered", &[target, source, values, mask, pairs, row, cell])?;
    Ok(())
}

/// A scalar as an array without axes.
fn as_array(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    let Some(dtype) = v.ty.dtype().filter(|_| v.ty.array().is_none()) else { return Ok(v.clone()) };
    let a = allocate(e, dtype, &[], Layout::C, false);
    let element = stored(e, v, dtype)?;
    store::store(e, &a, &[], &element);
    Ok(a)
}

fn masked(e: &mut Emit, a: &Val, ty: ArrayTy, reduced: &[bool], f: &Fold, mask: &(Val, ArrayTy)) -> Result<Val, Fault> {
    if ty.ndim == 0 {
        // One axis of size 1.
        let (one, item) = (e.int(1), e.int(i64::from(ty.dtype.size())));
        let start = data(e, a);
        let lifted_ty = ArrayTy { ndim: 1, layout: Layout::C, ..ty };
        let lifted = view(e, a, lifted_ty, &start, &[one], &[item]);
        return masked(e, &lifted, lifted_ty, &[true], f, mask);
    }
    let full = reduced.iter().all(|r| *r);
    let out = if full {
        let one = e.int(1);
        allocate(e, f.dtype, &[one], Layout::C, false)
    } else {
        form::result(e, a, ty, reduced, f.dtype, Some(mask))
    };
    let out_ty = out.ty.array().unwrap_or(ty);
    store::fill(e, &out, out_ty, &f.initial)?;
    in_order(e, a, ty, reduced, f, &out, Some(mask))?;
    Ok(if full { first(e, &out, f.dtype) } else { out })
}

/// The squared distances from the means, which belong to the kept axes, in the memory order of the array.
pub fn squares(
    e: &mut Emit,
    a: &Val,
    ty: ArrayTy,
    reduced: &[bool],
    means: &Val,
    dtype: Dtype,
) -> Result<(Val, ArrayTy), Fault> {
    let sizes = shape(e, a, ty);
    let means = as_array(e, means)?;
    let target = form::like(e, a, ty, dtype, &means, reduced);
    let target_ty = target.ty.array().unwrap_or(ty);
    let operands = vec![
        form::Operand::whole(e, a, ty),
        form::Operand::results(e, &means, reduced),
        form::Operand::results(e, &target, &vec![false; reduced.len()]),
    ];
    let views = form::ordered(e, &sizes, operands);
    let [source, means, out] = views.as_slice() else { return fault(Code::Internal, "operands of a variance") };
    library(e, "coachwhip.lib.squares", &[out.clone(), source.clone(), means.clone()])?;
    Ok((target, target_ty))
}

/// The dtype of a value that is an array or a scalar.
pub fn dtype_of(v: &Val) -> Option<Dtype> {
    match &v.ty {
        Ty::Array(ty) => Some(ty.dtype),
        ty => ty.dtype(),
    }
}
