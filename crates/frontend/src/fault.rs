//! Failures of the front end: diagnostics, boxed because they are large and rare.

use crate::snapshot::CodeSnapshot;
use coachwhip_ir::{Code, Diagnostic, LocData};

/// Why a code object is not translated.
pub type Fault = Box<Diagnostic>;

/// The place of a code unit in the user's source.
pub fn place(code: &CodeSnapshot, unit: u32) -> LocData {
    let position = code.positions.get(unit as usize).copied().unwrap_or_default();
    let (line, end_line, column, end_column) = position;
    match line {
        None => whole(code),
        Some(line) => LocData {
            function: code.qualname.clone(),
            file: code.filename.clone(),
            line,
            column: column.unwrap_or(0),
            end_line: end_line.unwrap_or(line),
            end_column: end_column.unwrap_or(0),
            inlined_at: None,
        },
    }
}

/// The place of the function itself.
pub fn whole(code: &CodeSnapshot) -> LocData {
    LocData {
        function: code.qualname.clone(),
        file: code.filename.clone(),
        line: code.firstlineno,
        column: 0,
        end_line: code.firstlineno,
        end_column: 0,
        inlined_at: None,
    }
}

/// The code object is not one that a compiler makes.
pub fn bytecode<T>(message: impl Into<String>) -> Result<T, Fault> {
    let help = "compile an ordinary function, made by CPython's own compiler";
    Err(Box::new(Diagnostic::new(Code::Bytecode, message).help(help)))
}

/// The function is beyond the limits that keep compiling bounded.
pub fn too_large<T>(what: &str) -> Result<T, Fault> {
    Err(Box::new(Diagnostic::new(Code::TooLarge, format!("the function has {what}")).help("split the function")))
}
