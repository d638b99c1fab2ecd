//! Values known at compile time.

use crate::class::UserClass;
use crate::program::FuncId;
use crate::ty::Dtype;
use std::sync::Arc;

/// The bits of a NumPy scalar: real (or only) part and imaginary part.  Integers are sign-extended,
/// floats are `f64::to_bits` of the value widened exactly; float32 and complex64 likewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bits(pub u64, pub u64);

/// A constant.  Floats are kept by their bits, so equality is identity: `0.0` and `-0.0` differ.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Const {
    /// `None`.
    None,
    /// `...`.
    Ellipsis,
    /// A Python `bool`.
    Bool(bool),
    /// A Python `int` that fits 64 bits.
    Int(i64),
    /// A Python `int` that does not: its decimal digits.
    BigInt(Arc<str>),
    /// A Python `float`, its bits.
    Float(u64),
    /// A Python `complex`, the bits of its parts.
    Complex(u64, u64),
    /// A Python `str`.
    Str(Arc<str>),
    /// A Python `bytes`.
    Bytes(Arc<[u8]>),
    /// A tuple of constants.
    Tuple(Arc<[Const]>),
    /// A `slice` whose parts are `None` or ints.  Code works on the parts: as a value it is a `Ty::Slice` of literals.
    Slice(Arc<[Const; 3]>),
    /// A NumPy scalar.
    Scalar(Dtype, Bits),
    /// A NumPy dtype object.
    Dtype(Dtype),
    /// A user's Python function, compiled or plain: number in the program's table.
    Func(FuncId),
    /// A global or captured array: number in the program's table.
    Array(u32),
    /// A global or captured list: number in the program's table.
    List(u32),
    /// A module: number in the program's table; its attributes are there.
    Module(u32),
    /// An object known by its canonical name: `builtins.len`, `math.sqrt`, `numpy.sqrt`,
    /// `builtins.int`, `numpy.float64`, `builtins.ValueError`, `coachwhip.carray`.
    Named(Arc<str>),
    /// A user's exception class: its name and its number in the program's table of objects.
    ExceptionClass(Arc<str>, u32),
    /// A user's class.
    Class(Arc<UserClass>),
    /// A member of an enumeration: its class and its word ([`UserClass::word`]).
    Enum(Arc<UserClass>, i64),
    /// An instance of such a class, with its items.
    NamedTuple(Arc<UserClass>, Arc<[Const]>),
    /// A C function pointer with its signature (ctypes, cfunc): number in the program's table.
    Native(u32),
    /// Anything else: the name of its type, for the message that refuses it, and its number in the program, by which `is`
    /// knows it; 0 if it has none.
    Object(Arc<str>, u32),
}

impl Const {
    /// A float constant.
    pub fn float(value: f64) -> Const {
        Const::Float(value.to_bits())
    }
}
