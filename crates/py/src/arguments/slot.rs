//! How one argument of a specialisation is recognised and taken apart into words: the hot path of a call.
//!
//! A slot accepts exactly the objects of its type.  It runs no Python code and leaves no exception behind;
//! whatever it does not accept goes to the slow path, which finds the right specialisation or the message.

use super::declared::Declared;
use super::instances::{self, InstanceSlot};
use super::lists::{self, ListSlot, Taken};
use super::tables::{self, TableSlot};
use crate::ffi::{VALUE_OFFSET, read, type_of};
use crate::numpy::{self, ArrayHeader, DescrHeader, numpy};
use crate::strings;
use coachwhip_ir::{ArrayTy, Dtype, Layout};
use pyo3::ffi::{self as py, PyObject};
use std::sync::{Arc, Weak};

/// Where the next argument word goes.
#[derive(Clone, Copy)]
pub struct Cursor(*mut u64, *mut Taken);

impl Cursor {
    /// Starts at the given address; takes no lists.
    pub fn new(start: *mut u64) -> Cursor {
        Cursor(start, std::ptr::null_mut())
    }

    /// Starts at the given address; lists are noted.
    pub fn with_lists(start: *mut u64, lists: *mut Taken) -> Cursor {
        Cursor(start, lists)
    }

    /// Where lists are noted; null if none are taken.
    pub fn lists(&self) -> *mut Taken {
        self.1
    }

    /// Writes a word.
    ///
    /// # Safety
    /// The buffer has room: it is as long as the specialisation's argument words.
    #[inline(always)]
    pub unsafe fn push(&mut self, word: u64) {
        // SAFETY: as the caller promises.
        unsafe {
            self.0.write(word);
            self.0 = self.0.add(1);
        }
    }
}

/// The way to take one argument.
pub enum Slot {
    /// An exact `float`.
    Float,
    /// An exact `int` of at most 64 bits.
    Int,
    /// `True` or `False`.
    Bool,
    /// An exact `complex`.
    Complex,
    /// `None`.
    None,
    /// A NumPy scalar.
    Scalar(Dtype),
    /// An exact `ndarray` of a type.
    Array(ArrayForm),
    /// This very object (kept alive by the specialisation).
    Same(*mut PyObject),
    /// An equal `str` or `bytes` (kept alive by the specialisation).
    Equal(*mut PyObject),
    /// Any exact `str`.
    Str,
    /// Any exact `bytes`.
    Bytes,
    /// A tuple of as many items.
    Tuple(Box<[Slot]>),
    /// A tuple of this class (kept alive by the specialisation), of as many items.
    NamedTuple(*mut py::PyTypeObject, Box<[Slot]>),
    /// A member of this enumeration (kept alive by the specialisation); whether they are flags.
    Enum(*mut py::PyTypeObject, bool),
    /// An instance of a user's class.
    Instance(Arc<InstanceSlot>),
    /// An instance of a class whose slot this one is part of.
    InstanceAgain(Weak<InstanceSlot>),
    /// A list.
    List(Box<ListSlot>),
    /// An exact `bytearray`.
    ByteArray(Box<ListSlot>),
    /// A dict or set.
    Table(Box<TableSlot>),
    /// `None`, or what the slot takes, which has so many words.
    Optional(Box<Slot>, usize),
    /// A `range`, with this step if one is given.
    Range(Option<i64>),
    /// A `slice` with these parts.
    Slice(Box<[Slot; 3]>),
    /// Whatever can be converted to a declared type.
    Declared(Box<Declared>),
}

impl Slot {
    /// Takes the argument apart; false if the slot does not accept it (words may be written then).
    ///
    /// # Safety
    /// `arg` is a live object, the interpreter is attached, and the buffer has room for the slot's words.
    #[inline(always)]
    pub unsafe fn take(&self, arg: *mut PyObject, to: &mut Cursor) -> bool {
        // SAFETY: the type is checked before the object's value is read, at the place where objects of
        // that type have it.
        unsafe {
            match self {
                Slot::Float => {
                    let ok = type_of(arg) == &raw mut py::PyFloat_Type;
                    if ok {
                        to.push(read(arg, VALUE_OFFSET));
                    }
                    ok
                }
                Slot::Array(form) => take_array(arg, form, to),
                Slot::Int => take_int(arg, to),
                Slot::Scalar(dtype) => take_scalar(arg, *dtype, to),
                other => other.take_rare(arg, to),
            }
        }
    }

    /// The slots that are not on the shortest path.
    ///
    /// # Safety
    /// As [`Slot::take`].
    unsafe fn take_rare(&self, arg: *mut PyObject, to: &mut Cursor) -> bool {
        // SAFETY: as in `take`.
        unsafe {
            match self {
                Slot::Optional(inner, words) => {
                    let there = arg != py::Py_None();
                    to.push(u64::from(there));
                    if there {
                        return inner.take(arg, to);
                    }
                    (0..*words).for_each(|_| to.push(0));
                    true
                }
                Slot::Bool => {
                    let ok = type_of(arg) == &raw mut py::PyBool_Type;
                    to.push((arg == py::Py_True()) as u64);
                    ok
                }
                Slot::Complex => {
                    let ok = type_of(arg) == &raw mut py::PyComplex_Type;
                    if ok {
                        to.push(py::PyComplex_RealAsDouble(arg).to_bits());
                        to.push(py::PyComplex_ImagAsDouble(arg).to_bits());
                    }
                    ok
                }
                Slot::None => arg == py::Py_None(),
                Slot::Same(object) => arg == *object,
                Slot::Equal(text) => arg == *text || equal_text(arg, *text),
                Slot::Str | Slot::Bytes => take_string(arg, matches!(self, Slot::Bytes), to),
                Slot::Tuple(slots) => take_tuple(arg, &raw mut py::PyTuple_Type, slots, to),
                Slot::NamedTuple(class, slots) => take_tuple(arg, *class, slots, to),
                Slot::Enum(class, flags) => take_member(arg, *class, *flags, to),
                Slot::Instance(slot) => instances::take(arg, slot, to),
                Slot::InstanceAgain(slot) => instances::take_again(arg, slot, to),
                Slot::List(slot) => lists::take(arg, slot, to),
                Slot::ByteArray(slot) => lists::take_bytes(arg, slot, to),
                Slot::Table(slot) => tables::take(arg, slot, to),
                Slot::Range(step) => take_range(arg, *step, to),
                Slot::Slice(parts) => take_slice(arg, parts, to),
                Slot::Declared(declared) => declared.take(arg, to),
                // `take` handles these itself.
                Slot::Float | Slot::Int | Slot::Array(_) | Slot::Scalar(_) => false,
            }
        }
    }
}

/// # Safety
/// As [`Slot::take`].
#[inline(always)]
pub unsafe fn take_int(arg: *mut PyObject, to: &mut Cursor) -> bool {
    // SAFETY: as in `take`.
    unsafe {
        if type_of(arg) != &raw mut py::PyLong_Type {
            return false;
        }
        let mut overflow = 0;
        to.push(py::PyLong_AsLongLongAndOverflow(arg, &mut overflow) as u64);
        overflow == 0
    }
}

/// # Safety
/// As [`Slot::take`].
#[inline(always)]
pub unsafe fn take_scalar(arg: *mut PyObject, dtype: Dtype, to: &mut Cursor) -> bool {
    // SAFETY: as in `take`; a NumPy scalar's value follows the object's head.
    unsafe {
        if type_of(arg) != numpy().scalar_type(dtype) {
            return false;
        }
        match dtype {
            Dtype::Bool => to.push((read::<u8>(arg, VALUE_OFFSET) != 0) as u64),
            Dtype::Int8 => to.push(read::<i8>(arg, VALUE_OFFSET) as i64 as u64),
            Dtype::Int16 => to.push(read::<i16>(arg, VALUE_OFFSET) as i64 as u64),
            Dtype::Int32 => to.push(read::<i32>(arg, VALUE_OFFSET) as i64 as u64),
            Dtype::Uint8 => to.push(read::<u8>(arg, VALUE_OFFSET) as u64),
            Dtype::Uint16 | Dtype::Float16 => to.push(read::<u16>(arg, VALUE_OFFSET) as u64),
            Dtype::Uint32 | Dtype::Float32 => to.push(read::<u32>(arg, VALUE_OFFSET) as u64),
            Dtype::Int64 | Dtype::Uint64 | Dtype::Float64 => to.push(read(arg, VALUE_OFFSET)),
            Dtype::Complex64 => {
                to.push(read::<u32>(arg, VALUE_OFFSET) as u64);
                to.push(read::<u32>(arg, VALUE_OFFSET + 4) as u64);
            }
            Dtype::Complex128 => {
                to.push(read(arg, VALUE_OFFSET));
                to.push(read(arg, VALUE_OFFSET + 8));
            }
        }
        true
    }
}

/// What an exact array type asks of an array's header, in the form that is quick to compare.
#[derive(Clone, Copy)]
pub struct ArrayForm {
    /// Flags that count, and how they must be.
    mask: i32,
    flags: i32,
    ndim: i32,
    type_number: i32,
    /// The dtype object that nearly every array of the type has.
    descr: *mut DescrHeader,
}

impl ArrayForm {
    /// The form of a type.
    pub fn of(ty: ArrayTy) -> ArrayForm {
        use crate::numpy::{ALIGNED, C_CONTIGUOUS, F_CONTIGUOUS, WRITEABLE};
        let (layout_mask, layout) = match ty.layout {
            Layout::C => (C_CONTIGUOUS, C_CONTIGUOUS),
            Layout::F => (C_CONTIGUOUS | F_CONTIGUOUS, F_CONTIGUOUS),
            Layout::A => (C_CONTIGUOUS | F_CONTIGUOUS, 0),
        };
        ArrayForm {
            mask: ALIGNED | WRITEABLE | layout_mask,
            flags: ALIGNED | layout | if ty.readonly { 0 } else { WRITEABLE },
            ndim: ty.ndim as i32,
            type_number: ty.dtype.type_number(),
            descr: numpy().descr(ty.dtype).cast(),
        }
    }

    #[inline(always)]
    fn fits(&self, header: &ArrayHeader) -> bool {
        header.flags & self.mask == self.flags
            && header.ndim == self.ndim
            && (header.descr == self.descr || self.same_dtype(header))
    }

    #[cold]
    fn same_dtype(&self, header: &ArrayHeader) -> bool {
        let descr = header.descr();
        numpy::dtype_of_number(descr.type_num) == numpy::dtype_of_number(self.type_number) && descr.byteorder != b'>'
    }
}

/// # Safety
/// As [`Slot::take`].
#[inline(always)]
unsafe fn take_array(arg: *mut PyObject, form: &ArrayForm, to: &mut Cursor) -> bool {
    // SAFETY: as in `take`.
    unsafe {
        let same = type_of(arg) == numpy().array_type && form.fits(numpy::header(arg));
        if same {
            push_array(arg, to);
        }
        same
    }
}

/// The words of an array: data, owner (the object itself, marked as the caller's), shape, strides.
///
/// # Safety
/// `arg` is a live array and the buffer has room.
#[inline(always)]
pub unsafe fn push_array(arg: *mut PyObject, to: &mut Cursor) {
    // SAFETY: as the caller promises.
    unsafe {
        let header = numpy::header(arg);
        to.push(header.data as u64);
        to.push(arg as u64 | 1);
        let (shape, strides) = header.dims();
        for &n in shape {
            to.push(n as u64);
        }
        for &n in strides {
            to.push(n as u64);
        }
    }
}

/// # Safety
/// Both are live objects; `text` is a `str` or `bytes`.
unsafe fn equal_text(arg: *mut PyObject, text: *mut PyObject) -> bool {
    // SAFETY: comparing two exact strings or two exact bytes runs no user code.
    unsafe { type_of(arg) == type_of(text) && py::PyObject_RichCompareBool(arg, text, py::Py_EQ) == 1 }
}

/// The word of a `str` or `bytes`: a block that borrows the object for the call.
///
/// # Safety
/// As [`Slot::take`].
unsafe fn take_string(arg: *mut PyObject, bytes: bool, to: &mut Cursor) -> bool {
    // SAFETY: as in `take`; what is taken outlives the code that runs on it.
    unsafe {
        let class = if bytes { &raw mut py::PyBytes_Type } else { &raw mut py::PyUnicode_Type };
        if type_of(arg) != class {
            return false;
        }
        let block = if bytes { Some(strings::bytes_block(arg)) } else { strings::block(arg) };
        let Some(block) = block else { return false };
        let address = to.lists().as_mut().map_or(0, |taken| taken.strings.keep(block) as u64);
        to.push(address);
        true
    }
}

/// # Safety
/// As [`Slot::take`].
unsafe fn take_tuple(arg: *mut PyObject, class: *mut py::PyTypeObject, slots: &[Slot], to: &mut Cursor) -> bool {
    // SAFETY: as in `take`; the items live as long as the tuple.
    unsafe {
        type_of(arg) == class
            && py::PyTuple_Size(arg) as usize == slots.len()
            && slots.iter().enumerate().all(|(i, slot)| slot.take(py::PyTuple_GetItem(arg, i as isize), to))
    }
}

/// # Safety
/// As [`Slot::take`].
unsafe fn take_range(arg: *mut PyObject, step: Option<i64>, to: &mut Cursor) -> bool {
    // SAFETY: as in `take`; the attributes of a range are ints, kept alive by it.
    unsafe {
        if type_of(arg) != &raw mut py::PyRange_Type {
            return false;
        }
        let parts = [c"start", c"stop", c"step"].map(|name| int_attribute(arg, name));
        let [Some(start), Some(stop), Some(given)] = parts else { return false };
        to.push(start as u64);
        to.push(stop as u64);
        match step {
            Some(wanted) => wanted == given,
            None => {
                to.push(given as u64);
                true
            }
        }
    }
}

/// A member of an enumeration: its position or, of flags, its value.
///
/// # Safety
/// As [`Slot::take`].
#[inline(never)]
unsafe fn take_member(arg: *mut PyObject, class: *mut py::PyTypeObject, flags: bool, to: &mut Cursor) -> bool {
    // SAFETY: as the caller promises; members' attributes run no user code.
    unsafe {
        let name = if flags { c"_value_" } else { c"_sort_order_" };
        let word = if type_of(arg) == class { int_attribute(arg, name) } else { None };
        to.push(word.unwrap_or(0) as u64);
        word.is_some()
    }
}

/// An attribute that is an int of at most 64 bits.
///
/// # Safety
/// `object` is a live object whose attributes run no user code: a range, or a member of an enumeration.
pub unsafe fn int_attribute(object: *mut PyObject, name: &std::ffi::CStr) -> Option<i64> {
    // SAFETY: as the caller promises.
    unsafe {
        let value = py::PyObject_GetAttrString(object, name.as_ptr());
        let mut word = 0u64;
        let fits = !value.is_null() && take_int(value, &mut Cursor::new(&mut word));
        py::Py_XDECREF(value);
        py::PyErr_Clear();
        fits.then_some(word as i64)
    }
}

/// # Safety
/// As [`Slot::take`].
unsafe fn take_slice(arg: *mut PyObject, parts: &[Slot; 3], to: &mut Cursor) -> bool {
    // SAFETY: as in `take`; the slice keeps its parts alive.
    unsafe {
        type_of(arg) == &raw mut py::PySlice_Type
            && [c"start", c"stop", c"step"].iter().zip(parts).all(|(name, slot)| {
                let part = py::PyObject_GetAttrString(arg, name.as_ptr());
                let ok = !part.is_null() && slot.take(part, to);
                py::Py_XDECREF(part);
                ok
            })
    }
}
