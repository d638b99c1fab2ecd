//! Strings: headers and code points of blocks (`abi::layout::Str`), constants as blocks in the object, texts made into strings.

use super::Done;
use super::function::{Lowering, argument};
use super::unit::Unit;
use crate::EmitError;
use crate::llvm::{Flags, IntPredicate, Opcode, Value as Val};
use coachwhip_abi::RuntimeFn;
use coachwhip_abi::layout::{AskedNumber, Owner, STATIC_COUNT, Str};
use coachwhip_ir::{Const, Imm, InstData, Op, Ty};
use std::mem::offset_of;

pub fn lower(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let result = match inst.op {
        Op::TextLen => l.unit.builder.load(l.unit.context.int(64), field(l, inst, offset_of!(Str, length))?, 8),
        Op::TextWidth => l.unit.builder.load(l.unit.context.int(64), field(l, inst, offset_of!(Str, width))?, 8),
        Op::TextUnits => {
            let at = field(l, inst, offset_of!(Str, owner) + offset_of!(Owner, data))?;
            l.unit.builder.load(l.unit.context.ptr(), at, 8)
        }
        Op::TextUnit => unit(l, inst)?,
        _ => make(l, inst)?,
    };
    l.result(inst, &[result]);
    Ok(())
}

/// Where a field of the header is.
fn field<'c>(l: &Lowering<'_, 'c, '_>, inst: &InstData, offset: usize) -> Result<Val<'c>, EmitError> {
    Ok(l.unit.builder.byte(l.operand(inst, 0)?, offset as u64))
}

/// A code point, by a branch on the width: outside of loops LLVM decides it once.
fn unit<'c>(l: &mut Lowering<'_, 'c, '_>, inst: &InstData) -> Result<Val<'c>, EmitError> {
    let (units, width, index) = (l.operand(inst, 0)?, l.operand(inst, 1)?, l.operand(inst, 2)?);
    let word = l.unit.context.int(64);
    let (narrow, wider, two, four, next) = (l.new_block(), l.new_block(), l.new_block(), l.new_block(), l.new_block());
    let is = |l: &Lowering<'_, 'c, '_>, n: i64| l.unit.builder.icmp(IntPredicate::LLVMIntEQ, width, l.unit.int64(n));
    let branch = l.unit.builder.branch(is(l, 1), narrow, wider);
    l.unit.expect_first(branch);
    l.unit.builder.at(wider);
    l.unit.builder.branch(is(l, 2), two, four);
    let mut found = Vec::with_capacity(3);
    for (block, bits) in [(narrow, 8), (two, 16), (four, 32)] {
        l.unit.builder.at(block);
        let ty = l.unit.context.int(bits);
        let at = l.unit.builder.element(ty, units, index, Flags::NoWrap);
        let value = l.unit.builder.load(ty, at, bits / 8);
        found.push((l.unit.builder.cast(Opcode::LLVMZExt, value, word), l.unit.builder.block()));
        l.unit.builder.jump(next);
    }
    l.unit.builder.at(next);
    let phi = l.unit.builder.phi(word);
    found.into_iter().for_each(|(value, from)| phi.add_incoming(value, from));
    Ok(phi)
}

/// Hands the pieces of a text over and takes the string that they make, or that Python makes of them.
fn make<'c>(l: &mut Lowering<'_, 'c, '_>, inst: &InstData) -> Result<Val<'c>, EmitError> {
    let value = argument(inst, 0)?;
    let Ty::Text(pieces) = l.func.ty(value) else { return Err(EmitError::new("strings are made of texts")) };
    let parts = l.get(value)?.to_vec();
    super::text::text_pieces(l, pieces, &parts)?;
    let ty = l.result_ty(inst)?.clone();
    let number = number_asked(&ty);
    let form = if number.is_some() { l.unit.context.int(64) } else { l.unit.context.ptr() };
    let slot = l.in_prologue(|l| l.unit.builder.alloca(form));
    let status = match (&inst.imm, number) {
        (Imm::Name(callable), number) => {
            let name = l.unit.text(&[callable.as_bytes(), b"\0"].concat());
            match number {
                Some(kind) => {
                    let kind = l.unit.int64(kind);
                    l.unit.call_runtime(RuntimeFn::NumberAsked, &[l.context, name, kind, slot])
                }
                None if ty.is_object() => l.unit.call_runtime(RuntimeFn::ObjectAsked, &[l.context, name, slot]),
                None => l.unit.call_runtime(RuntimeFn::StrAsked, &[l.context, name, slot]),
            }
        }
        _ => l.unit.call_runtime(RuntimeFn::StrOfPieces, &[l.context, slot]),
    };
    super::failures::check_status(l, status, true);
    let found = l.unit.builder.load(form, slot, 8);
    Ok(if number.is_some() { l.unit.value_of_word(&ty, found) } else { found })
}

/// Which number Python is asked for, as the run time has it (`abi::layout::AskedNumber`).
fn number_asked(ty: &Ty) -> Option<i64> {
    let kind = match ty {
        Ty::Int => AskedNumber::Int,
        Ty::Float => AskedNumber::Float,
        Ty::Bool => AskedNumber::Bool,
        _ => return None,
    };
    Some(kind as i64)
}

/// A constant as a block in the object: its code points follow it in memory of their own.
pub fn constant<'c>(unit: &Unit<'c, '_>, value: &Const) -> Option<Val<'c>> {
    if let Some(known) = unit.strings.borrow().get(value) {
        return Some(*known);
    }
    let (bytes, length, width) = encoded(value)?;
    let null = unit.context.ptr().zero();
    let data = unit.module.constant_data(unit.context.const_bytes(&[bytes.as_slice(), &[0; 4]].concat()), 8);
    let fields = [
        unit.int64(STATIC_COUNT),
        data,
        unit.int64(bytes.len() as i64),
        null,
        unit.int64(length as i64),
        unit.int64(width as i64),
        unit.int64(-1),
        null,
    ];
    let block = unit.module.constant_data(unit.context.const_structure(&fields), 8);
    unit.strings.borrow_mut().insert(value.clone(), block);
    Some(block)
}

/// The bytes of a string's code points, their number and their width.
fn encoded(value: &Const) -> Option<(Vec<u8>, usize, usize)> {
    let text = match value {
        Const::Str(text) => text,
        Const::Bytes(bytes) => return Some((bytes.to_vec(), bytes.len(), 1)),
        _ => return None,
    };
    let length = text.chars().count();
    let (bytes, width) = match text.chars().max().map_or(0, u32::from) {
        0..=0xff => (text.chars().map(|c| u32::from(c) as u8).collect(), 1),
        0x100..=0xffff => (text.encode_utf16().flat_map(u16::to_le_bytes).collect(), 2),
        _ => (text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(), 4),
    };
    Some((bytes, length, width))
}
