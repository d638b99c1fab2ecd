//! Tells profilers and debuggers about code in memory, when the environment asks for it when the process starts:
//!
//! - `COACHWHIP_PERF=1`: names of functions in `/tmp/perf-PID.map`, where `perf` looks for code without a file;
//! - `COACHWHIP_PERF=jitdump`: code and lines in `jit-PID.dump`, for `perf inject --jit`;
//! - `COACHWHIP_GDB=1`: each object is handed to gdb through its JIT interface, with lines and inlined calls.
//!
//! Everything that they need is in every object ([`crate::lines`], `.eh_frame`); here it gets addresses and files.

mod dwarf;
mod gdb;
mod image;
mod jitdump;
mod perf_map;

use super::elf::Elf;
use super::memory::Sizes;
use super::relocate::Places;
use image::Image;
use std::sync::OnceLock;

/// What the environment asks for.
struct Wishes {
    perf_map: bool,
    jitdump: bool,
    gdb: bool,
}

fn wishes() -> &'static Wishes {
    static WISHES: OnceLock<Wishes> = OnceLock::new();
    let of = |name| std::env::var(name).ok().filter(|value| !value.is_empty() && value != "0");
    WISHES.get_or_init(|| {
        let perf = of("COACHWHIP_PERF");
        let jitdump = perf.as_deref() == Some("jitdump");
        Wishes { perf_map: perf.is_some() && !jitdump, jitdump, gdb: of("COACHWHIP_GDB").is_some() }
    })
}

/// Somebody's knowledge of code, which ends when this is dropped.
pub type Registration = gdb::Registration;

/// Registers an object that has been placed at `base`; `find` knows the addresses of origins.
pub fn register(
    elf: &Elf<'_>,
    places: &Places,
    base: Sizes,
    find: &dyn Fn(&str) -> Option<usize>,
) -> Option<Registration> {
    let wishes = wishes();
    if !wishes.perf_map && !wishes.jitdump && !wishes.gdb {
        return None;
    }
    let image = Image::new(elf, places, base, find);
    // A profiler that sees nothing is no reason to fail.
    if wishes.perf_map {
        let _ = perf_map::write(&image);
    }
    if wishes.jitdump {
        let _ = jitdump::write(&image);
    }
    wishes.gdb.then(|| gdb::object(&image).map(Registration::new)).flatten()
}
