//! Copies between arrays of one dtype: the run time copies rows, so that there is no loop to be compiled for them.

use super::build::{Nature, close, field, int, open};
use super::operand::{Operand, product};
use coachwhip_ir::{ArrayTy, Builder, Imm, Layout, Op, RuntimeFn, Ty, Value};

/// Copies the elements of an array, broadcast to these sizes, to another one that shares no memory with it (or is the same
/// view); `false` if they are not of one dtype.
pub fn copy(b: &mut Builder<'_>, target: Value, source: Value, sizes: &[Value]) -> bool {
    let (Some(to), Some(from)) = (b.func.ty(target).array(), b.func.ty(source).array()) else { return false };
    if to.dtype != from.dtype {
        return false;
    }
    let operand = Operand::new(b.func, source, from, sizes);
    let same_order = to.layout == from.layout && to.layout != Layout::A && from.ndim == to.ndim;
    let size = int(b, i64::from(to.dtype.size()));
    if same_order && operand.is_exact() {
        let count = product(b, sizes);
        let (start, other) = (field(b, target, 0, Ty::Ptr(None)), field(b, source, 0, Ty::Ptr(None)));
        row(b, (start, size), (other, size), count, size);
        return true;
    }
    let steps = (Operand::result(target, to).strides(b, sizes), operand.strides(b, sizes));
    let view = operand.broadcast(b, sizes, &steps.1);
    let inner = if to.layout == Layout::F { 0 } else { sizes.len().saturating_sub(1) };
    let order: Vec<usize> = if inner == 0 { (1..sizes.len()).rev().collect() } else { (0..inner).collect() };
    let mut index = vec![int(b, 0); sizes.len()];
    let mut loops = Vec::new();
    for axis in order {
        if let (Some(&count), Some(place)) = (sizes.get(axis), index.get_mut(axis)) {
            let opened = open(b, count, Nature::default());
            *place = opened.index;
            loops.push(opened);
        }
    }
    let mut address = |array: Value| b.value(Op::Address, Imm::None, [&[array], &*index].concat(), Ty::Ptr(None));
    let (start, other) = (address(target), address(view));
    match (sizes.get(inner), steps.0.get(inner), steps.1.get(inner)) {
        (Some(&count), Some(&step), Some(&from_step)) => row(b, (start, step), (other, from_step), count, size),
        _ => {
            let one = int(b, 1);
            row(b, (start, size), (other, size), one, size);
        }
    }
    loops.into_iter().rev().for_each(|l| close(b, l));
    true
}

/// Copies some elements at two distances.
fn row(b: &mut Builder<'_>, to: (Value, Value), from: (Value, Value), count: Value, size: Value) {
    let args = vec![to.0, to.1, from.0, from.1, count, size];
    b.inst(Op::Runtime, Imm::Runtime(RuntimeFn::CopyElements), args, &[]);
}

/// Puts one element in every place of a new row.
pub fn spread(b: &mut Builder<'_>, to: Value, from: Value, count: Value, ty: ArrayTy) {
    let (size, zero) = (int(b, i64::from(ty.dtype.size())), int(b, 0));
    row(b, (to, size), (from, zero), count, size);
}
