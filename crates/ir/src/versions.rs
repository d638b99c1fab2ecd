//! Where versions of CPython and NumPy differ in what a program means: one row each.
//!
//! Compiled code does what the interpreter does that runs it.  Whoever depends on a row asks [`follows`]; keys of the
//! cache contain both versions.  Words are no rows: the running interpreter is asked for its own
//! (`python/coachwhip/_wording.py`).

use std::sync::OnceLock;

/// Major and minor version.
pub type Version = (u8, u8);

/// Whose version decides.
enum Of {
    Python,
    Numpy,
}

macro_rules! differences {
    ($($variant:ident, $text:literal, $of:ident $since:expr, $doc:literal;)*) => {
        /// A difference: what versions do from the row's on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Difference { $(#[doc = $doc] $variant),* }

        impl Difference {
            /// Every row.
            pub const ALL: &'static [Difference] = &[$(Difference::$variant),*];

            /// Its name in Python.
            pub fn text(self) -> &'static str { match self { $(Difference::$variant => $text),* } }

            fn since(self) -> (Of, Version) { match self { $(Difference::$variant => (Of::$of, $since)),* } }
        }
    };
}

differences! {
    // variant, name in Python, since, what
    CompensatedSum, "compensated_sum", Python (3, 12), "`sum` of floats adds up what additions lose.";
    CompensatedComplexSum, "compensated_complex_sum", Python (3, 14), "So does `sum` of complex numbers.";
    RealWithComplex, "real_with_complex", Python (3, 14), "A real operand of a complex one has no imaginary part, not one of 0.";
    ComplexInfinities, "complex_infinities", Python (3, 14), "Products and quotients of infinities that would be NaN are infinite or 0 (C99, annex G).";
    CmathNanOnAxes, "cmath_nan_on_axes", Python (3, 14), "`cmath.acosh`, `tan` and `tanh` of NaN on an axis know one part.";
    WhereChecksInts, "where_checks_ints", Numpy (2, 5), "`np.where` takes no Python int that the dtype cannot hold.";
    ReplaceCountByName, "replace_count_by_name", Python (3, 13), "`str.replace` takes its count by name.";
    BytesReplaceCountByName, "bytes_replace_count_by_name", Python (3, 15), "So does `bytes.replace`.";
    SearchesHalve, "searches_halve", Numpy (2, 5), "`np.searchsorted` of what is not sorted ends where halving the whole array ends.";
    UnpackTellsLength, "unpack_tells_length", Python (3, 14), "Unpacking too many values of a list, tuple or dict tells how many there are.";
    MathNamesArgument, "math_names_argument", Python (3, 14), "`math` words a failure by function and argument.";
}

static RUNNING: OnceLock<(Version, Version)> = OnceLock::new();

/// Says, once, which CPython and which NumPy run.  Before that they count as the oldest.
pub fn install(python: Version, numpy: Version) {
    RUNNING.get_or_init(|| (python, numpy));
}

/// Whether what runs is as the row says.
pub fn follows(difference: Difference) -> bool {
    let Some((python, numpy)) = RUNNING.get() else { return false };
    match difference.since() {
        (Of::Python, since) => *python >= since,
        (Of::Numpy, since) => *numpy >= since,
    }
}
