//! The methods of `str` and `bytes`, a row each: what their parameters take, and which function of the run time computes it.

use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::is_none;
use crate::rules::index::as_int;
use crate::rules::tuples::{item_types, items};
use crate::rules::{Answer, objects, operators};
use crate::text::{as_block, is_bytes, is_bytes_like, is_string};
use coachwhip_ir::{Code, Const, Difference, ErrorKind, Op, RuntimeFn, Ty, describe, follows};

/// What a parameter takes, and what of it goes to the run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string like the object.
    Text,
    /// The same, or nothing: the string, and whether there is one.
    Maybe,
    /// A string like the object; in `bytes`, a byte as well.
    Part,
    /// As `Part`, or a tuple of such, one of which is enough.
    Parts,
    /// A `str`, whatever the object is, or nothing: the string, and whether there is one.
    Separator,
    /// A string of one character; a blank where there is none.
    Fill,
    /// An int; this one where there is none.
    Int(i64),
    /// A position, or `None`, which is this one.
    Place(i64),
    /// What is true or false.
    Flag,
    /// An iterable of strings like the object: a list of them.
    Strings,
    /// A table of 256 bytes, or `None`: the bytes, and whether there are any.
    Table,
    /// Bytes; none where there are none.
    Bytes,
}

/// What a method gives, from what the run time gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A string like the object.
    Same,
    /// A `str`.
    Str,
    /// A bool.
    Bool,
    /// An int.
    Int,
    /// A position, which must be there.
    Place,
    /// A list of strings like the object.
    List,
    /// A tuple of three of them, from a list.
    Three,
}

/// Which objects have a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Str,
    Bytes,
    Both,
}

/// What follows the arguments when the run time is called.
#[derive(Clone, Copy, Debug)]
enum More {
    /// Whether the object is a `bytes`.
    IsBytes,
    /// Which of the methods that a function serves.
    Which(i64),
}

/// A method.
pub struct Method {
    name: &'static str,
    of: Of,
    takes: &'static [(&'static str, Kind)],
    run: RuntimeFn,
    more: &'static [More],
    gives: Gives,
}

/// Declares the methods from one table.
macro_rules! methods {
    ($($name:literal $of:ident ($($param:literal: $kind:expr),*) $run:ident [$($more:expr),*] $gives:ident;)*) => {
        &[$(Method {
            name: $name,
            of: Of::$of,
            takes: &[$(($param, $kind)),*],
            run: RuntimeFn::$run,
            more: &[$($more),*],
            gives: Gives::$gives,
        }),*]
    };
}

use Kind::*;
use More::{IsBytes, Which};

const START: Kind = Place(0);
const END: Kind = Place(i64::MAX);

/// Every method that the run time computes.
const METHODS: &[Method] = methods! {
    // name, objects, (parameters), function of the run time, [further arguments], result
    "lower" Both () StrCase [IsBytes, Which(0)] Same;
    "upper" Both () StrCase [IsBytes, Which(1)] Same;
    "title" Both () StrCase [IsBytes, Which(2)] Same;
    "capitalize" Both () StrCase [IsBytes, Which(3)] Same;
    "swapcase" Both () StrCase [IsBytes, Which(4)] Same;
    "casefold" Str () StrCase [IsBytes, Which(5)] Same;
    "isalpha" Both () StrIs [IsBytes, Which(0)] Bool;
    "isdigit" Both () StrIs [IsBytes, Which(1)] Bool;
    "isdecimal" Str () StrIs [IsBytes, Which(2)] Bool;
    "isnumeric" Str () StrIs [IsBytes, Which(3)] Bool;
    "isalnum" Both () StrIs [IsBytes, Which(4)] Bool;
    "isspace" Both () StrIs [IsBytes, Which(5)] Bool;
    "isupper" Both () StrIs [IsBytes, Which(6)] Bool;
    "islower" Both () StrIs [IsBytes, Which(7)] Bool;
    "istitle" Both () StrIs [IsBytes, Which(8)] Bool;
    "isidentifier" Str () StrIs [IsBytes, Which(9)] Bool;
    "isprintable" Str () StrIs [IsBytes, Which(10)] Bool;
    "isascii" Both () StrIs [IsBytes, Which(11)] Bool;
    "strip" Str ("chars": Maybe) StrStrip [IsBytes, Which(0)] Same;
    "lstrip" Str ("chars": Maybe) StrStrip [IsBytes, Which(1)] Same;
    "rstrip" Str ("chars": Maybe) StrStrip [IsBytes, Which(2)] Same;
    "strip" Bytes ("bytes": Maybe) StrStrip [IsBytes, Which(0)] Same;
    "lstrip" Bytes ("bytes": Maybe) StrStrip [IsBytes, Which(1)] Same;
    "rstrip" Bytes ("bytes": Maybe) StrStrip [IsBytes, Which(2)] Same;
    "removeprefix" Both ("prefix": Text) StrRemove [Which(0)] Same;
    "removesuffix" Both ("suffix": Text) StrRemove [Which(1)] Same;
    "replace" Both ("old": Text, "new": Text, "count": Int(-1)) StrReplace [] Same;
    "ljust" Both ("width": Int(0), "fillchar": Fill) StrPad [IsBytes, Which(0)] Same;
    "rjust" Both ("width": Int(0), "fillchar": Fill) StrPad [IsBytes, Which(1)] Same;
    "center" Both ("width": Int(0), "fillchar": Fill) StrPad [IsBytes, Which(2)] Same;
    "zfill" Both ("width": Int(0)) StrZfill [] Same;
    "expandtabs" Both ("tabsize": Int(8)) StrExpandTabs [] Same;
    "translate" Bytes ("table": Table, "delete": Bytes) BytesTranslate [] Same;
    "find" Both ("sub": Part, "start": START, "end": END) StrFindIn [Which(0)] Int;
    "rfind" Both ("sub": Part, "start": START, "end": END) StrFindIn [Which(1)] Int;
    "index" Both ("sub": Part, "start": START, "end": END) StrFindIn [Which(0)] Place;
    "rindex" Both ("sub": Part, "start": START, "end": END) StrFindIn [Which(1)] Place;
    "count" Both ("sub": Part, "start": START, "end": END) StrCount [] Int;
    "startswith" Both ("prefix": Parts, "start": START, "end": END) StrMatches [Which(0)] Bool;
    "endswith" Both ("suffix": Parts, "start": START, "end": END) StrMatches [Which(1)] Bool;
    "split" Both ("sep": Maybe, "maxsplit": Int(-1)) StrSplit [IsBytes, Which(0)] List;
    "rsplit" Both ("sep": Maybe, "maxsplit": Int(-1)) StrSplit [IsBytes, Which(1)] List;
    "splitlines" Both ("keepends": Flag) StrLines [IsBytes] List;
    "partition" Both ("sep": Text) StrPartition [Which(0)] Three;
    "rpartition" Both ("sep": Text) StrPartition [Which(1)] Three;
    "join" Str ("iterable": Strings) StrJoin [] Same;
    "join" Bytes ("iterable_of_bytes": Strings) StrJoin [] Same;
    "hex" Bytes ("sep": Separator, "bytes_per_sep": Int(1)) BytesHex [] Str;
};

/// The method of this name of values of a type.
fn find(ty: &Ty, name: &str) -> Option<&'static Method> {
    let has = |m: &&Method| match m.of {
        Of::Str => is_string(ty),
        Of::Bytes => is_bytes(ty),
        Of::Both => is_string(ty) || is_bytes(ty),
    };
    METHODS.iter().filter(|m| m.name == name).find(has)
}

type Codec = fn(&mut Emit, &Val, Option<&Val>, Option<&Val>) -> Result<Val, Fault>;

/// `encode` and `decode`.
fn codec(ty: &Ty, name: &str) -> Option<Codec> {
    match name {
        "encode" if is_string(ty) => Some(crate::codecs::encoded),
        "decode" if is_bytes(ty) => Some(crate::codecs::decoded),
        _ => None,
    }
}

/// The names of the methods, with their classes.
#[cfg(test)]
pub fn names() -> Vec<String> {
    let classes = |of: Of| match of {
        Of::Str => &["str"][..],
        Of::Bytes => &["bytes"],
        Of::Both => &["str", "bytes"],
    };
    let all = METHODS.iter().flat_map(|m| classes(m.of).iter().map(|class| format!("builtins.{class}.{}", m.name)));
    let others = ["builtins.str.format", "builtins.str.encode", "builtins.bytes.decode"];
    all.chain(others.map(String::from)).collect()
}

/// Whether values of a type have a method.
pub fn has_method(ty: &Ty, name: &str) -> bool {
    find(ty, name).is_some() || codec(ty, name).is_some() || super::template::has_method(ty, name)
}

/// Whether `bytes` have a method.
pub fn has_bytes_method(name: &str) -> bool {
    find(&Ty::bytes(), name).is_some() || name == "decode"
}

/// A method of `bytes`, with arguments that were bound to the same one of `bytearray`.
pub fn bytes_method(e: &mut Emit, v: &Val, name: &str, args: &Args) -> Answer {
    if has_bytes_method(name) { method(e, v, name, args) } else { Ok(None) }
}

/// `text.name(args)`.
pub fn method(e: &mut Emit, v: &Val, name: &str, args: &Args) -> Answer {
    let Some(method) = find(&v.ty, name) else {
        return match codec(&v.ty, name) {
            Some(rule) => {
                let [_, encoding, errors] = args.take(["self", "encoding", "errors"])?;
                rule(e, v, encoding.as_ref(), errors.as_ref()).map(Some)
            }
            None => super::template::method(e, v, name, args),
        };
    };
    let names: Vec<&str> = std::iter::once("self").chain(method.takes.iter().map(|(name, _)| *name)).collect();
    let mut given = args.slots(&names)?.into_iter().skip(1).collect::<Vec<_>>();
    if name == "replace" && given.get(2).is_some_and(Option::is_some) && args.by_place() < 3 {
        keyword_count(v)?;
    }
    if let (Some((_, Parts)), Some(Some(first))) = (method.takes.first(), given.first())
        && item_types(&first.ty).is_some()
    {
        let choices = items(e, first)?;
        let mut found = e.bool(false);
        for one in choices {
            if let Some(place) = given.first_mut() {
                *place = Some(one);
            }
            let matches = call(e, method, v, &given)?;
            found = e.op(Op::Or, &[&found, &matches], Ty::Bool);
        }
        return Ok(Some(found));
    }
    call(e, method, v, &given).map(Some)
}

/// `replace(…, count=n)` by name, which CPython takes since a version.
fn keyword_count(v: &Val) -> Result<(), Fault> {
    let row = if is_bytes(&v.ty) { Difference::BytesReplaceCountByName } else { Difference::ReplaceCountByName };
    match follows(row) {
        true => Ok(()),
        false => fault(Code::ArgumentCount, "replace() takes no keyword arguments"),
    }
}

fn call(e: &mut Emit, method: &Method, v: &Val, given: &[Option<Val>]) -> Result<Val, Fault> {
    if let (RuntimeFn::StrIs, [_, Which(which)], Ty::Char) = (method.run, method.more, &v.ty) {
        let (unit, which) = (e.field(v, 0), e.int(*which));
        let found = e.runtime(RuntimeFn::CharIs, &[&unit, &which], Ty::Int);
        let zero = e.int(0);
        return Ok(e.op(Op::Ne, &[&found, &zero], Ty::Bool));
    }
    let Some(object) = as_block(e, v) else { return fault(Code::Internal, "a method of no string") };
    let bytes = object.ty.is_bytes();
    let mut operands = vec![object.clone()];
    for ((name, kind), slot) in method.takes.iter().zip(given) {
        let place = Parameter { method, name, bytes };
        argument(e, &mut operands, &place, *kind, slot.as_ref())?;
    }
    for more in method.more {
        operands.push(e.int(match more {
            IsBytes => i64::from(bytes),
            Which(which) => *which,
        }));
    }
    let operands: Vec<&Val> = operands.iter().collect();
    let like = object.ty.clone();
    let result = match method.gives {
        Gives::Same => like.clone(),
        Gives::Str => Ty::str(),
        Gives::Bool | Gives::Int | Gives::Place => Ty::Int,
        Gives::List | Gives::Three => Ty::list(like.clone()),
    };
    let found = e.runtime(method.run, &operands, result);
    match method.gives {
        Gives::Bool => {
            let zero = e.int(0);
            Ok(e.op(Op::Ne, &[&found, &zero], Ty::Bool))
        }
        Gives::Place => {
            let zero = e.int(0);
            let there = e.op(Op::Ge, &[&found, &zero], Ty::Bool);
            let kind = if bytes { ErrorKind::SubsectionNotFound } else { ErrorKind::SubstringNotFound };
            e.guard(&there, kind, &[]);
            Ok(found)
        }
        Gives::Three => {
            let mut parts = Vec::with_capacity(3);
            for at in 0..3 {
                let at = e.int(at);
                parts.push(objects::load(e, &found, &at, &like));
            }
            let ty = Ty::tuple(parts.iter().map(|part| part.ty.clone()));
            Ok(e.pack(ty, &parts.iter().collect::<Vec<_>>()))
        }
        _ => Ok(found),
    }
}

/// Whose argument is looked at.
struct Parameter<'a> {
    method: &'a Method,
    name: &'a str,
    bytes: bool,
}

impl Parameter<'_> {
    fn class(&self) -> &'static str {
        if self.bytes { "bytes" } else { "str" }
    }

    /// The refusal of a value.
    fn refuse<T>(&self, v: &Val, wanted: &str) -> Result<T, Fault> {
        let (class, method, name, what) = (self.class(), self.method.name, self.name, describe(&v.ty));
        fault(Code::ArgumentTypes, format!("{class}.{method}() needs {wanted} for '{name}', not {what}"))
    }

    fn wanted(&self) -> &'static str {
        if self.bytes { "a bytes" } else { "a str" }
    }

    /// A string like the object.
    fn string(&self, e: &mut Emit, v: &Val) -> Result<Val, Fault> {
        let fits = if self.bytes { is_bytes_like(&v.ty) } else { is_string(&v.ty) };
        match as_block(e, v).filter(|_| fits) {
            Some(block) => Ok(block),
            None => self.refuse(v, self.wanted()),
        }
    }
}

fn empty(e: &mut Emit, bytes: bool) -> Val {
    let empty = if bytes { Const::Bytes([].into()) } else { Const::Str("".into()) };
    let ty = if bytes { Ty::bytes() } else { Ty::str() };
    e.machine_constant(empty, ty)
}

/// Adds what the run time gets of an argument.
fn argument(
    e: &mut Emit,
    operands: &mut Vec<Val>,
    place: &Parameter<'_>,
    kind: Kind,
    slot: Option<&Val>,
) -> Result<(), Fault> {
    let slot = slot.filter(|v| !is_none(&v.ty) || !matches!(kind, Maybe | Place(_) | Table));
    let operand = match (kind, slot) {
        (Maybe | Separator | Table, None) => {
            operands.push(empty(e, place.bytes && kind != Separator));
            e.int(0)
        }
        (Maybe | Separator | Table, Some(v)) if e.presence(v).is_some() => {
            let (Some(flag), payload) = (e.presence(v), e.payload(v)) else { return fault(Code::Internal, "no flag") };
            let flag_word = as_int(e, &flag);
            let wanted =
                if kind == Separator { !is_string(&payload.ty) } else { place.bytes != is_bytes_like(&payload.ty) };
            if wanted {
                return place.refuse(v, place.wanted());
            }
            let block = e.if_else(
                &flag,
                |e| Ok(as_block(e, &payload).unwrap_or_else(|| e.never())),
                |e| Ok(empty(e, place.bytes && kind != Separator)),
            )?;
            operands.push(block);
            match flag_word {
                Some(number) => number,
                None => return fault(Code::Internal, "no flag"),
            }
        }
        (Maybe | Table, Some(v)) => {
            operands.push(place.string(e, v)?);
            e.int(1)
        }
        (Separator, Some(v)) => {
            let either = if is_string(&v.ty) || is_bytes_like(&v.ty) { as_block(e, v) } else { None };
            match either {
                Some(block) => operands.push(block),
                None => return place.refuse(v, "a str"),
            }
            e.int(1)
        }
        (Bytes, None) => empty(e, true),
        (Part | Parts, Some(v)) if place.bytes && kind == Part && as_int(e, v).is_some() => byte(e, v)?,
        (Text | Part | Parts | Bytes | Fill, Some(v)) => place.string(e, v)?,
        (Fill, None) => match place.bytes {
            true => e.machine_constant(Const::Bytes([b' '].into()), Ty::bytes()),
            false => e.machine_constant(Const::Str(" ".into()), Ty::str()),
        },
        (Int(usual) | Place(usual), None) => e.int(usual),
        (Int(_) | Place(_), Some(v)) => match as_int(e, v) {
            Some(number) => number,
            None => return place.refuse(v, "an int"),
        },
        (Flag, None) => e.int(0),
        (Flag, Some(v)) if is_none(&v.ty) => return place.refuse(v, "a bool"),
        (Flag, Some(v)) => {
            let flag = operators::truth(e, v)?;
            match as_int(e, &flag) {
                Some(number) => number,
                None => return place.refuse(v, "a bool"),
            }
        }
        (Strings, Some(v)) => strings(e, place, v)?,
        (Text | Part | Parts | Strings, None) => return fault(Code::Internal, "an argument is missing"),
    };
    operands.push(operand);
    Ok(())
}

/// A byte as a `bytes`.
fn byte(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    let Some(number) = as_int(e, v) else { return fault(Code::Internal, "no byte") };
    let limit = e.int(256);
    let inside = e.op(Op::InRange, &[&number, &limit], Ty::Bool);
    e.guard(&inside, ErrorKind::ByteRange, &[]);
    Ok(e.runtime(RuntimeFn::StrChar, &[&number], Ty::bytes()))
}

/// A list of strings like the object, of what `join` is given.
fn strings(e: &mut Emit, place: &Parameter<'_>, v: &Val) -> Result<Val, Fault> {
    let item = if place.bytes { Ty::bytes() } else { Ty::str() };
    if let Some(display) = crate::rules::lists::items(e, v) {
        return joined_items(e, place, &item, &display);
    }
    if item_types(&v.ty).is_some() {
        let all = items(e, v)?;
        return joined_items(e, place, &item, &all);
    }
    let list = match v.ty.list_item() {
        Some(_) => v.clone(),
        None => match crate::rules::function("builtins.list") {
            Some(rule) => rule(e, &Args::of("builtins.list", vec![v.clone()])?)?,
            None => return place.refuse(v, "an iterable of strings"),
        },
    };
    let list = objects::as_object(e, &list)?;
    match list.ty.list_item() {
        Some(found) if *found == item => Ok(list),
        Some(Ty::Never) => objects::made_of(e, &item, &[]),
        Some(found) if is_string(found) && !place.bytes || is_bytes(found) && place.bytes => {
            objects::converted(e, &list, &item)
        }
        _ => place.refuse(v, "an iterable of strings"),
    }
}

fn joined_items(e: &mut Emit, place: &Parameter<'_>, item: &Ty, all: &[Val]) -> Result<Val, Fault> {
    let mut strings = Vec::with_capacity(all.len());
    for v in all {
        strings.push(place.string(e, v)?);
    }
    objects::made_of(e, item, &strings)
}
