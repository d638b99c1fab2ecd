//! Linear forms of values, and the inequalities that hold because of how a value is made.

use super::facts::Facts;
use super::interval::{self, WORD};
use super::linear::Linear;
use crate::edit::int_constant;
use coachwhip_ir::{Inst, Op, Value};

/// Sums are followed this deep.
const DEPTH: u32 = 12;

impl Facts<'_> {
    /// The value as a linear form over values that are not sums themselves.  Only operations that cannot wrap are
    /// opened: proved ones, and those whose overflow a guard excludes.
    pub fn linear(&self, value: Value) -> Linear {
        if let Some(known) = self.forms.borrow().get(&value) {
            return known.clone();
        }
        let form = self.opened(value, DEPTH).unwrap_or_else(|| Linear::value(value));
        self.forms.borrow_mut().insert(value, form.clone());
        form
    }

    fn opened(&self, value: Value, depth: u32) -> Option<Linear> {
        let func = self.func;
        if let Some((low, high)) = self.interval(value)
            && low == high
        {
            return Some(Linear::constant(low));
        }
        let inst = func.def_inst(value).filter(|_| depth > 0)?;
        let data = &func.insts[inst];
        let is_first = data.results.first() == Some(&value);
        let part = |n: usize| {
            let arg = *data.args.get(n)?;
            Some(self.opened(arg, depth - 1).unwrap_or_else(|| Linear::value(arg)))
        };
        match data.op {
            Op::AddExact => part(0)?.plus(&part(1)?),
            Op::SubExact => part(0)?.minus(&part(1)?),
            Op::MulExact => part(0)?.times(&part(1)?),
            Op::AddOvf if is_first && self.is_checked(inst) => part(0)?.plus(&part(1)?),
            Op::SubOvf if is_first && self.is_checked(inst) => part(0)?.minus(&part(1)?),
            Op::MulOvf if is_first && self.is_checked(inst) => part(0)?.times(&part(1)?),
            Op::Convert => {
                // A conversion that keeps every number of its operand is the operand.
                let from = self.interval(*data.args.first()?)?;
                let to = interval::of_type(func.ty(value))?;
                (to.0 <= from.0 && from.1 <= to.1).then(|| part(0)).flatten()
            }
            Op::WrapIndex if self.assumed_in_place.borrow().contains(&inst) => part(0),
            _ => None,
        }
    }

    /// Forgets the form of a value about which something has been assumed.
    pub fn forget_form(&self, value: Option<Value>) {
        value.and_then(|v| self.forms.borrow_mut().remove(&v));
    }

    /// Forgets all forms, because what was assumed is not any more.
    pub fn forget_all_forms(&self) {
        self.forms.borrow_mut().clear();
    }

    /// Whether a guard excludes that the operation overflowed.
    pub fn is_checked(&self, inst: Inst) -> bool {
        self.checked.contains(&inst)
    }

    /// Inequalities about a value that hold wherever it exists.
    pub fn of_operation(&self, value: Value) -> Vec<Linear> {
        let Some(inst) = self.func.def_inst(value) else { return vec![] };
        let data = &self.func.insts[inst];
        let [a, b] = *data.args.as_slice() else { return vec![] };
        let this = Linear::value(value);
        let at_most = |v: Value| self.linear(v).minus(&this);
        let at_least = |v: Value| this.minus(&self.linear(v));
        let (Some(x), Some(y)) = (self.interval(a), self.interval(b)) else { return vec![] };
        let found = match data.op {
            Op::Min => vec![at_most(a), at_most(b)],
            Op::Max => vec![at_least(a), at_least(b)],
            Op::And => vec![at_most(a).filter(|_| x.0 >= 0), at_most(b).filter(|_| y.0 >= 0)],
            Op::FloorMod if y.0 >= 0 => {
                vec![at_most(b).and_then(|f| f.offset(-1)), at_most(a).filter(|_| x.0 >= 0)]
            }
            Op::FloorDiv => match int_constant(self.func, b) {
                Some(c) if c > 0 => self.division(&this, a, i128::from(c)),
                _ => vec![],
            },
            Op::Shr => match int_constant(self.func, b) {
                Some(c) if (0..63).contains(&c) => self.division(&this, a, 1 << c),
                _ => vec![],
            },
            _ => vec![],
        };
        found.into_iter().flatten().collect()
    }

    /// The two values of whose sum a value is half, rounded down.
    pub fn halved_sum(&self, value: Value) -> Option<[Linear; 2]> {
        let data = &self.func.insts[self.func.def_inst(value)?];
        let [sum, by] = *data.args.as_slice() else { return None };
        let halves = match data.op {
            Op::FloorDiv => int_constant(self.func, by) == Some(2),
            Op::Shr => int_constant(self.func, by) == Some(1),
            _ => false,
        };
        let form = Some(self.linear(sum)).filter(|f| halves && f.constant == 0)?;
        match form.terms.as_slice() {
            [(a, 1), (b, 1)] if a.second.is_none() && b.second.is_none() => {
                Some([Linear::value(a.first), Linear::value(b.first)])
            }
            _ => None,
        }
    }

    /// `c * q <= x < c * q + c`.
    fn division(&self, quotient: &Linear, x: Value, c: i128) -> Vec<Option<Linear>> {
        let difference = self.linear(x).combine(1, quotient, -c);
        let behind = difference.as_ref().and_then(|d| Linear::constant(c - 1).minus(d));
        vec![difference, behind]
    }

    /// The bounds that a value's interval states, if they say more than its 64 bits.
    pub fn of_interval(&self, value: Value) -> Vec<Linear> {
        let Some((low, high)) = self.interval(value) else { return vec![] };
        let this = Linear::value(value);
        let lower = (low > WORD.0).then(|| this.offset(-low)).flatten();
        let upper = (high < WORD.1).then(|| Linear::constant(high).minus(&this)).flatten();
        lower.into_iter().chain(upper).collect()
    }
}
