//! Lists: headers in counted blocks, items as runs of words.
//!
//! An item is the words of its value as values cross the boundary, so an item of one word is read and written in its own
//! type, and loops over such items vectorise as loops over arrays do.

use super::Done;
use super::function::{Lowering, argument};
use super::types::{Class, class, class_type, each_machine, width};
use crate::EmitError;
use crate::llvm::{Flags, IntPredicate, Opcode, Value as Val};
use coachwhip_abi::layout::{ITEM_WORDS, List, Owner};
use coachwhip_abi::{Context, ErrorKind, RuntimeFn};
use coachwhip_ir::{Imm, InstData, Op, Ty, heap};
use std::mem::offset_of;

/// Lists and their items.
pub fn lower(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    match inst.op {
        Op::ItemLoad | Op::ItemStore | Op::ItemInit | Op::ItemsDrop | Op::ItemsMove => item(l, inst),
        Op::GlobalList => global(l, inst),
        _ => header(l, inst),
    }
}

/// `list_new` and what reads or changes a header.
fn header(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let result = match inst.op {
        Op::ListNew => new(l, inst)?,
        Op::ListLen => l.unit.builder.load(l.unit.context.int(64), field(l, inst, offset_of!(List, length))?, 8),
        Op::ListRoom => l.unit.builder.load(l.unit.context.int(64), field(l, inst, offset_of!(List, room))?, 8),
        Op::ListItems => {
            let at = field(l, inst, offset_of!(List, owner) + offset_of!(Owner, data))?;
            l.unit.builder.load(l.unit.context.ptr(), at, 8)
        }
        Op::ListResize => {
            l.unit.builder.store(l.operand(inst, 1)?, field(l, inst, offset_of!(List, length))?, 8);
            return Ok(());
        }
        _ => return reserve(l, inst),
    };
    l.result(inst, &[result]);
    Ok(())
}

/// `global_list`: what the caller has put into the context.
fn global(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let Imm::Int(number) = inst.imm else { return Err(EmitError::new("a global list without a number")) };
    let pointer = l.unit.context.ptr();
    let place = l.unit.builder.byte(l.context, offset_of!(Context, lists) as u64);
    let lists = l.unit.builder.load(pointer, place, 8);
    l.unit.mark_invariant(lists);
    let list = l.unit.builder.load(pointer, l.unit.builder.byte(lists, 8 * number as u64), 8);
    l.unit.mark_invariant(list);
    l.result(inst, &[list]);
    Ok(())
}

/// Where a field of the header is.
fn field<'c>(l: &Lowering<'_, 'c, '_>, inst: &InstData, offset: usize) -> Result<Val<'c>, EmitError> {
    Ok(l.unit.builder.byte(l.operand(inst, 0)?, offset as u64))
}

fn new<'c>(l: &mut Lowering<'_, 'c, '_>, inst: &InstData) -> Result<Val<'c>, EmitError> {
    let item = l.result_ty(inst)?.stored().ok_or_else(|| EmitError::new("the result is no list"))?;
    if width(item) > ITEM_WORDS {
        return Err(EmitError::new("an item of a list has too many parts"));
    }
    let (bytes, owners) = (heap::item_bytes(item), owner_mask(item));
    let room = l.operand(inst, 0)?;
    let args = [room, l.unit.int64(bytes as i64), l.unit.int64(owners as i64)];
    let list = l.unit.call_runtime(RuntimeFn::ListNew, &args);
    let null = l.unit.builder.icmp(IntPredicate::LLVMIntEQ, list, list.ty().zero());
    super::failures::fail_if(l, null, ErrorKind::OutOfMemory, &[room]);
    Ok(list)
}

/// Which words of an item are owner words.
fn owner_mask(item: &Ty) -> u64 {
    heap::owner_positions(item).into_iter().fold(0u64, |mask, at| mask | 1 << at)
}

fn reserve(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let (list, room) = (l.operand(inst, 0)?, l.operand(inst, 1)?);
    let done = l.unit.call_runtime(RuntimeFn::ListReserve, &[list, room]);
    let failed = l.unit.builder.icmp(IntPredicate::LLVMIntEQ, done, l.unit.int64(0));
    super::failures::fail_if(l, failed, ErrorKind::OutOfMemory, &[room]);
    Ok(())
}

/// `item_load`, `item_store`, `item_init`, `item_drop` and `items_move`.
fn item(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let Ty::Ptr(Some(item)) = l.operand_ty(inst, 0)? else {
        return Err(EmitError::new("the operand leads to no items"));
    };
    let item = (**item).clone();
    if heap::item_bytes(&item) == 1 {
        return byte(l, inst);
    }
    let words = width(&item);
    match inst.op {
        Op::ItemLoad => {
            let address = place(l, inst, 1, words)?;
            let (mut parts, mut at) = (Vec::with_capacity(words), 0);
            each_machine(&item, &mut |part| {
                parts.push(load_word(l, part, l.unit.builder.byte(address, at)));
                at += 8;
            });
            l.result(inst, &parts);
        }
        Op::ItemsDrop => {
            let owners = owner_mask(&item);
            if owners != 0 {
                let args = [
                    place(l, inst, 1, words)?,
                    l.operand(inst, 2)?,
                    l.unit.int64(words as i64),
                    l.unit.int64(owners as i64),
                ];
                l.unit.call_runtime(RuntimeFn::ItemsDrop, &args);
            }
        }
        Op::ItemsMove => {
            let (to, from) = (place(l, inst, 1, words)?, place(l, inst, 2, words)?);
            let size = l.unit.int64(8 * words as i64);
            let bytes = l.unit.builder.binary(Opcode::LLVMMul, l.operand(inst, 3)?, size);
            l.unit.call_runtime(RuntimeFn::ItemsMove, &[to, from, bytes]);
        }
        _ => {
            let address = place(l, inst, 1, words)?;
            let values = l.as_type(argument(inst, 2)?, &item)?;
            let (mut values, mut at) = (values.into_iter(), 0);
            each_machine(&item, &mut |part| {
                if let Some(value) = values.next() {
                    store_word(l, part, l.unit.builder.byte(address, at), value);
                }
                at += 8;
            });
        }
    }
    Ok(())
}

/// The same, where an item is one byte.
fn byte(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    match inst.op {
        Op::ItemsDrop => {}
        Op::ItemLoad => {
            let value = l.unit.builder.load(l.unit.context.int(8), byte_place(l, inst, 1)?, 1);
            l.mark_access(value);
            l.result(inst, &[value]);
        }
        Op::ItemsMove => {
            let args = [byte_place(l, inst, 1)?, byte_place(l, inst, 2)?, l.operand(inst, 3)?];
            l.unit.call_runtime(RuntimeFn::ItemsMove, &args);
        }
        _ => {
            let value = l.operand(inst, 2)?;
            let store = l.unit.builder.store(value, byte_place(l, inst, 1)?, 1);
            l.mark_access(store);
        }
    }
    Ok(())
}

/// Where the byte is whose position is an operand.
fn byte_place<'c>(l: &Lowering<'_, 'c, '_>, inst: &InstData, index: usize) -> Result<Val<'c>, EmitError> {
    let (bytes, position) = (l.operand(inst, 0)?, l.operand(inst, index)?);
    Ok(l.unit.builder.element(l.unit.context.int(8), bytes, position, Flags::NoWrap))
}

/// Where the item is whose position is an operand.
fn place<'c>(l: &Lowering<'_, 'c, '_>, inst: &InstData, index: usize, words: usize) -> Result<Val<'c>, EmitError> {
    let (items, position) = (l.operand(inst, 0)?, l.operand(inst, index)?);
    let word = l.unit.context.int(64);
    let ty = if words == 1 { word } else { l.unit.context.structure(&vec![word; words]) };
    Ok(l.unit.builder.element(ty, items, position, Flags::NoWrap))
}

/// A machine value from its word; little-endian, so a narrow value is at the word's beginning.
fn load_word<'c>(l: &Lowering<'_, 'c, '_>, part: &Ty, address: Val<'c>) -> Val<'c> {
    let (b, class) = (&l.unit.builder, class(part));
    let value = match class {
        Class::Int { bits: 1, .. } => {
            let byte = b.load(l.unit.context.int(8), address, 8);
            l.mark_access(byte);
            return b.icmp(IntPredicate::LLVMIntNE, byte, byte.ty().zero());
        }
        class => b.load(class_type(l.unit.context, class), address, 8),
    };
    l.mark_access(value);
    value
}

fn store_word<'c>(l: &Lowering<'_, 'c, '_>, part: &Ty, address: Val<'c>, value: Val<'c>) {
    let whole = match class(part) {
        Class::Pointer | Class::Float(64) | Class::Int { bits: 64, .. } => value,
        _ => l.unit.to_word(part, value),
    };
    l.mark_access(l.unit.builder.store(whole, address, 8));
}
