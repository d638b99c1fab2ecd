//! The text form of constants: as Python writes them where Python has a form.

use super::{Quoted, Word};
use crate::class::{Member, UserClass};
use crate::constant::{Bits, Const};
use crate::ty::{Dtype, Kind};
use std::fmt::{self, Display, Formatter, Write};

impl Display for Const {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Const::None => f.write_str("None"),
            Const::Ellipsis => f.write_str("Ellipsis"),
            Const::Bool(b) => f.write_str(if *b { "True" } else { "False" }),
            Const::Int(i) => write!(f, "{i}"),
            Const::BigInt(digits) => write!(f, "bigint({})", Quoted(digits)),
            Const::Float(bits) => write_float(f, *bits),
            Const::Complex(re, im) => {
                f.write_str("complex(")?;
                write_float(f, *re)?;
                f.write_str(", ")?;
                write_float(f, *im)?;
                f.write_char(')')
            }
            Const::Str(text) => Quoted(text).fmt(f),
            Const::Bytes(bytes) => write!(f, "bytes(\"{}\")", bytes.escape_ascii()),
            Const::Tuple(items) => write_items(f, items),
            Const::Class(class) => class.fmt(f),
            Const::Enum(class, word) => write!(f, "enum({class}, {word})"),
            Const::NamedTuple(class, items) => {
                write!(f, "named({class}, ")?;
                write_items(f, items)?;
                f.write_char(')')
            }
            Const::Slice(parts) => {
                let [start, stop, step] = &**parts;
                write!(f, "slice({start}, {stop}, {step})")
            }
            Const::Scalar(dtype, bits) => {
                write!(f, "np.{}(", dtype.name())?;
                write_scalar(f, *dtype, *bits)?;
                f.write_char(')')
            }
            Const::Dtype(dtype) => write!(f, "dtype.{}", dtype.name()),
            Const::Func(id) => id.fmt(f),
            Const::Array(number) => write!(f, "global({number})"),
            Const::List(number) => write!(f, "global_list({number})"),
            Const::Module(number) => write!(f, "module({number})"),
            Const::Named(name) => write!(f, "@{}", Word(name)),
            Const::ExceptionClass(name, number) => write!(f, "exception_class({}, {number})", Quoted(name)),
            Const::Native(number) => write!(f, "native({number})"),
            Const::Object(name, number) => write!(f, "object({}, {number})", Quoted(name)),
        }
    }
}

impl Display for UserClass {
    /// `class("Point", ("tuple",), (3,), ("x", "y"), (0.0,), (method norm fn4,))`.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "class({}, ", Quoted(&self.name))?;
        write_items(f, &self.traits.iter().map(|word| Const::Str(word.clone())).collect::<Vec<_>>())?;
        f.write_str(", ")?;
        write_items(f, &self.lineage)?;
        f.write_str(", ")?;
        write_items(f, &self.fields.iter().map(|name| Const::Str(name.clone())).collect::<Vec<_>>())?;
        f.write_str(", ")?;
        write_items(f, &self.defaults)?;
        f.write_str(", ")?;
        write_items(f, &self.members)?;
        if !self.types.is_empty() {
            f.write_str(", ")?;
            write_items(f, &self.types)?;
        }
        f.write_char(')')
    }
}

impl Display for Member {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.kind.word(), Quoted(&self.name), self.owner, self.value)
    }
}

/// `(a, b)`, as Python writes tuples.
fn write_items(f: &mut Formatter<'_>, items: &[impl Display]) -> fmt::Result {
    f.write_char('(')?;
    for (position, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if position > 0 { ", " } else { "" })?;
    }
    f.write_str(if items.len() == 1 { ",)" } else { ")" })
}

/// The shortest digits that read back as the same float; `nan(0x…)` for a NaN with unusual bits.
fn write_float(f: &mut Formatter<'_>, bits: u64) -> fmt::Result {
    let value = f64::from_bits(bits);
    if !value.is_nan() {
        write!(f, "{value:?}")
    } else if bits == f64::NAN.to_bits() {
        f.write_str("nan")
    } else {
        write!(f, "nan({bits:#x})")
    }
}

/// What stands between the parentheses of `np.float32(…)`.
fn write_scalar(f: &mut Formatter<'_>, dtype: Dtype, Bits(re, im): Bits) -> fmt::Result {
    match dtype.kind() {
        Kind::Bool => f.write_str(if re != 0 { "True" } else { "False" }),
        Kind::Signed => write!(f, "{}", re as i64),
        Kind::Unsigned => write!(f, "{re}"),
        Kind::Float => write_part(f, dtype, re),
        Kind::Complex => {
            write_part(f, dtype.real(), re)?;
            f.write_str(", ")?;
            write_part(f, dtype.real(), im)
        }
    }
}

/// A float part: a float32 with its own shortest digits.
fn write_part(f: &mut Formatter<'_>, dtype: Dtype, bits: u64) -> fmt::Result {
    let single = f64::from_bits(bits) as f32;
    if dtype == Dtype::Float32 && f64::from(single).to_bits() == bits && !single.is_nan() {
        write!(f, "{single:?}")
    } else {
        write_float(f, bits)
    }
}
