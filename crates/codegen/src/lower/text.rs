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
use coachwhip_ir::{Const, InstData, Kind, RefTy, Ty, Value, heap};

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
    let name = class_name(l, class)?;
    let site = super::failures::site(l);
    l.unit.call_runtime(RuntimeFn::FailUser, &[l.context, name, site]);
    Ok(())
}

/// The name of a class as the run time has it.
fn class_name<'c>(l: &mut Lowering<'_, 'c, '_>, class: &Const) -> Result<Val<'c>, EmitError> {
    match class {
        Const::Named(name) => Ok(l.unit.text(name.as_bytes())),
        Const::ExceptionClass(_, number) => Ok(l.unit.class(*number)),
        other => Err(EmitError::new(format!("{other:?} is no class"))),
    }
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
        Ty::Ref(to) if **to == RefTy::Object => add(l, PieceTag::Object, 0, parts, style),
        Ty::Ref(to) => {
            let RefTy::List(item) = &**to else { return whole(l, ty, parts, style) };
            let item = item.to_string();
            let list = parts.first().copied().ok_or_else(|| EmitError::new("a piece is missing"))?;
            let words = [list, l.unit.text(item.as_bytes())];
            add(l, PieceTag::List, item.len() as u32, &words, style);
        }
        Ty::Char => add(l, PieceTag::Char, 0, parts, style),
        Ty::Lit(Const::Tuple(items)) => {
            let items: Vec<Ty> = items.iter().map(|c| Ty::Lit(c.clone())).collect();
            sequence(l, [(PieceTag::TupleBegin, None), (PieceTag::TupleEnd, None)], &items, &[], style)?;
        }
        Ty::Lit(class @ (Const::Named(_) | Const::ExceptionClass(..))) => {
            let name = class_name(l, class)?;
            add(l, PieceTag::Class, 0, &[name], style);
        }
        Ty::Exception(class, args) => {
            let name = class_name(l, class)?;
            sequence(l, [(PieceTag::CallBegin, Some(name)), (PieceTag::CallEnd, None)], args, parts, style)?;
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
        Ty::Tuple(items) => {
            sequence(l, [(PieceTag::TupleBegin, None), (PieceTag::TupleEnd, None)], items, parts, style)?
        }
        Ty::ListDisplay(items) => {
            sequence(l, [(PieceTag::ListBegin, None), (PieceTag::ListEnd, None)], items, parts, style)?
        }
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
        Ty::NamedTuple(class, items) => {
            let name = l.unit.class(class.number());
            sequence(l, [(PieceTag::CallBegin, Some(name)), (PieceTag::CallEnd, None)], items, parts, style)?;
        }
        Ty::Array(_) | Ty::Table(_) | Ty::TupleOf(_) | Ty::Range(_) | Ty::Slice(_) => {
            whole(l, ty, parts, style)?;
        }
        _ => number(l, ty, parts, style)?,
    }
    Ok(())
}

/// A value that Python is given as the object that it is as a result.
fn whole<'c>(l: &mut Lowering<'_, 'c, '_>, ty: &Ty, parts: &[Val<'c>], style: Style<'_>) -> Done {
    let mut words = Vec::with_capacity(parts.len());
    let mut rest = parts.iter();
    super::types::each_machine(ty, &mut |part| {
        words.extend(rest.next().map(|&value| l.unit.to_word(part, value)));
    });
    let room = l.unit.context.structure(&vec![l.unit.context.int(64); words.len().max(1)]);
    let memory = l.in_prologue(|l| l.unit.builder.alloca(room));
    for (position, &word) in words.iter().enumerate() {
        let place = l.unit.builder.byte(memory, 8 * position as u64);
        l.unit.builder.store(word, place, 8);
    }
    let owners = heap::owner_positions(ty).into_iter().fold(0u64, |mask, at| mask | 1 << at);
    let (count, owners) = (l.unit.int64(words.len() as i64), l.unit.int64(owners as i64));
    let name = ty.to_string();
    let (name, length) = (l.unit.text(name.as_bytes()), l.unit.int64(name.len() as i64));
    let (spec, spec_length, conversion) = style_words(l, style);
    let args = [l.context, memory, count, owners, name, length, spec, spec_length, conversion];
    l.unit.call_runtime(RuntimeFn::AddItem, &args);
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

/// A tuple, a list display or an exception's arguments, between two tags, of which the first may have a word.
fn sequence<'c>(
    l: &mut Lowering<'_, 'c, '_>,
    [(begin, word), (end, _)]: [(PieceTag, Option<Val<'c>>); 2],
    items: &[Ty],
    parts: &[Val<'c>],
    style: Style<'_>,
) -> Done {
    add(l, begin, 0, word.as_slice(), style);
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
    let (spec, length, conversion) = style_words(l, style);
    let (tag, dtype) = (l.unit.int32(tag as u32), l.unit.int32(dtype));
    l.unit.call_runtime(RuntimeFn::AddPiece, &[l.context, tag, dtype, a, b, spec, length, conversion]);
}

/// The specification, its length, and the conversion.
fn style_words<'c>(l: &mut Lowering<'_, 'c, '_>, style: Style<'_>) -> (Val<'c>, Val<'c>, Val<'c>) {
    let (spec, length) = match style.spec {
        None => (l.unit.context.ptr().zero(), 0),
        Some(spec) => (l.unit.text(spec.as_bytes()), spec.len() as i64),
    };
    (spec, l.unit.int64(length), l.unit.int64(style.conversion))
}
