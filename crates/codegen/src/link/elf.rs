//! The parts of a 64-bit little-endian ELF relocatable file that linking needs, read with the `object` crate: every access
//! is checked, there and here.

use crate::{EmitError, arch};
use object::LittleEndian;
use object::elf;
use object::read::elf::{FileHeader, Rela, SectionHeader, Sym};

/// A section.
#[derive(Clone, Debug)]
pub struct Section<'o> {
    /// Name.
    pub name: &'o [u8],
    /// Flags (`SHF_*`).
    pub flags: u64,
    /// Content; empty for a section without any in the file.
    pub data: &'o [u8],
    /// Size in memory.
    pub size: usize,
    /// Alignment, a power of two.
    pub alignment: usize,
}

/// A symbol.
#[derive(Clone, Copy, Debug)]
pub struct Symbol<'o> {
    /// Name.
    pub name: &'o str,
    /// Section that defines it: 0 if none does.
    pub section: u16,
    /// Offset in that section.
    pub value: u64,
    /// Size of the thing named.
    pub size: u64,
}

/// A relocation with explicit addend.
#[derive(Clone, Copy, Debug)]
pub struct Relocation {
    /// Where in the section.
    pub offset: usize,
    /// Symbol number.
    pub symbol: u32,
    /// Kind, a number of the architecture's.
    pub kind: u32,
    /// Addend.
    pub addend: i64,
}

/// In memory.
pub const ALLOC: u64 = elf::SHF_ALLOC as u64;
/// Written to.
pub const WRITE: u64 = elf::SHF_WRITE as u64;
/// Executed.
pub const EXEC: u64 = elf::SHF_EXECINSTR as u64;

type Header = elf::FileHeader64<LittleEndian>;
type Relocations<'o> = &'o [elf::Rela64<LittleEndian>];

/// An object file.
pub struct Elf<'o> {
    /// Sections by number.
    pub sections: Vec<Section<'o>>,
    /// Symbols by number.
    pub symbols: Vec<Symbol<'o>>,
    /// Relocations, with the number of the section that they are about.
    relocations: Vec<(usize, Relocations<'o>)>,
}

fn broken() -> EmitError {
    EmitError::new("the object file is damaged")
}

fn damaged(error: object::read::Error) -> EmitError {
    EmitError::new(format!("the object file is damaged: {error}"))
}

impl<'o> Elf<'o> {
    /// Reads an object file.
    pub fn read(data: &'o [u8]) -> Result<Elf<'o>, EmitError> {
        let endian = LittleEndian;
        let header = Header::parse(data).map_err(damaged)?;
        if header.e_type(endian) != elf::ET_REL || header.e_machine(endian) != arch::MACHINE {
            return Err(EmitError::new(format!("not an object file for {}", arch::NAME)));
        }
        let table = header.sections(endian, data).map_err(damaged)?;
        let (mut sections, mut relocations) = (Vec::with_capacity(table.len()), Vec::new());
        for section in table.iter() {
            let (size, alignment) = (section.sh_size(endian) as usize, section.sh_addralign(endian).max(1) as usize);
            if !alignment.is_power_of_two() || alignment > 4096 || size > 1 << 30 {
                return Err(broken());
            }
            if let Some((list, _)) = section.rela(endian, data).map_err(damaged)? {
                relocations.push((section.sh_info(endian) as usize, list));
            }
            sections.push(Section {
                name: table.section_name(endian, section).map_err(damaged)?,
                flags: section.sh_flags(endian),
                data: section.data(endian, data).map_err(damaged)?,
                size,
                alignment,
            });
        }
        let table = table.symbols(endian, data, elf::SHT_SYMTAB).map_err(damaged)?;
        let mut symbols = Vec::with_capacity(table.len());
        for symbol in table.symbols() {
            let name = symbol.name(endian, table.strings()).map_err(damaged)?;
            symbols.push(Symbol {
                name: std::str::from_utf8(name).map_err(|_| broken())?,
                section: symbol.st_shndx(endian),
                value: symbol.st_value(endian),
                size: symbol.st_size(endian),
            });
        }
        Ok(Elf { sections, symbols, relocations })
    }

    /// The relocations of each section that is relocated, with its number.
    pub fn relocations(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = Relocation>)> {
        let relocation = |r: &elf::Rela64<LittleEndian>| Relocation {
            offset: r.r_offset(LittleEndian) as usize,
            symbol: r.r_sym(LittleEndian, false),
            kind: r.r_type(LittleEndian, false),
            addend: r.r_addend(LittleEndian),
        };
        self.relocations.iter().map(move |(section, list)| (*section, list.iter().map(relocation)))
    }

    /// The content of a section by its name.
    pub fn content(&self, name: &str) -> Option<&'o [u8]> {
        self.sections.iter().find(|s| s.name == name.as_bytes()).map(|s| s.data)
    }
}
