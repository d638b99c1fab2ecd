//! Machine numbers: what a constant is once its type has said how many bits it has.

use crate::constant::{Bits, Const};
use crate::ty::{Dtype, Kind, Ty};
use coachwhip_abi::Half;
use std::fmt;

/// Width and sign of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Width {
    /// 8, 16, 32 or 64.
    pub bits: u32,
    /// Two's complement.
    pub signed: bool,
}

/// How a number lies in a register.  `int` and `int64` are the same; so are `float` and `float64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Machine {
    /// A truth value.
    Bool,
    /// An integer.
    Int(Width),
    /// IEEE half.
    F16,
    /// IEEE single.
    F32,
    /// IEEE double.
    F64,
}

impl Machine {
    /// The machine form of a type, `None` for everything that is not one number.
    pub fn of(ty: &Ty) -> Option<Machine> {
        match ty {
            Ty::Bool => Some(Machine::Bool),
            Ty::Int => Some(Machine::Int(Width { bits: 64, signed: true })),
            Ty::Float => Some(Machine::F64),
            Ty::Scalar(d) => Machine::of_dtype(*d),
            _ => None,
        }
    }

    /// The machine form of an element type, `None` for complex ones.
    pub fn of_dtype(dtype: Dtype) -> Option<Machine> {
        Some(match dtype.kind() {
            Kind::Bool => Machine::Bool,
            Kind::Signed | Kind::Unsigned => {
                Machine::Int(Width { bits: 8 * dtype.size(), signed: dtype.kind() == Kind::Signed })
            }
            Kind::Float => match dtype.size() {
                2 => Machine::F16,
                4 => Machine::F32,
                _ => Machine::F64,
            },
            Kind::Complex => return None,
        })
    }

    /// Whether it is an integer (not a truth value).
    pub fn is_int(self) -> bool {
        matches!(self, Machine::Int(_))
    }

    /// Whether it is a floating-point number.
    pub fn is_float(self) -> bool {
        matches!(self, Machine::F16 | Machine::F32 | Machine::F64)
    }

    /// Number of bits; a truth value counts as one.
    pub fn bits(self) -> u32 {
        match self {
            Machine::Bool => 1,
            Machine::Int(width) => width.bits,
            Machine::F16 => 16,
            Machine::F32 => 32,
            Machine::F64 => 64,
        }
    }
}

impl Width {
    /// The least integer.
    pub fn min(self) -> i128 {
        if self.signed { -(1 << (self.bits - 1)) } else { 0 }
    }

    /// The greatest integer.
    pub fn max(self) -> i128 {
        if self.signed { (1 << (self.bits - 1)) - 1 } else { (1 << self.bits) - 1 }
    }

    /// Whether the integer can be held.
    pub fn holds(self, value: i128) -> bool {
        self.min() <= value && value <= self.max()
    }

    /// The integer of this width with the same low bits.
    pub fn wrap(self, value: i128) -> i128 {
        let spare = 128 - self.bits;
        if self.signed { (value << spare) >> spare } else { ((value as u128) << spare >> spare) as i128 }
    }
}

/// A machine number.  An integer always lies within its width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i128, Width),
    /// IEEE half.
    F16(Half),
    /// IEEE single.
    F32(f32),
    /// IEEE double.
    F64(f64),
}

impl Number {
    /// An integer of this width with the given low bits.
    pub fn wrapped(value: i128, width: Width) -> Number {
        Number::Int(width.wrap(value), width)
    }

    /// The number that a constant stands for, `None` if it is not one machine number.
    pub fn decode(constant: &Const) -> Option<Number> {
        match constant {
            Const::Bool(b) => Some(Number::Bool(*b)),
            Const::Int(i) => Some(Number::Int(i128::from(*i), Width { bits: 64, signed: true })),
            Const::Float(bits) => Some(Number::F64(f64::from_bits(*bits))),
            Const::Scalar(dtype, Bits(bits, _)) => Some(match Machine::of_dtype(*dtype)? {
                Machine::Bool => Number::Bool(*bits != 0),
                Machine::Int(width) => Number::wrapped(i128::from(*bits), width),
                Machine::F16 => Number::F16(Half::of(f64::from_bits(*bits))),
                Machine::F32 => Number::F32(f64::from_bits(*bits) as f32),
                Machine::F64 => Number::F64(f64::from_bits(*bits)),
            }),
            _ => None,
        }
    }

    /// The constant of this type, `None` if the type has another machine form.
    pub fn encode(self, ty: &Ty) -> Option<Const> {
        if Machine::of(ty) != Some(self.machine()) {
            return None;
        }
        Some(match (self, ty) {
            (n, Ty::Scalar(dtype)) => Const::Scalar(*dtype, Bits(n.bits(), 0)),
            (Number::Bool(b), _) => Const::Bool(b),
            (Number::Int(i, _), _) => Const::Int(i as i64),
            (Number::F64(x), _) => Const::float(x),
            (Number::F16(_) | Number::F32(_), _) => return None,
        })
    }

    /// As [`Bits`] keeps it: integers extended by their sign, floats widened.
    fn bits(self) -> u64 {
        match self {
            Number::Bool(b) => u64::from(b),
            Number::Int(i, _) => i as u64,
            Number::F16(x) => x.value().to_bits(),
            Number::F32(x) => f64::from(x).to_bits(),
            Number::F64(x) => x.to_bits(),
        }
    }

    /// Its machine form.
    pub fn machine(self) -> Machine {
        match self {
            Number::Bool(_) => Machine::Bool,
            Number::Int(_, width) => Machine::Int(width),
            Number::F16(_) => Machine::F16,
            Number::F32(_) => Machine::F32,
            Number::F64(_) => Machine::F64,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Bool(b) => b.fmt(f),
            Number::Int(i, _) => i.fmt(f),
            Number::F16(x) => write!(f, "{:?}", x.value()),
            Number::F32(x) => write!(f, "{x:?}"),
            Number::F64(x) => write!(f, "{x:?}"),
        }
    }
}
