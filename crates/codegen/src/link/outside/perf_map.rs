//! `/tmp/perf-PID.map`: one line for each function, with address, size and name.

use super::image::Image;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

/// Appends an object's functions.
pub fn write(image: &Image) -> std::io::Result<()> {
    let path = format!("/tmp/perf-{}.map", std::process::id());
    // Not through a link that somebody else has put there.
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.create(true).append(true).custom_flags(libc::O_NOFOLLOW).open(path)?;
    for symbol in &image.symbols {
        writeln!(file, "{:x} {:x} {}", symbol.address, symbol.size, symbol.name)?;
    }
    Ok(())
}
