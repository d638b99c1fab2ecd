//! `reshape`, `ravel`, `flatten`: a view where the elements lie right for it, else a copy, as in NumPy.

use super::create::{allocate, copied, sizes};
use super::geometry::{
    array, data, equal, flattened, is_c_contiguous, mul, packed_strides, product, retyped, reversed_axes, shape,
    strides, view,
};
use super::library;
use super::literals::{Order, order};
use super::raise::{Piece, raise, shape_text};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{ArrayTy, Code, Const, Dtype, ErrorKind, Layout, Op, Ty, describe};

/// `a.reshape(…)`: the shape as one argument or as several.
pub fn method(e: &mut Emit, a: &Val, ty: ArrayTy, args: &Args) -> Result<Val, Fault> {
    let [_, order_slot] = args.take(["a", "order"])?;
    let shape = match args.rest() {
        [] => return fault(Code::ArgumentCount, "reshape() takes exactly 1 argument (0 given)"),
        [one] => sizes(e, one)?,
        several => {
            let mut shape = Vec::new();
            for v in several {
                shape.push(super::integers::size(e, v, "a size of a shape")?);
            }
            shape
        }
    };
    reshape(e, a, ty, &shape, order(order_slot.as_ref(), Order::C)?)
}

/// `np.reshape(a, shape, order)`.
pub fn function(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [Some(a), Some(shape), order_slot] = &args.take(["a", "shape", "order"])? else {
        return fault(Code::Internal, "reshape() of nothing");
    };
    let Some((a, ty)) = array(e, a) else { return fault(Code::ArgumentTypes, "reshape() wants an array") };
    let shape = sizes(e, shape)?;
    reshape(e, &a, ty, &shape, order(order_slot.as_ref(), Order::C)?)
}

fn reshape(e: &mut Emit, a: &Val, ty: ArrayTy, wanted: &[Val], order: Order) -> Result<Val, Fault> {
    let sizes = resolved(e, a, ty, wanted)?;
    let fortran = match order {
        Order::F => true,
        Order::A => ty.layout == Layout::F,
        Order::C => false,
        Order::K => return fault(Code::ArgumentTypes, "order 'K' is not permitted for reshaping"),
    };
    if !fortran || (ty.ndim < 2 && sizes.len() < 2) {
        return in_c_order(e, a, ty, &sizes);
    }
    let (transposed, transposed_ty) = reversed_axes(e, a, ty);
    let reversed: Vec<Val> = sizes.iter().rev().cloned().collect();
    let result = in_c_order(e, &transposed, transposed_ty, &reversed)?;
    let result_ty = result.ty.array().unwrap_or(ty);
    Ok(reversed_axes(e, &result, result_ty).0)
}

/// The sizes with the unknown one computed, after the check that they hold the array's elements.
fn resolved(e: &mut Emit, a: &Val, ty: ArrayTy, wanted: &[Val]) -> Result<Vec<Val>, Fault> {
    let (zero, one) = (e.int(0), e.int(1));
    let old = shape(e, a, ty);
    let total = product(e, &old);
    let mut unknown = Vec::new();
    let mut known = one.clone();
    for size in wanted {
        let negative = e.op(Op::Lt, &[size, &zero], Ty::Bool);
        let factor = e.select(&negative, &one, size);
        known = mul(e, &known, &factor);
        unknown.push(negative);
    }
    let mut some = e.bool(false);
    for negative in &unknown {
        let both = super::geometry::and(e, &some, negative);
        let single = e.negated(&both);
        e.guard(&single, ErrorKind::ReshapeUnknown, &[]);
        some = super::geometry::or(e, &some, negative);
    }
    // The unknown size; 1 stands for a divisor of 0, which is refused below.
    let positive = e.op(Op::Max, &[&known, &one], Ty::Int);
    let rest = e.op(Op::FloorDiv, &[&total, &positive], Ty::Int);
    let all = mul(e, &rest, &known);
    let exact = equal(e, &all, &total);
    let divisible = e.op(Op::Ne, &[&known, &zero], Ty::Bool);
    let found = super::geometry::and(e, &exact, &divisible);
    let same = equal(e, &known, &total);
    let fits = e.select(&some, &found, &same);
    e.if_else(&fits, |e| Ok(e.none()), |e| Ok(refuse(e, &total, wanted)))?;
    Ok(wanted.iter().zip(&unknown).map(|(size, negative)| e.select(negative, &rest, size)).collect())
}

fn refuse(e: &mut Emit, total: &Val, wanted: &[Val]) -> Val {
    let mut pieces = vec![Piece::Text("cannot reshape array of size "), Piece::Number(total.clone())];
    pieces.push(Piece::Text(" into shape "));
    let unknown = |v: &Val| v.literal_int().is_some_and(|i| i < 0);
    let names = |piece: Piece| match piece {
        Piece::Number(v) if unknown(&v) => Piece::Text("newaxis"),
        other => other,
    };
    pieces.extend(shape_text(wanted).into_iter().map(names));
    raise(e, "ValueError", pieces)
}

/// The elements in C order under another shape of the same size.
fn in_c_order(e: &mut Emit, a: &Val, ty: ArrayTy, sizes: &[Val]) -> Result<Val, Fault> {
    let ndim = sizes.len() as u8;
    let same = ndim == ty.ndim && ndim < 2;
    if same {
        return Ok(a.clone());
    }
    if ty.layout == Layout::C || ty.ndim == 0 {
        let steps = packed_strides(e, ty.dtype, sizes, Layout::C);
        let start = data(e, a);
        return Ok(view(e, a, ArrayTy { ndim, layout: Layout::C, ..ty }, &start, sizes, &steps));
    }
    if ty.ndim == 1 {
        return Ok(split_axis(e, a, ty, sizes));
    }
    view_or_copy(e, a, ty, sizes)
}

/// A strided one-dimensional array as several axes, or none: always a view.
fn split_axis(e: &mut Emit, a: &Val, ty: ArrayTy, sizes: &[Val]) -> Val {
    let mut step = super::geometry::stride(e, a, ty, 0);
    let mut steps = Vec::new();
    for size in sizes.iter().rev() {
        steps.push(step.clone());
        step = mul(e, &step, size);
    }
    steps.reverse();
    let layout = if sizes.is_empty() { Layout::C } else { Layout::A };
    let start = data(e, a);
    view(e, a, ArrayTy { ndim: sizes.len() as u8, layout, ..ty }, &start, sizes, &steps)
}

/// Several strided axes: the library function finds the strides of a view, if there is one.
fn view_or_copy(e: &mut Emit, a: &Val, ty: ArrayTy, sizes: &[Val]) -> Result<Val, Fault> {
    if ty.readonly {
        let copy = copied(e, a, ty, ty.dtype, Order::C)?;
        let copy_ty = copy.ty.array().unwrap_or(ty);
        return in_c_order(e, &copy, copy_ty, sizes);
    }
    let (old_sizes, old_steps) = (shape(e, a, ty), strides(e, a, ty));
    let old_shape = listed(e, &old_sizes);
    let old_strides = listed(e, &old_steps);
    let new_shape = listed(e, sizes);
    let zero = e.int(0);
    let new_strides = listed(e, &vec![zero; sizes.len()]);
    let item = e.int(i64::from(ty.dtype.size()));
    let item = e.machine(&item);
    let arguments = [old_shape, old_strides, new_shape, new_strides.clone(), item];
    let possible = library(e, "coachwhip.lib.reshape_strides", &arguments)?;
    let result_ty = ArrayTy { ndim: sizes.len() as u8, layout: Layout::A, ..ty };
    e.if_else(
        &possible,
        |e| {
            let mut steps = Vec::new();
            for axis in 0..sizes.len() {
                let place = e.int(axis as i64);
                let step = e.op(Op::Load, &[&new_strides, &place], Ty::Scalar(Dtype::Int64));
                steps.push(e.op(Op::Convert, &[&step], Ty::Int));
            }
            let start = data(e, a);
            Ok(view(e, a, result_ty, &start, sizes, &steps))
        },
        |e| {
            let copy = copied(e, a, ty, ty.dtype, Order::C)?;
            let copy_ty = copy.ty.array().unwrap_or(ty);
            let reshaped = in_c_order(e, &copy, copy_ty, sizes)?;
            let from = reshaped.ty.array().unwrap_or(result_ty);
            Ok(retyped(e, &reshaped, from, result_ty))
        },
    )
}

/// A small array of ints.
fn listed(e: &mut Emit, items: &[Val]) -> Val {
    let size = e.int(items.len() as i64);
    let list = allocate(e, Dtype::Int64, &[size], Layout::C, false);
    for (position, item) in items.iter().enumerate() {
        let place = e.int(position as i64);
        let item = super::cast::cast(e, item, Dtype::Int64);
        super::store::store(e, &list, &[place], &item);
    }
    list
}

/// The array as it is if its elements lie in the order, else a copy in that order.
///
/// A view of a read-only array is read-only and a copy is not, but a value has one type: where it is not sure
/// that the elements lie right, a read-only array is copied.
pub fn contiguous_or_copy(e: &mut Emit, a: &Val, ty: ArrayTy, order: Order) -> Result<Val, Fault> {
    if order == Order::F && ty.ndim > 1 {
        let (transposed, transposed_ty) = reversed_axes(e, a, ty);
        let result = contiguous_or_copy(e, &transposed, transposed_ty, Order::C)?;
        let result_ty = result.ty.array().unwrap_or(ty);
        return Ok(reversed_axes(e, &result, result_ty).0);
    }
    if ty.layout == Layout::C {
        return Ok(a.clone());
    }
    let result_ty = ArrayTy { layout: Layout::C, ..ty };
    if ty.readonly {
        return copied(e, a, ty, ty.dtype, Order::C);
    }
    let lies = is_c_contiguous(e, a, ty);
    e.if_else(
        &lies,
        |e| Ok(retyped(e, a, ty, result_ty)),
        |e| {
            let copy = copied(e, a, ty, ty.dtype, Order::C)?;
            let copy_ty = copy.ty.array().unwrap_or(ty);
            Ok(retyped(e, &copy, copy_ty, result_ty))
        },
    )
}

/// `a.ravel(order)`: one-dimensional, a view if the elements lie in that order.
pub fn ravel(e: &mut Emit, a: &Val, ty: ArrayTy, order: Order) -> Result<Val, Fault> {
    let (a, ty) = in_reading_order(e, a, ty, order)?;
    let result = contiguous_or_copy(e, &a, ty, Order::C)?;
    let result_ty = result.ty.array().unwrap_or(ty);
    Ok(flattened(e, &result, result_ty).0)
}

/// `a.flatten(order)`: one-dimensional, always a copy.
pub fn flatten(e: &mut Emit, a: &Val, ty: ArrayTy, order: Order) -> Result<Val, Fault> {
    let (a, ty) = in_reading_order(e, a, ty, order)?;
    let copy = copied(e, &a, ty, ty.dtype, Order::C)?;
    let copy_ty = copy.ty.array().unwrap_or(ty);
    Ok(flattened(e, &copy, copy_ty).0)
}

/// The axes turned so that reading the array in the given order is reading the result in C order.
fn in_reading_order(e: &mut Emit, a: &Val, ty: ArrayTy, order: Order) -> Result<(Val, ArrayTy), Fault> {
    let turned = match (order, ty.layout) {
        (Order::C, _) => false,
        (Order::F, _) => true,
        (Order::A | Order::K, Layout::C) => false,
        (Order::A | Order::K, Layout::F) => true,
        (Order::A | Order::K, Layout::A) if ty.ndim < 2 => false,
        _ => return fault(Code::ArgumentTypes, "this order is not supported for a strided array; use order='C'"),
    };
    Ok(if turned { reversed_axes(e, a, ty) } else { (a.clone(), ty) })
}

/// `np.ravel(a, order="C")`.
pub fn ravel_function(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, order_slot] = args.take(["a", "order"])?;
    let (a, ty) = array_argument(e, a, "ravel")?;
    ravel(e, &a, ty, order(order_slot.as_ref(), Order::C)?)
}

/// `np.transpose(a, axes=None)`.
pub fn transpose_function(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, axes] = args.take(["a", "axes"])?;
    let (a, ty) = array_argument(e, a, "transpose")?;
    transpose(e, &a, ty, axes.as_slice())
}

fn array_argument(e: &mut Emit, v: Option<Val>, name: &str) -> Result<(Val, ArrayTy), Fault> {
    match (v.as_ref().and_then(|v| array(e, v)), v) {
        (Some(found), _) => Ok(found),
        (None, Some(v)) => fault(Code::ArgumentTypes, format!("{name}() wants an array, not {}", describe(&v.ty))),
        (None, None) => fault(Code::Internal, format!("{name}() of nothing")),
    }
}

/// `a.transpose(*axes)`.
pub fn transpose(e: &mut Emit, a: &Val, ty: ArrayTy, axes: &[Val]) -> Result<Val, Fault> {
    let given: Vec<Val> = match axes {
        [] => return Ok(reversed_axes(e, a, ty).0),
        [one] if matches!(one.literal(), Some(Const::None)) => return Ok(reversed_axes(e, a, ty).0),
        [one] => match &one.ty {
            ty if crate::rules::lists::is_sequence(ty) => crate::rules::tuples::items(e, one)?,
            _ => vec![one.clone()],
        },
        several => several.to_vec(),
    };
    let ndim = i64::from(ty.ndim);
    if given.len() as i64 != ndim {
        return fault(Code::ArgumentTypes, "axes don't match array");
    }
    let mut axes: Vec<usize> = Vec::new();
    for v in &given {
        let Some(axis) = v.literal_int() else {
            return fault(Code::NeedsConstant, "the axes of transpose() must be known at compile time");
        };
        if axis < -ndim || axis >= ndim {
            let message = format!("axis {axis} is out of bounds for array of dimension {ndim}");
            return fault(Code::ArgumentTypes, message);
        }
        let axis = axis.rem_euclid(ndim.max(1)) as usize;
        if axes.contains(&axis) {
            return fault(Code::ArgumentTypes, "repeated axis in transpose");
        }
        axes.push(axis);
    }
    Ok(super::geometry::transposed(e, a, ty, &axes))
}
