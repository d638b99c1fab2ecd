//! Functions that LLVM's loop vectoriser calls with vectors: `y`, but a function of the C library at `x` in the
//! lanes where `|x|` exceeds [`FAR`] or [`FAR_SINGLE`].
//!
//! Kernels of vector math are free of branches, but arguments so large that their reduction needs hundreds of
//! bits of pi would cost every argument dearly.  So each of these functions has a variant for each number of
//! lanes, known to the vectoriser by the attribute `vector-function-abi-variant`: it tests all lanes at once,
//! which costs three instructions, and takes the far lanes one by one out of line.  Scalar function and
//! variants are inlined once loops are vectorised (`Module::settle`).

use super::unit::Unit;
use crate::llvm::Value;
use coachwhip_abi::{AbiTy, FAR, FAR_SINGLE, RuntimeFn};

/// The function of the C library behind a function of this kind.  Of singles too it is the one of doubles,
/// whose error is lost when its value is rounded.
pub fn exact(function: RuntimeFn) -> Option<RuntimeFn> {
    match function {
        RuntimeFn::SinFar | RuntimeFn::SinfFar => Some(RuntimeFn::Sin),
        RuntimeFn::CosFar | RuntimeFn::CosfFar => Some(RuntimeFn::Cos),
        RuntimeFn::TanFar | RuntimeFn::TanfFar => Some(RuntimeFn::Tan),
        _ => None,
    }
}

/// The numbers of lanes that have a variant.
const LANES: [usize; 4] = [2, 4, 8, 16];

/// Defines such a function in the unit's module.  Without it the declaration of the run time's own function
/// does the same, only that no loop can call it with vectors.
pub fn define<'c>(unit: &mut Unit<'c, '_>, function: RuntimeFn, exact: RuntimeFn) -> Option<Value<'c>> {
    unit.runtime(exact);
    let (name, callee) = (function.symbol(), exact.symbol());
    let text = match function.ret() {
        AbiTy::F32 => text(SINGLE, name, callee, &format!("{:e}", f64::from(FAR_SINGLE))),
        _ => text(DOUBLE, name, callee, &format!("{FAR:e}")),
    };
    unit.module.link_text(&text).ok()?;
    let value = unit.module.defined_function(name)?;
    value.hide();
    Some(value)
}

/// What the texts of doubles and singles differ in: the type, its name in intrinsics, and the call.
type Kind = [(&'static str, &'static str); 3];
const DOUBLE: Kind = [("T", "double"), ("K", "f64"), ("CALL", "  %value = call double @CALLEE(double %argument)")];
const SINGLE: Kind = [
    ("T", "float"),
    ("K", "f32"),
    (
        "CALL",
        "  %wide = fpext float %argument to double\n  %exact.value = call double @CALLEE(double %wide)\n  \
         %value = fptrunc double %exact.value to float",
    ),
];

/// The definitions as text.
fn text(kind: Kind, name: &str, callee: &str, limit: &str) -> String {
    let variants = LANES.map(|lanes| format!("_ZGV_LLVM_M{lanes}vv_{name}({name}.{lanes})")).join(",");
    let kept = LANES.map(|lanes| format!("ptr @{name}.{lanes}")).join(", ");
    let scalar = SCALAR.replace("VARIANTS", &variants).replace("KEPT", &kept);
    let vectors = LANES.map(|lanes| VECTOR.replace("LANES", &lanes.to_string())).concat();
    let mut whole = scalar + &vectors;
    for (place, value) in kind {
        whole = whole.replace(&format!("{{{place}}}"), value);
    }
    whole.replace("NAME", name).replace("CALLEE", callee).replace("LIMIT", limit)
}

/// The function itself, and what keeps the variants alive until the vectoriser has run.
const SCALAR: &str = r#"
declare double @CALLEE(double)
declare {T} @llvm.fabs.{K}({T})
@llvm.compiler.used = appending global [4 x ptr] [KEPT], section "llvm.metadata"
define {T} @NAME({T} %argument, {T} %y) noinline nounwind willreturn nosync nofree memory(none)
    "vector-function-abi-variant"="VARIANTS" {
  %size = call {T} @llvm.fabs.{K}({T} %argument)
  %far = fcmp ogt {T} %size, LIMIT
  br i1 %far, label %exact, label %done, !prof !0
exact:
{CALL}
  br label %done
done:
  %result = phi {T} [ %y, %0 ], [ %value, %exact ]
  ret {T} %result
}
!0 = !{!"branch_weights", i32 1, i32 1000000}
"#;

/// The function of so many lanes, with its slow part: a loop over the lanes.
const VECTOR: &str = r#"
declare <LANES x {T}> @llvm.fabs.vLANES{K}(<LANES x {T}>)
declare i1 @llvm.vector.reduce.or.vLANESi1(<LANES x i1>)
define internal <LANES x {T}> @NAME.LANES(<LANES x {T}> %x, <LANES x {T}> %y, <LANES x i1> %mask) alwaysinline
    nounwind willreturn nosync nofree memory(none) {
  %sizes = call <LANES x {T}> @llvm.fabs.vLANES{K}(<LANES x {T}> %x)
  %all = fcmp ogt <LANES x {T}> %sizes, splat ({T} LIMIT)
  %far = and <LANES x i1> %all, %mask
  %any = call i1 @llvm.vector.reduce.or.vLANESi1(<LANES x i1> %far)
  br i1 %any, label %exact, label %done, !prof !0
exact:
  %values = call <LANES x {T}> @NAME.LANES.exact(<LANES x {T}> %x, <LANES x {T}> %y, <LANES x i1> %far)
  br label %done
done:
  %result = phi <LANES x {T}> [ %y, %0 ], [ %values, %exact ]
  ret <LANES x {T}> %result
}
define internal <LANES x {T}> @NAME.LANES.exact(<LANES x {T}> %x, <LANES x {T}> %y, <LANES x i1> %far)
    noinline optnone cold nounwind willreturn nosync nofree memory(none) {
  br label %lane
lane:
  %i = phi i32 [ 0, %0 ], [ %next, %end ]
  %values = phi <LANES x {T}> [ %y, %0 ], [ %some, %end ]
  %wanted = extractelement <LANES x i1> %far, i32 %i
  br i1 %wanted, label %exact, label %end
exact:
  %argument = extractelement <LANES x {T}> %x, i32 %i
{CALL}
  %changed = insertelement <LANES x {T}> %values, {T} %value, i32 %i
  br label %end
end:
  %some = phi <LANES x {T}> [ %values, %lane ], [ %changed, %exact ]
  %next = add i32 %i, 1
  %more = icmp ult i32 %next, LANES
  br i1 %more, label %lane, label %done
done:
  ret <LANES x {T}> %some
}
"#;
