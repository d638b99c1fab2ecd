//! Broadcasting: the sizes that several shapes share, and NumPy's failure where they share none.
//!
//! Sizes that are the same value by construction (of one array, or of a map over it) are not compared again, so that
//! an expression over one array has no checks at all.

use super::geometry::{and, equal, is_int, or, shape};
use super::raise::{Piece, raise, shape_text};
use crate::emit::{Emit, Fault, Val};
use coachwhip_ir::{ArrayTy, Const, Imm, Op, Ty, Value};

/// How many instructions a comparison of two values looks at.
const BUDGET: u32 = 64;

/// Sizes of an array, each as the value that it was made from where that is known.
pub fn sizes(e: &mut Emit, a: &Val, ty: ArrayTy) -> Vec<Val> {
    let plain = |e: &mut Emit| shape(e, a, ty);
    let Some(inst) = e.func.def_inst(a.id) else { return plain(e) };
    let data = &e.func.insts[inst];
    let skip = match data.op {
        Op::Map | Op::Alloc => 0,
        Op::View => 2,
        _ => return plain(e),
    };
    let known: Vec<Value> = data.args.iter().skip(skip).take(ty.ndim as usize).copied().collect();
    if known.len() != ty.ndim as usize {
        return plain(e);
    }
    known.into_iter().map(|id| size(e, id)).collect()
}

/// A size as a literal where it is a constant.
fn size(e: &mut Emit, id: Value) -> Val {
    match e.func.constant(id) {
        Some(Const::Int(n)) => {
            let n = *n;
            e.int(n)
        }
        _ => Val { id, ty: e.func.ty(id).clone() },
    }
}

/// Whether two values are the same by the way they were computed.
pub fn same(e: &Emit, a: Value, b: Value) -> bool {
    let mut budget = BUDGET;
    alike(e, a, b, &mut budget)
}

fn alike(e: &Emit, a: Value, b: Value, budget: &mut u32) -> bool {
    if a == b {
        return true;
    }
    if let (Some(x), Some(y)) = (e.func.constant(a), e.func.constant(b)) {
        return x == y && e.func.ty(a).widened() == e.func.ty(b).widened();
    }
    let (Some(i), Some(j)) = (e.func.def_inst(a), e.func.def_inst(b)) else { return false };
    let (x, y) = (&e.func.insts[i], &e.func.insts[j]);
    *budget = budget.saturating_sub(1);
    let comparable = *budget > 0 && x.op == y.op && x.imm == y.imm && x.args.len() == y.args.len();
    // A global array's header does not change within a call.
    let repeatable = x.op != Op::Undef && x.op.effects_with(&x.imm).is_pure() && x.results.len() == 1;
    comparable
        && repeatable
        && e.func.ty(a) == e.func.ty(b)
        && x.args.iter().zip(&y.args).all(|(&p, &q)| alike(e, p, q, budget))
}

/// Whether two sizes are known to be equal.
pub fn same_size(e: &Emit, a: &Val, b: &Val) -> bool {
    match (a.literal(), b.literal()) {
        (Some(x), Some(y)) => x == y,
        _ => same(e, a.id, b.id),
    }
}

/// The sizes of what several shapes broadcast to; fails as NumPy does where they do not.
pub fn broadcast(e: &mut Emit, shapes: &[Vec<Val>]) -> Result<Vec<Val>, Fault> {
    let (result, fits) = combined(e, shapes);
    let fits = undecided(e, fits);
    e.if_else(&fits, |e| Ok(e.none()), |e| Ok(mismatch(e, shapes)))?;
    Ok(result)
}

/// The common sizes, and whether there are any.
fn combined(e: &mut Emit, shapes: &[Vec<Val>]) -> (Vec<Val>, Val) {
    let ndim = shapes.iter().map(Vec::len).max().unwrap_or(0);
    let (mut result, mut fits) = (Vec::with_capacity(ndim), e.bool(true));
    for axis in (1..=ndim).rev() {
        let all: Vec<Val> =
            shapes.iter().filter_map(|s| s.len().checked_sub(axis).and_then(|i| s.get(i))).cloned().collect();
        let (size, fine) = axis_size(e, &all);
        result.push(size);
        fits = and(e, &fits, &fine);
    }
    (result, fits)
}

/// The common size of one axis, and whether there is one.
fn axis_size(e: &mut Emit, all: &[Val]) -> (Val, Val) {
    let one = e.int(1);
    let mut distinct: Vec<Val> = Vec::new();
    for size in all {
        if !is_int(size, 1) && !distinct.iter().any(|known| same_size(e, known, size)) {
            distinct.push(size.clone());
        }
    }
    let mut fits = e.bool(true);
    let mut sizes = distinct.into_iter();
    let Some(mut result) = sizes.next() else { return (one, fits) };
    for size in sizes {
        let (equal_sizes, first_is_one, is_one) =
            (equal(e, &result, &size), equal(e, &result, &one), equal(e, &size, &one));
        let either = or(e, &first_is_one, &is_one);
        let fine = or(e, &equal_sizes, &either);
        fits = and(e, &fits, &fine);
        result = e.select(&first_is_one, &size, &result);
    }
    (result, fits)
}

/// NumPy's failure of operands that do not broadcast.
fn mismatch(e: &mut Emit, shapes: &[Vec<Val>]) -> Val {
    let mut pieces = vec![Piece::Text("operands could not be broadcast together with shapes ")];
    for sizes in shapes {
        pieces.extend(shape_text(sizes));
        pieces.push(Piece::Text(" "));
    }
    raise(e, "ValueError", pieces)
}

/// Fails unless the inputs' shapes, and the mask's, broadcast to the outputs', which are not stretched themselves;
/// whether they can at all, going by their numbers of axes.
pub fn into_outputs(e: &mut Emit, inputs: &[Vec<Val>], outputs: &[Vec<Val>], mask: &[Vec<Val>]) -> Result<bool, Fault> {
    let Some(target) = outputs.iter().max_by_key(|s| s.len()) else { return Ok(true) };
    let refuse = |e: &mut Emit| {
        let all: Vec<Vec<Val>> = inputs.iter().chain(outputs).chain(mask).cloned().collect();
        let common = broadcast(e, &all)?;
        not_output(e, outputs, &common)
    };
    let ndim = target.len();
    let possible = inputs.iter().chain(mask).all(|s| s.len() <= ndim) && outputs.iter().all(|s| s.len() == ndim);
    if !possible {
        refuse(e)?;
        return Ok(false);
    }
    let mut fits = e.bool(true);
    for (all, stretched) in [(inputs, true), (outputs, false), (mask, true)] {
        for sizes in all {
            let fine = fits_target(e, sizes, target, stretched);
            fits = and(e, &fits, &fine);
        }
    }
    let fits = undecided(e, fits);
    e.if_else(&fits, |e| Ok(e.none()), refuse)?;
    Ok(true)
}

/// Whether a shape broadcasts to the target's.
pub fn fits(e: &mut Emit, sizes: &[Val], target: &[Val]) -> Val {
    let fits = if sizes.len() > target.len() { e.bool(false) } else { fits_target(e, sizes, target, true) };
    undecided(e, fits)
}

/// Whether a shape is the target's, or (if it may be stretched) broadcasts to it.
fn fits_target(e: &mut Emit, sizes: &[Val], target: &[Val], stretched: bool) -> Val {
    let one = e.int(1);
    let mut fits = e.bool(true);
    for (size, wanted) in sizes.iter().rev().zip(target.iter().rev()) {
        if same_size(e, size, wanted) || stretched && is_int(size, 1) {
            continue;
        }
        let mut fine = equal(e, size, wanted);
        if stretched {
            let is_one = equal(e, size, &one);
            fine = or(e, &fine, &is_one);
        }
        fits = and(e, &fits, &fine);
    }
    fits
}

/// A condition whose failure is not decided here: types must not depend on what sizes are known to be.
fn undecided(e: &mut Emit, condition: Val) -> Val {
    if matches!(condition.literal(), Some(Const::Bool(false))) { e.machine(&condition) } else { condition }
}

/// NumPy's failure of an output that would have to be stretched: the first that differs from the common shape.
fn not_output(e: &mut Emit, outputs: &[Vec<Val>], common: &[Val]) -> Result<Val, Fault> {
    let Some((sizes, rest)) = outputs.split_first() else { return Ok(e.never()) };
    if rest.is_empty() {
        return Ok(stretched_output(e, sizes, common));
    }
    let mut fits = e.bool(sizes.len() == common.len());
    for (size, wanted) in sizes.iter().zip(common) {
        let fine = equal(e, size, wanted);
        fits = and(e, &fits, &fine);
    }
    e.if_else(&fits, |e| not_output(e, rest, common), |e| Ok(stretched_output(e, sizes, common)))
}

fn stretched_output(e: &mut Emit, sizes: &[Val], common: &[Val]) -> Val {
    let mut pieces = vec![Piece::Text("non-broadcastable output operand with shape ")];
    pieces.extend(shape_text(sizes));
    pieces.push(Piece::Text(" doesn't match the broadcast shape "));
    pieces.extend(shape_text(common));
    raise(e, "ValueError", pieces)
}

/// A view that is one value with another view by construction: assigning one to the other changes nothing.
pub fn is_same_view(e: &Emit, a: &Val, b: &Val) -> bool {
    let is_view = e.func.def_inst(a.id).is_some_and(|i| e.func.insts[i].op == Op::View);
    a.ty == b.ty && matches!(a.ty, Ty::Array(_)) && (a.id == b.id || is_view && same(e, a.id, b.id))
}

/// Appends a map; literals among the arguments stay literal.
pub fn push(e: &mut Emit, op: Op, kernel: u32, operands: &[Val], results: &[Ty]) -> Option<Val> {
    let ids = operands.iter().map(|v| v.id).collect();
    let inst = e.func.make_inst(op, Imm::Func(kernel), ids, results, vec![], e.loc);
    e.func.blocks[e.block].insts.push(inst);
    let id = e.func.insts[inst].results.first().copied()?;
    Some(Val { id, ty: e.func.ty(id).clone() })
}
