//! Functions of the run time on whole arrays, as library functions call them (`coachwhip.lib.compiler`).

use super::geometry::{array, data, extent, mul, shape, strides};
use super::order::{self, Sort, Voice};
use super::{create, literals};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{ArrayTy, Code, Dtype, Imm, Layout, Op, RuntimeFn, Ty};

/// `sort(a, scratch)`: a contiguous array of one dimension, ascending, in place; the scratch array may be empty.
pub fn sort(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, scratch] = args.all(["a", "scratch"])?;
    let (dtype, start, count) = operand(e, &a, None)?;
    let (_, scratch, room) = operand(e, &scratch, a.ty.array().map(|ty| ty.dtype))?;
    let item = e.int(a.ty.array().map_or(1, |ty| i64::from(ty.dtype.size())));
    let bytes = mul(e, &room, &item);
    let bytes = e.machine(&bytes);
    call(e, RuntimeFn::Sort, &[&dtype, &start, &count, &scratch, &bytes])
}

/// `select(a, place)`: the element that belongs at a place of the sorted array comes there.
pub fn select(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, place] = args.all(["a", "place"])?;
    let (dtype, start, count) = operand(e, &a, None)?;
    let place = e.machine(&place);
    call(e, RuntimeFn::Select, &[&dtype, &start, &count, &place])
}

/// `sort_positions(a, found, scratch)`: the positions that sort an array, into one of int64.
pub fn sort_positions(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, found, scratch] = args.all(["a", "found", "scratch"])?;
    let (dtype, start, count) = operand(e, &a, None)?;
    let (_, found, _) = operand(e, &found, Some(Dtype::Int64))?;
    let (_, scratch, _) = operand(e, &scratch, Some(Dtype::Uint64))?;
    call(e, RuntimeFn::SortPositions, &[&dtype, &start, &count, &found, &scratch])
}

/// `select_positions(a, place, found, scratch)`: the same, for one place.
pub fn select_positions(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, place, found, scratch] = args.all(["a", "place", "found", "scratch"])?;
    let (dtype, start, count) = operand(e, &a, None)?;
    let (_, found, _) = operand(e, &found, Some(Dtype::Int64))?;
    let (_, scratch, _) = operand(e, &scratch, Some(Dtype::Uint64))?;
    let place = e.machine(&place);
    call(e, RuntimeFn::SelectPositions, &[&dtype, &start, &count, &place, &found, &scratch])
}

/// `random_double()`: the next number of NumPy's global stream.
pub fn random_double(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [] = args.all([])?;
    Ok(e.runtime(RuntimeFn::RandomDouble, &[], Ty::Float))
}

/// `random_interval(most)`: a whole number of 0 to `most` from that stream.
pub fn random_interval(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [most] = args.all(["most"])?;
    let most = e.machine(&most);
    Ok(e.runtime(RuntimeFn::RandomInterval, &[&most], Ty::Int))
}

/// `random_seed(seed)`: sets that stream, from a number or `None`.
pub fn random_seed(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [seed] = args.all(["seed"])?;
    let none = crate::join::is_none(&seed.ty);
    let given = e.int(i64::from(!none));
    let number = if none { e.int(0) } else { e.machine(&seed) };
    let given = e.machine(&given);
    let number = e.machine(&number);
    call(e, RuntimeFn::RandomSeed, &[&given, &number])
}

/// `rarely()`: true, and says that its block rarely runs; at the test of a loop, LLVM keeps the loop small.
pub fn rarely(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [] = args.all([])?;
    e.effect(Op::Unlikely, Imm::None, &[]);
    Ok(e.bool(true))
}

/// `in_lanes()`: says that the loop around is written for several elements side by side.
pub fn in_lanes(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [] = args.all([])?;
    e.effect(Op::Lanes, Imm::None, &[]);
    Ok(e.none())
}

/// `mask_count(mask)`: the number of bools that are true.
pub fn mask_count(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [mask] = args.all(["mask"])?;
    let (_, mask, count) = operand(e, &mask, Some(Dtype::Bool))?;
    Ok(e.runtime(RuntimeFn::MaskCount, &[&mask, &count], Ty::Int))
}

/// `mask_positions(mask, found, first)`: their positions, counted from `first`, to the beginning of `found`.
pub fn mask_positions(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [mask, found, first] = args.all(["mask", "found", "first"])?;
    let (_, mask, count) = operand(e, &mask, Some(Dtype::Bool))?;
    let (_, found, room) = operand(e, &found, Some(Dtype::Int64))?;
    Ok(e.runtime(RuntimeFn::MaskPositions, &[&mask, &count, &found, &room, &first], Ty::Int))
}

/// `mask_compress(mask, source, target)`: the elements of `source` there, to the beginning of `target`.
pub fn mask_compress(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [mask, source, target] = args.all(["mask", "source", "target"])?;
    let (_, mask, count) = operand(e, &mask, Some(Dtype::Bool))?;
    let dtype = source.ty.array().map(|ty| ty.dtype);
    let (_, from, _) = operand(e, &source, dtype)?;
    let (_, to, room) = operand(e, &target, dtype)?;
    let item = e.int(dtype.map_or(0, |d| i64::from(d.size())));
    Ok(e.runtime(RuntimeFn::MaskCompress, &[&mask, &count, &from, &to, &room, &item], Ty::Int))
}

/// `mask_expand(mask, source, target)`: the first items of `source` to the elements of `target` there.
pub fn mask_expand(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [mask, source, target] = args.all(["mask", "source", "target"])?;
    let (_, mask, count) = operand(e, &mask, Some(Dtype::Bool))?;
    let dtype = target.ty.array().map(|ty| ty.dtype);
    let (_, from, room) = operand(e, &source, dtype)?;
    let (_, to, _) = operand(e, &target, dtype)?;
    let item = e.int(dtype.map_or(0, |d| i64::from(d.size())));
    Ok(e.runtime(RuntimeFn::MaskExpand, &[&mask, &count, &from, &room, &to, &item], Ty::Int))
}

/// The number of the dtype, the address and the length of a contiguous array of one dimension.
fn operand(e: &mut Emit, v: &Val, dtype: Option<Dtype>) -> Result<(Val, Val, Val), Fault> {
    match array(e, v) {
        Some((a, ty)) if ty.ndim == 1 && ty.layout == Layout::C && dtype.is_none_or(|d| d == ty.dtype) => {
            let number = e.int(i64::from(ty.dtype as u32));
            Ok((number, data(e, &a), extent(e, &a, 0)))
        }
        _ => fault(Code::Internal, "a primitive takes contiguous arrays of one dimension"),
    }
}

fn call(e: &mut Emit, function: RuntimeFn, args: &[&Val]) -> Result<Val, Fault> {
    e.effect(Op::Runtime, Imm::Runtime(function), args);
    Ok(e.none())
}

/// `contiguous(a)`: whether an array is known to be in C order.
pub fn contiguous(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a] = args.all(["a"])?;
    let known = array(e, &a).is_some_and(|(_, ty)| ty.layout == Layout::C);
    Ok(e.bool(known))
}

/// `writeable(a)`: whether the elements of an array may be changed.
pub fn writeable(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a] = args.all(["a"])?;
    let known = array(e, &a).is_some_and(|(_, ty)| !ty.readonly);
    Ok(e.bool(known))
}

/// `empty_like_all(arrays, shape, dtype)`: a new array whose axes lie in memory as those of most arrays in a tuple do, as
/// NumPy's functions of several arrays choose it: C order wins where they do not agree.
pub fn empty_like_all(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [arrays, sizes, dtype] = args.all(["arrays", "shape", "dtype"])?;
    let Some(dtype) = literals::dtype(Some(&dtype))? else {
        return fault(Code::Internal, "empty_like_all() wants a dtype");
    };
    let sizes = create::shape_argument(e, &sizes)?;
    let count = arrays.ty.fields().map_or(0, |f| f.len());
    let items: Vec<Val> = (0..count).map(|i| e.field(&arrays, i)).collect();
    let found: Vec<(Val, ArrayTy)> = items.iter().filter_map(|v| array(e, v)).collect();
    let all = |layout: Layout| found.iter().all(|(_, ty)| ty.layout == layout);
    if sizes.len() < 2 || all(Layout::C) || found.iter().any(|(_, ty)| usize::from(ty.ndim) != sizes.len()) {
        return Ok(create::allocate(e, dtype, &sizes, Layout::C, false));
    }
    // Arrays in Fortran's order say nothing about axes of length 1, which then stay where they are, unlike in that order.
    let voices: Vec<Voice> = found
        .iter()
        .map(|(a, ty)| {
            let (own, steps) = (shape(e, a, *ty), strides(e, a, *ty));
            Voice::joined(e, &own, &steps)
        })
        .collect();
    Ok(order::allocated(e, Sort::Outside, &voices, dtype, &sizes, false))
}
