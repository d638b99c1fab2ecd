//! Constants, locals, globals and captured variables; the function's entry.

use super::Translator;
use crate::fault::{Fault, bytecode};
use crate::ins::Ins;
use crate::refusal::Refusal;
use crate::snapshot::{SnapConst, imported};
use coachwhip_ir::func::Params;
use coachwhip_ir::{Const, Imm, Loc, Op, Ty, Value};
use std::sync::Arc;

impl Translator<'_> {
    /// Makes the entry block: parameters, captured cells first, then a jump to the first node.
    pub(super) fn entry(&mut self) -> Result<(), Fault> {
        self.draft.variables.seal(&mut self.draft.func, self.block);
        let code = self.code;
        let named = (code.argcount as usize).saturating_add(code.kwonlyargcount as usize);
        let (arguments, free) = (self.slots.arguments, self.slots.first_free);
        if arguments > code.varnames.len() || code.posonlyargcount > code.argcount {
            return bytecode("the code object has fewer names than parameters");
        }
        let func = &mut self.draft.func;
        func.captures = code.freevars.clone();
        let mut defaults = code.defaults.clone();
        defaults.resize(named, None);
        func.params = Params {
            names: code.varnames.iter().take(named).cloned().collect(),
            posonly: code.posonlyargcount as usize,
            kwonly: code.kwonlyargcount as usize,
            varargs: code.varnames.get(named).filter(|_| arguments > named).cloned(),
            defaults,
        };
        for slot in free..self.slots.names.len() {
            let cell = self.draft.func.add_param(self.block, Ty::Any);
            self.named(slot as u32, cell);
            self.write(slot as u32, cell);
        }
        let params: Vec<Value> = (0..arguments).map(|_| self.draft.func.add_param(self.block, Ty::Any)).collect();
        self.loc = Loc(0);
        for (slot, value) in params.into_iter().enumerate() {
            self.named(slot as u32, value);
            let value = self.declared(slot as u32, value);
            self.write(slot as u32, value);
        }
        for slot in 0..self.slots.names.len() as u32 {
            if self.unsure.has(slot) {
                let given = (slot as usize) < arguments || slot as usize >= free;
                let flag = if given { self.truth } else { self.falsehood };
                self.write(self.flag_of(slot), flag);
            }
        }
        self.go(0)
    }

    pub(super) fn step_name(&mut self, ins: &Ins) -> Result<(), Fault> {
        match *ins {
            Ins::Literal(ref constant) => {
                let value = self.constant(constant.clone());
                self.push(value)
            }
            Ins::Const(index) => self.push_const(self.snap_const(index)?),
            Ins::SmallInt(value) => {
                let value = self.constant(Const::Int(i64::from(value)));
                self.push(value)
            }
            Ins::Builtin(name) => {
                let value = self.constant(Const::Named(name.into()));
                self.push(value)
            }
            Ins::Load(slot) => self.load(slot),
            Ins::Save(slot) => self.save(slot),
            Ins::Store(slot) => {
                match self.saved_on_top() {
                    Some((saved, flag)) if saved == slot => return self.give_back(slot, flag),
                    Some(_) => return bytecode("a saved variable is given back to another"),
                    None => {}
                }
                let value = self.pop()?;
                self.named.insert(value);
                self.slot_name(slot)?;
                let value = self.declared(slot, value);
                self.assign(slot, value);
                Ok(())
            }
            Ins::Delete(slot) => self.delete(slot),
            Ins::Global(index) => self.global(index),
            Ins::Import(index) => self.import(index),
            Ins::MakeCell(slot) => self.make_cell(slot),
            Ins::CopyFreeVars(n) if n as usize != self.code.freevars.len() => {
                bytecode("the numbers of captured variables differ")
            }
            Ins::LoadDeref(slot) => {
                let name = self.slot_name(slot)?;
                let cell = self.read(slot);
                let value = self.value(Op::PyCellGet, Imm::Name(name), vec![cell]);
                self.push(value)
            }
            Ins::StoreDeref(slot) => {
                let value = self.pop()?;
                self.named.insert(value);
                self.slot_name(slot)?;
                let value = self.declared(slot, value);
                let cell = self.read(slot);
                self.inst(Op::PyCellSet, Imm::None, vec![cell, value], 0);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn push_const(&mut self, constant: &SnapConst) -> Result<(), Fault> {
        match constant {
            SnapConst::Value(value) => {
                let value = self.constant(value.clone());
                self.push(value)
            }
            SnapConst::Code(id) => {
                let value = self.constant(Const::Func(*id));
                self.push(value)
            }
            // CPython makes frozensets only to look something up in them, where a tuple does as well.
            SnapConst::Set(items) => {
                let value = self.constant(Const::Tuple(items.as_slice().into()));
                self.push(value)
            }
            SnapConst::Slice(parts) => {
                let parts = parts.iter().map(|c| self.constant(c.clone())).collect();
                let value = self.value(Op::PySlice, Imm::None, parts);
                self.push(value)
            }
            SnapConst::Tuple(items) => {
                for item in items {
                    self.push_const(item)?;
                }
                let items = self.pop_many(items.len() as u32)?;
                let value = self.value(Op::PyTuple, Imm::None, items);
                self.push(value)
            }
        }
    }

    fn slot_name(&self, slot: u32) -> Result<Arc<str>, Fault> {
        match self.slots.names.get(slot as usize) {
            Some(name) => Ok(name.clone()),
            None => bytecode("there is no such variable"),
        }
    }

    /// The value as the options declare the variable.
    fn declared(&mut self, slot: u32, value: Value) -> Value {
        let Some(name) = self.slots.names.get(slot as usize).cloned() else { return value };
        // A variable of a comprehension is another one.
        if self.stack.saved.iter().any(|(_, saved)| *saved == slot) {
            return value;
        }
        if !self.options.locals.iter().any(|(declared, _)| *declared == name) {
            return value;
        }
        self.value(Op::PyDeclare, Imm::Name(name), vec![value])
    }

    fn assign(&mut self, slot: u32, value: Value) {
        self.write(slot, value);
        // A value that is replaced unread needs no name; 3.13 does not even store it.
        if let Some(unread) = self.unread.insert(slot, value).filter(|unread| *unread != value)
            && self.draft.func.def_inst(unread).is_some()
        {
            self.draft.func.variables.remove(&unread);
        }
        self.named(slot, value);
        self.set.set(slot, true);
        if self.unsure.has(slot) {
            self.write(self.flag_of(slot), self.truth);
        }
    }

    /// Notes the variable that a value was first assigned to, for messages.
    fn named(&mut self, slot: u32, value: Value) {
        if let Some(name) = self.slots.names.get(slot as usize) {
            self.draft.func.variables.entry(value).or_insert_with(|| name.clone());
        }
    }

    /// Fails at run time if the variable has no value here.
    fn check(&mut self, slot: u32) -> Result<(), Fault> {
        let name = self.slot_name(slot)?;
        if !self.set.has(slot) {
            let flag = self.read(self.flag_of(slot));
            if flag != self.truth {
                self.inst(Op::PyCheckBound, Imm::Name(name), vec![flag], 0);
            }
            self.write(self.flag_of(slot), self.truth);
            self.set.set(slot, true);
        }
        Ok(())
    }

    fn load(&mut self, slot: u32) -> Result<(), Fault> {
        self.check(slot)?;
        let value = self.read(slot);
        self.unread.remove(&slot);
        self.push(value)
    }

    fn delete(&mut self, slot: u32) -> Result<(), Fault> {
        self.check(slot)?;
        self.write(slot, self.undefined);
        self.set.set(slot, false);
        if self.unsure.has(slot) {
            self.write(self.flag_of(slot), self.falsehood);
        }
        Ok(())
    }

    /// What a slot holds goes onto the stack, with its flag, while a comprehension has a variable of that name.
    fn save(&mut self, slot: u32) -> Result<(), Fault> {
        self.slot_name(slot)?;
        let (value, flag) = (self.read(slot), self.read(self.flag_of(slot)));
        self.unread.remove(&slot);
        self.push_saved(slot, value, flag)?;
        self.write(slot, self.undefined);
        self.write(self.flag_of(slot), self.falsehood);
        self.set.set(slot, false);
        Ok(())
    }

    fn give_back(&mut self, slot: u32, flag: Value) -> Result<(), Fault> {
        self.slot_name(slot)?;
        let value = self.pop()?;
        self.unread.remove(&slot);
        self.write(slot, value);
        self.write(self.flag_of(slot), flag);
        self.set.set(slot, flag == self.truth);
        Ok(())
    }

    fn global(&mut self, index: u32) -> Result<(), Fault> {
        let name = self.name(index)?;
        let value = match self.code.globals.get(&name) {
            Some(constant) => self.constant(constant.clone()),
            None => self.value(Op::PyUndefinedGlobal, Imm::Name(name), vec![]),
        };
        self.push(value)
    }

    fn import(&mut self, index: u32) -> Result<(), Fault> {
        let name = self.name(index)?;
        let (wanted, level) = (self.pop()?, self.pop()?);
        if self.constant_of(level) != Some(Const::Int(0)) {
            return Err(Box::new(Refusal::RelativeImport.diagnostic()));
        }
        let package = name.split('.').next().unwrap_or_default();
        let module = if matches!(self.constant_of(wanted), Some(Const::Tuple(_))) { &name } else { package };
        match self.code.globals.get(&*imported(module)) {
            Some(module) => {
                let value = self.constant(module.clone());
                self.push(value)
            }
            None => Err(Box::new(Refusal::Import.diagnostic())),
        }
    }

    /// A captured variable that is an argument starts with the argument's value, unless it is a comprehension's.
    fn make_cell(&mut self, slot: u32) -> Result<(), Fault> {
        self.slot_name(slot)?;
        let cell = self.value(Op::PyCellNew, Imm::None, vec![]);
        if (slot as usize) < self.slots.arguments && self.set.has(slot) {
            let value = self.read(slot);
            self.inst(Op::PyCellSet, Imm::None, vec![cell, value], 0);
        }
        self.assign(slot, cell);
        Ok(())
    }
}
