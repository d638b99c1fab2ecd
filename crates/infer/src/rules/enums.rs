//! Members of enumerations: values of one word, which is the position of the member in its class or, of flags, their value.
//!
//! What the class defines is `named`'s business, which is asked before; a member of a class that is derived from `int` or
//! `str` behaves as its value wherever it is not asked for its identity.

use super::instructions::constant;
use super::{Answer, Family, attributes, exceptions, operators, print, tuples};
use crate::args::Call;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{BinaryOp, CmpOp, Code, Const, Diagnostic, MemberKind, Op, Ty, UnaryOp, UserClass, describe};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family =
    Family { unary, binary, compare, truth, contains, len, getitem, setitem, iter, ..Family::NONE };

/// Callables that take a member made of an `int` or a `str` for its value.
const OF_DATA: [&str; 17] = [
    "builtins.int",
    "builtins.float",
    "builtins.complex",
    "builtins.bool",
    "builtins.abs",
    "builtins.range",
    "builtins.divmod",
    "builtins.pow",
    "builtins.round",
    "builtins.len",
    "builtins.ord",
    "builtins.chr",
    "builtins.bin",
    "builtins.hex",
    "builtins.oct",
    "builtins.sum",
    "builtins.slice",
];

/// The member with a word.
fn pack(e: &mut Emit, class: &Arc<UserClass>, word: &Val) -> Val {
    match word.literal() {
        Some(Const::Int(word)) => e.lit(Const::Enum(class.clone(), *word)),
        _ => e.pack(Ty::Enum(class.clone()), &[word]),
    }
}

/// The class, if a value is one.
fn class_itself(v: &Val) -> Option<Arc<UserClass>> {
    match &v.ty {
        Ty::Lit(Const::Class(class)) if class.is("enum") => Some(class.clone()),
        _ => None,
    }
}

/// All members, in order.
fn members(e: &mut Emit, class: &Arc<UserClass>) -> Vec<Val> {
    let words: Vec<i64> = (0..class.fields.len()).filter_map(|position| class.word(position)).collect();
    words.into_iter().map(|word| e.lit(Const::Enum(class.clone(), word))).collect()
}

/// The constant at the position that a word says.
pub fn chosen(e: &mut Emit, word: &Val, values: &[Const]) -> Result<Val, Fault> {
    let start = match values {
        [Const::Int(first), rest @ ..]
            if rest.iter().zip(1..).all(|(v, n)| first.checked_add(n).is_some_and(|n| *v == Const::Int(n))) =>
        {
            Some(*first)
        }
        _ => None,
    };
    match (word.literal_int(), start) {
        (Some(word), _) => match usize::try_from(word).ok().and_then(|word| values.get(word)) {
            Some(value) => Ok(constant(e, value)),
            None => fault(Code::Internal, "an enumeration has no such member"),
        },
        (None, Some(first)) => {
            let first = e.int(first);
            Ok(e.op(Op::Add, &[word, &first], Ty::Int))
        }
        (None, None) => between(e, word, 0, values),
    }
}

fn between(e: &mut Emit, word: &Val, first: usize, values: &[Const]) -> Result<Val, Fault> {
    if let [only] = values {
        return Ok(constant(e, only));
    }
    let (low, high) = values.split_at(values.len() / 2);
    let middle = e.int((first + low.len()) as i64);
    let is_low = e.op(Op::Lt, &[word, &middle], Ty::Bool);
    let number = |c: &Const| matches!(c, Const::Int(_) | Const::Float(_));
    if values.iter().all(|c| number(c) && matches!(c, Const::Int(_)) == matches!(values.first(), Some(Const::Int(_)))) {
        let (a, b) = (between(e, word, first, low)?, between(e, word, first + low.len(), high)?);
        return Ok(e.select(&is_low, &a, &b));
    }
    e.if_else(&is_low, |e| between(e, word, first, low), |e| between(e, word, first + low.len(), high))
}

/// `member.value`.
fn value(e: &mut Emit, v: &Val, class: &Arc<UserClass>) -> Result<Val, Fault> {
    let word = e.field(v, 0);
    if class.is("flag") { Ok(word) } else { one_type(class).and_then(|()| chosen(e, &word, &class.defaults)) }
}

/// Values of several types that meet would change their types.
fn one_type(class: &UserClass) -> Result<(), Fault> {
    let types: Vec<Ty> = class.defaults.iter().map(|value| Ty::Lit(value.clone()).widened()).collect();
    let number = |ty: &Ty| ty.is_python_number();
    match types.as_slice() {
        [first, rest @ ..] if number(first) && rest.iter().any(|ty| number(ty) && ty != first) => {
            let message = format!("the values of class {} are numbers of several types", class.name);
            Err(Box::new(Diagnostic::new(Code::Join, message).help("give all members values of one type")))
        }
        _ => Ok(()),
    }
}

/// A member that is made of an `int` or a `str` as its value; any other value is itself.
fn data(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    match v.ty.enum_class().cloned() {
        Some(class) if class.is("int") || class.is("str") => value(e, v, &class),
        _ => Ok(v.clone()),
    }
}

fn has_data(ty: &Ty) -> bool {
    ty.enum_class().is_some_and(|class| class.is("int") || class.is("str"))
}

/// The arguments of a function that takes members for their values.
pub fn as_data(e: &mut Emit, name: &str, mut call: Call) -> Result<Call, Fault> {
    let takes = OF_DATA.contains(&name) || name.starts_with("math.") || name.starts_with("numpy.");
    if takes {
        for v in call.positional.iter_mut().chain(call.keywords.iter_mut().map(|(_, v)| v)) {
            *v = data(e, v)?;
        }
    }
    Ok(call)
}

/// What the hash of a member is the hash of.
pub fn hashed(e: &mut Emit, v: &Val, class: &Arc<UserClass>) -> Result<Val, Fault> {
    if has_data(&v.ty) { value(e, v, class) } else { name(e, v, class) }
}

fn name(e: &mut Emit, v: &Val, class: &Arc<UserClass>) -> Result<Val, Fault> {
    let word = e.field(v, 0);
    if !class.is("flag") {
        let names: Vec<Const> = class.fields.iter().map(|name| Const::Str(name.clone())).collect();
        return chosen(e, &word, &names);
    }
    let known = word.literal_int().and_then(|word| {
        let alias =
            class.members.iter().find(|member| member.kind == MemberKind::Alias && member.value == Const::Int(word));
        let first = class.position(word).and_then(|at| class.fields.get(at));
        first.or(alias.map(|alias| &alias.name))
    });
    match known {
        Some(name) => Ok(e.lit(Const::Str(name.clone()))),
        None => {
            let message = format!("the name of flags of class {} is not known when compiling", class.name);
            Err(Box::new(Diagnostic::new(Code::Unsupported, message).help("use their value")))
        }
    }
}

/// `member.name` and the like, which no body defines.
pub fn attribute(e: &mut Emit, v: &Val, class: &Arc<UserClass>, wanted: &str) -> Answer {
    match wanted {
        "value" | "_value_" => value(e, v, class).map(Some),
        "name" | "_name_" => name(e, v, class).map(Some),
        "__class__" => Ok(Some(e.lit(Const::Class(class.clone())))),
        _ => match class.word_of(wanted) {
            Some(word) => Ok(Some(e.lit(Const::Enum(class.clone(), word)))),
            None if has_data(&v.ty) => {
                let value = value(e, v, class)?;
                attributes::getattr(e, &value, wanted).map(Some)
            }
            None => Ok(None),
        },
    }
}

/// `Class.NAME`.
pub fn class_attribute(e: &mut Emit, class: &Arc<UserClass>, name: &str) -> Answer {
    Ok(match class.word_of(name) {
        Some(word) => Some(e.lit(Const::Enum(class.clone(), word))),
        None if name == "__name__" => Some(e.lit(Const::Str(class.name.clone()))),
        None => None,
    })
}

/// `Class(value)`.
pub fn construct(e: &mut Emit, class: &Arc<UserClass>, call: &Call) -> Result<Val, Fault> {
    let ([given], []) = (call.positional.as_slice(), call.keywords.as_slice()) else {
        return fault(Code::Unsupported, format!("class {} is called with one value in compiled code", class.name));
    };
    if given.ty.enum_class() == Some(class) {
        return Ok(given.clone());
    }
    if class.member("_missing_").is_some() {
        return fault(
            Code::Unsupported,
            format!("class {} defines _missing_, which compiled code does not call", class.name),
        );
    }
    if class.is("flag") {
        return flags(e, class, given);
    }
    let given = data(e, given)?;
    for (position, c) in class.defaults.iter().enumerate() {
        if given.literal() == Some(c) {
            return Ok(e.lit(Const::Enum(class.clone(), position as i64)));
        }
    }
    found(e, class, &given, 0)
}

/// The member whose value is the one given, tried one after the other; a class without gaps is one test.
fn found(e: &mut Emit, class: &Arc<UserClass>, given: &Val, position: usize) -> Result<Val, Fault> {
    if let (0, Ty::Int, Some(Const::Int(first))) = (position, &given.ty, class.defaults.first()) {
        let first = *first;
        if class.defaults.iter().zip(first..).all(|(c, n)| *c == Const::Int(n)) {
            let (start, count) = (e.int(first), e.int(class.defaults.len() as i64));
            let end = e.op(Op::Add, &[&start, &count], Ty::Int);
            let (low, high) = (e.op(Op::Ge, &[given, &start], Ty::Bool), e.op(Op::Lt, &[given, &end], Ty::Bool));
            let inside = e.op(Op::And, &[&low, &high], Ty::Bool);
            return e.if_else(
                &inside,
                |e| {
                    let word = e.op(Op::Sub, &[given, &start], Ty::Int);
                    Ok(pack(e, class, &word))
                },
                |e| not_valid(e, class, given),
            );
        }
    }
    let Some(c) = class.defaults.get(position) else { return not_valid(e, class, given) };
    let value = constant(e, c);
    let same = operators::compare(e, CmpOp::Eq, given, &value)?;
    let same = operators::truth(e, &same)?;
    e.if_else(
        &same,
        |e| {
            let member = e.lit(Const::Enum(class.clone(), position as i64));
            Ok(e.machine(&member))
        },
        |e| found(e, class, given, position + 1),
    )
}

fn not_valid(e: &mut Emit, class: &Arc<UserClass>, given: &Val) -> Result<Val, Fault> {
    let shown = print::formatted(e, given, b'r')?;
    let rest = e.lit(Const::Str(format!(" is not a valid {}", class.name).into()));
    let text = print::text(e, &[shown, rest]);
    raised(e, "builtins.ValueError", text)
}

fn raised(e: &mut Emit, class: &str, text: Val) -> Result<Val, Fault> {
    let exception = exceptions::construct(e, &Const::Named(class.into()), &Call::of(vec![text]))?;
    exceptions::raise(e, &exception)?;
    Ok(e.never())
}

/// `Class(number)` of flags: a number that is known and valid.
fn flags(e: &mut Emit, class: &Arc<UserClass>, given: &Val) -> Result<Val, Fault> {
    let all = (0..class.fields.len()).filter_map(|position| class.word(position)).fold(0, |all, flag| all | flag);
    match given.literal_int() {
        Some(word) if word >= 0 && word & !all == 0 => Ok(e.lit(Const::Enum(class.clone(), word))),
        _ => {
            let message =
                format!("flags of class {} are made of numbers that are known and valid when compiling", class.name);
            Err(Box::new(Diagnostic::new(Code::Unsupported, message).help("combine the members with |")))
        }
    }
}

fn unary(e: &mut Emit, op: UnaryOp, v: &Val) -> Answer {
    let Some(class) = v.ty.enum_class().cloned() else { return Ok(None) };
    if op == UnaryOp::Invert && class.is("flag") {
        if class.is("keep") || class.is("eject") {
            let message = format!("~ of flags of class {} depends on the version of Python", class.name);
            return Err(Box::new(Diagnostic::new(Code::OperandTypes, message).help("name the flags that stay")));
        }
        let all = (0..class.fields.len()).filter_map(|position| class.word(position)).fold(0, |all, flag| all | flag);
        let (word, all) = (e.field(v, 0), e.int(all));
        let word = e.op(Op::Xor, &[&word, &all], Ty::Int);
        return Ok(Some(pack(e, &class, &word)));
    }
    if !has_data(&v.ty) {
        return Ok(None);
    }
    let v = data(e, v)?;
    operators::unary(e, op, &v).map(Some)
}

fn binary(e: &mut Emit, op: BinaryOp, inplace: bool, a: &Val, b: &Val) -> Answer {
    let bits = match op {
        BinaryOp::And => Some(Op::And),
        BinaryOp::Or => Some(Op::Or),
        BinaryOp::Xor => Some(Op::Xor),
        _ => None,
    };
    let flag = [a, b].into_iter().find_map(|v| v.ty.enum_class().filter(|class| class.is("flag")).cloned());
    if let (Some(op), Some(class)) = (bits, flag) {
        let word = |e: &mut Emit, v: &Val| match v.ty.enum_class() {
            Some(other) if *other == class => Some(e.field(v, 0)),
            Some(_) => None,
            None => v.literal_int().filter(|&n| n >= 0 && class.is("int")).map(|_| v.clone()),
        };
        if let (Some(x), Some(y)) = (word(e, a), word(e, b)) {
            let word = e.op(op, &[&x, &y], Ty::Int);
            return Ok(Some(pack(e, &class, &word)));
        }
        let (x, y) = (describe(&a.ty), describe(&b.ty));
        let message = format!("|, & and ^ do not combine {x} with {y} in compiled code");
        return Err(Box::new(Diagnostic::new(Code::OperandTypes, message).help("combine flags of one class")));
    }
    if !has_data(&a.ty) && !has_data(&b.ty) {
        return Ok(None);
    }
    let (a, b) = (data(e, a)?, data(e, b)?);
    operators::binary(e, op, inplace, &a, &b).map(Some)
}

fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    if a.ty.enum_class().is_none() && b.ty.enum_class().is_none() {
        return Ok(None);
    }
    if has_data(&a.ty) || has_data(&b.ty) {
        let (x, y) = (data(e, a)?, data(e, b)?);
        if x.ty.enum_class().is_none() && y.ty.enum_class().is_none() {
            return operators::compare(e, op, &x, &y).map(Some);
        }
    }
    let same = match (a.ty.enum_class(), b.ty.enum_class()) {
        (Some(x), Some(y)) if x == y => {
            let (x, y) = (e.field(a, 0), e.field(b, 0));
            e.op(Op::Eq, &[&x, &y], Ty::Bool)
        }
        // Only another user's class may say that it equals a member.
        (None, _) if a.ty.user_class().is_some() => return Ok(None),
        (_, None) if b.ty.user_class().is_some() => return Ok(None),
        _ => e.bool(false),
    };
    Ok(match op {
        CmpOp::Eq => Some(same),
        CmpOp::Ne => Some(e.negated(&same)),
        _ => None,
    })
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    if class_itself(v).is_some() {
        return Ok(Some(e.bool(true)));
    }
    let Some(class) = v.ty.enum_class().cloned() else { return Ok(None) };
    if class.is("flag") || has_data(&v.ty) {
        let value = value(e, v, &class)?;
        return operators::truth(e, &value).map(Some);
    }
    Ok(Some(e.bool(true)))
}

fn contains(e: &mut Emit, item: &Val, container: &Val) -> Answer {
    if let Some(class) = class_itself(container) {
        return match item.ty.enum_class() {
            Some(of) => Ok(Some(e.bool(*of == class))),
            None => {
                let message = format!("in class {} is asked of its members alone in compiled code", class.name);
                Err(Box::new(
                    Diagnostic::new(Code::OperandTypes, message).help("compare with the values of the members"),
                ))
            }
        };
    }
    let Some(class) = container.ty.enum_class().cloned() else { return Ok(None) };
    if class.is("flag") && item.ty.enum_class() == Some(&class) {
        let (part, whole) = (e.field(item, 0), e.field(container, 0));
        let both = e.op(Op::And, &[&part, &whole], Ty::Int);
        return Ok(Some(e.op(Op::Eq, &[&both, &part], Ty::Bool)));
    }
    if !class.is("str") {
        return Ok(None);
    }
    let (item, container) = (data(e, item)?, data(e, container)?);
    operators::contains(e, &item, &container).map(Some)
}

fn len(e: &mut Emit, v: &Val) -> Answer {
    match class_itself(v) {
        Some(class) => Ok(Some(e.int(class.fields.len() as i64))),
        None if v.ty.enum_class().is_some_and(|class| class.is("str")) => {
            let v = data(e, v)?;
            operators::len(e, &v).map(Some)
        }
        None => Ok(None),
    }
}

fn getitem(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    if let Some(class) = class_itself(v) {
        return by_name(e, &class, index).map(Some);
    }
    if !has_data(&v.ty) && !has_data(&index.ty) || v.ty.as_table().is_some() {
        return Ok(None);
    }
    let (v, index) = (data(e, v)?, data(e, index)?);
    operators::getitem(e, &v, &index).map(Some)
}

fn setitem(e: &mut Emit, v: &Val, index: &Val, value: &Val) -> Answer {
    if !has_data(&index.ty) || v.ty.as_table().is_some() {
        return Ok(None);
    }
    let index = data(e, index)?;
    operators::setitem(e, v, &index, value).map(Some)
}

/// `Class[name]`.
fn by_name(e: &mut Emit, class: &Arc<UserClass>, name: &Val) -> Result<Val, Fault> {
    if let Some(Const::Str(name)) = name.literal()
        && let Some(word) = class.word_of(name)
    {
        return Ok(e.lit(Const::Enum(class.clone(), word)));
    }
    if !crate::text::is_string(&name.ty) {
        let of = describe(&name.ty);
        return fault(Code::NotSubscriptable, format!("class {} is indexed by names, not by {of}", class.name));
    }
    let aliases = class.members.iter().filter(|member| member.kind == MemberKind::Alias);
    let names: Vec<Arc<str>> = class.fields.iter().cloned().chain(aliases.map(|alias| alias.name.clone())).collect();
    named(e, class, name, &names)
}

fn named(e: &mut Emit, class: &Arc<UserClass>, name: &Val, names: &[Arc<str>]) -> Result<Val, Fault> {
    let [first, rest @ ..] = names else { return raised(e, "builtins.KeyError", name.clone()) };
    let text = e.lit(Const::Str(first.clone()));
    let same = operators::compare(e, CmpOp::Eq, name, &text)?;
    e.if_else(
        &same,
        |e| {
            let member = e.lit(Const::Enum(class.clone(), class.word_of(first).unwrap_or(0)));
            Ok(e.machine(&member))
        },
        |e| named(e, class, name, rest),
    )
}

fn iter(e: &mut Emit, v: &Val) -> Answer {
    if let Some(class) = class_itself(v) {
        let members = members(e, &class);
        let all = tuples::display(e, &members);
        return operators::iter(e, &all).map(Some);
    }
    if !v.ty.enum_class().is_some_and(|class| class.is("str")) {
        return Ok(None);
    }
    let v = data(e, v)?;
    operators::iter(e, &v).map(Some)
}
