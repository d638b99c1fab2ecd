//! The lattice: the type of a variable where paths meet, and the conversion to it on each path.
//!
//! `Never` is below everything.  Two different literals give the type they share; a Python number and a
//! NumPy scalar give the NumPy scalar that arithmetic between them would have; `None` and a value give an
//! `Optional`; aggregates join item by item.  Every chain of joins is short, so fixed points terminate:
//! tuples do not grow: one of known length joins its own length, or one of any length.

pub use crate::coerce::coerce;
use crate::text::{is_bytes, is_string};
use crate::unite;
pub use crate::unite::{collapsed, numbers_differ};
use coachwhip_ir::promote::promote_weak;
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{ArrayTy, Const, Dtype, GeneratorTy, Layout, RefTy, Ty, describe};
use std::sync::Arc;

/// Types of more parts than this are refused.
const MAX_PARTS: usize = 10_000;
/// Types nested deeper than this, too.
const MAX_DEPTH: usize = 100;

/// What becomes of a number where numbers of different types meet, and of what has no common type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meet {
    /// Numbers get the type that holds both; what has no common type is refused.
    Common,
    /// Numbers get the type that holds both; others are a union.  In loops, where a number has one machine form, and for the
    /// items of containers.
    InLoop,
    /// Every value keeps its type: what differs is a union.
    Exact,
}

/// The least type that holds the values of both, numbers of different types converted; the error says in the user's words
/// why there is none.
pub fn join(a: &Ty, b: &Ty) -> Result<Ty, String> {
    meet(a, b, Meet::Common)
}

/// The type of a container's items that are of both types.
pub fn held(a: &Ty, b: &Ty) -> Result<Ty, String> {
    meet(a, b, Meet::InLoop)
}

/// The type of what is of one type on one path and of another on another.
pub fn meet(a: &Ty, b: &Ty, how: Meet) -> Result<Ty, String> {
    if a == b {
        return Ok(a.clone());
    }
    match (a, b) {
        (Ty::Never, other) | (other, Ty::Never) => return Ok(other.clone()),
        (Ty::Union(_), _) | (_, Ty::Union(_)) => return unite::meet(a, b, how),
        _ => {}
    }
    if is_none(a) || is_none(b) {
        return Ok(with_none(if is_none(a) { b } else { a }));
    }
    match (a, b) {
        (Ty::Optional(x), Ty::Optional(y)) => Ok(unite::with_none(&meet(x, y, how)?)),
        (Ty::Optional(x), y) | (y, Ty::Optional(x)) => Ok(unite::with_none(&meet(x, &widen(y), how)?)),
        _ => {
            let (a, b) = (&expand(a), &expand(b));
            if how == Meet::Exact && unite::numbers_differ(a, b) {
                return unite::of(&[a, b]);
            }
            match join_values(a, b, how) {
                Err(_) if how != Meet::Common && unite::goes_in(a) && unite::goes_in(b) => unite::of(&[a, b]),
                joined => joined,
            }
        }
    }
}

pub(crate) fn join_values(a: &Ty, b: &Ty, how: Meet) -> Result<Ty, String> {
    // Python can be given the value of every path as an object.
    if a.is_object() && crate::asked::can_travel(b) || b.is_object() && crate::asked::can_travel(a) {
        return Ok(Ty::object());
    }
    if let (Ty::Tuple(x), Ty::Tuple(y)) = (a, b) {
        if x.len() != y.len() {
            return crate::made::joined(x, y).ok_or_else(|| apart(a, b));
        }
        return Ok(Ty::Tuple(meet_all(x, y, how)?));
    }
    if let (Ty::Tuple(items), Ty::TupleOf(list)) | (Ty::TupleOf(list), Ty::Tuple(items)) = (a, b) {
        let item = list.list_item().cloned().unwrap_or(Ty::Never);
        return crate::made::joined(items, &[item]).ok_or_else(|| apart(a, b));
    }
    if let (Ty::NamedTuple(p, x), Ty::NamedTuple(q, y)) = (a, b) {
        if p != q {
            return Err(apart(a, b));
        }
        return Ok(Ty::NamedTuple(p.clone(), meet_all(x, y, how)?));
    }
    if let (Ty::ListDisplay(x), Ty::ListDisplay(y)) = (a, b) {
        if x.len() != y.len() {
            return Err("lists of different lengths do not go together yet".into());
        }
        return Ok(Ty::ListDisplay(join_all(x, y)?));
    }
    if let Some(ty) = join_strings(a, b) {
        return Ok(ty);
    }
    let (a, b) = (&widen(a), &widen(b));
    if a == b {
        return Ok(a.clone());
    }
    match (a, b) {
        (Ty::Array(x), Ty::Array(y)) => join_arrays(x, y).map(Ty::Array).ok_or_else(|| apart(a, b)),
        (Ty::Range(x), Ty::Range(y)) => Ok(Ty::Range(join(x, y)?.into())),
        (Ty::Slice(x), Ty::Slice(y)) => join_slices(x, y).ok_or_else(|| apart(a, b)),
        (Ty::Iter(x), Ty::Iter(y)) if x.text() == y.text() && x.parts().len() == y.parts().len() => {
            let parts = join_all(x.parts(), y.parts())?.to_vec();
            x.text()
                .and_then(|text| IterTy::made_of(text, parts))
                .map(|i| Ty::Iter(i.into()))
                .ok_or_else(|| apart(a, b))
        }
        (Ty::Ref(_), Ty::Ref(_)) if a.generator().is_some() || b.generator().is_some() => join_generators(a, b, how),
        (Ty::Ref(x), Ty::Ref(y)) if x.text() == y.text() => {
            let parts = meet_all(x.parts(), y.parts(), Meet::InLoop)?.to_vec();
            x.text().and_then(|text| RefTy::made_of(text, parts)).map(|r| Ty::Ref(r.into())).ok_or_else(|| apart(a, b))
        }
        (Ty::Table(x), Ty::Table(y)) if x.kind == y.kind => {
            Ok(Ty::table(x.kind, join_keys(&x.key, &y.key)?, held(&x.value, &y.value)?))
        }
        (Ty::TupleOf(x), Ty::TupleOf(y)) => Ok(Ty::TupleOf(join(x, y)?.into())),
        (Ty::Shown(x, m), Ty::Shown(y, n)) if m == n => Ok(Ty::Shown(join(x, y)?.into(), *m)),
        (Ty::Cell(x), Ty::Cell(y)) => Ok(Ty::Cell(join(x, y)?.into())),
        (Ty::Closure(f, x), Ty::Closure(g, y)) if f == g && x.len() == y.len() => Ok(Ty::Closure(*f, join_all(x, y)?)),
        (Ty::Method(x, m), Ty::Method(y, n)) if m == n => Ok(Ty::Method(join(x, y)?.into(), m.clone())),
        _ => join_numbers(a, b).ok_or_else(|| apart(a, b)),
    }
}

/// Generators of one function that is called with arguments of the same types.
fn join_generators(a: &Ty, b: &Ty, how: Meet) -> Result<Ty, String> {
    match (a.generator(), b.generator()) {
        (Some(x), Some(y)) if (x.func, &x.args, &x.options) == (y.func, &y.args, &y.options) => {
            let (yields, returns) = (meet(&x.yields, &y.yields, how)?, meet(&x.returns, &y.returns, how)?);
            Ok(Ty::Ref(Arc::new(RefTy::Generator(GeneratorTy { yields, returns, ..x.clone() }))))
        }
        (Some(_), Some(_)) => Err("two different generators do not go together yet".into()),
        _ => Err(apart(a, b)),
    }
}

fn join_all(x: &[Ty], y: &[Ty]) -> Result<Arc<[Ty]>, String> {
    meet_all(x, y, Meet::Common)
}

fn meet_all(x: &[Ty], y: &[Ty], how: Meet) -> Result<Arc<[Ty]>, String> {
    x.iter().zip(y).map(|(a, b)| meet(a, b, how)).collect()
}

fn join_arrays(x: &ArrayTy, y: &ArrayTy) -> Option<ArrayTy> {
    let same = x.dtype == y.dtype && x.ndim == y.ndim && x.readonly == y.readonly;
    same.then_some(ArrayTy { layout: Layout::A, ..*x })
}

fn join_slices(x: &[Ty; 3], y: &[Ty; 3]) -> Option<Ty> {
    let part = |a: &Ty, b: &Ty| if is_none(a) == is_none(b) { join(a, b).ok() } else { None };
    let ([a, b, c], [p, q, r]) = (x, y);
    Some(Ty::Slice(Arc::new([part(a, p)?, part(b, q)?, part(c, r)?])))
}

/// Keys of one table have one type: a number's type shows in a key, so those of two types do not go together.
fn join_keys(a: &Ty, b: &Ty) -> Result<Ty, String> {
    let joined = key_type(&join(a, b)?);
    let same = |ty: &Ty| *ty == Ty::Never || key_type(ty) == joined;
    if same(a) && same(b) { Ok(joined) } else { Err(apart(a, b)) }
}

/// The type of a key as tables keep it: strings as blocks, and no literals.
pub fn key_type(ty: &Ty) -> Ty {
    match widen(ty) {
        Ty::Tuple(items) => Ty::Tuple(items.iter().map(key_type).collect()),
        ty if is_string(&ty) => Ty::str(),
        ty if is_bytes(&ty) => Ty::bytes(),
        ty => ty,
    }
}

/// Strings: a character and a literal of one character are a character, any others a block.
fn join_strings(a: &Ty, b: &Ty) -> Option<Ty> {
    if is_bytes(a) && is_bytes(b) {
        return Some(Ty::bytes());
    }
    if !is_string(a) || !is_string(b) {
        return None;
    }
    let is_char = |ty: &Ty| *ty == Ty::Char || matches!(ty, Ty::Lit(Const::Str(text)) if text.chars().count() == 1);
    let one = *a == Ty::Char || *b == Ty::Char;
    Some(if one && is_char(a) && is_char(b) { Ty::Char } else { Ty::str() })
}

/// Numbers of widened type.
fn join_numbers(a: &Ty, b: &Ty) -> Option<Ty> {
    match (a, b) {
        (Ty::Scalar(x), Ty::Scalar(y)) => {
            let both = x.promote(*y);
            let loses = both == Dtype::Float64 && x.is_int() && y.is_int();
            (!loses).then_some(Ty::Scalar(both))
        }
        (Ty::Scalar(d), p) | (p, Ty::Scalar(d)) if rank(p).is_some() => Some(Ty::Scalar(promote_weak(*d, p))),
        _ => Some(if rank(a)? > rank(b)? { a.clone() } else { b.clone() }),
    }
}

fn rank(python: &Ty) -> Option<u8> {
    match python {
        Ty::Bool => Some(0),
        Ty::Int => Some(1),
        Ty::Float => Some(2),
        Ty::Complex => Some(3),
        _ => None,
    }
}

/// `None`, in either of its forms.
pub fn is_none(ty: &Ty) -> bool {
    matches!(ty, Ty::None | Ty::Lit(Const::None))
}

fn with_none(ty: &Ty) -> Ty {
    match ty {
        Ty::Optional(_) => ty.clone(),
        ty if is_none(ty) => Ty::Lit(Const::None),
        ty => Ty::Optional(widen(ty).into()),
    }
}

/// A literal tuple as a tuple of literals.
pub fn expand(ty: &Ty) -> Ty {
    ty.expanded()
}

/// The machine type of a number, bool or tuple of such that is known; a string that is no literal as a block; `None` and
/// other literals stay.
pub fn widen(ty: &Ty) -> Ty {
    match expand(ty) {
        Ty::Lit(Const::None) | Ty::None => Ty::Lit(Const::None),
        tuple @ (Ty::Tuple(_) | Ty::NamedTuple(..)) => tuple.map_items(widen),
        Ty::ListDisplay(items) => Ty::ListDisplay(items.iter().map(widen).collect()),
        Ty::Optional(inner) => Ty::Optional(widen(&inner).into()),
        Ty::Char | Ty::Text(_) => Ty::str(),
        other => other.widened(),
    }
}

/// Whether a type has more parts, or is nested deeper, than compiled code may have to carry; looks at no more of it than
/// that.  Everything after inference goes down into types by recursion.
pub fn is_too_large(ty: &Ty) -> bool {
    fn spend(ty: &Ty, budget: &mut usize, depth: usize) -> bool {
        if *budget == 0 || depth == 0 {
            return false;
        }
        *budget -= 1;
        let mut spend = |ty: &Ty| spend(ty, budget, depth - 1);
        match ty {
            Ty::Cell(inner) => spend(inner),
            Ty::Ref(to) => to.parts().iter().all(spend),
            Ty::Table(table) => spend(&table.key) && spend(&table.value),
            Ty::Lit(Const::Tuple(items) | Const::NamedTuple(_, items)) => {
                items.iter().all(|c| spend(&Ty::Lit(c.clone())))
            }
            _ if ty.array().is_some() || ty.is_one_word() => true,
            _ => {
                let mut fits = true;
                ty.each_field(&mut |field, _| fits = fits && spend(field));
                fits
            }
        }
    }
    !spend(ty, &mut { MAX_PARTS }, MAX_DEPTH)
}

fn apart(a: &Ty, b: &Ty) -> String {
    match (a, b) {
        (Ty::Array(x), Ty::Array(y)) if x.dtype == y.dtype && x.ndim == y.ndim => {
            "a read-only array and a writable array do not go together".into()
        }
        _ => {
            let (x, y) = (describe(a), describe(b));
            match x.as_str() {
                "function" if x == y => "two different functions do not go together".into(),
                "str" if x == y => "two different strings do not go together".into(),
                _ if x == y => format!("two different values of type {x} do not go together"),
                _ => format!("{x} and {y} do not go together"),
            }
        }
    }
}
