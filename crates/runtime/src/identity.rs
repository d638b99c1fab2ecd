//! The identity of callers' objects.

/// Whether two addresses are one.
extern "C" fn cw_same_address(a: *const u8, b: *const u8) -> i64 {
    i64::from(a == b)
}

crate::addresses! {
    "cw_same_address" => cw_same_address;
}
