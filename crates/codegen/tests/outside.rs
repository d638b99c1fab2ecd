//! What an object says to those who look at it from outside: line table, unwind table, nothing else that is not needed.

mod common;

use common::compile;

const LOOP: &str = "func @f \"f\"(n) -> int {\nblock0(v0: int):\n  v1: int = const 0\n  jump block1(v1, v1)\nblock1(v2: int, v3: int):\n  \
     v4: bool = lt v2, v0\n  branch v4, block2(), block3()\nblock2():\n  v5: int = mul v3, v2\n  v6: int = add v5, v2\n  \
     v7: int = const 1\n  v8: int = add v2, v7\n  jump block1(v8, v6)\nblock3():\n  return v3\n}\n";

fn contains(code: &[u8], text: &str) -> bool {
    code.windows(text.len()).any(|w| w == text.as_bytes())
}

#[test]
fn every_object_has_lines_and_an_unwind_table() {
    let program = compile(LOOP);
    let code = &program.object.code;
    assert!(contains(code, ".lines") && contains(code, ".eh_frame"));
    for name in [".debug", ".comment", ".note", "addrsig"] {
        assert!(!contains(code, name), "{name}");
    }
    assert_eq!(program.word(&[5]), 4 + 4 * (3 + 3 * (2 + 2)));
}
