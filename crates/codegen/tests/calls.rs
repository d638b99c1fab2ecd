//! Calls, callbacks, texts, failures in pieces, on real execution.
#![allow(unsafe_code, clippy::undocumented_unsafe_blocks)] // runs code that the test has just compiled

mod common;

use coachwhip_abi::{ErrorKind, PieceTag};
use coachwhip_codegen::{EmitOptions, host};
use common::{Program, compile, compile_with};
use std::ffi::{CStr, c_void};

#[test]
fn run_time_functions() {
    let text = |call: &str, result: &str, params: &str| {
        compile(&format!(
            "func @f \"f\"(a, b) -> {result} {{\nblock0({params}):\n  v9: {result} = {call}\n  return v9\n}}\n"
        ))
    };
    let sin = text("runtime[sin] v0", "float", "v0: float, v1: float");
    assert_eq!(sin.float(&[0.5, 0.0]), 0.5f64.sin());
    let pow = text("runtime[pow] v0, v1", "float", "v0: float, v1: float");
    assert_eq!(pow.float(&[2.0, 0.5]), 2f64.powf(0.5));
    let ldexp = text("runtime[ldexp] v0, v1", "float", "v0: float, v1: int");
    assert_eq!(f64::from_bits(ldexp.word(&[3f64.to_bits(), 4])), 48.0);
    let single = text("runtime[sinf] v0", "np.float32", "v0: np.float32, v1: int");
    assert_eq!(single.word(&[u64::from(0.5f32.to_bits()), 0]) as u32, 0.5f32.sin().to_bits());
    let hash = text("runtime[cw_hash_float] v0", "int", "v0: float, v1: float");
    assert_eq!(hash.word(&[0.5f64.to_bits(), 0]), 1152921504606846976);
    let exp = text("runtime[cexp] v0, v1", "complex", "v0: float, v1: float");
    assert_eq!(exp.run(&[0, 0]).unwrap()[..2], [1f64.to_bits(), 0]);
}

#[test]
fn two_results_of_a_run_time_function() {
    let program = compile(
        "func @f \"f\"(a, b) -> tuple<float, float> {\nblock0(v0: float, v1: float):\n  \
         v2: float, v3: float = runtime[csqrt] v0, v1\n  v4: tuple<float, float> = pack v2, v3\n  return v4\n}\n",
    );
    assert_eq!(program.run(&[(-4f64).to_bits(), 0]).unwrap()[..2], [0, 2f64.to_bits()]);
}

extern "C" fn native_mixed(a: i8, b: u16, c: bool, d: f32, e: f64, f: *const c_void) -> i32 {
    i32::from(a) + i32::from(b) + i32::from(c) + d as i32 + e as i32 + f as i32
}

#[repr(C)]
struct Complex(f64, f64);

extern "C" fn native_complex(re: f64, im: f64) -> Complex {
    Complex(im, re)
}

extern "C" fn native_bool(x: f64) -> bool {
    x > 1.0
}

extern "C" fn native_nothing(out: *mut i64) {
    unsafe { *out = 77 };
}

#[test]
fn native_functions() {
    let native = |address: usize, body: &str| {
        compile(&format!("native 3: {address:#x}\nfunc @f \"f\"(a, b, c, d, e, f) -> {body}"))
    };
    let mixed = native(
        native_mixed as *const () as usize,
        "np.int32 {\nblock0(v0: np.int8, v1: np.uint16, v2: bool, v3: np.float32, v4: float, v5: ptr):\n  \
         v6: np.int32 = call_native[3] v0, v1, v2, v3, v4, v5\n  return v6\n}\n",
    );
    let args = [-5i64 as u64, 60000, 1, u64::from(2.5f32.to_bits()), 3.5f64.to_bits(), 1000];
    assert_eq!(mixed.word(&args), 60000 - 5 + 1 + 2 + 3 + 1000);
    let complex = native(
        native_complex as *const () as usize,
        "complex {\nblock0(v0: complex):\n  v1: complex = call_native[3] v0\n  return v1\n}\n",
    );
    assert_eq!(complex.run(&[5, 6]).unwrap()[..2], [6, 5]);
    let boolean = native(
        native_bool as *const () as usize,
        "bool {\nblock0(v0: float):\n  v1: bool = call_native[3] v0\n  return v1\n}\n",
    );
    assert_eq!((boolean.word(&[2f64.to_bits()]), boolean.word(&[0])), (1, 0));
    let nothing = native(
        native_nothing as *const () as usize,
        "int {\nblock0(v0: ptr<int>):\n  v1: none = call_native[3] v0\n  v2: int = const 0\n  \
         v3: int = load_ptr v0, v2\n  return v3\n}\n",
    );
    let mut out = 0i64;
    assert_eq!(nothing.word(&[&raw mut out as u64]), 77);
}

fn callback(text: &str) -> Program {
    compile_with(text, &EmitOptions { callback: true, ..EmitOptions::new(host()) }, &[])
}

/// As SciPy's `generic_filter` calls: the buffer, its size, where the result goes, user data.
type Filter = extern "C" fn(*const f64, isize, *mut f64, *mut c_void) -> i32;

#[test]
fn a_filter_function_for_c() {
    let program = callback(
        "func @filter \"filter\"(a, n, out, data) -> np.int32 {\n\
         block0(v0: ptr<np.float64>, v1: int, v2: ptr<np.float64>, v3: ptr):\n  v4: int = const 0\n  \
         v5: np.float64 = const np.float64(0.0)\n  jump block1(v4, v5)\nblock1(v6: int, v7: np.float64):\n  \
         v8: bool = lt v6, v1\n  branch v8, block2(), block3()\nblock2():\n  v9: np.float64 = load_ptr v0, v6\n  \
         v10: np.float64 = add v7, v9\n  v11: int = const 1\n  v12: int = add_exact v6, v11\n  jump block1(v12, v10)\n\
         block3():\n  v13: bool = ge v7, v5\n  guard[math_domain] v13\n  store_ptr v2, v4, v7\n  \
         v14: np.int32 = const np.int32(1)\n  return v14\n}\n",
    );
    let filter = unsafe { std::mem::transmute::<usize, Filter>(program.callback()) };
    let mut out = 0.0;
    let sum = [1.0, 2.0, 3.5];
    assert_eq!(filter(sum.as_ptr(), 3, &mut out, std::ptr::null_mut()), 1);
    assert_eq!(out, 6.5);
    // A failure: 0 comes back, nothing is written.
    assert_eq!(filter([-9.0].as_ptr(), 1, &mut out, std::ptr::null_mut()), 0);
    assert_eq!(out, 6.5);
}

#[test]
fn callbacks_of_other_signatures() {
    let program = callback(
        "func @f \"f\"(x, flag) -> float {\nblock0(v0: float, v1: bool):\n  guard[math_domain] v1\n  \
         v2: float = mul v0, v0\n  return v2\n}\n",
    );
    let f = unsafe { std::mem::transmute::<usize, extern "C" fn(f64, bool) -> f64>(program.callback()) };
    assert_eq!(f(3.0, true), 9.0);
    assert!(f(3.0, false).is_nan());
    let program = callback(
        "func @f \"f\"(n) -> int {\nblock0(v0: int):\n  v1: int = const 1\n  v2: bool = le v0, v1\n  \
         branch v2, block1(), block2()\nblock1():\n  return v1\nblock2():\n  v3: int = sub v0, v1\n  \
         v4: int = call[func0] v3\n  v5: int, v6: bool = mul_ovf v0, v4\n  v7: bool = not v6\n  \
         guard[int_overflow] v7\n  return v5\n}\n",
    );
    let factorial = unsafe { std::mem::transmute::<usize, extern "C" fn(i64) -> i64>(program.callback()) };
    assert_eq!((factorial(10), factorial(30)), (3628800, 0));
    let program = callback(
        "func @f \"f\"(z) -> complex {\nblock0(v0: complex):\n  v1: float = field[0] v0\n  v2: float = field[1] v0\n  \
         v3: complex = pack v2, v1\n  return v3\n}\n",
    );
    let swap = unsafe { std::mem::transmute::<usize, extern "C" fn(f64, f64) -> Complex>(program.callback()) };
    let swapped = swap(1.0, 2.0);
    assert_eq!((swapped.0, swapped.1), (2.0, 1.0));
}

#[test]
fn a_callback_without_result() {
    let program = callback(
        "func @f \"f\"(p) -> none {\nblock0(v0: ptr<int>):\n  v1: int = const 0\n  v2: int = const 5\n  \
         store_ptr v0, v1, v2\n  v3: none = const None\n  return v3\n}\n",
    );
    let f = unsafe { std::mem::transmute::<usize, extern "C" fn(*mut i64)>(program.callback()) };
    let mut out = 0;
    f(&mut out);
    assert_eq!(out, 5);
}

#[test]
fn exceptions_of_the_user_arrive_in_pieces() {
    let program = compile(
        r#"
func @f "f"(n, x) -> int {
  loc0: "f.py" "f" 3:0 to 3:3
block0(v0: int, v1: np.float32):
  v2: lit<"bad "> = const "bad "
  v3: lit<".3f"> = const ".3f"
  v4: lit<0> = const 0
  v5: none = const None
  v6: tuple<int, none, lit<0>> = pack v0, v5, v4
  v7: tuple<np.float32, lit<".3f">, lit<0>> = pack v1, v3, v4
  v8: text<lit<"bad ">, tuple<int, none, lit<0>>, tuple<np.float32, lit<".3f">, lit<0>>> = pack v2, v6, v7
  v9: exception<@builtins.ValueError, text<lit<"bad ">, tuple<int, none, lit<0>>, tuple<np.float32, lit<".3f">, lit<0>>>, int> = pack v8, v0
  throw v9
}
"#,
    );
    let mut context = coachwhip_runtime::new_context();
    let failure = program.run_in(&mut context, &[7, u64::from(2.5f32.to_bits())]).unwrap_err();
    assert_eq!((failure.kind, failure.lines), (ErrorKind::User, vec![3]));
    let class = unsafe { CStr::from_ptr(context.error.class as *const _) };
    assert_eq!(class.to_str().unwrap(), "builtins.ValueError");
    let pieces = coachwhip_runtime::take_pieces(&mut context);
    let tags: Vec<PieceTag> = pieces.iter().map(|p| p.tag).collect();
    use PieceTag::*;
    assert_eq!(tags, [TextBegin, Str, Int, Scalar, TextEnd, Int]);
    let text = unsafe { std::slice::from_raw_parts(pieces[1].a as *const u8, pieces[1].b as usize) };
    assert_eq!(text, b"bad ");
    assert_eq!((pieces[2].a, pieces[5].a), (7, 7));
    assert_eq!((pieces[3].a as u32, pieces[3].dtype), (2.5f32.to_bits(), coachwhip_ir::Dtype::Float32 as u32));
    let spec = unsafe { std::slice::from_raw_parts(pieces[3].spec, pieces[3].spec_len as usize) };
    assert_eq!(spec, b".3f");
}

#[test]
fn printing_goes_through_the_hook() {
    let program = compile(
        "func @f \"f\"(n) -> int {\nblock0(v0: int):\n  v1: none = const None\n  v2: lit<0> = const 0\n  \
         v3: tuple<int, none, lit<0>> = pack v0, v1, v2\n  v4: lit<\"\\n\"> = const \"\\n\"\n  \
         v5: text<tuple<int, none, lit<0>>, lit<\"\\n\">> = pack v3, v4\n  print v5\n  poll\n  return v0\n}\n",
    );
    static SEEN: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    coachwhip_runtime::install_hooks(coachwhip_runtime::Hooks {
        print: |context| {
            let pieces = coachwhip_runtime::take_pieces(context);
            SEEN.store(pieces[0].a + 100 * pieces.len() as u64, std::sync::atomic::Ordering::Relaxed);
            0
        },
        ..coachwhip_runtime::Hooks::NONE
    });
    assert_eq!(program.word(&[42]), 42);
    assert_eq!(SEEN.load(std::sync::atomic::Ordering::Relaxed), 242);
}

#[test]
fn many_functions_calling_each_other() {
    let mut text =
        String::from("func @f0 \"f0\"(n) -> int {\nblock0(v0: int):\n  v1: int = call[func1] v0\n  return v1\n}\n");
    for i in 1..200 {
        let next = if i == 199 { "add v0, v0".to_string() } else { format!("call[func{}] v0", i + 1) };
        text += &format!("func @f{i} \"f{i}\"(n) -> int {{\nblock0(v0: int):\n  v1: int = {next}\n  return v1\n}}\n");
    }
    assert_eq!(compile(&text).word(&[21]), 42);
}

#[test]
fn fastmath_is_an_option_of_the_function() {
    let text = |options: &str| {
        let text = format!(
            "func @f \"f\"(a) options({options}) -> float {{\nblock0(v0: float):\n  v1: float = div v0, v0\n  return v1\n}}\n"
        );
        let options = EmitOptions { llvm_ir: true, ..EmitOptions::new(host()) };
        compile_with(&text, &options, &[]).object.llvm_ir.unwrap()
    };
    assert!(text("inline=auto").contains("fdiv double"));
    assert!(!text("fastmath=(nnan, ninf, nsz, arcp, contract, afn, reassoc)").contains("fdiv double"));
}
