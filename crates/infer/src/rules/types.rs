//! Types as values: `type(x)`, `isinstance`, `issubclass`, `callable`.

use super::{Family, Rule, exceptions};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::is_none;
use coachwhip_ir::{Code, Const, Diagnostic, Dtype, Kind, TableKind, Ty, UserClass, describe};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family { functions: FUNCTIONS, ..Family::NONE };

const FUNCTIONS: &[(&str, Rule)] = &[
    ("builtins.isinstance", builtin_isinstance),
    ("builtins.issubclass", builtin_issubclass),
    ("builtins.type", builtin_type),
    ("builtins.callable", builtin_callable),
];

/// The canonical name of the class of values of a type.
pub fn class_of(ty: &Ty) -> Option<Arc<str>> {
    let builtin = |name: &str| Some(Arc::from(format!("builtins.{name}")));
    match ty.widened() {
        Ty::Int => builtin("int"),
        Ty::Float => builtin("float"),
        Ty::Bool => builtin("bool"),
        Ty::Complex => builtin("complex"),
        Ty::Tuple(_) | Ty::NamedTuple(..) | Ty::TupleOf(_) => builtin("tuple"),
        Ty::Enum(class) if class.is("int") => builtin("int"),
        Ty::Enum(class) if class.is("str") => builtin("str"),
        Ty::Enum(_) => builtin("object"),
        ty if ty.instance_class().is_some() => builtin("object"),
        ty if crate::text::is_string(&ty) => builtin("str"),
        ty if crate::text::is_bytes(&ty) => builtin("bytes"),
        ty if ty.is_bytearray() => builtin("bytearray"),
        ty if ty.is_object() => None,
        Ty::ListDisplay(_) | Ty::Ref(_) => builtin("list"),
        Ty::Table(table) => match table.kind {
            TableKind::Counter | TableKind::Default(_) => Some(format!("collections.{}", table.kind.name()).into()),
            kind => builtin(kind.name()),
        },
        Ty::Shown(_, shown) => builtin(&format!("dict_{}", shown.name())),
        Ty::Range(_) => builtin("range"),
        Ty::Slice(_) => builtin("slice"),
        Ty::Lit(Const::Func(_)) | Ty::Closure(..) => builtin("function"),
        ty if is_none(&ty) => builtin("NoneType"),
        Ty::Scalar(d) => Some(Arc::from(format!("numpy.{}", d.numpy_name()))),
        Ty::Array(_) => Some(Arc::from("numpy.ndarray")),
        Ty::Exception(class, _) => match &*class {
            Const::Named(name) => Some(name.clone()),
            Const::ExceptionClass(name, _) => Some(name.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The canonical name of the class of a value, a global array among them.
pub fn class_in(v: &Val) -> Option<Arc<str>> {
    match &v.ty {
        Ty::Lit(Const::Array(_)) => Some("numpy.ndarray".into()),
        ty => class_of(ty),
    }
}

fn builtin_type(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let v = &args.one()?;
    if let Ty::Exception(class, _) = &v.ty {
        let class = (**class).clone();
        return Ok(e.lit(class));
    }
    if let Some(class) = v.ty.user_class() {
        return Ok(e.lit(Const::Class(class.clone())));
    }
    match class_of(&v.ty) {
        Some(name) => Ok(e.lit(Const::Named(name))),
        None => fault(Code::ArgumentTypes, format!("type() of {} is not known when compiling", describe(&v.ty))),
    }
}

/// The classes that a class is derived from, with itself, among those that code names.
fn bases(class: &str) -> Vec<String> {
    let mut all = vec![class.to_string(), "builtins.object".into()];
    if class == "builtins.bool" {
        all.push("builtins.int".into());
    }
    if matches!(class, "collections.Counter" | "collections.defaultdict") {
        all.push("builtins.dict".into());
    }
    if let Some(d) = class.strip_prefix("numpy.").and_then(scalar_dtype) {
        all.push("numpy.generic".into());
        let abstract_classes: &[&str] = match d.kind() {
            Kind::Bool => &[],
            Kind::Signed => &["number", "integer", "signedinteger"],
            Kind::Unsigned => &["number", "integer", "unsignedinteger"],
            Kind::Float => &["number", "inexact", "floating"],
            Kind::Complex => &["number", "inexact", "complexfloating"],
        };
        all.extend(abstract_classes.iter().map(|name| format!("numpy.{name}")));
        match d {
            Dtype::Float64 => all.push("builtins.float".into()),
            Dtype::Complex128 => all.push("builtins.complex".into()),
            _ => {}
        }
    }
    all.extend(exceptions::bases(class).into_iter().map(|name| format!("builtins.{name}")));
    all
}

fn scalar_dtype(name: &str) -> Option<Dtype> {
    Dtype::ALL.into_iter().find(|d| d.numpy_name() == name || d.name() == name)
}

/// The canonical names that stand for one class: aliases of NumPy's scalar types.
pub fn canonical(name: &str) -> &str {
    match name {
        "numpy.bool" => "numpy.bool_",
        "numpy.intp" | "numpy.int_" | "numpy.long" | "numpy.longlong" => "numpy.int64",
        "numpy.uintp" | "numpy.uint" | "numpy.ulong" | "numpy.ulonglong" => "numpy.uint64",
        "numpy.double" => "numpy.float64",
        "numpy.single" => "numpy.float32",
        "numpy.cdouble" => "numpy.complex128",
        "numpy.csingle" => "numpy.complex64",
        "numpy.intc" => "numpy.int32",
        "numpy.uintc" => "numpy.uint32",
        "numpy.short" => "numpy.int16",
        "numpy.ushort" => "numpy.uint16",
        "numpy.byte" => "numpy.int8",
        "numpy.ubyte" => "numpy.uint8",
        "types.NoneType" => "builtins.NoneType",
        "types.FunctionType" => "builtins.function",
        other => other,
    }
}

/// Whether two constants are one object, `None` if that is not known: values that are equal may be two objects.
pub fn same_object(a: &Const, b: &Const) -> Option<bool> {
    match (a, b) {
        (Const::Named(a), Const::Named(b)) => Some(canonical(a) == canonical(b)),
        (Const::Object(_, 0), _) | (_, Const::Object(_, 0)) => None,
        // Some are known by their names only where a module gives them.
        (Const::Named(_), Const::Object(class, _)) | (Const::Object(class, _), Const::Named(_)) => {
            if class.starts_with("numpy.") { None } else { Some(false) }
        }
        (Const::Object(_, a), Const::Object(_, b)) => Some(a == b),
        (Const::Slice(_) | Const::Bytes(_) | Const::BigInt(_), _) if a == b => None,
        // Each function that names a module has a number of its own for it.
        (Const::Module(a), Const::Module(b)) if a != b => None,
        _ => Some(a == b),
    }
}

/// Whether two constants are equal, `None` where a class of the user's may say so.
pub fn equal(a: &Const, b: &Const) -> Option<bool> {
    match (a, b) {
        (Const::Module(a), Const::Module(b)) if a != b => None,
        (Const::Object(..), _) | (_, Const::Object(..)) => None,
        (Const::Named(a), Const::Named(b)) => Some(canonical(a) == canonical(b)),
        _ => Some(a == b),
    }
}

/// Abstract base classes of the standard library that numbers are registered with.
fn registered(class: &str, of: &str) -> Option<bool> {
    let rank = match class {
        "builtins.bool" | "builtins.int" => 4,
        "builtins.float" => 2,
        "builtins.complex" => 1,
        other => match other.strip_prefix("numpy.").and_then(scalar_dtype).map(Dtype::kind) {
            Some(Kind::Signed | Kind::Unsigned) => 4,
            Some(Kind::Float) => 2,
            Some(Kind::Complex) => 1,
            _ => 0,
        },
    };
    match of {
        "numbers.Number" | "numbers.Complex" => Some(rank >= 1),
        "numbers.Real" => Some(rank >= 2),
        "numbers.Rational" | "numbers.Integral" => Some(rank >= 4),
        _ => None,
    }
}

/// Whether a user's class is among others, or derived from one of them.
fn derives_named(class: &UserClass, others: &Const) -> bool {
    match others {
        Const::Tuple(items) => items.iter().any(|item| derives_named(class, item)),
        Const::Class(of) => class.derives(of),
        Const::Named(name) => class.is(name),
        _ => false,
    }
}

/// Whether there is a class among these that others can be registered with, or that asks what they define.
fn asks_more(classes: &Const) -> bool {
    match classes {
        Const::Tuple(items) => items.iter().any(asks_more),
        Const::Named(name) => !["builtins.", "numpy.", "types.", "enum."].iter().any(|known| name.starts_with(known)),
        Const::Class(class) => class.is("abc"),
        _ => false,
    }
}

/// Whether values of a type are instances of classes.
fn is_instance(ty: &Ty, classes: &Const) -> Result<Option<bool>, Fault> {
    if ty.user_class().is_some_and(|class| derives_named(class, classes)) {
        return Ok(Some(true));
    }
    if (ty.instance_class().is_some() || ty.enum_class().is_some()) && asks_more(classes) {
        let message =
            format!("isinstance() of {} and a class that others may join is not known when compiling", describe(ty));
        return Err(Box::new(
            Diagnostic::new(Code::ArgumentTypes, message).help("name the class itself, or one that it is derived from"),
        ));
    }
    class_of(ty).map(|class| derives(&class, classes)).transpose()
}

/// Whether a class is one of the others or derived from it; the others are a class or a tuple of classes.
fn derives(class: &str, others: &Const) -> Result<bool, Fault> {
    match others {
        Const::Tuple(items) => {
            for item in items.iter() {
                if derives(class, item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Const::Named(of) => {
            let of = canonical(of);
            if let Some(answer) = registered(class, of) {
                return Ok(answer);
            }
            Ok(bases(canonical(class)).iter().any(|base| base == of))
        }
        Const::ExceptionClass(name, _) => Ok(**name == *class),
        Const::Class(_) => Ok(false),
        other => {
            let what = describe(&Ty::Lit(other.clone()));
            fault(Code::ArgumentTypes, format!("isinstance() arg 2 must be a type or a tuple of types, not {what}"))
        }
    }
}

fn builtin_isinstance(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let (v, classes) = &args.two()?;
    if v.ty == Ty::Caught {
        return exceptions::matches(e, v, classes);
    }
    let Some(classes) = classes.literal().cloned() else {
        return fault(Code::NeedsConstant, "isinstance() needs classes that are known when compiling");
    };
    if let Ty::Optional(inner) = &v.ty {
        let nothing = derives("builtins.NoneType", &classes)?;
        let something = match is_instance(inner, &classes)? {
            Some(answer) => answer,
            None => return fault(Code::ArgumentTypes, format!("isinstance() does not accept {}", describe(&v.ty))),
        };
        let flag = e.presence(v).unwrap_or_else(|| v.clone());
        let (a, b) = (e.bool(something), e.bool(nothing));
        return Ok(e.select(&flag, &a, &b));
    }
    match is_instance(&v.ty, &classes)? {
        Some(answer) => Ok(e.bool(answer)),
        None => fault(Code::ArgumentTypes, format!("isinstance() does not accept {}", describe(&v.ty))),
    }
}

fn builtin_issubclass(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    match args.two()? {
        (Val { ty: Ty::Lit(Const::Class(class)), .. }, Val { ty: Ty::Lit(classes), .. }) => {
            let data = ["tuple", "int", "str"].into_iter().find(|data| class.is(data)).unwrap_or("object");
            let answer = derives_named(&class, &classes) || derives(&format!("builtins.{data}"), &classes)?;
            Ok(e.bool(answer))
        }
        (Val { ty: Ty::Lit(Const::Named(class)), .. }, Val { ty: Ty::Lit(classes), .. }) => {
            let answer = derives(canonical(&class), &classes)?;
            Ok(e.bool(answer))
        }
        _ => fault(Code::NeedsConstant, "issubclass() needs classes that are known when compiling"),
    }
}

fn builtin_callable(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let v = args.one()?;
    let answer = match &v.ty {
        Ty::Closure(..) | Ty::Method(..) => true,
        Ty::Lit(c) => {
            matches!(
                c,
                Const::Func(_) | Const::Named(_) | Const::ExceptionClass(..) | Const::Class(_) | Const::Native(_)
            )
        }
        Ty::Optional(_) => false,
        _ => false,
    };
    Ok(e.bool(answer))
}
