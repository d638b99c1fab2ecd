//! Values that serve as an index (`__index__`): Python ints, bools and NumPy integers, as an `Int`.

use crate::coerce::check_fits;
use crate::emit::{Emit, Val};
use coachwhip_ir::{Const, Dtype, Kind, Op, Ty};

/// The value as an `Int` or a literal int, if its type has `__index__`.
pub fn as_int(e: &mut Emit, v: &Val) -> Option<Val> {
    match &v.ty {
        Ty::Int | Ty::Lit(Const::Int(_)) => Some(v.clone()),
        Ty::Lit(Const::Bool(b)) => {
            let number = i64::from(*b);
            Some(e.int(number))
        }
        Ty::Bool => Some(e.op(Op::Convert, &[v], Ty::Int)),
        Ty::Scalar(d) if matches!(d.kind(), Kind::Signed | Kind::Unsigned) => {
            if *d == Dtype::Uint64 {
                check_fits(e, v, *d, Dtype::Int64);
            }
            Some(e.op(Op::Convert, &[v], Ty::Int))
        }
        Ty::Lit(Const::Scalar(d, bits)) if d.is_int() => {
            let bits = bits.0 as i64;
            if *d == Dtype::Uint64 && bits < 0 { None } else { Some(e.int(bits)) }
        }
        _ => None,
    }
}
