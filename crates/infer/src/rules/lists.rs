//! List displays: values of known length that can be looked at, but not changed.
//!
//! A list that nobody changes, returns or compares by identity cannot be told from a tuple of the same items, so
//! that is what it is here; everything that would tell them apart is refused.  Lists that grow come later.

use super::{Answer, Family, tuples};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::operators;
use coachwhip_ir::{BinaryOp, CmpOp, Code, Diagnostic, ErrorKind, Ty};

/// What this family answers for.
pub const FAMILY: Family = Family {
    functions: &[("builtins.list", builtin_list)],
    binary,
    compare,
    truth: |e, v| over_tuple(e, v, tuples::FAMILY.truth),
    contains,
    len: |e, v| over_tuple(e, v, tuples::FAMILY.len),
    getitem,
    setitem,
    item,
    getattr,
    has_method: |ty, name| matches!(ty, Ty::ListDisplay(_)) && name == "count",
    method,
    iter: |e, v| over_tuple(e, v, super::iterators::FAMILY.iter),
    ..Family::NONE
};

/// Lists, in the words of messages.
const LIST: tuples::Kind = tuples::Kind {
    name: "list",
    index: ErrorKind::ListIndex,
    help: Some("make an array instead: `np.full(n, value)` for `[value] * n`, `np.array([…])` for others"),
};

/// What says that lists are only looked at; the caller adds the help.
pub fn refusal(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::Container, message).note("a list that may change holds items of one type")
}

fn refuse(message: impl Into<String>) -> Fault {
    Box::new(refusal(message).help("use an array made with np.array, np.empty or np.zeros"))
}

/// `[a, b, …]`.
pub fn display(e: &mut Emit, items: &[Val]) -> Result<Val, Fault> {
    tuples::bounded(items.len())?;
    let ty = Ty::ListDisplay(items.iter().map(|v| v.ty.clone()).collect());
    Ok(e.pack(ty, &items.iter().collect::<Vec<_>>()))
}

/// The items of a list display.
pub fn items(e: &mut Emit, v: &Val) -> Option<Vec<Val>> {
    match &v.ty {
        Ty::ListDisplay(items) => Some((0..items.len()).map(|i| e.field(v, i)).collect()),
        _ => None,
    }
}

/// The list as the tuple of its items.
pub fn as_tuple(e: &mut Emit, v: &Val) -> Option<Val> {
    let items = items(e, v)?;
    Some(tuples::display(e, &items))
}

fn over_tuple(e: &mut Emit, v: &Val, rule: fn(&mut Emit, &Val) -> Answer) -> Answer {
    match as_tuple(e, v) {
        Some(tuple) => rule(e, &tuple),
        None => Ok(None),
    }
}

fn binary(e: &mut Emit, op: BinaryOp, inplace: bool, a: &Val, b: &Val) -> Answer {
    let (x, y) = (as_tuple(e, a), as_tuple(e, b));
    let joined = match (op, x, y) {
        (_, None, None) => return Ok(None),
        (BinaryOp::Add | BinaryOp::Mul, Some(_), _) if inplace => {
            return Err(refuse(format!("{}= changes a list, which is not supported yet", op.symbol())));
        }
        (BinaryOp::Add, Some(x), Some(y)) => tuples::combined(e, op, &x, &y, &LIST)?,
        (BinaryOp::Mul, Some(x), None) => tuples::combined(e, op, &x, b, &LIST)?,
        (BinaryOp::Mul, None, Some(y)) => tuples::combined(e, op, a, &y, &LIST)?,
        _ => None,
    };
    let Some(joined) = joined else { return Ok(None) };
    let items = tuples::items(e, &joined)?;
    display(e, &items).map(Some)
}

fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    match (as_tuple(e, a), as_tuple(e, b)) {
        (Some(x), Some(y)) => operators::compare(e, op, &x, &y).map(Some),
        (None, None) => Ok(None),
        _ => {
            let plain = |v: &Val| v.ty.widened().items().is_some() || v.ty.dtype().is_some();
            match op {
                CmpOp::Eq if plain(a) || plain(b) => Ok(Some(e.bool(false))),
                CmpOp::Ne if plain(a) || plain(b) => Ok(Some(e.bool(true))),
                _ => Ok(None),
            }
        }
    }
}

fn contains(e: &mut Emit, item: &Val, container: &Val) -> Answer {
    match as_tuple(e, container) {
        Some(tuple) => (tuples::FAMILY.contains)(e, item, &tuple),
        None => Ok(None),
    }
}

fn getitem(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    let Some(tuple) = as_tuple(e, v) else { return Ok(None) };
    let found = tuples::element(e, &tuple, index, &LIST)?;
    match (found, &index.ty) {
        (Some(part), Ty::Slice(_)) => {
            let items = tuples::items(e, &part)?;
            display(e, &items).map(Some)
        }
        (found, _) => Ok(found),
    }
}

fn item(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    match as_tuple(e, v) {
        Some(tuple) => tuples::nth(e, &tuple, index, &LIST),
        None => Ok(None),
    }
}

fn setitem(_: &mut Emit, v: &Val, _: &Val, _: &Val) -> Answer {
    match v.ty {
        Ty::ListDisplay(_) => Err(refuse("this list cannot be changed here: its items have no common type")),
        _ => Ok(None),
    }
}

fn getattr(_: &mut Emit, v: &Val, name: &str) -> Answer {
    const CHANGING: [&str; 9] = ["append", "extend", "insert", "pop", "remove", "sort", "reverse", "clear", "copy"];
    match v.ty {
        Ty::ListDisplay(_) if CHANGING.contains(&name) => {
            Err(refuse(format!("'{name}' is not supported of a list that no variable of this function has")))
        }
        _ => Ok(None),
    }
}

fn method(e: &mut Emit, v: &Val, name: &str, args: &Args) -> Answer {
    match as_tuple(e, v) {
        Some(tuple) => (tuples::FAMILY.method)(e, &tuple, name, args),
        None => Ok(None),
    }
}

/// `list(x)` of what has a known length: the display of its items.
pub fn builtin_list(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    match args.take(["iterable"])?.as_slice() {
        [Some(v)] if is_sequence(&v.ty) => {
            let items = tuples::items(e, v)?;
            display(e, &items)
        }
        [None] => display(e, &[]),
        [Some(v)] if v.ty.list_item().is_some() => e.library("builtins.list.copy", vec![v.clone()]),
        [Some(v)] => e.library("coachwhip.lib.lists.made", vec![v.clone()]),
        _ => fault(Code::ArgumentCount, "list expected at most 1 argument"),
    }
}

/// Whether a literal is a sequence of known length.
pub fn is_sequence(ty: &Ty) -> bool {
    matches!(ty.expanded(), Ty::ListDisplay(_) | Ty::Tuple(_) | Ty::NamedTuple(..))
}
