//! f-strings.

use super::Translator;
use crate::fault::{Fault, bytecode};
use crate::ins::Ins;
use coachwhip_ir::{Const, Imm, Op};

/// The conversion's letter as a number, 0 for none.
fn letter(conversion: u32) -> Result<i64, Fault> {
    match conversion {
        0 => Ok(0),
        1 => Ok(i64::from(b's')),
        2 => Ok(i64::from(b'r')),
        3 => Ok(i64::from(b'a')),
        _ => bytecode("there is no such conversion"),
    }
}

impl Translator<'_> {
    pub(super) fn step_text(&mut self, ins: &Ins) -> Result<(), Fault> {
        match *ins {
            Ins::Text(n) => self.apply(n, Op::PyText, Imm::None),
            Ins::Format(conversion, specified) => self.format(letter(conversion)?, specified),
            Ins::Convert(conversion) => self.convert(letter(conversion)?),
            _ => bytecode("an instruction stands where it cannot"),
        }
    }

    /// A conversion that a `Format` follows belongs to that; alone it formats.
    fn convert(&mut self, conversion: i64) -> Result<(), Fault> {
        let value = self.pop()?;
        let none = self.constant(Const::None);
        let inst = self.inst(Op::PyFormat, Imm::Int(conversion), vec![value, none], 1);
        self.draft.removable.insert(inst);
        let converted = self.draft.func.insts[inst].results.first().copied().unwrap_or(self.undefined);
        self.converted.insert(converted, (value, conversion));
        self.push(converted)
    }

    fn format(&mut self, conversion: i64, specified: bool) -> Result<(), Fault> {
        let specification = if specified { self.pop()? } else { self.constant(Const::None) };
        let value = self.pop()?;
        let (value, conversion) = self.converted.get(&value).copied().unwrap_or((value, conversion));
        let piece = self.value(Op::PyFormat, Imm::Int(conversion), vec![value, specification]);
        self.push(piece)
    }
}
