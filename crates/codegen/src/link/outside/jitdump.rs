//! `jit-PID.dump` in the folder that `JITDUMPDIR` names, or in the current one: perf's own format for generated code.
//!
//! `perf record -k mono` notes that the process has mapped the file, `perf inject --jit` makes an object file of each
//! function in it, with its lines. Calls are followed by frame pointers (`perf record --call-graph fp`).

use super::image::{Image, Symbol};
use crate::arch;
use std::fs::File;
use std::io::{Result, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::{Mutex, PoisonError};

/// "JiTD".
const MAGIC: u32 = 0x4a69_5444;
const VERSION: u32 = 1;
const HEADER_SIZE: u32 = 40;
/// Kinds of records.
const CODE_LOAD: u32 = 0;
const DEBUG_INFO: u32 = 2;

/// The file of a process; a forked child starts its own.
struct Dump {
    process: u32,
    file: File,
    functions: u64,
}

static DUMP: Mutex<Option<Dump>> = Mutex::new(None);

/// Appends an object's functions.
pub fn write(image: &Image) -> Result<()> {
    let mut dump = DUMP.lock().unwrap_or_else(PoisonError::into_inner);
    if dump.as_ref().is_none_or(|dump| dump.process != std::process::id()) {
        *dump = Some(Dump::new()?);
    }
    match dump.as_mut() {
        Some(dump) => image.symbols.iter().try_for_each(|symbol| dump.function(image, symbol)),
        None => Ok(()),
    }
}

impl Dump {
    fn new() -> Result<Dump> {
        let process = std::process::id();
        let folder = std::env::var_os("JITDUMPDIR").unwrap_or_else(|| ".".into());
        let path = std::path::Path::new(&folder).join(format!("jit-{process}.dump"));
        let mut options = File::options();
        let options = options.create(true).truncate(true).read(true).write(true);
        let mut file = options.custom_flags(libc::O_NOFOLLOW).open(path)?;
        let mut header = Vec::new();
        for word in [MAGIC, VERSION, HEADER_SIZE, u32::from(arch::MACHINE), 0, process] {
            header.extend(word.to_le_bytes());
        }
        header.extend(now().to_le_bytes());
        header.extend(0u64.to_le_bytes());
        file.write_all(&header)?;
        // The mapping tells perf where the file is. It stays for as long as the process lives.
        // SAFETY: a mapping of its own, which nobody reads.
        let mapping = unsafe {
            let protection = libc::PROT_READ | libc::PROT_EXEC;
            libc::mmap(std::ptr::null_mut(), HEADER_SIZE as usize, protection, libc::MAP_PRIVATE, file.as_raw_fd(), 0)
        };
        if mapping == libc::MAP_FAILED {
            Err(std::io::Error::last_os_error())
        } else {
            Ok(Dump { process, file, functions: 0 })
        }
    }

    fn function(&mut self, image: &Image, symbol: &Symbol) -> Result<()> {
        let mut lines = Vec::new();
        let mut count = 0u64;
        for (start, _, row) in image.rows_of(symbol) {
            let Some(place) = image.users_place(row) else { continue };
            let file = image.functions.get(place.function).map_or("?", |f| &f.file);
            lines.extend((start as u64).to_le_bytes());
            lines.extend(place.line.to_le_bytes());
            lines.extend(0u32.to_le_bytes());
            lines.extend(file.bytes().chain([0]));
            count += 1;
        }
        let mut body = Vec::new();
        body.extend((symbol.address as u64).to_le_bytes());
        body.extend(count.to_le_bytes());
        body.extend(lines);
        self.record(DEBUG_INFO, &body)?;
        let mut body = Vec::new();
        for word in [self.process, self.process] {
            body.extend(word.to_le_bytes());
        }
        for word in [symbol.address as u64, symbol.address as u64, symbol.size as u64, self.functions] {
            body.extend(word.to_le_bytes());
        }
        body.extend(symbol.name.bytes().chain([0]));
        body.extend(image.code(symbol.address, symbol.size));
        self.functions += 1;
        self.record(CODE_LOAD, &body)
    }

    /// One record: kind, size, time, content.
    fn record(&mut self, kind: u32, body: &[u8]) -> Result<()> {
        let padding = if kind == CODE_LOAD { 0 } else { body.len().next_multiple_of(8) - body.len() };
        let mut record = Vec::with_capacity(16 + body.len() + padding);
        record.extend(kind.to_le_bytes());
        record.extend(((16 + body.len() + padding) as u32).to_le_bytes());
        record.extend(now().to_le_bytes());
        record.extend(body);
        record.resize(record.len() + padding, 0);
        self.file.write_all(&record)
    }
}

/// The clock that `perf record -k mono` uses.
fn now() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a place for the answer.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
