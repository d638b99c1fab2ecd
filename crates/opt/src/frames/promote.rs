//! Lists of one item that become variables.

use coachwhip_ir::rebuild::{Variables, rebuild};
use coachwhip_ir::{Builder, Const, Func, Imm, Inst, Op, Ty, Value};
use std::collections::{HashMap, HashSet};

/// Items of more fields than this stay in memory.
const MOST_FIELDS: usize = 80;

/// A list, and what is done with it.
struct Frame {
    made: Inst,
    item: Ty,
    /// Reads of its header and its items' address, and what sets its length.
    rest: Vec<Inst>,
    loads: Vec<Inst>,
    stores: Vec<Inst>,
}

/// Promotes the lists that can be; says whether there were any.
pub fn run(func: &mut Func) -> bool {
    let frames = find(func);
    let mut gone: HashSet<Inst> = HashSet::new();
    let mut variables = Variables::default();
    for frame in &frames {
        plan(func, frame, &mut variables);
        gone.extend(frame.rest.iter().chain(&frame.loads).chain(&frame.stores).copied());
        gone.insert(frame.made);
    }
    if frames.is_empty() {
        return false;
    }
    rebuild(func, &variables);
    let attempted: Vec<Inst> =
        frames.iter().map(|frame| frame.made).filter(|made| func.insts[*made].attempted).collect();
    for made in attempted {
        succeed(func, made);
        gone.remove(&made);
    }
    for block in func.order.clone() {
        let mut insts = std::mem::take(&mut func.blocks[block].insts);
        insts.retain(|inst| !gone.contains(inst));
        func.blocks[block].insts = insts;
    }
    true
}

/// What is not made cannot run out of memory.
fn succeed(func: &mut Func, made: Inst) {
    let flag = func.insts[made].results.pop();
    let data = &mut func.insts[made];
    (data.op, data.imm, data.attempted) = (Op::Const, Imm::Const(Const::Bool(true)), false);
    data.args.clear();
    data.results = flag.into_iter().collect();
    if let Some(flag) = flag {
        func.values[flag].def = coachwhip_ir::func::Def::Result(made, 0);
    }
}

fn find(func: &Func) -> Vec<Frame> {
    let mut users: HashMap<Value, Vec<Inst>> = HashMap::new();
    let mut made: Vec<Inst> = Vec::new();
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            crate::edit::operands(func, inst).for_each(|value| users.entry(value).or_default().push(inst));
            let data = &func.insts[inst];
            let room = data.args.first().and_then(|room| func.constant(*room));
            if data.op == Op::ListNew && room == Some(&Const::Int(1)) {
                made.push(inst);
            }
        }
    }
    made.into_iter().filter_map(|inst| frame(func, &users, inst)).collect()
}

fn frame(func: &Func, users: &HashMap<Value, Vec<Inst>>, made: Inst) -> Option<Frame> {
    let &list = func.insts[made].results.first()?;
    let item = func.ty(list).list_item()?.clone();
    let fields = item.items()?.len();
    let mut frame = Frame { made, item, rest: vec![], loads: vec![], stores: vec![] };
    let is = |value: Option<&Value>, n: i64| value.and_then(|v| func.constant(*v)) == Some(&Const::Int(n));
    for &user in users.get(&list).into_iter().flatten() {
        let data = &func.insts[user];
        frame.rest.push(user);
        match data.op {
            Op::ListResize if is(data.args.get(1), 1) => {}
            Op::ListItems => {
                for &access in data.results.first().and_then(|p| users.get(p)).into_iter().flatten() {
                    let data = &func.insts[access];
                    match data.op {
                        Op::ItemLoad if is(data.args.get(1), 0) => frame.loads.push(access),
                        Op::ItemStore | Op::ItemInit if is(data.args.get(1), 0) => frame.stores.push(access),
                        _ => return None,
                    }
                }
            }
            _ => return None,
        }
    }
    (fields <= MOST_FIELDS).then_some(frame)
}

/// One variable for each field: a store sets all of them, a load gets them.
fn plan(func: &mut Func, frame: &Frame, variables: &mut Variables) {
    let fields = frame.item.items().unwrap_or_default().to_vec();
    let has_value = |ty: &Ty| !matches!(ty, Ty::Lit(_) | Ty::None | Ty::Never);
    let numbers: Vec<Option<usize>> =
        fields.iter().map(|ty| has_value(ty).then(|| variables.add(ty.clone()))).collect();
    for &store in &frame.stores {
        let Some(&value) = func.insts[store].args.get(2) else { continue };
        let parts = parts(func, store, value, &fields);
        let sets = numbers.iter().zip(parts).filter_map(|(number, part)| Some(((*number)?, part))).collect();
        variables.sets.insert(store, sets);
    }
    for &load in &frame.loads {
        let Some(&loaded) = func.insts[load].results.first() else { continue };
        let loc = func.insts[load].loc;
        let Some(block) = func.order.iter().copied().find(|b| func.blocks[*b].insts.contains(&load)) else { continue };
        let tail = split_after(func, block, load);
        let mut gets = Vec::new();
        let mut made = Vec::new();
        for (number, ty) in numbers.iter().zip(&fields) {
            let mut b = Builder::new(func, block, loc);
            let part = match (number, ty) {
                (_, Ty::Lit(c)) => b.literal(c.clone()),
                _ => b.value(Op::Undef, Imm::None, vec![], ty.clone()),
            };
            gets.extend(number.map(|number| (number, part)));
            made.push(part);
        }
        // The item is put together from what stands for its fields.
        let pack = func.make_inst(Op::Pack, Imm::None, made, &[], vec![], loc);
        func.insts[load].results.clear();
        func.insts[pack].results.push(loaded);
        func.values[loaded].def = coachwhip_ir::func::Def::Result(pack, 0);
        func.blocks[block].insts.push(pack);
        func.blocks[block].insts.extend(tail);
        variables.gets.insert(load, gets);
    }
}

fn split_after(func: &mut Func, block: coachwhip_ir::Block, inst: Inst) -> Vec<Inst> {
    let insts = &mut func.blocks[block].insts;
    let at = insts.iter().position(|i| *i == inst).map_or(insts.len(), |at| at + 1);
    insts.split_off(at)
}

/// The fields of a value, before an instruction.
fn parts(func: &mut Func, before: Inst, value: Value, fields: &[Ty]) -> Vec<Value> {
    if let Some(pack) = func.def_inst(value).filter(|pack| func.insts[*pack].op == Op::Pack) {
        return func.insts[pack].args.clone();
    }
    let loc = func.insts[before].loc;
    let Some(block) = func.order.iter().copied().find(|b| func.blocks[*b].insts.contains(&before)) else {
        return vec![];
    };
    let at = func.blocks[block].insts.iter().position(|i| *i == before).unwrap_or(0);
    let mut parts = Vec::with_capacity(fields.len());
    let mut made = Vec::with_capacity(fields.len());
    for (n, ty) in fields.iter().enumerate() {
        let (op, imm, args) = match ty {
            Ty::Lit(c) => (Op::Const, Imm::Const(c.clone()), vec![]),
            _ => (Op::Field, Imm::Int(n as i64), vec![value]),
        };
        let inst = func.make_inst(op, imm, args, std::slice::from_ref(ty), vec![], loc);
        parts.extend(func.insts[inst].results.first().copied());
        made.push(inst);
    }
    func.blocks[block].insts.splice(at..at, made);
    parts
}
