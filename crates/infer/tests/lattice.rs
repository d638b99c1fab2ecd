//! The lattice of types: what joins to what, and the laws that fixed points rely on.

#![allow(clippy::unwrap_used, missing_docs)] // a test

use coachwhip_infer::join::join;
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{ArrayTy, Const, Dtype, FuncId, Layout, Ty};
use std::sync::Arc;

fn array(dtype: Dtype, ndim: u8, layout: Layout, readonly: bool) -> Ty {
    Ty::Array(ArrayTy { dtype, ndim, layout, readonly })
}

fn int(value: i64) -> Ty {
    Ty::Lit(Const::Int(value))
}

fn float(value: f64) -> Ty {
    Ty::Lit(Const::float(value))
}

fn none() -> Ty {
    Ty::Lit(Const::None)
}

/// One of every sort, and what is easily mixed up.
fn samples() -> Vec<Ty> {
    let mut all = vec![
        Ty::Never,
        none(),
        int(1),
        int(2),
        float(1.0),
        Ty::Lit(Const::Bool(true)),
        Ty::Lit(Const::Str("a".into())),
        Ty::Lit(Const::Str("b".into())),
        Ty::Lit(Const::Func(FuncId(0))),
        Ty::Lit(Const::Tuple(Arc::from([Const::Int(1), Const::Int(2)]))),
        Ty::Bool,
        Ty::Int,
        Ty::Float,
        Ty::Complex,
        Ty::tuple([]),
        Ty::tuple([Ty::Int, Ty::Float]),
        Ty::tuple([int(1), none()]),
        Ty::Optional(Ty::Int.into()),
        Ty::Optional(Ty::Scalar(Dtype::Float32).into()),
        Ty::Range(int(1).into()),
        Ty::Range(Ty::Int.into()),
        Ty::Iter(IterTy::Range.into()),
        Ty::Iter(IterTy::RangeStep.into()),
        Ty::Closure(FuncId(1), Arc::from([int(1)])),
        Ty::Closure(FuncId(1), Arc::from([Ty::Int])),
    ];
    all.extend(Dtype::ALL.map(Ty::Scalar));
    for layout in [Layout::C, Layout::F, Layout::A] {
        all.push(array(Dtype::Float64, 2, layout, false));
        all.push(array(Dtype::Float64, 2, layout, true));
    }
    all.push(array(Dtype::Float64, 1, Layout::C, false));
    all.push(array(Dtype::Int64, 2, Layout::C, false));
    all
}

#[test]
fn joins_are_commutative_and_idempotent() {
    for a in samples() {
        assert_eq!(join(&a, &a), Ok(a.clone()));
        for b in samples() {
            assert_eq!(join(&a, &b).ok(), join(&b, &a).ok(), "{a:?} and {b:?}");
        }
    }
}

#[test]
fn a_join_holds_what_it_joins() {
    for a in samples() {
        for b in samples() {
            if let Ok(both) = join(&a, &b) {
                assert_eq!(join(&both, &a), Ok(both.clone()), "{a:?} and {b:?}");
                assert_eq!(join(&both, &b), Ok(both.clone()), "{a:?} and {b:?}");
            }
        }
    }
}

#[test]
fn chains_are_short() {
    for first in samples() {
        let mut ty = first.clone();
        let mut steps = 0;
        for _ in 0..3 {
            for other in samples() {
                if let Ok(next) = join(&ty, &other) {
                    steps += usize::from(next != ty);
                    ty = next;
                }
            }
        }
        assert!(steps <= 12, "{first:?} rose {steps} times to {ty:?}");
    }
}

#[test]
fn numbers() {
    let scalar = Ty::Scalar;
    for (a, b, both) in [
        (int(1), int(2), Ty::Int),
        (int(1), float(1.0), Ty::Float),
        (Ty::Bool, Ty::Int, Ty::Int),
        (Ty::Float, Ty::Complex, Ty::Complex),
        (Ty::Int, scalar(Dtype::Int8), scalar(Dtype::Int8)),
        (float(0.0), scalar(Dtype::Float32), scalar(Dtype::Float32)),
        (Ty::Float, scalar(Dtype::Int8), scalar(Dtype::Float64)),
        (Ty::Int, scalar(Dtype::Bool), scalar(Dtype::Int64)),
        (Ty::Complex, scalar(Dtype::Float32), scalar(Dtype::Complex64)),
        (scalar(Dtype::Int32), scalar(Dtype::Float32), scalar(Dtype::Float64)),
    ] {
        assert_eq!(join(&a, &b), Ok(both), "{a:?} and {b:?}");
    }
    assert!(join(&scalar(Dtype::Int64), &scalar(Dtype::Uint64)).is_err());
}

#[test]
fn everything_else() {
    let c = array(Dtype::Float64, 2, Layout::C, false);
    let f = array(Dtype::Float64, 2, Layout::F, false);
    assert_eq!(join(&c, &f), Ok(array(Dtype::Float64, 2, Layout::A, false)));
    assert!(join(&c, &array(Dtype::Float64, 2, Layout::C, true)).unwrap_err().contains("read-only"));
    assert!(join(&c, &array(Dtype::Float64, 1, Layout::C, false)).is_err());
    assert_eq!(join(&none(), &int(1)), Ok(Ty::Optional(Ty::Int.into())));
    assert_eq!(join(&Ty::Optional(Ty::Int.into()), &Ty::Float), Ok(Ty::Optional(Ty::Float.into())));
    assert_eq!(
        join(&Ty::Lit(Const::Tuple(Arc::from([Const::Int(1), Const::None]))), &Ty::tuple([int(2), int(3)])),
        Ok(Ty::tuple([Ty::Int, Ty::Optional(Ty::Int.into())]))
    );
    assert!(join(&Ty::tuple([Ty::Int]), &Ty::tuple([Ty::Int, Ty::Int])).is_err());
    assert!(join(&Ty::Lit(Const::Func(FuncId(0))), &Ty::Lit(Const::Func(FuncId(1)))).is_err());
    assert_eq!(join(&Ty::Never, &c), Ok(c));
}
