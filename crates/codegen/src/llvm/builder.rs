//! Appends instructions to a basic block.

use super::{Context, FloatPredicate, IntPredicate, Label, Opcode, Type, UNNAMED, Value};
use llvm_sys::core as c;
use llvm_sys::prelude::*;
use std::cell::Cell;

/// Facts about integer arithmetic or address arithmetic that cannot wrap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flags {
    /// Wraps.
    None,
    /// Neither signed nor unsigned wrapping happens.
    NoWrap,
    /// No signed wrapping happens.
    NoSignedWrap,
    /// No unsigned wrapping happens.
    NoUnsignedWrap,
}

/// A cursor at the end of a block.
pub struct Builder<'c> {
    raw: LLVMBuilderRef,
    context: &'c Context,
    /// Flags of floating-point instructions made from here on, as LLVM numbers them.
    fast_math: Cell<u32>,
}

impl<'c> Builder<'c> {
    /// A cursor in no block yet.
    pub fn new(context: &'c Context) -> Builder<'c> {
        // SAFETY: the context outlives the builder.
        let raw = unsafe { c::LLVMCreateBuilderInContext(context.raw) };
        Builder { raw, context, fast_math: Cell::new(0) }
    }
    /// Moves to the end of a block.
    pub fn at(&self, block: Label<'c>) {
        // SAFETY: the block belongs to this context.
        unsafe { c::LLVMPositionBuilderAtEnd(self.raw, block.raw) }
    }
    /// The block that grows.
    pub fn block(&self) -> Label<'c> {
        // SAFETY: the builder was positioned before.
        Label { raw: unsafe { c::LLVMGetInsertBlock(self.raw) }, life: std::marker::PhantomData }
    }
    /// Sets the flags of floating-point instructions made from here on.
    pub fn set_fast_math(&self, flags: &coachwhip_ir::FastMath) {
        let bits = [
            (flags.reassoc, llvm_sys::LLVMFastMathAllowReassoc),
            (flags.nnan, llvm_sys::LLVMFastMathNoNaNs),
            (flags.ninf, llvm_sys::LLVMFastMathNoInfs),
            (flags.nsz, llvm_sys::LLVMFastMathNoSignedZeros),
            (flags.arcp, llvm_sys::LLVMFastMathAllowReciprocal),
            (flags.contract, llvm_sys::LLVMFastMathAllowContract),
            (flags.afn, llvm_sys::LLVMFastMathApproxFunc),
        ];
        self.fast_math.set(bits.into_iter().filter(|(on, _)| *on).map(|(_, bit)| bit).sum());
    }
    /// Sets the place of instructions made from here on.
    pub fn set_location(&self, location: Option<super::Metadata<'c>>) {
        let raw = location.map_or(std::ptr::null_mut(), |l| l.raw);
        // SAFETY: null removes the place; otherwise a location of this context.
        unsafe { c::LLVMSetCurrentDebugLocation2(self.raw, raw) }
    }

    /// Gives a floating-point instruction the current flags.
    fn relax(&self, value: LLVMValueRef) -> Value<'c> {
        let flags = self.fast_math.get();
        // SAFETY: only instructions that take the flags get them.
        unsafe {
            if flags != 0 && !c::LLVMIsAInstruction(value).is_null() && c::LLVMCanValueUseFastMathFlags(value) != 0 {
                c::LLVMSetFastMathFlags(value, flags);
            }
        }
        Value::new(value)
    }

    /// An instruction of two operands of one type.
    pub fn binary(&self, op: Opcode, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        // SAFETY: both operands have the type the instruction wants.
        self.relax(unsafe { c::LLVMBuildBinOp(self.raw, op, a.raw, b.raw, UNNAMED) })
    }
    /// The same with facts about wrapping (`add`, `sub`, `mul`, `shl`).
    pub fn binary_with(&self, op: Opcode, a: Value<'c>, b: Value<'c>, flags: Flags) -> Value<'c> {
        let value = self.binary(op, a, b);
        // SAFETY: folded constants take no flags; the instructions named above do.
        unsafe {
            if flags != Flags::None && !c::LLVMIsAInstruction(value.raw).is_null() {
                c::LLVMSetNSW(value.raw, i32::from(flags != Flags::NoUnsignedWrap));
                c::LLVMSetNUW(value.raw, i32::from(flags != Flags::NoSignedWrap));
            }
        }
        value
    }
    /// Floating-point negation.
    pub fn fneg(&self, a: Value<'c>) -> Value<'c> {
        // SAFETY: a floating-point value.
        self.relax(unsafe { c::LLVMBuildFNeg(self.raw, a.raw, UNNAMED) })
    }
    /// Integer comparison.
    pub fn icmp(&self, predicate: IntPredicate, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        // SAFETY: two integers or pointers of one type.
        Value::new(unsafe { c::LLVMBuildICmp(self.raw, predicate, a.raw, b.raw, UNNAMED) })
    }
    /// Floating-point comparison.
    pub fn fcmp(&self, predicate: FloatPredicate, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        // SAFETY: two floats of one type.
        self.relax(unsafe { c::LLVMBuildFCmp(self.raw, predicate, a.raw, b.raw, UNNAMED) })
    }
    /// One of two values.
    pub fn select(&self, condition: Value<'c>, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        // SAFETY: a condition of one bit and two values of one type.
        Value::new(unsafe { c::LLVMBuildSelect(self.raw, condition.raw, a.raw, b.raw, UNNAMED) })
    }
    /// A conversion.
    pub fn cast(&self, op: Opcode, a: Value<'c>, to: Type<'c>) -> Value<'c> {
        // SAFETY: the operation fits both types.
        Value::new(unsafe { c::LLVMBuildCast(self.raw, op, a.raw, to.raw, UNNAMED) })
    }
    /// A load with its alignment in bytes.
    pub fn load(&self, ty: Type<'c>, pointer: Value<'c>, alignment: u32) -> Value<'c> {
        // SAFETY: the operand is a pointer.
        unsafe {
            let value = c::LLVMBuildLoad2(self.raw, ty.raw, pointer.raw, UNNAMED);
            c::LLVMSetAlignment(value, alignment);
            Value::new(value)
        }
    }
    /// A store with its alignment in bytes.
    pub fn store(&self, value: Value<'c>, pointer: Value<'c>, alignment: u32) -> Value<'c> {
        // SAFETY: the operand is a pointer.
        unsafe {
            let store = c::LLVMBuildStore(self.raw, value.raw, pointer.raw);
            c::LLVMSetAlignment(store, alignment);
            Value::new(store)
        }
    }
    /// The address of the `index`-th element behind a pointer, inside one object (unless `flags` is `None`).
    pub fn element(&self, ty: Type<'c>, pointer: Value<'c>, index: Value<'c>, flags: Flags) -> Value<'c> {
        let bits = match flags {
            Flags::None => 0,
            Flags::NoSignedWrap => llvm_sys::LLVMGEPFlagInBounds | llvm_sys::LLVMGEPFlagNUSW,
            Flags::NoUnsignedWrap | Flags::NoWrap => {
                llvm_sys::LLVMGEPFlagInBounds | llvm_sys::LLVMGEPFlagNUSW | llvm_sys::LLVMGEPFlagNUW
            }
        };
        let mut indices = [index.raw];
        let indices = indices.as_mut_ptr();
        // SAFETY: a pointer, an integer, a sized type.
        Value::new(unsafe { c::LLVMBuildGEPWithNoWrapFlags(self.raw, ty.raw, pointer.raw, indices, 1, UNNAMED, bits) })
    }
    /// The address `bytes` after a pointer, inside one object.
    pub fn byte(&self, pointer: Value<'c>, bytes: u64) -> Value<'c> {
        if bytes == 0 {
            return pointer;
        }
        let index = self.context.int(64).int_const(bytes);
        self.element(self.context.int(8), pointer, index, Flags::NoWrap)
    }
    /// Stack memory; the caller puts it into the function's first block.
    pub fn alloca(&self, ty: Type<'c>) -> Value<'c> {
        // SAFETY: a sized type.
        Value::new(unsafe { c::LLVMBuildAlloca(self.raw, ty.raw, UNNAMED) })
    }
    /// A phi without edges yet.
    pub fn phi(&self, ty: Type<'c>) -> Value<'c> {
        // SAFETY: a first-class type; phis come first in a block, the caller sees to it.
        Value::new(unsafe { c::LLVMBuildPhi(self.raw, ty.raw, UNNAMED) })
    }
    /// A call.
    pub fn call(&self, ty: Type<'c>, function: Value<'c>, args: &[Value<'c>]) -> Value<'c> {
        let mut raw = super::raw_values(args);
        // SAFETY: `ty` is the callee's type and the arguments fit it.
        self.relax(unsafe {
            c::LLVMBuildCall2(self.raw, ty.raw, function.raw, raw.as_mut_ptr(), raw.len() as u32, UNNAMED)
        })
    }
    /// A call with the fast calling convention.
    pub fn call_internal(&self, ty: Type<'c>, function: Value<'c>, args: &[Value<'c>]) -> Value<'c> {
        let call = self.call(ty, function, args);
        // SAFETY: `call` is a call instruction.
        unsafe { c::LLVMSetInstructionCallConv(call.raw, llvm_sys::LLVMCallConv::LLVMFastCallConv as u32) }
        call
    }
    /// A field of an aggregate.
    pub fn extract(&self, aggregate: Value<'c>, index: usize) -> Value<'c> {
        // SAFETY: the aggregate has that field.
        Value::new(unsafe { c::LLVMBuildExtractValue(self.raw, aggregate.raw, index as u32, UNNAMED) })
    }
    /// An aggregate with one field replaced.
    pub fn insert(&self, aggregate: Value<'c>, value: Value<'c>, index: usize) -> Value<'c> {
        // SAFETY: the aggregate has that field, of the value's type.
        Value::new(unsafe { c::LLVMBuildInsertValue(self.raw, aggregate.raw, value.raw, index as u32, UNNAMED) })
    }
    /// One lane of a vector.
    pub fn lane(&self, vector: Value<'c>, lane: u64) -> Value<'c> {
        let index = self.context.int(32).int_const(lane);
        // SAFETY: the vector has that lane.
        Value::new(unsafe { c::LLVMBuildExtractElement(self.raw, vector.raw, index.raw, UNNAMED) })
    }
    /// A vector with one lane replaced.
    pub fn set_lane(&self, vector: Value<'c>, value: Value<'c>, lane: u64) -> Value<'c> {
        let index = self.context.int(32).int_const(lane);
        // SAFETY: the vector has that lane, of the value's type.
        Value::new(unsafe { c::LLVMBuildInsertElement(self.raw, vector.raw, value.raw, index.raw, UNNAMED) })
    }
    /// Jumps.
    pub fn jump(&self, to: Label<'c>) -> Value<'c> {
        // SAFETY: a block of the same function.
        Value::new(unsafe { c::LLVMBuildBr(self.raw, to.raw) })
    }
    /// Branches.
    pub fn branch(&self, condition: Value<'c>, then: Label<'c>, otherwise: Label<'c>) -> Value<'c> {
        // SAFETY: a condition of one bit, blocks of the same function.
        Value::new(unsafe { c::LLVMBuildCondBr(self.raw, condition.raw, then.raw, otherwise.raw) })
    }
    /// Returns a value.
    pub fn ret(&self, value: Value<'c>) {
        // SAFETY: the function returns this type.
        unsafe { c::LLVMBuildRet(self.raw, value.raw) };
    }
    /// Returns nothing.
    pub fn ret_void(&self) {
        // SAFETY: the function returns nothing.
        unsafe { c::LLVMBuildRetVoid(self.raw) };
    }
    /// Says that control does not get here.
    pub fn unreachable(&self) {
        // SAFETY: the block has no terminator yet.
        unsafe { c::LLVMBuildUnreachable(self.raw) };
    }
}

impl Drop for Builder<'_> {
    fn drop(&mut self) {
        // SAFETY: owned here; the context is still alive.
        unsafe { c::LLVMDisposeBuilder(self.raw) }
    }
}
