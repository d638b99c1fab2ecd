//! Strings of callers, borrowed for a call: UTF-8 that nobody changes.  And the identity of callers' objects.

/// The bytes of a string; none where there is no string.
///
/// # Safety
/// `data` points at that many bytes, which nobody changes, or `length` is 0.
unsafe fn bytes<'a>(data: *const u8, length: i64) -> &'a [u8] {
    match usize::try_from(length) {
        // SAFETY: as the caller promises.
        Ok(length) if length > 0 && !data.is_null() => unsafe { std::slice::from_raw_parts(data, length) },
        _ => &[],
    }
}

/// Eight bytes from a place on as a little-endian word, zeros beyond the end.
///
/// # Safety
/// As for [`bytes`].
pub unsafe extern "C" fn cw_text_word(data: *const u8, length: i64, place: i64) -> i64 {
    // SAFETY: as the caller promises.
    let rest = unsafe { bytes(data, length) }.get(place as usize..).unwrap_or_default();
    let mut word = [0; 8];
    for (byte, &given) in word.iter_mut().zip(rest) {
        *byte = given;
    }
    i64::from_le_bytes(word)
}

/// Whether two strings are equal.
///
/// # Safety
/// As for [`bytes`], of both.
pub unsafe extern "C" fn cw_text_equal(a: *const u8, a_length: i64, b: *const u8, b_length: i64) -> i64 {
    // SAFETY: as the caller promises.
    i64::from(unsafe { bytes(a, a_length) == bytes(b, b_length) })
}

/// Whether two addresses are one.
pub extern "C" fn cw_same_address(a: *const u8, b: *const u8) -> i64 {
    i64::from(a == b)
}

crate::addresses! {
    "cw_text_word" => cw_text_word;
    "cw_text_equal" => cw_text_equal;
    "cw_same_address" => cw_same_address;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_with_zeros() {
        let text = "abcdefghij";
        // SAFETY: the bytes are those of a constant.
        let word = |length, place| unsafe { cw_text_word(text.as_ptr(), length, place) };
        assert_eq!(word(10, 0), i64::from_le_bytes(*b"abcdefgh"));
        assert_eq!(word(10, 8), i64::from_le_bytes(*b"ij\0\0\0\0\0\0"));
        assert_eq!((word(10, 16), word(0, 0), word(10, -1)), (0, 0, 0));
    }

    #[test]
    fn equal_by_content() {
        let (a, b) = ("mode", "model");
        // SAFETY: the bytes are those of constants.
        let equal = |n, m| unsafe { cw_text_equal(a.as_ptr(), n, b.as_ptr(), m) };
        assert_eq!((equal(4, 4), equal(4, 5), equal(0, 0), equal(0, 1)), (1, 0, 1, 0));
    }
}
