//! Where an instruction comes from in the user's source.

use crate::entity;
use std::sync::Arc;

entity! {
    /// A place in a function's table of places.  `Loc(0)` is the function itself.
    Loc, "loc"
}

/// A span in a source file and, for inlined code, the call it was inlined at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LocData {
    /// Name of the Python function that the code was written in.
    pub function: Arc<str>,
    /// File name as Python knows it (`<stdin>`, a path, …).
    pub file: Arc<str>,
    /// First line, 1-based; 0 if unknown.
    pub line: u32,
    /// First column, 0-based, in UTF-8 bytes.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column after the last byte.
    pub end_column: u32,
    /// The call that was inlined, in the same table.
    pub inlined_at: Option<Loc>,
}
