//! A module built by hand and modules in text, run as machine code: scalars, loops, arrays, guards, calls.
#![allow(unsafe_code, clippy::undocumented_unsafe_blocks)] // runs code that the test has just compiled

mod common;

use coachwhip_abi::ErrorKind;
use coachwhip_codegen::{EmitOptions, emit, host, link};
use coachwhip_ir::{Builder, Const, Func, Imm, Loc, LocData, Module, Op, Ty};
use common::{array_words, compile, compile_with, externals, parse};

fn place() -> LocData {
    LocData {
        function: "f".into(),
        file: "f.py".into(),
        line: 1,
        column: 0,
        end_line: 1,
        end_column: 1,
        inlined_at: None,
    }
}

#[test]
fn a_module_built_by_hand() {
    let mut func = Func::new("built", "built", place());
    func.ret = Ty::Int;
    func.params.names = vec!["n".into()];
    let entry = func.entry;
    let n = func.add_param(entry, Ty::Int);
    let mut b = Builder::new(&mut func, entry, Loc(0));
    let three = b.constant(Const::Int(3), Ty::Int);
    let product = b.value(Op::Mul, Imm::None, vec![n, three], Ty::Int);
    b.ret(product);
    let module = Module { funcs: vec![func], ..Module::default() };
    let object = emit(&module, &EmitOptions::new(host())).unwrap();
    let linked = link(&object, &externals()).unwrap();
    let entry = linked.address("built.entry").unwrap();
    let entry = unsafe { std::mem::transmute::<usize, coachwhip_abi::layout::EntryFn>(entry) };
    let mut result = 0;
    let status = unsafe { entry(&mut coachwhip_runtime::new_context(), &14, &mut result) };
    assert_eq!((status, result), (0, 42));
}

const SUM: &str = r#"
func @sum "sum"(a) -> np.float64 {
  loc0: "sum.py" "sum" 1:0 to 1:3
  loc1: "sum.py" "sum" 3:4 to 3:9
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v2: int = const 0
  v3: np.float64 = const np.float64(0.0)
  jump block1(v2, v3)
block1(v4: int, v5: np.float64):
  v6: bool = lt v4, v1
  branch v6, block2(), block3()
block2():
  v7: bool = in_range v4, v1 !loc1
  v8: int = const 0
  guard[index_out_of_bounds] v7, v4, v8, v1 !loc1
  v9: np.float64 = load v0, v4 !loc1
  v10: np.float64 = add v5, v9 !loc1
  v11: int = const 1
  v12: int = add_exact v4, v11 !loc1
  jump block1(v12, v10)
block3():
  return v5
}
"#;

#[test]
fn a_loop_over_an_array() {
    let program = compile(SUM);
    let data: Vec<f64> = (0..1000).map(f64::from).collect();
    assert_eq!(program.word(&array_words(&data, &[1000])), 499500f64.to_bits());
    assert_eq!(program.word(&array_words(&data, &[0])), 0f64.to_bits());
}

#[test]
fn remarks_name_the_line_of_the_loop() {
    let options = EmitOptions { remarks: true, llvm_ir: true, assembly: true, ..EmitOptions::new(host()) };
    let fast = SUM.replace("(a) ->", "(a) options(fastmath=(reassoc)) ->");
    let program = compile_with(&fast, &options, &[]);
    let remarks = &program.object.remarks;
    assert!(remarks.iter().any(|r| r.vectorised && r.file == "sum.py"), "{remarks:?}");
    assert!(program.object.llvm_ir.as_ref().unwrap().contains("define"));
    assert!(program.object.assembly.as_ref().unwrap().contains("sum.entry"));
    // In the order of the source it is vectorised as well: elements are loaded side by side and added one by one.
    let ordered = compile_with(SUM, &options, &[]);
    assert!(!ordered.object.remarks.is_empty());
    assert!(ordered.object.remarks.iter().all(|r| r.file == "sum.py"), "{:?}", ordered.object.remarks);
}

const CHECKED: &str = r#"
func @get "get"(a, i) -> np.int32 {
  loc0: "get.py" "get" 1:0 to 1:3
  loc1: "get.py" "get" 2:4 to 2:9
block0(v0: array<int32, 1, A>, v1: int):
  v2: np.int32 = call[func1] v0, v1 !loc0
  return v2
}
func @inner "inner"(a, i) options(inline=never) -> np.int32 {
  loc0: "get.py" "inner" 7:0 to 7:3
  loc1: "get.py" "inner" 8:4 to 8:9
block0(v0: array<int32, 1, A>, v1: int):
  v2: int = field[2] v0
  v3: int = wrap_index v1, v2
  v4: bool = in_range v3, v2
  v5: int = const 0
  guard[index_out_of_bounds] v4, v1, v5, v2 !loc1
  v6: np.int32 = load v0, v3
  return v6
}
"#;

#[test]
fn guards_report_arguments_and_frames() {
    let program = compile(CHECKED);
    let data = [10i32, 20, 30];
    let words = |i: i64| [array_words(&data, &[3]), vec![i as u64]].concat();
    assert_eq!(program.word(&words(1)) as i64, 20);
    assert_eq!(program.word(&words(-1)) as i64, 30);
    for index in [3, -4, i64::MAX, i64::MIN] {
        let failure = program.run(&words(index)).unwrap_err();
        assert_eq!(failure.kind, ErrorKind::IndexOutOfBounds);
        assert_eq!(failure.args, vec![index as u64, 0, 3]);
        assert_eq!(failure.lines, vec![8, 1]);
    }
}

#[test]
fn recursion_ends_in_recursion_error() {
    let program = compile(
        r#"
func @f "f"(n) -> int {
  loc0: "f.py" "f" 5:0 to 5:3
block0(v0: int):
  v1: int = const 1
  v2: int, v3: bool = add_ovf v0, v1
  v4: int = call[func0] v2
  v5: int, v6: bool = add_ovf v4, v0
  v7: bool = not v6
  guard[int_overflow] v7
  return v5
}
"#,
    );
    let failure = program.run(&[0]).unwrap_err();
    assert_eq!(failure.kind, ErrorKind::Recursion);
    assert!(failure.lines.len() > 100 && failure.lines.iter().all(|&l| l == 5));
}

#[test]
fn memory_is_never_writable_and_executable() {
    let program = compile(SUM);
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    assert!(!maps.lines().any(|l| l.split(' ').nth(1).is_some_and(|p| p.contains("wx"))), "{maps}");
    let address = program.linked.address("sum.entry").unwrap();
    let mapped = |maps: &str| {
        maps.lines().any(|line| {
            let (range, _) = line.split_once(' ').unwrap();
            let (low, high) = range.split_once('-').unwrap();
            let at = |text| usize::from_str_radix(text, 16).unwrap();
            (at(low)..at(high)).contains(&address) && line.contains("r-xp")
        })
    };
    assert!(mapped(&maps));
    assert!(program.linked.size() <= 30_000, "{}", program.linked.size());
    drop(program);
}

#[test]
fn a_damaged_object_is_an_error() {
    let module = parse(SUM);
    let object = emit(&module, &EmitOptions::new(host())).unwrap();
    let symbols = externals();
    for position in 0..object.code.len() {
        for bit in [0, 3, 7] {
            let mut damaged = object.clone();
            damaged.code[position] ^= 1 << bit;
            // Whatever comes of it, it must not crash; the code is not run.
            let _ = link(&damaged, &symbols);
        }
    }
    for length in 0..object.code.len() {
        let mut cut = object.clone();
        cut.code.truncate(length);
        let _ = link(&cut, &symbols);
    }
}

#[test]
fn compiling_in_many_threads() {
    let threads: Vec<_> = (0..8).map(|_| std::thread::spawn(a_loop_over_an_array)).collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
}
