//! The type `coachwhip._core.Dispatcher`, made with the C API: PyO3's own classes have no vectorcall slot.

use super::call::vectorcall;
use super::state::State;
use crate::abandoned::held;
use crate::ffi::{PyMethod_New, PyVectorcall_Call};
use pyo3::ffi::{self as raw, PyMemberDef, PyObject, PyType_Slot, PyType_Spec, PyTypeObject, vectorcallfunc};
use pyo3::prelude::*;
use std::ffi::{c_int, c_void};
use std::mem::offset_of;
use std::sync::atomic::{AtomicPtr, Ordering};

/// `Py_TPFLAGS_DISALLOW_INSTANTIATION`, `Py_TPFLAGS_HAVE_VECTORCALL` and `Py_TPFLAGS_METHOD_DESCRIPTOR`, which
/// the limited API does not name.  Only `create` makes objects: every one has a state.
const DISALLOW_INSTANTIATION: u64 = 1 << 7;
const HAVE_VECTORCALL: u64 = 1 << 11;
const METHOD_DESCRIPTOR: u64 = 1 << 17;

/// A compiled function object.
#[repr(C)]
pub struct DispatcherObject {
    head: PyObject,
    vectorcall: Option<vectorcallfunc>,
    dict: *mut PyObject,
    weak_references: *mut PyObject,
    state: *mut State,
}

static TYPE: AtomicPtr<PyTypeObject> = AtomicPtr::new(std::ptr::null_mut());

/// The type object.
pub fn dispatcher_type() -> *mut PyTypeObject {
    TYPE.load(Ordering::Relaxed)
}

impl DispatcherObject {
    /// The state behind a compiled function object.
    ///
    /// # Safety
    /// `object` is a live dispatcher and the interpreter is held.
    #[inline(always)]
    pub unsafe fn state<'a>(object: *mut PyObject) -> &'a State {
        // SAFETY: as the caller promises; the state lives as long as the object.
        unsafe { &*(*object.cast::<DispatcherObject>()).state }
    }
}

/// Makes the type.
pub fn create_type(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let offset = |name: &'static std::ffi::CStr, offset: usize| PyMemberDef {
        name: name.as_ptr(),
        type_code: raw::Py_T_PYSSIZET,
        offset: offset as isize,
        flags: raw::Py_READONLY,
        doc: std::ptr::null(),
    };
    let members = Box::leak(Box::new([
        offset(c"__vectorcalloffset__", offset_of!(DispatcherObject, vectorcall)),
        offset(c"__dictoffset__", offset_of!(DispatcherObject, dict)),
        offset(c"__weaklistoffset__", offset_of!(DispatcherObject, weak_references)),
        // SAFETY: a zeroed entry ends the table.
        unsafe { std::mem::zeroed() },
    ]));
    let getters = Box::leak(Box::new([
        raw::PyGetSetDef {
            name: c"__dict__".as_ptr(),
            get: Some(raw::PyObject_GenericGetDict),
            set: Some(raw::PyObject_GenericSetDict),
            doc: std::ptr::null(),
            closure: std::ptr::null_mut(),
        },
        // SAFETY: a zeroed entry ends the table.
        unsafe { std::mem::zeroed() },
    ]));
    let slot = |slot: c_int, pfunc: *mut c_void| PyType_Slot { slot, pfunc };
    let mut slots = [
        slot(raw::Py_tp_members, members.as_mut_ptr().cast()),
        slot(raw::Py_tp_getset, getters.as_mut_ptr().cast()),
        slot(raw::Py_tp_call, PyVectorcall_Call as *mut c_void),
        slot(raw::Py_tp_dealloc, dealloc as *mut c_void),
        slot(raw::Py_tp_traverse, traverse as *mut c_void),
        slot(raw::Py_tp_clear, clear as *mut c_void),
        slot(raw::Py_tp_descr_get, descriptor_get as *mut c_void),
        slot(0, std::ptr::null_mut()),
    ];
    let flags = raw::Py_TPFLAGS_DEFAULT
        | raw::Py_TPFLAGS_HAVE_GC
        | DISALLOW_INSTANTIATION
        | HAVE_VECTORCALL
        | METHOD_DESCRIPTOR;
    let mut spec = PyType_Spec {
        name: c"coachwhip._core.Dispatcher".as_ptr(),
        basicsize: size_of::<DispatcherObject>() as c_int,
        itemsize: 0,
        flags: flags as u32,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the tables are complete and live forever where the type keeps pointers to them.
    let made = unsafe { Bound::from_owned_ptr_or_err(py, raw::PyType_FromSpec(&mut spec))? };
    TYPE.store(made.clone().into_ptr().cast(), Ordering::Relaxed);
    Ok(made)
}

/// A new compiled function object.
pub fn create(py: Python<'_>, state: State) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: the type was made at import; a new object is zeroed, and its fields are set before it is used.
    unsafe {
        let object = Bound::from_owned_ptr_or_err(py, raw::PyType_GenericAlloc(dispatcher_type(), 0))?;
        let fields = object.as_ptr().cast::<DispatcherObject>();
        (*fields).vectorcall = Some(vectorcall);
        state.object.set(object.as_ptr());
        (*fields).state = Box::into_raw(Box::new(state));
        Ok(object)
    }
}

unsafe extern "C" fn dealloc(object: *mut PyObject) {
    // SAFETY: CPython calls this once, when nothing refers to the object; the error indicator is kept.
    unsafe {
        raw::PyObject_GC_UnTrack(object.cast());
        let fields = object.cast::<DispatcherObject>();
        if !(*fields).weak_references.is_null() {
            raw::PyObject_ClearWeakRefs(object);
        }
        let state = std::mem::replace(&mut (*fields).state, std::ptr::null_mut());
        if !state.is_null() {
            held(|_| drop(Box::from_raw(state)));
        }
        let dict = std::mem::replace(&mut (*fields).dict, std::ptr::null_mut());
        raw::Py_XDECREF(dict);
        let class = raw::Py_TYPE(object);
        raw::PyObject_GC_Del(object.cast());
        raw::Py_DECREF(class.cast());
    }
}

unsafe extern "C" fn traverse(object: *mut PyObject, visit: raw::visitproc, arg: *mut c_void) -> c_int {
    // SAFETY: CPython calls this with a live object; visiting changes no counts.
    unsafe {
        let fields = &*object.cast::<DispatcherObject>();
        let mut visit = |o: *mut PyObject| if o.is_null() { 0 } else { visit(o, arg) };
        for own in [raw::Py_TYPE(object).cast(), fields.dict] {
            let result = visit(own);
            if result != 0 {
                return result;
            }
        }
        if fields.state.is_null() { 0 } else { (*fields.state).traverse(&mut visit) }
    }
}

unsafe extern "C" fn clear(object: *mut PyObject) -> c_int {
    // SAFETY: CPython calls this with a live object that only garbage refers to.
    unsafe {
        let fields = object.cast::<DispatcherObject>();
        let dict = std::mem::replace(&mut (*fields).dict, std::ptr::null_mut());
        raw::Py_XDECREF(dict);
        if !(*fields).state.is_null() {
            held(|_| (*(*fields).state).clear());
        }
    }
    0
}

/// Binds like a function: an attribute of a class becomes a method of its instances.
unsafe extern "C" fn descriptor_get(
    function: *mut PyObject,
    receiver: *mut PyObject,
    _class: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the objects are live; the receiver is null when looked up in the class.
    unsafe {
        if receiver.is_null() || receiver == raw::Py_None() {
            raw::Py_NewRef(function)
        } else {
            PyMethod_New(function, receiver)
        }
    }
}
