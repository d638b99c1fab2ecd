//! The text form of types.  NumPy scalars are written `np.float64`, so that `bool` and `np.bool` differ.

use super::Word;
use crate::ty::{IterTy, RefTy, Ty};
use std::fmt::{self, Display, Formatter};

impl Display for Ty {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Ty::Never => f.write_str("never"),
            Ty::Any => f.write_str("any"),
            Ty::None => f.write_str("none"),
            Ty::Int => f.write_str("int"),
            Ty::Float => f.write_str("float"),
            Ty::Bool => f.write_str("bool"),
            Ty::Complex => f.write_str("complex"),
            Ty::Char => f.write_str("char"),
            Ty::Scalar(dtype) => write!(f, "np.{}", dtype.name()),
            Ty::Array(array) => array.fmt(f),
            Ty::Ref(to) => match &**to {
                RefTy::List(item) => write!(f, "ref.list<{item}>"),
                RefTy::Str => f.write_str("ref.str"),
                RefTy::Bytes => f.write_str("ref.bytes"),
                RefTy::ByteArray => f.write_str("ref.bytearray"),
            },
            Ty::Tuple(items) => list(f, "tuple", items),
            Ty::NamedTuple(class, items) => {
                write!(f, "named<{class}")?;
                items.iter().try_for_each(|ty| write!(f, ", {ty}"))?;
                f.write_str(">")
            }
            Ty::ListDisplay(items) => list(f, "list", items),
            Ty::Optional(inner) => write!(f, "optional<{inner}>"),
            Ty::Range(step) => write!(f, "range<{step}>"),
            Ty::Slice(parts) => list(f, "slice", &**parts),
            Ty::Iter(iter) => iter.fmt(f),
            Ty::Ptr(None) => f.write_str("ptr"),
            Ty::Ptr(Some(target)) => write!(f, "ptr<{target}>"),
            Ty::Cell(content) => write!(f, "cell<{content}>"),
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
            Ty::Caught => f.write_str("caught"),
            Ty::Text(pieces) => list(f, "text", pieces),
            Ty::Lit(constant) => write!(f, "lit<{constant}>"),
        }
    }
}

impl Display for IterTy {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            IterTy::Range => f.write_str("iter.range"),
            IterTy::RangeStep => f.write_str("iter.range_step"),
            IterTy::Array(array) => write!(f, "iter.array<{array}>"),
            IterTy::Tuple(tuple) => write!(f, "iter.tuple<{tuple}>"),
            IterTy::List(list) => write!(f, "iter.list<{list}>"),
            IterTy::ListReversed(list) => write!(f, "iter.list_reversed<{list}>"),
            IterTy::Str(text) => write!(f, "iter.str<{text}>"),
            IterTy::StrReversed(text) => write!(f, "iter.str_reversed<{text}>"),
            IterTy::Enumerate(inner) => write!(f, "iter.enumerate<{inner}>"),
            IterTy::Zip(inner) => list(f, "iter.zip", inner),
            IterTy::Reversed(sequence) => write!(f, "iter.reversed<{sequence}>"),
            IterTy::Flat(array) => write!(f, "iter.flat<{array}>"),
            IterTy::Map(parts) => list(f, "iter.map", parts),
            IterTy::Filter(parts) => list(f, "iter.filter", parts),
        }
    }
}

/// `name<a, b>`.
fn list(f: &mut Formatter<'_>, name: &str, items: &[Ty]) -> fmt::Result {
    write!(f, "{name}<")?;
    for (position, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if position > 0 { ", " } else { "" })?;
    }
    f.write_str(">")
}
