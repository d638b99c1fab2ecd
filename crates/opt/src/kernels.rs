//! Decides for each use of vector math where it is computed: in loops that LLVM will widen, the kernel's instructions take
//! its place; everywhere else a call of the C library's function, which is quicker for one number, if it is as accurate.
//!
//! Up to here such a use is one pure instruction.  Both ways are within 1 ulp of the true value, but not always the same.

use crate::analysis::counted::{constant_trips, counter};
use crate::analysis::is_unlikely;
use crate::analysis::{Cfg, Dominators, LoopId, Loops};
use crate::edit::Renames;
use crate::inline::{drop_unused, splice};
use coachwhip_ir::func::Def;
use coachwhip_ir::{Block, Func, Imm, Inst, Loc, Module, Op, Rule, RuntimeFn, Value};
use std::collections::HashSet;

/// Loops of fewer iterations are not worth widening.
const FEW: i64 = 4;

/// Replaces every use of a kernel.
pub fn run(module: &mut Module) {
    if !module.funcs.iter().any(|func| func.order.iter().any(|&b| next_kernel(func, b, true).is_some())) {
        return;
    }
    for number in 0..module.funcs.len() {
        let Some(slot) = module.funcs.get_mut(number) else { continue };
        let placeholder = Func::new("", "", slot.locs[Loc(0)].clone());
        let mut func = std::mem::replace(slot, placeholder);
        settle(&mut func, module);
        if let Some(slot) = module.funcs.get_mut(number) {
            *slot = func;
        }
    }
    drop_unused(module);
}

/// Whether the C library's function may be more than 1 ulp from the true value (glibc 2.36: from 1.4 to 3.7).
fn is_coarse(function: RuntimeFn) -> bool {
    use RuntimeFn::*;
    let double = matches!(function, Acosh | Asinh | Atanh | Cbrt | Cosh | Log10 | Sinh | Tanh);
    let single = matches!(function, Acoshf | Asinhf | Atanhf | Atan2f | Cbrtf | Coshf | Log10f | Sinhf | Tanf | Tanhf);
    double || single
}

/// The first use of a kernel in a block that takes the kernel's place, its position and the kernel's number; in code
/// that is not `wide`, only uses for which the C library will not do.
fn next_kernel(func: &Func, block: Block, wide: bool) -> Option<(usize, usize)> {
    let insts = func.blocks[block].insts.iter().enumerate();
    insts.filter(|&(_, &i)| func.insts[i].op == Op::Kernel).find_map(|(at, &i)| match func.insts[i].imm {
        Imm::Kernel(number, function) if wide || is_coarse(function) => Some((at, number as usize)),
        _ => None,
    })
}

fn settle(func: &mut Func, module: &Module) {
    let cfg = Cfg::new(func);
    let dom = Dominators::new(func, &cfg);
    let loops = Loops::new(func, &cfg, &dom);
    let wide: HashSet<LoopId> = loops.loops.keys().filter(|&id| is_wide(func, &cfg, &loops, id)).collect();
    let mut renames: Vec<(Value, Value)> = Vec::new();
    for block in func.order.clone() {
        let wide = loops.innermost(block).is_some_and(|id| wide.contains(&id));
        let mut work = vec![block];
        while let Some(block) = work.pop() {
            let found = next_kernel(func, block, wide);
            let kernel = found.and_then(|(at, number)| Some((at, module.funcs.get(number)?)));
            let Some((at, body)) = kernel.filter(|(_, body)| !body.name.is_empty()) else {
                call_all(func, block);
                continue;
            };
            let made = func.order.len();
            work.push(splice(func, block, at, body, &mut renames));
            work.extend(func.order.iter().skip(made));
            call_all(func, block);
        }
    }
    let mut all = Renames::new(func);
    for (from, to) in renames {
        all.set(from, to);
    }
    all.apply(func);
}

/// Uses of kernels in a block become calls.
fn call_all(func: &mut Func, block: Block) {
    for inst in func.blocks[block].insts.clone() {
        if let (Op::Kernel, Imm::Kernel(_, function)) = (func.insts[inst].op, &func.insts[inst].imm) {
            func.insts[inst].imm = Imm::Runtime(*function);
            func.insts[inst].op = Op::Runtime;
        }
    }
}

/// Whether LLVM is likely to widen a loop: it counts, only computes, loads and stores, and carries nothing from iteration to iteration but
/// sums and the like.
fn is_wide(func: &Func, cfg: &Cfg, loops: &Loops, id: LoopId) -> bool {
    let this = &loops.loops[id];
    let Some(counter) = counter(func, cfg, loops, id) else { return false };
    let few = constant_trips(func, cfg, loops, id).is_some_and(|n| n < FEW);
    let insts = || this.blocks.iter().flat_map(|&b| func.blocks[b].insts.iter().copied());
    if few || !this.children.is_empty() || is_unlikely(func, this.header) || !insts().all(|i| is_quiet(func, i)) {
        return false;
    }
    let params = func.blocks[this.header].params.iter().enumerate();
    stores_where_it_loads(func, insts())
        && params.filter(|&(n, _)| n != counter.position).all(|(n, &p)| is_gathered(func, cfg, loops, id, n, p))
}

/// Whether an instruction does not keep a loop from being widened.
fn is_quiet(func: &Func, inst: Inst) -> bool {
    match func.insts[inst].op {
        Op::Runtime | Op::Unlikely => false,
        op => op.is_mark() || op.rule() == Rule::Memory || op.effects().is_pure(),
    }
}

/// Whether arrays that are stored to are read at the same elements alone, as far as they are known to be the same array.
fn stores_where_it_loads(func: &Func, insts: impl Iterator<Item = Inst> + Clone) -> bool {
    let of = |op: Op| insts.clone().filter(move |&i| func.insts[i].op == op).map(|i| func.insts[i].args.as_slice());
    of(Op::Store).all(|store| {
        let (Some((target, rest)), Some(count)) = (store.split_first(), store.len().checked_sub(2)) else {
            return false;
        };
        of(Op::Load).all(|load| load.first() != Some(target) || load.get(1..) == rest.get(..count))
    })
}

/// Whether a parameter of a header is a sum, product, least or greatest number of what the iterations compute, or comes from
/// the iteration before alone.
fn is_gathered(func: &Func, cfg: &Cfg, loops: &Loops, id: LoopId, position: usize, param: Value) -> bool {
    let this = &loops.loops[id];
    let mut carried = HashSet::from([param]);
    for &block in &this.blocks {
        for (n, &joined) in func.blocks[block].params.iter().enumerate() {
            let arrives = |&(b, e): &(Block, usize)| {
                func.edges(b).get(e).and_then(|e| e.args.get(n)).is_some_and(|a| carried.contains(a))
            };
            if block != this.header && cfg.preds[block].iter().any(arrives) {
                carried.insert(joined);
            }
        }
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            if data.args.iter().any(|a| carried.contains(a)) {
                carried.extend(&data.results);
            }
        }
    }
    let back = cfg.preds[this.header].iter().filter(|(b, _)| loops.contains(id, *b));
    back.filter_map(|&(b, e)| func.edges(b).get(e)?.args.get(position).copied())
        .all(|next| !carried.contains(&next) || is_chain(func, cfg, &carried, next, param, 16))
}

/// Whether a value is the parameter with numbers from elsewhere added, multiplied or compared to it.
fn is_chain(func: &Func, cfg: &Cfg, carried: &HashSet<Value>, value: Value, param: Value, depth: u32) -> bool {
    if value == param {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else { return false };
    let follow = |v: Value| is_chain(func, cfg, carried, v, param, depth);
    let inst = match func.values[value].def {
        Def::Param(block, n) => {
            let arg = |&(b, e): &(Block, usize)| func.edges(b).get(e).and_then(|e| e.args.get(n as usize)).copied();
            return cfg.preds[block].iter().all(|edge| arg(edge).is_some_and(follow));
        }
        Def::Result(inst, _) => inst,
    };
    let data = &func.insts[inst];
    match (data.op.wrapping(), data.args.as_slice()) {
        (Op::Sub, [a, b]) => !carried.contains(b) && follow(*a),
        (Op::Select, [c, a, b]) => !carried.contains(c) && follow(*a) && follow(*b),
        (op, [a, b]) if op.is_commutative() && data.results.len() == 1 && op.rule() != Rule::Compare => {
            let (first, second) = (carried.contains(a), carried.contains(b));
            first != second && follow(if first { *a } else { *b })
        }
        _ => false,
    }
}
