//! Result words to Python objects.

mod arrays;
pub mod constants;
pub mod instances;
pub mod lists;
pub mod tables;

use crate::arguments::instances::Layout;
use crate::ffi::VALUE_OFFSET;
use crate::numpy::numpy;
use crate::snapshot::Reached;
use coachwhip_abi::layout::{List, Owner, Str};
use coachwhip_ir::{Dtype, RefTy, Ty, heap};
use coachwhip_runtime::strings::Units;
use lists::Objects;
use pyo3::ffi::{self as raw, PyObject};
use std::cell::RefCell;
use std::ffi::c_void;
use std::sync::Arc;

/// The call whose result is boxed.
pub struct Call<'a> {
    /// Its arguments.
    pub args: &'a [*mut PyObject],
    /// What the function can reach.
    pub reached: &'a Reached,
    /// Lists that have objects: those that were taken, and those made since.
    pub lists: &'a RefCell<Objects>,
    /// Layouts of the classes of its instances.
    pub layouts: &'a [Arc<Layout>],
}

/// Reads words one after the other.
#[derive(Clone, Copy)]
pub struct Words(*const u64);

impl Words {
    /// The next word.
    ///
    /// # Safety
    /// There is one.
    #[inline(always)]
    unsafe fn next(&mut self) -> u64 {
        // SAFETY: as the caller promises.
        unsafe {
            let word = self.0.read();
            self.0 = self.0.add(1);
            word
        }
    }
}

/// The result of a call as a new reference; null with an exception set if memory is short.
///
/// # Safety
/// The words are those of a value of the type, and the interpreter is held.
#[inline(always)]
pub unsafe fn result(ty: &Ty, words: *const u64, call: &Call<'_>) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        match ty {
            Ty::Float => raw::PyFloat_FromDouble(f64::from_bits(words.read())),
            Ty::Int => raw::PyLong_FromLongLong(words.read() as i64),
            Ty::None => raw::Py_NewRef(raw::Py_None()),
            _ => value(ty, &mut Words(words), call),
        }
    }
}

/// # Safety
/// As [`result`].
unsafe fn value(ty: &Ty, words: &mut Words, call: &Call<'_>) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        match ty {
            Ty::Float => raw::PyFloat_FromDouble(f64::from_bits(words.next())),
            Ty::Int => raw::PyLong_FromLongLong(words.next() as i64),
            Ty::None => raw::Py_NewRef(raw::Py_None()),
            Ty::Bool => raw::PyBool_FromLong((words.next() & 1) as _),
            Ty::Complex => {
                let re = f64::from_bits(words.next());
                raw::PyComplex_FromDoubles(re, f64::from_bits(words.next()))
            }
            Ty::Scalar(Dtype::Float64) => float64(words.next()),
            Ty::Scalar(Dtype::Bool) => {
                let [no, yes] = numpy().bools;
                raw::Py_NewRef(if words.next() & 1 != 0 { yes } else { no })
            }
            Ty::Scalar(dtype) => scalar(*dtype, words),
            Ty::Array(array) => arrays::array(*array, words, call),
            Ty::Tuple(items) => sequence(items, words, call),
            Ty::NamedTuple(class, items) => {
                let items = sequence(items, words, call);
                crate::classes::new_tuple(class.number(), items)
            }
            Ty::Enum(class) => crate::classes::new_member(class.number(), words.next() as i64),
            Ty::ListDisplay(items) => lists::display(items, words, call),
            Ty::Ref(to) => match &**to {
                RefTy::Generator(_) => constants::unsupported(ty),
                RefTy::Object => {
                    let block = words.next() as *mut Owner;
                    let object = raw::Py_NewRef((*block).data.cast());
                    coachwhip_runtime::release(block);
                    object
                }
                RefTy::List(item) => lists::object(item, words.next() as *mut List, call),
                RefTy::Instance(class) => instances::object(class, words.next() as *mut List, call),
                RefTy::ByteArray => lists::bytearray(words.next() as *mut List, call),
                RefTy::Str | RefTy::Bytes => {
                    let text = words.next() as *mut Str;
                    let object = crate::strings::object(text, **to == RefTy::Bytes);
                    coachwhip_runtime::release(text.cast());
                    object
                }
            },
            Ty::Table(table) => {
                let (of, entries) = (words.next() as *mut List, words.next() as *mut List);
                tables::object(table, of, entries, call)
            }
            Ty::TupleOf(list) => {
                let list = value(list, words, call);
                if list.is_null() {
                    return list;
                }
                let made = raw::PySequence_Tuple(list);
                raw::Py_DECREF(list);
                made
            }
            Ty::Optional(inner) => optional(inner, words, call),
            Ty::Union(members) => member(members, words, call),
            Ty::Range(step) => {
                let parts = [Ty::Int, Ty::Int, (**step).clone()];
                constructed(&raw mut raw::PyRange_Type, &parts, words, call)
            }
            Ty::Slice(parts) => constructed(&raw mut raw::PySlice_Type, &**parts, words, call),
            Ty::Char => crate::strings::new_str(Units::Four(&[words.next() as u32])),
            Ty::Ptr(_) => raw::PyLong_FromUnsignedLongLong(words.next()),
            Ty::Lit(constant) => constants::object(constant, call.reached),
            _ => constants::unsupported(ty),
        }
    }
}

/// A `numpy.float64`, without the detour of NumPy's general function.
///
/// # Safety
/// The interpreter is held.
unsafe fn float64(bits: u64) -> *mut PyObject {
    // SAFETY: the class's own allocator; the value of the new object follows its head.
    unsafe {
        let made = (numpy().float64_alloc)(numpy().scalar_type(Dtype::Float64), 0);
        if !made.is_null() {
            made.cast::<u8>().add(VALUE_OFFSET).cast::<u64>().write(bits);
        }
        made
    }
}

/// A NumPy scalar; its memory form is made from its words.
///
/// # Safety
/// As [`result`].
unsafe fn scalar(dtype: Dtype, words: &mut Words) -> *mut PyObject {
    // SAFETY: as the caller promises; little-endian, so the low bytes of a word are the narrow value.
    unsafe {
        let mut bytes = [words.next(), 0];
        let [first, second] = &mut bytes;
        match dtype {
            Dtype::Complex64 => *first = *first & 0xffff_ffff | words.next() << 32,
            Dtype::Complex128 => *second = words.next(),
            _ => {}
        }
        let data = bytes.as_ptr().cast::<c_void>();
        (numpy().scalar)(data, numpy().descr(dtype), std::ptr::null_mut())
    }
}

/// # Safety
/// As [`result`].
unsafe fn sequence(items: &[Ty], words: &mut Words, call: &Call<'_>) -> *mut PyObject {
    // SAFETY: as the caller promises; `PyTuple_SetItem` takes the reference.
    unsafe {
        let tuple = raw::PyTuple_New(items.len() as isize);
        let mut rest = items.iter();
        let mut index = 0;
        while let Some(ty) = rest.as_slice().first().filter(|_| !tuple.is_null()) {
            let item = value(ty, words, call);
            rest.next();
            if item.is_null() || raw::PyTuple_SetItem(tuple, index, item) != 0 {
                break;
            }
            index += 1;
        }
        if index as usize == items.len() && !tuple.is_null() {
            return tuple;
        }
        // Memory is short: nobody will have the rest, so what it keeps is released.
        rest.for_each(|ty| discard(ty, words));
        raw::Py_XDECREF(tuple);
        std::ptr::null_mut()
    }
}

/// Releases what a value keeps that nobody will have.
///
/// # Safety
/// As [`result`].
unsafe fn discard(ty: &Ty, words: &mut Words) {
    // SAFETY: as the caller promises.
    unsafe {
        for at in heap::owner_positions(ty) {
            coachwhip_runtime::release(words.0.add(at).read() as *mut Owner);
        }
        words.0 = words.0.add(ty.machine().len());
    }
}

/// # Safety
/// As [`result`].
unsafe fn optional(inner: &Ty, words: &mut Words, call: &Call<'_>) -> *mut PyObject {
    // SAFETY: as the caller promises; the payload of a `None` is skipped.
    unsafe {
        if words.next() & 1 != 0 {
            return value(inner, words, call);
        }
        words.0 = words.0.add(inner.machine().len());
        raw::Py_NewRef(raw::Py_None())
    }
}

/// # Safety
/// As [`result`].
unsafe fn member(members: &[Ty], words: &mut Words, call: &Call<'_>) -> *mut PyObject {
    // SAFETY: as the caller promises; the words of the other members are skipped.
    unsafe {
        let (number, mut made) = (words.next(), std::ptr::null_mut());
        for (at, ty) in members.iter().enumerate() {
            if at as u64 == number {
                made = value(ty, words, call);
            } else {
                words.0 = words.0.add(ty.machine().len());
            }
        }
        made
    }
}

/// A `range` or `slice`, by calling its class.
///
/// # Safety
/// As [`result`].
unsafe fn constructed(
    class: *mut raw::PyTypeObject,
    parts: &[Ty],
    words: &mut Words,
    call: &Call<'_>,
) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        let args = sequence(parts, words, call);
        if args.is_null() {
            return args;
        }
        let made = raw::PyObject_CallObject(class.cast(), args);
        raw::Py_DECREF(args);
        made
    }
}
