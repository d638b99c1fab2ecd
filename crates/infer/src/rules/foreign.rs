//! Objects of Python that compiled code has no type for: what the arguments and attributes of an exception are is known
//! only when it is caught, and its class as well.
//!
//! Python itself does what is done with them, on values that are handed over.  What might change an object is refused,
//! because it may be a copy: an exception that is being handled is made an object whenever somebody looks at it.

use super::{Answer, Family};
use crate::args::Call;
use crate::asked::{asked, can_travel};
use crate::emit::{Emit, Fault, Val};
use crate::join::is_none;
use coachwhip_ir::{BinaryOp, CmpOp, Code, Const, Diagnostic, Ty, UnaryOp, describe, describe::plain_name};

/// What this family answers for.
pub const FAMILY: Family = Family { unary, binary, truth, contains, len, getitem, getattr, iter, ..Family::NONE };

/// Callables that take an object or an exception, and what they give.
const FUNCTIONS: &[(&str, fn() -> Ty)] = &[
    ("isinstance", || Ty::Bool),
    ("issubclass", || Ty::Bool),
    ("hasattr", || Ty::Bool),
    ("callable", || Ty::Bool),
    ("int", || Ty::Int),
    ("hash", || Ty::Int),
    ("float", || Ty::Float),
    ("type", Ty::object),
    ("abs", Ty::object),
    ("round", Ty::object),
    ("tuple", Ty::object),
    ("getattr", Ty::object),
];

/// Callables among them that take an exception which is being handled, or has been made.
const OF_EXCEPTIONS: &[&str] = &["type", "hasattr", "getattr"];

/// Attributes of exceptions that would not be what they are in plain Python, or through which one is changed.
const CLOSED: &[&str] = &["add_note", "with_traceback", "__traceback__", "__dict__", "__setstate__", "__init__"];

/// Attributes that are strings.
const NAMES: &[&str] = &["__name__", "__qualname__", "__module__"];

fn is_object(v: &Val) -> bool {
    v.ty.is_object()
}

fn is_exception(ty: &Ty) -> bool {
    match ty {
        Ty::Optional(inner) => is_exception(inner),
        ty => matches!(ty, Ty::Caught | Ty::Exception(..)),
    }
}

/// What a callable of Python gives, in the words of an operation on objects if it cannot be asked.
fn ask(e: &mut Emit, callable: &str, args: &[Val], ty: Ty) -> Result<Val, Fault> {
    match args.iter().find(|arg| !can_travel(&arg.ty)) {
        None => asked(e, callable, args, ty),
        Some(arg) => {
            let message = format!("{} does not go together with an object of Python", describe(&arg.ty));
            let help = "turn the object into what it is first: str(x), int(x), float(x)";
            Err(Box::new(Diagnostic::new(Code::OperandTypes, message).help(help)))
        }
    }
}

/// A call of a built-in function with an object, or with an exception.
pub fn call(e: &mut Emit, name: &str, args: &Call) -> Answer {
    let Some(name) = name.strip_prefix("builtins.") else {
        return match args.positional.iter().chain(args.keywords.iter().map(|(_, v)| v)).any(is_object) {
            true => {
                let message = format!("{}() takes no object of Python in compiled code", plain_name(name));
                let help = "turn the object into what it is first: str(x), int(x), float(x)";
                Err(Box::new(Diagnostic::new(Code::ArgumentTypes, message).help(help)))
            }
            false => Ok(None),
        };
    };
    let exception = |v: &Val| is_exception(&v.ty) && OF_EXCEPTIONS.contains(&name);
    if !args.keywords.is_empty() || !args.positional.iter().any(|v| is_object(v) || exception(v)) {
        return Ok(None);
    }
    // The class of an exception that was made here is known, unless it is for Python to choose it.
    if let ("type", [Val { ty: Ty::Exception(class, _), .. }]) = (name, args.positional.as_slice())
        && (keeps_arguments(class) || matches!(&**class, Const::ExceptionClass(..)))
    {
        return Ok(None);
    }
    match FUNCTIONS.iter().find(|(known, _)| *known == name) {
        Some((_, ty)) => ask(e, name, &args.positional, ty()).map(Some),
        None => Ok(None),
    }
}

fn unary(e: &mut Emit, op: UnaryOp, v: &Val) -> Answer {
    let name = match op {
        UnaryOp::Neg => "operator:neg",
        UnaryOp::Pos => "operator:pos",
        UnaryOp::Invert => "operator:invert",
        UnaryOp::Not => return Ok(None),
    };
    if !is_object(v) {
        return Ok(None);
    }
    ask(e, name, std::slice::from_ref(v), Ty::object()).map(Some)
}

fn binary(e: &mut Emit, op: BinaryOp, _inplace: bool, a: &Val, b: &Val) -> Answer {
    if !is_object(a) && !is_object(b) {
        return Ok(None);
    }
    if op == BinaryOp::Mod && !is_object(a) {
        return Ok(None);
    }
    let name = match op {
        BinaryOp::Add => "add",
        BinaryOp::Sub => "sub",
        BinaryOp::Mul => "mul",
        BinaryOp::MatMul => "matmul",
        BinaryOp::TrueDiv => "truediv",
        BinaryOp::FloorDiv => "floordiv",
        BinaryOp::Mod => "mod",
        BinaryOp::Pow => "pow",
        BinaryOp::Lshift => "lshift",
        BinaryOp::Rshift => "rshift",
        BinaryOp::And => "and_",
        BinaryOp::Or => "or_",
        BinaryOp::Xor => "xor",
    };
    ask(e, &format!("operator:{name}"), &[a.clone(), b.clone()], Ty::object()).map(Some)
}

/// `a < b` and so on where one of them is an object.
pub fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    if !is_object(a) && !is_object(b) {
        return Ok(None);
    }
    let name = match op {
        CmpOp::Lt => "operator:lt",
        CmpOp::Le => "operator:le",
        CmpOp::Eq => "operator:eq",
        CmpOp::Ne => "operator:ne",
        CmpOp::Gt => "operator:gt",
        CmpOp::Ge => "operator:ge",
    };
    ask(e, name, &[a.clone(), b.clone()], Ty::Bool).map(Some)
}

/// `x is y` where one of them is an object: of singletons and classes, which are never copies.
pub fn is(e: &mut Emit, x: &Val, y: &Val) -> Answer {
    let single = |v: &Val| match &v.ty {
        Ty::Lit(Const::Named(_) | Const::ExceptionClass(..) | Const::Bool(_) | Const::Ellipsis) => true,
        ty => is_none(ty),
    };
    if is_object(x) && single(y) || is_object(y) && single(x) {
        return ask(e, "operator:is_", &[x.clone(), y.clone()], Ty::Bool).map(Some);
    }
    if is_object(x) || is_object(y) {
        let message = format!("is does not compare {} with {}", describe(&x.ty), describe(&y.ty));
        return Err(Box::new(Diagnostic::new(Code::OperandTypes, message).help("compare values with ==")));
    }
    Ok(None)
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    if !is_object(v) {
        return Ok(None);
    }
    ask(e, "bool", std::slice::from_ref(v), Ty::Bool).map(Some)
}

fn contains(e: &mut Emit, item: &Val, container: &Val) -> Answer {
    if !is_object(container) {
        return Ok(None);
    }
    ask(e, "operator:contains", &[container.clone(), item.clone()], Ty::Bool).map(Some)
}

fn len(e: &mut Emit, v: &Val) -> Answer {
    if !is_object(v) {
        return Ok(None);
    }
    ask(e, "len", std::slice::from_ref(v), Ty::Int).map(Some)
}

fn getitem(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    if !is_object(v) {
        return Ok(None);
    }
    ask(e, "operator:getitem", &[v.clone(), index.clone()], Ty::object()).map(Some)
}

/// Whether `args` of an exception of a class are what the class was called with.
fn keeps_arguments(class: &Const) -> bool {
    match class {
        Const::Named(name) => !super::exceptions::bases(name).contains(&"OSError"),
        _ => false,
    }
}

fn getattr(e: &mut Emit, v: &Val, name: &str) -> Answer {
    if let Ty::Lit(class) = &v.ty {
        return of_class(e, v, &class.clone(), name);
    }
    if !matches!(v.ty, Ty::Caught | Ty::Exception(..)) && !is_object(v) {
        return Ok(None);
    }
    if let (Ty::Exception(class, types), "args") = (&v.ty, name)
        && keeps_arguments(class)
    {
        let items: Vec<Val> = (0..types.len()).map(|i| e.field(v, i)).collect();
        return Ok(Some(super::tuples::display(e, &items)));
    }
    if CLOSED.contains(&name) {
        let message = format!("'{name}' of an exception is not known in compiled code");
        let help = "use its text, str(e), its class, type(e), and its arguments, e.args";
        return Err(Box::new(Diagnostic::new(Code::UnknownAttribute, message).help(help)));
    }
    let ty = if NAMES.contains(&name) { Ty::str() } else { Ty::object() };
    let name = e.lit(Const::Str(name.into()));
    ask(e, "getattr", &[v.clone(), name], ty).map(Some)
}

/// The name of a class.
fn of_class(e: &mut Emit, v: &Val, class: &Const, name: &str) -> Answer {
    if !NAMES.contains(&name) {
        return Ok(None);
    }
    let known = match class {
        Const::Named(full) => full.strip_prefix("builtins."),
        _ => None,
    };
    if let Some(plain) = known {
        let text = if name == "__module__" { "builtins" } else { plain };
        return Ok(Some(e.lit(Const::Str(text.into()))));
    }
    if !matches!(class, Const::Named(_) | Const::ExceptionClass(..)) || !can_travel(&v.ty) {
        return Ok(None);
    }
    let name = e.lit(Const::Str(name.into()));
    ask(e, "getattr", &[v.clone(), name], Ty::str()).map(Some)
}

/// Iterates over a list of what the object gives when it is iterated over.
fn iter(e: &mut Emit, v: &Val) -> Answer {
    if !is_object(v) {
        return Ok(None);
    }
    let items = ask(e, "tuple", std::slice::from_ref(v), Ty::object())?;
    let list = e.library("coachwhip.lib.lists.of_object", vec![items])?;
    super::operators::iter(e, &list).map(Some)
}

/// `a, b = x`.
pub fn unpack(e: &mut Emit, v: &Val, count: usize) -> Result<Vec<Val>, Fault> {
    let wanted = e.int(count as i64);
    let items = ask(e, "coachwhip._exceptions:unpacked", &[v.clone(), wanted], Ty::object())?;
    (0..count)
        .map(|i| {
            let at = e.int(i as i64);
            ask(e, "operator:getitem", &[items.clone(), at], Ty::object())
        })
        .collect()
}
