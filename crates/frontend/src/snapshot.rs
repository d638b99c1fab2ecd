//! A code object as plain data, taken under the GIL by the `py` crate and read without it.

use coachwhip_ir::{Const, FuncId};
use std::collections::HashMap;
use std::sync::Arc;

/// A constant of a code object: a value, or the code of a nested function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SnapConst {
    /// A value.
    Value(Const),
    /// The code of a nested function, by its number in the program's table.
    Code(FuncId),
    /// A slice (3.14 makes constants of them): start, stop, step.
    Slice(Box<[Const; 3]>),
    /// A tuple that a [`Const::Tuple`] cannot hold, because a slice or a set is in it.
    Tuple(Vec<SnapConst>),
    /// A frozenset: its items, in any order.
    Set(Vec<Const>),
}

/// The name among the globals for the module that `import` gives: no global can have it.
pub fn imported(module: &str) -> String {
    format!("import {module}")
}

/// Line, end line, column, end column of a code unit, as far as known.
pub type Position = (Option<u32>, Option<u32>, Option<u32>, Option<u32>);

/// A code object with what its names stand for.
#[derive(Clone, Debug, Default)]
pub struct CodeSnapshot {
    /// CPython version that made it: `(3, 11)`.
    pub version: (u8, u8),
    /// Linker symbol to use.
    pub symbol: String,
    /// `co_qualname`.
    pub qualname: Arc<str>,
    /// `co_filename`.
    pub filename: Arc<str>,
    /// `co_firstlineno`.
    pub firstlineno: u32,
    /// `co_code`, with the inline caches zeroed.
    pub code: Vec<u8>,
    /// `co_consts`.
    pub consts: Vec<SnapConst>,
    /// `co_names`.
    pub names: Vec<Arc<str>>,
    /// `co_varnames`, `co_cellvars`, `co_freevars`.
    pub varnames: Vec<Arc<str>>,
    /// As named.
    pub cellvars: Vec<Arc<str>>,
    /// As named.
    pub freevars: Vec<Arc<str>>,
    /// `co_argcount`, `co_posonlyargcount`, `co_kwonlyargcount`.
    pub argcount: u32,
    /// As named.
    pub posonlyargcount: u32,
    /// As named.
    pub kwonlyargcount: u32,
    /// `co_flags`.
    pub flags: u32,
    /// `co_exceptiontable`.
    pub exception_table: Vec<u8>,
    /// `co_positions()`, one entry per code unit: line, end line, column, end column.
    pub positions: Vec<Position>,
    /// Values of the globals and builtins that the code names; a name that is missing is undefined.  The modules that it
    /// imports stand here too ([`imported`]).
    pub globals: HashMap<Arc<str>, Const>,
    /// Defaults by position in the list of parameters (positional, then keyword-only), as in `ir::Params`.
    pub defaults: Vec<Option<Const>>,
}
