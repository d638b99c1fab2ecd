//! Keeps the store within its limit: what was not used for the longest time goes first.
//!
//! The bytes written since the last look are counted in a file that every process appends to, so a look at all
//! the entries is rare.  Nothing depends on the count being exact.

use super::store::{ENDING, Store, UNFINISHED};
use std::time::{Duration, SystemTime};

/// One byte for each kibibyte written since the last look.
const WRITTEN: &str = "written";
/// After an eviction, this share of the limit is left, in percent.
const LEFT: u64 = 80;
/// A look is due when this share of the limit has been written, in percent.
const DUE: u64 = 10;
/// Files that were being written this long ago belong to processes that were killed.
const ABANDONED: Duration = Duration::from_secs(3600);

/// What the store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Number of entries.
    pub entries: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// An entry was written: counts it, and makes room if it is time to look.
pub fn written(store: &Store, size: u64) {
    let kibibytes = usize::try_from(size.div_ceil(1024)).unwrap_or(usize::MAX);
    store.append(WRITTEN, &vec![0; kibibytes.min(1 << 16)]);
    let (count, _) = store.size_and_use(WRITTEN).unwrap_or_default();
    if count.saturating_mul(1024) > store.limit / 100 * DUE {
        store.remove(WRITTEN);
        make_room(store);
    }
}

/// Removes the entries used longest ago if all together are beyond the limit.
fn make_room(store: &Store) {
    let (totals, mut entries) = look(store);
    if totals.bytes <= store.limit {
        return;
    }
    entries.sort_by_key(|entry| entry.used);
    let mut left = totals.bytes;
    for entry in entries {
        if left <= store.limit / 100 * LEFT {
            break;
        }
        if store.remove(&entry.name) {
            left = left.saturating_sub(entry.size);
        }
    }
}

struct Item {
    name: String,
    size: u64,
    used: i128,
}

/// All entries; what killed processes left behind is removed on the way.
fn look(store: &Store) -> (Totals, Vec<Item>) {
    let (mut totals, mut items) = (Totals::default(), Vec::new());
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    for name in store.files() {
        let Some((size, used)) = store.size_and_use(&name) else { continue };
        if name.starts_with(UNFINISHED) {
            if now.as_nanos() as i128 - used > ABANDONED.as_nanos() as i128 {
                store.remove(&name);
            }
        } else if name.ends_with(ENDING) {
            totals.entries += 1;
            totals.bytes += size;
            items.push(Item { name, size, used });
        }
    }
    (totals, items)
}

/// What the store holds.
pub fn totals(store: &Store) -> Totals {
    look(store).0
}

/// Removes every entry and what is left of unfinished ones; returns what there was.
pub fn clear(store: &Store) -> Totals {
    let (totals, items) = look(store);
    for item in items {
        store.remove(&item.name);
    }
    for name in store.files() {
        if name.starts_with(UNFINISHED) {
            store.remove(&name);
        }
    }
    store.remove(WRITTEN);
    totals
}
