//! The `operator` module's functions: Python's operators by name.

use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::{Rule, operators};
use coachwhip_ir::{BinaryOp, CmpOp, Code, UnaryOp};

fn binary(e: &mut Emit, args: &Args, op: BinaryOp, inplace: bool) -> Result<Val, Fault> {
    let (a, b) = args.two()?;
    operators::binary(e, op, inplace, &a, &b)
}

fn compare(e: &mut Emit, args: &Args, op: CmpOp) -> Result<Val, Fault> {
    let (a, b) = args.two()?;
    operators::compare(e, op, &a, &b)
}

fn unary(e: &mut Emit, args: &Args, op: UnaryOp) -> Result<Val, Fault> {
    let v = args.one()?;
    operators::unary(e, op, &v)
}

macro_rules! table {
    ($($name:literal $inplace:literal $op:ident;)*) => {
        const BINARY: &[(&str, Rule)] = &[
            $((concat!("operator.", $name), |e, a| binary(e, a, BinaryOp::$op, false)),
              (concat!("operator.", $inplace), |e, a| binary(e, a, BinaryOp::$op, true)),)*
        ];
    };
}

table! {
    "add" "iadd" Add;
    "sub" "isub" Sub;
    "mul" "imul" Mul;
    "matmul" "imatmul" MatMul;
    "truediv" "itruediv" TrueDiv;
    "floordiv" "ifloordiv" FloorDiv;
    "mod" "imod" Mod;
    "pow" "ipow" Pow;
    "lshift" "ilshift" Lshift;
    "rshift" "irshift" Rshift;
    "and_" "iand" And;
    "or_" "ior" Or;
    "xor" "ixor" Xor;
}

const OTHERS: &[(&str, Rule)] = &[
    ("operator.lt", |e, a| compare(e, a, CmpOp::Lt)),
    ("operator.le", |e, a| compare(e, a, CmpOp::Le)),
    ("operator.eq", |e, a| compare(e, a, CmpOp::Eq)),
    ("operator.ne", |e, a| compare(e, a, CmpOp::Ne)),
    ("operator.gt", |e, a| compare(e, a, CmpOp::Gt)),
    ("operator.ge", |e, a| compare(e, a, CmpOp::Ge)),
    ("operator.neg", |e, a| unary(e, a, UnaryOp::Neg)),
    ("operator.pos", |e, a| unary(e, a, UnaryOp::Pos)),
    ("operator.invert", |e, a| unary(e, a, UnaryOp::Invert)),
    ("operator.inv", |e, a| unary(e, a, UnaryOp::Invert)),
    ("operator.not_", |e, a| unary(e, a, UnaryOp::Not)),
    ("operator.truth", |e, a| {
        let v = a.one()?;
        operators::truth(e, &v)
    }),
    ("operator.is_", |e, a| {
        let (x, y) = a.two()?;
        super::super::identity::is(e, &x, &y)
    }),
    ("operator.is_not", |e, a| {
        let (x, y) = a.two()?;
        let same = super::super::identity::is(e, &x, &y)?;
        Ok(e.negated(&same))
    }),
    ("operator.abs", |e, a| match super::super::function("builtins.abs") {
        Some(rule) => rule(e, a),
        None => fault(Code::Internal, "abs() has no rule"),
    }),
    ("operator.index", |e, a| {
        let v = a.one()?;
        super::rounding::index(e, "operator.index", &v)
    }),
    ("operator.getitem", |e, a| {
        let (v, i) = a.two()?;
        operators::getitem(e, &v, &i)
    }),
    ("operator.contains", |e, a| {
        let (container, item) = a.two()?;
        operators::contains(e, &item, &container)
    }),
];

/// The functions of this file.
pub const FUNCTIONS: [&[(&str, Rule)]; 2] = [BINARY, OTHERS];
