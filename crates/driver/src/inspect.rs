//! Seeing inside: the text of any stage, made again on demand, so that nothing is kept for it.

use crate::compile::{Request, typed_module};
use crate::guarded::stage;
use crate::stages;
use coachwhip_ir::{Code, Diagnostic, Source};

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

/// The text.
pub fn inspect(request: &Request, view: &View) -> Result<String, Diagnostic> {
    if *view == View::Ir("build".into()) {
        return stage("build", || request.program.func(request.root)).map(|func| stages::print_func(&func));
    }
    let typed = typed_module(request)?;
    if *view == View::Ir("infer".into()) {
        return Ok(stages::print_module(&typed));
    }
    let wanted = match view {
        View::Ir(name) => name.as_str(),
        View::Llvm | View::Asm => "",
    };
    let mut seen = Vec::new();
    let mut text = None;
    let better = stage("opt", || {
        stages::optimise(typed, &mut |name, module| {
            seen.push(name.to_owned());
            if name == wanted {
                text = Some(stages::print_module(module));
            }
        })
    })?;
    match view {
        View::Ir(name) if name.is_empty() => Ok(stages::print_module(&better)),
        View::Ir(name) => text.ok_or_else(|| no_stage(name, &seen)),
        View::Llvm => stage("codegen", || stages::llvm_text(&better, request)),
        View::Asm => stage("codegen", || stages::asm_text(&better, request)),
    }
}

fn no_stage(name: &str, seen: &[String]) -> Diagnostic {
    let known = format!("the stages are build, infer, {}", seen.join(", "));
    Diagnostic::new(Code::ArgumentUnsupported, format!("there is no stage '{name}'")).help(known)
}
