//! Places object code in this process: finds what the object leaves open, and keeps it as long as the code.

use crate::behaviour::Behaviour;
use crate::program::Program;
use coachwhip_abi::{Runs, RuntimeFn};
use coachwhip_codegen::{EmitError, Linked, Open, Span, link_code};
use coachwhip_ir::{FuncId, Source};
use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::CString;
use std::sync::Arc;

/// Code in memory with what it refers to.
pub struct Code {
    linked: Linked,
    supplied: Supplied,
}

impl Code {
    /// The linked code.
    pub fn linked(&self) -> &Linked {
        &self.linked
    }

    /// The origins of its functions.
    pub fn supplied(&self) -> &Supplied {
        &self.supplied
    }
}

/// A function compiled by itself, in memory.
#[derive(Clone)]
pub struct Callable {
    /// Its code.
    pub code: Arc<Code>,
    /// Address of its entry point.
    pub entry: usize,
    /// What a call of it may do.
    pub behaviour: Behaviour,
}

/// An `abi::Origin`, with the address of its file as a number.
#[repr(C)]
struct OriginWords {
    file: usize,
    first: u32,
}

/// What is supplied to an object.
#[derive(Default)]
pub struct Supplied {
    addresses: HashMap<String, usize>,
    #[allow(clippy::vec_box)] // code has their addresses, so they must not move when the list grows
    origins: Vec<Box<OriginWords>>,
    texts: Vec<CString>,
    /// File and first line of every origin, in the order of their symbols.
    pub places: Vec<(Arc<str>, u32)>,
    /// Nothing in it belongs to one program only.
    pub shareable: bool,
    /// Functions compiled by themselves that it calls.
    kept: Vec<Arc<Code>>,
    /// What any of those may do.
    pub behaviour: Behaviour,
    /// Whether the code, or any of those, uses what belongs to Python, so that the interpreter must be held.
    pub attached: bool,
}

impl Supplied {
    /// Nothing yet.
    pub fn new() -> Supplied {
        Supplied { shareable: true, ..Supplied::default() }
    }

    /// An origin.
    pub fn origin(&mut self, symbol: String, file: &Arc<str>, first: u32) {
        let text = self.text(file);
        let words = Box::new(OriginWords { file: text, first });
        self.addresses.insert(symbol, &raw const *words as usize);
        self.origins.push(words);
        self.places.push((file.clone(), first));
    }

    /// A function compiled by itself.
    pub fn callee(&mut self, symbol: String, callee: &Callable) {
        self.addresses.insert(symbol, callee.entry);
        self.behaviour.also(callee.behaviour);
        self.attached |= callee.code.supplied().attached;
        self.kept.push(callee.code.clone());
    }

    /// A row of the program's tables; false if the program has no such row, as for functions compiled by themselves.
    pub fn row(&mut self, symbol: String, what: Open, program: &Program) -> bool {
        let address = match what {
            Open::Array(number) => program.array_words(number),
            Open::Native(number) => program.native(number).2 as usize,
            Open::External(_) => return false,
            Open::Class(number) => self.text(&format!("@{number}")),
            Open::Origin(number) => {
                let Some(slot) = program.slot(FuncId(number)) else { return false };
                let Some(record) = slot.record() else { return false };
                self.origin(symbol, &record.code.filename, record.code.firstlineno);
                return true;
            }
        };
        self.shareable = false;
        self.addresses.insert(symbol, address);
        address != 0
    }

    fn text(&mut self, text: &str) -> usize {
        // A NUL cannot stand in the name of a file; should it, what is before it will do.
        let whole = text.split('\0').next().unwrap_or_default();
        let text = CString::new(whole).unwrap_or_default();
        let address = text.as_ptr() as usize;
        self.texts.push(text);
        address
    }
}

/// Links object code: `names` are the functions to look up in it.
pub fn place(code: &[u8], names: &[String], mut supplied: Supplied, program: &Program) -> Result<Code, EmitError> {
    let attached = Cell::new(supplied.attached);
    let find = |name: &str| {
        let function = RuntimeFn::by_symbol(name);
        attached.set(attached.get() || function.is_some_and(|f| f.runs() == Runs::Attached));
        supplied.addresses.get(name).copied().or_else(|| program.external(name))
    };
    let linked = link_code(code, names, &find)?;
    supplied.attached = attached.get();
    Ok(Code { linked, supplied })
}

/// The lines of every function of a program.
pub fn spans(program: &Program) -> Vec<Span> {
    let slots = program.slots();
    let span = |(number, slot): (usize, &Arc<crate::program::FuncSlot>)| {
        let code = &slot.record()?.code;
        let (first, last) = lines(code);
        Some(Span {
            number: number as u32,
            file: code.filename.clone(),
            function: code.qualname.clone(),
            origin: code.firstlineno,
            first,
            last,
        })
    };
    slots.iter().enumerate().filter_map(span).collect()
}

/// First and last line of a code object.
pub fn lines(code: &coachwhip_frontend::CodeSnapshot) -> (u32, u32) {
    let known = code.positions.iter().filter_map(|(line, ..)| *line);
    known.fold((code.firstlineno, code.firstlineno), |(first, last), line| (first.min(line), last.max(line)))
}

#[cfg(test)]
mod tests {
    use super::OriginWords;
    use coachwhip_abi::layout::Origin;
    use std::mem::{align_of, offset_of, size_of};

    #[test]
    fn origins_are_laid_out_as_compiled_code_reads_them() {
        assert_eq!(size_of::<OriginWords>(), size_of::<Origin>());
        assert_eq!(align_of::<OriginWords>(), align_of::<Origin>());
        assert_eq!(offset_of!(OriginWords, file), offset_of!(Origin, file));
        assert_eq!(offset_of!(OriginWords, first), offset_of!(Origin, first));
    }
}
