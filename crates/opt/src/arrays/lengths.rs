//! Lengths of slices in one form, so that those which are equal are seen to be.
//!
//! `u[2:]`, `u[:-2]` and `u[1:-1]` have all `max(n - 2, 0)` elements, but compute it in three ways.  Where an
//! expression combines them, nothing is left to check, and rows need no strides but their own.

use crate::analysis::Cfg;
use crate::bounds::interval;
use crate::edit::{Renames, int_constant};
use coachwhip_ir::{Const, Func, Imm, Inst, Op, Ty, Value};
use std::collections::HashMap;

/// What a number is, for a number `n` that is not negative and constants that are not either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `max(n - c, 0)`.
    Clipped(Value, i64),
    /// `min(n, c)`.
    Low(Value, i64),
    /// Something whose maximum with 0 is `max(n - c, 0)`.
    Less(Value, i64),
}

/// Constants beyond this are left alone: their sums stay far from the end of 64 bits.
const LARGEST: i64 = 1 << 32;

/// Brings lengths into the form `max(n + -c, 0)`; says whether any was changed.
pub fn run(func: &mut Func) -> bool {
    let cfg = Cfg::new(func);
    let mut forms: HashMap<Value, Form> = HashMap::new();
    let mut renames = Renames::new(func);
    let mut changed = false;
    for &block in &cfg.rpo {
        for inst in std::mem::take(&mut func.blocks[block].insts) {
            renames.apply_to(func, inst);
            if let Some(form) = form(func, &forms, inst)
                && let [result] = *func.insts[inst].results.as_slice()
            {
                forms.insert(result, form);
                if let Form::Clipped(base, less) = form
                    && base != result
                    && !is_standard(func, inst, base, less)
                {
                    let value = standard(func, block, inst, base, less);
                    forms.insert(value, form);
                    renames.set(result, value);
                    changed = true;
                    continue;
                }
            }
            func.blocks[block].insts.push(inst);
        }
    }
    renames.apply(func);
    changed
}

/// The form of an instruction's result.
fn form(func: &Func, forms: &HashMap<Value, Form>, inst: Inst) -> Option<Form> {
    let data = &func.insts[inst];
    let &result = data.results.first()?;
    if func.ty(result) != &Ty::Int {
        return None;
    }
    let number = |v: Value| int_constant(func, v).filter(|n| (-LARGEST..=LARGEST).contains(n));
    let of = |v: Value| match forms.get(&v) {
        Some(form) => Some(*form),
        None if number(v).is_none() && interval::of(func, v).is_some_and(|(low, _)| low >= 0) => {
            Some(Form::Clipped(v, 0))
        }
        None => None,
    };
    match (data.op.wrapping(), data.args.as_slice()) {
        (Op::Min, &[a, b]) => match (of(a), of(b), number(b)) {
            (Some(Form::Clipped(n, 0)), _, Some(c)) if c >= 0 => Some(Form::Low(n, c)),
            (Some(Form::Clipped(n, c)), Some(Form::Clipped(m, d)), _) if n == m => Some(Form::Clipped(n, c.max(d))),
            _ => None,
        },
        (Op::Max, &[a, b]) if number(b) == Some(0) => match of(a)? {
            Form::Clipped(n, c) | Form::Less(n, c) => Some(Form::Clipped(n, c)),
            Form::Low(..) => None,
        },
        (Op::Add, &[a, b]) => match (of(a)?, number(b)?) {
            (Form::Clipped(n, c), less) if less <= 0 => Some(Form::Less(n, c.checked_sub(less)?)),
            _ => None,
        },
        (Op::Sub, &[a, b]) => match (of(a)?, of(b), number(b)) {
            (Form::Clipped(n, c), _, Some(less)) if less >= 0 => Some(Form::Less(n, c.checked_add(less)?)),
            (Form::Clipped(n, 0), Some(Form::Low(m, c)), _) if n == m => Some(Form::Clipped(n, c)),
            (Form::Clipped(n, c), Some(Form::Low(m, d)), _) if n == m => Some(Form::Less(n, c.checked_add(d)?)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an instruction computes the form as [`standard`] does.
fn is_standard(func: &Func, inst: Inst, base: Value, less: i64) -> bool {
    let data = &func.insts[inst];
    let [sum, _] = *data.args.as_slice() else { return false };
    let Some(inner) = func.def_inst(sum).map(|i| &func.insts[i]) else { return false };
    let minus = inner.args.get(1).and_then(|&v| int_constant(func, v));
    data.op == Op::Max && inner.op == Op::Add && inner.args.first() == Some(&base) && minus == Some(-less)
}

/// Computes `max(n + -c, 0)` at the end of a block.
fn standard(func: &mut Func, block: coachwhip_ir::Block, like: Inst, base: Value, less: i64) -> Value {
    if less == 0 {
        return base;
    }
    let loc = func.insts[like].loc;
    let mut push = |op, imm, args| {
        let inst = func.make_inst(op, imm, args, &[Ty::Int], vec![], loc);
        func.blocks[block].insts.push(inst);
        func.insts[inst].results.first().copied().unwrap_or(base)
    };
    let (minus, zero) =
        (push(Op::Const, Imm::Const(Const::Int(-less)), vec![]), push(Op::Const, Imm::Const(Const::Int(0)), vec![]));
    let sum = push(Op::Add, Imm::None, vec![base, minus]);
    push(Op::Max, Imm::None, vec![sum, zero])
}
