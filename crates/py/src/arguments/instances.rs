//! Instances of users' classes at the boundary: taken as native blocks, attribute by attribute.
//!
//! The same object met twice is one block, also where it leads to itself.  What an instance leads to is taken after it, not
//! inside it, so that long chains need no stack.

use super::lists::{Met, Taken, retain_item};
use super::slot::{Cursor, Slot};
use crate::ffi::type_of;
use coachwhip_abi::layout::List;
use coachwhip_ir::{Ty, UserClass, heap};
use coachwhip_runtime::new_list;
use pyo3::ffi::{self as py, PyObject};
use std::cell::RefCell;
use std::sync::{Arc, Weak};

/// How instances of a class are laid out.
pub struct Layout {
    /// The class, which the program's environment keeps.
    pub class: *mut py::PyTypeObject,
    /// Its number in the table of the process.
    pub number: u32,
    /// The type of the block's one item: which attributes are there, and the attributes.
    pub item: Ty,
    /// The attributes.
    pub attributes: Vec<Attribute>,
    /// Words of the item.
    pub words: usize,
    /// Which of them are owner words.
    pub owners: u64,
}

// SAFETY: the pointers to classes and names are followed only where the interpreter is held.
unsafe impl Send for Layout {}
// SAFETY: as above; nothing in a layout changes.
unsafe impl Sync for Layout {}

/// An attribute.
pub struct Attribute {
    /// Its name, interned: never freed.
    pub name: *mut PyObject,
    /// Its type.
    pub ty: Ty,
    /// Its first word in the item.
    pub at: usize,
    /// Which words of the item are its owner words.
    pub owners: u64,
    /// Whether every instance has it.
    pub sure: bool,
}

impl Layout {
    /// The layout of a class whose attributes are known; none if the class is gone, or has too many words.
    pub fn of(class: &UserClass) -> Option<Layout> {
        // SAFETY: called while the interpreter is held.
        let address = unsafe { crate::classes::address(class.number()) };
        let item = Ty::tuple(std::iter::once(Ty::Int).chain(class.types.iter().cloned()));
        let words = item.machine().len();
        if address.is_null() || words > coachwhip_abi::layout::ITEM_WORDS {
            return None;
        }
        let mut at = 1;
        let mut attributes = Vec::with_capacity(class.fields.len());
        for (name, ty) in class.fields.iter().zip(class.types.iter()) {
            let text = std::ffi::CString::new(&**name).ok()?;
            // SAFETY: the interpreter is held.
            let interned = unsafe { py::PyUnicode_InternFromString(text.as_ptr()) };
            if interned.is_null() {
                return None;
            }
            let owners = heap::owner_positions(ty).into_iter().fold(0u64, |mask, n| mask | 1 << (at + n));
            let sure = class.traits.iter().any(|word| word.strip_prefix("sure ") == Some(name));
            attributes.push(Attribute { name: interned, ty: ty.clone(), at, owners, sure });
            at += ty.machine().len();
        }
        let owners = attributes.iter().fold(0, |all, attribute| all | attribute.owners);
        Some(Layout { class: address, number: class.number(), item, attributes, words, owners })
    }
}

/// How instances are taken.
pub struct InstanceSlot {
    /// Their layout.
    pub layout: Layout,
    slots: Option<Vec<Slot>>,
}

thread_local! {
    /// The slots under construction: classes may lead to themselves.
    static BUILDING: RefCell<Vec<(u32, Weak<InstanceSlot>)>> = const { RefCell::new(Vec::new()) };
}

/// The slot for instances of a class, as a type of the boundary has it; `slot` makes those of attributes.
pub fn slot_of(class: &UserClass, slot: fn(&Ty) -> Option<Slot>) -> Option<Slot> {
    let known =
        BUILDING.with_borrow(|all| all.iter().find(|(n, _)| *n == class.number()).map(|(_, slot)| slot.clone()));
    if let Some(known) = known {
        return Some(Slot::InstanceAgain(known));
    }
    let layout = Layout::of(class)?;
    let made = Arc::new_cyclic(|weak| {
        BUILDING.with_borrow_mut(|all| all.push((class.number(), weak.clone())));
        let slots = class.types.iter().map(slot).collect();
        BUILDING.with_borrow_mut(|all| all.pop());
        InstanceSlot { layout, slots }
    });
    made.slots.is_some().then_some(Slot::Instance(made))
}

/// Instances of a call while they are taken.
#[derive(Default)]
pub struct Taking {
    /// Those whose attributes are still to be taken, by their positions among what was met, with their slots.
    waiting: Vec<(usize, *const InstanceSlot)>,
    /// Whether somebody is at it.
    filling: bool,
}

/// As [`take`], of a class whose slot this one is part of.
///
/// # Safety
/// As [`Slot::take`].
#[inline(never)]
pub unsafe fn take_again(arg: *mut PyObject, slot: &Weak<InstanceSlot>, to: &mut Cursor) -> bool {
    // SAFETY: as the caller promises.
    slot.upgrade().is_some_and(|slot| unsafe { take(arg, &slot, to) })
}

/// Takes an instance apart; false if it is none of this class and these attributes.
///
/// # Safety
/// As [`Slot::take`].
pub unsafe fn take(arg: *mut PyObject, slot: &InstanceSlot, to: &mut Cursor) -> bool {
    // SAFETY: as the caller promises; the class is compared before attributes are looked at.
    unsafe {
        let taken = to.lists();
        if type_of(arg) != slot.layout.class || taken.is_null() {
            return false;
        }
        let all = &mut *taken;
        if let Some(known) = all.find(arg) {
            let Some(met) = all.met.get_mut(known).filter(|met| *met.item == slot.layout.item) else { return false };
            met.times += 1;
            to.push(met.native as u64);
            return true;
        }
        let block = new_list(1, 8 * slot.layout.words as u64, slot.layout.owners);
        if block.is_null() {
            return false;
        }
        std::ptr::write_bytes((*block).owner.data, 0, 8 * slot.layout.words);
        (*block).length = 1;
        all.met.push(Met {
            object: py::Py_NewRef(arg),
            native: block,
            item: &raw const slot.layout.item,
            kept: std::ptr::null_mut(),
            before: Vec::new(),
            times: 1,
            layout: &raw const slot.layout,
        });
        to.push(block as u64);
        let position = all.met.len() - 1;
        let instances = &mut all.others().instances;
        instances.waiting.push((position, &raw const *slot));
        if std::mem::replace(&mut instances.filling, true) {
            return true;
        }
        let mut done = true;
        while done {
            // A borrow of its own: filling adds to it.
            let all = &mut *taken;
            let Some((met, slot)) = all.others().instances.waiting.pop() else { break };
            done = fill(met, &*slot, taken);
        }
        let all = &mut *taken;
        all.others().instances.filling = false;
        done
    }
}

/// Fills the block of an instance.
///
/// # Safety
/// As [`take`]; the position is that of an instance of the slot's class.
unsafe fn fill(met: usize, slot: &InstanceSlot, taken: *mut Taken) -> bool {
    // SAFETY: as the caller promises; generic look-ups of attributes of these classes run no code of users.
    unsafe {
        let all = &(*taken).met;
        let Some((object, block)) = all.get(met).map(|met| (met.object, met.native)) else { return false };
        let Some(slots) = &slot.slots else { return false };
        let words = (*block).owner.data.cast::<u64>();
        let dict = py::PyObject_GenericGetDict(object, std::ptr::null_mut());
        py::PyErr_Clear();
        let (mut mask, mut found, mut done) = (0u64, 0, true);
        let kept = py::PyList_New(0);
        for (n, (attribute, slot)) in slot.layout.attributes.iter().zip(slots).enumerate() {
            let inside =
                if dict.is_null() { std::ptr::null_mut() } else { py::PyDict_GetItemWithError(dict, attribute.name) };
            found += isize::from(!inside.is_null());
            let value = match inside.is_null() {
                false => py::Py_NewRef(inside),
                true => slot_value(object, attribute.name),
            };
            if value.is_null() {
                done = done && !attribute.sure;
                continue;
            }
            mask |= 1 << n;
            let mut cursor = Cursor::with_lists(words.add(attribute.at), taken);
            done = done && !kept.is_null() && py::PyList_Append(kept, value) == 0 && slot.take(value, &mut cursor);
            py::Py_DECREF(value);
            if !done {
                break;
            }
            retain_item(words, attribute.owners);
        }
        words.write(mask);
        // What compiled code does not know is there might matter to others.
        done = done && (dict.is_null() || py::PyDict_Size(dict) == found);
        py::Py_XDECREF(dict);
        py::PyErr_Clear();
        let all = &mut (*taken).met;
        match all.get_mut(met) {
            Some(met) => met.kept = kept,
            None => py::Py_XDECREF(kept),
        }
        done
    }
}

/// The value in a slot of the class, as a new reference; null if there is none.
///
/// # Safety
/// A live object whose class has no attributes of its own but plain ones.
pub unsafe fn slot_value(object: *mut PyObject, name: *mut PyObject) -> *mut PyObject {
    // SAFETY: as the caller promises; the type's attribute is a new reference.
    unsafe {
        let of_class = py::PyObject_GetAttr(type_of(object).cast(), name);
        py::PyErr_Clear();
        if of_class.is_null() {
            return of_class;
        }
        let is_slot = type_of(of_class) == &raw mut py::PyMemberDescr_Type;
        py::Py_DECREF(of_class);
        if !is_slot {
            return std::ptr::null_mut();
        }
        let value = py::PyObject_GenericGetAttr(object, name);
        py::PyErr_Clear();
        value
    }
}

/// Ends what a block keeps: blocks that lead to each other would keep each other for ever.
///
/// # Safety
/// A live block of an instance, which no code uses any more.
pub unsafe fn empty(block: *mut List) {
    // SAFETY: as the caller promises.
    unsafe { coachwhip_runtime::empty_list(block) }
}
