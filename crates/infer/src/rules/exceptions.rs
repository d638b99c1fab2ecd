//! Exceptions as values, and `raise`.

use super::Family;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{expand, is_none};
use coachwhip_ir::{Code, Const, Imm, Op, Ty, describe};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family::NONE;

/// Built-in exception classes, each with the class that it is derived from.
const CLASSES: &[(&str, &str)] = &[
    ("BaseException", ""),
    ("SystemExit", "BaseException"),
    ("KeyboardInterrupt", "BaseException"),
    ("GeneratorExit", "BaseException"),
    ("Exception", "BaseException"),
    ("StopIteration", "Exception"),
    ("StopAsyncIteration", "Exception"),
    ("ArithmeticError", "Exception"),
    ("FloatingPointError", "ArithmeticError"),
    ("OverflowError", "ArithmeticError"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("BufferError", "Exception"),
    ("EOFError", "Exception"),
    ("ImportError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("LookupError", "Exception"),
    ("IndexError", "LookupError"),
    ("KeyError", "LookupError"),
    ("MemoryError", "Exception"),
    ("NameError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("OSError", "Exception"),
    ("FileNotFoundError", "OSError"),
    ("PermissionError", "OSError"),
    ("TimeoutError", "OSError"),
    ("ReferenceError", "Exception"),
    ("RuntimeError", "Exception"),
    ("NotImplementedError", "RuntimeError"),
    ("RecursionError", "RuntimeError"),
    ("SyntaxError", "Exception"),
    ("SystemError", "Exception"),
    ("TypeError", "Exception"),
    ("ValueError", "Exception"),
    ("UnicodeError", "ValueError"),
    ("Warning", "Exception"),
    ("UserWarning", "Warning"),
    ("RuntimeWarning", "Warning"),
    ("DeprecationWarning", "Warning"),
];

/// The built-in exception class with this canonical name.
fn builtin_class(name: &str) -> Option<&'static (&'static str, &'static str)> {
    let name = match name.strip_prefix("builtins.")? {
        "IOError" | "EnvironmentError" => "OSError",
        other => other,
    };
    CLASSES.iter().find(|(class, _)| *class == name)
}

/// The class with the built-in exception classes that it is derived from, without module names.
pub fn bases(name: &str) -> Vec<&'static str> {
    let mut all = Vec::new();
    let mut next = builtin_class(name);
    while let Some((class, base)) = next {
        all.push(*class);
        next = CLASSES.iter().find(|(name, _)| name == base);
    }
    all
}

/// Whether a constant is an exception class.
pub fn is_class(c: &Const) -> bool {
    match c {
        Const::Named(name) => builtin_class(name).is_some(),
        Const::ExceptionClass(..) => true,
        _ => false,
    }
}

/// An exception of the class with the given arguments.
pub fn construct(e: &mut Emit, class: &Const, args: &Args) -> Result<Val, Fault> {
    if let (Const::Named(_), Some((name, _))) = (class, args.keywords.first()) {
        let class = coachwhip_ir::describe::class_name(class);
        return fault(Code::ArgumentCount, format!("{class}() takes no keyword arguments; '{name}' was given"));
    }
    if !args.keywords.is_empty() {
        return fault(Code::Unsupported, "keyword arguments of an exception are not supported");
    }
    let mut fields = Vec::with_capacity(args.positional.len());
    for arg in &args.positional {
        if !can_travel(&arg.ty) {
            let of = describe(&arg.ty);
            return fault(Code::ArgumentTypes, format!("{of} cannot be an argument of an exception in compiled code"));
        }
        fields.push(e.machine(arg));
    }
    let types: Arc<[Ty]> = fields.iter().map(|v| v.ty.clone()).collect();
    let fields: Vec<&Val> = fields.iter().collect();
    Ok(e.pack(Ty::Exception(Arc::new(class.clone()), types), &fields))
}

/// Whether a value can be handed to Python inside an exception or a text.
pub fn can_travel(ty: &Ty) -> bool {
    match expand(ty) {
        Ty::Int | Ty::Float | Ty::Bool | Ty::Complex | Ty::Scalar(_) | Ty::Text(_) | Ty::Str => true,
        Ty::Lit(c) => !matches!(
            c,
            Const::Func(_)
                | Const::Module(_)
                | Const::Named(_)
                | Const::ExceptionClass(..)
                | Const::Native(_)
                | Const::Object(_)
                | Const::Array(_)
                | Const::Dtype(_)
        ),
        Ty::Tuple(items) => items.iter().all(can_travel),
        Ty::Optional(inner) => can_travel(&inner),
        other => is_none(&other),
    }
}

/// `raise v`: an exception, or a class that is called without arguments.  Nothing follows.
pub fn raise(e: &mut Emit, v: &Val) -> Result<(), Fault> {
    let exception = match &v.ty {
        Ty::Exception(..) => v.clone(),
        Ty::Lit(class) if is_class(class) => {
            let class = class.clone();
            construct(e, &class, &Args::default())?
        }
        other => {
            let message = format!("exceptions must derive from BaseException; this is {}", describe(other));
            return fault(Code::OperandTypes, message);
        }
    };
    e.effect(Op::Throw, Imm::None, &[&exception]);
    e.leave();
    Ok(())
}
