//! The memoised question "what does this function return for these types", and the module made of the answers.
//!
//! A specialisation ([`Spec`]) is a [`Question`], a function with argument types and options, with what is known of its
//! answer.  [`flow`] finds its types by a fixed point; a call inside ([`caller`]) asks the same of the callee, on the same stack.  A question that is
//! still open (recursion) is answered with what is known so far, and everything that built on the answer is
//! looked at again until it stands still.  Then [`build`] emits every specialisation that the root reaches.

mod attributes;
mod build;
mod caller;
mod cells;
mod changes;
mod flow;
mod given;
mod identity;
mod lists;
mod messages;
mod protected;
mod shape;
mod step;

use crate::depth::deeper;
use crate::emit::{Emit, Engine, Fault};
use crate::table::Rules;
use coachwhip_ir::entity::Map;
use coachwhip_ir::{
    Apart, ArrayTy, Code, Const, Diagnostic, Func, FuncId, LocData, Module, Options, Overloaded, Separate, Source, Ty,
};
use flow::Flow;
use shape::Shape;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// More specialisations than this are taken for runaway recursion over types.
const MAX_SPECIALISATIONS: usize = 1_000;
/// Calls nested deeper than this while typing are taken for the same.
const MAX_DEPTH: usize = 120;
/// Instructions of one untyped function.
const MAX_INSTRUCTIONS: usize = 400_000;

coachwhip_ir::entity! {
    /// A specialisation.
    SpecId, "spec"
}

/// A module whose calls of some library functions lead outside.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The module.
    pub module: Module,
    /// A rule in the root wants a constant where it gets a widened argument.
    pub wants_constant: bool,
    /// The root's result has the type that a caller in the same module would see.
    pub exact: bool,
}

/// The typed module of a root function called with arguments of the given types, by these rules; calls of what is `apart`
/// lead outside.
pub fn infer(
    rules: &'static Rules,
    source: &dyn Source,
    apart: Option<&dyn Apart>,
    root: FuncId,
    args: &[Ty],
    ret: Option<&Ty>,
    options: &Options,
) -> Result<Typed, Diagnostic> {
    let mut inference = Inference::new(rules, source, apart);
    let module = inference.module(root, args, ret, options).map_err(|fault| *fault)?;
    let (root, func) = (inference.specs.iter().next().map(|(_, spec)| spec), module.funcs.first());
    let wants_constant = root.is_some_and(|spec| spec.wants_constant);
    let exact = root.zip(func).is_some_and(|(spec, func)| spec.ret == func.ret);
    Ok(Typed { module, wants_constant, exact })
}

/// The types of a root's arguments and of the program's lists, filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// Types of the arguments.
    pub args: Vec<Ty>,
    /// Types of the global and captured lists, by number.
    pub lists: Vec<Ty>,
}

/// The types of a root's arguments and of the global lists: lists without an item are lists of what the function puts into
/// them.
pub fn filled_lists(
    rules: &'static Rules,
    source: &dyn Source,
    root: FuncId,
    args: &[Ty],
    lists: &[Ty],
    options: &Options,
) -> Result<Filled, Diagnostic> {
    let mut filled = Filled { args: args.to_vec(), lists: lists.to_vec() };
    // One list may say what another one holds.
    for _ in 0..flow::MAX_NESTING {
        if !filled.args.iter().chain(&filled.lists).any(is_hollow) {
            break;
        }
        let source = WithLists { source, lists: &filled.lists };
        let mut inference = Inference::new(rules, &source, None);
        let first = source.captured(root).len();
        let spec = inference.answered(root, &filled.args, None, options).map_err(|fault| *fault)?;
        let mut after = filled.clone();
        for ty in after.args.iter_mut().filter(|ty| ty.holds_instance()) {
            *ty = inference.layouts.dressed(ty);
        }
        for (n, ty) in &inference.specs[spec].wanted {
            fill(n.checked_sub(first).and_then(|n| after.args.get_mut(n)), ty);
        }
        for (n, ty) in inference.specs.values().flat_map(|spec| &spec.wanted_lists) {
            fill(after.lists.get_mut(*n as usize), ty);
        }
        if after == filled {
            break;
        }
        filled = after;
    }
    Ok(filled)
}

/// An item that is there keeps its type.
fn fill(known: Option<&mut Ty>, wanted: &Ty) {
    let wanted = &any_string(wanted);
    if let Some(known) = known.filter(|known| is_hollow(known))
        && let Ok(joined) = crate::join::join(known, wanted)
        && (joined == *wanted || is_hollow(wanted))
        && !known.holds_instance()
    {
        *known = joined;
    }
}

/// The type for any string in the place of each that is known: what the caller sees is made of objects.
fn any_string(ty: &Ty) -> Ty {
    match ty {
        Ty::Lit(Const::Str(_)) | Ty::Char | Ty::Text(_) => Ty::str(),
        Ty::Lit(Const::Bytes(_)) => Ty::bytes(),
        Ty::Table(table) => Ty::table(table.kind, any_string(&table.key), any_string(&table.value)),
        Ty::Union(members) => {
            let members: Vec<Ty> = members.iter().map(any_string).collect();
            crate::unite::of(&members.iter().collect::<Vec<_>>()).unwrap_or_else(|_| ty.clone())
        }
        _ if ty.items().is_some() => ty.map_items(any_string),
        _ => ty.with_parts(&mut |part| Some(any_string(part))).unwrap_or_else(|| ty.clone()),
    }
}

/// A program whose global lists are of other types.
struct WithLists<'s> {
    source: &'s dyn Source,
    lists: &'s [Ty],
}

impl Source for WithLists<'_> {
    fn target(&self) -> &coachwhip_ir::Target {
        self.source.target()
    }
    fn func(&self, id: FuncId) -> Result<Arc<Func>, Diagnostic> {
        self.source.func(id)
    }
    fn captured(&self, id: FuncId) -> Vec<Const> {
        self.source.captured(id)
    }
    fn array(&self, index: u32) -> ArrayTy {
        self.source.array(index)
    }
    fn list(&self, index: u32) -> Ty {
        self.lists.get(index as usize).cloned().unwrap_or_else(|| self.source.list(index))
    }
    fn attribute(&self, module: u32, name: &str) -> Option<Const> {
        self.source.attribute(module, name)
    }
    fn module_name(&self, module: u32) -> Arc<str> {
        self.source.module_name(module)
    }
    fn native(&self, index: u32) -> (Vec<Ty>, Ty, u64) {
        self.source.native(index)
    }
    fn library(&self, name: &str) -> Result<Option<FuncId>, Diagnostic> {
        self.source.library(name)
    }
    fn overloaded(&self, what: Overloaded<'_>) -> bool {
        self.source.overloaded(what)
    }
    fn overload(
        &self,
        what: Overloaded<'_>,
        positional: &[Ty],
        keywords: &[(Arc<str>, Ty)],
    ) -> Result<Option<FuncId>, Diagnostic> {
        self.source.overload(what, positional, keywords)
    }
    fn keeps_literal(&self, id: FuncId) -> Option<Vec<Arc<str>>> {
        self.source.keeps_literal(id)
    }
    fn go_on(&self) -> Result<(), Diagnostic> {
        self.source.go_on()
    }
}

/// Whether a type is a container of which nothing says what is in it, or one of such containers; or leads to instances, of
/// which the program may say more.
pub fn is_hollow(ty: &Ty) -> bool {
    ty.holds_instance() || ty.is_empty_container() || ty.held().is_some_and(is_hollow)
}

/// Where the answer to a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Not asked yet, or to be asked again because what it built on has changed.
    New,
    /// Being answered, at this depth of the stack.
    Active(usize),
    /// Answered on the assumption of a question that is still open.
    Provisional(usize),
    /// Answered.
    Done,
}

/// What a function returns for arguments of these types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Question {
    func: FuncId,
    args: Vec<Ty>,
    options: Options,
    /// The type that a list which is the result must have for the caller.
    result: Option<Ty>,
}

/// A question, and what is known of its answer.
struct Spec {
    question: Question,
    func: Arc<Func>,
    shape: Arc<Shape>,
    state: State,
    flow: Option<Box<Flow>>,
    /// Result type as far as known.
    ret: Ty,
    /// Result type that somebody was told while the question was open.
    told: Option<Ty>,
    /// Assignments to captured cells, by nested function and position among its captures.
    stores: Vec<CellStore>,
    /// Lists among the arguments that must be of another type, by position.
    wanted: Vec<(usize, Ty)>,
    /// Global lists that must be of another type, by number.
    wanted_lists: Vec<(u32, Ty)>,
    /// A rule inside wants a constant where it gets a widened argument.
    wants_constant: bool,
    /// Whether a function of the module calls it.
    called: bool,
    /// A generator function that is called while its own types are looked for.
    makes_itself: bool,
    /// Where it was first called, and from which specialisation.
    caller: Option<(LocData, SpecId)>,
}

/// An assignment of a value of some type to a captured cell.
#[derive(Clone, Debug, PartialEq)]
struct CellStore {
    func: FuncId,
    capture: usize,
    ty: Ty,
}

/// A question on the stack.
#[derive(Default)]
struct Unanswered {
    /// Least depth of an open question that the answer builds on.
    low: usize,
    /// Questions answered on its way that are provisional.
    provisional: Vec<SpecId>,
}

/// All questions and answers of one compile.
struct Inference<'s> {
    rules: &'static Rules,
    source: &'s dyn Source,
    /// Who says which library functions are called outside the module, and what was said.
    apart: Option<&'s dyn Apart>,
    separate: HashMap<Question, Option<Separate>>,
    shapes: HashMap<FuncId, (Arc<Func>, Arc<Shape>)>,
    /// The function in which a nested function is made.
    parents: HashMap<FuncId, FuncId>,
    specs: Map<SpecId, Spec>,
    memo: HashMap<Question, SpecId>,
    stack: Vec<Unanswered>,
    emission: Emission,
    layouts: attributes::Layouts,
    /// Set when the whole inference must end.
    fatal: Option<Fault>,
}

/// The module under construction.
#[derive(Default)]
struct Emission {
    numbers: HashMap<SpecId, u32>,
    first_number: u32,
    pending: VecDeque<SpecId>,
    arrays: Vec<(u32, ArrayTy)>,
    natives: Vec<(u32, u64)>,
    /// Whether the results of a user's function are numbers of different types.
    mixes: bool,
}

impl Emission {
    /// The position of a specialisation in the module; a new one is to be emitted.
    fn number(&mut self, spec: SpecId) -> u32 {
        let next = self.first_number + self.numbers.len() as u32;
        let number = *self.numbers.entry(spec).or_insert(next);
        if number == next {
            self.pending.push_back(spec);
        }
        number
    }
}

impl<'s> Inference<'s> {
    fn new(rules: &'static Rules, source: &'s dyn Source, apart: Option<&'s dyn Apart>) -> Inference<'s> {
        Inference {
            rules,
            source,
            apart,
            separate: HashMap::new(),
            shapes: HashMap::new(),
            parents: HashMap::new(),
            specs: Map::new(),
            memo: HashMap::new(),
            stack: Vec::new(),
            emission: Emission::default(),
            layouts: attributes::Layouts::default(),
            fatal: None,
        }
    }

    fn module(&mut self, root: FuncId, args: &[Ty], ret: Option<&Ty>, options: &Options) -> Result<Module, Fault> {
        let spec = self.answered(root, args, ret, options)?;
        let given = self.given(spec);
        let shared = self.root_result(spec, ret).is_ok_and(|result| result == self.specs[spec].ret);
        let mut module = Module::default();
        if let Some(of) = &given {
            self.emission.first_number = 1;
            module.funcs.push(self.front(spec, of, ret)?);
        } else if shared {
            self.emission.number(spec);
        } else {
            // The root converts its result; where it calls itself, it is a function of its own.
            self.emission.first_number = 1;
            module.funcs.push(self.build(spec, true, ret)?);
        }
        while let Some(next) = self.emission.pending.pop_front() {
            let root = shared && given.is_none() && next == spec;
            let func = self.build(next, root, ret.filter(|_| root))?;
            module.funcs.push(func);
        }
        // A rule may have gone on without the answer.
        if let Some(fault) = self.fatal.take() {
            return Err(fault);
        }
        module.arrays = std::mem::take(&mut self.emission.arrays);
        module.natives = std::mem::take(&mut self.emission.natives);
        module.mixes = self.emission.mixes;
        if given.is_some() {
            given::refuse_lists(&module)?;
        }
        coachwhip_ir::generators::lower(&mut module)?;
        let ret = module.funcs.first().map(|func| &func.ret).filter(|ret| ret.holds_instance());
        module.result = ret.map(|ret| self.layouts.dressed(ret));
        Ok(module)
    }

    /// The specialisation of the root, answered until no attribute of an instance is widened by it.
    fn answered(&mut self, root: FuncId, args: &[Ty], ret: Option<&Ty>, options: &Options) -> Result<SpecId, Fault> {
        let args: Vec<Ty> = args.iter().map(|ty| self.layouts.seeded(ty)).collect();
        let result = ret.filter(|ret| ret.is_container()).cloned();
        for _ in 0..attributes::MOST_ROUNDS {
            self.layouts.widened = false;
            let mut types: Vec<Ty> = self.source.captured(root).into_iter().map(Ty::Lit).collect();
            types.extend(args.iter().cloned());
            let question = Question { func: root, args: types, options: options.clone(), result: result.clone() };
            let spec = self.intern(question, None)?;
            let solved = self.solve(spec);
            if !self.layouts.widened {
                return solved.map(|()| spec);
            }
            (self.specs, self.memo, self.stack) = (Map::new(), HashMap::new(), Vec::new());
            (self.emission, self.fatal) = (Emission::default(), None);
            self.go_on()?;
        }
        let message = "the types of the attributes of instances grow without end";
        Err(Box::new(Diagnostic::new(Code::Join, message)))
    }

    fn shape(&mut self, id: FuncId) -> Result<(Arc<Func>, Arc<Shape>), Fault> {
        if let Some(known) = self.shapes.get(&id) {
            return Ok(known.clone());
        }
        let (func, shape) = shape::shape_of(self.source, id, 0)?;
        if func.insts.len() > MAX_INSTRUCTIONS {
            let message = format!("{}() has more than {MAX_INSTRUCTIONS} instructions", func.name);
            return Err(Box::new(Diagnostic::new(Code::TooLarge, message)));
        }
        for nested in shape.nested.keys() {
            self.parents.insert(*nested, id);
        }
        let both = (func, Arc::new(shape));
        self.shapes.insert(id, both.clone());
        Ok(both)
    }

    /// The specialisation of a question, asked at a place in another one.
    fn intern(&mut self, question: Question, caller: Option<(LocData, SpecId)>) -> Result<SpecId, Fault> {
        if let Some(spec) = self.memo.get(&question) {
            return Ok(*spec);
        }
        let (func, shape) = self.shape(question.func)?;
        if self.specs.len() >= MAX_SPECIALISATIONS || self.stack.len() >= MAX_DEPTH {
            return Err(self.runaway(&func, caller));
        }
        let spec = self.specs.push(Spec {
            question: question.clone(),
            func,
            shape,
            state: State::New,
            flow: None,
            ret: Ty::Never,
            told: None,
            stores: vec![],
            wanted: vec![],
            wanted_lists: vec![],
            wants_constant: false,
            called: false,
            makes_itself: false,
            caller,
        });
        self.memo.insert(question, spec);
        Ok(spec)
    }

    fn runaway(&mut self, func: &Func, caller: Option<(LocData, SpecId)>) -> Fault {
        let message = format!("the calls of {}() need ever new argument types", func.name);
        let mut fault = Diagnostic::new(Code::Recursion, message)
            .help("give the recursive call arguments of the same types as the outer call's");
        if let Some((place, _)) = &caller {
            fault = fault.at(place, "called here");
        }
        self.end(fault)
    }

    /// Answers the question, and those that it depends on.
    fn solve(&mut self, spec: SpecId) -> Result<(), Fault> {
        let depth = self.stack.len();
        self.specs[spec].state = State::Active(depth);
        self.stack.push(Unanswered { low: depth, provisional: vec![] });
        let outcome = deeper(|| self.solve_rounds(spec));
        let open = self.stack.pop().unwrap_or_default();
        outcome?;
        if open.low < depth {
            self.specs[spec].state = State::Provisional(open.low);
            if let Some(parent) = self.stack.last_mut() {
                parent.low = parent.low.min(open.low);
                parent.provisional.extend(open.provisional);
                parent.provisional.push(spec);
            }
        } else {
            for done in open.provisional.into_iter().chain([spec]) {
                self.specs[done].state = State::Done;
                if let Some(flow) = &mut self.specs[done].flow {
                    flow.finish();
                }
            }
        }
        Ok(())
    }

    fn solve_rounds(&mut self, spec: SpecId) -> Result<(), Fault> {
        let mut flow = match self.specs[spec].flow.take() {
            Some(flow) => flow,
            None => Box::new(Flow::new(&self.specs[spec].func, &self.specs[spec].question.args)),
        };
        flow.restart();
        loop {
            self.specs[spec].told = None;
            flow.run(self, spec);
            if let Some(fault) = &self.fatal {
                return Err(fault.clone());
            }
            match &self.specs[spec].told {
                Some(told) if *told != self.specs[spec].ret => {
                    let stale = self.stack.last_mut().map(|open| std::mem::take(&mut open.provisional));
                    for other in stale.unwrap_or_default() {
                        self.specs[other].state = State::New;
                    }
                    flow.restart();
                }
                _ => break,
            }
        }
        self.specs[spec].flow = Some(flow);
        Ok(())
    }

    /// Answers a question as far as that can be done now; whether the answer is still open.
    fn ask(&mut self, question: Question, caller: (LocData, SpecId)) -> Result<(SpecId, bool), Fault> {
        if let Some(fault) = &self.fatal {
            return Err(fault.clone());
        }
        let spec = self.intern(question, Some(caller))?;
        if self.specs[spec].state == State::New {
            self.solve(spec)?;
        }
        let depth = match self.specs[spec].state {
            State::Active(depth) => {
                self.specs[spec].told = Some(self.specs[spec].ret.clone());
                depth
            }
            State::Provisional(low) => low,
            State::New | State::Done => return Ok((spec, false)),
        };
        if let Some(asker) = self.stack.last_mut() {
            asker.low = asker.low.min(depth);
        }
        Ok((spec, true))
    }

    /// The options of a function that is called by one with the given options.
    fn options_of(&mut self, id: FuncId, caller: &Options) -> Result<Options, Fault> {
        let (func, _) = self.shape(id)?;
        // A function of the library takes its caller's options; the program has given every other one its own.
        let mut options = if func.of_library { caller.clone() } else { func.options.clone() };
        options.locals = func.options.locals.clone();
        Ok(options)
    }

    fn separate(&mut self, id: FuncId, args: &[Ty], caller: &Options) -> Result<Option<Separate>, Fault> {
        let Some(apart) = self.apart else { return Ok(None) };
        // What is compiled apart does not know the attributes of instances.
        let alone = !args.iter().any(|ty| ty.holds_generator() || ty.holds_instance());
        if !alone || self.shape(id)?.0.generator {
            return Ok(None);
        }
        let options = self.options_of(id, caller)?;
        let question = Question { func: id, args: args.to_vec(), options, result: None };
        if let Some(known) = self.separate.get(&question) {
            return Ok(known.clone());
        }
        let answer = apart.separate(id, args, &question.options).map_err(|failure| self.end(failure))?;
        self.separate.insert(question, answer.clone());
        Ok(answer)
    }

    /// Ends the whole inference.
    fn end(&mut self, failure: Diagnostic) -> Fault {
        let fault = Box::new(failure);
        self.fatal.get_or_insert_with(|| fault.clone());
        fault
    }

    /// Looks now and then whether the inference is to end.
    fn go_on(&mut self) -> Result<(), Fault> {
        if let Some(fault) = &self.fatal {
            return Err(fault.clone());
        }
        self.source.go_on().map_err(|failure| self.end(failure))
    }
}

/// A cursor for a block of a specialisation.
fn cursor<'a>(
    func: &'a mut Func,
    block: coachwhip_ir::Block,
    options: &'a Options,
    engine: &'a mut dyn Engine,
) -> Emit<'a> {
    Emit { func, block, loc: coachwhip_ir::Loc(0), options, engine, dead: false }
}
