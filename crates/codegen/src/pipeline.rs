//! Which of LLVM's passes run, by the shape of the code.

use crate::llvm::OptLevel;
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{Func, Module, Op};

/// What matters about a module for the choice of passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `debug`: as written.
    Debug,
    /// No loop anywhere: nothing to vectorise, and quick code is soon compiled.
    Straight,
    /// Loops whose checks are all gone or moved out.
    Loops,
    /// Loops with range checks left inside.
    CheckedLoops,
}

impl Shape {
    /// The shape of a module.
    pub fn of(module: &Module) -> Shape {
        if module.funcs.first().is_some_and(|root| root.options.debug) {
            return Shape::Debug;
        }
        module.funcs.iter().map(shape_of_function).max_by_key(|s| *s as u8).unwrap_or(Shape::Straight)
    }

    /// How much LLVM's code generator works.
    pub fn code_level(self) -> OptLevel {
        match self {
            Shape::Debug => OptLevel::None,
            Shape::Straight => OptLevel::Less,
            Shape::Loops | Shape::CheckedLoops => OptLevel::Aggressive,
        }
    }
}

/// A function has loops if an edge leads back in the order of its blocks; what stands between the target
/// and the source of such an edge is taken for the loop.
fn shape_of_function(func: &Func) -> Shape {
    let mut position = vec![0; func.blocks.len()];
    for (at, block) in func.order.iter().enumerate() {
        if let Some(slot) = position.get_mut(block.index()) {
            *slot = at;
        }
    }
    let place = |block: coachwhip_ir::Block| position.get(block.index()).copied().unwrap_or(0);
    let mut shape = Shape::Straight;
    for (at, &block) in func.order.iter().enumerate() {
        for target in func.successors(block).map(place).filter(|&target| target <= at) {
            shape = shape.max_of(Shape::Loops);
            let body = func.order.get(target..=at).unwrap_or_default();
            let has =
                |block: &coachwhip_ir::Block, op: Op| func.blocks[*block].insts.iter().any(|&i| func.insts[i].op == op);
            // The checked copies of loops that the optimiser made versions of do not count.
            if body.iter().any(|b| has(b, Op::InRange) && !has(b, Op::Unlikely)) {
                return Shape::CheckedLoops;
            }
        }
    }
    shape
}

impl Shape {
    fn max_of(self, other: Shape) -> Shape {
        if (self as u8) < (other as u8) { other } else { self }
    }
}

/// The passes as text for LLVM's pass builder.
pub fn passes(shape: Shape) -> String {
    match shape {
        Shape::Debug => "always-inline".into(),
        Shape::Straight => STRAIGHT.into(),
        Shape::Loops => "default<O3>".into(),
        Shape::CheckedLoops => format!("{SPLIT_RANGES},default<O3>"),
    }
}

/// For code without loops.  A textual `instcombine` ends the process where one round is not enough, unless told not to.
const STRAIGHT: &str = "always-inline,cgscc(inline,function(sroa,early-cse,instcombine<no-verify-fixpoint>,simplifycfg)),\
                        function(jump-threading,instcombine<no-verify-fixpoint>,simplifycfg)";

/// Splits the ranges of loops whose checks depend on the loop variable, so that the main loop has none.
/// It must come right after loop rotation: later it misses half of the loops (SAFETY.md).
const SPLIT_RANGES: &str = "always-inline,function(lower-expect,sroa,early-cse,instcombine<no-verify-fixpoint>,\
                            simplifycfg,\
                            loop-mssa(loop-rotate,licm),loop-simplify,lcssa,irce)";
