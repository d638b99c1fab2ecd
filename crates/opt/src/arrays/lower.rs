//! `map` and `map_into` become loops with the kernel in their body.

use super::build::{either, either_value, field, int};
use super::copy::copy;
use super::facts::{Provenance, stride_from};
use super::nest::{Kernel, fill};
use super::operand::{Axis, Operand};
use super::overlap::conflict;
use crate::inline::no_place;
use coachwhip_ir::calls;
use coachwhip_ir::entity::Entity;
use coachwhip_ir::func::Def;
use coachwhip_ir::{ArrayTy, Block, Builder, Const, Func, Imm, Inst, InstData, Layout, Module, Op, Rule, Ty, Value};

/// Lowers every map of the module.
pub fn run(module: &mut Module) {
    if !module.funcs.iter().any(has_maps) {
        return;
    }
    let (order, recursive) = calls::order(module);
    for &number in &order {
        let Some(slot) = module.funcs.get_mut(number).filter(|func| has_maps(func)) else { continue };
        let mut func = std::mem::replace(slot, Func::new("", "", no_place()));
        let mut work: Vec<Block> = func.order.clone();
        while let Some(block) = work.pop() {
            let found = func.blocks[block].insts.iter().position(|&i| is_map(&func, i));
            work.extend(found.and_then(|at| lower(&mut func, module, &recursive, block, at)));
        }
        if let Some(slot) = module.funcs.get_mut(number) {
            *slot = func;
        }
    }
    crate::inline::drop_unused(module);
}

fn is_map(func: &Func, inst: Inst) -> bool {
    func.insts[inst].op.rule() == Rule::Map
}

fn has_maps(func: &Func) -> bool {
    func.order.iter().any(|&block| func.blocks[block].insts.iter().any(|&i| is_map(func, i)))
}

/// Lowers one map; returns the block that holds what followed it.
fn lower(func: &mut Func, module: &Module, recursive: &[bool], block: Block, at: usize) -> Option<Block> {
    let mut tail = func.blocks[block].insts.split_off(at);
    let data = func.insts[tail.remove(0)].clone();
    let Imm::Func(number) = data.imm else { return None };
    if data.attempted {
        return Some(attempt(func, module, recursive, block, (data, tail)));
    }
    let body = module.funcs.get(number as usize);
    let ret = body.map_or(Ty::Never, |f| f.ret.clone());
    let inlined = !func.options.debug && recursive.get(number as usize) == Some(&false);
    let kernel = Kernel { number, body: body.filter(|_| inlined), ret };
    let mut b = Builder::new(func, block, data.loc);
    match data.op {
        Op::Map => map(&mut b, &data, &kernel),
        _ => map_into(&mut b, &data, &kernel),
    }
    let rest = b.block;
    func.blocks[rest].insts.extend(tail);
    Some(rest)
}

/// Lowers a map that is attempted: by itself, and what fails in the loop ends the attempt.
fn attempt(
    func: &mut Func,
    module: &Module,
    recursive: &[bool],
    block: Block,
    (mut data, tail): (InstData, Vec<Inst>),
) -> Block {
    let results = std::mem::take(&mut data.results);
    let first = func.blocks.len();
    let own = func.add_block();
    Builder::new(func, block, data.loc).jump(own, vec![]);
    // The loop makes an array of its own; the map's results are met after it.
    let array = results.split_last().and_then(|(_, own)| own.first()).map(|&array| func.ty(array).clone());
    let types: Vec<Ty> = array.clone().into_iter().collect();
    let map = func.make_inst(data.op, data.imm, data.args, &types, vec![], data.loc);
    let made = func.insts[map].results.first().copied();
    func.blocks[own].insts.push(map);
    let last = lower(func, module, recursive, own, 0).unwrap_or(own);
    let (rest, caught) = (func.add_block(), func.add_block());
    for (position, &result) in results.iter().enumerate() {
        func.blocks[rest].params.push(result);
        func.values[result].def = Def::Param(rest, position as u32);
    }
    let mut b = Builder::new(func, last, data.loc);
    let flag = b.constant(Const::Bool(true), Ty::Bool);
    b.jump(rest, made.into_iter().chain([flag]).collect());
    b.block = caught;
    let none = array.map(|ty| b.value(Op::Undef, Imm::None, vec![], ty));
    let flag = b.constant(Const::Bool(false), Ty::Bool);
    b.jump(rest, none.into_iter().chain([flag]).collect());
    let blocks: Vec<Block> =
        (first..func.blocks.len()).map(Block::new).filter(|b| *b != rest && *b != caught).collect();
    coachwhip_ir::attempt::catch(func, &blocks, caught, &|_| true);
    func.blocks[rest].insts.extend(tail);
    rest
}

/// Allocates the result and fills it.
fn map(b: &mut Builder<'_>, data: &InstData, kernel: &Kernel<'_>) {
    let Some(&result) = data.results.first() else { return };
    let ndim = b.func.ty(result).array().map_or(0, |ty| ty.ndim as usize);
    let (sizes, args) = data.args.split_at(ndim.min(data.args.len()));
    let fresh = b.func.make_inst(Op::Alloc, Imm::None, sizes.to_vec(), &[], vec![], b.loc);
    b.func.insts[fresh].results.push(result);
    b.func.values[result].def = Def::Result(fresh, 0);
    b.func.blocks[b.block].insts.push(fresh);
    write(b, result, sizes, args, kernel);
}

/// Fills an array that shares no memory with the operands, or is one of them.
fn write(b: &mut Builder<'_>, target: Value, sizes: &[Value], args: &[Value], kernel: &Kernel<'_>) {
    match args {
        &[source] if kernel.is_identity() && copy(b, target, source, sizes) => {}
        _ => fill(b, target, sizes, args, kernel),
    }
}

/// Fills an array that is there; by way of a fresh one if an operand lies where it writes.
fn map_into(b: &mut Builder<'_>, data: &InstData, kernel: &Kernel<'_>) {
    let Some((&target, args)) = data.args.split_first() else { return };
    let Some(ty) = b.func.ty(target).array() else { return };
    let mut sizes = Vec::with_capacity(ty.ndim as usize);
    for axis in 0..ty.ndim as usize {
        sizes.push(field(b, target, 2 + axis, Ty::Int));
    }
    let mut args = args.to_vec();
    let asked = set_aside(b, target, &sizes, &mut args);
    let Some(overlap) = conflict(b, target, &asked) else { return write(b, target, &sizes, &args, kernel) };
    let chosen = choose(b, overlap, ty, &sizes, |_| target);
    let chosen = remade(b, chosen, target, &sizes);
    write(b, chosen, &sizes, &args, kernel);
    let back = |b: &mut Builder<'_>| {
        copy(b, target, chosen, &sizes);
    };
    either(b, overlap, back, |_| {});
}

/// Copies operands of fewer elements than the target if they lie where it writes; returns those that are left to ask about.
fn set_aside(b: &mut Builder<'_>, target: Value, sizes: &[Value], args: &mut [Value]) -> Vec<Value> {
    let mut left = Vec::new();
    for arg in args {
        let Some(ty) = b.func.ty(*arg).array() else { continue };
        let operand = Operand::new(b.func, *arg, ty, sizes);
        // A single element is read before anything is written.
        if operand.is_single() {
            continue;
        }
        if !operand.axes.contains(&Axis::Single) {
            left.push(*arg);
            continue;
        }
        if let Some(overlap) = conflict(b, target, &[*arg]) {
            let own: Vec<Value> = (0..ty.ndim as usize).map(|axis| field(b, *arg, 2 + axis, Ty::Int)).collect();
            let source = *arg;
            let ty = ArrayTy { readonly: false, ..ty };
            let plain = retyped(b, source, b.func.ty(source).array().unwrap_or(ty), ty);
            let copied = choose(b, overlap, ty, &own, |_| plain);
            let fill = |b: &mut Builder<'_>| {
                copy(b, copied, source, &own);
            };
            either(b, overlap, fill, |_| {});
            *arg = remade(b, copied, source, &own);
        }
    }
    left
}

/// A fresh array of the type and these sizes if the condition holds, else another one.
fn choose(
    b: &mut Builder<'_>,
    condition: Value,
    ty: ArrayTy,
    sizes: &[Value],
    otherwise: impl FnOnce(&mut Builder<'_>) -> Value,
) -> Value {
    let fresh_ty = ArrayTy { layout: if ty.layout == Layout::F { Layout::F } else { Layout::C }, ..ty };
    let make = |b: &mut Builder<'_>| {
        let fresh = b.value(Op::Alloc, Imm::None, sizes.to_vec(), Ty::Array(fresh_ty));
        retyped(b, fresh, fresh_ty, ty)
    };
    either_value(b, condition, make, otherwise, Ty::Array(ty))
}

/// The array that is another one or a fresh one like it, with what is known about both: the sizes, and whether the last
/// axis has neighbours.
fn remade(b: &mut Builder<'_>, joined: Value, like: Value, sizes: &[Value]) -> Value {
    let Some(ty) = b.func.ty(joined).array() else { return joined };
    let ndim = ty.ndim as usize;
    let mut args = vec![joined, field(b, joined, 0, Ty::Ptr(None))];
    args.extend(sizes);
    for axis in 0..ndim {
        let unit = i64::from(ty.dtype.size());
        let known = axis + 1 == ndim && stride_from(b.func, like, axis) == Provenance::Const(unit);
        args.push(if known { int(b, unit) } else { field(b, joined, 2 + ndim + axis, Ty::Int) });
    }
    b.value(Op::View, Imm::None, args, Ty::Array(ty))
}

/// An array under another type of the same elements.
pub fn retyped(b: &mut Builder<'_>, array: Value, from: ArrayTy, ty: ArrayTy) -> Value {
    if from == ty {
        return array;
    }
    let mut args = vec![array, field(b, array, 0, Ty::Ptr(None))];
    for index in 2..2 + 2 * from.ndim as usize {
        args.push(field(b, array, index, Ty::Int));
    }
    b.value(Op::View, Imm::None, args, Ty::Array(ty))
}
