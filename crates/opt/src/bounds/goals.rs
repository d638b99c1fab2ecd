//! What must be shown for a condition to hold.

use super::facts::{Facts, MOST_CONDITIONS, Point};
use super::interval;
use super::linear::Linear;
use coachwhip_ir::{Inst, Op, Value};

/// A way to show a condition.
#[derive(Clone, Debug)]
pub enum Goal {
    /// The form is not negative.
    NotNegative(Linear),
    /// The value, a `Bool`, has this outcome.
    Holds(Value, bool),
    /// All of them.
    All(Vec<Goal>),
    /// One of them.
    Any(Vec<Goal>),
    /// A checked operation of this kind on these operands does not overflow.
    Fits(Op, Value, Value),
}

impl Facts<'_> {
    /// What shows that a condition has an outcome.
    pub fn goal(&self, condition: Value, outcome: bool) -> Goal {
        self.goal_of(condition, outcome, MOST_CONDITIONS)
    }

    fn goal_of(&self, condition: Value, outcome: bool, depth: u32) -> Goal {
        let otherwise = Goal::Holds(condition, outcome);
        let Some(depth) = depth.checked_sub(1) else { return otherwise };
        let Some(inst) = self.func.def_inst(condition) else { return otherwise };
        let data = &self.func.insts[inst];
        match (data.op, outcome, data.args.as_slice()) {
            (Op::Not, _, [x]) => match self.flag(*x).filter(|_| outcome) {
                Some((op, a, b)) => Goal::Fits(op, a, b),
                None => self.goal_of(*x, !outcome, depth),
            },
            (Op::And, true, [a, b]) | (Op::Or, false, [a, b]) => {
                Goal::All(vec![self.goal_of(*a, outcome, depth), self.goal_of(*b, outcome, depth)])
            }
            (Op::Or, true, [a, b]) | (Op::And, false, [a, b]) => {
                Goal::Any(vec![self.goal_of(*a, outcome, depth), self.goal_of(*b, outcome, depth)])
            }
            (Op::InRange, true, [i, n]) => self.in_range(*i, *n).unwrap_or(otherwise),
            (op, _, [a, b]) => self.comparison(op, outcome, *a, *b).unwrap_or(otherwise),
            _ => otherwise,
        }
    }

    /// The checked operation behind an overflow flag.
    pub(super) fn flag(&self, flag: Value) -> Option<(Op, Value, Value)> {
        let inst = self.func.def_inst(flag)?;
        let data = &self.func.insts[inst];
        let [a, b] = *data.args.as_slice() else { return None };
        let checked = data.op.is_checked();
        (checked && data.results.get(1) == Some(&flag)).then_some((data.op, a, b))
    }

    fn in_range(&self, i: Value, n: Value) -> Option<Goal> {
        let length = self.linear(n);
        let direct = |i: &Linear| {
            let above = length.minus(i)?.offset(-1)?;
            Some(Goal::All(vec![Goal::NotNegative(i.clone()), Goal::NotNegative(above)]))
        };
        let here = direct(&self.linear(i))?;
        let Some((index, size)) = self.wrapped(i) else { return Some(here) };
        let assumed = self.func.def_inst(i).is_some_and(|w| self.assumed_in_place.borrow().contains(&w));
        // `wrap_index(i, n)` is in range if `-n <= i < n`.
        let index = self.linear(index);
        if size != n || assumed {
            return Some(here);
        }
        let low = Goal::NotNegative(index.plus(&length)?);
        let high = Goal::NotNegative(length.minus(&index)?.offset(-1)?);
        Some(Goal::All(vec![low, high]))
    }

    /// Index and size of a `wrap_index`.
    fn wrapped(&self, value: Value) -> Option<(Value, Value)> {
        let data = &self.func.insts[self.func.def_inst(value)?];
        match (data.op, data.args.as_slice()) {
            (Op::WrapIndex, [i, n]) => Some((*i, *n)),
            _ => None,
        }
    }

    fn comparison(&self, op: Op, outcome: bool, a: Value, b: Value) -> Option<Goal> {
        self.interval(a)?;
        let (x, y) = (self.linear(a), self.linear(b));
        let more = x.minus(&y)?;
        let less = y.minus(&x)?;
        let strictly = |f: &Linear| f.offset(-1).map(Goal::NotNegative);
        Some(match if outcome { op } else { op.complement()? } {
            Op::Lt => strictly(&less)?,
            Op::Le => Goal::NotNegative(less),
            Op::Gt => strictly(&more)?,
            Op::Ge => Goal::NotNegative(more),
            Op::Eq => Goal::All(vec![Goal::NotNegative(less), Goal::NotNegative(more)]),
            Op::Ne => Goal::Any(vec![strictly(&more)?, strictly(&less)?]),
            _ => return None,
        })
    }

    /// The exact result of a checked operation as a form.
    pub fn exact_result(&self, op: Op, a: Value, b: Value) -> Option<Linear> {
        let (x, y) = (self.linear(a), self.linear(b));
        match op.exact()? {
            Op::AddExact => x.plus(&y),
            Op::SubExact => x.minus(&y),
            Op::MulExact => x.times(&y),
            _ => None,
        }
    }

    /// Whether a condition has an outcome at a point, for certain.
    pub fn is_certain(&self, condition: Value, outcome: bool, at: Point) -> bool {
        self.shows(&self.goal(condition, outcome), at)
    }

    /// Whether a goal is reached at a point.
    pub fn shows(&self, goal: &Goal, at: Point) -> bool {
        match goal {
            Goal::NotNegative(form) => self.proves(form, at),
            Goal::Holds(..) => false,
            Goal::All(goals) => goals.iter().all(|g| self.shows(g, at)),
            Goal::Any(goals) => goals.iter().any(|g| self.shows(g, at)),
            Goal::Fits(op, a, b) => self.fits(*op, *a, *b, at),
        }
    }

    /// Whether a checked operation does not leave 64 bits.
    pub fn fits(&self, op: Op, a: Value, b: Value, at: Point) -> bool {
        let Some(form) = self.exact_result(op, a, b) else { return false };
        let Some((low, high)) = interval::of_type(self.func.ty(a)) else { return false };
        let above = form.offset(-low);
        let below = Linear::constant(high).minus(&form);
        [above, below].iter().all(|f| f.as_ref().is_some_and(|f| self.proves(f, at)))
    }

    /// Whether a plain sum, difference or product is exact where it stands.
    pub fn is_exact(&self, inst: Inst) -> bool {
        let data = &self.func.insts[inst];
        let ([a, b], Some(at)) = (data.args.as_slice(), self.before(inst)) else { return false };
        self.fits(data.op, *a, *b, at)
    }
}
