//! Maps into functions that read each element of an argument once.
//!
//! The function is copied for the map: instead of the array it takes the map's operands, and where it read an element,
//! it reads those of the operands and applies the kernel.  In the copy, the array is a map again, at first; so a function that
//! passes its argument on needs nothing more than one that reads it.
//!
//! The operands have the sizes of the array there, or have single axes where that is known when compiling; an
//! operand of which it is not known is copied to full size, rarely, where the function is called.  A view that is all
//! elements of a contiguous array in one row is taken apart in the same way: each operand becomes such a view.

use super::build::{either_value, field, int};
use super::compose::{alike, arguments, first_argument, short};
use super::fuse::Fusion;
use super::nest::call_kernel;
use super::operand::{Axis, Operand, product, row};
use super::sites::Sites;
use crate::edit::operands;
use crate::inline::size;
use coachwhip_ir::dominators::inst_blocks;
use coachwhip_ir::func::Def;
use coachwhip_ir::{ArrayTy, Block, Builder, Func, Imm, Inst, InstData, Layout, Loc, Op, Ty, Value};
use std::collections::HashSet;

/// What a copy of a function is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    callee: u32,
    /// The parameter that was an array.
    param: usize,
    kernel: u32,
    /// Types of the operands that stand for it.
    types: Vec<Ty>,
    /// For each array operand, which of the array's axes it has in full.
    full: Vec<Vec<bool>>,
    /// The array's type.
    array: ArrayTy,
}

/// A callee grows by the kernel at each place that reads an element; not beyond this.
const LARGEST: usize = 1200;

/// The calls behind a user of a map's result: itself, or those that take a view of all elements.  `None` if
/// somebody else uses it.
pub fn consumers(
    fusion: &Fusion<'_>,
    number: usize,
    func: &Func,
    sites: &Sites,
    result: Value,
    user: Inst,
    found: &mut Vec<Inst>,
) -> Option<()> {
    let data = &func.insts[user];
    match data.op {
        Op::Call => {
            takes(fusion, number, func, user, result, result)?;
            found.push(user);
        }
        Op::Load if fusion.exact.contains_key(&(number, result)) => found.push(user),
        Op::Field if data.imm == Imm::Int(0) => {
            let &start = data.results.first()?;
            sites.users(start).iter().all(|&user| is_row(func, user, result)).then_some(())?;
        }
        Op::View if is_row(func, user, result) => {
            flattens(func, result)?;
            let &view = data.results.first()?;
            for &call in sites.users(view) {
                if func.insts[call].op != Op::Call {
                    return None;
                }
                takes(fusion, number, func, call, view, result)?;
                found.push(call);
            }
        }
        _ => return None,
    }
    Some(())
}

/// Whether an instruction is the view of all elements of a contiguous array in a row.
fn is_row(func: &Func, inst: Inst, array: Value) -> bool {
    let data = &func.insts[inst];
    let (Op::View, Some(ty), [base, start, count, _]) = (data.op, func.ty(array).array(), data.args.as_slice()) else {
        return false;
    };
    let starts = func.def_inst(*start).map(|i| &func.insts[i]);
    *base == array
        && ty.layout != Layout::A
        && data.results.first().and_then(|&r| func.ty(r).array()).is_some_and(|v| v.ndim == 1 && v.layout == Layout::C)
        && starts.is_some_and(|s| s.op == Op::Field && s.imm == Imm::Int(0) && s.args == [array])
        && is_total(func, *count, array)
}

/// Whether a number is the product of an array's sizes.
fn is_total(func: &Func, count: Value, array: Value) -> bool {
    let Some(made) = func.def_inst(array).map(|i| &func.insts[i]) else { return false };
    let mut wanted: Vec<Value> = made.args.get(..first_argument(func, made)).unwrap_or(&[]).to_vec();
    let mut factors = vec![count];
    while let Some(factor) = factors.pop() {
        if let Some(at) = wanted.iter().position(|&n| n == factor) {
            wanted.swap_remove(at);
            continue;
        }
        match func.def_inst(factor).map(|i| &func.insts[i]) {
            Some(product) if product.op.wrapping() == Op::Mul => factors.extend(&product.args),
            _ => return false,
        }
    }
    wanted.is_empty()
}

/// Whether the operands of a map can be taken in one row of all elements: those that are not single elements have its
/// layout and its axes.
fn flattens(func: &Func, result: Value) -> Option<()> {
    let inst = func.def_inst(result)?;
    let ty = func.ty(result).array()?;
    for operand in map_operands(func, &func.insts[inst]).iter().flatten() {
        let fine = operand.is_single() || operand.ty.ndim == ty.ndim && operand.is_flat(ty.layout);
        fine.then_some(())?;
    }
    Some(())
}

/// The array operands of a map; `None` for the others.
fn map_operands(func: &Func, data: &InstData) -> Vec<Option<Operand>> {
    let sizes = data.args.get(..first_argument(func, data)).unwrap_or(&[]);
    let operand = |&arg: &Value| func.ty(arg).array().map(|ty| Operand::new(func, arg, ty, sizes));
    arguments(func, data).iter().map(operand).collect()
}

/// The same with what is known about the map from where its function is called.
fn known_operands(fusion: &Fusion<'_>, number: usize, func: &Func, map: Inst) -> Vec<Option<Operand>> {
    let data = &func.insts[map];
    let mut found = map_operands(func, data);
    let exact = data.results.first().and_then(|&result| fusion.exact.get(&(number, result)));
    for (operand, full) in found.iter_mut().flatten().zip(exact.into_iter().flatten()) {
        operand.axes = full.iter().map(|&f| if f { Axis::Full } else { Axis::Single }).collect();
    }
    found
}

/// Whether a call takes the array (the result of a map, or a row of all its elements) once, and its callee reads it in
/// ways that the map can replace.
fn takes(fusion: &Fusion<'_>, number: usize, func: &Func, call: Inst, array: Value, result: Value) -> Option<()> {
    let (data, map) = (&func.insts[call], func.def_inst(result)?);
    let (Imm::Func(callee), Imm::Func(kernel)) = (&data.imm, &func.insts[map].imm) else { return None };
    let mut at = data.args.iter().enumerate().filter(|(_, a)| **a == array).map(|(i, _)| i);
    let (param, None) = (at.next()?, at.next()) else { return None };
    let bodies = (fusion.module.funcs.get(*callee as usize)?, fusion.module.funcs.get(*kernel as usize)?);
    let loads = bodies.0.insts.values().filter(|data| data.op == Op::Load).count();
    let small = loads * size(bodies.1) + size(bodies.0) <= LARGEST;
    // Without an operand of all sizes nobody would know them.
    let sized = known_operands(fusion, number, func, map).iter().flatten().any(|o| !o.axes.contains(&Axis::Single));
    // A function that is being looked at has no body at the moment.
    let fits = small && sized && *callee as usize != number && alike(bodies.0, bodies.1);
    // What such a function passes its argument on to may do with it what it does itself.
    let marked = fusion.exact.contains_key(&(number, result)) || reads_once(bodies.0, param);
    (fits && marked && reads(fusion, *callee, param, &mut HashSet::new())).then_some(())
}

/// Whether a function is marked as one that reads each element of a parameter once.
fn reads_once(body: &Func, param: usize) -> bool {
    let name = param.checked_sub(body.captures.len()).and_then(|i| body.params.names.get(i));
    name.is_some_and(|name| body.reads_once.contains(name))
}

/// Whether a function looks at nothing but sizes and elements of a parameter, or passes it on to functions that do.
fn reads(fusion: &Fusion<'_>, callee: u32, param: usize, seen: &mut HashSet<(u32, usize)>) -> bool {
    if !seen.insert((callee, param)) {
        return true;
    }
    let Some(body) = fusion.module.funcs.get(callee as usize) else { return false };
    let Some(&array) = body.entry_params().get(param) else { return false };
    let users = body.order.iter().flat_map(|&b| body.blocks[b].insts.iter().copied());
    users.filter(|&i| operands(body, i).any(|v| v == array)).all(|inst| {
        let data = &body.insts[inst];
        let ndim = body.ty(array).array().map_or(0, |a| i64::from(a.ndim));
        match (data.op, &data.imm) {
            (Op::Field, Imm::Int(index)) => (2..2 + ndim).contains(index),
            (Op::Load, _) => true,
            (Op::Map, _) => true,
            (Op::MapInto, _) => data.args.first() != Some(&array),
            (Op::Call, Imm::Func(next)) => {
                let mut at = data.args.iter().enumerate().filter(|(_, a)| **a == array).map(|(i, _)| i);
                matches!((at.next(), at.next()), (Some(i), None) if reads(fusion, *next, i, seen))
            }
            _ => false,
        }
    })
}

/// Puts a map into the function that a call names.
pub fn join_call(fusion: &mut Fusion<'_>, number: usize, func: &mut Func, map: Inst, call: Inst) -> bool {
    let (data, taker) = (func.insts[map].clone(), func.insts[call].clone());
    let (Imm::Func(kernel), Imm::Func(callee), Some(&result)) = (&data.imm, &taker.imm, data.results.first()) else {
        return false;
    };
    let is_view = |&arg: &Value| func.def_inst(arg).is_some_and(|i| is_row(func, i, result));
    let Some(param) = taker.args.iter().position(|arg| *arg == result || is_view(arg)) else { return false };
    let flat = taker.args.get(param) != Some(&result);
    let Some(ty) = taker.args.get(param).and_then(|&a| func.ty(a).array()) else { return false };
    let sizes = data.args.get(..first_argument(func, &data)).unwrap_or(&[]).to_vec();
    let mut given = known_operands(fusion, number, func, map);
    let exact = fusion.exact.contains_key(&(number, result));
    let Some((block, at)) = place_of(func, call) else { return false };
    let tail = func.blocks[block].insts.split_off(at);
    let mut b = Builder::new(func, block, taker.loc);
    let mut values = Vec::new();
    let mut full = Vec::new();
    for (operand, &arg) in given.iter_mut().zip(arguments_of(&data, sizes.len())) {
        let Some(operand) = operand else {
            values.push(arg);
            continue;
        };
        if operand.is_single() {
            values.push(operand.only_element(&mut b));
            continue;
        }
        if !exact {
            expand(fusion, &mut b, operand, &sizes);
        }
        full.push(if flat { vec![true] } else { operand.axes.iter().map(|a| *a != Axis::Single).collect() });
        values.push(if flat { flattened(&mut b, operand, &sizes) } else { operand.array });
    }
    let end = b.block;
    func.blocks[end].insts.extend(tail);
    let types = values.iter().map(|&v| func.ty(v).clone()).collect();
    let request = Request { callee: *callee, param, kernel: *kernel, types, full, array: ty };
    let Some(clone) = clone(fusion, request) else { return false };
    let data = &mut func.insts[call];
    data.imm = Imm::Func(clone);
    data.args.splice(param..=param, values);
    true
}

fn arguments_of(data: &InstData, first: usize) -> &[Value] {
    data.args.get(first..).unwrap_or(&[])
}

fn place_of(func: &Func, inst: Inst) -> Option<(Block, usize)> {
    let block = inst_blocks(func).lookup(inst).copied().flatten()?;
    func.blocks[block].insts.iter().position(|&i| i == inst).map(|at| (block, at))
}

/// All elements of an operand in a row.
fn flattened(b: &mut Builder<'_>, operand: &Operand, sizes: &[Value]) -> Value {
    let total = product(b, sizes);
    let start = field(b, operand.array, 0, Ty::Ptr(None));
    row(b, operand.array, operand.ty, start, total, None)
}

/// Makes an operand one of full size where that is decided at run time.
fn expand(fusion: &mut Fusion<'_>, b: &mut Builder<'_>, operand: &mut Operand, sizes: &[Value]) {
    let Some(full) = operand.is_full(b, sizes) else { return };
    let layout = operand.ty.layout;
    let ty = ArrayTy { readonly: false, layout: if layout == Layout::F { Layout::F } else { Layout::C }, ..operand.ty };
    let target = ArrayTy { layout, ..ty };
    let kernel = identity(fusion, Ty::Scalar(ty.dtype), b.func);
    let array = operand.array;
    let joined = either_value(
        b,
        full,
        |b| super::lower::retyped(b, array, operand.ty, target),
        |b| {
            let args = [sizes, &[array]].concat();
            let copy = b.value(Op::Map, Imm::Func(kernel), args, Ty::Array(ty));
            super::lower::retyped(b, copy, ty, target)
        },
        Ty::Array(target),
    );
    operand.array = joined;
    operand.ty = target;
}

/// The kernel that returns what it is given.
fn identity(fusion: &mut Fusion<'_>, ty: Ty, like: &Func) -> u32 {
    let place = like.locs[Loc(0)].clone();
    let mut made = Func::new(short("cw_identity".into(), fusion.module.funcs.len()), "identity", place);
    made.options = like.options.clone();
    made.ret = ty.clone();
    let entry = made.entry;
    let value = made.add_param(entry, ty);
    Builder::new(&mut made, entry, Loc(0)).ret(value);
    fusion.add(made, false)
}

/// The function for a request: the callee with the map at its beginning.
fn clone(fusion: &mut Fusion<'_>, request: Request) -> Option<u32> {
    if let Some(&known) = fusion.clones.get(&request) {
        return Some(known);
    }
    let mut made = fusion.module.funcs.get(request.callee as usize)?.clone();
    made.symbol = short(made.symbol, fusion.module.funcs.len());
    let entry = made.entry;
    let old = std::mem::take(&mut made.blocks[entry].params);
    let &array = old.get(request.param)?;
    let mut values = Vec::new();
    for (position, &param) in old.iter().enumerate() {
        if position == request.param {
            values = request.types.iter().map(|ty| made.add_param(entry, ty.clone())).collect();
        } else {
            made.values[param].def = Def::Param(entry, made.blocks[entry].params.len() as u32);
            made.blocks[entry].params.push(param);
        }
    }
    rename_params(&mut made, &request, values.len());
    begin_with_map(&mut made, array, &values, &request)?;
    let recursive = fusion.recursive.get(request.callee as usize) != Some(&false);
    let number = fusion.add(made, recursive);
    fusion.exact.insert((number as usize, array), request.full.clone());
    fusion.clones.insert(request, number);
    Some(number)
}

/// The names of parameters go with their positions: those that stand for the array have none of their own.
fn rename_params(made: &mut Func, request: &Request, count: usize) {
    made.captures.clear();
    let at = request.param.min(made.params.names.len());
    let end = (request.param + 1).min(made.params.names.len());
    let names = (0..count).map(|i| std::sync::Arc::from(format!("{i}"))).collect::<Vec<_>>();
    made.params.names.splice(at..end, names);
    made.params.defaults.clear();
}

/// The array is a map of the operands again.
fn begin_with_map(made: &mut Func, array: Value, values: &[Value], request: &Request) -> Option<()> {
    let entry = made.entry;
    let rest = std::mem::take(&mut made.blocks[entry].insts);
    let mut arrays = values.iter().copied().filter(|&v| made.ty(v).array().is_some());
    let at = request.full.iter().position(|axes| axes.iter().all(|f| *f))?;
    let sized = arrays.nth(at)?;
    let mut b = Builder::new(made, entry, Loc(0));
    let mut args = Vec::new();
    for axis in 0..request.array.ndim as usize {
        args.push(field(&mut b, sized, 2 + axis, Ty::Int));
    }
    args.extend(values);
    let map = b.func.make_inst(Op::Map, Imm::Func(request.kernel), args, &[], vec![], Loc(0));
    b.func.insts[map].results.push(array);
    b.func.values[array].def = Def::Result(map, 0);
    let layout = if request.array.layout == Layout::A { Layout::C } else { request.array.layout };
    let ty = ArrayTy { readonly: false, layout, ..request.array };
    (Ty::Array(ty) == *b.func.ty(array)).then_some(())?;
    b.func.blocks[entry].insts.push(map);
    b.func.blocks[entry].insts.extend(rest);
    Some(())
}

/// Reads the operands and applies the kernel where an element of the map was read.
pub fn join_load(fusion: &Fusion<'_>, number: usize, func: &mut Func, map: Inst, load: Inst) -> bool {
    let (data, read) = (func.insts[map].clone(), func.insts[load].clone());
    let (Imm::Func(kernel), Some(&result)) = (&data.imm, read.results.first()) else { return false };
    let Some(body) = fusion.module.funcs.get(*kernel as usize) else { return false };
    let Some((block, at)) = place_of(func, load) else { return false };
    let mut tail = func.blocks[block].insts.split_off(at);
    tail.remove(0);
    let given = known_operands(fusion, number, func, map);
    let index = read.args.get(1..).unwrap_or(&[]).to_vec();
    let mut b = Builder::new(func, block, read.loc);
    let mut args = Vec::new();
    for (operand, &arg) in given.iter().zip(arguments_of(&data, index.len())) {
        args.push(match operand {
            None => arg,
            Some(operand) => {
                let zero = int(&mut b, 0);
                let missing = index.len().saturating_sub(operand.ty.ndim as usize);
                let axes = operand.axes.iter().zip(&index).skip(missing);
                let own: Vec<Value> = axes.map(|(a, &i)| if *a == Axis::Single { zero } else { i }).collect();
                super::build::load(&mut b, operand.array, operand.ty, &own)
            }
        });
    }
    let value = call_kernel(&mut b, *kernel, body, &fusion.recursive, args);
    let end = b.block;
    func.blocks[end].insts.extend(tail);
    let mut renames = crate::edit::Renames::new(func);
    renames.set(result, value);
    renames.apply(func);
    true
}
