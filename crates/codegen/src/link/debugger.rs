//! Tells profilers and debuggers about code in memory, when the environment asks for it.
//!
//! `COACHWHIP_PERF=1` appends to `/tmp/perf-PID.map`, where `perf` looks for names of code without a file.
//! `COACHWHIP_GDB=1` hands each object to gdb through its JIT interface: a list of objects that gdb reads
//! when it stops at a function known to it by name.

use super::elf::{ALLOC, EXEC, Elf};
use super::memory::Sizes;
use super::relocate::Plan;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::{Mutex, OnceLock, PoisonError};

/// What the environment asks for.
struct Wishes {
    perf: bool,
    gdb: bool,
}

fn wishes() -> &'static Wishes {
    static WISHES: OnceLock<Wishes> = OnceLock::new();
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    WISHES.get_or_init(|| Wishes { perf: is_set("COACHWHIP_PERF"), gdb: is_set("COACHWHIP_GDB") })
}

/// Registers an object that has been placed at `base`.
pub fn register(code: &[u8], elf: &Elf<'_>, plan: &Plan, base: Sizes) -> Option<Registration> {
    if wishes().perf {
        // A profiler that sees no names is no reason to fail.
        let _ = write_perf_map(elf, plan, base);
    }
    wishes().gdb.then(|| Registration::new(placed(code, elf, plan, base)))
}

/// One line for each function: address, size, name.
fn write_perf_map(elf: &Elf<'_>, plan: &Plan, base: Sizes) -> std::io::Result<()> {
    let path = format!("/tmp/perf-{}.map", std::process::id());
    // Not through a link that somebody else has put there.
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.create(true).append(true).custom_flags(libc::O_NOFOLLOW).open(path)?;
    for symbol in &elf.symbols {
        let section = elf.sections.get(usize::from(symbol.section));
        let is_code = section.is_some_and(|s| s.flags & (ALLOC | EXEC) == ALLOC | EXEC);
        if let (true, Some(address)) = (is_code && symbol.size > 0, plan.defined(symbol, base)) {
            writeln!(file, "{address:x} {:x} {}", symbol.size, symbol.name)?;
        }
    }
    Ok(())
}

/// The object file with the addresses of its sections filled in.
fn placed(code: &[u8], elf: &Elf<'_>, plan: &Plan, base: Sizes) -> Vec<u8> {
    let mut object = code.to_vec();
    for (number, section) in elf.sections.iter().enumerate() {
        let Some((part, offset)) = plan.section_place(number) else { continue };
        let address = base.get(part).map_or(0, |start| start + offset) as u64;
        // `sh_addr` stands 16 bytes into the section's header.
        if let Some(field) = object.get_mut(section.header + 16..section.header + 24) {
            field.copy_from_slice(&address.to_le_bytes());
        }
    }
    object
}

/// One object in gdb's list (`jit_code_entry`).
#[repr(C)]
struct Entry {
    next: *mut Entry,
    previous: *mut Entry,
    object: *const u8,
    size: u64,
}

/// The head of gdb's list (`jit_descriptor`).
#[repr(C)]
pub struct Descriptor {
    version: u32,
    action: u32,
    relevant: *mut Entry,
    first: *mut Entry,
}

const REGISTER: u32 = 1;
const UNREGISTER: u32 = 2;

/// gdb reads this variable by name.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)] // gdb's name for it
pub static mut __jit_debug_descriptor: Descriptor =
    Descriptor { version: 1, action: 0, relevant: std::ptr::null_mut(), first: std::ptr::null_mut() };

/// gdb stops here to read the list.
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn __jit_debug_register_code() {
    // Something that the optimiser must keep, so that calls are not removed.
    std::hint::black_box(());
}

/// Guards the list.
static LIST: Mutex<()> = Mutex::new(());

/// An object in gdb's list; leaves it when dropped.
pub struct Registration {
    entry: *mut Entry,
    _object: Vec<u8>,
}

// SAFETY: the entry is touched under the list's lock only.
unsafe impl Send for Registration {}
// SAFETY: as above.
unsafe impl Sync for Registration {}

impl Registration {
    fn new(object: Vec<u8>) -> Registration {
        let (data, size) = (object.as_ptr(), object.len() as u64);
        let null = std::ptr::null_mut();
        let entry = Box::into_raw(Box::new(Entry { next: null, previous: null, object: data, size }));
        let _guard = LIST.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: the list and its entries are touched under the lock only, gdb aside, which stops the process.
        unsafe {
            let head = &raw mut __jit_debug_descriptor;
            (*entry).next = (*head).first;
            if let Some(first) = (*head).first.as_mut() {
                first.previous = entry;
            }
            (*head).first = entry;
            announce(head, REGISTER, entry);
        }
        Registration { entry, _object: object }
    }
}

/// Tells gdb what has changed.
///
/// # Safety
/// `head` is the descriptor and the list is locked.
unsafe fn announce(head: *mut Descriptor, action: u32, entry: *mut Entry) {
    // SAFETY: as the caller promises.
    unsafe {
        (*head).action = action;
        (*head).relevant = entry;
    }
    __jit_debug_register_code();
}

impl Drop for Registration {
    fn drop(&mut self) {
        let _guard = LIST.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: as in `new`; the entry was boxed there and is freed once.
        unsafe {
            let head = &raw mut __jit_debug_descriptor;
            let (next, previous) = ((*self.entry).next, (*self.entry).previous);
            match previous.as_mut() {
                Some(previous) => previous.next = next,
                None => (*head).first = next,
            }
            if let Some(next) = next.as_mut() {
                next.previous = previous;
            }
            announce(head, UNREGISTER, self.entry);
            drop(Box::from_raw(self.entry));
        }
    }
}
