//! The first layer: what this process has compiled or read, for functions that are defined again.
//!
//! Code is shared as long as somebody uses it; beyond that only a bounded number of bytes of entries is kept.

use super::entry::{Entry, Key};
use crate::place::Code;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Bytes of object code kept for functions that are gone.
const LIMIT: usize = 4 << 20;

struct Kept {
    entry: Arc<Entry>,
    code: Weak<Code>,
    used: u64,
}

#[derive(Default)]
struct Memory {
    kept: HashMap<Key, Kept>,
    bytes: usize,
    clock: u64,
}

static MEMORY: Mutex<Option<Memory>> = Mutex::new(None);

fn with<T>(work: impl FnOnce(&mut Memory) -> T) -> T {
    let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    work(memory.get_or_insert_default())
}

/// The entry with a key, and its code if that is in memory.
pub fn find(key: &Key) -> Option<(Arc<Entry>, Option<Arc<Code>>)> {
    with(|memory| {
        memory.clock += 1;
        let now = memory.clock;
        let kept = memory.kept.get_mut(key)?;
        kept.used = now;
        Some((kept.entry.clone(), kept.code.upgrade()))
    })
}

/// Keeps an entry with its code.
pub fn keep(key: Key, entry: Arc<Entry>, code: &Arc<Code>) {
    let size = entry.code.len();
    if size > LIMIT / 4 {
        return;
    }
    with(|memory| {
        memory.clock += 1;
        memory.bytes += size;
        let kept = Kept { entry, code: Arc::downgrade(code), used: memory.clock };
        if let Some(old) = memory.kept.insert(key, kept) {
            memory.bytes -= old.entry.code.len();
        }
        while memory.bytes > LIMIT {
            let Some(oldest) = memory.kept.iter().min_by_key(|(_, kept)| kept.used).map(|(key, _)| *key) else { break };
            if let Some(old) = memory.kept.remove(&oldest) {
                memory.bytes -= old.entry.code.len();
            }
        }
    });
}

/// Forgets an entry that turned out not to be usable.
pub fn forget(key: &Key) {
    with(|memory| {
        if let Some(old) = memory.kept.remove(key) {
            memory.bytes -= old.entry.code.len();
        }
    });
}

/// Forgets everything.
pub fn clear() {
    with(|memory| *memory = Memory::default());
}
