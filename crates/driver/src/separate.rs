//! Library functions that are compiled by themselves, once for all their callers.
//!
//! A caller's module has a call of an open symbol for each ([`coachwhip_ir::Op::CallExternal`]).  What inference needs, the
//! result type, comes from the cache; if it is not there, the function is typed as a module of its own.  Only when
//! a caller is linked is that module compiled, because types on the way to a fixed point are asked for as well.

use crate::cache::layer::{self, Level};
use crate::cache::library::{self, Known, Made, Question};
use crate::compile::mark_symbols;
use crate::guarded::{internal, stage};
use crate::loops::{loops, recursive};
use crate::place::Code;
use crate::program::Program;
use crate::stages;
use coachwhip_codegen::{EmitOptions, Object, Open, entry_symbol};
use coachwhip_ir::{Diagnostic, FuncId, Module, Options, Separate, Source, Ty};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

type Asked = (FuncId, Vec<Ty>, Options);

/// The functions that callers in a program were told of.
#[derive(Default)]
pub struct Pieces {
    table: RwLock<Vec<Arc<Piece>>>,
    answers: Mutex<HashMap<Asked, Option<Separate>>>,
}

/// A function with argument types and options.
struct Piece {
    question: Question,
    asked: Asked,
    /// The key under which a layer had it.
    found: Mutex<Option<[u8; 32]>>,
    state: Mutex<State>,
}

enum State {
    /// The cache has it.
    Known(Known),
    /// It is typed, which took so long.
    Typed(Box<Module>, bool, Duration),
    /// It is in memory.
    Ready(Ready),
    /// Somebody is at it, or it has failed.
    Gone,
}

/// Code that can be called.
#[derive(Clone)]
pub struct Ready {
    /// The code.
    pub code: Arc<Code>,
    /// Address of its entry point.
    pub entry: usize,
    /// As in [`crate::Compiled`].
    pub loops: bool,
    /// As in [`crate::Compiled`].
    pub recursive: bool,
    /// It has just been compiled.
    made: bool,
}

thread_local! {
    /// Functions that are being typed: one that calls itself, for whatever types, is part of its own module.
    static OPEN: RefCell<Vec<FuncId>> = const { RefCell::new(Vec::new()) };
}

/// The answer to [`coachwhip_ir::Source::separate`].
pub fn ask(program: &Program, id: FuncId, args: &[Ty], options: &Options) -> Result<Option<Separate>, Diagnostic> {
    let Some(slot) = program.slot(id) else { return Ok(None) };
    let record = slot.record().filter(|record| record.separate.is_some() && !options.debug);
    let Some(record) = record else { return Ok(None) };
    let asked = (id, args.to_vec(), options.clone());
    let answers = || program.pieces.answers.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = answers().get(&asked) {
        return Ok(known.clone());
    }
    if OPEN.with_borrow(|open| open.contains(&id)) {
        return Ok(None);
    }
    let Some(question) = library::question(program, record, args, options) else { return Ok(None) };
    OPEN.with_borrow_mut(|open| open.push(id));
    let answer = answer(program, question, &asked);
    OPEN.with_borrow_mut(Vec::pop);
    let answer = answer?;
    answers().insert(asked, answer.clone());
    Ok(answer)
}

/// Fails only with [`Diagnostic::abandoned`].
fn answer(program: &Program, question: Question, asked: &Asked) -> Result<Option<Separate>, Diagnostic> {
    if let Some(known) = library::find(&question) {
        let (ret, wants_constant) = (known.ret.clone(), known.entry.wants_constant);
        return Ok(Some(entered(program, question, asked, State::Known(known), ret, wants_constant)));
    }
    let start = Instant::now();
    let typed = match typed(program, asked) {
        Ok(typed) => typed,
        Err(refusal) if refusal.code == coachwhip_ir::Code::NeedsConstant => {
            library::keep_refusal(&question, start.elapsed());
            return Ok(Some(entered(program, question, asked, State::Gone, None, true)));
        }
        Err(abandoned) if abandoned.is_abandoned() => return Err(abandoned),
        // As part of its caller's module it fails with a message that shows the caller.
        Err(_) => return Ok(None),
    };
    let Some(ret) = typed.module.funcs.first().map(|func| func.ret.clone()) else { return Ok(None) };
    if ret == Ty::Never || !typed.exact || !library::is_plain(&ret) {
        return Ok(None);
    }
    let state = State::Typed(Box::new(typed.module), typed.wants_constant, start.elapsed());
    Ok(Some(entered(program, question, asked, state, Some(ret), typed.wants_constant)))
}

fn typed(program: &Program, (id, args, options): &Asked) -> Result<coachwhip_infer::Linked, Diagnostic> {
    stage("infer", || coachwhip_infer::infer_linked(program, *id, args, None, options))
}

/// Gives a function its number.
fn entered(
    program: &Program,
    question: Question,
    asked: &Asked,
    state: State,
    ret: Option<Ty>,
    wants_constant: bool,
) -> Separate {
    let mut table = program.pieces.table.write().unwrap_or_else(PoisonError::into_inner);
    let found = match &state {
        State::Known(known) => Some(known.key),
        _ => None,
    };
    let (found, state) = (Mutex::new(found), Mutex::new(state));
    table.push(Arc::new(Piece { question, asked: asked.clone(), found, state }));
    Separate { number: table.len() as u32 - 1, ret, wants_constant }
}

fn piece(program: &Program, number: u32) -> Option<Arc<Piece>> {
    program.pieces.table.read().unwrap_or_else(PoisonError::into_inner).get(number as usize).cloned()
}

/// Name and key of a function by its number.
pub fn name_and_key(program: &Program, number: u32) -> Option<(String, [u8; 32])> {
    let piece = piece(program, number)?;
    let found = *piece.found.lock().unwrap_or_else(PoisonError::into_inner);
    Some((piece.question.name.clone(), found.unwrap_or(piece.question.key)))
}

/// The key of a function by its number, in the layer that comes with the package.
pub fn shipped(program: &Program, number: u32, level: Level) -> Option<[u8; 32]> {
    piece(program, number)?.question.shipped(level)
}

/// Compiles what an object needs and the cache does not have; how many functions were compiled, and how many there.
pub fn prepare(program: &Program, object: &Object) -> Result<[u32; 2], Diagnostic> {
    let mut counts = [0; 2];
    for &what in &object.open {
        if let Open::External(number) = what
            && let Some(ready) = ready(program, number).transpose()?
        {
            let [compiled, kept] = &mut counts;
            *(if ready.made { compiled } else { kept }) += 1;
        }
    }
    Ok(counts)
}

/// The code of a function by its number, compiled if need be.
pub fn ready(program: &Program, number: u32) -> Option<Result<Ready, Diagnostic>> {
    let piece = piece(program, number)?;
    let mut state = piece.state.lock().unwrap_or_else(PoisonError::into_inner);
    let outcome = match std::mem::replace(&mut *state, State::Gone) {
        State::Ready(ready) => Ok(ready),
        State::Known(known) => match placed(program, &known) {
            Ok(Some(ready)) => Ok(ready),
            Ok(None) => {
                *piece.found.lock().unwrap_or_else(PoisonError::into_inner) = None;
                compiled_again(program, &piece)
            }
            Err(abandoned) => {
                *state = State::Known(known);
                return Some(Err(abandoned));
            }
        },
        State::Typed(module, wants_constant, took) => compiled(program, &piece, *module, wants_constant, took),
        State::Gone => compiled_again(program, &piece),
    };
    if let Ok(ready) = &outcome {
        *state = State::Ready(Ready { made: false, ..ready.clone() });
    }
    Some(outcome)
}

/// The code of a function by the key of its entry.  Fails only with [`Diagnostic::abandoned`].
pub fn by_key(program: &Program, name: &str, key: &[u8; 32]) -> Result<Option<Ready>, Diagnostic> {
    match library::find_key(name, key) {
        Some(known) => placed(program, &known),
        None => Ok(None),
    }
}

fn placed(program: &Program, known: &Known) -> Result<Option<Ready>, Diagnostic> {
    let Some(code) = library::placed(program, known)? else { return Ok(None) };
    let entry = code.linked().address(&entry_symbol(&known.entry.symbol));
    let (loops, recursive) = (known.entry.loops, known.entry.recursive);
    Ok(entry.map(|entry| Ready { code, entry, loops, recursive, made: false }))
}

fn compiled_again(program: &Program, piece: &Piece) -> Result<Ready, Diagnostic> {
    let start = Instant::now();
    let typed = typed(program, &piece.asked)?;
    compiled(program, piece, typed.module, typed.wants_constant, start.elapsed())
}

fn compiled(
    program: &Program,
    piece: &Piece,
    mut module: Module,
    wants_constant: bool,
    took: Duration,
) -> Result<Ready, Diagnostic> {
    let start = Instant::now();
    program.go_on()?;
    let tag: String = piece.question.key.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    mark_symbols(&mut module, &tag);
    stages::verified("infer", &module)?;
    let (ret, symbol) = match module.funcs.first() {
        Some(root) => (root.ret.clone(), root.symbol.clone()),
        None => return Err(internal("infer", "the module has no root")),
    };
    let better = stage("opt", || stages::optimise(module, &mut ()))?;
    let (mut loops, mut recursive) = (loops(&better), recursive(&better));
    let object = stage("codegen", || stages::object(&better, program, EmitOptions::default()))?;
    let code = Arc::new(stage("link", || stages::linked(&object, program))?);
    loops |= code.supplied().loops;
    recursive |= code.supplied().recursive;
    let entry = stages::entry(code.linked(), &symbol)?;
    let took = took + start.elapsed();
    let made = Made { ret: &ret, flags: [loops, recursive, wants_constant], symbol: &symbol, took };
    library::keep(program, &piece.question, &object, &code, &made);
    if layer::recording() {
        library::gather(program, &piece.question, &made, &|level| match level {
            Level::Exact => Ok(object.clone()),
            Level::Generic => {
                let options = EmitOptions { generic: true, ..EmitOptions::default() };
                stage("codegen", || stages::object(&better, program, options))
            }
        })?;
    }
    Ok(Ready { code, entry, loops, recursive, made: true })
}
