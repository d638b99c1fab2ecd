//! Native instances to objects of their classes: the object that one came from, or a new one; and back into the caller's
//! what a call has changed.

use super::{Call, Words, value};
use crate::arguments::instances::{Attribute, Layout};
use crate::arguments::lists::{Met, retain_item};
use coachwhip_abi::layout::List;
use coachwhip_ir::{Ty, UserClass};
use coachwhip_runtime::release;
use pyo3::exceptions::PySystemError;
use pyo3::ffi::{self as raw, PyObject};
use std::sync::Arc;

/// The layouts of the classes in types of the boundary.
pub fn layouts(types: &[&Ty]) -> Vec<Arc<Layout>> {
    let mut found: Vec<Arc<Layout>> = Vec::new();
    let mut work: Vec<Ty> = types.iter().map(|ty| (*ty).clone()).collect();
    while let Some(ty) = work.pop() {
        ty.map_instances(&mut |class| {
            // A class inside its own attributes is without them.
            let known = found.iter().position(|layout| layout.number == class.number());
            let more = known.is_none_or(|at| found.get(at).is_some_and(|known| known.attributes.is_empty()));
            if more && let Some(layout) = Layout::of(class) {
                found.retain(|known| known.number != class.number());
                found.push(Arc::new(layout));
                work.extend(class.types.iter().cloned());
            }
            Ty::instance(class.clone())
        });
    }
    found
}

/// The object of an instance as a new reference; the caller's count of the block is used up.
///
/// # Safety
/// The block is alive, of an instance of the class, and the interpreter is held.
pub unsafe fn object(class: &UserClass, block: *mut List, call: &Call<'_>) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        let known = call.lists.borrow().known(block);
        let object = match known {
            Some(object) => raw::Py_NewRef(object),
            None => fresh(class, block, call),
        };
        release(block.cast());
        object
    }
}

/// A new object.  What it leads to is made after it, not inside it, so that long chains need no stack.
///
/// # Safety
/// As [`object`].
unsafe fn fresh(class: &UserClass, block: *mut List, call: &Call<'_>) -> *mut PyObject {
    // SAFETY: as the caller promises; the call's layouts outlive it.
    unsafe {
        let Some(layout) = call.layouts.iter().find(|layout| layout.number == class.number()) else {
            crate::abandoned::held(|py| {
                PySystemError::new_err("a class has no layout; please report this").restore(py)
            });
            return std::ptr::null_mut();
        };
        let make = raw::PyType_GetSlot(layout.class, raw::Py_tp_new);
        let none = raw::PyTuple_New(0);
        if make.is_null() || none.is_null() {
            return std::ptr::null_mut();
        }
        let make = std::mem::transmute::<*mut std::ffi::c_void, raw::newfunc>(make);
        let made = make(layout.class, none, std::ptr::null_mut());
        raw::Py_DECREF(none);
        if made.is_null() {
            return made;
        }
        call.lists.borrow_mut().note_instance(block, made);
        call.lists.borrow_mut().instances().waiting.push((block, made, Arc::as_ptr(layout)));
        if std::mem::replace(&mut call.lists.borrow_mut().instances().filling, true) {
            return made;
        }
        let mut done = true;
        loop {
            let next = call.lists.borrow_mut().instances().waiting.pop();
            let Some((block, object, layout)) = next.filter(|_| done) else { break };
            done = filled(block, object, &*layout, call);
        }
        let mut lists = call.lists.borrow_mut();
        let instances = lists.instances();
        instances.filling = false;
        instances.waiting.clear();
        drop(lists);
        if !done {
            raw::Py_DECREF(made);
            return std::ptr::null_mut();
        }
        made
    }
}

/// # Safety
/// As [`object`]; the object is a new one of the layout's class.
unsafe fn filled(block: *mut List, object: *mut PyObject, layout: &Layout, call: &Call<'_>) -> bool {
    // SAFETY: as the caller promises.
    unsafe {
        let words = (*block).owner.data.cast::<u64>();
        let mask = words.read();
        layout.attributes.iter().enumerate().all(|(n, attribute)| {
            let there = attribute.sure || mask >> n & 1 != 0;
            !there || assigned(words, object, attribute, call)
        })
    }
}

/// # Safety
/// The words are those of the item of a block of the object's class, and the interpreter is held.
unsafe fn assigned(words: *mut u64, object: *mut PyObject, attribute: &Attribute, call: &Call<'_>) -> bool {
    // SAFETY: as the caller promises; what is made uses up a count of what the words keep.
    unsafe {
        retain_item(words, attribute.owners);
        let made = value(&attribute.ty, &mut Words(words.add(attribute.at)), call);
        let done = !made.is_null() && raw::PyObject_GenericSetAttr(object, attribute.name, made) == 0;
        raw::Py_XDECREF(made);
        done
    }
}

/// Puts into a caller's instance what a call has changed; false with an exception set if memory is short.
///
/// # Safety
/// The block is alive and the interpreter is held.
pub unsafe fn write_back(met: &Met, layout: &Layout, call: &Call<'_>) -> bool {
    // SAFETY: as the caller promises; `before` has the words of the item as they were.
    unsafe {
        let words = (*met.native).owner.data.cast::<u64>();
        let before = |n: usize| {
            let bytes = met.before.get(8 * n..8 * n + 8).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
            bytes.map_or(0, u64::from_ne_bytes)
        };
        let mask = words.read();
        layout.attributes.iter().enumerate().all(|(n, attribute)| {
            let there = attribute.sure || mask >> n & 1 != 0;
            let width = attribute.ty.machine().len();
            let range = attribute.at..attribute.at + width;
            let same = range.into_iter().all(|at| words.add(at).read() == before(at));
            let new = mask >> n & 1 != before(0) >> n & 1 && !attribute.sure;
            !there || (same && !new) || assigned(words, met.object, attribute, call)
        })
    }
}
