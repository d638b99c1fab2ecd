//! Numbers as array elements: NumPy's cast between dtypes, and the checked conversion of an assignment.

use super::geometry::{and, array};
use super::integers::to_int;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{Bits, Code, Const, Diagnostic, Dtype, ErrorKind, Kind, Op, Ty, describe};

/// A number of any kind as an element, as `astype` casts it: nothing is checked.
pub fn cast(e: &mut Emit, v: &Val, to: Dtype) -> Val {
    crate::rules::numbers::to_dtype(e, v, to)
}

/// Whether a value is one number, of Python or of NumPy.
pub fn is_number(v: &Val) -> bool {
    v.ty.dtype().is_some() || matches!(v.ty, Ty::Lit(Const::BigInt(_)))
}

/// The value as an element, as `a[i] = value` converts it.
///
/// NumPy turns Python numbers, and for signed dtypes NumPy scalars too, into a Python int that must fit;
/// a NumPy scalar stored into any other dtype is cast.
pub fn stored(e: &mut Emit, v: &Val, to: Dtype) -> Result<Val, Fault> {
    if let Some((a, ty)) = array(e, v) {
        if ty.ndim == 0 {
            let element = super::index::load(e, &a, ty, &[]);
            return Ok(cast(e, &element, to));
        }
        return fault(Code::OperandTypes, "an array cannot be stored in one element of an array");
    }
    if let Ty::Lit(Const::BigInt(digits)) = &v.ty {
        let digits = digits.clone();
        return Ok(big(e, &digits, to));
    }
    let Some(from) = v.ty.dtype() else { return Err(Box::new(refusal(v, to))) };
    let python = v.ty.is_python_number();
    match (from.kind(), to.kind()) {
        (Kind::Complex, kind) if python && kind < Kind::Complex && kind > Kind::Bool => Err(Box::new(refusal(v, to))),
        (Kind::Complex, Kind::Signed) => {
            let v = e.machine(v);
            let re = e.field(&v, 0);
            Ok(whole(e, &re, to))
        }
        (Kind::Float, Kind::Signed) => Ok(whole(e, v, to)),
        (Kind::Float, Kind::Unsigned) if python => Ok(whole(e, v, to)),
        (Kind::Bool | Kind::Signed | Kind::Unsigned, Kind::Signed) => Ok(fitting(e, v, from, to)),
        (Kind::Bool | Kind::Signed | Kind::Unsigned, Kind::Unsigned) if python => Ok(fitting(e, v, from, to)),
        _ => Ok(cast(e, v, to)),
    }
}

fn refusal(v: &Val, to: Dtype) -> Diagnostic {
    let message = format!("{} cannot be stored in a {} array", describe(&v.ty), to.name());
    let diagnostic = Diagnostic::new(Code::OperandTypes, message);
    match v.ty.widened() {
        Ty::Complex => diagnostic.help("store its .real part"),
        Ty::Optional(_) => diagnostic.help("test the value with `is None` first"),
        _ => diagnostic,
    }
}

/// A literal beyond 64 bits.
fn big(e: &mut Emit, digits: &str, to: Dtype) -> Val {
    match to.kind() {
        Kind::Bool => e.lit(Const::Scalar(to, Bits(1, 0))),
        Kind::Float | Kind::Complex => {
            let value = e.float(digits.parse().unwrap_or(f64::INFINITY));
            cast(e, &value, to)
        }
        _ => match digits.parse::<u64>() {
            Ok(value) if to == Dtype::Uint64 => e.lit(Const::Scalar(to, Bits(value, 0))),
            _ => e.fail(ErrorKind::IntTooLargeC, &[]),
        },
    }
}

/// The least and the greatest value of an integer dtype, as far as 64 signed bits hold them.
fn limits(d: Dtype) -> (i64, i64) {
    let bits = d.size() * 8;
    match d.kind() {
        Kind::Bool => (0, 1),
        Kind::Signed => (i64::MIN >> (64 - bits), i64::MAX >> (64 - bits)),
        _ if bits == 64 => (0, i64::MAX),
        _ => (0, (1 << bits) - 1),
    }
}

/// An integer that must fit the dtype.
fn fitting(e: &mut Emit, v: &Val, from: Dtype, to: Dtype) -> Val {
    let ((low, high), (least, most)) = (limits(to), limits(from));
    let int = if from == Dtype::Uint64 { narrowed(e, v) } else { to_int(e, v) };
    let int = if int.ty.widened() == Ty::Bool { e.op(Op::Convert, &[&int], Ty::Int) } else { int };
    let mut ok = e.bool(true);
    if least < low {
        let low = e.int(low);
        let above = e.op(Op::Ge, &[&int, &low], Ty::Bool);
        ok = and(e, &ok, &above);
    }
    if most > high {
        let high = e.int(high);
        let below = e.op(Op::Le, &[&int, &high], Ty::Bool);
        ok = and(e, &ok, &below);
    }
    let name = e.int(to as i64);
    e.guard(&ok, ErrorKind::DtypeOverflow, &[&int, &name]);
    e.op(Op::Convert, &[&int], Ty::Scalar(to))
}

/// A `uint64` that must fit an int.
fn narrowed(e: &mut Emit, v: &Val) -> Val {
    let (int, zero) = (e.op(Op::Convert, &[v], Ty::Int), e.int(0));
    let fits = e.op(Op::Ge, &[&int, &zero], Ty::Bool);
    e.guard(&fits, ErrorKind::IntTooLargeC, &[]);
    int
}

/// A float as the Python int that it truncates to, which must fit the dtype.
fn whole(e: &mut Emit, v: &Val, to: Dtype) -> Val {
    let f = if v.ty.widened() == Ty::Float { v.clone() } else { e.op(Op::Convert, &[v], Ty::Float) };
    let two63 = 2f64.powi(63);
    let bits = to.size() * 8;
    let (low, high) = match to.kind() {
        Kind::Unsigned => (-1.0, 2f64.powi(bits as i32)),
        _ if bits == 64 => (-two63, two63),
        _ => (-2f64.powi(bits as i32 - 1) - 1.0, 2f64.powi(bits as i32 - 1)),
    };
    let (below, above) = (e.float(low), e.float(high));
    // The bound below is the least int64 itself, or one less than the least value of a smaller dtype.
    let compare = if low == -two63 { Op::Ge } else { Op::Gt };
    let fits_low = e.op(compare, &[&f, &below], Ty::Bool);
    let fits_high = e.op(Op::Lt, &[&f, &above], Ty::Bool);
    let ok = and(e, &fits_low, &fits_high);
    let failure = e.if_else(&ok, |e| Ok(e.none()), |e| Ok(not_whole(e, &f, to)));
    // Neither branch can be refused: both give a value.
    debug_assert!(failure.is_ok());
    e.op(Op::Convert, &[&f], Ty::Scalar(to))
}

/// Why a float is not stored: the messages of `int(value)` and of NumPy.
fn not_whole(e: &mut Emit, f: &Val, to: Dtype) -> Val {
    let number = e.op(Op::Eq, &[f, f], Ty::Bool);
    e.guard(&number, ErrorKind::FloatToIntNan, &[]);
    let (size, infinity) = (e.op(Op::Abs, &[f], Ty::Float), e.float(f64::INFINITY));
    let finite = e.op(Op::Ne, &[&size, &infinity], Ty::Bool);
    e.guard(&finite, ErrorKind::FloatToIntInf, &[]);
    let (low, high) = (e.float(-2f64.powi(63)), e.float(2f64.powi(63)));
    let (above, below) = (e.op(Op::Ge, &[f, &low], Ty::Bool), e.op(Op::Lt, &[f, &high], Ty::Bool));
    let long = and(e, &above, &below);
    e.guard(&long, ErrorKind::IntTooLargeC, &[]);
    let (int, name) = (e.op(Op::Convert, &[f], Ty::Int), e.int(to as i64));
    e.fail(ErrorKind::DtypeOverflow, &[&int, &name])
}
