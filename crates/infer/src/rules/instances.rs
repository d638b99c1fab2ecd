//! Instances of users' classes: counted blocks with the attributes that the program gives them.
//!
//! A block is laid out as a list of one item, a tuple of an int and the attributes; bit n of the int says whether attribute n
//! is there, and is asked where `__init__` does not begin with assigning it.  What the class defines (methods, properties,
//! operators) is `named`'s business, which is asked before.

use super::instructions::constant;
use super::{Answer, Family, Rule, calls, exceptions, identity, named, objects, operators, print, tables, tuples};
use crate::args::{Args, Call};
use crate::bind::{Assigned, Parameters, assign};
use crate::coerce::coerce;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::is_none;
use coachwhip_ir::{CmpOp, Code, Const, Diagnostic, Imm, Member, MemberKind, Op, Ty, UserClass, describe};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family {
    functions: FUNCTIONS,
    compare,
    truth,
    contains,
    len,
    getitem,
    setitem,
    delitem,
    getattr: super_attribute,
    setattr,
    iter,
    ..Family::NONE
};

const FUNCTIONS: &[(&str, Rule)] = &[("builtins.super", super_of)];

/// Begins the name of a method that is a `super()` object: the position in the lineage where the search begins follows.
const SUPER: &str = "super:";
/// Begins the name of a method found by way of one: position and name follow.
const AFTER: &str = "after:";

/// Where the one item of a block is, and its type.
fn place(e: &mut Emit, object: &Val, class: &UserClass) -> (Val, Ty) {
    let item = e.engine.layout(class);
    let list = e.op(Op::Convert, &[object], Ty::list(item.clone()));
    (e.op(Op::ListItems, &[&list], Ty::Ptr(Some(Arc::new(item.clone())))), item)
}

fn zero(e: &mut Emit) -> Val {
    let zero = e.int(0);
    e.machine(&zero)
}

/// Whether instances have an attribute from the beginning of `__init__` on.
fn is_sure(class: &UserClass, name: &str) -> bool {
    class.traits.iter().any(|word| word.strip_prefix("sure ") == Some(name))
}

fn missing(e: &mut Emit, class: &UserClass, name: &str) -> Result<Val, Fault> {
    let text = e.lit(Const::Str(format!("'{}' object has no attribute '{name}'", class.name).into()));
    raised(e, "builtins.AttributeError", text)
}

fn raised(e: &mut Emit, class: &str, text: Val) -> Result<Val, Fault> {
    let exception = exceptions::construct(e, &Const::Named(class.into()), &Call::of(vec![text]))?;
    exceptions::raise(e, &exception)?;
    Ok(e.never())
}

/// `object.name`.
pub fn attribute(e: &mut Emit, object: &Val, class: &Arc<UserClass>, name: &str) -> Answer {
    let member = class.member(name).cloned();
    if let Some(Member { kind: MemberKind::Property, value, .. }) = &member {
        let getter = constant(e, value);
        return calls::call(e, &getter, Call::of(vec![object.clone()])).map(Some);
    }
    let of_class = |e: &mut Emit| match &member {
        Some(Member { kind: MemberKind::Value, value, .. }) => Some(constant(e, value)),
        _ => None,
    };
    let Some((at, ty)) = e.engine.attribute(class, name) else {
        return Ok(match name {
            "__class__" => Some(e.lit(Const::Class(class.clone()))),
            _ => of_class(e),
        });
    };
    if ty == Ty::Never {
        return Ok(Some(e.never()));
    }
    let (pointer, item) = place(e, object, class);
    let first = zero(e);
    let all = e.op(Op::ItemLoad, &[&pointer, &first], item);
    let value = e.field(&all, 1 + at);
    if is_sure(class, name) {
        return Ok(Some(value));
    }
    let (mask, bit) = (e.field(&all, 0), e.int(1 << at));
    let there = e.op(Op::And, &[&mask, &bit], Ty::Int);
    let there = e.op(Op::Ne, &[&there, &first], Ty::Bool);
    let instead = of_class(e);
    e.if_else(
        &there,
        |_| Ok(value),
        |e| match instead {
            Some(v) => Ok(v),
            None => missing(e, class, name),
        },
    )
    .map(Some)
}

/// Assigns an attribute of the block, whatever the class says of it.
fn store(e: &mut Emit, object: &Val, class: &Arc<UserClass>, name: &str, value: &Val) -> Result<(), Fault> {
    let value = match value.ty {
        Ty::ListDisplay(_) => objects::as_object(e, value)?,
        _ => value.clone(),
    };
    if !objects::may_hold(&value.ty) && value.ty.literal().is_none() {
        let message = format!("{} cannot be an attribute of an instance in compiled code", describe(&value.ty));
        return Err(Box::new(Diagnostic::new(Code::Unsupported, message).help("keep it in a variable")));
    }
    if let Err(why) = e.engine.widen_attribute(class, name, &value.ty) {
        let message = format!("the attribute '{name}' of {} has no one type: {why}", class.name);
        let help = "give it values of one type, with None beside them if need be: convert them where they are assigned";
        return Err(Box::new(Diagnostic::new(Code::Join, message).help(help)));
    }
    let Some((at, ty)) = e.engine.attribute(class, name) else { return Ok(()) };
    let value = coerce(e, &value, &ty)?;
    let (pointer, item) = place(e, object, class);
    if item.machine().len() > coachwhip_abi::layout::ITEM_WORDS {
        let message = format!("instances of {} have more in their attributes than compiled code carries", class.name);
        return fault(Code::TooLarge, message);
    }
    let first = zero(e);
    let all = e.op(Op::ItemLoad, &[&pointer, &first], item.clone());
    let mut fields: Vec<Val> = (0..item.items().map_or(0, <[Ty]>::len)).map(|n| e.field(&all, n)).collect();
    if let (Some(mask), false) = (fields.first().cloned(), is_sure(class, name)) {
        let bit = e.int(1 << at);
        let mask = e.op(Op::Or, &[&mask, &bit], Ty::Int);
        if let Some(place) = fields.first_mut() {
            *place = mask;
        }
    }
    if let Some(place) = fields.get_mut(1 + at) {
        *place = value;
    }
    let fields: Vec<&Val> = fields.iter().collect();
    let all = e.pack(item, &fields);
    e.effect(Op::ItemStore, Imm::None, &[&pointer, &first, &all]);
    Ok(())
}

fn setattr(e: &mut Emit, v: &Val, name: &str, value: &Val) -> Answer {
    let Some(class) = v.ty.instance_class().cloned() else { return Ok(None) };
    if class.is("frozen") {
        let text = e.lit(Const::Str(format!("cannot assign to field '{name}'").into()));
        let Some(error) = class.member("(frozen)").map(|member| member.value.clone()) else { return Ok(None) };
        let exception = exceptions::construct(e, &error, &Call::of(vec![text]))?;
        exceptions::raise(e, &exception)?;
        return Ok(Some(e.never()));
    }
    if let Some(setter) = class.setter(name).cloned() {
        let function = constant(e, &setter.value);
        return calls::call(e, &function, Call::of(vec![v.clone(), value.clone()])).map(Some);
    }
    if class.member(name).is_some_and(|member| member.kind == MemberKind::Property) {
        return fault(Code::UnknownAttribute, format!("property '{name}' of {} has no setter", class.name));
    }
    if class.is("slots") && !class.is(&format!("slot {name}")) {
        return fault(Code::UnknownAttribute, format!("{} has no slot '{name}'", class.name));
    }
    store(e, v, &class, name, value)?;
    Ok(Some(e.none()))
}

/// `Class(...)`.
pub fn construct(e: &mut Emit, class: &Arc<UserClass>, call: Call) -> Result<Val, Fault> {
    if class.is("abstract") {
        return fault(Code::ArgumentTypes, format!("Can't instantiate abstract class {}", class.name));
    }
    let item = e.engine.layout(class);
    let one = e.int(1);
    let list = e.op(Op::ListNew, &[&one], Ty::list(item.clone()));
    let pointer = e.op(Op::ListItems, &[&list], Ty::Ptr(Some(Arc::new(item.clone()))));
    let first = zero(e);
    let mut fields = vec![first.clone()];
    for ty in item.items().unwrap_or_default().iter().skip(1) {
        fields.push(e.undef(ty.clone()));
    }
    let fields: Vec<&Val> = fields.iter().collect();
    let all = e.pack(item, &fields);
    e.effect(Op::ItemInit, Imm::None, &[&pointer, &first, &all]);
    e.effect(Op::ListResize, Imm::None, &[&list, &one]);
    let object = e.op(Op::Convert, &[&list], Ty::instance(class.clone()));
    initialise(e, class, &object, 0, call)?;
    Ok(object)
}

/// `__init__`, as classes from a position of the lineage on have it.
fn initialise(e: &mut Emit, class: &Arc<UserClass>, object: &Val, first: u32, mut call: Call) -> Result<(), Fault> {
    match class.member_after("__init__", first).cloned() {
        Some(Member { kind: MemberKind::Method, value, .. }) => {
            let function = constant(e, &value);
            call.positional.insert(0, object.clone());
            let result = calls::call(e, &function, call)?;
            match result.is_never() || is_none(&result.ty) {
                true => Ok(()),
                false => fault(Code::ReturnMismatch, "__init__() should return None"),
            }
        }
        Some(Member { kind: MemberKind::Generated, value: Const::Tuple(fields), .. }) => {
            fill(e, class, object, &fields, call)
        }
        None if call.positional.is_empty() && call.keywords.is_empty() => Ok(()),
        None => fault(Code::ArgumentCount, format!("{}() takes no arguments", class.name)),
        Some(_) => fault(Code::Unsupported, format!("__init__ of class {} is no plain method", class.name)),
    }
}

/// A field of a dataclass, as its description says: name, whether `__init__` takes it, by keyword alone, and its default:
/// none, a value, or what makes one.
struct Field<'c> {
    name: &'c Arc<str>,
    init: bool,
    keyword: bool,
    default: &'c str,
    value: &'c Const,
}

fn field(of: &Const) -> Option<Field<'_>> {
    let Const::Tuple(parts) = of else { return None };
    match &**parts {
        [Const::Str(name), Const::Bool(init), Const::Bool(keyword), Const::Str(default), value] => {
            Some(Field { name, init: *init, keyword: *keyword, default, value })
        }
        _ => None,
    }
}

/// The `__init__` that `dataclasses` has made.
fn fill(e: &mut Emit, class: &Arc<UserClass>, object: &Val, of: &[Const], call: Call) -> Result<(), Fault> {
    let fields: Vec<Field> = of.iter().filter_map(field).collect();
    let mut taken: Vec<&Field> = fields.iter().filter(|field| field.init && !field.keyword).collect();
    let places = taken.len();
    taken.extend(fields.iter().filter(|field| field.init && field.keyword));
    let parameters = Parameters {
        function: &class.name,
        names: taken.iter().map(|field| &**field.name).collect(),
        posonly: 0,
        places,
        varargs: false,
        keywords: false,
        optional: taken.iter().map(|field| field.default != "none").collect(),
    };
    let Assigned { slots, .. } = assign(&parameters, call)?;
    for field in &fields {
        let given = taken.iter().position(|other| other.name == field.name).and_then(|at| slots.get(at).cloned());
        let value = match (given.flatten(), field.default) {
            (Some(v), _) => v,
            (None, "value") => constant(e, field.value),
            (None, "factory") => made(e, class, field)?,
            (None, _) => continue,
        };
        store(e, object, class, field.name, &value)?;
    }
    if class.member("__post_init__").is_some() {
        named::call_method(e, object, "__post_init__", Call::of(vec![]))?;
    }
    Ok(())
}

/// What a factory makes: an empty container is made as the attribute holds it.
fn made(e: &mut Emit, class: &UserClass, field: &Field<'_>) -> Result<Val, Fault> {
    let known = e.engine.attribute(class, field.name).map(|(_, ty)| ty);
    match known {
        Some(ty) if ty.list_item().is_some() && *field.value == Const::Named("builtins.list".into()) => {
            let none = e.int(0);
            Ok(e.op(Op::ListNew, &[&none], ty))
        }
        Some(ty) if ty.as_table().is_some() && matches!(field.value, Const::Named(_)) => tables::empty(e, &ty),
        _ => {
            let factory = constant(e, field.value);
            calls::call(e, &factory, Call::of(vec![]))
        }
    }
}

/// A method that `dataclasses` has made, called for an operator.
pub fn generated(e: &mut Emit, v: &Val, name: &str, of: &Const, others: &[&Val]) -> Answer {
    let (Const::Tuple(names), Some(class)) = (of, v.ty.instance_class().cloned()) else { return Ok(None) };
    let names = names.iter().filter_map(|name| match name {
        Const::Str(name) => Some(name.clone()),
        _ => None,
    });
    let names: Vec<Arc<str>> = names.collect();
    let operator = match name {
        "__eq__" => CmpOp::Eq,
        "__lt__" => CmpOp::Lt,
        "__le__" => CmpOp::Le,
        "__gt__" => CmpOp::Gt,
        "__ge__" => CmpOp::Ge,
        "__hash__" => return Ok(Some(all(e, v, &class, &names)?)),
        "__repr__" => return represented(e, v, &class, &names).map(Some),
        _ => return Ok(None),
    };
    match others {
        [other] if other.ty.instance_class().is_some_and(|of| of.number() == class.number()) => {
            let (a, b) = (all(e, v, &class, &names)?, all(e, other, &class, &names)?);
            operators::compare(e, operator, &a, &b).map(Some)
        }
        _ => Ok(None),
    }
}

/// The values of fields as a tuple.
fn all(e: &mut Emit, v: &Val, class: &Arc<UserClass>, names: &[Arc<str>]) -> Result<Val, Fault> {
    let mut values = Vec::with_capacity(names.len());
    for name in names {
        match attribute(e, v, class, name)? {
            Some(value) => values.push(value),
            None => values.push(missing(e, class, name)?),
        }
    }
    Ok(tuples::display(e, &values))
}

fn represented(e: &mut Emit, v: &Val, class: &Arc<UserClass>, names: &[Arc<str>]) -> Result<Val, Fault> {
    let title = match class.member("(qualname)").map(|member| &member.value) {
        Some(Const::Str(name)) => name.clone(),
        _ => class.name.clone(),
    };
    let mut parts = vec![e.lit(Const::Str(format!("{title}(").into()))];
    for (n, name) in names.iter().enumerate() {
        let before = format!("{}{name}=", if n > 0 { ", " } else { "" });
        parts.push(e.lit(Const::Str(before.into())));
        let Some(value) = attribute(e, v, class, name)? else { return missing(e, class, name) };
        parts.push(print::formatted(e, &value, b'r')?);
    }
    parts.push(e.lit(Const::Str(")".into())));
    Ok(print::text(e, &parts))
}

/// The value of `super().name(...)`, or of a method that an operator asks of a class's instances.
pub fn call_method(e: &mut Emit, v: &Val, name: &str, call: &Call) -> Answer {
    let Some((first, name)) = name.strip_prefix(AFTER).and_then(|rest| rest.split_once(':')) else { return Ok(None) };
    let (Some(class), Ok(first)) = (v.ty.instance_class().cloned(), first.parse::<u32>()) else { return Ok(None) };
    if name == "__init__" {
        initialise(e, &class, v, first, call.clone())?;
        return Ok(Some(e.none()));
    }
    let Some(member) = class.member_after(name, first).cloned() else { return Ok(None) };
    let function = constant(e, &member.value);
    let mut call = call.clone();
    match member.kind {
        MemberKind::Method => call.positional.insert(0, v.clone()),
        MemberKind::ClassMethod => call.positional.insert(0, e.lit(Const::Class(class))),
        MemberKind::Value => {}
        _ => return fault(Code::Unsupported, format!("super().{name} is no plain method")),
    }
    calls::call(e, &function, call).map(Some)
}

/// `super()`.
fn super_of(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let unsupported = || fault(Code::Unsupported, "super() is supported without arguments, in a method of a class");
    if !args.rest().is_empty() {
        return unsupported();
    }
    let Some((of, v)) = e.engine.captured_and_first("__class__") else { return unsupported() };
    let (Ty::Lit(Const::Class(of)), Some(class)) = (&of.ty, v.ty.instance_class()) else { return unsupported() };
    let Some(at) = class.lineage.iter().position(|number| *number == of.number()) else { return unsupported() };
    let name = format!("{SUPER}{}", at + 1);
    Ok(e.pack(Ty::Method(Arc::new(v.ty.clone()), name.into()), &[&v]))
}

/// `super().name`.
fn super_attribute(e: &mut Emit, v: &Val, name: &str) -> Answer {
    let Ty::Method(of, which) = &v.ty else { return Ok(None) };
    let Some(first) = which.strip_prefix(SUPER) else { return Ok(None) };
    let (first, Some(class)) = (first.to_owned(), of.instance_class().cloned()) else { return Ok(None) };
    let object = e.field(v, 0);
    match class.member_after(name, first.parse().unwrap_or(0)).cloned() {
        Some(Member { kind: MemberKind::Property, value, .. }) => {
            let getter = constant(e, &value);
            calls::call(e, &getter, Call::of(vec![object])).map(Some)
        }
        Some(Member { kind: MemberKind::Value, value, .. }) if !matches!(value, Const::Func(_)) => {
            Ok(Some(constant(e, &value)))
        }
        None if name != "__init__" => Ok(None),
        _ => {
            let method = format!("{AFTER}{first}:{name}");
            Ok(Some(e.pack(Ty::Method(Arc::new(object.ty.clone()), method.into()), &[&object])))
        }
    }
}

fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    let instance = |v: &Val| v.ty.instance_class().is_some();
    // An object of which only the identity is known may be the instance.
    let known = |v: &Val| !matches!(v.ty, Ty::Lit(Const::Object(..)));
    if !instance(a) && !instance(b) || !matches!(op, CmpOp::Eq | CmpOp::Ne) || !known(a) || !known(b) {
        return Ok(None);
    }
    let same = match (instance(a), instance(b)) {
        (true, true) => identity::is(e, a, b)?,
        _ => e.bool(false),
    };
    Ok(Some(if op == CmpOp::Ne { e.negated(&same) } else { same }))
}

/// A method of the class by its name, called with these arguments.
fn own(e: &mut Emit, v: &Val, name: &str, args: &[&Val]) -> Answer {
    if v.ty.instance_class().is_none() {
        return Ok(None);
    }
    named::own(e, v, name, args)
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    if v.ty.instance_class().is_none() {
        return Ok(None);
    }
    match len(e, v)? {
        Some(count) if count.is_never() => Ok(Some(count)),
        Some(count) => operators::truth(e, &count).map(Some),
        None => Ok(Some(e.bool(true))),
    }
}

fn len(e: &mut Emit, v: &Val) -> Answer {
    let Some(count) = own(e, v, "__len__", &[])? else { return Ok(None) };
    if count.is_never() {
        return Ok(Some(count));
    }
    if count.ty.widened() != Ty::Int {
        return fault(Code::ArgumentTypes, format!("__len__() returns {}, not int", describe(&count.ty)));
    }
    let none = e.int(0);
    let fits = e.op(Op::Ge, &[&count, &none], Ty::Bool);
    let count = e.machine(&count);
    e.if_else(
        &fits,
        |_| Ok(count.clone()),
        |e| {
            let text = e.lit(Const::Str("__len__() should return >= 0".into()));
            raised(e, "builtins.ValueError", text)
        },
    )
    .map(Some)
}

fn contains(_: &mut Emit, item: &Val, container: &Val) -> Answer {
    if container.ty.instance_class().is_none() {
        return Ok(None);
    }
    let message = format!("class {} has no __contains__", describe(&container.ty));
    Err(Box::new(
        Diagnostic::new(Code::OperandTypes, message).help(format!("search for the {} in a loop", describe(&item.ty))),
    ))
}

fn getitem(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    own(e, v, "__getitem__", &[index])
}

fn setitem(e: &mut Emit, v: &Val, index: &Val, value: &Val) -> Answer {
    own(e, v, "__setitem__", &[index, value])
}

fn delitem(e: &mut Emit, v: &Val, index: &Val) -> Answer {
    own(e, v, "__delitem__", &[index])
}

fn iter(e: &mut Emit, v: &Val) -> Answer {
    let Some(iterator) = own(e, v, "__iter__", &[])? else { return Ok(None) };
    if iterator.is_never() {
        return Ok(Some(iterator));
    }
    if iterator.ty.instance_class().is_some() {
        let message = format!(
            "{} is an iterator by its __next__, which loops in compiled code do not call",
            describe(&iterator.ty)
        );
        return Err(Box::new(
            Diagnostic::new(Code::NotIterable, message).help("return iter() of a list from __iter__"),
        ));
    }
    operators::iter(e, &iterator).map(Some)
}

/// Built-in functions of one number that ask the class.
pub fn asked(e: &mut Emit, name: &str, call: &Call) -> Answer {
    let method = match name {
        "builtins.abs" => "__abs__",
        "builtins.int" => "__int__",
        "builtins.float" => "__float__",
        "builtins.complex" => "__complex__",
        "builtins.round" => "__round__",
        "builtins.divmod" => "__divmod__",
        "builtins.next" => "__next__",
        "math.floor" => "__floor__",
        "math.ceil" => "__ceil__",
        "math.trunc" => "__trunc__",
        _ => return Ok(None),
    };
    let [v, rest @ ..] = call.positional.as_slice() else { return Ok(None) };
    if v.ty.instance_class().is_none() || !call.keywords.is_empty() {
        return Ok(None);
    }
    let rest: Vec<&Val> = rest.iter().collect();
    match own(e, v, method, &rest)? {
        Some(answer) => Ok(Some(answer)),
        None => fault(Code::ArgumentTypes, format!("class {} has no {method}", describe(&v.ty))),
    }
}
