//! What a compiled function knows: its environments (snapshots with their guards) and, in each, its
//! specialisations.
//!
//! Everything here is touched only while the interpreter is held, so plain counts and cells are enough;
//! compiles happen outside, on data of their own.

use super::classify;
use super::texts;
use crate::arguments::Parameters;
use crate::arguments::lists::Taken;
use crate::arguments::slot::{Cursor, Slot};
use crate::boxing::constants;
use crate::errors::diagnostic::Failure;
use crate::library::PythonLibrary;
use crate::snapshot::{Guards, Memo, Reached, Snapshot};
use coachwhip_abi::RuntimeFn;
use coachwhip_driver::{Compiled, Kind, Once, Program, Request, fresh_number};
use coachwhip_ir::{Code, Diagnostic, FuncId, Options, Ty};
use pyo3::ffi::PyObject;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::cell::{Cell, RefCell, UnsafeCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

/// Environments kept for when a global changes back.
const MAX_ENVIRONMENTS: usize = 8;

/// An explicit signature.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Parameter types.
    pub params: Vec<Ty>,
    /// Result type, if given.
    pub ret: Option<Ty>,
}

/// The state behind a compiled function object.
pub struct State {
    /// The Python function.
    pub function: Py<PyAny>,
    /// How it takes arguments.
    pub parameters: Parameters,
    /// Options.
    pub options: Options,
    /// Whether code may come from the cache and be kept there.
    pub cache: bool,
    /// Explicit signatures; none means: whatever comes.
    pub signatures: RefCell<Vec<Signature>>,
    /// Whether calls with other types than the signatures' are refused.
    pub closed: Cell<bool>,
    /// How the code is entered.
    pub kind: Kind,
    /// The specialisation of the last call.
    pub hot: Shared<Option<Rc<Hot>>>,
    /// Environments, the latest first.
    pub environments: RefCell<Vec<Rc<Environment>>>,
    /// The compiled function object that this is the state of; null before there is one.  Not a reference: the object
    /// owns the state.
    pub object: Cell<*mut PyObject>,
    /// The Python function that profilers see, made when the first one watches.
    pub profiled: PyOnceLock<Py<PyAny>>,
}

/// The specialisation of the last call with its environment.
pub struct Hot {
    /// The specialisation.
    pub spec: Rc<Specialisation>,
    /// Where it belongs.
    pub environment: Rc<Environment>,
}

/// A cell for the hot path of calls, without the count of a `RefCell`.
pub struct Shared<T>(UnsafeCell<T>);

impl<T> Shared<T> {
    /// A cell.
    pub fn new(value: T) -> Shared<T> {
        Shared(UnsafeCell::new(value))
    }

    /// A look at the value.
    ///
    /// # Safety
    /// The interpreter is held, and no Python code runs as long as the reference is used.
    #[inline(always)]
    pub unsafe fn get(&self) -> &T {
        // SAFETY: changes happen only while the interpreter is held, and run no Python code.
        unsafe { &*self.0.get() }
    }

    /// Another value; the old one is returned, so that it is dropped outside.
    pub fn replace(&self, value: T) -> T {
        // SAFETY: as for `get`; moving values runs no Python code.
        unsafe { std::mem::replace(&mut *self.0.get(), value) }
    }

    /// Changes the value; the change runs no Python code.
    pub fn change(&self, change: impl FnOnce(&mut T)) {
        // SAFETY: as for `get`.
        change(unsafe { &mut *self.0.get() });
    }
}

/// A snapshot and what was compiled from it.
pub struct Environment {
    /// The functions in reach, and the objects behind them.
    pub reached: Reached,
    /// The function itself.
    pub root: FuncId,
    /// How many overloads there were when the snapshot was taken.
    pub generation: u64,
    /// What must stay the same.
    pub guards: Shared<Guards>,
    /// One compile for each list of types, also while it runs.
    pub compiles: RefCell<HashMap<Vec<Ty>, Arc<Once>>>,
    /// Finished specialisations, in the order of their first calls.
    pub specialisations: RefCell<Vec<Rc<Specialisation>>>,
}

/// Machine code for one list of argument types.
pub struct Specialisation {
    /// How arguments are taken.
    pub slots: Box<[Slot]>,
    /// How arguments are converted to the types of a signature where no specialisation takes them as they are.
    pub converting: Option<Box<[Slot]>>,
    /// Argument types.
    pub params: Vec<Ty>,
    /// The code.
    pub compiled: Arc<Compiled>,
    /// The number of its request.
    pub number: u64,
    /// Number of argument words.
    pub argument_words: usize,
    /// Number of words for lists of the surroundings, which follow.
    pub list_words: usize,
    /// Number of result words.
    pub result_words: usize,
    /// Whether the result is a generator.
    pub gives: bool,
    /// Whether other threads run during a call.
    pub releases: bool,
    /// Objects whose addresses are in the slots.
    pub kept: Vec<Py<PyAny>>,
    /// Layouts of the classes of instances among arguments and results.
    pub layouts: Vec<Arc<crate::arguments::instances::Layout>>,
}

impl State {
    /// The environment that fits now; takes a snapshot if none does.
    pub fn environment(&self, py: Python<'_>) -> PyResult<Rc<Environment>> {
        let known = self.environments.borrow().clone();
        for (position, environment) in known.iter().enumerate() {
            if !environment.is_retired() && environment.holds(py) && environment.fits(py) {
                if position > 0 {
                    let mut list = self.environments.borrow_mut();
                    if let Some(at) = list.iter().position(|e| Rc::ptr_eq(e, environment)) {
                        let found = list.remove(at);
                        list.insert(0, found);
                    }
                }
                return Ok(environment.clone());
            }
        }
        let fresh = Rc::new(Environment::take(py, self)?);
        let mut list = self.environments.borrow_mut();
        list.insert(0, fresh.clone());
        let last = MAX_ENVIRONMENTS.min(list.len());
        let dropped: Vec<_> = list.drain(last..).collect();
        drop(list);
        drop(dropped);
        Ok(fresh)
    }

    /// The specialisation for these arguments: a finished one, or a new one, which is compiled first.
    pub fn specialise(
        &self,
        py: Python<'_>,
        environment: &Rc<Environment>,
        args: &[*mut PyObject],
        words: &mut Vec<u64>,
        lists: &mut Taken,
    ) -> Result<Rc<Specialisation>, Failure> {
        self.compile_signatures(py, environment)?;
        // Taking a pointer apart may run Python code, which may add to the list.
        let known = environment.specialisations.borrow().clone();
        for spec in &known {
            // SAFETY: the interpreter is held and the arguments are live.
            if unsafe { spec.take(environment, args, words, lists) } {
                return Ok(spec.clone());
            }
        }
        for spec in &known {
            // SAFETY: as above.
            if unsafe { spec.convert(environment, args, words, lists) } {
                return Ok(spec.clone());
            }
        }
        crate::abandoned::check(py)?;
        if self.closed.get() {
            return Err(classify::mismatch(py, &self.parameters, &self.signatures.borrow(), args));
        }
        let taken = {
            let mut memo = environment.reached.memo.take();
            let mut more = Guards::new(crate::versions::python(py));
            let mut snapshot =
                Snapshot::new(py, &environment.reached.program, &mut more, &mut memo, &self.options).taking_lists();
            let outcome = classify::arguments(py, &self.parameters, args, &mut snapshot);
            let read = snapshot.finish();
            environment.reached.memo.replace(memo);
            environment.guards.change(|guards| guards.join(more));
            if read.is_err() {
                // It knows functions by now that it has not read.
                self.environments.borrow_mut().retain(|other| !Rc::ptr_eq(other, environment));
            }
            read?;
            outcome?
        };
        let mut taken = self.filled(py, environment, taken, args)?;
        let (compiled, slots) = match self.general(py, environment, &taken.types)? {
            Ok(compiled) => {
                let slots = taken.types.iter().zip(taken.slots).map(|(ty, slot)| texts::general_slot(ty, slot));
                taken.kept.retain(|object| !texts::is_string(object.bind(py)));
                (compiled, slots.collect())
            }
            Err(refusal) => {
                let compiled = self.compile(py, environment, taken.types, None);
                let refused = |own| match (refusal, own) {
                    // What no string would change is told of any string.
                    (Some(general), Failure::Diagnostic(_)) if general.code != Code::NeedsConstant => {
                        Failure::Diagnostic(general)
                    }
                    (_, own) => own,
                };
                (compiled.map_err(refused)?, taken.slots)
            }
        };
        let known = environment.specialisations.borrow().clone();
        for spec in known.iter().filter(|s| Arc::ptr_eq(&s.compiled, &compiled.code)) {
            // SAFETY: as above.
            if unsafe { spec.take(environment, args, words, lists) } {
                return Ok(spec.clone());
            }
        }
        // The same types may come with other objects: a function and its compiled form are one function.
        let spec = compiled.specialisation(self, environment, slots, None, taken.kept);
        // SAFETY: as above.
        if unsafe { !spec.take(environment, args, words, lists) } {
            return Err(classify::changed(py));
        }
        Ok(spec)
    }

    /// Lists without an item are taken as lists of what the function puts into them.
    fn filled(
        &self,
        py: Python<'_>,
        environment: &Rc<Environment>,
        taken: classify::Taken,
        args: &[*mut PyObject],
    ) -> Result<classify::Taken, Failure> {
        let types = self.fill(py, environment, taken.types.clone(), args)?;
        let both = types.into_iter().zip(taken.types).zip(taken.slots);
        let (types, slots): (Vec<Ty>, Vec<Slot>) = both
            .map(|((ty, before), slot)| match coachwhip_driver::is_hollow(&before) {
                true => match classify::list_slot(&ty) {
                    Some(filled) => (ty, filled),
                    None => (before, slot),
                },
                false => (before, slot),
            })
            .unzip();
        let slots = slots.into();
        Ok(classify::Taken { slots, types, kept: taken.kept })
    }

    /// The types of a call's arguments with those of lists without an item filled in; those of the surroundings are filled
    /// in before the first compile.
    fn fill(
        &self,
        py: Python<'_>,
        environment: &Environment,
        types: Vec<Ty>,
        args: &[*mut PyObject],
    ) -> Result<Vec<Ty>, Failure> {
        use coachwhip_driver::is_hollow;
        let program = &environment.reached.program;
        let first = |environment: &Environment| environment.compiles.borrow().is_empty();
        let globals = first(environment) && program.lists().iter().any(is_hollow);
        if !globals && !types.iter().any(is_hollow) {
            return Ok(types);
        }
        let general = types.iter().map(texts::general).collect();
        let request = self.request(environment, general, None, fresh_number());
        let filled = py.detach(|| crate::fork::pass(|| coachwhip_driver::filled_lists(&request)));
        crate::abandoned::check(py)?;
        let Ok(mut filled) = filled else { return Ok(types) };
        environment.unify(&mut filled, args);
        // Code that is there takes the list as it was.
        if first(environment) {
            for (number, (ty, before)) in (0u32..).zip(filled.lists.into_iter().zip(program.lists())) {
                if is_hollow(&before)
                    && let Some(slot) = classify::list_slot(&ty)
                {
                    program.fill_list(number, ty);
                    environment.guards.change(|guards| guards.fill_list(number, slot));
                }
            }
        }
        let both = filled.args.into_iter().zip(types);
        Ok(both.map(|(ty, before)| if is_hollow(&before) { ty } else { before }).collect())
    }

    /// Where there are strings among the arguments: code for any string, or, if that is not what is wanted, the
    /// diagnostic that says why there can be none.
    fn general(
        &self,
        py: Python<'_>,
        environment: &Rc<Environment>,
        types: &[Ty],
    ) -> Result<Result<Finished, Option<Arc<Diagnostic>>>, Failure> {
        let general: Vec<Ty> = types.iter().map(texts::general).collect();
        if !texts::any(types) || environment.compiles.borrow().contains_key(types) {
            return Ok(Err(None));
        }
        let compiled = match self.compile(py, environment, general.clone(), None) {
            Ok(compiled) => compiled,
            // The code must know the string.
            Err(Failure::Diagnostic(refusal)) => return Ok(Err(Some(refusal))),
            Err(failure) => return Err(failure),
        };
        if !compiled.code.mixes {
            return Ok(Ok(compiled));
        }
        // A result may be a number of another type than plain Python's: the first strings get code of their own.
        let alike = |known: &[Ty]| texts::any(known) && known.iter().map(texts::general).eq(general.iter().cloned());
        let specialisations = environment.specialisations.borrow().clone();
        let earlier: Vec<_> = specialisations.iter().filter(|spec| alike(&spec.params)).collect();
        let covered = earlier.iter().all(|spec| texts::covers(&compiled.code.ret, &spec.compiled.ret));
        if earlier.len() >= texts::OWN_CODE && covered { Ok(Ok(compiled)) } else { Ok(Err(None)) }
    }

    /// Compiles the explicit signatures that this environment does not have yet.
    pub fn compile_signatures(&self, py: Python<'_>, environment: &Rc<Environment>) -> Result<(), Failure> {
        let signatures = self.signatures.borrow();
        let missing: Vec<Signature> = {
            let have = environment.specialisations.borrow();
            signatures.iter().filter(|s| !have.iter().any(|h| h.params == s.params)).cloned().collect()
        };
        let closed = self.closed.get();
        let alone = closed && signatures.len() == 1;
        drop(signatures);
        if let Some(first) = missing.first() {
            self.fill(py, environment, first.params.clone(), &[])?;
        }
        for signature in missing {
            let declared = classify::declared_slots(&signature.params)?;
            let compiled = self.compile(py, environment, signature.params, signature.ret)?;
            let (slots, converting) = match classify::exact_slots(&compiled.params) {
                // Where arguments of other types are possible, those that need no conversion go first.
                Some(exact) if !alone => (exact, closed.then_some(declared)),
                _ => (declared, None),
            };
            // Another thread may have been quicker.
            let known = environment.specialisations.borrow().iter().any(|s| s.params == compiled.params);
            if !known {
                compiled.specialisation(self, environment, slots, converting, vec![]);
            }
        }
        Ok(())
    }

    fn compile(
        &self,
        py: Python<'_>,
        environment: &Rc<Environment>,
        params: Vec<Ty>,
        ret: Option<Ty>,
    ) -> Result<Finished, Failure> {
        let once = environment.compiles.borrow_mut().entry(params.clone()).or_default().clone();
        let request = self.request(environment, params.clone(), ret, fresh_number());
        let outcome = match once.known() {
            Some(known) => known.clone(),
            None => {
                crate::cache::identify(py)?;
                let outcome = py.detach(|| crate::fork::pass(|| once.get(&request)));
                crate::abandoned::check(py)?;
                crate::cache::warn(py)?;
                py.check_signals()?;
                outcome
            }
        };
        let code = outcome.map_err(Failure::Diagnostic)?;
        if code.attached() {
            crate::hooks::provide_bit_generator(py)?;
        }
        if let Some(what) = constants::unreturnable(py, &code.ret, &environment.reached)? {
            let message = format!("a result of type {what} cannot be returned to Python");
            return Err(Diagnostic::new(Code::Unsupported, message).into());
        }
        Ok(Finished { params, code, number: request.number })
    }

    /// The request that a specialisation was compiled from, to look inside again.
    pub fn request(&self, environment: &Environment, args: Vec<Ty>, ret: Option<Ty>, number: u64) -> Request {
        Request {
            program: environment.reached.program.clone(),
            root: environment.root,
            args,
            ret,
            options: self.options.clone(),
            kind: self.kind.clone(),
            number,
            cache: self.cache,
        }
    }

    /// Visits every object kept, for the garbage collector.  What is being changed at this moment is left out:
    /// the collector then takes its objects for alive.
    pub fn traverse(&self, visit: &mut dyn FnMut(*mut PyObject) -> i32) -> i32 {
        let own = visit(self.function.as_ptr());
        if own != 0 {
            return own;
        }
        let Ok(environments) = self.environments.try_borrow() else { return 0 };
        environments.iter().map(|e| e.traverse(visit)).find(|&r| r != 0).unwrap_or(0)
    }

    /// Drops everything that may be part of a cycle.
    pub fn clear(&self) {
        let hot = self.hot.replace(None);
        let environments = self.environments.take();
        drop((hot, environments));
    }
}

/// What a compile gave.
struct Finished {
    params: Vec<Ty>,
    code: Arc<Compiled>,
    number: u64,
}

impl Finished {
    /// A specialisation that takes its arguments by these slots, entered into the environment.
    fn specialisation(
        self,
        state: &State,
        environment: &Environment,
        slots: Box<[Slot]>,
        converting: Option<Box<[Slot]>>,
        kept: Vec<Py<PyAny>>,
    ) -> Rc<Specialisation> {
        let spec = Rc::new(Specialisation {
            slots,
            converting,
            argument_words: self.params.iter().map(|ty| ty.machine().len()).sum(),
            result_words: self.code.ret.machine().len(),
            number: self.number,
            // SAFETY: as for `get`.
            list_words: unsafe { environment.guards.get().list_words(self.code.lists) },
            gives: super::generator::given(&self.code.ret).is_some(),
            releases: !self.code.attached() && (self.code.loops || self.code.recursive || state.options.nogil),
            layouts: match self.params.iter().any(Ty::holds_instance) || self.code.ret.holds_instance() {
                true => {
                    crate::boxing::instances::layouts(&self.params.iter().chain([&self.code.ret]).collect::<Vec<_>>())
                }
                false => vec![],
            },
            params: self.params,
            compiled: self.code,
            kept,
        });
        environment.specialisations.borrow_mut().push(spec.clone());
        spec
    }
}

impl Environment {
    /// Whether something was refused here that an overload registered since may allow.
    pub fn is_retired(&self) -> bool {
        let refused = |once: &Arc<Once>| matches!(once.known(), Some(Err(_)));
        self.generation != crate::overloads::generation() && self.compiles.borrow().values().any(refused)
    }

    fn take(py: Python<'_>, state: &State) -> PyResult<Environment> {
        let program = {
            let library = PythonLibrary::new(&state.options);
            Program::new(coachwhip_driver::host(), Some(Arc::new(library)), externals())
        };
        let mut guards = Guards::new(crate::versions::python(py));
        let mut memo = Memo::default();
        let mut snapshot = Snapshot::new(py, &program, &mut guards, &mut memo, &state.options).taking_lists();
        // SAFETY: null, or the object that owns the state and so is alive.
        let own = unsafe { Bound::from_borrowed_ptr_or_opt(py, state.object.get()) };
        if let Some(own) = own {
            snapshot = snapshot.naming(state.function.bind(py), &own);
        }
        let root = snapshot.function(state.function.bind(py), &state.options);
        snapshot.finish()?;
        Ok(Environment {
            reached: Reached { program: Arc::new(program), memo: RefCell::new(memo) },
            root,
            generation: crate::overloads::generation(),
            guards: Shared::new(guards),
            compiles: RefCell::default(),
            specialisations: RefCell::default(),
        })
    }

    /// Whether the snapshot is still true.
    #[inline(always)]
    pub fn holds(&self, _py: Python<'_>) -> bool {
        // SAFETY: the token says that the interpreter is held.
        unsafe { self.guards.get().hold() }
    }

    /// Whether the lists of the surroundings are still what code was made for.
    fn fits(&self, py: Python<'_>) -> bool {
        let Ok(specialisations) = self.specialisations.try_borrow() else { return true };
        let used = specialisations.iter().fold(0, |all, spec| all | spec.compiled.lists);
        drop(specialisations);
        // SAFETY: the token says that the interpreter is held; taking lists runs no Python code.
        unsafe {
            let guards = self.guards.get();
            let refused = self.has_refused();
            if refused && !guards.odd_lists_stay(py) {
                return false;
            }
            let used = if refused { u64::MAX } else { used };
            let mut taken = Taken::default();
            let mut words = vec![0u64; guards.list_words(used)];
            guards.take_lists(used, words.as_mut_ptr(), &raw mut taken) && !self.is_outgrown(py)
        }
    }

    /// The same list twice is one list: what one of its names says of its items counts for all.
    fn unify(&self, filled: &mut coachwhip_driver::Filled, args: &[*mut PyObject]) {
        use coachwhip_driver::is_hollow;
        let memo = self.reached.memo.borrow();
        let number = |arg: &*mut PyObject| memo.lists.get(&(*arg as usize)).map(|n| *n as usize);
        for (n, arg) in args.iter().enumerate() {
            let same = filled.args.iter().zip(args).filter(|(_, other)| *other == arg).map(|(ty, _)| ty);
            let same = same.chain(number(arg).and_then(|n| filled.lists.get(n)));
            let Some(known) = same.into_iter().find(|ty| !is_hollow(ty)).cloned() else { continue };
            let own = filled.args.get_mut(n).filter(|ty| is_hollow(ty));
            if let Some(own) = own {
                *own = known.clone();
            }
            if let Some(global) = number(arg).and_then(|n| filled.lists.get_mut(n)).filter(|ty| is_hollow(ty)) {
                *global = known;
            }
        }
    }

    fn has_refused(&self) -> bool {
        self.compiles.borrow().values().any(|once| matches!(once.known(), Some(Err(_))))
    }

    /// Whether something was refused because of what an empty list held when code was made for others.
    pub fn is_outgrown(&self, py: Python<'_>) -> bool {
        // SAFETY: as in `fits`.
        let empty = || unsafe { self.guards.get() }.has_empty_list(py);
        self.has_refused() && self.compiles.borrow().len() > 1 && empty()
    }

    fn traverse(&self, visit: &mut dyn FnMut(*mut PyObject) -> i32) -> i32 {
        // SAFETY: visiting runs no Python code.
        let result = unsafe { self.guards.get() }.traverse(visit);
        if result != 0 {
            return result;
        }
        if let Ok(memo) = self.reached.memo.try_borrow() {
            let objects = memo.kept.iter().chain(memo.functions.values());
            let result = objects.map(|o| visit(o.as_ptr())).find(|&r| r != 0);
            if let Some(result) = result {
                return result;
            }
        }
        let Ok(specialisations) = self.specialisations.try_borrow() else { return 0 };
        let kept = specialisations.iter().flat_map(|s| &s.kept);
        kept.map(|o| visit(o.as_ptr())).find(|&r| r != 0).unwrap_or(0)
    }
}

impl Specialisation {
    /// Takes the arguments apart into words; false if they are of other types.
    ///
    /// # Safety
    /// The interpreter is held and the arguments are live.
    pub unsafe fn take(
        &self,
        environment: &Environment,
        args: &[*mut PyObject],
        words: &mut Vec<u64>,
        taken: &mut Taken,
    ) -> bool {
        // SAFETY: as the caller promises.
        unsafe { self.take_by(environment, &self.slots, args, words, taken) }
    }

    /// Takes the arguments as [`Specialisation::take`], converting them to the types of its signature.
    ///
    /// # Safety
    /// As for `take`.
    unsafe fn convert(
        &self,
        environment: &Environment,
        args: &[*mut PyObject],
        words: &mut Vec<u64>,
        taken: &mut Taken,
    ) -> bool {
        // SAFETY: as the caller promises.
        self.converting.as_deref().is_some_and(|slots| unsafe { self.take_by(environment, slots, args, words, taken) })
    }

    /// # Safety
    /// As for `take`; the slots are those of the parameter types.
    unsafe fn take_by(
        &self,
        environment: &Environment,
        slots: &[Slot],
        args: &[*mut PyObject],
        words: &mut Vec<u64>,
        taken: &mut Taken,
    ) -> bool {
        *taken = Taken::default();
        words.clear();
        words.reserve(self.argument_words + self.list_words);
        let mut cursor = Cursor::with_lists(words.as_mut_ptr(), &raw mut *taken);
        let same = args.len() == slots.len();
        // SAFETY: as the caller promises; the buffer has room for all the words.
        let done = same && slots.iter().zip(args).all(|(slot, &arg)| unsafe { slot.take(arg, &mut cursor) });
        if !done {
            return false;
        }
        // SAFETY: the slots have written exactly this many words; those of lists that are not used are 0.
        unsafe { words.set_len(self.argument_words) };
        words.resize(self.argument_words + self.list_words, 0);
        // SAFETY: as the caller promises; there is room for the lists.
        self.list_words == 0 || unsafe { self.take_lists(environment, words.as_mut_ptr(), taken) }
    }

    /// Takes the lists of the surroundings that the code uses, after the arguments' words.
    ///
    /// # Safety
    /// As for `take`; there is room for all words.
    pub unsafe fn take_lists(&self, environment: &Environment, words: *mut u64, taken: &mut Taken) -> bool {
        // SAFETY: as the caller promises.
        unsafe {
            let guards = environment.guards.get();
            guards.take_lists(self.compiled.lists, words.add(self.argument_words), &raw mut *taken)
        }
    }
}

/// Names and addresses of the run-time functions.
fn externals() -> Arc<[(String, usize)]> {
    static TABLE: OnceLock<Arc<[(String, usize)]>> = OnceLock::new();
    let all = || RuntimeFn::ALL.iter().map(|f| (f.symbol().to_owned(), coachwhip_runtime::address(*f))).collect();
    TABLE.get_or_init(all).clone()
}
