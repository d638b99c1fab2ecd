//! What is refused before translation: whole functions of the wrong kind, and exception handlers.

use crate::decode::Decoded;
use crate::fault::{Fault, place, whole};
use crate::ins::Ins;
use crate::refusal::Refusal;
use crate::snapshot::CodeSnapshot;

/// `CO_COROUTINE`, `CO_ITERABLE_COROUTINE`, `CO_ASYNC_GENERATOR`.
const COROUTINE: u32 = 0x380;

/// Refuses what shows before translation.
///
/// Handlers show in the exception table, not in the code that is reached without an exception.
pub fn refuse(code: &CodeSnapshot, decoded: &Decoded) -> Result<(), Fault> {
    let find = |wanted: &dyn Fn(&Ins) -> bool| decoded.steps.iter().find(|(ins, _)| wanted(ins)).map(|(_, unit)| *unit);
    let refused = |refusal: Refusal, unit: Option<u32>| -> Result<(), Fault> {
        let span = unit.map_or_else(|| whole(code), |unit| place(code, unit));
        Err(Box::new(refusal.diagnostic().at(&span, "here")))
    };
    if code.flags & crate::VARKEYWORDS != 0 {
        return refused(Refusal::KeywordParameters, None);
    }
    if code.flags & COROUTINE != 0 {
        return refused(Refusal::Coroutine, None);
    }
    match find(&|ins| *ins == Ins::Refuse(Refusal::Group)) {
        Some(unit) if !code.exception_table.is_empty() => refused(Refusal::Group, Some(unit)),
        _ => Ok(()),
    }
}
