//! Debug information that says of each instruction the number of its place in the source, in the stead of a line
//! (`crate::lines`). It names no file and no inlined function, so LLVM has little to carry along.

use super::{Context, Metadata, Module, Value};
use llvm_sys::debuginfo as d;
use llvm_sys::prelude::*;
use std::marker::PhantomData;

/// Builds the debug information of one module.
pub struct DebugInfo<'c> {
    raw: LLVMDIBuilderRef,
    context: &'c Context,
    unit: LLVMMetadataRef,
    file: LLVMMetadataRef,
    signature: LLVMMetadataRef,
}

impl<'c> DebugInfo<'c> {
    /// Starts the debug information of a module.
    pub fn new(context: &'c Context, module: &Module<'c>) -> DebugInfo<'c> {
        module.set_flag("Debug Info Version", 3);
        module.set_flag("Dwarf Version", 4);
        let producer = "c";
        let text = producer.as_ptr() as *const libc::c_char;
        let (language, kind) = (
            d::LLVMDWARFSourceLanguage::LLVMDWARFSourceLanguagePython,
            d::LLVMDWARFEmissionKind::LLVMDWARFEmissionKindLineTablesOnly,
        );
        // SAFETY: all texts have their lengths beside them and are copied.
        unsafe {
            let raw = d::LLVMCreateDIBuilder(module.raw);
            let file = d::LLVMDIBuilderCreateFile(raw, text, producer.len(), text, 0);
            let unit = d::LLVMDIBuilderCreateCompileUnit(
                raw,
                language,
                file,
                text,
                producer.len(),
                1,
                text,
                0,
                0,
                text,
                0,
                kind,
                0,
                0,
                0,
                text,
                0,
                text,
                0,
            );
            let signature = d::LLVMDIBuilderCreateSubroutineType(raw, file, std::ptr::null_mut(), 0, 0);
            DebugInfo { raw, context, unit, file, signature }
        }
    }

    /// Gives a compiled function its scope.
    pub fn begin(&self, function: Value<'c>) -> Scope<'c> {
        let text = c"f".as_ptr();
        // SAFETY: lengths are given; unit, file and type belong to this module; a function definition.
        let raw = unsafe {
            let raw = d::LLVMDIBuilderCreateFunction(
                self.raw,
                self.unit,
                text,
                1,
                text,
                0,
                self.file,
                0,
                self.signature,
                1,
                1,
                0,
                0,
                1,
            );
            d::LLVMSetSubprogram(function.raw, raw);
            raw
        };
        Scope { raw, life: PhantomData }
    }

    /// The location of an instruction: a number, in a scope.
    pub fn location(&self, scope: Scope<'c>, number: u32) -> Metadata<'c> {
        let null = std::ptr::null_mut();
        // SAFETY: the scope belongs to this module.
        let raw = unsafe { d::LLVMDIBuilderCreateDebugLocation(self.context.raw, number, 0, scope.raw, null) };
        Metadata { raw, life: PhantomData }
    }

    /// Completes the debug information.
    pub fn finish(&self) {
        // SAFETY: called once, after the last function.
        unsafe { d::LLVMDIBuilderFinalize(self.raw) }
    }
}

impl Drop for DebugInfo<'_> {
    fn drop(&mut self) {
        // SAFETY: owned here; the module is still alive.
        unsafe { d::LLVMDisposeDIBuilder(self.raw) }
    }
}

/// The scope of one compiled function.
#[derive(Clone, Copy)]
pub struct Scope<'c> {
    raw: LLVMMetadataRef,
    life: PhantomData<&'c Context>,
}
