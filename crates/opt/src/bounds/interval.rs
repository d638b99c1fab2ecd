//! The least and greatest number that a value can be, from its type and its making alone: no paths, no loops.

use crate::edit::int_constant;
use coachwhip_ir::{ArrayTy, Dtype, Func, Imm, Layout, Op, Ty, Value};

/// Operands are followed this deep.
const DEPTH: u32 = 6;

/// Bounds, both included.
pub type Interval = (i128, i128);

/// Bounds of a 64-bit signed integer.
pub const WORD: Interval = (i64::MIN as i128, i64::MAX as i128);

/// The numbers of an integer type; `None` if it is not one.
pub fn of_type(ty: &Ty) -> Option<Interval> {
    let dtype = match ty {
        Ty::Int => Dtype::Int64,
        Ty::Bool => Dtype::Bool,
        Ty::Scalar(d) => *d,
        _ => return None,
    };
    let bits = dtype.size() * 8;
    match dtype.kind() {
        coachwhip_ir::Kind::Bool => Some((0, 1)),
        coachwhip_ir::Kind::Signed => Some((-(1 << (bits - 1)), (1 << (bits - 1)) - 1)),
        coachwhip_ir::Kind::Unsigned => Some((0, (1 << bits) - 1)),
        _ => None,
    }
}

/// The numbers that a value can be; those of its type at most.
pub fn of(func: &Func, value: Value) -> Option<Interval> {
    bounded(func, value, DEPTH)
}

fn bounded(func: &Func, value: Value, depth: u32) -> Option<Interval> {
    let whole = of_type(func.ty(value))?;
    if let Some(c) = int_constant(func, value) {
        let unsigned = whole.0 == 0 && whole.1 > WORD.1;
        let c = if unsigned { i128::from(c as u64) } else { i128::from(c) };
        return Some((c, c));
    }
    if depth == 0 {
        return Some(whole);
    }
    let found = from_making(func, value, whole, depth - 1).unwrap_or(whole);
    Some((found.0.max(whole.0), found.1.min(whole.1)))
}

/// No list has more items: an address is a word of eight bytes.
const MOST_ITEMS: i128 = i64::MAX as i128 / 8;

fn from_making(func: &Func, value: Value, whole: Interval, depth: u32) -> Option<Interval> {
    let data = &func.insts[func.def_inst(value)?];
    let arg = |n: usize| data.args.get(n).and_then(|&a| bounded(func, a, depth));
    let fits = |i: Interval| (whole.0 <= i.0 && i.1 <= whole.1).then_some(i);
    match data.op {
        Op::Field => {
            let array = func.ty(*data.args.first()?).array()?;
            let Imm::Int(n) = data.imm else { return None };
            let is_shape = n >= 2 && n < 2 + i64::from(array.ndim);
            is_shape.then_some((0, most_elements(array)))
        }
        Op::ListLen | Op::ListRoom => Some((0, MOST_ITEMS)),
        Op::AddExact => Some(sum(arg(0)?, arg(1)?)),
        Op::SubExact => Some(difference(arg(0)?, arg(1)?)),
        Op::MulExact => product(arg(0)?, arg(1)?),
        Op::Add | Op::AddOvf => fits(sum(arg(0)?, arg(1)?)),
        Op::Sub | Op::SubOvf => fits(difference(arg(0)?, arg(1)?)),
        Op::Mul | Op::MulOvf => fits(product(arg(0)?, arg(1)?)?),
        Op::Neg => fits(difference((0, 0), arg(0)?)),
        Op::Convert => fits(arg(0)?),
        Op::Min => Some((arg(0)?.0.min(arg(1)?.0), arg(0)?.1.min(arg(1)?.1))),
        Op::Max => Some((arg(0)?.0.max(arg(1)?.0), arg(0)?.1.max(arg(1)?.1))),
        Op::Select => Some((arg(1)?.0.min(arg(2)?.0), arg(1)?.1.max(arg(2)?.1))),
        Op::And => and(arg(0)?, arg(1)?),
        Op::Shr => shifted(arg(0)?, arg(1)?),
        Op::FloorDiv => quotient(arg(0)?, arg(1)?),
        Op::FloorMod => remainder(arg(0)?, arg(1)?),
        Op::Abs => absolute(arg(0)?, whole),
        Op::PopCount | Op::Clz | Op::Ctz => Some((0, 64)),
        _ => None,
    }
}

/// The greatest size of a dimension.  Elements side by side are in memory, of which no machine addresses more than
/// 2**56 bytes; with more than one dimension the others may be 0, and NumPy promises only that no size in bytes overflows.
fn most_elements(array: ArrayTy) -> i128 {
    match (array.layout, array.ndim) {
        (Layout::A, _) => WORD.1,
        (_, 1) => (1 << 56) / i128::from(array.dtype.size()),
        _ => WORD.1 / i128::from(array.dtype.size()),
    }
}

fn sum(a: Interval, b: Interval) -> Interval {
    (a.0 + b.0, a.1 + b.1)
}

fn difference(a: Interval, b: Interval) -> Interval {
    (a.0 - b.1, a.1 - b.0)
}

fn product(a: Interval, b: Interval) -> Option<Interval> {
    let corners = [a.0.checked_mul(b.0)?, a.0.checked_mul(b.1)?, a.1.checked_mul(b.0)?, a.1.checked_mul(b.1)?];
    Some((*corners.iter().min()?, *corners.iter().max()?))
}

fn and(a: Interval, b: Interval) -> Option<Interval> {
    match (a.0 >= 0, b.0 >= 0) {
        (true, true) => Some((0, a.1.min(b.1))),
        (true, false) => Some((0, a.1)),
        (false, true) => Some((0, b.1)),
        _ => None,
    }
}

fn shifted(a: Interval, b: Interval) -> Option<Interval> {
    let (least, most) = (u32::try_from(b.0).ok()?, u32::try_from(b.1).ok()?.min(127));
    Some(((a.0 >> least).min(a.0 >> most), (a.1 >> least).max(a.1 >> most)))
}

fn quotient(a: Interval, b: Interval) -> Option<Interval> {
    if b.0 < 1 {
        return None;
    }
    let floor = |x: i128, y: i128| x.div_euclid(y);
    Some((floor(a.0, b.0).min(floor(a.0, b.1)), floor(a.1, b.0).max(floor(a.1, b.1))))
}

fn remainder(a: Interval, b: Interval) -> Option<Interval> {
    if b.0 < 0 {
        return None;
    }
    // The divisor is not 0, so a divisor that is not negative is at least 1.
    let most = (b.1 - 1).max(0);
    if a.0 >= 0 { Some((0, most.min(a.1))) } else { Some((0, most)) }
}

fn absolute(a: Interval, whole: Interval) -> Option<Interval> {
    if a.0 == whole.0 {
        return None;
    }
    if a.0 >= 0 { Some(a) } else { Some((0.max(-a.1), a.1.max(-a.0))) }
}
