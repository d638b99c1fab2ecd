//! Terminators that do not fail.

use super::Done;
use super::function::{Lowering, argument};
use super::types::each_machine;
use crate::EmitError;
use coachwhip_ir::func::Def;
use coachwhip_ir::{Block, Const, Edge, Func, Imm, Inst, InstData, Kind, Op, Value};

pub fn lower(l: &mut Lowering<'_, '_, '_>, block: Block, inst: &InstData) -> Done {
    match inst.op {
        Op::Jump => jump(l, block, inst),
        Op::Branch => branch(l, block, inst),
        Op::Return => ret(l, inst),
        _ => {
            l.unit.builder.unreachable();
            Ok(())
        }
    }
}

fn jump(l: &mut Lowering<'_, '_, '_>, block: Block, inst: &InstData) -> Done {
    let [edge] = inst.edges.as_slice() else { return Err(EmitError::new("a jump has one edge")) };
    let label = l.pass(block, edge)?;
    let jump = l.unit.builder.jump(label);
    if is_unlikely(l.func, edge.block) {
        l.unit.keep_small(jump);
    } else if l.is_back_edge(block, edge.block) && is_in_lanes(l.func, block, edge) {
        l.unit.keep_lanes(jump);
    } else if l.is_back_edge(block, edge.block) && is_short_sum(l.func, block, edge) {
        l.unit.keep_scalar(jump);
    } else if let Some(name) = l.loops.headed(edge.block)
        && l.is_back_edge(block, edge.block)
    {
        l.unit.name_loop(jump, name);
    }
    Ok(())
}

/// Whether the optimiser has marked a block as one that rarely runs.
fn is_unlikely(func: &Func, block: Block) -> bool {
    func.blocks[block].insts.iter().any(|&i| func.insts[i].op == Op::Unlikely)
}

/// Whether a loop, at the edge that leads back to its header, is written with several elements side by side: its position
/// advances by their number, and one block reads that many.  LLVM's loop vectoriser would take the sums apart again and
/// gather each from everywhere; what packs neighbours into vectors (SLP) sees them as they are.
fn is_in_lanes(func: &Func, block: Block, edge: &Edge) -> bool {
    let params = &func.blocks[edge.block].params;
    let loads = func.blocks[block].insts.iter().filter(|&&i| func.insts[i].op == Op::Load).count();
    loads >= LANES
        && edge.args.iter().zip(params).any(|(&arg, param)| {
            let Def::Result(inst, _) = func.values[arg].def else { return false };
            let step = match (func.insts[inst].op, func.insts[inst].args.as_slice()) {
                (Op::Add | Op::AddExact, [x, step]) if x == param => step,
                (Op::Add | Op::AddExact, [step, x]) if x == param => step,
                _ => return false,
            };
            let Def::Result(constant, _) = func.values[*step].def else { return false };
            matches!(func.insts[constant].imm, Imm::Const(Const::Int(n)) if n >= LANES as i64 && n as usize <= loads)
        })
}

/// Whether a loop must add floats in the order of the source and does little besides: the additions wait for one another, so
/// that vectors around them gain nothing, and making them takes LLVM a third longer.
fn is_short_sum(func: &Func, latch: Block, edge: &Edge) -> bool {
    let Some(blocks) = body(func, edge.block, latch) else { return false };
    let insts = || blocks.iter().flat_map(|&block| &func.blocks[block].insts);
    let is_slow = |&i: &Inst| matches!(func.insts[i].op, Op::Div | Op::Sqrt | Op::Runtime | Op::Kernel);
    let is_sum = |(&arg, &total): (&Value, &Value)| {
        let adds = |&value: &Value| match func.def_inst(value).map(|i| &func.insts[i]) {
            Some(data) => matches!(data.op, Op::Add | Op::Sub) && data.args.contains(&total),
            None => false,
        };
        func.ty(total).dtype().is_some_and(|d| d.kind() == Kind::Float) && choices(func, &blocks, arg).iter().any(adds)
    };
    !func.options.fastmath.reassoc
        && insts().count() <= SHORT
        && !insts().copied().any(|i| is_slow(&i))
        && edge.args.iter().zip(&func.blocks[edge.block].params).any(is_sum)
}

/// The blocks of a loop, if they are few.
fn body(func: &Func, header: Block, latch: Block) -> Option<Vec<Block>> {
    let mut blocks = vec![latch];
    let mut next = 0;
    while let Some(&block) = blocks.get(next).filter(|_| blocks.len() <= SHORT) {
        next += 1;
        if block == header {
            continue;
        }
        for &before in &func.order {
            if func.successors(before).any(|b| b == block) && !blocks.contains(&before) {
                blocks.push(before);
            }
        }
    }
    (next == blocks.len()).then_some(blocks)
}

/// The values that may have become this one by a choice within the loop.
fn choices(func: &Func, blocks: &[Block], value: Value) -> Vec<Value> {
    match func.values[value].def {
        Def::Result(inst, _) if func.insts[inst].op == Op::Select => func.insts[inst].args.clone(),
        Def::Param(meeting, position) => {
            let edges = blocks.iter().flat_map(|&block| func.edges(block)).filter(|edge| edge.block == meeting);
            edges.filter_map(|edge| edge.args.get(position as usize).copied()).collect()
        }
        Def::Result(..) => vec![value],
    }
}

/// The most instructions that fit in the time of one addition after another.
const SHORT: usize = 24;

/// The least number of elements side by side.
const LANES: usize = 4;

fn branch(l: &mut Lowering<'_, '_, '_>, block: Block, inst: &InstData) -> Done {
    let [then, otherwise] = inst.edges.as_slice() else { return Err(EmitError::new("a branch has two edges")) };
    let condition = l.operand(inst, 0)?;
    let first = l.pass(block, then)?;
    if then.block != otherwise.block {
        let second = l.pass(block, otherwise)?;
        let branch = l.unit.builder.branch(condition, first, second);
        match (is_unlikely(l.func, then.block), is_unlikely(l.func, otherwise.block)) {
            (false, true) => l.unit.expect_first(branch),
            (true, _) => l.unit.keep_small(branch),
            _ => {}
        }
        return Ok(());
    }
    // A phi has one argument for each predecessor: the second edge gets a block of its own.
    let middle = l.new_block();
    l.unit.builder.branch(condition, first, middle);
    l.unit.builder.at(middle);
    let second = l.pass(block, otherwise)?;
    l.unit.builder.jump(second);
    Ok(())
}

fn ret(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let values = l.as_type(argument(inst, 0)?, &l.func.ret)?;
    let unit = &*l.unit;
    if !l.callee.by_memory {
        unit.builder.ret(unit.result(l.callee, &values, unit.int32(0)));
        return Ok(());
    }
    let memory = l.result_memory();
    let mut rest = values.iter().enumerate();
    each_machine(&l.func.ret, &mut |part| {
        if let Some((position, &value)) = rest.next() {
            let address = unit.builder.byte(memory, 8 * position as u64);
            unit.builder.store(unit.to_word(part, value), address, 8);
        }
    });
    unit.builder.ret(unit.int32(0));
    Ok(())
}
