//! Operations on memory: indices as many as dimensions, elements of the element type.

use super::Check;
use super::types::Typed;
use crate::heap;
use crate::op::{Imm, Op};
use crate::program::Module;
use crate::ty::{ArrayTy, Ty};

/// Checks loads, stores and addresses.
pub fn check(t: &Typed<'_>) -> Check {
    match t.data.op {
        Op::Load => {
            let array = indexed(t, 0)?;
            t.give(&Ty::Scalar(array.dtype))
        }
        Op::Store => {
            let array = indexed(t, 1)?;
            if array.readonly {
                return Err("a store to a read-only array".into());
            }
            t.want(1 + array.ndim as usize, &Ty::Scalar(array.dtype))
        }
        Op::Address => {
            indexed(t, 0)?;
            t.give(&Ty::Ptr(None))
        }
        Op::Offset => {
            t.want(0, &Ty::Ptr(None))?;
            t.want(1, &Ty::Int)?;
            t.give(&Ty::Ptr(None))
        }
        Op::LoadPtr => {
            let element = behind(t)?;
            element.map_or(Ok(()), |ty| t.give(&ty))
        }
        _ => {
            let element = behind(t)?;
            element.map_or(Ok(()), |ty| t.want(2, &ty))
        }
    }
}

/// The first operand is an array and as many indices follow as it has dimensions, then `extra` operands.
fn indexed(t: &Typed<'_>, extra: usize) -> Result<ArrayTy, String> {
    let ty = t.arg(0)?;
    let array = ty.array().ok_or_else(|| format!("operand 0 is {ty}, not an array"))?;
    t.count(1 + array.ndim as usize + extra)?;
    t.indices(1, array.ndim as usize)?;
    Ok(array)
}

/// The type behind the pointer that is the first operand; an index follows.
fn behind(t: &Typed<'_>) -> Result<Option<Ty>, String> {
    t.want(0, &Ty::Ptr(None))?;
    t.want(1, &Ty::Int)?;
    Ok(match t.arg(0)? {
        Ty::Ptr(Some(element)) => Some((**element).clone()),
        _ => None,
    })
}

/// Checks where arrays come from.
pub fn arrays(t: &Typed<'_>, module: Option<&Module>) -> Check {
    let ty = t.result()?;
    let array = ty.array().ok_or_else(|| format!("the result is {ty}, not an array"))?;
    if t.data.op == Op::Alloc {
        t.count(array.ndim as usize)?;
        return t.indices(0, array.ndim as usize);
    }
    let (Imm::Int(number), Some(module)) = (&t.data.imm, module) else { return Ok(()) };
    match module.arrays.iter().find(|(k, _)| i64::from(*k) == *number) {
        Some((_, known)) if *known == array => Ok(()),
        Some((_, known)) => Err(format!("the global array is {known}")),
        None => Err("the global array is not in the module's table".into()),
    }
}

/// Checks cells.
pub fn cells(t: &Typed<'_>) -> Check {
    let cell = if t.data.op == Op::CellNew { t.result()? } else { t.arg(0)? };
    let Ty::Cell(content) = cell else { return Err(format!("{cell} is not a cell")) };
    match t.data.op {
        Op::CellGet => t.give(content),
        Op::CellSet => t.want(1, content),
        _ => Ok(()),
    }
}

/// Checks the ownership pass's operations: on something that keeps memory.
pub fn ownership(t: &Typed<'_>) -> Check {
    let ty = t.arg(0)?;
    if heap::owns_by_cells(ty) { Ok(()) } else { Err(format!("{ty} keeps no memory")) }
}

/// Checks operations on lists and their items.
pub fn lists(t: &Typed<'_>) -> Check {
    use Op::*;
    let list = |ty: &Ty| ty.stored().cloned().ok_or_else(|| format!("{ty} is not a list"));
    let items = || match t.arg(0)? {
        Ty::Ptr(Some(item)) => Ok((**item).clone()),
        other => Err(format!("operand 0 is {other}, not a pointer to items")),
    };
    match t.data.op {
        ListNew => {
            list(t.result()?)?;
            t.want(0, &Ty::Int)
        }
        GlobalList => list(t.result()?).map(|_| ()),
        ListLen | ListRoom => {
            list(t.arg(0)?)?;
            t.give(&Ty::Int)
        }
        ListItems => match t.result()? {
            Ty::Ptr(Some(item)) if **item == list(t.arg(0)?)? => Ok(()),
            other => Err(format!("the result is {other}, not a pointer to the items")),
        },
        ListResize | ListReserve => {
            list(t.arg(0)?)?;
            t.want(1, &Ty::Int)
        }
        ItemLoad => {
            t.want(1, &Ty::Int)?;
            t.give(&items()?)
        }
        ItemStore | ItemInit => {
            t.want(1, &Ty::Int)?;
            t.want(2, &items()?)
        }
        _ => {
            items()?;
            (1..t.args.len()).try_for_each(|i| t.want(i, &Ty::Int))
        }
    }
}

/// Checks operations on strings.
pub fn texts(t: &Typed<'_>) -> Check {
    let string = |ty: &Ty| match ty.is_str() || ty.is_bytes() {
        true => Ok(()),
        false => Err(format!("{ty} is no string")),
    };
    match t.data.op {
        Op::TextLen | Op::TextWidth => {
            string(t.arg(0)?)?;
            t.give(&Ty::Int)
        }
        Op::TextUnits => {
            string(t.arg(0)?)?;
            t.give(&Ty::Ptr(None))
        }
        Op::TextUnit => {
            t.want(0, &Ty::Ptr(None))?;
            t.want(1, &Ty::Int)?;
            t.want(2, &Ty::Int)?;
            t.give(&Ty::Int)
        }
        _ => match (t.arg(0)?, t.result()?) {
            (Ty::Text(_), ty) if ty.is_str() || t.data.op == Op::TextAsk && is_asked(ty) => Ok(()),
            (other, ty) => Err(format!("makes {ty} of {other}")),
        },
    }
}

/// Whether Python may be asked for a value of this type.
fn is_asked(ty: &Ty) -> bool {
    ty.is_bytes() || ty.is_object() || matches!(ty, Ty::Int | Ty::Float | Ty::Bool)
}
