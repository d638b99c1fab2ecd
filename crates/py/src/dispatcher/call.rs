//! A call: the short way for the specialisation of the last call, the long way for everything else.

use super::generator;
use super::object::DispatcherObject;
use super::profile;
use super::state::{Environment, Hot, Specialisation, State};
use crate::abandoned::held;
use crate::arguments::bind::{bind, complain};
use crate::arguments::lists::Taken;
use crate::arguments::slot::Cursor;
use crate::boxing::lists::Objects;
use crate::boxing::{self, Call};
use crate::errors;
use crate::ffi::VECTORCALL_OFFSET;
use coachwhip_abi::layout::{EntryFn, ErrorRecord};
use coachwhip_abi::{Context, Status};
use pyo3::ffi::{self as raw, PyObject};
use pyo3::prelude::*;
use std::cell::RefCell;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// A call of new types takes a stack of its own if less than this is left.
const LEAST_STACK: usize = 256 << 10;
/// Size of that stack; only the pages that are touched cost anything.
const OWN_STACK: usize = 4 << 20;

/// Words that a call keeps on the stack; calls with more use the heap.
const STACK_WORDS: usize = 32;

/// The vectorcall slot.
///
/// # Safety
/// CPython calls it as vectorcall functions are called.
pub unsafe extern "C" fn vectorcall(
    callable: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the callable is a dispatcher, which the caller keeps alive, as it does the arguments.
    unsafe {
        let state = DispatcherObject::state(callable);
        let positional = nargsf & !VECTORCALL_OFFSET;
        let watched = profile::watched();
        if kwnames.is_null() {
            let args = arguments(args, positional);
            if watched && !profile::is_inside(args) {
                return profile::call(callable, args, kwnames);
            }
            if let Some(result) = short_way(state, args) {
                return result;
            }
            return long_way(state, args, kwnames);
        }
        let keywords = raw::PyTuple_Size(kwnames) as usize;
        let args = arguments(args, positional + keywords);
        if watched && !profile::is_inside(args) {
            return profile::call(callable, args, kwnames);
        }
        long_way(state, args, kwnames)
    }
}

/// # Safety
/// `args` points at `count` objects, or `count` is 0.
unsafe fn arguments<'a>(args: *const *mut PyObject, count: usize) -> &'a [*mut PyObject] {
    // SAFETY: as the caller promises.
    if count == 0 { &[] } else { unsafe { std::slice::from_raw_parts(args, count) } }
}

/// Calls the specialisation of the last call, if it fits.
///
/// # Safety
/// The interpreter is held and the arguments are live.
#[inline(always)]
unsafe fn short_way(state: &State, args: &[*mut PyObject]) -> Option<*mut PyObject> {
    // SAFETY: as the caller promises; the counted reference keeps both alive if the call replaces them.
    unsafe {
        let hot = state.hot.get().clone()?;
        let spec = &*hot.spec;
        if args.len() != spec.slots.len()
            || spec.argument_words + spec.list_words > STACK_WORDS
            || !hot.environment.guards.get().hold()
        {
            return None;
        }
        let mut words = [const { MaybeUninit::<u64>::uninit() }; STACK_WORDS];
        let mut taken = Taken::default();
        let mut cursor = Cursor::with_lists(words.as_mut_ptr().cast(), &raw mut taken);
        if !spec.slots.iter().zip(args).all(|(slot, &arg)| slot.take(arg, &mut cursor)) {
            return None;
        }
        if spec.list_words > 0 && !spec.take_lists(&hot.environment, words.as_mut_ptr().cast(), &mut taken) {
            return None;
        }
        let result = enter(&hot.spec, &hot.environment, args, words.as_ptr().cast(), &mut taken);
        if Rc::strong_count(&hot) == 1 {
            // The call replaced it: the objects that it keeps go now.
            held(|_| drop(hot));
        }
        Some(result)
    }
}

/// Runs the code on argument words and boxes the result.
///
/// # Safety
/// The words are those of the specialisation's parameters and stay valid, as do the arguments.
#[inline(always)]
unsafe fn enter(
    spec: &Rc<Specialisation>,
    environment: &Rc<Environment>,
    args: &[*mut PyObject],
    words: *const u64,
    taken: &mut Taken,
) -> *mut PyObject {
    let mut small = [const { MaybeUninit::<u64>::uninit() }; STACK_WORDS];
    let mut large = Vec::<u64>::new();
    let results: *mut u64 = if spec.result_words <= STACK_WORDS {
        small.as_mut_ptr().cast()
    } else {
        large.reserve(spec.result_words);
        large.as_mut_ptr()
    };
    // SAFETY: the address is that of the specialisation's entry point, which `spec` keeps linked; argument
    // and result buffers have the lengths it expects.
    unsafe {
        let lists = !taken.is_empty();
        let changes = lists && spec.compiled.changes;
        if changes {
            boxing::lists::remember(taken);
            boxing::tables::remember(taken);
        }
        let entry = std::mem::transmute::<usize, EntryFn>(spec.compiled.entry);
        let mut context = context(if spec.compiled.recursive { coachwhip_runtime::stack_limit() } else { 0 });
        if spec.list_words > 0 {
            context.lists = words.add(spec.argument_words);
        }
        let status = if spec.releases {
            context.gil_released = 1;
            let released = Released { entry, context: &mut context, words, results };
            // PyO3 has to know: a hook that attaches must really do so, also where Python code that one of ours called is
            // what called this.
            Python::assume_attached().detach(|| released.enter())
        } else {
            entry(&mut context, words, results)
        };
        let objects = RefCell::new(if lists { Objects::of(taken) } else { Objects::default() });
        let call = Call { args, reached: &environment.reached, lists: &objects, layouts: &spec.layouts };
        let written = !changes
            || quietly(status != 0, || {
                boxing::lists::write_back(taken, &call) && boxing::tables::write_back(taken, &call)
            });
        if status != 0 {
            return errors::raise(&mut context, &call);
        }
        if !context.handling.is_null() {
            coachwhip_runtime::end(&mut context);
        }
        let result = match spec.gives {
            true => generator::made(spec, environment, args, results),
            false => boxing::result(&spec.compiled.ret, results, &call),
        };
        if !written {
            raw::Py_XDECREF(result);
            return std::ptr::null_mut();
        }
        result
    }
}

/// Does something; if a failure of the call is to be told, it stays the one that is told.
unsafe fn quietly(failed: bool, work: impl FnOnce() -> bool) -> bool {
    if !failed {
        return work();
    }
    let (mut class, mut value, mut trace) = (std::ptr::null_mut(), std::ptr::null_mut(), std::ptr::null_mut());
    // SAFETY: the interpreter is held.
    #[allow(deprecated, reason = "what replaces them is not in 3.11")]
    unsafe {
        raw::PyErr_Fetch(&mut class, &mut value, &mut trace);
        let done = work();
        raw::PyErr_Restore(class, value, trace);
        done
    }
}

/// An entry of compiled code while other threads run.
pub(super) struct Released {
    pub(super) entry: EntryFn,
    pub(super) context: *mut Context,
    pub(super) words: *const u64,
    pub(super) results: *mut u64,
}

// SAFETY: it stays on its thread; the bound is there so that no objects of Python are in what runs detached.
unsafe impl Send for Released {}

impl Released {
    pub(super) fn enter(self) -> Status {
        // SAFETY: made by `enter`, whose context and buffers outlive the call.
        unsafe { (self.entry)(self.context, self.words, self.results) }
    }
}

/// A context in which nothing has happened yet.
#[inline(always)]
pub(super) fn context(stack_limit: usize) -> Context {
    Context {
        stack_limit,
        error: ErrorRecord { kind: 0, arity: 0, args: [0; 4], class: std::ptr::null() },
        frames: std::ptr::null_mut(),
        pieces: std::ptr::null_mut(),
        last_poll: 0,
        gil_released: 0,
        fuel: coachwhip_abi::layout::POLL_INTERVAL,
        handling: std::ptr::null_mut(),
        lists: std::ptr::null(),
        resumed: std::ptr::null_mut(),
    }
}

/// Binds, finds the environment and the specialisation, compiles if need be, and runs.
#[cold]
#[inline(never)]
unsafe fn long_way(state: &State, args: &[*mut PyObject], kwnames: *mut PyObject) -> *mut PyObject {
    // A profiler may have stopped meanwhile, so that this is asked whether one watches or not.
    if profile::is_inside(args) {
        let args = args.get(1..).unwrap_or_default();
        // SAFETY: as the caller promises.
        let known = if kwnames.is_null() { unsafe { short_way(state, args) } } else { None };
        // SAFETY: as the caller promises.
        return known.unwrap_or_else(|| unsafe { long_way(state, args, kwnames) });
    }
    // SAFETY: called from the vectorcall slot; the rest as the caller promises.
    unsafe {
        held(|py| {
            let outcome = catch_unwind(AssertUnwindSafe(|| bound_call(py, state, args, kwnames)));
            let error = match outcome {
                Ok(Ok(result)) => return result,
                Ok(Err(error)) => error,
                Err(_) => errors::diagnostic::internal(py, "dispatch"),
            };
            error.restore(py);
            std::ptr::null_mut()
        })
    }
}

unsafe fn bound_call(
    py: Python<'_>,
    state: &State,
    args: &[*mut PyObject],
    kwnames: *mut PyObject,
) -> PyResult<*mut PyObject> {
    let direct = kwnames.is_null() && state.parameters.simple() && args.len() == state.parameters.names.len();
    // SAFETY: as the caller promises.
    unsafe {
        if direct || state.parameters.varkeywords {
            return call(py, state, args);
        }
        match bind(py, &state.parameters, state.function.as_ptr(), args, kwnames)? {
            Some(bound) => match short_way(state, &bound.objects) {
                Some(result) => Ok(result),
                None => call(py, state, &bound.objects),
            },
            None => Err(complain(py, state.function.bind(py), args, kwnames)),
        }
    }
}

/// # Safety
/// The arguments are live.
unsafe fn call(py: Python<'_>, state: &State, args: &[*mut PyObject]) -> PyResult<*mut PyObject> {
    let mut words = Vec::new();
    let mut taken = Taken::default();
    // Snapshots go down into what they read, and messages are made of much; the code itself runs on the thread's stack.
    let (spec, environment) = stacker::maybe_grow(LEAST_STACK, OWN_STACK, || {
        let mut environment = state.environment(py)?;
        let mut found = state.specialise(py, &environment, args, &mut words, &mut taken);
        if found.is_err() && (environment.is_retired() || environment.is_outgrown(py)) {
            environment = state.environment(py)?;
            found = state.specialise(py, &environment, args, &mut words, &mut taken);
        }
        found.map(|spec| (spec, environment)).map_err(|failure| failure.into_error(py, state.function.bind(py)))
    })?;
    let hot = Hot { spec: spec.clone(), environment: environment.clone() };
    drop(state.hot.replace(Some(Rc::new(hot))));
    // SAFETY: the words were taken from these arguments by this specialisation.
    Ok(unsafe { enter(&spec, &environment, args, words.as_ptr(), &mut taken) })
}
