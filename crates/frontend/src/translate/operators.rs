//! Operators, attributes, items, iteration and pattern tests.

use super::Translator;
use crate::fault::{Fault, bytecode};
use crate::ins::Ins;
use coachwhip_ir::{Const, Imm, Op, Value};

impl Translator<'_> {
    pub(super) fn step_operator(&mut self, ins: &Ins) -> Result<(), Fault> {
        match *ins {
            Ins::Unary(op) => self.apply(1, Op::PyUnary, Imm::Unary(op)),
            Ins::Binary(op, augmented) => self.apply(2, Op::PyBinary, Imm::Binary(op, augmented)),
            Ins::Compare(op) => self.apply(2, Op::PyCompare, Imm::Cmp(op)),
            Ins::Is(inverted) => self.apply(2, Op::PyIs, Imm::Int(i64::from(inverted))),
            Ins::In(inverted) => {
                self.list_as_tuple()?;
                self.apply(2, Op::PyIn, Imm::Int(i64::from(inverted)))
            }
            Ins::GetAttr(name) => {
                let name = self.name(name)?;
                self.apply(1, Op::PyGetAttr, Imm::Name(name))
            }
            Ins::SetAttr(name) => {
                let (object, name) = (self.pop()?, self.name(name)?);
                let value = self.pop()?;
                self.inst(Op::PySetAttr, Imm::Name(name), vec![object, value], 0);
                Ok(())
            }
            Ins::GetItem => self.apply(2, Op::PyGetItem, Imm::None),
            Ins::SetItem => {
                let (index, object) = (self.pop()?, self.pop()?);
                self.set_item(object, index)
            }
            Ins::DelItem => {
                let (index, object) = (self.pop()?, self.pop()?);
                self.inst(Op::PyDelItem, Imm::None, vec![object, index], 0);
                Ok(())
            }
            Ins::GetSlice => {
                self.shared_slice(false)?;
                self.apply(2, Op::PyGetItem, Imm::None)
            }
            Ins::SetSlice => {
                self.shared_slice(true)?;
                let (index, object) = (self.pop()?, self.pop()?);
                self.set_item(object, index)
            }
            Ins::Slice(n) => self.slice(n),
            Ins::Iter => {
                self.list_as_tuple()?;
                self.apply(1, Op::PyIter, Imm::None)
            }
            Ins::MatchSequence => self.test(Op::PyMatchSequence),
            Ins::MatchLen => self.test(Op::PyMatchLen),
            _ => bytecode("an instruction stands where it cannot"),
        }
    }

    /// Replaces n values on the stack by the result of an operation on them.
    pub(super) fn apply(&mut self, n: u32, op: Op, imm: Imm) -> Result<(), Fault> {
        let args = self.pop_many(n)?;
        let value = self.value(op, imm, args);
        self.push(value)
    }

    fn set_item(&mut self, object: Value, index: Value) -> Result<(), Fault> {
        let value = self.pop()?;
        self.inst(Op::PySetItem, Imm::None, vec![object, index, value], 0);
        Ok(())
    }

    /// The slice of `x[i:j]`.  The store of `x[i:j] += v`, which has the same place and parts as the read,
    /// takes that one's, as in 3.11.
    fn shared_slice(&mut self, store: bool) -> Result<(), Fault> {
        let parts = self.pop_many(2)?;
        let key = (self.block, self.loc, parts.clone());
        if let Some(slice) = self.slices.remove(&key).filter(|_| store) {
            return self.push(slice);
        }
        parts.into_iter().try_for_each(|part| self.push(part))?;
        self.slice(2)?;
        if !store {
            let top = self.nth(1)?;
            let slice = self.read(top);
            self.slices.insert(key, slice);
        }
        Ok(())
    }

    fn slice(&mut self, n: u32) -> Result<(), Fault> {
        if !(2..=3).contains(&n) {
            return bytecode("a slice has two or three parts");
        }
        let mut parts = self.pop_many(n)?;
        if n == 2 {
            parts.push(self.constant(Const::None));
        }
        let value = self.value(Op::PySlice, Imm::None, parts);
        self.push(value)
    }

    /// Pushes the result of an operation on the top, which stays.
    fn test(&mut self, op: Op) -> Result<(), Fault> {
        let top = self.nth(1)?;
        let subject = self.read(top);
        let value = self.value(op, Imm::None, vec![subject]);
        self.push(value)
    }
}
