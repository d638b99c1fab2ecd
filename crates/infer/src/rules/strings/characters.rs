//! `ord` and `chr`.

use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::Rule;
use crate::rules::index::as_int;
use crate::text::{as_block, code_point, length, of_char, unit};
use coachwhip_ir::{Code, Const, ErrorKind, Op, Ty, describe};
use std::sync::Arc;

/// Callables about characters.
pub const FUNCTIONS: &[(&str, Rule)] = &[("builtins.ord", ord), ("builtins.chr", chr)];

fn ord(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let v = args.one()?;
    if let Some(unit) = code_point(e, &v) {
        return Ok(unit);
    }
    let Some(block) = as_block(e, &v) else {
        return fault(Code::ArgumentTypes, format!("ord() expected string of length 1, but {} found", describe(&v.ty)));
    };
    let (count, one) = (length(e, &block), e.int(1));
    let single = e.op(Op::Eq, &[&count, &one], Ty::Bool);
    e.guard(&single, ErrorKind::OrdLength, &[&count]);
    let zero = e.int(0);
    Ok(unit(e, &block, &zero))
}

fn chr(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let v = args.one()?;
    let Some(unit) = as_int(e, &v) else {
        return fault(Code::ArgumentTypes, format!("chr() takes an int, not {}", describe(&v.ty)));
    };
    if let Some(c) = unit.literal_int().and_then(|n| u32::try_from(n).ok()).and_then(char::from_u32) {
        return Ok(e.lit(Const::Str(Arc::from(c.to_string()))));
    }
    let limit = e.int(0x11_0000);
    let inside = e.op(Op::InRange, &[&unit, &limit], Ty::Bool);
    e.guard(&inside, ErrorKind::ChrRange, &[]);
    Ok(of_char(e, &unit))
}
