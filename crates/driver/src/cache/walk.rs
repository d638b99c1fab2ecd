//! A walk over what a root can reach, in an order that is the same in every process, and what it sees there:
//! the parts of which a key is made.
//!
//! A part is one thing that a user may change: the code of a function, the value of a global name, a default.
//! Of each a hash is kept, so that two keys can be compared in words.

use super::renumber::{self, Row};
use crate::place::lines;
use crate::program::{FuncRecord, Program};
use coachwhip_frontend::{CodeSnapshot, SnapConst};
use coachwhip_ir::{Const, FuncId, Options, Source, Ty};
use std::collections::{HashMap, VecDeque};
use std::fmt::Write;

/// One part of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is, in words: "the code of f", "the global name `limit` of f".
    pub label: String,
    /// The beginning of the hash of its content.
    pub hash: [u8; 8],
    /// Its content in words, if that is short.
    pub text: String,
}

impl Part {
    /// A part with its content as text.
    pub fn new(label: impl Into<String>, content: &str) -> Part {
        const SHOWN: usize = 80;
        let text = if content.chars().count() <= SHOWN { content.to_owned() } else { String::new() };
        Part { label: label.into(), hash: hash(content.as_bytes()), text }
    }

    /// A part whose content means nothing to a reader.
    pub fn opaque(label: impl Into<String>, content: &[u8]) -> Part {
        Part { label: label.into(), hash: hash(content), text: String::new() }
    }
}

/// The first eight bytes of the hash: for words only, never for a key.
fn hash(content: &[u8]) -> [u8; 8] {
    let whole = *blake3::hash(content).as_bytes();
    whole.first_chunk().copied().unwrap_or_default()
}

/// What has been met, by its number in the walk.
#[derive(Default)]
pub struct Met {
    /// Functions.
    pub funcs: Table,
    /// Arrays.
    pub arrays: Table,
    /// C functions.
    pub natives: Table,
    /// Users' classes.
    pub classes: Table,
    /// Other objects.
    objects: Table,
    lists: Table,
    modules: Table,
}

impl Met {
    fn table(&self, row: Row) -> (&Table, u32) {
        match row {
            Row::Func(n) => (&self.funcs, n),
            Row::Array(n) => (&self.arrays, n),
            Row::List(n) => (&self.lists, n),
            Row::Module(n) => (&self.modules, n),
            Row::Native(n) => (&self.natives, n),
            Row::Class(n) => (&self.classes, n),
            Row::Object(n) => (&self.objects, n),
        }
    }

    /// The number in the walk of a row, if it was met.
    pub fn number(&self, row: Row) -> Option<u32> {
        let (table, place) = self.table(row);
        table.number(place).map(|number| number + first(row))
    }

    /// The row behind a number of the walk.
    pub fn row(&self, number: Row) -> Option<u32> {
        let (table, place) = self.table(number);
        table.row(place.checked_sub(first(number))?)
    }
}

/// The first number of a table: objects have none below 1, since 0 is that of an object without identity.
fn first(row: Row) -> u32 {
    u32::from(matches!(row, Row::Object(_)))
}

/// Rows of a table of the program in the order in which they were met.
#[derive(Default)]
pub struct Table {
    rows: Vec<u32>,
    numbers: HashMap<u32, u32>,
}

impl Table {
    /// The row with this number in the walk.
    pub fn row(&self, number: u32) -> Option<u32> {
        self.rows.get(number as usize).copied()
    }

    /// The number in the walk of a row.
    pub fn number(&self, row: u32) -> Option<u32> {
        self.numbers.get(&row).copied()
    }

    /// As [`Table::number`], for a row that may be new; true if it is.
    fn meet(&mut self, row: u32) -> (u32, bool) {
        let next = self.rows.len() as u32;
        let number = *self.numbers.entry(row).or_insert(next);
        if number == next {
            self.rows.push(row);
        }
        (number, number == next)
    }
}

/// The walk.
pub struct Walk<'p> {
    /// The program.
    pub program: &'p Program,
    /// What has been met.
    pub met: Met,
    /// What has been seen.
    pub parts: Vec<Part>,
    hasher: blake3::Hasher,
    queue: VecDeque<Row>,
    labels: HashMap<String, u32>,
    places: HashMap<(std::sync::Arc<str>, std::sync::Arc<str>), Vec<(i64, i64, i64)>>,
}

impl<'p> Walk<'p> {
    /// A walk that has seen nothing.
    pub fn new(program: &'p Program) -> Walk<'p> {
        Walk {
            program,
            met: Met::default(),
            parts: Vec::new(),
            hasher: blake3::Hasher::new(),
            queue: VecDeque::new(),
            labels: HashMap::new(),
            places: HashMap::new(),
        }
    }

    /// Goes on from a function.
    pub fn from(&mut self, root: FuncId) {
        self.meet(Row::Func(root.0));
        self.run();
    }

    /// Sees the types of arguments, and goes on from the functions in them.
    pub fn types(&mut self, label: &str, types: &[Ty]) {
        let text = types.iter().map(|ty| self.ty(ty)).collect::<Vec<_>>().join(", ");
        self.note(label, &text);
        self.run();
    }

    /// Sees something that is no function.
    pub fn note(&mut self, label: &str, content: &str) {
        self.see(Part::new(label, content), content.as_bytes());
    }

    /// Sees something that means nothing to a reader.
    pub fn bytes(&mut self, label: &str, content: &[u8]) {
        self.see(Part::opaque(label, content), content);
    }

    /// Sees options; in words, those that are not as usual.
    pub fn options(&mut self, label: &str, given: &Options) {
        let whole = options(given);
        let usual = options(&Options::default());
        let unusual: Vec<&str> = whole.split(", ").filter(|part| !usual.split(", ").any(|u| u == *part)).collect();
        let part = Part { text: unusual.join(", "), ..Part::opaque(label, whole.as_bytes()) };
        self.see(part, whole.as_bytes());
    }

    /// The state of the hash of everything seen.
    pub fn hasher(&self) -> blake3::Hasher {
        self.hasher.clone()
    }

    /// The hash of everything seen.
    pub fn hash(&self) -> [u8; 32] {
        *self.hasher.finalize().as_bytes()
    }

    fn see(&mut self, part: Part, content: &[u8]) {
        // Lengths go before contents, so that no two sequences of parts give the same bytes.
        self.hasher.update(&(part.label.len() as u64).to_le_bytes());
        self.hasher.update(part.label.as_bytes());
        self.hasher.update(&(content.len() as u64).to_le_bytes());
        self.hasher.update(content);
        self.parts.push(part);
    }

    fn run(&mut self) {
        while let Some(row) = self.queue.pop_front() {
            match row {
                Row::Func(n) => match self.program.slot(FuncId(n)) {
                    Some(slot) => {
                        if let Some(record) = slot.record() {
                            self.func(record);
                        }
                    }
                    None => self.note("a function that is missing", ""),
                },
                Row::Module(n) => self.module(n),
                Row::List(n) => {
                    // Code finds the list by its number in this process, whose order is that of most others.
                    let text = format!("{n}: {}", self.ty(&self.program.list(n)));
                    self.note("the type of a global list", &text);
                }
                Row::Array(n) => {
                    let text = self.program.array(n).to_string();
                    self.note("the type of a global array", &text);
                }
                Row::Native(n) => {
                    let (params, ret, _) = self.program.native(n);
                    let text = params.iter().chain([&ret]).map(|ty| self.ty(ty)).collect::<Vec<_>>().join(", ");
                    self.note("the types of a C function", &text);
                }
                Row::Class(_) | Row::Object(_) => {}
            }
        }
    }

    fn meet(&mut self, row: Row) -> u32 {
        let (table, number) = match row {
            Row::Func(n) => (&mut self.met.funcs, n),
            Row::Array(n) => (&mut self.met.arrays, n),
            Row::List(n) => (&mut self.met.lists, n),
            Row::Module(n) => (&mut self.met.modules, n),
            Row::Native(n) => (&mut self.met.natives, n),
            Row::Class(n) => (&mut self.met.classes, n),
            Row::Object(n) => (&mut self.met.objects, n),
        };
        let (number, new) = table.meet(number);
        if new {
            self.queue.push_back(row);
        }
        number + first(row)
    }

    /// A type as text.
    fn ty(&mut self, ty: &Ty) -> String {
        let renumbered = renumber::ty(ty, &mut |row| Some(self.meet(row)));
        renumbered.map_or_else(String::new, |ty| ty.to_string())
    }

    /// A constant as text.
    fn constant(&mut self, value: &Const) -> String {
        let renumbered = renumber::constant(value, &mut |row| Some(self.meet(row)));
        renumbered.map_or_else(String::new, |value| value.to_string())
    }

    fn snap_constant(&mut self, value: &SnapConst, out: &mut String) {
        match value {
            SnapConst::Value(value) => out.push_str(&self.constant(value)),
            SnapConst::Code(id) => {
                let number = self.meet(Row::Func(id.0));
                let _ = write!(out, "code {number}");
            }
            SnapConst::Slice(parts) => {
                let parts = parts.each_ref().map(|part| self.constant(part));
                let _ = write!(out, "slice {}", parts.join(", "));
            }
            SnapConst::Tuple(items) => {
                out.push_str("tuple (");
                for item in items {
                    self.snap_constant(item, out);
                    out.push_str(", ");
                }
                out.push(')');
            }
            SnapConst::Set(items) => {
                // The order of a frozenset of strings is another in every process.
                let mut items: Vec<String> = items.iter().map(|item| self.constant(item)).collect();
                items.sort();
                let _ = write!(out, "set {{{}}}", items.join(", "));
            }
        }
        out.push('\n');
    }

    fn module(&mut self, number: u32) {
        let Some(module) = self.program.module(number) else { return };
        self.note("a module", &module.name);
        let mut attributes: Vec<_> = module.attributes.iter().collect();
        attributes.sort_by_key(|(name, _)| *name);
        for (name, value) in attributes {
            let text = self.constant(value);
            self.note(&format!("`{}.{name}`", module.name), &text);
        }
    }

    fn func(&mut self, record: &FuncRecord) {
        // Without `..`, as in `code`.
        let FuncRecord { code, options, captured, reads_once, separate: _, of_library: _ } = record;
        let name = self.label(&code.qualname);
        let content = self.code(code);
        self.see(Part::opaque(format!("the code of {name}"), &content), &content);
        self.place(code, options, &name);
        self.options(&format!("the options of {name}"), options);
        if !reads_once.is_empty() {
            self.note(&format!("the marks of {name}"), &reads_once.join(", "));
        }
        for (cell, value) in code.freevars.iter().zip(captured) {
            let text = self.constant(value);
            self.note(&format!("the captured variable `{cell}` of {name}"), &text);
        }
        let parameters = code.varnames.iter().map(|n| &**n).chain(std::iter::repeat("?"));
        for (parameter, default) in parameters.zip(&code.defaults) {
            let text = default.as_ref().map_or_else(String::new, |value| self.constant(value));
            self.note(&format!("the default of `{parameter}` of {name}"), &text);
        }
        let mut globals: Vec<_> = code.globals.iter().collect();
        globals.sort_by_key(|(global, _)| *global);
        for (global, value) in globals {
            let text = self.constant(value);
            self.note(&format!("the global name `{global}` of {name}"), &text);
        }
    }

    /// The function's name, with a number if another has the same.
    fn label(&mut self, name: &str) -> String {
        let count = self.labels.entry(name.to_owned()).or_insert(0);
        *count += 1;
        if *count == 1 { name.to_owned() } else { format!("{name} (number {count})") }
    }

    /// Everything in a code object but where it stands: lines count from its first, columns do not count.
    fn code(&mut self, code: &CodeSnapshot) -> Vec<u8> {
        // Without `..`: whoever adds a field decides here whether it changes what is compiled.
        let CodeSnapshot {
            version,
            symbol,
            qualname,
            filename: _,
            firstlineno,
            code: instructions,
            consts,
            names,
            varnames,
            cellvars,
            freevars,
            argcount,
            posonlyargcount,
            kwonlyargcount,
            flags,
            exception_table,
            positions,
            globals: _,
            defaults: _,
        } = code;
        let mut text = String::new();
        let _ =
            writeln!(text, "{version:?} {symbol} {qualname:?} {argcount} {posonlyargcount} {kwonlyargcount} {flags}");
        let _ = writeln!(text, "{names:?} {varnames:?} {cellvars:?} {freevars:?} {exception_table:?}");
        let _ = writeln!(text, "{}", consts.len());
        for value in consts {
            self.snap_constant(value, &mut text);
        }
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&(instructions.len() as u64).to_le_bytes());
        bytes.extend_from_slice(instructions);
        for (line, ..) in positions {
            let relative = line.map_or(i64::MIN, |line| i64::from(line) - i64::from(*firstlineno));
            bytes.extend_from_slice(&relative.to_le_bytes());
        }
        bytes
    }

    /// Where the source stands is part of the key only where object code depends on it: in line tables for
    /// debuggers, and where two functions of one name share lines, so that a line alone does not tell them apart.
    fn place(&mut self, code: &CodeSnapshot, options: &Options, name: &str) {
        if options.debug {
            self.note(&format!("the place of {name}"), &format!("{}:{}", code.filename, code.firstlineno));
        }
        let (first, last) = lines(code);
        let origin = i64::from(code.firstlineno);
        let others = self.places.entry((code.filename.clone(), code.qualname.clone())).or_default();
        let shared = others.iter().find(|(_, low, high)| *low <= i64::from(last) && i64::from(first) <= *high);
        let distance = shared.map(|(other, ..)| origin - other);
        others.push((origin, i64::from(first), i64::from(last)));
        if let Some(distance) = distance {
            self.note(&format!("the place of {name}"), &distance.to_string());
        }
    }
}

/// The options as text: all that there are, so that none is forgotten.
fn options(options: &Options) -> String {
    let mut sorted = options.clone();
    let mut locals = sorted.locals.to_vec();
    locals.sort_by(|a, b| a.0.cmp(&b.0));
    sorted.locals = locals.into();
    format!("{sorted:?}")
}
