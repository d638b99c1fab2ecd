//! One compile: the stages in order, timed, and what is kept of them.

use crate::guarded::stage;
use crate::loops::loops;
use crate::program::Program;
use crate::stages::{self, Linked};
use coachwhip_ir::{Diagnostic, FuncId, Module, Options, Ty};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
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
}

/// A compiled specialisation.  Its code lives as long as it does.
pub struct Compiled {
    /// Address of the entry point (`abi::layout::EntryFn`).
    pub entry: usize,
    /// Address of the C function, for [`Kind::Cfunc`].
    pub c_entry: Option<usize>,
    /// Result type.
    pub ret: Ty,
    /// Whether a call may take long: the function loops, recurses or calls foreign code.
    pub loops: bool,
    /// Global arrays whose headers are read at each call, by their number in the program.
    pub arrays: Vec<u32>,
    /// Stages and the time they took.
    pub times: Vec<(&'static str, Duration)>,
    /// What the vectoriser said.
    pub remarks: Vec<stages::Remark>,
    /// Name of the root's symbol.
    pub symbol: String,
    _linked: Linked,
}

/// Runs all the stages.
pub fn compile(request: &Request) -> Result<Compiled, Diagnostic> {
    let mut times = Vec::new();
    let typed = timed(&mut times, "infer", || typed_module(request))?;
    let ret = return_type(&typed);
    let better = timed(&mut times, "opt", || stage("opt", || stages::optimise(typed, &mut |_, _| {})))?;
    let loops = loops(&better);
    let arrays = better.arrays.iter().map(|(number, _)| *number).collect();
    let symbol = better.funcs.first().map(|f| f.symbol.clone()).unwrap_or_default();
    let object = timed(&mut times, "emit", || stage("codegen", || stages::emit(&better, request)))?;
    let linked = timed(&mut times, "link", || stage("link", || stages::link(&object)))?;
    request.program.forget_ssa();
    Ok(Compiled {
        entry: stages::entry(&linked, &symbol)?,
        c_entry: match request.kind {
            Kind::Entry => None,
            Kind::Cfunc => Some(stages::c_entry(&linked, &symbol)?),
        },
        ret,
        loops,
        arrays,
        times,
        remarks: stages::remarks(&object),
        symbol,
        _linked: linked,
    })
}

/// The typed module, its symbols made unique in the process.
pub(crate) fn typed_module(request: &Request) -> Result<Module, Diagnostic> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let mut module = stage("infer", || {
        coachwhip_infer::infer(&*request.program, request.root, &request.args, request.ret.as_ref(), &request.options)
    })?;
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    for (position, func) in module.funcs.iter_mut().enumerate() {
        func.symbol = format!("{}.{number}.{position}", func.symbol);
    }
    Ok(module)
}

fn return_type(module: &Module) -> Ty {
    module.funcs.first().map_or(Ty::Never, |f| f.ret.clone())
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

/// A place for one specialisation: whoever comes first compiles, the others wait for the outcome.
#[derive(Default)]
pub struct Once(OnceLock<Result<Arc<Compiled>, Arc<Diagnostic>>>);

impl Once {
    /// The outcome; compiles if nobody has.
    pub fn get(&self, request: &Request) -> Result<Arc<Compiled>, Arc<Diagnostic>> {
        self.0.get_or_init(|| compile(request).map(Arc::new).map_err(Arc::new)).clone()
    }

    /// The outcome, if there is one yet.
    pub fn known(&self) -> Option<&Result<Arc<Compiled>, Arc<Diagnostic>>> {
        self.0.get()
    }
}
