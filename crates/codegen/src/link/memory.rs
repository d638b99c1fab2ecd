//! Memory for code: written first, executable afterwards, never both.

use crate::EmitError;

/// Sizes of the three parts of a region: code, constants, data.
pub type Sizes = [usize; 3];

/// Pages of code, then of constants, then of data.
pub struct Region {
    start: *mut u8,
    parts: Sizes,
    writable: bool,
}

// SAFETY: the region is plain memory that nobody writes after `protect`.
unsafe impl Send for Region {}
// SAFETY: as above.
unsafe impl Sync for Region {}

fn page_size() -> usize {
    // SAFETY: a query without arguments in memory.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096)
}

fn last_error(what: &str) -> EmitError {
    EmitError::new(format!("{what} executable memory: {}", std::io::Error::last_os_error()))
}

impl Region {
    /// Zeroed, writable memory; each part takes whole pages.
    pub fn new(sizes: &Sizes) -> Result<Region, EmitError> {
        let page = page_size();
        let parts = sizes.map(|size| size.next_multiple_of(page));
        let total: usize = parts.iter().sum();
        let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: a fresh private mapping; no existing memory is touched.
        let start = unsafe { libc::mmap(std::ptr::null_mut(), total.max(page), protection, flags, -1, 0) };
        if start == libc::MAP_FAILED {
            return Err(last_error("cannot get"));
        }
        Ok(Region { start: start as *mut u8, parts, writable: true })
    }

    /// The address of each part.
    pub fn base(&self) -> Sizes {
        let start = self.start as usize;
        let [code, constants, _] = self.parts;
        [start, start + code, start + code + constants]
    }

    /// Bytes taken.
    pub fn size(&self) -> usize {
        self.parts.iter().sum()
    }

    /// The bytes, before `protect`.
    pub fn bytes(&mut self) -> &mut [u8] {
        let size = if self.writable { self.size() } else { 0 };
        // SAFETY: the mapping is ours, writable, and borrowed with `self`.
        unsafe { std::slice::from_raw_parts_mut(self.start, size) }
    }

    /// Takes the right to write away from code and constants, and makes the code executable.
    pub fn protect(&mut self) -> Result<(), EmitError> {
        self.writable = false;
        let [code, constants, _] = self.base();
        let [code_size, constants_size, _] = self.parts;
        let executable = libc::PROT_READ | libc::PROT_EXEC;
        for (at, size, protection) in [(code, code_size, executable), (constants, constants_size, libc::PROT_READ)] {
            // SAFETY: whole pages of our own mapping.
            if size > 0 && unsafe { libc::mprotect(at as *mut libc::c_void, size, protection) } != 0 {
                return Err(last_error("cannot protect"));
            }
        }
        crate::arch::flush(code, code_size);
        Ok(())
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: our own mapping; whoever drops it says that its code no longer runs.
        unsafe { libc::munmap(self.start as *mut libc::c_void, self.size().max(page_size())) };
    }
}
