//! Strings that the running interpreter computes: by templates that are known only when the code runs, and by encodings
//! that compiled code has no tables for.

use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{expand, is_none};
use coachwhip_ir::{Code, Const, Imm, Op, Ty, describe};

/// What a callable of Python (as [`Op::TextAsk`] names it) gives for arguments: a `str` or `bytes`.
pub fn asked(e: &mut Emit, callable: &str, args: &[Val], ty: Ty) -> Result<Val, Fault> {
    let mut pieces = Vec::with_capacity(args.len());
    for arg in args {
        if !can_travel(&arg.ty) {
            return fault(Code::Text, format!("{} cannot be formatted in compiled code", describe(&arg.ty)));
        }
        let (value, none, zero) = (e.machine(arg), e.none(), e.int(0));
        let piece = Ty::tuple([value.ty.clone(), none.ty.clone(), zero.ty.clone()]);
        pieces.push(e.pack(piece, &[&value, &none, &zero]));
    }
    let text = Ty::Text(pieces.iter().map(|piece| piece.ty.clone()).collect());
    let text = e.pack(text, &pieces.iter().collect::<Vec<_>>());
    Ok(e.op_with(Op::TextAsk, Imm::Name(callable.into()), &[&text], ty))
}

/// Whether a value can be handed to Python inside an exception or a text.
pub fn can_travel(ty: &Ty) -> bool {
    match expand(ty) {
        Ty::Int
        | Ty::Float
        | Ty::Bool
        | Ty::Complex
        | Ty::Scalar(_)
        | Ty::Text(_)
        | Ty::Char
        | Ty::Caught
        | Ty::Enum(_) => true,
        ty if ty.is_str() || ty.is_bytes() => true,
        Ty::Lit(c) => !matches!(
            c,
            Const::Func(_)
                | Const::Module(_)
                | Const::Named(_)
                | Const::ExceptionClass(..)
                | Const::Native(_)
                | Const::Object(..)
                | Const::Array(_)
                | Const::Class(_)
                | Const::Dtype(_)
        ),
        Ty::Tuple(items) | Ty::ListDisplay(items) => items.iter().all(can_travel),
        Ty::Optional(inner) => can_travel(&inner),
        other => is_none(&other) || other.list_item().is_some_and(can_be_item),
    }
}

/// Whether lists with such items can be handed over.
pub fn can_be_item(ty: &Ty) -> bool {
    match ty {
        Ty::Never | Ty::Array(_) | Ty::Range(_) => true,
        // The type of the items is handed over as a text, in which no class has a number.
        Ty::Enum(_) => false,
        Ty::Tuple(items) => items.iter().all(can_be_item),
        Ty::Optional(inner) => can_be_item(inner),
        _ => can_travel(ty),
    }
}
