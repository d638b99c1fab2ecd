//! Our blocks as memory that an `ndarray` owns: NumPy frees and resizes them through a handler (NEP 49).
//!
//! NumPy passes the address of the first element; the block's header lies at a fixed distance before it.

use crate::numpy::{self, ArrayHeader};
use coachwhip_abi::layout::Owner;
use coachwhip_runtime::{allocate, block_of, reallocate, release};
use pyo3::ffi::{self as raw, PyObject};
use pyo3::prelude::*;
use std::ffi::{CStr, c_char, c_void};
use std::sync::atomic::Ordering;

/// Name of capsules that hold a handler, as NumPy demands.
const NAME: &CStr = c"mem_handler";

/// `PyDataMem_Handler`, version 1.
#[repr(C)]
struct Handler {
    name: [c_char; 127],
    version: u8,
    context: *mut c_void,
    malloc: unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void,
    calloc: unsafe extern "C" fn(*mut c_void, usize, usize) -> *mut c_void,
    realloc: unsafe extern "C" fn(*mut c_void, *mut c_void, usize) -> *mut c_void,
    free: unsafe extern "C" fn(*mut c_void, *mut c_void, usize),
}

// SAFETY: constant; its context is null.
unsafe impl Sync for Handler {}

static HANDLER: Handler = Handler {
    name: name(b"coachwhip"),
    version: 1,
    context: std::ptr::null_mut(),
    malloc: new_block,
    calloc: new_cleared_block,
    realloc: resized_block,
    free: free_block,
};

/// A name, filled up with NULs.
const fn name(text: &[u8]) -> [c_char; 127] {
    let mut name = [0; 127];
    let mut rest = text;
    let mut index = 0;
    while let [first, others @ ..] = rest {
        #[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
        {
            name[index] = *first as c_char;
        }
        rest = others;
        index += 1;
    }
    name
}

/// The elements of a block just allocated; null if there is none.
unsafe fn elements(owner: *mut Owner) -> *mut c_void {
    // SAFETY: a block just allocated, or null.
    unsafe { owner.as_ref().map_or(std::ptr::null_mut(), |block| block.data.cast()) }
}

unsafe extern "C" fn new_block(_context: *mut c_void, bytes: usize) -> *mut c_void {
    // SAFETY: the block is new; a size beyond `i64` becomes negative and is refused.
    unsafe { elements(allocate(bytes as i64, false)) }
}

unsafe extern "C" fn new_cleared_block(_context: *mut c_void, count: usize, size: usize) -> *mut c_void {
    let bytes = count.checked_mul(size).and_then(|bytes| i64::try_from(bytes).ok());
    // SAFETY: the block is new; a negative size is refused.
    unsafe { elements(allocate(bytes.unwrap_or(-1), true)) }
}

unsafe extern "C" fn resized_block(context: *mut c_void, data: *mut c_void, bytes: usize) -> *mut c_void {
    // SAFETY: NumPy passes what this handler gave, whose only keeper the array is.
    unsafe {
        match data.is_null() {
            true => new_block(context, bytes),
            false => elements(reallocate(block_of(data.cast()), bytes as i64)),
        }
    }
}

unsafe extern "C" fn free_block(_context: *mut c_void, data: *mut c_void, _bytes: usize) {
    if !data.is_null() {
        // SAFETY: as above.
        unsafe { release(block_of(data.cast())) }
    }
}

/// The handler as NumPy wants it, kept forever; null if this NumPy's arrays do not carry handlers where we
/// look for them.
pub fn handler(py: Python<'_>, numpy: &Bound<'_, PyModule>) -> PyResult<*mut PyObject> {
    let size: usize = numpy.getattr("ndarray")?.getattr("__basicsize__")?.extract()?;
    let probe = numpy.call_method1("empty", (1,))?;
    // SAFETY: an array, large enough for the field that is read; the handler is never written to.
    unsafe {
        let known = size >= size_of::<ArrayHeader>() && {
            let header = numpy::header(probe.as_ptr());
            let owns = header.flags & numpy::OWNDATA != 0 && header.base.is_null();
            owns && raw::PyCapsule_IsValid(header.mem_handler, NAME.as_ptr()) != 0
        };
        if !known {
            return Ok(std::ptr::null_mut());
        }
        let capsule = raw::PyCapsule_New((&raw const HANDLER).cast_mut().cast(), NAME.as_ptr(), None);
        if capsule.is_null() { Err(PyErr::fetch(py)) } else { Ok(capsule) }
    }
}

/// Makes the array the owner of the block, if it is the block's only keeper and all of the block.
///
/// # Safety
/// `array` is a new array over memory of the live block; the caller hands over one count if this succeeds.
pub unsafe fn adopt(array: *mut PyObject, owner: *mut Owner, bytes: Option<usize>) -> bool {
    let handler = numpy::numpy().handler;
    let header = array.cast::<ArrayHeader>();
    // SAFETY: as the caller promises; nobody else has seen the array.
    unsafe {
        let whole = (*header).data == (*owner).data && bytes == Some((*owner).bytes);
        let contiguous = (*header).flags & (numpy::C_CONTIGUOUS | numpy::F_CONTIGUOUS) != 0;
        let writable = (*header).flags & numpy::WRITEABLE != 0;
        if handler.is_null() || !whole || !contiguous || !writable || (*owner).count.load(Ordering::Acquire) != 1 {
            return false;
        }
        (*header).mem_handler = raw::Py_NewRef(handler);
        (*header).flags |= numpy::OWNDATA;
    }
    true
}
