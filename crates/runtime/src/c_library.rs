//! Functions of the platform's C library, which CPython and NumPy call too.

/// Declares C functions whose address is all that is wanted here.
macro_rules! functions {
    ($($name:ident)*) => {
        unsafe extern "C" {
            // The signatures are in `abi::RuntimeFn`; nothing here calls these functions.
            $(fn $name();)*
        }

        /// The function with this symbol.
        pub(crate) fn address(symbol: &str) -> Option<usize> {
            match symbol {
                $(stringify!($name) => Some($name as *const () as usize),)*
                _ => None,
            }
        }
    };
}

functions! {
    acos acosh asin asinh atan atan2 atanh cbrt cos cosh erf erfc exp exp2 expm1 fmod hypot ldexp log log10
    log1p log2 nextafter pow remainder sin sinh tan tanh
    acosf acoshf asinf asinhf atanf atan2f atanhf cbrtf cosf coshf expf exp2f expm1f fmodf hypotf ldexpf logf
    log10f log1pf log2f nextafterf powf sinf sinhf tanf tanhf
    cacos cacosh casin casinh catan catanh ccos ccosh cexp clog csin csinh csqrt ctan ctanh
}
