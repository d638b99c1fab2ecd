//! Text: literal strings, f-strings and `print`.
//!
//! A text is a list of pieces (`Ty::Text`); nothing is formatted here, Python's own `format` does it when
//! the text is printed or raised.

use super::{Answer, Family, Rule, named, strings};
use crate::args::{Args, Call};
use crate::asked::{can_travel, may_change};
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::is_none;
use coachwhip_ir::{BinaryOp, CmpOp, Code, Const, Imm, Op, TableKind, Ty, describe};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family { functions: FUNCTIONS, binary, compare, truth, contains, getitem, ..Family::NONE };

const FUNCTIONS: &[(&str, Rule)] = &[
    ("builtins.print", builtin_print),
    ("builtins.str", builtin_str),
    ("builtins.repr", builtin_repr),
    ("builtins.format", builtin_format),
];

fn literal_str(v: &Val) -> Option<Arc<str>> {
    match v.literal() {
        Some(Const::Str(text)) => Some(text.clone()),
        _ => None,
    }
}

/// One piece of an f-string: a value, its format specification (a literal `str` or `None`) and its
/// conversion (0, or `s`, `r`, `a` as number).
pub fn format(e: &mut Emit, v: &Val, spec: &Val, conversion: i64) -> Result<Val, Fault> {
    if v.ty.is_bytearray() {
        let text = super::bytearrays::text(e, v)?;
        return if conversion == 0 && !is_none(&spec.ty) {
            fault(Code::Text, "unsupported format string passed to bytearray.__format__")
        } else {
            format(e, &text, spec, i64::from(b's'))
        };
    }
    if let Some(text) = of_view(e, v)? {
        return match conversion == 0 && !(is_none(&spec.ty) || literal_str(spec).is_some_and(|s| s.is_empty())) {
            true => fault(Code::Text, format!("{} has no format specification", describe(&v.ty))),
            false => format(e, &text, spec, 0),
        };
    }
    let plain = is_none(&spec.ty) || literal_str(spec).is_some_and(|s| s.is_empty());
    if let Some(shown) = of_instance(e, v, spec, plain, conversion)? {
        return Ok(shown);
    }
    if !plain && literal_str(spec).is_none() {
        let v = if conversion == 0 { v.clone() } else { formatted(e, v, conversion as u8)? };
        return crate::text::formatted(e, &v, spec);
    }
    if plain && (conversion == 0 || conversion == i64::from(b's')) && is_text(&v.ty) {
        return Ok(text(e, std::slice::from_ref(v)));
    }
    if let Some(text) = of_instances(e, v, plain && conversion != i64::from(b'a'))? {
        return Ok(text);
    }
    if !can_travel(&v.ty) {
        return fault(Code::Text, format!("{} cannot be formatted in compiled code", describe(&v.ty)));
    }
    let value = e.machine(v);
    let spec = if plain { e.none() } else { spec.clone() };
    let conversion = e.int(conversion);
    let piece = Ty::tuple([value.ty.clone(), spec.ty.clone(), conversion.ty.clone()]);
    let piece = e.pack(piece, &[&value, &spec, &conversion]);
    let made = pack_text(e, vec![piece]);
    // An exception is there as long as it is handled, which the text may outlive, and a list may change.
    match may_change(&value.ty) {
        true => Ok(e.op_with(Op::TextShow, Imm::None, &[&made], Ty::str())),
        false => Ok(made),
    }
}

/// The text of a view of a dict, which has no format of its own.
fn of_view(e: &mut Emit, v: &Val) -> Answer {
    let Ty::Shown(_, shown) = &v.ty else { return Ok(None) };
    let Some(list) = super::function("builtins.list") else { return Ok(None) };
    let items = list(e, &Args::of("builtins.list", vec![v.clone()])?)?;
    let items = formatted(e, &items, b'r')?;
    let (open, close) = (format!("dict_{}(", shown.name()), e.lit(Const::Str(")".into())));
    let open = e.lit(Const::Str(open.into()));
    Ok(Some(text(e, &[open, items, close])))
}

/// The text of a container of instances of users' classes, which are told by their own methods.
fn of_instances(e: &mut Emit, v: &Val, plain: bool) -> Answer {
    let of_list = |ty: &Ty| ty.list_item().is_some_and(holds_instance);
    let of_table = |ty: &Ty| ty.as_table().is_some_and(|t| holds_instance(&t.key) || holds_instance(&t.value));
    if matches!(v.ty, Ty::Tuple(_) | Ty::ListDisplay(_)) && !can_travel(&v.ty) && holds_instance(&v.ty) && plain {
        return of_display(e, v).map(Some);
    }
    let function = match &v.ty {
        ty if of_list(ty) => "of_list",
        Ty::TupleOf(list) if of_list(list) => "of_tuple",
        ty if of_table(ty) => match ty.as_table().map(|table| table.kind) {
            Some(TableKind::Dict) => "of_dict",
            Some(TableKind::Set) => "of_set",
            _ => "of_frozenset",
        },
        _ => return Ok(None),
    };
    if !plain {
        return fault(Code::Text, format!("{} has no format specification", describe(&v.ty)));
    }
    e.library(&format!("coachwhip.lib.strings.{function}"), vec![v.clone()]).map(Some)
}

/// The text of a tuple or list display, from those of its items.
fn of_display(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    let items = super::tuples::items(e, v)?;
    let (open, close) = match &v.ty {
        Ty::ListDisplay(_) => ("[", "]"),
        _ if items.len() == 1 => ("(", ",)"),
        _ => ("(", ")"),
    };
    let mut parts = vec![e.lit(Const::Str(open.into()))];
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            parts.push(e.lit(Const::Str(", ".into())));
        }
        parts.push(formatted(e, item, b'r')?);
    }
    parts.push(e.lit(Const::Str(close.into())));
    Ok(text(e, &parts))
}

/// Whether values of a type are instances of users' classes, or hold such.
fn holds_instance(ty: &Ty) -> bool {
    match ty {
        Ty::Optional(inner) | Ty::TupleOf(inner) => holds_instance(inner),
        Ty::ListDisplay(items) => items.iter().any(holds_instance),
        Ty::Table(table) => holds_instance(&table.key) || holds_instance(&table.value),
        ty => {
            let parts = ty.members().or(ty.items()).unwrap_or_default();
            ty.user_class().is_some() || ty.list_item().is_some_and(holds_instance) || parts.iter().any(holds_instance)
        }
    }
}

/// As [`format`], of an instance of a user's class, or of a tuple that holds one.
fn of_instance(e: &mut Emit, v: &Val, spec: &Val, plain: bool, conversion: i64) -> Answer {
    // Python formats the object itself where more than its text is asked for.
    if (conversion == i64::from(b'a') || conversion == 0 && !plain) && can_travel(&v.ty) {
        return Ok(None);
    }
    let Some(shown) = named::shown(e, v, if conversion == i64::from(b'r') { "__repr__" } else { "__str__" })? else {
        return Ok(None);
    };
    if conversion == i64::from(b'a') || conversion == 0 && !plain {
        let message = format!("{} is formatted by its __str__ or __repr__ alone in compiled code", describe(&v.ty));
        return fault(Code::Text, message);
    }
    format(e, &shown, spec, 0).map(Some)
}

/// Whether a value is a text of pieces known when compiling.
pub fn is_text(ty: &Ty) -> bool {
    matches!(ty, Ty::Text(_) | Ty::Lit(Const::Str(_)))
}

/// Texts and literal strings joined.
pub fn text(e: &mut Emit, parts: &[Val]) -> Val {
    let mut pieces: Vec<Val> = Vec::new();
    for part in parts {
        match &part.ty {
            Ty::Text(types) => {
                for i in 0..types.len() {
                    let piece = e.field(part, i);
                    add_piece(e, &mut pieces, piece);
                }
            }
            _ => add_piece(e, &mut pieces, part.clone()),
        }
    }
    match pieces.as_slice() {
        [] => e.lit(Const::Str(Arc::from(""))),
        [one] if literal_str(one).is_some() => one.clone(),
        _ => pack_text(e, pieces),
    }
}

fn add_piece(e: &mut Emit, pieces: &mut Vec<Val>, piece: Val) {
    match (pieces.last().and_then(literal_str), literal_str(&piece)) {
        (_, Some(text)) if text.is_empty() => {}
        (Some(before), Some(after)) => {
            pieces.pop();
            pieces.push(e.lit(Const::Str(Arc::from(format!("{before}{after}")))));
        }
        _ => pieces.push(piece),
    }
}

fn pack_text(e: &mut Emit, pieces: Vec<Val>) -> Val {
    let ty = Ty::Text(pieces.iter().map(|p| p.ty.clone()).collect());
    let pieces: Vec<&Val> = pieces.iter().collect();
    e.pack(ty, &pieces)
}

/// A value as `format` writes it, with a conversion (0, or `s`, `r`, `a`).
pub fn formatted(e: &mut Emit, v: &Val, conversion: u8) -> Result<Val, Fault> {
    let none = e.none();
    format(e, v, &none, i64::from(conversion))
}

fn builtin_str(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    if let [Some(v), encoding, errors] = args.take(["object", "encoding", "errors"])?
        && (encoding.is_some() || errors.is_some())
    {
        return crate::codecs::decoded(e, &v, encoding.as_ref(), errors.as_ref());
    }
    match args.take(["object", "encoding", "errors"])?.as_slice() {
        [Some(v), ..] if v.ty == Ty::Char || v.ty.is_str() => Ok(v.clone()),
        [Some(v), ..] => formatted(e, v, b's'),
        _ => Ok(e.lit(Const::Str(Arc::from("")))),
    }
}

fn builtin_repr(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    formatted(e, &args.one()?, b'r')
}

fn builtin_format(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    match args.take(["value", "format_spec"])?.as_slice() {
        [Some(v), Some(spec)] => format(e, v, spec, 0),
        [Some(v), None] => formatted(e, v, 0),
        _ => fault(Code::ArgumentCount, "format() takes one or two arguments"),
    }
}

/// A separator or end: a literal `str`, or the usual one for `None`.
fn separator(given: Option<Val>, name: &str, usual: &str) -> Result<Arc<str>, Fault> {
    match given {
        None => Ok(Arc::from(usual)),
        Some(v) if is_none(&v.ty) => Ok(Arc::from(usual)),
        Some(v) => match literal_str(&v) {
            Some(text) => Ok(text),
            None => fault(Code::NeedsConstant, format!("{name} of print() must be a literal str")),
        },
    }
}

fn builtin_print(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    // Every print goes to Python's own `print`, which is flushed like it: `flush` asks for nothing more.
    let [sep, end, file, _flush] = args.take(["sep", "end", "file", "flush"])?;
    if let Some(file) = file
        && file.literal() != Some(&Const::Named(Arc::from("sys.stdout")))
    {
        return fault(Code::Unsupported, "compiled code prints to sys.stdout only");
    }
    let (sep, end) = (separator(sep, "sep", " ")?, separator(end, "end", "\n")?);
    let mut parts = Vec::with_capacity(2 * args.rest().len() + 1);
    for (i, v) in args.rest().iter().enumerate() {
        if i > 0 {
            parts.push(e.lit(Const::Str(sep.clone())));
        }
        parts.push(formatted(e, v, b's')?);
    }
    parts.push(e.lit(Const::Str(end)));
    let whole = text(e, &parts);
    let whole = if literal_str(&whole).is_some() { pack_text(e, vec![whole]) } else { whole };
    e.effect(Op::Print, Imm::None, &[&whole]);
    Ok(e.none())
}

/// `print(*values)` of values of which only the code that runs knows how many there are: their texts, joined.
pub fn starred(e: &mut Emit, callee: &Val, values: &Val, args: &Call) -> Answer {
    let print = matches!(callee.literal(), Some(Const::Named(name)) if **name == *"builtins.print");
    if !print || super::lists::is_sequence(&values.ty) {
        return Ok(None);
    }
    let mut args = args.clone();
    let sep = args.keywords.iter().position(|(name, _)| &**name == "sep").map(|at| args.keywords.remove(at).1);
    let sep = separator(sep, "sep", " ")?;
    let sep = e.lit(Const::Str(sep));
    let whole = e.library("coachwhip.lib.strings.joined", vec![sep, values.clone()])?;
    args.positional = vec![whole];
    super::calls::call(e, callee, args).map(Some)
}

fn binary(e: &mut Emit, op: BinaryOp, _inplace: bool, a: &Val, b: &Val) -> Answer {
    match op {
        BinaryOp::Mod => super::percent::binary(e, a, b),
        _ => Ok(None),
    }
}

fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    let (Some(x), Some(y)) = (literal_str(a), literal_str(b)) else { return Ok(None) };
    let answer = match op {
        CmpOp::Lt => x < y,
        CmpOp::Le => x <= y,
        CmpOp::Eq => x == y,
        CmpOp::Ne => x != y,
        CmpOp::Gt => x > y,
        CmpOp::Ge => x >= y,
    };
    Ok(Some(e.bool(answer)))
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    Ok(literal_str(v).map(|text| e.bool(!text.is_empty())))
}

/// A character or slice of a literal, by constants.
fn getitem(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    let Some(text) = literal_str(v) else { return Ok(None) };
    let all: Vec<char> = text.chars().collect();
    let positions = match index.literal_int() {
        Some(i) => {
            let position = if i < 0 { i + all.len() as i64 } else { i };
            usize::try_from(position).ok().filter(|p| *p < all.len()).map(|p| vec![p])
        }
        None => super::tuples::slice_positions(&index.ty, all.len()).and_then(Result::ok),
    };
    match positions {
        Some(positions) => {
            let part: String = positions.into_iter().filter_map(|p| all.get(p)).collect();
            Ok(Some(e.lit(Const::Str(Arc::from(part)))))
        }
        None => strings::checked_item(e, v, index),
    }
}

fn contains(e: &mut Emit, item: &Val, container: &Val) -> Answer {
    match (literal_str(item), literal_str(container)) {
        (Some(part), Some(whole)) => Ok(Some(e.bool(whole.contains(&*part)))),
        _ => Ok(None),
    }
}
