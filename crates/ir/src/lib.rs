//! What a program is: types, one table of operations, functions in SSA form with block parameters.
//!
//! Everything between the bytecode reader and the code generator speaks this language and nothing else.
//! The crate knows neither CPython nor LLVM.  Read [`ty`] first, then [`op`], then [`func`].

pub mod attempt;
pub mod builder;
pub mod calls;
pub mod cfg;
mod class;
pub mod constant;
pub mod describe;
pub mod diagnostic;
pub mod dominators;
pub mod entity;
pub mod eval;
pub mod frontiers;
pub mod func;
pub mod generators;
pub mod graph;
pub mod heap;
pub mod interp;
pub mod loc;
pub mod op;
pub mod options;
pub mod parse;
pub mod print;
pub mod program;
pub mod promote;
pub mod rebuild;
pub mod structure;
pub mod target;
pub mod ty;
pub mod verify;
pub mod versions;

pub use builder::Builder;
pub use cfg::Cfg;
pub use class::{Member, MemberKind, UserClass};
pub use coachwhip_abi::{Cost, ErrorKind, Owner, Runs, RuntimeFn};
pub use constant::{Bits, Const};
pub use describe::describe;
pub use diagnostic::{Code, Diagnostic, Label};
pub use dominators::Dominators;
pub use func::{Block, Edge, Func, Inst, InstData, Params, Value};
pub use loc::{Loc, LocData};
pub use op::{BinaryOp, CmpOp, Imm, Needs, Op, Rule, UnaryOp};
pub use options::{FastMath, Inline, Options};
pub use program::{Apart, FuncId, Module, Overloaded, Separate, Source};
pub use target::Target;
pub use ty::{ArrayTy, Dtype, Factory, GeneratorTy, Kind, Layout, RefTy, Shown, TableKind, TableTy, Ty};
pub use versions::{Difference, follows};
