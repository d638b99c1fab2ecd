//! Small branches that only compute, with checks inside, become selections.
//!
//! LLVM does this by itself where it pays, but not across a branch to a failing block.  So
//! `k = k // 2 if k % 2 == 0 else 3 * k + 1` would run through an unpredictable branch only because of its
//! overflow checks.  Here the arms' instructions move in front of the branch, a guard `g` of an arm that runs
//! if `c` becomes a guard of `c implies g`, and the arguments of the joining block are selected.

use crate::analysis::Cfg;
use coachwhip_ir::{Block, Const, Cost, Edge, Func, Imm, Inst, Kind, Needs, Op, Rule, Ty, Value};

/// What both arms may cost together: about as much as a branch that is predicted wrongly once in four times.
const BUDGET: u32 = 6;

/// Looks at each branch once; what was nested stays nested.
pub fn run(func: &mut Func) {
    let cfg = Cfg::new(func);
    for &block in cfg.rpo.iter().rev() {
        if let Some(branch) = Branch::at(func, &cfg, block) {
            branch.flatten(func);
        }
    }
}

/// Flattens the branches of a block's loop that only compute, whether there are checks inside or not.
pub fn flatten_all(func: &mut Func, blocks: &[Block]) {
    let cfg = Cfg::new(func);
    for &block in blocks.iter().rev() {
        if let Some(branch) = Branch::find(func, &cfg, block).filter(|branch| branch.is_cheap(func)) {
            branch.flatten(func);
        }
    }
}

/// A branch whose edges meet again at once.
struct Branch {
    block: Block,
    terminator: Inst,
    condition: Value,
    /// The arm of each edge, if there is a block between.
    arms: [Option<Block>; 2],
    /// The edges into the joining block.
    joining: [Edge; 2],
}

impl Branch {
    fn at(func: &Func, cfg: &Cfg, block: Block) -> Option<Branch> {
        Branch::find(func, cfg, block).filter(|branch| branch.is_checked(func) && branch.is_cheap(func))
    }

    fn find(func: &Func, cfg: &Cfg, block: Block) -> Option<Branch> {
        let terminator = func.terminator(block)?;
        let data = &func.insts[terminator];
        let (Op::Branch, [condition], [then, otherwise]) = (data.op, &*data.args, &*data.edges) else { return None };
        let (first, second) = (arm(func, cfg, then), arm(func, cfg, otherwise));
        let direct = |edge: &Edge| (None, edge.clone());
        let target = |side: &Option<(Block, Edge)>| side.as_ref().map(|(_, edge)| edge.block);
        let [a, b] = match (first, second) {
            (Some((a, left)), Some((b, right))) if left.block == right.block => [(Some(a), left), (Some(b), right)],
            (first @ Some(_), _) if target(&first) == Some(otherwise.block) => {
                let (a, left) = first?;
                [(Some(a), left), direct(otherwise)]
            }
            (_, second @ Some(_)) if target(&second) == Some(then.block) => {
                let (b, right) = second?;
                [direct(then), (Some(b), right)]
            }
            _ => return None,
        };
        let ((first, left), (second, right)) = (a, b);
        Some(Branch { block, terminator, condition: *condition, arms: [first, second], joining: [left, right] })
    }

    /// The instructions of the arms.
    fn insts(&self, func: &Func) -> impl Iterator<Item = Inst> {
        self.arms.iter().flatten().flat_map(|&b| func.blocks[b].insts.iter().copied())
    }

    /// Whether the arms have a check, which LLVM would stop at.
    fn is_checked(&self, func: &Func) -> bool {
        self.insts(func).any(|i| func.insts[i].op == Op::Guard)
    }

    /// Whether the arms are cheap and join in plain numbers.
    fn is_cheap(&self, func: &Func) -> bool {
        let cost: u32 = self.insts(func).map(|i| cost(func, i)).sum();
        let params = &func.blocks[self.joining[0].block].params;
        let [a, b] = &self.joining;
        let differing = a.args.iter().zip(&b.args).zip(params).filter(|((a, b), _)| a != b);
        cost <= BUDGET
            && self.joining[0].block != self.block
            && differing.map(|(_, &param)| func.ty(param)).all(is_number)
    }

    fn flatten(self, func: &mut Func) {
        let loc = func.insts[self.terminator].loc;
        func.blocks[self.block].insts.pop();
        for (side, arm) in self.arms.into_iter().enumerate() {
            let insts = arm.map_or(Vec::new(), |arm| std::mem::take(&mut func.blocks[arm].insts));
            let (guards, others): (Vec<Inst>, Vec<Inst>) =
                insts.into_iter().partition(|&i| func.insts[i].op == Op::Guard);
            others.into_iter().for_each(|inst| self.hoist(func, inst));
            self.hoist_guards(func, guards, side == 0);
        }
        let [left, right] = self.joining;
        let mut args = Vec::with_capacity(left.args.len());
        for (&a, &b) in left.args.iter().zip(&right.args) {
            args.push(match a == b {
                true => a,
                false => {
                    let ty = func.ty(a).clone();
                    let select = func.make_inst(Op::Select, Imm::None, vec![self.condition, a, b], &[ty], vec![], loc);
                    func.blocks[self.block].insts.push(select);
                    func.insts[select].results.first().copied().unwrap_or(a)
                }
            });
        }
        let edge = Edge { block: left.block, args };
        let jump = func.make_inst(Op::Jump, Imm::None, vec![], &[], vec![edge], loc);
        func.blocks[self.block].insts.push(jump);
        func.order.retain(|&b| !self.arms.contains(&Some(b)));
    }

    /// Moves an instruction of an arm in front of the branch.
    fn hoist(&self, func: &mut Func, inst: Inst) {
        let op = func.insts[inst].op;
        if op == Op::Jump {
            return;
        }
        // Outside its arm the operands may be anything: the result wraps, and nobody looks at it.
        func.insts[inst].op = op.wrapping();
        func.blocks[self.block].insts.push(inst);
    }

    /// Moves an arm's guards after its other instructions, none of which can be noticed.  Guards in a row that
    /// tell the user the same become one.  `first` says on which side the arm was.
    fn hoist_guards(&self, func: &mut Func, guards: Vec<Inst>, first: bool) {
        let mut guards = guards.into_iter().peekable();
        while let Some(guard) = guards.next() {
            let Some(mut holds) = func.insts[guard].args.first().copied() else { continue };
            while let Some(next) = guards.next_if(|&next| tell_the_same(func, guard, next)) {
                if let Some(&also) = func.insts[next].args.first() {
                    holds = self.make(func, guard, Op::And, Imm::None, vec![holds, also]);
                }
            }
            let yes = self.make(func, guard, Op::Const, Imm::Const(Const::Bool(true)), vec![]);
            let args = if first { vec![self.condition, holds, yes] } else { vec![self.condition, yes, holds] };
            let condition = self.make(func, guard, Op::Select, Imm::None, args);
            func.insts[guard].args = vec![condition];
            func.blocks[self.block].insts.push(guard);
        }
    }

    /// Appends an instruction with a `Bool` result, at the place of a guard.
    fn make(&self, func: &mut Func, guard: Inst, op: Op, imm: Imm, args: Vec<Value>) -> Value {
        let loc = func.insts[guard].loc;
        let inst = func.make_inst(op, imm, args, &[Ty::Bool], vec![], loc);
        func.blocks[self.block].insts.push(inst);
        func.insts[inst].results.first().copied().unwrap_or(self.condition)
    }
}

/// Whether two guards fail with the same message and the same line of the same call.
fn tell_the_same(func: &Func, a: Inst, b: Inst) -> bool {
    let (a, b) = (&func.insts[a], &func.insts[b]);
    let (Some(p), Some(q)) = (func.locs.lookup(a.loc), func.locs.lookup(b.loc)) else { return false };
    a.imm == b.imm && (&p.file, p.line, p.inlined_at) == (&q.file, q.line, q.inlined_at)
}

/// The block after an edge, with the edge that it ends in, if it is entered from there alone and only computes.
fn arm(func: &Func, cfg: &Cfg, edge: &Edge) -> Option<(Block, Edge)> {
    let block = edge.block;
    let single = cfg.preds[block].len() == 1 && func.blocks[block].params.is_empty();
    let insts = &func.blocks[block].insts;
    let (last, rest) = insts.split_last().filter(|_| single && insts.len() <= 2 * BUDGET as usize)?;
    let end = &func.insts[*last];
    let onward = end.edges.first().filter(|_| end.op == Op::Jump)?;
    rest.iter().all(|&i| moves(func, i)).then(|| (block, onward.clone()))
}

/// Whether an instruction may run although its arm does not: it cannot trap and touches no memory.
fn moves(func: &Func, inst: Inst) -> bool {
    let data = &func.insts[inst];
    let numbers = || data.args.iter().chain(&data.results).all(|&v| is_number(func.ty(v)));
    match (data.op, &data.imm) {
        (Op::Guard, Imm::Error(kind)) => kind.arity() == 0 && data.args.len() == 1,
        (Op::Const, _) => data.results.iter().all(|&v| is_number(func.ty(v))),
        (Op::Convert, _) => {
            let is_float = |v: &Value| func.ty(*v).dtype().is_some_and(|d| d.kind() == Kind::Float);
            numbers() && (!data.args.iter().any(is_float) || data.results.iter().all(is_float))
        }
        (op, _) if op.needs() == Needs::Count => constant(func, inst).is_some_and(|n| (0..8).contains(&n)) && numbers(),
        (op, _) if op.needs() == Needs::Divisor => {
            constant(func, inst).is_some_and(|n| n.count_ones() == 1) && numbers()
        }
        (op, _) => cheap(op).is_some() && numbers(),
    }
}

/// The constant that is an instruction's second operand, if it is not negative.
fn constant(func: &Func, inst: Inst) -> Option<i64> {
    match func.constant(*func.insts[inst].args.get(1)?) {
        Some(Const::Int(n)) if *n >= 0 => Some(*n),
        _ => None,
    }
}

/// Cost of an instruction of an arm.
fn cost(func: &Func, inst: Inst) -> u32 {
    cheap(func.insts[inst].op).unwrap_or(0)
}

/// Cost of an operation that may run for nothing; `None` for all others.
fn cheap(op: Op) -> Option<u32> {
    match (op.rule(), op.cost()) {
        // What `range` knows of an index is not worth losing.
        _ if op == Op::WrapIndex => None,
        (Rule::Number | Rule::Integer | Rule::Bits | Rule::Compare | Rule::Overflow | Rule::Convert, cost) => {
            match cost {
                Cost::Nothing => Some(0),
                Cost::Simple => Some(1),
                Cost::Product => Some(2),
                // By a power of two, as `moves` has it.
                Cost::Slow => (op.needs() == Needs::Divisor).then_some(1),
                Cost::Call => None,
            }
        }
        _ => (op == Op::Select).then_some(1),
    }
}

/// One machine number.
fn is_number(ty: &Ty) -> bool {
    matches!(ty, Ty::Int | Ty::Float | Ty::Bool) || matches!(ty, Ty::Scalar(d) if d.kind() != Kind::Complex)
}
