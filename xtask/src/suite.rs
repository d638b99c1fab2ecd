//! The whole suite of Python tests, on all cores: groups of files, each in a process of its own.

use crate::shell::{command, root};
use anyhow::{Context, Result, bail};
use std::cmp::Reverse;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::time::Instant;

/// Groups for each core: many enough that the last one to end is not long alone, few enough that imports cost little.
const GROUPS_PER_CORE: usize = 6;

/// Runs every test file under a Python; prints what failed, whole, and a line for each group that did not.
pub fn run(python: &Path) -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let groups = groups(test_files()?, cores * GROUPS_PER_CORE);
    let (all, started) = (groups.len(), Instant::now());
    let waiting = Mutex::new(VecDeque::from_iter(groups));
    let next = || waiting.lock().map(|mut groups| groups.pop_front()).ok().flatten();
    // How many groups have ended, and how many of them failed.
    let ended = Mutex::new((0, 0));
    let work = || -> Result<()> {
        while let Some(files) = next() {
            let done = pytest(python, &files).output().context("cannot start pytest")?;
            let Ok(mut ended) = ended.lock() else { bail!("another group of tests could not be run") };
            ended.0 += 1;
            ended.1 += usize::from(!done.status.success());
            println!("    {:>3} of {all}: {}", ended.0, said(&done, &files));
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow::anyhow!("a worker panicked"))?)
    })?;
    let failed = ended.into_inner().map_or(0, |(_, failed)| failed);
    if failed > 0 {
        bail!("Python tests failed in {failed} of {all} groups");
    }
    println!("    {all} groups on {cores} cores in {} s", started.elapsed().as_secs());
    Ok(())
}

/// Every file of tests, the largest first.
fn test_files() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root().join("tests")).context("tests")? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("test_") && name.ends_with(".py") {
            files.push((Reverse(entry.metadata()?.len()), PathBuf::from("tests").join(name)));
        }
    }
    files.sort();
    Ok(files.into_iter().map(|(_, file)| file).collect())
}

/// The files dealt out to groups, so that each has large ones and small ones.
fn groups(files: Vec<PathBuf>, count: usize) -> Vec<Vec<PathBuf>> {
    let mut groups = vec![Vec::new(); count.min(files.len()).max(1)];
    let rounds = groups.len();
    for (position, file) in files.into_iter().enumerate() {
        if let Some(group) = groups.get_mut(position % rounds) {
            group.push(file);
        }
    }
    groups
}

fn pytest(python: &Path, files: &[PathBuf]) -> Command {
    let mut pytest = command(python, &["-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider"]);
    pytest.args(files).env("PYTHONDONTWRITEBYTECODE", "1").env_remove("PYTHONPATH");
    pytest
}

/// The last line of what pytest said, or all of it if a test failed.
fn said(done: &Output, files: &[PathBuf]) -> String {
    let output = String::from_utf8_lossy(&done.stdout);
    if done.status.success() {
        return output.trim_end().lines().last().unwrap_or_default().to_owned();
    }
    let names: Vec<_> = files.iter().map(|file| file.to_string_lossy()).collect();
    format!("{} ended with {}\n{output}{}", names.join(" "), done.status, String::from_utf8_lossy(&done.stderr))
}
