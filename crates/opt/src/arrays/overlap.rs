//! Whether the operands of a `map_into` lie where it writes.

use super::build::{all, eq, field, int, int_op, test};
use super::facts::disjoint;
use super::operand::is_same_view;
use coachwhip_ir::{ArrayTy, Builder, Imm, Layout, Op, Ty, Value};

/// Where an array's memory begins and ends.
struct Bounds {
    low: Value,
    high: Value,
}

/// Whether writing to `target` may change what is read from `args` afterwards: `None` if it surely does not.
pub fn conflict(b: &mut Builder<'_>, target: Value, args: &[Value]) -> Option<Value> {
    let ty = b.func.ty(target).array()?;
    let mut outer: Option<Bounds> = None;
    let mut found: Option<Value> = None;
    for &arg in args {
        let Some(other) = b.func.ty(arg).array() else { continue };
        if is_same_view(b, target, arg) || disjoint(b.func, target, arg) {
            continue;
        }
        let mine = match outer.take() {
            Some(known) => known,
            None => bounds(b, target, ty),
        };
        let theirs = bounds(b, arg, other);
        let (before, behind) = (test(b, Op::Lt, mine.low, theirs.high), test(b, Op::Lt, theirs.low, mine.high));
        outer = Some(mine);
        let mut meet = test(b, Op::And, before, behind);
        if other.ndim == ty.ndim && other.dtype == ty.dtype {
            let same = is_same(b, target, arg, ty);
            let differ = b.value(Op::Not, Imm::None, vec![same], Ty::Bool);
            meet = test(b, Op::And, meet, differ);
        }
        found = Some(found.map_or(meet, |others| test(b, Op::Or, others, meet)));
    }
    found
}

/// The first byte, and the one behind the last.
fn bounds(b: &mut Builder<'_>, array: Value, ty: ArrayTy) -> Bounds {
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

/// Whether two arrays of one dtype and number of axes are one view.
fn is_same(b: &mut Builder<'_>, x: Value, y: Value, ty: ArrayTy) -> Value {
    let (first, second) = (field(b, x, 0, Ty::Ptr(None)), field(b, y, 0, Ty::Ptr(None)));
    let mut tests = vec![eq(b, first, second)];
    for index in 2..2 + 2 * ty.ndim as usize {
        let (p, q) = (field(b, x, index, Ty::Int), field(b, y, index, Ty::Int));
        tests.push(eq(b, p, q));
    }
    all(b, tests).unwrap_or(x)
}
