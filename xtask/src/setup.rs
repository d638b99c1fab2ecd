//! Installs what is missing: Debian packages (LLVM and what it links with, Python's venv) and the Python
//! packages of `requirements-dev.txt` in the project's own `.venv`.

use crate::shell::{command, output, root, run, step, works};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// A Debian package, the file that shows it is there, and what it is for.
struct Package {
    name: &'static str,
    shown_by: &'static [&'static str],
}

/// Needed to build.  The files stand for any architecture's multiarch folder.
const PACKAGES: &[Package] = &[
    Package { name: "llvm-22-dev", shown_by: &["/usr/lib/llvm-22/bin/llvm-config"] },
    Package { name: "libpolly-22-dev", shown_by: &["/usr/lib/llvm-22/lib/libPolly.a"] },
    Package { name: "libzstd-dev", shown_by: &["/usr/include/zstd.h"] },
    Package { name: "zlib1g-dev", shown_by: &["/usr/include/zlib.h"] },
    Package { name: "libxml2-dev", shown_by: &["/usr/include/libxml2/libxml/parser.h"] },
    Package { name: "g++", shown_by: &["/usr/bin/g++", "/usr/bin/clang++"] },
    Package { name: "binutils", shown_by: &["/usr/bin/strip"] },
];

/// The oldest Python that the package supports.
const OLDEST_PYTHON: (u32, u32) = (3, 11);

/// Installs everything.
pub fn all() -> Result<()> {
    debian(PACKAGES)?;
    environment()
}

/// The C compiler that the benchmark compares with; done without where it cannot be had.
pub fn clang() -> Option<PathBuf> {
    let clang = Package { name: "clang-22", shown_by: &["/usr/bin/clang-22"] };
    if let Err(why) = debian(&[clang]) {
        println!("    no clang-22, so no column for C: {why:#}");
    }
    Some(PathBuf::from("/usr/bin/clang-22")).filter(|p| p.exists())
}

/// The Python of the project's environment.
pub fn python() -> PathBuf {
    root().join(".venv/bin/python")
}

fn debian(packages: &[Package]) -> Result<()> {
    let missing: Vec<&str> =
        packages.iter().filter(|p| !p.shown_by.iter().any(|f| Path::new(f).exists())).map(|p| p.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    apt_install(&missing, "the compiler is built on LLVM 22 and the libraries it links with")
}

fn apt_install(packages: &[&str], why: &str) -> Result<()> {
    step(&format!("installing {}", packages.join(" ")), why);
    let by_hand =
        format!("run these, then try again:\n    apt-get update\n    apt-get install -y {}", packages.join(" "));
    if !works(&mut command("apt-get", &["--version"])) {
        bail!("there is no apt-get here; {by_hand}");
    }
    if output(&mut command("id", &["-u"]))?.trim() != "0" {
        bail!("installing packages needs root; as root, {by_hand}");
    }
    run(command("apt-get", &["update", "-q"]).stdout(std::process::Stdio::null())).with_context(|| by_hand.clone())?;
    let mut install = command("apt-get", &["install", "-y", "-q", "--no-install-recommends"]);
    install.args(packages).env("DEBIAN_FRONTEND", "noninteractive").stdout(std::process::Stdio::null());
    run(&mut install).with_context(|| by_hand)
}

/// Makes `.venv` and brings its packages to the pinned versions; a stamp makes a second run instant.
fn environment() -> Result<()> {
    let wanted = fs::read_to_string(root().join("requirements-dev.txt")).context("requirements-dev.txt")?;
    let stamp = root().join(".venv/requirements.stamp");
    if python().exists() && fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    if !python().exists() {
        let base = base_python()?;
        step("making .venv", "the Python packages stay inside this folder");
        if !works(&mut command(&base, &["-m", "ensurepip", "--version"])) {
            apt_install(&["python3-venv"], "Debian keeps Python's venv module in a package of its own")?;
        }
        run(&mut command(&base, &["-m", "venv", ".venv"]))?;
    }
    step(
        "installing Python packages",
        "NumPy, SciPy and the tools of the tests, at the versions of requirements-dev.txt",
    );
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements-dev.txt"];
    run(&mut command(python(), &pip))?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// The first Python on the search path that is new enough.
fn base_python() -> Result<String> {
    let check = format!("import sys; sys.exit(sys.version_info < {OLDEST_PYTHON:?})");
    let names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11"];
    if let Some(name) = names.into_iter().find(|name| works(&mut command(name, &["-c", &check]))) {
        return Ok(name.into());
    }
    apt_install(&["python3", "python3-venv"], "the package is for Python 3.11 and later")?;
    if works(&mut command("python3", &["-c", &check])) {
        return Ok("python3".into());
    }
    bail!("no Python {}.{} or later was found", OLDEST_PYTHON.0, OLDEST_PYTHON.1)
}
