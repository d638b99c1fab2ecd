//! `str` and `bytes`.
//!
//! A `str` has four forms, each as cheap as what is known of it: a literal; a character, which is its code point
//! ([`Ty::Char`]: what indexing and iteration give); a text of pieces that nobody has formatted yet ([`Ty::Text`]); and a
//! block with code points ([`coachwhip_ir::RefTy::Str`]), which the others become where they meet or leave.  `bytes` are
//! literals or blocks.

mod characters;
mod convert;
mod items;
mod membership;
mod methods;
mod operators;
mod template;

use super::{Answer, Family};
use crate::emit::{Emit, Val};
use coachwhip_ir::Const;

/// What this family answers for.
pub const FAMILY: Family = Family {
    functions: characters::FUNCTIONS,
    getattr,
    has_method: methods::has_method,
    method: methods::method,
    binary: operators::binary,
    compare: operators::compare,
    truth: operators::truth,
    contains: membership::contains,
    len: operators::len,
    getitem: items::getitem,
    item: items::item,
    iter: items::iter,
    iter_has: items::iter_has,
    iter_value: items::iter_value,
    iter_advance: items::iter_advance,
    ..Family::NONE
};

pub use items::{checked_item, positions, reversed};
pub use membership::contains as contained;
pub use methods::{bytes_method, has_bytes_method};
pub use operators::{compare as compared, repeat as repeated};

/// Numbers from strings, and strings from values.
pub const CONVERSIONS: Family = Family { functions: convert::FUNCTIONS, ..Family::NONE };

/// The functions of classes, which are no methods of their values.
pub const OF_CLASSES: [&str; 6] = [
    "builtins.str.maketrans",
    "builtins.bytes.fromhex",
    "builtins.bytearray.fromhex",
    "builtins.bytes.maketrans",
    "builtins.bytearray.maketrans",
    "builtins.int.from_bytes",
];

/// What the classes themselves have.
fn getattr(e: &mut Emit, v: &Val, name: &str) -> Answer {
    let Some(Const::Named(class)) = v.literal() else { return Ok(None) };
    let found =
        OF_CLASSES.iter().find(|whole| whole.strip_prefix(&**class).and_then(|n| n.strip_prefix('.')) == Some(name));
    if let Some(whole) = found {
        return Ok(Some(e.lit(Const::Named((*whole).into()))));
    }
    // `str.upper`, to be called with a string.
    let method = match &**class {
        "builtins.str" => methods::has_method(&coachwhip_ir::Ty::str(), name) || name == "translate",
        "builtins.bytes" => methods::has_method(&coachwhip_ir::Ty::bytes(), name),
        _ => false,
    };
    Ok(method.then(|| e.lit(Const::Named(format!("{class}.{name}").into()))))
}

/// The names of the methods, with their classes.
#[cfg(test)]
pub use methods::names as method_names;
