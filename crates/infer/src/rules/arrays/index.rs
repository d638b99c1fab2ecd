//! `a[…]`: what an index says for each axis, and the element or view that it selects.

use super::geometry::{array, data, extent, mul, stride, view};
use super::integers::{checked_index, is_index};
use super::slices::{has_unit_step, is_full, parts, span};
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{ArrayTy, Code, Const, Diagnostic, Dtype, Layout, Op, Ty, describe};

/// What an index says.
pub enum Item {
    /// One position on an axis.
    At(Val),
    /// A slice of an axis: start, stop, step as ints.
    Slice([Option<Val>; 3]),
    /// A new axis of size 1.
    NewAxis,
}

/// An index taken apart: one item per axis of the array and per new axis.
pub struct Index {
    items: Vec<Item>,
    /// Whether it selects an element, not a view: only positions, one for each axis, and no ellipsis.
    pub is_element: bool,
}

/// `x[index]` of an array.
pub fn getitem(e: &mut Emit, a: &Val, ty: ArrayTy, index: &Val) -> Result<Val, Fault> {
    let index = parse(e, ty, index)?;
    if index.is_element {
        return Ok(element(e, a, ty, &index));
    }
    Ok(select(e, a, ty, &index))
}

/// The element at positions that have not been checked yet.
pub fn element(e: &mut Emit, a: &Val, ty: ArrayTy, index: &Index) -> Val {
    let places = places(e, a, index);
    load(e, a, ty, &places)
}

/// The checked positions of an element.
pub fn places(e: &mut Emit, a: &Val, index: &Index) -> Vec<Val> {
    let mut result = Vec::new();
    for (axis, item) in index.items.iter().enumerate() {
        if let Item::At(at) = item {
            let n = extent(e, a, axis);
            result.push(checked_index(e, at, &n, axis));
        }
    }
    result
}

/// The element at positions in range.
pub fn load(e: &mut Emit, a: &Val, ty: ArrayTy, places: &[Val]) -> Val {
    let mut operands = vec![a];
    operands.extend(places);
    e.op(Op::Load, &operands, Ty::Scalar(ty.dtype))
}

/// Takes an index apart and completes it with whole axes.
pub fn parse(e: &mut Emit, ty: ArrayTy, index: &Val) -> Result<Index, Fault> {
    let given = match &index.ty {
        Ty::Tuple(items) => (0..items.len()).map(|i| e.field(index, i)).collect(),
        Ty::Lit(Const::Tuple(items)) => (0..items.len()).map(|i| e.field(index, i)).collect(),
        _ => vec![index.clone()],
    };
    let is_ellipsis = |v: &Val| matches!(v.literal(), Some(Const::Ellipsis));
    let ellipses = given.iter().filter(|v| is_ellipsis(v)).count();
    if ellipses > 1 {
        return fault(Code::NotSubscriptable, "an index can only have a single ellipsis ('...')");
    }
    let used = given.iter().filter(|v| !is_ellipsis(v) && !is_none(v)).count();
    let ndim = ty.ndim as usize;
    if used > ndim {
        let message = format!("too many indices for array: array is {ndim}-dimensional, but {used} were indexed");
        return fault(Code::NotSubscriptable, message);
    }
    let whole = || Item::Slice([None, None, None]);
    let mut items = Vec::new();
    for v in &given {
        if is_ellipsis(v) {
            items.extend((used..ndim).map(|_| whole()));
        } else {
            items.push(item(e, v)?);
        }
    }
    if ellipses == 0 {
        items.extend((used..ndim).map(|_| whole()));
    }
    let is_element = ellipses == 0 && items.iter().all(|i| matches!(i, Item::At(_)));
    Ok(Index { items, is_element })
}

/// Whether a value is `None`.
pub fn is_none(v: &Val) -> bool {
    matches!(v.ty, Ty::None | Ty::Lit(Const::None))
}

fn item(e: &mut Emit, v: &Val) -> Result<Item, Fault> {
    match v.ty.widened() {
        Ty::None | Ty::Lit(Const::None) => Ok(Item::NewAxis),
        Ty::Slice(_) => Ok(Item::Slice(parts(e, v)?)),
        ty if is_index(&ty) => Ok(Item::At(v.clone())),
        ty => Err(Box::new(refusal(&ty))),
    }
}

fn refusal(ty: &Ty) -> Diagnostic {
    let described = describe(ty);
    let refuse = |message: String| Diagnostic::new(Code::NotSubscriptable, message);
    match ty {
        Ty::Bool | Ty::Scalar(Dtype::Bool) => refuse("an array cannot be indexed by a bool here".into())
            .note("NumPy would add an axis of size 0 or 1")
            .help("choose with `if`, or convert the index with int()"),
        Ty::Float | Ty::Scalar(Dtype::Float32 | Dtype::Float64) => {
            refuse(format!("an array is indexed by ints and slices, not by {described}")).help("convert it: a[int(x)]")
        }
        Ty::Array(_) | Ty::Lit(Const::Array(_)) => refuse("indexing by an array is not supported yet".into())
            .help("write the loop over the indices: for k in range(len(index)): … a[index[k]] …"),
        Ty::Optional(_) => refuse("the index may be None".into()).help("test it with `is None` first"),
        _ => refuse(format!("an array is indexed by ints and slices, not by {described}")),
    }
}

/// The view that an index selects.
pub fn select(e: &mut Emit, a: &Val, ty: ArrayTy, index: &Index) -> Val {
    let mut starts = Vec::new();
    let (mut sizes, mut steps) = (Vec::new(), Vec::new());
    let mut axis = 0;
    for item in &index.items {
        match item {
            Item::NewAxis => {
                sizes.push(e.int(1));
                steps.push(e.int(0));
                continue;
            }
            Item::At(at) => {
                let n = extent(e, a, axis);
                starts.push(checked_index(e, at, &n, axis));
            }
            Item::Slice(parts) => {
                let n = extent(e, a, axis);
                let span = span(e, parts, &n);
                let step = stride(e, a, ty, axis);
                steps.push(mul(e, &step, &span.step));
                sizes.push(span.len);
                starts.push(span.start);
            }
        }
        axis += 1;
    }
    let start = address(e, a, &starts);
    let result = ArrayTy { ndim: sizes.len() as u8, layout: layout(ty, &index.items), ..ty };
    view(e, a, result, &start, &sizes, &steps)
}

/// Where an element is; the first one needs no computation.
pub fn address(e: &mut Emit, a: &Val, places: &[Val]) -> Val {
    if places.iter().all(|p| super::geometry::is_int(p, 0)) {
        return data(e, a);
    }
    let mut operands = vec![a];
    operands.extend(places);
    e.op(Op::Address, &operands, Ty::Ptr(None))
}

/// The layout that is sure for a view.
///
/// In memory order (axes of a C array from the first, of an F array from the last), a contiguous part is:
/// positions, then at most one run of neighbours, then whole axes.
fn layout(ty: ArrayTy, items: &[Item]) -> Layout {
    let mut old: Vec<&Item> = items.iter().filter(|i| !matches!(i, Item::NewAxis)).collect();
    if ty.layout == Layout::F {
        old.reverse();
    }
    let rest: Vec<&Item> = old.into_iter().skip_while(|i| matches!(i, Item::At(_))).collect();
    let ndim = items.iter().filter(|i| !matches!(i, Item::At(_))).count();
    let contiguous = match rest.split_first() {
        None => true,
        Some((Item::Slice(first), others)) => {
            has_unit_step(first) && others.iter().all(|i| matches!(i, Item::Slice(p) if is_full(p)))
        }
        Some(_) => false,
    };
    match ty.layout {
        _ if rest.is_empty() => Layout::C,
        Layout::A => Layout::A,
        _ if !contiguous => Layout::A,
        kept => super::geometry::contiguous(kept, ndim),
    }
}

/// `x[index]` for the family.
pub fn family_getitem(e: &mut Emit, x: &Val, index: &Val) -> Result<Option<Val>, Fault> {
    if let Some((a, ty)) = array(e, x) {
        return getitem(e, &a, ty, index).map(Some);
    }
    if let Some(v) = super::flat::getitem(e, x, index)? {
        return Ok(Some(v));
    }
    super::pointers::getitem(e, x, index)
}
