//! Where the sections go, and what their relocations write; the kinds of relocations are the architecture's.

use super::elf::{ALLOC, EXEC, Elf, Relocation, Section, Symbol, WRITE};
use super::memory::{Region, Sizes};
use crate::EmitError;
use crate::arch::{self, Target};
use std::collections::HashMap;

/// Parts of a region.
const CODE: usize = 0;
const CONSTANTS: usize = 1;
const DATA: usize = 2;

/// Where everything goes.
pub struct Places {
    /// Sizes of the parts.
    pub sizes: Sizes,
    /// Part and offset of each section in memory.
    sections: Vec<Option<(usize, usize)>>,
    /// Offset of the stub of an external function, in the code.
    stubs: HashMap<u32, usize>,
    /// Offset of the slot that holds a symbol's address, in the constants.
    slots: HashMap<u32, usize>,
}

fn broken() -> EmitError {
    EmitError::new("the object file is damaged")
}

fn part_of(section: &Section<'_>) -> usize {
    match section.flags {
        flags if flags & EXEC != 0 => CODE,
        // Constants with addresses in them: written here, and by nobody afterwards.
        flags if flags & WRITE == 0 => CONSTANTS,
        _ => DATA,
    }
}

impl Places {
    /// Gives every section in memory its place, and every external symbol its stub or slot.
    pub fn new(elf: &Elf<'_>) -> Result<Places, EmitError> {
        let mut sizes = [0; 3];
        let mut sections = Vec::with_capacity(elf.sections.len());
        for section in &elf.sections {
            let in_memory = section.flags & ALLOC != 0 && section.size > 0;
            sections.push(in_memory.then(|| take(&mut sizes, part_of(section), section.size, section.alignment)));
        }
        let mut places = Places { sizes, sections, stubs: HashMap::new(), slots: HashMap::new() };
        for (section, relocations) in elf.relocations() {
            if places.section_place(section).is_some() {
                for relocation in relocations {
                    places.reserve(elf, relocation)?;
                }
            }
        }
        Ok(places)
    }

    fn reserve(&mut self, elf: &Elf<'_>, relocation: Relocation) -> Result<(), EmitError> {
        let number = relocation.symbol;
        let symbol = elf.symbols.get(number as usize).ok_or_else(broken)?;
        let sizes = &mut self.sizes;
        match arch::target(relocation.kind)? {
            Target::Slot => {
                self.slots.entry(number).or_insert_with(|| take(sizes, CONSTANTS, 8, 8).1);
            }
            Target::Near if symbol.section == 0 => {
                self.stubs.entry(number).or_insert_with(|| take(sizes, CODE, arch::STUB_SIZE, arch::STUB_SIZE).1);
            }
            Target::Near | Target::Anywhere => {}
        }
        Ok(())
    }

    /// The address of a function defined in the object.
    pub fn symbol_address(&self, elf: &Elf<'_>, name: &str, base: Sizes) -> Result<usize, EmitError> {
        let symbol = elf.symbols.iter().find(|s| s.name == name && s.section != 0);
        symbol
            .and_then(|symbol| self.defined(symbol, base))
            .ok_or_else(|| EmitError::new(format!("the object does not define `{name}`")))
    }

    /// The address of a symbol that the object defines.
    pub fn defined(&self, symbol: &Symbol<'_>, base: Sizes) -> Option<usize> {
        let (part, offset) = self.section_place(usize::from(symbol.section))?;
        let address = base.get(part)?.checked_add(offset)?.checked_add(symbol.value as usize)?;
        Some(address)
    }

    /// Part and offset of a section.
    pub fn section_place(&self, section: usize) -> Option<(usize, usize)> {
        self.sections.get(section).copied().flatten()
    }
}

/// Takes room in a part.
fn take(sizes: &mut Sizes, part: usize, size: usize, alignment: usize) -> (usize, usize) {
    match sizes.get_mut(part) {
        None => (part, 0),
        Some(end) => {
            let at = end.next_multiple_of(alignment);
            *end = at + size;
            (part, at)
        }
    }
}

/// Writes into the region at an address.
fn write(region: &mut Region, address: usize, bytes: &[u8]) -> Result<(), EmitError> {
    let [start, ..] = region.base();
    let at = address.checked_sub(start).ok_or_else(broken)?;
    let end = at.checked_add(bytes.len()).ok_or_else(broken)?;
    region.bytes().get_mut(at..end).ok_or_else(broken)?.copy_from_slice(bytes);
    Ok(())
}

/// The address at which something starts.
fn at(base: Sizes, part: usize, offset: usize) -> usize {
    base.get(part).copied().unwrap_or(0) + offset
}

/// Copies the sections into the region and applies the relocations.
pub fn place(
    elf: &Elf<'_>,
    places: &Places,
    region: &mut Region,
    resolve: &dyn Fn(&str) -> Result<usize, EmitError>,
) -> Result<(), EmitError> {
    let base = region.base();
    for (number, section) in elf.sections.iter().enumerate() {
        if let Some((part, offset)) = places.section_place(number) {
            write(region, at(base, part, offset), section.data)?;
        }
    }
    let target = |number: u32| -> Result<usize, EmitError> {
        let symbol = elf.symbols.get(number as usize).ok_or_else(broken)?;
        match symbol.section {
            0 => resolve(symbol.name),
            _ => places.defined(symbol, base).ok_or_else(broken),
        }
    };
    for (&number, &offset) in &places.stubs {
        write(region, at(base, CODE, offset), &arch::stub(target(number)?))?;
    }
    for (&number, &offset) in &places.slots {
        write(region, at(base, CONSTANTS, offset), &target(number)?.to_le_bytes())?;
    }
    for (section, relocations) in elf.relocations() {
        let Some((part, offset)) = places.section_place(section) else { continue };
        let size = elf.sections.get(section).ok_or_else(broken)?.size;
        for relocation in relocations {
            if relocation.offset >= size {
                return Err(broken());
            }
            let to = match arch::target(relocation.kind)? {
                Target::Slot => at(base, CONSTANTS, *places.slots.get(&relocation.symbol).ok_or_else(broken)?),
                Target::Near if places.stubs.contains_key(&relocation.symbol) => {
                    at(base, CODE, *places.stubs.get(&relocation.symbol).ok_or_else(broken)?)
                }
                Target::Near | Target::Anywhere => target(relocation.symbol)?,
            };
            let place = at(base, part, offset) + relocation.offset;
            let to = to.wrapping_add(relocation.addend as usize);
            arch::apply(relocation.kind, place, to, &mut |address, bytes| write(region, address, bytes))?;
        }
    }
    Ok(())
}
