//! Tuples with named fields: `collections.namedtuple` and `typing.NamedTuple`, with what their classes define.
//!
//! An instance is a tuple that knows its class.  What the class defines beside the fields goes before what tuples do; all
//! the rest is a tuple's.

use super::instructions::constant;
use super::{Answer, Family, calls, enums, instances, operators, print, tuples};
use crate::args::Call;
use crate::bind::{Assigned, Parameters, assign};
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{BinaryOp, CmpOp, Code, Const, Diagnostic, Member, MemberKind, Ty, UnaryOp, UserClass, describe};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family { unary, binary, compare, truth, contains, getattr, has_method, ..Family::NONE };

/// What every such class has; `named` answers for it.
const OWN_METHODS: [&str; 2] = ["_replace", "_asdict"];

/// An instance, given the items.
pub fn pack(e: &mut Emit, class: &Arc<UserClass>, items: &[Val]) -> Val {
    let ty = Ty::NamedTuple(class.clone(), items.iter().map(|item| item.ty.clone()).collect());
    let items: Vec<&Val> = items.iter().collect();
    e.pack(ty, &items)
}

/// The instance as a tuple without a class; any other value as it is.
pub fn plain(e: &mut Emit, v: &Val) -> Val {
    if v.ty.tuple_class().is_none() {
        return v.clone();
    }
    let count = v.ty.expanded().items().map_or(0, <[Ty]>::len);
    let items: Vec<Val> = (0..count).map(|i| e.field(v, i)).collect();
    tuples::display(e, &items)
}

/// `Class(...)`.
pub fn construct(e: &mut Emit, class: &Arc<UserClass>, call: Call) -> Result<Val, Fault> {
    let required = class.fields.len().saturating_sub(class.defaults.len());
    let parameters = Parameters {
        function: &class.name,
        names: class.fields.iter().map(|name| &**name).collect(),
        posonly: 0,
        places: class.fields.len(),
        varargs: false,
        keywords: false,
        optional: (0..class.fields.len()).map(|i| i >= required).collect(),
    };
    let Assigned { slots, .. } = assign(&parameters, call)?;
    let mut items = Vec::with_capacity(slots.len());
    for (i, slot) in slots.into_iter().enumerate() {
        items.push(match (slot, i.checked_sub(required).and_then(|i| class.defaults.get(i))) {
            (Some(v), _) => v,
            (None, Some(default)) => constant(e, default),
            (None, None) => return fault(Code::Internal, "an argument is missing"),
        });
    }
    Ok(pack(e, class, &items))
}

/// An attribute of the class itself.
fn class_attribute(e: &mut Emit, class: &Arc<UserClass>, name: &str) -> Answer {
    if let Some(member) = class.member(name) {
        return match member.kind {
            MemberKind::Property | MemberKind::OfMember | MemberKind::Setter | MemberKind::Generated => Ok(None),
            MemberKind::Alias => Ok(class.word_of(name).map(|word| e.lit(Const::Enum(class.clone(), word)))),
            MemberKind::ClassMethod => {
                let of = e.lit(Const::Class(class.clone()));
                Ok(Some(e.pack(Ty::Method(Arc::new(of.ty.clone()), Arc::from(name)), &[&of])))
            }
            MemberKind::Method | MemberKind::Value => Ok(Some(constant(e, &member.value))),
        };
    }
    if class.is("enum") {
        return enums::class_attribute(e, class, name);
    }
    let of = e.lit(Const::Class(class.clone()));
    Ok(match name {
        "_fields" => Some(e.lit(Const::Tuple(class.fields.iter().map(|field| Const::Str(field.clone())).collect()))),
        "__name__" => Some(e.lit(Const::Str(class.name.clone()))),
        "_make" => Some(e.pack(Ty::Method(Arc::new(of.ty.clone()), Arc::from(name)), &[&of])),
        _ => None,
    })
}

/// A call of `Class.name(...)`: a class method, or `_make`.
fn call_class_method(e: &mut Emit, class: &Arc<UserClass>, name: &str, mut call: Call) -> Answer {
    let of = e.lit(Const::Class(class.clone()));
    match class.member(name) {
        Some(member) if member.kind == MemberKind::ClassMethod => {
            call.positional.insert(0, of);
            let function = constant(e, &member.value);
            calls::call(e, &function, call).map(Some)
        }
        None if name == "_make" && class.is("tuple") => {
            let ([iterable], []) = (call.positional.as_slice(), call.keywords.as_slice()) else {
                return fault(Code::ArgumentCount, format!("{}._make() takes one iterable", class.name));
            };
            let items = tuples::items(e, iterable)?;
            if items.len() != class.fields.len() {
                let (wanted, got) = (class.fields.len(), items.len());
                return fault(Code::ArgumentCount, format!("Expected {wanted} arguments, got {got}"));
            }
            Ok(Some(pack(e, class, &items)))
        }
        _ => Ok(None),
    }
}

/// `instance.name(...)`, or `Class.name(...)`.
pub fn call_method(e: &mut Emit, v: &Val, name: &str, mut call: Call) -> Answer {
    if let Ty::Lit(Const::Class(class)) = &v.ty {
        let class = class.clone();
        return call_class_method(e, &class, name, call);
    }
    let Some(class) = v.ty.user_class().cloned() else { return Ok(None) };
    if let Some(answer) = instances::call_method(e, v, name, &call)? {
        return Ok(Some(answer));
    }
    if let Some(member) = class.member(name) {
        let function = constant(e, &member.value);
        match member.kind {
            MemberKind::Method => call.positional.insert(0, v.clone()),
            MemberKind::ClassMethod => call.positional.insert(0, e.lit(Const::Class(class.clone()))),
            MemberKind::Value | MemberKind::Property | MemberKind::Alias | MemberKind::OfMember => {}
            MemberKind::Setter | MemberKind::Generated => return Ok(None),
        }
        return calls::call(e, &function, call).map(Some);
    }
    if !class.is("tuple") {
        return Ok(None);
    }
    match name {
        "_replace" => replaced(e, &class, v, &call).map(Some),
        "_asdict" => {
            let message = format!("{}._asdict() is not supported in compiled code", class.name);
            Err(Box::new(Diagnostic::new(Code::UnsupportedFunction, message).help("use the fields by their names")))
        }
        "_make" => call_class_method(e, &class, name, call),
        _ => Ok(None),
    }
}

/// `_replace(field=value, ...)`.
fn replaced(e: &mut Emit, class: &Arc<UserClass>, v: &Val, call: &Call) -> Result<Val, Fault> {
    if !call.positional.is_empty() {
        let given = call.positional.len() + 1;
        let message = format!("{}._replace() takes 1 positional argument but {given} were given", class.name);
        return fault(Code::ArgumentCount, message);
    }
    let mut items: Vec<Val> = (0..class.fields.len()).map(|i| e.field(v, i)).collect();
    for (name, value) in &call.keywords {
        match class.field(name).and_then(|at| items.get_mut(at)) {
            Some(item) => *item = value.clone(),
            None => return fault(Code::ArgumentCount, format!("Got unexpected field names: ['{name}']")),
        }
    }
    Ok(pack(e, class, &items))
}

fn getattr(e: &mut Emit, v: &Val, name: &str) -> Answer {
    if let Ty::Lit(Const::Class(class)) = &v.ty {
        let class = class.clone();
        return class_attribute(e, &class, name);
    }
    let Some(class) = v.ty.user_class().cloned() else { return Ok(None) };
    if class.is("object") {
        return instances::attribute(e, v, &class, name);
    }
    match class.member(name) {
        Some(Member { kind: MemberKind::OfMember, value: Const::Tuple(values), .. }) => {
            let word = e.field(v, 0);
            enums::chosen(e, &word, values).map(Some)
        }
        Some(Member { kind: MemberKind::Alias, .. }) | None if class.is("enum") => enums::attribute(e, v, &class, name),
        Some(Member { kind: MemberKind::Property, value, .. }) => {
            let getter = constant(e, value);
            calls::call(e, &getter, Call::of(vec![v.clone()])).map(Some)
        }
        Some(Member { kind: MemberKind::Value, value, .. }) => Ok(Some(constant(e, value))),
        Some(_) => Ok(None),
        None => match class.field(name) {
            Some(at) => Ok(Some(e.field(v, at))),
            None if name == "__class__" => Ok(Some(e.lit(Const::Class(class)))),
            None if name == "_make" => Ok(None),
            None => class_attribute(e, &class, name),
        },
    }
}

fn has_method(ty: &Ty, name: &str) -> bool {
    ty.user_class().is_some_and(|class| match class.member(name) {
        Some(member) => matches!(member.kind, MemberKind::Method | MemberKind::ClassMethod),
        None => class.is("tuple") && class.field(name).is_none() && (OWN_METHODS.contains(&name) || name == "_make"),
    })
}

/// A method of the instance's class, if the class defines it.
pub fn own(e: &mut Emit, v: &Val, name: &str, others: &[&Val]) -> Answer {
    let Some(class) = v.ty.user_class() else { return Ok(None) };
    match class.member(name) {
        Some(Member { kind: MemberKind::Method, value, .. }) => {
            let function = constant(e, value);
            let positional = std::iter::once(v).chain(others.iter().copied()).cloned().collect();
            let answer = calls::call(e, &function, Call::of(positional))?;
            let declines = match &answer.ty {
                Ty::Lit(Const::Named(name)) => **name == *"builtins.NotImplemented",
                Ty::Lit(Const::Object(class, _)) => **class == *"NotImplementedType",
                _ => false,
            };
            Ok((!declines).then_some(answer))
        }
        Some(Member { kind: MemberKind::Generated, value, .. }) => {
            let value = value.clone();
            instances::generated(e, v, name, &value, others)
        }
        Some(_) => fault(Code::Unsupported, format!("{name} of class {} is no plain method", class.name)),
        None => Ok(None),
    }
}

fn unary(e: &mut Emit, op: UnaryOp, v: &Val) -> Answer {
    let name = match op {
        UnaryOp::Neg => "__neg__",
        UnaryOp::Pos => "__pos__",
        UnaryOp::Invert => "__invert__",
        UnaryOp::Not => return Ok(None),
    };
    own(e, v, name, &[])
}

/// The method of an operator: in place, on the left side, on the right side.
fn operator_methods(op: BinaryOp) -> [&'static str; 3] {
    match op {
        BinaryOp::Add => ["__iadd__", "__add__", "__radd__"],
        BinaryOp::Sub => ["__isub__", "__sub__", "__rsub__"],
        BinaryOp::Mul => ["__imul__", "__mul__", "__rmul__"],
        BinaryOp::TrueDiv => ["__itruediv__", "__truediv__", "__rtruediv__"],
        BinaryOp::FloorDiv => ["__ifloordiv__", "__floordiv__", "__rfloordiv__"],
        BinaryOp::Mod => ["__imod__", "__mod__", "__rmod__"],
        BinaryOp::Pow => ["__ipow__", "__pow__", "__rpow__"],
        BinaryOp::MatMul => ["__imatmul__", "__matmul__", "__rmatmul__"],
        BinaryOp::And => ["__iand__", "__and__", "__rand__"],
        BinaryOp::Or => ["__ior__", "__or__", "__ror__"],
        BinaryOp::Xor => ["__ixor__", "__xor__", "__rxor__"],
        BinaryOp::Lshift => ["__ilshift__", "__lshift__", "__rlshift__"],
        BinaryOp::Rshift => ["__irshift__", "__rshift__", "__rrshift__"],
    }
}

fn binary(e: &mut Emit, op: BinaryOp, inplace: bool, a: &Val, b: &Val) -> Answer {
    let [in_place, left, right] = operator_methods(op);
    if inplace && let Some(v) = own(e, a, in_place, &[b])? {
        return Ok(Some(v));
    }
    // A derived class that defines the operator itself goes first.
    let derived = match (a.ty.user_class(), b.ty.user_class()) {
        (Some(x), Some(y)) => x != y && y.derives(x) && y.member(right) != x.member(right),
        _ => false,
    };
    if derived && let Some(v) = own(e, b, right, &[a])? {
        return Ok(Some(v));
    }
    if let Some(v) = own(e, a, left, &[b])? {
        return Ok(Some(v));
    }
    let same = a.ty.user_class().is_some() && a.ty.user_class() == b.ty.user_class();
    if derived || same { Ok(None) } else { own(e, b, right, &[a]) }
}

fn compare(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    let (name, mirrored) = match op {
        CmpOp::Eq => ("__eq__", "__eq__"),
        CmpOp::Ne => ("__ne__", "__ne__"),
        CmpOp::Lt => ("__lt__", "__gt__"),
        CmpOp::Le => ("__le__", "__ge__"),
        CmpOp::Gt => ("__gt__", "__lt__"),
        CmpOp::Ge => ("__ge__", "__le__"),
    };
    if let Some(v) = own(e, a, name, &[b])? {
        return Ok(Some(v));
    }
    if op == CmpOp::Ne && a.ty.user_class().is_some() && a.ty.tuple_class().is_none() {
        let equal = own(e, a, "__eq__", &[b])?;
        if equal.is_some() {
            return equal.map(|equal| operators::truth(e, &equal).map(|equal| e.negated(&equal))).transpose();
        }
    }
    if op == CmpOp::Ne && b.ty.instance_class().is_some() {
        let equal = own(e, b, "__eq__", &[a])?;
        return equal.map(|equal| operators::truth(e, &equal).map(|equal| e.negated(&equal))).transpose();
    }
    if op == CmpOp::Ne && a.ty.tuple_class().is_some_and(|class| class.member("__eq__").is_some()) {
        // `tuple` has a `__ne__` of its own, which the class has inherited.
        return Ok(None);
    }
    own(e, b, mirrored, &[a])
}

fn truth(e: &mut Emit, v: &Val) -> Answer {
    match own(e, v, "__bool__", &[])? {
        Some(answer) if answer.is_never() => Ok(Some(answer)),
        Some(answer) => operators::truth(e, &answer).map(Some),
        None => Ok(None),
    }
}

fn contains(e: &mut Emit, item: &Val, container: &Val) -> Answer {
    match own(e, container, "__contains__", &[item])? {
        Some(answer) => operators::truth(e, &answer).map(Some),
        None => Ok(None),
    }
}

/// The hash of an instance whose class does not leave it to tuples.
pub fn hash(e: &mut Emit, v: &Val) -> Answer {
    let unhashable =
        |class: &Arc<UserClass>| matches!(class.member("__hash__"), Some(Member { value: Const::None, .. }));
    match v.ty.user_class() {
        Some(class) if unhashable(class) => fault(Code::ArgumentTypes, format!("unhashable type: '{}'", class.name)),
        _ => own(e, v, "__hash__", &[]),
    }
}

/// `instance(...)`.
pub fn call_instance(e: &mut Emit, v: &Val, mut call: Call) -> Result<Val, Fault> {
    let function = v.ty.user_class().and_then(|class| class.member("__call__")).cloned();
    match function {
        Some(Member { kind: MemberKind::Method, value, .. }) => {
            let function = constant(e, &value);
            call.positional.insert(0, v.clone());
            calls::call(e, &function, call)
        }
        _ => fault(Code::NotCallable, format!("{} cannot be called", describe(&v.ty))),
    }
}

/// How a value that is an instance, or a tuple with one in it, is shown: what its class says, or `Class(field=value, …)`.
pub fn shown(e: &mut Emit, v: &Val, method: &str) -> Answer {
    if !holds_instance(&v.ty) {
        return Ok(None);
    }
    for name in [method, "__repr__"] {
        if let Some(text) = own(e, v, name, &[])? {
            return Ok(Some(text));
        }
    }
    if v.ty.instance_class().is_some() {
        let message = format!("{} is shown with its address: its class defines no {method}", describe(&v.ty));
        return Err(Box::new(Diagnostic::new(Code::Text, message).help("define __repr__ in the class")));
    }
    let class = v.ty.tuple_class().cloned();
    let count = v.ty.expanded().items().map_or(0, <[Ty]>::len);
    let open = class.as_ref().map_or_else(|| "(".to_owned(), |class| format!("{}(", class.name));
    let mut parts = vec![e.lit(Const::Str(open.into()))];
    for i in 0..count {
        let comma = if i > 0 { ", " } else { "" };
        let before = match class.as_ref().and_then(|class| class.fields.get(i)) {
            Some(field) => format!("{comma}{field}="),
            None => comma.to_owned(),
        };
        parts.push(e.lit(Const::Str(before.into())));
        let (item, none) = (e.field(v, i), e.none());
        parts.push(print::format(e, &item, &none, i64::from(b'r'))?);
    }
    let close = if class.is_none() && count == 1 { ",)" } else { ")" };
    parts.push(e.lit(Const::Str(close.into())));
    Ok(Some(print::text(e, &parts)))
}

fn holds_instance(ty: &Ty) -> bool {
    let ty = ty.expanded();
    ty.tuple_class().is_some()
        || ty.instance_class().is_some()
        || ty.items().is_some_and(|items| items.iter().any(holds_instance))
}

/// The arguments with tuples in the place of instances: NumPy takes them for tuples.
pub fn as_plain(e: &mut Emit, mut call: Call) -> Call {
    for v in call.positional.iter_mut().chain(call.keywords.iter_mut().map(|(_, v)| v)) {
        *v = plain(e, v);
    }
    call
}
