//! A thin safe module over LLVM's C interface: contexts, modules, types, values.
//!
//! Every wrapper borrows the [`Context`] that its object lives in, so nothing outlives it.  What the borrow
//! checker cannot see is stated here once: a [`Value`] is used only in the module it was made in, operands
//! have the types the instruction wants (the IR verifier runs in debug builds and tests), and names are C
//! strings.  Only this directory names `llvm-sys`.

mod builder;
mod debug_info;
mod target;

pub use builder::{Builder, Flags};
pub use debug_info::{DebugInfo, Scope};
pub use llvm_sys::LLVMIntPredicate as IntPredicate;
pub use llvm_sys::LLVMOpcode as Opcode;
pub use llvm_sys::LLVMRealPredicate as FloatPredicate;
pub use target::{Machine, OptLevel, enable_remarks, host, version};

use llvm_sys::core as c;
use llvm_sys::prelude::*;
use std::cell::{Cell, RefCell};
use std::ffi::{CStr, CString};
use std::marker::PhantomData;

/// The empty name.
pub(crate) const UNNAMED: *const libc::c_char = c"".as_ptr();

/// A C string; bytes from the first NUL on are dropped.
pub fn c_string(text: &str) -> CString {
    let end = text.find('\0').unwrap_or(text.len());
    CString::new(text.get(..end).unwrap_or_default()).unwrap_or_default()
}

/// Takes a message that LLVM allocated.
fn take_message(message: *mut libc::c_char) -> String {
    if message.is_null() {
        return String::new();
    }
    // SAFETY: LLVM returned a NUL-terminated string of its own, disposed here once.
    unsafe {
        let text = CStr::from_ptr(message).to_string_lossy().into_owned();
        c::LLVMDisposeMessage(message);
        text
    }
}

/// What LLVM reports while it compiles: remarks and warnings, as text.
type Reports = RefCell<Vec<String>>;

/// Owns every type, constant and module of one compilation.  One thread, one compile, no locks.
pub struct Context {
    raw: LLVMContextRef,
    reports: Box<Reports>,
}

/// Collects a diagnostic's text in the context's list.
extern "C" fn report(info: LLVMDiagnosticInfoRef, sink: *mut libc::c_void) {
    // SAFETY: `sink` is the `Reports` box of the context that is running this compile on this thread.
    unsafe {
        let text = take_message(c::LLVMGetDiagInfoDescription(info));
        let sink = &*(sink as *const Reports);
        if let Ok(mut list) = sink.try_borrow_mut() {
            list.push(text);
        }
    }
}

impl Context {
    /// A fresh context.
    pub fn new() -> Context {
        let reports = Box::new(Reports::default());
        // SAFETY: the box outlives the context: both are dropped together, the context first.
        let raw = unsafe {
            let raw = c::LLVMContextCreate();
            let sink = (&raw const *reports) as *mut libc::c_void;
            c::LLVMContextSetDiagnosticHandler(raw, Some(report), sink);
            c::LLVMContextSetDiscardValueNames(raw, 1);
            raw
        };
        Context { raw, reports }
    }

    /// What was reported so far.
    pub fn take_reports(&self) -> Vec<String> {
        self.reports.take()
    }

    /// An integer type.
    pub fn int(&self, bits: u32) -> Type<'_> {
        // SAFETY: the context is alive.
        Type::new(unsafe { c::LLVMIntTypeInContext(self.raw, bits) })
    }
    /// `half`.
    pub fn f16(&self) -> Type<'_> {
        // SAFETY: the context is alive.
        Type::new(unsafe { c::LLVMHalfTypeInContext(self.raw) })
    }
    /// `float`.
    pub fn f32(&self) -> Type<'_> {
        // SAFETY: the context is alive.
        Type::new(unsafe { c::LLVMFloatTypeInContext(self.raw) })
    }
    /// `double`.
    pub fn f64(&self) -> Type<'_> {
        // SAFETY: the context is alive.
        Type::new(unsafe { c::LLVMDoubleTypeInContext(self.raw) })
    }
    /// `ptr`.
    pub fn ptr(&self) -> Type<'_> {
        // SAFETY: the context is alive.
        Type::new(unsafe { c::LLVMPointerTypeInContext(self.raw, 0) })
    }
    /// `void`.
    pub fn void(&self) -> Type<'_> {
        // SAFETY: the context is alive.
        Type::new(unsafe { c::LLVMVoidTypeInContext(self.raw) })
    }
    /// A literal structure.
    pub fn structure<'c>(&'c self, fields: &[Type<'c>]) -> Type<'c> {
        let mut raw = raw_types(fields);
        // SAFETY: the array holds types of this context and has the length given.
        Type::new(unsafe { c::LLVMStructTypeInContext(self.raw, raw.as_mut_ptr(), raw.len() as u32, 0) })
    }
    /// A structure constant.
    pub fn const_structure<'c>(&'c self, fields: &[Value<'c>]) -> Value<'c> {
        let mut raw = raw_values(fields);
        // SAFETY: as above.
        Value::new(unsafe { c::LLVMConstStructInContext(self.raw, raw.as_mut_ptr(), raw.len() as u32, 0) })
    }
    /// A constant array of bytes.
    pub fn const_bytes(&self, bytes: &[u8]) -> Value<'_> {
        let data = bytes.as_ptr() as *const libc::c_char;
        // SAFETY: LLVM copies the bytes.
        Value::new(unsafe { c::LLVMConstStringInContext2(self.raw, data, bytes.len(), 1) })
    }
    /// `1` or `0` of one bit.
    pub fn bool(&self, value: bool) -> Value<'_> {
        self.int(1).int_const(u64::from(value))
    }
    /// A new basic block at the end of a function.
    pub fn block<'c>(&'c self, function: Value<'c>) -> Label<'c> {
        // SAFETY: the function belongs to a module of this context.
        let raw = unsafe { c::LLVMAppendBasicBlockInContext(self.raw, function.raw, UNNAMED) };
        Label { raw, life: PhantomData }
    }
    /// An attribute known to LLVM by this name, with its number (0 for a plain one).
    pub fn attribute(&self, name: &str, number: u64) -> Attribute<'_> {
        // SAFETY: the name's length is given; the kind exists in this version of LLVM (a test uses each).
        let raw = unsafe {
            let kind = c::LLVMGetEnumAttributeKindForName(name.as_ptr() as *const libc::c_char, name.len());
            c::LLVMCreateEnumAttribute(self.raw, kind, number)
        };
        Attribute { raw, life: PhantomData }
    }
    /// An attribute that LLVM knows as text.
    pub fn text_attribute(&self, name: &str, value: &str) -> Attribute<'_> {
        let (key, text) = (name.as_ptr() as *const libc::c_char, value.as_ptr() as *const libc::c_char);
        // SAFETY: the lengths are given.
        let raw = unsafe { c::LLVMCreateStringAttribute(self.raw, key, name.len() as u32, text, value.len() as u32) };
        Attribute { raw, life: PhantomData }
    }
    /// The attribute `range(i64 0, i64 min)`: not negative.
    pub fn not_negative(&self) -> Attribute<'_> {
        let (low, high) = (0u64, 1u64 << 63);
        // SAFETY: 64 bits take one word each.
        let raw = unsafe {
            let kind = c::LLVMGetEnumAttributeKindForName(c"range".as_ptr(), 5);
            c::LLVMCreateConstantRangeAttribute(self.raw, kind, 64, &low, &high)
        };
        Attribute { raw, life: PhantomData }
    }
    /// A metadata node of values and texts.
    pub fn node<'c>(&'c self, items: &[Metadata<'c>]) -> Metadata<'c> {
        let mut raw: Vec<LLVMMetadataRef> = items.iter().map(|m| m.raw).collect();
        // SAFETY: the items belong to this context.
        let raw = unsafe { c::LLVMMDNodeInContext2(self.raw, raw.as_mut_ptr(), raw.len()) };
        Metadata { raw, life: PhantomData }
    }
    /// A node that names a loop: its first item is itself, so that no two are the same.
    pub fn loop_node<'c>(&'c self, properties: &[Metadata<'c>]) -> Metadata<'c> {
        // SAFETY: the temporary node is replaced, which frees it, and the items belong to this context.
        let raw = unsafe {
            let this = llvm_sys::debuginfo::LLVMTemporaryMDNode(self.raw, std::ptr::null_mut(), 0);
            let mut items: Vec<LLVMMetadataRef> =
                std::iter::once(this).chain(properties.iter().map(|m| m.raw)).collect();
            let node = c::LLVMMDNodeInContext2(self.raw, items.as_mut_ptr(), items.len());
            llvm_sys::debuginfo::LLVMMetadataReplaceAllUsesWith(this, node);
            node
        };
        Metadata { raw, life: PhantomData }
    }
    /// A text as metadata.
    pub fn metadata_text(&self, text: &str) -> Metadata<'_> {
        // SAFETY: LLVM copies the text.
        let raw = unsafe { c::LLVMMDStringInContext2(self.raw, text.as_ptr() as *const libc::c_char, text.len()) };
        Metadata { raw, life: PhantomData }
    }
    /// Metadata as an operand of an intrinsic.
    pub fn metadata_value<'c>(&'c self, metadata: Metadata<'c>) -> Value<'c> {
        // SAFETY: the node belongs to this context.
        Value::new(unsafe { c::LLVMMetadataAsValue(self.raw, metadata.raw) })
    }
    /// The number of a kind of metadata.
    pub fn metadata_kind(&self, name: &str) -> u32 {
        // SAFETY: the length is given.
        unsafe { c::LLVMGetMDKindIDInContext(self.raw, name.as_ptr() as *const libc::c_char, name.len() as u32) }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: everything made in it borrowed `self` and is gone.
        unsafe { c::LLVMContextDispose(self.raw) }
    }
}

fn raw_types(types: &[Type<'_>]) -> Vec<LLVMTypeRef> {
    types.iter().map(|t| t.raw).collect()
}

fn raw_values(values: &[Value<'_>]) -> Vec<LLVMValueRef> {
    values.iter().map(|v| v.raw).collect()
}

/// A type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Type<'c> {
    raw: LLVMTypeRef,
    life: PhantomData<&'c Context>,
}

impl<'c> Type<'c> {
    fn new(raw: LLVMTypeRef) -> Type<'c> {
        Type { raw, life: PhantomData }
    }
    /// A constant of an integer type.
    pub fn int_const(self, value: u64) -> Value<'c> {
        // SAFETY: the type is an integer type; LLVM truncates to its width.
        Value::new(unsafe { c::LLVMConstInt(self.raw, value, 1) })
    }
    /// A constant of a floating-point type from the bits of a double.
    pub fn float_const(self, value: f64) -> Value<'c> {
        // SAFETY: the type is a floating-point type.
        Value::new(unsafe { c::LLVMConstReal(self.raw, value) })
    }
    /// Zero, null, or an aggregate of them.
    pub fn zero(self) -> Value<'c> {
        // SAFETY: every first-class type has a null value.
        Value::new(unsafe { c::LLVMConstNull(self.raw) })
    }
    /// A value that nobody may look at.
    pub fn poison(self) -> Value<'c> {
        // SAFETY: the type is first-class.
        Value::new(unsafe { c::LLVMGetPoison(self.raw) })
    }
    /// A function type.
    pub fn function(self, params: &[Type<'c>]) -> Type<'c> {
        let mut raw = raw_types(params);
        // SAFETY: the array has the length given.
        Type::new(unsafe { c::LLVMFunctionType(self.raw, raw.as_mut_ptr(), raw.len() as u32, 0) })
    }
    /// A vector type.
    pub fn vector(self, lanes: u32) -> Type<'c> {
        // SAFETY: the element is a number type.
        Type::new(unsafe { c::LLVMVectorType(self.raw, lanes) })
    }
    /// Width of an integer type.
    pub fn bits(self) -> u32 {
        // SAFETY: asked of integer types only.
        unsafe { c::LLVMGetIntTypeWidth(self.raw) }
    }
}

/// A value: constant, parameter, instruction or global.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Value<'c> {
    raw: LLVMValueRef,
    life: PhantomData<&'c Context>,
}

impl<'c> Value<'c> {
    fn new(raw: LLVMValueRef) -> Value<'c> {
        Value { raw, life: PhantomData }
    }
    /// Its type.
    pub fn ty(self) -> Type<'c> {
        // SAFETY: the value is alive with its context.
        Type::new(unsafe { c::LLVMTypeOf(self.raw) })
    }
    /// The n-th parameter of a function; null if it has none (the caller counts them).
    pub fn param(self, index: usize) -> Value<'c> {
        // SAFETY: `self` is a function and the index is below its number of parameters.
        Value::new(unsafe { c::LLVMGetParam(self.raw, index as u32) })
    }
    /// The value of an integer constant.
    pub fn as_int(self) -> Option<i64> {
        // SAFETY: the value is alive; only constant integers are read.
        unsafe { (!c::LLVMIsAConstantInt(self.raw).is_null()).then(|| c::LLVMConstIntGetSExtValue(self.raw)) }
    }
    /// Adds the incoming edge of a phi.
    pub fn add_incoming(self, value: Value<'c>, from: Label<'c>) {
        let (mut values, mut labels) = ([value.raw], [from.raw]);
        // SAFETY: `self` is a phi of the value's type; the block is a predecessor.
        unsafe { c::LLVMAddIncoming(self.raw, values.as_mut_ptr(), labels.as_mut_ptr(), 1) }
    }
    /// Attaches metadata to an instruction; constants have none.
    pub fn set_metadata(self, kind: u32, node: Metadata<'c>, context: &'c Context) {
        // SAFETY: checked to be an instruction of this context.
        unsafe {
            if !c::LLVMIsAInstruction(self.raw).is_null() {
                c::LLVMSetMetadata(self.raw, kind, c::LLVMMetadataAsValue(context.raw, node.raw));
            }
        }
    }
    /// Adds an attribute to a function: at the function itself.
    pub fn add_attribute(self, attribute: Attribute<'c>) {
        // SAFETY: `self` is a function.
        unsafe { c::LLVMAddAttributeAtIndex(self.raw, llvm_sys::LLVMAttributeFunctionIndex, attribute.raw) }
    }
    /// Adds an attribute to a function's parameter.
    pub fn add_param_attribute(self, index: usize, attribute: Attribute<'c>) {
        // SAFETY: `self` is a function with that parameter; attribute indices of parameters start at 1.
        unsafe { c::LLVMAddAttributeAtIndex(self.raw, index as u32 + 1, attribute.raw) }
    }
    /// Adds an attribute to a function's result.
    pub fn add_result_attribute(self, attribute: Attribute<'c>) {
        // SAFETY: `self` is a function; index 0 is its result.
        unsafe { c::LLVMAddAttributeAtIndex(self.raw, 0, attribute.raw) }
    }
    /// Adds an attribute to a call: at the call itself (`None`) or at one of its arguments.
    pub fn add_call_attribute(self, argument: Option<usize>, attribute: Attribute<'c>) {
        let index = argument.map_or(llvm_sys::LLVMAttributeFunctionIndex, |i| i as u32 + 1);
        // SAFETY: `self` is a call with that argument.
        unsafe { c::LLVMAddCallSiteAttribute(self.raw, index, attribute.raw) }
    }
    /// Makes a function private to the module.
    pub fn hide(self) {
        // SAFETY: `self` is a function definition.
        unsafe { c::LLVMSetLinkage(self.raw, llvm_sys::LLVMLinkage::LLVMInternalLinkage) }
    }
    /// Makes a function private to the module, with the fast calling convention.
    pub fn make_internal(self) {
        // SAFETY: `self` is a function definition.
        unsafe {
            c::LLVMSetLinkage(self.raw, llvm_sys::LLVMLinkage::LLVMInternalLinkage);
            c::LLVMSetFunctionCallConv(self.raw, llvm_sys::LLVMCallConv::LLVMFastCallConv as u32);
        }
    }
    /// A constant as metadata.
    pub fn metadata(self) -> Metadata<'c> {
        // SAFETY: the value is a constant.
        let raw = unsafe { c::LLVMValueAsMetadata(self.raw) };
        Metadata { raw, life: PhantomData }
    }
}

/// A basic block.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Label<'c> {
    raw: LLVMBasicBlockRef,
    life: PhantomData<&'c Context>,
}

/// An attribute.
#[derive(Clone, Copy)]
pub struct Attribute<'c> {
    raw: LLVMAttributeRef,
    life: PhantomData<&'c Context>,
}

/// A metadata node.
#[derive(Clone, Copy)]
pub struct Metadata<'c> {
    raw: LLVMMetadataRef,
    life: PhantomData<&'c Context>,
}

/// A module under construction.
pub struct Module<'c> {
    raw: LLVMModuleRef,
    context: &'c Context,
    globals: Cell<u32>,
}

impl<'c> Module<'c> {
    /// An empty module.
    pub fn new(context: &'c Context, name: &str) -> Module<'c> {
        let name = c_string(name);
        // SAFETY: the context outlives the module.
        let raw = unsafe { c::LLVMModuleCreateWithNameInContext(name.as_ptr(), context.raw) };
        Module { raw, context, globals: Cell::new(0) }
    }
    /// Adds a function declaration.
    pub fn function(&self, name: &str, ty: Type<'c>) -> Value<'c> {
        let name = c_string(name);
        // SAFETY: `ty` is a function type of this context.
        Value::new(unsafe { c::LLVMAddFunction(self.raw, name.as_ptr(), ty.raw) })
    }
    /// Declares data defined elsewhere.
    pub fn external_data(&self, name: &str, ty: Type<'c>) -> Value<'c> {
        let name = c_string(name);
        // SAFETY: the type is sized.
        Value::new(unsafe { c::LLVMAddGlobal(self.raw, ty.raw, name.as_ptr()) })
    }
    /// Adds private constant data.
    pub fn constant_data(&self, value: Value<'c>, alignment: u32) -> Value<'c> {
        let number = self.globals.get();
        self.globals.set(number + 1);
        let name = c_string(&format!("data.{number}"));
        // SAFETY: the initialiser is a constant of the global's type.
        unsafe {
            let global = c::LLVMAddGlobal(self.raw, c::LLVMTypeOf(value.raw), name.as_ptr());
            c::LLVMSetInitializer(global, value.raw);
            c::LLVMSetGlobalConstant(global, 1);
            c::LLVMSetLinkage(global, llvm_sys::LLVMLinkage::LLVMPrivateLinkage);
            c::LLVMSetUnnamedAddress(global, llvm_sys::LLVMUnnamedAddr::LLVMGlobalUnnamedAddr);
            c::LLVMSetAlignment(global, alignment);
            Value::new(global)
        }
    }
    /// An intrinsic, with its type.
    pub fn intrinsic(&self, name: &str, overloads: &[Type<'c>]) -> (Value<'c>, Type<'c>) {
        let mut raw = raw_types(overloads);
        // SAFETY: the name is one of this version's intrinsics (a test uses each).
        unsafe {
            let id = c::LLVMLookupIntrinsicID(name.as_ptr() as *const libc::c_char, name.len());
            let function = c::LLVMGetIntrinsicDeclaration(self.raw, id, raw.as_mut_ptr(), raw.len());
            (Value::new(function), Type::new(c::LLVMGlobalGetValueType(function)))
        }
    }
    /// Adds the module flag that says which debug format the module has.
    pub fn set_flag(&self, name: &str, value: u32) {
        let value = self.context.int(32).int_const(u64::from(value)).metadata();
        let behaviour = llvm_sys::LLVMModuleFlagBehavior::LLVMModuleFlagBehaviorWarning;
        let key = name.as_ptr() as *const libc::c_char;
        // SAFETY: the length is given; the value is metadata of this context.
        unsafe { c::LLVMAddModuleFlag(self.raw, behaviour, key, name.len(), value.raw) }
    }
    /// Adds the definitions in a text to this module.
    pub fn link_text(&self, text: &str) -> Result<(), String> {
        // SAFETY: strings are those of this module, copied by LLVM.
        let (layout, triple) = unsafe {
            let own = |text| CStr::from_ptr(text).to_string_lossy();
            (own(c::LLVMGetDataLayoutStr(self.raw)), own(c::LLVMGetTarget(self.raw)))
        };
        let whole = format!("target datalayout = \"{layout}\"\ntarget triple = \"{triple}\"\n{text}");
        let (mut added, mut message) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: the text outlives the buffer, which is ours to dispose; linking consumes the parsed module.
        unsafe {
            let start = whole.as_ptr() as *const libc::c_char;
            let buffer = c::LLVMCreateMemoryBufferWithMemoryRangeCopy(start, whole.len(), UNNAMED);
            let context = self.context.raw;
            // A text has names, which the context is told to drop elsewhere.
            c::LLVMContextSetDiscardValueNames(context, 0);
            let failed = llvm_sys::ir_reader::LLVMParseIRInContext2(context, buffer, &mut added, &mut message);
            c::LLVMContextSetDiscardValueNames(context, 1);
            c::LLVMDisposeMemoryBuffer(buffer);
            if failed != 0 {
                return Err(take_message(message));
            }
            match llvm_sys::linker::LLVMLinkModules2(self.raw, added) {
                0 => Ok(()),
                _ => Err("LLVM cannot link a text".to_owned()),
            }
        }
    }
    /// The function of this name, if this module defines it.
    pub fn defined_function(&self, name: &str) -> Option<Value<'c>> {
        let name = c_string(name);
        // SAFETY: null, or a function of this module.
        unsafe {
            let found = c::LLVMGetNamedFunction(self.raw, name.as_ptr());
            (!found.is_null() && c::LLVMIsDeclaration(found) == 0).then(|| Value::new(found))
        }
    }
    /// Lets a function that was kept out of line for the vectoriser be inlined, and what was kept for its sake die.
    pub fn settle(&self, function: Value<'c>) {
        let kind = c::LLVMGetEnumAttributeKindForName;
        // SAFETY: `function` is one of this module's; the list of kept values is a global that nothing refers to.
        unsafe {
            c::LLVMRemoveEnumAttributeAtIndex(
                function.raw,
                llvm_sys::LLVMAttributeFunctionIndex,
                kind(c"noinline".as_ptr(), 8),
            );
            let kept = c::LLVMGetNamedGlobal(self.raw, c"llvm.compiler.used".as_ptr());
            if !kept.is_null() {
                c::LLVMDeleteGlobal(kept);
            }
        }
        function.add_attribute(self.context.attribute("alwaysinline", 0));
    }
    /// Keeps the scalar rests of vectorised loops from being unrolled.  They run for a few iterations, or where arrays
    /// overlap; unrolled, they are what the code generator spends most of its time on.
    pub fn keep_rests_small(&self) {
        let kind = self.context.metadata_kind("llvm.loop");
        let disable = self.context.node(&[self.context.metadata_text("llvm.loop.unroll.runtime.disable")]);
        // SAFETY: functions, blocks and terminators of this module, visited while nothing changes but metadata.
        unsafe {
            let mut function = c::LLVMGetFirstFunction(self.raw);
            while !function.is_null() {
                let mut block = c::LLVMGetFirstBasicBlock(function);
                while !block.is_null() {
                    let terminator = c::LLVMGetBasicBlockTerminator(block);
                    let node = c::LLVMGetMetadata(terminator, kind);
                    if !node.is_null() {
                        self.extend_loop_node(Value::new(terminator), kind, node, disable);
                    }
                    block = c::LLVMGetNextBasicBlock(block);
                }
                function = c::LLVMGetNextFunction(function);
            }
        }
    }

    /// Adds a property to the node of a vectorised loop.
    fn extend_loop_node(&self, branch: Value<'c>, kind: u32, node: LLVMValueRef, property: Metadata<'c>) {
        // SAFETY: `node` is a metadata node; its operands are nodes or null.
        let properties: Vec<LLVMValueRef> = unsafe {
            let count = c::LLVMGetMDNodeNumOperands(node) as usize;
            let mut operands = vec![std::ptr::null_mut(); count];
            c::LLVMGetMDNodeOperands(node, operands.as_mut_ptr());
            // The first operand is the node itself.
            operands.into_iter().skip(1).filter(|operand| !operand.is_null()).collect()
        };
        if !properties.iter().any(|&p| property_name(p) == "llvm.loop.isvectorized") {
            return;
        }
        // SAFETY: each is metadata wrapped as a value.
        let own = properties.into_iter().map(|p| unsafe { c::LLVMValueAsMetadata(p) });
        let mut all: Vec<Metadata> = own.map(|raw| Metadata { raw, life: PhantomData }).collect();
        all.push(property);
        branch.set_metadata(kind, self.context.loop_node(&all), self.context);
    }

    /// The module as text.
    pub fn text(&self) -> String {
        // SAFETY: the module is alive.
        take_message(unsafe { c::LLVMPrintModuleToString(self.raw) })
    }
    /// What is wrong with the module, if anything.
    pub fn verify(&self) -> Result<(), String> {
        let mut message = std::ptr::null_mut();
        let action = llvm_sys::analysis::LLVMVerifierFailureAction::LLVMReturnStatusAction;
        // SAFETY: the message is ours to dispose.
        let failed = unsafe { llvm_sys::analysis::LLVMVerifyModule(self.raw, action, &mut message) };
        let message = take_message(message);
        if failed == 0 { Ok(()) } else { Err(message) }
    }
}

impl Drop for Module<'_> {
    fn drop(&mut self) {
        // SAFETY: owned here; the context is still alive.
        unsafe { c::LLVMDisposeModule(self.raw) }
    }
}

/// The name of a loop property: the first operand of its node, a text.
fn property_name(node: LLVMValueRef) -> String {
    // SAFETY: only nodes are asked for operands, and only texts for their bytes, whose length is given.
    unsafe {
        if c::LLVMIsAMDNode(node).is_null() || c::LLVMGetMDNodeNumOperands(node) == 0 {
            return String::new();
        }
        let mut operands = vec![std::ptr::null_mut(); c::LLVMGetMDNodeNumOperands(node) as usize];
        c::LLVMGetMDNodeOperands(node, operands.as_mut_ptr());
        let Some(&first) = operands.first() else { return String::new() };
        if first.is_null() || c::LLVMIsAMDString(first).is_null() {
            return String::new();
        }
        let mut length = 0;
        let text = c::LLVMGetMDString(first, &mut length);
        String::from_utf8_lossy(std::slice::from_raw_parts(text as *const u8, length as usize)).into_owned()
    }
}
