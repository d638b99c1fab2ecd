//! The functions of an object that are called from outside: the dispatcher's entry point and the
//! C-callable function of a `cfunc`.

use super::Done;
use super::calls::c_type;
use super::types::{self, Class, class, each_machine};
use super::unit::{Callee, Unit};
use crate::EmitError;
use crate::arch;
use crate::llvm::{IntPredicate, Opcode, Type, Value as Val};
use coachwhip_abi::{Context, RuntimeFn};
use coachwhip_ir::{Dtype, Func, Loc, Ty};

/// The root function, with how it is called.
fn root<'c, 'm>(unit: &Unit<'c, 'm>) -> Result<(&'m Func, Callee<'c>), EmitError> {
    match (unit.ir.funcs.first(), unit.callees.first()) {
        (Some(func), Some(&callee)) => Ok((func, callee)),
        _ => Err(EmitError::new("the module has no root")),
    }
}

/// Sets the place of a wrapper's instructions: the function itself.
fn place<'c>(unit: &mut Unit<'c, '_>, function: Val<'c>, func: &Func) {
    let scope = unit.debug.begin(function);
    let location = unit.location(scope, 0, func, Loc(0));
    unit.builder.set_location(Some(location));
}

/// `S.entry`: argument words in, result words out, the status returned (`abi::EntryFn`).
pub fn entry(unit: &mut Unit<'_, '_>) -> Done {
    let (func, callee) = root(unit)?;
    let context = unit.context;
    let ty = context.int(32).function(&[context.ptr(), context.ptr(), context.ptr()]);
    let function = unit.module.function(&crate::entry_symbol(&func.symbol), ty);
    unit.make_visible(function);
    for position in 0..3 {
        function.add_param_attribute(position, context.attribute("noalias", 0));
    }
    let (input, output) = (function.param(1), function.param(2));
    place(unit, function, func);
    unit.builder.at(context.block(function));
    let mut args = vec![function.param(0)];
    for &param in func.entry_params() {
        each_machine(func.ty(param), &mut |part| {
            let word_address = unit.builder.byte(input, 8 * (args.len() as u64 - 1));
            let word = unit.builder.load(context.int(64), word_address, 8);
            args.push(unit.value_of_word(part, word));
        });
    }
    if callee.by_memory {
        args.push(output);
        unit.builder.ret(unit.builder.call_internal(callee.ty, callee.value, &args));
        return Ok(());
    }
    let result = unit.builder.call_internal(callee.ty, callee.value, &args);
    let status = unit.builder.extract(result, callee.status);
    let good = unit.builder.icmp(IntPredicate::LLVMIntEQ, status, unit.int32(0));
    let (store, leave) = (context.block(function), context.block(function));
    let branch = unit.builder.branch(good, store, leave);
    unit.expect_first(branch);
    unit.builder.at(store);
    let mut position = 0;
    each_machine(&func.ret, &mut |part| {
        let word = unit.to_word(part, unit.builder.extract(result, position));
        unit.builder.store(word, unit.builder.byte(output, 8 * position as u64), 8);
        position += 1;
    });
    unit.builder.jump(leave);
    unit.builder.at(leave);
    unit.builder.ret(status);
    Ok(())
}

/// `S.c`: the root with the C calling convention, its C types those of its parameters and result.
///
/// It makes a context on its own stack; only a function that can call itself looks up the limit of the
/// thread's stack.  A failure is handed to Python, and the caller gets NaN or 0.
pub fn callback(unit: &mut Unit<'_, '_>) -> Done {
    let (func, callee) = root(unit)?;
    let context = unit.context;
    // Captured constants and the like are parameters without a machine form.
    let params = func.entry_params().iter().map(|&p| func.ty(p)).filter(|ty| !ty.is_erased());
    let types: Vec<Type> = params.map(|ty| c_type(context, ty)).collect();
    let types = types.into_iter().flat_map(|ty| arch::parameters(context, ty)).collect::<Vec<_>>();
    let ret = c_type(context, &func.ret);
    let function = unit.module.function(&crate::callback_symbol(&func.symbol), ret.function(&types));
    unit.make_visible(function);
    place(unit, function, func);
    unit.builder.at(context.block(function));
    let state = stack_context(unit);
    let mut args = vec![state];
    let mut position = 0;
    for &param in func.entry_params() {
        take_argument(unit, func.ty(param), function, &mut position, &mut args);
    }
    let memory = callee.by_memory.then(|| {
        let words = context.structure(&vec![context.int(64); callee.status]);
        unit.builder.alloca(words)
    });
    args.extend(memory);
    let (begun, fine, failed) = (context.block(function), context.block(function), context.block(function));
    let status = unit.call_runtime(RuntimeFn::BeginCallback, &[state]);
    let good = unit.builder.icmp(IntPredicate::LLVMIntEQ, status, unit.int32(0));
    let branch = unit.builder.branch(good, begun, failed);
    unit.expect_first(branch);
    unit.builder.at(begun);
    let result = unit.builder.call_internal(callee.ty, callee.value, &args);
    result.add_call_attribute(None, context.attribute("alwaysinline", 0));
    let status = if callee.by_memory { result } else { unit.builder.extract(result, callee.status) };
    let good = unit.builder.icmp(IntPredicate::LLVMIntEQ, status, unit.int32(0));
    let branch = unit.builder.branch(good, fine, failed);
    unit.expect_first(branch);
    unit.builder.at(failed);
    let status = func.ret.dtype().is_some_and(|dtype| dtype.is_int());
    unit.call_runtime(RuntimeFn::Surface, &[state, unit.int32(i32::from(status) as u32)]);
    return_parts(unit, &func.ret, &failure_values(unit, &func.ret));
    unit.builder.at(fine);
    let mut parts = Vec::with_capacity(callee.status);
    each_machine(&func.ret, &mut |part| {
        let position = parts.len();
        parts.push(match memory {
            Some(memory) => {
                let address = unit.builder.byte(memory, 8 * position as u64);
                unit.value_of_word(part, unit.builder.load(context.int(64), address, 8))
            }
            None => unit.builder.extract(result, position),
        });
    });
    return_parts(unit, &func.ret, &parts);
    Ok(())
}

/// An `abi::Context` on the stack, filled as for code that may or may not hold the GIL.  Callbacks are often
/// tiny, so nothing is filled that is written before it is read: the failure, and the stack's limit where
/// nothing recurses.
fn stack_context<'c>(unit: &mut Unit<'c, '_>) -> Val<'c> {
    let (word, size) = (unit.context.int(64), size_of::<Context>() / 8);
    let state = unit.builder.alloca(unit.context.structure(&vec![word; size]));
    for position in std::mem::offset_of!(Context, frames) / 8..size {
        unit.builder.store(word.zero(), unit.builder.byte(state, 8 * position as u64), 8);
    }
    if unit.recursive.contains(&true) {
        let limit = unit.call_runtime(RuntimeFn::StackLimit, &[]);
        unit.builder.store(limit, state, 8);
    }
    let released = unit.builder.byte(state, std::mem::offset_of!(Context, gil_released) as u64);
    unit.builder.store(unit.int32(1), released, 4);
    state
}

/// Appends the machine values of a C argument.
fn take_argument<'c>(unit: &Unit<'c, '_>, ty: &Ty, function: Val<'c>, next: &mut usize, out: &mut Vec<Val<'c>>) {
    let mut take = || {
        *next += 1;
        function.param(*next - 1)
    };
    match ty {
        _ if ty.is_erased() => {}
        Ty::Complex | Ty::Scalar(Dtype::Complex128) => out.extend([take(), take()]),
        Ty::Scalar(Dtype::Complex64) => {
            out.extend(arch::unpack64(&unit.builder, take()));
        }
        Ty::Bool | Ty::Scalar(Dtype::Bool) => {
            let byte = take();
            out.push(unit.builder.icmp(IntPredicate::LLVMIntNE, byte, byte.ty().zero()));
        }
        _ => out.push(take()),
    }
}

/// What a failed callback returns: NaN where there is one, else 0.
fn failure_values<'c>(unit: &Unit<'c, '_>, ty: &Ty) -> Vec<Val<'c>> {
    let mut values = Vec::new();
    each_machine(ty, &mut |part| {
        let target = types::machine_type(unit.context, part);
        values.push(match class(part) {
            Class::Float(_) => target.float_const(f64::NAN),
            _ => target.zero(),
        });
    });
    values
}

/// Returns machine values as C does.
fn return_parts<'c>(unit: &Unit<'c, '_>, ty: &Ty, parts: &[Val<'c>]) {
    let (b, ret) = (&unit.builder, c_type(unit.context, ty));
    match (ty, parts) {
        (Ty::Scalar(Dtype::Complex64), parts) => b.ret(arch::pack64(unit.context, b, parts)),
        (_, [re, im]) => b.ret(b.insert(b.insert(ret.poison(), *re, 0), *im, 1)),
        (Ty::Bool | Ty::Scalar(Dtype::Bool), [one]) => b.ret(b.cast(Opcode::LLVMZExt, *one, ret)),
        (_, [one]) => b.ret(*one),
        _ => b.ret_void(),
    }
}
