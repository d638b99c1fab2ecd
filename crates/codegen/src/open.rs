//! What object code leaves open besides run-time functions: things of the process that it is linked in.
//!
//! Object code holds no address and no number that means something in one process only, so it may be kept on
//! disk.  What it needs of the process is a symbol that stands for one row of a table of the program.

use coachwhip_ir::LocData;
use std::collections::HashMap;

/// Something of the program whose address is supplied at link time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Open {
    /// The header words of a global array.
    Array(u32),
    /// A C function.
    Native(u32),
    /// The text that stands for a user's exception class (`abi::ErrorRecord::class`).
    Class(u32),
    /// The entry point (`abi::EntryFn`) of a library function compiled by itself.
    External(u32),
    /// The `abi::Origin` of a function, by the number of its [`Span`].
    Origin(u32),
}

impl Open {
    /// The linker's symbol.
    pub fn symbol(self) -> String {
        match self {
            Open::Array(number) => format!("cw_array_{number}"),
            Open::Native(number) => format!("cw_native_{number}"),
            Open::External(number) => format!("cw_external_{number}"),
            Open::Class(number) => format!("cw_class_{number}"),
            Open::Origin(number) => format!("cw_origin_{number}"),
        }
    }
}

/// The lines of a function's source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The function's number.
    pub number: u32,
    /// Its file.
    pub file: std::sync::Arc<str>,
    /// Its name.
    pub function: std::sync::Arc<str>,
    /// What lines are relative to.
    pub origin: u32,
    /// First line.
    pub first: u32,
    /// Last line.
    pub last: u32,
}

/// Spans by file and name.
pub struct Sources<'s>(HashMap<(&'s str, &'s str), Vec<&'s Span>>);

impl<'s> Sources<'s> {
    /// A table of the spans.
    pub fn new(spans: &'s [Span]) -> Sources<'s> {
        let mut table: HashMap<_, Vec<_>> = HashMap::new();
        for span in spans {
            table.entry((&*span.file, &*span.function)).or_default().push(span);
        }
        Sources(table)
    }

    /// Whether code is meant to be linked where its source may have moved.
    pub fn movable(&self) -> bool {
        !self.0.is_empty()
    }

    /// File and first line of the function with a number.
    pub fn origin(&self, number: u32) -> Option<(&'s str, u32)> {
        let span = self.0.values().flatten().find(|s| s.number == number)?;
        Some((&*span.file, span.origin))
    }

    /// Number and origin of the function that a place is in.
    pub fn find(&self, place: &LocData) -> Option<(u32, u32)> {
        let spans = self.0.get(&(&*place.file, &*place.function))?;
        let found = spans.iter().find(|s| s.first <= place.line && place.line <= s.last)?;
        Some((found.number, found.origin))
    }
}
