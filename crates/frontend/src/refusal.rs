//! The constructs that the front end refuses, with what the user is told.

use crate::decode::Decoded;
use crate::fault::{Fault, place, whole};
use crate::ins::Ins;
use crate::snapshot::CodeSnapshot;
use coachwhip_ir::{Code, Diagnostic};

macro_rules! refusals {
    ($($variant:ident $code:ident $message:literal, $help:literal;)*) => {
        /// A construct that is not supported.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Refusal { $(#[doc = $message] $variant),* }
        impl Refusal {
            /// The diagnostic, without a place.
            pub fn diagnostic(self) -> Diagnostic {
                match self { $(Refusal::$variant => Diagnostic::new(Code::$code, $message).help($help)),* }
            }
        }
    };
}

refusals! {
    Generator Generator "generators are not supported yet",
        "collect the values in an array, or loop over them where they are made";
    Yield Generator "generators are not supported yet",
        "collect the values in an array, or loop over them where they are made";
    Coroutine Generator "async functions are not supported",
        "call the compiled function from the async function";
    Handler ExceptionHandler "try, except and finally are not supported yet",
        "handle the exception in plain Python, around the call of the compiled function";
    With ExceptionHandler "with statements are not supported yet",
        "use the with statement in plain Python, around the call of the compiled function";
    Comprehension Container "comprehensions are not supported yet",
        "fill an array in a for loop";
    Dict Container "dicts are not supported yet",
        "use arrays, or separate variables";
    Set Container "sets are not supported yet",
        "use an array";
    StarredList Container "lists are not supported yet",
        "use a tuple or an array";
    KeywordDict Unsupported "**keywords in a call are not supported",
        "write the keyword arguments out";
    KeywordParameters Unsupported "**keywords in a signature are not supported",
        "name the keyword parameters";
    Import Unsupported "import inside a compiled function is not supported",
        "import at module level";
    Class Unsupported "class definitions inside a compiled function are not supported",
        "define the class at module level";
    Super Unsupported "super() is not supported",
        "compile plain functions rather than methods";
    StoreGlobal Unsupported "assignment to a global variable is not supported",
        "return the value and assign it outside";
    DeleteName Unsupported "del of a global or captured variable is not supported",
        "leave the del out";
    DeleteAttr Unsupported "del of an attribute is not supported",
        "leave the del out";
    ClassPattern Unsupported "class patterns in match are not supported",
        "test with isinstance() and if";
    MappingPattern Container "mapping patterns in match are not supported",
        "use if statements";
    Reraise Unsupported "raise without an exception is not supported",
        "name the exception to raise";
    Template Text "template strings are not supported",
        "use an f-string";
    Types Unsupported "type parameters and type aliases inside a compiled function are not supported",
        "define them at module level";
    Interactive Unsupported "this code object is not a function's",
        "compile a function";
    Tool Unsupported "this instruction belongs to the interpreter's own tools",
        "report this, with the function";
}

/// `CO_GENERATOR`.
const GENERATOR: u32 = 0x20;
/// `CO_COROUTINE`, `CO_ITERABLE_COROUTINE`, `CO_ASYNC_GENERATOR`.
const COROUTINE: u32 = 0x380;

/// Refuses what shows before translation: whole functions of the wrong kind, and exception handlers.
///
/// Handlers show in the exception table, not in the code that is reached without an exception.  Inlined
/// comprehensions have entries too; they are refused where they begin.
pub fn early(code: &CodeSnapshot, decoded: &Decoded) -> Result<(), Fault> {
    let find = |wanted: &dyn Fn(&Ins) -> bool| decoded.steps.iter().find(|(ins, _)| wanted(ins)).map(|(_, unit)| *unit);
    let refuse = |refusal: Refusal, unit: Option<u32>| -> Result<(), Fault> {
        let span = unit.map_or_else(|| whole(code), |unit| place(code, unit));
        Err(Box::new(refusal.diagnostic().at(&span, "here")))
    };
    if code.flags & crate::VARKEYWORDS != 0 {
        return refuse(Refusal::KeywordParameters, None);
    }
    if code.flags & COROUTINE != 0 {
        return refuse(Refusal::Coroutine, None);
    }
    if code.flags & GENERATOR != 0 {
        return refuse(Refusal::Generator, find(&|ins| *ins == Ins::Refuse(Refusal::Yield)));
    }
    if code.exception_table.is_empty() {
        return Ok(());
    }
    let comprehension = |ins: &Ins| *ins == Ins::Refuse(Refusal::Comprehension);
    let with = |ins: &Ins| *ins == Ins::Refuse(Refusal::With);
    match (find(&with), find(&comprehension)) {
        (Some(unit), _) => refuse(Refusal::With, Some(unit)),
        (None, Some(unit)) => refuse(Refusal::Comprehension, Some(unit)),
        (None, None) => refuse(Refusal::Handler, first_try(code, decoded)),
    }
}

/// The first `try`: the `nop` that CPython leaves for its line before the code that the exception table
/// protects, or else the first protected instruction.
fn first_try(code: &CodeSnapshot, decoded: &Decoded) -> Option<u32> {
    let protected = first_protected(&code.exception_table)?;
    let before = protected.checked_sub(1)?;
    let is_nop = decoded.is_empty_at(before);
    Some(if is_nop { before } else { protected })
}

/// The first code unit that the exception table protects.
fn first_protected(table: &[u8]) -> Option<u32> {
    // Six bits at a time, big end first; bit 6 says that another byte follows, bit 7 that an entry begins.
    let mut unit = 0u32;
    for byte in table {
        unit = unit.wrapping_shl(6) | u32::from(byte & 0x3f);
        if byte & 0x40 == 0 {
            return Some(unit);
        }
    }
    None
}
