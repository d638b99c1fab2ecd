//! Arguments that must be known at compile time: element types and memory orders.

use crate::emit::{Fault, Val, fault};
use coachwhip_ir::{Code, Const, Diagnostic, Dtype, Ty, describe};

/// The order of the elements of a new array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Row-major.
    C,
    /// Column-major.
    F,
    /// Column-major if the prototype is.
    A,
    /// As the prototype.
    K,
}

/// A `dtype=` argument; `None` if it is absent or `None`.
pub fn dtype(v: Option<&Val>) -> Result<Option<Dtype>, Fault> {
    let Some(v) = v else { return Ok(None) };
    let found = match v.literal() {
        Some(Const::None) => return Ok(None),
        Some(Const::Dtype(d)) => Some(*d),
        Some(Const::Named(name)) => named(name),
        Some(Const::Str(text)) => spelled(text),
        Some(_) => None,
        None if v.ty == Ty::None => return Ok(None),
        None => return not_constant("dtype"),
    };
    match (found, v.literal()) {
        (Some(d), _) => Ok(Some(d)),
        (None, Some(Const::Str(text))) => unknown_dtype(text),
        _ => unknown_dtype(&describe(&v.ty)),
    }
}

fn unknown_dtype<T>(text: &str) -> Result<T, Fault> {
    let names: Vec<&str> = Dtype::ALL.iter().map(|d| d.name()).collect();
    let message = format!("{text} is not an element type that compiled code supports");
    Err(Box::new(Diagnostic::new(Code::ArgumentTypes, message).help(format!("supported: {}", names.join(", ")))))
}

fn not_constant<T>(what: &str) -> Result<T, Fault> {
    fault(Code::NeedsConstant, format!("{what} must be known at compile time: write it in the call or use a global"))
}

/// A class as an element type.
fn named(name: &str) -> Option<Dtype> {
    match name {
        "builtins.int" => return Some(Dtype::Int64),
        "builtins.float" => return Some(Dtype::Float64),
        "builtins.bool" => return Some(Dtype::Bool),
        "builtins.complex" => return Some(Dtype::Complex128),
        _ => {}
    }
    let name = name.strip_prefix("numpy.")?;
    Dtype::by_name(name).or_else(|| alias(name))
}

/// Other names of NumPy's scalar classes on this platform.
fn alias(name: &str) -> Option<Dtype> {
    Some(match name {
        "bool_" => Dtype::Bool,
        "byte" => Dtype::Int8,
        "short" => Dtype::Int16,
        "intc" => Dtype::Int32,
        "int" | "int_" | "intp" | "long" | "longlong" => Dtype::Int64,
        "ubyte" => Dtype::Uint8,
        "ushort" => Dtype::Uint16,
        "uintc" => Dtype::Uint32,
        "uint" | "uintp" | "ulong" | "ulonglong" => Dtype::Uint64,
        "single" => Dtype::Float32,
        "float" | "double" => Dtype::Float64,
        "csingle" => Dtype::Complex64,
        "complex" | "cdouble" => Dtype::Complex128,
        _ => return None,
    })
}

/// A dtype string: a name, a character code, or kind and size, with or without the native byte order.
fn spelled(text: &str) -> Option<Dtype> {
    if let Some(d) = Dtype::by_name(text).or_else(|| alias(text)) {
        return Some(d);
    }
    let code = text.strip_prefix(['<', '=', '|']).unwrap_or(text);
    Some(match code {
        "?" | "b1" => Dtype::Bool,
        "b" | "i1" => Dtype::Int8,
        "h" | "i2" => Dtype::Int16,
        "i" | "i4" => Dtype::Int32,
        "l" | "q" | "p" | "n" | "i8" => Dtype::Int64,
        "B" | "u1" => Dtype::Uint8,
        "H" | "u2" => Dtype::Uint16,
        "I" | "u4" => Dtype::Uint32,
        "L" | "Q" | "P" | "N" | "u8" => Dtype::Uint64,
        "f" | "f4" => Dtype::Float32,
        "d" | "f8" => Dtype::Float64,
        "F" | "c8" => Dtype::Complex64,
        "D" | "c16" => Dtype::Complex128,
        _ => return None,
    })
}

/// An `order=` argument.
pub fn order(v: Option<&Val>, default: Order) -> Result<Order, Fault> {
    let Some(v) = v else { return Ok(default) };
    match v.literal() {
        Some(Const::None) => Ok(default),
        Some(Const::Str(text)) => match text.to_ascii_uppercase().as_str() {
            "C" => Ok(Order::C),
            "F" => Ok(Order::F),
            "A" => Ok(Order::A),
            "K" => Ok(Order::K),
            _ => fault(Code::ArgumentTypes, format!("order must be one of 'C', 'F', 'A', or 'K' (got '{text}')")),
        },
        Some(_) => fault(Code::ArgumentTypes, format!("order must be str, not {}", describe(&v.ty))),
        None => not_constant("order"),
    }
}

/// A flag that decides about types.
pub fn flag(v: Option<&Val>, name: &str, default: bool) -> Result<bool, Fault> {
    let Some(v) = v else { return Ok(default) };
    match v.literal() {
        Some(Const::None) => Ok(default),
        Some(Const::Bool(b)) => Ok(*b),
        Some(Const::Int(i)) => Ok(*i != 0),
        _ => not_constant(name),
    }
}

/// Refuses an argument that has no meaning in compiled code, unless it says what is the case anyway.
pub fn without(v: &Option<Val>, name: &str, accepted: &[Const]) -> Result<(), Fault> {
    match v.as_ref().map(|v| v.literal()) {
        None => Ok(()),
        Some(Some(c)) if *c == Const::None || accepted.contains(c) => Ok(()),
        _ => fault(Code::ArgumentTypes, format!("the argument '{name}' is not supported in compiled code")),
    }
}
