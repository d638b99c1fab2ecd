//! The layer that comes with the package: library functions compiled when the package was made.
//!
//! It is one file beside the library, trusted as the package itself is; its content's identifier must be that of the
//! compiler and the library at hand, and every entry has a checksum.  Each function is there for the processor that
//! made it, and for every processor of a level that the code generator names.

use super::bytes::{Reader, Writer};
use super::entry::{Entry, Key, Secret};
use super::settings;
use coachwhip_ir::Target;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Where the file is, in the package.
pub const FILE: &str = "lib/_layer.bin";
const MAGIC: &[u8; 8] = b"CWLAYER1";
/// Bytes of a row of the index: key, offset, size.
const ROW: usize = 48;
/// More functions than this are a sign of damage.
const MOST: u64 = 1 << 20;
/// Entries larger than this are a sign of damage.
const LARGEST: u64 = 64 << 20;
/// Whoever can change the package can change anything: its entries are sealed against damage only.
pub const NO_SECRET: Secret = [0; 32];

struct Layer {
    file: File,
    index: Vec<u8>,
}

/// Which processors an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The very processor that made it.
    Exact,
    /// All of a level that the code generator names.
    Generic,
}

impl Level {
    /// The levels, the better one first.
    pub const ALL: [Level; 2] = [Level::Exact, Level::Generic];

    /// The machine of this level for which code serves a given one, if there is one.
    pub fn machine(self, target: &Arc<Target>) -> Option<Arc<Target>> {
        match self {
            Level::Exact => Some(target.clone()),
            Level::Generic => coachwhip_codegen::generic(target),
        }
    }
}

/// The entry with a key.
pub fn find(key: &Key) -> Option<Entry> {
    static LAYER: OnceLock<Option<Layer>> = OnceLock::new();
    let layer = LAYER.get_or_init(|| open(Path::new(&settings::identity()?.package))).as_ref()?;
    let rows = layer.index.chunks_exact(ROW);
    let mut row = Reader::new(rows.into_iter().find(|row| row.starts_with(key))?.get(key.len()..)?);
    let (offset, size) = (row.number()?, row.number()?);
    if size > LARGEST {
        return None;
    }
    let mut data = vec![0; size as usize];
    layer.file.read_exact_at(&mut data, offset).ok()?;
    Entry::read(&data, Some((key, settings::content()?)), &NO_SECRET)
}

fn open(package: &Path) -> Option<Layer> {
    let file = File::open(package.join(FILE)).ok()?;
    let mut header = [0; 48];
    file.read_exact_at(&mut header, 0).ok()?;
    let mut reader = Reader::new(&header);
    let known = reader.raw(MAGIC.len())? == MAGIC && reader.array::<32>()? == *settings::content()?;
    let count = reader.number()?;
    if !known || count > MOST {
        return None;
    }
    let mut index = vec![0; count as usize * ROW + 32];
    file.read_exact_at(&mut index, header.len() as u64).ok()?;
    let seal = index.split_off(count as usize * ROW);
    (blake3::hash(&index).as_bytes().as_slice() == seal).then_some(Layer { file, index })
}

/// What is gathered for a new layer, once that was asked for.
static RECORD: Mutex<Option<Vec<(Key, Vec<u8>)>>> = Mutex::new(None);

/// From now on, library functions that are compiled are gathered for a layer.
pub fn record() {
    RECORD.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default();
}

/// Whether they are.
pub fn recording() -> bool {
    RECORD.lock().unwrap_or_else(PoisonError::into_inner).is_some()
}

/// Gathers an entry.
pub fn gather(key: Key, entry: &Entry) {
    let Some(content) = settings::content() else { return };
    if let Some(list) = RECORD.lock().unwrap_or_else(PoisonError::into_inner).as_mut()
        && !list.iter().any(|(known, _)| *known == key)
    {
        list.push((key, entry.write(&key, content, &NO_SECRET)));
    }
}

/// The file made of what was gathered, and the number of entries in it.
pub fn written() -> Option<(Vec<u8>, usize)> {
    let mut list = RECORD.lock().unwrap_or_else(PoisonError::into_inner).take()?;
    list.sort();
    let (mut index, mut body) = (Writer::default(), Vec::new());
    let start = MAGIC.len() + 32 + 8 + list.len() * ROW + 32;
    for (key, data) in &list {
        index.raw(key);
        index.number((start + body.len()) as u64);
        index.number(data.len() as u64);
        body.extend_from_slice(data);
    }
    let mut file = Writer::default();
    file.raw(MAGIC);
    file.raw(settings::content()?);
    file.number(list.len() as u64);
    file.raw(&index.0);
    file.raw(blake3::hash(&index.0).as_bytes());
    file.raw(&body);
    Some((file.0, list.len()))
}
