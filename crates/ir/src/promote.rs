//! The weak promotion of Python's numbers (NEP 50); that of dtypes is theirs ([`Dtype::promote`]).

use crate::ty::{Dtype, Kind, Ty};

/// The dtype of an operation of a dtype with a Python number (`Bool`, `Int`, `Float`, `Complex`),
/// which is weak: its kind counts, its width does not.
pub fn promote_weak(dtype: Dtype, python: &Ty) -> Dtype {
    match python {
        Ty::Int if dtype == Dtype::Bool => Dtype::Int64,
        Ty::Float if dtype.kind() < Kind::Float => Dtype::Float64,
        Ty::Complex if matches!(dtype, Dtype::Float32 | Dtype::Complex64) => Dtype::Complex64,
        Ty::Complex => Dtype::Complex128,
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
        assert_eq!(promote_weak(Int8, &Ty::Float), Float64);
        assert_eq!(promote_weak(Bool, &Ty::Int), Int64);
        assert_eq!(promote_weak(Bool, &Ty::Bool), Bool);
    }
}
