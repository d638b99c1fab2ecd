//! Entries of library functions compiled by themselves.
//!
//! Their key needs no walk: the build covers every file of the library.

use super::entry::{Entry, Key, Thing};
use super::layer::{self, Level};
use super::renumber::{self, Row};
use super::settings;
use super::walk::{Part, Walk};
use super::{Callees, memory, now, revive};
use crate::behaviour::Behaviour;
use crate::place::{Callable, Code};
use crate::program::{FuncRecord, Program};
use coachwhip_codegen::{Object, Open, entry_symbol};
use coachwhip_ir::{Diagnostic, FuncId, Options, Target, Ty, parse};
use std::sync::Arc;
use std::time::Duration;

/// A question to the cache for a library function.
#[derive(Clone)]
pub struct Question {
    /// The function's name with its file in the package.
    pub name: String,
    /// The key of its entry.
    pub key: Key,
    parts: Vec<Part>,
    target: Arc<Target>,
    /// The hash of what does not depend on the process.
    base: blake3::Hasher,
}

impl Question {
    /// The key in the layer that comes with the package.
    pub fn shipped(&self, level: Level) -> Option<Key> {
        let mut hasher = self.base.clone();
        let machine = level.machine(&self.target)?;
        hasher.update(settings::processor(&machine).as_bytes());
        hasher.update(settings::identity()?.versions.as_bytes());
        hasher.update(settings::content()?);
        Some(*hasher.finalize().as_bytes())
    }
}

/// What is known of a library function for certain types.
pub struct Known {
    /// The entry.
    pub entry: Arc<Entry>,
    /// The key under which it was found.
    pub key: Key,
    /// Its code, if that is in memory.
    pub code: Option<Arc<Code>>,
    /// Its result type; `None` if it has no code.
    pub ret: Option<Ty>,
}

/// What was compiled.
pub struct Made<'a> {
    /// Result type.
    pub ret: &'a Ty,
    /// What a call may do.
    pub behaviour: Behaviour,
    /// See [`Entry`].
    pub wants_constant: bool,
    /// The root's symbol.
    pub symbol: &'a str,
    /// How long it took.
    pub took: Duration,
}

/// The question; `None` if the function is not of the package, a type belongs to one program, or there is no cache.
pub fn question(program: &Program, record: &FuncRecord, args: &[Ty], options: &Options) -> Option<Question> {
    let identity = settings::identity()?;
    let file = record.code.filename.strip_prefix(&*identity.package)?;
    let mut functions = Vec::new();
    let types = args.iter().map(|ty| Some(renumber::ty(ty, &mut |row| met(program, row, &mut functions))?.to_string()));
    let mut types = types.collect::<Option<Vec<_>>>()?.join(", ");
    for (number, function) in functions.iter().enumerate() {
        types.push_str(&format!("; fn{number} is {function}"));
    }
    let name = format!("{file}:{}:{}", record.code.firstlineno, record.code.qualname);
    let mut walk = Walk::new(program);
    walk.note("the library function", &name);
    walk.note("the argument types", &types);
    walk.options("the options", options);
    let base = walk.hasher();
    settings::note_process(&mut walk, identity);
    let target = program.machine().clone();
    Some(Question { key: walk.hash(), parts: walk.parts, target, name, base })
}

/// The number of a function of the package among those in the types of arguments; nothing else has one.
fn met(program: &Program, row: Row, functions: &mut Vec<String>) -> Option<u32> {
    let Row::Func(id) = row else { return None };
    let slot = program.slot(FuncId(id))?;
    let code = &slot.record()?.code;
    let file = code.filename.strip_prefix(&*settings::identity()?.package)?;
    functions.push(format!("{file}:{}:{}", code.firstlineno, code.qualname));
    Some(functions.len() as u32 - 1)
}

/// Whether a result type means the same in every program.
pub fn is_plain(ret: &Ty) -> bool {
    renumber::ty(ret, &mut |_| None).is_some()
}

/// What any layer knows.
pub fn find(question: &Question) -> Option<Known> {
    if layer::recording() {
        // A layer is made of what is compiled.
        let (entry, code) = memory::find(&question.key)?;
        return known(entry, code, &question.key);
    }
    let known = find_key(&question.name, &question.key);
    known.or_else(|| Level::ALL.into_iter().find_map(|level| find_shipped(&question.shipped(level)?)))
}

/// What a layer knows for a key.
pub fn find_key(name: &str, key: &Key) -> Option<Known> {
    if let Some((entry, code)) = memory::find(key) {
        return known(entry, code, key);
    }
    let kept = settings::store().and_then(|store| store.read(name, key, &settings::identity()?.build));
    known(Arc::new(kept.or_else(|| layer::find(key))?), None, key)
}

fn find_shipped(key: &Key) -> Option<Known> {
    if let Some((entry, code)) = memory::find(key) {
        return known(entry, code, key);
    }
    known(Arc::new(layer::find(key)?), None, key)
}

fn known(entry: Arc<Entry>, code: Option<Arc<Code>>, key: &Key) -> Option<Known> {
    let ret = match entry.code.is_empty() {
        true => None,
        false => Some(parse::ty(&entry.ret).ok()?),
    };
    Some(Known { entry, key: *key, code, ret })
}

/// The function with the key of its entry.  Fails only with [`Diagnostic::abandoned`].
pub fn by_key(program: &Program, name: &str, key: &Key) -> Result<Option<Callable>, Diagnostic> {
    match find_key(name, key) {
        Some(known) => callable(program, &known),
        None => Ok(None),
    }
}

/// The function of an entry, in memory.  Fails only with [`Diagnostic::abandoned`].
pub fn callable(program: &Program, known: &Known) -> Result<Option<Callable>, Diagnostic> {
    let Some(code) = placed(program, known)? else { return Ok(None) };
    let entry = code.linked().address(&entry_symbol(&known.entry.symbol));
    Ok(entry.map(|entry| Callable { code, entry, behaviour: known.entry.behaviour }))
}

/// The code of an entry in memory, kept for the next who asks.
fn placed(program: &Program, known: &Known) -> Result<Option<Arc<Code>>, Diagnostic> {
    let code = revive::placed(&known.entry, known.code.clone(), &mut Walk::new(program))?;
    if let Some(code) = &code {
        memory::keep(known.key, known.entry.clone(), code);
    }
    Ok(code)
}

/// Keeps what was compiled.
pub fn keep(
    program: &Program,
    question: &Question,
    object: &Object,
    code: &Arc<Code>,
    made: &Made<'_>,
    callees: &dyn Callees,
) {
    let Some(entry) = entry(program, question, object, made, callees, None) else { return };
    super::write(&entry, &question.key);
    memory::keep(question.key, Arc::new(entry), code);
}

/// Gathers what was compiled for a layer that is being made; `object` gives the code for a level.
pub fn gather(
    program: &Program,
    question: &Question,
    made: &Made<'_>,
    callees: &dyn Callees,
    object: &dyn Fn(Level, Arc<Target>) -> Result<Object, Diagnostic>,
) -> Result<(), Diagnostic> {
    for level in Level::ALL {
        let Some(target) = level.machine(program.machine()) else { continue };
        let object = object(level, target)?;
        let entry = entry(program, question, &object, made, callees, Some(level));
        if let Some((entry, key)) = entry.zip(question.shipped(level)) {
            layer::gather(key, &entry);
        }
    }
    Ok(())
}

fn entry(
    program: &Program,
    question: &Question,
    object: &Object,
    made: &Made<'_>,
    callees: &dyn Callees,
    level: Option<Level>,
) -> Option<Entry> {
    let mut walk = Walk::new(program);
    let (mut holes, libraries) = revive::holes(&object.open, &mut walk, callees).filter(|_| !object.fixed)?;
    if let Some(level) = level {
        // In a layer, functions are found by the keys of that layer.
        for (hole, what) in holes.iter_mut().zip(&object.open) {
            if let (Thing::Function(_, key), Open::External(number)) = (&mut hole.what, what) {
                *key = callees.shipped(*number, level)?;
            }
        }
    }
    Some(Entry {
        ret: made.ret.to_string(),
        behaviour: made.behaviour,
        wants_constant: made.wants_constant,
        symbol: made.symbol.to_owned(),
        symbols: object.symbols.clone(),
        holes,
        libraries,
        code: object.code.clone(),
        ..empty(question, made.took)
    })
}

/// Keeps the knowledge that the function needs constants.
pub fn keep_refusal(question: &Question, took: Duration) {
    let entry = Entry { wants_constant: true, ..empty(question, took) };
    super::write(&entry, &question.key);
    if layer::recording() {
        for key in Level::ALL.into_iter().filter_map(|level| question.shipped(level)) {
            layer::gather(key, &entry);
        }
    }
}

fn empty(question: &Question, took: Duration) -> Entry {
    Entry {
        name: question.name.clone(),
        created: now(),
        took: took.as_nanos() as u64,
        parts: question.parts.clone(),
        ..Entry::default()
    }
}
