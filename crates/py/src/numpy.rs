//! NumPy as this crate sees it: its types, four functions of its C API and the header of an array.
//!
//! The layout of `PyArrayObject` and the positions in the API table are part of NumPy's stable ABI.

use crate::ffi::{self, Allocator, ArrayScalar, DescrFromType, NewFromDescr, SetBaseObject};
use coachwhip_ir::{ArrayTy, Dtype, Layout};
use pyo3::ffi::{Py_ssize_t, PyObject, PyTypeObject};
use pyo3::prelude::*;
use pyo3::types::PyType;
use std::ffi::{c_int, c_void};
use std::sync::OnceLock;

const DESCR_FROM_TYPE: usize = 45;
const SCALAR: usize = 60;
const NEW_FROM_DESCR: usize = 94;
const SET_BASE_OBJECT: usize = 282;

/// Flags of an array.
pub const C_CONTIGUOUS: c_int = 0x1;
/// As named.
pub const F_CONTIGUOUS: c_int = 0x2;
/// Whether the array frees its memory itself.
pub const OWNDATA: c_int = 0x4;
/// As named.
pub const ALIGNED: c_int = 0x100;
/// As named.
pub const WRITEABLE: c_int = 0x400;

/// `PyArrayObject_fields`.
#[repr(C)]
pub struct ArrayHeader {
    head: [usize; 2],
    /// First element.
    pub data: *mut u8,
    /// Number of dimensions.
    pub ndim: c_int,
    /// Shape.
    pub shape: *const Py_ssize_t,
    /// Strides in bytes.
    pub strides: *const Py_ssize_t,
    /// What keeps the memory alive, or null.
    pub base: *mut PyObject,
    /// The dtype object.
    pub descr: *mut DescrHeader,
    /// Flags.
    pub flags: c_int,
    weak_references: *mut PyObject,
    buffer_info: *mut c_void,
    /// Who frees the memory of an array that owns it.
    pub mem_handler: *mut PyObject,
}

/// The start of every `PyArray_Descr`.
#[repr(C)]
pub struct DescrHeader {
    head: [usize; 2],
    scalar_type: *mut PyTypeObject,
    kind: u8,
    letter: u8,
    /// `>` for the other byte order.
    pub byteorder: u8,
    former_flags: u8,
    /// Number of the type.
    pub type_num: c_int,
}

/// NumPy's types and functions.
pub struct Numpy {
    /// `numpy.ndarray`.
    pub array_type: *mut PyTypeObject,
    /// `numpy.ufunc`.
    pub ufunc_type: *mut PyTypeObject,
    /// `numpy.dtype`; the classes of dtype objects derive from it.
    pub dtype_type: *mut PyTypeObject,
    /// Scalar types by [`Dtype`].
    pub scalars: [*mut PyTypeObject; Dtype::COUNT],
    /// Dtype objects by [`Dtype`].
    pub descrs: [*mut PyObject; Dtype::COUNT],
    /// Makes an array over given memory.
    pub new_from_descr: NewFromDescr,
    /// Says what keeps an array's memory alive.
    pub set_base_object: SetBaseObject,
    /// What frees and resizes our memory in arrays that own it; null if this NumPy is an unknown one.
    pub handler: *mut PyObject,
    /// Makes a scalar object.
    pub scalar: ArrayScalar,
    /// The allocator of the class `numpy.float64`.
    pub float64_alloc: Allocator,
    /// `numpy.False_` and `numpy.True_`.
    pub bools: [*mut PyObject; 2],
}

// SAFETY: the pointers are to immortal type objects and functions, written once.
unsafe impl Send for Numpy {}
// SAFETY: as above.
unsafe impl Sync for Numpy {}

static NUMPY: OnceLock<Numpy> = OnceLock::new();

/// NumPy, which the module's initialisation has loaded.
#[inline(always)]
pub fn numpy() -> &'static Numpy {
    // SAFETY: `load` ran when the module was imported, before any other function of it.
    unsafe { NUMPY.get().unwrap_unchecked() }
}

/// Imports NumPy and reads its types and functions.
pub fn load(py: Python<'_>) -> PyResult<()> {
    let module = py.import("numpy")?;
    let class = |name: &str| -> PyResult<*mut PyTypeObject> {
        // The reference is kept forever: NumPy cannot be unloaded.
        Ok(module.getattr(name)?.cast_into::<PyType>()?.into_ptr().cast())
    };
    let capsule = py.import("numpy._core._multiarray_umath")?.getattr("_ARRAY_API")?;
    // SAFETY: the object is NumPy's capsule, whose name is null.
    let table = unsafe { pyo3::ffi::PyCapsule_GetPointer(capsule.as_ptr(), std::ptr::null()) };
    if table.is_null() {
        return Err(PyErr::fetch(py));
    }
    let table = table.cast::<*const c_void>().cast_const();
    // SAFETY: the positions are fixed by NumPy's ABI.
    let (descr_from_type, new_from_descr, set_base_object, scalar) = unsafe {
        (
            ffi::table_entry::<DescrFromType>(table, DESCR_FROM_TYPE),
            ffi::table_entry::<NewFromDescr>(table, NEW_FROM_DESCR),
            ffi::table_entry::<SetBaseObject>(table, SET_BASE_OBJECT),
            ffi::table_entry::<ArrayScalar>(table, SCALAR),
        )
    };
    let mut scalars = [std::ptr::null_mut(); Dtype::COUNT];
    let mut descrs = [std::ptr::null_mut(); Dtype::COUNT];
    let columns = scalars.iter_mut().zip(&mut descrs);
    for ((scalar_type, descr), dtype) in columns.zip(Dtype::ALL) {
        *scalar_type = class(dtype.numpy_name())?;
        // SAFETY: the numbers are those of NumPy's built-in types; the objects live forever.
        *descr = unsafe { descr_from_type(dtype.type_number()) };
    }
    let loaded = Numpy {
        array_type: class("ndarray")?,
        ufunc_type: class("ufunc")?,
        dtype_type: class("dtype")?,
        scalars,
        descrs,
        new_from_descr,
        set_base_object,
        handler: crate::memory::handler(py, &module)?,
        scalar,
        // SAFETY: every class has an allocator, and the slot holds a function of this type.
        float64_alloc: unsafe {
            let slot = pyo3::ffi::PyType_GetSlot(class("float64")?, pyo3::ffi::Py_tp_alloc);
            std::mem::transmute::<*mut c_void, Allocator>(slot)
        },
        bools: [module.getattr("False_")?.into_ptr(), module.getattr("True_")?.into_ptr()],
    };
    let _ = NUMPY.set(loaded);
    Ok(())
}

impl Numpy {
    /// The scalar type of a dtype.
    #[inline(always)]
    pub fn scalar_type(&self, dtype: Dtype) -> *mut PyTypeObject {
        self.scalars.get(dtype as usize).copied().unwrap_or(std::ptr::null_mut())
    }

    /// The dtype object of a dtype, borrowed.
    #[inline(always)]
    pub fn descr(&self, dtype: Dtype) -> *mut PyObject {
        self.descrs.get(dtype as usize).copied().unwrap_or(std::ptr::null_mut())
    }

    /// The dtype whose scalar type this is.
    pub fn dtype_of_scalar_type(&self, class: *mut PyTypeObject) -> Option<Dtype> {
        Dtype::ALL.into_iter().zip(self.scalars).find(|(_, c)| *c == class).map(|(d, _)| d)
    }
}

/// The dtype behind NumPy's number; `long long` is `int64` as well.
pub fn dtype_of_number(number: c_int) -> Option<Dtype> {
    match number {
        9 => Some(Dtype::Int64),
        10 => Some(Dtype::Uint64),
        n => Dtype::ALL.into_iter().find(|d| d.type_number() == n),
    }
}

/// The header of an exact `ndarray`.
///
/// # Safety
/// `object` is a live array.
#[inline(always)]
pub unsafe fn header<'a>(object: *mut PyObject) -> &'a ArrayHeader {
    // SAFETY: as the caller promises.
    unsafe { &*object.cast::<ArrayHeader>() }
}

impl ArrayHeader {
    /// The dtype's header.
    #[inline(always)]
    pub fn descr(&self) -> &DescrHeader {
        // SAFETY: an array's dtype object lives as long as the array.
        unsafe { &*self.descr }
    }

    /// Shape and strides.
    #[inline(always)]
    pub fn dims(&self) -> (&[Py_ssize_t], &[Py_ssize_t]) {
        let n = self.ndim as usize;
        if n == 0 {
            return (&[], &[]);
        }
        // SAFETY: both tables have `ndim` entries and live as long as the array.
        unsafe { (std::slice::from_raw_parts(self.shape, n), std::slice::from_raw_parts(self.strides, n)) }
    }

    /// The layout by the flags; an array that is both is `C`.
    #[inline(always)]
    pub fn layout(&self) -> Layout {
        if self.flags & C_CONTIGUOUS != 0 {
            Layout::C
        } else if self.flags & F_CONTIGUOUS != 0 {
            Layout::F
        } else {
            Layout::A
        }
    }

    /// The type, or `None` if compiled code cannot take the array.
    pub fn ty(&self) -> Option<ArrayTy> {
        let descr = self.descr();
        if descr.byteorder == b'>' || self.flags & ALIGNED == 0 || self.ndim > 32 {
            return None;
        }
        Some(ArrayTy {
            dtype: dtype_of_number(descr.type_num)?,
            ndim: self.ndim as u8,
            layout: self.layout(),
            readonly: self.flags & WRITEABLE == 0,
        })
    }
}
