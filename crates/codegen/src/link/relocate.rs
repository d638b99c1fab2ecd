//! Where the sections go, and the relocations of x86-64.

use super::elf::{ALLOC, EXEC, Elf, RELA, Relocation, Section, Symbol, WRITE};
use super::memory::{Region, Sizes};
use crate::EmitError;
use std::collections::HashMap;

/// Parts of a region.
const CODE: usize = 0;
const CONSTANTS: usize = 1;
const DATA: usize = 2;

/// A jump through an address that stands right behind it: `jmp *(%rip)`.
const STUB: [u8; 6] = [0xff, 0x25, 0, 0, 0, 0];
/// Size of a stub with its address, kept aligned.
const STUB_SIZE: usize = 16;

/// Where everything goes.
pub struct Plan {
    /// Sizes of the parts.
    pub sizes: Sizes,
    /// Part and offset of each section in memory.
    pub sections: Vec<Option<(usize, usize)>>,
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

/// Relocations that want the address of a slot which holds the symbol's address.
fn wants_slot(kind: u32) -> bool {
    matches!(kind, 9 | 41 | 42)
}

impl Plan {
    /// Gives every section in memory its place, and every external symbol its stub or slot.
    pub fn new(elf: &Elf<'_>) -> Result<Plan, EmitError> {
        let mut sizes = [0; 3];
        let mut sections = Vec::with_capacity(elf.sections.len());
        for section in &elf.sections {
            let in_memory = section.flags & ALLOC != 0 && section.size > 0;
            sections.push(in_memory.then(|| take(&mut sizes, part_of(section), section.size, section.alignment)));
        }
        let mut plan = Plan { sizes, sections, stubs: HashMap::new(), slots: HashMap::new() };
        for section in plan.relocated(elf) {
            for relocation in Elf::relocations(section) {
                plan.reserve(elf, relocation?)?;
            }
        }
        Ok(plan)
    }

    /// The relocation sections of sections in memory.
    fn relocated<'e, 'o>(&self, elf: &'e Elf<'o>) -> Vec<&'e Section<'o>> {
        let in_memory = |info: u32| self.sections.get(info as usize).is_some_and(Option::is_some);
        elf.sections.iter().filter(|s| s.kind == RELA && in_memory(s.info)).collect()
    }

    fn reserve(&mut self, elf: &Elf<'_>, relocation: Relocation) -> Result<(), EmitError> {
        let number = relocation.symbol;
        let symbol = elf.symbols.get(number as usize).ok_or_else(broken)?;
        let sizes = &mut self.sizes;
        if wants_slot(relocation.kind) {
            self.slots.entry(number).or_insert_with(|| take(sizes, CONSTANTS, 8, 8).1);
        } else if symbol.section == 0 && relocation.kind != 1 {
            self.stubs.entry(number).or_insert_with(|| take(sizes, CODE, STUB_SIZE, STUB_SIZE).1);
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
    plan: &Plan,
    region: &mut Region,
    resolve: &dyn Fn(&str) -> Result<usize, EmitError>,
) -> Result<(), EmitError> {
    let base = region.base();
    for (number, section) in elf.sections.iter().enumerate() {
        if let Some((part, offset)) = plan.section_place(number) {
            write(region, at(base, part, offset), section.data)?;
        }
    }
    let target = |number: u32| -> Result<usize, EmitError> {
        let symbol = elf.symbols.get(number as usize).ok_or_else(broken)?;
        match symbol.section {
            0 => resolve(symbol.name),
            _ => plan.defined(symbol, base).ok_or_else(broken),
        }
    };
    for (&number, &offset) in &plan.stubs {
        let stub = at(base, CODE, offset);
        write(region, stub, &STUB)?;
        write(region, stub + STUB.len(), &target(number)?.to_le_bytes())?;
    }
    for (&number, &offset) in &plan.slots {
        write(region, at(base, CONSTANTS, offset), &target(number)?.to_le_bytes())?;
    }
    for section in plan.relocated(elf) {
        let info = section.info as usize;
        let (part, offset) = plan.section_place(info).ok_or_else(broken)?;
        let size = elf.sections.get(info).ok_or_else(broken)?.size;
        for relocation in Elf::relocations(section) {
            let relocation = relocation?;
            if relocation.offset >= size {
                return Err(broken());
            }
            let place = at(base, part, offset) + relocation.offset;
            let stub = plan.stubs.get(&relocation.symbol).map(|&stub| at(base, CODE, stub));
            let slot = plan.slots.get(&relocation.symbol).map(|&slot| at(base, CONSTANTS, slot));
            apply(region, relocation, place, stub, slot, &target)?;
        }
    }
    Ok(())
}

fn apply(
    region: &mut Region,
    relocation: Relocation,
    place: usize,
    stub: Option<usize>,
    slot: Option<usize>,
    target: &dyn Fn(u32) -> Result<usize, EmitError>,
) -> Result<(), EmitError> {
    let addend = relocation.addend as usize;
    let relative = |to: usize| to.wrapping_add(addend).wrapping_sub(place);
    let short = |distance: usize| {
        i32::try_from(distance as isize).map_err(|_| EmitError::new("a relocation does not reach its target"))
    };
    match relocation.kind {
        // R_X86_64_64
        1 => write(region, place, &target(relocation.symbol)?.wrapping_add(addend).to_le_bytes()),
        // R_X86_64_PC32, R_X86_64_PLT32
        2 | 4 => {
            let to = match stub {
                Some(stub) => stub,
                None => target(relocation.symbol)?,
            };
            write(region, place, &short(relative(to))?.to_le_bytes())
        }
        // R_X86_64_GOTPCREL, R_X86_64_GOTPCRELX, R_X86_64_REX_GOTPCRELX
        kind if wants_slot(kind) => {
            let slot = slot.ok_or_else(broken)?;
            write(region, place, &short(relative(slot))?.to_le_bytes())
        }
        // R_X86_64_PC64
        24 => write(region, place, &relative(target(relocation.symbol)?).to_le_bytes()),
        kind => Err(EmitError::new(format!("the object has a relocation of an unknown kind, {kind}"))),
    }
}
