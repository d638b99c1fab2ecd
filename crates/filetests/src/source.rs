//! The untyped functions of a text as the program that inference asks.

use coachwhip_ir::verify;
use coachwhip_ir::{ArrayTy, Code, Const, Diagnostic, Dtype, Func, FuncId, Layout, Module, Options, Source, Ty, parse};
use std::sync::Arc;

/// Function k of the text is `fn k`; there are no modules, global arrays or native functions.
struct Text(Vec<Arc<Func>>);

impl Source for Text {
    fn func(&self, id: FuncId) -> Result<Arc<Func>, Diagnostic> {
        let found = self.0.get(id.0 as usize).cloned();
        found.ok_or_else(|| Diagnostic::new(Code::UnknownGlobal, format!("the text has no {id}")))
    }
    fn captured(&self, _: FuncId) -> Vec<Const> {
        vec![]
    }
    fn array(&self, _: u32) -> ArrayTy {
        ArrayTy { dtype: Dtype::Float64, ndim: 1, layout: Layout::C, readonly: false }
    }
    fn attribute(&self, _: u32, _: &str) -> Option<Const> {
        None
    }
    fn module_name(&self, _: u32) -> Arc<str> {
        Arc::from("?")
    }
    fn native(&self, _: u32) -> (Vec<Ty>, Ty, u64) {
        (vec![], Ty::None, 0)
    }
    fn library(&self, _: &str) -> Result<Option<FuncId>, Diagnostic> {
        Ok(None)
    }
}

/// The typed module of function 0 for the types of the line `; args: int, float`, or the refusal.
pub fn infer(module: Module, input: &str) -> Result<Module, String> {
    for func in &module.funcs {
        if let Some(problem) = verify::untyped(func).first() {
            return Err(format!("the input is wrong: {problem}"));
        }
    }
    let line = input.lines().find_map(|line| line.trim().strip_prefix("; args:")).ok_or("no line '; args: …'")?;
    let args = match parse::ty(&format!("tuple<{}>", line.trim())) {
        Ok(Ty::Tuple(types)) => types,
        other => return Err(format!("the types of the arguments cannot be read: {other:?}")),
    };
    let options = module.funcs.first().map_or_else(Options::default, |f| f.options.clone());
    let source = Text(module.funcs.into_iter().map(Arc::new).collect());
    coachwhip_infer::infer(&source, FuncId(0), &args, None, &options).map_err(|refusal| refusal.to_string())
}
