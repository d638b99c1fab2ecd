//! Reads the parts of a 64-bit little-endian ELF relocatable file that linking needs.  Safe code: every
//! access is checked.

use crate::EmitError;

/// A section.
#[derive(Clone, Debug)]
pub struct Section<'o> {
    /// Type (`SHT_*`).
    pub kind: u32,
    /// Flags (`SHF_*`).
    pub flags: u64,
    /// Content; empty for a section without any in the file.
    pub data: &'o [u8],
    /// Size in memory.
    pub size: usize,
    /// Section that this one refers to.
    pub info: u32,
    /// Alignment, a power of two.
    pub alignment: usize,
    /// Where its header stands in the file.
    pub header: usize,
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
    /// Kind (`R_X86_64_*`).
    pub kind: u32,
    /// Addend.
    pub addend: i64,
}

/// `SHT_SYMTAB`, `SHT_RELA`, `SHT_NOBITS`.
pub const SYMTAB: u32 = 2;
/// Relocations with addends.
pub const RELA: u32 = 4;
/// Zeros that the file does not hold.
pub const NOBITS: u32 = 8;
/// In memory.
pub const ALLOC: u64 = 2;
/// Written to.
pub const WRITE: u64 = 1;
/// Executed.
pub const EXEC: u64 = 4;

/// An object file.
pub struct Elf<'o> {
    /// Sections by number.
    pub sections: Vec<Section<'o>>,
    /// Symbols by number.
    pub symbols: Vec<Symbol<'o>>,
}

fn broken() -> EmitError {
    EmitError::new("the object file is damaged")
}

/// Bytes of the file.
fn bytes(data: &[u8], offset: usize, size: usize) -> Result<&[u8], EmitError> {
    let end = offset.checked_add(size).ok_or_else(broken)?;
    data.get(offset..end).ok_or_else(broken)
}

/// A little-endian number of the file.
fn number<const N: usize>(data: &[u8], offset: usize) -> Result<u64, EmitError> {
    let mut wide = [0; 8];
    wide.get_mut(..N).ok_or_else(broken)?.copy_from_slice(bytes(data, offset, N)?);
    Ok(u64::from_le_bytes(wide))
}

/// The text up to the next NUL.
fn name(table: &[u8], offset: usize) -> Result<&str, EmitError> {
    let rest = table.get(offset..).ok_or_else(broken)?;
    let end = rest.iter().position(|&b| b == 0).ok_or_else(broken)?;
    std::str::from_utf8(rest.get(..end).ok_or_else(broken)?).map_err(|_| broken())
}

impl<'o> Elf<'o> {
    /// Reads an object file.
    pub fn read(data: &'o [u8]) -> Result<Elf<'o>, EmitError> {
        const HEADER: &[u8] = b"\x7fELF\x02\x01\x01";
        let relocatable = number::<2>(data, 16)? == 1;
        let x86_64 = number::<2>(data, 18)? == 62;
        if !data.starts_with(HEADER) || !relocatable || !x86_64 {
            return Err(EmitError::new("not an object file for x86-64"));
        }
        let (table, count) = (number::<8>(data, 40)? as usize, number::<2>(data, 60)? as usize);
        let mut sections = Vec::with_capacity(count);
        let mut links = Vec::with_capacity(count);
        for index in 0..count {
            let at = table.checked_add(index * 64).ok_or_else(broken)?;
            let kind = number::<4>(data, at + 4)? as u32;
            let (offset, size) = (number::<8>(data, at + 24)? as usize, number::<8>(data, at + 32)? as usize);
            let alignment = (number::<8>(data, at + 48)? as usize).max(1);
            if !alignment.is_power_of_two() || alignment > 4096 || size > 1 << 30 {
                return Err(broken());
            }
            let content = if kind == NOBITS || kind == 0 { &[][..] } else { bytes(data, offset, size)? };
            links.push(number::<4>(data, at + 40)? as usize);
            sections.push(Section {
                kind,
                flags: number::<8>(data, at + 8)?,
                data: content,
                size,
                info: number::<4>(data, at + 44)? as u32,
                alignment,
                header: at,
            });
        }
        let symbols = read_symbols(&sections, &links)?;
        Ok(Elf { sections, symbols })
    }

    /// The relocations of a `RELA` section.
    pub fn relocations(section: &Section<'o>) -> impl Iterator<Item = Result<Relocation, EmitError>> {
        let data = section.data;
        (0..data.len() / 24).map(move |index| {
            let at = index * 24;
            let info = number::<8>(data, at + 8)?;
            Ok(Relocation {
                offset: number::<8>(data, at)? as usize,
                symbol: (info >> 32) as u32,
                kind: info as u32,
                addend: number::<8>(data, at + 16)? as i64,
            })
        })
    }
}

fn read_symbols<'o>(sections: &[Section<'o>], links: &[usize]) -> Result<Vec<Symbol<'o>>, EmitError> {
    let Some(at) = sections.iter().position(|s| s.kind == SYMTAB) else { return Ok(Vec::new()) };
    let (table, link) = (sections.get(at).ok_or_else(broken)?, *links.get(at).ok_or_else(broken)?);
    let names = sections.get(link).ok_or_else(broken)?.data;
    let data = table.data;
    (0..data.len() / 24)
        .map(|index| {
            let at = index * 24;
            Ok(Symbol {
                name: name(names, number::<4>(data, at)? as usize)?,
                section: number::<2>(data, at + 6)? as u16,
                value: number::<8>(data, at + 8)?,
                size: number::<8>(data, at + 16)?,
            })
        })
        .collect()
}
