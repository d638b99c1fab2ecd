//! The forms of a string (`rules/strings`) and the ways between them, and between strings and numbers.

use crate::emit::{Emit, Fault, Val, fault};
use crate::join::is_none;
use coachwhip_ir::{Code, Const, Imm, Op, RuntimeFn, Ty, describe};

/// Whether a value is a `str`, in any form.
pub fn is_string(ty: &Ty) -> bool {
    matches!(ty, Ty::Lit(Const::Str(_)) | Ty::Text(_) | Ty::Char) || ty.is_str()
}

/// Whether a value is a `bytes`, in either form.
pub fn is_bytes(ty: &Ty) -> bool {
    matches!(ty, Ty::Lit(Const::Bytes(_))) || ty.is_bytes()
}

/// Whether a value is a `bytes` or a `bytearray`.
pub fn is_bytes_like(ty: &Ty) -> bool {
    is_bytes(ty) || ty.is_bytearray()
}

/// A `bytes` of some of the bytes of a byte array: from where, in which steps, how many.
pub fn bytes_of(e: &mut Emit, array: &Val, start: &Val, step: &Val, count: &Val) -> Val {
    e.runtime(RuntimeFn::BytesOfArray, &[array, start, step, count], Ty::bytes())
}

/// A new byte array of the content of a block.
pub fn array_of(e: &mut Emit, block: &Val) -> Val {
    e.runtime(RuntimeFn::ArrayOfBytes, &[block], Ty::bytearray())
}

/// A `str` or `bytes` as a block, and the content of a `bytearray`; `None` of anything else.
pub fn as_block(e: &mut Emit, v: &Val) -> Option<Val> {
    match &v.ty {
        Ty::Lit(c @ Const::Str(_)) => Some(e.machine_constant(c.clone(), Ty::str())),
        Ty::Lit(c @ Const::Bytes(_)) => Some(e.machine_constant(c.clone(), Ty::bytes())),
        Ty::Char => {
            let unit = e.field(v, 0);
            Some(e.runtime(RuntimeFn::StrChar, &[&unit], Ty::str()))
        }
        Ty::Text(pieces) => {
            let of_one = if pieces.len() == 1 { of_piece(e, v) } else { None };
            Some(match of_one {
                Some(made) => made,
                None => e.op_with(Op::TextMake, Imm::None, &[v], Ty::str()),
            })
        }
        ty if ty.is_str() || ty.is_bytes() => Some(v.clone()),
        ty if ty.is_bytearray() => {
            let (zero, one, count) = (e.int(0), e.int(1), e.op(Op::ListLen, &[v], Ty::Int));
            Some(bytes_of(e, v, &zero, &one, &count))
        }
        _ => None,
    }
}

/// The character with this code point.
pub fn of_char(e: &mut Emit, unit: &Val) -> Val {
    let unit = e.machine(unit);
    e.pack(Ty::Char, &[&unit])
}

/// Whether a value is known to be a `str` of one character.
pub fn is_character(ty: &Ty) -> bool {
    *ty == Ty::Char || ty.literal().is_some_and(|c| only_char(c).is_some())
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

/// A `str` or `bytes` as a block, and whether it is a `bytes`.
fn text(e: &mut Emit, v: &Val) -> Option<(Val, Val)> {
    let block = if is_string(&v.ty) || is_bytes_like(&v.ty) { as_block(e, v)? } else { return None };
    let bytes = e.int(i64::from(block.ty.is_bytes()));
    Some((block, bytes))
}

/// `int(text)`, or `int(text, base)`; `None` if it is no text.
pub fn int(e: &mut Emit, v: &Val, base: Option<&Val>) -> Result<Option<Val>, Fault> {
    let Some((block, bytes)) = text(e, v) else {
        return match base {
            Some(_) => fault(Code::ArgumentTypes, "int() can't convert non-string with explicit base"),
            None => Ok(None),
        };
    };
    let base = match base {
        None => e.int(10),
        Some(base) if matches!(base.ty.widened(), Ty::Int | Ty::Bool) => base.clone(),
        Some(base) => {
            let what = describe(&base.ty);
            return fault(Code::ArgumentTypes, format!("the base of int() must be an int, not {what}"));
        }
    };
    Ok(Some(e.runtime(RuntimeFn::IntOfText, &[&block, &base, &bytes], Ty::Int)))
}

/// `float(text)`; `None` if it is no text.
pub fn float(e: &mut Emit, v: &Val) -> Option<Val> {
    // CPython names the byte array where it is no number.
    if v.ty.is_bytearray() {
        return crate::asked::asked(e, "float", std::slice::from_ref(v), Ty::Float).ok();
    }
    let (block, bytes) = text(e, v)?;
    Some(e.runtime(RuntimeFn::FloatOfText, &[&block, &bytes], Ty::Float))
}

/// A value by a specification that is known only when the code runs; as a `str`.
pub fn formatted(e: &mut Emit, v: &Val, spec: &Val) -> Result<Val, Fault> {
    let Some(spec) = as_block(e, spec).filter(|_| is_string(&spec.ty)) else {
        let what = describe(&spec.ty);
        return fault(Code::ArgumentTypes, format!("a format specification must be a str, not {what}"));
    };
    let function = match v.ty.widened() {
        Ty::Int => RuntimeFn::FormatInt,
        Ty::Bool => RuntimeFn::FormatBool,
        Ty::Float => RuntimeFn::FormatFloat,
        _ if is_string(&v.ty) => RuntimeFn::FormatStr,
        _ => return crate::asked::asked(e, "format", &[v.clone(), spec], Ty::str()),
    };
    let value = match as_block(e, v).filter(|_| is_string(&v.ty)) {
        Some(block) => block,
        None => e.machine(v),
    };
    Ok(e.runtime(function, &[&value, &spec], Ty::str()))
}

/// A text that is one number, formatted at once; `None` of any other.
pub fn of_piece(e: &mut Emit, text: &Val) -> Option<Val> {
    let piece = e.field(text, 0);
    let Ty::Tuple(fields) = &piece.ty else { return None };
    let [value, spec, conversion] = &**fields else { return None };
    let function = match value {
        Ty::Int => RuntimeFn::FormatInt,
        Ty::Bool => RuntimeFn::FormatBool,
        Ty::Float => RuntimeFn::FormatFloat,
        _ => return None,
    };
    // Without a specification, `str` of a number is its format.
    let spec = match (spec, conversion.literal()) {
        (Ty::Lit(Const::Str(spec)), Some(Const::Int(0))) => spec.clone(),
        (spec, Some(Const::Int(0 | 114 | 115))) if is_none(spec) => "".into(),
        _ => return None,
    };
    let value = e.field(&piece, 0);
    let spec = e.machine_constant(Const::Str(spec), Ty::str());
    Some(e.runtime(function, &[&value, &spec], Ty::str()))
}
