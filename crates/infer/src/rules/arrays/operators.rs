//! Operators on arrays: each is the ufunc that NumPy calls for it.

use super::array_like::is_convertible;
use super::elementwise::{Operand, apply, is_array};
use super::geometry::array;
use super::index::is_none;
use super::ufuncs::{Request, Ufunc, plain_call, run};
use crate::emit::{Emit, Fault, Val};
use crate::rules::Answer;
use coachwhip_ir::{BinaryOp, CmpOp, Code, Const, Diagnostic, Kind, Ty, UnaryOp, describe};

/// `-a`, `+a`, `~a`.
pub fn unary(e: &mut Emit, op: UnaryOp, v: &Val) -> Answer {
    if !is_array(v) {
        return Ok(None);
    }
    let name = match op {
        UnaryOp::Neg => "negative",
        UnaryOp::Pos => "positive",
        UnaryOp::Invert => "invert",
        UnaryOp::Not => return Ok(None),
    };
    plain_call(e, name, std::slice::from_ref(v)).map(Some)
}

/// The ufunc of an operator.
fn ufunc(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "add",
        BinaryOp::Sub => "subtract",
        BinaryOp::Mul => "multiply",
        BinaryOp::MatMul => "matmul",
        BinaryOp::TrueDiv => "divide",
        BinaryOp::FloorDiv => "floor_divide",
        BinaryOp::Mod => "remainder",
        BinaryOp::Pow => "power",
        BinaryOp::Lshift => "left_shift",
        BinaryOp::Rshift => "right_shift",
        BinaryOp::And => "bitwise_and",
        BinaryOp::Or => "bitwise_or",
        BinaryOp::Xor => "bitwise_xor",
    }
}

/// Whether a value can be an operand beside an array.
fn is_operand(v: &Val) -> bool {
    let number = v.ty.dtype().is_some() || matches!(v.ty, Ty::Lit(Const::BigInt(_)));
    is_array(v) || number || is_convertible(&v.ty)
}

/// `a op b`; of an array, `a op= b` writes into it.
pub fn binary(e: &mut Emit, op: BinaryOp, inplace: bool, a: &Val, b: &Val) -> Answer {
    if !is_array(a) && !is_array(b) || !is_operand(a) || !is_operand(b) {
        return Ok(None);
    }
    if op == BinaryOp::MatMul {
        return matmul(e, inplace, a, b).map(Some);
    }
    let (name, inputs) = power(op, a, b).unwrap_or((ufunc(op), 2));
    let ufunc = Ufunc { name, inputs };
    let operands: Vec<Val> = [a, b].into_iter().take(inputs).cloned().collect();
    let mut request = Request::plain(1);
    if inplace && let Some(target) = array(e, a) {
        request.arrays = vec![Some(target)];
    }
    run(e, ufunc, &operands, request).map(Some)
}

/// NumPy's short ways for powers that are written as Python numbers.
fn power(op: BinaryOp, a: &Val, b: &Val) -> Option<(&'static str, usize)> {
    let dtype = match &a.ty {
        Ty::Array(ty) => ty.dtype,
        _ => return None,
    };
    match (op, b.literal()?) {
        (BinaryOp::Pow, Const::Int(2)) => Some(("square", 1)),
        (BinaryOp::Pow, Const::Int(-1)) if dtype.kind() >= Kind::Float => Some(("reciprocal", 1)),
        (BinaryOp::Pow, Const::Float(bits)) if f64::from_bits(*bits) == 0.5 && dtype.kind() >= Kind::Float => {
            Some(("sqrt", 1))
        }
        _ => None,
    }
}

/// `a @ b`, which the library does.
fn matmul(e: &mut Emit, inplace: bool, a: &Val, b: &Val) -> Result<Val, Fault> {
    if !inplace {
        return e.library("numpy.matmul", vec![a.clone(), b.clone()]);
    }
    let kinds = format!("{} @= {}", describe(&a.ty), describe(&b.ty));
    let refusal = Diagnostic::new(Code::OperandTypes, "@= of arrays is not supported yet").note(kinds);
    Err(Box::new(refusal.help("write a[...] = a @ b")))
}

/// `a < b` and so on.
pub fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    if !is_array(a) && !is_array(b) {
        return Ok(None);
    }
    if !is_operand(a) || !is_operand(b) {
        return never_equal(e, op, a, b);
    }
    let name = match op {
        CmpOp::Lt => "less",
        CmpOp::Le => "less_equal",
        CmpOp::Eq => "equal",
        CmpOp::Ne => "not_equal",
        CmpOp::Gt => "greater",
        CmpOp::Ge => "greater_equal",
    };
    plain_call(e, name, &[a.clone(), b.clone()]).map(Some)
}

/// `a == None`: no element is equal to what is no number.
fn never_equal(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    let (array, other) = if is_array(a) { (a, b) } else { (b, a) };
    let strange = is_none(other) || matches!(other.ty, Ty::Lit(Const::Str(_)));
    if !strange || !matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(None);
    }
    let operand = Operand::of(e, array);
    let answer = e.bool(op == CmpOp::Ne);
    let answer = super::cast::cast(e, &answer, coachwhip_ir::Dtype::Bool);
    let answer = e.machine(&answer);
    apply(e, "second", &[operand, Operand::Single(answer)]).map(Some)
}
