//! What a function of the module may do besides its result, seen by its callers.

use super::facts::{fresh_memory, from_outside};
use coachwhip_abi::Effects;
use coachwhip_ir::{Func, Imm, InstData, Module, Op, Owner, Rule, Value};

/// The effects of a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Writes to memory that it reaches through its parameters.
    pub writes_params: bool,
    /// Writes to other memory that its callers may see.
    pub writes_other: bool,
    /// May fail; memory that runs out does not count.
    pub fails: bool,
    /// Is seen outside.
    pub world: bool,
    /// What it returns is memory that nobody else has.
    pub returns_fresh: bool,
}

/// The effects of every function: assumed to be none until something shows them.
pub fn summaries(module: &Module) -> Vec<Summary> {
    let quiet = Summary { returns_fresh: true, ..Summary::default() };
    let mut known = vec![quiet; module.funcs.len()];
    loop {
        let next: Vec<Summary> = module.funcs.iter().map(|func| summary(func, &known)).collect();
        if next == known {
            return known;
        }
        known = next;
    }
}

/// The effects of a function, given those of the functions that it calls.
pub fn summary(func: &Func, known: &[Summary]) -> Summary {
    let mut found = Summary { returns_fresh: true, ..Summary::default() };
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            let effects = of(data, known);
            found.fails |= effects.fails && data.op.rule() != Rule::Poll;
            found.world |= effects.world;
            found.writes_other |= effects.writes_other;
            if effects.writes_params {
                for &target in written(data) {
                    match (fresh_memory(func, target), from_outside(func, target)) {
                        (true, _) => {}
                        (_, true) => found.writes_params = true,
                        _ => found.writes_other = true,
                    }
                }
            }
            if data.op == Op::Return {
                found.returns_fresh &= data.args.first().is_some_and(|&v| fresh_memory(func, v));
            }
        }
    }
    found
}

/// The effects of an instruction; `writes_params` is about its operands.
pub fn of(data: &InstData, known: &[Summary]) -> Summary {
    let none = Summary::default();
    let any = Summary { writes_params: true, writes_other: true, fails: true, world: true, returns_fresh: false };
    match (data.op, &data.imm) {
        (Op::Call, Imm::Func(k)) => known.get(*k as usize).copied().unwrap_or(any),
        (op, Imm::Func(k)) if op.rule() == Rule::Map => {
            let kernel = known.get(*k as usize).copied().unwrap_or(any);
            Summary { writes_params: op == Op::MapInto, ..kernel }
        }
        // Cells hold no elements, and what is new nobody has seen.
        (op, imm) if op.is_mark() || op.rule() == Rule::Cell || op.owner(imm) == Owner::New => none,
        (op, _) => {
            let effects = data.effects();
            Summary {
                writes_params: effects.has(Effects::WRITES),
                writes_other: effects.has(Effects::WRITES) && op.keeps(),
                fails: effects.has(Effects::FAILS),
                world: effects.has(Effects::WORLD),
                returns_fresh: false,
            }
        }
    }
}

/// The operands through which an instruction writes, if it does.
pub fn written(data: &InstData) -> &[Value] {
    match data.op.rule() {
        Rule::Memory | Rule::Map => data.args.get(..1).unwrap_or(&[]),
        _ => &data.args,
    }
}
