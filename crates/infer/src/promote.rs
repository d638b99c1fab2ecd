//! Result types of arithmetic: Python's own numbers among themselves, and NumPy 2's promotion (NEP 50) as
//! soon as one operand is a NumPy scalar or array element.
//!
//! A Python number is *weak*: it takes the NumPy operand's type, unless its kind is higher.  The table in
//! `crates/infer/tests/promotion.tsv` holds NumPy's answer for every operator and every pair, and a test compares.

use coachwhip_ir::promote::promote_weak;
use coachwhip_ir::{BinaryOp, Dtype, Kind, Ty};

/// The type of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Num {
    /// Python `bool`.
    Bool,
    /// Python `int`.
    Int,
    /// Python `float`.
    Float,
    /// Python `complex`.
    Complex,
    /// A NumPy scalar.
    Scalar(Dtype),
}

impl Num {
    /// Every number type, NumPy's first.
    pub fn all() -> impl Iterator<Item = Num> {
        Dtype::ALL.into_iter().map(Num::Scalar).chain([Num::Bool, Num::Int, Num::Float, Num::Complex])
    }

    /// The number type of a value of this type (a literal counts as its Python or NumPy type).
    pub fn of(ty: &Ty) -> Option<Num> {
        Some(match ty.widened() {
            Ty::Bool => Num::Bool,
            Ty::Int => Num::Int,
            Ty::Float => Num::Float,
            Ty::Complex => Num::Complex,
            Ty::Scalar(d) => Num::Scalar(d),
            _ => return None,
        })
    }

    /// The type of values.
    pub fn ty(self) -> Ty {
        match self {
            Num::Bool => Ty::Bool,
            Num::Int => Ty::Int,
            Num::Float => Ty::Float,
            Num::Complex => Ty::Complex,
            Num::Scalar(d) => Ty::Scalar(d),
        }
    }

    /// The dtype that an array of such values has.
    pub fn dtype(self) -> Dtype {
        match self {
            Num::Bool => Dtype::Bool,
            Num::Int => Dtype::Int64,
            Num::Float => Dtype::Float64,
            Num::Complex => Dtype::Complex128,
            Num::Scalar(d) => d,
        }
    }

    /// Kind; a Python `int` is signed.
    pub fn kind(self) -> Kind {
        self.dtype().kind()
    }

    /// A NumPy scalar.
    pub fn is_numpy(self) -> bool {
        matches!(self, Num::Scalar(_))
    }

    /// As users name it.
    pub fn name(self) -> String {
        match self {
            Num::Bool => "bool".into(),
            Num::Int => "int".into(),
            Num::Float => "float".into(),
            Num::Complex => "complex".into(),
            Num::Scalar(d) => format!("numpy.{}", d.name()),
        }
    }
}

/// A NumPy dtype with a weak Python number or another NumPy scalar.
pub fn weak(dtype: Dtype, other: Num) -> Dtype {
    match other {
        Num::Scalar(d) => dtype.promote(d),
        python => promote_weak(dtype, &python.ty()),
    }
}

/// The common type of two numbers: of `a + b`.
pub fn common(a: Num, b: Num) -> Num {
    match (a, b) {
        (Num::Scalar(d), other) | (other, Num::Scalar(d)) => Num::Scalar(weak(d, other)),
        _ => match a.kind().max(b.kind()) {
            Kind::Complex => Num::Complex,
            Kind::Float => Num::Float,
            _ => Num::Int,
        },
    }
}

/// The result type of an operator; `None` where Python raises `TypeError`.
pub fn binary(op: BinaryOp, a: Num, b: Num) -> Option<Num> {
    use BinaryOp::*;
    let both_bool = a.kind() == Kind::Bool && b.kind() == Kind::Bool;
    let numpy = a.is_numpy() || b.is_numpy();
    // `np.float64` is a subclass of `float`, so `complex.__add__` takes it before NumPy is asked.
    let common = if (a, b) == (Num::Complex, Num::Scalar(Dtype::Float64)) { Num::Complex } else { common(a, b) };
    let kind = common.kind();
    match op {
        MatMul => None,
        Sub if both_bool && numpy => None,
        Add | Sub | Mul => Some(common),
        TrueDiv if kind >= Kind::Float => Some(common),
        TrueDiv => Some(if numpy { Num::Scalar(Dtype::Float64) } else { Num::Float }),
        And | Or | Xor if kind >= Kind::Float => None,
        And | Or | Xor if both_bool => Some(if numpy { Num::Scalar(Dtype::Bool) } else { Num::Bool }),
        And | Or | Xor => Some(common),
        FloorDiv | Mod if kind == Kind::Complex => None,
        Lshift | Rshift if kind >= Kind::Float => None,
        FloorDiv | Mod | Pow | Lshift | Rshift if both_bool && numpy => Some(Num::Scalar(Dtype::Int8)),
        FloorDiv | Mod | Pow | Lshift | Rshift => Some(common),
    }
}

/// Result type of a comparison: NumPy's `bool` as soon as one operand is NumPy's; `None` where ordering
/// raises `TypeError`.
pub fn comparison(ordering: bool, a: Num, b: Num) -> Option<Num> {
    let pythons_own = !ordering && (a, b) == (Num::Complex, Num::Scalar(Dtype::Float64));
    if (a.is_numpy() || b.is_numpy()) && !pythons_own {
        return Some(Num::Scalar(Dtype::Bool));
    }
    let complex = a == Num::Complex || b == Num::Complex;
    if ordering && complex { None } else { Some(Num::Bool) }
}

/// The float or complex dtype in which a NumPy function without an integer loop works.
pub fn float_loop(a: Num) -> Dtype {
    match (a, a.dtype()) {
        (Num::Int, _) => Dtype::Float64,
        (_, d) if d.kind() == Kind::Complex => d,
        (_, d) => d.float(),
    }
}

/// As [`float_loop`], for two operands: the smallest loop to which each of them can be cast safely.
pub fn float_loop2(a: Num, b: Num) -> Dtype {
    if a.is_numpy() && b.is_numpy() {
        return float_loop(a).promote(float_loop(b));
    }
    match ufunc_common(a, b) {
        Num::Scalar(d) if !a.is_numpy() && !b.is_numpy() && d.is_int() => Dtype::Float64,
        n => float_loop(n),
    }
}

/// The common type of the operands of a NumPy function: Python numbers alone are taken by NumPy's defaults.
pub fn ufunc_common(a: Num, b: Num) -> Num {
    match (a, b) {
        (Num::Bool, Num::Bool) => Num::Scalar(Dtype::Bool),
        _ => Num::Scalar(common(a, b).dtype()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn num(name: &str) -> Num {
        Num::all().find(|n| n.name().replace("numpy.", "np.") == name).unwrap()
    }

    /// Every operator and every pair, against what NumPy itself answered.
    #[test]
    fn agrees_with_numpy() {
        let table = include_str!("../tests/promotion.tsv");
        let mut rows = 0;
        for line in table.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let (symbol, a, b) = (cells[0], num(cells[1]), num(cells[2]));
            let expected = (cells[3] != "-").then(|| num(cells[3]));
            let found = match BinaryOp::ALL.into_iter().find(|op| op.symbol() == symbol) {
                Some(op) => binary(op, a, b),
                None => comparison(!matches!(symbol, "==" | "!="), a, b),
            };
            assert_eq!(found, expected, "{line}");
            rows += 1;
        }
        assert_eq!(rows, 18 * 18 * 18);
    }
}
