//! Tuples: display, items, concatenation, repetition, comparison, membership, unpacking; and `slice` objects.

use super::index::as_int;
use super::nothing::{self, Complaint};
use super::{Answer, Family, Rule, arrays, operators, slices};
use crate::args::Args;
use crate::coerce::coerce;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{Meet, expand, is_none, meet, widen};
pub use crate::made::bounded;
use coachwhip_ir::{
    BinaryOp, CmpOp, Code, Const, Diagnostic, Difference, Dtype, ErrorKind, Op, TableKind, Ty, describe, follows,
};
use std::sync::Arc;

/// Up to this many items, an item at a computed position is chosen without branches.
const SELECT_LENGTH: usize = 8;

/// What this family answers for.
pub const FAMILY: Family = Family {
    functions: FUNCTIONS,
    binary,
    compare,
    truth,
    contains,
    len,
    getitem,
    item,
    has_method,
    method,
    ..Family::NONE
};

const FUNCTIONS: &[(&str, Rule)] = &[("builtins.tuple", builtin_tuple), ("builtins.slice", builtin_slice)];

/// A tuple of the values; of literals, a literal.
pub fn display(e: &mut Emit, items: &[Val]) -> Val {
    let constants: Option<Vec<Const>> = items.iter().map(|v| v.literal().cloned()).collect();
    if let Some(constants) = constants {
        return e.lit(Const::Tuple(constants.into()));
    }
    let ty = Ty::Tuple(items.iter().map(|v| v.ty.clone()).collect());
    let items: Vec<&Val> = items.iter().collect();
    e.pack(ty, &items)
}

/// The types of the items, if the type is a tuple's.
pub fn item_types(ty: &Ty) -> Option<Vec<Ty>> {
    expand(ty).items().map(<[Ty]>::to_vec)
}

/// The items of a tuple; any other iterable has no length known at compile time.
pub fn items(e: &mut Emit, v: &Val) -> Result<Vec<Val>, Fault> {
    if let Some(items) = super::lists::items(e, v) {
        return Ok(items);
    }
    if let Some(types) = item_types(&v.ty) {
        return Ok((0..types.len()).map(|i| e.field(v, i)).collect());
    }
    let message = format!("a tuple is needed here, so that the number of values is known; this is {}", describe(&v.ty));
    fault(Code::NeedsConstant, message)
}

/// `(*a, *b, …)`.
pub fn concat_all(e: &mut Emit, parts: &[Val]) -> Result<Val, Fault> {
    if !parts.iter().all(|part| super::lists::is_sequence(&part.ty)) {
        return super::runs::concat_all(e, parts);
    }
    let mut all = Vec::new();
    for part in parts {
        all.extend(items(e, part)?);
    }
    bounded(all.len())?;
    Ok(display(e, &all))
}

/// Unpacks into exactly `count` values.
pub fn unpack(e: &mut Emit, v: &Val, count: usize) -> Result<Vec<Val>, Fault> {
    let v = nothing::opened(e, v, &Complaint::of(ErrorKind::NoneUnpacked));
    if v.ty.is_object() {
        return super::foreign::unpack(e, &v, count);
    }
    if !super::lists::is_sequence(&v.ty) {
        return unpack_sequence(e, &v, count);
    }
    let all = items(e, &v)?;
    if all.len() == count {
        return Ok(all);
    }
    unpack_count(all.len(), count, "")
}

fn unpack_count<T>(got: usize, wanted: usize, least: &str) -> Result<T, Fault> {
    let message = if got > wanted {
        format!("too many values to unpack (expected {wanted}, got {got})")
    } else {
        format!("not enough values to unpack (expected {least}{wanted}, got {got})")
    };
    fault(Code::UnpackCount, message)
}

/// Unpacks a sequence whose length is known at run time alone.
fn unpack_sequence(e: &mut Emit, v: &Val, count: usize) -> Result<Vec<Val>, Fault> {
    if matches!(v.ty, Ty::Iter(_)) || v.ty.generator().is_some() {
        return unpack_iterator(e, v, count);
    }
    let length = operators::len(e, v).map_err(|d| not_iterable(v, d))?;
    let wanted = e.int(count as i64);
    let enough = e.op(Op::Ge, &[&length, &wanted], Ty::Bool);
    e.guard(&enough, ErrorKind::NotEnoughValues, &[&wanted, &length]);
    let fits = e.op(Op::Le, &[&length, &wanted], Ty::Bool);
    match tells_length(&v.ty) && follows(Difference::UnpackTellsLength) {
        true => e.guard(&fits, ErrorKind::TooManyOfLength, &[&wanted, &length]),
        false => e.guard(&fits, ErrorKind::TooManyValues, &[&wanted]),
    }
    let mut values = Vec::with_capacity(count);
    for i in 0..count {
        let index = e.int(i as i64);
        values.push(operators::item(e, v, &index)?);
    }
    Ok(values)
}

/// Whether CPython, where it tells lengths at all, tells that of what is unpacked: of a list, tuple or dict, and no subclass.
fn tells_length(ty: &Ty) -> bool {
    let of_table = ty.as_table().is_some_and(|table| table.kind == TableKind::Dict);
    ty.list_item().is_some() || of_table || matches!(ty, Ty::TupleOf(_))
}

fn unpack_iterator(e: &mut Emit, v: &Val, count: usize) -> Result<Vec<Val>, Fault> {
    let wanted = e.int(count as i64);
    let mut iterator = v.clone();
    let mut values = Vec::with_capacity(count);
    for i in 0..count {
        let has = operators::iter_has(e, &iterator)?;
        let got = e.int(i as i64);
        e.guard(&has, ErrorKind::NotEnoughValues, &[&wanted, &got]);
        values.push(operators::iter_value(e, &iterator)?);
        iterator = operators::iter_advance(e, &iterator)?;
    }
    let more = operators::iter_has(e, &iterator)?;
    let done = e.negated(&more);
    e.guard(&done, ErrorKind::TooManyValues, &[&wanted]);
    Ok(values)
}

fn not_iterable(v: &Val, _: Fault) -> Fault {
    Box::new(Diagnostic::new(Code::NotIterable, format!("{} cannot be unpacked", describe(&v.ty))))
}

/// Starred unpacking: `before` values, the rest as a list, `after` values.
pub fn unpack_star(e: &mut Emit, v: &Val, before: usize, after: usize) -> Result<Vec<Val>, Fault> {
    let v = nothing::opened(e, v, &Complaint::of(ErrorKind::NoneUnpacked));
    let v = super::runs::list_of(e, &v).unwrap_or(v);
    if v.ty.list_item().is_some() {
        return super::objects::unpack_star(e, &v, before, after);
    }
    let iterated = matches!(v.ty, Ty::Iter(_)) || v.ty.generator().is_some();
    if iterated || crate::text::is_string(&v.ty) || crate::text::is_bytes_like(&v.ty) {
        let list = e.library("coachwhip.lib.lists.made", vec![v])?;
        return super::objects::unpack_star(e, &list, before, after);
    }
    let all = items(e, &v)?;
    if all.len() < before + after {
        return unpack_count(all.len(), before + after, "at least ");
    }
    let (first, rest) = all.split_at(before);
    let (middle, last) = rest.split_at(rest.len() - after);
    let middle = super::lists::display(e, middle)?;
    Ok(first.iter().cloned().chain([middle]).chain(last.iter().cloned()).collect())
}

/// What messages call a sequence of known length, and how it fails: lists are tuples with other words.
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// An index out of range.
    pub index: ErrorKind,
    /// What to do where a constant is needed.
    pub help: Option<&'static str>,
}

/// Tuples.
pub const TUPLE: Kind = Kind { name: "tuple", index: ErrorKind::TupleIndex, help: None };

fn binary(e: &mut Emit, op: BinaryOp, _inplace: bool, a: &Val, b: &Val) -> Answer {
    combined(e, op, a, b, &TUPLE)
}

/// `a + b` and `a * n`.
pub fn combined(e: &mut Emit, op: BinaryOp, a: &Val, b: &Val, kind: &Kind) -> Answer {
    match (op, item_types(&a.ty), item_types(&b.ty)) {
        (BinaryOp::Add, Some(_), Some(_)) => Ok(Some(concat_all(e, &[a.clone(), b.clone()])?)),
        (BinaryOp::Mul, Some(_), None) if as_int(e, b).is_some() => repeat(e, a, b, kind).map(Some),
        (BinaryOp::Mul, None, Some(_)) if as_int(e, a).is_some() => repeat(e, b, a, kind).map(Some),
        _ => Ok(None),
    }
}

fn repeat(e: &mut Emit, tuple: &Val, count: &Val, kind: &Kind) -> Result<Val, Fault> {
    let Some(count) = count.literal_int() else {
        return kind.needs_constant("repeated only a constant number of times");
    };
    let one = items(e, tuple)?;
    let count = usize::try_from(count).unwrap_or(0);
    bounded(one.len().saturating_mul(count))?;
    let all: Vec<Val> = std::iter::repeat_n(one, count).flatten().collect();
    Ok(display(e, &all))
}

impl Kind {
    fn needs_constant<T>(&self, what: &str) -> Result<T, Fault> {
        let fault = Diagnostic::new(Code::NeedsConstant, format!("a {} can be {what}", self.name));
        Err(Box::new(match self.help {
            Some(help) => fault.help(help),
            None => fault,
        }))
    }
}

fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    let (Some(x), Some(y)) = (item_types(&a.ty), item_types(&b.ty)) else { return Ok(None) };
    if x.len() != y.len() {
        match op {
            CmpOp::Eq => return Ok(Some(e.bool(false))),
            CmpOp::Ne => return Ok(Some(e.bool(true))),
            _ => {}
        }
    }
    let same = x.len().min(y.len());
    let pairs: Vec<(Val, Val)> = (0..same).map(|i| (e.field(a, i), e.field(b, i))).collect();
    let mut result = match op {
        CmpOp::Eq => e.bool(true),
        CmpOp::Ne => e.bool(false),
        CmpOp::Lt => e.bool(x.len() < y.len()),
        CmpOp::Le => e.bool(x.len() <= y.len()),
        CmpOp::Gt => e.bool(x.len() > y.len()),
        CmpOp::Ge => e.bool(x.len() >= y.len()),
    };
    for (p, q) in pairs.iter().rev() {
        let equal = operators::compare(e, CmpOp::Eq, p, q)?;
        let equal = operators::truth(e, &equal)?;
        let unequal = match op {
            CmpOp::Eq => e.bool(false),
            CmpOp::Ne => e.bool(true),
            _ if equal.literal() == Some(&Const::Bool(true)) => e.bool(false),
            _ => {
                let decided = operators::compare(e, op, p, q)?;
                operators::truth(e, &decided)?
            }
        };
        result = e.select(&equal, &result, &unequal);
    }
    Ok(Some(result))
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    Ok(item_types(&v.ty).map(|items| e.bool(!items.is_empty())))
}

fn len(e: &mut Emit, v: &Val) -> Answer {
    Ok(item_types(&v.ty).map(|items| e.int(items.len() as i64)))
}

fn contains(e: &mut Emit, item: &Val, container: &Val) -> Answer {
    if item_types(&container.ty).is_none() {
        return Ok(None);
    }
    let mut found = e.bool(false);
    for other in items(e, container)? {
        let equal = operators::compare(e, CmpOp::Eq, item, &other)?;
        let equal = operators::truth(e, &equal)?;
        let yes = e.bool(true);
        found = e.select(&equal, &yes, &found);
    }
    Ok(Some(found))
}

fn getitem(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    element(e, v, index, &TUPLE)
}

/// `v[index]` of a tuple.
pub fn element(e: &mut Emit, v: &Val, index: &Val, kind: &Kind) -> Answer {
    let Some(types) = item_types(&v.ty) else { return Ok(None) };
    if let Ty::Slice(_) = &index.ty {
        return slice_of(e, v, index, types.len(), kind).map(Some);
    }
    let Some(index) = as_int(e, index) else {
        let message = format!("{} indices must be integers or slices, not {}", kind.name, describe(&index.ty));
        return fault(Code::NotSubscriptable, message);
    };
    let count = types.len() as i64;
    if let Some(i) = index.literal_int() {
        let wrapped = if i < 0 { i + count } else { i };
        return Ok(Some(match usize::try_from(wrapped).ok().filter(|w| *w < types.len()) {
            Some(w) => e.field(v, w),
            None => e.fail(kind.index, &[]),
        }));
    }
    let length = e.int(count);
    let wrapped = if e.options.wraparound { e.op(Op::WrapIndex, &[&index, &length], Ty::Int) } else { index };
    let inside = e.op(Op::InRange, &[&wrapped, &length], Ty::Bool);
    e.guard(&inside, kind.index, &[]);
    if types.is_empty() {
        return Ok(Some(e.never()));
    }
    nth(e, v, &wrapped, kind)
}

/// The type of every item of a homogeneous tuple (numbers widened, then joined).
pub fn common_type(types: &[Ty]) -> Result<Ty, String> {
    let mut common = Ty::Never;
    for ty in types {
        common = meet(&common, &widen(ty), Meet::InLoop)?;
    }
    let numbers: Vec<Ty> = types.iter().map(widen).filter(|ty| ty.dtype().is_some()).collect();
    if numbers.iter().any(|ty| Some(ty) != numbers.first()) {
        return Err("the items have different number types".into());
    }
    Ok(common)
}

fn item(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    nth(e, v, index, &TUPLE)
}

/// The item at a position that is in range.
pub fn nth(e: &mut Emit, v: &Val, index: &Val, kind: &Kind) -> Answer {
    let Some(types) = item_types(&v.ty) else { return Ok(None) };
    if let Some(i) = index.literal_int() {
        return Ok(Some(e.field(v, usize::try_from(i).unwrap_or(usize::MAX))));
    }
    let common = match common_type(&types) {
        Ok(common) => common,
        Err(why) => {
            return kind.needs_constant(&format!("indexed only by a constant where {why}"));
        }
    };
    let mut all = Vec::with_capacity(types.len());
    for field in items(e, v)? {
        all.push(coerce(e, &field, &common)?);
    }
    let by_select = all.len() <= SELECT_LENGTH && !holds_array(&common);
    choose(e, index, 0, &all, by_select).map(Some)
}

fn holds_array(ty: &Ty) -> bool {
    match ty {
        Ty::Array(_) => true,
        _ => ty.fields().is_some_and(|fields| fields.iter().any(holds_array)),
    }
}

/// The item at a computed position by halving.
fn choose(e: &mut Emit, index: &Val, first: usize, all: &[Val], by_select: bool) -> Result<Val, Fault> {
    match all {
        [] => Ok(e.never()),
        [one] => Ok(one.clone()),
        _ => {
            let (low, high) = all.split_at(all.len() / 2);
            let middle = e.int((first + low.len()) as i64);
            let below = e.op(Op::Lt, &[index, &middle], Ty::Bool);
            if by_select {
                let (a, b) = (choose(e, index, first, low, true)?, choose(e, index, first + low.len(), high, true)?);
                return Ok(e.select(&below, &a, &b));
            }
            e.if_else(
                &below,
                |e| choose(e, index, first, low, false),
                |e| choose(e, index, first + low.len(), high, false),
            )
        }
    }
}

/// The positions that a slice with constant parts takes from a sequence of known length.
pub fn slice_positions(index: &Ty, length: usize) -> Option<Result<Vec<usize>, ErrorKind>> {
    let Ty::Slice(parts) = index else { return None };
    let part = |ty: &Ty| match ty {
        ty if is_none(ty) => Some(None),
        Ty::Lit(Const::Int(i)) => Some(Some(*i)),
        Ty::Lit(Const::Bool(b)) => Some(Some(i64::from(*b))),
        Ty::Lit(Const::BigInt(digits)) => Some(Some(if digits.starts_with('-') { i64::MIN } else { i64::MAX })),
        Ty::Lit(Const::Scalar(Dtype::Uint64, bits)) => Some(Some(i64::try_from(bits.0).unwrap_or(i64::MAX))),
        Ty::Lit(Const::Scalar(d, bits)) if d.is_int() => Some(Some(bits.0 as i64)),
        _ => None,
    };
    let [start, stop, step] = &**parts;
    let (start, stop, step) = (part(start)?, part(stop)?, part(step)?.unwrap_or(1));
    if step == 0 {
        return Some(Err(ErrorKind::ZeroStep));
    }
    let n = length as i128;
    let (low, high) = if step > 0 { (0, n) } else { (-1, n - 1) };
    let clamp = |bound: Option<i64>, absent: i128| match bound {
        None => absent,
        Some(b) => (if b < 0 { i128::from(b) + n } else { i128::from(b) }).clamp(low, high),
    };
    let (first, end) =
        if step > 0 { (clamp(start, 0), clamp(stop, n)) } else { (clamp(start, n - 1), clamp(stop, -1)) };
    let mut positions = Vec::new();
    let mut at = first;
    while (step > 0 && at < end) || (step < 0 && at > end) {
        positions.extend(usize::try_from(at));
        at += i128::from(step);
    }
    Some(Ok(positions))
}

fn slice_of(e: &mut Emit, v: &Val, index: &Val, length: usize, kind: &Kind) -> Result<Val, Fault> {
    match slice_positions(&index.ty, length) {
        Some(Ok(positions)) => {
            let chosen: Vec<Val> = positions.into_iter().map(|i| e.field(v, i)).collect();
            Ok(display(e, &chosen))
        }
        Some(Err(kind)) => Ok(e.fail(kind, &[])),
        None => kind.needs_constant("sliced only with constant bounds"),
    }
}

/// `start:stop:step` as an index: parts are `None`, literal ints, or ints.
pub fn slice(e: &mut Emit, start: &Val, stop: &Val, step: &Val) -> Result<Val, Fault> {
    let mut parts = Vec::with_capacity(3);
    for part in [start, stop, step] {
        parts.push(match arrays::slice_bound(e, part).or_else(|| as_int(e, part)) {
            Some(v) => v,
            None if is_none(&part.ty) => e.none(),
            None => return wrong_part(part),
        });
    }
    let [a, b, c] = parts.as_slice() else { return fault(Code::Internal, "a slice has three parts") };
    Ok(slices::pack(e, [a, b, c]))
}

fn wrong_part<T>(part: &Val) -> Result<T, Fault> {
    fault(Code::NotSubscriptable, format!("slice indices must be integers or None, not {}", describe(&part.ty)))
}

fn builtin_tuple(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    match args.take(["iterable"])?.as_slice() {
        [Some(v)] => {
            let all = match v.literal().cloned() {
                Some(Const::Str(text)) => text.chars().map(|c| e.lit(Const::Str(Arc::from(c.to_string())))).collect(),
                Some(Const::Bytes(bytes)) => bytes.iter().map(|&b| e.int(i64::from(b))).collect(),
                _ if !super::lists::is_sequence(&v.ty) => return super::runs::made(e, v),
                _ => items(e, v)?,
            };
            Ok(display(e, &all))
        }
        _ => Ok(e.lit(Const::Tuple(Arc::from([])))),
    }
}

fn builtin_slice(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let none = e.none();
    let parts = match args.take(["start", "stop", "step"])? {
        [Some(stop), None, _] => [none.clone(), stop, none],
        given => given.map(|v| v.unwrap_or_else(|| none.clone())),
    };
    match parts.iter().find(|part| !slices::can_be_part(&part.ty)) {
        Some(part) => wrong_part(part),
        None => Ok(slices::pack(e, parts.each_ref())),
    }
}

fn has_method(ty: &Ty, name: &str) -> bool {
    matches!(name, "count" | "index") && item_types(ty).is_some()
}

fn method(e: &mut Emit, receiver: &Val, name: &str, args: &Args) -> Answer {
    if !has_method(&receiver.ty, name) {
        return Ok(None);
    }
    let [_, value] = &args.all(["self", "value"])?;
    let all = items(e, receiver)?;
    if name == "index" {
        return index_of(e, value, &all).map(Some);
    }
    let mut total = e.int(0);
    for item in &all {
        let equal = operators::compare(e, CmpOp::Eq, value, item)?;
        let equal = e.op(Op::Convert, &[&equal], Ty::Int);
        total = e.op(Op::Add, &[&total, &equal], Ty::Int);
    }
    Ok(Some(total))
}

fn index_of(e: &mut Emit, value: &Val, all: &[Val]) -> Result<Val, Fault> {
    let mut position = e.int(-1);
    for (i, item) in all.iter().enumerate().rev() {
        let equal = operators::compare(e, CmpOp::Eq, value, item)?;
        let here = e.int(i as i64);
        position = e.select(&equal, &here, &position);
    }
    let zero = e.int(0);
    let found = e.op(Op::Ge, &[&position, &zero], Ty::Bool);
    e.guard(&found, ErrorKind::NotInTuple, &[]);
    Ok(position)
}
