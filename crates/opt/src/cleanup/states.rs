//! Which state memory is in: equal numbers where nothing has been written between.  Calls of functions that only read are
//! values in their own right as long as that is so.

use crate::analysis::{Cfg, Dominators};
use coachwhip_abi::Effects;
use coachwhip_ir::calls::callee;
use coachwhip_ir::entity::{Entity, Map};
use coachwhip_ir::{Block, Func, Inst, Module, Op, heap};
use std::collections::HashSet;

/// What may be written.
const WRITES: Effects = Effects::WRITES.and(Effects::WRITES_LISTS).and(Effects::WRITES_ITEMS);
/// What a reader does at most.
const READS: Effects =
    Effects::READS.and(Effects::READS_LISTS).and(Effects::READS_ITEMS).and(Effects::READS_TEXTS).and(Effects::FAILS);
/// What somebody may write.
const MEMORY: Effects = Effects::READS.and(Effects::READS_LISTS).and(Effects::READS_ITEMS);
/// So many blocks are looked at between one and its dominator.
const FAR: usize = 64;

/// Functions of the library that only read lists and arrays, and give numbers: a second call with the same arguments gives the
/// same, as long as nothing is written.
#[derive(Debug, Default)]
pub struct Readers(HashSet<usize>);

impl Readers {
    /// Those of a module; callees come first in the order.
    pub fn of(module: &Module, order: &[usize], recursive: &[bool]) -> Readers {
        let mut found = Readers::default();
        for &number in order {
            let Some(func) = module.funcs.get(number).filter(|_| recursive.get(number) == Some(&false)) else {
                continue;
            };
            let gives_numbers = heap::owner_positions(&func.ret).is_empty() && func.ret.array().is_none();
            let insts = || func.order.iter().flat_map(|&b| func.blocks[b].insts.iter().copied());
            let reads = |i: Inst| func.insts[i].effects().meets(MEMORY) || found.called(func, i);
            if func.of_library && gives_numbers && insts().any(reads) && insts().all(|i| found.only_reads(func, i)) {
                found.0.insert(number);
            }
        }
        found
    }

    /// Whether a function is one of them.
    pub fn has(&self, number: usize) -> bool {
        self.0.contains(&number)
    }

    /// Whether an instruction calls one of them.
    pub fn called(&self, func: &Func, inst: Inst) -> bool {
        !func.insts[inst].attempted && callee(func, inst).is_some_and(|k| self.has(k))
    }

    fn only_reads(&self, func: &Func, inst: Inst) -> bool {
        let data = &func.insts[inst];
        self.called(func, inst) || data.op.is_terminator() || READS.has(data.effects()) && data.op != Op::Call
    }
}

/// The states in which the blocks of a function begin.
pub struct States {
    start: Map<Block, i64>,
}

impl States {
    /// Those of a function in which there are calls of readers.
    pub fn new(func: &Func, cfg: &Cfg, dom: &Dominators, readers: &Readers) -> States {
        let mut parent: Map<Block, Option<Block>> = Map::new();
        parent.resize(func.blocks.len(), None);
        for &block in &cfg.rpo {
            for &child in &dom.children[block] {
                parent[child] = Some(block);
            }
        }
        let mut writes: Map<Block, u32> = Map::new();
        writes.resize(func.blocks.len(), 0);
        for &block in &cfg.rpo {
            writes[block] = func.blocks[block].insts.iter().filter(|&&i| written(func, i, readers)).count() as u32;
        }
        let mut states = States { start: Map::new() };
        states.start.resize(func.blocks.len(), 0);
        for &block in &cfg.rpo {
            let same = parent[block].filter(|&above| is_quiet(cfg, &writes, block, above));
            states.start[block] = match same {
                Some(above) if writes[above] == 0 => states.start[above],
                Some(above) => after(above, writes[above]),
                None => after(block, 0),
            };
        }
        states
    }

    /// The state in which a block begins.
    pub fn at(&self, block: Block) -> i64 {
        self.start[block]
    }
}

/// The state after so many of a block's writes.
pub fn after(block: Block, writes: u32) -> i64 {
    (block.index() as i64) << 32 | i64::from(writes)
}

/// Whether an instruction may write what a reader reads.
pub fn written(func: &Func, inst: Inst, readers: &Readers) -> bool {
    func.insts[inst].effects().meets(WRITES) && !readers.called(func, inst)
}

/// Whether nothing is written on the ways from a block's dominator to it.
fn is_quiet(cfg: &Cfg, writes: &Map<Block, u32>, block: Block, above: Block) -> bool {
    let mut seen: HashSet<Block> = HashSet::new();
    let mut work: Vec<Block> = cfg.preds[block].iter().map(|&(from, _)| from).collect();
    while let Some(at) = work.pop() {
        if at == above || !seen.insert(at) {
            continue;
        }
        if writes[at] > 0 || seen.len() > FAR {
            return false;
        }
        work.extend(cfg.preds[at].iter().map(|&(from, _)| from));
    }
    true
}
