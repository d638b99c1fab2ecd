//! The text form of types.  NumPy scalars are written `np.float64`, so that `bool` and `np.bool` differ.

use super::Word;
use crate::structure::Parts;
use crate::ty::{Factory, IterTy, RefTy, TableKind, Ty};
use std::fmt::{self, Display, Formatter};

impl Display for Ty {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Ty::Scalar(dtype) => write!(f, "np.{}", dtype.name()),
            Ty::Array(array) => array.fmt(f),
            Ty::Table(table) => match table.kind {
                TableKind::Dict => write!(f, "dict<{}, {}>", table.key, table.value),
                TableKind::Counter => write!(f, "counter<{}, {}>", table.key, table.value),
                TableKind::Default(Factory::None) => write!(f, "defaultdict.none<{}, {}>", table.key, table.value),
                TableKind::Default(Factory::Class(class)) => {
                    write!(f, "defaultdict.{class}<{}, {}>", table.key, table.value)
                }
                TableKind::Default(Factory::Func(id)) => {
                    write!(f, "defaultdict.func<{id}, {}, {}>", table.key, table.value)
                }
                kind => write!(f, "{}<{}>", kind.name(), table.key),
            },
            Ty::Shown(table, shown) => write!(f, "view.{}<{table}>", shown.name()),
            Ty::Enum(class) => write!(f, "enum<{class}>"),
            Ty::NamedTuple(class, items) => {
                write!(f, "named<{class}")?;
                items.iter().try_for_each(|ty| write!(f, ", {ty}"))?;
                f.write_str(">")
            }
            Ty::Ref(to) if self.generator().is_some() => {
                let RefTy::Generator(of) = &**to else { return Ok(()) };
                write!(f, "generator<{}, {}, {}>", of.func, of.yields, of.returns)
            }
            Ty::Ref(to) if let RefTy::Instance(class) = &**to => write!(f, "ref.instance<{class}>"),
            Ty::Ref(to) => regular(f, "ref.", to.text(), RefTy::parts_of, to.parts()),
            Ty::Iter(over) => regular(f, "iter.", over.text(), IterTy::parts_of, over.parts()),
            Ty::Ptr(None) => f.write_str("ptr"),
            Ty::Ptr(Some(target)) => write!(f, "ptr<{target}>"),
            Ty::Closure(id, captured) => {
                write!(f, "closure<{id}")?;
                captured.iter().try_for_each(|ty| write!(f, ", {ty}"))?;
                f.write_str(">")
            }
            Ty::Method(receiver, name) => write!(f, "method<{receiver}, {}>", Word(name)),
            Ty::Exception(class, args) => {
                write!(f, "exception<{class}")?;
                args.iter().try_for_each(|ty| write!(f, ", {ty}"))?;
                f.write_str(">")
            }
            Ty::Lit(constant) => write!(f, "lit<{constant}>"),
            _ => regular(f, "", self.text(), Ty::parts_of, self.parts()),
        }
    }
}

/// A type with a row in the table of types: `name`, or `name<a, b>`.
fn regular(
    f: &mut Formatter<'_>,
    prefix: &str,
    text: Option<&str>,
    form: fn(&str) -> Option<Parts>,
    parts: &[Ty],
) -> fmt::Result {
    let text = text.unwrap_or("unknown");
    write!(f, "{prefix}{text}")?;
    if form(text) == Some(Parts::No) {
        return Ok(());
    }
    f.write_str("<")?;
    for (position, part) in parts.iter().enumerate() {
        write!(f, "{}{part}", if position > 0 { ", " } else { "" })?;
    }
    f.write_str(">")
}
