//! Entries of library functions compiled by themselves.
//!
//! Their key needs no walk: the build covers every file of the library.

use super::entry::{Entry, Key};
use super::settings;
use super::walk::{Part, Walk};
use super::{memory, now, renumber, revive};
use crate::place::Code;
use crate::program::{FuncRecord, Program};
use coachwhip_codegen::Object;
use coachwhip_ir::{Options, Ty, parse};
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
}

/// What is known of a library function for certain types.
pub struct Known {
    /// The entry.
    pub entry: Arc<Entry>,
    /// Its code, if that is in memory.
    pub code: Option<Arc<Code>>,
    /// Its result type; `None` if it has no code.
    pub ret: Option<Ty>,
}

/// What was compiled.
pub struct Made<'a> {
    /// Result type.
    pub ret: &'a Ty,
    /// See `Entry`.
    pub flags: [bool; 3],
    /// The root's symbol.
    pub symbol: &'a str,
    /// How long it took.
    pub took: Duration,
}

/// The question; `None` if the function is not of the package, a type belongs to one program, or there is no cache.
pub fn question(program: &Program, record: &FuncRecord, args: &[Ty], options: &Options) -> Option<Question> {
    let identity = settings::identity()?;
    let file = record.code.filename.strip_prefix(&*identity.package)?;
    let types = args.iter().map(|ty| Some(renumber::ty(ty, &mut |_| None)?.to_string()));
    let types = types.collect::<Option<Vec<_>>>()?.join(", ");
    let name = format!("{file}:{}:{}", record.code.firstlineno, record.code.qualname);
    let mut walk = Walk::new(program);
    walk.note("the library function", &name);
    walk.note("the argument types", &types);
    walk.options("the options", options);
    settings::note_process(&mut walk, identity);
    Some(Question { key: walk.hash(), parts: walk.parts, name })
}

/// What a layer knows.
pub fn find(name: &str, key: &Key) -> Option<Known> {
    if let Some((entry, code)) = memory::find(key) {
        return known(entry, code);
    }
    let entry = settings::store()?.read(name, key, &settings::identity()?.build)?;
    known(Arc::new(entry), None)
}

fn known(entry: Arc<Entry>, code: Option<Arc<Code>>) -> Option<Known> {
    let ret = match entry.code.is_empty() {
        true => None,
        false => Some(parse::ty(&entry.ret).ok()?),
    };
    Some(Known { entry, code, ret })
}

/// The code of an entry in memory, kept for the next who asks.
pub fn placed(program: &Program, key: &Key, known: &Known) -> Option<Arc<Code>> {
    let code = revive::placed(&known.entry, known.code.clone(), &mut Walk::new(program))?;
    memory::keep(*key, known.entry.clone(), &code);
    Some(code)
}

/// Keeps what was compiled.
pub fn keep(program: &Program, question: &Question, object: &Object, code: &Arc<Code>, made: &Made<'_>) {
    let mut walk = Walk::new(program);
    let Some((holes, libraries)) = revive::holes(&object.open, &mut walk).filter(|_| !object.fixed) else { return };
    let [loops, recursive, wants_constant] = made.flags;
    let entry = Entry {
        ret: made.ret.to_string(),
        loops,
        recursive,
        wants_constant,
        symbol: made.symbol.to_owned(),
        symbols: object.symbols.clone(),
        holes,
        libraries,
        code: object.code.clone(),
        ..empty(question, made.took)
    };
    super::write(&entry, &question.key);
    memory::keep(question.key, Arc::new(entry), code);
}

/// Keeps the knowledge that the function needs constants.
pub fn keep_refusal(question: &Question, took: Duration) {
    super::write(&Entry { wants_constant: true, ..empty(question, took) }, &question.key);
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
