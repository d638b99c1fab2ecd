//! Arrays, pointers, cells, ownership and aggregates on real execution.
#![allow(unsafe_code, clippy::undocumented_unsafe_blocks)] // runs code that the test has just compiled

mod common;

use coachwhip_abi::ErrorKind;
use coachwhip_abi::layout::Owner;
use coachwhip_codegen::{EmitOptions, Open, host};
use common::{Program, array_words, compile, compile_with};

/// `a[i, j]` of a two-dimensional array of a dtype and layout.
fn load(dtype: &str, layout: char) -> Program {
    let result = format!("np.{dtype}");
    compile(&format!(
        "func @f \"f\"(a, i, j) -> {result} {{\nblock0(v0: array<{dtype}, 2, {layout}>, v1: int, v2: int):\n  \
         v3: {result} = load v0, v1, v2\n  return v3\n}}\n"
    ))
}

fn words(data: u64, shape: [i64; 2], strides: [i64; 2], more: &[i64]) -> Vec<u64> {
    let header = [data as i64, 0, shape[0], shape[1], strides[0], strides[1]];
    header.iter().chain(more).map(|&w| w as u64).collect()
}

#[test]
fn elements_of_every_dtype_and_layout() {
    let bytes: Vec<u8> = (0..256u32).map(|i| (i * 37 + 200) as u8).collect();
    let base = bytes.as_ptr() as u64;
    let sizes = [
        ("int8", 1),
        ("int16", 2),
        ("int32", 4),
        ("int64", 8),
        ("uint8", 1),
        ("uint16", 2),
        ("uint32", 4),
        ("uint64", 8),
        ("float32", 4),
        ("float64", 8),
    ];
    for (dtype, size) in sizes {
        let word = |offset: i64| {
            let at = offset as usize;
            let mut wide = [0u8; 8];
            wide[..size as usize].copy_from_slice(&bytes[at..at + size as usize]);
            let word = u64::from_le_bytes(wide);
            let shift = 64 - 8 * size as u32;
            if dtype.starts_with("int") { ((word << shift) as i64 >> shift) as u64 } else { word }
        };
        let (c, f, a) = (load(dtype, 'C'), load(dtype, 'F'), load(dtype, 'A'));
        for i in 0..3 {
            for j in 0..4 {
                let ours = c.word(&words(base, [3, 4], [4 * size, size], &[i, j]));
                assert_eq!(ours, word((4 * i + j) * size), "{dtype} C");
                let ours = f.word(&words(base, [3, 4], [size, 3 * size], &[i, j]));
                assert_eq!(ours, word((i + 3 * j) * size), "{dtype} F");
                let strides = [-5 * size, 2 * size];
                let ours = a.word(&words(base + 10 * size as u64, [3, 4], strides, &[i, j]));
                assert_eq!(ours, word((10 - 5 * i + 2 * j) * size), "{dtype} A");
            }
        }
    }
}

#[test]
fn booleans_and_complex_numbers_in_memory() {
    let mut flags = [0u8, 1, 255, 2];
    let header = vec![flags.as_mut_ptr() as u64, 0, 4, 1];
    let program = compile(
        "func @f \"f\"(a, i) -> np.bool {\nblock0(v0: array<bool, 1, C>, v1: int):\n  \
         v2: np.bool = load v0, v1\n  v3: np.bool = not v2\n  store v0, v1, v3\n  return v2\n}\n",
    );
    for (i, expected) in [0, 1, 1, 1].into_iter().enumerate() {
        assert_eq!(program.word(&[header.clone(), vec![i as u64]].concat()), expected);
    }
    assert_eq!(flags, [1, 0, 0, 0]);
    for (dtype, size) in [("complex64", 4), ("complex128", 8)] {
        let program = compile(&format!(
            "func @f \"f\"(a, i) -> np.{dtype} {{\nblock0(v0: array<{dtype}, 1, C>, v1: int):\n  \
             v2: np.{dtype} = load v0, v1\n  v3: int = const 0\n  store v0, v3, v2\n  return v2\n}}\n"
        ));
        let mut wide = [1.0f64, 2.0, 3.0, 4.0];
        let mut narrow = [1.0f32, 2.0, 3.0, 4.0];
        let base = if size == 8 { wide.as_mut_ptr() as u64 } else { narrow.as_mut_ptr() as u64 };
        let results = program.run(&[base, 0, 2, 2 * size, 1]).unwrap();
        match size {
            8 => assert_eq!((results[0], results[1], wide[0]), (3f64.to_bits(), 4f64.to_bits(), 3.0)),
            _ => assert_eq!(
                (results[0], results[1], narrow[1]),
                (u64::from(3f32.to_bits()), u64::from(4f32.to_bits()), 4.0)
            ),
        }
    }
}

#[test]
fn arrays_without_dimensions() {
    let program = compile(
        "func @f \"f\"(a) -> np.float64 {\nblock0(v0: array<float64, 0, C>):\n  v1: np.float64 = load v0\n  \
         v2: np.float64 = add v1, v1\n  store v0, v2\n  return v2\n}\n",
    );
    let mut data = [4.0f64];
    assert_eq!(program.word(&[data.as_mut_ptr() as u64, 0]), 8f64.to_bits());
    assert_eq!(data[0], 8.0);
}

#[test]
fn addresses_views_and_pointers() {
    let program = compile(
        "func @f \"f\"(a) -> np.float64 {\nblock0(v0: array<float64, 2, C>):\n  v1: int = const 1\n  \
         v2: int = const 2\n  v3: ptr = address v0, v1, v2\n  v4: int = const -8\n  v5: ptr = offset v3, v4\n  \
         v6: int = const 2\n  v7: int = const 16\n  v8: array<float64, 1, A> = view v0, v5, v6, v7\n  \
         v9: np.float64 = load v8, v1\n  v10: int = const -1\n  v11: float = load_ptr v3, v10\n  \
         store_ptr v3, v10, v9\n  v12: np.float64 = convert v11\n  v13: np.float64 = add v9, v12\n  return v13\n}\n",
    );
    let mut data: Vec<f64> = (0..8).map(f64::from).collect();
    // The view starts at [1, 1] and its second element is [1, 3].
    assert_eq!(program.word(&[data.as_mut_ptr() as u64, 0, 2, 4, 32, 8]), (7.0f64 + 5.0).to_bits());
    assert_eq!(data[5], 7.0);
}

/// A function that makes an array, releases it, or returns it.
const ALLOC: &str = "func @f \"f\"(n, m) -> array<float32, 2, LAYOUT> {\nblock0(v0: int, v1: int):\n  \
                     v2: array<float32, 2, LAYOUT> = alloc[1] v0, v1\n  return v2\n}\n";

#[test]
fn new_arrays() {
    let c = compile(&ALLOC.replace("LAYOUT", "C"));
    let f = compile(&ALLOC.replace("LAYOUT", "F"));
    for (program, shape, strides) in
        [(&c, [3, 5], [20, 4]), (&f, [3, 5], [4, 12]), (&c, [0, 5], [20, 4]), (&f, [3, 0], [4, 12])]
    {
        let results = program.run(&[shape[0], shape[1]]).unwrap();
        let owner = results[1] as *mut Owner;
        assert_eq!(
            results[..6],
            [unsafe { (*owner).data } as u64, results[1], shape[0], shape[1], strides[0], strides[1]]
        );
        assert_eq!(unsafe { (*owner).bytes } as u64, shape[0] * shape[1] * 4);
        let elements = unsafe { std::slice::from_raw_parts((*owner).data, (*owner).bytes) };
        assert!(elements.iter().all(|&b| b == 0));
        unsafe { coachwhip_runtime::release(owner) };
    }
    for (n, m) in [(1 << 40, 1 << 40), (0, 1 << 62), (i64::MAX as u64, 1)] {
        assert_eq!(c.run(&[n, m]).unwrap_err().kind, ErrorKind::ArrayTooBig, "{n} {m}");
    }
    let failure = c.run(&[1 << 58, 1]).unwrap_err();
    assert_eq!((failure.kind, failure.args), (ErrorKind::OutOfMemory, vec![1 << 60]));
}

#[test]
fn what_a_failing_function_owns_is_released() {
    let program = compile(
        "func @f \"f\"(n, ok) -> int {\nblock0(v0: int, v1: bool):\n  v2: array<int64, 1, C> = alloc v0\n  own v2\n  \
         v3: array<int64, 1, C> = alloc v0\n  own v3\n  release v3\n  v4: cell<array<int64, 1, C>> = cell\n  \
         v5: array<int64, 1, C> = alloc v0\n  cell_set v4, v5\n  guard[div_zero] v1\n  \
         v6: array<int64, 1, C> = cell_get v4\n  release v6\n  v7: int = field[2] v2\n  release v2\n  return v7\n}\n",
    );
    let before = coachwhip_runtime::live_owners();
    for _ in 0..100 {
        assert_eq!(program.word(&[10, 1]), 10);
        assert_eq!(program.run(&[10, 0]).unwrap_err().kind, ErrorKind::DivZero);
    }
    assert!(coachwhip_runtime::live_owners() - before < 20);
}

#[test]
fn counts_of_owners() {
    let program = compile(
        "func @f \"f\"(a) -> array<float64, 1, A> {\nblock0(v0: array<float64, 1, A>):\n  retain v0\n  retain v0\n  \
         own v0\n  disown v0\n  release v0\n  return v0\n}\n",
    );
    let owner = coachwhip_runtime::allocate(64, false);
    let data = unsafe { (*owner).data } as u64;
    let results = program.run(&[data, owner as u64, 8, 8]).unwrap();
    assert_eq!(results[1], owner as u64);
    assert_eq!(unsafe { (*owner).count.load(std::sync::atomic::Ordering::Relaxed) }, 2);
    unsafe {
        coachwhip_runtime::release(owner);
        coachwhip_runtime::release(owner);
    }
    // Null and tagged owners are left alone.
    assert_eq!(program.run(&[data, 0, 8, 8]).unwrap()[1], 0);
    assert_eq!(program.run(&[data, 0x1235, 8, 8]).unwrap()[1], 0x1235);
}

#[test]
fn cells_keep_what_they_are_given() {
    let program = compile(
        "func @f \"f\"(n) -> tuple<int, float> {\nblock0(v0: int):\n  v1: cell<tuple<int, float>> = cell\n  \
         v2: float = convert v0\n  v3: tuple<int, float> = pack v0, v2\n  cell_set v1, v3\n  \
         v4: tuple<int, float> = call[func1] v1\n  return v4\n}\n\
         func @g \"g\"(c) options(inline=never) -> tuple<int, float> {\nblock0(v0: cell<tuple<int, float>>):\n  \
         v1: tuple<int, float> = cell_get v0\n  v2: int = field[0] v1\n  v3: float = field[1] v1\n  \
         v4: int = add v2, v2\n  v5: tuple<int, float> = pack v4, v3\n  return v5\n}\n",
    );
    assert_eq!(program.run(&[21]).unwrap()[..2], [42, 21f64.to_bits()]);
}

#[test]
fn global_arrays_are_read_through_their_symbol() {
    let text = "global 4: array<float64, 1, C>\nfunc @f \"f\"(i) -> np.float64 {\nblock0(v0: int):\n  \
                v1: array<float64, 1, C> = global_array[4]\n  v2: np.float64 = load v1, v0\n  return v2\n}\n";
    let data = [1.5f64, 2.5];
    let header = array_words(&data, &[2]);
    let symbol = (Open::Array(4).symbol(), header.as_ptr() as usize);
    let program = compile_with(text, &EmitOptions::new(host()), &[symbol]);
    assert_eq!(program.word(&[1]), 2.5f64.to_bits());
}

#[test]
fn aggregates() {
    let program = compile(
        "func @f \"f\"(c, a, b) -> tuple<lit<3>, optional<int>, tuple<float, none, bool>> {\n\
         block0(v0: bool, v1: int, v2: float):\n  v3: none = const None\n  v4: tuple<float, none, bool> = pack v2, v3, v0\n  \
         v5: lit<3> = const 3\n  v6: optional<int> = const None\n  v7: bool = const True\n  \
         v8: optional<int> = pack v7, v1\n  v9: optional<int> = select v0, v8, v6\n  \
         v10: tuple<lit<3>, optional<int>, tuple<float, none, bool>> = pack v5, v9, v4\n  return v10\n}\n",
    );
    assert_eq!(program.run(&[1, 7, 5]).unwrap()[..4], [1, 7, 5, 1]);
    assert_eq!(program.run(&[0, 7, 5]).unwrap()[..4], [0, 0, 5, 0]);
}

#[test]
fn constants_of_every_kind() {
    let program = compile(
        "func @f \"f\"() -> tuple<np.float32, np.uint64, complex, np.complex64, bool, tuple<int, float>> {\nblock0():\n  \
         v0: np.float32 = const np.float32(0.1)\n  v1: np.uint64 = const np.uint64(18446744073709551615)\n  \
         v2: complex = const complex(1.0, -2.0)\n  v3: np.complex64 = const np.complex64(0.5, 0.1)\n  \
         v4: bool = const True\n  v5: tuple<int, float> = const (-1, 2.5)\n  \
         v6: tuple<np.float32, np.uint64, complex, np.complex64, bool, tuple<int, float>> = pack v0, v1, v2, v3, v4, v5\n  \
         return v6\n}\n",
    );
    let single = |x: f32| u64::from(x.to_bits());
    let expected = [
        single(0.1),
        u64::MAX,
        1f64.to_bits(),
        (-2f64).to_bits(),
        single(0.5),
        single(0.1),
        1,
        u64::MAX,
        2.5f64.to_bits(),
    ];
    assert_eq!(program.run(&[]).unwrap()[..9], expected);
}

#[test]
fn both_edges_of_a_branch_to_one_block() {
    let program = compile(
        "func @f \"f\"(c, a, b) -> int {\nblock0(v0: bool, v1: int, v2: int):\n  \
         branch v0, block1(v1), block1(v2)\nblock1(v3: int):\n  return v3\n}\n",
    );
    assert_eq!((program.word(&[1, 10, 20]), program.word(&[0, 10, 20])), (10, 20));
}

#[test]
fn parallel_moves_along_a_back_edge() {
    let program = compile(
        "func @f \"f\"(n, a, b) -> tuple<int, int> {\nblock0(v0: int, v1: int, v2: int):\n  jump block1(v0, v1, v2)\n\
         block1(v3: int, v4: int, v5: int):\n  v6: int = const 0\n  v7: bool = gt v3, v6\n  \
         branch v7, block2(), block3()\nblock2():\n  v8: int = const 1\n  v9: int = sub v3, v8\n  jump block1(v9, v5, v4)\n\
         block3():\n  v10: tuple<int, int> = pack v4, v5\n  return v10\n}\n",
    );
    assert_eq!(program.run(&[3, 1, 2]).unwrap()[..2], [2, 1]);
    assert_eq!(program.run(&[4, 1, 2]).unwrap()[..2], [1, 2]);
}
