//! Comparisons of numbers.  Python compares an int with a float exactly; NumPy compares integers of any
//! two types exactly, and everything else in the common type.

use super::complex::{self, Parts};
use super::convert::{cast, part};
use super::wide_literal;
use crate::emit::{Emit, Fault, Val};
use crate::promote::{self, Num};
use crate::rules::Answer;
use coachwhip_ir::{CmpOp, Code, Const, Diagnostic, Dtype, Kind, Op, Ty};

/// The instruction that compares.
pub fn machine_op(op: CmpOp) -> Op {
    match op {
        CmpOp::Lt => Op::Lt,
        CmpOp::Le => Op::Le,
        CmpOp::Eq => Op::Eq,
        CmpOp::Ne => Op::Ne,
        CmpOp::Gt => Op::Gt,
        CmpOp::Ge => Op::Ge,
    }
}

/// The operator with its operands exchanged.
pub fn mirrored(op: CmpOp) -> CmpOp {
    match op {
        CmpOp::Lt => CmpOp::Gt,
        CmpOp::Le => CmpOp::Ge,
        CmpOp::Gt => CmpOp::Lt,
        CmpOp::Ge => CmpOp::Le,
        same => same,
    }
}

/// `a op b` of two numbers or two dtypes.
pub fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    if wide_literal::is_wide(a) || wide_literal::is_wide(b) {
        return wide_literal::compare(e, op, a, b);
    }
    let ordering = !matches!(op, CmpOp::Eq | CmpOp::Ne);
    let (Some(x), Some(y)) = (Num::of(&a.ty), Num::of(&b.ty)) else {
        return Ok(if ordering { None } else { super::dtype::equality(e, op, a, b) });
    };
    let Some(result) = promote::comparison(ordering, x, y) else {
        let message = format!("'{}' not supported between instances of '{}' and '{}'", op.symbol(), x.name(), y.name());
        return Err(Box::new(Diagnostic::new(Code::OperandTypes, message)));
    };
    let truth = match modulus(e, op, a, b)? {
        Some(truth) => truth,
        None => numbers(e, op, a, b, operator_order(x, y)),
    };
    Ok(Some(cast(e, &truth, &result.ty())))
}

/// How NumPy orders complex numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By the operators of its scalars: real parts first, whatever the imaginary ones are.
    Operator,
    /// By its functions (`np.less`): real parts decide only if no imaginary part is NaN.
    Function,
}

/// NumPy's complex scalars compare by themselves with what they can hold; anything else, and whatever stands
/// to the right of a `np.bool_`, goes through its functions.
fn operator_order(x: Num, y: Num) -> Order {
    let common = promote::common(x, y);
    let own = common.kind() == Kind::Complex && (common == x || common == y);
    if own && x != Num::Scalar(Dtype::Bool) { Order::Operator } else { Order::Function }
}

/// `a op b` of two numbers, as a `Bool`.
pub fn numbers(e: &mut Emit, op: CmpOp, a: &Val, b: &Val, order: Order) -> Val {
    let (Some(x), Some(y)) = (Num::of(&a.ty), Num::of(&b.ty)) else { return e.bool(false) };
    let numpy = x.is_numpy() || y.is_numpy();
    match (x.kind(), y.kind()) {
        (Kind::Complex, _) | (_, Kind::Complex) => of_complex(e, op, a, b, (x, y), order),
        (Kind::Float, Kind::Float) => plain(e, op, a, b, promote::common(x, y)),
        (Kind::Float, _) | (_, Kind::Float) if numpy => plain(e, op, a, b, promote::common(x, y)),
        (_, Kind::Float) => int_with_float(e, op, a, b),
        (Kind::Float, _) => int_with_float(e, mirrored(op), b, a),
        _ => integers(e, op, a, b, x, y),
    }
}

/// `abs(z) op bound` for a literal bound: decided by squares, unless they are so near that only the modulus
/// itself can tell.  The margin is some hundred times what the roundings of either side may amount to.
fn modulus(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Result<Option<Val>, Fault> {
    const MARGIN: f64 = 1.0 / (1u64 << 44) as f64;
    if matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(None);
    }
    let Some(z) = complex::modulus_operands(e, a) else {
        return match complex::modulus_operands(e, b) {
            Some(_) if a.literal().is_some() => modulus(e, mirrored(op), b, a),
            _ => Ok(None),
        };
    };
    let bound = match b.literal() {
        Some(Const::Int(i)) if i.unsigned_abs() <= 1 << 53 => *i as f64,
        Some(Const::Float(bits)) => f64::from_bits(*bits),
        _ => return Ok(None),
    };
    if !(1e-100..=1e100).contains(&bound) {
        return Ok(None);
    }
    let squares = complex::sum_of_squares(e, &z);
    let (low, high) = (e.float(bound * bound * (1.0 - MARGIN)), e.float(bound * bound * (1.0 + MARGIN)));
    let (inside, outside) = (e.lt(&squares, &low), e.gt(&squares, &high));
    let decided = e.either(&inside, &outside);
    let larger = matches!(op, CmpOp::Gt | CmpOp::Ge);
    let truth = e.if_else(
        &decided,
        |_| Ok(if larger { outside } else { inside }),
        |e| {
            let size = complex::modulus_again(e, &z);
            let bound = e.float(bound);
            Ok(e.op(machine_op(op), &[&size, &bound], Ty::Bool))
        },
    )?;
    Ok(Some(truth))
}

/// Both in one type, one instruction.
fn plain(e: &mut Emit, op: CmpOp, a: &Val, b: &Val, common: Num) -> Val {
    let (a, b) = (cast(e, a, &common.ty()), cast(e, b, &common.ty()));
    e.op(machine_op(op), &[&a, &b], Ty::Bool)
}

/// Integers and bools of any types.
fn integers(e: &mut Emit, op: CmpOp, a: &Val, b: &Val, x: Num, y: Num) -> Val {
    let wide = |n: Num| n == Num::Scalar(Dtype::Uint64);
    if wide(x) == wide(y) {
        let common = match (x, y) {
            _ if wide(x) => x,
            (Num::Scalar(p), Num::Scalar(q)) => Num::Scalar(p.promote(q)),
            (Num::Bool, Num::Bool) => Num::Bool,
            _ => Num::Int,
        };
        return plain(e, op, a, b, common);
    }
    // One side is uint64, the other signed or narrower.
    if wide(x) { unsigned_with_signed(e, op, a, b) } else { unsigned_with_signed(e, mirrored(op), b, a) }
}

/// `u op s` for a uint64 and an integer of 64 bits with sign.
fn unsigned_with_signed(e: &mut Emit, op: CmpOp, u: &Val, s: &Val) -> Val {
    let s = cast(e, s, &Ty::Int);
    let zero = e.int(0);
    let negative = e.lt(&s, &zero);
    let bits = cast(e, &s, &Ty::Scalar(Dtype::Uint64));
    let same = e.op(machine_op(op), &[u, &bits], Ty::Bool);
    let below = e.bool(matches!(op, CmpOp::Ne | CmpOp::Gt | CmpOp::Ge));
    e.select(&negative, &below, &same)
}

/// `i op f` for a Python int and a Python float, exactly.
fn int_with_float(e: &mut Emit, op: CmpOp, i: &Val, f: &Val) -> Val {
    let f = cast(e, f, &Ty::Float);
    if i.ty.widened() == Ty::Bool || i.literal_int().is_some_and(|i| i.unsigned_abs() <= 1 << 53) {
        return plain(e, op, i, &f, Num::Float);
    }
    if let Some(Const::Float(bits)) = f.literal() {
        let value = f64::from_bits(*bits);
        if let Some(decided) = int_with_literal(e, op, i, value) {
            return decided;
        }
    }
    // The conversion is monotonic, so only where the rounded int equals the float is the exact int needed;
    // there the float is whole, and in range unless it is 2**63.
    let rounded = cast(e, i, &Ty::Float);
    let whole = e.op(Op::ConvertSaturating, &[&f], Ty::Int);
    let limit = e.float(2f64.powi(63));
    let (tie, beyond) = (e.eq(&rounded, &f), e.eq(&f, &limit));
    let by_float = e.op(machine_op(op), &[&rounded, &f], Ty::Bool);
    let by_int = e.op(machine_op(op), &[i, &whole], Ty::Bool);
    let below = e.bool(matches!(op, CmpOp::Lt | CmpOp::Le | CmpOp::Ne));
    let by_int = e.select(&beyond, &below, &by_int);
    e.select(&tie, &by_int, &by_float)
}

/// `i op value` as a comparison of ints, where the float is known and within 64 bits.
fn int_with_literal(e: &mut Emit, op: CmpOp, i: &Val, value: f64) -> Option<Val> {
    if !(-(2f64.powi(63))..2f64.powi(63)).contains(&value) {
        return None;
    }
    let fractional = value.fract() != 0.0;
    let bound = match op {
        CmpOp::Lt | CmpOp::Ge => value.ceil(),
        CmpOp::Le | CmpOp::Gt => value.floor(),
        CmpOp::Eq if fractional => return Some(e.bool(false)),
        CmpOp::Ne if fractional => return Some(e.bool(true)),
        CmpOp::Eq | CmpOp::Ne => value,
    };
    let bound = e.int(bound as i64);
    Some(e.op(machine_op(op), &[i, &bound], Ty::Bool))
}

/// Complex with any number: equality by parts; NumPy orders by the real part, then by the imaginary one.
fn of_complex(e: &mut Emit, op: CmpOp, a: &Val, b: &Val, (x, y): (Num, Num), order: Order) -> Val {
    let common = promote::common(x, y);
    let ty = part(&common.ty());
    let (p, q) = (Parts::of(e, a, &ty), Parts::of(e, b, &ty));
    match op {
        CmpOp::Eq | CmpOp::Ne => {
            if !x.is_numpy() && !y.is_numpy() {
                return python_complex_equality(e, op, a, b, x, y);
            }
            let (re, im) = (e.eq(&p.re, &q.re), e.eq(&p.im, &q.im));
            let equal = e.both(&re, &im);
            if op == CmpOp::Eq { equal } else { e.not(&equal) }
        }
        CmpOp::Lt | CmpOp::Le => lexicographic(e, op, &p, &q, order),
        CmpOp::Gt | CmpOp::Ge => lexicographic(e, mirrored(op), &q, &p, order),
    }
}

/// Python compares a complex number with an int exactly.
fn python_complex_equality(e: &mut Emit, op: CmpOp, a: &Val, b: &Val, x: Num, y: Num) -> Val {
    let parts = |e: &mut Emit, v: &Val, n: Num| {
        if n == Num::Complex {
            let parts = Parts::of(e, v, &Ty::Float);
            (parts.re, parts.im)
        } else {
            (v.clone(), e.float(0.0))
        }
    };
    let (p, q) = (parts(e, a, x), parts(e, b, y));
    let (re, im) = (numbers(e, CmpOp::Eq, &p.0, &q.0, Order::Operator), e.eq(&p.1, &q.1));
    let equal = e.both(&re, &im);
    if op == CmpOp::Eq { equal } else { e.not(&equal) }
}

/// `p < q` or `p <= q` as NumPy orders complex numbers.
fn lexicographic(e: &mut Emit, op: CmpOp, p: &Parts, q: &Parts, order: Order) -> Val {
    let (mut first, same) = (e.lt(&p.re, &q.re), e.eq(&p.re, &q.re));
    if order == Order::Function {
        let (x, y) = (e.eq(&p.im, &p.im), e.eq(&q.im, &q.im));
        let clean = e.both(&x, &y);
        first = e.both(&first, &clean);
    }
    let second = e.op(machine_op(op), &[&p.im, &q.im], Ty::Bool);
    let second = e.both(&same, &second);
    e.either(&first, &second)
}
