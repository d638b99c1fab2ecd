//! Takes the line table out of LLVM's object code, and everything else that linking does not need.

use super::table::{Row, Table};
use super::{Places, SECTION};
use crate::EmitError;
use object::build::elf::{Builder, SectionData, SectionId};
use object::elf;

/// The object code with a line table of our own in the place of LLVM's debug information, and that table. The lines in
/// LLVM's are numbers of places, one more than that of the place; 0 is nobody's.
pub fn exchange(code: &[u8], places: &Places) -> Result<(Vec<u8>, Table), EmitError> {
    let broken = |e: object::build::Error| EmitError::new(format!("the object file is damaged: {e}"));
    let mut file = Builder::read(code).map_err(broken)?;
    let table = Table::new(&rows(&file).unwrap_or_default(), places);
    for section in &mut file.sections {
        let name = &*section.name;
        section.delete = match &section.data {
            SectionData::Relocation(_) => name.starts_with(b".rela.debug"),
            SectionData::Symbol | SectionData::String | SectionData::SectionString => false,
            _ => section.sh_flags & u64::from(elf::SHF_ALLOC) == 0,
        };
    }
    let deleted: Vec<SectionId> = file.sections.iter().filter(|s| s.delete).map(|s| s.id()).collect();
    for symbol in &mut file.symbols {
        symbol.delete = symbol.section.is_some_and(|id| deleted.contains(&id)) || symbol.st_type() == elf::STT_FILE;
    }
    // LLVM keeps the names of sections among those of symbols.
    if !file.sections.iter().any(|s| matches!(s.data, SectionData::SectionString)) {
        let names = file.sections.add();
        (names.name, names.sh_type, names.sh_addralign) = (b".shstrtab"[..].into(), elf::SHT_STRTAB, 1);
        names.data = SectionData::SectionString;
    }
    let lines = file.sections.add();
    (lines.name, lines.sh_type, lines.sh_addralign) = (SECTION.as_bytes().into(), elf::SHT_PROGBITS, 1);
    lines.data = SectionData::Data(table.pack().into());
    let mut out = Vec::with_capacity(code.len());
    file.write(&mut out).map_err(broken)?;
    Ok((out, table))
}

/// The rows; `None` without a line table.
fn rows(file: &Builder<'_>) -> Option<Vec<Row>> {
    let section = file.sections.iter().find(|s| &*s.name == b".debug_line")?;
    let SectionData::Data(data) = &section.data else { return None };
    // Addresses are relocated; every function of an object lies in one code section.
    let addends: Vec<(u64, i64)> = file
        .sections
        .iter()
        .filter(|s| s.sh_info_section == Some(section.id()))
        .filter_map(|s| match &s.data {
            SectionData::Relocation(list) => Some(list.iter().map(|r| (r.r_offset, address(file, r)))),
            _ => None,
        })
        .flatten()
        .collect();
    let mut program = LineProgram { data, at: 0, rows: Vec::new(), address: 0, line: 1 };
    program.run(&addends)?;
    let mut rows = program.rows;
    rows.sort_by_key(|row| row.offset);
    Some(rows)
}

/// What a relocated address is, in its section.
fn address(file: &Builder<'_>, relocation: &object::build::elf::Relocation) -> i64 {
    let base = relocation.symbol.map_or(0, |id| file.symbols.get(id).st_value as i64);
    base.wrapping_add(relocation.r_addend)
}

/// A line number program (DWARF 4) that runs.
struct LineProgram<'d> {
    data: &'d [u8],
    at: usize,
    rows: Vec<Row>,
    address: u64,
    line: u64,
}

impl LineProgram<'_> {
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let bytes = *self.data.get(self.at..)?.first_chunk::<N>()?;
        self.at += N;
        Some(bytes)
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes::<1>().map(|[b]| b)
    }

    /// A number of seven bits a byte.
    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let start = self.at;
        let value = self.unsigned()? as i64;
        let bits = 7 * (self.at - start);
        let last = *self.data.get(self.at.checked_sub(1)?)?;
        Some(if last & 0x40 != 0 { value | -1 << bits } else { value })
    }

    fn row(&mut self) {
        let row = self.line.checked_sub(1).and_then(|place| {
            Some(Row { offset: u32::try_from(self.address).ok()?, place: u32::try_from(place).ok()? })
        });
        self.rows.extend(row);
    }

    /// Header and program.
    fn run(&mut self, addends: &[(u64, i64)]) -> Option<()> {
        let length = u32::from_le_bytes(self.bytes()?) as usize;
        let end = self.at.checked_add(length)?;
        let _version = u16::from_le_bytes(self.bytes()?);
        let header = u32::from_le_bytes(self.bytes()?) as usize;
        let begin = self.at.checked_add(header)?;
        let [least, _most, _statement, line_base, line_range, first_special] = self.bytes()?;
        let (least, range) = (u64::from(least), u64::from(line_range).max(1));
        let lengths = self.data.get(self.at..self.at.checked_add(usize::from(first_special).checked_sub(1)?)?)?;
        self.at = begin;
        while self.at < end {
            let code = self.byte()?;
            match code {
                0 => {
                    let size = self.unsigned()? as usize;
                    let next = self.at.checked_add(size)?;
                    match self.byte()? {
                        1 => (self.address, self.line) = (0, 1),
                        2 => {
                            let place = self.at as u64;
                            let written = u64::from_le_bytes(self.bytes()?);
                            let found = addends.iter().find(|(offset, _)| *offset == place);
                            self.address = found.map_or(written, |&(_, address)| address as u64);
                        }
                        _ => {}
                    }
                    self.at = next;
                }
                1 => self.row(),
                2 => self.address = self.address.wrapping_add(self.unsigned()?.wrapping_mul(least)),
                3 => self.line = self.line.wrapping_add_signed(self.signed()?),
                8 => self.address += u64::from(255 - first_special) / range * least,
                9 => self.address += u64::from(u16::from_le_bytes(self.bytes()?)),
                code if code < first_special => {
                    for _ in 0..*lengths.get(usize::from(code) - 1)? {
                        self.unsigned()?;
                    }
                }
                code => {
                    let special = u64::from(code - first_special);
                    self.address = self.address.wrapping_add(special / range * least);
                    self.line = self.line.wrapping_add_signed(i64::from(line_base as i8) + (special % range) as i64);
                    self.row();
                }
            }
        }
        Some(())
    }
}
