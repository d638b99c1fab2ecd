//! `str` and `bytes` objects as blocks of compiled code, without a copy, and back.
//!
//! The layout of a `str` differs between versions of CPython, so it is found out when the extension is loaded: from
//! strings of each kind, whose content is known.

use crate::ffi::{PyUnicode_FromKindAndData, read};
use coachwhip_abi::layout::Str;
use coachwhip_runtime::strings::{Units, borrowed, units, units_at};
use pyo3::exceptions::PyRuntimeError;
use pyo3::ffi::{self as raw, PyObject};
use pyo3::prelude::*;
use std::ffi::{c_char, c_void};
use std::sync::OnceLock;

/// Where a `str` has its length, its hash and its state; a `bytes` its length, its hash and its bytes.
const LENGTH: usize = 16;
const HASH: usize = 24;
const STATE: usize = 32;
const BYTES: usize = 32;

/// What the state of a compact string says of its code points.
struct Layout {
    /// The lowest bit that counts.
    shift: u32,
    /// Where the code points start in a string of ASCII, and in others.
    starts: [usize; 2],
}

static LAYOUT: OnceLock<Layout> = OnceLock::new();

/// CPython's hash of bytes.
type HashBytes = unsafe extern "C" fn(*const c_void, raw::Py_ssize_t) -> raw::Py_hash_t;

static HASH_BYTES: OnceLock<Option<HashBytes>> = OnceLock::new();

/// What the state says from one bit on: the bytes of a code point (three bits), whether the string is compact, whether it is
/// ASCII.  What else is in the state, or in no field of it, may be anything.
fn state(width: u32, compact: u32, ascii: u32) -> u32 {
    width | compact << 3 | ascii << 4
}

/// The bits of [`state`].
const FIELDS: u32 = 0b11111;

/// Finds out how strings lie in memory.
pub fn load(py: Python<'_>) -> PyResult<()> {
    let states = [state(1, 1, 1), state(1, 1, 0), state(2, 1, 0), state(4, 1, 0)];
    let mut samples = Vec::new();
    for (kind, unit) in ["a", "\u{e9}", "\u{20ac}", "\u{1f600}"].into_iter().enumerate() {
        for length in 2..10 {
            samples.push((kind, pyo3::types::PyString::new(py, &unit.repeat(length))));
        }
    }
    let fits = |shift: &u32| {
        samples.iter().all(|(kind, text)| {
            // SAFETY: a live string; all versions have a state there.
            let found = unsafe { read::<u32>(text.as_ptr(), STATE) } >> shift & FIELDS;
            states.get(*kind) == Some(&found)
        })
    };
    let shift = (0..28).find(fits);
    let size =
        |text: &str| -> PyResult<usize> { pyo3::types::PyString::new(py, text).call_method0("__sizeof__")?.extract() };
    // A zero ends the code points.
    let starts = [size("")? - 1, size("\u{20ac}\u{20ad}")? - 6];
    let unknown = || PyRuntimeError::new_err("how strings lie in the memory of this Python is not known");
    let shift = shift.ok_or_else(unknown)?;
    LAYOUT.get_or_init(|| Layout { shift, starts });
    for (_, text) in &samples {
        let known: Vec<u32> = text.to_cow()?.chars().map(u32::from).collect();
        // SAFETY: a live string.
        let found = unsafe { block(text.as_ptr()) };
        // SAFETY: the block borrows a live string.
        if !found.is_some_and(|block| unsafe { units(&block) }.iter().eq(known)) {
            return Err(unknown());
        }
    }
    HASH_BYTES.get_or_init(|| {
        // SAFETY: a look-up of symbols; the functions have this type in every version that has them.
        [c"Py_HashBuffer", c"_Py_HashBytes"].into_iter().find_map(|name| unsafe {
            let found = libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr());
            (!found.is_null()).then(|| std::mem::transmute::<*mut c_void, HashBytes>(found))
        })
    });
    Ok(())
}

/// A block that borrows a `str`; `None` of one that is not compact.
///
/// # Safety
/// An exact `str`, alive as long as the block is used.
#[inline(always)]
pub unsafe fn block(text: *mut PyObject) -> Option<Str> {
    let layout = LAYOUT.get()?;
    // SAFETY: as the caller promises; the state says where the code points are.
    unsafe {
        let fields = read::<u32>(text, STATE) >> layout.shift & FIELDS;
        let [near, far] = layout.starts;
        let (compact, ascii) = (fields & 8 != 0, fields & 16 != 0);
        if !compact {
            return None;
        }
        let (width, start) = (u64::from(fields & 7), if ascii { near } else { far });
        let data = text.cast::<u8>().add(start);
        Some(borrowed(data, read(text, LENGTH), width, read(text, HASH), text.cast()))
    }
}

/// A block that borrows a `bytes`.
///
/// # Safety
/// An exact `bytes`, alive as long as the block is used.
pub unsafe fn bytes_block(bytes: *mut PyObject) -> Str {
    // SAFETY: as the caller promises.
    unsafe { borrowed(bytes.cast::<u8>().add(BYTES), read(bytes, LENGTH), 1, read(bytes, HASH), bytes.cast()) }
}

/// A new `str` of these code points; null with an exception set if memory is short.
///
/// # Safety
/// The interpreter is held.
pub unsafe fn new_str(from: Units<'_>) -> *mut PyObject {
    let (data, width): (*const c_void, i32) = match from {
        Units::One(units) => (units.as_ptr().cast(), 1),
        Units::Two(units) => (units.as_ptr().cast(), 2),
        Units::Four(units) => (units.as_ptr().cast(), 4),
    };
    // SAFETY: as the caller promises; so many code points of this width.
    unsafe { PyUnicode_FromKindAndData(width, data, from.len() as isize) }
}

/// The object of a block as a new reference: the one whose memory it borrows, or a new one.
///
/// # Safety
/// The block is alive and the interpreter is held.
pub unsafe fn object(text: *const Str, bytes: bool) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        let borrowed = (*text).object.cast::<PyObject>();
        if !borrowed.is_null() {
            return raw::Py_NewRef(borrowed);
        }
        match units(text) {
            Units::One(units) if bytes => {
                raw::PyBytes_FromStringAndSize(units.as_ptr().cast::<c_char>(), units.len() as isize)
            }
            units => new_str(units),
        }
    }
}

/// CPython's hash of so many bytes.
pub fn hash(data: *const u8, length: usize) -> i64 {
    match HASH_BYTES.get() {
        // SAFETY: the caller passes so many bytes.
        Some(Some(function)) => unsafe { function(data.cast(), length as isize) as i64 },
        _ => Python::attach(|py| {
            // SAFETY: as above.
            let Units::One(bytes) = (unsafe { units_at(data, length as i64, 1) }) else { return 0 };
            pyo3::types::PyBytes::new(py, bytes).hash().map_or(0, |hash| hash as i64)
        }),
    }
}
