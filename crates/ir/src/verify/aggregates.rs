//! Operations on aggregates: fields as the type says.

use super::Check;
use super::types::{Typed, alike};
use crate::op::{Imm, Op};
use crate::ty::Ty;

/// Checks an operation on aggregates.
pub fn check(t: &Typed<'_>) -> Check {
    match t.data.op {
        Op::Pack => pack(t),
        Op::Field => field(t),
        Op::View => view(t),
        _ => select(t),
    }
}

fn pack(t: &Typed<'_>) -> Check {
    let ty = t.result()?;
    let fields = ty.fields().ok_or_else(|| format!("{ty} is not an aggregate"))?;
    t.count(fields.len())?;
    fields.iter().enumerate().try_for_each(|(i, f)| t.want(i, f))
}

fn field(t: &Typed<'_>) -> Check {
    let (Imm::Int(index), aggregate) = (&t.data.imm, t.arg(0)?) else { return Ok(()) };
    let fields = aggregate.fields().ok_or_else(|| format!("{aggregate} is not an aggregate"))?;
    let found = usize::try_from(*index).ok().and_then(|i| fields.get(i).cloned());
    t.give(&found.ok_or_else(|| format!("{aggregate} has no field {index}"))?)
}

/// `base, data, shape…, strides…` with the number of dimensions of the result.
fn view(t: &Typed<'_>) -> Check {
    let (base, result) = (t.arg(0)?, t.result()?);
    let (Some(_), Some(array)) = (base.array(), result.array()) else {
        return Err(format!("a view of {base} as {result}"));
    };
    t.count(2 + 2 * array.ndim as usize)?;
    t.want(1, &Ty::Ptr(None))?;
    t.indices(2, 2 * array.ndim as usize)
}

fn select(t: &Typed<'_>) -> Check {
    t.want(0, &Ty::Bool)?;
    let result = t.result()?;
    if alike(t.arg(1)?, result) && alike(t.arg(2)?, result) {
        return Ok(());
    }
    Err(format!("selects {result} from {} and {}", t.arg(1)?, t.arg(2)?))
}
