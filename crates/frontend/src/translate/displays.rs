//! Tuple, list, set and dict displays, and unpacking.

use super::calls::keyword_imm;
use super::{Part, Translator};
use crate::fault::{Fault, bytecode};
use crate::ins::Ins;
use crate::refusal::Refusal;
use coachwhip_ir::{Const, Imm, Op, Value};

impl Translator<'_> {
    pub(super) fn step_display(&mut self, ins: &Ins) -> Result<(), Fault> {
        match *ins {
            Ins::Tuple(n) => self.apply(n, Op::PyTuple, Imm::None),
            Ins::List(n) => {
                let items = self.pop_many(n)?;
                let list = self.list(items.into_iter().map(Part::Item).collect());
                self.push(list)
            }
            Ins::Set(n) => self.apply(n, Op::PySet, Imm::None),
            Ins::Map(n) => match n.checked_mul(2) {
                Some(n) => {
                    let items = self.pop_many(n)?;
                    self.dict(items)
                }
                None => bytecode("the stack has too few items"),
            },
            Ins::ConstKeyMap(n) => self.const_key_map(n),
            // Of a comprehension, the iterator lies on top of the list.
            Ins::ListAppend(n) if n > 1 => {
                let item = self.pop()?;
                let variable = self.nth(n)?;
                let list = self.read(variable);
                self.inst(Op::PyListAppend, Imm::None, vec![list, item], 0);
                Ok(())
            }
            Ins::ListAppend(n) => {
                let item = self.pop()?;
                self.grow(n, |_, parts| parts.push(Part::Item(item)))
            }
            // `[*x for x in a]`, since 3.15.
            Ins::ListExtend(n) if n > 1 => {
                let items = self.pop()?;
                let variable = self.nth(n)?;
                let list = self.read(variable);
                let extend = self.value(Op::PyGetAttr, Imm::Name("extend".into()), vec![list]);
                self.value(Op::PyCall, keyword_imm(Vec::new().into()), vec![extend, items]);
                Ok(())
            }
            Ins::ListExtend(n) => {
                let items = self.pop()?;
                self.grow(n, |this, parts| match this.constant_of(items) {
                    Some(Const::Tuple(items)) => {
                        parts.extend(items.iter().map(|c| Part::Item(this.constant(c.clone()))));
                    }
                    _ => parts.push(Part::Starred(items)),
                })
            }
            Ins::SetAdd(n) => {
                let item = self.pop()?;
                let variable = self.nth(n)?;
                let set = self.read(variable);
                self.inst(Op::PySetAdd, Imm::None, vec![set, item], 0);
                Ok(())
            }
            Ins::MapAdd(n) => {
                let (value, key) = (self.pop()?, self.pop()?);
                let variable = self.nth(n)?;
                let dict = self.read(variable);
                self.inst(Op::PyMapAdd, Imm::None, vec![dict, key, value], 0);
                Ok(())
            }
            Ins::SetUpdate(n) | Ins::DictUpdate(n) => {
                let items = self.pop()?;
                let variable = self.nth(n)?;
                let whole = self.read(variable);
                match (ins, self.constant_of(items)) {
                    (Ins::SetUpdate(_), Some(Const::Tuple(items))) => {
                        for item in items.iter() {
                            let item = self.constant(item.clone());
                            self.inst(Op::PySetAdd, Imm::None, vec![whole, item], 0);
                        }
                    }
                    _ => {
                        let update = self.value(Op::PyGetAttr, Imm::Name("update".into()), vec![whole]);
                        self.value(Op::PyCall, keyword_imm(Vec::new().into()), vec![update, items]);
                    }
                }
                Ok(())
            }
            Ins::ListToTuple => self.list_to_tuple(),
            Ins::DictMerge(_) => Err(Box::new(Refusal::KeywordDict.diagnostic())),
            Ins::Unpack(n) => self.unpack(Op::PyUnpack, Imm::None, n),
            Ins::UnpackStar(before, after) => match before.checked_add(after).and_then(|n| n.checked_add(1)) {
                Some(n) => self.unpack(Op::PyUnpackStar, Imm::Pair(before, after), n),
                None => bytecode("an assignment has too many targets"),
            },
            _ => bytecode("an instruction stands where it cannot"),
        }
    }

    /// A list display without starred parts, as far as it has been read.
    /// It gets its operands when it is finished, so that growing it item by item stays linear.
    fn list(&mut self, parts: Vec<Part>) -> Value {
        let inst = self.inst(Op::PyList, Imm::None, vec![], 1);
        self.draft.removable.insert(inst);
        let list = self.draft.func.insts[inst].results.first().copied().unwrap_or(self.undefined);
        self.lists.insert(list, parts);
        list
    }

    /// Makes a tuple of a list display on top, where no one can tell: it is looked through at once.  CPython
    /// does the same, but 3.14 only with short ones.
    pub(super) fn list_as_tuple(&mut self) -> Result<(), Fault> {
        let variable = self.nth(1)?;
        let list = self.read(variable);
        let Some(parts) = self.lists.get(&list).filter(|_| !self.named.contains(&list)) else { return Ok(()) };
        let items: Option<Vec<Value>> = parts
            .iter()
            .map(|part| match part {
                Part::Item(value) => Some(*value),
                Part::Starred(_) => None,
            })
            .collect();
        let Some(items) = items else { return Ok(()) };
        let constants: Option<Vec<Const>> = items.iter().map(|item| self.constant_of(*item)).collect();
        let tuple = match constants {
            Some(constants) => self.constant(Const::Tuple(constants.into())),
            None => self.value(Op::PyTuple, Imm::None, items),
        };
        self.write(variable, tuple);
        Ok(())
    }

    /// Gives the finished list displays their operands.
    pub(super) fn finish_lists(&mut self) {
        for (list, parts) in std::mem::take(&mut self.lists) {
            if let Some(inst) = self.draft.func.def_inst(list).filter(|&i| self.draft.func.insts[i].op == Op::PyList) {
                self.draft.func.insts[inst].args = parts.iter().map(Part::value).collect();
            }
        }
    }

    /// Replaces the list display at depth n by a longer one.
    fn grow(&mut self, n: u32, add: impl FnOnce(&mut Self, &mut Vec<Part>)) -> Result<(), Fault> {
        let variable = self.nth(n)?;
        let list = self.read(variable);
        // Not a display: the list grows in a loop.  A display that grows is used up, so it need not be copied.
        let Some(mut parts) = self.lists.remove(&list) else {
            return Err(Box::new(Refusal::Comprehension.diagnostic()));
        };
        let known = parts.len();
        add(self, &mut parts);
        let made = match parts.iter().any(|part| matches!(part, Part::Starred(_))) {
            true => self.grown(list, known, parts),
            false => self.list(parts),
        };
        self.write(variable, made);
        Ok(())
    }

    /// A display with starred parts grows part by part, as each is read; so far it has as many as are known.  If it turns out
    /// to be a step on the way to a tuple, nobody needs these instructions.
    fn grown(&mut self, list: Value, known: usize, parts: Vec<Part>) -> Value {
        let mut list = list;
        if let Some(inst) = self.draft.func.def_inst(list).filter(|&i| self.draft.func.insts[i].op == Op::PyList) {
            self.draft.func.insts[inst].args = parts.iter().take(known).map(Part::value).collect();
        }
        for part in parts.iter().skip(known) {
            let starred = i64::from(matches!(part, Part::Starred(_)));
            let inst = self.inst(Op::PyListGrow, Imm::Int(starred), vec![list, part.value()], 1);
            self.draft.removable.insert(inst);
            list = self.draft.func.insts[inst].results.first().copied().unwrap_or(self.undefined);
        }
        self.lists.insert(list, parts);
        list
    }

    fn list_to_tuple(&mut self) -> Result<(), Fault> {
        let list = self.pop()?;
        let Some(parts) = self.lists.remove(&list) else {
            return bytecode("a list becomes a tuple that is no display");
        };
        let mut joined = Vec::new();
        let mut items = Vec::new();
        for part in parts {
            match part {
                Part::Item(value) => items.push(value),
                Part::Starred(value) => {
                    if !items.is_empty() {
                        let run = std::mem::take(&mut items);
                        joined.push(self.value(Op::PyTuple, Imm::None, run));
                    }
                    joined.push(value);
                }
            }
        }
        if !items.is_empty() || joined.is_empty() {
            joined.push(self.value(Op::PyTuple, Imm::None, items));
        }
        let value = self.value(Op::PyTupleConcat, Imm::None, joined);
        self.push(value)
    }

    fn const_key_map(&mut self, n: u32) -> Result<(), Fault> {
        let keys = self.pop()?;
        let values = self.pop_many(n)?;
        let constants = match self.constant_of(keys) {
            Some(Const::Tuple(constants)) if constants.len() == values.len() => constants,
            _ => return bytecode("the keys of a dict are no tuple of constants"),
        };
        let mut items = Vec::with_capacity(2 * values.len());
        for (key, value) in constants.iter().zip(values) {
            items.push(self.constant(key.clone()));
            items.push(value);
        }
        self.dict(items)
    }

    /// A dict display of keys and values in turn.  Constant keys stand after the values, as the versions
    /// before 3.14 have it.
    fn dict(&mut self, mut items: Vec<Value>) -> Result<(), Fault> {
        for key in items.iter_mut().step_by(2) {
            if let Some(constant) = self.constant_of(*key) {
                *key = self.constant(constant);
            }
        }
        let dict = self.value(Op::PyDict, Imm::None, items);
        self.push(dict)
    }

    fn unpack(&mut self, op: Op, imm: Imm, n: u32) -> Result<(), Fault> {
        self.unpacked = self.unpacked.saturating_add(n as usize);
        // Every target takes an instruction of its own, except in code that no compiler made.
        if self.unpacked > self.code.code.len() + 256 {
            return bytecode("an assignment has too many targets");
        }
        let value = self.pop()?;
        // 3.14 does not even make a tuple of constants that is unpacked at once.
        if let (Op::PyUnpack, Some(Const::Tuple(items))) = (op, self.constant_of(value))
            && items.len() == n as usize
        {
            let items: Vec<Value> = items.iter().map(|item| self.constant(item.clone())).collect();
            return items.into_iter().rev().try_for_each(|item| self.push(item));
        }
        let inst = self.inst(op, imm, vec![value], n as usize);
        let results = self.draft.func.insts[inst].results.clone();
        results.into_iter().rev().try_for_each(|item| self.push(item))
    }
}
