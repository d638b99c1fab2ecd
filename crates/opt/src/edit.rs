//! Small changes to a function that several passes make.

use coachwhip_ir::entity::Map;
use coachwhip_ir::{Block, Const, Edge, Func, Imm, Inst, Loc, Op, Ty, Value};

/// Values to be replaced by others, applied to a whole function at once.
pub struct Renames {
    to: Map<Value, Value>,
    changed: bool,
}

impl Renames {
    /// No replacements.
    pub fn new(func: &Func) -> Renames {
        let mut to = Map::new();
        for value in func.values.keys() {
            to.push(value);
        }
        Renames { to, changed: false }
    }

    /// `from` shall be replaced by `to`.  A replacement that would lead in a circle is dropped.
    pub fn set(&mut self, from: Value, to: Value) {
        let to = self.get(to);
        if from != to && self.get(from) == from {
            self.grow(from);
            self.to[from] = to;
            self.changed = true;
        }
    }

    /// What stands for a value now.
    pub fn get(&self, value: Value) -> Value {
        let mut value = value;
        while let Some(&next) = self.to.lookup(value).filter(|&&n| n != value) {
            value = next;
        }
        value
    }

    /// Whether any value is replaced.
    pub fn changed(&self) -> bool {
        self.changed
    }

    /// Replaces the operands of one instruction.
    pub fn apply_to(&self, func: &mut Func, inst: Inst) {
        let data = &mut func.insts[inst];
        let edges = data.edges.iter_mut().flat_map(|e| e.args.iter_mut());
        for arg in data.args.iter_mut().chain(edges) {
            *arg = self.get(*arg);
        }
    }

    /// Replaces the operands of every instruction.
    pub fn apply(&mut self, func: &mut Func) {
        if self.changed {
            self.shorten();
            for block in func.order.clone() {
                for inst in func.blocks[block].insts.clone() {
                    self.apply_to(func, inst);
                }
            }
        }
    }

    /// Makes every chain one step long.
    fn shorten(&mut self) {
        for value in self.to.keys() {
            let end = self.get(value);
            let mut value = value;
            while value != end {
                value = std::mem::replace(&mut self.to[value], end);
            }
        }
    }

    fn grow(&mut self, value: Value) {
        while self.to.lookup(value).is_none() {
            let next = Value(self.to.len() as u32);
            self.to.push(next);
        }
    }
}

/// The operands of an instruction, those of its edges included.
pub fn operands(func: &Func, inst: Inst) -> impl Iterator<Item = Value> + '_ {
    let data = &func.insts[inst];
    data.args.iter().chain(data.edges.iter().flat_map(|e| e.args.iter())).copied()
}

/// How often each value is an operand.
pub fn use_counts(func: &Func) -> Map<Value, u32> {
    let mut counts = Map::new();
    counts.resize(func.values.len(), 0);
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            for arg in operands(func, inst) {
                counts[arg] += 1;
            }
        }
    }
    counts
}

/// The edge of a block, to change.
pub fn edge_mut(func: &mut Func, block: Block, number: usize) -> Option<&mut Edge> {
    let terminator = func.terminator(block)?;
    func.insts[terminator].edges.get_mut(number)
}

/// Puts an empty block on an edge and returns it: the edge's arguments now leave from there.
pub fn split_edge(func: &mut Func, block: Block, number: usize) -> Block {
    let middle = func.add_block();
    let loc = func.terminator(block).map_or(Loc(0), |t| func.insts[t].loc);
    let onward = edge_mut(func, block, number).map(|e| std::mem::replace(e, Edge { block: middle, args: vec![] }));
    let jump = func.make_inst(Op::Jump, Imm::None, vec![], &[], onward.into_iter().collect(), loc);
    func.blocks[middle].insts.push(jump);
    middle
}

/// Inserts an instruction before the terminator of a block and returns its results.
pub fn append(func: &mut Func, block: Block, op: Op, imm: Imm, args: Vec<Value>, results: &[Ty]) -> Vec<Value> {
    let loc = func.terminator(block).map_or(Loc(0), |t| func.insts[t].loc);
    let inst = func.make_inst(op, imm, args, results, vec![], loc);
    let at = func.blocks[block].insts.len() - usize::from(func.terminator(block).is_some());
    func.blocks[block].insts.insert(at, inst);
    func.insts[inst].results.clone()
}

/// As [`append`], for an instruction with one result.
pub fn append_value(func: &mut Func, block: Block, op: Op, args: Vec<Value>, ty: Ty) -> Value {
    append(func, block, op, Imm::None, args, &[ty]).first().copied().unwrap_or(Value(u32::MAX))
}

/// A constant before the terminator of a block.
pub fn append_const(func: &mut Func, block: Block, constant: Const, ty: Ty) -> Value {
    append(func, block, Op::Const, Imm::Const(constant), vec![], &[ty]).first().copied().unwrap_or(Value(u32::MAX))
}

/// An `Int` constant before the terminator of a block.
pub fn append_int(func: &mut Func, block: Block, value: i64) -> Value {
    append_const(func, block, Const::Int(value), Ty::Int)
}

/// The number that a value is known to be, for `Int`, `Bool` and integer scalars.
pub fn int_constant(func: &Func, value: Value) -> Option<i64> {
    match func.constant(value)? {
        Const::Int(i) => Some(*i),
        Const::Bool(b) => Some(i64::from(*b)),
        Const::Scalar(d, bits) if d.is_int() || *d == coachwhip_ir::Dtype::Bool => Some(bits.0 as i64),
        _ => None,
    }
}

/// Turns an instruction into a constant (it keeps its result).
pub fn make_const(func: &mut Func, inst: Inst, constant: Const) {
    let data = &mut func.insts[inst];
    data.op = Op::Const;
    data.imm = Imm::Const(constant);
    data.args.clear();
    data.edges.clear();
}
