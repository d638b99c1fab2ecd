//! The cache: code that was compiled before, in this process or another, for the same program.
//!
//! A key is the hash of everything that decides what is compiled: a walk over all that the root can reach
//! ([`walk`]), the argument types, the options, the processor, the versions of Python and of ourselves.  It
//! contains no address, no number of this process, no place where the source stands and no time, so the same
//! program has the same key in every process.  An entry ([`entry`]) holds object code with symbols for what
//! differs between processes; [`revive`] finds those in the program at hand.  Layers: [`memory`], then the
//! user's directory ([`store`]).  Whatever goes wrong on the way means that the function is compiled.

mod bytes;
mod differ;
mod entry;
mod evict;
pub mod layer;
pub mod library;
mod memory;
mod renumber;
mod revive;
mod settings;
mod store;
mod walk;

pub use differ::missing;
pub use entry::Key;
pub use settings::{Identity, Report, clear, install, installed, report, sources, warning};

use crate::behaviour::Behaviour;
use crate::place::Code;
use crate::request::{Compiled, Kind, Layer, Request};
use coachwhip_codegen::Object;
use coachwhip_ir::{Diagnostic, Ty};
use entry::Entry;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use walk::Walk;

/// What an object calls that is compiled by itself, by its number in the object.
pub trait Callees {
    /// Name and key of its entry.
    fn entry(&self, number: u32) -> Option<(String, Key)>;
    /// The key of its entry in the layer that comes with the package.
    fn shipped(&self, number: u32, level: layer::Level) -> Option<Key>;
}

/// A question to the cache: a walk over the program and its key.
pub struct Lookup<'p> {
    walk: Walk<'p>,
    key: Key,
    name: String,
    home: String,
    line: u32,
}

/// What an entry says of its root.
pub struct Facts<'a> {
    /// Result type.
    pub ret: &'a Ty,
    /// What a call may do.
    pub behaviour: Behaviour,
    /// The root's symbol.
    pub symbol: &'a str,
    /// How long it took.
    pub took: Duration,
}

impl<'p> Lookup<'p> {
    /// The question for a request, `None` if the cache is switched off.
    pub fn new(request: &'p Request) -> Option<Lookup<'p>> {
        let identity = settings::identity()?;
        if !request.cache || request.program.is_out_of_cache() {
            return None;
        }
        let mut walk = Walk::new(&request.program);
        walk.from(request.root);
        walk.types("the argument types", &request.args);
        walk.types("the declared result type", request.ret.as_slice());
        walk.options("the options", &request.options);
        let kind = match request.kind {
            Kind::Entry => "Python",
            Kind::Cfunc => "C and Python",
        };
        walk.note("who calls it", kind);
        settings::note_process(&mut walk, identity);
        let key = walk.hash();
        let (file, line) = request.program.func_place(request.root);
        let name = request.program.func_name(request.root).to_string();
        Some(Lookup { key, walk, name, home: differ::home(&file), line })
    }

    /// Distinguishes the symbols of this code from those of others.
    pub fn tag(&self) -> String {
        self.key.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The code, if a layer has it.  Fails only with [`Diagnostic::abandoned`].
    pub fn find(&mut self, request: &Request) -> Result<Option<Compiled>, Diagnostic> {
        if let Some((entry, code)) = memory::find(&self.key) {
            match revive::revive(&entry, code, &mut self.walk, request)? {
                Some(mut compiled) => {
                    compiled.layer = Layer::Process;
                    return Ok(Some(compiled));
                }
                None => memory::forget(&self.key),
            }
        }
        let (Some(store), Some(identity)) = (settings::store(), settings::identity()) else { return Ok(None) };
        let revived = match store.read(&self.name, &self.key, &identity.build) {
            Some(entry) => match revive::revive(&entry, None, &mut self.walk, request)? {
                Some(mut compiled) => {
                    compiled.layer = Layer::User;
                    memory::keep(self.key, Arc::new(entry), &compiled.code);
                    Some(compiled)
                }
                None => None,
            },
            None => None,
        };
        settings::count(revived.is_some());
        Ok(revived)
    }

    /// Keeps what was compiled.
    pub fn keep(mut self, object: &Object, code: &Arc<Code>, facts: &Facts<'_>, callees: &dyn Callees) {
        let Some(entry) = self.entry(object, facts, callees) else { return };
        write(&entry, &self.key);
        memory::keep(self.key, Arc::new(entry), code);
    }

    /// The entry, `None` if the code means something in this process only.
    fn entry(&mut self, object: &Object, facts: &Facts<'_>, callees: &dyn Callees) -> Option<Entry> {
        if object.fixed {
            return None;
        }
        // Before the walk goes on: what else is met there is covered by the build.
        let parts = self.walk.parts.clone();
        let (holes, libraries) = revive::holes(&object.open, &mut self.walk, callees)?;
        let ret = renumber::ty(facts.ret, &mut |row| self.walk.met.number(row))?.to_string();
        Some(Entry {
            name: self.name.clone(),
            home: self.home.clone(),
            line: self.line,
            created: now(),
            took: facts.took.as_nanos() as u64,
            parts,
            ret,
            behaviour: facts.behaviour,
            wants_constant: false,
            symbol: facts.symbol.to_owned(),
            symbols: object.symbols.clone(),
            holes,
            libraries,
            code: object.code.clone(),
        })
    }
}

/// Writes an entry to the user's directory.
fn write(entry: &Entry, key: &Key) {
    if let (Some(store), Some(identity)) = (settings::store(), settings::identity())
        && let Some(size) = store.write(entry, key, &identity.build)
    {
        evict::written(store, size);
    }
}

/// A hash of anything.
pub fn identifier(data: &[u8]) -> [u8; 32] {
    *blake3::hash(data).as_bytes()
}

/// Nanoseconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos() as u64
}
