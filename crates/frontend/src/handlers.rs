//! Which code an exception handler protects: the exception table of CPython 3.11 and later.
//!
//! Handlers that do nothing but raise again, to nobody in this function, are left out: CPython adds one after each
//! handler, and one after each comprehension that it inlines.

use crate::decode::Decoded;
use crate::fault::{Fault, bytecode};
use crate::ins::Ins;

/// A run of protected code units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The first unit.
    start: u32,
    /// The unit after the last.
    end: u32,
    /// Where the handler begins.
    pub target: u32,
    /// How many items of the stack the handler finds.
    pub depth: u32,
    /// Whether it finds the place of the failure above them.
    pub lasti: bool,
}

/// Most entries: a `try` gives some three.
const MAX_ENTRIES: usize = 100_000;

/// The entries in the order of the code; no two protect the same unit.
pub struct Handlers(Vec<Entry>);

impl Handlers {
    /// Reads a table.
    pub fn read(table: &[u8], decoded: &Decoded) -> Result<Handlers, Fault> {
        let mut bytes = table.iter().copied().peekable();
        let mut entries: Vec<Entry> = Vec::new();
        while bytes.peek().is_some() {
            let (start, length) = (number(&mut bytes)?, number(&mut bytes)?);
            let (target, what) = (number(&mut bytes)?, number(&mut bytes)?);
            let end = start.saturating_add(length);
            if entries.last().is_some_and(|last| last.end > start) || entries.len() >= MAX_ENTRIES {
                return bytecode("the exception table is not in order");
            }
            entries.push(Entry { start, end, target, depth: what >> 1, lasti: what & 1 == 1 });
        }
        let mut handlers = Handlers(entries);
        handlers.drop_inert(decoded);
        Ok(handlers)
    }

    /// The handler of what fails at a code unit.
    pub fn of(&self, unit: u32) -> Option<Entry> {
        let after = self.0.partition_point(|entry| entry.start <= unit);
        self.0.get(after.checked_sub(1)?).filter(|entry| unit < entry.end).copied()
    }

    /// Drops the entries whose handlers only raise again, with no handler around them, until none is left.
    fn drop_inert(&mut self, decoded: &Decoded) {
        loop {
            let inert: Vec<Entry> = self.0.iter().filter(|e| self.is_inert(decoded, e.target)).copied().collect();
            if inert.is_empty() {
                return;
            }
            self.0.retain(|entry| !inert.contains(entry));
        }
    }

    fn is_inert(&self, decoded: &Decoded, target: u32) -> bool {
        let Some(first) = decoded.step_at(target) else { return false };
        for (ins, unit) in decoded.steps.iter().skip(first) {
            match ins {
                Ins::Reraise(_) => return self.of(*unit).is_none(),
                // What is thrown into a `yield from` shows there; around a whole generator, `opt` sees to `StopIteration`.
                Ins::CleanupThrow => return true,
                Ins::Copy(_) | Ins::Swap(_) | Ins::Pop | Ins::PopExcept | Ins::Nop | Ins::StopIteration => {}
                Ins::Const(_) | Ins::Literal(_) | Ins::Load(_) | Ins::Store(_) | Ins::Delete(_) => {}
                _ => return false,
            }
        }
        false
    }
}

/// A number of the table: six bits at a time, big end first; bit 6 says that another byte follows.
fn number(bytes: &mut impl Iterator<Item = u8>) -> Result<u32, Fault> {
    let mut value = 0u32;
    for byte in bytes {
        if value > u32::MAX >> 6 {
            break;
        }
        value = value << 6 | u32::from(byte & 0x3f);
        if byte & 0x40 == 0 {
            return Ok(value);
        }
    }
    bytecode("the exception table is cut short")
}
