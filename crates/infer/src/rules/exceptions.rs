//! Exceptions as values, and `raise`.

use crate::args::Call;
use crate::asked::can_travel;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{expand, is_none};
use coachwhip_abi::{ErrorKind, RuntimeFn, class};
use coachwhip_ir::{Code, Const, Diagnostic, Imm, Op, Ty, describe};
use std::sync::Arc;

/// The built-in exception class with this canonical name.
fn builtin_class(name: &str) -> Option<u32> {
    name.starts_with("builtins.").then(|| class::number(name)).flatten()
}

/// The class with the built-in exception classes that it is derived from, without module names.
pub fn bases(name: &str) -> Vec<&'static str> {
    let Some(number) = builtin_class(name) else { return vec![] };
    let bases = class::bases(number).into_iter().filter_map(|base| class::names().nth(base as usize));
    bases.map(|name| name.strip_prefix("builtins.").unwrap_or(name)).collect()
}

/// Whether a constant is an exception class.
pub fn is_class(c: &Const) -> bool {
    match c {
        Const::Named(name) => class::number(name).is_some(),
        Const::ExceptionClass(..) => true,
        _ => false,
    }
}

/// An exception of the class with the given arguments.
pub fn construct(e: &mut Emit, class: &Const, args: &Call) -> Result<Val, Fault> {
    if let (Const::Named(_), Some((name, _))) = (class, args.keywords.first()) {
        let class = coachwhip_ir::describe::class_name(class);
        return fault(Code::ArgumentCount, format!("{class}() takes no keyword arguments; '{name}' was given"));
    }
    if !args.keywords.is_empty() {
        return fault(Code::Unsupported, "keyword arguments of an exception are not supported");
    }
    let mut fields = Vec::with_capacity(args.positional.len());
    for arg in &args.positional {
        if arg.ty == Ty::Caught {
            let message = "an exception cannot be an argument of another one in compiled code";
            return Err(Box::new(Diagnostic::new(Code::ArgumentTypes, message).help("pass its text: str(e)")));
        }
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

/// `raise v`: an exception, or a class that is called without arguments.  Nothing follows.
pub fn raise(e: &mut Emit, v: &Val) -> Result<(), Fault> {
    no_object(v)?;
    let exception = instance(e, v)?;
    if exception.ty == Ty::Caught {
        e.effect(Op::Record, Imm::None, &[&exception]);
        leave(e);
        return Ok(());
    }
    e.effect(Op::Throw, Imm::None, &[&exception]);
    e.leave();
    Ok(())
}

/// `raise v from cause`.
pub fn raise_from(e: &mut Emit, v: &Val, cause: &Val) -> Result<(), Fault> {
    no_object(v)?;
    no_object(cause)?;
    let exception = instance(e, v)?;
    if is_none(&cause.ty) {
        e.effect(Op::Record, Imm::None, &[&exception]);
        let none = e.int(-1);
        e.effect(Op::Runtime, Imm::Runtime(RuntimeFn::CauseCaught), &[&none]);
    } else {
        if !is_exception(&cause.ty) {
            let wrong = no_exception(e, "exception causes must derive from BaseException");
            return raise(e, &wrong);
        }
        let cause = instance(e, cause)?;
        if cause.ty == Ty::Caught {
            let number = e.field(&cause, 0);
            e.effect(Op::Record, Imm::None, &[&exception]);
            e.effect(Op::Runtime, Imm::Runtime(RuntimeFn::CauseCaught), &[&number]);
        } else {
            e.effect(Op::Record, Imm::None, &[&cause]);
            e.effect(Op::Runtime, Imm::Runtime(RuntimeFn::HoldCause), &[]);
            e.effect(Op::Record, Imm::None, &[&exception]);
            e.effect(Op::Runtime, Imm::Runtime(RuntimeFn::CauseHeld), &[]);
        }
    }
    leave(e);
    Ok(())
}

/// An exception that is being handled is raised again, as it was.
pub fn reraise(e: &mut Emit, exception: &Val) {
    let number = e.field(exception, 0);
    e.effect(Op::Runtime, Imm::Runtime(RuntimeFn::Reraise), &[&number]);
    leave(e);
}

/// `raise` alone.
pub fn reraise_handled(e: &mut Emit) {
    let found = e.runtime(RuntimeFn::ReraiseHandled, &[], Ty::Int);
    let zero = e.int(0);
    let found = e.op(Op::Ne, &[&found, &zero], Ty::Bool);
    e.guard(&found, ErrorKind::NoneActive, &[]);
    leave(e);
}

fn leave(e: &mut Emit) {
    e.effect(Op::Leave, Imm::None, &[]);
    e.leave();
}

/// An object of Python may be an exception, and what raising it would lead to is not known.
fn no_object(v: &Val) -> Result<(), Fault> {
    if !v.ty.is_object() {
        return Ok(());
    }
    let message = "an exception that was looked up cannot be raised in compiled code";
    let help = "raise the exception of the except clause, with a bare raise, or make a new one";
    Err(Box::new(Diagnostic::new(Code::Unsupported, message).help(help)))
}

fn is_exception(ty: &Ty) -> bool {
    matches!(ty, Ty::Exception(..) | Ty::Caught) || matches!(ty, Ty::Lit(class) if is_class(class))
}

/// What is raised.
fn instance(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    match &v.ty {
        Ty::Exception(..) | Ty::Caught => Ok(v.clone()),
        Ty::Lit(class) if is_class(class) => {
            let class = class.clone();
            construct(e, &class, &Call::default())
        }
        _ => Ok(no_exception(e, "exceptions must derive from BaseException")),
    }
}

/// What Python raises where something else than an exception is raised.
fn no_exception(e: &mut Emit, message: &str) -> Val {
    let message = e.lit(Const::Str(message.into()));
    let class = Const::Named("builtins.TypeError".into());
    e.pack(Ty::Exception(Arc::new(class), [message.ty.clone()].into()), &[&message])
}

/// How many exceptions are being handled.
pub fn handled(e: &mut Emit) -> Val {
    e.runtime(RuntimeFn::Handled, &[], Ty::Int)
}

/// The failure that arrived at a handler, which lies in as many others of the function; `before` were being handled
/// when the function was entered.
pub fn caught(e: &mut Emit, before: &Val, depth: i64) -> Val {
    let depth = deeper(e, before, depth);
    let number = e.runtime(RuntimeFn::Caught, &[&depth], Ty::Int);
    e.pack(Ty::Caught, &[&number])
}

/// The number of an exception that may be looked at after its handler.
pub fn kept(e: &mut Emit, exception: &Val) -> Val {
    let number = e.field(exception, 0);
    let number = e.runtime(RuntimeFn::KeepCaught, &[&number], Ty::Int);
    e.pack(Ty::Caught, &[&number])
}

/// The end of a handler.
pub fn end_handling(e: &mut Emit, before: &Val, depth: i64) {
    let depth = deeper(e, before, depth);
    e.effect(Op::Runtime, Imm::Runtime(RuntimeFn::EndHandling), &[&depth]);
}

fn deeper(e: &mut Emit, before: &Val, depth: i64) -> Val {
    let depth = e.int(depth);
    e.op(Op::AddExact, &[before, &depth], Ty::Int)
}

/// Whether an exception is an instance of a class, or of one in a tuple of classes.
pub fn matches(e: &mut Emit, exception: &Val, classes: &Val) -> Result<Val, Fault> {
    let number = e.field(exception, 0);
    let mut listed = Vec::new();
    flatten(&expand(&classes.ty), &mut listed)?;
    let mut class = None;
    let mut found = e.bool(false);
    for of in listed {
        let one = match &of {
            Const::ExceptionClass(..) => {
                let of = e.lit(of);
                let is = e.runtime(RuntimeFn::CaughtIs, &[&number, &of], Ty::Int);
                let zero = e.int(0);
                e.op(Op::Ne, &[&is, &zero], Ty::Bool)
            }
            Const::Named(name) => {
                let class = class.get_or_insert_with(|| e.runtime(RuntimeFn::CaughtClass, &[&number], Ty::Int)).clone();
                let ranges = class::number(name).map(class::caught_by).unwrap_or_default();
                in_ranges(e, &class, &ranges)
            }
            _ => return Err(not_a_class(&Ty::Lit(of))),
        };
        found = e.op(Op::Or, &[&found, &one], Ty::Bool);
    }
    Ok(found)
}

fn in_ranges(e: &mut Emit, class: &Val, ranges: &[(u32, u32)]) -> Val {
    let mut found = e.bool(false);
    for (first, last) in ranges {
        let (first, last) = (e.int(i64::from(*first)), e.int(i64::from(*last)));
        let (above, below) = (e.op(Op::Ge, &[class, &first], Ty::Bool), e.op(Op::Le, &[class, &last], Ty::Bool));
        let inside = e.op(Op::And, &[&above, &below], Ty::Bool);
        found = e.op(Op::Or, &[&found, &inside], Ty::Bool);
    }
    found
}

/// The classes of an `except` clause.
fn flatten(ty: &Ty, listed: &mut Vec<Const>) -> Result<(), Fault> {
    match ty {
        Ty::Lit(class) if is_class(class) => listed.push(class.clone()),
        Ty::Tuple(items) => items.iter().try_for_each(|item| flatten(item, listed))?,
        other => return Err(not_a_class(other)),
    }
    Ok(())
}

fn not_a_class(ty: &Ty) -> Fault {
    let message = format!(
        "catching classes that do not inherit from BaseException is not allowed; this is {}",
        coachwhip_ir::describe(ty)
    );
    Box::new(Diagnostic::new(Code::OperandTypes, message))
}
