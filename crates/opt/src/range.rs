//! Removes checks that cannot fail: see [`crate::bounds`] for what is known and how it is proved.
//!
//! A checked sum that fits becomes an exact one with a flag that is false; a guard or branch whose condition is
//! certain is decided; a negative index that cannot be is not looked for.  Everything is decided on the function as it
//! was: a guard that goes was implied, so what was concluded from it stays true.

use crate::analysis::{Cfg, Dominators, Loops};
use crate::bounds::{Facts, Linear, Point, interval};
use crate::edit::{Renames, int_constant};
use coachwhip_ir::{Block, Const, Func, Imm, Inst, Op, Ty, Value};

/// How often plain sums are looked at.
const PLAIN_ROUNDS: usize = 3;

/// What is to be done with an instruction.
enum Change {
    /// It becomes this operation on the same operands.
    Op(Op),
    /// It becomes this operation on the same operands, and its flag false.
    Exact(Op),
    /// It becomes another operation.
    Inst(Op, Vec<Value>),
    /// Its result is this value.
    Value(Value),
    /// Its first operand is this constant.
    Condition(bool),
    /// It goes.
    Remove,
}

/// Removes checks.
pub fn run(func: &mut Func) {
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    let loops = Loops::new(func, &cfg, &dom);
    // Plain sums first: loops are understood through exact counters, and other sums through loops.
    for _ in 0..PLAIN_ROUNDS {
        let exact = changes(func, &cfg, &dom, &loops, |f, i, _| plain_sum(f, i));
        if exact.is_empty() {
            break;
        }
        apply(func, exact);
    }
    let better = changes(func, &cfg, &dom, &loops, change);
    apply(func, better);
}

type Changes = Vec<(Block, Inst, Change)>;

fn changes(
    func: &Func,
    cfg: &Cfg,
    dom: &Dominators,
    loops: &Loops,
    decide: impl Fn(&Facts, Inst, Point) -> Option<Change>,
) -> Changes {
    let facts = Facts::new(func, cfg, dom, loops);
    let mut found = Vec::new();
    for &block in &cfg.rpo {
        for (at, &inst) in func.blocks[block].insts.iter().enumerate() {
            if let Some(change) = decide(&facts, inst, Point { block, at }) {
                found.push((block, inst, change));
            }
        }
    }
    found
}

/// Plain `Int` operations that never wrap.
fn plain_sum(facts: &Facts, inst: Inst) -> Option<Change> {
    let op = facts.func.insts[inst].op;
    let op = op.exact().filter(|exact| *exact != op && !op.is_checked())?;
    is_word(facts.func, *facts.func.insts[inst].args.first()?).then_some(())?;
    facts.is_exact(inst).then_some(Change::Op(op))
}

fn change(facts: &Facts, inst: Inst, at: Point) -> Option<Change> {
    let data = &facts.func.insts[inst];
    let not_negative = |v: Value| facts.proves(&facts.linear(v), at);
    let at_most = |a: Value, b: Value| facts.linear(b).minus(&facts.linear(a)).is_some_and(|f| facts.proves(&f, at));
    match (data.op, data.args.as_slice()) {
        (op, [a, b]) if op.is_checked() => op.exact().filter(|_| facts.fits(op, *a, *b, at)).map(Change::Exact),
        (Op::Guard, [condition, ..]) => facts.is_certain(*condition, true, at).then_some(Change::Remove),
        (Op::Branch | Op::Select, [condition, ..]) if int_constant(facts.func, *condition).is_none() => {
            let outcome = [true, false].into_iter().find(|&o| facts.is_certain(*condition, o, at));
            outcome.map(Change::Condition)
        }
        (Op::WrapIndex, [i, n]) => {
            if not_negative(*i) {
                return Some(Change::Value(*i));
            }
            let negative = Linear::constant(-1).minus(&facts.linear(*i))?;
            facts.proves(&negative, at).then(|| Change::Inst(Op::AddExact, vec![*i, *n]))
        }
        (Op::Min, [a, b]) | (Op::Max, [b, a]) if is_word(facts.func, *a) => {
            if at_most(*a, *b) {
                Some(Change::Value(if data.op == Op::Min { *a } else { *b }))
            } else {
                at_most(*b, *a).then(|| Change::Value(if data.op == Op::Min { *b } else { *a }))
            }
        }
        (Op::FloorDiv | Op::FloorMod, [a, b]) if facts.interval(*a).is_some() => {
            let op = if data.op == Op::FloorDiv { Op::TruncDiv } else { Op::TruncMod };
            (not_negative(*b) && not_negative(*a)).then_some(Change::Op(op))
        }
        _ => None,
    }
}

fn is_word(func: &Func, value: Value) -> bool {
    interval::of_type(func.ty(value)) == Some(interval::WORD)
}

fn apply(func: &mut Func, changes: Changes) {
    let mut renames = Renames::new(func);
    let mut removed = std::collections::HashSet::new();
    for (block, inst, change) in changes {
        match change {
            Change::Op(op) => func.insts[inst].op = op,
            Change::Inst(op, args) => {
                func.insts[inst].op = op;
                func.insts[inst].args = args;
            }
            Change::Exact(op) => {
                func.insts[inst].op = op;
                if let Some(flag) = func.insts[inst].results.pop() {
                    let constant = before(func, block, inst, false);
                    renames.set(flag, constant);
                }
            }
            Change::Value(value) => {
                if let Some(&result) = func.insts[inst].results.first() {
                    renames.set(result, value);
                }
                removed.insert(inst);
            }
            Change::Condition(outcome) => {
                let constant = before(func, block, inst, outcome);
                if let Some(first) = func.insts[inst].args.first_mut() {
                    *first = constant;
                }
            }
            Change::Remove => drop(removed.insert(inst)),
        }
    }
    if !removed.is_empty() {
        for block in func.order.clone() {
            func.blocks[block].insts.retain(|i| !removed.contains(i));
        }
    }
    renames.apply(func);
}

/// A `Bool` constant at the start of the instruction's block.
fn before(func: &mut Func, block: Block, inst: Inst, constant: bool) -> Value {
    let loc = func.insts[inst].loc;
    let c = func.make_inst(Op::Const, Imm::Const(Const::Bool(constant)), vec![], &[Ty::Bool], vec![], loc);
    func.blocks[block].insts.insert(0, c);
    func.insts[c].results.first().copied().unwrap_or(Value(u32::MAX))
}
