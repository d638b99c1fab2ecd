//! The Python face: the extension module `coachwhip._core`.
//!
//! [`dispatcher`] is the compiled function object; [`snapshot`] reads Python functions as plain data;
//! [`arguments`] and [`boxing`] turn objects into words and back; [`errors`] raises.  This is the only crate
//! that knows CPython and NumPy.
//!
//! `unsafe` is allowed here for the C API of both and for entering machine code.
#![allow(unsafe_code)]

mod abandoned;
mod arguments;
mod attributes;
mod boxing;
mod cache;
mod characters;
mod classes;
mod collections;
mod dispatcher;
mod errors;
mod extending;
mod ffi;
mod fork;
mod hooks;
mod interpret;
mod library;
mod memory;
mod native;
mod numpy;
mod overloads;
mod snapshot;
mod strings;
mod types;
mod versions;

use pyo3::prelude::*;

/// The extension module.
#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    numpy::load(py)?;
    collections::load(py)?;
    strings::load(py)?;
    snapshot::load_opcodes(py)?;
    snapshot::install(dispatcher::compiled_function);
    snapshot::install_lists(dispatcher::global_list);
    errors::pieces::install(boxing::lists::alone);
    hooks::install();
    versions::install(py)?;
    dispatcher::profile::prepare(py, versions::python(py))?;
    module.add("Dispatcher", dispatcher::object::create_type(py)?)?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<dispatcher::generator::CompiledGenerator>()?;
    use dispatcher::introspection as i;
    module.add_function(wrap_pyfunction!(i::make, module)?)?;
    module.add_function(wrap_pyfunction!(i::add_signature, module)?)?;
    module.add_function(wrap_pyfunction!(i::close, module)?)?;
    module.add_function(wrap_pyfunction!(i::declared, module)?)?;
    module.add_function(wrap_pyfunction!(i::restore, module)?)?;
    module.add_function(wrap_pyfunction!(i::specialisations, module)?)?;
    module.add_function(wrap_pyfunction!(i::inspect, module)?)?;
    module.add_function(wrap_pyfunction!(i::remarks, module)?)?;
    module.add_function(wrap_pyfunction!(i::callback_address, module)?)?;
    module.add_function(wrap_pyfunction!(i::host, module)?)?;
    module.add_function(wrap_pyfunction!(i::codes, module)?)?;
    module.add_function(wrap_pyfunction!(i::cache_missed, module)?)?;
    module.add_function(wrap_pyfunction!(cache::cache_report, module)?)?;
    module.add_function(wrap_pyfunction!(cache::cache_clear, module)?)?;
    module.add_function(wrap_pyfunction!(cache::layer_record, module)?)?;
    module.add_function(wrap_pyfunction!(cache::layer_write, module)?)?;
    module.add_function(wrap_pyfunction!(hooks::surfaced, module)?)?;
    module.add_function(wrap_pyfunction!(extending::overload_function, module)?)?;
    module.add_function(wrap_pyfunction!(overloads::overload_member, module)?)?;
    module.add_function(wrap_pyfunction!(hooks::live_arrays, module)?)?;
    module.add_function(wrap_pyfunction!(interpret::interpret, module)?)?;
    module.add_function(wrap_pyfunction!(interpret::reveal, module)?)?;
    module.add_function(wrap_pyfunction!(interpret::infer, module)?)?;
    module.add_function(wrap_pyfunction!(versions::follows, module)?)?;
    module.add_function(wrap_pyfunction!(fork::before_fork, module)?)?;
    module.add_function(wrap_pyfunction!(fork::after_fork, module)?)?;
    let hooks = pyo3::types::PyDict::new(py);
    hooks.set_item("before", module.getattr("before_fork")?)?;
    hooks.set_item("after_in_parent", module.getattr("after_fork")?)?;
    hooks.set_item("after_in_child", module.getattr("after_fork")?)?;
    py.import("os")?.getattr("register_at_fork")?.call((), Some(&hooks))?;
    Ok(())
}
