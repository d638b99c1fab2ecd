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
                $(stringify!($name) => Some(shared(concat!(stringify!($name), "\0")).unwrap_or($name as *const () as usize)),)*
                _ => None,
            }
        }
    };
}

/// The function in the shared mathematics library that the process uses.  Rust's own support library has
/// some of the same names (`cbrt`, `fmod`) and would win at link time, with other bits than CPython's.
fn shared(symbol: &'static str) -> Option<usize> {
    let name = std::ffi::CStr::from_bytes_with_nul(symbol.as_bytes()).ok()?;
    // SAFETY: both names end with NUL; the library is only looked up, as it is loaded already, and stays.
    let found = unsafe {
        let library = libc::dlopen(c"libm.so.6".as_ptr(), libc::RTLD_LAZY | libc::RTLD_NOLOAD);
        if library.is_null() {
            return None;
        }
        libc::dlsym(library, name.as_ptr())
    };
    (!found.is_null()).then_some(found as usize)
}

functions! {
    acos acosh asin asinh atan atan2 atanh cbrt cos cosh erf erfc exp exp2 expm1 fmod hypot ldexp log log10
    log1p log2 nextafter pow remainder sin sinh tan tanh
    acosf acoshf asinf asinhf atanf atan2f atanhf cbrtf cosf coshf expf exp2f expm1f fmodf hypotf ldexpf logf
    log10f log1pf log2f nextafterf powf sinf sinhf tanf tanhf
    cacos cacosh casin casinh catan catanh ccos ccosh cexp clog csin csinh csqrt ctan ctanh
}
