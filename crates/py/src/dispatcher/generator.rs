//! The generators that compiled functions give to Python: objects that behave as Python's own and run compiled code.

use super::call::{Released, context};
use super::state::{Environment, Specialisation};
use crate::boxing::lists::Objects;
use crate::boxing::{self, Call};
use crate::errors;
use coachwhip_abi::layout::{EntryFn, Owner};
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{Const, Ty};
use pyo3::exceptions::{PyNotImplementedError, PyRuntimeError, PyStopIteration, PyTypeError, PyValueError};
use pyo3::ffi::PyObject;
use pyo3::prelude::*;
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::rc::Rc;

/// The parts of the type of a generator that is given to Python.
pub fn given(ty: &Ty) -> Option<&[Ty]> {
    match ty {
        Ty::Iter(over) => match &**over {
            IterTy::Given(parts) => Some(parts),
            _ => None,
        },
        _ => None,
    }
}

/// What a suspended generator keeps.
struct Suspended {
    /// Its frame; the count is ours.
    frame: *mut c_void,
    spec: Rc<Specialisation>,
    environment: Rc<Environment>,
    /// The arguments, whose memory the frame may lead to.
    args: Vec<Py<PyAny>>,
}

// SAFETY: it is looked at, changed and dropped by threads that hold the interpreter alone.
unsafe impl Send for Suspended {}
// SAFETY: as above.
unsafe impl Sync for Suspended {}

impl Drop for Suspended {
    fn drop(&mut self) {
        // SAFETY: the count is ours, and the code that frees the frame is linked as long as `spec` lives.
        unsafe { coachwhip_runtime::release(self.frame.cast::<Owner>()) }
    }
}

/// What a step gave.
enum Step {
    Yielded(Py<PyAny>),
    Returned(Py<PyAny>),
}

/// A generator that runs compiled code.
#[pyclass(name = "CompiledGenerator", module = "coachwhip", frozen, weakref)]
pub struct CompiledGenerator {
    state: State,
}

/// What changes of a generator.
struct State {
    suspended: RefCell<Option<Suspended>>,
    running: Cell<bool>,
    started: Cell<bool>,
}

// SAFETY: reached by threads that hold the interpreter alone.
unsafe impl Sync for State {}

/// The object of a new generator.
///
/// # Safety
/// The interpreter is held, and the words are the result of the specialisation's code: the frame is the first of them.
#[inline(never)]
pub unsafe fn made(
    spec: &Rc<Specialisation>,
    environment: &Rc<Environment>,
    args: &[*mut PyObject],
    words: *const u64,
) -> *mut PyObject {
    let make = |py: Python<'_>| {
        // SAFETY: as the caller promises.
        let (frame, args) = unsafe {
            let args = args.iter().map(|arg| Bound::from_borrowed_ptr(py, *arg).unbind()).collect();
            (words.read() as *mut c_void, args)
        };
        let suspended = Suspended { frame, spec: spec.clone(), environment: environment.clone(), args };
        let state =
            State { suspended: RefCell::new(Some(suspended)), running: Cell::new(false), started: Cell::new(false) };
        match Py::new(py, CompiledGenerator { state }) {
            Ok(object) => object.into_ptr(),
            Err(error) => {
                error.restore(py);
                std::ptr::null_mut()
            }
        }
    };
    // SAFETY: as the caller promises.
    unsafe { crate::abandoned::held(make) }
}

impl Suspended {
    /// A flag of the type, by position.
    fn flag(&self, position: usize) -> bool {
        let parts = given(&self.spec.compiled.ret);
        matches!(parts.and_then(|parts| parts.get(position)), Some(Ty::Lit(Const::Bool(true))))
    }

    /// Runs the generator on.
    fn step(&self, py: Python<'_>) -> PyResult<Step> {
        let (spec, environment) = (&*self.spec, &*self.environment);
        // SAFETY: the interpreter is held.
        let holds = unsafe { environment.guards.get().hold() } || environment.holds(py);
        if !holds {
            let message = "a global or captured variable that the compiled generator uses has been assigned meanwhile";
            return Err(PyRuntimeError::new_err(message));
        }
        let words = vec![0u64; spec.argument_words + spec.list_words];
        let mut results = vec![0u64; spec.result_words];
        let limit = if spec.compiled.recursive { coachwhip_runtime::stack_limit() } else { 0 };
        let mut context = context(limit);
        context.resumed = self.frame;
        let args: Vec<*mut PyObject> = self.args.iter().map(Py::as_ptr).collect();
        // SAFETY: the address is that of the entry point of code that `spec` keeps linked, and the buffers have the lengths
        // it expects; it does not look at its arguments when it runs a generator on.
        unsafe {
            let entry = std::mem::transmute::<usize, EntryFn>(spec.compiled.entry);
            let status = if spec.releases {
                context.gil_released = 1;
                let (words, results) = (words.as_ptr(), results.as_mut_ptr());
                let released = Released { entry, context: &mut context, words, results };
                py.detach(|| released.enter())
            } else {
                entry(&mut context, words.as_ptr(), results.as_mut_ptr())
            };
            let objects = RefCell::new(Objects::default());
            let call = Call { args: &args, reached: &environment.reached, lists: &objects, layouts: &[] };
            if status != 0 {
                errors::raise(&mut context, &call);
                return Err(PyErr::fetch(py));
            }
            if !context.handling.is_null() {
                coachwhip_runtime::end(&mut context);
            }
            let parts = given(&spec.compiled.ret).unwrap_or_default();
            let [_, _, yields, returns, ..] = parts else { return Err(PyRuntimeError::new_err("no generator")) };
            let at = 2;
            let after = at + yields.machine().len();
            let has = results.get(1).is_some_and(|word| word & 1 != 0);
            let (ty, at) = if has { (yields, at) } else { (returns, after) };
            let object =
                Bound::from_owned_ptr_or_err(py, boxing::result(ty, results.as_ptr().add(at), &call))?.unbind();
            Ok(if has { Step::Yielded(object) } else { Step::Returned(object) })
        }
    }
}

impl CompiledGenerator {
    fn check_idle(&self) -> PyResult<()> {
        match self.state.running.get() {
            true => Err(PyValueError::new_err("generator already executing")),
            false => Ok(()),
        }
    }

    /// Runs it on; after its end, or a failure, nothing is left of it.
    fn advance(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.check_idle()?;
        let Some(suspended) = self.state.suspended.take() else { return Ok(None) };
        self.state.running.set(true);
        self.state.started.set(true);
        let outcome = suspended.step(py);
        self.state.running.set(false);
        match outcome {
            Ok(Step::Yielded(object)) => {
                self.state.suspended.replace(Some(suspended));
                Ok(Some(object))
            }
            Ok(Step::Returned(object)) if object.is_none(py) => Ok(None),
            Ok(Step::Returned(object)) => Err(PyStopIteration::new_err((object,))),
            Err(error) => Err(error),
        }
    }
}

#[pymethods]
impl CompiledGenerator {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.advance(py)
    }

    /// Goes on with a value, which the function must not look at: compiled `yield` gives `None`.
    fn send(&self, py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        self.check_idle()?;
        if !value.is_none() {
            if !self.state.started.get() && self.state.suspended.borrow().is_some() {
                return Err(PyTypeError::new_err("can't send non-None value to a just-started generator"));
            }
            if self.state.suspended.borrow().as_ref().is_some_and(|suspended| suspended.flag(4)) {
                return Err(PyNotImplementedError::new_err("values cannot be sent into a compiled generator yet"));
            }
        }
        self.advance(py)?.ok_or_else(|| PyStopIteration::new_err(()))
    }

    /// Raises an exception where the generator stopped, and so ends it.
    #[pyo3(signature = (typ, val=None, tb=None, /))]
    fn throw(
        &self,
        py: Python<'_>,
        typ: &Bound<'_, PyAny>,
        val: Option<&Bound<'_, PyAny>>,
        tb: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        self.check_idle()?;
        if self.state.suspended.borrow().as_ref().is_some_and(|s| self.state.started.get() && s.flag(5)) {
            let message =
                "exceptions cannot be thrown into a compiled generator with a try statement around its yield yet";
            return Err(PyNotImplementedError::new_err(message));
        }
        let error = thrown(py, typ, val, tb)?;
        drop(self.state.suspended.take());
        Err(error)
    }

    fn close(&self) -> PyResult<()> {
        self.check_idle()?;
        drop(self.state.suspended.take());
        Ok(())
    }

    #[getter]
    fn gi_running(&self) -> bool {
        self.state.running.get()
    }

    #[getter]
    fn gi_suspended(&self) -> bool {
        self.state.started.get() && !self.state.running.get() && self.state.suspended.borrow().is_some()
    }

    #[getter]
    fn gi_yieldfrom(&self, py: Python<'_>) -> Py<PyAny> {
        py.None()
    }
}

/// The exception that `throw` was given, as an exception, or as a class with its argument.
fn thrown(
    py: Python<'_>,
    typ: &Bound<'_, PyAny>,
    val: Option<&Bound<'_, PyAny>>,
    tb: Option<&Bound<'_, PyAny>>,
) -> PyResult<PyErr> {
    let base = py.get_type::<pyo3::exceptions::PyBaseException>();
    let val = val.filter(|val| !val.is_none());
    let object = if typ.is_instance(&base)? {
        if val.is_some() {
            return Err(PyTypeError::new_err("instance exception may not have a separate value"));
        }
        typ.clone()
    } else if typ.cast::<pyo3::types::PyType>().is_ok_and(|class| class.is_subclass(&base).unwrap_or(false)) {
        match val {
            Some(val) if val.is_instance(typ)? => val.clone(),
            Some(val) => match val.cast::<pyo3::types::PyTuple>() {
                Ok(args) => typ.call1(args)?,
                Err(_) => typ.call1((val,))?,
            },
            None => typ.call0()?,
        }
    } else {
        let name = typ.get_type().name()?;
        let message = format!("exceptions must be classes or instances deriving from BaseException, not {name}");
        return Err(PyTypeError::new_err(message));
    };
    if let Some(tb) = tb.filter(|tb| !tb.is_none()) {
        object.call_method1("with_traceback", (tb,))?;
    }
    Ok(PyErr::from_value(object))
}
