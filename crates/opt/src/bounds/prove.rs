//! Proofs of `goal >= 0`: the latest value of the goal is eliminated by adding a fact that mentions it, until
//! the intervals of what is left settle the matter.  Each question has a budget, so that the time is linear.

use super::facts::{Facts, Point};
use super::linear::{Linear, Term};
use crate::analysis::LoopId;
use coachwhip_ir::dominators::def_block;
use coachwhip_ir::func::Def;
use coachwhip_ir::{Block, Op, Value};

/// Steps that one question may take.
const BUDGET: u32 = 60;
/// Facts chained on one way.
const DEPTH: u32 = 8;
/// Bounds of types up to this are worth a test.
const NARROW: i128 = 1 << 16;
/// Facts about one value that are tried, latest first.
const MOST_FACTS: usize = 12;

/// When a search ends well.
#[derive(Clone, Copy)]
enum Aim {
    /// The form is never negative.
    Proved,
    /// Every value of the form is defined outside the loop, and the form can be non-negative.
    Invariant(LoopId),
}

struct Search<'a, 'f> {
    facts: &'a Facts<'f>,
    aim: Aim,
    budget: u32,
    /// Goals about loop parameters that are being proved for all iterations and may be used after the first.
    supposed: Vec<Linear>,
}

impl Facts<'_> {
    /// Whether `goal >= 0` at a point, for certain.
    pub fn proves(&self, goal: &Linear, at: Point) -> bool {
        let mut search = Search { facts: self, aim: Aim::Proved, budget: BUDGET, supposed: vec![] };
        search.run(goal.clone(), at, DEPTH).is_some()
    }

    /// A form over values from outside a loop which, when not negative before the loop, makes `goal >= 0` at a point
    /// in every iteration.
    pub fn reduces(&self, goal: &Linear, at: Point, id: LoopId) -> Option<Linear> {
        let mut search = Search { facts: self, aim: Aim::Invariant(id), budget: BUDGET, supposed: vec![] };
        search.run(goal.clone(), at, DEPTH)
    }

    /// The least number that the form can be, by the intervals of its values.
    pub fn least(&self, form: &Linear) -> Option<i128> {
        self.extreme(form, false)
    }

    /// The greatest one.
    pub fn most(&self, form: &Linear) -> Option<i128> {
        self.extreme(form, true)
    }

    fn extreme(&self, form: &Linear, most: bool) -> Option<i128> {
        let mut total = form.constant;
        for &(term, coefficient) in &form.terms {
            let (low, high) = self.term_interval(term)?;
            let bound = if (coefficient > 0) == most { high } else { low };
            total = total.checked_add(bound.checked_mul(coefficient)?)?;
        }
        Some(total)
    }

    fn term_interval(&self, term: Term) -> Option<(i128, i128)> {
        let first = self.interval(term.first)?;
        let Some(second) = term.second else { return Some(first) };
        if second == term.first {
            let most = first.0.checked_mul(first.0)?.max(first.1.checked_mul(first.1)?);
            let least = if first.0 > 0 { first.0.checked_mul(first.0)? } else { 0 };
            return Some((least, most));
        }
        let second = self.interval(second)?;
        let corners = [
            first.0.checked_mul(second.0)?,
            first.0.checked_mul(second.1)?,
            first.1.checked_mul(second.0)?,
            first.1.checked_mul(second.1)?,
        ];
        Some((*corners.iter().min()?, *corners.iter().max()?))
    }

    /// Whether a value is defined outside a loop.
    pub fn is_invariant(&self, value: Value, id: LoopId) -> bool {
        self.loops.is_invariant(self.func, id, value)
    }
}

impl Search<'_, '_> {
    fn run(&mut self, goal: Linear, at: Point, depth: u32) -> Option<Linear> {
        self.budget = self.budget.checked_sub(1)?;
        let goal = goal.tightened();
        if let Some(done) = self.settled(&goal) {
            return done.then_some(goal);
        }
        if depth == 0 {
            return None;
        }
        let (term, coefficient) = self.latest(&goal)?;
        match term.second {
            None => self.eliminate(&goal, term.first, coefficient, at, depth),
            Some(_) => self.eliminate_product(&goal, term, coefficient, at, depth),
        }
    }

    /// Whether the goal is reached or out of reach; `None` if that is open.
    fn settled(&self, goal: &Linear) -> Option<bool> {
        if self.facts.least(goal).is_some_and(|l| l >= 0) {
            return Some(true);
        }
        let implied = |s: &Linear| goal.minus(s).and_then(|d| d.as_constant()).is_some_and(|c| c >= 0);
        if self.supposed.iter().any(implied) {
            return Some(true);
        }
        if self.facts.most(goal).is_some_and(|m| m < 0) {
            return Some(false);
        }
        match self.aim {
            Aim::Proved => goal.terms.is_empty().then_some(false),
            Aim::Invariant(id) => goal.values().all(|v| self.facts.is_invariant(v, id)).then_some(true),
        }
    }

    fn is_open(&self, value: Value) -> bool {
        match self.aim {
            Aim::Proved => true,
            Aim::Invariant(id) => !self.facts.is_invariant(value, id),
        }
    }

    /// The term to eliminate: the one whose value is defined last.
    fn latest(&self, goal: &Linear) -> Option<(Term, i128)> {
        let last = |t: &Term| {
            let values = std::iter::once(t.first).chain(t.second).filter(|&v| self.is_open(v));
            values.map(|v| self.facts.order(v)).max()
        };
        goal.terms.iter().filter(|(t, _)| last(t).is_some()).max_by_key(|(t, _)| last(t)).copied()
    }

    fn eliminate(&mut self, goal: &Linear, value: Value, coefficient: i128, at: Point, depth: u32) -> Option<Linear> {
        let middle = self.middle(value, coefficient > 0, at, depth);
        for fact in middle.into_iter().chain(self.candidates(value, coefficient > 0, at)) {
            let by = fact.coefficient(value);
            let less = goal.combine(by.abs(), &fact, -coefficient.abs());
            if let Some(found) = less.and_then(|g| self.run(g, at, depth - 1)) {
                return Some(found);
            }
        }
        match self.aim {
            Aim::Proved => self.by_cases(goal, value, coefficient, at, depth),
            Aim::Invariant(_) => None,
        }
    }

    /// `(low + high) // 2` lies between the two, and below `high` where they differ: the step of every binary search.
    fn middle(&mut self, value: Value, below: bool, at: Point, depth: u32) -> Option<Linear> {
        let [x, y] = self.facts.halved_sum(value).filter(|_| matches!(self.aim, Aim::Proved))?;
        let this = Linear::value(value);
        for (low, high) in [(&x, &y), (&y, &x)] {
            let gap = high.minus(low)?.offset(if below { 0 } else { -1 })?;
            if self.run(gap, at, depth - 1).is_some() {
                return if below { this.minus(low) } else { high.minus(&this)?.offset(-1) };
            }
        }
        None
    }

    /// Facts that bound a value from below, or above, in the order in which they are worth trying.
    fn candidates(&self, value: Value, below: bool, at: Point) -> Vec<Linear> {
        let stated = self.facts.by_value.get(&value).into_iter().flatten().rev();
        let here = stated.filter(|f| self.facts.holds(f.from, at)).take(MOST_FACTS).map(|f| f.form.clone());
        // A test against the bounds of a wide type would fail every time.
        let useful = |f: &Linear| matches!(self.aim, Aim::Proved) || f.constant.abs() <= NARROW;
        let bounds = self.facts.of_interval(value).into_iter().filter(useful);
        let made = self.facts.of_operation(value).into_iter().chain(bounds);
        let helps = |f: &Linear| {
            let by = f.coefficient(value);
            // A fact that mentions the value in a product, too, would not eliminate it.
            (if below { by > 0 } else { by < 0 }) && f.values().filter(|&v| v == value).count() == 1
        };
        here.chain(made).filter(helps).collect()
    }

    /// In `c * x * y`, `x` (the later) is bounded by `L`, and `y >= 0`: then `x * y` is bounded by `L * y`.
    fn eliminate_product(
        &mut self,
        goal: &Linear,
        term: Term,
        coefficient: i128,
        at: Point,
        depth: u32,
    ) -> Option<Linear> {
        let second = term.second?;
        let order = |v: Value| (self.is_open(v), self.facts.order(v));
        let (x, y) = if order(term.first) >= order(second) { (term.first, second) } else { (second, term.first) };
        if self.facts.interval(y)?.0 < 0 && !self.is_not_negative(y, at, depth - 1) {
            return None;
        }
        for fact in self.candidates(x, coefficient > 0, at) {
            let by = fact.coefficient(x);
            let scaled = fact.times(&Linear::value(y));
            let less = scaled.and_then(|f| goal.combine(by.abs(), &f, -coefficient.abs()));
            if let Some(found) = less.and_then(|g| self.run(g, at, depth - 1)) {
                return Some(found);
            }
        }
        None
    }

    /// A question within a question: it takes from the same budget, or products of loop parameters would ask for ever.
    fn is_not_negative(&mut self, value: Value, at: Point, depth: u32) -> bool {
        let mut inner = Search { facts: self.facts, aim: Aim::Proved, budget: self.budget, supposed: vec![] };
        let found = inner.run(Linear::value(value), at, depth).is_some();
        self.budget = inner.budget;
        found
    }

    /// A parameter or selection holds one of several values: the goal must hold for each.
    fn by_cases(&mut self, goal: &Linear, value: Value, coefficient: i128, at: Point, depth: u32) -> Option<Linear> {
        let rest = goal.combine(1, &Linear::value(value), -coefficient)?;
        let facts = self.facts;
        match facts.func.values[value].def {
            Def::Result(inst, _) => {
                let data = &facts.func.insts[inst];
                let [_, a, b] = *data.args.as_slice() else { return None };
                if data.op != Op::Select {
                    return None;
                }
                for case in [a, b] {
                    let goal = rest.combine(1, &facts.linear(case), coefficient)?;
                    self.run(goal, at, depth - 1)?;
                }
                Some(goal.clone())
            }
            Def::Param(block, n) => self.by_edges(goal, &rest, block, n as usize, coefficient, depth),
        }
    }

    fn by_edges(
        &mut self,
        goal: &Linear,
        rest: &Linear,
        block: Block,
        n: usize,
        coefficient: i128,
        depth: u32,
    ) -> Option<Linear> {
        let facts = self.facts;
        let entering = &facts.cfg.preds[block];
        // What else the goal mentions must not change on the way around.
        let steady = |v: Value| {
            def_block(facts.func, &facts.places, v)
                .is_some_and(|home| home != block && facts.dom.dominates(home, block))
        };
        if entering.is_empty() || entering.len() > 4 || self.supposed.len() > 1 || !rest.values().all(steady) {
            return None;
        }
        for &(from, edge) in entering {
            let arg = *facts.func.edges(from).get(edge)?.args.get(n)?;
            let case = rest.combine(1, &facts.linear(arg), coefficient)?;
            let back = facts.dom.dominates(block, from);
            if back {
                self.supposed.push(goal.clone());
            }
            let found = self.run(case, facts.end(from), depth - 1);
            if back {
                self.supposed.pop();
            }
            found?;
        }
        Some(goal.clone())
    }
}
