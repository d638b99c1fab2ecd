//! Lists and byte arrays at the boundary: taken as native lists, written back where the call may have changed them, and known again where
//! they come out.
//!
//! A list that a caller passes is the caller's object: what compiled code does to it is seen in it when the call ends,
//! also by an exception.  The same object met twice is one native list.

use super::instances::Taking;
use super::slot::{Cursor, Slot};
use super::tables::MetTable;
use crate::ffi::{VALUE_OFFSET, read, type_of};
use coachwhip_abi::layout::{List, Owner, Str};
use coachwhip_ir::{Ty, heap};
use coachwhip_runtime::{new_list, release};
use pyo3::ffi::{self as py, PyObject};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::mem::{ManuallyDrop, MaybeUninit};

/// Where a list keeps its items (after its length).
pub const ITEMS_OFFSET: usize = VALUE_OFFSET + 8;
/// From this many lists on, they are looked up in a map.
const FEW: usize = 8;
/// So many blocks are kept without asking for memory.
const FEW_BLOCKS: usize = 3;
/// Blocks in the first chunk of memory.
const FIRST_CHUNK: usize = 16;

/// How a list is taken.
pub struct ListSlot {
    /// How an item is taken.
    item: Slot,
    /// The type of the items.
    pub item_type: Ty,
    words: usize,
    /// Bytes of an item.
    bytes: usize,
    owners: u64,
}

impl ListSlot {
    /// A slot for lists of such items.
    pub fn new(item: Slot, item_type: &Ty) -> ListSlot {
        let owners = heap::owner_positions(item_type).into_iter().fold(0u64, |mask, at| mask | 1 << at);
        ListSlot {
            item,
            item_type: item_type.clone(),
            words: item_type.machine().len(),
            bytes: heap::item_bytes(item_type),
            owners,
        }
    }
}

/// A list that was taken.
pub struct Met {
    /// The object, with a count.
    pub object: *mut PyObject,
    /// Its native form, with a count.
    pub native: *mut List,
    /// Type of its items: that of the slot that took it, which outlives the call.
    pub item: *const Ty,
    /// What its items are, if they keep memory of their own: others might take them out of the list meanwhile.
    pub kept: *mut PyObject,
    /// The bytes of its items as they were.
    pub before: Vec<u8>,
    /// How often it was met.
    pub times: u32,
    /// If it is an instance, how those of its class are laid out: in the slot that took it; null of a list.
    pub layout: *const super::instances::Layout,
}

impl Met {
    /// Whether the list was met more than once.
    pub fn shared(&self) -> bool {
        self.times > 1
    }
}

/// Blocks that stay where they are until the call ends: the first few in here, so what holds them must not be moved once
/// one is kept.
pub struct Blocks {
    first: [MaybeUninit<Str>; FEW_BLOCKS],
    used: usize,
    chunks: Vec<Vec<Str>>,
}

impl Default for Blocks {
    #[inline(always)]
    fn default() -> Blocks {
        Blocks { first: [const { MaybeUninit::uninit() }; FEW_BLOCKS], used: 0, chunks: Vec::new() }
    }
}

impl Blocks {
    /// Keeps a block; its address.
    pub fn keep(&mut self, block: Str) -> *mut Str {
        if let Some(place) = self.first.get_mut(self.used) {
            self.used += 1;
            return place.write(block);
        }
        let full = self.chunks.last().is_none_or(|chunk| chunk.len() == chunk.capacity());
        if full {
            let room = self.chunks.last().map_or(FIRST_CHUNK, |chunk| 2 * chunk.capacity());
            self.chunks.push(Vec::with_capacity(room));
        }
        let Some(chunk) = self.chunks.last_mut() else { return std::ptr::null_mut() };
        chunk.push(block);
        chunk.last_mut().map_or(std::ptr::null_mut(), |block| &raw mut *block)
    }
}

/// A map by address.  Most calls need none, and an empty one of these costs nothing: its hash function has no key to be
/// looked up.
pub type ByAddress<T> = HashMap<usize, T, BuildHasherDefault<DefaultHasher>>;

/// The lists and strings of a call.
#[derive(Default)]
pub struct Taken {
    /// In the order in which they were met.
    pub met: Vec<Met>,
    /// The blocks of its strings.
    pub strings: Blocks,
    /// What few calls have, so that the others neither make nor drop it.
    others: ManuallyDrop<Option<Box<Others>>>,
}

/// What a call has besides a few lists and strings.
#[derive(Default)]
pub struct Others {
    /// Dicts and sets, in the order in which they were met.
    pub tables: Vec<MetTable>,
    /// The instances that are taken.
    pub instances: Taking,
    by_object: ByAddress<usize>,
    table_by_object: ByAddress<usize>,
}

impl Taken {
    /// What few calls have.
    pub fn others(&mut self) -> &mut Others {
        self.others.get_or_insert_default()
    }

    /// Dicts and sets.
    pub fn tables(&self) -> &[MetTable] {
        self.others.as_ref().map_or(&[], |others| &others.tables)
    }

    /// The same, to be changed.
    pub fn tables_mut(&mut self) -> &mut [MetTable] {
        self.others.as_mut().map_or(&mut [], |others| &mut others.tables)
    }

    /// The position of an object that was met.
    pub fn find(&mut self, object: *mut PyObject) -> Option<usize> {
        if self.met.len() <= FEW {
            return self.met.iter().position(|met| met.object == object);
        }
        let known = &mut self.others.get_or_insert_default().by_object;
        for (n, met) in self.met.iter().enumerate().skip(known.len()) {
            known.insert(met.object as usize, n);
        }
        known.get(&(object as usize)).copied()
    }

    /// The dict or set that was taken of an object.
    pub fn find_table(&mut self, object: *mut PyObject) -> Option<&MetTable> {
        let Others { tables, table_by_object, .. } = self.others();
        if tables.len() <= FEW {
            return tables.iter().find(|met| met.object == object);
        }
        for (n, met) in tables.iter().enumerate().skip(table_by_object.len()) {
            table_by_object.insert(met.object as usize, n);
        }
        tables.get(*table_by_object.get(&(object as usize))?)
    }

    /// Whether no container was taken.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.met.is_empty() && self.others.is_none()
    }

    #[cold]
    fn let_go(&mut self) {
        // SAFETY: this is the end of it, and nobody looks at it again.
        let others = unsafe { ManuallyDrop::take(&mut self.others) };
        for met in others.into_iter().flat_map(|others| others.tables) {
            // SAFETY: the counts are ours.
            unsafe { met.let_go() };
        }
        for met in self.met.iter().filter(|met| !met.layout.is_null()) {
            // SAFETY: the call is over, and nothing native outlives it.
            unsafe { super::instances::empty(met.native) };
        }
        for met in self.met.drain(..) {
            // SAFETY: both counts are ours.
            unsafe {
                release(met.native.cast());
                py::Py_XDECREF(met.kept);
                py::Py_DECREF(met.object);
            }
        }
    }
}

impl Drop for Taken {
    #[inline(always)]
    fn drop(&mut self) {
        if !self.is_empty() {
            self.let_go();
        }
    }
}

/// Takes a list apart; false if it is none of this type.
///
/// # Safety
/// As [`Slot::take`].
pub unsafe fn take(arg: *mut PyObject, slot: &ListSlot, to: &mut Cursor) -> bool {
    // SAFETY: as the caller promises; a list's type is checked before its layout is read, and no Python code runs between
    // the look at its length and the look at its items.
    unsafe {
        let taken = to.lists();
        if type_of(arg) != &raw mut py::PyList_Type || taken.is_null() {
            return false;
        }
        let lists = &mut *taken;
        if let Some(known) = lists.find(arg) {
            let Some(met) = lists.met.get_mut(known).filter(|met| *met.item == slot.item_type) else { return false };
            met.times += 1;
            to.push(met.native as u64);
            return true;
        }
        let count = read::<i64>(arg, VALUE_OFFSET);
        if count > 0 && slot.item_type == Ty::Never {
            return false;
        }
        let list = new_list(count, slot.bytes as u64, slot.owners);
        if list.is_null() {
            return false;
        }
        let objects = read::<*const *mut PyObject>(arg, ITEMS_OFFSET);
        let words = (*list).owner.data.cast::<u64>();
        let kept = if slot.owners == 0 { std::ptr::null_mut() } else { py::PyList_AsTuple(arg) };
        let object = py::Py_NewRef(arg);
        let (item, layout) = (&raw const slot.item_type, std::ptr::null());
        let met = Met { object, native: list, item, kept, before: Vec::new(), times: 1, layout };
        lists.met.push(met);
        if slot.owners != 0 && kept.is_null() {
            py::PyErr_Clear();
            return false;
        }
        let objects = if count == 0 { &[] } else { std::slice::from_raw_parts(objects, count as usize) };
        if !fill(objects, slot, words, list, taken) {
            return false;
        }
        to.push(list as u64);
        true
    }
}

/// Fills a list's room with the words of the items.
///
/// # Safety
/// The objects are live, and there is room for the words of all of them.
unsafe fn fill(
    objects: &[*mut PyObject],
    slot: &ListSlot,
    words: *mut u64,
    list: *mut List,
    taken: *mut Taken,
) -> bool {
    // SAFETY: as the caller promises; a float's value follows its head.
    unsafe {
        if let Slot::Float = slot.item {
            for (n, &object) in objects.iter().enumerate() {
                if type_of(object) != &raw mut py::PyFloat_Type {
                    return false;
                }
                words.add(n).write(read(object, VALUE_OFFSET));
            }
            (*list).length = objects.len() as i64;
            return true;
        }
        if slot.bytes == 1 {
            return fill_bytes(objects, slot, words.cast(), list);
        }
        let mut cursor = Cursor::with_lists(words, taken);
        for (n, &object) in objects.iter().enumerate() {
            if !slot.item.take(object, &mut cursor) {
                return false;
            }
            if slot.owners != 0 {
                retain_item(words.add(n * slot.words), slot.owners);
            }
            (*list).length = n as i64 + 1;
        }
        true
    }
}

/// The same for NumPy's bytes, each of which takes one byte of the list.
///
/// # Safety
/// As [`fill`].
unsafe fn fill_bytes(objects: &[*mut PyObject], slot: &ListSlot, bytes: *mut u8, list: *mut List) -> bool {
    for (n, &object) in objects.iter().enumerate() {
        let mut word = 0u64;
        // SAFETY: as the caller promises; the slot writes one word.
        unsafe {
            if !slot.item.take(object, &mut Cursor::new(&mut word)) {
                return false;
            }
            bytes.add(n).write(word as u8);
            (*list).length = n as i64 + 1;
        }
    }
    true
}

/// Takes a `bytearray`; false if it is none.
///
/// # Safety
/// As [`Slot::take`].
pub unsafe fn take_bytes(arg: *mut PyObject, slot: &ListSlot, to: &mut Cursor) -> bool {
    // SAFETY: as the caller promises; no Python code runs between the look at the length and the copy.
    unsafe {
        let taken = to.lists();
        if type_of(arg) != &raw mut py::PyByteArray_Type || taken.is_null() {
            return false;
        }
        let lists = &mut *taken;
        if let Some(met) = lists.find(arg).and_then(|known| lists.met.get(known)) {
            to.push(met.native as u64);
            return true;
        }
        let count = py::PyByteArray_Size(arg);
        let list = new_list(count as i64, slot.bytes as u64, 0);
        if list.is_null() {
            return false;
        }
        std::ptr::copy_nonoverlapping(py::PyByteArray_AsString(arg).cast(), (*list).owner.data, count as usize);
        (*list).length = count as i64;
        let object = py::Py_NewRef(arg);
        let (item, kept) = (&raw const slot.item_type, std::ptr::null_mut());
        let layout = std::ptr::null();
        lists.met.push(Met { object, native: list, item, kept, before: Vec::new(), times: 1, layout });
        to.push(list as u64);
        true
    }
}

/// Counts what an item keeps.
///
/// # Safety
/// The words are those of an item.
pub unsafe fn retain_item(item: *const u64, owners: u64) {
    let mut owners = owners;
    while owners != 0 {
        // SAFETY: as the caller promises; the bit says that the word is an owner word.
        unsafe { coachwhip_runtime::retain(item.add(owners.trailing_zeros() as usize).read() as *mut Owner) };
        owners &= owners - 1;
    }
}
