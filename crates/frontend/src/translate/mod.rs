//! Runs the stack machine symbolically: instructions of the common set become SSA.
//!
//! Blocks are visited in reverse postorder.  The stack is not a value of the translator but variables,
//! like locals; only its depth and the places of `Null` markers are kept per block, and must be the same
//! on every path to it.

mod calls;
mod control;
mod displays;
mod meetings;
mod names;
mod operators;
mod stack;
mod text;

use crate::fault::{Fault, bytecode, place, whole};
use crate::graph::{Graph, Node};
use crate::ins::Ins;
use crate::slots::{SlotSet, Slots, assigned};
use crate::snapshot::{CodeSnapshot, Position, SnapConst};
use crate::ssa::Variables;
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{Block, Builder, Const, Func, Imm, Inst, Label, Loc, Op, Options, Ty, Value};
use meetings::places;
use stack::{Item, Stack};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A part of a list or tuple display under construction.
#[derive(Clone, Copy)]
enum Part {
    Item(Value),
    Starred(Value),
}

impl Part {
    fn value(&self) -> Value {
        match *self {
            Part::Item(value) | Part::Starred(value) => value,
        }
    }
}

/// A nested function under construction.
#[derive(Clone)]
struct Nested {
    code: coachwhip_ir::FuncId,
    defaults: Option<Value>,
    keyword_names: Arc<[Const]>,
    keyword_defaults: Vec<Value>,
    cells: Vec<Value>,
}

/// The untyped function under construction, with what is needed to clean it up.
pub struct Draft {
    /// The function; block parameters and edge arguments are not in it yet.
    pub func: Func,
    /// The variables, which know the block parameters.
    pub variables: Variables,
    /// The names of the slots, which are the first variables.
    pub names: Vec<Arc<str>>,
    /// Instructions that go when nothing uses them, though they have effects: parts of constructs that
    /// became something else.
    pub removable: HashSet<Inst>,
}

struct Translator<'a> {
    code: &'a CodeSnapshot,
    options: &'a Options,
    slots: Slots,
    /// Slots that need a flag.
    unsure: SlotSet,
    /// Slots that surely hold a value here.
    set: SlotSet,
    draft: Draft,
    block: Block,
    loc: Loc,
    unit: u32,
    stack: Stack,
    /// The stack where each block begins, as far as known.
    stacks: Vec<Option<Stack>>,
    /// The value that the block's `None` test was about.
    tested: HashMap<Block, Value>,
    locs: HashMap<Position, Loc>,
    truth: Value,
    falsehood: Value,
    undefined: Value,
    keywords: Option<Arc<[Arc<str>]>>,
    lists: HashMap<Value, Vec<Part>>,
    /// Those that a variable has: they may change before they are looked at.
    named: HashSet<Value>,
    nested: HashMap<Value, Nested>,
    converted: HashMap<Value, (Value, i64)>,
    /// What was assigned to slots in this block and not read since.
    unread: HashMap<u32, Value>,
    /// The slices of `x[i:j]`, by where they were made and of which parts.
    slices: HashMap<(Block, Loc, Vec<Value>), Value>,
    /// Results of `py.unpack` so far: bounded, so that small hostile code makes no huge function.
    unpacked: usize,
}

/// The untyped SSA of a graph, before cleaning.
pub fn translate(code: &CodeSnapshot, options: &Options, graph: &Graph) -> Result<Draft, Fault> {
    let slots = Slots::new(code);
    let (sets, unsure) = assigned(&slots, graph);
    let mut translator = Translator::new(code, options, slots, unsure, graph);
    translator.entry()?;
    for (index, (node, set)) in graph.nodes.iter().zip(sets).enumerate() {
        translator.set = set;
        translator.node(index, node, graph)?;
    }
    translator.finish_lists();
    Ok(translator.draft)
}

fn block_of(node: usize) -> Block {
    Block::new(node + 1)
}

impl<'a> Translator<'a> {
    fn new(code: &'a CodeSnapshot, options: &'a Options, slots: Slots, unsure: SlotSet, graph: &Graph) -> Self {
        let mut func = Func::new(code.symbol.clone(), code.qualname.clone(), whole(code));
        func.options = options.clone();
        func.generator = code.flags & crate::GENERATOR != 0;
        let entry = func.entry;
        let mut predecessors = vec![Vec::new()];
        for (index, nodes) in graph.predecessors.iter().enumerate() {
            func.add_block();
            let first = (index == 0).then_some(entry);
            predecessors.push(first.into_iter().chain(nodes.iter().map(|n| block_of(*n))).collect());
        }
        let mut builder = Builder::new(&mut func, entry, Loc(0));
        let undefined = builder.value(Op::Undef, Imm::None, vec![], Ty::Any);
        let truth = builder.value(Op::Const, Imm::Const(Const::Bool(true)), vec![], Ty::Any);
        let falsehood = builder.value(Op::Const, Imm::Const(Const::Bool(false)), vec![], Ty::Any);
        let places = places(&slots, &unsure, graph, &predecessors);
        let variables = Variables::new(predecessors, places, undefined);
        let draft = Draft { func, variables, names: slots.names.clone(), removable: HashSet::new() };
        let mut stacks = vec![None; graph.nodes.len() + 1];
        if let Some(first) = stacks.get_mut(1) {
            *first = Some(Stack::default());
        }
        Translator {
            code,
            options,
            set: SlotSet::empty(slots.names.len()),
            slots,
            unsure,
            draft,
            block: entry,
            loc: Loc(0),
            unit: 0,
            stack: Stack::default(),
            stacks,
            tested: HashMap::new(),
            locs: HashMap::new(),
            truth,
            falsehood,
            undefined,
            keywords: None,
            lists: HashMap::new(),
            named: HashSet::new(),
            nested: HashMap::new(),
            converted: HashMap::new(),
            unread: HashMap::new(),
            slices: HashMap::new(),
            unpacked: 0,
        }
    }

    fn node(&mut self, index: usize, node: &Node, graph: &Graph) -> Result<(), Fault> {
        self.block = block_of(index);
        self.unread.clear();
        // Reverse postorder: some predecessor came before.
        self.stack = self.stacks.get_mut(index + 1).and_then(Option::take).unwrap_or_default();
        if let Some(slot) = self.stacks.get_mut(index + 1) {
            *slot = Some(self.stack.clone());
        }
        let earlier = |p: &usize| *p < index;
        if graph.predecessors.get(index).is_some_and(|all| all.iter().all(earlier)) {
            self.draft.variables.seal(&mut self.draft.func, self.block);
        }
        for (ins, unit) in &node.steps {
            self.at(*unit);
            self.step(ins).map_err(|fault| self.placed(fault))?;
        }
        self.at(node.unit);
        self.finish(node).map_err(|fault| self.placed(fault))?;
        self.seal_filled(index, node, graph);
        Ok(())
    }

    /// Seals the earlier nodes whose last predecessor this one was.
    fn seal_filled(&mut self, index: usize, node: &Node, graph: &Graph) {
        for &successor in node.successors.iter().filter(|s| **s <= index) {
            let last = graph.predecessors.get(successor).and_then(|all| all.iter().max());
            if last == Some(&index) {
                self.draft.variables.seal(&mut self.draft.func, block_of(successor));
            }
        }
    }

    /// A failure with the place of the cursor, unless it has one.
    fn placed(&self, mut fault: Fault) -> Fault {
        fault.primary.get_or_insert_with(|| Label { span: place(self.code, self.unit), text: "here".into() });
        fault
    }

    /// Moves the cursor to the place of a code unit.
    fn at(&mut self, unit: u32) {
        self.unit = unit;
        let position = self.code.positions.get(unit as usize).copied().unwrap_or_default();
        if position.0.is_none() {
            self.loc = Loc(0);
            return;
        }
        let (code, func) = (self.code, &mut self.draft.func);
        self.loc = *self.locs.entry(position).or_insert_with(|| func.locs.push(place(code, unit)));
    }

    fn inst(&mut self, op: Op, imm: Imm, args: Vec<Value>, results: usize) -> Inst {
        let types = vec![Ty::Any; results];
        Builder::new(&mut self.draft.func, self.block, self.loc).inst(op, imm, args, &types)
    }

    fn value(&mut self, op: Op, imm: Imm, args: Vec<Value>) -> Value {
        Builder::new(&mut self.draft.func, self.block, self.loc).value(op, imm, args, Ty::Any)
    }

    fn constant(&mut self, constant: Const) -> Value {
        self.value(Op::Const, Imm::Const(constant), vec![])
    }

    fn read(&mut self, variable: u32) -> Value {
        self.draft.variables.read(&mut self.draft.func, self.block, variable)
    }

    fn write(&mut self, variable: u32, value: Value) {
        self.draft.variables.write(self.block, variable, value);
    }

    /// The variable that holds a slot's flag.
    fn flag_of(&self, slot: u32) -> u32 {
        self.slots.names.len() as u32 + slot
    }

    /// A constant of the code object.
    fn snap_const(&self, index: u32) -> Result<&'a SnapConst, Fault> {
        match self.code.consts.get(index as usize) {
            Some(constant) => Ok(constant),
            None => bytecode("there is no such constant"),
        }
    }

    /// The constant that a value is.
    fn constant_of(&self, value: Value) -> Option<Const> {
        self.draft.func.constant(value).cloned()
    }

    /// A name of the code object.
    fn name(&self, index: u32) -> Result<Arc<str>, Fault> {
        match self.code.names.get(index as usize) {
            Some(name) => Ok(name.clone()),
            None => bytecode("there is no such name"),
        }
    }

    fn step(&mut self, ins: &Ins) -> Result<(), Fault> {
        match ins {
            Ins::Nop => Ok(()),
            Ins::Pop => self.pop_item().map(|_| ()),
            Ins::Null => self.push_null(),
            Ins::Filler => self.push(self.undefined),
            Ins::Copy(n) => {
                let variable = self.nth(*n)?;
                let value = self.read(variable);
                self.named.insert(value);
                self.push(value)
            }
            Ins::Swap(n) => self.swap(*n),
            Ins::Refuse(refusal) => Err(Box::new(refusal.diagnostic())),
            Ins::Bad => bytecode("an instruction has an operand that no compiler makes"),
            Ins::IterNext => self.iter_next(),
            Ins::IterResult => self.iter_result(),
            Ins::Yield => self.give(),
            Ins::StopIteration | Ins::CleanupThrow => bytecode("a handler that is left out is reached"),
            Ins::Narrow(none, slot) => self.narrow(*none, *slot),
            Ins::Landing(_) | Ins::PushExcInfo | Ins::ExcMatch | Ins::PopExcept => self.step_handler(ins),
            Ins::EnterWith | Ins::Special(_) | Ins::ExitWith(_) => self.step_with(ins),
            Ins::Const(_)
            | Ins::SmallInt(_)
            | Ins::Builtin(_)
            | Ins::Literal(_)
            | Ins::Load(_)
            | Ins::Store(_)
            | Ins::Delete(_)
            | Ins::Save(_)
            | Ins::Global(_)
            | Ins::Import(_)
            | Ins::MakeCell(_)
            | Ins::CopyFreeVars(_)
            | Ins::LoadDeref(_)
            | Ins::StoreDeref(_) => self.step_name(ins),
            Ins::Tuple(_)
            | Ins::List(_)
            | Ins::Set(_)
            | Ins::Map(_)
            | Ins::ConstKeyMap(_)
            | Ins::ListAppend(_)
            | Ins::ListExtend(_)
            | Ins::SetAdd(_)
            | Ins::SetUpdate(_)
            | Ins::MapAdd(_)
            | Ins::DictUpdate(_)
            | Ins::ListToTuple
            | Ins::DictMerge(_)
            | Ins::Unpack(_)
            | Ins::UnpackStar(..) => self.step_display(ins),
            Ins::KwNames(_)
            | Ins::Call(_)
            | Ins::CallKw(_)
            | Ins::CallStar(_)
            | Ins::MakeFunction(_)
            | Ins::FunctionAttribute(_) => self.step_call(ins),
            Ins::Convert(_) | Ins::Format(..) | Ins::Text(_) => self.step_text(ins),
            _ => self.step_operator(ins),
        }
    }
}
