//! One compile: plan, units, link.
//!
//! Inference plans: it makes the root's module, and says which library functions are called outside it.  Each of these
//! units is found in the cache or compiled to an object by itself; then all are linked, callees first.

use crate::behaviour::Behaviour;
use crate::cache::{Facts, Lookup, now};
use crate::guarded::stage;
use crate::request::{Compiled, Kind, Layer, Request};
use crate::stages;
use crate::units::Units;
use coachwhip_codegen::EmitOptions;
use coachwhip_infer::{Filled, infer_apart};
use coachwhip_ir::{Code as Fault, Diagnostic, Func, Module, Op, Source, Ty};
use std::sync::Arc;
use std::time::{Duration, Instant};

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
    let units = Units::new(&request.program, lookup.is_some());
    let typed = timed(&mut times, "infer", || typed_module(request, &tag, &units))?;
    let ret = typed.funcs.first().map_or(Ty::Never, |f| f.ret.clone());
    let ret = typed.result.clone().unwrap_or(ret);
    request.program.go_on()?;
    let better = timed(&mut times, "opt", || stage("opt", || stages::optimise(typed, &mut ())))?;
    let mut behaviour = Behaviour::of(&better);
    let symbol = better.funcs.first().map(|f| f.symbol.clone()).unwrap_or_default();
    request.program.go_on()?;
    let object =
        stage("codegen", || stages::generate(&better, request, EmitOptions::new(request.program.machine().clone())))?;
    times.extend(object.times.iter().map(|(stage, time)| (stage.name(), *time)));
    let callees = timed(&mut times, "library", || units.callables(&object))?;
    let library = [callees.compiled, callees.found];
    times.pop_if(|_| library == [0; 2]);
    let link = || stage("link", || stages::linked(&object, &request.program, &callees.by_number));
    let code = Arc::new(timed(&mut times, "link", link)?);
    behaviour.also(code.supplied().behaviour);
    request.program.forget_ssa();
    let layer = if lookup.is_some() { Layer::Compiled } else { Layer::Off };
    if let Some(lookup) = lookup {
        let took = times.iter().map(|(_, time)| *time).sum();
        let facts = Facts { ret: &ret, behaviour, symbol: &symbol, took };
        quietly(|| {
            lookup.keep(&object, &code, &facts, &units);
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
        loops: behaviour.loops,
        recursive: behaviour.recursive,
        changes: behaviour.changes,
        lists: behaviour.lists,
        mixes: behaviour.mixes,
        times,
        symbol,
        layer,
        library,
        made,
        code,
    })
}

/// The types of the arguments of a request, and of the global lists: lists without an item are lists of what the function
/// puts into them.
pub fn filled_lists(request: &Request) -> Result<Filled, Diagnostic> {
    let Request { program, root, args, options, .. } = request;
    stage("infer", || coachwhip_infer::filled_lists(&**program, *root, args, &program.lists(), options))
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
pub(crate) fn typed_module(request: &Request, tag: &str, units: &Units<'_>) -> Result<Module, Diagnostic> {
    let Request { program, root, args, ret, options, .. } = request;
    let infer = || infer_apart(&**program, units, *root, args, ret.as_ref(), options);
    let mut module = stage("infer", infer)?.module;
    if request.kind == Kind::Cfunc {
        refuse_lists(&module)?;
    }
    stages::mark_symbols(&mut module, tag);
    stages::verified("infer", &module)?;
    Ok(module)
}

/// Nobody takes lists apart for a function that C calls.
fn refuse_lists(module: &Module) -> Result<(), Diagnostic> {
    let uses = |func: &Func| {
        let found = func.insts.values().find(|data| data.op == Op::GlobalList)?;
        Some(func.locs[found.loc].clone())
    };
    match module.funcs.iter().find_map(uses) {
        None => Ok(()),
        Some(place) => {
            let message = "a function that C calls cannot use lists of its surroundings";
            let refusal = Diagnostic::new(Fault::Container, message).at(&place, "used here");
            Err(refusal.help("make it an array, or a tuple"))
        }
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
