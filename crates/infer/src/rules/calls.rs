//! Calls: what is called, and how its arguments reach it.

use super::instructions::constant;
use super::nothing::{self, Complaint};
use super::{Answer, ask, contexts, enums, exceptions, function, instances, library, named, operators, types};
use crate::args::{Args, Call};
use crate::bind::{Assigned, Parameters, assign};
use crate::coerce::convert_declared;
use crate::depth::deeper;
use crate::emit::{Captured, Emit, Fault, Val, fault};
use crate::join::widen;
use crate::signature::{self, Signature};
use coachwhip_ir::{Code, Const, Diagnostic, Dtype, ErrorKind, Func, FuncId, Imm, Kind, Op, Overloaded, Ty, describe};
use std::sync::Arc;

/// `callee(args)`.
pub fn call(e: &mut Emit, callee: &Val, args: Call) -> Result<Val, Fault> {
    let callee = nothing::opened(e, callee, &Complaint::of(ErrorKind::NoneCalled));
    match &callee.ty {
        Ty::Lit(Const::Func(id)) => call_constant(e, *id, args),
        Ty::Lit(Const::Named(name)) => {
            let name = name.clone();
            call_named(e, &name, args)
        }
        Ty::Lit(class @ Const::ExceptionClass(..)) => {
            let class = class.clone();
            exceptions::construct(e, &class, &args)
        }
        Ty::Lit(Const::Class(class)) => {
            let class = class.clone();
            if class.is("object") {
                return instances::construct(e, &class, args);
            }
            if class.is("enum") {
                return enums::construct(e, &class, &args);
            }
            named::construct(e, &class, args)
        }
        Ty::Lit(Const::Native(index)) => call_native(e, *index, args),
        Ty::Closure(id, _) => call_closure(e, *id, &callee, args),
        Ty::Method(_, name) => {
            let name = name.clone();
            let receiver = e.field(&callee, 0);
            if let Some(v) = contexts::call(e, &receiver, &name, &args)? {
                return Ok(v);
            }
            if let Some(v) = named::call_method(e, &receiver, &name, args.clone())? {
                return Ok(v);
            }
            match call_method(e, &receiver, &name, args)? {
                Some(v) => Ok(v),
                None => {
                    let of = describe(&receiver.ty);
                    fault(Code::UnsupportedFunction, format!("method {name} of {of} is not supported"))
                }
            }
        }
        ty if ty.user_class().is_some() => named::call_instance(e, &callee, args),
        other => {
            let fault = Diagnostic::new(Code::NotCallable, format!("{} cannot be called", describe(other)));
            let help = "turn the object into what it is first: str(x), int(x), float(x)";
            Err(Box::new(if other.is_object() { fault.help(help) } else { fault }))
        }
    }
}

/// `receiver.name(args)`: a rule's, the library's, or a user's.
fn call_method(e: &mut Emit, receiver: &Val, name: &str, call: Call) -> Answer {
    let Some(signature) = method_signature(receiver, name) else {
        return library::user_method(e, receiver, name, call);
    };
    let args = Args::bind_method(signature, receiver, call.clone())?;
    if let Some(v) = ask(|f| (f.method)(e, receiver, name, &args))? {
        return Ok(Some(v));
    }
    match library::method(e, receiver, name, args)? {
        Some(v) => Ok(Some(v)),
        None => library::user_method(e, receiver, name, call),
    }
}

/// The signature of a method: of the value's class, or of the one that the class has it from.
fn method_signature(receiver: &Val, name: &str) -> Option<&'static Signature> {
    let class = types::class_in(receiver)?;
    let scalar: &[&str] = &["numpy.generic", "numpy.ndarray"];
    let further: &[&str] = match &*class {
        "builtins.bool" => &["builtins.int"],
        "collections.Counter" | "collections.defaultdict" => &["builtins.dict"],
        _ if matches!(receiver.ty.widened(), Ty::Scalar(_)) => scalar,
        _ => &[],
    };
    let mut classes = std::iter::once(&*class).chain(further.iter().copied());
    classes.find_map(|class| signature::of(&format!("{class}.{name}")))
}

/// Calls the rule or the library function of a callable with a signature.
fn call_signature(e: &mut Emit, name: &str, signature: &'static Signature, call: &Call) -> Answer {
    if let Some(rule) = function(name) {
        let call = if takes_none(name) { call.clone() } else { opened(e, call.clone()) };
        let args = Args::bind(signature, call)?;
        return deeper(|| rule(e, &args)).map(Some);
    }
    let args = Args::bind(signature, call.clone())?;
    if let Some(v) = super::arrays::ufunc_methods::call(e, name, &args)? {
        return Ok(Some(v));
    }
    match e.engine.library(name)? {
        Some(id) => call_library_bound(e, id, args).map(Some),
        None => Ok(None),
    }
}

/// As [`call_library_bound`], by the name of what the function implements.
pub fn call_bound(e: &mut Emit, name: &str, args: Args) -> Result<Val, Fault> {
    match e.engine.library(name)? {
        Some(id) => call_library_bound(e, id, args),
        None => fault(Code::Internal, format!("the library function {name} is missing")),
    }
}

/// Calls a library function with arguments that the signature of what it implements has bound.
pub fn call_library_bound(e: &mut Emit, id: FuncId, args: Args) -> Result<Val, Fault> {
    let func = e.engine.source().func(id).map_err(Box::new)?;
    let call = args.into_call(e, &func.params.names, func.params.posonly)?;
    call_with(e, id, &func, &[], call, Defaults::default(), false)
}

/// A method of `str` or `bytes` that is called as a function of its class.
fn unbound(e: &mut Emit, name: &str, args: &Call) -> Answer {
    let Some((class, method)) = name.rsplit_once('.') else { return Ok(None) };
    if !matches!(class, "builtins.str" | "builtins.bytes") || super::strings::OF_CLASSES.contains(&name) {
        return Ok(None);
    }
    let mut call = args.clone();
    let Some(first) = call.positional.first().filter(|v| types::class_of(&v.ty).is_some_and(|c| *c == *class)).cloned()
    else {
        let class = coachwhip_ir::describe::plain_name(class);
        return fault(Code::ArgumentTypes, format!("{class}.{method}() needs a {class} as its first argument"));
    };
    call.positional.remove(0);
    call_method(e, &first, method, call)
}

/// NumPy takes a tuple of any length for the list of its items.
fn with_lists(e: &mut Emit, mut args: Call) -> Call {
    for v in args.positional.iter_mut().chain(args.keywords.iter_mut().map(|(_, v)| v)) {
        if let Some(list) = super::runs::list_of(e, v) {
            *v = list;
        }
    }
    args
}

/// Calls what has a canonical name: a rule, an exception class, or a library function.
fn call_named(e: &mut Emit, name: &str, args: Call) -> Result<Val, Fault> {
    if let ("builtins.bool", [v], []) = (name, args.positional.as_slice(), args.keywords.as_slice()) {
        return operators::truth(e, v);
    }
    if let Some(v) = super::foreign::call(e, name, &args)? {
        return Ok(v);
    }
    let args = match name.starts_with("numpy.") {
        true => {
            let plain = named::as_plain(e, args);
            with_lists(e, plain)
        }
        false => args,
    };
    let args = enums::as_data(e, name, args)?;
    if let Some(v) = instances::asked(e, name, &args)? {
        return Ok(v);
    }
    if let Some(v) = library::overloaded(e, Overloaded::Function(name), &args)? {
        return Ok(v);
    }
    if let Some(v) = unbound(e, name, &args)? {
        return Ok(v);
    }
    if let Some(signature) = signature::of(name)
        && let Some(v) = call_signature(e, name, signature, &args)?
    {
        return Ok(v);
    }
    let class = Const::Named(Arc::from(name));
    if exceptions::is_class(&class) {
        return exceptions::construct(e, &class, &args);
    }
    if let Some(id) = e.engine.library(name)? {
        return call_function(e, id, &[], args);
    }
    let shown = coachwhip_ir::describe::plain_name(name);
    if e.engine.source().overloaded(Overloaded::Function(name)) {
        let kinds: Vec<String> = args.positional.iter().map(|v| describe(&v.ty)).collect();
        let message = format!("no overload of {shown}() takes these arguments: ({})", kinds.join(", "));
        return fault(Code::ArgumentTypes, message);
    }
    let mut refusal =
        Diagnostic::new(Code::UnsupportedFunction, format!("{shown}() is not supported in compiled code"));
    if matches!(name, "builtins.list" | "builtins.dict" | "builtins.set") {
        refusal = Diagnostic::new(Code::Container, format!("a {shown} is not supported yet"));
        refusal = refusal.help("use a tuple, or an array made with np.empty or np.zeros");
    }
    Err(Box::new(refusal))
}

/// Whether a callable looks at `None` itself: every one but the arithmetic of numbers.
fn takes_none(name: &str) -> bool {
    let looks = matches!(
        name,
        "builtins.bool"
            | "operator.is_"
            | "operator.is_not"
            | "operator.eq"
            | "operator.ne"
            | "operator.truth"
            | "operator.not_"
            | "numpy.isscalar"
            | "numpy.iscomplexobj"
            | "numpy.isrealobj"
    );
    let of_numbers = super::numbers::FAMILY.functions.iter().any(|(n, _)| *n == name);
    looks || !of_numbers
}

fn opened(e: &mut Emit, args: Call) -> Call {
    Call {
        positional: args.positional.iter().map(|v| e.opened(v)).collect(),
        keywords: args.keywords.into_iter().map(|(name, v)| (name, e.opened(&v))).collect(),
    }
}

/// Calls a function that is a constant: a global one, or a nested one that captures nothing or is called
/// by itself or a sibling.
pub fn call_constant(e: &mut Emit, id: FuncId, args: Call) -> Result<Val, Fault> {
    let func = e.engine.source().func(id).map_err(Box::new)?;
    if func.captures.is_empty() {
        return call_function(e, id, &[], args);
    }
    let outside: Vec<Val> = e.engine.source().captured(id).iter().map(|c| e.lit(c.clone())).collect();
    if outside.len() == func.captures.len() {
        return call_function(e, id, &outside, args);
    }
    let Some(cells) = e.engine.captured_values(id) else {
        return fault(Code::Recursion, format!("{}() is called where its captured variables are not known", func.name))
            .map_err(|mut d: Fault| {
                d.help = Some("pass the captured values as arguments".into());
                d
            });
    };
    let cells: Vec<Val> = cells
        .into_iter()
        .map(|cell| match cell {
            Captured::Value(v) => v,
            Captured::Function(id) => e.lit(Const::Func(id)),
        })
        .collect();
    let (constants, _) = e.engine.nested_defaults(id).unwrap_or_default();
    let positional = constants.iter().map(|c| constant(e, c)).collect();
    let defaults = Defaults { positional, keyword_only: vec![] };
    call_with(e, id, &func, &cells, args, defaults, false)
}

fn call_closure(e: &mut Emit, id: FuncId, closure: &Val, args: Call) -> Result<Val, Fault> {
    let func = e.engine.source().func(id).map_err(Box::new)?;
    let count = closure.ty.fields().map_or(0, |f| f.len());
    let fields: Vec<Val> = (0..count).map(|i| e.field(closure, i)).collect();
    let (cells, rest) = fields.split_at(func.captures.len().min(count));
    let (_, names) = e.engine.nested_defaults(id).unwrap_or_default();
    let (positional, keywords) = rest.split_at(rest.len().saturating_sub(names.len()));
    let keyword_only = names.into_iter().zip(keywords.iter().cloned()).collect();
    let defaults = Defaults { positional: positional.to_vec(), keyword_only };
    call_with(e, id, &func, cells, args, defaults, false)
}

/// Default values of a nested function: of its last positional parameters, and of keyword-only parameters
/// by name.
#[derive(Default)]
struct Defaults {
    positional: Vec<Val>,
    keyword_only: Vec<(Arc<str>, Val)>,
}

/// Calls a function with captured cells and the arguments as written.
pub fn call_function(e: &mut Emit, id: FuncId, cells: &[Val], args: Call) -> Result<Val, Fault> {
    let func = e.engine.source().func(id).map_err(Box::new)?;
    call_with(e, id, &func, cells, args, Defaults::default(), false)
}

/// Calls a library function: literal arguments stay literal.
pub fn call_library(e: &mut Emit, id: FuncId, args: Call) -> Result<Val, Fault> {
    let func = e.engine.source().func(id).map_err(Box::new)?;
    call_with(e, id, &func, &[], args, Defaults::default(), true)
}

fn call_with(
    e: &mut Emit,
    id: FuncId,
    func: &Func,
    cells: &[Val],
    args: Call,
    defaults: Defaults,
    keep_literals: bool,
) -> Result<Val, Fault> {
    let bound = bind(e, func, args, &defaults)?;
    let mut exact = cells.to_vec();
    exact.extend(bound.iter().cloned());
    let literal = e.engine.source().keeps_literal(id);
    if keep_literals && literal.is_none() {
        return e.call(id, &exact);
    }
    let literal = literal.unwrap_or_default();
    let names = func.params.names.iter().map(Some).chain(std::iter::repeat(None));
    let mut wide = cells.to_vec();
    for (v, name) in bound.iter().zip(names) {
        let stays = name.is_some_and(|name| literal.contains(name));
        wide.push(if stays { v.clone() } else { widened(e, v)? });
    }
    let types = |all: &[Val]| -> Vec<Ty> { all.iter().map(|v| v.ty.clone()).collect() };
    if types(&wide) != types(&exact) && e.engine.wants_constant(id, &types(&wide), e.options)? {
        return e.call(id, &exact);
    }
    e.call(id, &wide)
}

/// An argument in machine form, so that one specialisation serves all numbers; a literal bool stays, since
/// flags choose code.
fn widened(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    match &v.ty {
        Ty::Lit(Const::Bool(_)) => Ok(v.clone()),
        ty => {
            let ty = widen(ty);
            crate::coerce::coerce(e, v, &ty)
        }
    }
}

/// The arguments in the order of the parameters, `*args` as a tuple after them.
fn bind(e: &mut Emit, func: &Func, call: Call, defaults: &Defaults) -> Result<Vec<Val>, Fault> {
    let own = &func.params;
    let places = own.names.len() - own.kwonly.min(own.names.len());
    let first_default = places.saturating_sub(defaults.positional.len());
    let optional = |(i, name): (usize, &Arc<str>)| {
        let constant = own.defaults.get(i).is_some_and(Option::is_some);
        constant || (first_default..places).contains(&i) || defaults.keyword_only.iter().any(|(n, _)| n == name)
    };
    let params = Parameters {
        function: &func.name,
        names: own.names.iter().map(|n| &**n).collect(),
        posonly: own.posonly,
        places,
        varargs: own.varargs.is_some(),
        keywords: false,
        optional: own.names.iter().enumerate().map(optional).collect(),
    };
    let Assigned { mut slots, surplus, .. } = assign(&params, call)?;
    fill_defaults(e, func, &mut slots, places, defaults);
    let mut all: Vec<Val> = slots.into_iter().flatten().collect();
    if own.varargs.is_some() {
        all.push(super::tuples::display(e, &surplus));
    }
    Ok(all)
}

fn fill_defaults(e: &mut Emit, func: &Func, slots: &mut [Option<Val>], places: usize, defaults: &Defaults) {
    let first = places.saturating_sub(defaults.positional.len());
    for (slot, v) in slots.iter_mut().take(places).skip(first).zip(&defaults.positional) {
        slot.get_or_insert_with(|| v.clone());
    }
    for (i, slot) in slots.iter_mut().enumerate().filter(|(_, slot)| slot.is_none()) {
        let own = func.params.names.get(i).and_then(|name| defaults.keyword_only.iter().find(|(n, _)| n == name));
        match (own, func.params.defaults.get(i)) {
            (Some((_, v)), _) => *slot = Some(v.clone()),
            (None, Some(Some(c))) => *slot = Some(constant(e, c)),
            _ => {}
        }
    }
}

/// Calls a C function: arguments are converted to its parameters' types where that loses nothing.
fn call_native(e: &mut Emit, index: u32, args: Call) -> Result<Val, Fault> {
    let (params, ret, _) = e.engine.source().native(index);
    if let Some((name, _)) = args.keywords.first() {
        return fault(Code::ArgumentCount, format!("a C function takes no keyword arguments; '{name}' was given"));
    }
    if args.positional.len() != params.len() {
        let message = format!("this C function takes {} arguments ({} given)", params.len(), args.positional.len());
        return fault(Code::ArgumentCount, message);
    }
    let mut converted = Vec::with_capacity(params.len());
    for (v, ty) in args.positional.iter().zip(&params) {
        converted.push(convert_declared(e, v, ty).map_err(|mut d| {
            d.code = Code::ArgumentTypes;
            d
        })?);
    }
    e.engine.use_native(index);
    let converted: Vec<&Val> = converted.iter().collect();
    if crate::join::is_none(&ret) {
        e.op_with(Op::CallNative, Imm::Int(i64::from(index)), &converted, ret);
        return Ok(e.none());
    }
    let result = e.op_with(Op::CallNative, Imm::Int(i64::from(index)), &converted, ret);
    Ok(python_number(e, &result))
}

/// The Python number that ctypes makes of a C number.
fn python_number(e: &mut Emit, v: &Val) -> Val {
    let Ty::Scalar(dtype) = v.ty else { return v.clone() };
    match dtype.kind() {
        Kind::Bool => e.op(Op::Convert, &[v], Ty::Bool),
        Kind::Float => e.op(Op::Convert, &[v], Ty::Float),
        Kind::Complex => v.clone(),
        Kind::Signed | Kind::Unsigned => {
            let number = e.op(Op::Convert, &[v], Ty::Int);
            if dtype == Dtype::Uint64 && !e.options.wrap {
                let zero = e.int(0);
                let fits = e.op(Op::Ge, &[&number, &zero], Ty::Bool);
                e.guard(&fits, ErrorKind::IntOverflow, &[]);
            }
            number
        }
    }
}
