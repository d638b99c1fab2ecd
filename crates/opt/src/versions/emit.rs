//! Computes a version's test in the preheader.  Sums are checked: where one overflows, the test fails.

use super::version::Condition;
use crate::bounds::Linear;
use crate::edit::{append, append_const, append_int, append_value};
use coachwhip_ir::{Block, Const, Func, Imm, Op, Ty, Value};

/// Constants from here on are compared with, not added.
const LARGE: i128 = 1 << 40;

/// The conjunction of the conditions, computed at the end of a block.
pub fn conditions(func: &mut Func, block: Block, conditions: &[Condition]) -> Value {
    let mut all: Option<Value> = None;
    for condition in conditions {
        let holds = match condition {
            Condition::Holds(value, true) => *value,
            Condition::Holds(value, false) => append_value(func, block, Op::Not, vec![*value], Ty::Bool),
            Condition::NotNegative(form) => not_negative(func, block, form),
        };
        all = Some(match all {
            None => holds,
            Some(others) => append_value(func, block, Op::And, vec![others, holds], Ty::Bool),
        });
    }
    all.unwrap_or_else(|| append_const(func, block, Const::Bool(true), Ty::Bool))
}

/// A sum being computed, and whether it overflowed.
struct Sum {
    value: Option<Value>,
    overflowed: Option<Value>,
}

/// `form >= 0` as a comparison of its positive and its negative part.
fn not_negative(func: &mut Func, block: Block, form: &Linear) -> Value {
    let mut positive = Sum { value: None, overflowed: None };
    let mut negative = Sum { value: None, overflowed: None };
    for &(term, coefficient) in &form.terms {
        let side = if coefficient > 0 { &mut positive } else { &mut negative };
        let mut value = word(func, block, term.first);
        if let Some(second) = term.second {
            let second = word(func, block, second);
            value = side.apply(func, block, Op::MulOvf, value, second);
        }
        let Ok(factor) = i64::try_from(coefficient.unsigned_abs()) else { return never(func, block) };
        if factor != 1 {
            let factor = append_int(func, block, factor);
            value = side.apply(func, block, Op::MulOvf, value, factor);
        }
        side.add(func, block, value);
    }
    if form.constant.abs() >= LARGE {
        return against_constant(func, block, positive, negative, form.constant);
    }
    // A strict comparison saves adding 1.
    let strict = form.constant < 0;
    let constant = if strict { form.constant + 1 } else { form.constant };
    if constant != 0 {
        let Ok(number) = i64::try_from(constant.unsigned_abs()) else { return never(func, block) };
        let number = append_int(func, block, number);
        if constant > 0 { positive.add(func, block, number) } else { negative.add(func, block, number) }
    }
    let mut side = |sum: &Sum| sum.value.unwrap_or_else(|| append_int(func, block, 0));
    let (low, high) = (side(&negative), side(&positive));
    let op = if strict { Op::Lt } else { Op::Le };
    let holds = append_value(func, block, op, vec![low, high], Ty::Bool);
    unless(func, block, holds, [positive.overflowed, negative.overflowed])
}

/// `positive - negative + constant >= 0` for a constant that must not be added to anything: it is near the end of 64 bits.
fn against_constant(func: &mut Func, block: Block, positive: Sum, negative: Sum, constant: i128) -> Value {
    let mut sum = positive;
    let overflowed = negative.overflowed;
    let (value, op, limit) = match (sum.value, negative.value) {
        (None, Some(negative)) => (negative, Op::Le, constant),
        (Some(positive), None) => (positive, Op::Ge, -constant),
        (Some(positive), Some(negative)) => (sum.apply(func, block, Op::SubOvf, positive, negative), Op::Ge, -constant),
        (None, None) => return never(func, block),
    };
    let beyond = if op == Op::Le { limit > i128::from(i64::MAX) } else { limit < i128::from(i64::MIN) };
    let holds = match i64::try_from(limit) {
        Ok(limit) => {
            let limit = append_int(func, block, limit);
            append_value(func, block, op, vec![value, limit], Ty::Bool)
        }
        Err(_) if beyond => append_const(func, block, Const::Bool(true), Ty::Bool),
        Err(_) => return never(func, block),
    };
    unless(func, block, holds, [sum.overflowed, overflowed])
}

/// The condition, if no flag is set.
fn unless(func: &mut Func, block: Block, holds: Value, flags: [Option<Value>; 2]) -> Value {
    let mut holds = holds;
    for flag in flags.into_iter().flatten() {
        let fine = append_value(func, block, Op::Not, vec![flag], Ty::Bool);
        holds = append_value(func, block, Op::And, vec![holds, fine], Ty::Bool);
    }
    holds
}

impl Sum {
    fn add(&mut self, func: &mut Func, block: Block, value: Value) {
        self.value = Some(match self.value {
            None => value,
            Some(sum) => self.apply(func, block, Op::AddOvf, sum, value),
        });
    }

    fn apply(&mut self, func: &mut Func, block: Block, op: Op, a: Value, b: Value) -> Value {
        let results = append(func, block, op, Imm::None, vec![a, b], &[Ty::Int, Ty::Bool]);
        let [value, flag] = *results.as_slice() else { return a };
        self.overflowed = Some(match self.overflowed {
            None => flag,
            Some(other) => append_value(func, block, Op::Or, vec![other, flag], Ty::Bool),
        });
        value
    }
}

/// An integer of any type as an `Int`.
fn word(func: &mut Func, block: Block, value: Value) -> Value {
    if func.ty(value) == &Ty::Int { value } else { append_value(func, block, Op::Convert, vec![value], Ty::Int) }
}

fn never(func: &mut Func, block: Block) -> Value {
    append_const(func, block, Const::Bool(false), Ty::Bool)
}
