//! Elements of arrays and of raw pointers, new arrays, global arrays.
//!
//! The address of an element is computed in elements where the layout is contiguous, so that LLVM sees an
//! affine index and one constant stride; arrays of any strides are addressed in bytes.  An index is in
//! range when an element is read or written, so no product or sum can wrap; that is said with flags.

use super::Done;
use super::function::{Lowering, argument};
use super::types::{Class, class, class_type, dtype_class};
use crate::EmitError;
use crate::llvm::{Flags, IntPredicate, Opcode, Type, Value as Val};
use coachwhip_abi::{ErrorKind, RuntimeFn, layout};
use coachwhip_ir::{ArrayTy, Dtype, Imm, InstData, Kind, Layout, Op, Ty, Value};

/// Elements, of arrays and behind pointers.
pub fn memory(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    match inst.op {
        Op::Load | Op::Store | Op::Address => element(l, inst),
        _ => pointer(l, inst),
    }
}

/// New arrays and global ones.
pub fn whole(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    if inst.op == Op::Alloc { alloc(l, inst) } else { global(l, inst) }
}

/// How an element lies in memory: its parts, two for a complex number.
#[derive(Clone, Copy)]
struct Element {
    class: Class,
    parts: u64,
}

impl Element {
    fn of_dtype(dtype: Dtype) -> Element {
        Element { class: dtype_class(dtype), parts: if dtype.kind() == Kind::Complex { 2 } else { 1 } }
    }

    fn of_type(ty: &Ty) -> Element {
        match ty {
            Ty::Complex => Element::of_dtype(Dtype::Complex128),
            Ty::Scalar(dtype) => Element::of_dtype(*dtype),
            other => Element { class: class(other), parts: 1 },
        }
    }

    /// Size of one part in bytes.
    fn part_size(self) -> u32 {
        match self.class {
            Class::Int { bits: 1, .. } => 1,
            Class::Int { bits, .. } | Class::Float(bits) => bits / 8,
            Class::Pointer => 8,
        }
    }

    /// The type of one part in memory.
    fn part_type<'c>(self, l: &Lowering<'_, 'c, '_>) -> Type<'c> {
        match self.class {
            Class::Int { bits: 1, .. } => l.unit.context.int(8),
            class => class_type(l.unit.context, class),
        }
    }

    /// The type of an element in memory.
    fn memory_type<'c>(self, l: &Lowering<'_, 'c, '_>) -> Type<'c> {
        let part = self.part_type(l);
        if self.parts == 2 { l.unit.context.structure(&[part, part]) } else { part }
    }

    fn load<'c>(self, l: &Lowering<'_, 'c, '_>, address: Val<'c>) -> Vec<Val<'c>> {
        let (b, ty, size) = (&l.unit.builder, self.part_type(l), self.part_size());
        (0..self.parts)
            .map(|part| {
                let value = b.load(ty, b.byte(address, part * u64::from(size)), size);
                l.mark_access(value);
                match self.class {
                    Class::Int { bits: 1, .. } => b.icmp(IntPredicate::LLVMIntNE, value, ty.zero()),
                    _ => value,
                }
            })
            .collect()
    }

    fn store<'c>(self, l: &Lowering<'_, 'c, '_>, address: Val<'c>, values: &[Val<'c>]) {
        let (b, ty, size) = (&l.unit.builder, self.part_type(l), self.part_size());
        for (part, &value) in values.iter().enumerate() {
            let value = match self.class {
                Class::Int { bits: 1, .. } => b.cast(Opcode::LLVMZExt, value, ty),
                _ => value,
            };
            l.mark_access(b.store(value, b.byte(address, part as u64 * u64::from(size)), size));
        }
    }
}

/// An array's type and machine values.
struct Header<'c> {
    ty: ArrayTy,
    data: Val<'c>,
    shape: Vec<Val<'c>>,
    strides: Vec<Val<'c>>,
}

fn header<'c>(l: &Lowering<'_, 'c, '_>, value: Value) -> Result<Header<'c>, EmitError> {
    let ty = l.func.ty(value).array().ok_or_else(|| EmitError::new("the operand is no array"))?;
    let parts = l.get(value)?;
    let count = usize::from(ty.ndim);
    match parts {
        [data, _, rest @ ..] if rest.len() == 2 * count => {
            let (shape, strides) = rest.split_at(count);
            Ok(Header { ty, data: *data, shape: shape.to_vec(), strides: strides.to_vec() })
        }
        _ => Err(EmitError::new("the array has the wrong number of machine values")),
    }
}

/// Where an element is.
fn address<'c>(
    l: &Lowering<'_, 'c, '_>,
    header: &Header<'c>,
    element: Element,
    indices: &[Val<'c>],
    flags: Flags,
) -> Val<'c> {
    let b = &l.unit.builder;
    let term = |sum: Option<Val<'c>>, product: Val<'c>, flags: Flags| match sum {
        None => product,
        Some(sum) => b.binary_with(Opcode::LLVMAdd, sum, product, flags),
    };
    let mut sum: Option<Val> = None;
    let step = |sum: &mut Option<Val<'c>>, index: Val<'c>, length: Val<'c>| {
        let scaled = sum.map(|s| b.binary_with(Opcode::LLVMMul, s, length, flags));
        *sum = Some(term(scaled, index, flags));
    };
    match header.ty.layout {
        Layout::C => indices.iter().zip(&header.shape).for_each(|(&i, &n)| step(&mut sum, i, n)),
        Layout::F => indices.iter().zip(&header.shape).rev().for_each(|(&i, &n)| step(&mut sum, i, n)),
        Layout::A => {
            // Strides may be negative, so a sum of offsets is signed.
            let flags = if flags == Flags::None { Flags::None } else { Flags::NoSignedWrap };
            for (&index, &stride) in indices.iter().zip(&header.strides) {
                sum = Some(term(sum, b.binary_with(Opcode::LLVMMul, index, stride, flags), flags));
            }
            return match sum {
                None => header.data,
                Some(offset) => b.element(l.unit.context.int(8), header.data, offset, flags),
            };
        }
    }
    match sum {
        None => header.data,
        Some(index) => b.element(element.memory_type(l), header.data, index, flags),
    }
}

/// `load`, `store` and `address`.
fn element(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let header = header(l, argument(inst, 0)?)?;
    let element = Element::of_dtype(header.ty.dtype);
    let count = usize::from(header.ty.ndim);
    let mut indices = Vec::with_capacity(count);
    for &arg in inst.args.iter().skip(1).take(count) {
        indices.extend(l.as_type(arg, &Ty::Int)?);
    }
    let flags = if inst.op == Op::Address { Flags::None } else { Flags::NoWrap };
    let place = address(l, &header, element, &indices, flags);
    match inst.op {
        Op::Address => l.result(inst, &[place]),
        Op::Load => {
            let parts = element.load(l, place);
            l.result(inst, &parts);
        }
        _ => {
            let value = l.get(argument(inst, count + 1)?)?.to_vec();
            element.store(l, place, &value);
        }
    }
    Ok(())
}

/// `offset`, `load_ptr` and `store_ptr`.
fn pointer(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let (pointer, index) = (l.operand(inst, 0)?, l.operand(inst, 1)?);
    if inst.op == Op::Offset {
        let moved = l.unit.builder.element(l.unit.context.int(8), pointer, index, Flags::None);
        l.result(inst, &[moved]);
        return Ok(());
    }
    let ty = if inst.op == Op::LoadPtr { l.result_ty(inst)? } else { l.operand_ty(inst, 2)? };
    let element = Element::of_type(ty);
    let place = l.unit.builder.element(element.memory_type(l), pointer, index, Flags::NoSignedWrap);
    if inst.op == Op::LoadPtr {
        let parts = element.load(l, place);
        l.result(inst, &parts);
    } else {
        let value = l.get(argument(inst, 2)?)?.to_vec();
        element.store(l, place, &value);
    }
    Ok(())
}

/// A new array: its size is checked as NumPy checks it, then the run time gives the memory.
fn alloc(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let ty = l.result_ty(inst)?.array().ok_or_else(|| EmitError::new("the result is no array"))?;
    let mut shape = Vec::new();
    for &arg in &inst.args {
        shape.extend(l.as_type(arg, &Ty::Int)?);
    }
    let (bytes, too_big, strides) = sizes(l, &shape, ty);
    super::failures::fail_if(l, too_big, ErrorKind::ArrayTooBig, &[]);
    let function = if inst.imm == Imm::Int(1) { RuntimeFn::AllocZeroed } else { RuntimeFn::Alloc };
    let owner = l.unit.call_runtime(function, &[bytes]);
    let null = l.unit.builder.icmp(IntPredicate::LLVMIntEQ, owner, owner.ty().zero());
    super::failures::fail_if(l, null, ErrorKind::OutOfMemory, &[bytes]);
    let data = l.unit.builder.byte(owner, layout::OWNER_DATA_OFFSET as u64);
    let parts: Vec<Val> = [data, owner].into_iter().chain(shape).chain(strides).collect();
    l.result(inst, &parts);
    Ok(())
}

/// Size in bytes, whether it is beyond 63 bits, and strides.  An axis of length 0 counts as 1 for the
/// last two, as in NumPy.
fn sizes<'c>(l: &mut Lowering<'_, 'c, '_>, shape: &[Val<'c>], ty: ArrayTy) -> (Val<'c>, Val<'c>, Vec<Val<'c>>) {
    let itemsize = l.unit.int64(i64::from(ty.dtype.size()));
    let zero = l.unit.int64(0);
    let (mut bytes, mut too_big, mut empty) = (itemsize, l.unit.context.bool(false), l.unit.context.bool(false));
    let mut strides = vec![itemsize; shape.len()];
    let order: Vec<usize> =
        if ty.layout == Layout::F { (0..shape.len()).collect() } else { (0..shape.len()).rev().collect() };
    for axis in order {
        let (Some(&length), Some(stride)) = (shape.get(axis), strides.get_mut(axis)) else { continue };
        *stride = bytes;
        let is_zero = l.unit.builder.icmp(IntPredicate::LLVMIntEQ, length, zero);
        let factor = l.unit.builder.select(is_zero, l.unit.int64(1), length);
        let pair = l.unit.intrinsic("llvm.smul.with.overflow", &[length.ty()], &[bytes, factor]);
        bytes = l.unit.builder.extract(pair, 0);
        let overflow = l.unit.builder.extract(pair, 1);
        too_big = l.unit.builder.binary(Opcode::LLVMOr, too_big, overflow);
        empty = l.unit.builder.binary(Opcode::LLVMOr, empty, is_zero);
    }
    (l.unit.builder.select(empty, zero, bytes), too_big, strides)
}

/// The header of a global array: words behind an external symbol, read once, at function entry.
fn global(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let Imm::Int(number) = inst.imm else { return Err(EmitError::new("an array number is missing")) };
    let parts = match l.globals.get(&number) {
        Some(parts) => parts.clone(),
        None => {
            let types = l.result_ty(inst)?.machine();
            let parts = l.in_prologue(|l| read_words(l, number, &types));
            l.globals.insert(number, parts.clone());
            parts
        }
    };
    l.result(inst, &parts);
    Ok(())
}

fn read_words<'c>(l: &mut Lowering<'_, 'c, '_>, number: i64, types: &[Ty]) -> Vec<Val<'c>> {
    let words = l.unit.global_array(number);
    let unit = &*l.unit;
    let read = |(position, ty): (usize, &Ty)| {
        let word = unit.builder.load(unit.context.int(64), unit.builder.byte(words, 8 * position as u64), 8);
        unit.mark_invariant(word);
        unit.value_of_word(ty, word)
    };
    types.iter().enumerate().map(read).collect()
}
