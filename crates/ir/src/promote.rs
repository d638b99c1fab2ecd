//! The weak promotion of Python's numbers (NEP 50); that of dtypes is theirs ([`Dtype::promote`]).

use crate::ty::{Dtype, Kind, Ty};

/// The dtype of an operation of a dtype with a Python number (`Bool`, `Int`, `Float`, `Complex`),
/// which is weak: its kind counts, its width does not.
pub fn promote_weak(dtype: Dtype, python: &Ty) -> Dtype {
    match python {
        Ty::Int if dtype == Dtype::Bool => Dtype::Int64,
        Ty::Float if dtype.kind() < Kind::Float => Dtype::Float64,
        // An integer has no float of its own here: the whole kind counts as float64.
        Ty::Complex if dtype.kind() < Kind::Float => Dtype::Complex128,
        Ty::Complex => dtype.promote(Dtype::Complex64),
        _ => dtype,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_python_number_counts() {
        use Dtype::*;
        assert_eq!(promote_weak(Float32, &Ty::Int), Float32);
        assert_eq!(promote_weak(Float16, &Ty::Float), Float16);
        assert_eq!(promote_weak(Float16, &Ty::Complex), Complex64);
        assert_eq!(promote_weak(Float64, &Ty::Complex), Complex128);
        assert_eq!(promote_weak(Int8, &Ty::Float), Float64);
        assert_eq!(promote_weak(Bool, &Ty::Int), Int64);
        assert_eq!(promote_weak(Bool, &Ty::Bool), Bool);
    }
}
