//! Runs of small modules, right and wrong ones.

use super::{ArrayDatum, Datum, Limits, Report, Stop, run};
use crate::constant::Const;
use crate::ty::Dtype;

fn int(i: i64) -> Datum {
    Datum::Const(Const::Int(i))
}

fn execute(text: &str, args: &[Datum], leaks: bool) -> Report {
    let module = crate::parse::module(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let stage = if leaks { crate::verify::Stage::Owned } else { crate::verify::Stage::Typed };
    let problems = crate::verify::module(&module, stage);
    assert!(problems.is_empty(), "{}", problems[0]);
    run(&module, args, &[], &Limits { leaks, ..Limits::default() })
}

/// The result of a function with this body, parameters in its first line.
fn body(ret: &str, lines: &str, args: &[Datum]) -> Result<Datum, Stop> {
    execute(&format!("func @f \"f\"() -> {ret} {{\n{lines}\n}}\n"), args, false).outcome
}

fn wrong(result: Result<Datum, Stop>, message: &str) {
    match result {
        Err(Stop::Wrong(found)) => assert!(found.contains(message), "{found}"),
        other => panic!("wanted {message}, got {other:?}"),
    }
}

fn doubles(values: &[f64]) -> Datum {
    let bytes = values.iter().flat_map(|x| x.to_le_bytes()).collect();
    Datum::Array(ArrayDatum {
        dtype: Dtype::Float64,
        shape: vec![values.len() as i64],
        strides: vec![8],
        offset: 0,
        bytes,
    })
}

const LOOP: &str = "block0(v0: int):
  v1: int = const 0
  jump block1(v1, v1)
block1(v2: int, v3: int):
  v4: bool = lt v2, v0
  branch v4, block2(), block3()
block2():
  v5: int, v6: bool = add_ovf v3, v2
  v7: bool = not v6
  guard[int_overflow] v7
  v8: int = const 1
  v9: int = add v2, v8
  jump block1(v9, v5)
block3():
  return v3";

#[test]
fn a_loop() {
    assert_eq!(body("int", LOOP, &[int(10)]), Ok(int(45)));
    assert_eq!(body("int", LOOP, &[int(1_000_000_000)]), Err(Stop::Steps));
}

#[test]
fn arrays_are_read_and_written() {
    let text = "func @f \"f\"(a, i) -> np.float64 {
block0(v0: array<float64, 1, A>, v1: int):
  v2: np.float64 = load v0, v1
  v3: np.float64 = mul v2, v2
  store v0, v1, v3
  return v3
}
";
    let report = execute(text, &[doubles(&[1.0, 3.0]), int(1)], false);
    let nine = Const::Scalar(Dtype::Float64, crate::constant::Bits(9f64.to_bits(), 0));
    assert_eq!(report.outcome, Ok(Datum::Const(nine)));
    assert_eq!(report.args[0], doubles(&[1.0, 9.0]));
    wrong(execute(text, &[doubles(&[1.0]), int(1)], false).outcome, "index 1 of axis 0 is outside 0 to 1");
}

#[test]
fn a_view_that_reaches_too_far() {
    let lines = "block0(v0: array<float64, 1, C>):
  v1: ptr = field[0] v0
  v2: int = const 2
  v3: int = const 8
  v4: array<float64, 1, C> = view v0, v1, v2, v3
  v5: int = const 1
  v6: np.float64 = load v4, v5
  return v6";
    wrong(body("np.float64", lines, &[doubles(&[1.0])]), "an access at 8 outside 8 bytes");
}

#[test]
fn undefined_values_may_pass_but_not_decide() {
    let add = "block0():\n  v0: int = undef\n  v1: int = add v0, v0\n  v2: bool = lt v1, v0\n  branch v2, block1(), block1()\nblock1():\n  return v1";
    wrong(body("int", add, &[]), "the condition is undefined");
    let ret = "block0():\n  v0: int = undef\n  return v0";
    wrong(body("int", ret, &[]), "an undefined int is looked at");
    let divide = "block0(v0: int):\n  v1: int = floordiv v0, v0\n  return v1";
    wrong(body("int", divide, &[int(0)]), "the precondition does not hold");
}

#[test]
fn calls_and_recursion() {
    let text = "func @f \"f\"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: bool = eq v0, v1
  branch v2, block1(), block2()
block1():
  v6: int = const 1
  return v6
block2():
  v3: int = const 1
  v4: int = sub v0, v3
  v5: int = call[func0] v4
  v7: int = mul v0, v5
  return v7
}
";
    assert_eq!(execute(text, &[int(10)], false).outcome, Ok(int(3_628_800)));
    match execute(text, &[int(-1)], false).outcome {
        Err(Stop::Failed(f)) => assert_eq!(f.kind, coachwhip_abi::ErrorKind::Recursion),
        other => panic!("{other:?}"),
    }
}

#[test]
fn memory_is_released_once() {
    let with = |middle: &str, ret: &str| {
        format!(
            "func @f \"f\"(n) -> {ret} {{\nblock0(v0: int):\n  v1: array<float64, 1, C> = alloc[1] v0\n  own v1\n{middle}\n}}\n"
        )
    };
    let outcome = |middle: &str, ret: &str, n: i64| execute(&with(middle, ret), &[int(n)], true).outcome;
    assert_eq!(outcome("  release v1\n  return v0", "int", 3), Ok(int(3)));
    wrong(outcome("  return v0", "int", 3), "1 blocks of memory are never freed");
    wrong(outcome("  release v1\n  release v1\n  return v0", "int", 3), "memory is released twice");
    wrong(
        outcome("  release v1\n  v2: int = const 0\n  v3: np.float64 = load v1, v2\n  return v0", "int", 3),
        "an access to freed memory",
    );
    assert_eq!(outcome("  disown v1\n  return v1", "array<float64, 1, C>", 2), Ok(doubles(&[0.0, 0.0])));
    // The error exit releases what is owned.
    match outcome("  fail[div_zero]", "int", 3) {
        Err(Stop::Failed(f)) => assert_eq!(f.kind, coachwhip_abi::ErrorKind::DivZero),
        other => panic!("{other:?}"),
    }
}

#[test]
fn complex_numbers_texts_and_exceptions() {
    let lines = "block0(v0: complex):
  v1: float = field[0] v0
  v2: lit<\"n = \"> = const \"n = \"
  v3: lit<\".2f\"> = const \".2f\"
  v4: lit<0> = const 0
  v5: tuple<float, lit<\".2f\">, lit<0>> = pack v1, v3, v4
  v6: text<lit<\"n = \">, tuple<float, lit<\".2f\">, lit<0>>> = pack v2, v5
  print v6
  v7: exception<@builtins.ValueError, text<lit<\"n = \">, tuple<float, lit<\".2f\">, lit<0>>>, int> = pack v6, v8
  throw v7";
    let lines = lines.replace("  v7:", "  v8: int = const 7\n  v7:");
    let z = Datum::Const(Const::Complex(1.5f64.to_bits(), 0));
    let report = execute(&format!("func @f \"f\"() -> never {{\n{lines}\n}}\n"), &[z], false);
    assert_eq!(report.printed.len(), 1);
    match report.outcome {
        Err(Stop::Failed(f)) => {
            assert_eq!(f.class, Some(Const::Named("builtins.ValueError".into())));
            assert_eq!(f.args[1], int(7));
            assert_eq!(f.args[0], Datum::Text(report.printed[0].clone()));
        }
        other => panic!("{other:?}"),
    }
}
