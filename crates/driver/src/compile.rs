//! One compile: the stages in order, timed, and what is kept of them.

use crate::guarded::stage;
use crate::loops::{loops, recursive};
use crate::program::Program;
use crate::stages;
use coachwhip_codegen::{EmitOptions, Linked};
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
    /// Makes the symbols unique in the process: see [`fresh_number`].
    pub number: u64,
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
    /// Stages and the time they took.
    pub times: Vec<(&'static str, Duration)>,
    /// Name of the root's symbol.
    pub symbol: String,
    linked: Linked,
}

impl Compiled {
    /// Bytes of machine code and constants.
    pub fn size(&self) -> usize {
        self.linked.size()
    }
}

/// Runs all the stages.
pub fn compile(request: &Request) -> Result<Compiled, Diagnostic> {
    let mut times = Vec::new();
    let typed = timed(&mut times, "infer", || typed_module(request))?;
    let ret = typed.funcs.first().map_or(Ty::Never, |f| f.ret.clone());
    let better = timed(&mut times, "opt", || stage("opt", || stages::optimise(typed, &mut ())))?;
    let (loops, recursive) = (loops(&better), recursive(&better));
    let arrays: Vec<u32> = better.arrays.iter().map(|(number, _)| *number).collect();
    let symbol = better.funcs.first().map(|f| f.symbol.clone()).unwrap_or_default();
    let object = stage("codegen", || stages::generate(&better, request, EmitOptions::default()))?;
    times.extend(object.times.iter().map(|(stage, time)| (stage.name(), *time)));
    let linked = timed(&mut times, "link", || stage("link", || stages::linked(&object, request, &arrays)))?;
    request.program.forget_ssa();
    Ok(Compiled {
        entry: stages::entry(&linked, &symbol)?,
        callback: match request.kind {
            Kind::Entry => None,
            Kind::Cfunc => Some(stages::callback(&linked, &symbol)?),
        },
        ret,
        loops,
        recursive,
        times,
        symbol,
        linked,
    })
}

/// The typed module, its symbols made unique in the process.
pub(crate) fn typed_module(request: &Request) -> Result<Module, Diagnostic> {
    let mut module = stage("infer", || {
        coachwhip_infer::infer(&*request.program, request.root, &request.args, request.ret.as_ref(), &request.options)
    })?;
    for (position, func) in module.funcs.iter_mut().enumerate() {
        func.symbol = format!("{}.{}.{position}", func.symbol, request.number);
    }
    stages::verified("infer", &module)?;
    Ok(module)
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
