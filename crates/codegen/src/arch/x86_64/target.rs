//! How LLVM and the rest of the world name this architecture.

use std::ffi::CStr;

/// In messages.
pub const NAME: &str = "x86-64";
/// In ELF files.
pub const MACHINE: u16 = object::elf::EM_X86_64;
/// The register that points at the top of the stack.
pub const STACK_POINTER: &str = "rsp";
/// The processor that code which is made for all machines of a level is made for.
pub const GENERIC: &CStr = c"x86-64-v3";

/// Whether a machine with these features is of that level.
pub fn is_generic(features: &str) -> bool {
    let wanted = ["avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe", "xsave"];
    wanted.iter().all(|name| features.split([',', ' ']).any(|f| f.strip_prefix('+') == Some(name)))
}

/// Makes the target known to LLVM.
pub fn initialise() {
    // SAFETY: initialisation, done once by the caller.
    unsafe {
        llvm_sys::target::LLVMInitializeX86TargetInfo();
        llvm_sys::target::LLVMInitializeX86Target();
        llvm_sys::target::LLVMInitializeX86TargetMC();
        llvm_sys::target::LLVMInitializeX86AsmPrinter();
        llvm_sys::target::LLVMInitializeX86AsmParser();
    }
}

/// Makes sure that code which has been written is what runs: caches of instructions see writes by themselves here.
pub fn flush(_start: usize, _size: usize) {}
