//! Pieces handed over by compiled code to Python values: the arguments of a user's exception, printed texts.

use crate::numpy::numpy;
use coachwhip_abi::layout::{List, Owner, Str};
use coachwhip_abi::{Piece, PieceTag};
use coachwhip_ir::{Dtype, Ty, heap};
use coachwhip_runtime::strings::Units;
use pyo3::exceptions::PySystemError;
use pyo3::ffi::PyObject;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyComplex, PyFloat, PyInt, PyList, PyString, PyTuple};
use std::ffi::c_void;
use std::slice::Iter;
use std::sync::OnceLock;

/// Whoever knows the objects of a call's lists.
pub trait Lists {
    /// The object of a value as a new reference, null with an exception set if memory is short; what the value keeps is used
    /// up.
    ///
    /// # Safety
    /// The words are those of a value of the type, and the interpreter is held.
    unsafe fn object(&self, ty: &Ty, words: *const u64) -> *mut PyObject;
}

/// The same without a call.
pub type Alone = unsafe fn(&Ty, *const u64) -> *mut PyObject;

static ALONE: OnceLock<Alone> = OnceLock::new();

/// Has whoever makes objects make those of values in texts.
pub fn install(make: Alone) {
    let _ = ALONE.set(make);
}

/// The values of all the pieces, each exception argument one value.
pub fn arguments<'py>(py: Python<'py>, pieces: &[Piece], call: Option<&dyn Lists>) -> PyResult<Bound<'py, PyAny>> {
    let mut rest = pieces.iter();
    let mut values = Vec::new();
    while let Some(piece) = rest.next() {
        values.push(value(py, piece, &mut rest, call)?);
    }
    Ok(PyTuple::new(py, values)?.into_any())
}

/// All the pieces as one text.
pub fn text<'py>(py: Python<'py>, pieces: &[Piece]) -> PyResult<Bound<'py, PyAny>> {
    joined(py, &mut pieces.iter(), None)
}

/// The pieces up to one of this kind as one text; not by way of UTF-8, which does not hold every `str`.
fn joined<'py>(py: Python<'py>, rest: &mut Iter<'_, Piece>, end: Option<PieceTag>) -> PyResult<Bound<'py, PyAny>> {
    let mut parts = Vec::new();
    while let Some(piece) = rest.next().filter(|piece| Some(piece.tag) != end) {
        parts.push(formatted(py, piece, rest)?);
    }
    match <[Bound<'py, PyAny>; 1]>::try_from(parts) {
        Ok([only]) => Ok(only),
        Err(parts) => PyString::new(py, "").call_method1("join", (parts,)),
    }
}

/// One piece formatted as in an f-string.
fn formatted<'py>(py: Python<'py>, piece: &Piece, rest: &mut Iter<'_, Piece>) -> PyResult<Bound<'py, PyAny>> {
    let value = value(py, piece, rest, None)?;
    format(value, &static_text(piece.spec, piece.spec_len), piece.conversion as u8)
}

/// A value formatted as in an f-string.
pub fn format<'py>(value: Bound<'py, PyAny>, spec: &str, conversion: u8) -> PyResult<Bound<'py, PyAny>> {
    let builtins = value.py().import("builtins")?;
    let value = match conversion {
        b's' => value.str()?.into_any(),
        b'r' => value.repr()?.into_any(),
        b'a' => builtins.getattr("ascii")?.call1((value,))?,
        _ => value,
    };
    builtins.getattr("format")?.call1((value, spec))
}

fn value<'py>(
    py: Python<'py>,
    piece: &Piece,
    rest: &mut Iter<'_, Piece>,
    call: Option<&dyn Lists>,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(match piece.tag {
        PieceTag::None => py.None().into_bound(py),
        PieceTag::Str => PyString::new(py, &static_text(piece.a as *const u8, piece.b)).into_any(),
        PieceTag::Int => (piece.a as i64).into_pyobject(py)?.into_any(),
        PieceTag::Float => PyFloat::new(py, f64::from_bits(piece.a)).into_any(),
        PieceTag::Bool => (piece.a & 1 != 0).into_pyobject(py)?.to_owned().into_any(),
        PieceTag::Complex => PyComplex::from_doubles(py, f64::from_bits(piece.a), f64::from_bits(piece.b)).into_any(),
        PieceTag::Scalar => scalar(py, piece)?,
        PieceTag::Ellipsis => py.Ellipsis().into_bound(py),
        PieceTag::BigInt => py.get_type::<PyInt>().call1((&*static_text(piece.a as *const u8, piece.b),))?,
        PieceTag::Bytes => PyBytes::new(py, static_bytes(piece.a as *const u8, piece.b)).into_any(),
        PieceTag::TextBegin => joined(py, rest, Some(PieceTag::TextEnd))?,
        // SAFETY: the piece keeps its block.
        PieceTag::Block => unsafe {
            Bound::from_owned_ptr_or_err(py, crate::strings::object(piece.a as *const Str, piece.dtype != 0))?
        },
        // SAFETY: the interpreter is held.
        PieceTag::Char => unsafe {
            Bound::from_owned_ptr_or_err(py, crate::strings::new_str(Units::Four(&[piece.a as u32])))?
        },
        PieceTag::TupleBegin => PyTuple::new(py, items(py, rest, PieceTag::TupleEnd, call)?)?.into_any(),
        PieceTag::ListBegin => PyList::new(py, items(py, rest, PieceTag::ListEnd, call)?)?.into_any(),
        PieceTag::Enum => member(py, piece)?,
        PieceTag::List => {
            let item = type_of(piece)?;
            // SAFETY: the piece keeps the list, whose items are of the type that the code had for them.
            unsafe { object(py, &Ty::list(item), &raw const piece.a, call)? }
        }
        PieceTag::Item => {
            let ty = type_of(piece)?;
            // SAFETY: the piece keeps the list, whose one item is a value of the type.
            unsafe { object(py, &ty, (*(piece.a as *const List)).owner.data.cast(), call)? }
        }
        // SAFETY: the address of one that is being handled, or that is the context of the exception with this text; null of
        // none.
        PieceTag::Caught => unsafe {
            let caught = (piece.a as *const coachwhip_runtime::Caught).as_ref().ok_or_else(broken)?;
            super::of_caught(py, caught, call)?
        },
        // SAFETY: the piece keeps the block, which keeps the object.
        PieceTag::Object => unsafe {
            let object = (*(piece.a as *const Owner)).data.cast::<PyObject>();
            Bound::from_borrowed_ptr(py, object)
        },
        PieceTag::Class => super::named_class(py, piece.a as *const u8)?,
        PieceTag::CallBegin => {
            let class = super::named_class(py, piece.a as *const u8)?;
            class.call1(PyTuple::new(py, items(py, rest, PieceTag::CallEnd, call)?)?)?
        }
        PieceTag::TextEnd | PieceTag::TupleEnd | PieceTag::ListEnd | PieceTag::CallEnd => {
            return Err(PySystemError::new_err("the pieces of a text do not match; please report this"));
        }
    })
}

/// A member of an enumeration, whose class the text names.
fn member<'py>(py: Python<'py>, piece: &Piece) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: compiled code passes a constant of its own that ends with a NUL, and is still linked.
    let text = unsafe { std::ffi::CStr::from_ptr(piece.b as *const std::ffi::c_char) }.to_string_lossy();
    let number = text.strip_prefix('@').and_then(|digits| digits.parse().ok());
    match number {
        Some(number) => crate::classes::member(py, number, piece.a as i64),
        None => Err(PySystemError::new_err("an enumeration has no number; please report this")),
    }
}

/// The values up to a tag.
fn items<'py>(
    py: Python<'py>,
    rest: &mut Iter<'_, Piece>,
    end: PieceTag,
    call: Option<&dyn Lists>,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let mut items = Vec::new();
    while let Some(next) = rest.next().filter(|p| p.tag != end) {
        items.push(value(py, next, rest, call)?);
    }
    Ok(items)
}

/// The type that goes with a list or value.
fn type_of(piece: &Piece) -> PyResult<Ty> {
    let text = static_text(piece.b as *const u8, u64::from(piece.dtype));
    coachwhip_ir::parse::ty(&text).map_err(|_| broken())
}

fn broken() -> PyErr {
    PySystemError::new_err("a value in a text has no type; please report this")
}

/// A value as an object: the call's own object of a list, if it is one that the call knows.
///
/// # Safety
/// The words are those of a value of the type, which somebody keeps.
unsafe fn object<'py>(
    py: Python<'py>,
    ty: &Ty,
    words: *const u64,
    call: Option<&dyn Lists>,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: as the caller promises; the new counts are used up.
    unsafe {
        for at in heap::owner_positions(ty) {
            coachwhip_runtime::retain(words.add(at).read() as *mut Owner);
        }
        let made = match (call, ALONE.get()) {
            (Some(call), _) => call.object(ty, words),
            (None, Some(object)) => object(ty, words),
            (None, None) => return Err(broken()),
        };
        Bound::from_owned_ptr_or_err(py, made)
    }
}

fn scalar<'py>(py: Python<'py>, piece: &Piece) -> PyResult<Bound<'py, PyAny>> {
    let dtype = Dtype::ALL.get(piece.dtype as usize).copied().unwrap_or(Dtype::Int64);
    let memory = match dtype {
        Dtype::Complex64 => [piece.a & 0xffff_ffff | piece.b << 32, 0],
        _ => [piece.a, piece.b],
    };
    let data = memory.as_ptr().cast::<c_void>();
    // SAFETY: the memory holds a scalar of the dtype.
    unsafe {
        let made = (numpy().scalar)(data, numpy().descr(dtype), std::ptr::null_mut());
        Bound::from_owned_ptr_or_err(py, made)
    }
}

/// A constant text of compiled code.
fn static_text(address: *const u8, length: u64) -> String {
    String::from_utf8_lossy(static_bytes(address, length)).into_owned()
}

fn static_bytes<'a>(address: *const u8, length: u64) -> &'a [u8] {
    if address.is_null() {
        return &[];
    }
    // SAFETY: compiled code passes constants of its own with their length, and is still linked.
    unsafe { std::slice::from_raw_parts(address, length as usize) }
}
