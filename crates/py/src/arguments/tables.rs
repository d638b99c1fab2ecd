//! Dicts and sets at the boundary: taken as native tables in the order that they have.  The same object met twice is one
//! native table.
//!
//! A set is taken place by place, so that what compiled code does to it leaves it in the order that plain Python would.

use super::lists::{Taken, retain_item};
use super::slot::{Cursor, Slot};
use crate::collections;
use crate::ffi::{SetEntry, SetObject, type_of};
use coachwhip_abi::layout::List;
use coachwhip_ir::{TableKind, Ty, heap};
use coachwhip_runtime::release;
use coachwhip_runtime::tables::{self, DUMMIES, DUMMY, FINGER, HEAD, LEAST};
use pyo3::ffi::{self as py, PyObject};

/// How a dict or set is taken.
pub struct TableSlot {
    kind: TableKind,
    key: Slot,
    value: Option<Slot>,
    /// The type of the table.
    pub ty: Ty,
    width: usize,
    owners: u64,
}

impl TableSlot {
    /// A slot for tables of a type, which this is.
    pub fn new(ty: &Ty, key: Slot, value: Option<Slot>) -> Option<TableSlot> {
        let kind = ty.as_table()?.kind;
        let entry = ty.fields()?.pop()?.list_item()?.clone();
        let owners = heap::owner_positions(&entry).into_iter().fold(0u64, |mask, at| mask | 1 << at);
        let width = entry.machine().len();
        let fits = width <= coachwhip_abi::layout::ITEM_WORDS;
        fits.then(|| TableSlot { kind, key, value, ty: ty.clone(), width, owners })
    }
}

/// A dict or set that was taken.
pub struct MetTable {
    /// The object, with a count.
    pub object: *mut PyObject,
    /// Its native form, both lists with a count.
    pub words: *mut List,
    /// The entries.
    pub entries: *mut List,
    /// How it was taken: a slot that outlives the call.
    pub slot: *const TableSlot,
    /// A copy, if what is in it keeps memory of its own: others might take it out meanwhile.
    pub kept: *mut PyObject,
    /// Words of the table and of its entries as they were.
    pub before: [Vec<u64>; 2],
}

impl MetTable {
    /// Gives up the counts.
    ///
    /// # Safety
    /// They are ours, and the interpreter is held.
    pub unsafe fn let_go(self) {
        // SAFETY: as the caller promises.
        unsafe {
            release(self.words.cast());
            release(self.entries.cast());
            py::Py_XDECREF(self.kept);
            py::Py_DECREF(self.object);
        }
    }
}

/// Takes a dict or set apart; false if it is none of this type.
///
/// # Safety
/// As [`Slot::take`].
pub unsafe fn take(arg: *mut PyObject, slot: &TableSlot, to: &mut Cursor) -> bool {
    // SAFETY: as the caller promises; no Python code runs meanwhile.
    unsafe {
        let taken = to.lists();
        if type_of(arg) != collections::class_of(slot.kind)
            || taken.is_null()
            || !collections::has_factory(arg, slot.kind)
        {
            return false;
        }
        if let Some(met) = (*taken).find_table(arg) {
            let same = (*met.slot).ty == slot.ty;
            to.push(met.words as u64);
            to.push(met.entries as u64);
            return same;
        }
        let (places, count) = match slot.kind.is_dict() {
            true => {
                let count = py::PyDict_Size(arg) as usize;
                (places_for(2 * count), count)
            }
            false => match SetObject::of(arg) {
                Some(set) => (set.mask as usize + 1, set.used as usize),
                None => return false,
            },
        };
        let Some((words, entries)) = tables::new_table(places, count, slot.width as u64, slot.owners) else {
            return false;
        };
        let kept = match (slot.owners, slot.kind) {
            (0, _) | (_, TableKind::FrozenSet) => std::ptr::null_mut(),
            (_, TableKind::Set) => py::PyFrozenSet_New(arg),
            _ => py::PyDict_Copy(arg),
        };
        py::PyErr_Clear();
        let object = py::Py_NewRef(arg);
        let all = &mut *taken;
        all.others().tables.push(MetTable { object, words, entries, slot, kept, before: Default::default() });
        let filled = match slot.kind.is_dict() {
            true => fill_dict(arg, slot, words, entries, taken),
            false => fill_set(arg, slot, words, entries, taken),
        };
        to.push(words as u64);
        to.push(entries as u64);
        filled
    }
}

fn places_for(wanted: usize) -> usize {
    (wanted + 1).next_power_of_two().max(LEAST)
}

/// # Safety
/// The lists are new, with room for what the dict holds.
unsafe fn fill_dict(
    dict: *mut PyObject,
    slot: &TableSlot,
    words: *mut List,
    entries: *mut List,
    taken: *mut Taken,
) -> bool {
    // SAFETY: as the caller promises; hashing what the slot took runs no Python code.
    unsafe {
        let (mut position, mut key, mut value) = (0, std::ptr::null_mut(), std::ptr::null_mut());
        let places = std::slice::from_raw_parts_mut((*words).owner.data.cast::<u64>(), (*words).length as usize);
        while py::PyDict_Next(dict, &mut position, &mut key, &mut value) != 0 {
            let Some(hash) = push(slot, key, Some(value), entries, taken) else { return false };
            tables::mark(places, hash, (*entries).length as usize);
        }
        true
    }
}

/// # Safety
/// The lists are new, with places and room as the set has them.
unsafe fn fill_set(
    set: *mut PyObject,
    slot: &TableSlot,
    words: *mut List,
    entries: *mut List,
    taken: *mut Taken,
) -> bool {
    // SAFETY: as the caller promises; the places of a set lie where its header says.
    unsafe {
        let Some(header) = SetObject::of(set) else { return false };
        let places = (*words).owner.data.cast::<u64>();
        places.add(FINGER).write(header.finger as u64);
        let from = std::slice::from_raw_parts(header.table.cast_const(), header.mask as usize + 1);
        for (n, SetEntry { key, hash }) in from.iter().enumerate() {
            if key.is_null() {
                continue;
            }
            let word = if *hash == -1 {
                *places.add(DUMMIES) += 1;
                DUMMY
            } else {
                let Some(hash) = push(slot, *key, None, entries, taken) else { return false };
                tables::place_word(hash, (*entries).length as usize)
            };
            places.add(HEAD + n).write(word);
        }
        true
    }
}

/// Appends an entry; the hash of its key.
///
/// # Safety
/// There is room.
unsafe fn push(
    slot: &TableSlot,
    key: *mut PyObject,
    value: Option<*mut PyObject>,
    entries: *mut List,
    taken: *mut Taken,
) -> Option<i64> {
    // SAFETY: as the caller promises.
    unsafe {
        let at = (*entries).owner.data.cast::<u64>().add((*entries).length as usize * slot.width);
        let mut cursor = Cursor::with_lists(at.add(1), taken);
        if !slot.key.take(key, &mut cursor) {
            return None;
        }
        if let (Some(slot), Some(value)) = (&slot.value, value)
            && !slot.take(value, &mut cursor)
        {
            return None;
        }
        let hash = py::PyObject_Hash(key) as i64;
        at.write(hash as u64);
        if slot.owners != 0 {
            retain_item(at, slot.owners);
        }
        (*entries).length += 1;
        Some(hash)
    }
}
