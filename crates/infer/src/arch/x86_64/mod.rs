//! x86-64.

/// Whether this machine, for which code is made, multiplies and adds in one instruction, on vectors.
pub fn has_fma() -> bool {
    std::arch::is_x86_feature_detected!("fma") && std::arch::is_x86_feature_detected!("avx2")
}
