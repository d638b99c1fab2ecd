//! Masks on x86-64: with AVX-512 where the machine has it.

use crate::arch::{Machine, Work};
use std::arch::x86_64::*;

/// A machine with AVX-512: made only where that is known, in functions that are compiled for it.
#[derive(Clone, Copy)]
struct Wide;

/// Any machine.
#[derive(Clone, Copy)]
struct Plain;

impl Machine for Wide {
    const WIDE: bool = true;
    #[inline(always)]
    fn bits(self, block: &[u8; 64]) -> u64 {
        // SAFETY: the machine has the instructions; the block is 64 bytes long, and the load needs no alignment.
        unsafe {
            let bytes = _mm512_loadu_si512(block.as_ptr().cast());
            _mm512_test_epi8_mask(bytes, bytes)
        }
    }
}

impl Machine for Plain {
    const WIDE: bool = false;
    #[inline(always)]
    fn bits(self, block: &[u8; 64]) -> u64 {
        let mut bits = 0;
        for (i, part) in block.chunks_exact(16).enumerate() {
            // SAFETY: SSE2 is part of x86-64; the part is 16 bytes long, and the load needs no alignment.
            let zero = unsafe {
                let bytes = _mm_loadu_si128(part.as_ptr().cast());
                _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_setzero_si128()))
            };
            bits |= u64::from(!(zero as u32) & 0xffff) << (16 * i);
        }
        bits
    }
}

/// # Safety
/// The machine has AVX-512; what the work asks for.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,popcnt,bmi1")]
unsafe fn run_wide(work: impl Work) -> i64 {
    // SAFETY: as promised.
    unsafe { work.run(Wide) }
}

/// # Safety
/// What the work asks for.
pub unsafe fn run(work: impl Work) -> i64 {
    let wide = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("popcnt")
        && is_x86_feature_detected!("bmi1");
    // SAFETY: as promised; the features were asked for.
    unsafe { if wide { run_wide(work) } else { work.run(Plain) } }
}

/// # Safety
/// The machine has AVX-512, and there is room for as many words as `bits` has bits.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,popcnt,bmi1")]
#[inline]
pub unsafe fn pack_positions(bits: u64, base: i64, target: *mut i64) {
    let mut at = target;
    let mut places = _mm512_add_epi64(_mm512_set1_epi64(base), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
    for step in 0..8 {
        let part = (bits >> (8 * step)) as u8;
        let found = part.count_ones();
        // SAFETY: only the lanes of the elements found are stored.
        unsafe {
            _mm512_mask_storeu_epi64(at, low(found) as u8, _mm512_maskz_compress_epi64(part, places));
            at = at.add(found as usize);
        }
        places = _mm512_add_epi64(places, _mm512_set1_epi64(8));
    }
}

/// So many ones from the lowest bit.
fn low(count: u32) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

/// # Safety
/// The machine has AVX-512; `source` is a block of 64 elements, `target` has room for those that are set.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,popcnt,bmi1")]
#[inline]
pub unsafe fn pack_words(bits: u64, source: *const i64, target: *mut i64) {
    let mut at = target;
    for step in 0..8 {
        let part = (bits >> (8 * step)) as u8;
        let found = part.count_ones();
        // SAFETY: only the lanes of the elements found are stored.
        unsafe {
            let all = _mm512_loadu_epi64(source.add(8 * step));
            _mm512_mask_storeu_epi64(at, low(found) as u8, _mm512_maskz_compress_epi64(part, all));
            at = at.add(found as usize);
        }
    }
}

/// # Safety
/// As [`pack_words`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,popcnt,bmi1")]
#[inline]
pub unsafe fn pack_halves(bits: u64, source: *const i32, target: *mut i32) {
    let mut at = target;
    for step in 0..4 {
        let part = (bits >> (16 * step)) as u16;
        let found = part.count_ones();
        // SAFETY: only the lanes of the elements found are stored.
        unsafe {
            let all = _mm512_loadu_epi32(source.add(16 * step));
            _mm512_mask_storeu_epi32(at, low(found) as u16, _mm512_maskz_compress_epi32(part, all));
            at = at.add(found as usize);
        }
    }
}

/// # Safety
/// The machine has AVX-512; `target` is a block of 64 elements, `source` has as many items as there are bits.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,popcnt,bmi1")]
#[inline]
pub unsafe fn unpack_words(bits: u64, source: *const i64, target: *mut i64) {
    let mut from = source;
    for step in 0..8 {
        let part = (bits >> (8 * step)) as u8;
        let found = part.count_ones();
        // SAFETY: lanes that are not wanted are neither loaded nor stored.
        unsafe {
            let items = _mm512_maskz_loadu_epi64(low(found) as u8, from);
            _mm512_mask_storeu_epi64(target.add(8 * step), part, _mm512_maskz_expand_epi64(part, items));
            from = from.add(found as usize);
        }
    }
}

/// # Safety
/// As [`unpack_words`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,popcnt,bmi1")]
#[inline]
pub unsafe fn unpack_halves(bits: u64, source: *const i32, target: *mut i32) {
    let mut from = source;
    for step in 0..4 {
        let part = (bits >> (16 * step)) as u16;
        let found = part.count_ones();
        // SAFETY: lanes that are not wanted are neither loaded nor stored.
        unsafe {
            let items = _mm512_maskz_loadu_epi32(low(found) as u16, from);
            _mm512_mask_storeu_epi32(target.add(16 * step), part, _mm512_maskz_expand_epi32(part, items));
            from = from.add(found as usize);
        }
    }
}
