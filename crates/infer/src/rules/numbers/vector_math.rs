//! Vector math: the kernels of `python/coachwhip/lib/vecmath` in the place of the C library's functions.
//!
//! A kernel is a branch-free function in Python, which `opt` puts into loops that LLVM will widen.  It needs
//! the machine's fused multiply-add; `exact_math` keeps the C library's bits.

use super::convert::cast;
use crate::emit::{Emit, Val};
use coachwhip_abi::AbiTy;
use coachwhip_ir::{FastMath, Imm, Inline, Op, Options, RuntimeFn, Ty};

/// Whether the options and the machine let floats be computed otherwise than by the C library.
pub fn wanted(e: &Emit) -> bool {
    !e.options.exact_math && !e.options.debug && e.engine.source().target().has(&["fma", "avx2"])
}

/// A function of the C library, or the kernel that does its work: `args` and result are of type `ty`.
pub fn call(e: &mut Emit, f: RuntimeFn, args: &[&Val], ty: Ty) -> Val {
    let constant = args.iter().all(|v| v.literal().is_some());
    let computed = if !constant && wanted(e) { by_kernel(e, f, args, &ty) } else { None };
    computed.unwrap_or_else(|| e.runtime(f, args, ty))
}

/// The kernel's value, if there is a kernel: it has the C library's name (`exp` for float64, `expf` for float32).
fn by_kernel(e: &mut Emit, f: RuntimeFn, args: &[&Val], ty: &Ty) -> Option<Val> {
    if !f.args().iter().all(|&a| a == f.ret() && matches!(a, AbiTy::F32 | AbiTy::F64)) {
        return None;
    }
    // The engine notes a failure, which ends the inference.
    let id = e.engine.library(&format!("coachwhip.lib.vecmath.{}", f.symbol())).ok()??;
    let element = Ty::Scalar(ty.dtype()?);
    let mut elements = Vec::with_capacity(args.len());
    for v in args {
        let v = cast(e, v, &element);
        elements.push(e.machine(&v));
    }
    // Kernels compute with rounding errors: no relaxation may touch them.
    let options = Options {
        boundscheck: false,
        wraparound: false,
        wrap: true,
        strict: false,
        numpy_errors: true,
        inline: Inline::Always,
        fastmath: FastMath::default(),
        ..e.options.clone()
    };
    let types: Vec<Ty> = elements.iter().map(|v| v.ty.clone()).collect();
    let (number, found) = e.engine.callee(id, &types, &options).ok()?;
    if found != element {
        return None;
    }
    let operands: Vec<&Val> = elements.iter().collect();
    let result = e.op_with(Op::Kernel, Imm::Kernel(number, f), &operands, element);
    Some(cast(e, &result, ty))
}
