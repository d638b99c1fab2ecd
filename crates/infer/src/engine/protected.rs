//! Protected blocks: what fails in them goes to their handler.

use super::build::{Target, jump};
use super::caller::Caller;
use super::cursor;
use super::shape::Shape;
use super::step::Frame;
use crate::emit::Fault;
use coachwhip_abi::{ErrorKind, class};
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{Block, Code, Const, Diagnostic, Edge, Func, Imm, Op, attempt};
use std::collections::HashSet;

/// Blocks that a chain of handlers is followed through, at most.
const MOST_HANDLERS: usize = 200;

/// A protected block whose emission is under way.
pub struct Protected {
    /// Where what fails goes to.
    edge: Edge,
    /// The typed block from where it goes there.
    landing: Block,
    /// The first typed block, and how many blocks there were.
    first: Block,
    blocks: usize,
    caught: Option<Vec<u32>>,
}

impl Protected {
    /// At the start of a block: notes what there is, if the block is protected.
    pub fn begin(
        caller: &mut Caller<'_, '_>,
        out: &mut Func,
        frame: &Frame,
        target: &Target,
        block: Block,
        typed: Block,
    ) -> Result<Option<Protected>, Fault> {
        let Some(edge) = frame.shape.handler(&frame.func, block).cloned() else { return Ok(None) };
        let caught = caught_classes(&frame.func, &frame.shape, edge.block);
        refuse_yield(frame, block, caught.as_deref())?;
        let interrupts = class::number("KeyboardInterrupt");
        if heads_loop(&frame.func, &frame.shape, block) && may_catch(caught.as_deref(), interrupts) {
            cursor(out, typed, target.options, caller).effect(Op::PollCall, Imm::None, &[]);
        }
        let landing = out.add_block();
        Ok(Some(Protected { edge, landing, first: typed, blocks: out.blocks.len(), caught }))
    }

    /// At its end: what was emitted since and may fail goes to the handler.
    pub fn end(
        self,
        caller: &mut Caller<'_, '_>,
        out: &mut Func,
        frame: &Frame,
        target: &mut Target,
    ) -> Result<(), Fault> {
        let others: HashSet<Block> = target.blocks.values().copied().collect();
        let made = (self.blocks..out.blocks.len()).map(Block::new).filter(|block| !others.contains(block));
        let blocks: Vec<Block> = std::iter::once(self.first).chain(made).collect();
        let catches = |kind: ErrorKind| may_catch(self.caught.as_deref(), class::number(kind.class()));
        if attempt::catch(out, &blocks, self.landing, &catches) {
            let mut e = cursor(out, self.landing, target.options, caller);
            jump(&mut e, frame, target, &self.edge)?;
        }
        Ok(())
    }
}

/// A generator that is dropped at a `yield` is closed there, which a handler for `GeneratorExit` sees.
fn refuse_yield(frame: &Frame, block: Block, caught: Option<&[u32]>) -> Result<(), Fault> {
    let func = &frame.func;
    let yields = func.blocks[block].insts.iter().find(|inst| func.insts[**inst].op == Op::PyYield);
    match yields {
        Some(inst) if may_catch(caught, class::number("builtins.GeneratorExit")) => {
            let message =
                "yield inside a with statement, or a try statement with finally or a bare except, is not supported yet";
            let help = "name the exceptions that are meant, or do the last work after the loop over the generator";
            let place = &func.locs[func.insts[*inst].loc];
            Err(Box::new(Diagnostic::new(Code::Generator, message).at(place, "").help(help)))
        }
        _ => Ok(()),
    }
}

/// Whether a handler for these classes may catch one of this class; any does, if one of the two is not known.
fn may_catch(caught: Option<&[u32]>, raised: Option<u32>) -> bool {
    let (Some(caught), Some(raised)) = (caught, raised) else { return true };
    let by = |class: &u32| class::caught_by(*class).iter().any(|(first, last)| (*first..=*last).contains(&raised));
    caught.iter().any(by)
}

/// Whether a loop begins with this block, after the `py.try` that leads to it.
fn heads_loop(func: &Func, shape: &Shape, block: Block) -> bool {
    let Some(&end) = shape.protected.get(&block) else { return false };
    let head = shape.order.iter().position(|head| func.terminator(*head) == Some(end));
    let Some((at, &head)) = head.and_then(|at| Some((at, shape.order.get(at)?))) else { return false };
    shape.order.iter().skip(at).any(|from| func.successors(*from).any(|to| to == head))
}

/// The built-in classes that a handler, or one around it that it leaves its exception to, may catch; none if that does
/// not show.  No failure of compiled code is an instance of a user's class.
fn caught_classes(func: &Func, shape: &Shape, landing: Block) -> Option<Vec<u32>> {
    let mut found = Vec::new();
    let mut block = landing;
    for _ in 0..MOST_HANDLERS {
        let mut next = None;
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            match (data.op, data.edges.as_slice()) {
                (Op::PyCaught | Op::Const | Op::PyTuple | Op::PyTruth, _) => {}
                (Op::PyExcMatch, _) => classes(func, *data.args.get(1)?, &mut found)?,
                (Op::Branch, [_, other]) => next = Some(other.block),
                (Op::Jump, [only]) | (Op::PyTry, [only, _]) => next = Some(only.block),
                (Op::PyReraise, _) => match shape.handler(func, block) {
                    Some(outer) => next = Some(outer.block),
                    None => return Some(found),
                },
                _ => return None,
            }
        }
        block = next?;
    }
    None
}

/// Adds the numbers of the classes that a value is.
fn classes(func: &Func, value: coachwhip_ir::Value, found: &mut Vec<u32>) -> Option<()> {
    match func.constant(value) {
        Some(Const::Named(name)) => found.push(class::number(name)?),
        Some(Const::ExceptionClass(..)) => {}
        Some(_) => return None,
        None => {
            let data = &func.insts[func.def_inst(value)?];
            if data.op != Op::PyTuple {
                return None;
            }
            data.args.iter().try_for_each(|item| classes(func, *item, found))?;
        }
    }
    Some(())
}
