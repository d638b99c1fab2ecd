//! float16 on real execution, with the processor's conversions and without: every half, and doubles around each.
#![allow(clippy::unwrap_used)] // a failing test panics

mod common;

use coachwhip_abi::Half;
use coachwhip_codegen::{EmitOptions, host};
use coachwhip_ir::Target;
use common::{Program, compile_with};
use std::sync::Arc;

/// One instruction, for this machine and for one that has no conversions of halves.
fn both(op: &str, param: &str, result: &str) -> [Program; 2] {
    let text = format!(
        "func @f \"f\"(a, b) -> {result} {{\nblock0(v0: {param}, v1: {param}):\n  v2: {result} = {op}\n  return v2\n}}\n"
    );
    let own = host();
    let plain = Target { triple: own.triple.clone(), cpu: "x86-64".into(), features: "".into() };
    [own, Arc::new(plain)].map(|target| compile_with(&text, &EmitOptions::new(target), &[]))
}

/// Halves whose bits compare, every NaN the same.
fn bits(word: u64) -> u16 {
    let half = Half(word as u16);
    if half.value().is_nan() { 0x7e00 } else { half.0 }
}

#[test]
fn halves_and_doubles() {
    for (widened, rounded) in
        both("convert v0", "np.float16", "np.float64").iter().zip(&both("convert v0", "np.float64", "np.float16"))
    {
        for half in 0..=u16::MAX {
            let value = Half(half).value();
            let found = f64::from_bits(widened.word(&[u64::from(half), 0]));
            assert!(found.to_bits() == value.to_bits() || found.is_nan() && value.is_nan(), "{half:#x}");
            for near in [value, value.next_up(), value.next_down(), value * (1.0 + 2f64.powi(-11)), value * 0.75] {
                let word = rounded.word(&[near.to_bits(), 0]);
                assert_eq!(bits(word), bits(u64::from(Half::of(near).0)), "{near:e}");
            }
            // Halfway to the next half, and as near to that as doubles go.
            let middle = (value + Half(half.wrapping_add(1)).value()) / 2.0;
            for near in [middle, middle.next_up(), middle.next_down()] {
                let word = rounded.word(&[near.to_bits(), 0]);
                assert_eq!(bits(word), bits(u64::from(Half::of(near).0)), "{near:e}");
            }
        }
    }
}

#[test]
fn every_operation_rounds_to_a_half() {
    type Double = fn(f64, f64) -> f64;
    let operations: [(&str, Double); 8] = [
        ("add v0, v1", |a, b| a + b),
        ("sub v0, v1", |a, b| a - b),
        ("mul v0, v1", |a, b| a * b),
        ("div v0, v1", |a, b| a / b),
        ("copysign v0, v1", f64::copysign),
        ("sqrt v0", |a, _| a.sqrt()),
        ("neg v0", |a, _| -a),
        ("abs v0", |a, _| a.abs()),
    ];
    for (op, expected) in operations {
        for program in both(op, "np.float16", "np.float16") {
            for step in 0..20_000u64 {
                let (a, b) = (Half((step * 40_503) as u16), Half((step * 30_011 + 7) as u16));
                let found = program.word(&[u64::from(a.0), u64::from(b.0)]);
                let want = Half::of(expected(a.value(), b.value()));
                assert_eq!(bits(found), bits(u64::from(want.0)), "{op} of {} and {}", a.value(), b.value());
            }
        }
    }
}

#[test]
fn comparisons_and_integers() {
    for program in both("lt v0, v1", "np.float16", "bool") {
        for step in 0..20_000u64 {
            let (a, b) = (Half((step * 40_503) as u16), Half((step * 30_011 + 7) as u16));
            assert_eq!(program.word(&[u64::from(a.0), u64::from(b.0)]) & 1 != 0, a.value() < b.value());
        }
    }
    for program in both("convert v0", "int", "np.float16") {
        for value in (-70_000i64..70_000).step_by(7).chain([i64::MAX, i64::MIN]) {
            assert_eq!(program.word(&[value as u64, 0]) as u16, Half::of(value as f64).0, "{value}");
        }
    }
}
