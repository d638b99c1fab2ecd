//! Native lists to `list` objects, and byte arrays to `bytearray`: the object that a list came from, or a new one; and back into the caller's lists what a
//! call has changed.

use super::{Call, Words, value};
use crate::arguments::instances::Layout;
use crate::arguments::lists::{ByAddress, ITEMS_OFFSET, Met, Taken, retain_item};
use crate::errors::pieces;
use crate::ffi::type_of;
use crate::snapshot::Reached;
use coachwhip_abi::layout::List;
use coachwhip_ir::{Ty, heap};
use coachwhip_runtime::release;
use pyo3::ffi::{self as raw, PyObject};
use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::sync::atomic::Ordering;

/// The objects of native lists, by address; each entry keeps a count of both.
#[derive(Default)]
pub struct Objects {
    all: ByAddress<*mut PyObject>,
    /// Apart, so that a call without instances pays nothing for it.
    instances: ManuallyDrop<Option<Box<MadeInstances>>>,
}

/// Instances that a call has made.
#[derive(Default)]
pub struct MadeInstances {
    /// Their blocks.
    blocks: Vec<*mut List>,
    /// Those whose attributes are still to be made.
    pub waiting: Vec<(*mut List, *mut PyObject, *const Layout)>,
    /// Whether somebody is at it.
    pub filling: bool,
}

impl Objects {
    /// Those of the lists that were taken.
    pub fn of(taken: &Taken) -> Objects {
        let mut objects = Objects::default();
        for met in &taken.met {
            // SAFETY: both are alive.
            unsafe { objects.note(met.native, met.object) };
        }
        for met in taken.tables() {
            // SAFETY: as above; a table is known by its words.
            unsafe { objects.note(met.words, met.object) };
        }
        objects
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The object of a list or of the words of a table, if it has one.
    pub fn known(&self, native: *mut List) -> Option<*mut PyObject> {
        self.all.get(&(native as usize)).copied()
    }

    /// Notes the object of a list or of the words of a table.
    ///
    /// # Safety
    /// Both are alive.
    pub unsafe fn note(&mut self, native: *mut List, object: *mut PyObject) {
        // SAFETY: as the caller promises.
        unsafe {
            coachwhip_runtime::retain(native.cast());
            self.all.insert(native as usize, raw::Py_NewRef(object));
        }
    }

    /// The same of an instance that the call has made.
    ///
    /// # Safety
    /// As [`Objects::note`].
    pub unsafe fn note_instance(&mut self, native: *mut List, object: *mut PyObject) {
        // SAFETY: as the caller promises.
        unsafe { self.note(native, object) };
        self.instances().blocks.push(native);
    }

    /// The instances that the call has made.
    pub fn instances(&mut self) -> &mut MadeInstances {
        self.instances.get_or_insert_default()
    }
}

impl Objects {
    #[cold]
    fn let_go(&mut self) {
        // SAFETY: this is the end of it, and nobody looks at it again; whatever an instance is noted in has objects.
        let made = unsafe { ManuallyDrop::take(&mut self.instances) };
        for native in made.into_iter().flat_map(|made| made.blocks) {
            // SAFETY: the call is over; blocks that lead to each other would keep each other.
            unsafe { crate::arguments::instances::empty(native) };
        }
        for (native, object) in self.all.drain() {
            // SAFETY: both counts are ours.
            unsafe {
                release(native as *mut _);
                raw::Py_DECREF(object);
            }
        }
    }
}

impl Drop for Objects {
    #[inline(always)]
    fn drop(&mut self) {
        if !self.all.is_empty() {
            self.let_go();
        }
    }
}

/// The object of a list as a new reference; the caller's count of the list is used up.
///
/// # Safety
/// The list is alive, with items of the type, and the interpreter is held.
pub unsafe fn object(item: &Ty, list: *mut List, call: &Call<'_>) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        // A list that nobody else has is met once, and its items need not stay.
        let sole = (*list).owner.count.load(Ordering::Relaxed) == 1;
        let known = if sole { None } else { call.lists.borrow().known(list) };
        let object = match known {
            Some(object) => raw::Py_NewRef(object),
            None => fresh(item, list, sole, call),
        };
        release(list.cast());
        object
    }
}

/// The `bytearray` of a byte array, as [`object`].
///
/// # Safety
/// As [`object`].
pub unsafe fn bytearray(bytes: *mut List, call: &Call<'_>) -> *mut PyObject {
    let known = call.lists.borrow().known(bytes);
    // SAFETY: as the caller promises.
    unsafe {
        let object = match known {
            Some(object) => raw::Py_NewRef(object),
            None => {
                let made = raw::PyByteArray_FromStringAndSize((*bytes).owner.data.cast(), (*bytes).length as isize);
                if !made.is_null() {
                    call.lists.borrow_mut().note(bytes, made);
                }
                made
            }
        };
        release(bytes.cast());
        object
    }
}

impl pieces::Lists for Call<'_> {
    unsafe fn object(&self, ty: &Ty, words: *const u64) -> *mut PyObject {
        // SAFETY: as the caller promises.
        unsafe { value(ty, &mut Words(words), self) }
    }
}

thread_local! {
    /// What values in texts reach: nothing.
    static NOTHING: Reached = Reached::nothing();
}

/// A value in a text, as [`super::result`].
///
/// # Safety
/// As [`super::result`].
pub unsafe fn alone(ty: &Ty, words: *const u64) -> *mut PyObject {
    NOTHING.with(|reached| {
        let call = Call { args: &[], reached, lists: &RefCell::default(), layouts: &[] };
        // SAFETY: as the caller promises.
        unsafe { value(ty, &mut Words(words), &call) }
    })
}

/// # Safety
/// As [`object`].
unsafe fn fresh(item: &Ty, list: *mut List, sole: bool, call: &Call<'_>) -> *mut PyObject {
    // SAFETY: as the caller promises; a list's items lie where its pointer says.
    unsafe {
        let count = (*list).length;
        let words = (*list).owner.data.cast::<u64>();
        let made = raw::PyList_New(count as isize);
        if made.is_null() {
            return made;
        }
        if !sole {
            call.lists.borrow_mut().note(list, made);
        }
        if let Ty::Float | Ty::Int = item {
            let words = if count == 0 { &[] } else { std::slice::from_raw_parts(words, count as usize) };
            return numbers(item, words, made);
        }
        let (width, owners) = (heap::item_bytes(item), owner_mask(item));
        let items = crate::ffi::read::<*mut *mut PyObject>(made, ITEMS_OFFSET);
        for index in 0..count as usize {
            let at = (*list).owner.data.add(index * width);
            let object = match sole && owners != 0 {
                true => {
                    let object = value(item, &mut Words(at.cast()), call);
                    forget_item(at.cast(), owners);
                    object
                }
                false => object_of(item, at, call),
            };
            if object.is_null() {
                raw::Py_DECREF(made);
                return object;
            }
            items.add(index).write(object);
        }
        made
    }
}

/// What an item kept has been used up.
///
/// # Safety
/// The words are those of an item.
unsafe fn forget_item(item: *mut u64, owners: u64) {
    let mut owners = owners;
    while owners != 0 {
        // SAFETY: as the caller promises; the bit says that the word is an owner word.
        unsafe { item.add(owners.trailing_zeros() as usize).write(0) };
        owners &= owners - 1;
    }
}

/// A new list of as many items as there are words, filled with Python's floats or ints.
///
/// # Safety
/// `made` is a list of that length whose items are null, and nobody else has it; the interpreter is held.
unsafe fn numbers(item: &Ty, words: &[u64], made: *mut PyObject) -> *mut PyObject {
    // SAFETY: as the caller promises; a list's items lie where its pointer says.
    unsafe {
        let items = crate::ffi::read::<*mut *mut PyObject>(made, ITEMS_OFFSET);
        for (n, &word) in words.iter().enumerate() {
            let object = match item {
                Ty::Float => raw::PyFloat_FromDouble(f64::from_bits(word)),
                _ => raw::PyLong_FromLongLong(word as i64),
            };
            if object.is_null() {
                raw::Py_DECREF(made);
                return object;
            }
            items.add(n).write(object);
        }
        made
    }
}

fn owner_mask(item: &Ty) -> u64 {
    heap::owner_positions(item).into_iter().fold(0u64, |mask, at| mask | 1 << at)
}

/// The object of an item, which the list keeps.
///
/// # Safety
/// An item of this type is there, and the interpreter is held.
unsafe fn object_of(item: &Ty, at: *const u8, call: &Call<'_>) -> *mut PyObject {
    let owners = owner_mask(item);
    // SAFETY: as the caller promises; an item of one byte is read as that, any other as words.
    unsafe {
        if heap::item_bytes(item) == 1 {
            let word = u64::from(at.read());
            return value(item, &mut Words(&raw const word), call);
        }
        let at = at.cast::<u64>();
        if owners != 0 {
            retain_item(at, owners);
        }
        value(item, &mut Words(at), call)
    }
}

/// A list display as a new list.
///
/// # Safety
/// As [`super::result`].
pub unsafe fn display(items: &[Ty], words: &mut Words, call: &Call<'_>) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        let tuple = super::sequence(items, words, call);
        if tuple.is_null() {
            return tuple;
        }
        let list = raw::PySequence_List(tuple);
        raw::Py_DECREF(tuple);
        list
    }
}

/// Notes the items of the lists that were taken, so that it shows what a call has changed.
///
/// # Safety
/// The lists are alive.
pub unsafe fn remember(taken: &mut Taken) {
    for met in &mut taken.met {
        // SAFETY: as the caller promises.
        met.before = unsafe { content(met) }.to_vec();
    }
}

/// The bytes of a list's items.
///
/// # Safety
/// The list is alive.
unsafe fn content(met: &Met) -> &[u8] {
    // SAFETY: as the caller promises; the items below the length are there.
    unsafe {
        let list = met.native;
        let count = (*list).length as usize * (*list).item_bytes as usize;
        if count == 0 { &[] } else { std::slice::from_raw_parts((*list).owner.data, count) }
    }
}

/// Puts into the caller's lists what a call has changed; false with an exception set if memory is short.
///
/// # Safety
/// The lists are alive and the interpreter is held.
pub unsafe fn write_back(taken: &Taken, call: &Call<'_>) -> bool {
    // SAFETY: as the caller promises.
    unsafe {
        taken.met.iter().all(|met| {
            if !met.layout.is_null() {
                return content(met) == met.before || super::instances::write_back(met, &*met.layout, call);
            }
            let width = (*met.native).item_bytes as usize;
            let now = (*met.native).length as usize;
            if type_of(met.object) == &raw mut raw::PyByteArray_Type {
                return content(met) == met.before || changed_bytes(met, now);
            }
            let length = raw::PyList_Size(met.object) as usize;
            if content(met) == met.before && (width > 0 || now == length) {
                return true;
            }
            changed(met, width, now, length, call)
        })
    }
}

/// # Safety
/// As [`write_back`].
unsafe fn changed(met: &Met, width: usize, now: usize, length: usize, call: &Call<'_>) -> bool {
    // SAFETY: as the caller promises; `PyList_SetItem` takes the reference.
    unsafe {
        let item = &*met.item;
        let bytes = content(met);
        let made = raw::PyList_New(now as isize);
        if made.is_null() {
            return false;
        }
        for index in 0..now {
            let range = index * width..(index + 1) * width;
            let same = index < length && bytes.get(range.clone()) == met.before.get(range);
            let object = if same {
                raw::Py_XNewRef(raw::PyList_GetItem(met.object, index as isize))
            } else {
                object_of(item, bytes.as_ptr().add(index * width), call)
            };
            if object.is_null() || raw::PyList_SetItem(made, index as isize, object) != 0 {
                raw::Py_DECREF(made);
                return false;
            }
        }
        let done = raw::PyList_SetSlice(met.object, 0, raw::PyList_Size(met.object), made) == 0;
        raw::Py_DECREF(made);
        done
    }
}

/// A caller's `bytearray` as the call has left it; false with an exception set if memory is short, or if somebody looks at its
/// memory (a memoryview, an array), which must not move then.
///
/// # Safety
/// As [`write_back`].
unsafe fn changed_bytes(met: &Met, now: usize) -> bool {
    // SAFETY: as the caller promises; after the change of size there is room for so many bytes.
    unsafe {
        let same = raw::PyByteArray_Size(met.object) as usize == now;
        if !same && raw::PyByteArray_Resize(met.object, now as isize) != 0 {
            return false;
        }
        let to = raw::PyByteArray_AsString(met.object).cast::<u8>();
        std::ptr::copy_nonoverlapping((*met.native).owner.data, to, now);
        true
    }
}
