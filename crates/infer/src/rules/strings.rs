//! A `str` whose content is known only when the code runs (`Ty::Str`): an argument of the caller.
//!
//! It is compared for equality, asked for its length, printed, put into messages, handed on and returned.  Whatever else code
//! does with it is refused, and the function is then compiled for the value itself (`py`, `dispatcher/texts.rs`).

use super::{Answer, Family, print};
use crate::emit::{Emit, Val};
use coachwhip_ir::{CmpOp, Const, Op, RuntimeFn, Ty};

/// What this family answers for.
pub const FAMILY: Family = Family { compare, truth, len, ..Family::NONE };

/// Bytes that are compared at once.
const WORD: usize = 8;
/// Literals of more bytes than this are not compared word by word.
const MAX_LITERAL: usize = 512;

/// The UTF-8 of a string and its number of bytes.
fn bytes(e: &mut Emit, v: &Val) -> (Val, Val) {
    (e.field(v, 1), e.field(v, 2))
}

fn len(e: &mut Emit, v: &Val) -> Answer {
    Ok((v.ty == Ty::Str).then(|| e.field(v, 3)))
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    if v.ty != Ty::Str {
        return Ok(None);
    }
    let (_, length) = bytes(e, v);
    let zero = e.int(0);
    Ok(Some(e.op(Op::Ne, &[&length, &zero], Ty::Bool)))
}

fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    let equal = match (&a.ty, &b.ty) {
        (Ty::Str, Ty::Str) => {
            let ((x, n), (y, m)) = (bytes(e, a), bytes(e, b));
            let equal = e.runtime(RuntimeFn::TextEqual, &[&x, &n, &y, &m], Ty::Int);
            let zero = e.int(0);
            e.op(Op::Ne, &[&equal, &zero], Ty::Bool)
        }
        (Ty::Str, Ty::Lit(Const::Str(text))) if text.len() <= MAX_LITERAL => is_literal(e, a, text),
        (Ty::Lit(Const::Str(text)), Ty::Str) if text.len() <= MAX_LITERAL => is_literal(e, b, text),
        _ => return Ok(None),
    };
    Ok(match op {
        CmpOp::Eq => Some(equal),
        CmpOp::Ne => Some(e.op(Op::Not, &[&equal], Ty::Bool)),
        _ => None,
    })
}

/// Whether a string has the bytes of a literal: first its length, then word by word, without branches.
fn is_literal(e: &mut Emit, v: &Val, text: &str) -> Val {
    let (data, length) = bytes(e, v);
    let wanted = e.int(text.len() as i64);
    let mut equal = e.op(Op::Eq, &[&length, &wanted], Ty::Bool);
    for (number, chunk) in text.as_bytes().chunks(WORD).enumerate() {
        let mut word = [0; WORD];
        for (byte, &given) in word.iter_mut().zip(chunk) {
            *byte = given;
        }
        let (place, wanted) = (e.int((number * WORD) as i64), e.int(i64::from_le_bytes(word)));
        let found = e.runtime(RuntimeFn::TextWord, &[&data, &length, &place], Ty::Int);
        let same = e.op(Op::Eq, &[&found, &wanted], Ty::Bool);
        equal = e.both(&equal, &same);
    }
    equal
}

/// `a + b`, as a text of pieces.
pub fn concatenate(e: &mut Emit, a: &Val, b: &Val) -> Answer {
    let mut parts = Vec::with_capacity(2);
    for v in [a, b] {
        parts.push(match &v.ty {
            Ty::Str => print::formatted(e, v, 0)?,
            ty if print::is_text(ty) => v.clone(),
            _ => return Ok(None),
        });
    }
    Ok(Some(print::text(e, &parts)))
}
