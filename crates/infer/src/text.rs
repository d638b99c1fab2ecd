//! The forms of a string (`rules/strings`) and the ways between them.

use crate::emit::{Emit, Val};
use coachwhip_ir::{Const, Imm, Op, RuntimeFn, Ty};

/// Whether a value is a `str`, in any form.
pub fn is_string(ty: &Ty) -> bool {
    matches!(ty, Ty::Lit(Const::Str(_)) | Ty::Text(_) | Ty::Char) || ty.is_str()
}

/// Whether a value is a `bytes`, in either form.
pub fn is_bytes(ty: &Ty) -> bool {
    matches!(ty, Ty::Lit(Const::Bytes(_))) || ty.is_bytes()
}

/// A `str` or `bytes` as a block; `None` of anything else.
pub fn as_block(e: &mut Emit, v: &Val) -> Option<Val> {
    match &v.ty {
        Ty::Lit(c @ Const::Str(_)) => Some(e.machine_constant(c.clone(), Ty::str())),
        Ty::Lit(c @ Const::Bytes(_)) => Some(e.machine_constant(c.clone(), Ty::bytes())),
        Ty::Char => {
            let unit = e.field(v, 0);
            Some(e.runtime(RuntimeFn::StrChar, &[&unit], Ty::str()))
        }
        Ty::Text(_) => Some(e.op_with(Op::TextMake, Imm::None, &[v], Ty::str())),
        ty if ty.is_str() || ty.is_bytes() => Some(v.clone()),
        _ => None,
    }
}

/// The character with this code point.
pub fn of_char(e: &mut Emit, unit: &Val) -> Val {
    let unit = e.machine(unit);
    e.pack(Ty::Char, &[&unit])
}

/// The one code point of a literal.
pub fn only_char(c: &Const) -> Option<char> {
    let Const::Str(text) = c else { return None };
    let mut all = text.chars();
    all.next().filter(|_| all.next().is_none())
}

/// The code point of what is known to be one character.
pub fn code_point(e: &mut Emit, v: &Val) -> Option<Val> {
    match &v.ty {
        Ty::Char => Some(e.field(v, 0)),
        Ty::Lit(c) => only_char(c).map(|c| e.int(i64::from(u32::from(c)))),
        _ => None,
    }
}

/// Number of characters of a block.
pub fn length(e: &mut Emit, block: &Val) -> Val {
    e.op(Op::TextLen, &[block], Ty::Int)
}

/// The code point at a place of a block, which is inside.
pub fn unit(e: &mut Emit, block: &Val, at: &Val) -> Val {
    let units = e.op(Op::TextUnits, &[block], Ty::Ptr(None));
    let width = e.op(Op::TextWidth, &[block], Ty::Int);
    e.op(Op::TextUnit, &[&units, &width, at], Ty::Int)
}

/// What a string of a type has at a place: a character, or a byte.
pub fn element(e: &mut Emit, of: &Ty, unit: &Val) -> Val {
    if is_bytes(of) { unit.clone() } else { of_char(e, unit) }
}
