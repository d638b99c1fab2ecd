//! What the engine knows of an untyped function before any types: an order of its blocks, who uses which
//! value in which block, and what each captured variable needs.

use super::lists::Lists;
use crate::join::Meet;
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{Block, Cfg, Const, Diagnostic, Dominators, Func, FuncId, Imm, Inst, Op, Source, Value};
use std::collections::{HashMap, HashSet};

/// How the variable behind a cell is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum CellKind {
    /// Assigned once, before every use, outside loops: uses take the assigned value itself.
    Alias(Value),
    /// Assigned once, outside loops, with a nested function that is captured before it is assigned (it calls
    /// itself): captures get the function as a constant, later uses the closure value.
    Late(FuncId, Value, Inst),
    /// Anything else: a slot in memory.
    Slot,
}

/// Facts about an untyped function.
#[derive(Debug, Default)]
pub struct Shape {
    /// Blocks in reverse postorder from the entry.
    pub order: Vec<Block>,
    /// Position in `order` by block number; `u32::MAX` if not connected.
    pub position: Vec<u32>,
    /// For each value, the blocks other than its own that use it.
    pub users: HashMap<Value, Vec<Block>>,
    /// How often each value is used.
    pub use_counts: Vec<u32>,
    /// Cells created here.
    pub cells: HashMap<Value, CellKind>,
    /// Positions of captured cells that are assigned here or in a function nested here.
    pub stored: HashSet<usize>,
    /// Instructions that make nested functions, by the code of these.
    pub nested: HashMap<FuncId, Vec<Inst>>,
    /// Its lists.
    pub lists: Lists,
    /// Blocks that are part of a loop.
    pub looped: HashSet<Block>,
    /// Exceptions that may be looked at after their handlers.
    pub outliving: HashSet<Value>,
    /// For each protected block, the `py.try` that leads to it.
    pub protected: HashMap<Block, Inst>,
    /// Filled only if there are cells.
    dominators: Option<Dominators>,
}

/// The caught exceptions that may be looked at when their handlers have ended: used there, or in a way that may keep more
/// than what it makes of them (assigned to a variable that lives on, put into a tuple, given to a user's function).
fn outliving(func: &Func, order: &[Block]) -> HashSet<Value> {
    let insts = || order.iter().flat_map(|block| func.blocks[*block].insts.iter().map(move |inst| (*block, *inst)));
    let caught: HashMap<Value, (Block, Inst)> = insts()
        .filter(|(_, inst)| func.insts[*inst].op == Op::PyCaught)
        .filter_map(|(block, inst)| Some((*func.insts[inst].results.first()?, (block, inst))))
        .collect();
    let mut found = HashSet::new();
    for (_, inst) in insts() {
        let data = &func.insts[inst];
        let looks = match data.op {
            Op::PyExcMatch | Op::PyReraise | Op::PyRaise | Op::PyGetAttr | Op::PyFormat | Op::PyIs => true,
            Op::PyCall => data.args.first().is_some_and(|callee| only_looks(func, *callee)),
            _ => false,
        };
        let kept = data.args.iter().filter(|_| !looks).chain(data.edges.iter().flat_map(|edge| &edge.args));
        found.extend(kept.filter(|value| caught.contains_key(value)));
    }
    for (value, (block, inst)) in caught {
        if !found.contains(&value) && used_later(func, order, value, block, inst) {
            found.insert(value);
        }
    }
    found
}

/// Whether a caught exception is used after the end of its handler.
fn used_later(func: &Func, order: &[Block], value: Value, block: Block, caught: Inst) -> bool {
    let depth = |inst: &Inst| match func.insts[*inst].imm {
        Imm::Int(depth) => depth,
        _ => 0,
    };
    let ends = |inst: &Inst| {
        let of_handlers = matches!(func.insts[*inst].op, Op::PyEndHandling | Op::PyCaught);
        of_handlers && *inst != caught && depth(inst) <= depth(&caught)
    };
    let uses = |insts: &[Inst]| insts.iter().any(|inst| func.insts[*inst].args.contains(&value));
    let mut work = Vec::new();
    for other in order {
        let insts = &func.blocks[*other].insts;
        if let Some(at) = insts.iter().position(ends) {
            let after = insts.get(at..).unwrap_or_default();
            if !after.contains(&caught) {
                if uses(after) {
                    return true;
                }
                work.extend(func.successors(*other));
            }
        }
    }
    let mut seen = HashSet::from([block]);
    while let Some(next) = work.pop() {
        if seen.insert(next) {
            if uses(&func.blocks[next].insts) {
                return true;
            }
            work.extend(func.successors(next));
        }
    }
    false
}

/// Whether a callee is a built-in function, or the end of a `with` statement.
fn only_looks(func: &Func, callee: Value) -> bool {
    match func.constant(callee) {
        Some(Const::Named(name)) => name.starts_with("builtins."),
        Some(_) => false,
        None => func.def_inst(callee).is_some_and(|inst| {
            let data = &func.insts[inst];
            data.op == Op::PyGetAttr && matches!(&data.imm, Imm::Name(name) if &**name == "__exit__")
        }),
    }
}

impl Shape {
    /// Looks at a function; `stored_in` answers which captures a nested function assigns.
    pub fn of(
        func: &Func,
        mut stored_in: impl FnMut(FuncId) -> Result<HashSet<usize>, Box<Diagnostic>>,
    ) -> Result<Shape, Box<Diagnostic>> {
        let cfg = Cfg::new(func);
        let position = vec![u32::MAX; func.blocks.len()];
        let mut shape = Shape { order: cfg.rpo.clone(), position, ..Shape::default() };
        for (i, block) in shape.order.iter().enumerate() {
            if let Some(slot) = shape.position.get_mut(block.index()) {
                *slot = i as u32;
            }
        }
        shape.looped = shape.loops(&cfg);
        shape.lists = Lists::of(func);
        for end in shape.order.iter().filter_map(|block| func.terminator(*block)) {
            if let (Op::PyTry, Some(edge)) = (func.insts[end].op, func.insts[end].edges.first()) {
                shape.protected.insert(edge.block, end);
            }
        }
        shape.outliving = outliving(func, &shape.order);
        let places = shape.uses(func);
        let has_cells = func.insts.values().any(|i| matches!(i.op, Op::PyCellNew | Op::PyCellSet | Op::PyFunction));
        if has_cells {
            shape.dominators = Some(Dominators::new(func, &cfg));
            shape.classify_cells(func, &places, &mut stored_in)?;
        }
        Ok(shape)
    }

    /// The edge that what fails in a block takes.
    pub fn handler<'f>(&self, func: &'f Func, block: Block) -> Option<&'f coachwhip_ir::Edge> {
        func.insts[*self.protected.get(&block)?].edges.get(1)
    }

    /// Position of a block in the order.
    pub fn position(&self, block: Block) -> usize {
        self.position.get(block.index()).map_or(usize::MAX, |p| *p as usize)
    }

    /// The blocks of all loops: the targets of edges that lead back, and what comes to such an edge from there.
    fn loops(&self, cfg: &Cfg) -> HashSet<Block> {
        let mut looped = HashSet::new();
        let before = |block: Block| cfg.preds[block].iter().map(|(from, _)| *from);
        for &head in &self.order {
            let back: Vec<Block> = before(head).filter(|from| self.position(*from) >= self.position(head)).collect();
            let mut seen = HashSet::from([head]);
            let mut work = back.clone();
            while let Some(block) = work.pop() {
                if seen.insert(block) {
                    work.extend(before(block));
                }
            }
            looped.extend(seen.into_iter().filter(|_| !back.is_empty()));
        }
        looped
    }

    /// What becomes of values of different types where paths meet in a block.
    pub fn meet(&self, func: &Func, block: Block) -> Meet {
        match func.of_library {
            true => Meet::Common,
            false if self.looped.contains(&block) => Meet::InLoop,
            false => Meet::Exact,
        }
    }

    /// Fills `users`; returns the block and place of every instruction.
    fn uses(&mut self, func: &Func) -> HashMap<Inst, (Block, usize)> {
        let mut places = HashMap::new();
        let mut defined = vec![func.entry; func.values.len()];
        for &block in &self.order {
            let data = &func.blocks[block];
            let results = data.insts.iter().flat_map(|i| func.insts[*i].results.iter());
            for value in data.params.iter().chain(results) {
                if let Some(slot) = defined.get_mut(value.index()) {
                    *slot = block;
                }
            }
        }
        self.use_counts = vec![0; func.values.len()];
        for &block in &self.order {
            for (at, &inst) in func.blocks[block].insts.iter().enumerate() {
                places.insert(inst, (block, at));
                let data = &func.insts[inst];
                for value in data.args.iter().chain(data.edges.iter().flat_map(|e| e.args.iter())) {
                    if let Some(count) = self.use_counts.get_mut(value.index()) {
                        *count += 1;
                    }
                    if defined.get(value.index()) != Some(&block) {
                        add_user(&mut self.users, *value, block);
                    }
                }
            }
        }
        places
    }

    /// Whether a value is made by an instruction and used once, in the same block: so it is used at most once
    /// each time it is made.
    pub fn made_and_used(&self, func: &Func, value: Value) -> bool {
        let once = self.use_counts.get(value.index()) == Some(&1);
        let made = func.def_inst(value).is_some() || func.entry_params().contains(&value);
        once && made && !self.users.contains_key(&value)
    }

    fn classify_cells(
        &mut self,
        func: &Func,
        places: &HashMap<Inst, (Block, usize)>,
        stored_in: &mut impl FnMut(FuncId) -> Result<HashSet<usize>, Box<Diagnostic>>,
    ) -> Result<(), Box<Diagnostic>> {
        let mut uses: HashMap<Value, CellUses> = HashMap::new();
        let captured: HashMap<Value, usize> =
            func.entry_params().iter().take(func.captures.len()).enumerate().map(|(i, v)| (*v, i)).collect();
        for &block in &self.order {
            for &inst in &func.blocks[block].insts {
                let data = &func.insts[inst];
                match (data.op, &data.imm, data.args.as_slice()) {
                    (Op::PyCellNew, _, _) => {
                        if let Some(v) = data.results.first() {
                            uses.entry(*v).or_default().made = true;
                        }
                    }
                    (Op::PyCellSet, _, [cell, ..]) => {
                        uses.entry(*cell).or_default().sets.push(inst);
                        self.stored.extend(captured.get(cell));
                    }
                    (Op::PyCellGet, _, [cell]) => uses.entry(*cell).or_default().others.push(inst),
                    (Op::PyFunction, Imm::Code(id), args) => {
                        let stored = stored_in(*id)?;
                        self.nested.entry(*id).or_default().push(inst);
                        for (i, cell) in captures_of(func, args).iter().enumerate() {
                            let entry = uses.entry(*cell).or_default();
                            entry.others.push(inst);
                            entry.nested_store |= stored.contains(&i);
                            if stored.contains(&i) {
                                self.stored.extend(captured.get(cell));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        for (cell, uses) in uses.into_iter().filter(|(_, u)| u.made) {
            let kind = self.classify(func, places, &uses);
            if let CellKind::Alias(value) | CellKind::Late(_, value, _) = &kind {
                for inst in &uses.others {
                    if let Some((block, _)) = places.get(inst) {
                        add_user(&mut self.users, *value, *block);
                    }
                }
            }
            self.cells.insert(cell, kind);
        }
        Ok(())
    }

    fn classify(&self, func: &Func, places: &HashMap<Inst, (Block, usize)>, uses: &CellUses) -> CellKind {
        let [set] = uses.sets.as_slice() else { return CellKind::Slot };
        let (Some(&place), Some(&value)) = (places.get(set), func.insts[*set].args.get(1)) else {
            return CellKind::Slot;
        };
        if uses.nested_store || self.in_loop(func, place.0) {
            return CellKind::Slot;
        }
        let early = uses.others.iter().filter(|i| places.get(*i).is_none_or(|p| !self.before(place, *p)));
        let early: Vec<Inst> = early.copied().collect();
        if early.is_empty() {
            return CellKind::Alias(value);
        }
        match func.def_inst(value).map(|i| &func.insts[i]) {
            Some(made) if made.op == Op::PyFunction && early.iter().all(|i| func.insts[*i].op == Op::PyFunction) => {
                match made.imm {
                    Imm::Code(id) => CellKind::Late(id, value, *set),
                    _ => CellKind::Slot,
                }
            }
            _ => CellKind::Slot,
        }
    }

    /// The nested function that another one captures at a position, if its variable holds nothing else.
    pub fn captured_function(&self, func: &Func, nested: FuncId, capture: usize) -> Option<FuncId> {
        let inst = self.nested.get(&nested)?.first()?;
        let cell = captures_of(func, &func.insts[*inst].args).get(capture)?;
        match self.cells.get(cell)? {
            CellKind::Late(id, ..) => Some(*id),
            CellKind::Alias(value) => match func.def_inst(*value).map(|i| &func.insts[i])? {
                coachwhip_ir::InstData { op: Op::PyFunction, imm: Imm::Code(id), .. } => Some(*id),
                _ => None,
            },
            CellKind::Slot => None,
        }
    }

    /// Whether a call of the function always comes to an instruction, unless it fails before: no way from the entry to an
    /// end goes round its block.
    pub fn certain(&self, func: &Func, inst: Inst) -> bool {
        let holds = |block: &&Block| func.blocks[**block].insts.contains(&inst);
        let Some(&block) = self.order.iter().find(holds) else { return true };
        let mut seen = HashSet::from([block, func.entry]);
        let mut work = vec![func.entry];
        while let Some(at) = work.pop().filter(|at| *at != block) {
            let next: Vec<Block> = func.successors(at).collect();
            if next.is_empty() {
                return false;
            }
            work.extend(next.into_iter().filter(|next| seen.insert(*next)));
        }
        true
    }

    /// Whether a place is reached on every way to another one.
    pub fn before(&self, a: (Block, usize), b: (Block, usize)) -> bool {
        if a.0 == b.0 { a.1 < b.1 } else { self.dominates(a.0, b.0) }
    }

    fn dominates(&self, a: Block, b: Block) -> bool {
        self.dominators.as_ref().is_some_and(|tree| tree.dominates(a, b))
    }

    fn in_loop(&self, func: &Func, block: Block) -> bool {
        let mut seen = HashSet::new();
        let mut work: Vec<Block> = func.successors(block).collect();
        while let Some(next) = work.pop() {
            if next == block {
                return true;
            }
            if seen.insert(next) {
                work.extend(func.successors(next));
            }
        }
        false
    }
}

#[derive(Default)]
struct CellUses {
    made: bool,
    sets: Vec<Inst>,
    others: Vec<Inst>,
    nested_store: bool,
}

fn add_user(users: &mut HashMap<Value, Vec<Block>>, value: Value, block: Block) {
    let list = users.entry(value).or_default();
    if list.last() != Some(&block) {
        list.push(block);
    }
}

/// The captured cells among the operands of a `py.function`: after the defaults tuple, the names of the
/// keyword-only defaults, and these.
pub fn captures_of<'a>(func: &Func, args: &'a [Value]) -> &'a [Value] {
    args.get(2 + keyword_defaults(func, args).len()..).unwrap_or(&[])
}

/// The names of the keyword-only parameters with defaults, of a `py.function`.
pub fn keyword_defaults(func: &Func, args: &[Value]) -> Vec<std::sync::Arc<str>> {
    let names = args.get(1).and_then(|v| func.constant(*v));
    match names {
        Some(coachwhip_ir::Const::Tuple(items)) => items
            .iter()
            .filter_map(|c| match c {
                coachwhip_ir::Const::Str(name) => Some(name.clone()),
                _ => None,
            })
            .collect(),
        _ => vec![],
    }
}

/// The shape of a function of the program, with those of the functions nested in it.
pub fn shape_of(
    source: &dyn Source,
    id: FuncId,
    depth: usize,
) -> Result<(std::sync::Arc<Func>, Shape), Box<Diagnostic>> {
    let func = source.func(id).map_err(Box::new)?;
    let shape = Shape::of(&func, |nested| {
        if depth > 32 {
            return Ok(HashSet::new());
        }
        Ok(shape_of(source, nested, depth + 1)?.1.stored)
    })?;
    Ok((func, shape))
}
