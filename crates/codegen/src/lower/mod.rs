//! Typed SSA to LLVM IR.
//!
//! A value of the IR is a run of LLVM values, one for each machine value of its type (`Ty::machine`); an
//! aggregate exists in registers only.  [`unit`] holds what the functions of a module share, [`function`]
//! walks one function, and each family of operations has a file of its own whose functions take the
//! instruction and append LLVM instructions; [`lower_inst`] says which family an operation belongs to.

mod aggregates;
mod arithmetic;
mod arrays;
mod calls;
mod compare;
mod control;
mod convert;
mod failures;
mod far;
mod function;
mod graph;
mod half;
mod independent;
mod lists;
mod ownership;
mod strings;
mod text;
mod types;
mod unit;
mod wrappers;

pub use unit::Unit;

/// Whether the vectoriser can call this function with vectors.
pub fn has_variants(function: coachwhip_abi::RuntimeFn) -> bool {
    far::exact(function).is_some()
}

use crate::EmitError;
use coachwhip_ir::op::Rule;
use coachwhip_ir::{Block, InstData, Op};
use function::Lowering;

/// What a lowering function returns.
type Done = Result<(), EmitError>;

/// Lowers every function of the unit's module and makes the wrappers of the root.
pub fn lower_module(unit: &mut Unit<'_, '_>, callback: bool) -> Done {
    unit.declare_all();
    for number in 0..unit.ir.funcs.len() {
        function::lower(unit, number)?;
    }
    wrappers::entry(unit)?;
    if callback {
        wrappers::callback(unit)?;
    }
    unit.debug.finish();
    Ok(())
}

/// Lowers one instruction: the table of operations, seen from here.
fn lower_inst(l: &mut Lowering<'_, '_, '_>, block: Block, inst: &InstData) -> Done {
    match inst.op.rule() {
        Rule::Number | Rule::Float | Rule::Integer | Rule::Bits | Rule::Overflow | Rule::Count | Rule::InRange => {
            return arithmetic::lower(l, inst);
        }
        Rule::Compare => return compare::lower(l, inst),
        Rule::Convert | Rule::Saturate | Rule::Bitcast => return convert::lower(l, inst),
        Rule::Constant | Rule::Aggregate => return aggregates::lower(l, inst),
        Rule::Memory => return arrays::memory(l, inst),
        Rule::Array => return arrays::whole(l, inst),
        Rule::List => return lists::lower(l, inst),
        Rule::Text => return strings::lower(l, inst),
        Rule::Cell => return ownership::cell(l, inst),
        Rule::Owner => return ownership::count(l, inst),
        Rule::Poll | Rule::Call | Rule::External => return calls::lower(l, inst),
        _ => {}
    }
    match inst.op {
        Op::Undef => aggregates::lower(l, inst),
        Op::Print => text::print(l, inst),
        Op::Leave => failures::lower(l, inst),
        op if op.is_mark() => Ok(()),
        op if op.is_terminator() && (op == Op::Return || op.rule() != Rule::Ending) => control::lower(l, block, inst),
        op if op.rule() == Rule::Ending => failures::lower(l, inst),
        _ => Err(EmitError::new(format!("`{}` is not a typed operation", inst.op.text()))),
    }
}
