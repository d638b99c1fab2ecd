//! Emission of small cases, as text: the shapes that the optimiser counts on.

use crate::args::{Args, Call};
use crate::emit::{Captured, Emit, Engine, Fault, Val};
use coachwhip_ir::{ArrayTy, Const, Diagnostic, Dtype, Func, FuncId, Layout, Loc, LocData, Options, Source, Ty};
use std::sync::Arc;

/// A program without functions, but with a library that answers for every name.
struct Nothing;

impl Source for Nothing {
    fn func(&self, _: FuncId) -> Result<Arc<Func>, Diagnostic> {
        unreachable!()
    }
    fn captured(&self, _: FuncId) -> Vec<Const> {
        vec![]
    }
    fn array(&self, _: u32) -> ArrayTy {
        float64(1, Layout::C)
    }
    fn attribute(&self, _: u32, _: &str) -> Option<Const> {
        None
    }
    fn module_name(&self, _: u32) -> Arc<str> {
        "m".into()
    }
    fn native(&self, _: u32) -> (Vec<Ty>, Ty, u64) {
        unreachable!()
    }
    fn library(&self, _: &str) -> Result<Option<FuncId>, Diagnostic> {
        Ok(Some(FuncId(0)))
    }
}

struct Alone;

impl Engine for Alone {
    fn source(&self) -> &dyn Source {
        &Nothing
    }
    fn rules(&self) -> &'static crate::table::Rules {
        &crate::rules::instructions::RULES
    }
    fn callee(&mut self, _: FuncId, _: &[Ty], _: &Options) -> Result<(u32, Ty), Fault> {
        Ok((1, Ty::Bool))
    }
    fn use_array(&mut self, _: u32) {}
    fn use_native(&mut self, _: u32) {}
    fn wants_constant(&mut self, _: FuncId, _: &[Ty], _: &Options) -> Result<bool, Fault> {
        Ok(false)
    }
    fn library(&mut self, _: &str) -> Result<Option<FuncId>, Fault> {
        Ok(Some(FuncId(0)))
    }
    fn captured_values(&mut self, _: FuncId) -> Option<Vec<Captured>> {
        None
    }
    fn nested_defaults(&mut self, _: FuncId) -> Option<(Vec<Const>, Vec<Arc<str>>)> {
        None
    }
}

fn float64(ndim: u8, layout: Layout) -> ArrayTy {
    ArrayTy { dtype: Dtype::Float64, ndim, layout, readonly: false }
}

/// The text of a function whose body the rule emits, given the parameters; verified.
fn emitted(params: &[Ty], rule: impl FnOnce(&mut Emit, &[Val]) -> Result<Val, Fault>) -> String {
    let place = LocData {
        function: "f".into(),
        file: "f.py".into(),
        line: 1,
        column: 0,
        end_line: 1,
        end_column: 1,
        inlined_at: None,
    };
    let mut func = Func::new("f", "f", place);
    let entry = func.entry;
    let args: Vec<Val> =
        params.iter().map(|ty| Val { id: func.add_param(entry, ty.clone()), ty: ty.clone() }).collect();
    let (options, mut engine) = (Options::default(), Alone);
    let mut e =
        Emit { func: &mut func, block: entry, loc: Loc(0), options: &options, engine: &mut engine, dead: false };
    let result = rule(&mut e, &args).unwrap();
    let (block, result) = (e.block, e.machine(&result));
    func.ret = result.ty.clone();
    coachwhip_ir::Builder::new(&mut func, block, Loc(0)).ret(result.id);
    // What follows a failure is in a block that the engine drops.
    let ended: Vec<_> = func.order.iter().copied().filter(|&b| func.terminator(b).is_some()).collect();
    func.order = ended;
    let problems = coachwhip_ir::verify::check(&func, None, coachwhip_ir::verify::Stage::Typed);
    assert!(problems.is_empty(), "{problems:?} in {func}");
    func.to_string()
}

/// The text of `a[index]` without the function's first and last line.
fn item(ty: ArrayTy, index: impl FnOnce(&mut Emit, &[Val]) -> Val) -> String {
    emitted(&[Ty::Array(ty), Ty::Int], |e, args| {
        let at = index(e, args);
        super::index::getitem(e, &args[0], ty, &at)
    })
}

fn body(text: &str) -> Vec<&str> {
    let inner = |line: &&str| line.starts_with("  ") && !line.contains("return");
    text.lines().filter(inner).map(|line| line.trim_start().split(" = ").last().unwrap_or(line)).collect()
}

#[test]
fn an_index_is_wrapped_then_checked() {
    let text = item(float64(1, Layout::C), |_, args| args[1].clone());
    let ops: Vec<&str> = body(&text).iter().map(|line| line.split(' ').next().unwrap()).collect();
    let ops: Vec<&str> = ops.into_iter().filter(|op| *op != "const").collect();
    assert_eq!(ops, ["field[2]", "wrap_index", "in_range", "guard[index_out_of_bounds]", "load"], "{text}");
}

#[test]
fn a_literal_index_is_not_wrapped() {
    let text = item(float64(1, Layout::C), |e, _| e.int(0));
    assert!(!text.contains("wrap_index"), "{text}");
    assert!(text.contains("in_range"), "{text}");
    let text = item(float64(1, Layout::C), |e, _| e.int(-1));
    assert!(text.contains("wrap_index"), "{text}");
}

#[test]
fn layouts_of_views_are_what_is_sure() {
    let whole = |e: &mut Emit| {
        let none = e.none();
        let ty = Ty::Slice(Arc::new([none.ty.clone(), none.ty.clone(), none.ty.clone()]));
        e.pack(ty, &[&none, &none, &none])
    };
    let row = |_: &mut Emit, args: &[Val]| args[1].clone();
    assert!(item(float64(2, Layout::C), row).contains("-> array<float64, 1, C>"));
    assert!(item(float64(2, Layout::F), row).contains("-> array<float64, 1, A>"));
    let column = |e: &mut Emit, args: &[Val]| {
        let all = whole(e);
        let ty = Ty::tuple([all.ty.clone(), Ty::Int]);
        e.pack(ty, &[&all, &args[1]])
    };
    assert!(item(float64(2, Layout::C), column).contains("-> array<float64, 1, A>"));
    assert!(item(float64(2, Layout::F), column).contains("-> array<float64, 1, C>"));
    let newaxis = |e: &mut Emit, _: &[Val]| {
        let (none, all) = (e.none(), whole(e));
        let ty = Ty::tuple([none.ty.clone(), all.ty.clone()]);
        e.pack(ty, &[&none, &all])
    };
    assert!(item(float64(1, Layout::C), newaxis).contains("-> array<float64, 2, C>"));
}

#[test]
fn python_ints_are_checked_against_the_dtype() {
    let ty = ArrayTy { dtype: Dtype::Uint8, ..float64(1, Layout::C) };
    let text = emitted(&[Ty::Array(ty), Ty::Int], |e, args| {
        let zero = e.int(0);
        super::store::family_setitem(e, &args[0], &zero, &args[1]).map(|v| v.unwrap())
    });
    assert!(text.contains("guard[dtype_overflow]"), "{text}");
    let text = emitted(&[Ty::Array(ty), Ty::Scalar(Dtype::Int64)], |e, args| {
        let zero = e.int(0);
        super::store::family_setitem(e, &args[0], &zero, &args[1]).map(|v| v.unwrap())
    });
    assert!(!text.contains("guard[dtype_overflow]"), "{text}");
}

#[test]
fn a_read_only_array_is_not_stored_to() {
    let ty = ArrayTy { readonly: true, ..float64(1, Layout::C) };
    let text = emitted(&[Ty::Array(ty), Ty::Float], |e, args| {
        let zero = e.int(0);
        super::store::family_setitem(e, &args[0], &zero, &args[1]).map(|v| v.unwrap())
    });
    assert!(text.contains("fail[read_only]") && !text.contains("store"), "{text}");
}

/// Every constructor, attribute and method of a few arrays passes the verifier.
fn method(e: &mut Emit, a: &Val, name: &str, given: Vec<Val>) -> Result<Val, Fault> {
    let signature = crate::signature::of(&format!("numpy.ndarray.{name}")).unwrap();
    let args = Args::bind_method(signature, a, Call::of(given))?;
    super::methods::method(e, a, name, &args).map(|v| v.unwrap())
}

#[test]
fn everything_verifies() {
    let all = [Dtype::Bool, Dtype::Int8, Dtype::Uint64, Dtype::Float32, Dtype::Float64, Dtype::Complex64];
    for dtype in all {
        for (ndim, layout) in
            [(0, Layout::C), (1, Layout::C), (1, Layout::A), (2, Layout::C), (2, Layout::F), (3, Layout::A)]
        {
            let ty = ArrayTy { dtype, ndim, layout, readonly: false };
            for name in ["shape", "strides", "size", "nbytes", "T", "flat", "real", "imag", "ndim", "dtype"] {
                emitted(&[Ty::Array(ty)], |e, a| super::attributes::getattr(e, &a[0], name).map(|v| v.unwrap()));
            }
            for name in ["copy", "ravel", "flatten", "transpose", "item"] {
                emitted(&[Ty::Array(ty)], |e, a| method(e, &a[0], name, vec![]));
            }
            let other = ArrayTy { dtype: Dtype::Int16, readonly: true, ..ty };
            emitted(&[Ty::Array(ty), Ty::Array(other)], |e, a| {
                let all = e.lit(Const::Ellipsis);
                super::store::family_setitem(e, &a[0], &all, &a[1]).map(|v| v.unwrap())
            });
            for value in [Ty::Int, Ty::Float, Ty::Bool, Ty::Scalar(Dtype::Uint64), Ty::Scalar(Dtype::Complex128)] {
                emitted(&[Ty::Array(ty), value], |e, a| {
                    let all = e.lit(Const::Ellipsis);
                    super::store::family_setitem(e, &a[0], &all, &a[1]).map(|v| v.unwrap())
                });
            }
            emitted(&[Ty::Array(ty), Ty::Int, Ty::Int], |e, a| {
                method(e, &a[0], "reshape", vec![a[1].clone(), a[2].clone()])
            });
        }
    }
}

#[test]
fn names_of_dtypes() {
    use super::literals::dtype;
    for (text, want) in [("f8", Dtype::Float64), ("int", Dtype::Int64), ("?", Dtype::Bool), ("<u2", Dtype::Uint16)] {
        let v = Val { id: coachwhip_ir::Value(0), ty: Ty::Lit(Const::Str(text.into())) };
        assert_eq!(dtype(Some(&v)).unwrap(), Some(want));
    }
    let swapped = Val { id: coachwhip_ir::Value(0), ty: Ty::Lit(Const::Str(">f8".into())) };
    assert!(dtype(Some(&swapped)).is_err());
}
