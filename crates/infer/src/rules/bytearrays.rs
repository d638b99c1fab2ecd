//! `bytearray`, and what makes one or a `bytes`.
//!
//! A byte array lies in memory as a list of bytes, so items, length and changes are those of lists (`objects`, and the
//! library over its primitives); what `bytes` can do as well is done with a copy of the content.

use super::index::as_int;
use super::{Answer, Family, Rule, library, objects, strings, tuples};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::text::{array_of, as_block, bytes_of, is_bytes_like, is_string};
use coachwhip_ir::{BinaryOp, CmpOp, Code, Const, Dtype, ErrorKind, Imm, Op, RuntimeFn, Ty, describe};

/// What this family answers for.
pub const FAMILY: Family = Family {
    functions: FUNCTIONS,
    binary,
    compare,
    truth,
    contains,
    len,
    getitem,
    setitem,
    delitem,
    item,
    has_method: |ty, name| {
        ty.is_bytearray() && (matches!(name, "append" | "extend") || strings::has_bytes_method(name))
    },
    method,
    ..Family::NONE
};

const FUNCTIONS: &[(&str, Rule)] =
    &[("builtins.bytearray", |e, args| made(e, args, true)), ("builtins.bytes", |e, args| made(e, args, false))];

/// A number as a byte that is stored, checked.
pub fn byte(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    let Some(number) = as_int(e, v) else {
        let what = describe(&v.ty);
        return fault(Code::ArgumentTypes, format!("'{what}' object cannot be interpreted as an integer"));
    };
    let number = in_range(e, &number, ErrorKind::ByteRange);
    Ok(e.op(Op::Convert, &[&number], Ty::Scalar(Dtype::Uint8)))
}

fn in_range(e: &mut Emit, number: &Val, kind: ErrorKind) -> Val {
    let limit = e.int(256);
    let inside = e.op(Op::InRange, &[number, &limit], Ty::Bool);
    e.guard(&inside, kind, &[]);
    e.machine(number)
}

fn empty(e: &mut Emit) -> Val {
    let zero = e.int(0);
    e.op(Op::ListNew, &[&zero], Ty::bytearray())
}

/// `bytearray(…)`, or `bytes(…)`.
fn made(e: &mut Emit, args: &Args, array: bool) -> Result<Val, Fault> {
    let [source, encoding, errors] = args.take(["source", "encoding", "errors"])?;
    let Some(source) = source else {
        return match encoding.or(errors) {
            Some(_) => fault(Code::ArgumentTypes, "encoding or errors without a string argument"),
            None if array => Ok(empty(e)),
            None => Ok(e.lit(Const::Bytes([].into()))),
        };
    };
    if is_string(&source.ty) {
        let Some(encoding) = encoding else {
            return fault(Code::ArgumentTypes, "string argument without an encoding");
        };
        let encoded = crate::codecs::encoded(e, &source, Some(&encoding), errors.as_ref())?;
        return Ok(if array { array_of(e, &encoded) } else { encoded });
    }
    if encoding.or(errors).is_some() {
        return fault(Code::ArgumentTypes, "encoding or errors without a string argument");
    }
    if is_bytes_like(&source.ty) {
        if !array && !source.ty.is_bytearray() {
            return Ok(source);
        }
        let block = content(e, &source)?;
        return Ok(if array { array_of(e, &block) } else { block });
    }
    if let Some(count) = as_int(e, &source) {
        let zero = e.int(0);
        let enough = e.op(Op::Ge, &[&count, &zero], Ty::Bool);
        e.guard(&enough, ErrorKind::NegativeCount, &[]);
        let one = e.machine_constant(Const::Bytes([0].into()), Ty::bytes());
        let count = e.machine(&count);
        let zeros = e.runtime(RuntimeFn::StrRepeat, &[&one, &count], Ty::bytes());
        return Ok(if array { array_of(e, &zeros) } else { zeros });
    }
    let array_made = of_iterable(e, &source, array)?;
    if array { Ok(array_made) } else { content(e, &array_made) }
}

/// The `bytes` of what is one, or a `bytearray`.
fn content(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    match as_block(e, v).filter(|_| is_bytes_like(&v.ty)) {
        Some(block) => Ok(block),
        None => fault(Code::ArgumentTypes, format!("a bytes-like object is required, not '{}'", describe(&v.ty))),
    }
}

/// A new byte array of the numbers that an iterable gives; if it is a `bytes` in the end, failures speak of that.
fn of_iterable(e: &mut Emit, v: &Val, array: bool) -> Result<Val, Fault> {
    if let Ty::Array(a) = &v.ty
        && (a.ndim != 1 || a.dtype != Dtype::Uint8)
    {
        let message = "bytes of an array are supported for one axis and dtype uint8 alone";
        return fault(Code::ArrayUnsupported, message).map_err(|d: Fault| Box::new(d.help("use a.view(np.uint8)")));
    }
    if is_string(&v.ty) {
        return fault(Code::ArgumentTypes, "expected iterable of integers; got: 'str'");
    }
    let made = empty(e);
    if tuples::item_types(&v.ty).is_some() || matches!(v.ty, Ty::ListDisplay(_)) {
        let all = match super::lists::items(e, v) {
            Some(all) => all,
            None => tuples::items(e, v)?,
        };
        for one in &all {
            if let Some(number) = as_int(e, one).filter(|_| !array) {
                in_range(e, &number, ErrorKind::BytesRange);
            }
            objects::append(e, &made, one)?;
        }
        return Ok(made);
    }
    let name = if array { "filled" } else { "filled_bytes" };
    e.library(&format!("coachwhip.lib.bytearrays.{name}"), vec![made, v.clone()])
}

/// Appends the content of a `bytes`.
fn extend(e: &mut Emit, array: &Val, block: &Val) {
    e.effect(Op::Runtime, Imm::Runtime(RuntimeFn::ByteArrayExtend), &[array, block]);
}

fn binary(e: &mut Emit, op: BinaryOp, inplace: bool, a: &Val, b: &Val) -> Answer {
    if !a.ty.is_bytearray() && !b.ty.is_bytearray() {
        return Ok(None);
    }
    let array = a.ty.is_bytearray();
    match op {
        BinaryOp::Add if is_bytes_like(&a.ty) && is_bytes_like(&b.ty) => {
            let second = content(e, b)?;
            if inplace && array {
                extend(e, a, &second);
                return Ok(Some(a.clone()));
            }
            let first = content(e, a)?;
            let joined = e.runtime(RuntimeFn::StrConcat, &[&first, &second], Ty::bytes());
            Ok(Some(if array { array_of(e, &joined) } else { joined }))
        }
        BinaryOp::Mul => {
            let (array, count) = if array { (a, b) } else { (b, a) };
            let Some(n) = as_int(e, count) else { return Ok(None) };
            if inplace && a.ty.is_bytearray() {
                return e.library("coachwhip.lib.lists.repeat_in_place", vec![array.clone(), n]).map(Some);
            }
            let block = content(e, array)?;
            match strings::repeated(e, &block, &n)? {
                Some(repeated) => Ok(Some(array_of(e, &repeated))),
                None => Ok(None),
            }
        }
        _ => Ok(None),
    }
}

fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    let one = a.ty.is_bytearray() || b.ty.is_bytearray();
    if !one || !is_bytes_like(&a.ty) || !is_bytes_like(&b.ty) {
        return Ok(None);
    }
    let (a, b) = (content(e, a)?, content(e, b)?);
    strings::compared(e, op, &a, &b)
}

fn len(e: &mut Emit, v: &Val) -> Answer {
    Ok(if v.ty.is_bytearray() { Some(objects::length(e, v)) } else { None })
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    let Some(count) = len(e, v)? else { return Ok(None) };
    let zero = e.int(0);
    Ok(Some(e.op(Op::Ne, &[&count, &zero], Ty::Bool)))
}

fn contains(e: &mut Emit, part: &Val, array: &Val) -> Answer {
    if !array.ty.is_bytearray() {
        return Ok(None);
    }
    let block = content(e, array)?;
    strings::contained(e, part, &block)
}

fn getitem(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    if !v.ty.is_bytearray() {
        return Ok(None);
    }
    if matches!(index.ty, Ty::Slice(_)) {
        let count = objects::length(e, v);
        let (start, step, taken) = strings::positions(e, index, &count)?;
        let part = bytes_of(e, v, &start, &step, &taken);
        return Ok(Some(array_of(e, &part)));
    }
    let at = objects::place(e, v, index, ErrorKind::ByteArrayIndex)?;
    item(e, v, &at)
}

fn item(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    let Some(ty) = v.ty.stored().filter(|_| v.ty.is_bytearray()).cloned() else { return Ok(None) };
    Ok(Some(objects::load(e, v, index, &ty)))
}

fn setitem(e: &mut Emit, v: &Val, index: &Val, value: &Val) -> Answer {
    let Some(ty) = v.ty.stored().filter(|_| v.ty.is_bytearray()).cloned() else { return Ok(None) };
    if matches!(index.ty, Ty::Slice(_)) {
        let step = e.field(index, 2);
        if let Some(step) = as_int(e, &step) {
            let zero = e.int(0);
            let moves = e.op(Op::Ne, &[&step, &zero], Ty::Bool);
            e.guard(&moves, ErrorKind::ZeroStep, &[]);
        }
        let values = match (is_bytes_like(&value.ty), as_int(e, value)) {
            (true, _) => {
                let block = content(e, value)?;
                array_of(e, &block)
            }
            (false, Some(_)) => {
                let message = "can assign only bytes, buffers, or iterables of ints in range(0, 256)";
                return fault(Code::ArgumentTypes, message);
            }
            (false, None) => of_iterable(e, value, true)?,
        };
        let mut args = vec![v.clone()];
        args.extend((0..3).map(|n| e.field(index, n)));
        args.push(values);
        return e.library("coachwhip.lib.bytearrays.setslice", args).map(Some);
    }
    let value = byte(e, value)?;
    let at = objects::place(e, v, index, ErrorKind::ByteArrayIndex)?;
    objects::store(e, v, &at, &value, &ty);
    Ok(Some(e.none()))
}

fn delitem(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    if !v.ty.is_bytearray() {
        return Ok(None);
    }
    if matches!(index.ty, Ty::Slice(_)) {
        return objects::with_slice(e, "delslice", v, index, None).map(Some);
    }
    let at = objects::place(e, v, index, ErrorKind::ByteArrayIndex)?;
    let one = e.int(1);
    objects::close(e, v, &at, &one)?;
    Ok(Some(e.none()))
}

fn method(e: &mut Emit, v: &Val, name: &str, args: &Args) -> Answer {
    if !v.ty.is_bytearray() {
        return Ok(None);
    }
    match (name, args.get("item").cloned(), args.get("iterable_of_ints").cloned()) {
        ("append", Some(item), _) => return objects::append(e, v, &item).map(Some),
        ("extend", _, Some(more)) => {
            let block = if is_bytes_like(&more.ty) {
                content(e, &more)?
            } else {
                let more = of_iterable(e, &more, true)?;
                content(e, &more)?
            };
            extend(e, v, &block);
            return Ok(Some(e.none()));
        }
        _ => {}
    }
    if !strings::has_bytes_method(name) {
        return library::method(e, v, name, args.clone());
    }
    let block = content(e, v)?;
    let Some(found) = strings::bytes_method(e, &block, name, args)? else { return Ok(None) };
    if found.ty.is_bytes() {
        return Ok(Some(array_of(e, &found)));
    }
    if let Ty::Tuple(items) = &found.ty {
        let parts: Vec<Val> = (0..items.len())
            .map(|n| {
                let part = e.field(&found, n);
                array_of(e, &part)
            })
            .collect();
        return Ok(Some(tuples::display(e, &parts)));
    }
    match found.ty.list_item() {
        Some(_) => e.library("coachwhip.lib.bytearrays.arrays", vec![found]).map(Some),
        None => Ok(Some(found)),
    }
}

/// `bytearray(b'…')`, as `str` and `repr` write it.
pub fn text(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    let block = content(e, v)?;
    let (head, tail) = (e.lit(Const::Str("bytearray(".into())), e.lit(Const::Str(")".into())));
    let inner = super::print::formatted(e, &block, b'r')?;
    Ok(super::print::text(e, &[head, inner, tail]))
}
