//! Every operation on numbers, on real execution, beside Rust's own arithmetic.

mod common;
#[path = "common/numpy_casts.rs"]
mod numpy_casts;

use common::{Program, compile, one_op};
use numpy_casts::NUMPY_CASTS;

const SIGNED: [i64; 14] = [0, 1, -1, 2, -2, 3, 7, -7, 64, 100, -100, i64::MAX, i64::MIN, i64::MIN + 1];

/// The integer types: name, width, sign.
const INTS: [(&str, u32, bool); 9] = [
    ("int", 64, true),
    ("np.int8", 8, true),
    ("np.int16", 16, true),
    ("np.int32", 32, true),
    ("np.int64", 64, true),
    ("np.uint8", 8, false),
    ("np.uint16", 16, false),
    ("np.uint32", 32, false),
    ("np.uint64", 64, false),
];

/// A number reduced to a width and extended again.
fn wrap(value: i128, bits: u32, signed: bool) -> u64 {
    let shift = 128 - bits;
    if signed { ((value << shift) >> shift) as u64 } else { ((value as u128) << shift >> shift) as u64 }
}

/// The number that a word of this type stands for.
fn number(word: u64, signed: bool) -> i128 {
    if signed { i128::from(word as i64) } else { i128::from(word) }
}

/// Words that are canonical for a type.
fn words(bits: u32, signed: bool) -> Vec<u64> {
    let edges = [i128::from(i64::MAX) >> (64 - bits), -(1i128 << (bits - 1)), (1i128 << bits) - 1];
    let mut words: Vec<u64> =
        SIGNED.iter().map(|&v| i128::from(v)).chain(edges).map(|v| wrap(v, bits, signed)).collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn check_binary(op: &str, of: impl Fn(i128, i128, u32, bool) -> Option<i128>) {
    for (ty, bits, signed) in INTS {
        let program = one_op(op, &[ty, ty], ty);
        for a in words(bits, signed) {
            for b in words(bits, signed) {
                if let Some(expected) = of(number(a, signed), number(b, signed), bits, signed) {
                    assert_eq!(program.word(&[a, b]), wrap(expected, bits, signed), "{op} {ty} {a:#x} {b:#x}");
                }
            }
        }
    }
}

#[test]
fn integer_arithmetic() {
    check_binary("add", |a, b, _, _| Some(a + b));
    check_binary("sub", |a, b, _, _| Some(a - b));
    check_binary("mul", |a, b, _, _| Some(a.wrapping_mul(b)));
    check_binary("and", |a, b, _, _| Some(a & b));
    check_binary("or", |a, b, _, _| Some(a | b));
    check_binary("xor", |a, b, _, _| Some(a ^ b));
    check_binary("min", |a, b, _, _| Some(a.min(b)));
    check_binary("max", |a, b, _, _| Some(a.max(b)));
    check_binary("shl", |a, b, bits, _| (0..i128::from(bits)).contains(&b).then(|| a << b));
    check_binary("shr", |a, b, bits, _| (0..i128::from(bits)).contains(&b).then(|| a >> b));
}

fn fits(value: i128, bits: u32, signed: bool) -> bool {
    number(wrap(value, bits, signed), signed) == value
}

#[test]
fn integer_division() {
    let divides = |a: i128, b: i128, bits, signed| b != 0 && fits(a / b, bits, signed);
    check_binary("floordiv", |a, b, n, s| {
        divides(a, b, n, s).then(|| a.div_euclid(b) - i128::from(b < 0 && a.rem_euclid(b) != 0))
    });
    check_binary("floormod", |a, b, n, s| {
        divides(a, b, n, s).then(|| a - b * (a.div_euclid(b) - i128::from(b < 0 && a.rem_euclid(b) != 0)))
    });
    check_binary("truncdiv", |a, b, n, s| divides(a, b, n, s).then(|| a / b));
    check_binary("truncmod", |a, b, n, s| divides(a, b, n, s).then(|| a % b));
}

#[test]
fn division_by_constants() {
    for divisor in [1i64, 2, 3, 8, 10, -1, -2, -3, -8, 1 << 40, i64::MAX, i64::MIN] {
        let program = compile(&format!(
            "func @f \"f\"(a) -> tuple<int, int> {{\nblock0(v0: int):\n  v1: int = const {divisor}\n  \
             v2: int = floordiv v0, v1\n  v3: int = floormod v0, v1\n  v4: tuple<int, int> = pack v2, v3\n  return v4\n}}\n"
        ));
        for a in SIGNED.into_iter().filter(|&a| !(a == i64::MIN && divisor == -1)) {
            let results = program.run(&[a as u64]).unwrap();
            let (a, b) = (i128::from(a), i128::from(divisor));
            let floor = a.div_euclid(b) - i128::from(b < 0 && a.rem_euclid(b) != 0);
            assert_eq!((results[0] as i64, results[1] as i64), (floor as i64, (a - b * floor) as i64), "{a} {b}");
        }
    }
}

#[test]
fn overflow_flags() {
    for (ty, bits, signed) in INTS {
        for (op, of) in [
            ("add_ovf", (|a, b| a + b) as fn(i128, i128) -> i128),
            ("sub_ovf", |a, b| a - b),
            ("mul_ovf", |a, b| a.wrapping_mul(b)),
        ] {
            let program = compile(&format!(
                "func @f \"f\"(a, b) -> tuple<{ty}, bool> {{\nblock0(v0: {ty}, v1: {ty}):\n  \
                 v2: {ty}, v3: bool = {op} v0, v1\n  v4: tuple<{ty}, bool> = pack v2, v3\n  return v4\n}}\n"
            ));
            for a in words(bits, signed) {
                for b in words(bits, signed) {
                    let exact = of(number(a, signed), number(b, signed));
                    if op == "mul_ovf" && exact.unsigned_abs() > 1 << 126 {
                        continue;
                    }
                    let results = program.run(&[a, b]).unwrap();
                    assert_eq!(results[0], wrap(exact, bits, signed), "{op} {ty} {a} {b}");
                    assert_eq!(results[1], u64::from(!fits(exact, bits, signed)), "{op} {ty} {a} {b}");
                }
            }
        }
    }
}

#[test]
fn products_by_constants_that_may_not_fit() {
    for (ty, bits) in [("int", 64), ("np.int32", 32), ("np.int8", 8)] {
        for factor in [2i128, 3, 5, 7, 9, 10, -3] {
            let constant = if ty == "int" { factor.to_string() } else { format!("{ty}({factor})") };
            let program = compile(&format!(
                "func @f \"f\"(a) -> tuple<{ty}, bool> {{\nblock0(v0: {ty}):\n  v1: {ty} = const {constant}\n  \
                 v2: {ty}, v3: bool = mul_ovf v1, v0\n  v4: tuple<{ty}, bool> = pack v2, v3\n  return v4\n}}\n"
            ));
            let most = (1i128 << (bits - 1)) - 1;
            let edges = [0, most, -most - 1, most / factor, most / factor + 1, -(most / factor), -(most / factor) - 1];
            for a in edges {
                let results = program.run(&[wrap(a, bits, true)]).unwrap();
                let (product, overflow) = (wrap(a * factor, bits, true), u64::from(!fits(a * factor, bits, true)));
                assert_eq!(results[..2], [product, overflow], "{ty} {a} * {factor}");
            }
        }
    }
}

#[test]
fn exact_arithmetic() {
    for (op, expected) in [("add_exact", 12u64), ("sub_exact", 8), ("mul_exact", 20)] {
        assert_eq!(one_op(op, &["int", "int"], "int").word(&[10, 2]), expected, "{op}");
    }
}

#[test]
fn unary_integers() {
    for (ty, bits, signed) in INTS {
        let run = |op: &str| one_op(op, &[ty], ty);
        let unary: [(&str, Program, Box<dyn Fn(i128) -> i128>); 6] = [
            ("neg", run("neg"), Box::new(|a| -a)),
            ("not", run("not"), Box::new(|a| !a)),
            ("abs", run("abs"), Box::new(|a: i128| a.abs())),
            ("popcount", run("popcount"), Box::new(move |a| i128::from((wrap(a, bits, false)).count_ones()))),
            ("clz", run("clz"), Box::new(move |a| i128::from(wrap(a, bits, false).leading_zeros() + bits - 64))),
            ("ctz", run("ctz"), Box::new(move |a| i128::from(wrap(a, bits, false).trailing_zeros().min(bits)))),
        ];
        for (op, program, of) in unary {
            for a in words(bits, signed) {
                assert_eq!(program.word(&[a]), wrap(of(number(a, signed)), bits, signed), "{op} {ty} {a}");
            }
        }
    }
    assert_eq!(one_op("popcount", &["np.uint8"], "int").word(&[255]), 8);
}

#[test]
fn booleans() {
    for (op, table) in [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("xor", [0, 1, 1, 0]), ("eq", [1, 0, 0, 1])] {
        let program = one_op(op, &["bool", "bool"], "bool");
        for (position, expected) in table.into_iter().enumerate() {
            assert_eq!(program.word(&[position as u64 / 2, position as u64 % 2]), expected, "{op}");
        }
    }
    assert_eq!(one_op("not", &["bool"], "bool").word(&[1]), 0);
}

#[test]
fn indices() {
    let wrap = one_op("wrap_index", &["int", "int"], "int");
    let range = one_op("in_range", &["int", "int"], "bool");
    for (i, n) in [(0i64, 5i64), (4, 5), (5, 5), (-1, 5), (-5, 5), (-6, 5), (0, 0), (i64::MIN, 1), (i64::MAX, 1)] {
        let expected = if i < 0 { i + n } else { i };
        assert_eq!(wrap.word(&[i as u64, n as u64]) as i64, expected);
        assert_eq!(range.word(&[i as u64, n as u64]), u64::from((0..n).contains(&i)));
    }
}

const FLOATS: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.5,
    2.5,
    0.5,
    1e300,
    -1e-310,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    4503599627370497.5,
    -0.49999999999999994,
    f64::MAX,
];

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

#[test]
fn float_arithmetic() {
    let table: [(&str, fn(f64, f64) -> f64); 5] = [
        ("add", |a, b| a + b),
        ("sub", |a, b| a - b),
        ("mul", |a, b| a * b),
        ("div", |a, b| a / b),
        ("copysign", f64::copysign),
    ];
    for (op, of) in table {
        let program = one_op(op, &["float", "float"], "float");
        for a in FLOATS {
            for b in FLOATS {
                let ours = program.float(&[a, b]);
                assert!(same(ours, of(a, b)), "{op} {a} {b}: {ours}");
            }
        }
    }
}

#[test]
fn float_functions() {
    let table: [(&str, fn(f64) -> f64); 7] = [
        ("neg", |a| -a),
        ("abs", f64::abs),
        ("sqrt", f64::sqrt),
        ("floor", f64::floor),
        ("ceil", f64::ceil),
        ("trunc", f64::trunc),
        ("rint", f64::round_ties_even),
    ];
    for (op, of) in table {
        let (wide, narrow) = (one_op(op, &["float"], "float"), one_op(op, &["np.float32"], "np.float32"));
        for a in FLOATS {
            let ours = wide.float(&[a]);
            assert!(same(ours, of(a)), "{op} {a}: {ours}");
            let single = a as f32;
            let ours = f32::from_bits(narrow.word(&[u64::from(single.to_bits())]) as u32);
            assert!(same(f64::from(ours), f64::from(of(f64::from(single)) as f32)), "{op} {single}: {ours}");
        }
    }
    let fma = one_op("fma", &["float", "float", "float"], "float");
    assert_eq!(fma.float(&[0.1, 10.0, -1.0]), 0.1f64.mul_add(10.0, -1.0));
}

#[test]
fn products_and_sums_are_rounded_twice() {
    let program = compile(
        "func @f \"f\"(a, b, c) -> float {\nblock0(v0: float, v1: float, v2: float):\n  v3: float = mul v0, v1\n  \
         v4: float = add v3, v2\n  return v4\n}\n",
    );
    assert_eq!(program.float(&[0.1, 10.0, -1.0]), 0.1 * 10.0 - 1.0);
}

#[test]
fn comparisons() {
    let table: [(&str, fn(f64, f64) -> bool); 6] = [
        ("eq", |a, b| a == b),
        ("ne", |a, b| a != b),
        ("lt", |a, b| a < b),
        ("le", |a, b| a <= b),
        ("gt", |a, b| a > b),
        ("ge", |a, b| a >= b),
    ];
    for (op, of) in table {
        let floats = one_op(op, &["float", "float"], "bool");
        for a in FLOATS {
            for b in FLOATS {
                assert_eq!(floats.word(&[a.to_bits(), b.to_bits()]), u64::from(of(a, b)), "{op} {a} {b}");
            }
        }
        for (ty, bits, signed) in INTS {
            let program = one_op(op, &[ty, ty], "bool");
            for a in words(bits, signed) {
                for b in words(bits, signed) {
                    let (x, y) = (number(a, signed), number(b, signed));
                    let expected = match op {
                        "eq" => x == y,
                        "ne" => x != y,
                        "lt" => x < y,
                        "le" => x <= y,
                        "gt" => x > y,
                        _ => x >= y,
                    };
                    assert_eq!(program.word(&[a, b]), u64::from(expected), "{op} {ty} {x} {y}");
                }
            }
        }
    }
}

#[test]
fn conversions_between_integers() {
    for (from, bits, signed) in INTS {
        for (to, to_bits, to_signed) in INTS {
            let program = one_op("convert", &[from], to);
            for a in words(bits, signed) {
                let expected = wrap(number(a, signed), to_bits, to_signed);
                assert_eq!(program.word(&[a]), expected, "{from} to {to} of {a}");
            }
        }
        let truth = one_op("convert", &[from], "bool");
        let float = one_op("convert", &[from], "float");
        for a in words(bits, signed) {
            assert_eq!(truth.word(&[a]), u64::from(a != 0));
            assert_eq!(f64::from_bits(float.word(&[a])), number(a, signed) as f64, "{from} {a}");
        }
    }
    assert_eq!(one_op("convert", &["bool"], "int").word(&[1]), 1);
    assert_eq!(f64::from_bits(one_op("convert", &["bool"], "float").word(&[1])), 1.0);
}

#[test]
fn conversions_of_floats() {
    assert_eq!(one_op("convert", &["float"], "int").word(&[(-7.9f64).to_bits()]) as i64, -7);
    assert_eq!(one_op("convert", &["float"], "np.uint64").word(&[1.8e19f64.to_bits()]), 18_000_000_000_000_000_000);
    let truth = one_op("convert", &["float"], "bool");
    for (value, expected) in [(0.0, 0), (-0.0, 0), (0.1, 1), (f64::NAN, 1)] {
        assert_eq!(truth.word(&[f64::to_bits(value)]), expected, "{value}");
    }
    let narrow = one_op("convert", &["float"], "np.float32");
    let wide = one_op("convert", &["np.float32"], "float");
    for value in FLOATS {
        let single = f32::from_bits(narrow.word(&[value.to_bits()]) as u32);
        assert!(same(f64::from(single), f64::from(value as f32)), "{value}");
        let back = f64::from_bits(wide.word(&[u64::from(single.to_bits())]));
        assert!(same(back, f64::from(single)), "{value}");
    }
    let bits = one_op("bitcast", &["float"], "int");
    assert_eq!(bits.word(&[1.5f64.to_bits()]), 1.5f64.to_bits());
    assert_eq!(one_op("bitcast", &["int"], "float").word(&[7]), 7);
}

/// What NumPy 2.4 gives for `np.float64(x).astype(dtype)` on x86-64, in the order of the dtypes below.
#[test]
fn conversions_as_numpy_s_c_compiler_does_them() {
    let dtypes = ["np.int8", "np.int16", "np.int32", "np.int64", "np.uint8", "np.uint16", "np.uint32", "np.uint64"];
    let programs: Vec<Program> = dtypes.iter().map(|to| one_op("convert_c", &["float"], to)).collect();
    for (value, expected) in NUMPY_CASTS {
        for ((program, expected), to) in programs.iter().zip(expected).zip(dtypes) {
            assert_eq!(program.word(&[value.to_bits()]), expected as u64, "{value} to {to}");
        }
    }
}
