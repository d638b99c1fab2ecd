//! Which of LLVM's passes run, by what the code is made of.

use crate::llvm::{self, Machine, OptLevel};
use crate::lower;
use coachwhip_abi::RuntimeFn;
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{Block, Func, Module};

/// What matters about a module for the choice of passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// `debug`: as written.
    Debug,
    /// No loop anywhere: nothing to vectorise, and quick code is soon compiled.
    Straight,
    /// Loops.
    Loops,
    /// Very many loops.
    ManyLoops,
}

/// More loops than these are not vectorised.  LLVM's loop passes ask, for each loop, about the conditions of all
/// the loops before it, many times over: 500 loops one after the other took minutes.
const MANY_LOOPS: usize = 300;

impl Recipe {
    /// What a module needs.
    pub fn of(module: &Module) -> Recipe {
        if module.funcs.first().is_some_and(|root| root.options.debug) {
            return Recipe::Debug;
        }
        match module.funcs.iter().map(loops_of).sum::<usize>() {
            0 => Recipe::Straight,
            count if count > MANY_LOOPS => Recipe::ManyLoops,
            _ => Recipe::Loops,
        }
    }

    /// How much LLVM's code generator works.
    pub fn code_level(self) -> OptLevel {
        match self {
            Recipe::Debug => OptLevel::None,
            Recipe::Straight | Recipe::ManyLoops => OptLevel::Less,
            Recipe::Loops => OptLevel::Aggressive,
        }
    }
}

/// A function's loops: the blocks that an edge leads back from in the order of its blocks.
fn loops_of(func: &Func) -> usize {
    let mut position = vec![0; func.blocks.len()];
    for (at, block) in func.order.iter().enumerate() {
        if let Some(slot) = position.get_mut(block.index()) {
            *slot = at;
        }
    }
    let place = |block: Block| position.get(block.index()).copied().unwrap_or(0);
    let is_loop = |(at, &block): (usize, &Block)| func.successors(block).any(|target| place(target) <= at);
    func.order.iter().enumerate().filter(|&at| is_loop(at)).count()
}

/// Runs the passes.
pub fn optimise(machine: &Machine, module: &llvm::Module<'_>, recipe: Recipe) -> Result<(), String> {
    if recipe != Recipe::Loops {
        settle(module);
    }
    match recipe {
        Recipe::Debug => machine.run(module, "always-inline"),
        Recipe::Straight => machine.run(module, &text(STRAIGHT)),
        Recipe::ManyLoops => machine.run(module, &text(&[STRAIGHT, MOVE].concat())),
        // Range checks that `opt` leaves in loops are on data: splitting ranges (`irce`) finds nothing more.
        Recipe::Loops => {
            machine.run(module, &text(&[SIMPLIFY, VECTORISE].concat()))?;
            module.keep_rests_small();
            match settle(module) {
                true => machine.run(module, &text(&[INLINE, UNROLL].concat())),
                false => machine.run(module, &text(UNROLL)),
            }
        }
    }
}

/// Lets what the vectoriser had to see as a call be inlined; whether there is any.
fn settle(module: &llvm::Module<'_>) -> bool {
    let found: Vec<_> = RuntimeFn::ALL
        .iter()
        .filter(|&&function| lower::has_variants(function))
        .filter_map(|function| module.defined_function(function.symbol()))
        .collect();
    found.iter().for_each(|&function| module.settle(function));
    !found.is_empty()
}

/// The text for LLVM's pass builder, abbreviations written out.
fn text(passes: &[&str]) -> String {
    // A textual `instcombine` ends the process where one round is not enough, unless told not to look.
    let combine = "instcombine<max-iterations=1;no-verify-fixpoint>";
    let simplify = "simplifycfg<switch-range-to-icmp>";
    passes.join(",").replace("COMBINE", combine).replace("SIMPLIFY", simplify)
}

/// For code without loops.
const STRAIGHT: &[&str] = &[
    "always-inline",
    "cgscc(inline,function(sroa,early-cse,COMBINE,SIMPLIFY))",
    "function(jump-threading,COMBINE,SIMPLIFY)",
];

/// What loops get where they are too many for the rest: these passes look at one loop at a time.
const MOVE: &[&str] = &["function(loop-mssa(loop-rotate,licm),COMBINE,SIMPLIFY)"];

/// The first half of LLVM's own `default<O3>`, without what only C and C++ need (coroutines, OpenMP, globals,
/// profiles): scalar simplification, with the functions inlined bottom up.
const SIMPLIFY: &[&str] = &[
    "always-inline,inferattrs",
    "function<eager-inv>(lower-expect,SIMPLIFY,sroa<modify-cfg>,early-cse<>)",
    "ipsccp,function<eager-inv>(COMBINE,SIMPLIFY)",
    "require<globals-aa>,function(invalidate<aa>),require<profile-summary>",
    "cgscc(devirt<4>(inline,function-attrs,function<eager-inv;no-rerun>(\
     sroa<modify-cfg>,early-cse<memssa>,jump-threading,correlated-propagation,SIMPLIFY,COMBINE,\
     aggressive-instcombine,tailcallelim,SIMPLIFY,reassociate,constraint-elimination,\
     loop-mssa(loop-instsimplify,loop-simplifycfg,licm<no-allowspeculation>,\
     loop-rotate<header-duplication;no-prepare-for-lto>,licm<allowspeculation>,\
     simple-loop-unswitch<nontrivial;trivial>),SIMPLIFY,COMBINE,\
     loop(loop-idiom,indvars,extra-simple-loop-unswitch-passes,loop-deletion,loop-unroll-full),\
     sroa<modify-cfg>,vector-combine,mldst-motion<no-split-footer-bb>,gvn<>,sccp,bdce,COMBINE,\
     jump-threading,correlated-propagation,adce,memcpyopt,dse,loop-mssa(licm<allowspeculation>),\
     simplifycfg<switch-range-to-icmp;switch-to-arithmetic;hoist-common-insts;sink-common-insts>,COMBINE)))",
    "globaldce,rpo-function-attrs,recompute-globalsaa",
];

/// The second half, up to unrolling: vectorisers.
const VECTORISE: &[&str] = &["function<eager-inv>(float2int,lower-constant-intrinsics,\
     loop(loop-rotate<header-duplication;no-prepare-for-lto>,loop-deletion),loop-distribute,inject-tli-mappings,\
     loop-vectorize<no-interleave-forced-only;no-vectorize-forced-only>,infer-alignment,loop-load-elim,COMBINE,\
     early-cse<>,correlated-propagation,\
     simplifycfg<forward-switch-cond;switch-range-to-icmp;switch-to-arithmetic;switch-to-lookup;no-keep-loops;\
     hoist-common-insts;sink-common-insts>,slp-vectorizer,vector-combine,COMBINE)"];

/// Inlines what has been settled.
const INLINE: &[&str] = &["always-inline,globaldce"];

/// The rest: unrolling and last simplifications.
const UNROLL: &[&str] = &[
    "function<eager-inv>(loop-unroll<O3>,sroa<preserve-cfg>,infer-alignment,COMBINE,\
     loop-mssa(licm<allowspeculation>),alignment-from-assumptions,loop-sink,instsimplify,div-rem-pairs,tailcallelim,\
     simplifycfg<switch-range-to-icmp;switch-to-arithmetic;hoist-loads-stores-with-cond-faulting;\
     speculate-unpredictables>)",
    "globaldce,constmerge",
];
