//! Stamps the extension with a hash of the sources that it is made of: the layer of compiled library functions that
//! comes with the package is of use to extensions of the same sources only.

use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let mut files = vec![PathBuf::from("../../Cargo.lock")];
    for item in std::fs::read_dir("..")? {
        let krate = item?.path();
        // What these crates hold is in no extension.
        if krate.ends_with("filetests") {
            continue;
        }
        files.push(krate.join("Cargo.toml"));
        println!("cargo::rerun-if-changed={}", krate.join("src").display());
        gather(&krate.join("src"), &mut files)?;
    }
    println!("cargo::rerun-if-changed=../../Cargo.lock");
    files.sort();
    let mut hasher = blake3::Hasher::new();
    for file in files {
        let Ok(text) = std::fs::read(&file) else { continue };
        hasher.update(file.to_string_lossy().as_bytes());
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(&text);
    }
    println!("cargo::rustc-env=COACHWHIP_STAMP={}", hasher.finalize().to_hex());
    Ok(())
}

/// The files below a directory.
fn gather(directory: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !directory.is_dir() {
        return Ok(());
    }
    for item in std::fs::read_dir(directory)? {
        let path = item?.path();
        if path.is_dir() { gather(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
