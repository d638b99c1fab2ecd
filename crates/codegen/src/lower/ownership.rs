//! Who keeps which memory: stack slots of owner words, counts, and cells on the stack.
//!
//! A slot is null from function entry on, except while the function keeps the owner; the error exit
//! releases what the slots hold.

use super::Done;
use super::function::{Lowering, argument};
use super::types::{class_type, push_machine};
use crate::EmitError;
use crate::llvm::{IntPredicate, Opcode, Value as Val};
use coachwhip_abi::RuntimeFn;
use coachwhip_ir::{InstData, Op, Ty, Value, heap};

/// The owner words of a value.
fn owners<'c>(l: &Lowering<'_, 'c, '_>, value: Value) -> Result<Vec<Val<'c>>, EmitError> {
    let positions = heap::owner_positions(l.func.ty(value));
    let parts = l.get(value)?;
    Ok(positions.into_iter().filter_map(|at| parts.get(at).copied()).collect())
}

/// `own`, `disown`, `retain` and `release`.
pub fn count(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let value = argument(inst, 0)?;
    let owners = owners(l, value)?;
    match inst.op {
        Op::Own => own(l, value, &owners),
        Op::Disown => clear_slots(l, value),
        Op::Retain => owners.into_iter().for_each(|owner| counted(l, RuntimeFn::Retain, owner)),
        _ => {
            // The slot is emptied first: the release is the last thing that this keeper does.
            clear_slots(l, value);
            owners.into_iter().for_each(|owner| counted(l, RuntimeFn::Release, owner));
        }
    }
    Ok(())
}

fn own<'c>(l: &mut Lowering<'_, 'c, '_>, value: Value, owners: &[Val<'c>]) {
    if !l.slots.contains_key(&value) {
        let slots: Vec<Val> = owners.iter().map(|_| new_slot(l)).collect();
        l.released.extend(&slots);
        l.slots.insert(value, slots);
    }
    for (&slot, &owner) in l.slots.get(&value).into_iter().flatten().zip(owners) {
        l.unit.builder.store(owner, slot, 8);
    }
}

/// A pointer-sized stack slot, null at function entry.
fn new_slot<'c>(l: &mut Lowering<'_, 'c, '_>) -> Val<'c> {
    l.in_prologue(|l| {
        let pointer = l.unit.context.ptr();
        let slot = l.unit.builder.alloca(pointer);
        l.unit.builder.store(pointer.zero(), slot, 8);
        slot
    })
}

fn clear_slots(l: &mut Lowering<'_, '_, '_>, value: Value) {
    let null = l.unit.context.ptr().zero();
    for &slot in l.slots.get(&value).into_iter().flatten() {
        l.unit.builder.store(null, slot, 8);
    }
}

/// Counts an owner up or down, unless it is null or a Python object that the caller keeps (low bit set).
fn counted<'c>(l: &mut Lowering<'_, 'c, '_>, function: RuntimeFn, owner: Val<'c>) {
    let (counts, next) = (l.new_block(), l.new_block());
    let b = &l.unit.builder;
    let word = b.cast(Opcode::LLVMPtrToInt, owner, l.unit.context.int(64));
    let tag = b.binary(Opcode::LLVMAnd, word, l.unit.int64(1));
    let untagged = b.icmp(IntPredicate::LLVMIntEQ, tag, l.unit.int64(0));
    let present = b.icmp(IntPredicate::LLVMIntNE, word, l.unit.int64(0));
    b.branch(b.binary(Opcode::LLVMAnd, untagged, present), counts, next);
    b.at(counts);
    l.unit.call_runtime(function, &[owner]);
    l.unit.builder.jump(next);
    l.unit.builder.at(next);
}

/// The type of a cell's content.
fn content(ty: &Ty) -> Result<&Ty, EmitError> {
    match ty {
        Ty::Cell(inner) => Ok(inner),
        _ => Err(EmitError::new("the operand is no cell")),
    }
}

/// `cell`, `cell_get` and `cell_set`.
pub fn cell(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    if inst.op == Op::CellNew {
        let ty = content(l.result_ty(inst)?)?;
        let cell = new_cell(l, ty);
        l.result(inst, &[cell]);
        return Ok(());
    }
    let cell = l.operand(inst, 0)?;
    let ty = content(l.operand_ty(inst, 0)?)?;
    let parts = ty.machine();
    if inst.op == Op::CellSet {
        let values = l.as_type(argument(inst, 1)?, ty)?;
        for (position, &value) in values.iter().enumerate() {
            l.unit.builder.store(value, l.unit.builder.byte(cell, 8 * position as u64), 8);
        }
        return Ok(());
    }
    let unit = &*l.unit;
    let read = |(position, part): (usize, &Ty)| {
        let ty = class_type(unit.context, super::types::class(part));
        unit.builder.load(ty, unit.builder.byte(cell, 8 * position as u64), 8)
    };
    let values: Vec<Val> = parts.iter().enumerate().map(read).collect();
    l.result(inst, &values);
    Ok(())
}

/// Stack memory with eight bytes for each machine value.  Zeroed where it is made, so that the owner words
/// are null; and at function entry, for the error exit.
fn new_cell<'c>(l: &mut Lowering<'_, 'c, '_>, ty: &Ty) -> Val<'c> {
    let (mut parts, owners) = (Vec::new(), heap::owner_positions(ty));
    push_machine(l.unit.context, ty, &mut parts);
    let word = l.unit.context.int(64);
    let shape = l.unit.context.structure(&vec![word; parts.len().max(1)]);
    let slots = |l: &Lowering<'_, 'c, '_>, cell: Val<'c>| -> Vec<Val<'c>> {
        owners.iter().map(|&at| l.unit.builder.byte(cell, 8 * at as u64)).collect()
    };
    let null = l.unit.context.ptr().zero();
    let (cell, entry_slots) = l.in_prologue(|l| {
        let cell = l.unit.builder.alloca(shape);
        let slots = slots(l, cell);
        for &slot in &slots {
            l.unit.builder.store(null, slot, 8);
        }
        (cell, slots)
    });
    l.released.extend(&entry_slots);
    for slot in slots(l, cell) {
        l.unit.builder.store(null, slot, 8);
    }
    cell
}
