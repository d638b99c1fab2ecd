//! One compile: the stages in order, timed, and what is kept of them.

use crate::cache::{Facts, Layer, Lookup, now};
use crate::guarded::stage;
use crate::loops::{changes, loops, recursive};
use crate::place::Code;
use crate::program::Program;
use crate::separate;
use crate::stages;
use coachwhip_codegen::EmitOptions;
use coachwhip_infer::{infer, infer_linked};
use coachwhip_ir::{Code as DiagnosticCode, Diagnostic, FuncId, Module, Options, Source, Ty};
use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How the root function is entered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// From Python: argument words in, result words out.
    Entry,
    /// From C as well, with the C calling convention and the request's argument and result types.
    Cfunc,
}

/// What is to be compiled.
#[derive(Clone)]
pub struct Request {
    /// The functions and objects in reach.
    pub program: Arc<Program>,
    /// The root function.
    pub root: FuncId,
    /// Its argument types.
    pub args: Vec<Ty>,
    /// Its declared result type, if there is one.
    pub ret: Option<Ty>,
    /// Its options.
    pub options: Options,
    /// How it is entered.
    pub kind: Kind,
    /// Makes the symbols unique in the process where the cache does not: see [`fresh_number`].
    pub number: u64,
    /// Whether the code may come from the cache and be kept there.
    pub cache: bool,
}

/// A number that no other request has.
pub fn fresh_number() -> u64 {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// A compiled specialisation.  Its code lives as long as it does.
pub struct Compiled {
    /// Address of the entry point (`abi::layout::EntryFn`).
    pub entry: usize,
    /// Address of the C function, for [`Kind::Cfunc`].
    pub callback: Option<usize>,
    /// Result type.
    pub ret: Ty,
    /// Whether a call may take long: the function loops, recurses or calls foreign code.
    pub loops: bool,
    /// Whether a function of the module can call itself, so that it needs the limit of the thread's stack.
    pub recursive: bool,
    /// Whether it may change lists that the caller has.
    pub changes: bool,
    /// Stages and the time they took.
    pub times: Vec<(&'static str, Duration)>,
    /// Name of the root's symbol.
    pub symbol: String,
    /// Where the code comes from.
    pub layer: Layer,
    /// How many library functions that are compiled by themselves were compiled for it, and how many were there.
    pub library: [u32; 2],
    /// When it was compiled, in nanoseconds since 1970.
    pub made: u64,
    pub(crate) code: Arc<Code>,
}

impl Compiled {
    /// Whether a call must hold the interpreter all the time.
    pub fn attached(&self) -> bool {
        self.code.supplied().attached
    }

    /// Bytes of machine code and constants.
    pub fn size(&self) -> usize {
        self.code.linked().size()
    }
}

/// Finds the code in the cache, or runs all the stages.
pub fn compile(request: &Request) -> Result<Compiled, Diagnostic> {
    let mut lookup = quietly(|| Ok(Lookup::new(request)))?;
    if let Some(lookup) = &mut lookup
        && let Some(found) = quietly(|| lookup.find(request))?
    {
        return Ok(found);
    }
    let made = now();
    let mut times = Vec::new();
    let tag = tag(request, lookup.as_ref());
    let typed = timed(&mut times, "infer", || typed_module(request, &tag, lookup.is_some()))?;
    let ret = typed.funcs.first().map_or(Ty::Never, |f| f.ret.clone());
    request.program.go_on()?;
    let better = timed(&mut times, "opt", || stage("opt", || stages::optimise(typed, &mut ())))?;
    let (mut loops, mut recursive) = (loops(&better), recursive(&better));
    let changes = changes(&better);
    let symbol = better.funcs.first().map(|f| f.symbol.clone()).unwrap_or_default();
    request.program.go_on()?;
    let object = stage("codegen", || stages::generate(&better, request, EmitOptions::default()))?;
    times.extend(object.times.iter().map(|(stage, time)| (stage.name(), *time)));
    let library = timed(&mut times, "library", || separate::prepare(&request.program, &object))?;
    times.pop_if(|_| library == [0; 2]);
    let code = timed(&mut times, "link", || stage("link", || stages::linked(&object, &request.program)))?;
    let code = Arc::new(code);
    loops |= code.supplied().loops;
    recursive |= code.supplied().recursive;
    request.program.forget_ssa();
    let layer = if lookup.is_some() { Layer::Compiled } else { Layer::Off };
    if let Some(lookup) = lookup {
        let took = times.iter().map(|(_, time)| *time).sum();
        let facts = Facts { ret: &ret, loops, recursive, changes, symbol: &symbol, took };
        quietly(|| {
            lookup.keep(&object, &code, &facts);
            Ok(Some(()))
        })?;
    }
    Ok(Compiled {
        entry: stages::entry(code.linked(), &symbol)?,
        callback: match request.kind {
            Kind::Entry => None,
            Kind::Cfunc => Some(stages::callback(code.linked(), &symbol)?),
        },
        ret,
        loops,
        recursive,
        changes,
        times,
        symbol,
        layer,
        library,
        made,
        code,
    })
}

/// The cache's answer; should it fail, there is none, unless the compile is to end.
fn quietly<T>(work: impl FnOnce() -> Result<Option<T>, Diagnostic>) -> Result<Option<T>, Diagnostic> {
    match stage("cache", work) {
        Err(failure) if !failure.is_abandoned() => Ok(None),
        answer => answer,
    }
}

/// Distinguishes the symbols of a request's functions from those of others.
pub(crate) fn tag(request: &Request, lookup: Option<&Lookup<'_>>) -> String {
    lookup.map_or_else(|| request.number.to_string(), Lookup::tag)
}

/// The typed module, its symbols made unique by the tag.
/// `linked`: library functions that are compiled by themselves are called outside it.
pub(crate) fn typed_module(request: &Request, tag: &str, linked: bool) -> Result<Module, Diagnostic> {
    let Request { program, root, args, ret, options, .. } = request;
    let mut module = stage("infer", || match linked {
        true => infer_linked(&**program, *root, args, ret.as_ref(), options).map(|linked| linked.module),
        false => infer(&**program, *root, args, ret.as_ref(), options),
    })?;
    mark_symbols(&mut module, tag);
    stages::verified("infer", &module)?;
    Ok(module)
}

/// Makes the symbols of a module unique.
pub(crate) fn mark_symbols(module: &mut Module, tag: &str) {
    for (position, func) in module.funcs.iter_mut().enumerate() {
        func.symbol = format!("{}.{tag}.{position}", func.symbol);
    }
}

fn timed<T>(
    times: &mut Vec<(&'static str, Duration)>,
    name: &'static str,
    work: impl FnOnce() -> Result<T, Diagnostic>,
) -> Result<T, Diagnostic> {
    let start = Instant::now();
    let outcome = work();
    times.push((name, start.elapsed()));
    outcome
}

thread_local! {
    /// The places that this thread compiles for.  A compile may run Python code, which must not wait for itself.
    static UNDER_WAY: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// A place for one specialisation: whoever comes first compiles, the others wait for the outcome.
#[derive(Default)]
pub struct Once {
    outcome: OnceLock<Result<Arc<Compiled>, Arc<Diagnostic>>>,
    /// Held by whoever compiles.
    busy: Mutex<()>,
}

impl Once {
    /// The outcome; compiles if nobody has.  A compile that was abandoned leaves no outcome: who waits for it, or comes
    /// next, compiles.
    pub fn get(&self, request: &Request) -> Result<Arc<Compiled>, Arc<Diagnostic>> {
        if let Some(known) = self.known() {
            return known.clone();
        }
        let place = std::ptr::from_ref(self) as usize;
        if UNDER_WAY.with_borrow(|places| places.contains(&place)) {
            let message = "an overload calls the function whose compilation asks for it";
            let refusal = Diagnostic::new(DiagnosticCode::Overload, message);
            return Err(Arc::new(refusal.help("call the plain function there: its `py_func`")));
        }
        let _busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.known() {
            return known.clone();
        }
        UNDER_WAY.with_borrow_mut(|places| places.push(place));
        let outcome = compile(request);
        UNDER_WAY.with_borrow_mut(|places| places.retain(|other| *other != place));
        match outcome {
            // An overload that raised an exception may return the next time.
            Err(passing) if passing.is_abandoned() || passing.code == DiagnosticCode::Overload => {
                Err(Arc::new(passing))
            }
            outcome => self.outcome.get_or_init(|| outcome.map(Arc::new).map_err(Arc::new)).clone(),
        }
    }

    /// The outcome, if there is one yet.
    pub fn known(&self) -> Option<&Result<Arc<Compiled>, Arc<Diagnostic>>> {
        self.outcome.get()
    }
}
