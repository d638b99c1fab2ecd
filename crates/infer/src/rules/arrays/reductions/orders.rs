//! `median`, `quantile`, `percentile` and their forms that leave NaN out.

use super::super::array_like::array_like;
use super::super::create::{allocate, copied};
use super::super::geometry::{data, flattened, packed_strides, product, shape, transposed, view};
use super::super::index::is_none;
use super::super::library;
use super::super::literals::{Order, flag, without};
use super::form;
use super::parts::Bound;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::promote::promote_weak;
use coachwhip_ir::{ArrayTy, Code, Const, Diagnostic, Dtype, Kind, Layout, Ty, describe};

/// `np.median`.
pub fn median(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    medians(e, args, "median", false)
}

/// `np.nanmedian`.
pub fn nanmedian(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    medians(e, args, "nanmedian", true)
}

fn medians(e: &mut Emit, args: &Args, name: &str, nans: bool) -> Result<Val, Fault> {
    let bound = Bound::strict(args, &["a", "axis", "out", "overwrite_input", "keepdims"])?;
    flag(bound.get("overwrite_input"), "overwrite_input", false)?;
    bound.reduce(e, true, &|e, a, ty, reduced| {
        real(ty, name)?;
        let d = if ty.dtype.kind() < Kind::Float { Dtype::Float64 } else { ty.dtype };
        let nans = e.bool(nans && ty.dtype.kind() == Kind::Float);
        let zero = super::parts::element(e, 0, d);
        let rows = rows(e, a, ty, reduced)?;
        if reduced.iter().all(|r| *r) {
            return library(e, "coachwhip.lib.median_row", &[rows, zero, nans]);
        }
        let out = form::result(e, a, ty, reduced, d, None);
        library(e, "coachwhip.lib.medians", &[out.clone(), rows, zero, nans])?;
        Ok(out)
    })
}

/// Refuses complex numbers, which these functions would have to put in order.
fn real(ty: ArrayTy, name: &str) -> Result<(), Fault> {
    if ty.dtype.kind() == Kind::Complex {
        return fault(Code::ArgumentTypes, format!("{name}() of complex numbers is not supported in compiled code"));
    }
    Ok(())
}

/// The array with what is reduced as its last axis: a view where there is one.
fn rows(e: &mut Emit, a: &Val, ty: ArrayTy, reduced: &[bool]) -> Result<Val, Fault> {
    let gone = reduced.iter().filter(|r| **r).count();
    if gone == 1 && ty.ndim > 0 {
        return Ok(super::positions::moved_last(e, a, ty, reduced));
    }
    if gone == reduced.len() && ty.layout != Layout::A {
        return Ok(flattened(e, a, ty).0);
    }
    let mut axes: Vec<usize> = (0..reduced.len()).filter(|i| reduced.get(*i) == Some(&false)).collect();
    let kept = axes.len();
    axes.extend((0..reduced.len()).filter(|i| reduced.get(*i) == Some(&true)));
    let moved = transposed(e, a, ty, &axes);
    let moved_ty = moved.ty.array().unwrap_or(ty);
    let dense = if moved_ty.layout == Layout::C { moved } else { copied(e, &moved, moved_ty, ty.dtype, Order::C)? };
    let dense_ty = dense.ty.array().unwrap_or(moved_ty);
    let all = shape(e, &dense, dense_ty);
    let (outer, inner) = all.split_at(kept.min(all.len()));
    let mut sizes = outer.to_vec();
    sizes.push(product(e, inner));
    let steps = packed_strides(e, ty.dtype, &sizes, Layout::C);
    let start = data(e, &dense);
    Ok(view(e, &dense, ArrayTy { ndim: sizes.len() as u8, layout: Layout::C, ..dense_ty }, &start, &sizes, &steps))
}

const QUANTILE: &[&str] = &["a", "q", "axis", "out", "overwrite_input", "method", "keepdims", "weights"];

/// NumPy's methods in the order in which the library numbers them; the first are discrete.
const METHODS: [&str; 13] = [
    "inverted_cdf",
    "closest_observation",
    "lower",
    "higher",
    "nearest",
    "averaged_inverted_cdf",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
    "midpoint",
];
const DISCRETE: usize = 5;
const LINEAR: usize = 9;

/// `np.quantile`.
pub fn quantile(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    quantiles(e, args, "quantile", false, false)
}

/// `np.percentile`.
pub fn percentile(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    quantiles(e, args, "percentile", true, false)
}

/// `np.nanquantile`.
pub fn nanquantile(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    quantiles(e, args, "nanquantile", false, true)
}

/// `np.nanpercentile`.
pub fn nanpercentile(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    quantiles(e, args, "nanpercentile", true, true)
}

/// What is asked for: the quantiles as floats between 0 and 1, a scalar or an array of one axis, and whether they are
/// Python's numbers, which leave the dtype of the results alone.
struct Asked {
    q: Val,
    weak: bool,
}

fn quantiles(e: &mut Emit, args: &Args, name: &str, percent: bool, nans: bool) -> Result<Val, Fault> {
    let bound = Bound::strict(args, QUANTILE)?;
    without(&bound.get("weights").cloned(), "weights", &[])?;
    flag(bound.get("overwrite_input"), "overwrite_input", false)?;
    let Some(given) = bound.get("q").cloned() else {
        return fault(Code::ArgumentCount, format!("{name}() is missing q"));
    };
    let method = method(bound.get("method"))?;
    if !percent && given.ty.array().map(|ty| ty.dtype).or(given.ty.dtype()) == Some(Dtype::Uint64) {
        // NumPy multiplies it with the number of elements, which gives an index of another type.
        return fault(Code::ArgumentTypes, "Partition index must be integer");
    }
    let Some(asked) = asked(e, &given, percent)? else { return Ok(e.never()) };
    bound.reduce_shaped(e, asked.q.ty.array().is_some(), &|e, a, ty, reduced| {
        real(ty, name)?;
        let whole = method == LINEAR && !percent && integral(&given);
        let d = if method < DISCRETE || whole {
            ty.dtype
        } else if ty.dtype == Dtype::Bool {
            return fault(Code::ArgumentTypes, "bools are not interpolated: use a discrete method, such as 'lower'");
        } else if asked.weak {
            promote_weak(ty.dtype, &Ty::Float)
        } else {
            ty.dtype.promote(super::fold::dtype_of(&asked.q).unwrap_or(Dtype::Float64))
        };
        if method >= DISCRETE || !integral(&given) {
            bound.out_takes(e, "add", d)?;
        }
        let weak = e.bool(asked.weak);
        let number = e.int(if whole { 2 } else { method as i64 });
        let nans = e.bool(nans && ty.dtype.kind() == Kind::Float);
        let zero = super::parts::element(e, 0, d);
        let rows = rows(e, a, ty, reduced)?;
        let full = reduced.iter().all(|r| *r);
        if full && asked.q.ty.array().is_none() {
            return library(e, "coachwhip.lib.quantile_row", &[rows, asked.q.clone(), zero, number, weak, nans]);
        }
        let kept = form::kept(&shape(e, a, ty), reduced);
        let (out, target) = results(e, &asked.q, d, &kept);
        let loops =
            if asked.q.ty.array().is_some() { "coachwhip.lib.several_quantiles" } else { "coachwhip.lib.quantiles" };
        library(e, loops, &[target, rows, asked.q.clone(), zero, number, weak, nans])?;
        Ok(out)
    })
}

/// Fresh results, with the axis of the quantiles first; and the same with that axis last.
fn results(e: &mut Emit, q: &Val, d: Dtype, kept: &[Val]) -> (Val, Val) {
    let Some(q_ty) = q.ty.array() else {
        let out = allocate(e, d, kept, Layout::C, false);
        return (out.clone(), out);
    };
    let mut sizes = shape(e, q, q_ty);
    sizes.extend(kept.iter().cloned());
    let out = allocate(e, d, &sizes, Layout::C, false);
    let ty = ArrayTy { dtype: d, ndim: sizes.len() as u8, layout: Layout::C, readonly: false };
    let axes: Vec<usize> = (1..sizes.len()).chain([0]).collect();
    let target = transposed(e, &out, ty, &axes);
    (out, target)
}

/// Whether the quantiles are integers.
fn integral(q: &Val) -> bool {
    match &q.ty {
        Ty::Array(ty) => ty.dtype.is_int(),
        Ty::Tuple(items) => items.iter().all(|ty| ty.dtype().is_some_and(Dtype::is_int)),
        Ty::Lit(Const::Tuple(items)) => items.iter().all(|c| matches!(c, Const::Int(_))),
        ty => ty.dtype().is_some_and(Dtype::is_int),
    }
}

fn method(v: Option<&Val>) -> Result<usize, Fault> {
    let Some(v) = v else { return Ok(LINEAR) };
    let Some(Const::Str(text)) = v.literal() else {
        return fault(Code::NeedsConstant, "the method of a quantile must be known at compile time");
    };
    match METHODS.iter().position(|m| *m == &**text) {
        Some(number) => Ok(number),
        None => Err(Box::new(
            Diagnostic::new(Code::ArgumentTypes, format!("'{text}' is not a valid method"))
                .help(format!("use one of {}", METHODS.join(", "))),
        )),
    }
}

/// The quantiles, checked and divided by 100 for percentiles; `None` if the check fails for certain.
fn asked(e: &mut Emit, given: &Val, percent: bool) -> Result<Option<Asked>, Fault> {
    let weak = matches!(given.ty.widened(), Ty::Int | Ty::Float);
    if is_none(given) || matches!(given.ty.dtype().map(Dtype::kind), Some(Kind::Complex)) {
        return fault(
            Code::ArgumentTypes,
            format!("q is a number or an array of numbers, not {}", describe(&given.ty)),
        );
    }
    let percent = e.bool(percent);
    let q = if let Some(d) = given.ty.dtype() {
        let d = if d.kind() == Kind::Float { d } else { Dtype::Float64 };
        let q = super::super::cast::cast(e, given, d);
        let q = e.machine(&q);
        library(e, "coachwhip.lib.share", &[q, percent])?
    } else {
        let Some((array, ty)) = array_like(e, given)? else {
            return fault(
                Code::ArgumentTypes,
                format!("q is a number or an array of numbers, not {}", describe(&given.ty)),
            );
        };
        if ty.ndim > 1 || ty.dtype.kind() == Kind::Complex {
            return fault(Code::ArgumentTypes, "q is a number or an array of one axis in compiled code");
        }
        let d = if ty.dtype.kind() == Kind::Float { ty.dtype } else { Dtype::Float64 };
        let copy = copied(e, &array, ty, d, Order::C)?;
        if ty.ndim == 0 {
            let element = super::super::index::load(e, &copy, ArrayTy { dtype: d, ..ty }, &[]);
            library(e, "coachwhip.lib.share", &[element, percent])?
        } else {
            library(e, "coachwhip.lib.shares", &[copy.clone(), percent])?;
            copy
        }
    };
    Ok(if e.dead { None } else { Some(Asked { q, weak }) })
}

/// Results of quantiles with axes of size 1 where they were reduced, after the axis of the quantiles.
pub fn behind_quantiles(e: &mut Emit, v: &Val, reduced: &[bool]) -> Result<Val, Fault> {
    let Some(ty) = v.ty.array() else { return fault(Code::Internal, "quantiles without an axis") };
    let mut own = shape(e, v, ty).into_iter();
    let one = e.int(1);
    let mut sizes = vec![own.next().unwrap_or_else(|| one.clone())];
    for gone in reduced {
        let size = if *gone { None } else { own.next() };
        sizes.push(size.unwrap_or_else(|| one.clone()));
    }
    let steps = packed_strides(e, ty.dtype, &sizes, Layout::C);
    let start = data(e, v);
    Ok(view(e, v, ArrayTy { ndim: sizes.len() as u8, ..ty }, &start, &sizes, &steps))
}
