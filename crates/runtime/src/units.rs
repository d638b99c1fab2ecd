//! Code points in memory, in any of CPython's three widths.

/// The code points of a string, as they are in memory.
#[derive(Clone, Copy)]
pub enum Units<'a> {
    /// Up to U+00FF; and bytes.
    One(&'a [u8]),
    /// Up to U+FFFF.
    Two(&'a [u16]),
    /// The others.
    Four(&'a [u32]),
}

/// The same steps for code points of each width.
#[macro_export]
#[doc(hidden)]
macro_rules! each_width {
    ($units:expr, $name:ident => $body:expr) => {
        match $units {
            $crate::units::Units::One($name) => $body,
            $crate::units::Units::Two($name) => $body,
            $crate::units::Units::Four($name) => $body,
        }
    };
}

impl<'a> Units<'a> {
    /// How many there are.
    pub fn len(self) -> usize {
        each_width!(self, units => units.len())
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The code point at a place.
    #[allow(clippy::useless_conversion)] // in the arm of four bytes
    pub fn get(self, at: usize) -> Option<u32> {
        each_width!(self, units => units.get(at).map(|&unit| u32::from(unit)))
    }

    /// A part, as far as there is one.
    pub fn part(self, range: std::ops::Range<usize>) -> Units<'a> {
        match self {
            Units::One(units) => Units::One(units.get(range).unwrap_or_default()),
            Units::Two(units) => Units::Two(units.get(range).unwrap_or_default()),
            Units::Four(units) => Units::Four(units.get(range).unwrap_or_default()),
        }
    }

    /// The code points one by one.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + Clone + 'a {
        (0..self.len()).map(move |at| self.get(at).unwrap_or_default())
    }

    /// Bytes of a code point.
    pub fn width(self) -> u64 {
        match self {
            Units::One(_) => 1,
            Units::Two(_) => 2,
            Units::Four(_) => 4,
        }
    }
}

/// Code points in memory.
///
/// # Safety
/// `data` points at so many code points of this width, which nobody changes as long as the answer is used; or there are none.
pub unsafe fn units_at<'a>(data: *const u8, length: i64, width: u64) -> Units<'a> {
    let length = usize::try_from(length).unwrap_or_default();
    if length == 0 || data.is_null() {
        return Units::One(&[]);
    }
    // SAFETY: as the caller promises; memory of strings is aligned for its code points.
    unsafe {
        match width {
            1 => Units::One(std::slice::from_raw_parts(data, length)),
            2 => Units::Two(std::slice::from_raw_parts(data.cast(), length)),
            _ => Units::Four(std::slice::from_raw_parts(data.cast(), length)),
        }
    }
}

/// Bytes of a code point like this one.
pub fn width_of(unit: u32) -> u64 {
    match unit {
        0..=0xff => 1,
        0x100..=0xffff => 2,
        _ => 4,
    }
}
