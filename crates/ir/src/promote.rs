//! NumPy's promotion of element types, and the weak promotion of Python's numbers (NEP 50).

use crate::ty::{Dtype, Kind, Ty};

impl Dtype {
    /// NumPy's `result_type` of two dtypes.
    pub fn promote(self, other: Dtype) -> Dtype {
        let (low, high) = if self.kind() <= other.kind() { (self, other) } else { (other, self) };
        match (low.kind(), high.kind()) {
            (Kind::Bool, _) => high,
            (a, b) if a == b => {
                if low.size() >= high.size() {
                    low
                } else {
                    high
                }
            }
            (Kind::Signed, Kind::Unsigned) => {
                if high.size() < low.size() {
                    low
                } else {
                    match high.size() {
                        1 => Dtype::Int16,
                        2 => Dtype::Int32,
                        4 => Dtype::Int64,
                        _ => Dtype::Float64,
                    }
                }
            }
            (Kind::Signed | Kind::Unsigned, Kind::Float) => {
                if low.size() <= 2 {
                    high
                } else {
                    Dtype::Float64
                }
            }
            (Kind::Signed | Kind::Unsigned, _) => {
                if low.size() <= 2 {
                    high
                } else {
                    Dtype::Complex128
                }
            }
            _ => {
                if low == Dtype::Float64 {
                    Dtype::Complex128
                } else {
                    high
                }
            }
        }
    }

    /// The dtype of an operation of this dtype with a Python number (`Bool`, `Int`, `Float`, `Complex`),
    /// which is weak: its kind counts, its width does not.
    pub fn promote_weak(self, python: &Ty) -> Dtype {
        match python {
            Ty::Int if self == Dtype::Bool => Dtype::Int64,
            Ty::Float if self.kind() < Kind::Float => Dtype::Float64,
            Ty::Complex if matches!(self, Dtype::Float32 | Dtype::Complex64) => Dtype::Complex64,
            Ty::Complex => Dtype::Complex128,
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_numpy_promotes() {
        use Dtype::*;
        for (a, b, c) in [
            (Int8, Uint8, Int16),
            (Int64, Uint64, Float64),
            (Int64, Uint32, Int64),
            (Uint8, Int16, Int16),
            (Int16, Float32, Float32),
            (Int32, Float32, Float64),
            (Uint16, Complex64, Complex64),
            (Int32, Complex64, Complex128),
            (Float64, Complex64, Complex128),
            (Float32, Complex64, Complex64),
            (Bool, Bool, Bool),
            (Bool, Uint8, Uint8),
        ] {
            assert_eq!(a.promote(b), c);
            assert_eq!(b.promote(a), c);
        }
        assert_eq!(Float32.promote_weak(&Ty::Int), Float32);
        assert_eq!(Int8.promote_weak(&Ty::Float), Float64);
        assert_eq!(Bool.promote_weak(&Ty::Int), Int64);
        assert_eq!(Bool.promote_weak(&Ty::Bool), Bool);
    }
}
