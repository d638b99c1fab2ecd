//! From a compile to an entry and back: what object code leaves open, by the numbers of the walk.

use super::entry::{Entry, Hole, Thing};
use super::settings;
use super::walk::Walk;
use super::{Callees, library, renumber};
use crate::place::{Code, Supplied, place};
use crate::request::{Compiled, Kind, Layer, Request};
use coachwhip_codegen::{Open, callback_symbol, entry_symbol};
use coachwhip_ir::{Diagnostic, FuncId, Source, Ty, parse};
use std::sync::Arc;
use std::time::Duration;

/// What an object leaves open, and the library functions that the walk went on from to number it; `None` if the
/// walk does not come by some of it.
pub fn holes(open: &[Open], walk: &mut Walk<'_>, callees: &dyn Callees) -> Option<(Vec<Hole>, Vec<String>)> {
    let mut libraries = Vec::new();
    if !open.iter().all(|&what| thing(what, walk, callees).is_some()) {
        for (name, id) in walk.program.libraries() {
            walk.from(id);
            libraries.push(name.to_string());
        }
    }
    let hole = |&what: &Open| Some(Hole { symbol: what.symbol(), what: thing(what, walk, callees)? });
    Some((open.iter().map(hole).collect::<Option<_>>()?, libraries))
}

fn thing(what: Open, walk: &Walk<'_>, callees: &dyn Callees) -> Option<Thing> {
    match what {
        Open::Array(row) => walk.met.arrays.number(row).map(Thing::Array),
        Open::Native(row) => walk.met.natives.number(row).map(Thing::Native),
        Open::External(number) => callees.entry(number).map(|(name, key)| Thing::Function(name, key)),
        Open::Class(row) => walk.met.classes.number(row).map(Thing::Class),
        Open::Origin(row) => match walk.met.funcs.number(row) {
            Some(number) => Some(Thing::Origin(number)),
            None => package_origin(walk, row),
        },
    }
}

/// The origin of a function whose source lies in our package: it stands at the same line of the same file for
/// whoever has the same build.
fn package_origin(walk: &Walk<'_>, row: u32) -> Option<Thing> {
    let slot = walk.program.slot(FuncId(row))?;
    let code = &slot.record()?.code;
    let file = code.filename.strip_prefix(&*settings::identity()?.package)?;
    Some(Thing::Package(file.to_owned(), code.firstlineno))
}

/// The entry's code, ready to be called, if everything that it leaves open is found; `code` is used if it is given
/// and supplied with the same.  Fails only with [`Diagnostic::abandoned`].
pub fn revive(
    entry: &Entry,
    code: Option<Arc<Code>>,
    walk: &mut Walk<'_>,
    request: &Request,
) -> Result<Option<Compiled>, Diagnostic> {
    let code = placed(entry, code, walk)?;
    Ok(code.and_then(|code| revived(entry, code, walk, request)))
}

fn revived(entry: &Entry, code: Arc<Code>, walk: &Walk<'_>, request: &Request) -> Option<Compiled> {
    let linked = code.linked();
    let callback = match request.kind {
        Kind::Entry => None,
        Kind::Cfunc => Some(linked.address(&callback_symbol(&entry.symbol))?),
    };
    Some(Compiled {
        entry: linked.address(&entry_symbol(&entry.symbol))?,
        callback,
        ret: result(&entry.ret, walk)?,
        loops: entry.behaviour.loops,
        recursive: entry.behaviour.recursive,
        changes: entry.behaviour.changes,
        lists: entry.behaviour.lists,
        mixes: entry.behaviour.mixes,
        times: vec![("compile, before", Duration::from_nanos(entry.took))],
        symbol: entry.symbol.clone(),
        layer: Layer::User,
        library: [0; 2],
        made: entry.created,
        code,
    })
}

/// The entry's code in memory.  Fails only with [`Diagnostic::abandoned`].
pub fn placed(entry: &Entry, code: Option<Arc<Code>>, walk: &mut Walk<'_>) -> Result<Option<Arc<Code>>, Diagnostic> {
    for name in &entry.libraries {
        let Some(id) = walk.program.library(name)? else { return Ok(None) };
        walk.from(id);
    }
    let mut supplied = Supplied::new();
    for hole in &entry.holes {
        let found = match &hole.what {
            Thing::Function(name, key) => {
                let callee = library::by_key(walk.program, name, key)?;
                callee.map(|callee| supplied.callee(hole.symbol.clone(), &callee))
            }
            _ => supply(&mut supplied, hole, walk),
        };
        if found.is_none() {
            return Ok(None);
        }
    }
    Ok(filled(entry, code, supplied, walk))
}

fn filled(entry: &Entry, code: Option<Arc<Code>>, supplied: Supplied, walk: &Walk<'_>) -> Option<Arc<Code>> {
    let same = |code: &Arc<Code>| supplied.shareable && code.supplied().shareable;
    match code.filter(|code| same(code) && code.supplied().places == supplied.places) {
        Some(code) => Some(code),
        None => place(&entry.code, &entry.symbols, supplied, walk.program).ok().map(Arc::new),
    }
}

/// The result type with this program's numbers.
fn result(text: &str, walk: &Walk<'_>) -> Option<Ty> {
    let ty = parse::ty(text).ok()?;
    renumber::ty(&ty, &mut |row| walk.met.row(row))
}

fn supply(supplied: &mut Supplied, hole: &Hole, walk: &Walk<'_>) -> Option<()> {
    let met = &walk.met;
    let symbol = hole.symbol.clone();
    let what = match &hole.what {
        Thing::Array(number) => Open::Array(met.arrays.row(*number)?),
        Thing::Native(number) => Open::Native(met.natives.row(*number)?),
        Thing::Class(number) => Open::Class(met.classes.row(*number)?),
        Thing::Origin(number) => Open::Origin(met.funcs.row(*number)?),
        // By whoever asks.
        Thing::Function(..) => return None,
        Thing::Package(file, first) => {
            let file = format!("{}{file}", settings::identity()?.package);
            supplied.origin(symbol, &file.into(), *first);
            return Some(());
        }
    };
    supplied.row(symbol, what, walk.program).then_some(())
}
