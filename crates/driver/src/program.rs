//! What a snapshot holds: the functions, modules, arrays and C functions that one root can reach.
//!
//! A program only grows: the `py` crate fills it before a compile, and library functions are added when
//! inference asks for them.  Each table has its own lock, held for a push or a look and never while
//! anything else runs.

use coachwhip_frontend::CodeSnapshot;
use coachwhip_ir::{ArrayTy, Code, Const, Diagnostic, Func, FuncId, Options, Overloaded, Source, Target, Ty};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

/// A Python function of the program.
#[derive(Debug)]
pub struct FuncRecord {
    /// Its code and what its names stand for.
    pub code: CodeSnapshot,
    /// Its own options if it is a compiled function, else those of whoever calls it.
    pub options: Options,
    /// Contents of its closure cells, in the order of `co_freevars`; empty for a nested function's code.
    pub captured: Vec<Const>,
    /// See [`Func::of_library`].
    pub of_library: bool,
    /// See [`Func::reads_once`].
    pub reads_once: Vec<Arc<str>>,
    /// If it is compiled by itself, the parameters whose literal arguments stay literal; only functions of our package
    /// are.
    pub separate: Option<Vec<Arc<str>>>,
}

/// A module object: its name and those of its attributes that the program's code names.
#[derive(Debug, Default)]
pub struct ModuleRecord {
    /// `__name__`.
    pub name: Arc<str>,
    /// Attributes by name.
    pub attributes: HashMap<Arc<str>, Const>,
}

/// A C function pointer with its signature.
#[derive(Clone, Debug)]
pub struct NativeRecord {
    /// Parameter types.
    pub params: Vec<Ty>,
    /// Result type.
    pub ret: Ty,
    /// Address.
    pub address: u64,
}

/// Finds the Python function that implements a callable (`numpy.clip`) and adds it to the program.
pub trait Library: Send + Sync {
    /// The function's number, or `None` if the library has no such callable.
    fn find(&self, program: &Program, name: &str) -> Result<Option<FuncId>, Diagnostic>;
    /// As [`Source::go_on`].
    fn go_on(&self) -> Result<(), Diagnostic> {
        Ok(())
    }
    /// As [`Source::overloaded`].
    fn overloaded(&self, _what: Overloaded<'_>) -> bool {
        false
    }
    /// As [`Source::overload`]: runs Python code, and adds the function to the program.
    fn choose(
        &self,
        _program: &Program,
        _what: Overloaded<'_>,
        _positional: &[Ty],
        _keywords: &[(Arc<str>, Ty)],
    ) -> Result<Option<FuncId>, Diagnostic> {
        Ok(None)
    }
}

/// A function's number with what is behind it.
pub(crate) struct FuncSlot {
    record: OnceLock<FuncRecord>,
    ssa: Mutex<Option<Arc<Func>>>,
}

impl FuncSlot {
    /// The function, once it is known.
    pub(crate) fn record(&self) -> Option<&FuncRecord> {
        self.record.get()
    }
}

/// The functions and objects that one root can reach.
pub struct Program {
    target: Arc<Target>,
    funcs: RwLock<Vec<Arc<FuncSlot>>>,
    modules: RwLock<Vec<Arc<ModuleRecord>>>,
    arrays: RwLock<Vec<(ArrayTy, usize)>>,
    lists: RwLock<Vec<Ty>>,
    natives: RwLock<Vec<NativeRecord>>,
    library: Option<Arc<dyn Library>>,
    externals: Arc<[(String, usize)]>,
    found: Mutex<HashMap<Arc<str>, Option<FuncId>>>,
    /// Set if what is compiled depends on answers of Python code, which no key covers.
    out_of_cache: AtomicBool,
    /// Those answers.
    chosen: Mutex<HashMap<Choice, Result<Option<FuncId>, Diagnostic>>>,
}

/// What Python code was asked: what kind of thing by what name, and the types of the arguments.
type Choice = (u8, String, Vec<Ty>, Vec<(Arc<str>, Ty)>);

impl Program {
    /// An empty program for a machine, that answers [`Source::library`] from the given library and links against the given
    /// run-time functions.
    pub fn new(target: Arc<Target>, library: Option<Arc<dyn Library>>, externals: Arc<[(String, usize)]>) -> Program {
        Program {
            target,
            library,
            externals,
            funcs: RwLock::default(),
            modules: RwLock::default(),
            arrays: RwLock::default(),
            lists: RwLock::default(),
            natives: RwLock::default(),
            found: Mutex::default(),
            out_of_cache: AtomicBool::default(),
            chosen: Mutex::default(),
        }
    }

    /// The machine that code is made for.
    pub fn machine(&self) -> &Arc<Target> {
        &self.target
    }

    /// Names and addresses of the run-time functions.
    pub fn externals(&self) -> &[(String, usize)] {
        &self.externals
    }

    /// The address of a run-time function.
    pub fn external(&self, name: &str) -> Option<usize> {
        self.externals.iter().find(|(known, _)| known == name).map(|(_, address)| *address)
    }

    /// Reserves a number for a function, so that functions may refer to each other.
    pub fn reserve_func(&self) -> FuncId {
        let slot = FuncSlot { record: OnceLock::new(), ssa: Mutex::new(None) };
        push(&self.funcs, Arc::new(slot), FuncId)
    }

    /// Gives the function behind a reserved number; a second time is ignored.
    pub fn fill_func(&self, id: FuncId, record: FuncRecord) {
        if let Some(slot) = self.slot(id) {
            let _ = slot.record.set(record);
        }
    }

    /// Adds a module.
    pub fn add_module(&self, record: ModuleRecord) -> u32 {
        push(&self.modules, Arc::new(record), |n| n)
    }

    /// Gives a module that was added its attributes, for modules that name each other.
    pub fn fill_module(&self, number: u32, record: ModuleRecord) {
        let mut modules = self.modules.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = modules.get_mut(number as usize) {
            *slot = Arc::new(record);
        }
    }

    /// Adds a global array; compiled code reads its header words (`abi::layout`) at the given address.
    pub fn add_array(&self, ty: ArrayTy, words: usize) -> u32 {
        push(&self.arrays, (ty, words), |n| n)
    }

    /// Where the header words of a global array are.
    pub fn array_words(&self, index: u32) -> usize {
        let arrays = self.arrays.read().unwrap_or_else(PoisonError::into_inner);
        arrays.get(index as usize).map_or(0, |(_, words)| *words)
    }

    /// Adds a global list of a type.
    pub fn add_list(&self, ty: Ty) -> u32 {
        push(&self.lists, ty, |n| n)
    }

    /// Says what a list holds that had no item when it was added, before anything is compiled that uses it.
    pub fn fill_list(&self, number: u32, ty: Ty) {
        let mut lists = self.lists.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lists.get_mut(number as usize) {
            *known = ty;
        }
    }

    /// The types of the global lists, by number.
    pub fn lists(&self) -> Vec<Ty> {
        self.lists.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds a C function.
    pub fn add_native(&self, record: NativeRecord) -> u32 {
        push(&self.natives, record, |n| n)
    }

    /// Notes that what is compiled depends on answers of Python code (`coachwhip.extending`).
    pub fn keep_out_of_cache(&self) {
        self.out_of_cache.store(true, Ordering::Relaxed);
    }

    /// Whether it does.
    pub fn is_out_of_cache(&self) -> bool {
        self.out_of_cache.load(Ordering::Relaxed)
    }

    /// Drops the untyped SSA, which is made again when it is asked for.
    pub fn forget_ssa(&self) {
        for slot in self.funcs.read().unwrap_or_else(PoisonError::into_inner).iter() {
            *slot.ssa.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    /// Name of a function for messages.
    pub fn func_name(&self, id: FuncId) -> Arc<str> {
        self.slot(id)
            .and_then(|slot| slot.record.get().map(|r| r.code.qualname.clone()))
            .unwrap_or_else(|| Arc::from("?"))
    }

    /// The file and the first line of a function.
    pub fn func_place(&self, id: FuncId) -> (Arc<str>, u32) {
        self.slot(id)
            .and_then(|slot| slot.record.get().map(|r| (r.code.filename.clone(), r.code.firstlineno)))
            .unwrap_or_else(|| (Arc::from(""), 0))
    }

    /// The function behind a number.
    pub(crate) fn slot(&self, id: FuncId) -> Option<Arc<FuncSlot>> {
        self.funcs.read().unwrap_or_else(PoisonError::into_inner).get(id.0 as usize).cloned()
    }
}

impl Source for Program {
    fn target(&self) -> &Target {
        &self.target
    }

    fn func(&self, id: FuncId) -> Result<Arc<Func>, Diagnostic> {
        let slot = self.slot(id).ok_or_else(|| missing("function", id.0))?;
        let record = slot.record.get().ok_or_else(|| missing("function", id.0))?;
        let mut ssa = slot.ssa.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(func) = &*ssa {
            return Ok(func.clone());
        }
        let mut func = coachwhip_frontend::build(&record.code, &record.options)?;
        func.reads_once = record.reads_once.clone();
        func.of_library = record.of_library;
        let func = Arc::new(func);
        *ssa = Some(func.clone());
        Ok(func)
    }

    fn captured(&self, id: FuncId) -> Vec<Const> {
        self.slot(id).and_then(|slot| slot.record.get().map(|r| r.captured.clone())).unwrap_or_default()
    }

    fn array(&self, index: u32) -> ArrayTy {
        let arrays = self.arrays.read().unwrap_or_else(PoisonError::into_inner);
        let missing =
            ArrayTy { dtype: coachwhip_ir::Dtype::Bool, ndim: 0, layout: coachwhip_ir::Layout::A, readonly: true };
        arrays.get(index as usize).map_or(missing, |(ty, _)| *ty)
    }

    fn list(&self, index: u32) -> Ty {
        let lists = self.lists.read().unwrap_or_else(PoisonError::into_inner);
        lists.get(index as usize).cloned().unwrap_or_else(|| Ty::list(Ty::Never))
    }

    fn attribute(&self, module: u32, name: &str) -> Option<Const> {
        self.module(module)?.attributes.get(name).cloned()
    }

    fn module_name(&self, module: u32) -> Arc<str> {
        self.module(module).map_or_else(|| Arc::from("?"), |m| m.name.clone())
    }

    fn native(&self, index: u32) -> (Vec<Ty>, Ty, u64) {
        let natives = self.natives.read().unwrap_or_else(PoisonError::into_inner);
        natives.get(index as usize).map_or((vec![], Ty::Never, 0), |n| (n.params.clone(), n.ret.clone(), n.address))
    }

    fn overloaded(&self, what: Overloaded<'_>) -> bool {
        // A name taught after the snapshot was taken counts for the next one.
        self.is_out_of_cache() && self.library.as_ref().is_some_and(|library| library.overloaded(what))
    }

    fn overload(
        &self,
        what: Overloaded<'_>,
        positional: &[Ty],
        keywords: &[(Arc<str>, Ty)],
    ) -> Result<Option<FuncId>, Diagnostic> {
        let Some(library) = self.library.as_ref().filter(|_| self.overloaded(what)) else { return Ok(None) };
        let (kind, name) = match what {
            Overloaded::Function(name) => (0, name),
            Overloaded::Method(name) => (1, name),
            Overloaded::Attribute(name) => (2, name),
        };
        let choice = (kind, name.to_string(), positional.to_vec(), keywords.to_vec());
        if let Some(known) = self.chosen.lock().unwrap_or_else(PoisonError::into_inner).get(&choice) {
            return known.clone();
        }
        let answer = library.choose(self, what, positional, keywords);
        if answer.is_ok() {
            self.chosen.lock().unwrap_or_else(PoisonError::into_inner).insert(choice, answer.clone());
        }
        answer
    }

    fn library(&self, name: &str) -> Result<Option<FuncId>, Diagnostic> {
        let Some(library) = self.library.as_ref() else { return Ok(None) };
        if let Some(known) = self.found.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Ok(*known);
        }
        let id = library.find(self, name)?;
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(*found.entry(Arc::from(name)).or_insert(id))
    }

    fn keeps_literal(&self, id: FuncId) -> Option<Vec<Arc<str>>> {
        self.slot(id)?.record()?.separate.clone()
    }

    fn go_on(&self) -> Result<(), Diagnostic> {
        self.library.as_ref().map_or(Ok(()), |library| library.go_on())
    }
}

impl Program {
    /// Every function known by now.
    pub(crate) fn slots(&self) -> Vec<Arc<FuncSlot>> {
        self.funcs.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The library functions asked for by now, by name.
    pub(crate) fn libraries(&self) -> Vec<(Arc<str>, FuncId)> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let mut list: Vec<_> = found.iter().filter_map(|(name, id)| Some((name.clone(), (*id)?))).collect();
        list.sort();
        list
    }

    /// A module.
    pub(crate) fn module(&self, index: u32) -> Option<Arc<ModuleRecord>> {
        self.modules.read().unwrap_or_else(PoisonError::into_inner).get(index as usize).cloned()
    }
}

fn push<T, N>(table: &RwLock<Vec<T>>, item: T, number: impl Fn(u32) -> N) -> N {
    let mut table = table.write().unwrap_or_else(PoisonError::into_inner);
    table.push(item);
    number(table.len() as u32 - 1)
}

fn missing(what: &str, index: u32) -> Diagnostic {
    Diagnostic::new(Code::Internal, format!("the program has no {what} number {index}"))
}
