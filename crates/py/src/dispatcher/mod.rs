//! The compiled function object: its type, its state, and how it is called.

mod call;
mod classify;
pub mod generator;
pub mod introspection;
pub mod object;
pub mod options;
pub mod profile;
pub mod state;
pub mod texts;

pub use classify::global_list;

use crate::ffi::type_of;
use coachwhip_ir::Options;
use pyo3::prelude::*;

/// The Python function and the options behind a compiled function, `None` for other objects.
pub fn compiled_function<'py>(value: &Bound<'py, PyAny>) -> Option<(Bound<'py, PyAny>, Options)> {
    // SAFETY: a live object; its type is compared by address.
    if unsafe { type_of(value.as_ptr()) } != object::dispatcher_type() {
        return None;
    }
    // SAFETY: the type was checked.
    let state = unsafe { object::DispatcherObject::state(value.as_ptr()) };
    Some((state.function.bind(value.py()).clone(), state.options.clone()))
}
