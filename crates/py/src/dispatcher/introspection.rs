//! Looking at a compiled function from Python: its specialisations and the text of every stage.

use super::object::{DispatcherObject, dispatcher_type};
use super::state::{Environment, Signature, Specialisation, State};
use crate::arguments::Parameters;
use crate::errors::diagnostic::{self, Failure};
use crate::ffi::type_of;
use crate::types;
use coachwhip_driver::{Kind, View};
use coachwhip_ir::{Code, Diagnostic, Ty};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyTuple};
use std::rc::Rc;

/// A new compiled function: `signatures` are pairs of parameter types and result type (or `None`).
#[pyfunction]
pub fn make<'py>(
    function: &Bound<'py, PyAny>,
    options: &Bound<'py, PyDict>,
    signatures: &Bound<'py, PyList>,
    cfunc: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let py = function.py();
    let parameters = Parameters::of(function)?;
    let signatures = signatures.iter().map(|pair| signature(&pair, &parameters, function));
    let signatures = signatures.collect::<PyResult<Vec<_>>>()?;
    let closed = !signatures.is_empty();
    let kind = if cfunc { Kind::Cfunc } else { Kind::Entry };
    let made = super::object::create(py, state(function, options, signatures, closed, kind)?)?;
    if closed {
        compile_now(py, state_of(&made)?)?;
    }
    Ok(made)
}

fn state(
    function: &Bound<'_, PyAny>,
    options: &Bound<'_, PyDict>,
    signatures: Vec<Signature>,
    closed: bool,
    kind: Kind,
) -> PyResult<State> {
    Ok(State {
        function: function.clone().unbind(),
        parameters: Parameters::of(function)?,
        options: super::options::read(options)?,
        cache: super::options::cache(options)?,
        signatures: signatures.into(),
        closed: closed.into(),
        kind,
        hot: super::state::Shared::new(None),
        environments: vec![].into(),
        object: std::cell::Cell::new(std::ptr::null_mut()),
        profiled: PyOnceLock::new(),
    })
}

/// The signatures of a compiled function, as pairs of the types of its arguments and a result type or `None`, and
/// whether no other types are accepted.
#[pyfunction]
pub fn declared<'py>(dispatcher: &Bound<'py, PyAny>) -> PyResult<(Bound<'py, PyList>, bool)> {
    let py = dispatcher.py();
    let state = state_of(dispatcher)?;
    let signatures = state.signatures.borrow().clone();
    let list = PyList::empty(py);
    for signature in signatures {
        let params = signature.params.iter().map(|ty| types::to_python(py, ty)).collect::<PyResult<Vec<_>>>()?;
        let ret = signature.ret.map(|ty| types::to_python(py, &ty)).transpose()?;
        list.append((PyTuple::new(py, params)?, ret))?;
    }
    Ok((list, state.closed.get()))
}

/// A compiled function made again from what [`declared`] says of it.  Nothing is compiled before it is called: the
/// function may not be complete yet.
#[pyfunction]
pub fn restore<'py>(
    function: &Bound<'py, PyAny>,
    options: &Bound<'py, PyDict>,
    signatures: &Bound<'py, PyList>,
    closed: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let read = |pair: Bound<'py, PyAny>| -> PyResult<Signature> {
        let (params, ret): (Bound<'_, PyTuple>, Bound<'_, PyAny>) = pair.extract()?;
        let params = params.iter().map(|p| types::from_python(&p)).collect::<PyResult<Vec<Ty>>>()?;
        Ok(Signature { params, ret: if ret.is_none() { None } else { Some(types::from_python(&ret)?) } })
    };
    let signatures = signatures.iter().map(read).collect::<PyResult<Vec<_>>>()?;
    super::object::create(function.py(), state(function, options, signatures, closed, Kind::Entry)?)
}

/// A signature, its types those of the function's arguments: what is left for `*args` becomes a tuple.
pub fn signature(pair: &Bound<'_, PyAny>, parameters: &Parameters, function: &Bound<'_, PyAny>) -> PyResult<Signature> {
    let py = pair.py();
    let (given, ret): (Bound<'_, PyTuple>, Bound<'_, PyAny>) = pair.extract()?;
    let mut params = given.iter().map(|p| types::from_python(&p)).collect::<PyResult<Vec<Ty>>>()?;
    let (wanted, count) = (parameters.names.len(), params.len());
    if parameters.varargs && count >= wanted {
        let rest = Ty::tuple(params.drain(wanted..));
        params.push(rest);
    } else if count != wanted {
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let name: String = function.getattr("__qualname__")?.extract()?;
        let message = format!(
            "the signature has {count} parameter{}, but {name}() has {wanted} parameter{}",
            plural(count),
            plural(wanted)
        );
        let help = "give a type for each parameter, also for those that have defaults";
        let diagnostic = Diagnostic::new(Code::SignatureText, message).help(help);
        return Err(diagnostic::error(py, &diagnostic, Some(function)));
    }
    Ok(Signature { params, ret: if ret.is_none() { None } else { Some(types::from_python(&ret)?) } })
}

/// Compiles the signatures at decoration.  A global name that is not assigned yet, such as that of a function defined
/// further down, is no mistake at this time: the first call looks again.
fn compile_now(py: Python<'_>, state: &State) -> PyResult<()> {
    let environment = state.environment(py)?;
    match state.compile_signatures(py, &environment) {
        Err(Failure::Diagnostic(fault)) if fault.code == Code::UnknownGlobal && state.kind == Kind::Entry => Ok(()),
        outcome => outcome.map_err(|failure| failure.into_error(py, state.function.bind(py))),
    }
}

fn compile_all(py: Python<'_>, state: &State) -> PyResult<Rc<Environment>> {
    let environment = state.environment(py)?;
    state.compile_signatures(py, &environment).map_err(|failure| failure.into_error(py, state.function.bind(py)))?;
    Ok(environment)
}

/// Adds a signature to a compiled function and compiles it.
#[pyfunction]
pub fn add_signature(dispatcher: &Bound<'_, PyAny>, pair: &Bound<'_, PyAny>) -> PyResult<()> {
    let state = state_of(dispatcher)?;
    let added = signature(pair, &state.parameters, state.function.bind(dispatcher.py()))?;
    let params = added.params.clone();
    if !state.signatures.borrow().iter().any(|s| s.params == params) {
        state.signatures.borrow_mut().push(added);
    }
    let outcome = compile_all(dispatcher.py(), state).map(|_| ());
    if outcome.is_err() {
        state.signatures.borrow_mut().retain(|s| s.params != params);
    }
    outcome
}

/// Says that no other types than those of the signatures are compiled.
#[pyfunction]
pub fn close(dispatcher: &Bound<'_, PyAny>, closed: bool) -> PyResult<()> {
    state_of(dispatcher)?.closed.set(closed);
    Ok(())
}

/// The specialisations of the present environment, each a dict.
#[pyfunction]
pub fn specialisations<'py>(dispatcher: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    let py = dispatcher.py();
    let list = PyList::empty(py);
    let state = state_of(dispatcher)?;
    // Copies: making Python objects may run Python code, which may call and so change what is listed.
    let signatures = state.signatures.borrow().clone();
    let known = state.environments.borrow().first().map(|e| e.specialisations.borrow().clone());
    for spec in known.iter().flatten() {
        let declared = signatures.iter().any(|s| s.params == spec.params);
        list.append(described(py, spec, declared)?)?;
    }
    Ok(list)
}

fn described<'py>(py: Python<'py>, spec: &Specialisation, declared: bool) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let params = spec.params.iter().map(|ty| types::to_python(py, ty)).collect::<PyResult<Vec<_>>>()?;
    dict.set_item("params", PyTuple::new(py, params)?)?;
    dict.set_item("ret", types::to_python(py, &spec.compiled.ret)?)?;
    let times = PyList::empty(py);
    for (stage, time) in &spec.compiled.times {
        times.append((*stage, time.as_secs_f64()))?;
    }
    dict.set_item("times", times)?;
    dict.set_item("bytes", spec.compiled.size())?;
    dict.set_item("releases_gil", spec.releases)?;
    dict.set_item("symbol", &spec.compiled.symbol)?;
    dict.set_item("declared", declared)?;
    dict.set_item("callback", spec.compiled.callback)?;
    dict.set_item("library", spec.compiled.library)?;
    dict.set_item("layer", crate::cache::layer(spec.compiled.layer))?;
    Ok(dict)
}

/// The text of a stage of the n-th specialisation: `view` is `ir`, `llvm` or `asm`.
#[pyfunction]
pub fn inspect(dispatcher: &Bound<'_, PyAny>, index: usize, view: &str, stage: &str) -> PyResult<String> {
    let py = dispatcher.py();
    let state = state_of(dispatcher)?;
    let request = request(state, index)?;
    let view = match view {
        "llvm" => View::Llvm,
        "asm" => View::Asm,
        _ => View::Ir(stage.to_owned()),
    };
    let outcome = py.detach(|| crate::fork::pass(|| coachwhip_driver::inspect(&request, &view)));
    outcome.map_err(|d| diagnostic::error(py, &d, None))
}

/// What the vectoriser says about the loops of the n-th specialisation: `(file, line, vectorised, reason)`.
#[pyfunction]
pub fn remarks(dispatcher: &Bound<'_, PyAny>, index: usize) -> PyResult<Vec<(String, u32, bool, String)>> {
    let py = dispatcher.py();
    let request = request(state_of(dispatcher)?, index)?;
    let outcome = py.detach(|| crate::fork::pass(|| coachwhip_driver::remarks(&request)));
    let remarks = outcome.map_err(|d| diagnostic::error(py, &d, None))?;
    Ok(remarks.into_iter().map(|r| (r.file, r.line, r.vectorised, r.reason)).collect())
}

/// Why the code of the n-th specialisation was not in the cache: what differs from the nearest entry.
#[pyfunction]
pub fn cache_missed(dispatcher: &Bound<'_, PyAny>, index: usize) -> PyResult<Option<Vec<String>>> {
    let state = state_of(dispatcher)?;
    let request = request(state, index)?;
    let compiled = {
        let environments = state.environments.borrow();
        let environment = environments.first();
        environment.and_then(|e| e.specialisations.borrow().get(index).map(|spec| spec.compiled.clone()))
    };
    let Some(compiled) = compiled else { return Ok(None) };
    Ok(dispatcher.py().detach(|| crate::fork::pass(|| coachwhip_driver::cache::missing(&request, &compiled))))
}

fn request(state: &State, index: usize) -> PyResult<coachwhip_driver::Request> {
    let environments = state.environments.borrow();
    let environment = environments.first().ok_or_else(|| PyTypeError::new_err("nothing is compiled yet"))?;
    let specialisations = environment.specialisations.borrow();
    let spec = specialisations.get(index).ok_or_else(|| PyTypeError::new_err("there is no such specialisation"))?;
    let declared = state.signatures.borrow().iter().find(|s| s.params == spec.params).and_then(|s| s.ret.clone());
    let params: Vec<Ty> = spec.params.clone();
    Ok(state.request(environment, params, declared, spec.number))
}

/// Address of the C function of a `cfunc`.
#[pyfunction]
pub fn callback_address(dispatcher: &Bound<'_, PyAny>) -> PyResult<usize> {
    let environments = state_of(dispatcher)?.environments.borrow();
    let found = environments.iter().find_map(|e| e.specialisations.borrow().iter().find_map(|s| s.compiled.callback));
    found.ok_or_else(|| PyTypeError::new_err("the function has no C function"))
}

/// Processor, its features and the version of LLVM.
#[pyfunction]
pub fn host() -> (String, String, String) {
    let host = coachwhip_driver::host();
    (host.cpu.to_string(), host.features.to_string(), coachwhip_driver::llvm_version())
}

/// Every diagnostic code with its title.
#[pyfunction]
pub fn codes() -> Vec<(&'static str, &'static str)> {
    coachwhip_ir::Code::ALL.iter().map(|code| (code.text(), code.title())).collect()
}

/// The state of a compiled function object.
pub fn state_of<'a>(dispatcher: &Bound<'a, PyAny>) -> PyResult<&'a State> {
    // SAFETY: a live object; its type is compared by address before its state is read.
    unsafe {
        if type_of(dispatcher.as_ptr()) != dispatcher_type() {
            return Err(PyTypeError::new_err("a compiled function is needed"));
        }
        Ok(DispatcherObject::state(dispatcher.as_ptr()))
    }
}
