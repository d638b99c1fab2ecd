//! Leaves what is needed of a draft: instructions that are used or have effects, block parameters that are
//! read, blocks that do something; numbered in reverse postorder.

use crate::fault::Fault;
use crate::translate::Draft;
use coachwhip_ir::entity::{Entity, Map};
use coachwhip_ir::func::{BlockData, InstData};
use coachwhip_ir::{Block, Const, Edge, Func, Imm, Inst, Op, Ty, Value};
use std::collections::{HashMap, HashSet};

/// The finished function.
pub fn tidy(mut draft: Draft) -> Result<Func, Fault> {
    resolve(&mut draft);
    let live = live(&draft);
    let mut func = draft.func;
    sweep(&mut func, &live);
    drop_empty_tries(&mut func);
    straighten(&mut func);
    skip_empty(&mut func);
    join_chains(&mut func);
    Ok(renumber(func))
}

/// Puts block parameters and edge arguments into the function and replaces values that turned out to be others.
fn resolve(draft: &mut Draft) {
    let (func, variables) = (&mut draft.func, &mut draft.variables);
    let named = std::mem::take(&mut func.variables);
    func.variables = named.into_iter().map(|(value, name)| (variables.resolve(value), name)).collect();
    for inst in func.insts.values_mut() {
        for arg in &mut inst.args {
            *arg = variables.resolve(*arg);
        }
    }
    let blocks: Vec<Block> = func.order.clone();
    for &block in &blocks {
        let mut params = variables.take_params(block);
        // Not in the order in which they were read, which differs between versions: the stack first.
        let slots = 2 * draft.names.len();
        params.sort_by_key(|(_, variable, _)| ((*variable as usize) < slots, *variable));
        let predecessors = variables.predecessors(block).to_vec();
        for (position, predecessor) in predecessors.into_iter().enumerate() {
            let args: Vec<Value> =
                params.iter().filter_map(|(_, _, operands)| operands.get(position).copied()).collect();
            let Some(end) = func.terminator(predecessor) else { continue };
            for edge in func.insts[end].edges.iter_mut().filter(|edge| edge.block == block) {
                edge.args = args.clone();
            }
        }
        for (param, variable, _) in params {
            func.blocks[block].params.push(param);
            if let Some(name) = draft.names.get(variable as usize) {
                func.variables.insert(param, name.clone());
            }
        }
    }
}

struct Live {
    values: HashSet<Value>,
    insts: HashSet<Inst>,
}

/// What effects and control need.
fn live(draft: &Draft) -> Live {
    let func = &draft.func;
    // For a block parameter, the arguments that edges give it.
    let mut sources: HashMap<Value, Vec<Value>> = HashMap::new();
    let mut live = Live { values: HashSet::new(), insts: HashSet::new() };
    let mut queue = Vec::new();
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            let idle = data.effects().is_pure() || draft.removable.contains(&inst) || is_known_bound(func, data);
            let needed = data.op.is_terminator() || !idle;
            if needed && live.insts.insert(inst) {
                queue.extend(data.args.iter().copied());
            }
            for edge in &data.edges {
                for (param, arg) in func.blocks[edge.block].params.iter().zip(&edge.args) {
                    sources.entry(*param).or_default().push(*arg);
                }
            }
        }
    }
    while let Some(value) = queue.pop() {
        if !live.values.insert(value) {
            continue;
        }
        if let Some(args) = sources.get(&value) {
            queue.extend(args.iter().copied());
        }
        if let Some(inst) = func.def_inst(value)
            && live.insts.insert(inst)
        {
            queue.extend(func.insts[inst].args.iter().copied());
        }
    }
    live
}

/// Whether a check of a variable is of one that turned out to be assigned.
fn is_known_bound(func: &Func, data: &InstData) -> bool {
    let flag = data.args.first().and_then(|flag| func.constant(*flag));
    data.op == Op::PyCheckBound && flag == Some(&Const::Bool(true))
}

/// Removes what is not live; the entry's parameters stay.
fn sweep(func: &mut Func, live: &Live) {
    let keep: HashMap<Block, Vec<bool>> = func
        .order
        .iter()
        .filter(|block| **block != func.entry)
        .map(|&block| (block, func.blocks[block].params.iter().map(|p| live.values.contains(p)).collect()))
        .collect();
    for inst in func.insts.values_mut() {
        for edge in &mut inst.edges {
            if let Some(keep) = keep.get(&edge.block) {
                let mut flags = keep.iter();
                edge.args.retain(|_| flags.next() == Some(&true));
            }
        }
    }
    for block in func.order.clone() {
        if let Some(keep) = keep.get(&block) {
            let mut flags = keep.iter();
            func.blocks[block].params.retain(|_| flags.next() == Some(&true));
        }
        func.blocks[block].insts.retain(|inst| live.insts.contains(inst));
    }
}

/// Goes straight on where nothing that is left of a protected block may fail.
fn drop_empty_tries(func: &mut Func) {
    for block in func.order.clone() {
        let Some(end) = func.terminator(block).filter(|end| func.insts[*end].op == Op::PyTry) else { continue };
        let body = func.insts[end].edges.first().map(|edge| edge.block);
        let fails = |inst: &Inst| !func.insts[*inst].effects().is_pure();
        if body.is_some_and(|body| !func.blocks[body].insts.iter().any(fails)) {
            let data = &mut func.insts[end];
            data.op = Op::Jump;
            data.edges.truncate(1);
        }
    }
}

/// Makes `in` of a tested `not in`, and `is` of `is not`, with the edges swapped: the versions differ in
/// whether they see through a `not` before it.
fn straighten(func: &mut Func) {
    let mut uses: HashMap<Value, usize> = HashMap::new();
    for &block in &func.order {
        for inst in func.blocks[block].insts.iter().map(|inst| &func.insts[*inst]) {
            let passed = inst.edges.iter().flat_map(|edge| &edge.args);
            inst.args.iter().chain(passed).for_each(|value| *uses.entry(*value).or_default() += 1);
        }
    }
    let only_use = |value: &Value| uses.get(value) == Some(&1);
    for block in func.order.clone() {
        let Some(end) = func.terminator(block).filter(|end| func.insts[*end].op == Op::Branch) else { continue };
        // The condition is the truth of the test, and nothing else looks at either.
        let operand = |inst: Inst| func.insts[inst].args.first().filter(|value| only_use(value)).copied();
        let truth = operand(end).and_then(|value| func.def_inst(value)).filter(|i| func.insts[*i].op == Op::PyTruth);
        let Some(test) = truth.and_then(operand).and_then(|value| func.def_inst(value)) else { continue };
        let data = &mut func.insts[test];
        if matches!((data.op, &data.imm), (Op::PyIs | Op::PyIn, Imm::Int(1))) {
            data.imm = Imm::Int(0);
            func.insts[end].edges.reverse();
        }
    }
}

/// Sends edges to blocks that only jump on to where these jump; a branch both of whose edges are then
/// equal becomes a jump.
fn skip_empty(func: &mut Func) {
    let order = postorder(func);
    let mut goal: HashMap<Block, Edge> = HashMap::new();
    // Postorder: where an empty block leads to is known already, except around a circle of them.
    for &block in &order {
        let data = &func.blocks[block];
        if let ([], [only]) = (data.params.as_slice(), data.insts.as_slice())
            && let InstData { op: Op::Jump, edges, .. } = &func.insts[*only]
            && let [edge] = edges.as_slice()
            && edge.block != block
        {
            let edge = goal.get(&edge.block).unwrap_or(edge).clone();
            goal.insert(block, edge);
        }
    }
    for block in order {
        let Some(end) = func.terminator(block) else { continue };
        let data = &mut func.insts[end];
        for edge in &mut data.edges {
            if let Some(next) = goal.get(&edge.block) {
                *edge = next.clone();
            }
        }
        if data.op == Op::Branch && data.edges.first() == data.edges.get(1) {
            (data.op, data.args) = (Op::Jump, vec![]);
            data.edges.truncate(1);
        }
    }
}

/// Appends a block to its only predecessor if that jumps to it.
fn join_chains(func: &mut Func) {
    let order = postorder(func);
    let mut entries: HashMap<Block, usize> = HashMap::from([(func.entry, 1)]);
    for &block in &order {
        for edge in func.edges(block) {
            *entries.entry(edge.block).or_default() += 1;
        }
    }
    let bodies: HashSet<Block> = order
        .iter()
        .filter_map(|block| func.terminator(*block).filter(|end| func.insts[*end].op == Op::PyTry))
        .filter_map(|end| func.insts[end].edges.first().map(|edge| edge.block))
        .collect();
    let mut same: HashMap<Value, Value> = HashMap::new();
    // Postorder: what is appended to a block has had its own successors appended.
    for block in order {
        let Some(end) = func.terminator(block).filter(|i| func.insts[*i].op == Op::Jump) else { continue };
        let Some(edge) = func.insts[end].edges.first().cloned() else { continue };
        if edge.block == block || entries.get(&edge.block) != Some(&1) {
            continue;
        }
        // What is not protected stays out of a protected block, unless it cannot fail.
        let fails = |inst: &Inst| !func.insts[*inst].effects().is_pure();
        if bodies.contains(&block) && func.blocks[edge.block].insts.iter().any(fails) {
            continue;
        }
        let next = std::mem::take(&mut func.blocks[edge.block]);
        same.extend(next.params.into_iter().zip(edge.args));
        let insts = &mut func.blocks[block].insts;
        insts.pop();
        insts.extend(next.insts);
    }
    let find = |mut value: Value| {
        while let Some(next) = same.get(&value) {
            value = *next;
        }
        value
    };
    for inst in func.insts.values_mut() {
        let args = inst.args.iter_mut().chain(inst.edges.iter_mut().flat_map(|edge| edge.args.iter_mut()));
        args.for_each(|arg| *arg = find(*arg));
    }
}

/// The reachable blocks, each after those it leads to; last successors first.
fn postorder(func: &Func) -> Vec<Block> {
    let mut order = Vec::new();
    let mut seen = HashSet::from([func.entry]);
    let mut stack = vec![(func.entry, 0)];
    while let Some((block, position)) = stack.pop() {
        match func.edges(block).iter().rev().nth(position) {
            None => order.push(block),
            Some(edge) => {
                stack.push((block, position + 1));
                if seen.insert(edge.block) {
                    stack.push((edge.block, 0));
                }
            }
        }
    }
    order
}

/// The same function with blocks, instructions and values numbered in order, and nothing else in it.
fn renumber(mut func: Func) -> Func {
    let mut order = postorder(&func);
    order.reverse();
    let numbers: HashMap<Block, Block> = order.iter().enumerate().map(|(new, &b)| (b, Block::new(new))).collect();
    let (blocks, mut insts) = (std::mem::take(&mut func.blocks), std::mem::take(&mut func.insts));
    func.values = Map::new();
    func.order = Vec::with_capacity(order.len());
    func.entry = Block::new(0);
    let mut values: HashMap<Value, Value> = HashMap::new();
    for block in order {
        let number = func.add_block();
        let BlockData { params, insts: list } = &blocks[block];
        for &param in params {
            let value = func.add_param(number, Ty::Any);
            values.insert(param, value);
        }
        for &inst in list {
            let data = &mut insts[inst];
            let types = vec![Ty::Any; data.results.len()];
            let (args, mut edges) = (std::mem::take(&mut data.args), std::mem::take(&mut data.edges));
            for edge in &mut edges {
                edge.block = numbers.get(&edge.block).copied().unwrap_or(edge.block);
            }
            let made = func.make_inst(data.op, data.imm.clone(), args, &types, edges, data.loc);
            func.blocks[number].insts.push(made);
            values.extend(data.results.iter().copied().zip(func.insts[made].results.iter().copied()));
        }
    }
    let named = std::mem::take(&mut func.variables);
    func.variables = named.into_iter().filter_map(|(value, name)| Some((*values.get(&value)?, name))).collect();
    let find = |value: &mut Value| *value = values.get(value).copied().unwrap_or(*value);
    for inst in func.insts.values_mut() {
        inst.args.iter_mut().for_each(find);
        inst.edges.iter_mut().flat_map(|edge| edge.args.iter_mut()).for_each(find);
    }
    func
}
