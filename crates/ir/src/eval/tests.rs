//! Tests of the folder: widths, signs, special values and refusals.

use super::fold;
use crate::constant::{Bits, Const};
use crate::op::{Imm, Op};
use crate::ty::{Dtype, Ty};

fn int(i: i64) -> Const {
    Const::Int(i)
}
fn sc(d: Dtype, i: i64) -> Const {
    Const::Scalar(d, Bits(i as u64, 0))
}
fn f32c(x: f32) -> Const {
    Const::Scalar(Dtype::Float32, Bits(f64::from(x).to_bits(), 0))
}
fn one(op: Op, args: &[Const], ty: Ty) -> Option<Const> {
    fold(op, &Imm::None, args, &[ty]).and_then(|mut r| r.pop())
}

#[test]
fn integers_wrap_at_their_width() {
    let u8s = |a, b| [sc(Dtype::Uint8, a), sc(Dtype::Uint8, b)];
    assert_eq!(one(Op::Add, &u8s(200, 100), Ty::Scalar(Dtype::Uint8)), Some(sc(Dtype::Uint8, 44)));
    let i8s = |a, b| [sc(Dtype::Int8, a), sc(Dtype::Int8, b)];
    assert_eq!(one(Op::Mul, &i8s(100, 2), Ty::Scalar(Dtype::Int8)), Some(sc(Dtype::Int8, -56)));
    assert_eq!(one(Op::Neg, &[int(i64::MIN)], Ty::Int), Some(int(i64::MIN)));
    assert_eq!(one(Op::Abs, &[int(i64::MIN)], Ty::Int), Some(int(i64::MIN)));
    let u64s = [sc(Dtype::Uint64, -1), sc(Dtype::Uint64, -1)];
    assert_eq!(one(Op::Mul, &u64s, Ty::Scalar(Dtype::Uint64)), Some(sc(Dtype::Uint64, 1)));
    assert_eq!(one(Op::Not, &[sc(Dtype::Uint16, 1)], Ty::Scalar(Dtype::Uint16)), Some(sc(Dtype::Uint16, 0xfffe)));
}

#[test]
fn overflow_flags() {
    let ovf = |op, a, b| fold(op, &Imm::None, &[int(a), int(b)], &[Ty::Int, Ty::Bool]);
    assert_eq!(ovf(Op::AddOvf, i64::MAX, 1), Some(vec![int(i64::MIN), Const::Bool(true)]));
    assert_eq!(ovf(Op::SubOvf, 3, 5), Some(vec![int(-2), Const::Bool(false)]));
    assert_eq!(ovf(Op::MulOvf, 1 << 40, 1 << 40), Some(vec![int(0), Const::Bool(true)]));
    let u64s = [sc(Dtype::Uint64, -1), sc(Dtype::Uint64, -1)];
    let wide = fold(Op::MulOvf, &Imm::None, &u64s, &[Ty::Scalar(Dtype::Uint64), Ty::Bool]);
    assert_eq!(wide, Some(vec![sc(Dtype::Uint64, 1), Const::Bool(true)]));
}

#[test]
fn divisions() {
    let cases = [
        (7, 2, 3, 1, 3, 1),
        (-7, 2, -4, 1, -3, -1),
        (7, -2, -4, -1, -3, 1),
        (-7, -2, 3, -1, 3, -1),
        (6, -3, -2, 0, -2, 0),
    ];
    for (a, b, fd, fm, td, tm) in cases {
        for (op, want) in [(Op::FloorDiv, fd), (Op::FloorMod, fm), (Op::TruncDiv, td), (Op::TruncMod, tm)] {
            assert_eq!(one(op, &[int(a), int(b)], Ty::Int), Some(int(want)), "{op:?} {a} {b}");
            assert_eq!(one(op, &[int(a), int(0)], Ty::Int), None);
            assert_eq!(one(op, &[int(i64::MIN), int(-1)], Ty::Int), None);
        }
    }
}

#[test]
fn shifts_and_counts() {
    assert_eq!(one(Op::Shl, &[int(1), int(63)], Ty::Int), Some(int(i64::MIN)));
    assert_eq!(one(Op::Shl, &[int(1), int(64)], Ty::Int), None);
    assert_eq!(one(Op::Shr, &[int(-8), int(1)], Ty::Int), Some(int(-4)));
    assert_eq!(one(Op::Shr, &[int(-8), int(-1)], Ty::Int), None);
    let u8v = |i| sc(Dtype::Uint8, i);
    assert_eq!(one(Op::Shr, &[u8v(0x80), u8v(7)], Ty::Scalar(Dtype::Uint8)), Some(u8v(1)));
    assert_eq!(one(Op::Clz, &[u8v(1)], Ty::Scalar(Dtype::Uint8)), Some(u8v(7)));
    assert_eq!(one(Op::Clz, &[u8v(0)], Ty::Int), Some(int(8)));
    assert_eq!(one(Op::Ctz, &[int(0)], Ty::Int), Some(int(64)));
    assert_eq!(one(Op::PopCount, &[sc(Dtype::Int8, -1)], Ty::Int), Some(int(8)));
}

#[test]
fn floats() {
    let (a, b) = (f32c(16_777_216.0), f32c(1.0));
    assert_eq!(one(Op::Add, &[a.clone(), b], Ty::Scalar(Dtype::Float32)), Some(a.clone()));
    assert_eq!(one(Op::Add, &[a.clone(), Const::float(1.0)], Ty::Float), None);
    assert_eq!(one(Op::Add, &[int(1), Const::float(1.0)], Ty::Float), None);
    let nan = Const::float(f64::NAN);
    for (op, want) in [(Op::Eq, false), (Op::Ne, true), (Op::Lt, false), (Op::Ge, false)] {
        assert_eq!(one(op, &[nan.clone(), nan.clone()], Ty::Bool), Some(Const::Bool(want)));
    }
    assert_eq!(one(Op::Rint, &[Const::float(2.5)], Ty::Float), Some(Const::float(2.0)));
    assert_eq!(one(Op::Neg, &[Const::float(0.0)], Ty::Float), Some(Const::float(-0.0)));
    assert_eq!(one(Op::Div, &[Const::float(1.0), Const::float(0.0)], Ty::Float), Some(Const::float(f64::INFINITY)));
}

#[test]
fn conversions() {
    let f = |x: f64| [Const::float(x)];
    assert_eq!(one(Op::Convert, &f(-2.9), Ty::Int), Some(int(-2)));
    assert_eq!(one(Op::Convert, &f(1e19), Ty::Int), None);
    assert_eq!(one(Op::Convert, &f(f64::NAN), Ty::Int), None);
    assert_eq!(one(Op::Convert, &f(f64::NAN), Ty::Bool), Some(Const::Bool(true)));
    assert_eq!(one(Op::Convert, &f(-0.0), Ty::Bool), Some(Const::Bool(false)));
    assert_eq!(one(Op::Convert, &[Const::Bool(true)], Ty::Float), Some(Const::float(1.0)));
    assert_eq!(one(Op::Convert, &[sc(Dtype::Uint64, -1)], Ty::Float), Some(Const::float(18446744073709551616.0)));
    assert_eq!(one(Op::Convert, &[int(300)], Ty::Scalar(Dtype::Int8)), Some(sc(Dtype::Int8, 44)));
    assert_eq!(one(Op::Convert, &[int(-1)], Ty::Scalar(Dtype::Uint32)), Some(sc(Dtype::Uint32, 0xffff_ffff)));
    assert_eq!(one(Op::Bitcast, &f(1.0), Ty::Int), Some(int(0x3ff0_0000_0000_0000)));
    assert_eq!(one(Op::Bitcast, &[f32c(1.0)], Ty::Scalar(Dtype::Int32)), Some(sc(Dtype::Int32, 0x3f80_0000)));
    assert_eq!(one(Op::Bitcast, &[f32c(1.0)], Ty::Int), None);
}

/// The expectations are what NumPy 2 answers on x86-64.
#[test]
fn conversions_as_c_does_them() {
    let c = |x: f64, d: Dtype| one(Op::ConvertSaturating, &[Const::float(x)], Ty::Scalar(d));
    let cases = [
        (300.0, Dtype::Int8, 44),
        (-300.0, Dtype::Uint8, 212),
        (3e9, Dtype::Int16, 0),
        (f64::NAN, Dtype::Int32, -2147483648),
        (3e9, Dtype::Uint32, 3000000000),
        (5e9, Dtype::Uint32, 705032704),
        (1e19, Dtype::Int64, i64::MIN),
        (-1.0, Dtype::Uint64, -1),
        (f64::NAN, Dtype::Uint64, i64::MIN),
        (2e19, Dtype::Uint64, 0),
        (1e19, Dtype::Uint64, 10000000000000000000u64 as i64),
    ];
    for (x, d, want) in cases {
        assert_eq!(c(x, d), Some(sc(d, want)), "{x} to {}", d.name());
    }
}

#[test]
fn indices_and_aggregates() {
    assert_eq!(one(Op::WrapIndex, &[int(-1), int(5)], Ty::Int), Some(int(4)));
    assert_eq!(one(Op::InRange, &[int(5), int(5)], Ty::Bool), Some(Const::Bool(false)));
    assert_eq!(one(Op::Select, &[Const::Bool(false), int(1), int(2)], Ty::Int), Some(int(2)));
    assert_eq!(one(Op::Select, &[Const::Bool(false), int(1), int(2)], Ty::Float), None);
    let z = one(Op::Pack, &[Const::float(1.0), Const::float(2.0)], Ty::Complex);
    assert_eq!(z, Some(Const::Complex(1f64.to_bits(), 2f64.to_bits())));
    let re = fold(Op::Field, &Imm::Int(1), &[z.unwrap()], &[Ty::Float]);
    assert_eq!(re, Some(vec![Const::float(2.0)]));
    assert_eq!(one(Op::Runtime, &[Const::float(1.0)], Ty::Float), None);
}
