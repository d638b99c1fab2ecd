//! The options of `jit` that change what is compiled.

use crate::ty::Ty;
use std::sync::Arc;

/// Relaxations of floating-point arithmetic, named as in LLVM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FastMath {
    /// No operand or result is NaN.
    pub nnan: bool,
    /// No operand or result is infinite.
    pub ninf: bool,
    /// The sign of a zero does not matter.
    pub nsz: bool,
    /// A division may become a multiplication by the reciprocal.
    pub arcp: bool,
    /// A product and a sum may be rounded once.
    pub contract: bool,
    /// Library functions may be approximated.
    pub afn: bool,
    /// Operations may be regrouped.
    pub reassoc: bool,
}

impl FastMath {
    /// All relaxations.
    pub const FAST: FastMath =
        FastMath { nnan: true, ninf: true, nsz: true, arcp: true, contract: true, afn: true, reassoc: true };
    /// Whether any relaxation is on.
    pub fn any(self) -> bool {
        self != FastMath::default()
    }
}

/// When a call is replaced by the callee's body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Inline {
    /// By size and number of calls.
    #[default]
    Auto,
    /// Wherever it is called.
    Always,
    /// Nowhere.
    Never,
}

/// Options of one function; a plain callee takes its caller's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// Check every index (`boundscheck`).
    pub boundscheck: bool,
    /// Python ints wrap at 64 bits instead of raising (`overflow="wrap"`).
    pub wrap: bool,
    /// NumPy integers raise at the ends of their width instead of wrapping (`overflow="raise"`).
    pub strict: bool,
    /// Python float and int division by zero follows NumPy (`error_model="numpy"`).
    pub numpy_errors: bool,
    /// Negative indices count from the end (`wraparound`).
    pub wraparound: bool,
    /// `fastmath`.
    pub fastmath: FastMath,
    /// libm's bits (`exact_math`).
    pub exact_math: bool,
    /// `inline`.
    pub inline: Inline,
    /// Release the GIL even around calls that do not loop (`nogil`).
    pub nogil: bool,
    /// `debug`: no optimisation, locations kept.
    pub debug: bool,
    /// `locals`: declared types of variables.
    pub locals: Arc<[(Arc<str>, Ty)]>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            boundscheck: true,
            wrap: false,
            strict: false,
            numpy_errors: false,
            wraparound: true,
            fastmath: FastMath::default(),
            exact_math: false,
            inline: Inline::Auto,
            nogil: false,
            debug: false,
            locals: Arc::from([]),
        }
    }
}
