//! Line tables: which line of the user's source an instruction comes from, inlining included.
//!
//! Made only when somebody asks for remarks or for assembly with lines: the tables cost compile time.

use super::{Context, Metadata, Module, Value};
use coachwhip_ir::{Func, Loc};
use llvm_sys::debuginfo as d;
use llvm_sys::prelude::*;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

/// Builds the debug information of one module.
pub struct DebugInfo<'c> {
    raw: LLVMDIBuilderRef,
    context: &'c Context,
    unit: LLVMMetadataRef,
    signature: LLVMMetadataRef,
    files: HashMap<Arc<str>, LLVMMetadataRef>,
    /// Scopes of inlined functions, by name and file.
    scopes: HashMap<(Arc<str>, Arc<str>), LLVMMetadataRef>,
}

impl<'c> DebugInfo<'c> {
    /// Starts the debug information of a module.
    pub fn new(context: &'c Context, module: &Module<'c>) -> DebugInfo<'c> {
        module.set_flag("Debug Info Version", 3);
        module.set_flag("Dwarf Version", 4);
        let producer = "coachwhip";
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
            DebugInfo { raw, context, unit, signature, files: HashMap::new(), scopes: HashMap::new() }
        }
    }

    /// The metadata of a source file.
    fn file(&mut self, name: &Arc<str>) -> LLVMMetadataRef {
        let raw = self.raw;
        *self.files.entry(name.clone()).or_insert_with(|| {
            let text = name.as_ptr() as *const libc::c_char;
            // SAFETY: the length is given; the directory is empty.
            unsafe { d::LLVMDIBuilderCreateFile(raw, text, name.len(), text, 0) }
        })
    }

    /// A new scope for a Python function.
    fn new_scope(&mut self, name: &Arc<str>, file: &Arc<str>, line: u32) -> LLVMMetadataRef {
        let file = self.file(file);
        let text = name.as_ptr() as *const libc::c_char;
        // SAFETY: lengths are given; the unit, file and type belong to this module.
        unsafe {
            d::LLVMDIBuilderCreateFunction(
                self.raw,
                self.unit,
                text,
                name.len(),
                text,
                0,
                file,
                line,
                self.signature,
                1,
                1,
                line,
                0,
                1,
            )
        }
    }

    /// Gives a compiled function its scope.
    pub fn begin(&mut self, function: Value<'c>, func: &Func) -> Scope<'c> {
        let place = func.locs.values().next();
        let file: Arc<str> = place.map_or_else(|| Arc::from("?"), |p| p.file.clone());
        let line = place.map_or(0, |p| p.line);
        let raw = self.new_scope(&func.name, &file, line);
        // SAFETY: a function definition and its subprogram.
        unsafe { d::LLVMSetSubprogram(function.raw, raw) };
        Scope { raw, places: HashMap::new(), life: PhantomData }
    }

    /// The location of an instruction.
    pub fn location(&mut self, scope: &mut Scope<'c>, func: &Func, loc: Loc) -> Option<Metadata<'c>> {
        if let Some(known) = scope.places.get(&loc) {
            return Some(Metadata { raw: *known, life: PhantomData });
        }
        let data = func.locs.lookup(loc)?;
        let outer = match data.inlined_at {
            Some(outer) if outer != loc => Some(self.location(scope, func, outer)?),
            _ => None,
        };
        let own = match outer {
            None => scope.raw,
            Some(_) => self.inlined_scope(&data.function, &data.file, data.line),
        };
        let outer = outer.map_or(std::ptr::null_mut(), |o| o.raw);
        // SAFETY: the scope and the outer location belong to this module.
        let raw =
            unsafe { d::LLVMDIBuilderCreateDebugLocation(self.context.raw, data.line, data.column + 1, own, outer) };
        scope.places.insert(loc, raw);
        Some(Metadata { raw, life: PhantomData })
    }

    fn inlined_scope(&mut self, name: &Arc<str>, file: &Arc<str>, line: u32) -> LLVMMetadataRef {
        let key = (name.clone(), file.clone());
        if let Some(known) = self.scopes.get(&key) {
            return *known;
        }
        let scope = self.new_scope(name, file, line);
        self.scopes.insert(key, scope);
        scope
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
pub struct Scope<'c> {
    raw: LLVMMetadataRef,
    places: HashMap<Loc, LLVMMetadataRef>,
    life: PhantomData<&'c Context>,
}
