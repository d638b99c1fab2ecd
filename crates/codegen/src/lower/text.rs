//! Texts in pieces: the arguments of a user's exception and what `print` writes.
//!
//! Compiled code formats nothing: it hands tags and words (`abi::Piece`) to the run time, and Python's own
//! `format` makes the text of them.

use super::Done;
use super::function::{Lowering, argument};
use super::types::width;
use crate::EmitError;
use crate::llvm::Value as Val;
use coachwhip_abi::{PieceTag, RuntimeFn};
use coachwhip_ir::{Const, InstData, Kind, RefTy, Ty, Value};

/// How a piece is formatted: specification and conversion.
#[derive(Clone, Copy)]
struct Style<'t> {
    spec: Option<&'t str>,
    conversion: i64,
}

const PLAIN: Style<'static> = Style { spec: None, conversion: 0 };

/// `print text`.
pub fn print(l: &mut Lowering<'_, '_, '_>, inst: &InstData) -> Done {
    let value = argument(inst, 0)?;
    let Ty::Text(pieces) = l.func.ty(value) else { return Err(EmitError::new("`print` takes a text")) };
    let parts = l.get(value)?.to_vec();
    text_pieces(l, pieces, &parts)?;
    let status = l.unit.call_runtime(RuntimeFn::Print, &[l.context]);
    super::failures::check_status(l, status, true);
    Ok(())
}

/// Hands an exception's arguments and class to the run time.
pub fn throw(l: &mut Lowering<'_, '_, '_>, value: Value) -> Done {
    let Ty::Exception(class, args) = l.func.ty(value) else { return Err(EmitError::new("only exceptions are thrown")) };
    let parts = l.get(value)?.to_vec();
    let mut rest = parts.as_slice();
    for arg in args.iter() {
        let (own, others) = rest.split_at_checked(width(arg)).ok_or_else(|| EmitError::new("a piece is missing"))?;
        value_piece(l, arg, own, PLAIN)?;
        rest = others;
    }
    let name = match &**class {
        Const::Named(name) => l.unit.text(name.as_bytes()),
        Const::ExceptionClass(_, number) => l.unit.class(*number),
        other => return Err(EmitError::new(format!("{other:?} is no exception class"))),
    };
    let site = super::failures::site(l);
    l.unit.call_runtime(RuntimeFn::FailUser, &[l.context, name, site]);
    Ok(())
}

/// The pieces of a `Text`.
pub fn text_pieces<'c>(l: &mut Lowering<'_, 'c, '_>, pieces: &[Ty], parts: &[Val<'c>]) -> Done {
    let mut rest = parts;
    for piece in pieces {
        let (own, others) = rest.split_at_checked(width(piece)).ok_or_else(|| EmitError::new("a piece is missing"))?;
        rest = others;
        match piece {
            Ty::Tuple(fields) => match &**fields {
                [value, spec, conversion] => {
                    let spec = match spec.literal() {
                        Some(Const::Str(spec)) => Some(&**spec),
                        _ => None,
                    };
                    let conversion = match conversion.literal() {
                        Some(Const::Int(n)) => *n,
                        Some(Const::Str(letter)) => letter.bytes().next().map_or(0, i64::from),
                        _ => 0,
                    };
                    value_piece(l, value, own, Style { spec, conversion })?;
                }
                _ => return Err(EmitError::new("a piece of a text has three fields")),
            },
            other => value_piece(l, other, own, PLAIN)?,
        }
    }
    Ok(())
}

/// One value with its style.
fn value_piece<'c>(l: &mut Lowering<'_, 'c, '_>, ty: &Ty, parts: &[Val<'c>], style: Style<'_>) -> Done {
    match ty {
        Ty::None | Ty::Lit(Const::None) => add(l, PieceTag::None, 0, &[], style),
        Ty::Lit(Const::Ellipsis) => add(l, PieceTag::Ellipsis, 0, &[], style),
        Ty::Lit(Const::Str(text)) => add_static(l, PieceTag::Str, text.as_bytes(), style),
        Ty::Lit(Const::BigInt(digits)) => add_static(l, PieceTag::BigInt, digits.as_bytes(), style),
        Ty::Lit(Const::Bytes(bytes)) => add_static(l, PieceTag::Bytes, bytes, style),
        Ty::Ref(to) if matches!(**to, RefTy::Str | RefTy::Bytes) => {
            add(l, PieceTag::Block, u32::from(**to == RefTy::Bytes), parts, style);
        }
        Ty::Ref(to) => {
            let RefTy::List(item) = &**to else { return Err(EmitError::new("a reference has no text form")) };
            let item = item.to_string();
            let list = parts.first().copied().ok_or_else(|| EmitError::new("a piece is missing"))?;
            let words = [list, l.unit.text(item.as_bytes())];
            add(l, PieceTag::List, item.len() as u32, &words, style);
        }
        Ty::Char => add(l, PieceTag::Char, 0, parts, style),
        Ty::Lit(Const::Tuple(items)) => {
            let items: Vec<Ty> = items.iter().map(|c| Ty::Lit(c.clone())).collect();
            sequence(l, [PieceTag::TupleBegin, PieceTag::TupleEnd], &items, &[], style)?;
        }
        Ty::Lit(Const::Enum(class, word)) => {
            let (word, class) = (l.unit.int64(*word), l.unit.class(class.number()));
            add(l, PieceTag::Enum, 0, &[word, class], style);
        }
        Ty::Lit(value) => {
            let wide = ty.widened();
            if wide == *ty {
                return Err(EmitError::new(format!("{value:?} has no text form in compiled code")));
            }
            let parts = super::aggregates::constant(l, value, &wide)?;
            value_piece(l, &wide, &parts, style)?;
        }
        Ty::Optional(inner) => optional(l, inner, parts, style)?,
        Ty::Tuple(items) => sequence(l, [PieceTag::TupleBegin, PieceTag::TupleEnd], items, parts, style)?,
        Ty::ListDisplay(items) => sequence(l, [PieceTag::ListBegin, PieceTag::ListEnd], items, parts, style)?,
        Ty::Text(pieces) => {
            add(l, PieceTag::TextBegin, 0, &[], style);
            text_pieces(l, pieces, parts)?;
            add(l, PieceTag::TextEnd, 0, &[], PLAIN);
        }
        Ty::Enum(class) => {
            let word = parts.first().copied().ok_or_else(|| EmitError::new("a piece is missing"))?;
            let class = l.unit.class(class.number());
            add(l, PieceTag::Enum, 0, &[word, class], style);
        }
        Ty::Caught => add(l, PieceTag::Caught, 0, parts, style),
        _ => number(l, ty, parts, style)?,
    }
    Ok(())
}

fn number<'c>(l: &mut Lowering<'_, 'c, '_>, ty: &Ty, parts: &[Val<'c>], style: Style<'_>) -> Done {
    let (tag, dtype) = match ty {
        Ty::Int => (PieceTag::Int, 0),
        Ty::Float => (PieceTag::Float, 0),
        Ty::Bool => (PieceTag::Bool, 0),
        Ty::Complex => (PieceTag::Complex, 0),
        Ty::Scalar(dtype) => (PieceTag::Scalar, *dtype as u32),
        other => return Err(EmitError::new(format!("{other:?} has no text form in compiled code"))),
    };
    let part_ty = match ty {
        Ty::Complex => Ty::Float,
        Ty::Scalar(dtype) if dtype.kind() == Kind::Complex => Ty::Scalar(dtype.real()),
        other => other.clone(),
    };
    let words: Vec<Val> = parts.iter().map(|&part| l.unit.to_word(&part_ty, part)).collect();
    add(l, tag, dtype, &words, style);
    Ok(())
}

/// A tuple or a list display, between two tags.
fn sequence<'c>(
    l: &mut Lowering<'_, 'c, '_>,
    [begin, end]: [PieceTag; 2],
    items: &[Ty],
    parts: &[Val<'c>],
    style: Style<'_>,
) -> Done {
    add(l, begin, 0, &[], style);
    let mut rest = parts;
    for item in items {
        let (own, others) = rest.split_at_checked(width(item)).ok_or_else(|| EmitError::new("an item is missing"))?;
        value_piece(l, item, own, PLAIN)?;
        rest = others;
    }
    add(l, end, 0, &[], PLAIN);
    Ok(())
}

fn optional<'c>(l: &mut Lowering<'_, 'c, '_>, inner: &Ty, parts: &[Val<'c>], style: Style<'_>) -> Done {
    let [flag, payload @ ..] = parts else { return Err(EmitError::new("the flag is missing")) };
    let (some, none, next) = (l.new_block(), l.new_block(), l.new_block());
    l.unit.builder.branch(*flag, some, none);
    l.unit.builder.at(some);
    value_piece(l, inner, payload, style)?;
    l.unit.builder.jump(next);
    l.unit.builder.at(none);
    add(l, PieceTag::None, 0, &[], style);
    l.unit.builder.jump(next);
    l.unit.builder.at(next);
    Ok(())
}

/// Hands over a piece that is known when compiling.
fn add_static(l: &mut Lowering<'_, '_, '_>, tag: PieceTag, bytes: &[u8], style: Style<'_>) {
    let address = l.unit.text(bytes);
    let length = l.unit.int64(bytes.len() as i64);
    add(l, tag, 0, &[address, length], style);
}

/// Hands one piece over.
fn add<'c>(l: &mut Lowering<'_, 'c, '_>, tag: PieceTag, dtype: u32, words: &[Val<'c>], style: Style<'_>) {
    let zero = l.unit.int64(0);
    let as_word = |value: Option<&Val<'c>>| match value {
        None => zero,
        Some(&value) if value.ty() == l.unit.context.ptr() => l.unit.to_word(&Ty::Ptr(None), value),
        Some(&value) => value,
    };
    let (a, b) = (as_word(words.first()), as_word(words.get(1)));
    let (spec, length) = match style.spec {
        None => (l.unit.context.ptr().zero(), 0),
        Some(spec) => (l.unit.text(spec.as_bytes()), spec.len() as i64),
    };
    let (tag, dtype) = (l.unit.int32(tag as u32), l.unit.int32(dtype));
    let (length, conversion) = (l.unit.int64(length), l.unit.int64(style.conversion));
    l.unit.call_runtime(RuntimeFn::AddPiece, &[l.context, tag, dtype, a, b, spec, length, conversion]);
}
