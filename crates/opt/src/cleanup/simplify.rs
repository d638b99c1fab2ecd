//! Folds constants, applies identities and decides guards and branches whose condition is known.

use super::identities::{self, Simpler};
use crate::analysis::Cfg;
use crate::edit::{Renames, int_constant, make_const};
use coachwhip_ir::{Block, Const, Func, Imm, Inst, Op};

/// Simplifies every instruction once, in an order in which operands come first; says whether any changed.
pub fn run(func: &mut Func) -> bool {
    let cfg = Cfg::new(func);
    let mut renames = Renames::new(func);
    let mut changed = false;
    for &block in &cfg.rpo {
        for inst in std::mem::take(&mut func.blocks[block].insts) {
            renames.apply_to(func, inst);
            let before = func.blocks[block].insts.len();
            changed |= visit(func, &mut renames, block, inst);
            let ended = func.blocks[block].insts.len() > before && func.terminator(block).is_some();
            if ended {
                break;
            }
        }
    }
    renames.apply(func);
    changed | renames.changed()
}

/// Appends the instruction, or what is left of it, to its block.
fn visit(func: &mut Func, renames: &mut Renames, block: Block, inst: Inst) -> bool {
    let changed = match func.insts[inst].op {
        Op::Guard => match known(func, inst) {
            Some(true) => return true,
            Some(false) => {
                let data = &mut func.insts[inst];
                data.op = Op::Fail;
                data.args.remove(0);
                true
            }
            None => false,
        },
        Op::Branch => decide_branch(func, inst),
        Op::Const | Op::Jump | Op::Undef => false,
        op if func.insts[inst].effects().is_pure() && !op.is_terminator() => {
            return simplify(func, renames, block, inst);
        }
        _ => false,
    };
    func.blocks[block].insts.push(inst);
    changed
}

fn known(func: &Func, inst: Inst) -> Option<bool> {
    let condition = func.insts[inst].args.first()?;
    int_constant(func, *condition).map(|c| c != 0)
}

fn decide_branch(func: &mut Func, inst: Inst) -> bool {
    let outcome = known(func, inst);
    let data = &mut func.insts[inst];
    let same = matches!(data.edges.as_slice(), [a, b] if a == b);
    let Some(outcome) = outcome.or(same.then_some(true)) else { return false };
    let index = usize::from(!outcome);
    let kept = data.edges.get(index).cloned();
    data.op = Op::Jump;
    data.args.clear();
    data.edges = kept.into_iter().collect();
    true
}

fn simplify(func: &mut Func, renames: &mut Renames, block: Block, inst: Inst) -> bool {
    if let Some(constants) = fold(func, inst) {
        replace_by_constants(func, renames, block, inst, constants);
        return true;
    }
    let found = identities::simpler(func, inst);
    match found {
        None => {
            func.blocks[block].insts.push(inst);
            false
        }
        Some(Simpler::Value(value)) => {
            if let Some(&result) = func.insts[inst].results.first() {
                renames.set(result, value);
            }
            true
        }
        Some(Simpler::ValueAndFlag(value, flag)) => {
            let results = func.insts[inst].results.clone();
            if let [result, overflow] = results.as_slice() {
                renames.set(*result, value);
                let ty = func.ty(*overflow).clone();
                let loc = func.insts[inst].loc;
                let c = func.make_inst(Op::Const, Imm::Const(Const::Bool(flag)), vec![], &[ty], vec![], loc);
                func.blocks[block].insts.push(c);
                if let Some(&constant) = func.insts[c].results.first() {
                    renames.set(*overflow, constant);
                }
            }
            true
        }
        Some(Simpler::Const(constant)) => {
            make_const(func, inst, constant);
            func.blocks[block].insts.push(inst);
            true
        }
        Some(Simpler::Inst(op, imm, args)) => {
            let data = &mut func.insts[inst];
            data.op = op;
            data.imm = imm;
            data.args = args;
            func.blocks[block].insts.push(inst);
            true
        }
    }
}

fn fold(func: &Func, inst: Inst) -> Option<Vec<Const>> {
    let data = &func.insts[inst];
    if data.args.is_empty() || data.op == Op::Pack || data.op == Op::Runtime {
        return None;
    }
    let args: Option<Vec<Const>> = data.args.iter().map(|&a| func.constant(a).cloned()).collect();
    let types: Vec<_> = data.results.iter().map(|&r| func.ty(r).clone()).collect();
    coachwhip_ir::eval::fold(data.op, &data.imm, &args?, &types)
}

fn replace_by_constants(func: &mut Func, renames: &mut Renames, block: Block, inst: Inst, constants: Vec<Const>) {
    let results = func.insts[inst].results.clone();
    let loc = func.insts[inst].loc;
    for (result, constant) in results.into_iter().zip(constants) {
        let ty = func.ty(result).clone();
        let c = func.make_inst(Op::Const, Imm::Const(constant), vec![], &[ty], vec![], loc);
        func.blocks[block].insts.push(c);
        if let Some(&value) = func.insts[c].results.first() {
            renames.set(result, value);
        }
    }
}
