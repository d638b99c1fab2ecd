//! The types of a typed instruction's operands and results: which family checks it, and what all share.

use super::{Check, aggregates, calls, maps, memory, numbers};
use crate::eval::{Machine, has_form};
use crate::func::{Func, Inst, InstData};
use crate::op::{Imm, Rule};
use crate::program::Module;
use crate::ty::Ty;

/// An instruction with the types of its operands and results.
pub struct Typed<'f> {
    /// The instruction.
    pub data: &'f InstData,
    /// Types of the operands.
    pub args: Vec<&'f Ty>,
    /// Types of the results.
    pub results: Vec<&'f Ty>,
}

/// Checks the types of an instruction whose arity and immediate are right.
pub fn check(func: &Func, module: Option<&Module>, inst: Inst) -> Check {
    let data = &func.insts[inst];
    let args: Vec<&Ty> = data.args.iter().map(|&v| func.ty(v)).collect();
    let results: Vec<&Ty> = data.own_results().iter().map(|&v| func.ty(v)).collect();
    if args.iter().chain(&results).any(|ty| **ty == Ty::Any) {
        return Err("a value without a type in a typed function".into());
    }
    // What follows a value of type `never` is not reached; its operands mean nothing.
    if args.iter().any(|ty| **ty == Ty::Never) {
        return Ok(());
    }
    let typed = Typed { data, args, results };
    typed.literals()?;
    match data.op.rule() {
        Rule::Untyped => Err(format!("`{}` is not a typed operation", data.op.text())),
        Rule::Any | Rule::Poll => Ok(()),
        Rule::Constant => typed.constant(),
        Rule::Condition => typed.want(0, &Ty::Bool),
        Rule::Aggregate => aggregates::check(&typed),
        Rule::Memory => memory::check(&typed),
        Rule::Array => memory::arrays(&typed, module),
        Rule::Cell => memory::cells(&typed),
        Rule::List => memory::lists(&typed),
        Rule::Text => memory::texts(&typed),
        Rule::Owner => memory::ownership(&typed),
        Rule::Ending => calls::endings(&typed, func),
        Rule::Call => calls::calls(&typed, module),
        Rule::External => typed.result().map(|_| ()),
        Rule::Map => maps::check(&typed, module),
        rule => numbers::check(&typed, rule),
    }
}

impl<'f> Typed<'f> {
    /// Type of an operand.
    pub fn arg(&self, index: usize) -> Result<&'f Ty, String> {
        self.args.get(index).copied().ok_or_else(|| format!("has no operand {index}"))
    }

    /// Type of the first result.
    pub fn result(&self) -> Result<&'f Ty, String> {
        self.results.first().copied().ok_or_else(|| "has no result".to_string())
    }

    /// The operand has the machine form of this type.
    pub fn want(&self, index: usize, ty: &Ty) -> Check {
        let have = self.arg(index)?;
        if alike(have, ty) { Ok(()) } else { Err(format!("operand {index} is {have}, not {ty}")) }
    }

    /// The result has the machine form of this type.
    pub fn give(&self, ty: &Ty) -> Check {
        let have = self.result()?;
        if alike(have, ty) { Ok(()) } else { Err(format!("the result is {have}, not {ty}")) }
    }

    /// Machine form of an operand.
    pub fn machine(&self, index: usize) -> Result<Machine, String> {
        let ty = self.arg(index)?;
        Machine::of(ty).ok_or_else(|| format!("operand {index} is {ty}, not a number"))
    }

    /// Machine form of the result.
    pub fn result_machine(&self) -> Result<Machine, String> {
        let ty = self.result()?;
        Machine::of(ty).ok_or_else(|| format!("the result is {ty}, not a number"))
    }

    /// Operands from `first` on are `count` sizes or indices.
    pub fn indices(&self, first: usize, count: usize) -> Check {
        (first..first + count).try_for_each(|i| self.want(i, &Ty::Int))
    }

    /// There are exactly this many operands.
    pub fn count(&self, count: usize) -> Check {
        if self.args.len() == count { Ok(()) } else { Err(format!("wants {count} operands")) }
    }

    /// A constant of the result's type.
    fn constant(&self) -> Check {
        let Imm::Const(constant) = &self.data.imm else { return Ok(()) };
        let ty = self.result()?;
        if has_form(constant, ty) { Ok(()) } else { Err(format!("{constant} is not a value of type {ty}")) }
    }

    /// Literals are operands only where the operation can do without their value.
    fn literals(&self) -> Check {
        let allowed =
            self.data.op.takes_literals() || self.data.imm == Imm::Runtime(coachwhip_abi::RuntimeFn::CaughtIs);
        match self.args.iter().find(|ty| ty.literal().is_some()) {
            Some(ty) if !allowed => Err(format!("a literal operand: {ty}")),
            _ => Ok(()),
        }
    }
}

/// Whether two types are held in the same way: the same type, or one machine number, or both pointers.
pub fn alike(a: &Ty, b: &Ty) -> bool {
    let pointer = |ty: &Ty| matches!(ty, Ty::Ptr(_));
    a == b || Machine::of(a).is_some_and(|m| Machine::of(b) == Some(m)) || pointer(a) && pointer(b)
}
