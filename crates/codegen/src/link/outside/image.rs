//! What outsiders want to know of an object in memory: its functions, the place of each instruction, its unwind table.

use crate::Open;
use crate::lines::table::Table;
use crate::lines::{Function as Source, Origin};
use crate::link::elf::{ALLOC, EXEC, Elf};
use crate::link::memory::Sizes;
use crate::link::relocate::Places;
use coachwhip_abi::layout;
use std::ffi::CStr;

/// A Python function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its file.
    pub file: String,
    /// What is added to its lines.
    first: u32,
}

/// A place: a line of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Number of the function.
    pub function: usize,
    /// Line.
    pub line: u32,
}

/// From an address on, instructions come from places: the outermost call first.
pub struct Row {
    /// Address.
    pub address: usize,
    /// Places.
    pub places: Vec<Place>,
}

/// A function of the object.
pub struct Symbol {
    /// Address.
    pub address: usize,
    /// Size.
    pub size: usize,
    /// Name for profilers: `py::NAME:FILE`, as CPython calls its functions for them, or the linker's.
    pub name: String,
}

/// An object in memory.
pub struct Image {
    /// Where the code starts.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Functions of the object, by address.
    pub symbols: Vec<Symbol>,
    /// Python functions.
    pub functions: Vec<Function>,
    /// Rows by address.
    pub rows: Vec<Row>,
    /// The unwind table, at its address.
    pub unwind: (usize, Vec<u8>),
}

impl Image {
    /// Looks at an object that has been placed.
    pub fn new(elf: &Elf<'_>, places: &Places, base: Sizes, find: &dyn Fn(&str) -> Option<usize>) -> Image {
        let table = elf.content(crate::lines::SECTION).and_then(Table::unpack).unwrap_or_default();
        let functions: Vec<Function> = table.functions.iter().map(|f| function(f, find)).collect();
        let mut image = Image { start: 0, end: 0, symbols: vec![], functions, rows: vec![], unwind: (0, Vec::new()) };
        for (number, section) in elf.sections.iter().enumerate() {
            let Some((part, offset)) = places.section_place(number) else { continue };
            let Some(start) = base.get(part).map(|base| base + offset) else { continue };
            if section.flags & EXEC != 0 && image.end == 0 {
                (image.start, image.end) = (start, start + section.size);
            } else if section.name == b".eh_frame" {
                // SAFETY: a section of constants that has been placed and will not be written any more.
                let bytes = unsafe { std::slice::from_raw_parts(start as *const u8, section.size) };
                image.unwind = (start, bytes.to_vec());
            }
        }
        for row in &table.rows {
            let mut places = Vec::new();
            let mut next = Some(row.place);
            while let Some(place) = next.and_then(|n| table.places.get(n as usize)) {
                let first = image.functions.get(place.function as usize).map_or(0, |f| f.first);
                places.push(Place { function: place.function as usize, line: first.wrapping_add(place.line) });
                next = place.inlined_at;
            }
            places.reverse();
            image.rows.push(Row { address: image.start + row.offset as usize, places });
        }
        for symbol in &elf.symbols {
            let section = elf.sections.get(usize::from(symbol.section));
            let is_code = section.is_some_and(|s| s.flags & (ALLOC | EXEC) == ALLOC | EXEC);
            if let (true, Some(address)) = (is_code && symbol.size > 0, places.defined(symbol, base)) {
                let name = image.name(address).unwrap_or_else(|| symbol.name.to_string());
                image.symbols.push(Symbol { address, size: symbol.size as usize, name });
            }
        }
        image.symbols.sort_by_key(|s| s.address);
        image
    }

    /// The Python function whose code starts at an address.
    pub fn function_at(&self, address: usize) -> Option<&Function> {
        let row = self.rows_from(address).first()?;
        self.functions.get(row.places.first()?.function)
    }

    fn name(&self, address: usize) -> Option<String> {
        self.function_at(address).map(|f| format!("py::{}:{}", f.name, f.file))
    }

    /// The rows from the one that holds an address.
    pub fn rows_from(&self, address: usize) -> &[Row] {
        let after = self.rows.partition_point(|row| row.address <= address);
        self.rows.get(after.saturating_sub(1)..).unwrap_or_default()
    }

    /// The rows of a function, each with where it ends.
    pub fn rows_of<'i>(&'i self, symbol: &'i Symbol) -> impl Iterator<Item = (usize, usize, &'i Row)> {
        let end = symbol.address + symbol.size;
        let rows = self.rows_from(symbol.address);
        let ends = rows.iter().skip(1).map(|row| row.address).chain([end]);
        rows.iter()
            .zip(ends)
            .take_while(move |(row, _)| row.address < end)
            .map(move |(row, next)| (row.address.max(symbol.address), next.min(end), row))
            .filter(|(start, next, _)| start < next)
    }

    /// The code.
    pub fn code(&self, address: usize, size: usize) -> &[u8] {
        if address < self.start || address.saturating_add(size) > self.end {
            return &[];
        }
        // SAFETY: inside the code section, which is in memory and is not written any more.
        unsafe { std::slice::from_raw_parts(address as *const u8, size) }
    }

    /// The innermost place in the file of the outermost: a line of the user's, where the library's code was inlined.
    pub fn users_place(&self, row: &Row) -> Option<Place> {
        let file = |place: &Place| self.functions.get(place.function).map(|f| &f.file);
        let outermost = row.places.first()?;
        row.places.iter().rev().find(|place| file(place) == file(outermost)).copied()
    }
}

/// A function with its file.
fn function(source: &Source, find: &dyn Fn(&str) -> Option<usize>) -> Function {
    let (file, first) = match &source.origin {
        Origin::File(file) => (file.to_string(), 0),
        Origin::Number(number) => {
            let address = find(&Open::Origin(*number).symbol()).unwrap_or(0) as *const layout::Origin;
            // SAFETY: what is supplied for an origin's symbol is an origin, whose file is a text; it lives as long as the code.
            unsafe {
                match address.as_ref() {
                    Some(origin) => (CStr::from_ptr(origin.file.cast()).to_string_lossy().into_owned(), origin.first),
                    None => ("?".into(), 0),
                }
            }
        }
    };
    Function { name: source.name.to_string(), file, first }
}
