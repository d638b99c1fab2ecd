//! The faces of the neighbouring crates as this one uses them: their errors become diagnostics.

use crate::guarded::internal;
use crate::place::{Callable, Code, Supplied, place, spans};
use crate::program::Program;
use crate::request::{Kind, Request};
use coachwhip_codegen::{EmitOptions, Linked, Object, Open, callback_symbol, emit_movable, entry_symbol};
use coachwhip_ir::{Diagnostic, Module, verify};
use coachwhip_opt::Observer;
use std::collections::HashMap;
use std::time::Duration;

/// Runs `opt`; in debug builds every pass's result is verified.
pub fn optimise(module: Module, observer: &mut dyn Observer) -> Result<Module, Diagnostic> {
    let mut verifying = Verifying { inner: observer, failure: None };
    let module = coachwhip_opt::optimise(module, &mut verifying);
    match verifying.failure {
        Some(failure) => Err(failure),
        None => Ok(module),
    }
}

struct Verifying<'a> {
    inner: &'a mut dyn Observer,
    failure: Option<Diagnostic>,
}

impl Observer for Verifying<'_> {
    fn stage(&mut self, name: &'static str, module: &Module, time: Duration) {
        if cfg!(debug_assertions) && self.failure.is_none() {
            self.failure = verified(name, module).err();
        }
        self.inner.stage(name, module, time);
    }
}

/// Makes the symbols of a module unique.
pub fn mark_symbols(module: &mut Module, tag: &str) {
    for (position, func) in module.funcs.iter_mut().enumerate() {
        func.symbol = format!("{}.{tag}.{position}", func.symbol);
    }
}

/// In debug builds, the verifier's word on a stage's result.
pub fn verified(stage: &str, module: &Module) -> Result<(), Diagnostic> {
    if !cfg!(debug_assertions) {
        return Ok(());
    }
    let place = |name: &str| coachwhip_opt::STAGES.iter().position(|s| s.name == name);
    let owned = place(stage) >= place("ownership") && place(stage).is_some();
    let level = if owned { verify::Stage::Owned } else { verify::Stage::Typed };
    match verify::module(module, level).first() {
        None => Ok(()),
        Some(problem) => Err(internal(stage, &format!("{problem}\n{module}"))),
    }
}

/// Object code, and whatever texts the options ask for.
pub fn generate(module: &Module, request: &Request, options: EmitOptions) -> Result<Object, Diagnostic> {
    let options = EmitOptions { callback: request.kind == Kind::Cfunc, ..options };
    object(module, &request.program, options)
}

/// Object code of a module made from the program.
pub fn object(module: &Module, program: &Program, options: EmitOptions) -> Result<Object, Diagnostic> {
    emit_movable(module, &spans(program), &options).map_err(|e| internal("codegen", &e.message))
}

/// Linked code; `callees` are the functions compiled by themselves that the object may call.
pub fn linked(object: &Object, program: &Program, callees: &HashMap<u32, Callable>) -> Result<Code, Diagnostic> {
    let mut supplied = Supplied::new();
    for &what in &object.open {
        let callee = match what {
            Open::External(number) => callees.get(&number),
            _ => None,
        };
        let found = match callee {
            Some(callee) => {
                supplied.callee(what.symbol(), callee);
                true
            }
            None => supplied.row(what.symbol(), what, program),
        };
        if !found {
            return Err(internal("link", &format!("`{}` is not in the program", what.symbol())));
        }
    }
    place(&object.code, &object.symbols, supplied, program).map_err(|e| internal("link", &e.message))
}

/// Address of the entry point.
pub fn entry(linked: &Linked, symbol: &str) -> Result<usize, Diagnostic> {
    linked.address(&entry_symbol(symbol)).ok_or_else(|| internal("link", "the entry point is missing"))
}

/// Address of the C function.
pub fn callback(linked: &Linked, symbol: &str) -> Result<usize, Diagnostic> {
    linked.address(&callback_symbol(symbol)).ok_or_else(|| internal("link", "the C function is missing"))
}
