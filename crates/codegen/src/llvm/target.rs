//! The machine to compile for.  Passes and object code.

use super::{Module, c_string, take_message};
use coachwhip_ir::Target;
use llvm_sys::core as c;
use llvm_sys::target_machine as t;
use std::ffi::CString;
use std::sync::{Arc, Once, OnceLock};

/// How much the code generator works.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OptLevel {
    /// None: for `debug`.
    None,
    /// Quick: for code without loops.
    Less,
    /// All.
    Aggressive,
}

/// This machine.
pub fn host() -> Arc<Target> {
    static HOST: OnceLock<Arc<Target>> = OnceLock::new();
    // SAFETY: questions about the machine; the messages are disposed by `take_message`.
    let ask = || unsafe {
        Arc::new(Target {
            triple: take_message(t::LLVMGetDefaultTargetTriple()).into(),
            cpu: take_message(t::LLVMGetHostCPUName()).into(),
            features: take_message(t::LLVMGetHostCPUFeatures()).into(),
        })
    };
    HOST.get_or_init(ask).clone()
}

/// Makes kinds of machines known to LLVM, by `register`.  Whoever only asks about the host, as the cache does, goes without.
fn initialise(register: fn()) {
    static DONE: Once = Once::new();
    // SAFETY: initialisation happens once.
    DONE.call_once(|| unsafe {
        register();
        let arguments = [
            c"coachwhip".as_ptr(),
            // Sums in the order of the source may be part of a vectorised loop: the addends are computed side by side.
            c"-force-ordered-reductions".as_ptr(),
            // No variable has a location, so there is none to follow through the registers.
            c"-experimental-debug-variable-locations=false".as_ptr(),
        ];
        llvm_sys::support::LLVMParseCommandLineOptions(3, arguments.as_ptr(), UNNAMED_OVERVIEW);
    });
}

/// LLVM's version.
pub fn version() -> (u32, u32, u32) {
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    // SAFETY: three places to write to.
    unsafe { c::LLVMGetVersion(&mut major, &mut minor, &mut patch) };
    (major, minor, patch)
}

/// A target machine.
pub struct Machine {
    raw: t::LLVMTargetMachineRef,
    triple: CString,
}

impl Machine {
    /// A machine; `register` makes its kind known to LLVM.
    pub fn new(target: &Target, level: OptLevel, register: fn()) -> Result<Machine, String> {
        initialise(register);
        let [triple, cpu, features] = [&target.triple, &target.cpu, &target.features].map(|text| c_string(text));
        let level = match level {
            OptLevel::None => t::LLVMCodeGenOptLevel::LLVMCodeGenLevelNone,
            OptLevel::Less => t::LLVMCodeGenOptLevel::LLVMCodeGenLevelLess,
            OptLevel::Aggressive => t::LLVMCodeGenOptLevel::LLVMCodeGenLevelAggressive,
        };
        let (mut found, mut message) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: targets are initialised; strings are NUL-terminated.
        unsafe {
            if t::LLVMGetTargetFromTriple(triple.as_ptr(), &mut found, &mut message) != 0 {
                return Err(take_message(message));
            }
            let raw = t::LLVMCreateTargetMachine(
                found,
                triple.as_ptr(),
                cpu.as_ptr(),
                features.as_ptr(),
                level,
                t::LLVMRelocMode::LLVMRelocPIC,
                t::LLVMCodeModel::LLVMCodeModelSmall,
            );
            if raw.is_null() {
                Err("LLVM has no target machine for this target".into())
            } else {
                Ok(Machine { raw, triple })
            }
        }
    }

    /// Gives a module this machine's triple and data layout.
    pub fn prepare(&self, module: &Module<'_>) {
        // SAFETY: the layout is copied into the module and disposed.
        unsafe {
            let layout = t::LLVMCreateTargetDataLayout(self.raw);
            llvm_sys::target::LLVMSetModuleDataLayout(module.raw, layout);
            llvm_sys::target::LLVMDisposeTargetData(layout);
            c::LLVMSetTarget(module.raw, self.triple.as_ptr());
        }
    }

    /// Runs passes given as text.
    pub fn run(&self, module: &Module<'_>, passes: &str) -> Result<(), String> {
        use llvm_sys::transforms::pass_builder as p;
        let passes = c_string(passes);
        // SAFETY: the options are disposed; an error's message is taken and so is the error.
        unsafe {
            let options = p::LLVMCreatePassBuilderOptions();
            let error = p::LLVMRunPasses(module.raw, passes.as_ptr(), self.raw, options);
            p::LLVMDisposePassBuilderOptions(options);
            if error.is_null() { Ok(()) } else { Err(take_error(error)) }
        }
    }

    /// Object code, or assembly text.
    pub fn emit(&self, module: &Module<'_>, assembly: bool) -> Result<Vec<u8>, String> {
        use t::LLVMCodeGenFileType::{LLVMAssemblyFile, LLVMObjectFile};
        let kind = if assembly { LLVMAssemblyFile } else { LLVMObjectFile };
        let (mut buffer, mut message) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: the buffer is copied and disposed.
        unsafe {
            if t::LLVMTargetMachineEmitToMemoryBuffer(self.raw, module.raw, kind, &mut message, &mut buffer) != 0 {
                return Err(take_message(message));
            }
            let start = c::LLVMGetBufferStart(buffer) as *const u8;
            let bytes = std::slice::from_raw_parts(start, c::LLVMGetBufferSize(buffer)).to_vec();
            c::LLVMDisposeMemoryBuffer(buffer);
            Ok(bytes)
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // SAFETY: owned here.
        unsafe { t::LLVMDisposeTargetMachine(self.raw) }
    }
}

/// Takes an error's message.
fn take_error(error: llvm_sys::error::LLVMErrorRef) -> String {
    // SAFETY: the error is consumed, its message copied and disposed.
    unsafe {
        let message = llvm_sys::error::LLVMGetErrorMessage(error);
        let text = std::ffi::CStr::from_ptr(message).to_string_lossy().into_owned();
        llvm_sys::error::LLVMDisposeErrorMessage(message);
        text
    }
}

/// Turns on the remarks of the vectoriser, which are a setting of the whole process.
pub fn enable_remarks() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let arguments = [
            c"coachwhip".as_ptr(),
            c"-pass-remarks=loop-vectorize".as_ptr(),
            c"-pass-remarks-missed=loop-vectorize".as_ptr(),
            c"-pass-remarks-analysis=loop-vectorize".as_ptr(),
        ];
        // SAFETY: the texts are static.
        unsafe { llvm_sys::support::LLVMParseCommandLineOptions(4, arguments.as_ptr(), UNNAMED_OVERVIEW) };
    });
}

const UNNAMED_OVERVIEW: *const libc::c_char = c"".as_ptr();

// SAFETY: a target machine is used by one thread at a time and holds no thread's state.
unsafe impl Send for Machine {}
