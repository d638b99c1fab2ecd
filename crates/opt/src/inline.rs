//! Puts the bodies of small callees in the place of their calls, callees first.
//!
//! Functions that can reach themselves are called as they are.  Places of inlined code name the call they were
//! inlined at, so that a traceback shows the frames that the source has.

use crate::cleanup::{self, Readers};
use crate::copy::{Copies, copy_blocks};
use crate::edit::Renames;
use coachwhip_ir::calls::{self, callee};
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{Block, Builder, Cfg, Const, Edge, Func, Imm, Inline, Inst, Loc, LocData, Module, Op, Ty, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// Callees up to this many instructions go wherever they are called.
const SMALL: usize = 60;
/// Callees up to this many go where they are called if that is the only place.
const SINGLE: usize = 400;
/// A caller does not grow beyond this many by inlining, `inline="always"` aside.
const LARGEST: usize = 4000;

/// Inlines over the module and drops functions that are no longer called.
pub fn run(module: &mut Module) {
    let (order, recursive) = calls::order(module);
    let mut counts = vec![0usize; module.funcs.len()];
    for callee in module.funcs.iter().flat_map(calls::callees) {
        if let Some(n) = counts.get_mut(callee) {
            *n += 1;
        }
    }
    // Calls of functions that only read stay until those that were made before are known.
    let readers = Readers::of(module, &order, &recursive);
    let none = Readers::default();
    for (later, readers) in [(&readers, &readers), (&none, &none)] {
        for &caller in &order {
            let Some(slot) = module.funcs.get_mut(caller) else { continue };
            let placeholder = Func::new("", "", no_place());
            let mut func = std::mem::replace(slot, placeholder);
            if !func.options.debug && inline_calls(&mut func, module, &recursive, &counts, later) {
                cleanup::run_with(&mut func, readers);
            }
            if let Some(slot) = module.funcs.get_mut(caller) {
                *slot = func;
            }
        }
    }
    drop_unused(module);
}

/// The place of a function that stands in for one that is being changed.
pub fn no_place() -> LocData {
    let none: Arc<str> = Arc::from("");
    LocData { function: none.clone(), file: none, line: 0, column: 0, end_line: 0, end_column: 0, inlined_at: None }
}

/// Number of instructions.
pub fn size(func: &Func) -> usize {
    func.order.iter().map(|&b| func.blocks[b].insts.len()).sum()
}

fn is_inlined(caller: &Func, body: &Func, calls: usize, grown: usize) -> bool {
    let (a, b) = (&caller.options, &body.options);
    // Such a function waits for the maps that may go into it.
    if !body.reads_once.is_empty() {
        return false;
    }
    let relaxations_fit = a.fastmath == b.fastmath || !b.fastmath.any();
    if !relaxations_fit || a.exact_math != b.exact_math || b.debug {
        return false;
    }
    let size = size(body);
    match b.inline {
        Inline::Never => false,
        Inline::Always => true,
        Inline::Auto => (size <= SMALL || (calls == 1 && size <= SINGLE)) && grown + size <= LARGEST,
    }
}

/// Inlines the calls of one function; says whether there were any.
fn inline_calls(func: &mut Func, module: &Module, recursive: &[bool], calls: &[usize], later: &Readers) -> bool {
    let mut grown = size(func);
    let mut renames: Vec<(Value, Value)> = Vec::new();
    let mut changed = false;
    let mut work: Vec<Block> = func.order.clone();
    while let Some(block) = work.pop() {
        let found = func.blocks[block].insts.iter().enumerate().find_map(|(at, &inst)| {
            let k = callee(func, inst)?;
            let body = module.funcs.get(k).filter(|_| recursive.get(k) == Some(&false) && !later.has(k))?;
            // A loop in it would no longer be interrupted where that is caught.
            let stays = func.insts[inst].attempted && Cfg::new(body).has_loop();
            (!stays && is_inlined(func, body, calls.get(k).copied().unwrap_or(0), grown)).then_some((at, body))
        });
        if let Some((at, body)) = found {
            grown += size(body);
            changed = true;
            // The rest of the block may hold more calls; the body's own calls were looked at in its turn.
            let attempted = func.blocks[block].insts.get(at).is_some_and(|&i| func.insts[i].attempted);
            work.push(match attempted {
                true => splice_attempt(func, block, at, body, &mut renames),
                false => splice(func, block, at, body, &mut renames),
            });
        }
    }
    let mut all = Renames::new(func);
    for (from, to) in renames {
        all.set(from, to);
    }
    all.apply(func);
    changed
}

/// Replaces a call that is attempted by the callee's body: what fails in it ends the attempt.
fn splice_attempt(func: &mut Func, block: Block, at: usize, body: &Func, renames: &mut Vec<(Value, Value)>) -> Block {
    let Some(&call) = func.blocks[block].insts.get(at) else { return block };
    let Some(flag) = func.insts[call].results.pop() else { return block };
    func.insts[call].attempted = false;
    let loc = func.insts[call].loc;
    let first = func.blocks.len();
    let rest = splice(func, block, at, body, renames);
    // What follows is reached with the result and the flag.
    let mut types: Vec<Ty> = Vec::new();
    for &param in &func.blocks[rest].params {
        types.push(func.ty(param).clone());
    }
    let known = func.add_param(rest, Ty::Bool);
    renames.push((flag, known));
    let copied: Vec<Block> = (first..func.blocks.len()).map(Block::new).filter(|b| *b != rest).collect();
    for &from in &copied {
        let Some(jump) = func.terminator(from) else { continue };
        if func.insts[jump].edges.iter().any(|edge| edge.block == rest) {
            let yes = constant(func, from, true, loc);
            for edge in func.insts[jump].edges.iter_mut().filter(|edge| edge.block == rest) {
                edge.args.push(yes);
            }
        }
    }
    let caught = func.add_block();
    let mut b = Builder::new(func, caught, loc);
    let mut args: Vec<Value> = types.into_iter().map(|ty| b.value(Op::Undef, Imm::None, vec![], ty)).collect();
    args.push(b.constant(Const::Bool(false), Ty::Bool));
    b.jump(rest, args);
    coachwhip_ir::attempt::catch(func, &copied, caught, &|_| true);
    rest
}

/// A bool before the end of a block.
fn constant(func: &mut Func, block: Block, value: bool, loc: Loc) -> Value {
    let inst = func.make_inst(Op::Const, Imm::Const(Const::Bool(value)), vec![], &[Ty::Bool], vec![], loc);
    let end = func.blocks[block].insts.len().saturating_sub(1);
    func.blocks[block].insts.insert(end, inst);
    func.insts[inst].results.first().copied().unwrap_or(Value::new(0))
}

/// Replaces a call by the callee's body; returns the block that holds what followed the call.
pub fn splice(func: &mut Func, block: Block, at: usize, body: &Func, renames: &mut Vec<(Value, Value)>) -> Block {
    let rest = func.add_block();
    let mut tail = func.blocks[block].insts.split_off(at);
    let call = tail.remove(0);
    func.blocks[rest].insts = tail;
    let call = func.insts[call].clone();
    let mut copies = Copies::default();
    for (&param, &arg) in body.entry_params().iter().zip(&call.args) {
        copies.values.insert(param, arg);
    }
    let mut places: HashMap<Loc, Loc> = HashMap::new();
    let mut place = |func: &mut Func, loc: Loc| inlined_place(func, body, loc, call.loc, &mut places);
    copy_blocks(func, Some(body), &body.order, &mut copies, &mut place);
    if func.options.fastmath.any() && !body.options.fastmath.any() {
        copies.insts.values().for_each(|&inst| keep_strict(func, inst));
    }
    let entry = copies.block(body.entry);
    let jump = func.make_inst(Op::Jump, Imm::None, vec![], &[], vec![Edge { block: entry, args: vec![] }], call.loc);
    func.blocks[block].insts.push(jump);
    if let Some(&result) = call.results.first() {
        renames.push((result, result_value(func, rest, result, call.loc)));
    }
    let takes_result = !func.blocks[rest].params.is_empty();
    for copied in body.order.iter().map(|&b| copies.block(b)) {
        finish_block(func, copied, rest, takes_result);
    }
    rest
}

/// Arithmetic from a function without relaxations stays so in one that has some.
fn keep_strict(func: &mut Func, inst: Inst) {
    let data = &func.insts[inst];
    let of_numbers = |&v: &Value| func.ty(v).dtype().is_some();
    let computes = data.op.effects().is_pure() && data.op != Op::Const && data.imm == Imm::None;
    if computes && !data.op.is_terminator() && data.args.iter().all(of_numbers) {
        func.insts[inst].imm = Imm::Strict;
    }
}

/// A return becomes a jump; a cell is made once, in the function's entry: loops do not make the stack grow.
fn finish_block(func: &mut Func, block: Block, rest: Block, takes_result: bool) {
    if let Some(t) = func.terminator(block).filter(|&t| func.insts[t].op == Op::Return) {
        let data = &mut func.insts[t];
        data.op = Op::Jump;
        let args = std::mem::take(&mut data.args);
        data.edges = vec![Edge { block: rest, args: if takes_result { args } else { vec![] } }];
    }
    let (cells, others): (Vec<Inst>, Vec<Inst>) =
        func.blocks[block].insts.iter().partition(|&&i| func.insts[i].op == Op::CellNew);
    if !cells.is_empty() {
        func.blocks[block].insts = others;
        func.blocks[func.entry].insts.splice(0..0, cells);
    }
}

/// What stands for the call's result: a parameter of the block after it, or a constant if it has no machine form.
fn result_value(func: &mut Func, rest: Block, result: Value, loc: Loc) -> Value {
    let ty = func.ty(result).clone();
    let (op, imm) = match &ty {
        Ty::Lit(c) => (Op::Const, Imm::Const(c.clone())),
        Ty::None => (Op::Const, Imm::Const(Const::None)),
        Ty::Never => (Op::Undef, Imm::None),
        _ => return func.add_param(rest, ty),
    };
    let inst = func.make_inst(op, imm, vec![], &[ty], vec![], loc);
    func.blocks[rest].insts.insert(0, inst);
    func.insts[inst].results.first().copied().unwrap_or(result)
}

/// A place of the callee in the caller's table, inlined at the call.
fn inlined_place(func: &mut Func, body: &Func, loc: Loc, call: Loc, done: &mut HashMap<Loc, Loc>) -> Loc {
    if let Some(&known) = done.get(&loc) {
        return known;
    }
    let mut data = body.locs[loc].clone();
    data.inlined_at = Some(match data.inlined_at {
        Some(outer) => inlined_place(func, body, outer, call, done),
        None => call,
    });
    let new = func.locs.push(data);
    done.insert(loc, new);
    new
}

/// Drops functions that the root no longer reaches, and renumbers the calls.
pub fn drop_unused(module: &mut Module) {
    let mut numbers: Vec<Option<u32>> = vec![None; module.funcs.len()];
    let mut work = vec![0];
    while let Some(k) = work.pop() {
        let (Some(func), Some(number @ None)) = (module.funcs.get(k), numbers.get_mut(k)) else { continue };
        *number = Some(0);
        work.extend(mentioned(func));
    }
    for (next, number) in numbers.iter_mut().flatten().enumerate() {
        *number = next as u32;
    }
    let mut flags = numbers.iter();
    module.funcs.retain(|_| flags.next().is_some_and(Option::is_some));
    for func in &mut module.funcs {
        for inst in func.insts.values_mut() {
            if let Imm::Func(k) | Imm::Kernel(k, _) = &mut inst.imm {
                *k = numbers.get(*k as usize).copied().flatten().unwrap_or(*k);
            }
        }
    }
}

/// The functions that any instruction names.
fn mentioned(func: &Func) -> Vec<usize> {
    let insts = func.order.iter().flat_map(|&b| func.blocks[b].insts.iter());
    let number = |&i: &Inst| match func.insts[i].imm {
        Imm::Func(k) | Imm::Kernel(k, _) => Some(k as usize),
        _ => None,
    };
    insts.filter_map(number).collect()
}
