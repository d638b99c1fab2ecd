//! Loops over a `range` with a step: the header has the next value and the number of values left, and the first
//! number of values left says what the last value is.
//!
//! `infer` computes it as `(stop - start - 1) / step + 1` (unsigned), where that is not 0, and for a negative step with
//! start and stop exchanged; for a step of -1 as `start - stop`.  The sum after the last value may wrap, so that
//! nothing else bounds the next value.

use super::facts::{Facts, Point};
use super::interval::WORD;
use super::linear::Linear;
use crate::analysis::LoopId;
use crate::edit::int_constant;
use coachwhip_ir::{Block, Op, Value};

/// Operations between the number of values and its division.
const DEPTH: u32 = 6;

/// What a number of values was computed from.
struct Span {
    /// The difference between the ends.
    width: Linear,
    /// The ints that it is the difference of: the greater and the lesser.
    ends: Option<(Linear, Linear)>,
    /// What it was divided by, if by anything.
    divisor: Option<Value>,
    /// Where there are values at all, the width is certainly not 0.
    positive: bool,
}

impl Facts<'_> {
    /// Adds what bounds the next value of a stepped range in the body of its loop.
    pub(super) fn collect_range(&mut self, id: LoopId) {
        if let Some((next, low, high, body)) = self.stepped_range(id) {
            let from = Point { block: body, at: 0 };
            let next = Linear::value(next);
            let above = next.minus(&low);
            let below = high.minus(&next);
            above.into_iter().chain(below).for_each(|form| self.add(form, from));
        }
    }

    /// The header's parameter for the next value, its least and greatest value in the body, and the body.
    fn stepped_range(&self, id: LoopId) -> Option<(Value, Linear, Linear, Block)> {
        let counter = crate::analysis::counted::counter(self.func, self.cfg, self.loops, id).filter(|c| !c.up)?;
        let header = self.loops.loops[id].header;
        if int_constant(self.func, counter.bound) != Some(0) {
            return None;
        }
        let body = self.func.edges(header).first()?.block;
        if self.cfg.preds[body].len() != 1 {
            return None;
        }
        let count = self.entering_argument(id, header, counter.position)?;
        let span = self.span_in(count, DEPTH)?;
        self.func.blocks[header].params.iter().enumerate().find_map(|(n, &next)| {
            let start = self.entering_argument(id, header, n)?;
            let step = self.step_of(id, header, n, next)?;
            let (low, high) = self.range_bounds(&span, start, step, header)?;
            Some((next, low, high, body))
        })
    }

    /// The one argument that enters a loop for a parameter of its header.
    fn entering_argument(&self, id: LoopId, header: Block, n: usize) -> Option<Value> {
        let mut outside = self.cfg.preds[header].iter().filter(|(b, _)| !self.loops.contains(id, *b));
        let (&(from, edge), None) = (outside.next()?, outside.next()) else { return None };
        self.func.edges(from).get(edge)?.args.get(n).copied()
    }

    /// What every iteration adds to a parameter.
    fn step_of(&self, id: LoopId, header: Block, n: usize, param: Value) -> Option<Value> {
        let mut inside = self.cfg.preds[header].iter().filter(|(b, _)| self.loops.contains(id, *b));
        let (&(from, edge), None) = (inside.next()?, inside.next()) else { return None };
        let next = *self.func.edges(from).get(edge)?.args.get(n)?;
        let data = &self.func.insts[self.func.def_inst(next)?];
        match (data.op.wrapping(), data.args.as_slice()) {
            (Op::Add, [a, b]) if *a == param => Some(*b),
            (Op::Add, [a, b]) if *b == param => Some(*a),
            _ => None,
        }
    }

    /// The span behind a number of values, through the selections, the sum and the division around it.
    fn span_in(&self, count: Value, depth: u32) -> Option<Span> {
        let depth = depth.checked_sub(1)?;
        let itself = || Some(Span { width: self.linear(count), ends: None, divisor: None, positive: true });
        let Some(inst) = self.func.def_inst(count) else { return itself() };
        let data = &self.func.insts[inst];
        match (data.op.wrapping(), data.args.as_slice()) {
            (Op::TruncDiv | Op::FloorDiv, [a, b]) => {
                let less = &self.func.insts[self.func.def_inst(self.unconverted(*a))?];
                let [whole, one] = *less.args.as_slice() else { return None };
                let one = less.op.wrapping() == Op::Sub && int_constant(self.func, one) == Some(1);
                let (width, ends) = self.difference(whole).filter(|_| one)?;
                Some(Span { width, ends, divisor: Some(self.unconverted(*b)), positive: false })
            }
            (Op::Convert, [x]) => self.span_in(*x, depth),
            (Op::Add, [x, one]) if int_constant(self.func, *one) == Some(1) => {
                self.span_in(*x, depth).filter(|s| s.divisor.is_some())
            }
            (Op::Sub, _) => {
                let (width, ends) = self.difference(count)?;
                Some(Span { width, ends, divisor: None, positive: data.op == Op::SubExact })
            }
            // `count if start < stop else 0`, and the same cut off at the greatest int.
            (Op::Select, [condition, x, other]) if matches!(int_constant(self.func, *other), Some(0 | i64::MAX)) => {
                let span = self.span_in(*x, depth)?;
                let at_least_one = span.width.offset(-1)?;
                let stated = self.stated(*condition, true).contains(&at_least_one);
                Some(Span { positive: span.positive || stated, ..span })
            }
            _ => itself(),
        }
    }

    /// A difference as a form, and what it is the difference of.
    fn difference(&self, value: Value) -> Option<(Linear, Option<(Linear, Linear)>)> {
        let made = self.func.def_inst(value).map(|i| &self.func.insts[i]);
        match made.map(|m| (m.op.wrapping(), m.args.as_slice())) {
            Some((Op::Sub, [a, b])) => {
                let (a, b) = (self.linear(*a), self.linear(*b));
                Some((a.minus(&b)?, Some((a, b))))
            }
            _ => Some((self.linear(value), None)),
        }
    }

    fn unconverted(&self, value: Value) -> Value {
        let made = self.func.def_inst(value).map(|i| &self.func.insts[i]);
        match made.map(|m| (m.op, m.args.as_slice())) {
            Some((Op::Convert, [x])) => *x,
            _ => value,
        }
    }

    /// Least and greatest value, if the span is that of a range with this start and step.
    fn range_bounds(&self, span: &Span, start: Value, step: Value, header: Block) -> Option<(Linear, Linear)> {
        let at = Point { block: header, at: 0 };
        if !span.positive && !self.proves(&span.width.offset(-1)?, at) {
            return None;
        }
        let known = int_constant(self.func, step);
        let divisor = span.divisor.map_or(Some(1), |d| int_constant(self.func, d));
        let same = span.divisor == Some(step) || (divisor.is_some() && divisor == known);
        let negated = known.is_some_and(|k| k < 0 && divisor == k.checked_neg());
        let first = self.linear(start);
        // A last value that is no int would have wrapped; beside the other end of the range it is one.
        let is_start = |end: &dyn Fn(&(Linear, Linear)) -> Linear| span.ends.as_ref().is_some_and(|e| end(e) == first);
        let is_int = |last: &Linear, from_start: bool| {
            let below = Linear::constant(WORD.1).minus(last);
            let above = last.offset(-WORD.0);
            from_start || [below, above].iter().all(|f| f.as_ref().is_some_and(|f| self.proves(f, at)))
        };
        if same && self.proves(&self.linear(step).offset(-1)?, at) {
            let last = first.plus(&span.width)?.offset(-1)?;
            return is_int(&last, is_start(&|e| e.1.clone())).then_some((first.clone(), last));
        }
        let last = first.minus(&span.width)?.offset(1)?;
        (negated && is_int(&last, is_start(&|e| e.0.clone()))).then_some((last, first.clone()))
    }
}
