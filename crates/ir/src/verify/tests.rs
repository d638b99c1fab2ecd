//! One wrong function for each invariant; the right ones are the file tests of `tests/ir`.

use super::{Stage, module, untyped};

/// The problems of a typed function with this body, joined.
fn problems(body: &str) -> String {
    let text = format!("global 2: array<float64, 1, C>\nfunc @f \"f\"(a) -> int {{\n{body}\n}}\n");
    let parsed = crate::parse::module(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    module(&parsed, Stage::Typed).iter().map(|p| p.to_string()).collect::<Vec<_>>().join("\n")
}

fn has(body: &str, message: &str) {
    let found = problems(body);
    assert!(found.contains(message), "wanted {message:?}, found {found:?} in\n{body}");
}

#[test]
fn a_right_function_has_no_problems() {
    assert_eq!(
        problems(
            "block0(v0: int):\n  jump block1(v0)\nblock1(v1: int):\n  v2: bool = lt v1, v0\n  branch v2, block1(v0), block2()\nblock2():\n  return v1"
        ),
        ""
    );
}

#[test]
fn structure() {
    has("block0(v0: int):\n  v1: int = const 1", "the last instruction of a block is a terminator");
    has("block0(v0: int):\n  return v0\n  return v0", "a terminator before the end");
    has("block0(v0: int):\n  jump block0()", "block0 has 1 parameters");
    has("block0(v0: int):\n  v1: bool = const True\n  jump block0(v1)", "v0 of block0 is int, but v1 is bool");
    has("block0(v0: int):\n  v1: int = add v0\n  return v1", "wants 2 operands");
    has("block0(v0: int):\n  v1: int, v2: int = add v0, v0\n  return v1", "has 1 results");
    has("block0(v0: int):\n  branch v0, block0(v0)", "has 2 edges");
}

#[test]
fn dominance() {
    has(
        "block0(v0: int):\n  v1: int = add v2, v0\n  v2: int = const 1\n  return v1",
        "v2 is not defined on every path",
    );
    has(
        "block0(v0: int):\n  v1: bool = const True\n  branch v1, block1(), block2()\nblock1():\n  v2: int = const 1\n  jump block2()\nblock2():\n  return v2",
        "v2 is not defined on every path",
    );
}

#[test]
fn levels_and_immediates() {
    has("block0(v0: int):\n  v1: int = py.unary[-] v0\n  return v1", "a Python operation in a typed function");
    has("block0(v0: int):\n  v1 = undef\n  return v1", "a value without a type");
    has("block0(v0: int):\n  v1: int = add[3] v0, v0\n  return v1", "the wrong kind of immediate");
    has("block0(v0: int):\n  v1: array<int8, 1, C> = alloc v0\n  release v1\n  return v0", "ownership pass alone");
    let wrong = crate::parse::func("func @f \"f\"() -> any {\nblock0(v0):\n  v1 = add v0, v0\n  return v1\n}").unwrap();
    assert!(untyped(&wrong).iter().any(|p| p.message.contains("a typed operation")));
}

#[test]
fn types_of_operands() {
    let line = |line: &str| {
        format!(
            "block0(v0: int, v1: float, v2: array<float64, 2, C>, v3: lit<3>, v4: bool, v5: ptr<float>):\n  {line}\n  return v0"
        )
    };
    let cases = [
        ("v9: int = add v0, v1", "operand 1 is float, the result is int"),
        ("v9: int = add v0, v3", "a literal operand: lit<3>"),
        ("v9: bool = add v4, v4", "the result is not an integer or float"),
        ("v9: int = floor v0", "the result is not a float"),
        ("v9: int, v10: int = add_ovf v0, v0", "the second result is bool"),
        ("v9: bool = lt v0, v1", "the operands are int and float"),
        ("v9: int = bitcast v4", "operand and result have one width"),
        ("v9: np.float64 = load v2, v0", "wants 3 operands"),
        ("v9: np.float32 = load v2, v0, v0", "the result is np.float32, not np.float64"),
        ("store v2, v0, v0, v0", "operand 3 is int, not np.float64"),
        ("v9: int = load_ptr v5, v0", "the result is int, not float"),
        ("v9: tuple<int, int> = pack v0, v1", "operand 1 is float, not int"),
        ("v9: int = field[9] v2", "has no field 9"),
        ("v9: int = select v0, v0, v0", "operand 0 is int, not bool"),
        ("guard[index_out_of_bounds] v4, v0", "wants 4 operands"),
        ("guard[int_too_large] v4, v1", "argument 0 of int_too_large cannot be float"),
        ("v9: int = call[func7] v0", "the callee is not in the module"),
        ("v9: int = call[func0] v0", "wants 6 operands"),
        ("v9: float = runtime[sin] v0", "operand 0 is int, not F64"),
        ("v9: float = runtime[csin] v1, v1", "has 2 machine results"),
        ("v9: int = const 1.0", "1.0 is not a value of type int"),
        ("v9: array<float64, 2, C> = global_array[2]", "the global array is array<float64, 1, C>"),
        ("v9: array<float64, 1, C> = global_array[3]", "not in the module's table"),
        ("v9: int = cell_get v0", "int is not a cell"),
        ("print v0", "prints int, not a text"),
    ];
    for (text, message) in cases {
        has(&line(text), message);
    }
    has("block0(v0: float):\n  return v0", "returns float, the function's type is int");
}

/// Long functions take time in proportion, and no stack: 20,000 diamonds one after the other.
#[test]
fn a_long_function() {
    let mut body = String::from("block0(v0: int, v1: bool):\n  jump block1(v0)\n");
    let count = 20_000u32;
    for n in 0..count {
        let (block, value) = (4 * n + 1, 4 * n + 2);
        let (yes, no, next) = (block + 1, block + 2, block + 4);
        body += &format!("block{block}(v{value}: int):\n  branch v1, block{yes}(), block{no}()\n");
        body +=
            &format!("block{yes}():\n  v{}: int = add v{value}, v0\n  jump block{next}(v{})\n", value + 1, value + 1);
        body += &format!("block{no}():\n  jump block{next}(v{value})\n");
    }
    let (block, value) = (4 * count + 1, 4 * count + 2);
    body += &format!("block{block}(v{value}: int):\n  return v{value}");
    assert_eq!(problems(&body), "");
}
