//! Running sums and products.

use super::super::create::allocate_like;
use super::super::geometry::{add, data, shape, stride, strides, view};
use super::super::literals::{Order, flag};
use super::super::order::{self, Sort, Voice};
use super::super::raise::{Piece, raise};
use super::super::{library, reshape, store};
use super::axes::{self, Axes, Axisless};
use super::fold::function;
use super::form;
use super::parts::{Bound, element, into};
use super::positions::moved_last;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val};
use coachwhip_ir::{ArrayTy, Dtype, Kind, Layout, Op, Ty};

/// The loops of a running total, and where it starts.
#[derive(Clone, Copy)]
struct Running {
    name: &'static str,
    first: &'static str,
    cell: &'static str,
    start: i64,
}

const SUM: Running = Running { name: "cumsum", first: "coachwhip.lib.plain", cell: "coachwhip.lib.sum_cell", start: 0 };
const PROD: Running =
    Running { name: "cumprod", first: "coachwhip.lib.plain", cell: "coachwhip.lib.prod_cell", start: 1 };

/// `np.cumsum`.
pub fn cumsum(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    cumulative(e, args, SUM)
}

/// `np.cumprod`.
pub fn cumprod(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    cumulative(e, args, PROD)
}

/// `np.nancumsum`.
pub fn nancumsum(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let (first, cell) = ("coachwhip.lib.zero_for_nan", "coachwhip.lib.nansum_cell");
    cumulative(e, args, Running { name: "nancumsum", first, cell, ..SUM })
}

/// `np.nancumprod`.
pub fn nancumprod(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let (first, cell) = ("coachwhip.lib.one_for_nan", "coachwhip.lib.nanprod_cell");
    cumulative(e, args, Running { name: "nancumprod", first, cell, ..PROD })
}

fn cumulative(e: &mut Emit, args: &Args, kind: Running) -> Result<Val, Fault> {
    let bound = Bound::new(args, &["a", "axis", "dtype", "out"])?;
    let (mut a, mut ty) = bound.array(e)?;
    if kind.name.starts_with("nan") && ty.dtype.kind() >= Kind::Float {
        (a, ty) = super::nans::dense(e, &a, ty)?;
    }
    if ty.ndim == 0 || bound.get("axis").is_none() {
        a = reshape::ravel(e, &a, ty, Order::C)?;
        ty = a.ty.array().unwrap_or(ty);
    }
    if bound.get("axis").is_none() {
        let result = running(e, &bound, &a, ty, 0, kind, false)?;
        return placed(e, &bound, result);
    }
    along(e, &bound, &a, ty, kind, false)
}

fn along(e: &mut Emit, bound: &Bound, a: &Val, ty: ArrayTy, kind: Running, initial: bool) -> Result<Val, Fault> {
    let ndim = ty.ndim as usize;
    let result = match axes::parse(e, bound.get("axis"), ndim, false, Axisless::Refused)? {
        Axes::Failed(v) => return Ok(v),
        Axes::Known(reduced) => {
            let axis = reduced.iter().position(|r| *r).unwrap_or(0);
            running(e, bound, a, ty, axis, kind, initial)?
        }
        Axes::Varying(axis) => axes::chosen(e, &axis, ndim, &|e, axis| running(e, bound, a, ty, axis, kind, initial))?,
    };
    placed(e, bound, result)
}

fn placed(e: &mut Emit, bound: &Bound, result: Val) -> Result<Val, Fault> {
    match bound.out(e)? {
        Some((out, out_ty)) if !e.dead => into(e, &result, &out, out_ty),
        _ => Ok(result),
    }
}

/// The running totals along an axis; `initial`: with the start in front of them.
fn running(
    e: &mut Emit,
    bound: &Bound,
    a: &Val,
    ty: ArrayTy,
    axis: usize,
    kind: Running,
    initial: bool,
) -> Result<Val, Fault> {
    let d = super::sums::accumulator(e, bound, ty)?;
    let reduced: Vec<bool> = (0..usize::from(ty.ndim)).map(|i| i == axis).collect();
    let sizes = shape(e, a, ty);
    let (first, cell) = (function(e, kind.first)?, function(e, kind.cell)?);
    if initial {
        return led(e, a, ty, axis, d, kind);
    }
    let out = fresh(e, a, ty, d, &sizes);
    let out_ty = out.ty.array().unwrap_or(ty);
    if ty.layout != Layout::A && out_ty.layout == ty.layout {
        let (source, begins) = form::grouped(e, a, ty, &reduced);
        let (target, _) = form::grouped(e, &out, out_ty, &reduced);
        let begins = e.bool(begins);
        library(e, "coachwhip.lib.run", &[target, source, begins, first, cell])?;
        return Ok(out);
    }
    let (source, target) = (moved_last(e, a, ty, &reduced), moved_last(e, &out, out_ty, &reduced));
    library(e, "coachwhip.lib.run_rows", &[target, source, first, cell])?;
    Ok(out)
}

/// A fresh array with the axes in the order of NumPy's iterator.
fn fresh(e: &mut Emit, a: &Val, ty: ArrayTy, d: Dtype, sizes: &[Val]) -> Val {
    if ty.layout == Layout::A && ty.ndim > 1 {
        let (own, steps) = (shape(e, a, ty), strides(e, a, ty));
        let voice = Voice::moving(e, &own, &steps);
        return order::allocated(e, Sort::Inside, &[voice], d, sizes, false);
    }
    allocate_like(e, a, ty, d, sizes, Order::K, false)
}

/// The running totals after the value that they start from.
fn led(e: &mut Emit, a: &Val, ty: ArrayTy, axis: usize, d: Dtype, kind: Running) -> Result<Val, Fault> {
    let reduced: Vec<bool> = (0..usize::from(ty.ndim)).map(|i| i == axis).collect();
    let (first, cell) = (function(e, kind.first)?, function(e, kind.cell)?);
    let one = e.int(1);
    let mut sizes = shape(e, a, ty);
    let inner = sizes.clone();
    if let Some(size) = sizes.get_mut(axis) {
        *size = add(e, size, &one);
    }
    let out = fresh(e, a, ty, d, &sizes);
    let out_ty = out.ty.array().unwrap_or(ty);
    let start = element(e, kind.start, d);
    store::fill(e, &out, out_ty, &start)?;
    let (origin, step) = (data(e, &out), stride(e, &out, out_ty, axis));
    let origin = e.op(Op::Offset, &[&origin, &step], Ty::Ptr(None));
    let steps = strides(e, &out, out_ty);
    let rest_ty = ArrayTy { layout: Layout::A, ..out_ty };
    let rest = view(e, &out, rest_ty, &origin, &inner, &steps);
    let (source, target) = (moved_last(e, a, ty, &reduced), moved_last(e, &rest, rest_ty, &reduced));
    library(e, "coachwhip.lib.run_rows", &[target, source, first, cell])?;
    Ok(out)
}

const CUMULATIVE: &[&str] = &["x", "axis", "dtype", "out", "include_initial"];

/// `np.cumulative_sum`.
pub fn cumulative_sum(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    array_api(e, args, "cumulative_sum", SUM)
}

/// `np.cumulative_prod`.
pub fn cumulative_prod(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    array_api(e, args, "cumulative_prod", PROD)
}

fn array_api(e: &mut Emit, args: &Args, name: &'static str, kind: Running) -> Result<Val, Fault> {
    let bound = Bound::new(args, CUMULATIVE)?;
    let (a, ty) = bound.array(e)?;
    let initial = flag(bound.get("include_initial"), "include_initial", false)?;
    if ty.ndim == 0 {
        let why = "`x` must have one or more dimensions. 0-dim arrays have no axis to accumulate over";
        return crate::emit::fault(coachwhip_ir::Code::ArgumentTypes, why);
    }
    if ty.ndim > 1 && bound.get("axis").is_none() {
        let why = "For arrays which have more than one dimension ``axis`` argument is required.";
        return Ok(raise(e, "ValueError", vec![Piece::Text(why)]));
    }
    along(e, &bound, &a, ty, Running { name, ..kind }, initial)
}
