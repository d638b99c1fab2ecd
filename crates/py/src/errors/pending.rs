//! Python exceptions behind failures of the kind `ErrorKind::Pending`, by number.

use coachwhip_abi::ErrorKind;
use coachwhip_abi::layout::ErrorRecord;
use pyo3::prelude::*;
use std::cell::RefCell;

thread_local! {
    static PENDING: RefCell<Vec<Option<PyErr>>> = const { RefCell::new(Vec::new()) };
}

/// The exception that a hook met on this thread, by its number, which is free afterwards.
fn take(number: u64) -> Option<PyErr> {
    PENDING.with_borrow_mut(|pending| {
        let taken = pending.get_mut(number as usize)?.take();
        while pending.last().is_some_and(Option::is_none) {
            pending.pop();
        }
        taken
    })
}

/// The exception with this number.
pub fn get(py: Python<'_>, number: u64) -> Option<PyErr> {
    PENDING.with_borrow(|pending| pending.get(number as usize)?.as_ref().map(|error| error.clone_ref(py)))
}

/// Frees what a failure that has become an exception keeps.
pub fn forget(record: &ErrorRecord) {
    if record.kind == ErrorKind::Pending as u32 {
        drop_number(record.args[0]);
    }
}

/// Keeps an exception; its number.
pub fn keep(error: PyErr) -> u64 {
    PENDING.with_borrow_mut(|pending| {
        pending.push(Some(error));
        pending.len() as u64 - 1
    })
}

/// Frees the exception with this number.
pub fn drop_number(number: u64) {
    Python::attach(|_| drop(take(number)));
}
