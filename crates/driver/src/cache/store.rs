//! The user's directory of entries.
//!
//! What is in it could be anything: it is used only if it is a directory of our own that nobody else may write
//! to, which is checked on the open descriptor; files in it are opened relative to that descriptor and never
//! through a link; and an entry counts only if it was sealed with the secret that lies beside it.  Every failure
//! means that there is no entry, or no store.

use super::entry::{Entry, Key, Secret};
use rustix::fs::{self, AtFlags, CWD, Mode, OFlags, Stat};
use rustix::io::Errno;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

/// Entries larger than this are neither written nor read.
const LARGEST: u64 = 64 << 20;
/// Name of the file with the secret.
pub const SECRET: &str = "secret";
/// How entries end.
pub const ENDING: &str = ".cw";
/// How files begin that are being written.
pub const UNFINISHED: &str = ".new-";

/// An open store.
pub struct Store {
    directory: OwnedFd,
    /// Where it is.
    pub path: PathBuf,
    secret: Secret,
    /// Bytes that entries may take together.
    pub limit: u64,
}

/// Why there is no store.
pub enum Refusal {
    /// It cannot be had: nothing to tell.
    Missing,
    /// It is not safe to use: the user is told.
    Unsafe(String),
}

impl From<Errno> for Refusal {
    fn from(_: Errno) -> Refusal {
        Refusal::Missing
    }
}

impl From<std::io::Error> for Refusal {
    fn from(_: std::io::Error) -> Refusal {
        Refusal::Missing
    }
}

/// Opens the store, which is made if it is not there and can be made.
pub fn open(path: &Path, limit: u64) -> Result<Store, Refusal> {
    if let Some(parent) = path.parent() {
        // Whether it is there is seen below.
        let _ = make_parents(parent);
    }
    let _ = fs::mkdir(path, Mode::RWXU);
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let directory = match fs::openat(CWD, path, flags, Mode::empty()) {
        Ok(directory) => directory,
        Err(Errno::LOOP | Errno::NOTDIR) if path.is_symlink() => return Err(doubt(path, "it is a symbolic link")),
        Err(_) => return Err(Refusal::Missing),
    };
    let stat = fs::fstat(&directory)?;
    if stat.st_uid != own_user() {
        return Err(doubt(path, "it belongs to another user"));
    }
    if stat.st_mode & 0o022 != 0 {
        return Err(doubt(path, "others may write to it"));
    }
    let secret = secret(&directory, path)?;
    Ok(Store { directory, path: path.to_owned(), secret, limit })
}

fn make_parents(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn doubt(path: &Path, why: &str) -> Refusal {
    Refusal::Unsafe(format!(
        "compiled code is not kept, because {} is not safe to keep it in: {why}; remove it, or set COACHWHIP_CACHE_DIR \
         to a directory of your own",
        path.display()
    ))
}

fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// A regular file of our own that nobody else may write to.
fn is_ours(stat: &Stat, forbidden: u32) -> bool {
    let regular = fs::FileType::from_raw_mode(stat.st_mode) == fs::FileType::RegularFile;
    regular && stat.st_uid == own_user() && stat.st_mode & forbidden == 0
}

/// The secret, which is made if there is none.
fn secret(directory: &OwnedFd, path: &Path) -> Result<Secret, Refusal> {
    match read_secret(directory, path) {
        Err(Refusal::Missing) => {
            make_secret(directory)?;
            read_secret(directory, path)
        }
        other => other,
    }
}

fn read_secret(directory: &OwnedFd, path: &Path) -> Result<Secret, Refusal> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = match fs::openat(directory, SECRET, flags, Mode::empty()) {
        Err(Errno::LOOP) => return Err(doubt(path, "its secret is a symbolic link")),
        other => other?,
    };
    let stat = fs::fstat(&file)?;
    if !is_ours(&stat, 0o077) {
        return Err(doubt(path, "others may read or write its secret"));
    }
    let mut secret = Secret::default();
    let mut file = File::from(file);
    if stat.st_size != secret.len() as i64 || file.read_exact(&mut secret).is_err() {
        return Err(doubt(path, "its secret is damaged"));
    }
    Ok(secret)
}

/// Writes a new secret; if another process was quicker, its secret stays.
fn make_secret(directory: &OwnedFd) -> Result<(), Refusal> {
    let name = unfinished();
    let mut secret = Secret::default();
    if rustix::rand::getrandom(&mut secret, rustix::rand::GetRandomFlags::empty())? != secret.len() {
        return Err(Refusal::Missing);
    }
    let outcome = write_new(directory, &name, &secret).and_then(|()| {
        fs::linkat(directory, &name, directory, SECRET, AtFlags::empty())?;
        Ok(())
    });
    let _ = fs::unlinkat(directory, &name, AtFlags::empty());
    match outcome {
        Ok(()) | Err(Errno::EXIST) => Ok(()),
        Err(_) => Err(Refusal::Missing),
    }
}

/// A name that no other process uses.
fn unfinished() -> String {
    let mut random = [0u8; 16];
    // Should there be no random bytes, names meet at worst, and then opening fails.
    let _ = rustix::rand::getrandom(&mut random, rustix::rand::GetRandomFlags::empty());
    let number = u128::from_le_bytes(random);
    format!("{UNFINISHED}{}-{number:032x}", std::process::id())
}

fn write_new(directory: &OwnedFd, name: &str, data: &[u8]) -> Result<(), Errno> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = fs::openat(directory, name, flags, Mode::RUSR | Mode::WUSR)?;
    File::from(file).write_all(data).map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
}

/// The name of an entry's file: the hash of the function's name first, so that entries of one function are found.
fn file_name(name: &str, key: &Key) -> String {
    let mut file = prefix(name);
    for byte in key.iter().take(20) {
        file.push_str(&format!("{byte:02x}"));
    }
    file.push_str(ENDING);
    file
}

/// How the files of all entries for functions of a name begin.
fn prefix(name: &str) -> String {
    let hash = *blake3::hash(name.as_bytes()).as_bytes();
    let mut prefix: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    prefix.push('-');
    prefix
}

impl Store {
    /// The entry with a key; it is marked as used.
    pub fn read(&self, name: &str, key: &Key, build: &[u8; 32]) -> Option<Entry> {
        let (data, file) = self.contents(&file_name(name, key))?;
        let entry = Entry::read(&data, Some((key, build)), &self.secret)?;
        touch(&file);
        Some(entry)
    }

    /// Every entry for functions of this name, whatever build made it.
    pub fn namesakes(&self, name: &str) -> Vec<Entry> {
        let prefix = prefix(name);
        let files = self.files().into_iter().filter(|file| file.starts_with(&prefix) && file.ends_with(ENDING));
        files.filter_map(|file| Entry::read(&self.contents(&file)?.0, None, &self.secret)).collect()
    }

    /// Keeps an entry; returns its size, or `None` if that did not succeed.
    pub fn write(&self, entry: &Entry, key: &Key, build: &[u8; 32]) -> Option<u64> {
        let data = entry.write(key, build, &self.secret);
        let size = data.len() as u64;
        if size > LARGEST.min(self.limit) {
            return None;
        }
        let temporary = unfinished();
        let target = file_name(&entry.name, key);
        let outcome = write_new(&self.directory, &temporary, &data)
            .and_then(|()| fs::renameat(&self.directory, &temporary, &self.directory, &target));
        if outcome.is_err() {
            let _ = fs::unlinkat(&self.directory, &temporary, AtFlags::empty());
        }
        outcome.ok().map(|()| size)
    }

    fn contents(&self, name: &str) -> Option<(Vec<u8>, OwnedFd)> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = fs::openat(&self.directory, name, flags, Mode::empty()).ok()?;
        let stat = fs::fstat(&file).ok()?;
        if !is_ours(&stat, 0o022) || stat.st_size < 0 || stat.st_size as u64 > LARGEST {
            return None;
        }
        let mut data = vec![0; stat.st_size as usize];
        let mut file = File::from(file);
        file.read_exact(&mut data).ok()?;
        Some((data, file.into()))
    }

    /// Names of the files.
    pub fn files(&self) -> Vec<String> {
        let Ok(directory) = fs::Dir::read_from(&self.directory) else { return vec![] };
        let names = directory.filter_map(|item| Some(item.ok()?.file_name().to_str().ok()?.to_owned()));
        names.filter(|name| name != "." && name != "..").collect()
    }

    /// Size of a file and when it was last used, in nanoseconds since 1970.
    pub fn size_and_use(&self, name: &str) -> Option<(u64, i128)> {
        let stat = fs::statat(&self.directory, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        let used = i128::from(stat.st_mtime) * 1_000_000_000 + i128::from(stat.st_mtime_nsec);
        Some((u64::try_from(stat.st_size).unwrap_or(0), used))
    }

    /// Removes a file.
    pub fn remove(&self, name: &str) -> bool {
        fs::unlinkat(&self.directory, name, AtFlags::empty()).is_ok()
    }

    /// Adds to a file that only grows, in one step that no other process can interrupt.
    pub fn append(&self, name: &str, data: &[u8]) {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::APPEND | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        if let Ok(file) = fs::openat(&self.directory, name, flags, Mode::RUSR | Mode::WUSR) {
            let _ = rustix::io::write(&file, data);
        }
    }
}

/// Marks a file as used now: access times of the file system are often switched off.
fn touch(file: &impl AsFd) {
    let now = rustix::fs::Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_NOW };
    let _ = fs::futimens(file, &fs::Timestamps { last_access: now, last_modification: now });
}
