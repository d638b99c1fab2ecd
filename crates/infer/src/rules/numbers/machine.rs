//! Single instructions for kernels of the library (`coachwhip._machine`, which runs under plain Python too):
//! what numbers can do that Python has no operator for.

use super::convert::cast;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::promote::Num;
use crate::rules::Rule;
use coachwhip_ir::{Code, Dtype, Kind, Op, RuntimeFn, Ty};

/// The functions of this file.
pub const FUNCTIONS: &[(&str, Rule)] = &[
    ("coachwhip._machine.fma", fma),
    ("coachwhip._machine.select", select),
    ("coachwhip._machine.to_bits", to_bits),
    ("coachwhip._machine.from_bits", from_bits),
    ("coachwhip._machine.sin_far", |e, a| far(e, a, RuntimeFn::SinFar, RuntimeFn::SinfFar)),
    ("coachwhip._machine.cos_far", |e, a| far(e, a, RuntimeFn::CosFar, RuntimeFn::CosfFar)),
    ("coachwhip._machine.tan_far", |e, a| far(e, a, RuntimeFn::TanFar, RuntimeFn::TanfFar)),
];

/// The dtype of NumPy arithmetic on some numbers, of which Python's are weak; float64 if there is no other.
fn common(values: &[&Val]) -> Dtype {
    let dtypes = values.iter().filter_map(|v| match Num::of(&v.ty) {
        Some(Num::Scalar(dtype)) => Some(dtype),
        _ => None,
    });
    dtypes.max().unwrap_or(Dtype::Float64)
}

/// `fma(a, b, c)`: `a * b + c` rounded once.
fn fma(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, b, c] = args.all(["a", "b", "c"])?;
    let ty = Ty::Scalar(common(&[&a, &b, &c]));
    let (a, b, c) = (cast(e, &a, &ty), cast(e, &b, &ty), cast(e, &c, &ty));
    Ok(e.op(Op::Fma, &[&a, &b, &c], ty))
}

/// `select(condition, a, b)`: `a if condition else b`, both computed.
fn select(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [condition, a, b] = args.all(["condition", "a", "b"])?;
    let ty = Ty::Scalar(common(&[&a, &b]));
    let (a, b) = (cast(e, &a, &ty), cast(e, &b, &ty));
    let condition = cast(e, &condition, &Ty::Bool);
    Ok(e.select(&condition, &a, &b))
}

/// `to_bits(x)`: the bits of a float as a signed integer of its width.
fn to_bits(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let x = args.one()?;
    reinterpret(e, &x, Kind::Float, [Dtype::Int32, Dtype::Int64])
}

/// `from_bits(i)`: the float with these bits.
fn from_bits(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let i = args.one()?;
    reinterpret(e, &i, Kind::Signed, [Dtype::Float32, Dtype::Float64])
}

fn reinterpret(e: &mut Emit, v: &Val, from: Kind, [narrow, wide]: [Dtype; 2]) -> Result<Val, Fault> {
    let dtype = match Num::of(&v.ty) {
        Some(n) if n.kind() == from && n.dtype().size() == 4 => narrow,
        Some(n) if n.kind() == from && n.dtype().size() == 8 => wide,
        _ => return fault(Code::ArgumentTypes, "bits are those of numbers of 32 and 64 bits"),
    };
    Ok(e.op(Op::Bitcast, &[v], Ty::Scalar(dtype)))
}

/// `sin_far(x, y)` and its kin: `y`, but the C library's value where `x` is very far from 0.
fn far(e: &mut Emit, args: &Args, double: RuntimeFn, single: RuntimeFn) -> Result<Val, Fault> {
    let (x, y) = args.two()?;
    let dtype = common(&[&x, &y]);
    let ty = Ty::Scalar(dtype);
    let (x, y) = (cast(e, &x, &ty), cast(e, &y, &ty));
    Ok(e.runtime(if dtype == Dtype::Float32 { single } else { double }, &[&x, &y], ty))
}
