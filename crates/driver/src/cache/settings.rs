//! What the process knows once and for all: who we are, where the store is.

use super::evict::{self, Totals};
use super::memory;
use super::store::{self, Refusal, Store};
use super::walk::Walk;
use coachwhip_ir::Target;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Bytes that entries may take together, unless the environment says otherwise.
const USUAL_LIMIT: u64 = 1 << 30;
/// Files that grow by a byte at each look that was a hit, and at each that was not.
const COUNTS: [&str; 2] = ["misses", "hits"];

/// Who we are.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Identifies the compiler and its library: another one compiles differently.
    pub build: [u8; 32],
    /// Versions of what code depends on besides: Python, NumPy, the C library.
    pub platform: String,
    /// Versions of Python and NumPy without their last parts.
    pub versions: String,
    /// Identifies the sources of the compiler, wherever and whenever it was installed.
    pub stamp: String,
    /// Directory of our Python package, with a slash at its end.
    pub package: String,
}

static IDENTITY: OnceLock<Identity> = OnceLock::new();
static STORE: OnceLock<Option<Store>> = OnceLock::new();
static WARNING: Mutex<Option<String>> = Mutex::new(None);
static PROCESS: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

/// Says who we are; without that nothing is cached.
pub fn install(identity: Identity) {
    let _ = IDENTITY.set(identity);
}

/// Whether that was said.
pub fn installed() -> bool {
    IDENTITY.get().is_some()
}

/// Who we are.
pub fn identity() -> Option<&'static Identity> {
    IDENTITY.get()
}

/// Identifies the compiler and its library by their content; it takes longer to find than [`Identity::build`].
pub fn content() -> Option<&'static [u8; 32]> {
    static CONTENT: OnceLock<Option<[u8; 32]>> = OnceLock::new();
    let find = || {
        let identity = identity()?;
        let package = Path::new(&identity.package);
        let mut files = Vec::new();
        sources(package, &mut files);
        files.sort();
        let mut hasher = blake3::Hasher::new();
        hasher.update(identity.stamp.as_bytes());
        for file in files {
            let text = std::fs::read(&file).ok()?;
            let name = file.strip_prefix(package).ok()?.to_string_lossy().into_owned();
            hasher.update(format!("\n{name} {}\n", text.len()).as_bytes());
            hasher.update(&text);
        }
        Some(*hasher.finalize().as_bytes())
    };
    CONTENT.get_or_init(find).as_ref()
}

/// The Python files below a directory.
pub fn sources(directory: &Path, files: &mut Vec<PathBuf>) {
    let Ok(items) = std::fs::read_dir(directory) else { return };
    for item in items.flatten() {
        // The type comes with the name: nothing more is asked of the file system.
        let is_directory = item.file_type().is_ok_and(|kind| kind.is_dir());
        let path = item.path();
        if is_directory && !path.ends_with("__pycache__") {
            sources(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "py") {
            files.push(path);
        }
    }
}

/// Sees what is the same for everything that this process compiles.
pub fn note_process(walk: &mut Walk<'_>, identity: &Identity) {
    walk.note("the processor", &processor(walk.program.machine()));
    walk.note("the versions of Python, NumPy and the C library", &identity.platform);
    walk.bytes("coachwhip itself", &identity.build);
}

/// A machine, as keys name it.
pub fn processor(target: &Target) -> String {
    format!("{} {}", target.cpu, target.features)
}

/// The user's store, opened when it is first needed.
pub fn store() -> Option<&'static Store> {
    let open = || {
        let limit = limit()?;
        match store::open(&directory()?, limit) {
            Ok(store) => Some(store),
            Err(Refusal::Missing) => None,
            Err(Refusal::Unsafe(why)) => {
                warn(why);
                None
            }
        }
    };
    STORE.get_or_init(open).as_ref()
}

/// Where the store is: `COACHWHIP_CACHE_DIR`, or `coachwhip` in the user's directory for such things.
fn directory() -> Option<PathBuf> {
    let given = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(own) = given("COACHWHIP_CACHE_DIR") {
        return std::path::absolute(own).ok();
    }
    // The specification of these directories says that relative ones are ignored.
    let general = given("XDG_CACHE_HOME").filter(|path| path.is_absolute());
    let general =
        general.or_else(|| given("HOME").filter(|path| path.is_absolute()).map(|home| home.join(".cache")))?;
    Some(general.join("coachwhip"))
}

/// `COACHWHIP_CACHE_SIZE`: bytes, or followed by K, M or G; `None` for 0, which means no store.
fn limit() -> Option<u64> {
    let Some(text) = std::env::var("COACHWHIP_CACHE_SIZE").ok().filter(|text| !text.is_empty()) else {
        return Some(USUAL_LIMIT);
    };
    let upper = text.trim().to_ascii_uppercase();
    let (digits, factor) = match upper.char_indices().last() {
        Some((at, 'K')) => (upper.get(..at), 1 << 10),
        Some((at, 'M')) => (upper.get(..at), 1 << 20),
        Some((at, 'G')) => (upper.get(..at), 1 << 30),
        _ => (Some(&*upper), 1),
    };
    match digits.and_then(|digits| digits.trim().parse::<u64>().ok()?.checked_mul(factor)) {
        Some(0) => None,
        Some(limit) => Some(limit),
        None => {
            warn(format!("COACHWHIP_CACHE_SIZE={text} is not a size, such as 500M or 2G; 1G is used"));
            Some(USUAL_LIMIT)
        }
    }
}

fn warn(text: String) {
    *WARNING.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
}

/// What the user must be told, once.
pub fn warning() -> Option<String> {
    WARNING.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Counts a look into the store.
pub fn count(hit: bool) {
    if let Some(counter) = PROCESS.get(usize::from(hit)) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
    if let (Some(store), Some(name)) = (store(), COUNTS.get(usize::from(hit))) {
        store.append(name, &[0]);
    }
}

/// What `coachwhip cache info` shows.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Where the store is, or would be.
    pub path: Option<PathBuf>,
    /// Whether it can be used.
    pub usable: bool,
    /// Bytes that entries may take together.
    pub limit: u64,
    /// What is there.
    pub totals: Totals,
    /// Looks that were hits, and those that were not, of all processes since the store was cleared.
    pub counts: [u64; 2],
    /// The same of this process.
    pub process: [u64; 2],
}

/// The state of the store.
pub fn report() -> Report {
    let process = [1, 0].map(|index: usize| PROCESS.get(index).map_or(0, |c| c.load(Ordering::Relaxed)));
    let Some(store) = store() else {
        return Report { path: directory(), process, ..Report::default() };
    };
    let counts = [1, 0].map(|index: usize| {
        let size = COUNTS.get(index).and_then(|name| store.size_and_use(name));
        size.map_or(0, |(size, _)| size)
    });
    let path = Some(store.path.clone());
    Report { path, usable: true, limit: store.limit, totals: evict::totals(store), counts, process }
}

/// Empties the store; returns what was in it.
pub fn clear() -> Totals {
    memory::clear();
    let Some(store) = store() else { return Totals::default() };
    for name in COUNTS {
        store.remove(name);
    }
    evict::clear(store)
}
