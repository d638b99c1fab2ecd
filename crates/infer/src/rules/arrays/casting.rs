//! NumPy's casting rules, as its functions and in-place operators apply them to types.

use super::literals::without;
use crate::emit::{Fault, Val, fault};
use coachwhip_ir::{Code, Const, Diagnostic, Dtype, Kind, describe};

/// A casting rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Casting {
    /// No cast at all; `equiv` is the same for the dtypes that there are.
    No,
    /// Casts that keep values.
    Safe,
    /// Safe casts, and those within a kind or to a higher one.
    SameKind,
    /// Any cast.
    Unsafe,
}

impl Casting {
    /// NumPy's name.
    pub fn name(self) -> &'static str {
        match self {
            Casting::No => "no",
            Casting::Safe => "safe",
            Casting::SameKind => "same_kind",
            Casting::Unsafe => "unsafe",
        }
    }

    /// A `casting=` argument.
    pub fn of(v: Option<&Val>, default: Casting) -> Result<Casting, Fault> {
        let Some(v) = v else { return Ok(default) };
        match v.literal() {
            Some(Const::Str(text)) => match &**text {
                "no" | "equiv" => Ok(Casting::No),
                "safe" => Ok(Casting::Safe),
                "same_kind" => Ok(Casting::SameKind),
                "unsafe" => Ok(Casting::Unsafe),
                _ => {
                    let rules = "'no', 'equiv', 'safe', 'same_kind', 'unsafe'";
                    fault(Code::ArgumentTypes, format!("casting must be one of {rules} (got '{text}')"))
                }
            },
            Some(_) => fault(Code::ArgumentTypes, format!("casting must be a str, not {}", describe(&v.ty))),
            None => without(&Some(v.clone()), "casting", &[]).map(|()| default),
        }
    }

    /// Whether the rule allows a cast.
    pub fn allows(self, from: Dtype, to: Dtype) -> bool {
        let safe = from.promote(to) == to;
        match self {
            Casting::No => from == to,
            Casting::Safe => safe,
            Casting::SameKind => safe || rank(from.kind()) <= rank(to.kind()),
            Casting::Unsafe => true,
        }
    }
}

/// NumPy's order of kinds for casting: unsigned integers come before signed ones.
pub fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Bool => 0,
        Kind::Unsigned => 1,
        Kind::Signed => 2,
        Kind::Float => 3,
        Kind::Complex => 4,
    }
}

/// The refusal of a cast that a ufunc would have to make, in NumPy's words.
pub fn refused<T>(ufunc: &str, what: &str, from: Dtype, to: Dtype, rule: Casting) -> Result<T, Fault> {
    let message = format!(
        "Cannot cast ufunc '{ufunc}' {what} from dtype('{}') to dtype('{}') with casting rule '{}'",
        from.name(),
        to.name(),
        rule.name()
    );
    let help = "NumPy raises UFuncTypeError here: convert with .astype(), or give casting=\"unsafe\" to the function";
    Err(Box::new(Diagnostic::new(Code::OperandTypes, message).help(help)))
}

/// Refuses an array that NumPy converts with a rule which forbids that; numbers and sequences are converted item by item.
pub fn check_array(v: &Val, to: Dtype, rule: Casting) -> Result<(), Fault> {
    match v.ty.array() {
        Some(ty) if !rule.allows(ty.dtype, to) => {
            refused_copy(if ty.ndim == 0 { "scalar" } else { "array data" }, ty.dtype, to, rule)
        }
        _ => Ok(()),
    }
}

/// The refusal of a cast that a copy would have to make, in NumPy's words.
pub fn refused_copy<T>(what: &str, from: Dtype, to: Dtype, rule: Casting) -> Result<T, Fault> {
    let (from, to) = (from.name(), to.name());
    let message =
        format!("Cannot cast {what} from dtype('{from}') to dtype('{to}') according to the rule '{}'", rule.name());
    let help = "NumPy raises TypeError here: convert with .astype(), or give casting=\"unsafe\"";
    Err(Box::new(Diagnostic::new(Code::ArgumentTypes, message).help(help)))
}
