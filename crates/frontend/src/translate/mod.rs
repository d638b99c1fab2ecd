//! Runs the stack machine symbolically: instructions of the common set become SSA.
//!
//! Blocks are visited in reverse postorder.  The stack is not a value of the translator but variables,
//! like locals; only its depth and the places of `Null` markers are kept per block, and must be the same
//! on every path to it.

mod calls;
mod displays;
mod names;
mod operators;
mod text;

use crate::dominance::dominance;
use crate::fault::{Fault, bytecode, place, too_large, whole};
use crate::graph::{End, Graph, Node};
use crate::ins::Ins;
use crate::slots::{SlotSet, Slots, assigned};
use crate::snapshot::{CodeSnapshot, Position, SnapConst};
use crate::ssa::{Places, Variables};
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{
    Block, Builder, Code, Const, Diagnostic, Edge, Func, Imm, Inst, Label, Loc, Op, Options, Ty, Value,
};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Deepest stack that is followed; CPython's compiler makes such only from absurd displays.
const MAX_DEPTH: u32 = 100_000;
/// Most `Null` markers at once: nested calls, of which CPython's parser allows some hundred.
const MAX_NULLS: usize = 1000;

/// The form of the stack where a block begins.
#[derive(Clone, Default, PartialEq)]
struct Stack {
    depth: u32,
    /// The depths at which a `Null` lies, ascending.
    nulls: Vec<u32>,
}

/// What was popped.
enum Item {
    Value(Value),
    Null,
}

/// A part of a list or tuple display under construction.
#[derive(Clone, Copy)]
enum Part {
    Item(Value),
    Starred(Value),
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
    /// Lists with starred parts: refused unless they go.
    pub starred_lists: Vec<(Inst, u32)>,
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

/// Where a slot's values can meet, and those of its flag: only there a parameter may be needed.
fn places(slots: &Slots, unsure: &SlotSet, graph: &Graph, predecessors: &[Vec<Block>]) -> Option<Places> {
    let numbers: Vec<Vec<usize>> = predecessors.iter().map(|list| list.iter().map(|b| b.index()).collect()).collect();
    let dominance = dominance(&numbers)?;
    let n = slots.names.len();
    let mut definitions: Vec<Vec<usize>> = vec![Vec::new(); 2 * n];
    let mut define = |variable: usize, block: usize| {
        if let Some(list) = definitions.get_mut(variable).filter(|list| list.last() != Some(&block)) {
            list.push(block);
        }
    };
    for (index, node) in graph.nodes.iter().enumerate() {
        for (ins, _) in &node.steps {
            match *ins {
                Ins::Store(slot) | Ins::Delete(slot) | Ins::MakeCell(slot) => {
                    define(slot as usize, index + 1);
                    if unsure.has(slot) {
                        define(n + slot as usize, index + 1);
                    }
                }
                Ins::Load(slot) if unsure.has(slot) => define(n + slot as usize, index + 1),
                Ins::Narrow(_, Some(slot)) => define(slot as usize, index + 1),
                _ => {}
            }
        }
    }
    let mut meetings = HashSet::default();
    for (variable, list) in definitions.iter().enumerate() {
        // The entry defines everything; its frontier is empty.
        let found = dominance.meetings(list);
        meetings.extend(found.into_iter().map(|block| (Block::new(block), variable as u32)));
    }
    Some(Places { parents: dominance.parent, meetings, variables: 2 * n as u32 })
}

impl<'a> Translator<'a> {
    fn new(code: &'a CodeSnapshot, options: &'a Options, slots: Slots, unsure: SlotSet, graph: &Graph) -> Self {
        let mut func = Func::new(code.symbol.clone(), code.qualname.clone(), whole(code));
        func.options = options.clone();
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
        let draft =
            Draft { func, variables, names: slots.names.clone(), removable: HashSet::new(), starred_lists: Vec::new() };
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

    /// The variable that holds the stack's item at a depth.
    fn place_of(&self, depth: u32) -> u32 {
        2 * self.slots.names.len() as u32 + depth
    }

    fn push(&mut self, value: Value) -> Result<(), Fault> {
        if self.stack.depth >= MAX_DEPTH {
            return too_large("an expression with too many parts");
        }
        self.write(self.place_of(self.stack.depth), value);
        self.stack.depth += 1;
        Ok(())
    }

    fn push_null(&mut self) -> Result<(), Fault> {
        if self.stack.depth >= MAX_DEPTH || self.stack.nulls.len() >= MAX_NULLS {
            return too_large("too deeply nested calls");
        }
        self.stack.nulls.push(self.stack.depth);
        self.stack.depth += 1;
        Ok(())
    }

    fn pop_item(&mut self) -> Result<Item, Fault> {
        let Some(depth) = self.stack.depth.checked_sub(1) else { return bytecode("the stack is empty") };
        self.stack.depth = depth;
        if self.stack.nulls.last() == Some(&depth) {
            self.stack.nulls.pop();
            return Ok(Item::Null);
        }
        Ok(Item::Value(self.read(self.place_of(depth))))
    }

    fn pop(&mut self) -> Result<Value, Fault> {
        match self.pop_item()? {
            Item::Value(value) => Ok(value),
            Item::Null => bytecode("a value is missing on the stack"),
        }
    }

    /// Pops n values; the deepest first.
    fn pop_many(&mut self, n: u32) -> Result<Vec<Value>, Fault> {
        if n > self.stack.depth {
            return bytecode("the stack has too few items");
        }
        let mut values = Vec::with_capacity(n as usize);
        for _ in 0..n {
            values.push(self.pop()?);
        }
        values.reverse();
        Ok(values)
    }

    /// The variable of the n-th item from the top, which is a value.
    fn nth(&self, n: u32) -> Result<u32, Fault> {
        match self.stack.depth.checked_sub(n) {
            Some(depth) if n > 0 && !self.stack.nulls.contains(&depth) => Ok(self.place_of(depth)),
            _ => bytecode("the stack has no such item"),
        }
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
            Ins::Copy(n) => {
                let variable = self.nth(*n)?;
                let value = self.read(variable);
                self.push(value)
            }
            Ins::Swap(n) => self.swap(*n),
            Ins::Refuse(refusal) => Err(Box::new(refusal.diagnostic())),
            Ins::Bad => bytecode("an instruction has an operand that no compiler makes"),
            Ins::IterNext => self.iter_next(),
            Ins::Narrow(none, slot) => self.narrow(*none, *slot),
            Ins::Const(_)
            | Ins::SmallInt(_)
            | Ins::Builtin(_)
            | Ins::Load(_)
            | Ins::Store(_)
            | Ins::Delete(_)
            | Ins::Global(_)
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

    fn swap(&mut self, n: u32) -> Result<(), Fault> {
        if n == 1 {
            return Ok(());
        }
        // `Null` markers are never swapped by code that a compiler made, but for 3.13's calls of methods.
        let (top, other) = (self.nth(1)?, self.nth(n)?);
        let (a, b) = (self.read(top), self.read(other));
        self.write(top, b);
        self.write(other, a);
        Ok(())
    }

    /// Ends the block as the node says.
    fn finish(&mut self, node: &Node) -> Result<(), Fault> {
        match (node.end, node.successors.as_slice()) {
            (End::Goto, &[next]) => self.go(next),
            (End::If, &[yes, no]) => {
                let value = self.pop()?;
                self.branch_on(value, yes, no)
            }
            (End::IfNone, &[none, some]) => {
                let value = self.pop()?;
                self.tested.insert(self.block, value);
                let constant = self.constant(Const::None);
                let is = self.value(Op::PyIs, Imm::Int(0), vec![value, constant]);
                self.branch_on(is, none, some)
            }
            (End::For(drops), &[body, exit]) => self.for_iter(drops, body, exit),
            (End::Return, _) => {
                let value = self.pop()?;
                self.inst(Op::Return, Imm::None, vec![value], 0);
                Ok(())
            }
            (End::Raise(n @ 1..=2), _) => {
                let args = self.pop_many(n)?;
                self.inst(Op::PyRaise, Imm::None, args, 0);
                Ok(())
            }
            _ => bytecode("an instruction has an operand that no compiler makes"),
        }
    }

    fn go(&mut self, node: usize) -> Result<(), Fault> {
        let edge = self.edge(node)?;
        let (block, loc) = (self.block, self.loc);
        Builder::new(&mut self.draft.func, block, loc).jump(edge.block, edge.args);
        Ok(())
    }

    fn branch_on(&mut self, value: Value, yes: usize, no: usize) -> Result<(), Fault> {
        let condition = self.value(Op::PyTruth, Imm::None, vec![value]);
        self.branch(condition, yes, no)
    }

    fn branch(&mut self, condition: Value, yes: usize, no: usize) -> Result<(), Fault> {
        let (then, otherwise) = (self.edge(yes)?, self.edge(no)?);
        let (block, loc) = (self.block, self.loc);
        Builder::new(&mut self.draft.func, block, loc).branch(condition, then, otherwise);
        Ok(())
    }

    /// The edge to a node, at whose start the stack is as it is now.
    fn edge(&mut self, node: usize) -> Result<Edge, Fault> {
        match self.stacks.get_mut(node + 1) {
            Some(Some(stack)) if *stack != self.stack => return bytecode("paths meet with different stacks"),
            Some(unknown @ None) => *unknown = Some(self.stack.clone()),
            _ => {}
        }
        Ok(Edge { block: block_of(node), args: Vec::new() })
    }

    fn for_iter(&mut self, drops: bool, body: usize, exit: usize) -> Result<(), Fault> {
        let top = self.nth(1)?;
        let iterator = self.read(top);
        let has = self.value(Op::PyIterHas, Imm::None, vec![iterator]);
        let then = self.edge(body)?;
        if drops {
            self.pop()?;
        }
        let otherwise = self.edge(exit)?;
        let (block, loc) = (self.block, self.loc);
        Builder::new(&mut self.draft.func, block, loc).branch(has, then, otherwise);
        Ok(())
    }

    fn iter_next(&mut self) -> Result<(), Fault> {
        let iterator = self.pop()?;
        let item = self.value(Op::PyIterValue, Imm::None, vec![iterator]);
        let advanced = self.value(Op::PyIterAdvance, Imm::None, vec![iterator]);
        self.push(advanced)?;
        self.push(item)
    }

    /// The local and the top of the stack that hold the value tested before hold the narrowed one from here on.
    fn narrow(&mut self, none: bool, slot: Option<u32>) -> Result<(), Fault> {
        let tested = match self.draft.variables.predecessors(self.block) {
            [only] => self.tested.get(only).copied(),
            _ => None,
        };
        let Some(tested) = tested else { return Ok(()) };
        let tested = self.draft.variables.resolve(tested);
        let op = if none { Op::PyNarrowNone } else { Op::PyNarrowSome };
        let narrowed = self.value(op, Imm::None, vec![tested]);
        for variable in slot.into_iter().chain(self.nth(1).ok()) {
            if self.read(variable) == tested {
                self.write(variable, narrowed);
            }
        }
        Ok(())
    }

    /// Fails where the code object contradicts itself in its tables.
    fn refuse_signature(&self) -> Option<Diagnostic> {
        let keywords = self.code.flags & crate::VARKEYWORDS != 0;
        keywords.then(|| {
            Diagnostic::new(Code::Unsupported, "**keywords in a signature are not supported")
                .help("name the keyword parameters")
        })
    }
}
