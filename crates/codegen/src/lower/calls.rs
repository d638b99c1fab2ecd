//! Calls: of compiled functions, of the run time, of C functions.

use super::Done;
use super::function::Lowering;
use super::types::{Class, class};
use super::unit::{Callee, abi_type};
use crate::EmitError;
use crate::arch;
use crate::llvm::{IntPredicate, Opcode, Type, Value as Val};
use coachwhip_abi::layout::POLL_INTERVAL;
use coachwhip_abi::{AbiTy, Context, Effects, RuntimeFn};
use coachwhip_ir::{Const, Dtype, Imm, InstData, Op, Ty};

pub fn lower(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    match (inst.op, &inst.imm) {
        (Op::Poll, _) => {
            let status = l.unit.call_runtime(RuntimeFn::Poll, &[l.context]);
            super::failures::check_status(l, status, true);
            Ok(())
        }
        (Op::PollCall, _) => {
            count_call(l);
            Ok(())
        }
        (Op::Call, Imm::Func(number)) => compiled(l, inst, *number as usize),
        (Op::Runtime, Imm::Runtime(function)) => runtime(l, inst, *function),
        (Op::CallExternal, Imm::Int(number)) => external(l, inst, *number as u32),
        (Op::CallNative, imm) => native(l, inst, imm),
        _ => Err(EmitError::new("the callee is missing")),
    }
}

/// Takes one from the context's fuel, and polls when there is none left.
fn count_call(l: &mut Lowering<'_, '_, '_>) {
    let word = l.unit.context.int(64);
    let place = l.unit.builder.byte(l.context, std::mem::offset_of!(Context, fuel) as u64);
    let fuel = l.unit.builder.load(word, place, 8);
    let left = l.unit.builder.binary(Opcode::LLVMSub, fuel, l.unit.int64(1));
    l.unit.builder.store(left, place, 8);
    let some = l.unit.builder.icmp(IntPredicate::LLVMIntSGT, left, l.unit.int64(0));
    let (next, empty) = (l.new_block(), l.new_block());
    let branch = l.unit.builder.branch(some, next, empty);
    l.unit.expect_first(branch);
    l.unit.builder.at(empty);
    l.unit.builder.store(l.unit.int64(POLL_INTERVAL), place, 8);
    let status = l.unit.call_runtime(RuntimeFn::Poll, &[l.context]);
    super::failures::check_status(l, status, true);
    l.unit.builder.jump(next);
    l.unit.builder.at(next);
}

fn compiled(l: &mut Lowering<'_, '_, '_>, inst: &InstData, number: usize) -> Done {
    let ir = l.unit.ir;
    let (Some(func), Some(&callee)) = (ir.funcs.get(number), l.unit.callees.get(number)) else {
        return Err(EmitError::new("the callee is not in the module"));
    };
    if func.entry_params().len() != inst.args.len() {
        return Err(EmitError::new(format!("`{}` is called with the wrong number of arguments", func.symbol)));
    }
    let mut args = vec![l.context];
    for (&arg, &param) in inst.args.iter().zip(func.entry_params()) {
        args.extend(l.as_type(arg, func.ty(param))?);
    }
    if callee.by_memory {
        return through_memory(l, inst, callee, args, &func.ret);
    }
    let result = l.unit.builder.call_internal(callee.ty, callee.value, &args);
    let status = l.unit.builder.extract(result, callee.status);
    let parts: Vec<Val> = (0..callee.status).map(|i| l.unit.builder.extract(result, i)).collect();
    super::failures::check_status(l, status, true);
    l.result(inst, &parts);
    Ok(())
}

/// A call whose results come back as words in memory.
fn through_memory<'c>(
    l: &mut Lowering<'_, 'c, '_>,
    inst: &InstData,
    callee: Callee<'c>,
    mut args: Vec<Val<'c>>,
    ret: &Ty,
) -> Done {
    let word = l.unit.context.int(64);
    let room = l.unit.context.structure(&vec![word; callee.status]);
    let memory = l.in_prologue(|l| l.unit.builder.alloca(room));
    args.push(memory);
    let status = l.unit.builder.call_internal(callee.ty, callee.value, &args);
    super::failures::check_status(l, status, true);
    let unit = &*l.unit;
    let mut parts = Vec::with_capacity(callee.status);
    super::types::each_machine(ret, &mut |part| {
        let address = unit.builder.byte(memory, 8 * parts.len() as u64);
        parts.push(unit.value_of_word(part, unit.builder.load(word, address, 8)));
    });
    l.result(inst, &parts);
    Ok(())
}

/// A call of a library function compiled by itself: arguments and results go as words through memory, so that both
/// sides agree on nothing but `abi::EntryFn`.
fn external<'c>(l: &mut Lowering<'_, 'c, '_>, inst: &InstData, number: u32) -> Done {
    let mut words = Vec::new();
    for &arg in &inst.args {
        let parts = l.get(arg)?.to_vec();
        let mut parts = parts.into_iter();
        let ty = l.func.ty(arg).clone();
        super::types::each_machine(&ty, &mut |part| {
            words.extend(parts.next().map(|value| l.unit.to_word(part, value)));
        });
    }
    let ret = l.result_ty(inst)?.clone();
    let (word, pointer) = (l.unit.context.int(64), l.unit.context.ptr());
    let room = |count: usize| l.unit.context.structure(&vec![word; count.max(1)]);
    let (arguments, results) = (room(words.len()), room(super::types::width(&ret)));
    let arguments = l.in_prologue(|l| l.unit.builder.alloca(arguments));
    let results = l.in_prologue(|l| l.unit.builder.alloca(results));
    for (position, value) in words.into_iter().enumerate() {
        let place = l.unit.builder.byte(arguments, 8 * position as u64);
        l.unit.builder.store(value, place, 8);
    }
    let callee = l.unit.external(number);
    let ty = l.unit.context.int(32).function(&[pointer; 3]);
    let status = l.unit.builder.call(ty, callee, &[l.context, arguments, results]);
    status.add_call_attribute(None, l.unit.context.attribute("nounwind", 0));
    super::failures::check_status(l, status, true);
    let unit = &*l.unit;
    let mut parts = Vec::new();
    super::types::each_machine(&ret, &mut |part| {
        let place = unit.builder.byte(results, 8 * parts.len() as u64);
        parts.push(unit.value_of_word(part, unit.builder.load(word, place, 8)));
    });
    l.result(inst, &parts);
    Ok(())
}

fn runtime(l: &mut Lowering<'_, '_, '_>, inst: &InstData, function: RuntimeFn) -> Done {
    let effects = function.effects();
    let mut args = Vec::new();
    if effects.has(Effects::CTX) {
        args.push(l.context);
    }
    let mut values = inst.args.iter();
    for &wanted in function.args() {
        let &value = values.next().ok_or_else(|| EmitError::new("an argument is missing"))?;
        args.push(match l.func.ty(value).literal() {
            Some(Const::ExceptionClass(_, number)) => l.unit.class(*number),
            _ => to_abi(l, l.one(value)?, l.func.ty(value), wanted),
        });
    }
    let status = effects.has(Effects::CTX.and(Effects::FAILS));
    let slot = (status && function.ret() != AbiTy::Void)
        .then(|| l.in_prologue(|l| l.unit.builder.alloca(abi_type(l.unit.context, function.ret()))));
    args.extend(slot);
    let mut result = l.unit.call_runtime(function, &args);
    if status {
        super::failures::check_status(l, result, true);
        match slot {
            Some(slot) => result = l.unit.builder.load(abi_type(l.unit.context, function.ret()), slot, 8),
            None => return Ok(()),
        }
    }
    if matches!(function.ret(), AbiTy::C128 | AbiTy::I64Flag) {
        return pair(l, inst, result);
    }
    if let [value] = *inst.results.as_slice() {
        let part = from_abi(l, result, l.func.ty(value));
        l.define(value, &[part]);
    }
    Ok(())
}

/// Two results in two registers: of two values, or of one aggregate of two.
fn pair<'c>(l: &mut Lowering<'_, 'c, '_>, inst: &InstData, result: Val<'c>) -> Done {
    let parts = [l.unit.builder.extract(result, 0), l.unit.builder.extract(result, 1)];
    match *inst.results.as_slice() {
        [whole] => l.define(whole, &parts),
        _ => {
            for (&value, part) in inst.results.iter().zip(parts) {
                let part = from_abi(l, part, l.func.ty(value));
                l.define(value, &[part]);
            }
        }
    }
    Ok(())
}

/// A machine value as the run time wants it.
fn to_abi<'c>(l: &Lowering<'_, 'c, '_>, value: Val<'c>, ty: &Ty, wanted: AbiTy) -> Val<'c> {
    let (b, target) = (&l.unit.builder, abi_type(l.unit.context, wanted));
    match (class(ty), wanted) {
        (Class::Int { .. }, AbiTy::I64) => super::convert::resize(l, value, ty, &Ty::Int),
        (Class::Int { signed, .. }, AbiTy::I32) => {
            super::convert::resize(l, value, ty, &Ty::Scalar(if signed { Dtype::Int32 } else { Dtype::Uint32 }))
        }
        (Class::Float(16 | 32), AbiTy::F64) => super::convert::convert(l, value, ty, &Ty::Float),
        (Class::Float(16), AbiTy::F32) => super::half::widen(l, value),
        (Class::Float(64), AbiTy::F32) => b.cast(Opcode::LLVMFPTrunc, value, target),
        (Class::Pointer, AbiTy::I64) => b.cast(Opcode::LLVMPtrToInt, value, target),
        (Class::Float(64), AbiTy::I64) => b.cast(Opcode::LLVMBitCast, value, target),
        _ => value,
    }
}

/// A result of the run time as a machine value of a type.
fn from_abi<'c>(l: &Lowering<'_, 'c, '_>, value: Val<'c>, ty: &Ty) -> Val<'c> {
    let context = l.unit.context;
    let own = value.ty();
    if own == context.int(64) {
        return super::convert::convert(l, value, &Ty::Int, ty);
    }
    if own == context.int(32) {
        return super::convert::convert(l, value, &Ty::Scalar(Dtype::Int32), ty);
    }
    if own == context.f64() {
        return super::convert::convert(l, value, &Ty::Float, ty);
    }
    if own == context.f32() {
        return super::convert::convert(l, value, &Ty::Scalar(Dtype::Float32), ty);
    }
    value
}

/// How the C calling convention of this machine passes a value.
pub fn c_type<'c>(context: &'c crate::llvm::Context, ty: &Ty) -> Type<'c> {
    match ty {
        Ty::Complex | Ty::Scalar(Dtype::Complex128) => arch::complex128(context),
        Ty::Scalar(Dtype::Complex64) => arch::complex64(context),
        Ty::Bool | Ty::Scalar(Dtype::Bool) => context.int(8),
        other if other.is_erased() => context.void(),
        other => super::types::machine_type(context, other),
    }
}

fn native(l: &mut Lowering<'_, '_, '_>, inst: &InstData, imm: &Imm) -> Done {
    let number = match imm {
        Imm::Int(number) => *number as u32,
        Imm::Func(number) => *number,
        Imm::Const(Const::Native(number)) => *number,
        _ => return Err(EmitError::new("the native function's number is missing")),
    };
    let function = l.unit.native(number).ok_or_else(|| EmitError::new("the native function is not in the module"))?;
    let context = l.unit.context;
    let (mut args, mut types): (Vec<Val>, Vec<Type>) = Default::default();
    let mut narrow = Vec::new();
    for &arg in &inst.args {
        let ty = l.func.ty(arg);
        let parts = l.get(arg)?.to_vec();
        if let Ty::Scalar(Dtype::Complex64) = ty {
            args.push(arch::pack64(context, &l.unit.builder, &parts));
        } else {
            for part in parts {
                if let Class::Int { bits: ..32, signed } = class(ty) {
                    narrow.push((args.len(), signed));
                }
                let boolean = part.ty() == context.int(1);
                args.push(if boolean { l.unit.builder.cast(Opcode::LLVMZExt, part, context.int(8)) } else { part });
            }
        }
    }
    types.extend(args.iter().map(|a| a.ty()));
    let ret = l.result_ty(inst)?.clone();
    let call = l.unit.builder.call(c_type(context, &ret).function(&types), function, &args);
    for (position, signed) in narrow {
        call.add_call_attribute(Some(position), context.attribute(if signed { "signext" } else { "zeroext" }, 0));
    }
    call.add_call_attribute(None, context.attribute("nounwind", 0));
    let parts = match ret {
        Ty::Complex | Ty::Scalar(Dtype::Complex128) => (0..2).map(|i| l.unit.builder.extract(call, i)).collect(),
        Ty::Scalar(Dtype::Complex64) => arch::unpack64(&l.unit.builder, call).to_vec(),
        Ty::Bool | Ty::Scalar(Dtype::Bool) => {
            vec![super::convert::convert(l, call, &Ty::Scalar(Dtype::Uint8), &Ty::Bool)]
        }
        ref other if other.is_erased() => Vec::new(),
        _ => vec![call],
    };
    l.result(inst, &parts);
    Ok(())
}
