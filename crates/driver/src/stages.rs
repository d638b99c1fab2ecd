//! The faces of the neighbouring crates as this one uses them.

use crate::compile::Request;
use coachwhip_ir::{Code, Diagnostic, Func, Module};

/// Linked code.
pub struct Linked;
/// Object code.
pub struct Object;
/// A remark of the vectoriser.
pub struct Remark;

/// Names of the passes of `opt`, in order.
pub const STAGE_NAMES: &[&str] = &[];

/// Runs `opt`; the observer sees the module after each pass.
pub fn optimise(module: Module, _observer: &mut dyn FnMut(&str, &Module)) -> Result<Module, Diagnostic> {
    Ok(module)
}

/// Object code.
pub fn emit(_module: &Module, _request: &Request) -> Result<Object, Diagnostic> {
    Err(Diagnostic::new(Code::Internal, "no code generator yet"))
}

/// Linked code.
pub fn link(_object: &Object) -> Result<Linked, Diagnostic> {
    Ok(Linked)
}

/// Entry point.
pub fn entry(_linked: &Linked, _symbol: &str) -> Result<usize, Diagnostic> {
    Err(Diagnostic::new(Code::Internal, "no code generator yet"))
}

/// C entry point.
pub fn c_entry(_linked: &Linked, _symbol: &str) -> Result<usize, Diagnostic> {
    Err(Diagnostic::new(Code::Internal, "no code generator yet"))
}

/// Remarks.
pub fn remarks(_object: &Object) -> Vec<Remark> {
    vec![]
}

/// LLVM's text.
pub fn llvm_text(_module: &Module, _request: &Request) -> Result<String, Diagnostic> {
    Err(Diagnostic::new(Code::Internal, "no code generator yet"))
}

/// Assembly.
pub fn asm_text(_module: &Module, _request: &Request) -> Result<String, Diagnostic> {
    Err(Diagnostic::new(Code::Internal, "no code generator yet"))
}

/// Text of a module.
pub fn print_module(module: &Module) -> String {
    module.to_string()
}

/// Text of a function.
pub fn print_func(func: &Func) -> String {
    func.to_string()
}
