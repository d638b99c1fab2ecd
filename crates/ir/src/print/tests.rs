//! Tests of the text form that the round trips of [`crate::parse`] cannot make: exact spellings.

use crate::builder::Builder;
use crate::constant::{Bits, Const};
use crate::func::{Edge, Func};
use crate::loc::{Loc, LocData};
use crate::op::{Imm, Op};
use crate::ty::{ArrayTy, Dtype, Layout, Ty};
use coachwhip_abi::ErrorKind;

fn place() -> LocData {
    let (function, file) = ("f".into(), "file.py".into());
    LocData { function, file, line: 3, column: 4, end_line: 3, end_column: 9, inlined_at: None }
}

#[test]
fn a_function() {
    let mut func = Func::new("f_1", "f", place());
    func.ret = Ty::Int;
    func.params.names = vec!["a".into(), "b".into()];
    func.params.defaults = vec![None, Some(Const::Int(2))];
    func.params.kwonly = 1;
    func.options.wrap = true;
    let a = func.add_param(func.entry, Ty::Int);
    let any = func.add_param(func.entry, Ty::Any);
    let exit = func.add_block();
    let result = func.add_param(exit, Ty::Int);
    let entry = func.entry;
    let mut b = Builder::new(&mut func, entry, Loc(0));
    let one = b.constant(Const::Int(1), Ty::Int);
    let c = b.value(Op::Lt, Imm::None, vec![a, one], Ty::Bool);
    b.inst(Op::Guard, Imm::Error(ErrorKind::DivZero), vec![c], &[]);
    b.inst(Op::AddOvf, Imm::None, vec![a, one], &[Ty::Int, Ty::Bool]);
    b.branch(c, Edge { block: exit, args: vec![a] }, Edge { block: exit, args: vec![one] });
    b.block = exit;
    b.ret(result);
    assert_eq!(any.0, 1);
    let want = "\
func @f_1 \"f\"(a, *, b=2) options(wrap=on) -> int {
block0(v0: int, v1):
  v3: int = const 1
  v4: bool = lt v0, v3
  guard[div_zero] v4
  v5: int, v6: bool = add_ovf v0, v3
  branch v4, block1(v0), block1(v3)
block1(v2: int):
  return v2
}
";
    assert_eq!(func.to_string(), want);
    let full = format!("{func:#}");
    assert!(full.contains("  loc0: \"file.py\" \"f\" 3:4 to 3:9\n"), "{full}");
    assert!(full.contains("  return v2 !loc0 ; 3:4\n"), "{full}");
}

#[test]
fn types_and_constants() {
    let array = ArrayTy { dtype: Dtype::Float32, ndim: 2, layout: Layout::C, readonly: true };
    assert_eq!(
        Ty::tuple([Ty::Scalar(Dtype::Bool), Ty::Array(array)]).to_string(),
        "tuple<np.bool, array<float32, 2, C, ro>>"
    );
    assert_eq!(Ty::Lit(Const::Str("a\"\n".into())).to_string(), "lit<\"a\\\"\\n\">");
    let tenth = Const::Scalar(Dtype::Float32, Bits(f64::from(0.1f32).to_bits(), 0));
    assert_eq!(tenth.to_string(), "np.float32(0.1)");
    assert_eq!(Const::Scalar(Dtype::Uint64, Bits(u64::MAX, 0)).to_string(), "np.uint64(18446744073709551615)");
    assert_eq!(Const::float(-0.0).to_string(), "-0.0");
    assert_eq!(Const::Tuple([Const::Int(1)].into()).to_string(), "(1,)");
    assert_eq!(Const::Bytes((*b"a\x00").into()).to_string(), "bytes(\"a\\x00\")");
}
