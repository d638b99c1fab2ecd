//! Large functions take time in proportion to their size.

use coachwhip_frontend::{CodeSnapshot, SnapConst, build};
use coachwhip_ir::{Code, Const, Options};
use std::sync::Arc;

const LOAD_CONST: u8 = 100;
const LOAD_FAST: u8 = 124;
const STORE_FAST: u8 = 125;
const POP_JUMP_FORWARD_IF_FALSE: u8 = 114;
const UNPACK_SEQUENCE: u8 = 92;
const EXTENDED_ARG: u8 = 144;
const RETURN_VALUE: u8 = 83;
const JUMP_BACKWARD: u8 = 140;

fn code(bytes: Vec<u8>, variables: usize) -> CodeSnapshot {
    CodeSnapshot {
        version: (3, 11),
        symbol: "f".into(),
        qualname: Arc::from("f"),
        filename: Arc::from("f.py"),
        firstlineno: 1,
        positions: (0..bytes.len() as u32 / 2).map(|i| (Some(i + 1), Some(i + 1), Some(0), Some(1))).collect(),
        code: bytes,
        consts: vec![SnapConst::Value(Const::Int(1))],
        varnames: (0..variables).map(|i| Arc::from(format!("x{i}"))).collect(),
        argcount: 1,
        ..CodeSnapshot::default()
    }
}

/// `if x0: xi = 1`, over and over.
fn branches(n: usize, variables: u8) -> CodeSnapshot {
    let mut bytes = vec![];
    for i in 0..n {
        let variable = i as u8 % variables;
        bytes.extend([LOAD_FAST, 0, POP_JUMP_FORWARD_IF_FALSE, 2, LOAD_CONST, 0, STORE_FAST, variable]);
    }
    for variable in 0..variables {
        bytes.extend([LOAD_FAST, variable, STORE_FAST, 0]);
    }
    bytes.extend([LOAD_FAST, 0, RETURN_VALUE, 0]);
    code(bytes, variables as usize)
}

fn seconds(code: &CodeSnapshot) -> f64 {
    let start = std::time::Instant::now();
    build(code, &Options::default()).unwrap();
    start.elapsed().as_secs_f64()
}

#[test]
fn many_branches_are_linear() {
    let small = (0..3).map(|_| seconds(&branches(2_000, 4))).fold(f64::MAX, f64::min);
    let large = seconds(&branches(32_000, 4));
    // 16 times the code; 100 allows for noise, not for a square (256).
    assert!(large < 100.0 * small.max(1e-3), "{small} s, then {large} s");
}

#[test]
fn deep_chains_do_not_recurse() {
    build(&branches(40_000, 2), &Options::default()).unwrap();
}

#[test]
fn nested_loops_over_everything() {
    let mut bytes = vec![];
    for _ in 0..200 {
        bytes.extend([LOAD_FAST, 0, POP_JUMP_FORWARD_IF_FALSE, 1, JUMP_BACKWARD, 3]);
    }
    bytes.extend([LOAD_FAST, 0, RETURN_VALUE, 0]);
    build(&code(bytes, 1), &Options::default()).unwrap();
}

#[test]
fn absurd_operands_are_refused() {
    let mut bytes = vec![LOAD_FAST, 0];
    bytes.extend([
        EXTENDED_ARG,
        255,
        EXTENDED_ARG,
        255,
        EXTENDED_ARG,
        255,
        UNPACK_SEQUENCE,
        255,
        0,
        0,
        RETURN_VALUE,
        0,
    ]);
    let diagnostic = build(&code(bytes, 1), &Options::default()).unwrap_err();
    assert_eq!(diagnostic.code, Code::Bytecode);
}
