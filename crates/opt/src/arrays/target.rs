//! Arrays as the loops over a result see them.

use super::loops::{field, int, select, test};
use coachwhip_ir::{ArrayTy, Builder, Imm, Layout, Op, Ty, Value};

/// The sizes of an array.
pub fn shape(b: &mut Builder<'_>, array: Value, ty: ArrayTy) -> Vec<Value> {
    (0..ty.ndim as usize).map(|axis| field(b, array, 2 + axis, Ty::Int)).collect()
}

/// An array with the axes of the result: one that is missing or has a single element is walked with stride 0.
pub fn broadcast(b: &mut Builder<'_>, array: Value, ty: ArrayTy, sizes: &[Value]) -> Value {
    let ndim = ty.ndim as usize;
    let missing = sizes.len() - ndim.min(sizes.len());
    let data = field(b, array, 0, Ty::Ptr(None));
    let mut args = vec![array, data];
    args.extend(sizes);
    let zero = int(b, 0);
    args.extend(std::iter::repeat_n(zero, missing));
    for (axis, &size) in sizes.iter().skip(missing).enumerate() {
        let own = field(b, array, 2 + axis, Ty::Int);
        let stride = field(b, array, 2 + ndim + axis, Ty::Int);
        let same = test(b, Op::Eq, own, size);
        args.push(select(b, same, stride, zero));
    }
    let ty = ArrayTy { ndim: sizes.len() as u8, layout: Layout::A, ..ty };
    b.value(Op::View, Imm::None, args, Ty::Array(ty))
}
