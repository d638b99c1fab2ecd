//! `min` and `max`.

use super::super::geometry::shape;
use super::super::index::is_none;
use super::super::raise::{Piece, raise};
use super::fold::{Fold, fold};
use super::form;
use super::parts::Bound;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val};
use coachwhip_ir::{Bits, Const, Dtype, ErrorKind, Kind, Op, Ty};

const NAMES: &[&str] = &["a", "axis", "out", "keepdims", "initial", "where"];

/// `np.min`.
pub fn min(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    extreme(e, args, false)
}

/// `np.max`.
pub fn max(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    extreme(e, args, true)
}

/// `np.amin`.
pub fn amin(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    extreme(e, args, false)
}

/// `np.amax`.
pub fn amax(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    extreme(e, args, true)
}

fn extreme(e: &mut Emit, args: &Args, largest: bool) -> Result<Val, Fault> {
    let loops = if largest {
        ["coachwhip.lib.max_row", "coachwhip.lib.max_cell"]
    } else {
        ["coachwhip.lib.min_row", "coachwhip.lib.min_cell"]
    };
    let ufunc = if largest { "maximum" } else { "minimum" };
    reduced(e, args, loops, ufunc, &|e, d| limit(e, d, !largest))
}

/// An extreme by its loops; `start` makes what no element is beyond.
pub fn reduced(
    e: &mut Emit,
    args: &Args,
    loops: [&'static str; 2],
    ufunc: &str,
    start: &dyn Fn(&mut Emit, Dtype) -> Val,
) -> Result<Val, Fault> {
    let bound = Bound::new(args, NAMES)?;
    bound.reduce(e, true, &|e, a, ty, reduced| {
        // Like every ufunc, it computes in the dtype of the array and of where the results go.
        let d = bound.out(e)?.map_or(ty.dtype, |(_, out)| out.dtype.promote(ty.dtype));
        let sizes = shape(e, a, ty);
        let mask = bound.mask(e, &sizes)?;
        let given = bound.get("initial").is_some_and(|v| !is_none(v));
        let initial = match if given { bound.initial(e, d)? } else { None } {
            Some(v) => v,
            None if mask.is_some() => return Ok(no_identity(e, ufunc)),
            None => {
                let (count, zero) = (form::count(e, a, ty, reduced), e.int(0));
                let some = e.op(Op::Ne, &[&count, &zero], Ty::Bool);
                let shown = e.lit(Const::Str(ufunc.into()));
                e.guard(&some, ErrorKind::ReduceEmpty, &[&shown]);
                start(e, d)
            }
        };
        let [row, cell] = loops;
        fold(e, a, ty, reduced, &Fold { row, cell, dtype: d, initial, values: None, mask: mask.as_ref() })
    })
}

fn no_identity(e: &mut Emit, ufunc: &str) -> Val {
    let why = match ufunc {
        "maximum" => {
            "reduction operation 'maximum' does not have an identity, so to use a where mask one has to specify 'initial'"
        }
        "minimum" => {
            "reduction operation 'minimum' does not have an identity, so to use a where mask one has to specify 'initial'"
        }
        "fmax" => {
            "reduction operation 'fmax' does not have an identity, so to use a where mask one has to specify 'initial'"
        }
        _ => {
            "reduction operation 'fmin' does not have an identity, so to use a where mask one has to specify 'initial'"
        }
    };
    raise(e, "ValueError", vec![Piece::Text(why)])
}

/// The greatest or the least value of a dtype.
pub fn limit(e: &mut Emit, d: Dtype, greatest: bool) -> Val {
    let infinity = if greatest { f64::INFINITY } else { f64::NEG_INFINITY };
    let bits = 64 - d.size().min(8) * 8;
    let bits = match (d.kind(), greatest) {
        (Kind::Bool, _) => Bits(u64::from(greatest), 0),
        (Kind::Signed, true) => Bits((i64::MAX >> bits) as u64, 0),
        (Kind::Signed, false) => Bits((i64::MIN >> bits) as u64, 0),
        (Kind::Unsigned, true) => Bits(u64::MAX >> bits, 0),
        (Kind::Unsigned, false) => Bits(0, 0),
        (Kind::Float, _) => Bits(infinity.to_bits(), 0),
        (Kind::Complex, _) => Bits(infinity.to_bits(), infinity.to_bits()),
    };
    let constant = e.lit(Const::Scalar(d, bits));
    e.machine(&constant)
}
