//! `argmin`, `argmax` and their forms that leave NaN out.

use super::super::casting::{self, Casting};
use super::super::geometry::transposed;
use super::super::literals::Order;
use super::super::{create, library, reshape};
use super::form;
use super::parts::Bound;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val};
use coachwhip_ir::{ArrayTy, Const, Dtype, ErrorKind, Layout, Op, Ty};

const NAMES: &[&str] = &["a", "axis", "out", "keepdims"];

/// `np.argmin`.
pub fn argmin(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    position(e, args, false, false)
}

/// `np.argmax`.
pub fn argmax(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    position(e, args, true, false)
}

/// `np.nanargmin`.
pub fn nanargmin(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    position(e, args, false, true)
}

/// `np.nanargmax`.
pub fn nanargmax(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    position(e, args, true, true)
}

fn position(e: &mut Emit, args: &Args, largest: bool, nans: bool) -> Result<Val, Fault> {
    let bound = Bound::new(args, NAMES)?;
    if let Some((out, _)) = bound.out(e)? {
        // NumPy makes int64 of it for the results, which must be safe.
        casting::check_array(&out, Dtype::Int64, Casting::Safe)?;
    }
    bound.reduce(e, false, &|e, a, ty, reduced| {
        let (count, zero) = (form::count(e, a, ty, reduced), e.int(0));
        let some = e.op(Op::Ne, &[&count, &zero], Ty::Bool);
        let shown = e.lit(Const::Str(if largest { "argmax".into() } else { "argmin".into() }));
        e.guard(&some, ErrorKind::ArgEmpty, &[&shown]);
        let (largest, nans) = (e.bool(largest), e.bool(nans));
        if reduced.iter().all(|r| *r) {
            let flat = reshape::ravel(e, a, ty, Order::C)?;
            let found = library(e, "coachwhip.lib.position", &[flat, largest, nans])?;
            return Ok(e.op(Op::Convert, &[&found], Ty::Scalar(Dtype::Int64)));
        }
        let sizes = form::kept(&super::super::geometry::shape(e, a, ty), reduced);
        let out = create::allocate(e, Dtype::Int64, &sizes, Layout::C, false);
        if ty.layout == Layout::C {
            let (source, first) = form::grouped(e, a, ty, reduced);
            let target = form::grouped_result(e, &out, ty, reduced);
            let first = e.bool(first);
            library(e, "coachwhip.lib.positions", &[target, source, first, largest, nans])?;
            return Ok(out);
        }
        let source = moved_last(e, a, ty, reduced);
        library(e, "coachwhip.lib.positions_of_rows", &[out.clone(), source, largest, nans])?;
        Ok(out)
    })
}

/// The array with the reduced axis behind the others.
pub fn moved_last(e: &mut Emit, a: &Val, ty: ArrayTy, reduced: &[bool]) -> Val {
    let mut axes: Vec<usize> = (0..reduced.len()).filter(|i| reduced.get(*i) == Some(&false)).collect();
    axes.extend((0..reduced.len()).filter(|i| reduced.get(*i) == Some(&true)));
    transposed(e, a, ty, &axes)
}
