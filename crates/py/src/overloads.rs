//! Names that users have taught the compiler (`coachwhip.extending`).
//!
//! They are plain data, so that a compile sees without the interpreter whether there is anything to ask.

use coachwhip_ir::Overloaded;
use pyo3::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, PoisonError, RwLock};

/// Names with overloads.
#[derive(Default)]
struct Names {
    /// Functions by key: a canonical name, or that of an object.
    functions: HashSet<String>,
    methods: HashSet<String>,
    attributes: HashSet<String>,
    /// Keys of objects without a canonical name, by address; the objects live for ever.
    objects: HashMap<usize, String>,
}

static NAMES: LazyLock<RwLock<Names>> = LazyLock::new(RwLock::default);
/// Counts registrations.
static GENERATION: AtomicU64 = AtomicU64::new(0);

/// How many overloads have been registered so far.
pub fn generation() -> u64 {
    GENERATION.load(Ordering::Relaxed)
}

/// Notes a registration.
fn change(what: impl FnOnce(&mut Names)) {
    what(&mut NAMES.write().unwrap_or_else(PoisonError::into_inner));
    GENERATION.fetch_add(1, Ordering::Relaxed);
}

fn look<T>(what: impl FnOnce(&Names) -> T) -> T {
    what(&NAMES.read().unwrap_or_else(PoisonError::into_inner))
}

/// Notes that one more overload of a known key has been registered.
pub fn again() {
    change(|_| ());
}

/// Notes that a function with a canonical name has overloads.
pub fn add_function(name: &str) {
    change(|names| {
        names.functions.insert(name.to_owned());
    });
}

/// Notes that an object that lives for ever has overloads; its key, made of a name.
pub fn add_object(object: &Bound<'_, PyAny>, name: &str) -> String {
    let mut key = name.to_owned();
    change(|names| {
        // Two functions of one name differ by a number, which messages do not show.
        let mut number = 1;
        while !names.functions.insert(format!("overload:{key}")) {
            number += 1;
            key = format!("{name}#{number}");
        }
        key = format!("overload:{key}");
        names.objects.insert(object.as_ptr() as usize, key.clone());
    });
    key
}

/// Notes that there are methods or attributes of a name.
#[pyfunction]
pub fn overload_member(name: String, attribute: bool) {
    change(|names| {
        let table = if attribute { &mut names.attributes } else { &mut names.methods };
        table.insert(name);
    });
}

/// The key of an object that has overloads and no canonical name.
pub fn object(value: &Bound<'_, PyAny>) -> Option<String> {
    if generation() == 0 {
        return None;
    }
    look(|names| names.objects.get(&(value.as_ptr() as usize)).cloned())
}

/// Whether there are overloads of this key.
pub fn of_function(key: &str) -> bool {
    generation() > 0 && look(|names| names.functions.contains(key))
}

/// Whether there are methods or attributes of this name.
pub fn of_member(name: &str) -> bool {
    generation() > 0 && look(|names| names.methods.contains(name) || names.attributes.contains(name))
}

/// Whether there may be an implementation.
pub fn known(what: Overloaded<'_>) -> bool {
    generation() > 0
        && look(|names| match what {
            Overloaded::Function(key) => names.functions.contains(key),
            Overloaded::Method(name) => names.methods.contains(name),
            Overloaded::Attribute(name) => names.attributes.contains(name),
        })
}
