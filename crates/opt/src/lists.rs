//! What is known about lists and strings without running: where a header may be read, and what may change it.

use coachwhip_abi::Effects;
use coachwhip_ir::{Block, Func, Imm, Inst, InstData, Op, Owner, Ty, Value};
use std::collections::HashSet;

/// Whether an instruction reads the header of a list and does nothing else.
pub fn reads_header(data: &InstData) -> bool {
    data.effects() == Effects::READS_LISTS
}

/// Whether an instruction reads a string, which nobody changes, and does nothing else.
pub fn reads_text(data: &InstData) -> bool {
    data.effects() == Effects::READS_TEXTS
}

/// Whether it reads the header of one.
pub fn reads_text_header(data: &InstData) -> bool {
    matches!(data.op, Op::TextLen | Op::TextWidth | Op::TextUnits)
}

/// Whether an instruction may change what reading a header gives.
pub fn writes_headers(data: &InstData) -> bool {
    data.effects().has(Effects::WRITES_LISTS)
}

/// Whether an instruction may change the header of a list.
fn writes_header(func: &Func, inst: Inst, list: Value) -> bool {
    let data = &func.insts[inst];
    writes_headers(data)
        && match (data.op, data.args.first()) {
            (Op::ListResize | Op::ListReserve, Some(&other)) => {
                func.ty(other) == func.ty(list) && !apart(func, other, list)
            }
            _ => true,
        }
}

/// The instructions in some blocks that may change headers.
pub fn writers(func: &Func, blocks: &[Block]) -> Vec<Inst> {
    let all = blocks.iter().flat_map(|&b| func.blocks[b].insts.iter().copied());
    all.filter(|&i| writes_headers(&func.insts[i])).collect()
}

/// Whether the header of a list is the same wherever control is among these writers.
pub fn is_steady(func: &Func, writers: &[Inst], list: Value) -> bool {
    !writers.iter().any(|&i| writes_header(func, i, list))
}

/// Whether two values are certainly different lists.
fn apart(func: &Func, a: Value, b: Value) -> bool {
    let made = |v: Value| func.def_inst(v).filter(|&i| func.insts[i].op == Op::ListNew);
    let global = |v: Value| func.def_inst(v).is_some_and(|i| func.insts[i].op == Op::GlobalList);
    let given = |v: Value| func.entry_params().contains(&v) || global(v);
    match (made(a), made(b)) {
        (Some(x), Some(y)) => x != y,
        (Some(_), None) => given(b),
        (None, Some(_)) => given(a),
        (None, None) => false,
    }
}

/// Whether a list is there wherever the value is defined: the list of a variable that is not assigned is null.
pub fn is_there(func: &Func, list: Value) -> bool {
    let mut seen = HashSet::new();
    let mut work = vec![list];
    while let Some(value) = work.pop() {
        if !seen.insert(value) || func.entry_params().contains(&value) {
            continue;
        }
        match func.def_inst(value).map(|i| &func.insts[i]) {
            None => {
                let Some(arguments) = arguments(func, value) else { return false };
                work.extend(arguments);
            }
            Some(data) => match (data.op, &data.imm) {
                _ if !data.attempted && is_whole(data) => {}
                (Op::Field, Imm::Int(n)) => match data.args.first() {
                    Some(&whole) if !matches!(func.ty(whole), Ty::Optional(_) | Ty::Union(_)) => {
                        match part(func, whole, *n) {
                            Some(part) => work.push(part),
                            None => return false,
                        }
                    }
                    _ => return false,
                },
                (Op::Select, _) => work.extend(data.args.iter().skip(1)),
                _ => return false,
            },
        }
    }
    true
}

/// Whether an instruction gives what exists: all but what may be in a cell.
fn is_whole(data: &InstData) -> bool {
    let owner = data.op.owner(&data.imm);
    data.op == Op::ItemLoad || owner.is_handed_over() || owner == Owner::Outside
}

/// What an aggregate was packed from.
fn part(func: &Func, whole: Value, index: i64) -> Option<Value> {
    let data = &func.insts[func.def_inst(whole)?];
    let packed = data.op == Op::Pack;
    data.args.get(usize::try_from(index).ok()?).copied().filter(|_| packed)
}

/// What a block parameter may be.
fn arguments(func: &Func, param: Value) -> Option<Vec<Value>> {
    let home = func.order.iter().copied().find(|&b| func.blocks[b].params.contains(&param))?;
    let position = func.blocks[home].params.iter().position(|&p| p == param)?;
    let edges = func.order.iter().flat_map(|&b| func.edges(b));
    edges.filter(|e| e.block == home).map(|e| e.args.get(position).copied()).collect()
}
