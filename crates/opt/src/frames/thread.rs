//! Sends control on at once where the edge into a block decides the branch at its end.
//!
//! The block is copied for the edges that decide it, one copy for each outcome; what it defines has two definitions then, and
//! gets parameters where both arrive.  Only functions with frames of generators are looked at: elsewhere a test of a
//! variable at the head of a loop is better where it is.

use crate::analysis::Cfg;
use crate::copy::{Copies, copy_blocks};
use crate::edit::edge_mut;
use coachwhip_ir::rebuild::{Variables, rebuild};
use coachwhip_ir::{Block, Const, Edge, Func, Imm, Inst, Op, Value};

/// Blocks of more instructions than this are not copied.
const MOST_INSTRUCTIONS: usize = 24;
/// Steps, at most.
const MOST_STEPS: usize = 200;

/// Threads what can be; says whether there was anything.
pub fn run(func: &mut Func) -> bool {
    let mut changed = false;
    for _ in 0..MOST_STEPS {
        let cfg = Cfg::new(func);
        let Some((block, decided)) = cfg.rpo.iter().find_map(|&block| Some((block, decided(func, &cfg, block)?)))
        else {
            break;
        };
        thread(func, &cfg, block, &decided);
        changed = true;
        crate::cleanup::params(func);
    }
    changed
}

/// The edges into a block that decide its branch, with the outcome.
fn decided(func: &Func, cfg: &Cfg, block: Block) -> Option<Vec<(Block, usize, bool)>> {
    let end = func.terminator(block).filter(|end| func.insts[*end].op == Op::Branch)?;
    let insts = &func.blocks[block].insts;
    if block == func.entry || insts.len() > MOST_INSTRUCTIONS || func.blocks[block].params.is_empty() {
        return None;
    }
    let pure = |inst: &Inst| func.insts[*inst].effects().is_pure() && !func.insts[*inst].op.is_mark();
    if !insts.iter().filter(|inst| **inst != end).all(pure) {
        return None;
    }
    let &condition = func.insts[end].args.first()?;
    let test = test(func, block, condition)?;
    let known = |&(from, edge): &(Block, usize)| {
        let arg = func.edges(from).get(edge)?.args.get(test.position)?;
        let value = func.constant(*arg)?;
        Some((from, edge, test.outcome(value)?))
    };
    let found: Vec<(Block, usize, bool)> = cfg.preds[block].iter().filter_map(known).collect();
    (!found.is_empty()).then_some(found)
}

/// A condition on a parameter of its block.
struct Test {
    position: usize,
    /// What the parameter is compared with; nothing if it is the condition itself.
    against: Option<i64>,
    negated: bool,
}

impl Test {
    fn outcome(&self, value: &Const) -> Option<bool> {
        let plain = match (value, self.against) {
            (Const::Bool(b), None) => *b,
            (Const::Int(n), Some(m)) => *n == m,
            _ => return None,
        };
        Some(plain != self.negated)
    }
}

fn test(func: &Func, block: Block, condition: Value) -> Option<Test> {
    let position = |value: Value| func.blocks[block].params.iter().position(|param| *param == value);
    if let Some(position) = position(condition) {
        return Some(Test { position, against: None, negated: false });
    }
    let data = &func.insts[func.def_inst(condition)?];
    match (data.op, data.args.as_slice()) {
        (Op::Not, &[inner]) => test(func, block, inner).map(|test| Test { negated: !test.negated, ..test }),
        (Op::Eq | Op::Ne, &[a, b]) => {
            let (param, constant) = if func.constant(a).is_some() { (b, a) } else { (a, b) };
            let Some(Const::Int(n)) = func.constant(constant) else { return None };
            Some(Test { position: position(param)?, against: Some(*n), negated: data.op == Op::Ne })
        }
        _ => None,
    }
}

/// Copies the block for the edges that decide it.
fn thread(func: &mut Func, cfg: &Cfg, block: Block, decided: &[(Block, usize, bool)]) {
    let mut variables = Variables::default();
    let data = &func.blocks[block];
    let results = data.insts.iter().flat_map(|inst| func.insts[*inst].results.iter());
    let defined: Vec<Value> = data.params.iter().chain(results).copied().collect();
    for &value in &defined {
        let number = variables.add(func.ty(value).clone());
        variables.of.insert(value, number);
    }
    for outcome in [true, false] {
        let edges: Vec<(Block, usize)> =
            decided.iter().filter(|(.., known)| *known == outcome).map(|&(from, edge, _)| (from, edge)).collect();
        if edges.is_empty() {
            continue;
        }
        let mut copies = Copies::default();
        copy_blocks(func, None, &[block], &mut copies, &mut |_, loc| loc);
        let copy = copies.block(block);
        for value in &defined {
            if let Some(&number) = variables.of.get(value) {
                variables.of.insert(copies.value(*value), number);
            }
        }
        if let Some(end) = func.terminator(copy) {
            let kept = func.insts[end].edges.get(usize::from(!outcome)).cloned();
            let data = &mut func.insts[end];
            (data.op, data.imm) = (Op::Jump, Imm::None);
            data.args.clear();
            // A loop's own edge leads to the copies as well from now on.
            data.edges = kept.into_iter().collect::<Vec<Edge>>();
        }
        for (from, edge) in edges {
            if let Some(edge) = edge_mut(func, from, edge) {
                edge.block = copy;
            }
        }
    }
    if decided.len() == cfg.preds[block].len() {
        func.order.retain(|b| *b != block);
    }
    rebuild(func, &variables);
}
