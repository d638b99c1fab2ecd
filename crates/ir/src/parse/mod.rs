//! Reads the text form that [`crate::print`] writes.
//!
//! Values and blocks keep their numbers; a number that the text does not define becomes a value of type
//! `never` or a block in no order, so numbers may not be much larger than the text.  Text may be hostile: the
//! answer is then an error with its line, within time and memory linear in the text.

mod constant;
mod cursor;
mod func;
mod header;
mod inst;
mod lexer;
mod ty;

use crate::func::Func;
use crate::program::Module;
use crate::ty::Ty;
use cursor::Cursor;
use std::fmt;

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// 1-based line.
    pub line: u32,
    /// What was expected or is wrong.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for ParseError {}

/// The result of a part of the parser.
type Parsed<T> = Result<T, ParseError>;

/// A module: lines about global arrays and native functions, then functions.
pub fn module(text: &str) -> Parsed<Module> {
    let mut cursor = Cursor::new(text)?;
    let mut module = Module::default();
    while !cursor.at_end() {
        if cursor.accept_word("global") {
            let number = cursor.number()?;
            cursor.expect(':')?;
            let array = cursor.ty()?.array().ok_or_else(|| cursor.error("expected an array type"))?;
            module.arrays.push((number, array));
        } else if cursor.accept_word("native") {
            let number = cursor.number()?;
            cursor.expect(':')?;
            module.natives.push((number, cursor.hexadecimal()?));
        } else {
            module.funcs.push(func::parse(&mut cursor)?);
        }
    }
    Ok(module)
}

/// One function.
pub fn func(text: &str) -> Parsed<Func> {
    whole(text, func::parse)
}

/// One type.
pub fn ty(text: &str) -> Parsed<Ty> {
    whole(text, |c| c.ty())
}

/// One constant.
pub fn constant(text: &str) -> Parsed<crate::constant::Const> {
    whole(text, |c| c.constant())
}

/// The whole text as one thing.
fn whole<T>(text: &str, part: impl FnOnce(&mut Cursor<'_>) -> Parsed<T>) -> Parsed<T> {
    let mut cursor = Cursor::new(text)?;
    let thing = part(&mut cursor)?;
    if cursor.at_end() { Ok(thing) } else { Err(cursor.error("expected the end")) }
}

#[cfg(test)]
mod tests;
