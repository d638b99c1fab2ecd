//! The fixed point over one function: types of block parameters, reachability and constants together.
//!
//! Rules run into a scratch function whose only use is that its values have types.  An instruction runs
//! again only if the types of its operands have changed, or if it called a function whose result type was
//! still open.  A rule that refuses makes its results `Never`; if it still refuses when everything stands
//! still, the emission ([`super::build`]) reports it.

use super::caller::{Caller, generator};
use super::lists::Class;
use super::step::{Frame, step};
use super::{CellStore, Inference, SpecId, cursor};
use crate::emit::Val;
use crate::join::{Meet, collapsed, join, meet, widen};
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{Block, Code, Const, Edge, Func, Imm, Inst, Loc, LocData, Op, Ty, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Types nested deeper than this do not join: they would grow for ever.
pub const MAX_NESTING: usize = 12;

/// Why a variable has no type.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// In the user's words.
    pub why: String,
    /// The block parameter where the paths meet.
    pub param: Value,
    /// The place and type of each of the two assignments.
    pub sides: [(Option<Loc>, Ty); 2],
}

/// What the last run of an instruction looked at.
struct Seen {
    inputs: Vec<Ty>,
    open: bool,
    round: u32,
    dead: bool,
    /// Whether it may fail.
    fails: bool,
}

/// The state of the fixed point of one specialisation.
pub struct Flow {
    /// Types of block parameters by value number.
    pub types: Vec<Ty>,
    /// Block parameters, and whatever they are passed on to, whose types do not join.
    pub conflicts: HashMap<Value, Conflict>,
    /// Contents of cells in memory, without the flag.
    pub cells: HashMap<Value, Ty>,
    /// Types of classes of containers, and why some have none.
    pub items: HashMap<Class, Ty>,
    pub item_conflicts: HashMap<Class, String>,
    /// Why the results of two `return` statements do not join.
    pub ret_conflict: Option<String>,
    reached: Vec<bool>,
    scratch: Func,
    vals: Vec<Option<Val>>,
    seen: Vec<Option<Seen>>,
    origins: HashMap<Value, (Option<Loc>, Ty)>,
    /// Protected blocks in which something may fail.
    failing: BTreeSet<Block>,
    work: BTreeSet<usize>,
    open_blocks: BTreeSet<usize>,
    round: u32,
}

impl Flow {
    /// Nothing known but the arguments.
    pub fn new(func: &Func, args: &[Ty]) -> Flow {
        let mut types = vec![Ty::Never; func.values.len()];
        for (param, ty) in func.entry_params().iter().zip(args) {
            if let Some(slot) = types.get_mut(param.index()) {
                *slot = normal(ty);
            }
        }
        let place = LocData {
            function: func.name.clone(),
            file: Arc::from(""),
            line: 0,
            column: 0,
            end_line: 0,
            end_column: 0,
            inlined_at: None,
        };
        Flow {
            types,
            conflicts: HashMap::new(),
            cells: HashMap::new(),
            items: HashMap::new(),
            item_conflicts: HashMap::new(),
            ret_conflict: None,
            reached: vec![false; func.blocks.len()],
            scratch: Func::new("", "", place),
            vals: vec![None; func.values.len()],
            seen: std::iter::repeat_with(|| None).take(func.insts.len()).collect(),
            origins: HashMap::new(),
            failing: BTreeSet::new(),
            work: BTreeSet::new(),
            open_blocks: BTreeSet::new(),
            round: 0,
        }
    }

    /// Has everything that built on an open question looked at again.
    pub fn restart(&mut self) {
        self.round += 1;
        self.work.append(&mut self.open_blocks);
    }

    /// Whether control gets to a block.
    pub fn is_reached(&self, block: Block) -> bool {
        self.reached.get(block.index()) == Some(&true)
    }

    /// Drops what only the fixed point needs.
    pub fn finish(&mut self) {
        self.vals = vec![];
        self.seen = vec![];
        self.origins = HashMap::new();
        let place = self.scratch.locs.values().next().cloned();
        if let Some(place) = place {
            self.scratch = Func::new("", "", place);
        }
    }

    /// Runs until nothing changes.
    pub fn run(&mut self, inference: &mut Inference, spec: SpecId) {
        let known = &inference.specs[spec];
        let (func, shape, question) = (known.func.clone(), known.shape.clone(), known.question.clone());
        let mut frame = Frame::new(question.func, func.clone(), shape.clone());
        frame.vals = std::mem::take(&mut self.vals);
        frame.cells = std::mem::take(&mut self.cells);
        frame.items = std::mem::take(&mut self.items);
        frame.item_conflicts = std::mem::take(&mut self.item_conflicts);
        if let Some(reached @ false) = self.reached.get_mut(func.entry.index()) {
            *reached = true;
            if let (Some(class), Some(result)) = (shape.lists.result_class(&func), &question.result) {
                frame.widen(class, result);
            }
            for (&param, ty) in func.entry_params().iter().zip(&question.args) {
                if ty.is_container() && !ty.is_empty_container() {
                    frame.want(param, ty);
                }
            }
            self.work.insert(0);
        }
        let mut caller = Caller::solving(inference, spec);
        while let Some(position) = self.work.pop_first() {
            let Some(&block) = shape.order.get(position) else { continue };
            if caller.go_on().is_err() {
                break;
            }
            self.block(&mut caller, &mut frame, &question.options, block);
        }
        inference.specs[spec].wanted = wanted(&frame, &question.args);
        inference.specs[spec].wanted_lists = wanted_lists(&frame, &self.scratch);
        self.vals = frame.vals;
        self.cells = frame.cells;
        self.items = frame.items;
        self.item_conflicts = frame.item_conflicts;
    }

    fn block(&mut self, caller: &mut Caller<'_, '_>, frame: &mut Frame, options: &coachwhip_ir::Options, block: Block) {
        let func = frame.func.clone();
        let at = self.scratch.add_block();
        self.params(frame, at, &func, block);
        if block == func.entry || caller.environment.is_none() {
            caller.environment = Some(frame.environment());
        }
        caller.meet = frame.shape.meet(&func, block);
        let mut here = at;
        let mut fails = false;
        for &inst in &func.blocks[block].insts {
            if func.insts[inst].op.is_terminator() {
                fails |= matches!(func.insts[inst].op, Op::PyRaise | Op::PyReraise);
                self.terminator(caller, frame, inst);
                continue;
            }
            let dead = self.inst(caller, frame, options, (block, &mut here), inst);
            fails |= matches!(self.seen.get(inst.index()), Some(Some(Seen { fails: true, .. })));
            if dead || caller.inference.fatal.is_some() {
                break;
            }
        }
        if let Some(handler) = frame.shape.clone().handler(&func, block)
            && (fails || self.failing.contains(&block))
        {
            self.failing.insert(block);
            self.edge(frame, handler);
        }
    }

    fn params(&mut self, frame: &mut Frame, at: Block, func: &Func, block: Block) {
        for &param in &func.blocks[block].params {
            let ty = self.types.get(param.index()).cloned().unwrap_or(Ty::Never);
            if frame.ty(param) == Some(&ty) {
                continue;
            }
            let id = self.scratch.add_param(at, ty.clone());
            self.set(frame, param, Val { id, ty });
        }
    }

    /// Sets a value; blocks that use it are looked at again if its type has changed.
    fn set(&mut self, frame: &mut Frame, value: Value, val: Val) {
        let changed = frame.ty(value) != Some(&val.ty);
        frame.set(value, val);
        if changed {
            self.wake(frame, value);
        }
    }

    fn wake(&mut self, frame: &Frame, value: Value) {
        for user in frame.shape.users.get(&value).into_iter().flatten() {
            if self.reached.get(user.index()) == Some(&true) {
                self.work.insert(frame.shape.position(*user));
            }
        }
    }

    /// Runs one instruction if it must; returns whether control ends there.
    fn inst(
        &mut self,
        caller: &mut Caller<'_, '_>,
        frame: &mut Frame,
        options: &coachwhip_ir::Options,
        (block, here): (Block, &mut Block),
        inst: Inst,
    ) -> bool {
        let inputs = frame.inputs(inst);
        if let Some(Some(seen)) = self.seen.get(inst.index())
            && seen.inputs == inputs
            && (!seen.open || seen.round == self.round)
        {
            return seen.dead;
        }
        let func = frame.func.clone();
        let operand_ids: Vec<Option<Value>> =
            func.insts[inst].args.iter().map(|v| frame.val(*v).map(|v| v.id)).collect();
        caller.begin(&func.locs[func.insts[inst].loc]);
        let before = self.scratch.insts.len();
        let mut e = cursor(&mut self.scratch, *here, options, caller);
        let (results, refused, ends) = match step(&mut e, frame, inst) {
            Ok(results) => (results, None, None),
            Err(fault) => (vec![], Some(fault.code), fault.is_abandoned().then_some(fault)),
        };
        let mut results = results.into_iter();
        let results: Vec<Val> =
            func.insts[inst].results.iter().map(|_| results.next().unwrap_or_else(|| e.never())).collect();
        let dead = e.dead;
        *here = e.block;
        let mut made = self.scratch.insts.values().skip(before);
        let fails = made.any(|data| data.effects().has(coachwhip_abi::Effects::FAILS));
        if let Some(fault) = ends {
            caller.inference.end(*fault);
            return dead;
        }
        let report = std::mem::take(&mut caller.report);
        if report.open {
            self.open_blocks.insert(frame.shape.position(block));
        }
        let known = &mut caller.inference.specs[caller.spec];
        known.wants_constant |= report.wants_constant || refused == Some(Code::NeedsConstant);
        self.stores(&mut known.stores, frame, report.stores);
        self.lists(frame, inst, operand_ids, report.wanted);
        if let Some(slot) = self.seen.get_mut(inst.index()) {
            *slot = Some(Seen { inputs, open: report.open, round: self.round, dead, fails });
        }
        for (&value, val) in func.insts[inst].results.iter().zip(results) {
            self.set(frame, value, val);
        }
        dead
    }

    /// Notes assignments to cells, made by the instruction itself or inside its callees: to a cell of this
    /// function it widens the content, any other is passed on to the callers.
    fn stores(&mut self, known: &mut Vec<CellStore>, frame: &mut Frame, inside: Vec<CellStore>) {
        let mut assigned = std::mem::take(&mut frame.assigned);
        for store in inside {
            match frame.cells_behind(store.func, store.capture) {
                Some(cells) => assigned.extend(cells.into_iter().map(|cell| (cell, store.ty.clone()))),
                None => merge_store(known, store),
            }
        }
        for (cell, ty) in assigned {
            match frame.capture_position(cell) {
                Some(capture) => merge_store(known, CellStore { func: frame.id, capture, ty }),
                None => self.widen_cell(frame, cell, &ty),
            }
        }
    }

    /// Notes what callees want of lists, and has what makes lists of widened classes looked at again.
    fn lists(&mut self, frame: &mut Frame, inst: Inst, operands: Vec<Option<Value>>, wanted: Vec<(Value, Ty)>) {
        for (id, ty) in wanted {
            let position = operands.iter().position(|operand| *operand == Some(id));
            if let Some(&value) = position.and_then(|n| frame.func.insts[inst].args.get(n)) {
                frame.want(value, &ty);
            }
        }
        // An instruction that makes a list runs again only if what its list must be has changed.
        if !std::mem::take(&mut frame.widened).is_empty() {
            let reached = frame.shape.order.iter().enumerate();
            let reached = reached.filter(|(_, block)| self.reached.get(block.index()) == Some(&true));
            self.work.extend(reached.map(|(position, _)| position));
        }
    }

    fn widen_cell(&mut self, frame: &mut Frame, cell: Value, ty: &Ty) {
        let old = frame.cells.get(&cell).cloned().unwrap_or(Ty::Never);
        match join(&old, &widen(ty)) {
            Ok(new) if new == old => {}
            Ok(new) if nesting(&new) <= MAX_NESTING => {
                frame.cells.insert(cell, new);
                // The cell's own instruction runs again, with another content.
                for (position, block) in frame.shape.order.iter().enumerate() {
                    if frame.func.blocks[*block].insts.iter().any(|i| frame.func.insts[*i].results.contains(&cell)) {
                        self.work.insert(position);
                    }
                }
            }
            _ => {
                frame.cell_conflicts.insert(cell);
            }
        }
    }

    fn terminator(&mut self, caller: &mut Caller<'_, '_>, frame: &mut Frame, end: Inst) {
        let func = frame.func.clone();
        let data = &func.insts[end];
        match (data.op, data.edges.as_slice()) {
            (Op::Jump, [edge]) => self.edge(frame, edge),
            (Op::PyTry, [body, handler]) => {
                self.edge(frame, body);
                if self.failing.contains(&body.block) {
                    self.edge(frame, handler);
                }
            }
            (Op::Branch, [then, otherwise]) => {
                let condition = data.args.first().and_then(|c| frame.ty(*c)).cloned();
                match condition {
                    None | Some(Ty::Never) => {}
                    Some(Ty::Lit(Const::Bool(true))) => self.edge(frame, then),
                    Some(Ty::Lit(Const::Bool(false))) => self.edge(frame, otherwise),
                    Some(_) => {
                        self.edge(frame, then);
                        self.edge(frame, otherwise);
                    }
                }
            }
            (Op::Return, _) => {
                let ty = data.args.first().and_then(|v| frame.ty(*v)).cloned().unwrap_or(Ty::Never);
                let known = &mut caller.inference.specs[caller.spec];
                let how = if func.of_library { Meet::Common } else { Meet::Exact };
                let ty = match known.func.generator {
                    true => generator(known, Ty::Never, kept_in_frame(&returned(&ty))),
                    false => returned(&ty),
                };
                match meet(&known.ret, &ty, how) {
                    Ok(ty) if nesting(&ty) <= MAX_NESTING => known.ret = ty,
                    Ok(_) => self.ret_conflict = Some("the type of the result grows with every call".into()),
                    Err(why) => self.ret_conflict = Some(why),
                }
            }
            _ => {}
        }
    }

    fn edge(&mut self, frame: &mut Frame, edge: &Edge) {
        let func = frame.func.clone();
        let mut changed = false;
        for (&param, &arg) in func.blocks[edge.block].params.iter().zip(&edge.args) {
            changed |= self.pass(frame, frame.shape.meet(&func, edge.block), param, arg);
        }
        if let Some(reached @ false) = self.reached.get_mut(edge.block.index()) {
            *reached = true;
            changed = true;
        }
        if changed {
            self.work.insert(frame.shape.position(edge.block));
        }
    }

    /// Joins the type of an argument to its parameter's; returns whether that changed anything.
    fn pass(&mut self, frame: &Frame, how: Meet, param: Value, arg: Value) -> bool {
        if self.conflicts.contains_key(&param) {
            return false;
        }
        if let Some(conflict) = self.conflicts.get(&arg).cloned() {
            return self.give_up(param, conflict);
        }
        let ty = frame.ty(arg).map_or(Ty::Never, normal);
        let ty = if how == Meet::Exact { ty } else { collapsed(&ty) };
        let old = self.types.get(param.index()).cloned().unwrap_or(Ty::Never);
        let joined = meet(&old, &ty, how).and_then(|new| {
            if nesting(&new) > MAX_NESTING {
                Err("the type of the variable grows with every iteration".into())
            } else {
                Ok(new)
            }
        });
        match joined {
            Ok(new) if new == old => false,
            Ok(new) => {
                self.origins.entry(param).or_insert_with(|| (frame.origin(arg), ty));
                if let Some(slot) = self.types.get_mut(param.index()) {
                    *slot = new;
                }
                true
            }
            Err(why) => {
                let first = self.origins.get(&param).cloned().unwrap_or((None, old));
                let sides = [first, (frame.origin(arg), ty)];
                self.give_up(param, Conflict { why, param, sides })
            }
        }
    }

    fn give_up(&mut self, param: Value, conflict: Conflict) -> bool {
        self.conflicts.insert(param, conflict);
        if let Some(slot) = self.types.get_mut(param.index()) {
            *slot = Ty::Never;
        }
        true
    }
}

/// The lists among a function's arguments that must be of another type.
fn wanted(frame: &Frame, args: &[Ty]) -> Vec<(usize, Ty)> {
    let params = frame.func.entry_params().iter().zip(args).enumerate();
    let of = |(n, (param, ty)): (usize, (&Value, &Ty))| {
        let known = frame.known(frame.shape.lists.class(*param)?).filter(|_| ty.is_container())?;
        Some((n, join(ty, &known).ok().filter(|joined| joined != ty)?))
    };
    params.filter_map(of).collect()
}

/// The global lists that must be of another type.
fn wanted_lists(frame: &Frame, scratch: &Func) -> Vec<(u32, Ty)> {
    let of = |(n, val): (usize, &Option<Val>)| {
        let val = val.as_ref()?;
        let data = &scratch.insts[scratch.def_inst(val.id)?];
        let (Op::GlobalList, Imm::Int(number)) = (data.op, &data.imm) else { return None };
        let known = frame.known(frame.shape.lists.class(Value::new(n))?)?;
        Some((u32::try_from(*number).ok()?, known))
    };
    frame.vals.iter().enumerate().filter_map(of).collect()
}

/// Adds an assignment to the list, one entry for each capture.
fn merge_store(known: &mut Vec<CellStore>, store: CellStore) {
    match known.iter_mut().find(|k| k.func == store.func && k.capture == store.capture) {
        Some(entry) => {
            if let Ok(ty) = join(&entry.ty, &store.ty) {
                entry.ty = ty;
            } else if !known.contains(&store) {
                known.push(store);
            }
        }
        None => known.push(store),
    }
}

/// `None` in its one form.
pub fn normal(ty: &Ty) -> Ty {
    if *ty == Ty::None { Ty::Lit(Const::None) } else { ty.clone() }
}

/// What a function returns that returns a value of a type: a text becomes a string.
pub fn returned(ty: &Ty) -> Ty {
    match ty {
        Ty::Text(_) => Ty::str(),
        Ty::Tuple(_) | Ty::NamedTuple(..) => ty.map_items(returned),
        Ty::ListDisplay(items) => Ty::ListDisplay(items.iter().map(returned).collect()),
        _ => normal(ty),
    }
}

/// The type of what a generator returns: a value of the frame, since it is there once only, also if it is a literal.
fn kept_in_frame(ty: &Ty) -> Ty {
    match ty {
        Ty::Lit(Const::Str(_)) => Ty::str(),
        Ty::Lit(Const::Bytes(_)) => Ty::bytes(),
        _ => widen(ty),
    }
}

/// How deep a type is nested.
pub fn nesting(ty: &Ty) -> usize {
    match ty {
        Ty::Tuple(items)
        | Ty::NamedTuple(_, items)
        | Ty::ListDisplay(items)
        | Ty::Union(items)
        | Ty::Closure(_, items)
        | Ty::Text(items)
        | Ty::Exception(_, items) => 1 + items.iter().map(nesting).max().unwrap_or(0),
        Ty::Optional(inner) | Ty::Cell(inner) | Ty::Method(inner, _) | Ty::Shown(inner, _) | Ty::TupleOf(inner) => {
            1 + nesting(inner)
        }
        Ty::Table(table) => 1 + nesting(&table.key).max(nesting(&table.value)),
        Ty::Ref(to) => to.parts().iter().map(|part| 1 + nesting(part)).max().unwrap_or(0),
        Ty::Iter(_) => 1 + ty.fields().unwrap_or_default().iter().map(nesting).max().unwrap_or(0),
        _ => 0,
    }
}
