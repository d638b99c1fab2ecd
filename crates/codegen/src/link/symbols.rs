//! Functions of the C library, and of a compiler's own, that LLVM calls of its own accord.

unsafe extern "C" {
    fn memset(to: *mut u8, byte: i32, size: usize) -> *mut u8;
    fn memcpy(to: *mut u8, from: *const u8, size: usize) -> *mut u8;
    fn memmove(to: *mut u8, from: *const u8, size: usize) -> *mut u8;
    fn memcmp(a: *const u8, b: *const u8, size: usize) -> i32;
    fn bcmp(a: *const u8, b: *const u8, size: usize) -> i32;
    fn floor(x: f64) -> f64;
    fn floorf(x: f32) -> f32;
    fn ceil(x: f64) -> f64;
    fn ceilf(x: f32) -> f32;
    fn trunc(x: f64) -> f64;
    fn truncf(x: f32) -> f32;
    fn nearbyint(x: f64) -> f64;
    fn nearbyintf(x: f32) -> f32;
    fn fma(a: f64, b: f64, c: f64) -> f64;
    fn fmaf(a: f32, b: f32, c: f32) -> f32;
    fn sqrt(x: f64) -> f64;
    fn sqrtf(x: f32) -> f32;
}

/// The address of such a function.
pub fn address(name: &str) -> Option<usize> {
    Some(match name {
        "memset" => memset as *const () as usize,
        "memcpy" => memcpy as *const () as usize,
        "memmove" => memmove as *const () as usize,
        "memcmp" => memcmp as *const () as usize,
        "bcmp" => bcmp as *const () as usize,
        "floor" => floor as *const () as usize,
        "floorf" => floorf as *const () as usize,
        "ceil" => ceil as *const () as usize,
        "ceilf" => ceilf as *const () as usize,
        "trunc" => trunc as *const () as usize,
        "truncf" => truncf as *const () as usize,
        "nearbyint" => nearbyint as *const () as usize,
        "nearbyintf" => nearbyintf as *const () as usize,
        "fma" => fma as *const () as usize,
        "fmaf" => fmaf as *const () as usize,
        "sqrt" => sqrt as *const () as usize,
        "sqrtf" => sqrtf as *const () as usize,
        _ => return crate::arch::half_conversion(name),
    })
}
