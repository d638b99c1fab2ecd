//! `hypot` of two doubles without a call where no part is huge, tiny or far smaller than the other: the C
//! library's own corrected square root, so that the bits are the same.

use crate::emit::{Emit, Fault, Val};
use coachwhip_ir::{RuntimeFn, Ty};

/// `hypot(x, y)` of Python floats or float64 scalars.
pub fn hypot(e: &mut Emit, x: &Val, y: &Val) -> Result<Val, Fault> {
    let ty = x.ty.widened();
    let (p, q) = (e.abs(x), e.abs(y));
    let first = e.ge(&p, &q);
    let (large, small) = (e.select(&first, &p, &q), e.select(&first, &q, &p));
    let (top, bottom, share) =
        (e.float_as(2f64.powi(511), &ty), e.float_as(2f64.powi(-459), &ty), e.float_as(2f64.powi(-54), &ty));
    let least = e.mul(&large, &share);
    let (below, above, near) = (e.le(&large, &top), e.ge(&small, &bottom), e.gt(&small, &least));
    let moderate = e.both(&below, &above);
    let moderate = e.both(&moderate, &near);
    e.if_else(
        &moderate,
        |e| Ok(corrected_root(e, &large, &small, &ty)),
        |e| Ok(e.runtime(RuntimeFn::Hypot, &[x, y], ty.clone())),
    )
}

/// The square root of the sum of squares, less its error to first order.
fn corrected_root(e: &mut Emit, large: &Val, small: &Val, ty: &Ty) -> Val {
    let (two, four) = (e.float_as(2.0, ty), e.float_as(4.0, ty));
    let (a, b) = (e.mul(large, large), e.mul(small, small));
    let squares = e.add(&a, &b);
    let root = e.sqrt(&squares);
    let near = {
        let delta = e.sub(&root, small);
        let twice = e.mul(&two, &delta);
        let inner = e.sub(&twice, large);
        let first = e.mul(large, &inner);
        let gap = e.sub(large, small);
        let gap = e.mul(&two, &gap);
        let inner = e.sub(&delta, &gap);
        let second = e.mul(&inner, &delta);
        e.add(&first, &second)
    };
    let far = {
        let delta = e.sub(&root, large);
        let twice = e.mul(&two, small);
        let inner = e.sub(large, &twice);
        let double = e.mul(&two, &delta);
        let first = e.mul(&double, &inner);
        let inner = e.mul(&four, &delta);
        let inner = e.sub(&inner, small);
        let second = e.mul(&inner, small);
        let square = e.mul(&delta, &delta);
        let second = e.add(&second, &square);
        e.add(&first, &second)
    };
    let twice = e.mul(&two, small);
    let is_near = e.le(&root, &twice);
    let error = e.select(&is_near, &near, &far);
    let double = e.mul(&two, &root);
    let correction = e.fdiv(&error, &double);
    e.sub(&root, &correction)
}
