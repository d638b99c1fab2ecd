//! Sequences as arrays: displays of numbers, tuples, and mixtures of them with arrays, as `np.array` reads them.
//!
//! The nesting is known at compile time; only the sizes of arrays among the items are not.

use super::cast::{cast, is_number, stored};
use super::create::allocate;
use super::geometry::{and, array, equal, shape};
use super::index::{Index, Item, load, select};
use super::raise::{Piece, raise};
use super::{library, store};
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::{lists::is_sequence, tuples};
use coachwhip_ir::{ArrayTy, Code, Const, Diagnostic, Dtype, Layout, Ty, describe};

/// A sequence taken apart.
enum Tree {
    /// A number.
    Number(Val),
    /// An array.
    Array(Val, ArrayTy),
    /// A display or tuple.
    Items(Vec<Tree>),
}

/// The array of an argument that may be an array, a number or a sequence of such; `None` of anything else.
pub fn array_like(e: &mut Emit, v: &Val) -> Result<Option<(Val, ArrayTy)>, Fault> {
    if let Some(found) = array(e, v) {
        return Ok(Some(found));
    }
    if !is_number(v) && !is_convertible(&v.ty) {
        return Ok(None);
    }
    let made = from_sequence(e, v, None, Layout::C)?;
    Ok(made.ty.array().map(|ty| (made, ty)))
}

/// Whether a type is a sequence that becomes an array.
pub fn is_convertible(ty: &Ty) -> bool {
    is_sequence(ty) || matches!(ty, Ty::Range(_)) || ty.list_item().is_some()
}

/// The dtype of the array that a sequence becomes; none of an empty one.
pub fn natural_dtype(e: &mut Emit, v: &Val) -> Result<Option<Dtype>, Fault> {
    let mut found = None;
    if is_sequence(&v.ty) {
        result_dtype(&tree(e, v)?, &mut found)?;
    }
    Ok(found)
}

/// A fresh array of a number, a sequence of numbers, or a sequence of arrays of one shape.
pub fn from_sequence(e: &mut Emit, v: &Val, dtype: Option<Dtype>, layout: Layout) -> Result<Val, Fault> {
    if let Ty::Range(_) = v.ty {
        return from_range(e, v, dtype);
    }
    if let (Layout::C, Some(made)) = (layout, crate::rules::objects::to_array(e, v, dtype)?) {
        return Ok(made);
    }
    let tree = tree(e, v)?;
    let mut found = None;
    result_dtype(&tree, &mut found)?;
    let dtype = dtype.or(found).unwrap_or(Dtype::Float64);
    let mut inner: Option<(Val, ArrayTy)> = None;
    let mut sizes = Vec::new();
    measure(&tree, 0, &mut sizes, &mut inner)?;
    let mut all: Vec<Val> = sizes.iter().map(|n| e.int(*n)).collect();
    if let Some((a, ty)) = &inner {
        all.extend(shape(e, a, *ty));
    }
    if all.len() > 32 {
        return fault(Code::ArgumentTypes, "arrays have at most 32 dimensions in compiled code");
    }
    same_shapes(e, &tree, &inner, &sizes)?;
    let result = allocate(e, dtype, &all, layout, false);
    let Some(ty) = result.ty.array() else { return Ok(result) };
    fill(e, &result, ty, &tree, &mut Vec::new())?;
    Ok(result)
}

/// `np.array(range(…))`.
fn from_range(e: &mut Emit, v: &Val, dtype: Option<Dtype>) -> Result<Val, Fault> {
    let n = crate::rules::operators::len(e, v)?;
    let (start, step) = (e.field(v, 0), e.field(v, 2));
    let result = allocate(e, Dtype::Int64, &[n], Layout::C, false);
    let (start, step) = (e.machine(&start), e.machine(&step));
    library(e, "coachwhip.lib.arange_counting", &[result.clone(), start, step])?;
    match (dtype, result.ty.array()) {
        (Some(d), Some(ty)) if d != Dtype::Int64 => super::create::copied(e, &result, ty, d, super::literals::Order::C),
        _ => Ok(result),
    }
}

fn tree(e: &mut Emit, v: &Val) -> Result<Tree, Fault> {
    if let Some((a, ty)) = array(e, v) {
        return Ok(Tree::Array(a, ty));
    }
    if is_number(v) {
        return Ok(Tree::Number(v.clone()));
    }
    if is_sequence(&v.ty) {
        let items = tuples::items(e, v)?;
        return Ok(Tree::Items(items.iter().map(|item| tree(e, item)).collect::<Result<_, _>>()?));
    }
    if matches!(v.ty, Ty::Range(_)) {
        let a = from_range(e, v, None)?;
        let ty = a.ty.array().unwrap_or(ArrayTy { dtype: Dtype::Int64, ndim: 1, layout: Layout::C, readonly: false });
        return Ok(Tree::Array(a, ty));
    }
    if let Some(a) = crate::rules::objects::to_array(e, v, None)?
        && let Some(ty) = a.ty.array()
    {
        return Ok(Tree::Array(a, ty));
    }
    let message = format!("an array cannot be made of {}", describe(&v.ty));
    Err(Box::new(match v.ty {
        Ty::Optional(_) => Diagnostic::new(Code::ArgumentTypes, message).help("test the value with `is None` first"),
        _ => Diagnostic::new(Code::ArgumentTypes, message).help("make it of numbers, tuples, list displays and arrays"),
    }))
}

/// NumPy's dtype of all items together.
fn result_dtype(tree: &Tree, found: &mut Option<Dtype>) -> Result<(), Fault> {
    let own = match tree {
        Tree::Items(items) => return items.iter().try_for_each(|item| result_dtype(item, found)),
        Tree::Array(_, ty) => ty.dtype,
        Tree::Number(v) => match (v.ty.dtype(), v.literal()) {
            (Some(d), _) => d,
            (None, Some(Const::BigInt(digits))) if digits.parse::<u64>().is_ok() => Dtype::Uint64,
            _ => return fault(Code::ArgumentTypes, "an int beyond 64 bits makes an array of objects"),
        },
    };
    *found = Some(found.map_or(own, |d| d.promote(own)));
    Ok(())
}

/// The lengths of the displays by depth, and an array at the bottom, if there are arrays.
fn measure(tree: &Tree, depth: usize, sizes: &mut Vec<i64>, inner: &mut Option<(Val, ArrayTy)>) -> Result<(), Fault> {
    let rank = |inner: &Option<(Val, ArrayTy)>| inner.as_ref().map(|(_, ty)| ty.ndim);
    match tree {
        Tree::Items(items) => {
            match sizes.get(depth) {
                None if inner.is_some() => return ragged(depth),
                None => sizes.push(items.len() as i64),
                Some(n) if *n != items.len() as i64 => return ragged(depth),
                Some(_) => {}
            }
            items.iter().try_for_each(|item| measure(item, depth + 1, sizes, inner))
        }
        _ if depth < sizes.len() => ragged(depth),
        Tree::Array(a, ty) => match rank(inner) {
            None => {
                *inner = Some((a.clone(), *ty));
                Ok(())
            }
            Some(n) if n == ty.ndim => Ok(()),
            Some(_) => ragged(depth),
        },
        Tree::Number(v) => match rank(inner) {
            None => {
                let ty = ArrayTy { dtype: Dtype::Float64, ndim: 0, layout: Layout::C, readonly: false };
                *inner = Some((v.clone(), ty));
                Ok(())
            }
            Some(0) => Ok(()),
            Some(_) => ragged(depth),
        },
    }
}

fn ragged<T>(depth: usize) -> Result<T, Fault> {
    let message = "the items of this sequence have different lengths or numbers of dimensions";
    let note = format!("NumPy: the requested array has an inhomogeneous shape after {depth} dimensions");
    Err(Box::new(
        Diagnostic::new(Code::ArgumentTypes, message)
            .note(note)
            .help("make all parts equally long, or give each part an array of its own"),
    ))
}

/// Fails unless all arrays among the items have one shape.
fn same_shapes(e: &mut Emit, tree: &Tree, inner: &Option<(Val, ArrayTy)>, sizes: &[i64]) -> Result<(), Fault> {
    let Some((first, first_ty)) = inner else { return Ok(()) };
    if first_ty.ndim == 0 {
        return Ok(());
    }
    let wanted = shape(e, first, *first_ty);
    let mut arrays = Vec::new();
    leaves(tree, &mut arrays);
    for (dims, axis) in (sizes.len()..).zip(0..wanted.len()) {
        let mut same = e.bool(true);
        for (a, ty) in &arrays {
            let (own, wanted) = (shape(e, a, **ty), &wanted);
            if let (Some(x), Some(y)) = (own.get(axis), wanted.get(axis)) {
                let equal = equal(e, x, y);
                same = and(e, &same, &equal);
            }
        }
        let detected: Vec<Val> = sizes.iter().map(|n| e.int(*n)).chain(wanted.iter().take(axis).cloned()).collect();
        e.if_else(&same, |e| Ok(e.none()), |e| Ok(inhomogeneous(e, dims as i64, &detected)))?;
    }
    Ok(())
}

fn inhomogeneous(e: &mut Emit, dims: i64, detected: &[Val]) -> Val {
    let dims = e.int(dims);
    let mut pieces = vec![
        Piece::Text("setting an array element with a sequence. The requested array has an inhomogeneous shape after "),
        Piece::Number(dims),
        Piece::Text(" dimensions. The detected shape was ("),
    ];
    for (axis, size) in detected.iter().enumerate() {
        if axis > 0 {
            pieces.push(Piece::Text(", "));
        }
        pieces.push(Piece::Number(size.clone()));
    }
    pieces.push(Piece::Text(if detected.len() == 1 { ",) + inhomogeneous part." } else { ") + inhomogeneous part." }));
    raise(e, "ValueError", pieces)
}

fn leaves<'t>(tree: &'t Tree, found: &mut Vec<(&'t Val, &'t ArrayTy)>) {
    match tree {
        Tree::Items(items) => items.iter().for_each(|item| leaves(item, found)),
        Tree::Array(a, ty) => found.push((a, ty)),
        Tree::Number(_) => {}
    }
}

fn fill(e: &mut Emit, target: &Val, ty: ArrayTy, tree: &Tree, places: &mut Vec<Val>) -> Result<(), Fault> {
    match tree {
        Tree::Items(items) => {
            for (position, item) in items.iter().enumerate() {
                let place = e.int(position as i64);
                places.push(place);
                fill(e, target, ty, item, places)?;
                places.pop();
            }
            Ok(())
        }
        Tree::Number(v) => {
            let element = stored(e, v, ty.dtype)?;
            store::store(e, target, places, &element);
            Ok(())
        }
        Tree::Array(a, source) if source.ndim == 0 => {
            let element = load(e, a, *source, &[]);
            let element = cast(e, &element, ty.dtype);
            store::store(e, target, places, &element);
            Ok(())
        }
        Tree::Array(a, source) => {
            let items = places.iter().cloned().map(Item::At);
            let whole = (0..source.ndim).map(|_| Item::Slice([None, None, None]));
            let part = select(e, target, ty, &Index::of(items.chain(whole).collect()));
            let part_ty = part.ty.array().unwrap_or(ty);
            store::copy_same(e, &part, part_ty, a, *source).map(drop)
        }
    }
}

/// The array with new first axes of size 1 until it has as many as `ndmin=` asks for.
pub fn with_axes(e: &mut Emit, a: Val, ndim: i64) -> Result<Val, Fault> {
    let Some(ty) = a.ty.array() else { return Ok(a) };
    if !(0..=32).contains(&ndim) {
        return fault(Code::ArgumentTypes, "ndmin bigger than allowable number of dimensions");
    }
    if ndim <= i64::from(ty.ndim) {
        return Ok(a);
    }
    let missing = ndim as usize - usize::from(ty.ndim);
    let items = (0..missing).map(|_| Item::NewAxis).chain((0..ty.ndim).map(|_| Item::Slice([None, None, None])));
    Ok(select(e, &a, ty, &Index::of(items.collect())))
}
