//! The conversions of halves that LLVM calls by name: a half lies in the low 16 bits of a vector register, as a single
//! with those bits does.

use coachwhip_abi::Half;

extern "C" fn widened(bits: f32) -> f32 {
    Half(bits.to_bits() as u16).value() as f32
}

extern "C" fn of_single(value: f32) -> f32 {
    of_double(f64::from(value))
}

extern "C" fn of_double(value: f64) -> f32 {
    f32::from_bits(u32::from(Half::of(value).0))
}

/// The address of such a function.
pub fn half_conversion(name: &str) -> Option<usize> {
    Some(match name {
        "__extendhfsf2" => widened as *const () as usize,
        "__truncsfhf2" => of_single as *const () as usize,
        "__truncdfhf2" => of_double as *const () as usize,
        _ => return None,
    })
}
