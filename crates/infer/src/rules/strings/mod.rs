//! `str` and `bytes`.
//!
//! A `str` has four forms, each as cheap as what is known of it: a literal; a character, which is its code point
//! ([`Ty::Char`]: what indexing and iteration give); a text of pieces that nobody has formatted yet ([`Ty::Text`]); and a
//! block with code points ([`coachwhip_ir::RefTy::Str`]), which the others become where they meet or leave.  `bytes` are
//! literals or blocks.

mod characters;
mod items;
mod membership;
mod operators;

use super::Family;

/// What this family answers for.
pub const FAMILY: Family = Family {
    functions: characters::FUNCTIONS,
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

pub use items::{checked_item, reversed};
