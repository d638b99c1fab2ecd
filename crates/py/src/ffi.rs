//! What is missing from the limited API's declarations but is exported by every CPython from 3.11 on, and
//! the few layouts that are read directly.
//!
//! The layouts are those of 64-bit CPython 3.11 to 3.15: an object starts with its count and its type, a
//! float's value follows.  They are the same in all of them.

use pyo3::ffi::{Py_ssize_t, PyObject, PyTypeObject};
use std::ffi::{c_int, c_void};

unsafe extern "C" {
    /// Creates a bound method.
    pub fn PyMethod_New(function: *mut PyObject, receiver: *mut PyObject) -> *mut PyObject;
    /// Calls through the vectorcall slot with a tuple and a dict.
    pub fn PyVectorcall_Call(callable: *mut PyObject, args: *mut PyObject, kwargs: *mut PyObject) -> *mut PyObject;
    /// Calls with an array of arguments.
    pub fn PyObject_Vectorcall(
        callable: *mut PyObject,
        args: *const *mut PyObject,
        nargsf: usize,
        kwnames: *mut PyObject,
    ) -> *mut PyObject;
    /// Has an exception class raised in a thread when the interpreter next looks.
    pub fn PyThreadState_SetAsyncExc(thread: std::ffi::c_ulong, exception: *mut PyObject) -> c_int;
    /// Whether the calling thread holds the interpreter.
    pub fn PyGILState_Check() -> c_int;
    /// A `str` of so many code points of this width.
    pub fn PyUnicode_FromKindAndData(kind: c_int, data: *const c_void, length: Py_ssize_t) -> *mut PyObject;
    /// Content of a cell, as a new reference, or null if it is empty.
    pub fn PyCell_Get(cell: *mut PyObject) -> *mut PyObject;
    /// Positional defaults of a function, borrowed, or null.
    pub fn PyFunction_GetDefaults(function: *mut PyObject) -> *mut PyObject;
    /// Keyword-only defaults of a function, borrowed, or null.
    pub fn PyFunction_GetKwDefaults(function: *mut PyObject) -> *mut PyObject;
    /// Has a function called for every event that is audited.
    pub fn PySys_AddAuditHook(hook: AuditHook, data: *mut c_void) -> c_int;
    /// Type of Python functions.
    pub static mut PyFunction_Type: PyTypeObjectOpaque;
}

/// A type object that is only compared by address.
#[repr(C)]
pub struct PyTypeObjectOpaque {
    _private: [u8; 0],
}

/// Bit of `nargsf` that is not part of the number of arguments.
pub const VECTORCALL_OFFSET: usize = 1 << (usize::BITS - 1);

/// Where the value of a float, and of a NumPy scalar, starts.
pub const VALUE_OFFSET: usize = 16;

/// Where a class keeps its version: `tp_version_tag`, at the same place in 3.11 to 3.15.
const CLASS_VERSION_OFFSET: usize = 384;

/// The version of a class; 0 if it has none.
///
/// # Safety
/// `class` is a live class.
#[inline(always)]
pub unsafe fn class_version(class: *mut PyObject) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { read::<u32>(class, CLASS_VERSION_OFFSET) }
}

/// Where a dict keeps its version (3.11 and 3.12).
const DICT_VERSION_OFFSET: usize = 24;

/// The exact type of an object.
///
/// # Safety
/// `object` points at a live object.
#[inline(always)]
pub unsafe fn type_of(object: *mut PyObject) -> *mut PyTypeObject {
    // SAFETY: as the caller promises.
    unsafe { pyo3::ffi::Py_TYPE(object) }
}

/// A value inside an object at the given offset.
///
/// # Safety
/// The object is live and has a `T` there.
#[inline(always)]
pub unsafe fn read<T: Copy>(object: *mut PyObject, offset: usize) -> T {
    // SAFETY: as the caller promises; objects are at least 8-byte aligned, the read is unaligned anyway.
    unsafe { object.cast::<u8>().add(offset).cast::<T>().read_unaligned() }
}

/// The version of a dict that changes with every change of the dict.
///
/// # Safety
/// `dict` is a live dict and [`has_dict_versions`] is true.
#[inline(always)]
pub unsafe fn dict_version(dict: *mut PyObject) -> u64 {
    // SAFETY: as the caller promises.
    unsafe { read(dict, DICT_VERSION_OFFSET) }
}

/// Whether this interpreter's dicts have a version number.
pub fn has_dict_versions(version: (u8, u8)) -> bool {
    version <= (3, 12)
}

/// Items of the tables of function pointers that a capsule holds.
///
/// # Safety
/// `table` has more than `index` entries, and the entry is a `T`.
pub unsafe fn table_entry<T: Copy>(table: *const *const c_void, index: usize) -> T {
    // SAFETY: as the caller promises; function pointers have the size of data pointers.
    unsafe { table.add(index).cast::<T>().read() }
}

/// Signature of an audit hook.
pub type AuditHook = extern "C" fn(*const std::ffi::c_char, *mut PyObject, *mut c_void) -> c_int;
/// Signature of NumPy's `PyArray_NewFromDescr`.
pub type NewFromDescr = unsafe extern "C" fn(
    *mut PyTypeObject,
    *mut PyObject,
    c_int,
    *const Py_ssize_t,
    *const Py_ssize_t,
    *mut c_void,
    c_int,
    *mut PyObject,
) -> *mut PyObject;
/// Signature of NumPy's `PyArray_DescrFromType`.
pub type DescrFromType = unsafe extern "C" fn(c_int) -> *mut PyObject;
/// Signature of NumPy's `PyArray_SetBaseObject`.
pub type SetBaseObject = unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> c_int;
/// Signature of NumPy's `PyArray_Scalar`.
pub type ArrayScalar = unsafe extern "C" fn(*const c_void, *mut PyObject, *mut PyObject) -> *mut PyObject;
/// Signature of a class's allocator.
pub type Allocator = unsafe extern "C" fn(*mut PyTypeObject, Py_ssize_t) -> *mut PyObject;

/// A place of a set: a key and its hash.  Nothing is at a null key, something was where the hash is -1.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct SetEntry {
    /// The key.
    pub key: *mut PyObject,
    /// Its hash.
    pub hash: Py_ssize_t,
}

/// A `set` or `frozenset`, as in every CPython from 3.11 on.
#[repr(C)]
pub struct SetObject {
    head: [usize; 2],
    /// Places that are not free.
    pub fill: Py_ssize_t,
    /// Places that are taken.
    pub used: Py_ssize_t,
    /// Number of places, less one.
    pub mask: Py_ssize_t,
    /// The places.
    pub table: *mut SetEntry,
    hash: Py_ssize_t,
    /// Where `pop` looks first.
    pub finger: Py_ssize_t,
    /// The places of the smallest table.
    pub small: [SetEntry; 8],
}

impl SetObject {
    /// The set in an object, if what stands in it makes sense.
    ///
    /// # Safety
    /// The object is a live set or frozenset.
    pub unsafe fn of<'a>(object: *mut PyObject) -> Option<&'a mut SetObject> {
        // SAFETY: as the caller promises; the object is at least as large as that in every version.
        let set = unsafe { &mut *object.cast::<SetObject>() };
        let counts = 0 <= set.used && set.used <= set.fill && set.fill <= set.mask;
        // SAFETY: as the caller promises.
        let size = unsafe { pyo3::ffi::PySet_Size(object) };
        (counts && set.used == size && (set.mask + 1).count_ones() == 1 && !set.table.is_null()).then_some(set)
    }
}
