//! NumPy's element types, as compiled code and the run time number them: one row for each, which whoever asks
//! about a dtype reads.

use crate::half::Half;

/// Name, kind, bytes, NumPy's number (`NPY_TYPES`), other spellings, and, of floats, the digits after the leading bit.
struct Row(&'static str, Kind, u32, i32, &'static [&'static str], u32);

macro_rules! dtypes {
    ($($variant:ident $name:literal $kind:ident $size:literal $number:literal [$($spelling:literal)*] $digits:literal;)*) => {
        /// A NumPy element type, native byte order.  The order of the variants is NumPy's order of kinds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u32)]
        #[allow(missing_docs)] // the names say it
        pub enum Dtype {
            $($variant),*
        }

        impl Dtype {
            /// Number of dtypes.
            pub const COUNT: usize = [$($name),*].len();
            /// Every dtype.
            pub const ALL: [Dtype; Dtype::COUNT] = [$(Dtype::$variant),*];

            fn row(self) -> &'static Row {
                match self {
                    $(Dtype::$variant => const { &Row($name, Kind::$kind, $size, $number, &[$($spelling),*], $digits) }),*
                }
            }
        }
    };
}

dtypes! {
    Bool "bool" Bool 1 0 ["?" "b1" "bool_"] 0;
    Int8 "int8" Signed 1 1 ["b" "i1" "byte"] 0;
    Int16 "int16" Signed 2 3 ["h" "i2" "short"] 0;
    Int32 "int32" Signed 4 5 ["i" "i4" "intc"] 0;
    Int64 "int64" Signed 8 7 ["l" "q" "p" "n" "i8" "int" "int_" "intp" "long" "longlong"] 0;
    Uint8 "uint8" Unsigned 1 2 ["B" "u1" "ubyte"] 0;
    Uint16 "uint16" Unsigned 2 4 ["H" "u2" "ushort"] 0;
    Uint32 "uint32" Unsigned 4 6 ["I" "u4" "uintc"] 0;
    Uint64 "uint64" Unsigned 8 8 ["L" "Q" "P" "N" "u8" "uint" "uintp" "ulong" "ulonglong"] 0;
    Float16 "float16" Float 2 23 ["e" "f2" "half"] 10;
    Float32 "float32" Float 4 11 ["f" "f4" "single"] 23;
    Float64 "float64" Float 8 12 ["d" "f8" "float" "double"] 52;
    Complex64 "complex64" Complex 8 14 ["F" "c8" "csingle"] 23;
    Complex128 "complex128" Complex 16 15 ["D" "c16" "complex" "cdouble"] 52;
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
    /// NumPy's name.
    pub fn name(self) -> &'static str {
        self.row().0
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
    /// The dtype that NumPy spells so: a name, a character, a kind with a size.
    pub fn by_spelling(text: &str) -> Option<Dtype> {
        Self::by_name(text).or_else(|| Self::ALL.into_iter().find(|d| d.row().4.contains(&text)))
    }
    /// Kind.
    pub fn kind(self) -> Kind {
        self.row().1
    }
    /// Size of an element in bytes.
    pub fn size(self) -> u32 {
        self.row().2
    }
    /// NumPy's number of the type.
    pub fn type_number(self) -> i32 {
        self.row().3
    }
    /// The binary digits of a float, or of a complex number's parts, after the leading one.
    pub fn digits(self) -> u32 {
        self.row().5
    }
    /// The dtype of the parts of a complex dtype, itself for the others.
    pub fn real(self) -> Dtype {
        match self {
            Dtype::Complex64 => Dtype::Float32,
            Dtype::Complex128 => Dtype::Float64,
            other => other,
        }
    }
    /// The narrowest complex dtype that holds a float dtype.
    fn complex(self) -> Dtype {
        if self.digits() <= Dtype::Complex64.digits() { Dtype::Complex64 } else { Dtype::Complex128 }
    }
    /// The bits of the nearest float of this dtype (or of a complex dtype's parts).
    pub fn float_bits(self, value: f64) -> u64 {
        match self.real() {
            Dtype::Float16 => u64::from(Half::of(value).0),
            Dtype::Float32 => u64::from((value as f32).to_bits()),
            _ => value.to_bits(),
        }
    }
    /// The value of a float with these bits.
    pub fn float_value(self, bits: u64) -> f64 {
        match self.real() {
            Dtype::Float16 => Half(bits as u16).value(),
            Dtype::Float32 => f64::from(f32::from_bits(bits as u32)),
            _ => f64::from_bits(bits),
        }
    }
    /// Signed or unsigned integer (not bool).
    pub fn is_int(self) -> bool {
        matches!(self.kind(), Kind::Signed | Kind::Unsigned)
    }
    /// The narrowest float dtype that NumPy takes a dtype to safely: itself for a float, the one of its parts for a
    /// complex number.
    pub fn float(self) -> Dtype {
        match (self.kind(), self.size()) {
            (Kind::Float | Kind::Complex, _) => self.real(),
            (_, 1) => Dtype::Float16,
            (_, 2) => Dtype::Float32,
            _ => Dtype::Float64,
        }
    }
    /// NumPy's `result_type` of two dtypes.
    pub fn promote(self, other: Dtype) -> Dtype {
        let (low, high) = if self.kind() <= other.kind() { (self, other) } else { (other, self) };
        let wider = |a: Dtype, b: Dtype| if a.size() >= b.size() { a } else { b };
        match (low.kind(), high.kind()) {
            (Kind::Bool, _) => high,
            (a, b) if a == b => wider(low, high),
            (Kind::Signed, Kind::Unsigned) if high.size() < low.size() => low,
            (Kind::Signed, Kind::Unsigned) => match high.size() {
                1 => Dtype::Int16,
                2 => Dtype::Int32,
                4 => Dtype::Int64,
                _ => Dtype::Float64,
            },
            (_, Kind::Float) => wider(low.float(), high),
            _ => wider(low.float().complex(), high),
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
            (Bool, Float16, Float16),
            (Uint8, Float16, Float16),
            (Int16, Float16, Float32),
            (Uint64, Float16, Float64),
            (Float16, Float32, Float32),
            (Float16, Complex64, Complex64),
        ] {
            assert_eq!(a.promote(b), c);
            assert_eq!(b.promote(a), c);
        }
    }

    #[test]
    fn no_spelling_stands_for_two_dtypes() {
        let mut all: Vec<&str> = Dtype::ALL.iter().flat_map(|d| d.row().4.iter().copied().chain([d.name()])).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert_eq!(Dtype::by_spelling("e"), Some(Dtype::Float16));
    }
}
