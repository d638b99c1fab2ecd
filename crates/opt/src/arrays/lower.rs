//! `map` and `map_into` become loops with the kernel in their body.

use super::loops::{Open, close, open};
use super::target::{broadcast, shape};
use crate::inline::{callees, callees_first, no_place, splice};
use coachwhip_ir::{ArrayTy, Block, Builder, Func, Imm, Inst, InstData, Layout, Module, Op, Ty, Value};

/// Lowers every map of the module.
pub fn run(module: &mut Module) {
    if !module.funcs.iter().any(has_maps) {
        return;
    }
    let graph: Vec<Vec<usize>> = module.funcs.iter().map(callees).collect();
    let (order, recursive) = callees_first(&graph);
    for &number in &order {
        let Some(slot) = module.funcs.get_mut(number).filter(|func| has_maps(func)) else { continue };
        let mut func = std::mem::replace(slot, Func::new("", "", no_place()));
        let mut work: Vec<Block> = func.order.clone();
        while let Some(block) = work.pop() {
            let found = func.blocks[block].insts.iter().position(|&i| is_map(&func, i));
            work.extend(found.map(|at| lower(&mut func, module, &recursive, block, at)));
        }
        if let Some(slot) = module.funcs.get_mut(number) {
            *slot = func;
        }
    }
    crate::inline::drop_unused(module);
}

fn is_map(func: &Func, inst: Inst) -> bool {
    matches!(func.insts[inst].op, Op::Map | Op::MapInto)
}

fn has_maps(func: &Func) -> bool {
    func.order.iter().any(|&block| func.blocks[block].insts.iter().any(|&i| is_map(func, i)))
}

/// The kernel: its number, and its body if it is to be put into the loop.
struct Kernel<'m> {
    number: u32,
    body: Option<&'m Func>,
    ret: Ty,
}

/// Lowers one map; returns the block that holds what followed it.
fn lower(func: &mut Func, module: &Module, recursive: &[bool], block: Block, at: usize) -> Block {
    let mut tail = func.blocks[block].insts.split_off(at);
    let data = func.insts[tail.remove(0)].clone();
    let Imm::Func(number) = data.imm else { return block };
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
    rest
}

/// Allocates the result and fills it.
fn map(b: &mut Builder<'_>, data: &InstData, kernel: &Kernel<'_>) {
    let Some((&result, ty)) = data.results.first().and_then(|r| Some((r, b.func.ty(*r).array()?))) else { return };
    let (sizes, args) = data.args.split_at(ty.ndim as usize);
    let fresh = b.func.make_inst(Op::Alloc, Imm::None, sizes.to_vec(), &[], vec![], b.loc);
    b.func.insts[fresh].results.push(result);
    b.func.values[result].def = coachwhip_ir::func::Def::Result(fresh, 0);
    b.func.blocks[b.block].insts.push(fresh);
    fill(b, result, ty, sizes, args, kernel);
}

/// Fills an array by way of a fresh one.
fn map_into(b: &mut Builder<'_>, data: &InstData, kernel: &Kernel<'_>) {
    let Some((&target, args)) = data.args.split_first() else { return };
    let Some(ty) = b.func.ty(target).array() else { return };
    let sizes = shape(b, target, ty);
    let fresh_ty = ArrayTy { layout: Layout::C, readonly: false, ..ty };
    let fresh = b.value(Op::Alloc, Imm::None, sizes.clone(), Ty::Array(fresh_ty));
    fill(b, fresh, fresh_ty, &sizes, args, kernel);
    let (loops, index) = nest(b, &sizes);
    let element = b.value(Op::Load, Imm::None, [&[fresh], &*index].concat(), Ty::Scalar(ty.dtype));
    b.inst(Op::Store, Imm::None, [&[target], &*index, &[element]].concat(), &[]);
    loops.into_iter().rev().for_each(|l| close(b, l));
}

fn nest(b: &mut Builder<'_>, sizes: &[Value]) -> (Vec<Open>, Vec<Value>) {
    let loops: Vec<Open> = sizes.iter().map(|&n| open(b, n)).collect();
    let index = loops.iter().map(|l| l.index).collect();
    (loops, index)
}

/// The loops over the elements of a result.
fn fill(b: &mut Builder<'_>, target: Value, ty: ArrayTy, sizes: &[Value], args: &[Value], kernel: &Kernel<'_>) {
    let mut sources = Vec::new();
    for &arg in args {
        let array = b.func.ty(arg).array();
        sources.push(match array {
            Some(array) => (broadcast(b, arg, array, sizes), Some(Ty::Scalar(array.dtype))),
            None => (arg, None),
        });
    }
    let (loops, index) = nest(b, sizes);
    let mut given = Vec::new();
    for (source, element) in sources {
        given.push(match element {
            Some(ty) => b.value(Op::Load, Imm::None, [&[source], &*index].concat(), ty),
            None => source,
        });
    }
    let value = apply(b, kernel, given, ty);
    b.inst(Op::Store, Imm::None, [&[target], &*index, &[value]].concat(), &[]);
    loops.into_iter().rev().for_each(|l| close(b, l));
}

/// The kernel's result for some elements.
fn apply(b: &mut Builder<'_>, kernel: &Kernel<'_>, args: Vec<Value>, target: ArrayTy) -> Value {
    let result = b.value(Op::Call, Imm::Func(kernel.number), args, kernel.ret.clone());
    let mut value = result;
    if let Some(body) = kernel.body {
        let at = b.func.blocks[b.block].insts.len() - 1;
        let mut renames = Vec::new();
        b.block = splice(b.func, b.block, at, body, &mut renames);
        value = renames.first().map_or(value, |&(_, to)| to);
    }
    if kernel.ret != Ty::Never {
        return value;
    }
    // A kernel that always fails: no element is ever stored.
    b.value(Op::Undef, Imm::None, vec![], Ty::Scalar(target.dtype))
}
