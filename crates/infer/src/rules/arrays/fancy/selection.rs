//! What an advanced index asks for: a view with its axes in the order of the loops, arrays of positions, and the
//! shape of the result.

use super::masks;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::arrays::broadcast::{same_size, sizes};
use crate::rules::arrays::create::allocate;
use crate::rules::arrays::geometry::{and, array, equal, extent, is_int, mul, shape, stride, strides, view};
use crate::rules::arrays::index::{Index, Item, address, layout};
use crate::rules::arrays::integers::checked_index;
use crate::rules::arrays::raise::{Piece, raise, shape_text};
use crate::rules::arrays::slices::span;
use crate::rules::tuples;
use coachwhip_ir::{ArrayTy, Code, Const, Dtype, Layout, Op, Ty};

/// An array of positions on one axis.
pub struct Picked {
    /// The positions.
    pub array: Val,
    /// Their type.
    pub ty: ArrayTy,
    /// The axis of the indexed array, for messages; none for positions that are right by construction.
    pub axis: Option<usize>,
    /// The size of that axis.
    pub size: Val,
}

/// A selection.
pub struct Selection {
    /// A view of the indexed array: `lead` axes that stay, one axis for each array of positions, the other axes.
    pub base: Val,
    /// Its type.
    pub base_ty: ArrayTy,
    /// Number of axes in front.
    pub lead: usize,
    /// The arrays of positions.
    pub picked: Vec<Picked>,
    /// The shape to which they broadcast.
    pub broad: Vec<Val>,
    /// The shape of the result.
    pub sizes: Vec<Val>,
    /// Whether positions count elements in C order, in messages.
    pub flat: bool,
}

/// An axis of the view.
struct Axis {
    size: Val,
    step: Val,
    picked: bool,
}

/// What an item is for NumPy's rule of where the picked axes go.
#[derive(Clone, Copy, PartialEq)]
enum Sort {
    Advanced,
    Other,
}

/// The selection of an index with advanced items.
pub fn selection(e: &mut Emit, a: &Val, ty: ArrayTy, index: &Index) -> Result<Selection, Fault> {
    let (mut starts, mut axes, mut picked) = (Vec::new(), Vec::new(), Vec::new());
    let (mut sorts, mut kept) = (Vec::new(), Vec::new());
    let (zero, one) = (e.int(0), e.int(1));
    let mut natural = true;
    check_masks(e, a, index)?;
    let mut axis = 0;
    for (position, item) in index.items.iter().enumerate() {
        if index.ellipsis == Some(position) {
            sorts.push(Sort::Other);
        }
        sorts.push(if item.is_fancy() || matches!(item, Item::At(_)) { Sort::Advanced } else { Sort::Other });
        match item {
            Item::NewAxis => {
                natural = false;
                axes.push(Axis { size: one.clone(), step: zero.clone(), picked: false });
            }
            Item::At(at) => {
                let n = extent(e, a, axis);
                starts.push(checked_index(e, at, &n, axis));
                kept.push(Item::At(at.clone()));
                axis += 1;
            }
            Item::Slice(parts) => {
                let n = extent(e, a, axis);
                let span = span(e, parts, &n);
                let step = stride(e, a, ty, axis);
                axes.push(Axis { size: span.len, step: mul(e, &step, &span.step), picked: false });
                starts.push(span.start);
                kept.push(Item::Slice(parts.clone()));
                axis += 1;
            }
            Item::Picks(array, array_ty) => {
                let n = extent(e, a, axis);
                axes.push(Axis { size: n.clone(), step: stride(e, a, ty, axis), picked: true });
                starts.push(zero.clone());
                picked.push(Picked { array: array.clone(), ty: *array_ty, axis: Some(axis), size: n });
                kept.push(Item::Slice([None, None, None]));
                axis += 1;
            }
            Item::Mask(mask, mask_ty) => {
                for (array, array_ty) in masks::positions(e, mask, *mask_ty)? {
                    let n = extent(e, a, axis);
                    axes.push(Axis { size: n.clone(), step: stride(e, a, ty, axis), picked: true });
                    starts.push(zero.clone());
                    picked.push(Picked { array, ty: array_ty, axis: None, size: n });
                    kept.push(Item::Slice([None, None, None]));
                    axis += 1;
                }
            }
            Item::Flag(flag) => {
                natural = false;
                let count = e.op(Op::Convert, &[flag], Ty::Int);
                let array = allocate(e, Dtype::Int64, &[count], Layout::C, true);
                let array_ty = array.ty.array().unwrap_or(ty);
                axes.push(Axis { size: one.clone(), step: zero.clone(), picked: true });
                picked.push(Picked { array, ty: array_ty, axis: None, size: one.clone() });
            }
        }
    }
    let lead = if is_consecutive(&sorts) { axes.iter().take_while(|x| !x.picked).count() } else { 0 };
    let in_order: Vec<bool> = axes.iter().skip(lead).map(|x| x.picked).collect();
    natural &= in_order.iter().skip_while(|p| **p).all(|p| !p);
    let (front, rest) = axes.split_at(lead.min(axes.len()));
    let picks = rest.iter().filter(|x| x.picked);
    let tail: Vec<&Axis> = rest.iter().filter(|x| !x.picked).collect();
    let ordered: Vec<&Axis> = front.iter().chain(picks).chain(tail.iter().copied()).collect();
    let start = address(e, a, &starts);
    let form = if natural && ty.layout == Layout::C { layout(ty, &kept) } else { Layout::A };
    let base_ty = ArrayTy { ndim: ordered.len() as u8, layout: form, ..ty };
    let (sizes, steps): (Vec<Val>, Vec<Val>) = ordered.iter().map(|x| (x.size.clone(), x.step.clone())).unzip();
    let base = view(e, a, base_ty, &start, &sizes, &steps);
    let broad = broadcast(e, &picked)?;
    let sizes: Vec<Val> =
        front.iter().map(|x| &x.size).chain(&broad).chain(tail.iter().map(|x| &x.size)).cloned().collect();
    if sizes.len() > 32 || ordered.len() > 32 {
        return fault(Code::TooLarge, "arrays have at most 32 dimensions in compiled code");
    }
    Ok(Selection { base, base_ty, lead, picked, broad, sizes, flat: false })
}

/// Whether all advanced items, ints among them, stand one after the other.
fn is_consecutive(sorts: &[Sort]) -> bool {
    let mut rest = sorts.iter().skip_while(|s| **s == Sort::Other).skip_while(|s| **s == Sort::Advanced);
    rest.all(|s| *s == Sort::Other)
}

/// Fails unless every mask has the sizes of the axes that it covers.
fn check_masks(e: &mut Emit, a: &Val, index: &Index) -> Result<(), Fault> {
    let mut axis = 0;
    for item in &index.items {
        match item {
            Item::NewAxis | Item::Flag(_) => {}
            Item::Mask(mask, ty) => {
                for own in 0..usize::from(ty.ndim) {
                    masks::check_size(e, a, axis, mask, own)?;
                    axis += 1;
                }
            }
            _ => axis += 1,
        }
    }
    Ok(())
}

/// The shape to which the arrays of positions broadcast.
fn broadcast(e: &mut Emit, picked: &[Picked]) -> Result<Vec<Val>, Fault> {
    let shapes: Vec<Vec<Val>> = picked.iter().map(|p| sizes(e, &p.array, p.ty)).collect();
    let ndim = shapes.iter().map(Vec::len).max().unwrap_or(0);
    if let [only] = shapes.as_slice() {
        return Ok(only.clone());
    }
    let (result, fits) = broadcast_shapes(e, &shapes, ndim);
    e.if_else(
        &fits,
        |e| Ok(e.none()),
        |e| {
            let mut pieces =
                vec![Piece::Text("shape mismatch: indexing arrays could not be broadcast together with shapes ")];
            for shape in &shapes {
                pieces.extend(shape_text(shape));
                pieces.push(Piece::Text(" "));
            }
            Ok(raise(e, "IndexError", pieces))
        },
    )?;
    Ok(result)
}

/// The shape to which shapes broadcast, and whether they do.
pub fn broadcast_shapes(e: &mut Emit, shapes: &[Vec<Val>], ndim: usize) -> (Vec<Val>, Val) {
    let one = e.int(1);
    let mut fits = e.bool(true);
    let mut result = vec![one.clone(); ndim];
    for shape in shapes {
        let missing = ndim - shape.len().min(ndim);
        for (place, own) in result.iter_mut().skip(missing).zip(shape) {
            if is_int(place, 1) {
                *place = own.clone();
                continue;
            }
            if same_size(e, place, own) {
                continue;
            }
            let (same, single, open) = (equal(e, place, own), equal(e, own, &one), equal(e, place, &one));
            let either = crate::rules::arrays::geometry::or(e, &same, &single);
            let either = crate::rules::arrays::geometry::or(e, &either, &open);
            fits = and(e, &fits, &either);
            *place = e.select(&open, own, place);
        }
    }
    (result, fits)
}

/// Whether two sizes are equal, known at once where they are the same by construction.
pub fn same_or_equal(e: &mut Emit, a: &Val, b: &Val) -> Val {
    if same_size(e, a, b) { e.bool(true) } else { equal(e, a, b) }
}

/// An array seen with the sizes to which its shape broadcasts.
pub fn spread(e: &mut Emit, a: &Val, ty: ArrayTy, sizes: &[Val]) -> Val {
    let (zero, one) = (e.int(0), e.int(1));
    let missing = sizes.len() - usize::from(ty.ndim).min(sizes.len());
    let mut steps = vec![zero.clone(); missing];
    for ((own, step), size) in
        crate::rules::arrays::broadcast::sizes(e, a, ty).iter().zip(strides(e, a, ty)).zip(sizes.iter().skip(missing))
    {
        if same_size(e, own, size) {
            steps.push(step);
            continue;
        }
        let single = equal(e, own, &one);
        steps.push(e.select(&single, &zero, &step));
    }
    let start = crate::rules::arrays::geometry::data(e, a);
    let ndim = sizes.len() as u8;
    let layout = if sizes.is_empty() { Layout::C } else { Layout::A };
    view(e, a, ArrayTy { ndim, layout, ..ty }, &start, sizes, &steps)
}

impl Selection {
    /// Runs a rule with the tuple of the arrays of positions, all of one shape: as they are where they have it.
    pub fn with_indices(
        &self,
        e: &mut Emit,
        rule: impl Fn(&mut Emit, Val) -> Result<Val, Fault>,
    ) -> Result<Val, Fault> {
        let own: Vec<Val> = self.picked.iter().map(|p| p.array.clone()).collect();
        let as_they_are = |e: &mut Emit| {
            let tuple = tuples::display(e, &own);
            rule(e, tuple)
        };
        let all_spread = |e: &mut Emit| {
            let all: Vec<Val> = self.picked.iter().map(|p| spread(e, &p.array, p.ty, &self.broad)).collect();
            let tuple = tuples::display(e, &all);
            rule(e, tuple)
        };
        if own.len() == 1 {
            return as_they_are(e);
        }
        let equal_rank = self.picked.iter().all(|p| usize::from(p.ty.ndim) == self.broad.len());
        let mut same = e.bool(equal_rank);
        for p in &self.picked {
            for (x, y) in sizes(e, &p.array, p.ty).iter().zip(&self.broad) {
                let equal = same_or_equal(e, x, y);
                same = and(e, &same, &equal);
            }
        }
        // Another copy of the loops is worth it only where the indices can be loaded side by side.
        let plain = self.picked.iter().all(|p| p.ty.layout != Layout::A) && self.broad.len() == 1;
        match same.literal() {
            Some(Const::Bool(true)) => as_they_are(e),
            None if plain => e.if_else(&same, as_they_are, all_spread),
            _ => all_spread(e),
        }
    }

    /// The number of axes in front as the library takes it: the length of a tuple, which stays known in recursion.
    pub fn leading(&self, e: &mut Emit) -> Val {
        let items: Vec<Val> = (0..self.lead).map(|_| e.none()).collect();
        tuples::display(e, &items)
    }

    /// A selection along one axis of an array, by one array of positions: what `take` and its kin need.
    pub fn along(e: &mut Emit, a: &Val, ty: ArrayTy, axis: usize, positions: &Val) -> Option<Selection> {
        let (array, array_ty) = array(e, positions)?;
        let own = shape(e, a, ty);
        let size = own.get(axis)?.clone();
        let broad = shape(e, &array, array_ty);
        let sizes = own.iter().take(axis).chain(&broad).chain(own.iter().skip(axis + 1)).cloned().collect();
        let picked = vec![Picked { array, ty: array_ty, axis: Some(axis), size }];
        Some(Selection { base: a.clone(), base_ty: ty, lead: axis, picked, broad, sizes, flat: false })
    }
}
