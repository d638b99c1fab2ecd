//! The stack: its items are variables of the SSA construction, its form is kept here.

use super::Translator;
use crate::fault::{Fault, bytecode, too_large};
use coachwhip_ir::Value;

/// Deepest stack that is followed; CPython's compiler makes such only from absurd displays.
const MAX_DEPTH: u32 = 100_000;
/// Most `Null` markers at once: nested calls, of which CPython's parser allows some hundred.
const MAX_NULLS: usize = 1000;

/// The form of the stack where a block begins.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Stack {
    /// How many items lie on it.
    pub(super) depth: u32,
    /// The depths at which a `Null` lies, ascending.
    pub(super) nulls: Vec<u32>,
    /// The depths at which the exceptions lie that were being handled before another one, ascending.
    pub(super) handled: Vec<u32>,
    /// The depths at which saved locals lie, with their slots.
    pub(super) saved: Vec<(u32, u32)>,
}

impl Stack {
    /// The lowest items only.
    pub(super) fn cut(&mut self, depth: u32) {
        self.depth = self.depth.min(depth);
        self.nulls.retain(|at| *at < depth);
        self.handled.retain(|at| *at < depth);
        self.saved.retain(|(at, _)| *at < depth);
    }
}

/// What was popped.
pub(super) enum Item {
    Value(Value),
    Null,
}

impl Translator<'_> {
    /// The variable that holds the stack's item at a depth.
    pub(super) fn place_of(&self, depth: u32) -> u32 {
        2 * self.slots.names.len() as u32 + depth
    }

    /// The variable that holds the flag of a saved local at a depth.
    fn saved_flag_of(&self, depth: u32) -> u32 {
        self.place_of(depth).saturating_add(MAX_DEPTH)
    }

    /// Pushes a local with its flag.
    pub(super) fn push_saved(&mut self, slot: u32, value: Value, flag: Value) -> Result<(), Fault> {
        let depth = self.stack.depth;
        self.push(value)?;
        self.write(self.saved_flag_of(depth), flag);
        self.stack.saved.push((depth, slot));
        Ok(())
    }

    /// The slot and the flag of the saved local on top, if one is there.
    pub(super) fn saved_on_top(&mut self) -> Option<(u32, Value)> {
        let depth = self.stack.depth.checked_sub(1)?;
        let (_, slot) = *self.stack.saved.last().filter(|(at, _)| *at == depth)?;
        Some((slot, self.read(self.saved_flag_of(depth))))
    }

    pub(super) fn push(&mut self, value: Value) -> Result<(), Fault> {
        if self.stack.depth >= MAX_DEPTH {
            return too_large("an expression with too many parts");
        }
        self.write(self.place_of(self.stack.depth), value);
        self.stack.depth += 1;
        Ok(())
    }

    pub(super) fn push_null(&mut self) -> Result<(), Fault> {
        if self.stack.depth >= MAX_DEPTH || self.stack.nulls.len() >= MAX_NULLS {
            return too_large("too deeply nested calls");
        }
        self.stack.nulls.push(self.stack.depth);
        self.stack.depth += 1;
        Ok(())
    }

    pub(super) fn pop_item(&mut self) -> Result<Item, Fault> {
        let Some(depth) = self.stack.depth.checked_sub(1) else { return bytecode("the stack is empty") };
        self.stack.depth = depth;
        self.stack.handled.pop_if(|at| *at == depth);
        self.stack.saved.retain(|(at, _)| *at < depth);
        if self.stack.nulls.last() == Some(&depth) {
            self.stack.nulls.pop();
            return Ok(Item::Null);
        }
        Ok(Item::Value(self.read(self.place_of(depth))))
    }

    pub(super) fn pop(&mut self) -> Result<Value, Fault> {
        match self.pop_item()? {
            Item::Value(value) => Ok(value),
            Item::Null => bytecode("a value is missing on the stack"),
        }
    }

    /// Pops n values; the deepest first.
    pub(super) fn pop_many(&mut self, n: u32) -> Result<Vec<Value>, Fault> {
        if n > self.stack.depth {
            return bytecode("the stack has too few items");
        }
        let mut values = Vec::with_capacity(n as usize);
        for _ in 0..n {
            values.push(self.pop()?);
        }
        values.reverse();
        Ok(values)
    }

    /// The variable of the n-th item from the top, which is a value.
    pub(super) fn nth(&self, n: u32) -> Result<u32, Fault> {
        match self.stack.depth.checked_sub(n) {
            Some(depth) if n > 0 && !self.stack.nulls.contains(&depth) => Ok(self.place_of(depth)),
            _ => bytecode("the stack has no such item"),
        }
    }

    pub(super) fn swap(&mut self, n: u32) -> Result<(), Fault> {
        if n == 1 {
            return Ok(());
        }
        let Some(low) = self.stack.depth.checked_sub(n).filter(|_| n > 0) else {
            return bytecode("the stack has no such item");
        };
        let high = self.stack.depth - 1;
        let values = [high, low].map(|at| (!self.stack.nulls.contains(&at)).then(|| self.read(self.place_of(at))));
        for (at, value) in [low, high].into_iter().zip(values) {
            if let Some(value) = value {
                self.write(self.place_of(at), value);
            }
        }
        // The list of a comprehension, which is going to be more than its display, goes under the iterator.
        self.named.extend(values.first().copied().flatten());
        let moved = |depth: &mut u32| match *depth {
            at if at == high => *depth = low,
            at if at == low => *depth = high,
            _ => {}
        };
        for marks in [&mut self.stack.handled, &mut self.stack.nulls] {
            marks.iter_mut().for_each(moved);
            marks.sort_unstable();
        }
        if self.stack.saved.iter().any(|(at, _)| *at == high || *at == low) {
            let (top, other) = (self.saved_flag_of(high), self.saved_flag_of(low));
            let (a, b) = (self.read(top), self.read(other));
            self.write(top, b);
            self.write(other, a);
            self.stack.saved.iter_mut().for_each(|(depth, _)| moved(depth));
            self.stack.saved.sort_unstable();
        }
        Ok(())
    }
}
