//! Which of LLVM's passes run, by the shape of the code.

use crate::llvm::OptLevel;
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{Block, Func, Module};

/// What matters about a module for the choice of passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `debug`: as written.
    Debug,
    /// No loop anywhere: nothing to vectorise, and quick code is soon compiled.
    Straight,
    /// Loops.
    Loops,
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
            Shape::Loops => OptLevel::Aggressive,
        }
    }
}

/// A function has loops if an edge leads back in the order of its blocks.
fn shape_of_function(func: &Func) -> Shape {
    let mut position = vec![0; func.blocks.len()];
    for (at, block) in func.order.iter().enumerate() {
        if let Some(slot) = position.get_mut(block.index()) {
            *slot = at;
        }
    }
    let place = |block: Block| position.get(block.index()).copied().unwrap_or(0);
    let is_loop = |(at, &block): (usize, &Block)| func.successors(block).any(|target| place(target) <= at);
    if func.order.iter().enumerate().any(is_loop) { Shape::Loops } else { Shape::Straight }
}

/// The passes as text for LLVM's pass builder.
pub fn passes(shape: Shape) -> String {
    match shape {
        Shape::Debug => "always-inline".into(),
        Shape::Straight => STRAIGHT.into(),
        // Range checks that `opt` leaves in loops are on data: splitting ranges (`irce`) finds nothing more.
        Shape::Loops => "default<O3>".into(),
    }
}

/// For code without loops.  A textual `instcombine` ends the process where one round is not enough, unless told not to.
const STRAIGHT: &str = "always-inline,cgscc(inline,function(sroa,early-cse,instcombine<no-verify-fixpoint>,simplifycfg)),\
                        function(jump-threading,instcombine<no-verify-fixpoint>,simplifycfg)";
