//! The layer of compiled library functions that comes with the package: made by the extension that it is for.

use crate::shell::{command, run, step};
use crate::{build, setup};
use anyhow::Result;

/// Builds the extension and has it compile the library.
pub fn make() -> Result<String> {
    setup::all()?;
    build::extension(false)?;
    step("compiling the library", "what users call most, for this processor and for all of the level x86-64-v3");
    run(&mut command(setup::python(), &["xtask/python/layer.py"]))?;
    Ok("python/coachwhip/lib/_layer.bin is there; a wheel that is built now contains it".into())
}
