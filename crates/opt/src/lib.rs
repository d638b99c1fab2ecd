//! Better typed SSA from typed SSA: the passes, in order.
//!
//! [`STAGES`] is the whole list.  A pass is a function of one function (or of the module, for inlining) in a
//! file of its own; [`optimise`] runs the list and shows the module to an observer after each pass.

mod analysis;
mod arrays;
mod bounds;
mod cleanup;
mod copy;
mod edit;
mod flatten;
mod frames;
mod inline;
mod kernels;
mod licm;
mod lists;
mod loop_form;
mod marks;
mod negatives;
mod ownership;
mod polls;
mod range;
mod recursion;
mod scalars;
mod ssa;
mod versions;

use coachwhip_ir::{Func, Module, verify};
use std::time::{Duration, Instant};

/// Sees the module after each pass.
pub trait Observer {
    /// Called after each pass with its name, the module it left and the time it took.
    fn stage(&mut self, name: &'static str, module: &Module, time: Duration);
}

/// An observer that looks away.
impl Observer for () {
    fn stage(&mut self, _: &'static str, _: &Module, _: Duration) {}
}

/// What a pass works on.
#[derive(Clone, Copy)]
pub enum Run {
    /// Each function by itself.
    Func(fn(&mut Func)),
    /// The module.
    Module(fn(&mut Module)),
}

/// A pass.
pub struct Stage {
    /// Name in `inspect_ir` and in file tests.
    pub name: &'static str,
    /// The work.
    pub run: Run,
    /// Whether `jit(debug=True)` runs it: only what the program's meaning needs.
    pub always: bool,
}

const fn better(name: &'static str, run: fn(&mut Func)) -> Stage {
    Stage { name, run: Run::Func(run), always: false }
}

const fn needed(name: &'static str, run: fn(&mut Func)) -> Stage {
    Stage { name, run: Run::Func(run), always: true }
}

/// The passes, in order.
pub const STAGES: &[Stage] = &[
    better("scalars", scalars::run),
    better("latches", loop_form::latches),
    better("cleanup", cleanup::run),
    Stage { name: "inline", run: Run::Module(inline::run), always: true },
    better("scalars", scalars::run),
    better("cleanup", cleanup::run),
    better("frames", frames::run),
    Stage { name: "fuse", run: Run::Module(arrays::fuse), always: true },
    Stage { name: "lower_maps", run: Run::Module(arrays::lower_maps), always: true },
    better("scalars", scalars::run),
    better("cleanup", cleanup::run),
    better("lists", licm::run_for_lists),
    better("range", range::run),
    better("cleanup", cleanup::run),
    better("licm", licm::run),
    better("versions", versions::run),
    better("cleanup", cleanup::run),
    needed("polls", polls::run),
    Stage { name: "recursion", run: Run::Module(recursion::run), always: true },
    better("sums", versions::run_sums),
    better("cleanup", cleanup::run),
    better("flatten", flatten::run),
    better("negatives", negatives::run),
    better("trials", versions::run_trials),
    better("cleanup", cleanup::run),
    Stage { name: "kernels", run: Run::Module(kernels::run), always: true },
    better("cleanup", cleanup::run),
    Stage { name: "ownership", run: Run::Module(ownership::run), always: true },
    better("marks", marks::run),
];

/// Runs the passes.
pub fn optimise(module: Module, observer: &mut dyn Observer) -> Module {
    let mut module = module;
    for stage in STAGES {
        let start = Instant::now();
        run_stage(stage, &mut module);
        observer.stage(stage.name, &module, start.elapsed());
    }
    module
}

/// Runs one pass: what a file test that names it does.  Debug builds verify the module after it.
pub fn run_stage(stage: &Stage, module: &mut Module) {
    run_unverified(stage, module);
    if cfg!(debug_assertions) {
        let owned =
            if matches!(stage.name, "ownership" | "marks") { verify::Stage::Owned } else { verify::Stage::Typed };
        let problems = verify::module(module, owned);
        assert!(
            problems.is_empty(),
            "stage {} left {}",
            stage.name,
            problems.iter().map(|p| format!("\n{p}")).collect::<String>()
        );
    }
}

fn run_unverified(stage: &Stage, module: &mut Module) {
    match stage.run {
        Run::Func(run) => {
            for func in &mut module.funcs {
                if stage.always || !func.options.debug {
                    run(func);
                }
            }
        }
        Run::Module(run) => run(module),
    }
}
