//! Calls and nested functions.

use super::{Item, Nested, Translator};
use crate::fault::{Fault, bytecode};
use crate::ins::Ins;
use crate::refusal::Refusal;
use coachwhip_ir::{Const, Imm, InstData, Op, Value};
use std::sync::Arc;

/// The attributes of a nested function, as in `MAKE_FUNCTION`.
const DEFAULTS: u32 = 1;
const KEYWORD_DEFAULTS: u32 = 2;
const ANNOTATIONS: u32 = 4;
const CLOSURE: u32 = 8;
const ANNOTATE: u32 = 16;

impl Translator<'_> {
    pub(super) fn step_call(&mut self, ins: &Ins) -> Result<(), Fault> {
        match *ins {
            Ins::KwNames(index) => {
                let crate::SnapConst::Value(names) = self.snap_const(index)? else {
                    return bytecode("the keyword names of a call are no tuple of strings");
                };
                self.keywords = Some(strings(names)?);
                Ok(())
            }
            Ins::Call(n) => {
                let names = self.keywords.take().unwrap_or_else(|| Arc::from([]));
                self.call(n, names)
            }
            Ins::CallKw(n) => {
                let names = self.pop()?;
                match self.constant_of(names) {
                    Some(names) => self.call(n, strings(&names)?),
                    None => bytecode("the keyword names of a call are no constant"),
                }
            }
            Ins::CallStar(keywords) => self.call_star(keywords),
            Ins::MakeFunction(flags) => self.make_function(flags),
            Ins::FunctionAttribute(flag) => self.function_attribute(flag),
            _ => bytecode("an instruction stands where it cannot"),
        }
    }

    fn call(&mut self, n: u32, names: Arc<[Arc<str>]>) -> Result<(), Fault> {
        let mut args = self.pop_many(n)?;
        let callee = match (self.pop_item()?, self.pop_item()?) {
            (Item::Value(callee), Item::Null) | (Item::Null, Item::Value(callee)) => callee,
            (Item::Value(receiver), Item::Value(callee)) => {
                args.insert(0, receiver);
                callee
            }
            (Item::Null, Item::Null) => return bytecode("a call calls nothing"),
        };
        if names.len() > args.len() {
            return bytecode("a call has more keyword names than arguments");
        }
        args.insert(0, callee);
        let value = self.value(Op::PyCall, keyword_imm(names), args);
        self.push(value)
    }

    fn call_star(&mut self, keywords: bool) -> Result<(), Fault> {
        let dict = if keywords { self.pop_item()? } else { Item::Null };
        let args = self.pop()?;
        let callee = match (self.pop_item()?, self.pop_item()?) {
            (Item::Value(callee), Item::Null) | (Item::Null, Item::Value(callee)) => callee,
            _ => return bytecode("a call calls nothing"),
        };
        let (names, values) = match dict {
            Item::Null => (Vec::new(), Vec::new()),
            Item::Value(dict) => match self.pairs(dict) {
                Some((names, values)) => (names, values),
                None => return Err(Box::new(Refusal::KeywordDict.diagnostic())),
            },
        };
        let mut operands = vec![callee, args];
        operands.extend(values);
        let value = self.value(Op::PyCallStar, keyword_imm(names.into()), operands);
        self.push(value)
    }

    /// The names and values of a dict display whose keys are constant strings; the display itself goes
    /// when nothing else uses it.
    fn pairs(&mut self, dict: Value) -> Option<(Vec<Arc<str>>, Vec<Value>)> {
        let inst = self.draft.func.def_inst(dict)?;
        let InstData { op: Op::PyDict, args, .. } = &self.draft.func.insts[inst] else { return None };
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for pair in args.chunks_exact(2) {
            let &[key, value] = pair else { return None };
            let Some(Const::Str(name)) = self.draft.func.constant(key) else { return None };
            names.push(name.clone());
            values.push(value);
        }
        self.draft.removable.insert(inst);
        Some((names, values))
    }

    fn make_function(&mut self, flags: u32) -> Result<(), Fault> {
        let code = self.pop()?;
        let Some(Const::Func(id)) = self.constant_of(code) else {
            return bytecode("a nested function has no code");
        };
        let mut nested = Nested {
            code: id,
            defaults: None,
            keyword_names: Arc::from([]),
            keyword_defaults: Vec::new(),
            cells: Vec::new(),
        };
        for flag in [CLOSURE, ANNOTATIONS, KEYWORD_DEFAULTS, DEFAULTS] {
            if flags & flag != 0 {
                let value = self.pop()?;
                self.set_attribute(&mut nested, flag, value)?;
            }
        }
        self.push_nested(nested)
    }

    fn function_attribute(&mut self, flag: u32) -> Result<(), Fault> {
        let function = self.pop()?;
        let value = self.pop()?;
        let Some(mut nested) = self.nested.get(&function).cloned() else {
            return bytecode("an attribute is set on something that is no nested function");
        };
        self.set_attribute(&mut nested, flag, value)?;
        self.push_nested(nested)
    }

    fn set_attribute(&mut self, nested: &mut Nested, flag: u32, value: Value) -> Result<(), Fault> {
        match flag {
            DEFAULTS => nested.defaults = Some(value),
            KEYWORD_DEFAULTS => match self.pairs(value) {
                Some((names, values)) => {
                    nested.keyword_names = names.into_iter().map(Const::Str).collect();
                    nested.keyword_defaults = values;
                }
                None => return bytecode("the keyword defaults of a nested function are no dict display"),
            },
            ANNOTATIONS | ANNOTATE => self.discard(value),
            CLOSURE => match self.draft.func.def_inst(value).map(|i| &self.draft.func.insts[i]) {
                Some(InstData { op: Op::PyTuple, args, .. }) => nested.cells = args.clone(),
                _ => return bytecode("the cells of a nested function are no tuple display"),
            },
            _ => return bytecode("a nested function has an unknown attribute"),
        }
        Ok(())
    }

    fn push_nested(&mut self, nested: Nested) -> Result<(), Fault> {
        let defaults = match nested.defaults {
            Some(defaults) => defaults,
            None => self.constant(Const::Tuple(Arc::from([]))),
        };
        let names = self.constant(Const::Tuple(nested.keyword_names.clone()));
        let mut operands = vec![defaults, names];
        operands.extend(nested.keyword_defaults.iter().copied());
        operands.extend(nested.cells.iter().copied());
        let function = self.value(Op::PyFunction, Imm::Code(nested.code), operands);
        self.nested.insert(function, nested);
        self.push(function)
    }

    /// Annotations mean nothing to the compiled function, and 3.14 does not even evaluate them here: what
    /// was computed for them alone goes.
    fn discard(&mut self, value: Value) {
        let mut queue = vec![value];
        while let Some(value) = queue.pop() {
            let Some(inst) = self.draft.func.def_inst(value) else { continue };
            let data = &self.draft.func.insts[inst];
            let part = matches!(
                data.op,
                Op::PyTuple
                    | Op::PyDict
                    | Op::PyGetAttr
                    | Op::PyGetItem
                    | Op::PyBinary
                    | Op::PyUndefinedGlobal
                    | Op::PyFunction
            );
            if part && self.draft.removable.insert(inst) {
                queue.extend(data.args.iter().copied());
            }
        }
    }
}

pub(super) fn keyword_imm(names: Arc<[Arc<str>]>) -> Imm {
    if names.is_empty() { Imm::None } else { Imm::Names(names) }
}

fn strings(names: &Const) -> Result<Arc<[Arc<str>]>, Fault> {
    let Const::Tuple(names) = names else { return bytecode("the keyword names of a call are no tuple of strings") };
    let mut strings = Vec::with_capacity(names.len());
    for name in names.iter() {
        match name {
            Const::Str(name) => strings.push(name.clone()),
            _ => return bytecode("the keyword names of a call are no tuple of strings"),
        }
    }
    Ok(strings.into())
}
