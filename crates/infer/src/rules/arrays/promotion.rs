//! `np.result_type`, `np.promote_types` and `np.can_cast`, which are known when compiling.

use super::geometry::array;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::numbers::parse_dtype;
use coachwhip_ir::promote::promote_weak;
use coachwhip_ir::{Code, Const, Dtype, Kind, Ty, describe};

/// `np.result_type(*arrays_and_dtypes)`: Python's own numbers are weak.
pub fn result_type(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let (mut strong, mut weak) = (Vec::new(), Vec::new());
    for v in args.rest() {
        match (array(e, v), parse_dtype(v), v.ty.widened()) {
            (Some((_, ty)), ..) => strong.push(ty.dtype),
            (_, Some(dtype), _) => strong.push(dtype),
            (.., Ty::Scalar(dtype)) => strong.push(dtype),
            (.., Ty::Bool) => strong.push(Dtype::Bool),
            (.., ty @ (Ty::Int | Ty::Float | Ty::Complex)) => weak.push(ty),
            (.., other) => {
                return fault(Code::ArgumentTypes, format!("{} has no element type", describe(&other)));
            }
        }
    }
    match of(strong, &weak) {
        Some(dtype) => Ok(e.lit(Const::Dtype(dtype))),
        None => fault(Code::ArgumentCount, "at least one array or dtype is required"),
    }
}

/// The common dtype: the highest kinds first, as NumPy does it; then the weak numbers.
fn of(mut strong: Vec<Dtype>, weak: &[Ty]) -> Option<Dtype> {
    strong.sort_by_key(|d| std::cmp::Reverse(d.kind()));
    let of_strong = strong.into_iter().reduce(Dtype::promote);
    weak.iter().fold(of_strong, |known, ty| match known {
        Some(dtype) => Some(promote_weak(dtype, ty)),
        None => ty.dtype(),
    })
}

/// `np.promote_types(type1, type2)`.
pub fn promote_types(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let (a, b) = args.two()?;
    match (parse_dtype(&a), parse_dtype(&b)) {
        (Some(a), Some(b)) => Ok(e.lit(Const::Dtype(a.promote(b)))),
        _ => fault(Code::NeedsConstant, "promote_types() needs types that are known at compile time"),
    }
}

/// `np.can_cast(from_, to, casting)` of an array or a type.
pub fn can_cast(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [Some(from), Some(to), casting] = &args.take(["from_", "to", "casting"])? else {
        return fault(Code::Internal, "can_cast() of nothing");
    };
    let source = array(e, from).map(|(_, ty)| ty.dtype).or_else(|| parse_dtype(from)).or(match from.ty.widened() {
        Ty::Scalar(dtype) => Some(dtype),
        _ => None,
    });
    let (Some(source), Some(target)) = (source, parse_dtype(to)) else {
        return fault(Code::NeedsConstant, "can_cast() needs arrays or types that are known at compile time");
    };
    let rule = match casting.as_ref().map(|v| v.literal()) {
        None => "safe",
        Some(Some(Const::Str(text))) => text,
        _ => return fault(Code::NeedsConstant, "casting must be known at compile time"),
    };
    match allowed(source, target, rule) {
        Some(answer) => Ok(e.bool(answer)),
        None => fault(
            Code::ArgumentTypes,
            format!("casting must be one of 'no', 'equiv', 'safe', 'same_kind', or 'unsafe' (got '{rule}')"),
        ),
    }
}

/// Whether NumPy's rule lets a dtype be cast to another.
pub fn allowed(from: Dtype, to: Dtype, rule: &str) -> Option<bool> {
    let safe = from.promote(to) == to;
    // Signed and unsigned ints are of one kind, but none goes to unsigned from signed.
    let rank = |d: Dtype| match d.kind() {
        Kind::Bool => 0,
        Kind::Unsigned => 1,
        Kind::Signed => 2,
        Kind::Float => 3,
        Kind::Complex => 4,
    };
    Some(match rule {
        "no" | "equiv" => from == to,
        "safe" => safe,
        "same_kind" => safe || rank(from) <= rank(to),
        "unsafe" => true,
        _ => return None,
    })
}
