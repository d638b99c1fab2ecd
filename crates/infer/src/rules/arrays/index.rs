//! `a[…]`: what an index says for each axis, and the element or view that it selects.

use super::geometry::{array, data, extent, mul, stride, view};
use super::integers::{checked_index, is_index};
use super::literals::Order;
use super::slices::{has_unit_step, is_full, parts, span};
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{ArrayTy, Code, Const, Diagnostic, Dtype, Kind, Layout, Op, Ty, describe};

/// What an index says.
pub enum Item {
    /// One position on an axis.
    At(Val),
    /// A slice of an axis: start, stop, step as ints.
    Slice([Option<Val>; 3]),
    /// A new axis of size 1.
    NewAxis,
    /// An array of integers: those positions.
    Picks(Val, ArrayTy),
    /// An array of bools of one axis or more: the positions where it is true, over as many axes.
    Mask(Val, ArrayTy),
    /// One bool: a new axis of size 0 or 1.
    Flag(Val),
}

impl Item {
    /// Whether it is one of NumPy's advanced indices, which ints become beside one.
    pub fn is_fancy(&self) -> bool {
        matches!(self, Item::Picks(..) | Item::Mask(..) | Item::Flag(_))
    }
    /// How many axes of the array it takes.
    fn axes(&self) -> usize {
        match self {
            Item::NewAxis | Item::Flag(_) => 0,
            Item::Mask(_, ty) => usize::from(ty.ndim),
            _ => 1,
        }
    }
}

/// An index taken apart: one item per axis of the array and per new axis.
pub struct Index {
    /// In the order of the index.
    pub items: Vec<Item>,
    /// Whether it selects an element, not a view: only positions, one for each axis, and no ellipsis.
    pub is_element: bool,
    /// Whether what it selects is a copy: NumPy's answer to an array without axes as an index.
    copies: bool,
    /// Whether an ellipsis stands before this item; NumPy counts it between advanced indices even if it is empty.
    pub ellipsis: Option<usize>,
}

impl Index {
    /// Items that are complete.
    pub fn of(items: Vec<Item>) -> Index {
        Index { items, is_element: false, copies: false, ellipsis: None }
    }
    /// Whether it has advanced indices.
    pub fn is_fancy(&self) -> bool {
        self.items.iter().any(Item::is_fancy)
    }
}

/// `x[index]` of an array.
pub fn getitem(e: &mut Emit, a: &Val, ty: ArrayTy, index: &Val) -> Result<Val, Fault> {
    let index = parse(e, ty, index)?;
    if index.is_element {
        return Ok(element(e, a, ty, &index));
    }
    if index.is_fancy() {
        return super::fancy::read(e, a, ty, &index);
    }
    let part = select(e, a, ty, &index);
    match part.ty.array() {
        Some(part_ty) if index.copies => super::create::copied(e, &part, part_ty, ty.dtype, Order::C),
        _ => Ok(part),
    }
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
    let given = match index.ty.widened() {
        Ty::Tuple(_) | Ty::NamedTuple(..) => crate::rules::tuples::items(e, index)?,
        _ => vec![index.clone()],
    };
    let is_ellipsis = |v: &Val| matches!(v.literal(), Some(Const::Ellipsis));
    let ellipses = given.iter().filter(|v| is_ellipsis(v)).count();
    if ellipses > 1 {
        return fault(Code::NotSubscriptable, "an index can only have a single ellipsis ('...')");
    }
    let mut copies = false;
    let mut parts = Vec::new();
    for v in &given {
        parts.push(if is_ellipsis(v) { None } else { Some(item(e, v, &mut copies)?) });
    }
    let used: usize = parts.iter().flatten().map(Item::axes).sum();
    let ndim = ty.ndim as usize;
    if used > ndim {
        let message = format!("too many indices for array: array is {ndim}-dimensional, but {used} were indexed");
        return fault(Code::NotSubscriptable, message);
    }
    let whole = || Item::Slice([None, None, None]);
    let mut items = Vec::new();
    let mut ellipsis = None;
    for part in parts {
        match part {
            None => {
                ellipsis = Some(items.len());
                items.extend((used..ndim).map(|_| whole()));
            }
            Some(item) => items.push(item),
        }
    }
    if ellipses == 0 {
        items.extend((used..ndim).map(|_| whole()));
    }
    let is_element = ellipses == 0 && items.iter().all(|i| matches!(i, Item::At(_)));
    Ok(Index { items, is_element, copies, ellipsis })
}

/// Whether a value is `None`.
pub fn is_none(v: &Val) -> bool {
    matches!(v.ty, Ty::None | Ty::Lit(Const::None))
}

fn item(e: &mut Emit, v: &Val, copies: &mut bool) -> Result<Item, Fault> {
    if let Some((a, ty)) = array(e, v) {
        return array_item(e, &a, ty, copies);
    }
    if super::array_like::is_convertible(&v.ty) {
        let a = super::array_like::from_sequence(e, v, None, Layout::C)?;
        let ty = a.ty.array().unwrap_or(ArrayTy { dtype: Dtype::Int64, ndim: 1, layout: Layout::C, readonly: false });
        if ty.dtype == Dtype::Float64 && is_empty(&v.ty) {
            // An empty list is made of floats, but stands for no positions.
            let none = super::create::copied(e, &a, ty, Dtype::Int64, Order::C)?;
            return Ok(Item::Picks(none, ArrayTy { dtype: Dtype::Int64, ..ty }));
        }
        return array_item(e, &a, ty, &mut false);
    }
    match v.ty.widened() {
        Ty::Bool | Ty::Scalar(Dtype::Bool) => Ok(Item::Flag(v.clone())),
        Ty::None | Ty::Lit(Const::None) => Ok(Item::NewAxis),
        Ty::Slice(_) => Ok(Item::Slice(parts(e, v)?)),
        ty if is_index(&ty) => Ok(Item::At(v.clone())),
        ty => Err(Box::new(refusal(&ty))),
    }
}

/// Whether a sequence has no numbers in it.
fn is_empty(ty: &Ty) -> bool {
    match crate::join::expand(ty) {
        Ty::ListDisplay(items) | Ty::Tuple(items) => items.iter().all(is_empty),
        _ => false,
    }
}

/// An array as an index: one without axes stands for its only element, but NumPy copies what it selects.
fn array_item(e: &mut Emit, a: &Val, ty: ArrayTy, copies: &mut bool) -> Result<Item, Fault> {
    let is_bool = ty.dtype == Dtype::Bool;
    if !is_bool && !ty.dtype.is_int() {
        let message = "arrays used as indices must be of integer (or boolean) type";
        let help = "convert the indices once: index.astype(np.int64)";
        return Err(Box::new(Diagnostic::new(Code::NotSubscriptable, message).help(help)));
    }
    if ty.ndim > 0 {
        return Ok(if is_bool { Item::Mask(a.clone(), ty) } else { Item::Picks(a.clone(), ty) });
    }
    let element = load(e, a, ty, &[]);
    if is_bool {
        return Ok(Item::Flag(element));
    }
    *copies = true;
    Ok(Item::At(element))
}

fn refusal(ty: &Ty) -> Diagnostic {
    let described = describe(ty);
    let refuse = |message: String| Diagnostic::new(Code::NotSubscriptable, message);
    match ty {
        ty if ty.dtype().is_some_and(|d| d.kind() == Kind::Float) => {
            refuse(format!("an array is indexed by ints and slices, not by {described}")).help("convert it: a[int(x)]")
        }
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
            // The advanced indices are `fancy`'s business.
            Item::Picks(..) | Item::Mask(..) | Item::Flag(_) => continue,
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
pub fn layout(ty: ArrayTy, items: &[Item]) -> Layout {
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
