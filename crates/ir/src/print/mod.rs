//! The text form of functions and modules; [`crate::parse`] reads it back.
//!
//! ```text
//! func @f "f"(n) -> int {
//! block0(v0: int):
//!   v1: int = const 0
//!   jump block1(v1, v1)
//! block1(v2: int, v3: int):
//!   v4: bool = lt v2, v0
//!   branch v4, block2(), block3()
//! block2():
//!   v5: int, v6: bool = add_ovf v3, v2
//!   v7: bool = not v6
//!   guard[int_overflow] v7
//!   v8: int = const 1
//!   v9: int = add v2, v8
//!   jump block1(v9, v5)
//! block3():
//!   return v3
//! }
//! ```
//!
//! Results without a type are of type `any`; `v1 "x": int` is assigned to the variable `x`.  `;` starts a comment.  `{:#}` prints the places in the source
//! too: a table of places before the blocks and `!locN` after each instruction.

mod constant;
mod header;
mod ty;

use crate::func::{Block, Edge, Func, Inst, Value};
use crate::loc::{Loc, LocData};
use crate::op::{Imm, Op};
use crate::program::Module;
use crate::ty::Ty;
use std::fmt::{self, Display, Formatter, Write};

pub(crate) use header::{FASTMATH, SWITCHES};

impl Display for Module {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (number, array) in &self.arrays {
            writeln!(f, "global {number}: {array}")?;
        }
        for (number, address) in &self.natives {
            writeln!(f, "native {number}: {address:#x}")?;
        }
        for (position, func) in self.funcs.iter().enumerate() {
            if position > 0 {
                writeln!(f)?;
            }
            func.fmt(f)?;
        }
        Ok(())
    }
}

impl Display for Func {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        header::write(f, self)?;
        f.write_str(" {\n")?;
        if f.alternate() {
            for (loc, place) in self.locs.iter() {
                writeln!(f, "  {loc}: {}", Place(place))?;
            }
        }
        for &block in &self.order {
            write_block(f, self, block)?;
        }
        f.write_str("}\n")
    }
}

/// One instruction as text, without its place.
pub fn inst(func: &Func, inst: Inst) -> String {
    Text(func, inst).to_string()
}

/// An instruction of a function.
struct Text<'f>(&'f Func, Inst);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Text(func, inst) = *self;
        let Some(data) = func.insts.lookup(inst) else { return write!(f, "<no such instruction {inst}>") };
        for (position, &result) in data.results.iter().enumerate() {
            f.write_str(if position > 0 { ", " } else { "" })?;
            write_definition(f, func, result)?;
        }
        f.write_str(if data.results.is_empty() { "" } else { " = " })?;
        f.write_str(if data.attempted { "try " } else { "" })?;
        f.write_str(data.op.text())?;
        write_imm(f, data.op, &data.imm)?;
        let mut separator = " ";
        for value in &data.args {
            write!(f, "{separator}{value}")?;
            separator = ", ";
        }
        for edge in &data.edges {
            write!(f, "{separator}{}", EdgeText(edge))?;
            separator = ", ";
        }
        Ok(())
    }
}

fn write_block(f: &mut Formatter<'_>, func: &Func, block: Block) -> fmt::Result {
    let Some(data) = func.blocks.lookup(block) else { return writeln!(f, "<no such block {block}>") };
    write!(f, "{block}(")?;
    for (position, &param) in data.params.iter().enumerate() {
        f.write_str(if position > 0 { ", " } else { "" })?;
        write_definition(f, func, param)?;
    }
    f.write_str("):\n")?;
    for &inst in &data.insts {
        write!(f, "  {}", Text(func, inst))?;
        if f.alternate() {
            let loc = func.insts.lookup(inst).map_or(Loc(0), |i| i.loc);
            write!(f, " !{loc}")?;
            if let Some(place) = func.locs.lookup(loc) {
                write!(f, " ; {}:{}", place.line, place.column)?;
            }
        }
        f.write_char('\n')?;
    }
    Ok(())
}

/// A value where it is defined: with its variable, if it has one, and with its type, unless that is `any`.
fn write_definition(f: &mut Formatter<'_>, func: &Func, value: Value) -> fmt::Result {
    write!(f, "{value}")?;
    if let Some(variable) = func.variables.get(&value) {
        write!(f, " {}", Quoted(variable))?;
    }
    match func.values.lookup(value).map(|v| &v.ty) {
        None | Some(Ty::Any) => Ok(()),
        Some(ty) => write!(f, ": {ty}"),
    }
}

/// An edge as text.
struct EdgeText<'e>(&'e Edge);

impl Display for EdgeText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.0.block)?;
        for (position, value) in self.0.args.iter().enumerate() {
            write!(f, "{}{value}", if position > 0 { ", " } else { "" })?;
        }
        f.write_char(')')
    }
}

/// The immediate in brackets; the constant of a `const` stands bare.
fn write_imm(f: &mut Formatter<'_>, op: Op, imm: &Imm) -> fmt::Result {
    match imm {
        Imm::None => Ok(()),
        Imm::Const(c) if op == Op::Const => write!(f, " {c}"),
        Imm::Const(c) => write!(f, "[={c}]"),
        Imm::Name(name) => write!(f, "[{}]", Quoted(name)),
        Imm::Names(names) => {
            f.write_str("[names")?;
            names.iter().try_for_each(|name| write!(f, " {}", Word(name)))?;
            f.write_char(']')
        }
        Imm::Int(number) => write!(f, "[{number}]"),
        Imm::Pair(a, b) => write!(f, "[{a}, {b}]"),
        Imm::Unary(op) => write!(f, "[{}]", op.symbol()),
        Imm::Binary(op, augmented) => write!(f, "[{}{}]", op.symbol(), if *augmented { "=" } else { "" }),
        Imm::Cmp(op) => write!(f, "[{}]", op.symbol()),
        Imm::Error(kind) => write!(f, "[{}]", kind.text()),
        Imm::Func(number) => write!(f, "[func{number}]"),
        Imm::Code(id) => write!(f, "[{id}]"),
        Imm::Runtime(function) => write!(f, "[{}]", function.symbol()),
        Imm::Kernel(number, function) => write!(f, "[func{number}, {}]", function.symbol()),
        Imm::Strict => f.write_str("[strict]"),
    }
}

/// A place as text.
struct Place<'p>(&'p LocData);

impl Display for Place<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let p = self.0;
        write!(f, "{} {} ", Quoted(&p.file), Quoted(&p.function))?;
        write!(f, "{}:{} to {}:{}", p.line, p.column, p.end_line, p.end_column)?;
        match p.inlined_at {
            Some(at) => write!(f, " inlined at {at}"),
            None => Ok(()),
        }
    }
}

/// Text in quotes, escaped so that it stays on one line.
pub(crate) struct Quoted<'t>(pub &'t str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                c if c.is_control() || c == '\u{2028}' || c == '\u{2029}' => write!(f, "\\u{{{:x}}}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

/// A name: bare if it is a plain word, else in quotes.
pub(crate) struct Word<'t>(pub &'t str);

impl Display for Word<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if is_word(self.0) { f.write_str(self.0) } else { Quoted(self.0).fmt(f) }
    }
}

/// Whether a name needs no quotes: letters, digits, `_` and `.`, not starting with a digit or dot.
pub(crate) fn is_word(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(plain)
}

#[cfg(test)]
mod tests;
