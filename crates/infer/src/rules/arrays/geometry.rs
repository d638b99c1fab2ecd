//! Shapes, strides and views: the header of an array as values, and headers put together from values.

use crate::emit::{Emit, Val};
use coachwhip_ir::{ArrayTy, Const, Dtype, Imm, Layout, Op, Ty};

/// The array behind a value: itself, or the global array that a literal names.
pub fn array(e: &mut Emit, v: &Val) -> Option<(Val, ArrayTy)> {
    match &v.ty {
        Ty::Array(ty) => Some((v.clone(), *ty)),
        Ty::Lit(Const::Array(number)) => {
            let number = *number;
            let ty = e.engine.source().array(number);
            e.engine.use_array(number);
            let value = e.op_with(Op::GlobalArray, Imm::Int(i64::from(number)), &[], Ty::Array(ty));
            Some((value, ty))
        }
        _ => None,
    }
}

/// The layout that stands for "contiguous" with this many dimensions: C and F are the same below two.
pub fn contiguous(layout: Layout, ndim: usize) -> Layout {
    if ndim < 2 && layout == Layout::F { Layout::C } else { layout }
}

/// Size of an axis.
pub fn extent(e: &mut Emit, a: &Val, axis: usize) -> Val {
    e.field(a, 2 + axis)
}

/// Stride of an axis in bytes.
pub fn stride(e: &mut Emit, a: &Val, ty: ArrayTy, axis: usize) -> Val {
    e.field(a, 2 + ty.ndim as usize + axis)
}

/// Sizes of all axes.
pub fn shape(e: &mut Emit, a: &Val, ty: ArrayTy) -> Vec<Val> {
    (0..ty.ndim as usize).map(|axis| extent(e, a, axis)).collect()
}

/// Strides of all axes in bytes.
pub fn strides(e: &mut Emit, a: &Val, ty: ArrayTy) -> Vec<Val> {
    (0..ty.ndim as usize).map(|axis| stride(e, a, ty, axis)).collect()
}

/// The address of the first element.
pub fn data(e: &mut Emit, a: &Val) -> Val {
    e.field(a, 0)
}

/// Whether a value is this literal int.
pub fn is_int(v: &Val, number: i64) -> bool {
    matches!(v.literal(), Some(Const::Int(i)) if *i == number)
}

/// Product of two sizes.
pub fn mul(e: &mut Emit, a: &Val, b: &Val) -> Val {
    match (is_int(a, 1), is_int(b, 1)) {
        (true, _) => b.clone(),
        (_, true) => a.clone(),
        _ => e.op(Op::Mul, &[a, b], Ty::Int),
    }
}

/// Sum of two sizes.
pub fn add(e: &mut Emit, a: &Val, b: &Val) -> Val {
    match (is_int(a, 0), is_int(b, 0)) {
        (true, _) => b.clone(),
        (_, true) => a.clone(),
        _ => e.op(Op::Add, &[a, b], Ty::Int),
    }
}

/// Difference of two sizes.
pub fn sub(e: &mut Emit, a: &Val, b: &Val) -> Val {
    if is_int(b, 0) { a.clone() } else { e.op(Op::Sub, &[a, b], Ty::Int) }
}

/// Product of all sizes; 1 of none.
pub fn product(e: &mut Emit, sizes: &[Val]) -> Val {
    let mut total = e.int(1);
    for size in sizes {
        total = mul(e, &total, size);
    }
    total
}

/// Both conditions.
pub fn and(e: &mut Emit, a: &Val, b: &Val) -> Val {
    match (a.literal(), b.literal()) {
        (Some(Const::Bool(true)), _) | (_, Some(Const::Bool(false))) => b.clone(),
        (Some(Const::Bool(false)), _) | (_, Some(Const::Bool(true))) => a.clone(),
        _ => e.op(Op::And, &[a, b], Ty::Bool),
    }
}

/// Either condition.
pub fn or(e: &mut Emit, a: &Val, b: &Val) -> Val {
    match (a.literal(), b.literal()) {
        (Some(Const::Bool(false)), _) | (_, Some(Const::Bool(true))) => b.clone(),
        (Some(Const::Bool(true)), _) | (_, Some(Const::Bool(false))) => a.clone(),
        _ => e.op(Op::Or, &[a, b], Ty::Bool),
    }
}

/// Whether two sizes are equal.
pub fn equal(e: &mut Emit, a: &Val, b: &Val) -> Val {
    if a.id == b.id { e.bool(true) } else { e.op(Op::Eq, &[a, b], Ty::Bool) }
}

/// Strides in bytes of a contiguous array.
pub fn packed_strides(e: &mut Emit, dtype: Dtype, sizes: &[Val], layout: Layout) -> Vec<Val> {
    let mut step = e.int(i64::from(dtype.size()));
    let mut result = vec![step.clone(); sizes.len()];
    let order: Vec<usize> = match layout {
        Layout::F => (0..sizes.len()).collect(),
        _ => (0..sizes.len()).rev().collect(),
    };
    for axis in order {
        if let (Some(place), Some(size)) = (result.get_mut(axis), sizes.get(axis)) {
            *place = step.clone();
            step = mul(e, &step, size);
        }
    }
    result
}

/// An array over the memory of `base`.
pub fn view(e: &mut Emit, base: &Val, ty: ArrayTy, data: &Val, sizes: &[Val], steps: &[Val]) -> Val {
    let mut operands = vec![base, data];
    operands.extend(sizes);
    operands.extend(steps);
    e.op(Op::View, &operands, Ty::Array(ty))
}

/// The same elements under another static type: a promise about the layout, or its opposite.
pub fn retyped(e: &mut Emit, a: &Val, from: ArrayTy, to: ArrayTy) -> Val {
    if from == to {
        return a.clone();
    }
    let (start, sizes, steps) = (data(e, a), shape(e, a, from), strides(e, a, from));
    view(e, a, to, &start, &sizes, &steps)
}

/// The axes in another order.
pub fn transposed(e: &mut Emit, a: &Val, ty: ArrayTy, axes: &[usize]) -> Val {
    let ndim = ty.ndim as usize;
    let identity = axes.iter().copied().eq(0..ndim);
    if identity {
        return a.clone();
    }
    let reversed = axes.iter().copied().eq((0..ndim).rev());
    let layout = match ty.layout {
        Layout::C if reversed => Layout::F,
        Layout::F if reversed => Layout::C,
        _ => Layout::A,
    };
    let start = data(e, a);
    let sizes: Vec<Val> = axes.iter().map(|&axis| extent(e, a, axis)).collect();
    let steps: Vec<Val> = axes.iter().map(|&axis| stride(e, a, ty, axis)).collect();
    view(e, a, ArrayTy { layout, ..ty }, &start, &sizes, &steps)
}

/// All axes reversed: `a.T`.
pub fn reversed_axes(e: &mut Emit, a: &Val, ty: ArrayTy) -> (Val, ArrayTy) {
    let axes: Vec<usize> = (0..ty.ndim as usize).rev().collect();
    let result = transposed(e, a, ty, &axes);
    let ty = result.ty.array().unwrap_or(ty);
    (result, ty)
}

/// Whether the elements lie one after the other in C order, decided at run time as NumPy decides it.
pub fn is_c_contiguous(e: &mut Emit, a: &Val, ty: ArrayTy) -> Val {
    if ty.layout == Layout::C || ty.ndim == 0 {
        return e.bool(true);
    }
    let (sizes, steps) = (shape(e, a, ty), strides(e, a, ty));
    let (one, zero) = (e.int(1), e.int(0));
    let mut holds = e.bool(true);
    let mut empty = e.bool(false);
    let mut step = e.int(i64::from(ty.dtype.size()));
    for (size, actual) in sizes.iter().zip(&steps).rev() {
        let single = equal(e, size, &one);
        let fits = equal(e, actual, &step);
        let fits = or(e, &single, &fits);
        holds = and(e, &holds, &fits);
        let none = equal(e, size, &zero);
        empty = or(e, &empty, &none);
        step = mul(e, &step, size);
    }
    or(e, &holds, &empty)
}

/// A contiguous array in C order seen as one-dimensional.
pub fn flattened(e: &mut Emit, a: &Val, ty: ArrayTy) -> (Val, ArrayTy) {
    let flat = ArrayTy { ndim: 1, layout: Layout::C, ..ty };
    if ty.ndim == 1 {
        return (retyped(e, a, ty, flat), flat);
    }
    let sizes = shape(e, a, ty);
    let (start, size, step) = (data(e, a), product(e, &sizes), e.int(i64::from(ty.dtype.size())));
    (view(e, a, flat, &start, &[size], &[step]), flat)
}
