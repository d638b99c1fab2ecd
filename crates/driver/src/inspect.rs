//! Seeing inside: the text of any stage, made again on demand, so that nothing is kept for it.

use crate::cache::Lookup;
use crate::compile::{tag, typed_module};
use crate::guarded::stage;
use crate::request::Request;
use crate::stages;
use crate::units::Units;
use coachwhip_codegen::{EmitOptions, Object, Remark};
use coachwhip_ir::{Code, Diagnostic, Module, Source};
use coachwhip_opt::Observer;
use std::time::Duration;

/// What to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// Our SSA after the named stage: `build`, `infer`, or a pass of `opt`; the last one if empty.
    Ir(String),
    /// LLVM's text.
    Llvm,
    /// Assembly.
    Asm,
}

/// Keeps the module after the wanted pass.
struct Kept<'a> {
    wanted: &'a str,
    module: Option<Module>,
}

impl Observer for Kept<'_> {
    fn stage(&mut self, name: &'static str, module: &Module, _: Duration) {
        if name == self.wanted {
            self.module = Some(module.clone());
        }
    }
}

/// The text.
pub fn inspect(request: &Request, view: &View) -> Result<String, Diagnostic> {
    let plain = || EmitOptions::new(request.program.machine().clone());
    match view {
        View::Ir(name) => ir(request, name),
        View::Llvm => {
            let object = object(request, EmitOptions { llvm_ir: true, ..plain() })?;
            Ok(object.llvm_ir.unwrap_or_default())
        }
        View::Asm => {
            let object = object(request, EmitOptions { assembly: true, ..plain() })?;
            Ok(object.assembly.unwrap_or_default())
        }
    }
}

/// What the vectoriser says about each loop.
pub fn remarks(request: &Request) -> Result<Vec<Remark>, Diagnostic> {
    let options = EmitOptions::new(request.program.machine().clone());
    object(request, EmitOptions { remarks: true, ..options }).map(|object| object.remarks)
}

fn ir(request: &Request, name: &str) -> Result<String, Diagnostic> {
    if name == "build" {
        return stage("build", || request.program.func(request.root)).map(|func| func.to_string());
    }
    module(request, name).map(|module| module.to_string())
}

/// The typed module after a stage: `infer`, a pass of `opt`, or all of them if the name is empty.
pub fn module(request: &Request, name: &str) -> Result<Module, Diagnostic> {
    if !name.is_empty() && name != "infer" && !coachwhip_opt::STAGES.iter().any(|s| s.name == name) {
        return Err(no_stage(name));
    }
    let typed = typed(request)?;
    if name == "infer" {
        return Ok(typed);
    }
    let mut kept = Kept { wanted: name, module: None };
    let better = stage("opt", || stages::optimise(typed, &mut kept))?;
    Ok(kept.module.unwrap_or(better))
}

fn object(request: &Request, options: EmitOptions) -> Result<Object, Diagnostic> {
    let typed = typed(request)?;
    let better = stage("opt", || stages::optimise(typed, &mut ()))?;
    stage("codegen", || stages::generate(&better, request, options))
}

/// The typed module as it is compiled.
fn typed(request: &Request) -> Result<Module, Diagnostic> {
    let lookup = Lookup::new(request);
    let units = Units::new(&request.program, lookup.is_some());
    typed_module(request, &tag(request, lookup.as_ref()), &units)
}

fn no_stage(name: &str) -> Diagnostic {
    let mut known: Vec<&str> = Vec::new();
    for stage in coachwhip_opt::STAGES {
        if !known.contains(&stage.name) {
            known.push(stage.name);
        }
    }
    let help = format!("the stages are build, infer, {}", known.join(", "));
    Diagnostic::new(Code::ArgumentUnsupported, format!("there is no stage '{name}'")).help(help)
}
