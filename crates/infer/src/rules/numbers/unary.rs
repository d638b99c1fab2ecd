//! `-x`, `+x`, `~x`, `abs(x)` and truth.

use super::complex::{self, Parts};
use super::convert::{cast, nonzero, part};
use super::{python_int, strict};
use crate::emit::{Emit, Fault, Val, fault};
use crate::promote::Num;
use crate::rules::Answer;
use coachwhip_ir::{Code, Diagnostic, Dtype, Kind, Ty, UnaryOp};

/// The unary operators of numbers.
pub fn unary(e: &mut Emit, op: UnaryOp, v: &Val) -> Answer {
    let Some(num) = Num::of(&v.ty) else { return Ok(None) };
    let value = match op {
        UnaryOp::Neg => negate(e, v, num)?,
        UnaryOp::Pos => positive(e, v, num)?,
        UnaryOp::Invert => invert(e, v, num)?,
        UnaryOp::Not => {
            let truth = nonzero(e, v, &Ty::Bool);
            e.not(&truth)
        }
    };
    Ok(Some(value))
}

/// `bool(x)` as a machine condition.
pub fn truth(e: &mut Emit, v: &Val) -> Answer {
    Ok(Num::of(&v.ty).map(|_| nonzero(e, v, &Ty::Bool)))
}

/// `-x`.
pub fn negate(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    Ok(match num {
        Num::Bool | Num::Int => {
            let v = cast(e, v, &Ty::Int);
            python_int::negate(e, &v)
        }
        Num::Scalar(Dtype::Bool) => {
            let message = "The numpy boolean negative, the `-` operator, is not supported";
            let help = "use the `~` operator or np.logical_not instead";
            return Err(Box::new(Diagnostic::new(Code::OperandTypes, message).help(help)));
        }
        _ if num.kind() == Kind::Complex => {
            let parts = Parts::of(e, v, &part(&num.ty()));
            parts.neg(e).pack(e, &num.ty())
        }
        _ => strict::neg(e, v, num.dtype()),
    })
}

/// `+x`.
pub fn positive(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    Ok(match num {
        Num::Bool => cast(e, v, &Ty::Int),
        Num::Scalar(Dtype::Bool) => {
            let message = "ufunc 'positive' did not contain a loop with signature matching numpy.bool";
            return Err(Box::new(Diagnostic::new(Code::OperandTypes, message).help("leave the unary `+` out")));
        }
        _ => v.clone(),
    })
}

/// `~x`.
pub fn invert(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    if num.kind() >= Kind::Float {
        return fault(Code::OperandTypes, format!("bad operand type for unary ~: '{}'", num.name()));
    }
    let v = if num == Num::Bool { cast(e, v, &Ty::Int) } else { v.clone() };
    Ok(e.not(&v))
}

/// `abs(x)`.
pub fn absolute(e: &mut Emit, v: &Val, num: Num) -> Result<Val, Fault> {
    Ok(match num {
        Num::Bool | Num::Int => {
            let v = cast(e, v, &Ty::Int);
            python_int::absolute(e, &v)
        }
        Num::Complex => {
            let parts = Parts::of(e, v, &Ty::Float);
            complex::python_abs(e, &parts)?
        }
        Num::Scalar(d) if d.kind() == Kind::Complex => {
            let parts = Parts::of(e, v, &Ty::Scalar(d.real()));
            complex::modulus(e, &parts)
        }
        _ if matches!(num.kind(), Kind::Bool | Kind::Unsigned) => v.clone(),
        _ => strict::abs(e, v, num.dtype()),
    })
}
