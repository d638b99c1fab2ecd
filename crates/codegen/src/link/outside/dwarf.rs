//! DWARF for an object in memory: its line table, its functions, and what was inlined into them.

use super::image::{Image, Place, Symbol};
use gimli::write::{
    Address, AttributeValue, DwarfUnit, EndianVec, FileId, LineProgram, LineString, Sections, UnitEntryId,
};
use gimli::{Encoding, Format, LineEncoding, LittleEndian, constants as c};
use std::collections::HashMap;

/// The sections by name.
pub fn sections(image: &Image) -> Option<Vec<(&'static str, Vec<u8>)>> {
    let encoding = Encoding { format: Format::Dwarf32, version: 4, address_size: 8 };
    let mut dwarf = DwarfUnit::new(encoding);
    let text = |text: &str| LineString::String(text.replace('\0', "?").into_bytes());
    let first = image.functions.first().map_or("?", |f| &f.file);
    dwarf.unit.line_program = LineProgram::new(encoding, LineEncoding::default(), text("."), None, text(first), None);
    let mut writer = Writer { image, dwarf, files: HashMap::new(), functions: HashMap::new() };
    writer.unit(first);
    for function in &image.functions {
        let folder = writer.dwarf.unit.line_program.default_directory();
        let id = writer.dwarf.unit.line_program.add_file(text(&function.file), folder, None);
        writer.files.insert(&function.file, id);
    }
    writer.lines();
    for symbol in &image.symbols {
        writer.function(symbol);
    }
    let mut sections = Sections::new(EndianVec::new(LittleEndian));
    writer.dwarf.write(&mut sections).ok()?;
    let mut found = Vec::new();
    let _ = sections.for_each(|id, data| {
        if !data.slice().is_empty() {
            found.push((id.name(), data.slice().to_vec()));
        }
        Ok::<(), ()>(())
    });
    Some(found)
}

struct Writer<'i> {
    image: &'i Image,
    dwarf: DwarfUnit,
    files: HashMap<&'i str, FileId>,
    /// Entries of Python functions, which inlined calls refer to.
    functions: HashMap<usize, UnitEntryId>,
}

fn address(address: usize) -> AttributeValue {
    AttributeValue::Address(Address::Constant(address as u64))
}

fn name(text: &str) -> AttributeValue {
    AttributeValue::String(text.replace('\0', "?").into_bytes())
}

impl<'i> Writer<'i> {
    fn file(&self, place: Place) -> Option<FileId> {
        self.files.get(&*self.image.functions.get(place.function)?.file).copied()
    }

    /// The unit's own entry.
    fn unit(&mut self, file: &str) {
        let root = self.dwarf.unit.root();
        let entry = self.dwarf.unit.get_mut(root);
        entry.set(c::DW_AT_name, name(file));
        entry.set(c::DW_AT_producer, name("coachwhip"));
        // gdb shows Python's lines as those of any language; C is one that it evaluates expressions in.
        entry.set(c::DW_AT_language, AttributeValue::Language(c::DW_LANG_C));
        entry.set(c::DW_AT_stmt_list, AttributeValue::LineProgramRef);
        entry.set(c::DW_AT_low_pc, address(self.image.start));
        entry.set(c::DW_AT_high_pc, AttributeValue::Udata((self.image.end - self.image.start) as u64));
    }

    /// The line table: of each row the innermost place.
    fn lines(&mut self) {
        let image = self.image;
        let rows: Vec<_> = image.rows.iter().filter_map(|row| Some((row.address, *row.places.last()?))).collect();
        let files: Vec<_> = rows.iter().map(|(_, place)| self.file(*place)).collect();
        let program = &mut self.dwarf.unit.line_program;
        program.begin_sequence(Some(Address::Constant(image.start as u64)));
        for ((at, place), file) in rows.into_iter().zip(files) {
            let Some(file) = file else { continue };
            let row = program.row();
            row.address_offset = (at - image.start) as u64;
            (row.file, row.line) = (file, u64::from(place.line));
            program.generate_row();
        }
        program.end_sequence((image.end - image.start) as u64);
    }

    /// A function of the object with the calls that were inlined into it.
    fn function(&mut self, symbol: &'i Symbol) {
        let root = self.dwarf.unit.root();
        let own = self.dwarf.unit.add(root, c::DW_TAG_subprogram);
        self.range(own, symbol.address, symbol.address + symbol.size);
        let python = self.image.function_at(symbol.address).map_or(&*symbol.name, |f| &f.name);
        self.dwarf.unit.get_mut(own).set(c::DW_AT_name, name(python));
        // Inlined calls that are open: what is inlined, where it is called, its entry, and where it starts.
        let mut open: Vec<(usize, Place, UnitEntryId, usize)> = Vec::new();
        let mut end = symbol.address;
        for (start, next, row) in self.image.rows_of(symbol) {
            let calls: Vec<(usize, Place)> =
                row.places.iter().skip(1).zip(&row.places).map(|(inner, outer)| (inner.function, *outer)).collect();
            let same = open.iter().zip(&calls).take_while(|((f, at, ..), call)| (*f, *at) == **call).count();
            self.close(&mut open, same, end);
            for &(function, at) in calls.iter().skip(same) {
                let parent = open.last().map_or(own, |(_, _, entry, _)| *entry);
                let entry = self.dwarf.unit.add(parent, c::DW_TAG_inlined_subroutine);
                let (origin, file) = (self.inlined(function), self.file(at));
                let entry_mut = self.dwarf.unit.get_mut(entry);
                entry_mut.set(c::DW_AT_abstract_origin, AttributeValue::UnitRef(origin));
                entry_mut.set(c::DW_AT_call_file, AttributeValue::FileIndex(file));
                entry_mut.set(c::DW_AT_call_line, AttributeValue::Udata(u64::from(at.line)));
                open.push((function, at, entry, start));
            }
            end = next;
        }
        self.close(&mut open, 0, end);
    }

    /// Ends inlined calls, all but the outermost `keep`.
    fn close(&mut self, open: &mut Vec<(usize, Place, UnitEntryId, usize)>, keep: usize, end: usize) {
        while open.len() > keep {
            if let Some((_, _, entry, start)) = open.pop() {
                self.range(entry, start, end);
            }
        }
    }

    fn range(&mut self, entry: UnitEntryId, start: usize, end: usize) {
        let entry = self.dwarf.unit.get_mut(entry);
        entry.set(c::DW_AT_low_pc, address(start));
        entry.set(c::DW_AT_high_pc, AttributeValue::Udata((end - start) as u64));
    }

    /// The entry of a function that is inlined somewhere.
    fn inlined(&mut self, function: usize) -> UnitEntryId {
        if let Some(&known) = self.functions.get(&function) {
            return known;
        }
        let root = self.dwarf.unit.root();
        let id = self.dwarf.unit.add(root, c::DW_TAG_subprogram);
        let text = self.image.functions.get(function).map_or("?", |f| &f.name);
        let entry = self.dwarf.unit.get_mut(id);
        entry.set(c::DW_AT_name, name(text));
        entry.set(c::DW_AT_inline, AttributeValue::Inline(c::DW_INL_inlined));
        self.functions.insert(function, id);
        id
    }
}
