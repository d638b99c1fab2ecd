//! NumPy's functions that pick elements: `nonzero`, `take`, `compress`, `extract`, `ix_` and their kin.

use super::masks::{like, positions};
use super::{Selection, gather};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::arrays::casting::{self, Casting};
use crate::rules::arrays::create::{allocate, copied};
use crate::rules::arrays::geometry::{equal, extent, flattened, or, product, retyped, shape, strides, view};
use crate::rules::arrays::index::{Index, Item, element, is_none, select};
use crate::rules::arrays::literals::Order;
use crate::rules::arrays::raise::{Piece, raise};
use crate::rules::arrays::reshape::ravel;
use crate::rules::arrays::{array_like, geometry, integers, library, store};
use crate::rules::tuples;
use coachwhip_ir::{ArrayTy, Code, Const, Diagnostic, Dtype, Layout, Op, Ty};

/// What an index out of range does.
#[derive(Clone, Copy, PartialEq)]
pub enum Mode {
    /// It fails.
    Raise,
    /// It is taken modulo the size.
    Wrap,
    /// It is the nearest position.
    Clip,
}

/// An argument that must be there.
pub fn given(v: Option<Val>, name: &str) -> Result<Val, Fault> {
    match v {
        Some(v) => Ok(v),
        None => fault(Code::ArgumentCount, format!("{name}() is missing an argument")),
    }
}

/// A `mode=` argument.
pub fn mode(v: &Option<Val>) -> Result<Mode, Fault> {
    match v.as_ref().map(|v| v.literal()) {
        None => Ok(Mode::Raise),
        Some(Some(Const::Str(text))) => match &**text {
            "raise" => Ok(Mode::Raise),
            "wrap" => Ok(Mode::Wrap),
            "clip" => Ok(Mode::Clip),
            _ => {
                fault(Code::ArgumentTypes, format!("clipmode must be one of 'clip', 'raise', or 'wrap' (got '{text}')"))
            }
        },
        _ => fault(Code::NeedsConstant, "mode must be a str that is known at compile time"),
    }
}

/// As [`axis`], where NumPy converts it in C and takes no bool.
fn whole_axis(v: &Option<Val>, ndim: u8) -> Result<Option<usize>, Fault> {
    match v {
        Some(v) if v.ty.widened() == Ty::Bool => fault(Code::ArgumentTypes, "an integer is required for the axis"),
        _ => axis(v, ndim),
    }
}

/// An `axis=` argument of an array with `ndim` axes; `None` if it is absent or `None`.
pub fn axis(v: &Option<Val>, ndim: u8) -> Result<Option<usize>, Fault> {
    let Some(v) = v.as_ref().filter(|v| !is_none(v)) else { return Ok(None) };
    let Some(axis) = v.literal_int() else {
        return fault(Code::NeedsConstant, "axis must be an int that is known at compile time");
    };
    let ndim = i64::from(ndim);
    if axis < -ndim || axis >= ndim {
        let message = format!("axis {axis} is out of bounds for array of dimension {ndim}");
        return fault(Code::ArgumentTypes, message);
    }
    Ok(Some(axis.rem_euclid(ndim) as usize))
}

/// An argument of positions as an array of an integer dtype.
pub fn positions_argument(e: &mut Emit, v: &Val, name: &str) -> Result<(Val, ArrayTy), Fault> {
    if geometry::array(e, v).is_none() && array_like::is_convertible(&v.ty) {
        // `take` and `put` convert the items of a sequence one by one; `choose` makes an array of them first.
        match array_like::natural_dtype(e, v)?.filter(|_| name == "choose") {
            Some(d) if !Casting::Safe.allows(d, Dtype::Int64) && !d.is_int() => {
                return casting::refused_copy("array data", d, Dtype::Int64, Casting::Safe);
            }
            _ => {}
        }
        let made = array_like::from_sequence(e, v, Some(Dtype::Int64), Layout::C)?;
        let ty =
            made.ty.array().unwrap_or(ArrayTy { dtype: Dtype::Int64, ndim: 1, layout: Layout::C, readonly: false });
        return Ok((made, ty));
    }
    let (a, ty) = like(e, v, name)?;
    if ty.dtype == Dtype::Uint64 && matches!(name, "put" | "choose") {
        casting::check_array(&a, Dtype::Int64, Casting::Safe)?;
    }
    if ty.dtype.is_int() {
        return Ok((a, ty));
    }
    if ty.dtype == Dtype::Bool {
        let made = copied(e, &a, ty, Dtype::Int64, Order::C)?;
        let made_ty = made.ty.array().unwrap_or(ty);
        return Ok((made, made_ty));
    }
    let message = format!("positions are ints, not {}", ty.dtype.name());
    Err(Box::new(Diagnostic::new(Code::ArgumentTypes, message).help("convert them once: index.astype(np.int64)")))
}

/// The array with one axis in C order.
pub fn raveled(e: &mut Emit, a: &Val, ty: ArrayTy) -> Result<(Val, ArrayTy), Fault> {
    let flat = ravel(e, a, ty, Order::C)?;
    let flat_ty = flat.ty.array().unwrap_or(ty);
    Ok((flat, flat_ty))
}

/// `np.nonzero(a)`.
pub fn nonzero(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a] = args.take(["a"])?;
    let (a, ty) = like(e, &given(a, "nonzero")?, "nonzero")?;
    if ty.ndim == 0 {
        let text = "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead.";
        return Ok(raise(e, "ValueError", vec![Piece::Text(text)]));
    }
    let found: Vec<Val> = positions(e, &a, ty)?.into_iter().map(|(v, _)| v).collect();
    Ok(tuples::display(e, &found))
}

/// `np.flatnonzero(a)`.
pub fn flatnonzero(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a] = args.take(["a"])?;
    let (a, ty) = like(e, &given(a, "flatnonzero")?, "flatnonzero")?;
    Ok(flat_positions(e, &a, ty)?.0)
}

/// The positions in C order of elements that are not zero.
fn flat_positions(e: &mut Emit, a: &Val, ty: ArrayTy) -> Result<(Val, ArrayTy), Fault> {
    let (flat, flat_ty) = raveled(e, a, ty)?;
    match positions(e, &flat, flat_ty)?.pop() {
        Some(found) => Ok(found),
        None => fault(Code::Internal, "an array of one axis has positions on it"),
    }
}

/// `np.argwhere(a)`.
pub fn argwhere(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a] = args.take(["a"])?;
    let (a, ty) = like(e, &given(a, "argwhere")?, "argwhere")?;
    if ty.ndim == 0 {
        let (flat, flat_ty) = flattened(e, &a, ty);
        let (found, zero) = (super::masks::count(e, &flat, flat_ty)?, e.int(0));
        return Ok(allocate(e, Dtype::Int64, &[found, zero], Layout::C, false));
    }
    let (found, ndim) = (super::masks::count(e, &a, ty)?, e.int(i64::from(ty.ndim)));
    // NumPy's is the transpose of an array with one row for each axis.
    let result = allocate(e, Dtype::Int64, &[found.clone(), ndim], Layout::F, false);
    let Some(result_ty) = result.ty.array() else { return Ok(result) };
    let mut columns = Vec::new();
    for column in 0..i64::from(ty.ndim) {
        let at = e.int(column);
        let index = Index::of(vec![Item::Slice([None, None, None]), Item::At(at)]);
        columns.push(unchecked(e, |e| select(e, &result, result_ty, &index)));
    }
    let (columns, zero) = (tuples::display(e, &columns), e.int(0));
    let zero = e.machine(&zero);
    library(e, "coachwhip.lib.nonzero", &[a, columns, zero, found])?;
    Ok(result)
}

/// Runs a rule without checks of indices: they are right by construction, but not provably for the optimiser.
fn unchecked(e: &mut Emit, rule: impl FnOnce(&mut Emit) -> Val) -> Val {
    let options = coachwhip_ir::Options { boundscheck: false, ..e.options.clone() };
    let mut inner = Emit {
        func: &mut *e.func,
        block: e.block,
        loc: e.loc,
        options: &options,
        engine: &mut *e.engine,
        dead: e.dead,
    };
    let result = rule(&mut inner);
    let (block, dead) = (inner.block, inner.dead);
    (e.block, e.dead) = (block, dead);
    result
}

/// Fails if there are positions on an axis without any.
fn require_some(e: &mut Emit, count: &Val, size: &Val) -> Result<(), Fault> {
    let zero = e.int(0);
    let (none, some) = (equal(e, count, &zero), e.op(Op::Ne, &[size, &zero], Ty::Bool));
    let fine = or(e, &none, &some);
    let text = "cannot do a non-empty take from an empty axes.";
    e.if_else(&fine, |e| Ok(e.none()), |e| Ok(raise(e, "IndexError", vec![Piece::Text(text)])))?;
    Ok(())
}

/// Positions made right by `wrap` or `clip`, in a fresh array.
pub fn moderate(e: &mut Emit, index: &Val, ty: ArrayTy, size: &Val, mode: Mode) -> Result<(Val, ArrayTy), Fault> {
    if mode == Mode::Raise {
        return Ok((index.clone(), ty));
    }
    let result = copied(e, index, ty, Dtype::Int64, Order::C)?;
    let Some(result_ty) = result.ty.array() else { return Ok((index.clone(), ty)) };
    let flat = flattened(e, &result, result_ty).0;
    let name = if mode == Mode::Wrap { "coachwhip.lib.wrap_positions" } else { "coachwhip.lib.clip_positions" };
    library(e, name, &[flat, size.clone()])?;
    Ok((result, result_ty))
}

/// `np.take(a, indices, axis=None, out=None, mode="raise")`.
pub fn take(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, indices, axis_slot, out, mode_slot] = args.take(["a", "indices", "axis", "out", "mode"])?;
    let mode = mode(&mode_slot)?;
    let (a, ty) = like(e, &given(a, "take")?, "take")?;
    let (a, ty, axis) = match whole_axis(&axis_slot, ty.ndim)? {
        Some(axis) => (a, ty, axis),
        None => {
            let (flat, flat_ty) = raveled(e, &a, ty)?;
            (flat, flat_ty, 0)
        }
    };
    let indices = e.opened(&given(indices, "take")?);
    let result = taken(e, &a, ty, axis, &indices, mode)?;
    into_out(e, result, out, "take")
}

/// The elements at positions on an axis.
fn taken(e: &mut Emit, a: &Val, ty: ArrayTy, axis: usize, indices: &Val, mode: Mode) -> Result<Val, Fault> {
    let size = extent(e, a, axis);
    if let Some(at) = crate::rules::index::as_int(e, indices) {
        return one_taken(e, a, ty, axis, &at, mode);
    }
    let (index, index_ty) = positions_argument(e, indices, "take")?;
    if index_ty.ndim == 0 {
        let at = crate::rules::arrays::index::load(e, &index, index_ty, &[]);
        let at = integers::to_int(e, &at);
        return one_taken(e, a, ty, axis, &at, mode);
    }
    let own = shape(e, &index, index_ty);
    let count = product(e, &own);
    require_some(e, &count, &size)?;
    let (index, _) = moderate(e, &index, index_ty, &size, mode)?;
    match Selection::along(e, a, ty, axis, &index) {
        Some(selection) => gather(e, &selection),
        None => fault(Code::Internal, "positions are no array"),
    }
}

fn one_taken(e: &mut Emit, a: &Val, ty: ArrayTy, axis: usize, at: &Val, mode: Mode) -> Result<Val, Fault> {
    let (size, one) = (extent(e, a, axis), e.int(1));
    require_some(e, &one, &size)?;
    let at = match mode {
        Mode::Raise => at.clone(),
        Mode::Wrap => e.op(Op::FloorMod, &[at, &size], Ty::Int),
        Mode::Clip => {
            let (zero, last) = (e.int(0), geometry::sub(e, &size, &one));
            let low = e.op(Op::Max, &[at, &zero], Ty::Int);
            e.op(Op::Min, &[&low, &last], Ty::Int)
        }
    };
    let whole = || Item::Slice([None, None, None]);
    let mut items: Vec<Item> = (0..axis).map(|_| whole()).collect();
    items.push(Item::At(at));
    items.extend((axis + 1..usize::from(ty.ndim)).map(|_| whole()));
    let mut index = Index::of(items);
    if ty.ndim == 1 {
        index.is_element = true;
        return Ok(element(e, a, ty, &index));
    }
    let part = select(e, a, ty, &index);
    let part_ty = part.ty.array().unwrap_or(ty);
    copied(e, &part, part_ty, ty.dtype, Order::C)
}

/// The result, or `out=` with the result in it.
pub fn into_out(e: &mut Emit, result: Val, out: Option<Val>, name: &str) -> Result<Val, Fault> {
    let Some(out) = out.filter(|v| !is_none(v)) else { return Ok(result) };
    let (Some((target, ty)), Some(result_ty)) = (geometry::array(e, &out), result.ty.array()) else {
        return fault(Code::ArgumentTypes, format!("out of {name}() must be an array of the result's shape"));
    };
    if ty.dtype != result_ty.dtype {
        let (from, to) = (result_ty.dtype.name(), ty.dtype.name());
        return fault(Code::ArgumentTypes, format!("out of {name}() is of {to}, the result of {from}"));
    }
    let mut same = e.bool(ty.ndim == result_ty.ndim);
    for (x, y) in shape(e, &target, ty).iter().zip(&shape(e, &result, result_ty)) {
        let equal = equal(e, x, y);
        same = geometry::and(e, &same, &equal);
    }
    let (class, text) = match name {
        "choose" => ("TypeError", "choose: invalid shape for output array."),
        _ => ("ValueError", "output array does not match result of ndarray.take"),
    };
    let fits = same.clone();
    e.if_else(&same, |e| Ok(e.none()), |e| Ok(raise(e, class, vec![Piece::Text(text)])))?;
    if fits.literal() != Some(&Const::Bool(false)) {
        store::copy_same(e, &target, ty, &result, result_ty)?;
    }
    Ok(target)
}

/// `np.compress(condition, a, axis=None, out=None)`.
pub fn compress(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [condition, a, axis_slot, out] = args.take(["condition", "a", "axis", "out"])?;
    let (condition, condition_ty) = like(e, &given(condition, "compress")?, "compress")?;
    if condition_ty.ndim != 1 {
        return Ok(raise(e, "ValueError", vec![Piece::Text("condition must be a 1-d array")]));
    }
    let (a, ty) = like(e, &given(a, "compress")?, "compress")?;
    let (a, ty, axis) = match whole_axis(&axis_slot, ty.ndim)? {
        Some(axis) => (a, ty, axis),
        None => {
            let (flat, flat_ty) = raveled(e, &a, ty)?;
            (flat, flat_ty, 0)
        }
    };
    let (found, _) = flat_positions(e, &condition, condition_ty)?;
    let result = taken(e, &a, ty, axis, &found, Mode::Raise)?;
    into_out(e, result, out, "compress")
}

/// `np.extract(condition, arr)`.
pub fn extract(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [condition, a] = args.take(["condition", "arr"])?;
    let (condition, condition_ty) = like(e, &given(condition, "extract")?, "extract")?;
    let (a, ty) = like(e, &given(a, "extract")?, "extract")?;
    let (found, _) = flat_positions(e, &condition, condition_ty)?;
    let (flat, flat_ty) = raveled(e, &a, ty)?;
    taken(e, &flat, flat_ty, 0, &found, Mode::Raise)
}

/// `np.ix_(*args)`.
pub fn ix(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let count = args.rest().len();
    let mut result = Vec::new();
    for (position, v) in args.rest().iter().enumerate() {
        let (mut a, mut ty) = like(e, v, "ix_")?;
        if ty.ndim != 1 {
            return Ok(raise(e, "ValueError", vec![Piece::Text("Cross index must be 1 dimensional")]));
        }
        let empty = matches!(&v.ty, Ty::ListDisplay(items) if items.is_empty());
        if ty.dtype == Dtype::Bool {
            (a, ty) = flat_positions(e, &a, ty)?;
        } else if empty {
            a = copied(e, &a, ty, Dtype::Int64, Order::C)?;
            ty = a.ty.array().unwrap_or(ty);
        }
        let (one, start) = (e.int(1), geometry::data(e, &a));
        let (own, step) = (shape(e, &a, ty), strides(e, &a, ty));
        let mut sizes = vec![one; count];
        let zero = e.int(0);
        let mut steps = vec![zero; count];
        if let (Some(size), Some(place), Some(step), Some(to)) =
            (own.first(), sizes.get_mut(position), step.first(), steps.get_mut(position))
        {
            (*place, *to) = (size.clone(), step.clone());
        }
        let layout = if ty.layout == Layout::C && position + 1 == count { Layout::C } else { Layout::A };
        let made = view(e, &a, ArrayTy { ndim: count as u8, layout, ..ty }, &start, &sizes, &steps);
        let made_ty = made.ty.array().unwrap_or(ty);
        result.push(retyped(e, &made, made_ty, made_ty));
    }
    Ok(tuples::display(e, &result))
}
