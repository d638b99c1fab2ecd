//! What is known about arrays without running: where sizes and strides come from, and whose memory they share.

use coachwhip_ir::{Const, Func, Imm, Inst, InstData, Layout, Op, Owner, Value, heap};

/// Where a number comes from; equal keys are equal numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// A constant.
    Const(i64),
    /// Field of an array that is not made here.
    Field(Value, i64),
    /// Any other value.
    Value(Value),
}

/// Where an `Int` comes from.
pub fn provenance(func: &Func, value: Value) -> Provenance {
    if let Some(Const::Int(n)) = func.constant(value) {
        return Provenance::Const(*n);
    }
    let Some(inst) = func.def_inst(value) else { return Provenance::Value(value) };
    match (func.insts[inst].op, &func.insts[inst].imm, func.insts[inst].args.as_slice()) {
        (Op::Field, Imm::Int(index), [array]) if func.ty(*array).array().is_some() => field_from(func, *array, *index),
        _ => Provenance::Value(value),
    }
}

/// Where a size or a stride of an array comes from.
pub fn field_from(func: &Func, array: Value, index: i64) -> Provenance {
    let field = Provenance::Field(array, index);
    let Some(ty) = func.ty(array).array() else { return field };
    let ndim = i64::from(ty.ndim);
    let unit = match ty.layout {
        Layout::C => 1 + 2 * ndim,
        Layout::F => 2 + ndim,
        Layout::A => -1,
    };
    if index == unit && ndim > 0 {
        return Provenance::Const(i64::from(ty.dtype.size()));
    }
    let Some(inst) = func.def_inst(array) else { return field };
    let data = &func.insts[inst];
    let operand = match data.op {
        Op::View => index,
        Op::Alloc | Op::Map if index < 2 + ndim => index - 2,
        _ => return field,
    };
    match usize::try_from(operand).ok().and_then(|i| data.args.get(i)) {
        Some(&part) => provenance(func, part),
        None => field,
    }
}

/// Where a size of an array comes from.
pub fn size_from(func: &Func, array: Value, axis: usize) -> Provenance {
    field_from(func, array, 2 + axis as i64)
}

/// Where a stride of an array comes from.
pub fn stride_from(func: &Func, array: Value, axis: usize) -> Provenance {
    let ndim = func.ty(array).array().map_or(0, |a| i64::from(a.ndim));
    field_from(func, array, 2 + ndim + axis as i64)
}

/// Whose memory an array uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Root {
    /// Memory that the instruction made.
    Fresh(Inst),
    /// Memory that was there before the function was entered, and that a parameter leads to.
    Outside,
    /// Memory of a global array.
    Global,
    /// Nothing is known.
    Unknown,
}

/// How many definitions are followed back from one array.
const DEEPEST: u32 = 16;

/// Whether two arrays (or what holds arrays, or addresses in them) share no memory.
pub fn disjoint(func: &Func, a: Value, b: Value) -> bool {
    let (left, right) = (roots(func, a, DEEPEST), roots(func, b, DEEPEST));
    let apart = |x: &Root, y: &Root| match (x, y) {
        (Root::Fresh(i), Root::Fresh(j)) => i != j,
        (Root::Fresh(_), Root::Outside | Root::Global) | (Root::Outside | Root::Global, Root::Fresh(_)) => true,
        _ => false,
    };
    left.iter().all(|x| right.iter().all(|y| apart(x, y)))
}

/// Whether all memory behind a value was made in this function; so it is if there is none.
pub fn fresh_memory(func: &Func, value: Value) -> bool {
    let own = |root: &Root| matches!(root, Root::Fresh(inst) if owner(func, *inst) == Owner::New);
    !heap::reaches(func.ty(value)) || roots(func, value, DEEPEST).iter().all(own)
}

/// Whether all memory behind a value was there before, and parameters lead to it.
pub fn from_outside(func: &Func, value: Value) -> bool {
    let outside = |root: &Root| *root == Root::Outside;
    !heap::reaches(func.ty(value)) || roots(func, value, DEEPEST).iter().all(outside)
}

fn roots(func: &Func, value: Value, depth: u32) -> Vec<Root> {
    if depth == 0 {
        return vec![Root::Unknown];
    }
    let Some(inst) = func.def_inst(value) else {
        let outside = func.entry_params().contains(&value) && heap::reaches_plainly(func.ty(value));
        return vec![if outside { Root::Outside } else { Root::Unknown }];
    };
    let data = &func.insts[inst];
    let of = |args: &[Value]| args.iter().flat_map(|&a| roots(func, a, depth - 1)).collect::<Vec<_>>();
    if !heap::reaches_plainly(func.ty(value)) {
        return vec![Root::Unknown];
    }
    match owner(func, inst) {
        Owner::New => vec![Root::Fresh(inst)],
        Owner::Outside => vec![Root::Global],
        // The address that a view begins at is in the array that it is a view of.
        Owner::Operands if data.op == Op::View => of(data.args.get(..1).unwrap_or(&[])),
        Owner::Operands => of(&arrays_of(func, &data.args)),
        Owner::Handed if !may_keep(func, data) => {
            let mut found = of(&arrays_of(func, &data.args));
            found.extend([Root::Fresh(inst), Root::Outside, Root::Global]);
            found
        }
        _ => vec![Root::Unknown],
    }
}

/// Whose the memory is that the results of an instruction lead to.
fn owner(func: &Func, inst: Inst) -> Owner {
    let data = &func.insts[inst];
    data.op.owner(&data.imm)
}

/// Those of the operands through which memory may be reached.
fn arrays_of(func: &Func, args: &[Value]) -> Vec<Value> {
    args.iter().copied().filter(|&a| heap::reaches(func.ty(a))).collect()
}

/// Whether an instruction may keep what it is given: a call, in a cell or a list that it is given as well; an edge, in a
/// parameter of its block.
pub fn may_keep(func: &Func, data: &InstData) -> bool {
    match data.op.owner(&data.imm) {
        Owner::Handed => !data.args.iter().all(|&a| heap::reaches_plainly(func.ty(a))),
        _ => data.op.keeps() || !data.edges.is_empty(),
    }
}
