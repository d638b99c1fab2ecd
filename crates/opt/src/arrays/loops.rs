//! Appends arithmetic and loops to a function that is being built.

use coachwhip_ir::{Block, Builder, Const, Edge, Imm, Op, Ty, Value};

/// An `Int` constant.
pub fn int(b: &mut Builder<'_>, value: i64) -> Value {
    b.constant(Const::Int(value), Ty::Int)
}

/// An instruction on two integers with an integer result.
pub fn int_op(b: &mut Builder<'_>, op: Op, x: Value, y: Value) -> Value {
    b.value(op, Imm::None, vec![x, y], Ty::Int)
}

/// A comparison or an operation on truth values.
pub fn test(b: &mut Builder<'_>, op: Op, x: Value, y: Value) -> Value {
    b.value(op, Imm::None, vec![x, y], Ty::Bool)
}

/// A field of an array.
pub fn field(b: &mut Builder<'_>, array: Value, index: usize, ty: Ty) -> Value {
    b.value(Op::Field, Imm::Int(index as i64), vec![array], ty)
}

/// One of two integers.
pub fn select(b: &mut Builder<'_>, condition: Value, then: Value, otherwise: Value) -> Value {
    let ty = b.func.ty(then).clone();
    b.value(Op::Select, Imm::None, vec![condition, then, otherwise], ty)
}

/// A loop that is open: the builder stands in its body.
pub struct Open {
    head: Block,
    exit: Block,
    /// Counts from 0.
    pub index: Value,
}

/// Opens a loop of `count` passes.
pub fn open(b: &mut Builder<'_>, count: Value) -> Open {
    let zero = int(b, 0);
    let (head, body, exit) = (b.func.add_block(), b.func.add_block(), b.func.add_block());
    let index = b.func.add_param(head, Ty::Int);
    b.jump(head, vec![zero]);
    b.block = head;
    let more = test(b, Op::Lt, index, count);
    b.branch(more, Edge { block: body, args: vec![] }, Edge { block: exit, args: vec![] });
    b.block = body;
    Open { head, exit, index }
}

/// Ends a loop's body; the builder stands behind the loop.
pub fn close(b: &mut Builder<'_>, open: Open) {
    let one = int(b, 1);
    let next = int_op(b, Op::AddExact, open.index, one);
    b.jump(open.head, vec![next]);
    b.block = open.exit;
}
