//! The library functions that a compile calls and that are compiled by themselves, once for all their callers.
//!
//! A caller's module has a call of an open symbol for each ([`coachwhip_ir::Op::CallExternal`]).  What inference needs, the
//! result type, comes from the cache; if it is not there, the function is typed as a module of its own.  Nothing is
//! compiled meanwhile, because types on the way to a fixed point are asked for as well: [`Units::callables`] compiles
//! those that an object calls in the end.

use crate::behaviour::Behaviour;
use crate::cache::Callees;
use crate::cache::Key;
use crate::cache::layer::{self, Level};
use crate::cache::library::{self, Known, Made, Question};
use crate::guarded::{internal, stage};
use crate::place::Callable;
use crate::program::Program;
use crate::stages;
use coachwhip_codegen::{EmitOptions, Object, Open};
use coachwhip_infer::{Typed, infer_apart};
use coachwhip_ir::{Apart, Diagnostic, FuncId, Module, Options, Separate, Source, Ty};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A function with argument types and options.
type Asked = (FuncId, Vec<Ty>, Options);

/// The units of one compile, besides its root.
pub struct Units<'p> {
    program: &'p Program,
    /// Whether there are any: not without the cache, which is what makes them pay.
    apart: bool,
    table: RefCell<Vec<Unit>>,
    answers: RefCell<HashMap<Asked, Option<Separate>>>,
    /// Functions that are being typed: one that calls itself, for whatever types, is part of its own module.
    open: RefCell<Vec<FuncId>>,
}

/// A library function that inference was told is compiled by itself.
struct Unit {
    question: Question,
    asked: Asked,
    /// The key under which a layer has it, or will have it.
    key: Key,
    state: State,
}

enum State {
    /// The cache has it.
    Known(Known),
    /// It is typed, which took so long.
    Typed(Box<Typed>, Duration),
    /// Not to be had without typing it again.
    Unknown,
}

/// A unit that was compiled but is not linked.
struct Emitted {
    number: u32,
    /// What the object was made of.
    module: Module,
    object: Object,
    ret: Ty,
    symbol: String,
    wants_constant: bool,
    took: Duration,
}

/// Functions compiled by themselves, in memory.
#[derive(Default)]
pub struct Callables {
    /// Each by its number in the objects.
    pub by_number: HashMap<u32, Callable>,
    /// How many of them were compiled for this.
    pub compiled: u32,
    /// How many were there.
    pub found: u32,
}

impl Apart for Units<'_> {
    fn separate(&self, id: FuncId, args: &[Ty], options: &Options) -> Result<Option<Separate>, Diagnostic> {
        let slot = self.program.slot(id).filter(|_| self.apart);
        let Some(record) = slot.as_ref().and_then(|slot| slot.record()) else { return Ok(None) };
        if record.separate.is_none() || options.debug {
            return Ok(None);
        }
        let asked = (id, args.to_vec(), options.clone());
        if let Some(known) = self.answers.borrow().get(&asked) {
            return Ok(known.clone());
        }
        if self.open.borrow().contains(&id) {
            return Ok(None);
        }
        let Some(question) = library::question(self.program, record, args, options) else { return Ok(None) };
        self.open.borrow_mut().push(id);
        let answer = self.answer(question, &asked);
        self.open.borrow_mut().pop();
        let answer = answer?;
        self.answers.borrow_mut().insert(asked, answer.clone());
        Ok(answer)
    }
}

impl Callees for Units<'_> {
    fn entry(&self, number: u32) -> Option<(String, Key)> {
        let table = self.table.borrow();
        let unit = table.get(number as usize)?;
        Some((unit.question.name.clone(), unit.key))
    }

    fn shipped(&self, number: u32, level: Level) -> Option<Key> {
        self.table.borrow().get(number as usize)?.question.shipped(level)
    }
}

impl<'p> Units<'p> {
    /// No units yet.
    pub fn new(program: &'p Program, apart: bool) -> Units<'p> {
        let (table, answers, open) = (RefCell::default(), RefCell::default(), RefCell::default());
        Units { program, apart, table, answers, open }
    }

    /// Fails only with [`Diagnostic::abandoned`].
    fn answer(&self, question: Question, asked: &Asked) -> Result<Option<Separate>, Diagnostic> {
        if let Some(known) = library::find(&question) {
            let (ret, wants_constant) = (known.ret.clone(), known.entry.wants_constant);
            return Ok(Some(self.entered(question, asked, State::Known(known), ret, wants_constant)));
        }
        let start = Instant::now();
        let typed = match self.typed(asked) {
            Ok(typed) => typed,
            Err(refusal) if refusal.code == coachwhip_ir::Code::NeedsConstant => {
                library::keep_refusal(&question, start.elapsed());
                return Ok(Some(self.entered(question, asked, State::Unknown, None, true)));
            }
            Err(abandoned) if abandoned.is_abandoned() => return Err(abandoned),
            // As part of its caller's module it fails with a message that shows the caller.
            Err(_) => return Ok(None),
        };
        let Some(ret) = typed.module.funcs.first().map(|func| func.ret.clone()) else { return Ok(None) };
        if ret == Ty::Never || !typed.exact || !library::is_plain(&ret) {
            return Ok(None);
        }
        let wants_constant = typed.wants_constant;
        let state = State::Typed(Box::new(typed), start.elapsed());
        Ok(Some(self.entered(question, asked, state, Some(ret), wants_constant)))
    }

    fn typed(&self, (id, args, options): &Asked) -> Result<Typed, Diagnostic> {
        stage("infer", || infer_apart(self.program, self, *id, args, None, options))
    }

    /// Gives a function its number.
    fn entered(
        &self,
        question: Question,
        asked: &Asked,
        state: State,
        ret: Option<Ty>,
        wants_constant: bool,
    ) -> Separate {
        let key = match &state {
            State::Known(known) => known.key,
            State::Typed(..) | State::Unknown => question.key,
        };
        let mut table = self.table.borrow_mut();
        table.push(Unit { question, asked: asked.clone(), key, state });
        Separate { number: table.len() as u32 - 1, ret, wants_constant }
    }

    /// All that an object calls and that these call in turn, compiled if need be.
    pub fn callables(&self, object: &Object) -> Result<Callables, Diagnostic> {
        let mut ready = Callables::default();
        let (mut wanted, mut seen) = (externals(object), HashSet::new());
        let mut emitted = Vec::new();
        while let Some(number) = wanted.pop() {
            if !seen.insert(number) {
                continue;
            }
            if let Some(callable) = self.found(number)? {
                ready.found += 1;
                ready.by_number.insert(number, callable);
            } else {
                let unit = self.emitted(number)?;
                wanted.extend(externals(&unit.object));
                emitted.push(unit);
            }
        }
        while !emitted.is_empty() {
            let is_ready = |number: &u32| ready.by_number.contains_key(number);
            let next = emitted.iter().position(|unit| externals(&unit.object).iter().all(is_ready));
            let Some(next) = next else {
                return Err(internal("link", "library functions call each other in a circle"));
            };
            let unit = emitted.swap_remove(next);
            let callable = self.linked(&unit, &ready.by_number)?;
            ready.compiled += 1;
            ready.by_number.insert(unit.number, callable);
        }
        Ok(ready)
    }

    /// The function, if the cache has it.  Fails only with [`Diagnostic::abandoned`].
    fn found(&self, number: u32) -> Result<Option<Callable>, Diagnostic> {
        let state = match self.table.borrow_mut().get_mut(number as usize) {
            Some(unit) if matches!(unit.state, State::Known(_)) => std::mem::replace(&mut unit.state, State::Unknown),
            _ => return Ok(None),
        };
        let State::Known(known) = state else { return Ok(None) };
        library::callable(self.program, &known)
    }

    /// Compiles a function to an object.
    fn emitted(&self, number: u32) -> Result<Emitted, Diagnostic> {
        self.program.go_on()?;
        let start = Instant::now();
        let (asked, key, state) = match self.table.borrow_mut().get_mut(number as usize) {
            Some(unit) => {
                unit.key = unit.question.key;
                (unit.asked.clone(), unit.key, std::mem::replace(&mut unit.state, State::Unknown))
            }
            None => return Err(internal("link", &format!("there is no library function {number}"))),
        };
        let (Typed { mut module, wants_constant, .. }, took) = match state {
            State::Typed(typed, took) => (*typed, took),
            State::Known(_) | State::Unknown => (self.typed(&asked)?, Duration::ZERO),
        };
        let tag: String = key.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        stages::mark_symbols(&mut module, &tag);
        stages::verified("infer", &module)?;
        let (ret, symbol) = match module.funcs.first() {
            Some(root) => (root.ret.clone(), root.symbol.clone()),
            None => return Err(internal("infer", "the module has no root")),
        };
        let module = stage("opt", || stages::optimise(module, &mut ()))?;
        let object = stage("codegen", || {
            stages::object(&module, self.program, EmitOptions::new(self.program.machine().clone()))
        })?;
        Ok(Emitted { number, module, object, ret, symbol, wants_constant, took: took + start.elapsed() })
    }

    /// Links a compiled function and keeps it.
    fn linked(&self, unit: &Emitted, callees: &HashMap<u32, Callable>) -> Result<Callable, Diagnostic> {
        let Emitted { number, module, object, ret, symbol, wants_constant, took } = unit;
        let question = match self.table.borrow().get(*number as usize) {
            Some(unit) => unit.question.clone(),
            None => return Err(internal("link", &format!("there is no library function {number}"))),
        };
        let code = Arc::new(stage("link", || stages::linked(object, self.program, callees))?);
        let mut behaviour = Behaviour::of(module);
        behaviour.also(code.supplied().behaviour);
        let entry = stages::entry(code.linked(), symbol)?;
        let made = Made { ret, behaviour, wants_constant: *wants_constant, symbol, took: *took };
        library::keep(self.program, &question, object, &code, &made, self);
        if layer::recording() {
            library::gather(self.program, &question, &made, self, &|level, target| match level {
                Level::Exact => Ok(object.clone()),
                Level::Generic => stage("codegen", || stages::object(module, self.program, EmitOptions::new(target))),
            })?;
        }
        Ok(Callable { code, entry, behaviour })
    }
}

/// The numbers of the functions outside that an object calls.
fn externals(object: &Object) -> Vec<u32> {
    let number = |what: &Open| match what {
        Open::External(number) => Some(*number),
        _ => None,
    };
    object.open.iter().filter_map(number).collect()
}
