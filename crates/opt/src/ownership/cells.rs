//! Cells and lists keep what they hold: a new content is retained, the old one released, and what is left at a
//! `return` of the function that made the cell is released.  Runs last: the reads that it adds are not roots.

use coachwhip_ir::{Func, Imm, Inst, Loc, Op, Ty, Value, heap};

/// Adds the counting of cells' contents.
pub fn run(func: &mut Func) {
    let mut cells: Vec<Value> = Vec::new();
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            if data.op == Op::CellNew {
                cells.extend(data.results.iter().copied().filter(|&c| content(func, c).is_some()));
            }
        }
    }
    for block in func.order.clone() {
        for inst in std::mem::take(&mut func.blocks[block].insts) {
            let rewritten = match func.insts[inst].op {
                Op::CellSet => replace_content(func, inst),
                Op::Return => release_contents(func, inst, &cells),
                Op::ItemStore | Op::ItemInit => count_item(func, inst),
                _ => vec![inst],
            };
            func.blocks[block].insts.extend(rewritten);
        }
    }
}

fn content(func: &Func, cell: Value) -> Option<Ty> {
    match func.ty(cell) {
        Ty::Cell(inner) if heap::owns(inner) => Some((**inner).clone()),
        _ => None,
    }
}

fn replace_content(func: &mut Func, inst: Inst) -> Vec<Inst> {
    let [cell, value] = *func.insts[inst].args.as_slice() else { return vec![inst] };
    let Some(ty) = content(func, cell) else { return vec![inst] };
    let loc = func.insts[inst].loc;
    let retain = func.make_inst(Op::Retain, Imm::None, vec![value], &[], vec![], loc);
    let (read, release) = read_and_release(func, cell, ty, loc);
    vec![retain, read, inst, release]
}

/// A list keeps what is stored in it, and no longer what was there before.
fn count_item(func: &mut Func, inst: Inst) -> Vec<Inst> {
    let data = func.insts[inst].clone();
    let item = match data.args.first().map(|&p| func.ty(p)) {
        Some(Ty::Ptr(Some(item))) if heap::owns(item) => (**item).clone(),
        _ => return vec![inst],
    };
    let mut insts = Vec::new();
    if let Some(&value) = data.args.get(2).filter(|&&v| heap::owns(func.ty(v))) {
        insts.push(func.make_inst(Op::Retain, Imm::None, vec![value], &[], vec![], data.loc));
    }
    if data.op == Op::ItemInit {
        insts.push(inst);
        return insts;
    }
    let place = data.args.iter().take(2).copied().collect();
    let read = func.make_inst(Op::ItemLoad, Imm::None, place, &[item], vec![], data.loc);
    let old = func.insts[read].results.clone();
    let release = func.make_inst(Op::Release, Imm::None, old, &[], vec![], data.loc);
    insts.extend([read, inst, release]);
    insts
}

fn release_contents(func: &mut Func, inst: Inst, cells: &[Value]) -> Vec<Inst> {
    let loc = func.insts[inst].loc;
    let mut insts = Vec::new();
    for &cell in cells {
        if let Some(ty) = content(func, cell) {
            let (read, release) = read_and_release(func, cell, ty, loc);
            insts.extend([read, release]);
        }
    }
    insts.push(inst);
    insts
}

fn read_and_release(func: &mut Func, cell: Value, ty: Ty, loc: Loc) -> (Inst, Inst) {
    let read = func.make_inst(Op::CellGet, Imm::None, vec![cell], &[ty], vec![], loc);
    let old = func.insts[read].results.clone();
    let release = func.make_inst(Op::Release, Imm::None, old, &[], vec![], loc);
    (read, release)
}
