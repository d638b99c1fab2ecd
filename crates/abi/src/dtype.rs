//! NumPy's element types, as compiled code and the run time number them.

/// A NumPy element type, native byte order.  The order of the variants is NumPy's order of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u32)]
#[allow(missing_docs)] // the names say it
pub enum Dtype {
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Float32,
    Float64,
    Complex64,
    Complex128,
}

/// NumPy's kinds, in the order of promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Kind {
    Bool,
    Signed,
    Unsigned,
    Float,
    Complex,
}

impl Dtype {
    /// Every dtype.
    pub const ALL: [Dtype; 13] = {
        use Dtype::*;
        [Bool, Int8, Int16, Int32, Int64, Uint8, Uint16, Uint32, Uint64, Float32, Float64, Complex64, Complex128]
    };
    /// NumPy's name.
    pub fn name(self) -> &'static str {
        use Dtype::*;
        match self {
            Bool => "bool",
            Int8 => "int8",
            Int16 => "int16",
            Int32 => "int32",
            Int64 => "int64",
            Uint8 => "uint8",
            Uint16 => "uint16",
            Uint32 => "uint32",
            Uint64 => "uint64",
            Float32 => "float32",
            Float64 => "float64",
            Complex64 => "complex64",
            Complex128 => "complex128",
        }
    }
    /// The name of the scalar class in the `numpy` module: `bool_` for `Bool`, else as [`Dtype::name`].
    pub fn numpy_name(self) -> &'static str {
        if self == Dtype::Bool { "bool_" } else { self.name() }
    }
    /// The dtype with this number, as compiled code passes it.
    pub fn by_number(number: i32) -> Option<Dtype> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }
    /// The dtype with this name.
    pub fn by_name(name: &str) -> Option<Dtype> {
        Self::ALL.into_iter().find(|d| d.name() == name)
    }
    /// Kind.
    pub fn kind(self) -> Kind {
        use Dtype::*;
        match self {
            Bool => Kind::Bool,
            Int8 | Int16 | Int32 | Int64 => Kind::Signed,
            Uint8 | Uint16 | Uint32 | Uint64 => Kind::Unsigned,
            Float32 | Float64 => Kind::Float,
            Complex64 | Complex128 => Kind::Complex,
        }
    }
    /// Size of an element in bytes.
    pub fn size(self) -> u32 {
        use Dtype::*;
        match self {
            Bool | Int8 | Uint8 => 1,
            Int16 | Uint16 => 2,
            Int32 | Uint32 | Float32 => 4,
            Int64 | Uint64 | Float64 | Complex64 => 8,
            Complex128 => 16,
        }
    }
    /// The dtype of the parts of a complex dtype, itself for the others.
    pub fn real(self) -> Dtype {
        match self {
            Dtype::Complex64 => Dtype::Float32,
            Dtype::Complex128 => Dtype::Float64,
            other => other,
        }
    }
    /// Signed or unsigned integer (not bool).
    pub fn is_int(self) -> bool {
        matches!(self.kind(), Kind::Signed | Kind::Unsigned)
    }
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
    }
}
