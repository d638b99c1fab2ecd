//! Tests of the parser: round trips of a text with one of everything, and hostile text.

use super::{func, module};
use crate::print::Quoted;

const SAMPLE: &str = include_str!("sample.txt");

#[test]
fn a_text_with_one_of_everything_comes_back() {
    let parsed = module(SAMPLE).unwrap();
    let first = format!("{parsed:#}");
    let again = module(&first).unwrap();
    assert_eq!(format!("{again:#}"), first);
    let plain: Vec<&str> =
        SAMPLE.lines().map(|l| l.split(" !loc").next().unwrap_or("")).filter(|l| !l.starts_with("  loc")).collect();
    assert_eq!(parsed.to_string().lines().collect::<Vec<_>>(), plain);
    for (a, b) in first.lines().zip(SAMPLE.lines()).take(20) {
        assert_eq!(a, b);
    }
}

#[test]
fn every_operation_comes_back() {
    for op in crate::op::Op::ALL {
        let (imm, results) = if *op == crate::op::Op::Const { (" 1", "v0 = ") } else { ("", "v0 = ") };
        let text = format!("func @f \"f\"() -> any {{\nblock0():\n  {results}{}{imm}\n}}\n", op.text());
        assert_eq!(func(&text).unwrap().to_string(), text);
    }
    for kind in coachwhip_abi::ErrorKind::ALL {
        let text = format!("func @f \"f\"() -> any {{\nblock0():\n  fail[{}]\n}}\n", kind.text());
        assert_eq!(func(&text).unwrap().to_string(), text);
    }
    for f in coachwhip_abi::RuntimeFn::ALL {
        let text = format!("func @f \"f\"() -> any {{\nblock0():\n  runtime[{}]\n}}\n", f.symbol());
        assert_eq!(func(&text).unwrap().to_string(), text);
    }
}

#[test]
fn floats_and_texts_come_back() {
    for bits in
        [0u64, 1 << 63, 1, 0x7fef_ffff_ffff_ffff, 0x3fb9_9999_9999_999a, 0x7ff0_0000_0000_0000, 0xfff8_0000_0000_0000]
    {
        let c = crate::constant::Const::Float(bits);
        assert_eq!(super::constant(&c.to_string()), Ok(c));
    }
    for text in ["", "a", "\\", "\"", "\0\r\n\t", "é\u{2028}\u{1f40d}", ";", "\u{7f}\u{85}"] {
        let c = crate::constant::Const::Str(text.into());
        assert_eq!(super::constant(&Quoted(text).to_string()), Ok(c));
    }
}

#[test]
fn errors_have_their_line() {
    let error = |text: &str| module(text).map(|_| ()).unwrap_err();
    let cases = [
        ("func", 1, "expected '@'"),
        ("func @f \"f\"() -> int {\nblock0():\n  v1: int = add v2, v3\n  return v1\n}", 3, "v2 is not defined"),
        ("func @f \"f\"() -> int {\nblock0():\n  jump block9()\n}", 3, "block9 is not defined"),
        ("func @f \"f\"() -> int {\nblock0():\n  v1: int = frobnicate\n}", 3, "no operation is called frobnicate"),
        (
            "func @f \"f\"() -> int {\nblock0():\n  v4294967295: int = const 1\n}",
            3,
            "the number is too large for so short a text",
        ),
        ("func @f \"f\"() -> int {\nblock0():\n  v1: int = undef v1 v1\n}", 3, "expected the end of the line"),
        ("func @f \"f\"() -> int {\nblock0():\n  v1: int = const \"abc\n}", 3, "a text has no closing quote"),
        ("func @f \"f\"() -> int {\n}", 2, "a function has at least one block"),
        ("func @f \"f\"() -> array<int8, 33, C> {", 1, "an array has at most 32 dimensions"),
    ];
    for (text, line, message) in cases {
        let found = error(text);
        assert_eq!((found.line, found.message.as_str()), (line, message), "{text}");
    }
    let deep = format!("func @f \"f\"() -> {}", "optional<".repeat(100_000));
    assert_eq!(error(&deep).message, "nested too deeply");
    let deep = format!("func @f \"f\"(a={}", "(".repeat(100_000));
    assert_eq!(error(&deep).message, "nested too deeply");
}

/// Damaged texts are read or refused, and what is read is printed so that it reads again.
#[test]
fn damaged_text_never_panics() {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % bound as u64) as usize
    };
    let pool: Vec<char> = "()<>[]{}:,=!@\"\\-0123456789vbx.e\n ;é".chars().collect();
    for _ in 0..3000 {
        let mut text: Vec<char> = SAMPLE.chars().collect();
        for _ in 0..=random(3) {
            let at = random(text.len());
            match random(4) {
                0 => drop(text.remove(at)),
                1 => text.insert(at, pool[random(pool.len())]),
                2 => text[at] = pool[random(pool.len())],
                _ => text.truncate(at.max(10)),
            }
        }
        let text: String = text.into_iter().collect();
        if let Ok(parsed) = module(&text) {
            let printed = format!("{parsed:#}");
            let again = module(&printed).unwrap_or_else(|e| panic!("{e}\n{printed}"));
            assert_eq!(format!("{again:#}"), printed);
        }
    }
}
