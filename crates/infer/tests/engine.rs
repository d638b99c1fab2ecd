//! The engine on untyped SSA written by hand: types, constants, reachability, recursion, and what is refused.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)] // a test

use coachwhip_infer::infer;
use coachwhip_ir::verify::{self, Stage};
use coachwhip_ir::{ArrayTy, Code, Const, Diagnostic, Func, FuncId, Module, Op, Options, Source, Ty, parse};
use std::sync::Arc;

/// A program of the functions of one text, by position.
struct Text(Vec<Arc<Func>>);

impl Source for Text {
    fn func(&self, id: FuncId) -> Result<Arc<Func>, Diagnostic> {
        Ok(self.0[id.0 as usize].clone())
    }
    fn captured(&self, _: FuncId) -> Vec<Const> {
        vec![]
    }
    fn array(&self, _: u32) -> ArrayTy {
        panic!("no arrays here")
    }
    fn attribute(&self, _: u32, _: &str) -> Option<Const> {
        None
    }
    fn module_name(&self, _: u32) -> Arc<str> {
        Arc::from("module")
    }
    fn native(&self, _: u32) -> (Vec<Ty>, Ty, u64) {
        panic!("no native functions here")
    }
    fn library(&self, _: &str) -> Result<Option<FuncId>, Diagnostic> {
        Ok(None)
    }
}

fn inferred(text: &str, args: &[Ty], ret: Option<&Ty>) -> Result<Module, Diagnostic> {
    let module = parse::module(text).unwrap();
    let source = Text(module.funcs.into_iter().map(Arc::new).collect());
    let module = infer(&source, FuncId(0), args, ret, &Options::default())?;
    let problems = verify::module(&module, Stage::Typed);
    assert!(problems.is_empty(), "{problems:?}\n{module}");
    Ok(module)
}

fn result(text: &str, args: &[Ty]) -> Ty {
    inferred(text, args, None).unwrap().funcs[0].ret.clone()
}

fn count(module: &Module, op: Op) -> usize {
    let all = module
        .funcs
        .iter()
        .flat_map(|f| f.order.iter().flat_map(|b| f.blocks[*b].insts.iter().map(|i| f.insts[*i].op)));
    all.filter(|o| *o == op).count()
}

const SUM: &str = r#"
func @sum "sum"(n) -> any {
block0(v0):
  v1 = const 0
  v2 = const @builtins.range
  v3 = py.call v2, v0
  v4 = py.iter v3
  jump block1(v4, v1)
block1(v5, v6):
  v7 = py.iter_has v5
  branch v7, block2(), block3()
block2():
  v8 = py.iter_value v5
  v9 = py.iter_advance v5
  v10 = py.binary[+=] v6, v8
  jump block1(v9, v10)
block3():
  return v6
}
"#;

#[test]
fn a_literal_widens_in_a_loop() {
    assert_eq!(result(SUM, &[Ty::Int]), Ty::Int);
    assert_eq!(inferred(SUM, &[Ty::Float], None).unwrap_err().code, Code::ArgumentTypes);
}

const DECIDED: &str = r#"
func @decided "decided"(x) -> any {
block0(v0):
  v1 = const None
  v2 = py.is v0, v1
  branch v2, block1(), block2()
block1():
  v3 = const 7
  return v3
block2():
  v4 = py.binary[+] v0, v0
  return v4
}
"#;

#[test]
fn branches_that_types_decide_are_not_typed() {
    let module = inferred(DECIDED, &[Ty::Lit(Const::None)], None).unwrap();
    assert_eq!(module.funcs[0].ret, Ty::Int);
    assert_eq!(count(&module, Op::Branch), 0);
    assert_eq!(result(DECIDED, &[Ty::Float]), Ty::Float);
    let optional = inferred(DECIDED, &[Ty::Optional(Ty::Int.into())], None).unwrap();
    assert_eq!((count(&optional, Op::Branch), optional.funcs[0].ret.clone()), (1, Ty::Int));
}

const FACTORIAL: &str = r#"
func @factorial "factorial"(n) -> any {
block0(v0):
  v1 = const 2
  v2 = py.compare[<] v0, v1
  v3 = py.truth v2
  branch v3, block1(), block2()
block1():
  v4 = const 1
  return v4
block2():
  v5 = const fn0
  v6 = const 1
  v7 = py.binary[-] v0, v6
  v8 = py.call v5, v7
  v9 = py.binary[*] v0, v8
  return v9
}
"#;

#[test]
fn recursion_is_typed_by_what_ends_it() {
    let module = inferred(FACTORIAL, &[Ty::Int], None).unwrap();
    assert_eq!((module.funcs.len(), module.funcs[0].ret.clone()), (1, Ty::Int));
    // What ends it is an int, whatever the argument is.
    assert_eq!(result(FACTORIAL, &[Ty::Float]), Ty::Union([Ty::Float, Ty::Int].into()));
}

#[test]
fn a_declared_result_keeps_recursion_exact() {
    let module = inferred(FACTORIAL, &[Ty::Int], Some(&Ty::Float)).unwrap();
    assert_eq!(module.funcs[0].ret, Ty::Float);
    assert_eq!((module.funcs.len(), module.funcs[1].ret.clone()), (2, Ty::Int));
    assert_eq!(inferred(FACTORIAL, &[Ty::Float], Some(&Ty::Int)).unwrap_err().code, Code::ReturnMismatch);
}

const ENDLESS: &str = r#"
func @endless "endless"(n) -> any {
block0(v0):
  v1 = const fn0
  v2 = py.call v1, v0
  v3 = py.binary[+] v2, v0
  return v3
}
"#;

#[test]
fn a_function_that_never_returns_is_one() {
    let module = inferred(ENDLESS, &[Ty::Int], None).unwrap();
    assert_eq!(module.funcs[0].ret, Ty::Never);
    assert_eq!(count(&module, Op::Unreachable), 1);
}

const GROWING: &str = r#"
func @growing "growing"(t) -> any {
block0(v0):
  v1 = const fn0
  v2 = py.tuple v0
  v3 = py.call v1, v2
  return v3
}
"#;

#[test]
fn ever_new_argument_types_are_refused() {
    // Each call nests a tuple in another: the depth of types is bounded before the number of questions is.
    assert_eq!(inferred(GROWING, &[Ty::Int], None).unwrap_err().code, Code::TooLarge);
    let doubling = GROWING.replace("py.tuple v0", "py.tuple v0, v0");
    assert_eq!(inferred(&doubling, &[Ty::Int], None).unwrap_err().code, Code::TooLarge);
}

const TWO_TYPES: &str = r#"
func @two "two"(x, c) -> any {
block0(v0, v1):
  v2 = py.truth v1
  branch v2, block1(), block2()
block1():
  v3 = const 1
  jump block3(v3)
block2():
  v7 = const @builtins.range
  v4 = py.call v7, v0
  jump block3(v4)
block3(v5 "y"):
  v6 = USE v5
  return v6
}
"#;

#[test]
fn types_that_do_not_join_matter_where_the_variable_is_used() {
    let used = inferred(&TWO_TYPES.replace("USE", "py.unary[-]"), &[Ty::Int, Ty::Bool], None).unwrap_err();
    assert_eq!(used.code, Code::Join);
    assert!(used.message.contains("'y'"), "{}", used.message);
    let unused = TWO_TYPES.replace("v6 = USE v5\n  return v6", "return v0");
    assert_eq!(result(&unused, &[Ty::Int, Ty::Bool]), Ty::Int);
}
