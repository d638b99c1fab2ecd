//! Whether the operands of a `map_into` lie where it writes.

use super::build::{all, eq, field, int, int_op, test};
use super::facts::{disjoint, field_from};
use super::operand::is_same_view;
use coachwhip_ir::{ArrayTy, Builder, Dtype, Imm, Layout, Op, Ty, Value};

/// Where an array's memory begins and ends.
struct Bounds {
    low: Value,
    high: Value,
}

/// Whether writing to `target` may change what is read from `args` afterwards: `None` if it surely does not.
///
/// Views of different arrays are not told apart: if those arrays meet, the answer is yes, though the views may not.
pub fn conflict(b: &mut Builder<'_>, target: Value, args: &[Value]) -> Option<Value> {
    let ty = b.func.ty(target).array()?;
    let mut tests: Vec<Value> = Vec::new();
    let mut asked: Vec<(Value, Value, bool)> = Vec::new();
    for &arg in args {
        let Some(other) = b.func.ty(arg).array() else { continue };
        if is_same_view(b, target, arg) || disjoint(b.func, target, arg) {
            continue;
        }
        if is_shifted(b, target, arg) {
            tests.push(starts_differ(b, target, arg));
            continue;
        }
        let (mine, theirs) = (base(b, target), base(b, arg));
        let pair = if mine == theirs { (target, arg) } else { (mine, theirs) };
        // Two contiguous arrays of one form that meet, and begin at one place, are the same.
        let alike = other.dtype == ty.dtype && other.ndim == ty.ndim && other.layout == ty.layout;
        let may_be_same = alike && ty.layout != Layout::A && pair == (target, arg);
        let question = (pair.0, pair.1, may_be_same);
        if asked.contains(&question) {
            continue;
        }
        asked.push(question);
        let mut meet = overlap(b, pair.0, pair.1);
        if may_be_same {
            let same = is_same(b, target, arg, ty);
            let differ = b.value(Op::Not, Imm::None, vec![same], Ty::Bool);
            meet = test(b, Op::And, meet, differ);
        }
        tests.push(meet);
    }
    tests.into_iter().reduce(|x, y| test(b, Op::Or, x, y))
}

/// Whether the memory of two arrays meets.
fn overlap(b: &mut Builder<'_>, x: Value, y: Value) -> Value {
    let (mine, theirs) = (bounds(b, x), bounds(b, y));
    let (before, behind) = (test(b, Op::Lt, mine.low, theirs.high), test(b, Op::Lt, theirs.low, mine.high));
    test(b, Op::And, before, behind)
}

/// Whether two arrays begin at different places.
fn starts_differ(b: &mut Builder<'_>, x: Value, y: Value) -> Value {
    let (here, there) = (field(b, x, 0, Ty::Ptr(None)), field(b, y, 0, Ty::Ptr(None)));
    test(b, Op::Ne, here, there)
}

/// The array that a view was taken of.
fn base(b: &Builder<'_>, array: Value) -> Value {
    let mut array = array;
    while let Some(made) = b.func.def_inst(array).map(|i| &b.func.insts[i]).filter(|m| m.op == Op::View) {
        let Some(&next) = made.args.first() else { break };
        array = next;
    }
    array
}

/// Whether two views of one array differ in nothing but where they begin, as in stencils: they nearly always overlap.
fn is_shifted(b: &Builder<'_>, x: Value, y: Value) -> bool {
    let (Some(one), Some(other)) = (b.func.ty(x).array(), b.func.ty(y).array()) else { return false };
    let fields = 2..2 + 2 * i64::from(one.ndim);
    one.dtype == other.dtype
        && one.ndim == other.ndim
        && base(b, x) == base(b, y)
        && fields.into_iter().all(|i| field_from(b.func, x, i) == field_from(b.func, y, i))
}

/// The first byte, and the one after the last.
fn bounds(b: &mut Builder<'_>, array: Value) -> Bounds {
    let ty =
        b.func.ty(array).array().unwrap_or(ArrayTy { dtype: Dtype::Bool, ndim: 0, layout: Layout::C, readonly: true });
    let ndim = ty.ndim as usize;
    let start = field(b, array, 0, Ty::Ptr(None));
    let size = int(b, i64::from(ty.dtype.size()));
    if ty.layout != Layout::A {
        let mut bytes = size;
        for axis in 0..ndim {
            let n = field(b, array, 2 + axis, Ty::Int);
            bytes = int_op(b, Op::Mul, bytes, n);
        }
        let high = b.value(Op::Offset, Imm::None, vec![start, bytes], Ty::Ptr(None));
        return Bounds { low: start, high };
    }
    let (zero, one) = (int(b, 0), int(b, 1));
    let (mut below, mut above) = (zero, size);
    for axis in 0..ndim {
        let (n, stride) = (field(b, array, 2 + axis, Ty::Int), field(b, array, 2 + ndim + axis, Ty::Int));
        let last = int_op(b, Op::Sub, n, one);
        let far = int_op(b, Op::Mul, last, stride);
        let (down, up) = (int_op(b, Op::Min, far, zero), int_op(b, Op::Max, far, zero));
        below = int_op(b, Op::Add, below, down);
        above = int_op(b, Op::Add, above, up);
    }
    let low = b.value(Op::Offset, Imm::None, vec![start, below], Ty::Ptr(None));
    let high = b.value(Op::Offset, Imm::None, vec![start, above], Ty::Ptr(None));
    Bounds { low, high }
}

/// Whether two contiguous arrays of one type are one.
fn is_same(b: &mut Builder<'_>, x: Value, y: Value, ty: ArrayTy) -> Value {
    let (first, second) = (field(b, x, 0, Ty::Ptr(None)), field(b, y, 0, Ty::Ptr(None)));
    let mut tests = vec![eq(b, first, second)];
    for index in 2..2 + ty.ndim as usize {
        let (p, q) = (field(b, x, index, Ty::Int), field(b, y, index, Ty::Int));
        tests.push(eq(b, p, q));
    }
    all(b, tests).unwrap_or(x)
}
