//! Numbers: Python's `int`, `float`, `bool` and `complex` as CPython computes with them, NumPy's scalars as
//! NumPy does.
//!
//! [`crate::promote`] says which type an operation has; the files here say what it does.  Python's numbers
//! fail as CPython's do (`python_int`, `python_float`, `complex`); NumPy's never fail (`numpy_scalar`), except
//! that a Python `int` must fit the NumPy type that it is combined with, and where the user asks for it (`strict`).

mod arithmetic;
mod attributes;
mod builtins;
pub mod compare;
mod complex;
mod complex_math;
mod convert;
mod dtype;
mod functions;
pub mod half;
mod machine;
mod math;
mod math_int;
mod numpy_functions;
mod numpy_scalar;
mod operator_module;
mod power;
mod products;
mod python_float;
mod python_int;
mod rounding;
mod strict;
mod sums;
mod ufunc;
mod ufunc_table;
mod unary;
mod vector_math;
mod wide_literal;

use super::{Answer, Family};
use crate::emit::{Emit, Fault, Val, fault};
use crate::promote::{self, Num};
use coachwhip_ir::{BinaryOp, Code, Dtype, Kind};

pub use attributes::item;
pub use builtins::extreme_of;
pub use convert::{cast, checked_int_to_dtype, limits, to_dtype};
pub use dtype::parse as parse_dtype;
pub use numpy_functions::clip_bound;
pub use rounding::{c_int, index};
pub use sums::added_up;

/// What this family answers for.
pub const FAMILY: Family = Family {
    functions: functions::FUNCTIONS,
    unary: unary::unary,
    binary,
    compare: compare::compare,
    truth: unary::truth,
    getattr: attributes::getattr,
    has_method: attributes::has_method,
    method: attributes::method,
    ..Family::NONE
};

/// `a op b` of two numbers.
pub fn binary(e: &mut Emit, op: BinaryOp, _inplace: bool, a: &Val, b: &Val) -> Answer {
    if wide_literal::is_wide(a) || wide_literal::is_wide(b) {
        return wide_literal::binary(e, op, a, b);
    }
    let (Some(x), Some(y)) = (Num::of(&a.ty), Num::of(&b.ty)) else { return Ok(None) };
    let Some(result) = promote::binary(op, x, y) else {
        return refuse(op, x, y);
    };
    Ok(Some(match result {
        Num::Bool => python_int::bitwise(e, op, a, b, &result.ty()),
        Num::Int => python_int::binary(e, op, a, b)?,
        Num::Float => python_float::binary(e, op, a, b)?,
        Num::Complex => complex::python_binary(e, op, a, b)?,
        Num::Scalar(dtype) => {
            let a = operand(e, op, a, x, dtype);
            let b = operand(e, op, b, y, dtype);
            numpy_scalar::binary(e, op, &a, &b, dtype)?
        }
    }))
}

/// An operand in the dtype of the operation.  A Python `int` among integers must fit, as in NumPy.
fn operand(e: &mut Emit, op: BinaryOp, v: &Val, num: Num, dtype: Dtype) -> Val {
    // A complex number to a real power never meets this; true division by an int works in float64.
    if num == Num::Int && dtype.is_int() && op != BinaryOp::TrueDiv {
        convert::checked_int_to_dtype(e, v, dtype)
    } else {
        to_dtype(e, v, dtype)
    }
}

fn refuse(op: BinaryOp, x: Num, y: Num) -> Answer {
    let message = format!("unsupported operand type(s) for {}: '{}' and '{}'", op.symbol(), x.name(), y.name());
    let mut diagnostic = coachwhip_ir::Diagnostic::new(Code::OperandTypes, message);
    if op == BinaryOp::Sub && x.kind() == Kind::Bool {
        diagnostic = diagnostic.help("NumPy has no `-` for bool: use `^` or np.logical_xor");
    }
    Err(Box::new(diagnostic))
}

/// The number type of an argument, or the refusal of a function that takes numbers only.
fn number(function: &str, v: &Val) -> Result<Num, Fault> {
    match Num::of(&v.ty) {
        Some(num) => Ok(num),
        None => {
            let found = coachwhip_ir::describe(&v.ty);
            fault(Code::ArgumentTypes, format!("{function} takes a number, not {found}"))
        }
    }
}
