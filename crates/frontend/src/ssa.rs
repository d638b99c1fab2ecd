//! SSA construction on the fly (Braun et al., "Simple and Efficient Construction of Static Single
//! Assignment Form", 2013): a variable's value is looked up where it is read, and block parameters appear
//! only where a look-up meets several predecessors.  Where it is known which blocks assign a variable, a
//! look-up passes by the meeting points that none of its assignments reaches, to their dominator: without
//! that a variable costs as much as the function has branches.
//!
//! Everything is iterative, so that no function is too deep, and a parameter keeps two witnesses of being
//! needed, so that checking it again costs nothing.

use coachwhip_ir::entity::{Entity, Map};
use coachwhip_ir::func::{Def, ValueData};
use coachwhip_ir::{Block, Func, Ty, Value};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A hasher for small numbers: one multiplication.
#[derive(Default)]
pub struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.write_u32(u32::from(*b)));
    }
    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0.rotate_left(5) ^ u64::from(number)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

/// A map with small numbers as keys.
pub type NumberMap<K, V> = HashMap<K, V, BuildHasherDefault<NumberHasher>>;

/// A variable: a slot, a slot's flag or a place of the stack, by number.
pub type Variable = u32;

/// Where values of the first variables can meet.
pub struct Places {
    /// The immediate dominator of each block, by number.
    pub parents: Vec<usize>,
    /// Where different values of a variable can meet.
    pub meetings: HashSet<(Block, Variable), BuildHasherDefault<NumberHasher>>,
    /// How many variables this is known of.
    pub variables: u32,
}

impl Places {
    /// The block to go on in, if no values of the variable meet here.
    fn pass(&self, block: Block, variable: Variable) -> Option<Block> {
        let known = variable < self.variables && !self.meetings.contains(&(block, variable));
        known.then(|| self.parents.get(block.index()).map(|parent| Block::new(*parent))).flatten()
    }
}

/// A look-up notes its result in every so many blocks that it passes: that bounds both the length of later
/// ones and the memory.
const NOTE_EVERY: usize = 8;

#[derive(Clone, Default)]
struct BlockState {
    values: NumberMap<Variable, Value>,
    predecessors: Vec<Block>,
    /// All predecessors are filled.
    sealed: bool,
    /// Parameters that wait for sealing.
    incomplete: Vec<Value>,
    params: Vec<Value>,
}

struct Param {
    block: Block,
    variable: Variable,
    /// One for each predecessor, once the block is sealed.
    operands: Vec<Value>,
    /// Two different values among the operands, the parameter itself not counted.
    witnesses: Option<(Value, Value)>,
    /// Parameters that have this one as an operand.
    users: Vec<Value>,
}

/// The variables of a function under construction.
pub struct Variables {
    blocks: Map<Block, BlockState>,
    places: Option<Places>,
    params: NumberMap<Value, Param>,
    /// Parameters that turned out to be another value.
    same: NumberMap<Value, Value>,
    /// The value of a variable that has none.
    undefined: Value,
    pending: Vec<Value>,
}

impl Variables {
    /// For blocks with these predecessors, in which nothing is assigned yet.
    pub fn new(predecessors: Vec<Vec<Block>>, places: Option<Places>, undefined: Value) -> Variables {
        let mut blocks = Map::new();
        for predecessors in predecessors {
            blocks.push(BlockState { predecessors, ..BlockState::default() });
        }
        Variables {
            blocks,
            places,
            params: NumberMap::default(),
            same: NumberMap::default(),
            undefined,
            pending: Vec::new(),
        }
    }

    /// Assigns a variable.
    pub fn write(&mut self, block: Block, variable: Variable, value: Value) {
        self.blocks[block].values.insert(variable, value);
    }

    /// The value of a variable at the present end of a block.
    pub fn read(&mut self, func: &mut Func, block: Block, variable: Variable) -> Value {
        let value = self.lookup(func, block, variable);
        self.fill(func);
        self.resolve(value)
    }

    /// Says that all predecessors of a block are filled.
    pub fn seal(&mut self, func: &mut Func, block: Block) {
        self.blocks[block].sealed = true;
        let waiting = std::mem::take(&mut self.blocks[block].incomplete);
        self.pending.extend(waiting);
        self.fill(func);
    }

    /// What a value stands for after the removal of needless parameters.
    pub fn resolve(&mut self, value: Value) -> Value {
        let mut end = value;
        while let Some(next) = self.same.get(&end) {
            end = *next;
        }
        let mut at = value;
        while let Some(next) = self.same.get_mut(&at).filter(|next| **next != end) {
            at = std::mem::replace(next, end);
        }
        end
    }

    /// The predecessors of a block.
    pub fn predecessors(&self, block: Block) -> &[Block] {
        &self.blocks[block].predecessors
    }

    /// The parameters that a block needs, each with its variable and its argument for each predecessor.
    pub fn take_params(&mut self, block: Block) -> Vec<(Value, Variable, Vec<Value>)> {
        let mut needed = Vec::new();
        for param in std::mem::take(&mut self.blocks[block].params) {
            if self.same.contains_key(&param) {
                continue;
            }
            let Some(state) = self.params.get_mut(&param) else { continue };
            let (variable, operands) = (state.variable, std::mem::take(&mut state.operands));
            needed.push((param, variable, operands.into_iter().map(|v| self.resolve(v)).collect()));
        }
        needed
    }

    fn lookup(&mut self, func: &mut Func, block: Block, variable: Variable) -> Value {
        let mut passed = Vec::new();
        let mut at = block;
        let value = loop {
            let state = &self.blocks[at];
            if let Some(value) = state.values.get(&variable) {
                break *value;
            }
            passed.push(at);
            match state.predecessors.as_slice() {
                [] => break self.undefined,
                [only] if state.sealed => at = *only,
                _ => {
                    let sealed = state.sealed;
                    if let Some(next) = self.places.as_ref().and_then(|places| places.pass(at, variable)) {
                        at = next;
                        continue;
                    }
                    let param = self.param(func, at, variable);
                    self.write(at, variable, param);
                    let waiting = if sealed { &mut self.pending } else { &mut self.blocks[at].incomplete };
                    waiting.push(param);
                    break param;
                }
            }
        };
        for block in passed.into_iter().step_by(NOTE_EVERY) {
            self.write(block, variable, value);
        }
        value
    }

    fn param(&mut self, func: &mut Func, block: Block, variable: Variable) -> Value {
        let position = self.blocks[block].params.len() as u32;
        let value = func.values.push(ValueData { ty: Ty::Any, def: Def::Param(block, position) });
        self.blocks[block].params.push(value);
        let param = Param { block, variable, operands: Vec::new(), witnesses: None, users: Vec::new() };
        self.params.insert(value, param);
        value
    }

    /// Gives the pending parameters their operands, then removes those that are needless.
    fn fill(&mut self, func: &mut Func) {
        let mut filled = Vec::new();
        while let Some(param) = self.pending.pop() {
            let Some(&Param { block, variable, .. }) = self.params.get(&param) else { continue };
            let predecessors = self.blocks[block].predecessors.clone();
            let mut operands = Vec::with_capacity(predecessors.len());
            for predecessor in predecessors {
                let operand = self.lookup(func, predecessor, variable);
                let operand = self.resolve(operand);
                if let Some(used) = self.params.get_mut(&operand) {
                    used.users.push(param);
                }
                operands.push(operand);
            }
            if let Some(p) = self.params.get_mut(&param) {
                p.operands = operands;
            }
            filled.push(param);
        }
        while let Some(param) = filled.pop() {
            filled.extend(self.simplify(param));
        }
    }

    /// Removes a parameter all of whose operands are one value; the parameters to look at again.
    fn simplify(&mut self, param: Value) -> Vec<Value> {
        let Some(state) = self.params.get(&param).filter(|p| !p.operands.is_empty()) else { return Vec::new() };
        if self.same.contains_key(&param) {
            return Vec::new();
        }
        if let Some((a, b)) = state.witnesses {
            let (a, b) = (self.resolve(a), self.resolve(b));
            if a != b && a != param && b != param {
                return Vec::new();
            }
        }
        let Some(state) = self.params.get(&param) else { return Vec::new() };
        let operands = state.operands.clone();
        let mut only = None;
        for operand in operands {
            let operand = self.resolve(operand);
            match only {
                _ if operand == param => {}
                None => only = Some(operand),
                Some(other) if other == operand => {}
                Some(other) => {
                    if let Some(p) = self.params.get_mut(&param) {
                        p.witnesses = Some((other, operand));
                    }
                    return Vec::new();
                }
            }
        }
        let value = only.unwrap_or(self.undefined);
        self.same.insert(param, value);
        let users = self.params.get_mut(&param).map(|p| std::mem::take(&mut p.users)).unwrap_or_default();
        if let Some(p) = self.params.get_mut(&value) {
            p.users.extend(users.iter().copied());
        }
        users
    }
}
