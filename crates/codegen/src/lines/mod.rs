//! Line tables: which place in the user's source each instruction of the machine code comes from, inlining included.
//!
//! LLVM is told numbers of places in the stead of lines, so its debug information is as small as can be and knows no
//! file; [`debug_line`] reads the numbers back from the object code. What is kept ([`table`]) is relative to the
//! origins of functions, as everything in object code is, and takes some bytes for each line.

pub mod debug_line;
pub mod table;

use crate::open::Sources;
use coachwhip_ir::{Func, Loc};
use std::collections::HashMap;
use std::sync::Arc;

/// The section of an object that holds its packed table.
pub const SECTION: &str = ".lines";

/// Where the lines of a function start.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// At the origin with this number (`Open::Origin`), known when the code is linked.
    Number(u32),
    /// At the first line of this file.
    File(Arc<str>),
}

/// A Python function that machine code comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Function {
    /// Its name.
    pub name: Arc<str>,
    /// What its lines are relative to.
    pub origin: Origin,
}

/// A place in the source, and the call that was inlined there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Number of the function.
    pub function: u32,
    /// Line, relative to the function's origin.
    pub line: u32,
    /// Number of the place of the call.
    pub inlined_at: Option<u32>,
}

/// The places of a module, numbered.
#[derive(Default)]
pub struct Places {
    functions: Numbered<Function>,
    places: Numbered<Place>,
    known: HashMap<(usize, Loc), Option<u32>>,
}

/// Things with numbers, each once.
struct Numbered<T> {
    list: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Numbered { list: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Numbered<T> {
    fn number(&mut self, thing: T) -> u32 {
        let next = self.list.len() as u32;
        let number = *self.numbers.entry(thing.clone()).or_insert(next);
        if number == next {
            self.list.push(thing);
        }
        number
    }
}

impl Places {
    /// The number of a place in the function with this number; `None` for code that is nobody's.
    pub fn number(&mut self, function: usize, func: &Func, loc: Loc, sources: &Sources<'_>) -> Option<u32> {
        if let Some(known) = self.known.get(&(function, loc)) {
            return *known;
        }
        let number = self.find(function, func, loc, sources);
        self.known.insert((function, loc), number);
        number
    }

    fn find(&mut self, function: usize, func: &Func, loc: Loc, sources: &Sources<'_>) -> Option<u32> {
        let data = func.locs.lookup(loc)?;
        let inlined_at = match data.inlined_at {
            Some(outer) if outer != loc => self.number(function, func, outer, sources),
            _ => None,
        };
        let (origin, first) = match sources.find(data) {
            Some((number, first)) => (Origin::Number(number), first),
            // Where the source may move, a line that cannot move with it would be wrong; the call's is right.
            None if sources.movable() => return inlined_at,
            None => (Origin::File(data.file.clone()), 0),
        };
        let function = self.functions.number(Function { name: data.function.clone(), origin });
        Some(self.places.number(Place { function, line: data.line.wrapping_sub(first), inlined_at }))
    }

    /// A place by its number.
    pub fn get(&self, number: u32) -> Option<(&Function, Place)> {
        let place = *self.places.list.get(number as usize)?;
        Some((self.functions.list.get(place.function as usize)?, place))
    }
}
