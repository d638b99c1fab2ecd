//! Strings that the running interpreter computes: by templates that are known only when the code runs, and by encodings
//! that compiled code has no tables for.

use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{expand, is_none};
use coachwhip_abi::class;
use coachwhip_abi::layout::ITEM_WORDS;
use coachwhip_ir::{Code, Const, Dtype, Factory, Imm, Op, RefTy, TableKind, Ty, describe};

/// What a callable of Python (as [`Op::TextAsk`] names it) gives for arguments: a `str`, `bytes`, number, bool, or any object.
pub fn asked(e: &mut Emit, callable: &str, args: &[Val], ty: Ty) -> Result<Val, Fault> {
    let mut pieces = Vec::with_capacity(args.len());
    for arg in args {
        if !can_travel(&arg.ty) {
            return fault(Code::Text, format!("{} cannot be formatted in compiled code", describe(&arg.ty)));
        }
        let (value, none, zero) = (e.machine(arg), e.none(), e.int(0));
        let piece = Ty::tuple([value.ty.clone(), none.ty.clone(), zero.ty.clone()]);
        pieces.push(e.pack(piece, &[&value, &none, &zero]));
    }
    let text = Ty::Text(pieces.iter().map(|piece| piece.ty.clone()).collect());
    let text = e.pack(text, &pieces.iter().collect::<Vec<_>>());
    Ok(e.op_with(Op::TextAsk, Imm::Name(callable.into()), &[&text], ty))
}

/// Whether a value can be handed to Python inside an exception or a text.
pub fn can_travel(ty: &Ty) -> bool {
    match expand(ty) {
        Ty::Text(_) | Ty::Caught | Ty::Enum(_) => true,
        Ty::NamedTuple(_, items) => items.iter().all(can_travel),
        Ty::Exception(_, args) => args.iter().all(can_travel),
        Ty::Lit(class @ (Const::Named(_) | Const::ExceptionClass(..))) => travels_by_name(&class),
        Ty::Tuple(items) | Ty::ListDisplay(items) => items.iter().all(can_travel),
        Ty::Optional(inner) => can_travel(&inner),
        ty => is_none(&ty) || travels_whole(&ty) && ty.machine().len() <= ITEM_WORDS,
    }
}

/// Whether a value can be handed over in memory, as the object that it would be as a result.  Its type goes as a text, in which
/// no class has a number.
fn travels_whole(ty: &Ty) -> bool {
    match ty {
        Ty::Never | Ty::None | Ty::Int | Ty::Float | Ty::Bool | Ty::Complex | Ty::Scalar(_) | Ty::Char => true,
        Ty::Array(_) | Ty::Range(_) | Ty::Slice(_) => true,
        Ty::Ref(to) => {
            !matches!(**to, RefTy::Generator(_) | RefTy::Instance(_)) && to.parts().iter().all(travels_whole)
        }
        Ty::TupleOf(list) => travels_whole(list),
        Ty::Table(table) if matches!(table.kind, TableKind::Default(Factory::Func(_))) => false,
        Ty::Table(table) => travels_whole(&table.key) && travels_whole(&table.value),
        Ty::Tuple(items) | Ty::ListDisplay(items) => items.iter().all(travels_whole),
        Ty::Optional(inner) => travels_whole(inner),
        Ty::Lit(c) => !matches!(
            c,
            Const::Func(_)
                | Const::Module(_)
                | Const::Named(_)
                | Const::ExceptionClass(..)
                | Const::Native(_)
                | Const::Object(..)
                | Const::Array(_)
                | Const::Class(_)
                | Const::Dtype(_)
        ),
        _ => false,
    }
}

/// Classes of `builtins` that Python is told by their names.
const CLASSES: &[&str] = &[
    "int",
    "float",
    "bool",
    "complex",
    "str",
    "bytes",
    "bytearray",
    "tuple",
    "list",
    "dict",
    "set",
    "frozenset",
    "range",
    "slice",
    "object",
    "type",
];

/// Whether a constant is a class that is handed over by its name.
fn travels_by_name(c: &Const) -> bool {
    match c {
        Const::Named(name) => {
            let of = |module: &str| name.strip_prefix(module).and_then(|name| name.strip_prefix('.'));
            class::number(name).is_some()
                || of("builtins").is_some_and(|name| CLASSES.contains(&name))
                || of("numpy")
                    .is_some_and(|name| name == "ndarray" || Dtype::ALL.iter().any(|d| d.numpy_name() == name))
        }
        Const::ExceptionClass(..) => true,
        _ => false,
    }
}

/// Whether a text of the value would be another one later.
pub fn may_change(ty: &Ty) -> bool {
    match ty {
        Ty::Caught | Ty::Array(_) | Ty::Table(_) => true,
        Ty::Ref(_) => !ty.is_str() && !ty.is_bytes(),
        Ty::Tuple(items) | Ty::NamedTuple(_, items) | Ty::ListDisplay(items) | Ty::Exception(_, items) => {
            items.iter().any(may_change)
        }
        Ty::TupleOf(list) => list.list_item().is_some_and(may_change),
        Ty::Optional(inner) => may_change(inner),
        _ => false,
    }
}
