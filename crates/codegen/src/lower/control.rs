//! Terminators that do not fail.

use super::Done;
use super::function::{Lowering, argument};
use super::types::each_machine;
use crate::EmitError;
use coachwhip_ir::{Block, Edge, Func, InstData, Op};

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
    let back = l.is_back_edge(block, edge.block);
    if is_marked(l.func, edge.block, Op::Unlikely) {
        l.unit.keep_small(jump);
    } else if back && is_marked(l.func, edge.block, Op::Lanes) {
        l.unit.keep_lanes(jump);
    } else if back && is_marked(l.func, edge.block, Op::InOrder) {
        l.unit.keep_scalar(jump);
    } else if let Some(name) = l.loops.headed(edge.block).filter(|_| back) {
        l.unit.name_loop(jump, name);
    }
    Ok(())
}

/// Whether a block has a mark.
fn is_marked(func: &Func, block: Block, mark: Op) -> bool {
    func.blocks[block].insts.iter().any(|&i| func.insts[i].op == mark)
}

fn branch(l: &mut Lowering<'_, '_, '_>, block: Block, inst: &InstData) -> Done {
    let [then, otherwise] = inst.edges.as_slice() else { return Err(EmitError::new("a branch has two edges")) };
    let condition = l.operand(inst, 0)?;
    let first = l.pass(block, then)?;
    if then.block != otherwise.block {
        let second = l.pass(block, otherwise)?;
        let branch = l.unit.builder.branch(condition, first, second);
        let rare = |edge: &Edge| is_marked(l.func, edge.block, Op::Unlikely);
        match (rare(then), rare(otherwise)) {
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
