//! Places in the source, declared variables and globals.

use crate::recording;
use coachwhip_frontend::{CodeSnapshot, build};
use coachwhip_ir::{Op, Options, Ty};
use std::sync::Arc;

fn find(name: &str) -> CodeSnapshot {
    recording::read("3.11").into_iter().find(|code| &*code.qualname == name).unwrap()
}

#[test]
fn instructions_know_their_columns() {
    let code = find("for_loop");
    let func = build(&code, &Options::default()).unwrap();
    let product = func.insts.values().find(|i| i.op == Op::PyBinary).unwrap();
    let place = &func.locs[product.loc];
    assert_eq!(place.line, place.end_line);
    assert!(place.line > code.firstlineno);
    // total += i * SCALE
    assert_eq!((place.column, place.end_column), (17, 26));
    assert_eq!(func.locs.values().next().unwrap().line, code.firstlineno);
}

#[test]
fn refusals_know_their_place() {
    let diagnostic = build(&find("refused_import_relative"), &Options::default()).unwrap_err();
    let label = diagnostic.primary.unwrap();
    assert_eq!(label.span.line, find("refused_import_relative").firstlineno + 1);
    assert!(diagnostic.help.is_some());
}

#[test]
fn declared_variables_are_declared_at_each_assignment() {
    let locals = [("x", Ty::Float), ("y", Ty::Int), ("count", Ty::Int)].map(|(name, ty)| (Arc::from(name), ty));
    let options = Options { locals: Arc::from(locals), ..Options::default() };
    let count = |name: &str| {
        let func = build(&find(name), &options).unwrap();
        func.insts.values().filter(|i| i.op == Op::PyDeclare).count()
    };
    assert_eq!(count("if_elif"), 5);
    assert_eq!(count("augmented"), 15);
    assert_eq!(count("nonlocal_counter"), 1);
}

#[test]
fn undefined_globals_wait_until_they_are_reached() {
    let func = build(&find("globals_and_builtins"), &Options::default()).unwrap();
    assert!(func.insts.values().any(|i| i.op == Op::PyUndefinedGlobal));
}
