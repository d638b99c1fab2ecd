//! Arguments of an explicit signature: whatever converts to the declared type without loss.

use super::slot::{Cursor, Slot, push_array, take_int, take_scalar};
use crate::ffi::{VALUE_OFFSET, read, type_of};
use crate::numpy::{self, numpy};
use coachwhip_ir::{ArrayTy, Dtype, Kind, Layout, Ty};
use pyo3::ffi::{self as py, PyObject};

/// A declared type.
pub enum Declared {
    /// A number of this dtype; as a Python number if `python`.
    Number(Dtype),
    /// An array.
    Array(ArrayTy),
    /// `None` or a value; the number of words of the value.
    Optional(Slot, usize),
    /// An address: an int, a ctypes pointer, array or `c_void_p`, `None`, or a contiguous array.
    Pointer,
}

impl Declared {
    /// The slot for a declared type, `None` if no Python object converts to it.
    pub fn slot(ty: &Ty) -> Option<Slot> {
        let declared = match ty {
            Ty::None => return Some(Slot::None),
            ty if ty.is_str() => return Some(Slot::Str),
            ty if ty.is_bytes() => return Some(Slot::Bytes),
            Ty::Int | Ty::Float | Ty::Bool | Ty::Complex | Ty::Scalar(_) => Declared::Number(ty.dtype()?),
            Ty::Array(array) => Declared::Array(*array),
            Ty::Optional(inner) => Declared::Optional(Declared::slot(inner)?, inner.machine().len()),
            Ty::Ptr(_) => Declared::Pointer,
            Ty::Tuple(items) => return items.iter().map(Declared::slot).collect::<Option<_>>().map(Slot::Tuple),
            Ty::Range(step) => return Some(Slot::Range(step.literal().map(|_| 1))),
            _ => return None,
        };
        Some(Slot::Declared(Box::new(declared)))
    }

    /// The slot of each type.
    pub fn slot_of_each(params: &[Ty]) -> Vec<Option<Slot>> {
        params.iter().map(Declared::slot).collect()
    }

    /// As [`Slot::take`].
    ///
    /// # Safety
    /// As [`Slot::take`].
    pub unsafe fn take(&self, arg: *mut PyObject, to: &mut Cursor) -> bool {
        // SAFETY: as the caller promises.
        unsafe {
            match self {
                Declared::Number(dtype) => take_number(arg, *dtype, to),
                Declared::Array(ty) => take_array(arg, *ty, to),
                Declared::Optional(slot, words) => {
                    let none = arg == py::Py_None();
                    to.push(!none as u64);
                    if none {
                        (0..*words).for_each(|_| to.push(0));
                    }
                    none || slot.take(arg, to)
                }
                Declared::Pointer => address(arg).is_some_and(|a| {
                    to.push(a);
                    true
                }),
            }
        }
    }
}

/// A number without loss: bool to int to float to complex, within the range of the target.
///
/// # Safety
/// As [`Slot::take`].
unsafe fn take_number(arg: *mut PyObject, to_dtype: Dtype, to: &mut Cursor) -> bool {
    // SAFETY: as the caller promises.
    unsafe {
        if take_scalar(arg, to_dtype, to) {
            return true;
        }
        let Some(number) = Number::of(arg) else { return false };
        number.push(to_dtype, to)
    }
}

/// A number that came as argument.
#[derive(Clone, Copy)]
enum Number {
    Bool(bool),
    Int(i64),
    Unsigned(u64),
    /// A Python int of more than 64 bits, as the nearest float and whether it is that float.
    Big(f64, bool),
    /// The value, and the kind of float it came as: a Python number converts to any width.
    Float(f64, Source),
    Complex(f64, f64, Source),
}

/// The dtype that a float came in; `None` for Python's.
type Source = Option<Dtype>;

impl Number {
    /// # Safety
    /// As [`Slot::take`].
    unsafe fn of(arg: *mut PyObject) -> Option<Number> {
        // SAFETY: the type is checked before the value is read.
        unsafe {
            let class = type_of(arg);
            let mut words = [0u64; 2];
            let mut cursor = Cursor::new(words.as_mut_ptr());
            if class == &raw mut py::PyBool_Type {
                return Some(Number::Bool(arg == py::Py_True()));
            }
            if take_int(arg, &mut cursor) {
                return Some(Number::Int(words[0] as i64));
            }
            if class == &raw mut py::PyLong_Type {
                return Some(big(arg));
            }
            if class == &raw mut py::PyFloat_Type {
                return Some(Number::Float(read(arg, VALUE_OFFSET), None));
            }
            if class == &raw mut py::PyComplex_Type {
                let (re, im) = (py::PyComplex_RealAsDouble(arg), py::PyComplex_ImagAsDouble(arg));
                return Some(Number::Complex(re, im, None));
            }
            let dtype = numpy().dtype_of_scalar_type(class)?;
            let mut cursor = Cursor::new(words.as_mut_ptr());
            take_scalar(arg, dtype, &mut cursor);
            let [a, b] = words;
            Some(match dtype.kind() {
                Kind::Bool => Number::Bool(a != 0),
                Kind::Float => Number::Float(dtype.float_value(a), Some(dtype)),
                Kind::Complex => Number::Complex(dtype.float_value(a), dtype.float_value(b), Some(dtype)),
                Kind::Unsigned => Number::Unsigned(a),
                Kind::Signed => Number::Int(a as i64),
            })
        }
    }

    /// # Safety
    /// The buffer has room for a number of the dtype.
    unsafe fn push(self, dtype: Dtype, to: &mut Cursor) -> bool {
        let real = dtype.real();
        let parts = match (dtype.kind(), self) {
            (Kind::Bool, Number::Bool(b)) => Some((b as u64, None)),
            (Kind::Bool, _) => None,
            (Kind::Signed | Kind::Unsigned, _) => self.integer().filter(|&n| fits(n, dtype)).map(|n| (n as u64, None)),
            (Kind::Float, _) => self.float(real).map(|x| (x, None)),
            (Kind::Complex, Number::Complex(re, im, from)) => {
                keeps(from, real).then(|| (real.float_bits(re), Some(real.float_bits(im))))
            }
            (Kind::Complex, _) => self.float(real).map(|x| (x, Some(0))),
        };
        let Some((first, second)) = parts else { return false };
        // SAFETY: as the caller promises.
        unsafe {
            to.push(first);
            if let Some(word) = second {
                to.push(word);
            }
        }
        true
    }

    fn integer(self) -> Option<i128> {
        match self {
            Number::Bool(b) => Some(b as i128),
            Number::Int(n) => Some(n as i128),
            Number::Unsigned(n) => Some(n as i128),
            Number::Big(..) | Number::Float(..) | Number::Complex(..) => None,
        }
    }

    /// The bits of the number as a float of the dtype.
    fn float(self, dtype: Dtype) -> Option<u64> {
        let bits = |x: f64| dtype.float_bits(x);
        let holds = |x: f64| dtype.float_value(bits(x)) == x;
        match self {
            Number::Float(x, from) => keeps(from, dtype).then(|| bits(x)),
            Number::Complex(..) => None,
            Number::Big(x, exact) => (exact && holds(x)).then(|| bits(x)),
            _ => self.integer().filter(|&n| n as f64 as i128 == n && holds(n as f64)).map(|n| bits(n as f64)),
        }
    }
}

/// A Python int that does not fit an `i64`.
///
/// # Safety
/// `arg` is an exact `int` and the interpreter is held.
unsafe fn big(arg: *mut PyObject) -> Number {
    // SAFETY: as the caller promises; exceptions are cleared where they arise, and made objects are released.
    unsafe {
        let word = py::PyLong_AsUnsignedLongLong(arg);
        if py::PyErr_Occurred().is_null() {
            return Number::Unsigned(word);
        }
        py::PyErr_Clear();
        let nearest = py::PyLong_AsDouble(arg);
        if !py::PyErr_Occurred().is_null() {
            py::PyErr_Clear();
            return Number::Big(f64::INFINITY, false);
        }
        // The float as an int again: comparing two exact ints runs no user code.
        let back = py::PyLong_FromDouble(nearest);
        let exact = !back.is_null() && py::PyObject_RichCompareBool(back, arg, py::Py_EQ) == 1;
        py::Py_XDECREF(back);
        py::PyErr_Clear();
        Number::Big(nearest, exact)
    }
}

/// Whether a float dtype holds every number of another; Python's floats convert to any.
fn keeps(from: Source, to: Dtype) -> bool {
    from.is_none_or(|from| from.digits() <= to.digits())
}

fn fits(value: i128, dtype: Dtype) -> bool {
    let width = dtype.size() * 8;
    match dtype.kind() {
        Kind::Unsigned => (0..1i128 << width).contains(&value),
        _ => (-(1i128 << (width - 1))..1i128 << (width - 1)).contains(&value),
    }
}

/// An array of the declared dtype and number of dimensions whose memory form the declared type covers.
///
/// # Safety
/// As [`Slot::take`].
unsafe fn take_array(arg: *mut PyObject, ty: ArrayTy, to: &mut Cursor) -> bool {
    // SAFETY: as the caller promises.
    unsafe {
        if type_of(arg) != numpy().array_type {
            return false;
        }
        let header = numpy::header(arg);
        let layout = match ty.layout {
            Layout::A => true,
            Layout::C => header.flags & numpy::C_CONTIGUOUS != 0,
            Layout::F => header.flags & numpy::F_CONTIGUOUS != 0,
        };
        let same = header
            .ty()
            .is_some_and(|given| given.dtype == ty.dtype && given.ndim == ty.ndim && (ty.readonly || !given.readonly));
        if same && layout {
            push_array(arg, to);
        }
        same && layout
    }
}

/// The address that an object stands for.
///
/// # Safety
/// As [`Slot::take`].
unsafe fn address(arg: *mut PyObject) -> Option<u64> {
    // SAFETY: the types are checked before values are read.
    unsafe {
        if arg == py::Py_None() {
            return Some(0);
        }
        let mut word = 0u64;
        if take_int(arg, &mut Cursor::new(&mut word)) {
            return Some(word);
        }
        if type_of(arg) == numpy().array_type {
            return Some(numpy::header(arg).data as u64);
        }
        super::pointers::ctypes_address(arg)
    }
}
