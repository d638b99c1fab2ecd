//! Generators become state machines.
//!
//! A generator is a list of one item, its *frame*: the state, what it yielded last, what it returned in the end, and the values
//! that live across a `yield`.  So nothing that owns or frees memory knows generators.  The function of a generator becomes
//! the one that runs it on to its next `yield` and says whether it came to one; a second one makes the frame.  While the
//! generator runs, its state is that of one that has ended, so whatever fails in it ends it.

use crate::builder::Builder;
use crate::constant::Const;
use crate::diagnostic::{Code, Diagnostic};
use crate::func::{Block, Edge, Func, Inst, Params, Value};
use crate::loc::Loc;
use crate::op::{Imm, Op};
use crate::options::Options;
use crate::program::{FuncId, Module};
use crate::rebuild::{Variables, rebuild};
use crate::ty::{GeneratorTy, Ty};
use coachwhip_abi::layout::ITEM_WORDS;
use coachwhip_abi::{ErrorKind, RuntimeFn};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The state of a generator that has ended, or is running.
const ENDED: i64 = -1;
/// The state of one that has just ended with a value, which it gives once.
const JUST_RETURNED: i64 = -2;
/// Fields of a frame before the values that it keeps.
const STATE: usize = 0;
const YIELDED: usize = 1;
const RETURNED: usize = 2;
const KEPT: usize = 3;
/// Generators of generators of … at most.
const MOST_NESTED: usize = 40;

/// What makes a generator: its function, arguments and options.
type Key = (FuncId, Arc<[Ty]>, Arc<Options>);

fn key(of: &GeneratorTy) -> Key {
    (of.func, of.args.clone(), of.options.clone())
}

/// Leaves no generator function, operation or type in a module.
pub fn lower(module: &mut Module) -> Result<(), Diagnostic> {
    let functions: Vec<usize> =
        (0..module.funcs.len()).filter(|&k| module.funcs.get(k).is_some_and(|f| f.generator)).collect();
    if functions.is_empty() {
        return Ok(());
    }
    let mut frames: HashMap<Key, Ty> = HashMap::new();
    let mut makers: HashMap<u32, u32> = HashMap::new();
    for k in functions {
        let Some(func) = module.funcs.get_mut(k) else { continue };
        let Some(of) = func.ret.generator().cloned() else { continue };
        end_by_runtime_error(func);
        let maker = Split::new(func, &of).run()?;
        frames.insert(key(&of), maker.frame);
        makers.insert(k as u32, module.funcs.len() as u32);
        module.funcs.push(maker.func);
    }
    let mut types = Types { frames: &frames, known: HashMap::new() };
    for func in &mut module.funcs {
        operations(func, &makers, &mut types)?;
        for value in func.values.values_mut() {
            value.ty = types.plain(&value.ty, MOST_NESTED)?;
        }
        func.ret = types.plain(&func.ret, MOST_NESTED)?;
        check_size(func)?;
    }
    Ok(())
}

/// `StopIteration` that leaves a generator is a `RuntimeError`.
fn end_by_runtime_error(func: &mut Func) {
    for block in func.order.clone() {
        for inst in func.blocks[block].insts.clone() {
            let data = &func.insts[inst];
            let of = data.args.first().map(|v| func.ty(*v));
            let stops = |class: &Const| matches!(class, Const::Named(name) if &**name == "builtins.StopIteration");
            let thrown = data.op == Op::Throw && matches!(of, Some(Ty::Exception(class, _)) if stops(class));
            let data = &mut func.insts[inst];
            if thrown {
                (data.op, data.imm) = (Op::Fail, Imm::Error(ErrorKind::GeneratorStop));
                data.args.clear();
            } else if let (Op::Guard | Op::Fail, Imm::Error(kind @ ErrorKind::StopIteration)) = (data.op, &mut data.imm)
            {
                *kind = ErrorKind::GeneratorStop;
            }
        }
    }
}

/// A frame is an item of a list.
fn check_size(func: &Func) -> Result<(), Diagnostic> {
    let too_large = |ty: &Ty| ty.list_item().is_some_and(|item| item.machine().len() > ITEM_WORDS);
    match func.entry_params().first().filter(|p| too_large(func.ty(**p))) {
        Some(_) => {
            let message = format!("the generator {}() keeps too many variables from one yield to the next", func.name);
            let place = func.locs[Loc(0)].clone();
            Err(Diagnostic::new(Code::TooLarge, message).at(&place, "").help("use fewer variables, or arrays of them"))
        }
        None => Ok(()),
    }
}

/// The types of a module without generators.
struct Types<'f> {
    frames: &'f HashMap<Key, Ty>,
    known: HashMap<Ty, Ty>,
}

impl Types<'_> {
    fn plain(&mut self, ty: &Ty, depth: usize) -> Result<Ty, Diagnostic> {
        if !ty.holds_generator() {
            return Ok(ty.clone());
        }
        if let Some(known) = self.known.get(ty) {
            return Ok(known.clone());
        }
        let Some(deeper) = depth.checked_sub(1) else {
            return Err(Diagnostic::new(Code::TooLarge, "a generator that keeps itself is not supported"));
        };
        let plain = match ty.generator() {
            Some(of) => match self.frames.get(&key(of)).cloned() {
                Some(frame) => Ty::list(self.plain(&frame, deeper)?),
                None => return Err(Diagnostic::new(Code::Internal, "a generator without a function")),
            },
            None => {
                let mut failure = None;
                let changed = ty.replace_parts(&mut |part| match self.plain(part, deeper) {
                    Ok(part) => part,
                    Err(why) => {
                        failure = Some(why);
                        part.clone()
                    }
                });
                match failure {
                    Some(why) => return Err(why),
                    None => changed,
                }
            }
        };
        self.known.insert(ty.clone(), plain.clone());
        Ok(plain)
    }
}

/// Operations on generators become calls and reads of frames.
fn operations(func: &mut Func, makers: &HashMap<u32, u32>, types: &mut Types) -> Result<(), Diagnostic> {
    for block in func.order.clone() {
        for inst in func.blocks[block].insts.clone() {
            let data = &mut func.insts[inst];
            match (data.op, &data.imm) {
                (Op::Generator, Imm::Func(k)) => {
                    let maker = makers.get(k).copied().unwrap_or(*k);
                    (data.op, data.imm) = (Op::Call, Imm::Func(maker));
                }
                (Op::Resume, _) => data.op = Op::Call,
                (Op::Yielded | Op::Returned, _) => {
                    let field = if data.op == Op::Yielded { YIELDED } else { RETURNED };
                    read(func, block, inst, field, types)?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// A read of a frame's field in the place of an instruction.
fn read(func: &mut Func, block: Block, inst: Inst, field: usize, types: &mut Types) -> Result<(), Diagnostic> {
    let Some(&generator) = func.insts[inst].args.first() else { return Ok(()) };
    let ty = types.plain(func.ty(generator), MOST_NESTED)?;
    let frame = ty.list_item().cloned().unwrap_or(Ty::Never);
    let loc = func.insts[inst].loc;
    let Some(at) = func.blocks[block].insts.iter().position(|i| *i == inst) else { return Ok(()) };
    let rest = func.blocks[block].insts.split_off(at);
    let mut b = Builder::new(func, block, loc);
    let loaded = load(&mut b, generator, &frame).1;
    if field == RETURNED {
        let state = b.value(Op::Field, Imm::Int(STATE as i64), vec![loaded], Ty::Int);
        let just_returned = b.constant(Const::Int(JUST_RETURNED), Ty::Int);
        let fine = b.value(Op::Eq, Imm::None, vec![state, just_returned], Ty::Bool);
        b.inst(Op::Guard, Imm::Error(ErrorKind::GeneratorEnded), vec![fine], &[]);
    }
    func.blocks[block].insts.extend(rest);
    let data = &mut func.insts[inst];
    (data.op, data.imm, data.args) = (Op::Field, Imm::Int(field as i64), vec![loaded]);
    Ok(())
}

/// Where the frame is, and the frame.
fn load(b: &mut Builder<'_>, generator: Value, frame: &Ty) -> (Value, Value) {
    let items = b.value(Op::ListItems, Imm::None, vec![generator], Ty::Ptr(Some(Arc::new(frame.clone()))));
    let zero = b.constant(Const::Int(0), Ty::Int);
    let loaded = b.value(Op::ItemLoad, Imm::None, vec![items, zero], frame.clone());
    (items, loaded)
}

/// The function that makes a generator, and the type of its frame.
struct Maker {
    func: Func,
    frame: Ty,
}

/// Where a generator stops and goes on.
struct Stop {
    /// The block that ends with the `yield`.
    block: Block,
    /// The block after it.
    rest: Block,
    /// What lives there.
    live: Vec<Value>,
    /// The cells that are used from there on.
    cells: Vec<Value>,
}

/// A cell of a captured variable, whose content frames keep after all else.
struct Kept {
    inst: Inst,
    cell: Value,
    content: Ty,
}

/// A generator function that is taken apart.
struct Split<'f> {
    func: &'f mut Func,
    of: &'f GeneratorTy,
    stops: Vec<Stop>,
    /// Values that frames keep, by the position of their field less [`KEPT`].
    kept: Vec<Value>,
    cells: Vec<Kept>,
    /// All definitions of a value.
    definitions: BTreeMap<Value, Vec<Value>>,
    frame: Frame,
}

/// The type of a frame.
#[derive(Default)]
struct Frame(Vec<Ty>);

impl Frame {
    fn ty(&self) -> Ty {
        Ty::tuple(self.0.iter().cloned())
    }

    /// Puts a frame in its place.  What is not given in it is undefined.
    fn put(&self, b: &mut Builder<'_>, op: Op, items: Value, state: i64, given: &dyn Fn(usize) -> Option<Value>) {
        let mut parts = Vec::with_capacity(self.0.len());
        for (position, ty) in self.0.iter().enumerate() {
            parts.push(match (position, ty) {
                (STATE, _) => b.constant(Const::Int(state), Ty::Int),
                (_, Ty::Lit(c)) => b.literal(c.clone()),
                _ => match given(position) {
                    Some(value) => value,
                    None => b.value(Op::Undef, Imm::None, vec![], ty.clone()),
                },
            });
        }
        let full = b.value(Op::Pack, Imm::None, parts, self.ty());
        let zero = b.constant(Const::Int(0), Ty::Int);
        b.inst(op, Imm::None, vec![items, zero, full], &[]);
    }
}

impl<'f> Split<'f> {
    fn new(func: &'f mut Func, of: &'f GeneratorTy) -> Split<'f> {
        Split {
            func,
            of,
            stops: vec![],
            kept: vec![],
            cells: vec![],
            definitions: BTreeMap::new(),
            frame: Frame::default(),
        }
    }

    fn run(mut self) -> Result<Maker, Diagnostic> {
        self.cut();
        self.take_cells();
        self.find_kept();
        self.refuse_captured()?;
        self.frame = Frame(self.fields());
        let maker = self.maker();
        let first = self.func.entry;
        let params: Vec<Value> = std::mem::take(&mut self.func.blocks[first].params);
        let blocks = self.func.order.clone();
        let (items, loaded) = self.enter();
        self.yields(items);
        self.returns(&blocks, items);
        self.dispatch(loaded, first, params);
        let mut variables = Variables::default();
        for (value, all) in std::mem::take(&mut self.definitions) {
            let number = variables.add(self.func.ty(value).clone());
            variables.of.extend(all.into_iter().map(|definition| (definition, number)));
        }
        rebuild(self.func, &variables);
        self.func.generator = false;
        self.func.params = Params { names: vec!["generator".into()], ..Params::default() };
        self.func.captures = vec![];
        self.func.reads_once = vec![];
        self.func.ret = Ty::Bool;
        Ok(Maker { func: maker, frame: self.frame.ty() })
    }

    /// Ends blocks after each `yield`.
    fn cut(&mut self) {
        let mut work: Vec<Block> = self.func.order.iter().rev().copied().collect();
        while let Some(block) = work.pop() {
            let insts = &self.func.blocks[block].insts;
            let Some(at) = insts.iter().position(|i| self.func.insts[*i].op == Op::Yield) else { continue };
            let rest = self.func.add_block();
            self.func.blocks[rest].insts = self.func.blocks[block].insts.split_off(at + 1);
            self.stops.push(Stop { block, rest, live: vec![], cells: vec![] });
            work.push(rest);
        }
    }

    /// Cells are of one step: what is in them is kept, and put into the next step's.
    fn take_cells(&mut self) {
        for block in self.func.order.clone() {
            let insts = std::mem::take(&mut self.func.blocks[block].insts);
            let (cells, others) = insts.into_iter().partition(|inst| self.func.insts[*inst].op == Op::CellNew);
            self.func.blocks[block].insts = others;
            let cells: Vec<Inst> = cells;
            for inst in cells {
                let Some(&cell) = self.func.insts[inst].results.first() else { continue };
                let content = match self.func.ty(cell) {
                    Ty::Cell(content) => (**content).clone(),
                    _ => Ty::Never,
                };
                self.cells.push(Kept { inst, cell, content });
            }
        }
    }

    /// What captured a cell, and is there in the next step, would lead to the cell of this one.
    fn refuse_captured(&self) -> Result<(), Diagnostic> {
        let leads = |value: &Value| leads_to_cell(self.func.ty(*value));
        if self.cells.is_empty() || !self.kept.iter().filter(|v| !self.func.entry_params().contains(v)).any(leads) {
            return Ok(());
        }
        let place = self.func.locs[Loc(0)].clone();
        let message = "a nested function that captures a changing variable of a generator is there across a yield";
        let help = "make the nested function where it is used, or pass the value to it as an argument";
        Err(Diagnostic::new(Code::Generator, message).at(&place, "in this generator").help(help))
    }

    /// What lives where the generator goes on.
    fn find_kept(&mut self) {
        let onward = self.stops.iter().map(|stop| (stop.block, stop.rest)).collect();
        let live = live_at_start(self.func, &onward);
        let mut kept: BTreeSet<Value> = self.func.entry_params().iter().copied().collect();
        for stop in &mut self.stops {
            let (cells, others): (Vec<Value>, Vec<Value>) = live
                .get(&stop.rest)
                .into_iter()
                .flatten()
                .partition(|v| self.cells.iter().any(|kept| kept.cell == **v));
            (stop.live, stop.cells) = (others, cells);
            kept.extend(&stop.live);
        }
        self.definitions = kept.iter().map(|value| (*value, vec![*value])).collect();
        kept.retain(|value| made_anew(self.func, *value).is_none());
        self.kept = kept.into_iter().collect();
    }

    fn fields(&self) -> Vec<Ty> {
        let of = |ty: &Ty| if *ty == Ty::Never { Ty::Lit(Const::None) } else { ty.clone() };
        let fixed = [Ty::Int, of(&self.of.yields), of(&self.of.returns)];
        let kept = self.kept.iter().map(|value| self.func.ty(*value).clone());
        fixed.into_iter().chain(kept).chain(self.cells.iter().map(|kept| kept.content.clone())).collect()
    }

    /// The function that makes a frame of the arguments.
    fn maker(&self) -> Func {
        let source = &*self.func;
        let mut func = Func::new(format!("{}.make", source.symbol), source.name.clone(), source.locs[Loc(0)].clone());
        func.options = source.options.clone();
        func.of_library = source.of_library;
        func.ret = Ty::list(self.frame.ty());
        let entry = func.entry;
        let mut params = HashMap::new();
        for &param in source.entry_params() {
            params.insert(param, func.add_param(entry, source.ty(param).clone()));
        }
        func.params.names = (0..params.len()).map(|n| format!("a{n}").into()).collect();
        let mut b = Builder::new(&mut func, entry, Loc(0));
        let one = b.constant(Const::Int(1), Ty::Int);
        let generator = b.value(Op::ListNew, Imm::None, vec![one], Ty::list(self.frame.ty()));
        let items = b.value(Op::ListItems, Imm::None, vec![generator], Ty::Ptr(Some(Arc::new(self.frame.ty()))));
        let given = |position: usize| params.get(self.kept.get(position.checked_sub(KEPT)?)?).copied();
        self.frame.put(&mut b, Op::ItemInit, items, 0, &given);
        b.inst(Op::ListResize, Imm::None, vec![generator, one], &[]);
        b.ret(generator);
        func
    }

    /// The new entry: takes the frame out.
    fn enter(&mut self) -> (Value, Value) {
        let entry = self.func.add_block();
        self.func.order.pop();
        self.func.order.insert(0, entry);
        self.func.entry = entry;
        let generator = self.func.add_param(entry, Ty::list(self.frame.ty()));
        self.func.blocks[entry].insts.extend(self.cells.iter().map(|kept| kept.inst));
        let mut b = Builder::new(self.func, entry, Loc(0));
        let (items, loaded) = load(&mut b, generator, &self.frame.ty());
        self.frame.put(&mut b, Op::ItemStore, items, ENDED, &|_| None);
        (items, loaded)
    }

    /// Where the generator stops, the frame is filled.
    fn yields(&mut self, items: Value) {
        for (number, stop) in self.stops.iter().enumerate() {
            let Some(inst) = self.func.blocks[stop.block].insts.pop() else { continue };
            let (value, loc) = (self.func.insts[inst].args.first().copied(), self.func.insts[inst].loc);
            let mut b = Builder::new(self.func, stop.block, loc);
            let mut contents = HashMap::new();
            for kept in self.cells.iter().filter(|kept| stop.cells.contains(&kept.cell)) {
                let content = b.value(Op::CellGet, Imm::None, vec![kept.cell], kept.content.clone());
                contents.insert(kept.cell, content);
            }
            let given = |position: usize| {
                let position = match position {
                    YIELDED => return value,
                    _ => position.checked_sub(KEPT)?,
                };
                match self.kept.get(position) {
                    Some(kept) => Some(*kept).filter(|kept| stop.live.contains(kept)),
                    None => contents.get(&self.cells.get(position - self.kept.len())?.cell).copied(),
                }
            };
            self.frame.put(&mut b, Op::ItemStore, items, number as i64 + 1, &given);
            let yes = b.constant(Const::Bool(true), Ty::Bool);
            b.ret(yes);
        }
    }

    /// Where it ends, the frame keeps what it returns.
    fn returns(&mut self, blocks: &[Block], items: Value) {
        let ends = blocks.iter().chain(self.stops.iter().map(|stop| &stop.rest)).copied().collect::<BTreeSet<Block>>();
        let stopped: BTreeSet<Block> = self.stops.iter().map(|stop| stop.block).collect();
        for block in ends.difference(&stopped).copied() {
            let Some(end) = self.func.terminator(block).filter(|end| self.func.insts[*end].op == Op::Return) else {
                continue;
            };
            let (value, loc) = (self.func.insts[end].args.first().copied(), self.func.insts[end].loc);
            self.func.blocks[block].insts.pop();
            let mut b = Builder::new(self.func, block, loc);
            if !matches!(self.frame.0.get(RETURNED), Some(Ty::Lit(_) | Ty::None)) {
                let given = |position: usize| value.filter(|_| position == RETURNED);
                self.frame.put(&mut b, Op::ItemStore, items, JUST_RETURNED, &given);
            }
            let no = b.constant(Const::Bool(false), Ty::Bool);
            b.ret(no);
        }
    }

    /// The way from the entry to where the generator stopped, or to its beginning.
    fn dispatch(&mut self, frame: Value, first: Block, params: Vec<Value>) {
        let mut at = self.func.entry;
        let state = Builder::new(self.func, at, Loc(0)).value(Op::Field, Imm::Int(STATE as i64), vec![frame], Ty::Int);
        let stops = std::mem::take(&mut self.stops).into_iter().map(|stop| (stop.rest, stop.live, stop.cells));
        let targets: Vec<(Block, Vec<Value>, Vec<Value>)> =
            std::iter::once((first, params, vec![])).chain(stops).collect();
        for (number, (target, values, cells)) in targets.into_iter().enumerate() {
            let (into, next) = (self.func.add_block(), self.func.add_block());
            let mut b = Builder::new(self.func, at, Loc(0));
            let number = b.constant(Const::Int(number as i64), Ty::Int);
            let here = b.value(Op::Eq, Imm::None, vec![state, number], Ty::Bool);
            b.branch(here, Edge { block: into, args: vec![] }, Edge { block: next, args: vec![] });
            for value in values {
                let restored = self.restore(into, frame, value);
                self.definitions.entry(value).or_default().push(restored);
            }
            for (n, kept) in self.cells.iter().enumerate().filter(|(_, kept)| cells.contains(&kept.cell)) {
                let field = Imm::Int((KEPT + self.kept.len() + n) as i64);
                let mut b = Builder::new(self.func, into, Loc(0));
                let content = b.value(Op::Field, field, vec![frame], kept.content.clone());
                b.inst(Op::CellSet, Imm::None, vec![kept.cell, content], &[]);
            }
            Builder::new(self.func, into, Loc(0)).jump(target, vec![]);
            at = next;
        }
        let mut b = Builder::new(self.func, at, Loc(0));
        let no = b.constant(Const::Bool(false), Ty::Bool);
        b.ret(no);
    }

    /// A value, where the generator goes on.
    fn restore(&mut self, block: Block, frame: Value, value: Value) -> Value {
        let ty = self.func.ty(value).clone();
        let again = made_anew(self.func, value);
        let position = self.kept.iter().position(|kept| *kept == value);
        let mut b = Builder::new(self.func, block, Loc(0));
        match (again, position) {
            (Some((op, imm)), _) => b.value(op, imm, vec![], ty),
            (None, Some(position)) => b.value(Op::Field, Imm::Int((position + KEPT) as i64), vec![frame], ty),
            (None, None) => b.value(Op::Undef, Imm::None, vec![], ty),
        }
    }
}

/// Whether a cell may be reached through values of a type.
fn leads_to_cell(ty: &Ty) -> bool {
    match ty {
        Ty::Cell(_) => true,
        Ty::Ref(to) => match ty.generator() {
            Some(of) => of.args.iter().any(leads_to_cell),
            None => to.parts().iter().any(leads_to_cell),
        },
        _ => ty.fields().is_some_and(|fields| fields.iter().any(leads_to_cell)),
    }
}

/// The instruction that gives a value again: frames need not keep it.
fn made_anew(func: &Func, value: Value) -> Option<(Op, Imm)> {
    match func.ty(value) {
        Ty::Lit(c) => return Some((Op::Const, Imm::Const(c.clone()))),
        Ty::None => return Some((Op::Const, Imm::Const(Const::None))),
        Ty::Never => return Some((Op::Undef, Imm::None)),
        _ => {}
    }
    let data = &func.insts[func.def_inst(value)?];
    let again = match (data.op, &data.imm) {
        (Op::Const | Op::Undef | Op::GlobalArray | Op::GlobalList, _) => true,
        // Another number of exceptions is being handled then.
        (Op::Runtime, Imm::Runtime(f)) => *f == RuntimeFn::Handled,
        _ => false,
    };
    again.then(|| (data.op, data.imm.clone()))
}

/// For each block, the values that are used in it or after it and defined before; after some, others follow in a later step.
fn live_at_start(func: &Func, onward: &HashMap<Block, Block>) -> HashMap<Block, BTreeSet<Value>> {
    let mut live: HashMap<Block, BTreeSet<Value>> = HashMap::new();
    loop {
        let mut changed = false;
        for &block in func.order.iter().rev() {
            let mut now: BTreeSet<Value> = BTreeSet::new();
            for next in func.successors(block).chain(onward.get(&block).copied()) {
                now.extend(live.get(&next).into_iter().flatten());
            }
            for &inst in func.blocks[block].insts.iter().rev() {
                let data = &func.insts[inst];
                for result in &data.results {
                    now.remove(result);
                }
                now.extend(data.args.iter().chain(data.edges.iter().flat_map(|edge| edge.args.iter())));
            }
            for param in &func.blocks[block].params {
                now.remove(param);
            }
            if live.get(&block) != Some(&now) {
                live.insert(block, now);
                changed = true;
            }
        }
        if !changed {
            return live;
        }
    }
}
