//! Calls: what is called, and the binding of arguments to the parameters of user's and library functions.

use super::nothing::{self, Complaint};
use super::{ask, exceptions, function, library, operators};
use crate::args::Args;
use crate::coerce::convert_declared;
use crate::depth::deeper;
use crate::emit::{Captured, Emit, Fault, Val, fault};
use crate::engine::constant;
use crate::join::widen;
use coachwhip_ir::{Code, Const, Diagnostic, Dtype, ErrorKind, Func, FuncId, Imm, Kind, Op, Overloaded, Ty, describe};
use std::sync::Arc;

/// `callee(args)`.
pub fn call(e: &mut Emit, callee: &Val, args: Args) -> Result<Val, Fault> {
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
        Ty::Lit(Const::Native(index)) => call_native(e, *index, args),
        Ty::Closure(id, _) => call_closure(e, *id, &callee, args),
        Ty::Method(_, name) => {
            let name = name.clone();
            let receiver = e.field(&callee, 0);
            if let Some(v) = ask(|f| (f.method)(e, &receiver, &name, &args))? {
                return Ok(v);
            }
            match library::method(e, &receiver, &name, args)? {
                Some(v) => Ok(v),
                None => {
                    let of = describe(&receiver.ty);
                    fault(Code::UnsupportedFunction, format!("method {name} of {of} is not supported"))
                }
            }
        }
        other => fault(Code::NotCallable, format!("{} cannot be called", describe(other))),
    }
}

/// Calls what has a canonical name: a rule, an exception class, or a library function.
fn call_named(e: &mut Emit, name: &str, args: Args) -> Result<Val, Fault> {
    if let ("builtins.bool", [v], []) = (name, args.positional.as_slice(), args.keywords.as_slice()) {
        return operators::truth(e, v);
    }
    if let Some(v) = library::overloaded(e, Overloaded::Function(name), &args)? {
        return Ok(v);
    }
    if let Some(rule) = function(name) {
        let args = if takes_none(name) { args } else { opened(e, args) };
        return deeper(|| rule(e, &args));
    }
    if let Some(v) = super::arrays::ufunc_methods::call(e, name, &args)? {
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

fn opened(e: &mut Emit, args: Args) -> Args {
    Args {
        positional: args.positional.iter().map(|v| e.opened(v)).collect(),
        keywords: args.keywords.into_iter().map(|(name, v)| (name, e.opened(&v))).collect(),
    }
}

/// Calls a function that is a constant: a global one, or a nested one that captures nothing or is called
/// by itself or a sibling.
pub fn call_constant(e: &mut Emit, id: FuncId, args: Args) -> Result<Val, Fault> {
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

fn call_closure(e: &mut Emit, id: FuncId, closure: &Val, args: Args) -> Result<Val, Fault> {
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
pub fn call_function(e: &mut Emit, id: FuncId, cells: &[Val], args: Args) -> Result<Val, Fault> {
    let func = e.engine.source().func(id).map_err(Box::new)?;
    call_with(e, id, &func, cells, args, Defaults::default(), false)
}

/// Calls a library function: literal arguments stay literal.
pub fn call_library(e: &mut Emit, id: FuncId, args: Args) -> Result<Val, Fault> {
    let func = e.engine.source().func(id).map_err(Box::new)?;
    call_with(e, id, &func, &[], args, Defaults::default(), true)
}

fn call_with(
    e: &mut Emit,
    id: FuncId,
    func: &Func,
    cells: &[Val],
    args: Args,
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

/// The arguments in the order of the parameters, `*args` as a tuple behind them.
fn bind(e: &mut Emit, func: &Func, args: Args, defaults: &Defaults) -> Result<Vec<Val>, Fault> {
    let params = &func.params;
    let places = params.names.len() - params.kwonly.min(params.names.len());
    let mut slots: Vec<Option<Val>> = vec![None; params.names.len()];
    let given = args.positional.len();
    let mut surplus = Vec::new();
    for (i, v) in args.positional.into_iter().enumerate() {
        match slots.get_mut(i).filter(|_| i < places) {
            Some(slot) => *slot = Some(v),
            None => surplus.push(v),
        }
    }
    let (mut by_position_only, mut keyword_only_given) = (Vec::new(), 0);
    for (name, v) in args.keywords {
        let position = params.names.iter().position(|n| *n == name);
        match position {
            Some(i) if i < params.posonly => by_position_only.push(name),
            Some(i) => {
                keyword_only_given += usize::from(i >= places);
                if slots.get_mut(i).and_then(|slot| slot.replace(v)).is_some() {
                    return wrong(func, format!("got multiple values for argument '{name}'"));
                }
            }
            None => return wrong(func, format!("got an unexpected keyword argument '{name}'")),
        }
    }
    if !by_position_only.is_empty() {
        let names = by_position_only.join(", ");
        return wrong(func, format!("got some positional-only arguments passed as keyword arguments: '{names}'"));
    }
    fill_defaults(e, func, &mut slots, places, defaults);
    if !surplus.is_empty() && params.varargs.is_none() {
        return too_many(func, places, given, keyword_only_given, defaults);
    }
    missing(func, &slots, places)?;
    let mut all: Vec<Val> = slots.into_iter().flatten().collect();
    if params.varargs.is_some() {
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

fn wrong<T>(func: &Func, message: String) -> Result<T, Fault> {
    fault(Code::ArgumentCount, format!("{}() {message}", func.name))
}

fn too_many<T>(
    func: &Func,
    places: usize,
    given: usize,
    keyword_only_given: usize,
    defaults: &Defaults,
) -> Result<T, Fault> {
    let constants = func.params.defaults.iter().take(places).filter(|d| d.is_some()).count();
    let optional = constants.max(defaults.positional.len());
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let takes = if optional > 0 {
        format!("from {} to {places} positional arguments", places - optional)
    } else {
        format!("{places} positional argument{}", plural(places))
    };
    let were = if given == 1 && keyword_only_given == 0 { "was" } else { "were" };
    let count = if keyword_only_given > 0 {
        let (a, b) = (plural(given), plural(keyword_only_given));
        format!("{given} positional argument{a} (and {keyword_only_given} keyword-only argument{b})")
    } else {
        given.to_string()
    };
    wrong(func, format!("takes {takes} but {count} {were} given"))
}

fn missing(func: &Func, slots: &[Option<Val>], places: usize) -> Result<(), Fault> {
    let absent = |range: std::ops::Range<usize>| -> Vec<String> {
        let named = func.params.names.iter().zip(slots).take(range.end).skip(range.start);
        named.filter(|(_, slot)| slot.is_none()).map(|(name, _)| format!("'{name}'")).collect()
    };
    for (kind, names) in [("positional", absent(0..places)), ("keyword-only", absent(places..slots.len()))] {
        let plural = if names.len() == 1 { "" } else { "s" };
        let list = match names.as_slice() {
            [] => continue,
            [one] => one.clone(),
            [a, b] => format!("{a} and {b}"),
            [init @ .., last] => format!("{}, and {last}", init.join(", ")),
        };
        return wrong(func, format!("missing {} required {kind} argument{plural}: {list}", names.len()));
    }
    Ok(())
}

/// Calls a C function: arguments are converted to its parameters' types where that loses nothing.
fn call_native(e: &mut Emit, index: u32, args: Args) -> Result<Val, Fault> {
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
