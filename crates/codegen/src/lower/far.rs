//! Functions that LLVM's loop vectoriser calls with vectors: `y`, but a function of the C library at `x` in the
//! lanes where `|x|` exceeds [`FAR`].
//!
//! Kernels of vector math are free of branches, but arguments so large that their reduction needs hundreds of
//! bits of pi would cost every argument dearly.  So each of these functions has a variant for each number of
//! lanes, known to the vectoriser by the attribute `vector-function-abi-variant`: it tests all lanes at once,
//! which costs three instructions, and takes the far lanes one by one out of line.  Scalar function and
//! variants are inlined once loops are vectorised (`Module::settle`).

use super::unit::Unit;
use crate::llvm::Value;
use coachwhip_abi::{FAR, RuntimeFn};

/// The function of the C library behind a function of this kind.
pub fn exact(function: RuntimeFn) -> Option<RuntimeFn> {
    match function {
        RuntimeFn::SinFar => Some(RuntimeFn::Sin),
        RuntimeFn::CosFar => Some(RuntimeFn::Cos),
        RuntimeFn::TanFar => Some(RuntimeFn::Tan),
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
    let mut text = format!("declare double @{callee}(double)\ndeclare double @llvm.fabs.f64(double)\n");
    text += &LANES.map(|lanes| variant(name, callee, lanes)).concat();
    text += &scalar(name, callee);
    unit.module.link_text(&text).ok()?;
    let value = unit.module.defined_function(name)?;
    value.hide();
    Some(value)
}

/// The function itself, and what keeps the variants alive until the vectoriser has run.
fn scalar(name: &str, callee: &str) -> String {
    let variants = LANES.map(|lanes| format!("_ZGV_LLVM_M{lanes}vv_{name}({name}.{lanes})")).join(",");
    let kept = LANES.map(|lanes| format!("ptr @{name}.{lanes}")).join(", ");
    let count = LANES.len();
    format!(
        r#"
@llvm.compiler.used = appending global [{count} x ptr] [{kept}], section "llvm.metadata"
define double @{name}(double %x, double %y) noinline nounwind willreturn nosync nofree memory(none)
    "vector-function-abi-variant"="{variants}" {{
  %size = call double @llvm.fabs.f64(double %x)
  %far = fcmp ogt double %size, {FAR:e}
  br i1 %far, label %exact, label %done, !prof !0
exact:
  %value = call double @{callee}(double %x)
  br label %done
done:
  %result = phi double [ %y, %0 ], [ %value, %exact ]
  ret double %result
}}
!0 = !{{!"branch_weights", i32 1, i32 1000000}}
"#
    )
}

/// The function of so many lanes, with its slow part: a loop over the lanes.
fn variant(name: &str, callee: &str, lanes: usize) -> String {
    let (doubles, bits) = (format!("<{lanes} x double>"), format!("<{lanes} x i1>"));
    format!(
        r#"
declare {doubles} @llvm.fabs.v{lanes}f64({doubles})
declare i1 @llvm.vector.reduce.or.v{lanes}i1({bits})
define internal {doubles} @{name}.{lanes}({doubles} %x, {doubles} %y, {bits} %mask) alwaysinline nounwind willreturn
    nosync nofree memory(none) {{
  %sizes = call {doubles} @llvm.fabs.v{lanes}f64({doubles} %x)
  %all = fcmp ogt {doubles} %sizes, splat (double {FAR:e})
  %far = and {bits} %all, %mask
  %any = call i1 @llvm.vector.reduce.or.v{lanes}i1({bits} %far)
  br i1 %any, label %exact, label %done, !prof !0
exact:
  %values = call {doubles} @{name}.{lanes}.exact({doubles} %x, {doubles} %y, {bits} %far)
  br label %done
done:
  %result = phi {doubles} [ %y, %0 ], [ %values, %exact ]
  ret {doubles} %result
}}
define internal {doubles} @{name}.{lanes}.exact({doubles} %x, {doubles} %y, {bits} %far) noinline optnone cold
    nounwind willreturn nosync nofree memory(none) {{
  br label %lane
lane:
  %i = phi i32 [ 0, %0 ], [ %next, %end ]
  %values = phi {doubles} [ %y, %0 ], [ %some, %end ]
  %wanted = extractelement {bits} %far, i32 %i
  br i1 %wanted, label %exact, label %end
exact:
  %argument = extractelement {doubles} %x, i32 %i
  %value = call double @{callee}(double %argument)
  %changed = insertelement {doubles} %values, double %value, i32 %i
  br label %end
end:
  %some = phi {doubles} [ %values, %lane ], [ %changed, %exact ]
  %next = add i32 %i, 1
  %more = icmp ult i32 %next, {lanes}
  br i1 %more, label %lane, label %done
done:
  ret {doubles} %some
}}
"#
    )
}
