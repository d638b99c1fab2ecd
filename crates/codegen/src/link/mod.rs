//! Places object code in memory and resolves its symbols.
//!
//! The linker reads the ELF objects that `emit` makes with the `object` crate, every offset checked: an object may come
//! from a file.  It stands in place of LLVM's ORC with RTDyld: it takes about 30 microseconds for a small
//! function, shares no state between compilations or with a forked child, leaves nothing behind when
//! code is freed, and answers an object that it does not understand with an error instead of ending the
//! process.

mod elf;
mod memory;
mod outside;
mod relocate;
mod symbols;

use crate::{EmitError, Object};
use elf::Elf;
use memory::Region;
use std::collections::HashMap;

/// Code in memory.  Dropping it frees the code: nothing may run in it any more.
pub struct Linked {
    region: Region,
    symbols: HashMap<String, usize>,
    _registration: Option<outside::Registration>,
}

impl Linked {
    /// The address of a function that the object defines for others.
    pub fn address(&self, symbol: &str) -> Option<usize> {
        self.symbols.get(symbol).copied()
    }

    /// Bytes of memory taken.
    pub fn size(&self) -> usize {
        self.region.size()
    }
}

/// Links an object: `externals` are the addresses of the symbols that it leaves open (the run time's
/// functions, global arrays); more than it needs is fine.
pub fn link(object: &Object, externals: &[(String, usize)]) -> Result<Linked, EmitError> {
    let find = |name: &str| externals.iter().find(|(n, _)| n == name).map(|(_, address)| *address);
    link_code(&object.code, &object.symbols, &find)
}

/// As [`link`], for object code that may come from a file: `names` are the functions to look up in it, `find` knows
/// the addresses of what it leaves open.
pub fn link_code(code: &[u8], names: &[String], find: &dyn Fn(&str) -> Option<usize>) -> Result<Linked, EmitError> {
    let elf = Elf::read(code)?;
    let resolve = |name: &str| {
        find(name)
            .or_else(|| symbols::address(name))
            .ok_or_else(|| EmitError::new(format!("the symbol `{name}` is not known")))
    };
    let places = relocate::Places::new(&elf)?;
    let mut region = Region::new(&places.sizes)?;
    relocate::place(&elf, &places, &mut region, &resolve)?;
    let mut symbols = HashMap::new();
    for name in names {
        let address = places.symbol_address(&elf, name, region.base())?;
        symbols.insert(name.clone(), address);
    }
    region.protect()?;
    let registration = outside::register(&elf, &places, region.base(), find);
    Ok(Linked { region, symbols, _registration: registration })
}
