//! How LLVM and the rest of the world name this architecture.

/// In messages.
pub const NAME: &str = "x86-64";
/// In ELF files.
pub const MACHINE: u16 = object::elf::EM_X86_64;
/// The register that points at the top of the stack.
pub const STACK_POINTER: &str = "rsp";
/// The processor that code which is made for all machines of a level is made for.
pub const GENERIC: &str = "x86-64-v3";
/// The features of that level, beyond those that all machines have.
pub const GENERIC_FEATURES: &[&str] = &["avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe", "xsave"];

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
