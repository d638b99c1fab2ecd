//! Types as users say them: `float64 array, 2 dimensions`; `tuple of int and float`; `None or int`.

use crate::constant::Const;
use crate::ty::{ArrayTy, Layout, TableKind, Ty};

/// The type in the user's words.
pub fn describe(ty: &Ty) -> String {
    match ty {
        Ty::Scalar(d) => format!("np.{}", d.numpy_name()),
        Ty::Array(a) => describe_array(a),
        Ty::Ref(_) if ty.generator().is_some() => "generator".into(),
        Ty::Ref(to) if let crate::ty::RefTy::Instance(class) = &**to => class.name.to_string(),
        Ty::Ref(to) if to.parts() == [Ty::Never] => format!("empty {}", to.text().unwrap_or("container")),
        Ty::Ref(to) => filled(to.words(), to.parts()),
        Ty::Table(table) if table.key == Ty::Never => format!("empty {}", table.kind.name()),
        Ty::Table(table) => {
            let key = describe(&table.key.widened());
            match table.kind {
                TableKind::Set | TableKind::FrozenSet => format!("{} of {key}", table.kind.name()),
                kind => format!("{} of {key} to {}", kind.name(), describe(&table.value.widened())),
            }
        }
        Ty::Shown(table, shown) => format!("{} of a {}", shown.name(), describe(table)),
        Ty::TupleOf(list) => match list.list_item() {
            Some(item) if *item != Ty::Never => format!("tuple of any number of {}", describe(&item.widened())),
            _ => "tuple of any number of items".into(),
        },
        Ty::Tuple(items) => describe_tuple(items),
        Ty::NamedTuple(class, _) | Ty::Enum(class) => class.name.to_string(),
        Ty::Union(members) => describe_union(members),
        Ty::ListDisplay(items) => describe_tuple(items).replacen("tuple", "list", 1),
        Ty::Iter(over) => filled(over.words(), over.parts()),
        Ty::Ptr(None) => "pointer to void".into(),
        Ty::Ptr(Some(inner)) => format!("pointer to {}", describe(inner)),
        Ty::Closure(..) => "nested function".into(),
        Ty::Method(receiver, name) => format!("method {name} of {}", describe(receiver)),
        Ty::Exception(class, _) => format!("exception {}", class_name(class)),
        Ty::Lit(c) => describe_constant(c),
        _ => filled(ty.words(), ty.parts()),
    }
}

/// The words of the table of types, with the parts in their places.
fn filled(words: &str, parts: &[Ty]) -> String {
    parts.iter().fold(words.to_owned(), |words, part| match words.contains("{}") {
        true => words.replacen("{}", &describe(&part.widened()), 1),
        false => words,
    })
}

/// The last part of the canonical name of an exception class.
pub fn class_name(class: &Const) -> &str {
    match class {
        Const::Named(name) => name.rsplit('.').next().unwrap_or(name),
        Const::ExceptionClass(name, _) => name,
        _ => "Exception",
    }
}

fn describe_array(a: &ArrayTy) -> String {
    let plural = if a.ndim == 1 { "" } else { "s" };
    let order = match a.layout {
        Layout::C => "",
        Layout::F if a.ndim < 2 => "",
        Layout::F => ", Fortran order",
        Layout::A => ", strided",
    };
    let readonly = if a.readonly { ", read-only" } else { "" };
    format!("{} array, {} dimension{plural}{order}{readonly}", a.dtype.name(), a.ndim)
}

fn describe_tuple(items: &[Ty]) -> String {
    match items {
        [] => "empty tuple".into(),
        [one] => format!("tuple of one {}", describe(one)),
        [first, rest @ ..] if rest.iter().all(|t| t.widened() == first.widened()) => {
            format!("tuple of {} values of type {}", items.len(), describe(&first.widened()))
        }
        [init @ .., last] => {
            let init: Vec<String> = init.iter().map(describe).collect();
            format!("tuple of {} and {}", init.join(", "), describe(last))
        }
    }
}

fn describe_union(members: &[Ty]) -> String {
    let mut words: Vec<String> = members.iter().map(describe).collect();
    words.dedup();
    words.join(" or ")
}

fn describe_constant(c: &Const) -> String {
    match c {
        Const::None => "None".into(),
        Const::Ellipsis => "...".into(),
        Const::BigInt(_) => "int of more than 64 bits".into(),
        Const::Str(_) => "str".into(),
        Const::Bytes(_) => "bytes".into(),
        Const::Slice(_) => "slice".into(),
        Const::Dtype(d) => format!("dtype {}", d.name()),
        Const::Func(_) => "function".into(),
        Const::Array(_) => "array".into(),
        Const::List(_) => "list".into(),
        Const::Module(_) => "module".into(),
        Const::Named(name) => plain_name(name).to_string(),
        Const::ExceptionClass(name, _) => format!("exception class {name}"),
        Const::Class(class) => format!("class {}", class.name),
        Const::NamedTuple(class, _) | Const::Enum(class, _) => class.name.to_string(),
        Const::Native(_) => "C function".into(),
        Const::Object(name, _) => format!("object of type {name}"),
        Const::Tuple(items) => {
            let items: Vec<Ty> = items.iter().map(|c| Ty::Lit(c.clone())).collect();
            describe_tuple(&items)
        }
        Const::Bool(_) => describe(&Ty::Bool),
        Const::Int(_) => describe(&Ty::Int),
        Const::Float(_) => describe(&Ty::Float),
        Const::Complex(..) => describe(&Ty::Complex),
        Const::Scalar(d, _) => describe(&Ty::Scalar(*d)),
    }
}

/// The name of a callable as users write it.
pub fn plain_name(name: &str) -> &str {
    let name = name.strip_prefix("builtins.").or_else(|| name.strip_prefix("overload:")).unwrap_or(name);
    name.split('#').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ty::Dtype;

    #[test]
    fn in_the_users_words() {
        let a = ArrayTy { dtype: Dtype::Float64, ndim: 2, layout: Layout::C, readonly: false };
        assert_eq!(describe(&Ty::Array(a)), "float64 array, 2 dimensions");
        assert_eq!(describe(&Ty::tuple([Ty::Int, Ty::Float])), "tuple of int and float");
        assert_eq!(describe(&Ty::Optional(Ty::Int.into())), "None or int");
        assert_eq!(describe(&Ty::Scalar(Dtype::Bool)), "np.bool_");
        assert_eq!(describe(&Ty::Lit(Const::Int(3))), "int");
    }
}
