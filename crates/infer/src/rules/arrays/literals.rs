//! Arguments that must be known at compile time: element types and memory orders.

use crate::emit::{Fault, Val, fault};
use coachwhip_ir::{Code, Const, Diagnostic, Dtype, describe};

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
    if super::index::is_none(v) {
        return Ok(None);
    }
    match (crate::rules::numbers::parse_dtype(v), v.literal()) {
        (Some(d), _) => Ok(Some(d)),
        (None, Some(Const::Str(text))) => unknown_dtype(text),
        (None, Some(_)) => unknown_dtype(&describe(&v.ty)),
        (None, None) => not_constant("dtype"),
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

/// A flag that decides about types; `None` is false, as everywhere in Python.
pub fn flag(v: Option<&Val>, name: &str, default: bool) -> Result<bool, Fault> {
    let Some(v) = v else { return Ok(default) };
    match v.literal() {
        Some(Const::None) => Ok(false),
        Some(Const::Bool(b)) => Ok(*b),
        Some(Const::Int(i)) => Ok(*i != 0),
        _ => not_constant(name),
    }
}

/// Refuses an argument that has no meaning in compiled code, unless it says what is the case anyway.
pub fn without(v: &Option<Val>, name: &str, accepted: &[Const]) -> Result<(), Fault> {
    match v.as_ref().map(|v| v.literal()) {
        None => Ok(()),
        Some(Some(c)) if accepted.contains(c) => Ok(()),
        // To a truth or a mean, `None` is not the absence of a value.
        Some(Some(Const::None)) if !matches!(name, "subok" | "mean") => Ok(()),
        _ => fault(Code::ArgumentTypes, format!("the argument '{name}' is not supported in compiled code")),
    }
}
