//! Names for profilers: a call that a profiler watches goes through a Python function that bears the compiled one's
//! name, file and line, so that the interpreter itself tells whoever listens, in every version's way.
//!
//! What a call without a profiler pays: in 3.11 a look at the thread's profiler, which is two loads, and from 3.13 on
//! `PyMonitoring_EnterScope`, which compares a version number.  3.12 has nothing that is quick enough to be asked at
//! each call, and an audit hook raises a flag there when the first profiler comes.

use super::object::DispatcherObject;
use super::state::State;
use crate::ffi::{PyObject_Vectorcall, PySys_AddAuditHook, read};
use pyo3::ffi::{self as raw, PyObject};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::cell::UnsafeCell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::transmute;
use std::sync::atomic::{AtomicPtr, AtomicU8, Ordering};

/// How the interpreter is asked, if at all.
static WAY: AtomicU8 = AtomicU8::new(UNWATCHED);
const UNWATCHED: u8 = 0;
const THREAD: u8 = 1;
const SCOPE: u8 = 2;
const EVENTS: u8 = 3;

/// What is audited when a profiler comes.
const AUDITED: [&CStr; 2] = [c"sys.setprofile", c"sys.monitoring.register_callback"];

/// Where `_PyRuntime` of 3.11 keeps the state of the thread that holds the interpreter.
const CURRENT_OFFSET: usize = 576;
/// The address of that field.
static CURRENT: AtomicPtr<*mut PyObject> = AtomicPtr::new(std::ptr::null_mut());
/// Where `PyThreadState` of 3.11 keeps how deep it is in a profiler's function, and the profiler.
const TRACING_OFFSET: usize = 44;
const PROFILER_OFFSET: usize = 64;

/// `PyMonitoring_EnterScope`.
type EnterScope = unsafe extern "C" fn(*mut Monitoring, *mut u64, *const u8, isize) -> c_int;
static ENTER_SCOPE: AtomicPtr<c_void> = AtomicPtr::new(std::ptr::null_mut());
/// The event that a Python function begins.
const PY_START: u8 = 0;
/// The tools that are no profilers: debuggers, measures of coverage, `sys.settrace`.
const OTHERS: u8 = 1 << 0 | 1 << 1 | 1 << 7;

/// How many tools `sys.monitoring` knows.
const TOOLS: u8 = 6;

/// `PyMonitoringState`: the tools that wait for an event, one bit each.
#[repr(C)]
struct Monitoring {
    active: u8,
    opaque: u8,
}

/// Who waits for the start of functions, and the version at which that was so.
struct Scope(UnsafeCell<(Monitoring, u64)>);

// SAFETY: it is touched only while the interpreter is held.
unsafe impl Sync for Scope {}

static WATCHERS: Scope = Scope(UnsafeCell::new((Monitoring { active: 0, opaque: 0 }, 0)));

/// The first argument of a call that comes from a function's Python function: an object that nobody else has.
static TOKEN: AtomicPtr<PyObject> = AtomicPtr::new(std::ptr::null_mut());

/// Finds the way of this interpreter.
pub fn prepare(py: Python<'_>, version: (u8, u8)) -> PyResult<()> {
    match version {
        (3, 11) => prepare_thread(),
        (3, 12) => return prepare_events(py),
        _ => {
            let enter = symbol(c"PyMonitoring_EnterScope");
            ENTER_SCOPE.store(enter, Ordering::Relaxed);
            if !enter.is_null() {
                WAY.store(SCOPE, Ordering::Relaxed);
            }
        }
    }
    Ok(())
}

/// The field is where every 3.11 has it, or else nothing is told.
fn prepare_thread() {
    let runtime = symbol(c"_PyRuntime");
    if runtime.is_null() {
        return;
    }
    // SAFETY: the structure is longer than that.
    let current = unsafe { runtime.cast::<u8>().add(CURRENT_OFFSET).cast::<*mut PyObject>() };
    // SAFETY: as above; the interpreter is held.
    if unsafe { *current == raw::PyThreadState_Get().cast() } {
        CURRENT.store(current, Ordering::Relaxed);
        WAY.store(THREAD, Ordering::Relaxed);
    }
}

fn prepare_events(py: Python<'_>) -> PyResult<()> {
    // SAFETY: the hook lives for ever.
    if unsafe { PySys_AddAuditHook(hook, std::ptr::null_mut()) } < 0 {
        return Err(PyErr::fetch(py));
    }
    // A profiler may have been there before.
    if events(py) {
        WAY.store(EVENTS, Ordering::Relaxed);
    }
    Ok(())
}

extern "C" fn hook(event: *const c_char, _args: *mut PyObject, _data: *mut c_void) -> c_int {
    // SAFETY: the interpreter names its events by NUL-terminated texts.
    if AUDITED.contains(&unsafe { CStr::from_ptr(event) }) {
        WAY.store(EVENTS, Ordering::Relaxed);
    }
    0
}

fn symbol(name: &CStr) -> *mut c_void {
    // SAFETY: a search by name among what is loaded.
    unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) }
}

/// Whether a profiler watches.
///
/// # Safety
/// The interpreter is held.
#[inline(always)]
pub unsafe fn watched() -> bool {
    match WAY.load(Ordering::Relaxed) {
        // SAFETY: the layouts are those of every 3.11.
        THREAD => unsafe {
            let thread = CURRENT.load(Ordering::Relaxed).read();
            !read::<*const c_void>(thread, PROFILER_OFFSET).is_null() && read::<c_int>(thread, TRACING_OFFSET) == 0
        },
        // SAFETY: the function has this type; the interpreter is held, which guards the scope.
        SCOPE => unsafe {
            let (state, version) = &mut *WATCHERS.0.get();
            let enter = transmute::<*mut c_void, EnterScope>(ENTER_SCOPE.load(Ordering::Relaxed));
            enter(state, version, &PY_START, 1);
            state.active & !OTHERS != 0
        },
        // SAFETY: as the caller promises.
        EVENTS => events(unsafe { Python::assume_attached() }),
        _ => false,
    }
}

/// Whether a tool that is a profiler waits for the start of functions, by `sys.monitoring` and `sys.getprofile`.  An
/// error is an answer of no: a profile without a name is no reason to fail.
#[cold]
fn events(py: Python<'_>) -> bool {
    static ASKED: PyOnceLock<(Py<PyAny>, Py<PyAny>)> = PyOnceLock::new();
    let found = || -> PyResult<_> {
        let sys = py.import("sys")?;
        Ok((sys.getattr("monitoring")?.getattr("get_events")?.unbind(), sys.getattr("getprofile")?.unbind()))
    };
    let Ok((get_events, get_profile)) = ASKED.get_or_try_init(py, found) else { return false };
    let waits = |tool: u8| -> PyResult<bool> {
        let events: u32 = get_events.bind(py).call1((tool,))?.extract()?;
        Ok(events & 1 << PY_START != 0)
    };
    let profiler = get_profile.bind(py).call0().is_ok_and(|profiler| !profiler.is_none());
    profiler || (0..TOOLS).filter(|tool| OTHERS & 1 << tool == 0).any(|tool| waits(tool).unwrap_or(false))
}

/// Whether a call comes from the function's Python function; the first argument is then not one.
#[inline]
pub fn is_inside(args: &[*mut PyObject]) -> bool {
    let token = TOKEN.load(Ordering::Relaxed);
    !token.is_null() && args.first() == Some(&token)
}

/// The call by way of the Python function; null if it raised.
///
/// # Safety
/// As for the vectorcall slot; `args` are all the arguments, those of `kwnames` included.
#[cold]
pub unsafe fn call(callable: *mut PyObject, args: &[*mut PyObject], kwnames: *mut PyObject) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        let py = Python::assume_attached();
        let function = match python_function(py, DispatcherObject::state(callable)) {
            Ok(function) => function,
            Err(error) => {
                error.restore(py);
                return std::ptr::null_mut();
            }
        };
        let mut all = Vec::with_capacity(args.len() + 1);
        all.push(callable);
        all.extend_from_slice(args);
        let keywords = if kwnames.is_null() { 0 } else { raw::PyTuple_Size(kwnames) as usize };
        let result = PyObject_Vectorcall(function.as_ptr(), all.as_ptr(), all.len() - keywords, kwnames);
        if result.is_null() {
            without_frame(py).restore(py);
        }
        result
    }
}

/// The Python function through which a compiled function is called.
fn python_function(py: Python<'_>, state: &State) -> PyResult<Py<PyAny>> {
    state
        .profiled
        .get_or_try_init(py, || Ok(make(py)?.call1((state.function.bind(py),))?.unbind()))
        .map(|f| f.clone_ref(py))
}

fn make(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static MAKE: PyOnceLock<(Py<PyAny>, Py<PyAny>)> = PyOnceLock::new();
    let found = || -> PyResult<_> {
        let module = py.import("coachwhip._exceptions")?;
        Ok((module.getattr("profiled")?.unbind(), module.getattr("_INSIDE")?.unbind()))
    };
    let (make, token) = MAKE.get_or_try_init(py, found)?;
    TOKEN.store(token.as_ptr(), Ordering::Relaxed);
    Ok(make.bind(py))
}

/// The exception on its way, without the frame of the Python function, which stands before those of the user.
fn without_frame(py: Python<'_>) -> PyErr {
    let error = PyErr::fetch(py);
    let rest = error.traceback(py).map(|traceback| traceback.getattr("tb_next"));
    match rest {
        Some(Ok(rest)) => {
            let value = error.into_value(py).into_bound(py);
            match value.call_method1("with_traceback", (rest,)) {
                Ok(_) => PyErr::from_value(value.into_any()),
                Err(error) => error,
            }
        }
        _ => error,
    }
}
