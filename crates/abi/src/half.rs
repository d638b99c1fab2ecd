//! IEEE half precision, which Rust has no stable type for: its bits, read and rounded as NumPy does.

/// A float16, as its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Half(pub u16);

impl Half {
    /// The nearest half of a double, ties to even: one rounding, to infinity beyond the greatest.
    pub fn of(value: f64) -> Half {
        let bits = value.to_bits();
        let sign = (bits >> 48) as u16 & 0x8000;
        if value.is_nan() {
            return Half(sign | 0x7e00);
        }
        // From 65520 on, the nearest number of unbounded exponent is 65536.
        let size = value.abs();
        if size >= 65520.0 {
            return Half(sign | 0x7c00);
        }
        // Numbers of one exponent are multiples of their last place; the subnormal ones have that of the least
        // normal ones.  Scaling by powers of two is exact.
        let exponent = ((bits >> 52) as i32 & 0x7ff) - 1023;
        let place = exponent.max(-14) - 10;
        let count = (size * 2f64.powi(-place)).round_ties_even();
        // A count of 2048 is the next exponent's 1024, to which the addition carries.
        let exponent = (place + 24) as u16;
        Half(sign | ((exponent << 10) + count as u16))
    }

    /// Its value, exactly.
    pub fn value(self) -> f64 {
        let (exponent, digits) = (i32::from(self.0 >> 10 & 31), f64::from(self.0 & 1023));
        let size = match exponent {
            0 => digits * 2f64.powi(-24),
            31 if digits != 0.0 => f64::NAN,
            31 => f64::INFINITY,
            _ => (1024.0 + digits) * 2f64.powi(exponent - 25),
        };
        size.copysign(if self.0 & 0x8000 != 0 { -1.0 } else { 1.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_comes_back() {
        for bits in 0..=u16::MAX {
            let (half, value) = (Half(bits), Half(bits).value());
            match value.is_nan() {
                true => assert_eq!(Half::of(value).0, 0x7e00 | bits & 0x8000),
                false => assert_eq!(Half::of(value), half),
            }
        }
    }

    #[test]
    fn between_two_halves_the_nearest_wins_and_ties_go_to_the_even_one() {
        for bits in 0..0x7bff {
            let (low, high) = (Half(bits), Half(bits + 1));
            let middle = (low.value() + high.value()) / 2.0;
            assert_eq!(Half::of(middle), if bits % 2 == 0 { low } else { high });
            // By way of float32 these would become the middle first.
            assert_eq!(Half::of(middle.next_down()), low);
            assert_eq!(Half::of(middle.next_up()), high);
            assert_eq!(Half::of(-middle.next_up()).0, high.0 | 0x8000);
        }
        assert_eq!(Half::of(65519.999), Half(0x7bff));
        assert_eq!(Half::of(65520.0), Half(0x7c00));
        assert_eq!(Half::of(1e-300), Half(0));
        assert_eq!(Half::of(-f64::MIN_POSITIVE), Half(0x8000));
    }
}
