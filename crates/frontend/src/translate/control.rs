//! How blocks end, and what belongs to edges.

use super::{Translator, block_of};
use crate::fault::{Fault, bytecode};
use crate::graph::{End, Node};
use crate::ins::Ins;
use crate::refusal::Refusal;
use coachwhip_ir::{Builder, Const, Edge, Imm, Op, Value};

/// The methods of a context manager.
const ENTER: &str = "__enter__";
const EXIT: &str = "__exit__";

impl Translator<'_> {
    /// Ends the block as the node says.
    pub(super) fn finish(&mut self, node: &Node) -> Result<(), Fault> {
        match (node.end, node.successors.as_slice()) {
            (End::Goto, &[next]) => self.go(next),
            (End::If, &[yes, no]) => {
                let value = self.pop()?;
                self.branch_on(value, yes, no)
            }
            (End::IfNone, &[none, some]) => {
                let value = self.pop()?;
                self.tested.insert(self.block, value);
                let constant = self.constant(Const::None);
                let is = self.value(Op::PyIs, Imm::Int(0), vec![value, constant]);
                self.branch_on(is, none, some)
            }
            (End::For(drops), &[body, exit]) => self.for_iter(drops, body, exit),
            (End::Send, &[body, exit]) => self.for_iter(false, body, exit),
            (End::Return, _) => {
                let value = self.pop()?;
                self.inst(Op::Return, Imm::None, vec![value], 0);
                Ok(())
            }
            (End::Try(depth), &[body, landing]) => {
                let into = self.edge(body)?;
                let stack = self.stack.clone();
                self.stack.cut(depth);
                let away = self.edge(landing)?;
                self.stack = stack;
                self.end(Op::PyTry, vec![], vec![into, away]);
                Ok(())
            }
            (End::Reraise(lasti), _) => {
                let exception = self.pop()?;
                if lasti {
                    self.pop()?;
                }
                self.inst(Op::PyReraise, Imm::None, vec![exception], 0);
                Ok(())
            }
            (End::Raise(n @ 0..=2), _) => {
                let args = self.pop_many(n)?;
                self.inst(Op::PyRaise, Imm::None, args, 0);
                Ok(())
            }
            _ => bytecode("an instruction has an operand that no compiler makes"),
        }
    }

    fn end(&mut self, op: Op, args: Vec<Value>, edges: Vec<Edge>) {
        let inst = self.draft.func.make_inst(op, Imm::None, args, &[], edges, self.loc);
        self.draft.func.blocks[self.block].insts.push(inst);
    }

    /// The steps of an exception handler.
    pub(super) fn step_handler(&mut self, ins: &Ins) -> Result<(), Fault> {
        match ins {
            Ins::Landing(lasti) => {
                let depth = Imm::Int(self.stack.handled.len() as i64);
                let exception = self.value(Op::PyCaught, depth, vec![]);
                if *lasti {
                    self.push(self.undefined)?;
                }
                self.push(exception)
            }
            Ins::PushExcInfo => {
                let exception = self.pop()?;
                let before = self.constant(Const::None);
                self.stack.handled.push(self.stack.depth);
                self.push(before)?;
                self.push(exception)
            }
            Ins::ExcMatch => {
                let classes = self.pop()?;
                let exception = self.nth(1)?;
                let exception = self.read(exception);
                let matches = self.value(Op::PyExcMatch, Imm::None, vec![exception, classes]);
                self.push(matches)
            }
            _ => {
                let handled = self.stack.handled.len();
                self.pop_item()?;
                if self.stack.handled.len() < handled {
                    let depth = Imm::Int(handled as i64 - 1);
                    self.inst(Op::PyEndHandling, depth, vec![], 0);
                }
                Ok(())
            }
        }
    }

    /// The steps of a `with` statement: a manager's `__enter__` and `__exit__` are attributes that are called.
    pub(super) fn step_with(&mut self, ins: &Ins) -> Result<(), Fault> {
        match ins {
            Ins::ExitWith(n) => {
                let (exit, top) = (self.nth(*n)?, self.nth(1)?);
                let operands = vec![self.read(exit), self.read(top)];
                let answer = self.value(Op::PyCall, Imm::None, operands);
                self.push(answer)
            }
            Ins::Special(exits) => {
                let manager = self.pop()?;
                let method = self.attribute(manager, if *exits { EXIT } else { ENTER });
                self.push(method)?;
                self.push_null()
            }
            _ => {
                let manager = self.pop()?;
                let exit = self.attribute(manager, EXIT);
                self.push(exit)?;
                let enter = self.attribute(manager, ENTER);
                let entered = self.value(Op::PyCall, Imm::None, vec![enter]);
                self.push(entered)
            }
        }
    }

    fn attribute(&mut self, of: Value, name: &str) -> Value {
        self.value(Op::PyGetAttr, Imm::Name(name.into()), vec![of])
    }

    pub(super) fn go(&mut self, node: usize) -> Result<(), Fault> {
        let edge = self.edge(node)?;
        let (block, loc) = (self.block, self.loc);
        Builder::new(&mut self.draft.func, block, loc).jump(edge.block, edge.args);
        Ok(())
    }

    pub(super) fn branch_on(&mut self, value: Value, yes: usize, no: usize) -> Result<(), Fault> {
        let condition = self.value(Op::PyTruth, Imm::None, vec![value]);
        self.branch(condition, yes, no)
    }

    pub(super) fn branch(&mut self, condition: Value, yes: usize, no: usize) -> Result<(), Fault> {
        let (then, otherwise) = (self.edge(yes)?, self.edge(no)?);
        let (block, loc) = (self.block, self.loc);
        Builder::new(&mut self.draft.func, block, loc).branch(condition, then, otherwise);
        Ok(())
    }

    /// The edge to a node, at whose start the stack is as it is now.
    pub(super) fn edge(&mut self, node: usize) -> Result<Edge, Fault> {
        match self.stacks.get_mut(node + 1) {
            Some(Some(stack)) if *stack != self.stack => return bytecode("paths meet with different stacks"),
            Some(unknown @ None) => *unknown = Some(self.stack.clone()),
            _ => {}
        }
        Ok(Edge { block: block_of(node), args: Vec::new() })
    }

    pub(super) fn for_iter(&mut self, drops: bool, body: usize, exit: usize) -> Result<(), Fault> {
        let top = self.nth(1)?;
        let iterator = self.read(top);
        let has = self.value(Op::PyIterHas, Imm::None, vec![iterator]);
        let then = self.edge(body)?;
        if drops {
            self.pop()?;
        }
        let otherwise = self.edge(exit)?;
        let (block, loc) = (self.block, self.loc);
        Builder::new(&mut self.draft.func, block, loc).branch(has, then, otherwise);
        Ok(())
    }

    pub(super) fn iter_next(&mut self) -> Result<(), Fault> {
        let iterator = self.pop()?;
        let item = self.value(Op::PyIterValue, Imm::None, vec![iterator]);
        let advanced = self.value(Op::PyIterAdvance, Imm::None, vec![iterator]);
        self.push(advanced)?;
        self.push(item)
    }

    /// `yield`: not while an exception is being handled, which would be another one when the generator goes on.
    pub(super) fn give(&mut self) -> Result<(), Fault> {
        if !self.stack.handled.is_empty() {
            return Err(Box::new(Refusal::YieldInHandler.diagnostic()));
        }
        let value = self.pop()?;
        let sent = self.value(Op::PyYield, Imm::None, vec![value]);
        self.push(sent)
    }

    pub(super) fn iter_result(&mut self) -> Result<(), Fault> {
        let iterator = self.pop()?;
        let result = self.value(Op::PyIterResult, Imm::None, vec![iterator]);
        self.push(result)
    }

    /// The local and the top of the stack that hold the value tested before hold the narrowed one from here on.
    pub(super) fn narrow(&mut self, none: bool, slot: Option<u32>) -> Result<(), Fault> {
        let tested = match self.draft.variables.predecessors(self.block) {
            [only] => self.tested.get(only).copied(),
            _ => None,
        };
        let Some(tested) = tested else { return Ok(()) };
        let tested = self.draft.variables.resolve(tested);
        let op = if none { Op::PyNarrowNone } else { Op::PyNarrowSome };
        let narrowed = self.value(op, Imm::None, vec![tested]);
        for variable in slot.into_iter().chain(self.nth(1).ok()) {
            if self.read(variable) == tested {
                self.write(variable, narrowed);
            }
        }
        Ok(())
    }
}
