//! Splits block parameters that are aggregates (iterators, tuples, optionals) into their fields, so that
//! a loop's counter is a parameter of its own.  Arrays stay whole: their fields never change.

use crate::analysis::Cfg;
use crate::edit::edge_mut;
use coachwhip_ir::{Block, Const, Func, Imm, Inst, Loc, Op, Ty, Value};

/// Aggregates of more machine values than this stay whole.
const MOST_FIELDS: usize = 64;

/// Splits every parameter that can be split.
pub fn run(func: &mut Func) {
    let cfg = Cfg::new(func);
    for &block in cfg.rpo.iter().skip(1) {
        // Fields that are aggregates themselves are split in the next round.
        while func.blocks[block].params.iter().any(|&p| is_split(func.ty(p))) {
            split_params(func, &cfg, block);
        }
    }
}

fn is_split(ty: &Ty) -> bool {
    match ty {
        Ty::Array(_) | Ty::Never | Ty::Any => false,
        other => other.fields().is_some() && other.machine().len() <= MOST_FIELDS,
    }
}

/// One round: each aggregate parameter becomes one parameter per field that has a machine form.
fn split_params(func: &mut Func, cfg: &Cfg, block: Block) {
    let old = std::mem::take(&mut func.blocks[block].params);
    let mut packs: Vec<Inst> = Vec::new();
    for &param in &old {
        let ty = func.ty(param).clone();
        if !is_split(&ty) {
            let position = func.blocks[block].params.len() as u32;
            func.values[param].def = coachwhip_ir::func::Def::Param(block, position);
            func.blocks[block].params.push(param);
            continue;
        }
        let mut parts = Vec::new();
        for field in ty.fields().unwrap_or_default() {
            parts.push(match erased(&field) {
                Some(constant) => {
                    let inst = func.make_inst(Op::Const, Imm::Const(constant), vec![], &[field], vec![], Loc(0));
                    packs.push(inst);
                    first_result(func, inst)
                }
                None => func.add_param(block, field),
            });
        }
        packs.push(remake(func, param, &ty, parts));
    }
    func.blocks[block].insts.splice(0..0, packs);
    for &(from, number) in &cfg.preds[block] {
        split_arguments(func, from, number, &old);
    }
}

/// The instruction that defines a former parameter from its parts.
fn remake(func: &mut Func, param: Value, ty: &Ty, parts: Vec<Value>) -> Inst {
    let (op, imm, args) = match erased(ty) {
        Some(constant) => (Op::Const, Imm::Const(constant), vec![]),
        None => (Op::Pack, Imm::None, parts),
    };
    let inst = func.make_inst(op, imm, args, &[], vec![], Loc(0));
    func.insts[inst].results.push(param);
    func.values[param].def = coachwhip_ir::func::Def::Result(inst, 0);
    inst
}

/// The constant that a type without machine form stands for.
fn erased(ty: &Ty) -> Option<Const> {
    match ty {
        Ty::Lit(c) => Some(c.clone()),
        Ty::None => Some(Const::None),
        _ => None,
    }
}

fn split_arguments(func: &mut Func, from: Block, number: usize, old: &[Value]) {
    let Some(args) = edge_mut(func, from, number).map(|e| std::mem::take(&mut e.args)) else { return };
    let mut new = Vec::new();
    for (arg, &param) in args.into_iter().zip(old) {
        let ty = func.ty(param).clone();
        if !is_split(&ty) {
            new.push(arg);
            continue;
        }
        for (n, field) in ty.fields().unwrap_or_default().into_iter().enumerate() {
            if erased(&field).is_none() {
                let results = crate::edit::append(func, from, Op::Field, Imm::Int(n as i64), vec![arg], &[field]);
                new.extend(results);
            }
        }
    }
    if let Some(edge) = edge_mut(func, from, number) {
        edge.args = new;
    }
}

fn first_result(func: &Func, inst: Inst) -> Value {
    func.insts[inst].results.first().copied().unwrap_or(Value(u32::MAX))
}
