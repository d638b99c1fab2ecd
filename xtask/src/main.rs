//! The project's tasks: `cargo xtask demo`, `cargo xtask test`, `cargo xtask bench` and the steps they share.
//!
//! Every task installs what it needs first ([`setup`]), says in one line what each step does and why, and
//! ends with a plain verdict.

mod bench;
mod build;
mod demo;
mod interpreters;
mod layer;
mod library;
mod numba_tests;
mod setup;
mod shell;
mod suite;
mod sweep;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask TASK

The two that a new machine needs:
  demo     install what is missing, build, and run the main job on a real photograph
  test     install what is missing, and run every check and test

The others:
  setup    only install what is missing
  build    build the extension into .venv (--fast: shared LLVM and no optimisation, for quick edits)
  layer    compile the library's functions ahead, for the wheel that is built next
  bench    the tables of times, side by side with Numba, NumPy, CPython and C  (arguments go to benchmarks/run.py)
  sweep    the long sweeps for the night, in shards that go on where they were stopped  (--help: which there are)
  interpreters  the tests under every supported CPython that is there or in Debian's archive (--quick: a selection)
  numba-tests  Numba's own tests with its decorators standing for ours  (MODULE…; --help says more)
  library  write the index of the function library and docs/supported.md, after a function was added
  additions  compile the recorded additions to the tables that tidy counts the files of
  tidy     only the checks of layout, sizes and documents
  py       only the Python tests: all of them on all cores, or one run of pytest with the given arguments
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = match arguments.split_first() {
        Some((task, rest)) => (task.as_str(), rest),
        None => ("help", &[][..]),
    };
    let done = match task {
        "setup" => setup::all().map(|_| "the machine has what the project needs".into()),
        "build" => setup::all().and_then(|()| build::extension(rest.iter().any(|a| a == "--fast"))),
        "demo" => demo::run(),
        "test" => test::run(),
        "py" => test::python(rest),
        "bench" => bench::run(rest),
        "sweep" => sweep::run_all(rest),
        "interpreters" => interpreters::run_all(rest),
        "numba-tests" => numba_tests::run(rest),
        "library" => library::write(),
        "layer" => layer::make(),
        "additions" => tidy::additions::compile(),
        "tidy" => tidy::run(),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        other => Err(anyhow::anyhow!("no task named '{other}'\n\n{HELP}")),
    };
    match done {
        Ok(verdict) => {
            println!("\n{task}: {verdict}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("\n{task} failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}
