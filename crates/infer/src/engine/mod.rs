//! The memoised question "what does this function return for these types", and the module made of the answers.
//!
//! A specialisation ([`Spec`]) is a function with argument types and options.  [`flow`] finds its types by a
//! fixed point; a call inside asks the same question of the callee, on the same stack.  A question that is
//! still open (recursion) is answered with what is known so far, and everything that built on the answer is
//! looked at again until it stands still.  Then [`build`] emits every specialisation that the root reaches.

mod build;
mod cells;
mod changes;
mod flow;
mod identity;
mod lists;
mod messages;
mod protected;
mod shape;
mod step;

use crate::depth::deeper;
use crate::emit::{Captured, Emit, Engine, Fault, Val};
use crate::table::Rules;
use coachwhip_ir::entity::{Entity, Map};
use coachwhip_ir::{Apart, ArrayTy, Code, Diagnostic, Func, FuncId, LocData, Module, Options, Separate, Source, Ty};
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
    let mut program = Program::new(rules, source, apart);
    let module = program.module(root, args, ret, options).map_err(|fault| *fault)?;
    let (root, func) = (program.specs.iter().next().map(|(_, spec)| spec), module.funcs.first());
    let wants_constant = root.is_some_and(|spec| spec.wants_constant);
    let exact = root.zip(func).is_some_and(|(spec, func)| spec.ret == func.ret);
    Ok(Typed { module, wants_constant, exact })
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

/// A function with argument types and options, and what is known of it.
struct Spec {
    id: FuncId,
    args: Vec<Ty>,
    options: Options,
    /// The type that a list which is the result must have for the caller.
    result_wanted: Option<Ty>,
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
    /// A rule inside wants a constant where it gets a widened argument.
    wants_constant: bool,
    /// Whether a function of the module calls it.
    called: bool,
    /// Where it was first called, and from which specialisation.
    caller: Option<(LocData, Option<SpecId>)>,
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
struct Open {
    /// Least depth of an open question that the answer builds on.
    low: usize,
    /// Questions answered on its way that are provisional.
    provisional: Vec<SpecId>,
}

/// Function, argument types, options, and what the caller makes of a list that is the result.
type Key = (FuncId, Vec<Ty>, Options, Option<Ty>);

/// All questions and answers of one compile.
struct Program<'s> {
    rules: &'static Rules,
    source: &'s dyn Source,
    shapes: HashMap<FuncId, (Arc<Func>, Arc<Shape>)>,
    /// The function in which a nested function is made.
    parents: HashMap<FuncId, FuncId>,
    specs: Map<SpecId, Spec>,
    memo: HashMap<Key, SpecId>,
    /// Who says which library functions are called outside the module, and what was said.
    apart: Option<&'s dyn Apart>,
    separate: HashMap<Key, Option<Separate>>,
    stack: Vec<Open>,
    numbers: HashMap<SpecId, u32>,
    first_number: u32,
    pending: VecDeque<SpecId>,
    emitting: bool,
    arrays: Vec<(u32, ArrayTy)>,
    natives: Vec<(u32, u64)>,
    /// What the calls of the last rule reported.
    report: Report,
    /// What a list must be that the function asked about next returns.
    result_wanted: Option<Ty>,
    /// The arguments of the call at hand.
    passed: Vec<coachwhip_ir::Value>,
    /// The captured values of the function at hand, by name.
    environment: Environment,
    /// The place of the instruction at hand.
    place: Option<LocData>,
    /// The specialisation at hand.
    current: Option<SpecId>,
    /// Set when the whole inference must end.
    fatal: Option<Fault>,
}

/// The function at hand and its captured values by name.
#[derive(Clone, Default)]
struct Environment {
    id: Option<FuncId>,
    captured: Vec<(Arc<str>, Val)>,
}

/// What calls report besides the result type.
#[derive(Default)]
struct Report {
    open: bool,
    wants_constant: bool,
    stores: Vec<CellStore>,
    /// Lists that a callee wants in another type, by their values.
    wanted: Vec<(coachwhip_ir::Value, Ty)>,
}

impl<'s> Program<'s> {
    fn new(rules: &'static Rules, source: &'s dyn Source, apart: Option<&'s dyn Apart>) -> Program<'s> {
        Program {
            rules,
            source,
            shapes: HashMap::new(),
            parents: HashMap::new(),
            current: None,
            specs: Map::new(),
            memo: HashMap::new(),
            apart,
            separate: HashMap::new(),
            stack: Vec::new(),
            numbers: HashMap::new(),
            first_number: 0,
            pending: VecDeque::new(),
            emitting: false,
            arrays: Vec::new(),
            natives: Vec::new(),
            report: Report::default(),
            result_wanted: None,
            passed: Vec::new(),
            environment: Environment::default(),
            place: None,
            fatal: None,
        }
    }

    fn module(&mut self, root: FuncId, args: &[Ty], ret: Option<&Ty>, options: &Options) -> Result<Module, Fault> {
        let captured = self.source.captured(root);
        let mut types: Vec<Ty> = captured.into_iter().map(Ty::Lit).collect();
        types.extend(args.iter().cloned());
        let spec = self.intern(root, types, options.clone(), None)?;
        self.solve(spec)?;
        self.emitting = true;
        let shared = self.root_result(spec, ret).is_ok_and(|result| result == self.specs[spec].ret);
        let mut module = Module::default();
        if shared {
            self.number(spec);
        } else {
            // The root converts its result; where it calls itself, it is a function of its own.
            self.first_number = 1;
            module.funcs.push(self.build(spec, true, ret)?);
        }
        while let Some(next) = self.pending.pop_front() {
            let root = shared && next == spec;
            let func = self.build(next, root, ret.filter(|_| root))?;
            module.funcs.push(func);
        }
        // A rule may have gone on without the answer.
        if let Some(fault) = self.fatal.take() {
            return Err(fault);
        }
        module.arrays = std::mem::take(&mut self.arrays);
        module.natives = std::mem::take(&mut self.natives);
        Ok(module)
    }

    fn number(&mut self, spec: SpecId) -> u32 {
        let next = self.first_number + self.numbers.len() as u32;
        let number = *self.numbers.entry(spec).or_insert(next);
        if number == next {
            self.pending.push_back(spec);
        }
        number
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

    fn intern(
        &mut self,
        id: FuncId,
        args: Vec<Ty>,
        options: Options,
        result_wanted: Option<Ty>,
    ) -> Result<SpecId, Fault> {
        let key = (id, args, options, result_wanted);
        if let Some(spec) = self.memo.get(&key) {
            return Ok(*spec);
        }
        let (func, shape) = self.shape(id)?;
        let (id, args, options, result_wanted) = key.clone();
        if self.specs.len() >= MAX_SPECIALISATIONS || self.stack.len() >= MAX_DEPTH {
            return Err(self.runaway(&func));
        }
        let spec = self.specs.push(Spec {
            id,
            args,
            options,
            result_wanted,
            func,
            shape,
            state: State::New,
            flow: None,
            ret: Ty::Never,
            told: None,
            stores: vec![],
            wanted: vec![],
            wants_constant: false,
            called: false,
            caller: self.place.clone().map(|place| (place, self.current)),
        });
        self.memo.insert(key, spec);
        Ok(spec)
    }

    fn runaway(&mut self, func: &Func) -> Fault {
        let message = format!("the calls of {}() need ever new argument types", func.name);
        let mut fault = Diagnostic::new(Code::Recursion, message)
            .help("give the recursive call arguments of the same types as the outer call's");
        if let Some(place) = &self.place {
            fault = fault.at(place, "called here");
        }
        self.end(fault)
    }

    /// Answers the question, and those that it depends on.
    fn solve(&mut self, spec: SpecId) -> Result<(), Fault> {
        let depth = self.stack.len();
        self.specs[spec].state = State::Active(depth);
        self.stack.push(Open { low: depth, provisional: vec![] });
        let environment = std::mem::take(&mut self.environment);
        let place = self.place.take();
        let caller = self.current.replace(spec);
        let outcome = deeper(|| self.solve_rounds(spec));
        self.environment = environment;
        self.place = place;
        self.current = caller;
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
            None => Box::new(Flow::new(&self.specs[spec].func, &self.specs[spec].args)),
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

    /// The specialisation behind a call, answered as far as it can be now.
    fn ask(&mut self, id: FuncId, args: &[Ty], caller: &Options) -> Result<SpecId, Fault> {
        let passed = std::mem::take(&mut self.passed);
        let asked = self.ask_about(id, args, caller);
        self.passed = passed;
        asked
    }

    fn ask_about(&mut self, id: FuncId, args: &[Ty], caller: &Options) -> Result<SpecId, Fault> {
        if let Some(fault) = &self.fatal {
            return Err(fault.clone());
        }
        let options = self.options_of(id, caller)?;
        let wanted = self.result_wanted.take();
        let wanted = if wanted.is_some() && self.shape(id)?.0.of_library { None } else { wanted };
        let spec = self.intern(id, args.to_vec(), options, wanted)?;
        if self.specs[spec].state == State::New {
            self.solve(spec)?;
        }
        match self.specs[spec].state {
            State::Active(depth) => {
                self.specs[spec].told = Some(self.specs[spec].ret.clone());
                self.lower(depth);
            }
            State::Provisional(low) => self.lower(low),
            State::New | State::Done => {}
        }
        Ok(spec)
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
        let key = (id, args.to_vec(), self.options_of(id, caller)?, None);
        if let Some(known) = self.separate.get(&key) {
            return Ok(known.clone());
        }
        let answer = apart.separate(key.0, &key.1, &key.2).map_err(|failure| self.end(failure))?;
        self.separate.insert(key, answer.clone());
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

    fn lower(&mut self, depth: usize) {
        self.report.open = true;
        if let Some(open) = self.stack.last_mut() {
            open.low = open.low.min(depth);
        }
    }
}

impl Engine for Program<'_> {
    fn source(&self) -> &dyn Source {
        self.source
    }

    fn rules(&self) -> &'static Rules {
        self.rules
    }

    fn callee(&mut self, id: FuncId, args: &[Ty], caller: &Options) -> Result<(u32, Ty), Fault> {
        let before = std::mem::take(&mut self.report);
        let asked = self.ask(id, args, caller);
        self.report = Report { open: self.report.open | before.open, ..before };
        let spec = asked?;
        self.specs[spec].called = true;
        let number = if self.emitting && self.stack.is_empty() { self.number(spec) } else { 0 };
        let known = &self.specs[spec];
        self.report.stores.extend(known.stores.iter().cloned());
        self.report.wants_constant |= known.wants_constant;
        let wanted = known.wanted.iter().filter_map(|(n, ty)| Some((*self.passed.get(*n)?, ty.clone())));
        self.report.wanted.extend(wanted);
        Ok((number, known.ret.clone()))
    }

    fn wants_result(&mut self, ty: Option<Ty>) {
        self.result_wanted = ty;
    }

    fn passes(&mut self, args: &[Val]) {
        self.passed = args.iter().map(|v| v.id).collect();
    }

    fn external(&mut self, id: FuncId, args: &[Ty], caller: &Options) -> Result<Option<Separate>, Fault> {
        let found = self.separate(id, args, caller)?;
        self.report.wants_constant |= found.as_ref().is_some_and(|found| found.wants_constant);
        Ok(found)
    }

    fn wants_constant(&mut self, id: FuncId, args: &[Ty], caller: &Options) -> Result<bool, Fault> {
        if let Some(known) = self.separate(id, args, caller)? {
            return Ok(known.wants_constant);
        }
        let before = std::mem::take(&mut self.report);
        let asked = self.ask(id, args, caller);
        self.report = Report { open: self.report.open | before.open, ..before };
        Ok(self.specs[asked?].wants_constant)
    }

    fn in_library(&self) -> bool {
        self.current.is_some_and(|spec| self.specs[spec].func.of_library)
    }

    fn called_by_python_alone(&self) -> bool {
        self.is_root() && self.current.is_some_and(|spec| !self.specs[spec].called)
    }

    fn is_root(&self) -> bool {
        self.current.is_none_or(|spec| spec.index() == 0)
    }

    fn use_array(&mut self, index: u32) {
        if self.emitting && self.stack.is_empty() && !self.arrays.iter().any(|(k, _)| *k == index) {
            self.arrays.push((index, self.source.array(index)));
        }
    }

    fn use_native(&mut self, index: u32) {
        if self.emitting && self.stack.is_empty() && !self.natives.iter().any(|(k, _)| *k == index) {
            self.natives.push((index, self.source.native(index).2));
        }
    }

    fn library(&mut self, name: &str) -> Result<Option<FuncId>, Fault> {
        self.source.library(name).map_err(|failure| self.end(failure))
    }

    fn captured_values(&mut self, id: FuncId) -> Option<Vec<Captured>> {
        let here = self.environment.id?;
        let related =
            here == id || (self.parents.contains_key(&here) && self.parents.get(&here) == self.parents.get(&id));
        if !related {
            return None;
        }
        let (func, _) = self.shape(id).ok()?;
        let known = self.parents.get(&id).and_then(|parent| self.shapes.get(parent));
        let captured = func.captures.iter().enumerate().map(|(i, name)| {
            match self.environment.captured.iter().find(|(n, _)| n == name) {
                Some((_, v)) => Some(Captured::Value(v.clone())),
                None => known.and_then(|(func, shape)| shape.captured_function(func, id, i)).map(Captured::Function),
            }
        });
        captured.collect()
    }

    fn nested_defaults(&mut self, id: FuncId) -> Option<(Vec<coachwhip_ir::Const>, Vec<Arc<str>>)> {
        let parent = *self.parents.get(&id)?;
        let (func, shape) = self.shape(parent).ok()?;
        let inst = *shape.nested.get(&id)?.first()?;
        Some(cells::constant_defaults(&func, inst))
    }
}

/// A cursor for a block of a specialisation.
fn cursor<'a>(
    func: &'a mut Func,
    block: coachwhip_ir::Block,
    options: &'a Options,
    program: &'a mut dyn Engine,
) -> Emit<'a> {
    Emit { func, block, loc: coachwhip_ir::Loc(0), options, engine: program, dead: false }
}
