//! gdb's JIT interface: a list of object files in memory, which gdb reads when it stops at a function known to it by name.

use super::dwarf;
use super::image::Image;
use crate::arch;
use object::elf;
use object::endian::Endianness;
use object::write::elf::{FileHeader, SectionHeader, Sym, Writer};
use std::sync::{Mutex, PoisonError};

/// An object file for gdb: functions and lines at their addresses, the code itself left in memory.
pub fn object(image: &Image) -> Option<Vec<u8>> {
    let mut sections = dwarf::sections(image)?;
    if !image.unwind.1.is_empty() {
        sections.push((".eh_frame", image.unwind.1.clone()));
    }
    let mut out = Vec::new();
    let mut writer = Writer::new(Endianness::Little, true, &mut out);
    writer.reserve_file_header();
    writer.reserve_null_section_index();
    let text_name = writer.add_section_name(b".text");
    let text = writer.reserve_section_index();
    let mut placed = Vec::new();
    for (name, data) in &sections {
        let id = writer.add_section_name(name.as_bytes());
        writer.reserve_section_index();
        placed.push((id, *name, data, writer.reserve(data.len(), 8)));
    }
    writer.reserve_symtab_section_index();
    writer.reserve_strtab_section_index();
    writer.reserve_shstrtab_section_index();
    writer.reserve_null_symbol_index();
    let symbols: Vec<_> = image
        .symbols
        .iter()
        .map(|symbol| {
            let name = image.function_at(symbol.address).map_or(&*symbol.name, |f| &f.name);
            let id = writer.add_string(name.as_bytes());
            writer.reserve_symbol_index(Some(text));
            (id, symbol)
        })
        .collect();
    writer.reserve_symtab();
    writer.reserve_strtab();
    writer.reserve_shstrtab();
    writer.reserve_section_headers();
    writer
        .write_file_header(&FileHeader {
            os_abi: 0,
            abi_version: 0,
            e_type: elf::ET_REL,
            e_machine: arch::MACHINE,
            e_entry: 0,
            e_flags: 0,
        })
        .ok()?;
    for (_, _, data, _) in &placed {
        writer.write_align(8);
        writer.write(data);
    }
    writer.write_null_symbol();
    for (name, symbol) in symbols {
        writer.write_symbol(&Sym {
            name: Some(name),
            section: Some(text),
            st_info: elf::STB_GLOBAL << 4 | elf::STT_FUNC,
            st_other: 0,
            st_shndx: 0,
            st_value: (symbol.address - image.start) as u64,
            st_size: symbol.size as u64,
        });
    }
    writer.write_strtab();
    writer.write_shstrtab();
    writer.write_null_section_header();
    let header = |name, kind, flags: u32, address: usize, offset: usize, size: usize| SectionHeader {
        name: Some(name),
        sh_type: kind,
        sh_flags: u64::from(flags),
        sh_addr: address as u64,
        sh_offset: offset as u64,
        sh_size: size as u64,
        sh_link: 0,
        sh_info: 0,
        sh_addralign: 8,
        sh_entsize: 0,
    };
    let code = elf::SHF_ALLOC | elf::SHF_EXECINSTR;
    writer.write_section_header(&header(text_name, elf::SHT_NOBITS, code, image.start, 0, image.end - image.start));
    for (id, name, data, offset) in placed {
        let (flags, address) = if name == ".eh_frame" { (elf::SHF_ALLOC, image.unwind.0) } else { (0, 0) };
        writer.write_section_header(&header(id, elf::SHT_PROGBITS, flags, address, offset, data.len()));
    }
    writer.write_symtab_section_header(1);
    writer.write_strtab_section_header();
    writer.write_shstrtab_section_header();
    Some(out)
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
    /// Hands an object to gdb.
    pub fn new(object: Vec<u8>) -> Registration {
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
