//! Native tables to dicts and sets: the object that one came from, or a new one; and back into the caller's what a call has
//! changed.
//!
//! A dict's order is that of its entries, so it can be changed through Python's own functions.  A set's is that of its places,
//! which only the same places give.

use super::{Call, Words, value};
use crate::arguments::lists::{Taken, retain_item};
use crate::arguments::tables::MetTable;
use crate::collections::{class_of, factory_object};
use crate::ffi::{SetEntry, SetObject};
use coachwhip_abi::layout::List;
use coachwhip_ir::{Const, Factory, TableKind, TableTy, Ty};
use coachwhip_runtime::release;
use coachwhip_runtime::tables::{DUMMIES, DUMMY, FINGER, HEAD, HOLES, LEAST, NUMBER};
use pyo3::ffi::{self as raw, PyObject};
use std::collections::HashMap;

/// The hash of a hole, as it stands in an entry.
const HOLE: u64 = u64::MAX;

/// A native table, as it is read here.
struct Table<'a> {
    words: &'a [u64],
    entries: &'a [u64],
    width: usize,
    /// Which words of an entry are owner words.
    owners: u64,
    /// Words of a key.
    key: usize,
    ty: &'a TableTy,
}

/// The words of a list's items.
///
/// # Safety
/// The list is alive.
unsafe fn content<'a>(list: *mut List) -> &'a [u64] {
    // SAFETY: as the caller promises; the items below the length are there.
    unsafe {
        let count = (*list).length as usize * (*list).item_bytes as usize / 8;
        if count == 0 { &[] } else { std::slice::from_raw_parts((*list).owner.data.cast::<u64>(), count) }
    }
}

impl<'a> Table<'a> {
    /// # Safety
    /// The lists are alive, and those of a table of this type.
    unsafe fn of(ty: &'a TableTy, words: *mut List, entries: *mut List) -> Table<'a> {
        // SAFETY: as the caller promises.
        unsafe {
            Table {
                words: content(words),
                entries: content(entries),
                width: (*entries).item_bytes as usize / 8,
                owners: (*entries).owners,
                key: ty.key.machine().len(),
                ty,
            }
        }
    }

    fn live(&self) -> impl Iterator<Item = &'a [u64]> {
        self.entries.chunks_exact(self.width.max(1)).filter(|entry| entry.first() != Some(&HOLE))
    }

    fn key_words(&self, entry: &'a [u64]) -> &'a [u64] {
        entry.get(1..1 + self.key).unwrap_or_default()
    }

    fn value_words(&self, entry: &'a [u64]) -> &'a [u64] {
        entry.get(1 + self.key..).unwrap_or_default()
    }

    /// A key as a new reference.
    ///
    /// # Safety
    /// The entry is one of the table's, and the interpreter is held.
    unsafe fn key_object(&self, entry: &[u64], call: &Call<'_>) -> *mut PyObject {
        // SAFETY: as the caller promises.
        unsafe { self.part(entry, 1, self.key, &self.ty.key, call) }
    }

    /// A value as a new reference.
    ///
    /// # Safety
    /// As [`Table::key_object`].
    unsafe fn value_object(&self, entry: &[u64], call: &Call<'_>) -> *mut PyObject {
        let first = 1 + self.key;
        // SAFETY: as the caller promises.
        unsafe { self.part(entry, first, self.width - first, &self.ty.value, call) }
    }

    unsafe fn part(&self, entry: &[u64], first: usize, count: usize, ty: &Ty, call: &Call<'_>) -> *mut PyObject {
        let mask = if count == 0 { 0 } else { (u64::MAX >> (64 - count)) << first };
        // SAFETY: as the caller promises; what is made uses up a count of what the words keep.
        unsafe {
            retain_item(entry.as_ptr(), self.owners & mask);
            value(ty, &mut Words(entry.as_ptr().add(first)), call)
        }
    }
}

/// The object of a table as a new reference; the caller's counts of its lists are used up.
///
/// # Safety
/// The lists are alive, those of a table of the type, and the interpreter is held.
pub unsafe fn object(ty: &TableTy, words: *mut List, entries: *mut List, call: &Call<'_>) -> *mut PyObject {
    let known = call.lists.borrow().known(words);
    // SAFETY: as the caller promises.
    unsafe {
        let object = match known {
            Some(object) => raw::Py_NewRef(object),
            None => fresh(&Table::of(ty, words, entries), words, call),
        };
        release(words.cast());
        release(entries.cast());
        object
    }
}

/// # Safety
/// As [`object`].
unsafe fn fresh(table: &Table<'_>, words: *mut List, call: &Call<'_>) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        let made = match table.ty.kind {
            TableKind::Dict => raw::PyDict_New(),
            TableKind::Set => raw::PySet_New(std::ptr::null_mut()),
            TableKind::FrozenSet => raw::PyFrozenSet_New(std::ptr::null_mut()),
            TableKind::Counter => raw::PyObject_CallNoArgs(class_of(table.ty.kind).cast()),
            TableKind::Default(factory) => default_dict(factory, call),
        };
        if made.is_null() {
            return made;
        }
        call.lists.borrow_mut().note(words, made);
        let filled = match table.ty.kind.is_dict() {
            true => table.live().all(|entry| put(table, made, entry, None, call)),
            false => Places::of(table, &HashMap::new(), call).is_some_and(|places| places.install(table, made)),
        };
        if filled {
            return made;
        }
        raw::Py_DECREF(made);
        std::ptr::null_mut()
    }
}

/// A new `defaultdict` with nothing in it.
///
/// # Safety
/// As [`object`].
unsafe fn default_dict(factory: Factory, call: &Call<'_>) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        let object = match factory {
            Factory::Func(id) => super::constants::object(&Const::Func(id), call.reached),
            known => raw::Py_NewRef(factory_object(known)),
        };
        if object.is_null() {
            return object;
        }
        let class: *mut PyObject = class_of(TableKind::Default(factory)).cast();
        let made = raw::PyObject_CallFunctionObjArgs(class, object, std::ptr::null_mut::<PyObject>());
        raw::Py_DECREF(object);
        made
    }
}

/// Puts an entry's value into a dict, under its key or the object that is this key already.
///
/// # Safety
/// As [`object`].
unsafe fn put(
    table: &Table<'_>,
    dict: *mut PyObject,
    entry: &[u64],
    key: Option<*mut PyObject>,
    call: &Call<'_>,
) -> bool {
    // SAFETY: as the caller promises.
    unsafe {
        let key = key.map_or_else(|| table.key_object(entry, call), |key| raw::Py_NewRef(key));
        let value = if key.is_null() { std::ptr::null_mut() } else { table.value_object(entry, call) };
        let done = !value.is_null() && raw::PyDict_SetItem(dict, key, value) == 0;
        raw::Py_XDECREF(key);
        raw::Py_XDECREF(value);
        done
    }
}

/// Notes what is in the tables that were taken, so that it shows what a call has changed.
///
/// # Safety
/// They are alive.
pub unsafe fn remember(taken: &mut Taken) {
    for met in taken.tables_mut() {
        // SAFETY: as the caller promises.
        met.before = unsafe { [content(met.words).to_vec(), content(met.entries).to_vec()] };
    }
}

/// Puts into the caller's dicts and sets what a call has changed; false with an exception set if memory is short.
///
/// # Safety
/// They are alive and the interpreter is held.
pub unsafe fn write_back(taken: &Taken, call: &Call<'_>) -> bool {
    taken.tables().iter().all(|met| {
        // SAFETY: as the caller promises; the slot outlives the call.
        unsafe {
            let Some(ty) = (*met.slot).ty.as_table() else { return true };
            let table = Table::of(ty, met.words, met.entries);
            let [words, entries] = &met.before;
            if table.words == words && table.entries == entries {
                return true;
            }
            match ty.kind {
                TableKind::Set => change_set(met, &table, call),
                TableKind::FrozenSet => true,
                _ => change_dict(met, &table, call),
            }
        }
    })
}

/// # Safety
/// As [`write_back`].
unsafe fn change_dict(met: &MetTable, table: &Table<'_>, call: &Call<'_>) -> bool {
    // SAFETY: as the caller promises.
    unsafe {
        let [_, before] = &met.before;
        let old = Table { entries: before, ..*table };
        let from = if met.kept.is_null() { met.object } else { met.kept };
        let keys = Held::of_dict(from);
        let mut survivors = old.live().zip(&keys.0);
        let mut changes: Vec<(&[u64], *mut PyObject)> = Vec::new();
        let mut gone: Vec<*mut PyObject> = Vec::new();
        let mut added: Vec<&[u64]> = Vec::new();
        let mut left = true;
        for entry in table.live() {
            // Entries keep their order, so what is not found among those that are left is new, and so is all that follows.
            while left {
                let Some((was, &key)) = survivors.next() else {
                    left = false;
                    break;
                };
                if table.key_words(was) == table.key_words(entry) {
                    if table.value_words(was) != table.value_words(entry) {
                        changes.push((entry, key));
                    }
                    break;
                }
                gone.push(key);
            }
            if !left {
                added.push(entry);
            }
        }
        gone.extend(survivors.map(|(_, &key)| key));
        gone.into_iter().all(|key| raw::PyDict_DelItem(met.object, key) == 0 || ignored())
            && changes.into_iter().all(|(entry, key)| put(table, met.object, entry, Some(key), call))
            && added.into_iter().all(|entry| put(table, met.object, entry, None, call))
    }
}

/// A key that somebody else has taken out meanwhile is out.
unsafe fn ignored() -> bool {
    // SAFETY: called where the interpreter is held.
    unsafe { raw::PyErr_Clear() };
    true
}

/// # Safety
/// As [`write_back`].
unsafe fn change_set(met: &MetTable, table: &Table<'_>, call: &Call<'_>) -> bool {
    // SAFETY: as the caller promises.
    unsafe {
        let [words, before] = &met.before;
        let old = Table { words, entries: before, ..*table };
        let keys = Held::of_set(met.object);
        let known: HashMap<&[u64], *mut PyObject> =
            old.live().map(|entry| old.key_words(entry)).zip(keys.0.iter().copied()).collect();
        // Before the set is emptied, all that goes into it is there.
        let Some(places) = Places::of(table, &known, call) else { return false };
        raw::PySet_Clear(met.object) == 0 && places.install(table, met.object)
    }
}

/// The places of a set as CPython has them, each key with a count.
struct Places {
    entries: Vec<SetEntry>,
    dummy: *mut PyObject,
}

impl Places {
    /// Those of a table; keys that are known are these objects.  `None` with an exception set if memory is short.
    ///
    /// # Safety
    /// As [`object`].
    unsafe fn of(table: &Table<'_>, known: &HashMap<&[u64], *mut PyObject>, call: &Call<'_>) -> Option<Places> {
        // SAFETY: as the caller promises.
        unsafe {
            let words = table.words.get(HEAD..).unwrap_or_default();
            let mut places = Places { entries: Vec::with_capacity(words.len()), dummy: dummy() };
            for &word in words {
                let entry = table.entries.chunks_exact(table.width).nth(((word & NUMBER) as usize).wrapping_sub(1));
                places.entries.push(match (word, entry) {
                    (DUMMY, _) => SetEntry { key: places.dummy, hash: -1 },
                    (0, _) | (_, None) => SetEntry { key: std::ptr::null_mut(), hash: 0 },
                    (_, Some(entry)) => {
                        let key = match known.get(table.key_words(entry)) {
                            Some(&key) => raw::Py_NewRef(key),
                            None => table.key_object(entry, call),
                        };
                        if key.is_null() {
                            return None;
                        }
                        SetEntry { key, hash: entry.first().map_or(0, |hash| *hash as isize) }
                    }
                });
            }
            Some(places)
        }
    }

    /// Gives them to an empty set; false with an exception set if memory is short.
    ///
    /// # Safety
    /// As [`object`]; nobody else looks at the set meanwhile.
    unsafe fn install(mut self, table: &Table<'_>, set: *mut PyObject) -> bool {
        // SAFETY: as the caller promises; a set's places are `mask + 1` entries, in itself if they are few, else of the
        // interpreter's allocator.
        unsafe {
            let number = |n: usize| table.words.get(n).copied().unwrap_or(0);
            let Some(header) = SetObject::of(set) else { return false };
            let target = if self.entries.len() == LEAST {
                header.small.as_mut_ptr()
            } else {
                raw::PyMem_Malloc(std::mem::size_of_val(self.entries.as_slice())).cast::<SetEntry>()
            };
            if target.is_null() {
                raw::PyErr_NoMemory();
                return false;
            }
            std::ptr::copy_nonoverlapping(self.entries.as_ptr(), target, self.entries.len());
            header.table = target;
            header.mask = self.entries.len() as isize - 1;
            let used = table.entries.len() / table.width - number(HOLES) as usize;
            header.used = used as isize;
            header.fill = header.used + number(DUMMIES) as isize;
            header.finger = number(FINGER) as isize;
            // The counts are the set's now.
            self.entries.clear();
            true
        }
    }
}

impl Drop for Places {
    fn drop(&mut self) {
        for entry in self.entries.drain(..).filter(|entry| entry.key != self.dummy) {
            // SAFETY: the counts are ours; the interpreter is held wherever these are made.
            unsafe { raw::Py_XDECREF(entry.key) };
        }
    }
}

/// The object that stands where something was in a set.
///
/// # Safety
/// The interpreter is held.
unsafe fn dummy() -> *mut PyObject {
    // SAFETY: as the caller promises; a set of one int of which it is taken has the dummy in its place.
    unsafe {
        let (set, one) = (raw::PySet_New(std::ptr::null_mut()), raw::PyLong_FromLong(1));
        let mut found = std::ptr::null_mut();
        if !set.is_null() && !one.is_null() && raw::PySet_Add(set, one) == 0 && raw::PySet_Discard(set, one) == 1 {
            found = SetObject::of(set).and_then(|set| set.small.get(1)).map_or(found, |place| place.key);
        }
        raw::Py_XDECREF(one);
        raw::Py_XDECREF(set);
        found
    }
}

/// Objects with a count each.
struct Held(Vec<*mut PyObject>);

impl Held {
    /// The keys of a dict, in order.
    ///
    /// # Safety
    /// It is a live dict, and the interpreter is held.
    unsafe fn of_dict(dict: *mut PyObject) -> Held {
        // SAFETY: as the caller promises.
        unsafe {
            let mut keys = Vec::with_capacity(raw::PyDict_Size(dict) as usize);
            let (mut position, mut key) = (0, std::ptr::null_mut());
            while raw::PyDict_Next(dict, &mut position, &mut key, std::ptr::null_mut()) != 0 {
                keys.push(raw::Py_NewRef(key));
            }
            Held(keys)
        }
    }

    /// The keys of a set, in the order of their places.
    ///
    /// # Safety
    /// It is a live set, and the interpreter is held.
    unsafe fn of_set(set: *mut PyObject) -> Held {
        // SAFETY: as the caller promises; the places lie where the header says.
        unsafe {
            let Some(header) = SetObject::of(set) else { return Held(vec![]) };
            let places = std::slice::from_raw_parts(header.table.cast_const(), header.mask as usize + 1);
            let taken = places.iter().filter(|place| !place.key.is_null() && place.hash != -1);
            Held(taken.map(|place| raw::Py_NewRef(place.key)).collect())
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        for object in self.0.drain(..) {
            // SAFETY: the counts are ours; the interpreter is held wherever these are made.
            unsafe { raw::Py_DECREF(object) };
        }
    }
}
