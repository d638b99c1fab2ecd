//! NumPy's own global stream of random numbers, which compiled code and Python share.
//!
//! NumPy shows a bit generator as a table of C functions over its state (`numpy/random/bitgen.h`).  Whoever calls these
//! functions holds the interpreter, as the driver sees to: nobody else is at the state then.

use crate::hooks::hooks;
use coachwhip_abi::{Context, Status};
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

/// NumPy's `bitgen_t`.
#[repr(C)]
struct BitGenerator {
    state: *mut c_void,
    next_uint64: unsafe extern "C" fn(*mut c_void) -> u64,
    next_uint32: unsafe extern "C" fn(*mut c_void) -> u32,
    next_double: unsafe extern "C" fn(*mut c_void) -> f64,
    next_raw: unsafe extern "C" fn(*mut c_void) -> u64,
}

/// The table behind `np.random`'s functions, given before code that uses it is entered; it lives as long as the process.
static GENERATOR: AtomicPtr<BitGenerator> = AtomicPtr::new(null_mut());

/// Whether the table was given.
pub fn has_bit_generator() -> bool {
    !GENERATOR.load(Ordering::Acquire).is_null()
}

/// Gives the table, which must live as long as the process.
pub fn set_bit_generator(table: *mut c_void) {
    GENERATOR.store(table.cast(), Ordering::Release);
}

/// `cw_random_double`: the next number of [0, 1); NaN if NumPy has no global stream.
unsafe extern "C" fn cw_random_double() -> f64 {
    let generator = GENERATOR.load(Ordering::Acquire);
    if generator.is_null() {
        return f64::NAN;
    }
    // SAFETY: NumPy's table, kept alive for ever; the interpreter is held, so that nobody else uses the state.
    unsafe { ((*generator).next_double)((*generator).state) }
}

/// `cw_random_interval`: a number of 0 to `max`, as NumPy's legacy functions draw it: bits below the next power of two until
/// they fit.
unsafe extern "C" fn cw_random_interval(max: i64) -> i64 {
    let generator = GENERATOR.load(Ordering::Acquire);
    if generator.is_null() || max <= 0 {
        return 0;
    }
    let max = max as u64;
    let mask = u64::MAX >> max.leading_zeros();
    loop {
        // SAFETY: as in `cw_random_double`.
        let bits = unsafe {
            match u32::try_from(max) {
                Ok(_) => u64::from(((*generator).next_uint32)((*generator).state)),
                Err(_) => ((*generator).next_uint64)((*generator).state),
            }
        };
        if bits & mask <= max {
            return (bits & mask) as i64;
        }
    }
}

/// `cw_random_seed`: `np.random.seed`, of the number or, if the flag is 0, of nothing.
unsafe extern "C" fn cw_random_seed(context: *mut Context, given: i64, seed: i64) -> Status {
    // SAFETY: compiled code passes its context.
    match (unsafe { context.as_mut() }, hooks()) {
        (Some(context), Some(hooks)) => (hooks.seed)(context, (given != 0).then_some(seed)),
        _ => 0,
    }
}

crate::addresses! {
    "cw_random_double" => cw_random_double;
    "cw_random_interval" => cw_random_interval;
    "cw_random_seed" => cw_random_seed;
}
