//! The function library written in Python: members of values that it implements, and what its functions may
//! ask of the compiler (`coachwhip.lib.compiler`).

use super::types::class_in;
use super::{Answer, Family, Rule, calls};
use crate::args::{Args, Call};
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{Code, Const, Diagnostic, FuncId, Overloaded, Ty, describe};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family { functions: FUNCTIONS, ..Family::NONE };

const FUNCTIONS: &[(&str, Rule)] =
    &[("coachwhip.lib.compiler.constant", constant), ("coachwhip.lib.compiler.refuse", refuse)];

/// The library function behind a member of a value's class.
fn member(e: &mut Emit, v: &Val, name: &str, suffix: &str) -> Result<Option<FuncId>, Fault> {
    let class = match &v.ty {
        Ty::Lit(Const::Array(_)) => Some("numpy.ndarray".into()),
        _ => class_in(v),
    };
    let Some(class) = class else { return Ok(None) };
    // What belongs to the class does not take the value.
    if super::strings::OF_CLASSES.contains(&&*format!("{class}.{name}")) {
        return Ok(None);
    }
    if let Some(id) = e.engine.library(&format!("{class}.{name}{suffix}"))? {
        return Ok(Some(id));
    }
    let scalar = matches!(v.ty.widened(), Ty::Scalar(_));
    if scalar { e.engine.library(&format!("numpy.generic.{name}{suffix}")) } else { Ok(None) }
}

/// `v.name`, if the library or a user's overload computes it.
pub fn attribute(e: &mut Emit, v: &Val, name: &str) -> Answer {
    let args = Call::of(vec![v.clone()]);
    match member(e, v, name, ".__get__")? {
        Some(id) => calls::call_function(e, id, &[], args).map(Some),
        None => overloaded(e, Overloaded::Attribute(name), &args),
    }
}

/// Whether the library, or a user's overload, has a method of this name for the value.
pub fn has_method(e: &mut Emit, v: &Val, name: &str) -> Result<bool, Fault> {
    Ok(member(e, v, name, "")?.is_some() || asks_user(e, Overloaded::Method(name)))
}

/// `v.name(args)`, if the library has it; the value is the first of the arguments.
pub fn method(e: &mut Emit, v: &Val, name: &str, args: Args) -> Answer {
    match member(e, v, name, "")? {
        Some(id) => calls::call_library_bound(e, id, args).map(Some),
        None => Ok(None),
    }
}

/// `v.name(args)`, if a user's overload has it.
pub fn user_method(e: &mut Emit, v: &Val, name: &str, mut call: Call) -> Answer {
    call.positional.insert(0, v.clone());
    overloaded(e, Overloaded::Method(name), &call)
}

/// Whether a user may have an implementation.  The library means its own functions, whatever users teach.
fn asks_user(e: &Emit, what: Overloaded<'_>) -> bool {
    e.engine.source().overloaded(what) && !e.engine.in_library()
}

/// The call of a user's implementation (`coachwhip.extending`), if there is one for these types.
pub fn overloaded(e: &mut Emit, what: Overloaded<'_>, args: &Call) -> Answer {
    if !asks_user(e, what) {
        return Ok(None);
    }
    let types: Vec<Ty> = args.positional.iter().map(|v| shown(e, v)).collect();
    let named: Vec<(Arc<str>, Ty)> = args.keywords.iter().map(|(name, v)| (name.clone(), shown(e, v))).collect();
    if types.iter().chain(named.iter().map(|(_, ty)| ty)).any(|ty| *ty == Ty::Never) {
        return Ok(Some(e.never()));
    }
    match e.engine.source().overload(what, &types, &named).map_err(Box::new)? {
        Some(id) => calls::call_constant(e, id, args.clone()).map(Some),
        None => Ok(None),
    }
}

/// The type of an argument as overloads see it.
fn shown(e: &Emit, v: &Val) -> Ty {
    match &v.ty {
        Ty::Lit(Const::Array(number)) => Ty::Array(e.engine.source().array(*number)),
        ty => ty.widened(),
    }
}

/// `constant(value, name)`: the value, which must be a literal.
fn constant(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [value, name] = &args.all(["value", "name"])?;
    if let (Ty::Tuple(items), None) = (&value.ty, value.literal()) {
        let parts: Vec<Val> = (0..items.len()).map(|i| e.field(value, i)).collect();
        let known: Option<Vec<Const>> = parts.iter().map(|v| v.literal().cloned()).collect();
        if let Some(known) = known {
            return Ok(e.lit(Const::Tuple(known.into())));
        }
    }
    if value.literal().is_some() {
        return Ok(value.clone());
    }
    let message = format!("the argument '{}' must be known at compile time", text(name));
    Err(Box::new(
        Diagnostic::new(Code::NeedsConstant, message).help("write it in the call, or use a global or a default value"),
    ))
}

/// `refuse(message)`: a diagnostic where it is reached.
fn refuse(_: &mut Emit, args: &Args) -> Result<Val, Fault> {
    fault(Code::ArgumentTypes, text(&args.one()?))
}

/// The text of a literal `str`, or what else the value is.
fn text(v: &Val) -> String {
    match v.literal() {
        Some(Const::Str(text)) => text.to_string(),
        _ => describe(&v.ty),
    }
}
