//! The main job on real input: a user's window function over a photograph.

use crate::shell::{command, step};
use crate::{build, setup, shell};
use anyhow::Result;

/// Installs, builds and runs `demo/photograph.py`.
pub fn run() -> Result<String> {
    setup::all()?;
    build::extension(false)?;
    step("running the demo", "a plain Python window function, compiled, inside scipy.ndimage.generic_filter");
    shell::run(&mut command(setup::python(), &["demo/photograph.py"]))?;
    Ok("the pictures are equal; look at demo-output/before.png and demo-output/after.png".into())
}
