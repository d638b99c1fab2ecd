//! `part in text`.  A character among those of a literal is a few comparisons.

use crate::emit::{Emit, Val, fault};
use crate::rules::Answer;
use crate::rules::index::as_int;
use crate::text::{as_block, code_point, is_bytes, is_bytes_like, is_string};
use coachwhip_ir::{Code, Const, ErrorKind, Op, RuntimeFn, Ty, describe};

/// Classes of characters with more ranges than this are looked up in a table of bits.
const MOST_RANGES: usize = 8;

/// `part in text`.
pub fn contains(e: &mut Emit, part: &Val, text: &Val) -> Answer {
    if is_bytes(&text.ty) {
        return in_bytes(e, part, text);
    }
    if !is_string(&text.ty) {
        return Ok(None);
    }
    if !is_string(&part.ty) {
        let what = describe(&part.ty);
        return fault(Code::OperandTypes, format!("'in <string>' requires string as left operand, not {what}"));
    }
    match (part.literal(), &text.ty) {
        (Some(_), Ty::Lit(_)) => return Ok(None),
        (None, Ty::Lit(Const::Str(all))) if part.ty == Ty::Char => {
            let unit = e.field(part, 0);
            let class: Vec<u32> = all.chars().map(u32::from).collect();
            return Ok(Some(in_class(e, &unit, &class)));
        }
        _ => {}
    }
    let Some(text) = as_block(e, text) else { return Ok(None) };
    let found = match code_point(e, part) {
        Some(unit) => e.runtime(RuntimeFn::StrFindChar, &[&text, &unit], Ty::Int),
        None => {
            let Some(part) = as_block(e, part) else { return Ok(None) };
            e.runtime(RuntimeFn::StrFind, &[&text, &part], Ty::Int)
        }
    };
    Ok(Some(is_somewhere(e, &found)))
}

fn is_somewhere(e: &mut Emit, found: &Val) -> Val {
    let zero = e.int(0);
    e.op(Op::Ge, &[found, &zero], Ty::Bool)
}

fn in_bytes(e: &mut Emit, part: &Val, text: &Val) -> Answer {
    if is_bytes_like(&part.ty) {
        let (Some(text), Some(part)) = (as_block(e, text), as_block(e, part)) else { return Ok(None) };
        let found = e.runtime(RuntimeFn::StrFind, &[&text, &part], Ty::Int);
        return Ok(Some(is_somewhere(e, &found)));
    }
    let Some(byte) = as_int(e, part) else {
        let what = describe(&part.ty);
        return fault(Code::OperandTypes, format!("a bytes-like object is required, not '{what}'"));
    };
    let limit = e.int(256);
    let inside = e.op(Op::InRange, &[&byte, &limit], Ty::Bool);
    e.guard(&inside, ErrorKind::ByteRange, &[]);
    if let Ty::Lit(Const::Bytes(all)) = &text.ty {
        let class: Vec<u32> = all.iter().map(|&b| u32::from(b)).collect();
        return Ok(Some(in_class(e, &byte, &class)));
    }
    let Some(text) = as_block(e, text) else { return Ok(None) };
    let found = e.runtime(RuntimeFn::StrFindChar, &[&text, &byte], Ty::Int);
    Ok(Some(is_somewhere(e, &found)))
}

/// Whether a code point is one of a class.
fn in_class(e: &mut Emit, unit: &Val, class: &[u32]) -> Val {
    let ranges = ranges(class);
    if ranges.len() > MOST_RANGES && class.iter().all(|&c| c < 128) {
        return in_table(e, unit, class);
    }
    let mut found = e.bool(false);
    for (first, last) in ranges {
        let (low, high) = (e.int(i64::from(first)), e.int(i64::from(last)));
        let one = if first == last {
            e.op(Op::Eq, &[unit, &low], Ty::Bool)
        } else {
            let (above, below) = (e.op(Op::Ge, &[unit, &low], Ty::Bool), e.op(Op::Le, &[unit, &high], Ty::Bool));
            e.op(Op::And, &[&above, &below], Ty::Bool)
        };
        found = e.op(Op::Or, &[&found, &one], Ty::Bool);
    }
    found
}

/// The runs of code points that follow each other.
fn ranges(class: &[u32]) -> Vec<(u32, u32)> {
    let mut sorted = class.to_vec();
    sorted.sort_unstable();
    let mut found: Vec<(u32, u32)> = Vec::new();
    for unit in sorted {
        match found.last_mut() {
            Some((_, last)) if unit <= *last + 1 => *last = unit,
            _ => found.push((unit, unit)),
        }
    }
    found
}

/// By a bit for each of the code points below 128.
fn in_table(e: &mut Emit, unit: &Val, class: &[u32]) -> Val {
    let mut bits = 0u128;
    class.iter().for_each(|&c| bits |= 1 << c);
    let (low, high) = (e.int(bits as u64 as i64), e.int((bits >> 64) as u64 as i64));
    let (half, limit, mask, one, zero) = (e.int(64), e.int(128), e.int(63), e.int(1), e.int(0));
    let first = e.op(Op::Lt, &[unit, &half], Ty::Bool);
    let word = e.select(&first, &low, &high);
    let place = e.op(Op::And, &[unit, &mask], Ty::Int);
    let moved = e.op(Op::Shr, &[&word, &place], Ty::Int);
    let bit = e.op(Op::And, &[&moved, &one], Ty::Int);
    let set = e.op(Op::Ne, &[&bit, &zero], Ty::Bool);
    let inside = e.op(Op::InRange, &[unit, &limit], Ty::Bool);
    e.op(Op::And, &[&set, &inside], Ty::Bool)
}
