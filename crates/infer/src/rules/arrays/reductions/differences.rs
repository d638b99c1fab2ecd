//! `diff`, `trapezoid`, `ptp`, `average`: array expressions put together from views, operators and folds.

use super::super::array_like::array_like;
use super::super::create::copied;
use super::super::geometry::{array, data, equal, shape, stride, strides, sub, view};
use super::super::index::is_none;
use super::super::integers::at_least_zero;
use super::super::literals::{Order, flag};
use super::super::raise::{Piece, raise};
use super::axes::{self, Axes, Axisless};
use super::fold::dtype_of;
use super::moments;
use super::parts::{Bound, with_axes};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::operators::{binary, compare, truth};
use coachwhip_ir::{ArrayTy, BinaryOp, CmpOp, Code, Dtype, Kind, Layout, Op, Ty};

/// The array without the first (`from` 1) or the last (`from` 0) position of an axis.
fn shifted(e: &mut Emit, a: &Val, ty: ArrayTy, axis: usize, from: i64) -> Val {
    let (mut sizes, steps) = (shape(e, a, ty), strides(e, a, ty));
    let one = e.int(1);
    if let Some(size) = sizes.get_mut(axis) {
        let less = sub(e, size, &one);
        *size = at_least_zero(e, &less);
    }
    let start = data(e, a);
    let start = if from == 0 {
        start
    } else {
        let step = stride(e, a, ty, axis);
        e.op(Op::Offset, &[&start, &step], Ty::Ptr(None))
    };
    let outermost = match ty.layout {
        Layout::C => axis == 0,
        Layout::F => axis + 1 == usize::from(ty.ndim),
        Layout::A => true,
    };
    let layout = if outermost { ty.layout } else { Layout::A };
    view(e, a, ArrayTy { layout, ..ty }, &start, &sizes, &steps)
}

/// The one axis of an argument, `None` if it fails.
fn one_axis(e: &mut Emit, v: Option<&Val>, ndim: usize) -> Result<Option<usize>, Fault> {
    let last = e.int(-1);
    Ok(match axes::parse(e, Some(v.unwrap_or(&last)), ndim, false, Axisless::Refused)? {
        Axes::Failed(_) => None,
        Axes::Known(chosen) => chosen.iter().position(|c| *c).or(Some(0)),
        Axes::Varying(_) => return fault(Code::NeedsConstant, "the axis must be known at compile time"),
    })
}

/// `np.diff`.
pub fn diff(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let bound = Bound::new(args, &["a", "n", "axis", "prepend", "append"])?;
    for name in ["prepend", "append"] {
        if args.get(name).is_some_and(is_none) {
            return fault(
                Code::ArgumentTypes,
                format!("the argument '{name}' of np.diff() must be a number or an array, not None"),
            );
        }
    }
    if args.get("axis").is_some_and(is_none) {
        return fault(Code::ArgumentTypes, "'NoneType' object cannot be interpreted as an integer");
    }
    if bound.get("prepend").is_some() || bound.get("append").is_some() {
        return crate::rules::calls::call_bound(e, "numpy.diff", args.clone());
    }
    let n = match bound.get("n").map(axes::constant) {
        None => 1,
        Some(Some(n)) => n,
        Some(None) => return fault(Code::NeedsConstant, "the order of diff() must be known at compile time"),
    };
    let (mut a, mut ty) = bound.array(e)?;
    if n == 0 {
        return Ok(a);
    }
    if n < 0 {
        let n = e.int(n);
        return Ok(raise(e, "ValueError", vec![Piece::Text("order must be non-negative but got "), Piece::Number(n)]));
    }
    if ty.ndim == 0 {
        let why = "diff requires input that is at least one dimensional";
        return Ok(raise(e, "ValueError", vec![Piece::Text(why)]));
    }
    let Some(axis) = one_axis(e, args.get("axis"), ty.ndim as usize)? else { return Ok(e.never()) };
    for _ in 0..n {
        let (high, low) = (shifted(e, &a, ty, axis, 1), shifted(e, &a, ty, axis, 0));
        a = if ty.dtype == Dtype::Bool {
            compare(e, CmpOp::Ne, &high, &low)?
        } else {
            binary(e, BinaryOp::Sub, false, &high, &low)?
        };
        ty = a.ty.array().unwrap_or(ty);
    }
    Ok(a)
}

/// `np.trapezoid`.
pub fn trapezoid(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let bound = Bound::new(args, &["y", "x", "dx", "axis"])?;
    let (y, ty) = bound.array(e)?;
    // The argument counts axes of `y`, of `x` and of the areas, each in its own number of dimensions.
    let axis = match args.get("axis").map(axes::constant) {
        None => -1,
        Some(None) if args.get("axis").is_some_and(is_none) => {
            return fault(Code::ArgumentTypes, "the axis must be an int, not None");
        }
        Some(Some(axis)) => axis,
        Some(None) => return fault(Code::NeedsConstant, "the axis must be known at compile time"),
    };
    let widths = match (bound.get("x"), bound.get("dx")) {
        (Some(x), _) => widths(e, x, ty, axis)?,
        (None, Some(dx)) => Some(dx.clone()),
        (None, None) => Some(e.float(1.0)),
    };
    let Some(widths) = widths else { return Ok(e.never()) };
    let Some(own) = listed(e, axis, ty.ndim) else { return Ok(e.never()) };
    let (high, low) = (shifted(e, &y, ty, own, 1), shifted(e, &y, ty, own, 0));
    let both = binary(e, BinaryOp::Add, false, &high, &low)?;
    let areas = binary(e, BinaryOp::Mul, false, &widths, &both)?;
    let two = e.float(2.0);
    let areas = binary(e, BinaryOp::TrueDiv, false, &areas, &two)?;
    let axis = e.int(axis);
    super::sums::sum(e, &Args::of("numpy.sum", vec![areas, axis])?)
}

/// A place in a Python list of as many items as there are axes, where NumPy looks for the axis.
fn listed(e: &mut Emit, axis: i64, ndim: u8) -> Option<usize> {
    let ndim = i64::from(ndim);
    if (-ndim..ndim).contains(&axis) {
        return usize::try_from(axis.rem_euclid(ndim)).ok();
    }
    raise(e, "IndexError", vec![Piece::Text("list assignment index out of range")]);
    None
}

/// The distances of the sample points, with axes of size 1 after their own where the samples have more; `None` if
/// there are none for certain.
fn widths(e: &mut Emit, x: &Val, y_ty: ArrayTy, axis: i64) -> Result<Option<Val>, Fault> {
    let Some((x, ty)) = array_like(e, x)? else { return fault(Code::ArgumentTypes, "x must be an array") };
    if ty.ndim == 0 {
        let why = "diff requires input that is at least one dimensional";
        raise(e, "ValueError", vec![Piece::Text(why)]);
        return Ok(None);
    }
    let given = e.int(if ty.ndim == 1 { 0 } else { axis });
    let Some(own) = one_axis(e, Some(&given), usize::from(ty.ndim))? else { return Ok(None) };
    let (high, low) = (shifted(e, &x, ty, own, 1), shifted(e, &x, ty, own, 0));
    let d = if ty.dtype == Dtype::Bool {
        compare(e, CmpOp::Ne, &high, &low)?
    } else {
        binary(e, BinaryOp::Sub, false, &high, &low)?
    };
    if ty.ndim > 1 {
        return Ok(Some(d));
    }
    let Some(place) = listed(e, axis, y_ty.ndim) else { return Ok(None) };
    let behind = usize::from(y_ty.ndim).saturating_sub(place + 1);
    let Some(d_ty) = d.ty.array().filter(|_| behind > 0) else { return Ok(Some(d)) };
    let (mut sizes, mut steps) = (shape(e, &d, d_ty), strides(e, &d, d_ty));
    let (one, item) = (e.int(1), e.int(i64::from(d_ty.dtype.size())));
    sizes.extend(std::iter::repeat_n(one, behind));
    steps.extend(std::iter::repeat_n(item, behind));
    let start = data(e, &d);
    let ty = ArrayTy { ndim: sizes.len() as u8, layout: Layout::A, ..d_ty };
    Ok(Some(view(e, &d, ty, &start, &sizes, &steps)))
}

/// `np.ptp`.
pub fn ptp(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let bound = Bound::new(args, &["a", "axis", "out", "keepdims"])?;
    bound.reduce(e, true, &|e, a, ty, reduced| {
        if let Some((_, out)) = bound.out(e)? {
            bound.out_takes(e, "subtract", out.dtype.promote(ty.dtype))?;
        }
        let chosen: Vec<Val> =
            (0..reduced.len()).filter(|i| reduced.get(*i) == Some(&true)).map(|i| e.int(i as i64)).collect();
        let ty = Ty::tuple(chosen.iter().map(|v| v.ty.clone()));
        let axis = e.pack(ty, &chosen.iter().collect::<Vec<_>>());
        let arguments = |name: &str| Args::of(name, vec![a.clone(), axis.clone()]);
        let high = super::extremes::max(e, &arguments("numpy.max")?)?;
        let low = super::extremes::min(e, &arguments("numpy.min")?)?;
        binary(e, BinaryOp::Sub, false, &high, &low)
    })
}

/// `np.average`.
pub fn average(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let bound = Bound::new(args, &["a", "axis", "weights", "returned", "keepdims"])?;
    let returned = flag(bound.get("returned"), "returned", false)?;
    let (a, ty) = bound.array(e)?;
    let reduced = match axes::parse(e, bound.get("axis"), ty.ndim as usize, true, Axisless::Refused)? {
        Axes::Failed(v) => return Ok(v),
        Axes::Known(reduced) => reduced,
        Axes::Varying(_) => return fault(Code::NeedsConstant, "the axis must be known at compile time"),
    };
    let weights = match bound.get("weights").filter(|v| !is_none(v)) {
        Some(v) => Some(array_like(e, v)?.ok_or_else(|| {
            Box::new(coachwhip_ir::Diagnostic::new(Code::ArgumentTypes, "weights must be an array of numbers"))
        })?),
        None => None,
    };
    let (value, scale) = match weights {
        None => plain(e, &a, ty, &reduced, bound.keepdims()?)?,
        Some((w, w_ty)) => weighted(e, &a, ty, &w, w_ty, &reduced, bound.get("axis").is_none())?,
    };
    if e.dead {
        return Ok(value);
    }
    let keepdims = bound.keepdims()?;
    let shaped = |e: &mut Emit, v: &Val| if keepdims { with_axes(e, v, &reduced) } else { Ok(v.clone()) };
    let value = shaped(e, &value)?;
    if !returned {
        return Ok(value);
    }
    let scale = full_like(e, &value, &scale)?;
    let (value, scale) = (e.machine(&value), e.machine(&scale));
    Ok(e.pack(Ty::tuple([value.ty.clone(), scale.ty.clone()]), &[&value, &scale]))
}

/// The mean, and how many elements it is made of.
fn plain(e: &mut Emit, a: &Val, ty: ArrayTy, reduced: &[bool], keepdims: bool) -> Result<(Val, Val), Fault> {
    let n = moments::counted(e, a, ty, reduced, None)?;
    if ty.dtype == Dtype::Float16 {
        return Ok((moments::mean_of_halves(e, a, ty, reduced, None, &n, keepdims)?, n));
    }
    let d = if ty.dtype.kind() < Kind::Float { Dtype::Float64 } else { ty.dtype };
    let total = moments::sum(e, a, ty, reduced, d, None)?;
    Ok((moments::divided(e, total, &n)?, n))
}

/// The sum of weighted elements divided by the sum of the weights, and that.
fn weighted(
    e: &mut Emit,
    a: &Val,
    ty: ArrayTy,
    w: &Val,
    w_ty: ArrayTy,
    reduced: &[bool],
    all: bool,
) -> Result<(Val, Val), Fault> {
    let mut d = ty.dtype.promote(w_ty.dtype);
    if ty.dtype.kind() < Kind::Float {
        d = d.promote(Dtype::Float64);
    }
    let (w, w_ty) = if w_ty.dtype == d {
        (w.clone(), w_ty)
    } else {
        let cast = copied(e, w, w_ty, d, Order::K)?;
        let cast_ty = cast.ty.array().unwrap_or(w_ty);
        (cast, cast_ty)
    };
    let chosen: Vec<usize> = (0..reduced.len()).filter(|i| reduced.get(*i) == Some(&true)).collect();
    if w_ty.ndim == ty.ndim {
        same_shape(e, a, ty, &w, w_ty, all)?;
        let scale = moments::sum(e, &w, w_ty, reduced, d, None)?;
        return ratio(e, a, &w, reduced, d, scale);
    }
    let [axis] = chosen.as_slice() else {
        if all {
            let why = "Axis must be specified when shapes of a and weights differ.";
            return Ok((raise(e, "TypeError", vec![Piece::Text(why)]), e.never()));
        }
        return fault(Code::ArgumentTypes, "weights along several axes must have the shape of the array");
    };
    if w_ty.ndim != 1 {
        return fault(Code::ArgumentTypes, "weights have the shape of the array, or one axis");
    }
    let scale = moments::sum(e, &w, w_ty, &[true], d, None)?;
    let (n, size) = (shape(e, &w, w_ty).pop(), shape(e, a, ty).into_iter().nth(*axis));
    if let (Some(n), Some(size)) = (n, size) {
        let same = equal(e, &n, &size);
        e.if_else(&same, |e| Ok(e.none()), |e| Ok(inconsistent(e)))?;
    }
    let behind = reduced.len().saturating_sub(axis + 1);
    let (mut sizes, mut steps) = (shape(e, &w, w_ty), strides(e, &w, w_ty));
    let (one, item) = (e.int(1), e.int(i64::from(d.size())));
    sizes.extend(std::iter::repeat_n(one, behind));
    steps.extend(std::iter::repeat_n(item, behind));
    let start = data(e, &w);
    let spread_ty =
        ArrayTy { ndim: sizes.len() as u8, layout: if behind == 0 { w_ty.layout } else { Layout::A }, ..w_ty };
    let spread = view(e, &w, spread_ty, &start, &sizes, &steps);
    ratio(e, a, &spread, reduced, d, scale)
}

fn inconsistent(e: &mut Emit) -> Val {
    let why = "Shape of weights must be consistent with shape of a along specified axis.";
    raise(e, "ValueError", vec![Piece::Text(why)])
}

fn same_shape(e: &mut Emit, a: &Val, ty: ArrayTy, w: &Val, w_ty: ArrayTy, all: bool) -> Result<(), Fault> {
    let mut same = e.bool(true);
    for (x, y) in shape(e, a, ty).iter().zip(&shape(e, w, w_ty)) {
        let equal = equal(e, x, y);
        same = super::super::geometry::and(e, &same, &equal);
    }
    let refuse = |e: &mut Emit| {
        if !all {
            return Ok(inconsistent(e));
        }
        let why = "Axis must be specified when shapes of a and weights differ.";
        Ok(raise(e, "TypeError", vec![Piece::Text(why)]))
    };
    e.if_else(&same, |e| Ok(e.none()), refuse)?;
    Ok(())
}

fn ratio(e: &mut Emit, a: &Val, w: &Val, reduced: &[bool], d: Dtype, scale: Val) -> Result<(Val, Val), Fault> {
    let zero = e.float(0.0);
    let vanishing = match array(e, &scale) {
        None => compare(e, CmpOp::Eq, &scale, &zero)?,
        Some(_) => {
            let vanishing = compare(e, CmpOp::Eq, &scale, &zero)?;
            super::sums::any(e, &Args::of("numpy.any", vec![vanishing])?)?
        }
    };
    let vanishing = truth(e, &vanishing)?;
    let why = "Weights sum to zero, can't be normalized";
    e.if_else(&vanishing, |e| Ok(raise(e, "ZeroDivisionError", vec![Piece::Text(why)])), |e| Ok(e.none()))?;
    let products = binary(e, BinaryOp::Mul, false, a, w)?;
    let (products, ty) = match array(e, &products) {
        Some(found) => found,
        // Numbers without axes.
        None => super::super::create::array_or_number(e, Some(products), "average")?,
    };
    let total = moments::sum(e, &products, ty, reduced, d, None)?;
    let value = binary(e, BinaryOp::TrueDiv, false, &total, &scale)?;
    Ok((value, scale))
}

/// The scale in the shape and dtype of the value.
fn full_like(e: &mut Emit, value: &Val, scale: &Val) -> Result<Val, Fault> {
    let Some(d) = dtype_of(value) else { return Ok(scale.clone()) };
    if value.ty.array().is_none() {
        let element = super::super::cast::cast(e, scale, d);
        return Ok(e.machine(&element));
    }
    if let Some(ty) = scale.ty.array()
        && Some(ty.ndim) == value.ty.array().map(|t| t.ndim)
    {
        return Ok(scale.clone());
    }
    super::super::create::full_like(e, &Args::of("numpy.full_like", vec![value.clone(), scale.clone()])?)
}
