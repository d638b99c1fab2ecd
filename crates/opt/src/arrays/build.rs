//! Appends arithmetic and loops to a function that is being built.

use coachwhip_ir::{ArrayTy, Block, Builder, Const, Edge, Imm, Op, Ty, Value};

/// An `Int` constant.
pub fn int(b: &mut Builder<'_>, value: i64) -> Value {
    b.constant(Const::Int(value), Ty::Int)
}

/// An instruction on two integers with an integer result.
pub fn int_op(b: &mut Builder<'_>, op: Op, x: Value, y: Value) -> Value {
    b.value(op, Imm::None, vec![x, y], Ty::Int)
}

/// A comparison, or an operation on truth values.
pub fn test(b: &mut Builder<'_>, op: Op, x: Value, y: Value) -> Value {
    b.value(op, Imm::None, vec![x, y], Ty::Bool)
}

/// Whether two numbers are equal.
pub fn eq(b: &mut Builder<'_>, x: Value, y: Value) -> Value {
    test(b, Op::Eq, x, y)
}

/// Whether all conditions hold; `None` if there are none.
pub fn all(b: &mut Builder<'_>, conditions: Vec<Value>) -> Option<Value> {
    conditions.into_iter().reduce(|x, y| test(b, Op::And, x, y))
}

/// A field of an array.
pub fn field(b: &mut Builder<'_>, array: Value, index: usize, ty: Ty) -> Value {
    b.value(Op::Field, Imm::Int(index as i64), vec![array], ty)
}

/// One of two values of one type.
pub fn select(b: &mut Builder<'_>, condition: Value, then: Value, otherwise: Value) -> Value {
    let ty = b.func.ty(then).clone();
    b.value(Op::Select, Imm::None, vec![condition, then, otherwise], ty)
}

/// An element of an array.
pub fn load(b: &mut Builder<'_>, array: Value, ty: ArrayTy, index: &[Value]) -> Value {
    b.value(Op::Load, Imm::None, [&[array], index].concat(), Ty::Scalar(ty.dtype))
}

/// An edge to a block without parameters.
pub fn to(block: Block) -> Edge {
    Edge { block, args: vec![] }
}

/// What is said about a loop.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nature {
    /// No pass reads what another one writes, nor writes what another one writes.
    pub independent: bool,
    /// It rarely runs.
    pub unlikely: bool,
}

/// A loop that is open: the builder stands in its body.
pub struct OpenLoop {
    head: Block,
    exit: Block,
    /// Counts from 0.
    pub index: Value,
}

/// Opens a loop of `count` iterations.
pub fn open(b: &mut Builder<'_>, count: Value, nature: Nature) -> OpenLoop {
    let zero = int(b, 0);
    let (head, body, exit) = (b.func.add_block(), b.func.add_block(), b.func.add_block());
    let index = b.func.add_param(head, Ty::Int);
    b.jump(head, vec![zero]);
    b.block = head;
    if nature.unlikely {
        b.inst(Op::Unlikely, Imm::None, vec![], &[]);
    } else if nature.independent {
        b.inst(Op::Independent, Imm::None, vec![], &[]);
    }
    let more = test(b, Op::Lt, index, count);
    b.branch(more, to(body), to(exit));
    b.block = body;
    OpenLoop { head, exit, index }
}

/// Ends a loop's body; the builder stands after the loop.
pub fn close(b: &mut Builder<'_>, open: OpenLoop) {
    let one = int(b, 1);
    let next = int_op(b, Op::AddExact, open.index, one);
    b.jump(open.head, vec![next]);
    b.block = open.exit;
}

/// Goes one of two ways that meet again with a value.
pub fn either_value(
    b: &mut Builder<'_>,
    condition: Value,
    then: impl FnOnce(&mut Builder<'_>) -> Value,
    otherwise: impl FnOnce(&mut Builder<'_>) -> Value,
    ty: Ty,
) -> Value {
    let (first, second, behind) = (b.func.add_block(), b.func.add_block(), b.func.add_block());
    let joined = b.func.add_param(behind, ty);
    b.branch(condition, to(first), to(second));
    b.block = first;
    let value = then(b);
    b.jump(behind, vec![value]);
    b.block = second;
    let value = otherwise(b);
    b.jump(behind, vec![value]);
    b.block = behind;
    joined
}

/// Goes one of two ways that meet again.
pub fn either(
    b: &mut Builder<'_>,
    condition: Value,
    then: impl FnOnce(&mut Builder<'_>),
    otherwise: impl FnOnce(&mut Builder<'_>),
) {
    let (first, second, behind) = (b.func.add_block(), b.func.add_block(), b.func.add_block());
    b.branch(condition, to(first), to(second));
    b.block = first;
    then(b);
    b.jump(behind, vec![]);
    b.block = second;
    otherwise(b);
    b.jump(behind, vec![]);
    b.block = behind;
}
