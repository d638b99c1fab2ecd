//! The lattice of types: what joins to what, and the laws that fixed points rely on.

#![allow(clippy::unwrap_used, missing_docs)] // a test

use coachwhip_infer::join::{Meet, join, meet};
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
        Ty::Union([Ty::Float, Ty::Int].into()),
        Ty::Union([Ty::Int, Ty::str()].into()),
        Ty::Union([Ty::Lit(Const::Func(FuncId(0))), Ty::Lit(Const::Func(FuncId(1)))].into()),
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

const MEETS: [Meet; 3] = [Meet::Common, Meet::InLoop, Meet::Exact];

#[test]
fn joins_are_commutative_and_idempotent() {
    for (how, a) in MEETS.iter().flat_map(|how| samples().into_iter().map(|a| (*how, a))) {
        assert_eq!(meet(&a, &a, how), Ok(a.clone()));
        for b in samples() {
            assert_eq!(meet(&a, &b, how).ok(), meet(&b, &a, how).ok(), "{how:?}: {a:?} and {b:?}");
        }
    }
}

#[test]
fn a_join_holds_what_it_joins() {
    for (how, a) in MEETS.iter().flat_map(|how| samples().into_iter().map(|a| (*how, a))) {
        for b in samples() {
            if let Ok(both) = meet(&a, &b, how) {
                assert_eq!(meet(&both, &a, how), Ok(both.clone()), "{how:?}: {a:?} and {b:?}");
                assert_eq!(meet(&both, &b, how), Ok(both.clone()), "{how:?}: {a:?} and {b:?}");
            }
        }
    }
}

#[test]
fn chains_are_short() {
    for (how, first) in MEETS.iter().flat_map(|how| samples().into_iter().map(|a| (*how, a))) {
        let mut ty = first.clone();
        let mut steps = 0;
        for _ in 0..3 {
            for other in samples() {
                if let Ok(next) = meet(&ty, &other, how) {
                    steps += usize::from(next != ty);
                    ty = next;
                }
            }
        }
        assert!(steps <= 12, "{how:?}: {first:?} rose {steps} times to {ty:?}");
    }
}

#[test]
fn unions() {
    let number = Ty::Union([Ty::Float, Ty::Int].into());
    assert_eq!(meet(&int(1), &float(2.5), Meet::Exact), Ok(number.clone()));
    assert_eq!(meet(&int(1), &float(2.5), Meet::InLoop), Ok(Ty::Float));
    assert_eq!(join(&number, &Ty::Bool), Ok(Ty::Float));
    let text = Ty::Union([Ty::Int, Ty::str()].into());
    assert_eq!(meet(&int(1), &Ty::str(), Meet::InLoop), Ok(text.clone()));
    let literal = meet(&int(1), &Ty::Lit(Const::Str("a".into())), Meet::InLoop);
    assert_eq!(meet(&literal.unwrap(), &Ty::Lit(Const::Str("b".into())), Meet::InLoop), Ok(text.clone()));
    assert!(join(&int(1), &Ty::str()).is_err() && join(&text, &Ty::Float).is_err());
    assert_eq!(join(&text, &Ty::Int), Ok(text.clone()));
    assert_eq!(meet(&text, &none(), Meet::Exact), Ok(Ty::Union([Ty::Int, none(), Ty::str()].into())));
    assert_eq!(meet(&Ty::Optional(Ty::Int.into()), &Ty::str(), Meet::Exact), meet(&text, &none(), Meet::Exact));
    let of_tuples = meet(&Ty::tuple([int(1), int(2)]), &Ty::tuple([float(1.5), int(2)]), Meet::Exact);
    assert_eq!(of_tuples, Ok(Ty::tuple([number, int(2)])));
    let four = [Ty::str(), Ty::Complex, Ty::bytes()].iter().try_fold(Ty::Int, |all, ty| meet(&all, ty, Meet::Exact));
    assert!(meet(&four.unwrap(), &Ty::Bool, Meet::Exact).unwrap_err().contains("more than 4 types"));
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
    let several = Ty::TupleOf(Ty::list(Ty::Int).into());
    assert_eq!(join(&Ty::tuple([Ty::Int]), &Ty::tuple([Ty::Int, Ty::Int])), Ok(several));
    assert!(join(&Ty::tuple([Ty::Int]), &Ty::tuple([Ty::Int, Ty::Float])).is_err());
    assert!(join(&Ty::Lit(Const::Func(FuncId(0))), &Ty::Lit(Const::Func(FuncId(1)))).is_err());
    assert_eq!(join(&Ty::Never, &c), Ok(c));
}
