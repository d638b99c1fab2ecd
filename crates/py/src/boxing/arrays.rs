//! Array words to `ndarray` objects: an argument itself, a view of one, or an array that owns its memory.

use super::{Call, Words};
use crate::memory;
use crate::numpy::{self, numpy};
use coachwhip_abi::layout::Owner;
use coachwhip_ir::ArrayTy;
use pyo3::ffi::{self as raw, Py_ssize_t, PyObject};
use std::ffi::{CStr, c_void};

const CAPSULE: &CStr = c"coachwhip.memory";
const MAX_DIMENSIONS: usize = 32;

/// An array as a new reference.
///
/// # Safety
/// The words are those of an array of the type, and the interpreter is held.
pub unsafe fn array(ty: ArrayTy, words: &mut Words, call: &Call<'_>) -> *mut PyObject {
    let n = (ty.ndim as usize).min(MAX_DIMENSIONS);
    let (mut shape, mut strides) = ([0 as Py_ssize_t; MAX_DIMENSIONS], [0 as Py_ssize_t; MAX_DIMENSIONS]);
    // SAFETY: as the caller promises.
    let (data, owner) = unsafe {
        let head = (words.next(), words.next());
        shape.iter_mut().take(n).for_each(|slot| *slot = words.next() as Py_ssize_t);
        strides.iter_mut().take(n).for_each(|slot| *slot = words.next() as Py_ssize_t);
        head
    };
    let borrowed = owner & 1 != 0;
    let holder = (owner & !1) as *mut PyObject;
    // SAFETY: the holder of borrowed memory is an argument or a global array, alive during the call.
    unsafe {
        if borrowed && let Some(same) = same_array(holder, data, ty, &shape, &strides, call) {
            return raw::Py_NewRef(same);
        }
        let descr = raw::Py_NewRef(numpy().descr(ty.dtype));
        let flags = if ty.readonly { 0 } else { numpy::WRITEABLE };
        let made = (numpy().new_from_descr)(
            numpy().array_type,
            descr,
            n as i32,
            shape.as_ptr(),
            strides.as_ptr(),
            data as *mut c_void,
            flags,
            std::ptr::null_mut(),
        );
        if made.is_null() {
            if !borrowed && owner != 0 {
                coachwhip_runtime::release(owner as *mut Owner);
            }
            return made;
        }
        if !borrowed && owner != 0 && memory::adopt(made, owner as *mut Owner, bytes(ty, shape.get(..n))) {
            return made;
        }
        let base = match () {
            () if borrowed => raw::Py_NewRef(holder),
            () if owner != 0 => raw::PyCapsule_New(owner as *mut c_void, CAPSULE.as_ptr(), Some(release)),
            () => return made,
        };
        if base.is_null() && !borrowed {
            coachwhip_runtime::release(owner as *mut Owner);
        }
        if base.is_null() || (numpy().set_base_object)(made, base) != 0 {
            raw::Py_XDECREF(made);
            return std::ptr::null_mut();
        }
        made
    }
}

/// Size of the elements, if it is a size.
fn bytes(ty: ArrayTy, shape: Option<&[Py_ssize_t]>) -> Option<usize> {
    shape?.iter().try_fold(ty.dtype.size() as usize, |bytes, &n| bytes.checked_mul(usize::try_from(n).ok()?))
}

/// The array object that has exactly this header, if the holder is one: a function that returns its argument
/// returns that object.
unsafe fn same_array(
    holder: *mut PyObject,
    data: u64,
    ty: ArrayTy,
    shape: &[Py_ssize_t],
    strides: &[Py_ssize_t],
    call: &Call<'_>,
) -> Option<*mut PyObject> {
    if !call.args.contains(&holder) && call.lists.borrow().is_empty() {
        return None;
    }
    // SAFETY: an argument that owns an array's memory is an array.
    let header = unsafe { numpy::header(holder) };
    let (own_shape, own_strides) = header.dims();
    let n = ty.ndim as usize;
    let same = header.data as u64 == data
        && header.ty() == Some(ty)
        && shape.get(..n) == Some(own_shape)
        && strides.get(..n) == Some(own_strides);
    same.then_some(holder)
}

/// Frees the memory of an array when nothing refers to it any more.
unsafe extern "C" fn release(capsule: *mut PyObject) {
    // SAFETY: the capsule holds an owner block with one count.
    unsafe {
        let owner = raw::PyCapsule_GetPointer(capsule, CAPSULE.as_ptr());
        coachwhip_runtime::release(owner.cast());
    }
}
