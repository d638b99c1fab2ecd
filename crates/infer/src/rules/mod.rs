//! One rule per operation, in one folder or file per family.
//!
//! A family is a [`Family`] value: the callables it knows by canonical name, and functions that answer for
//! operators, attributes, items and iteration over the types that are its own.  `Ok(None)` says "not
//! mine"; the dispatchers ([`operators`], [`attributes`], [`calls`]) ask the families in the order of
//! [`FAMILIES`] and refuse with a diagnostic if none answers.
//!
//! What a rule may rely on: no operand has type `Never` or `Any`; an operand of type `Optional` has been
//! opened (with a `guard[none_value]`) for operators, items, iteration and the callables of `numbers`.
//! Operands may be literals.  What it must keep: results are literals or in machine form, tuples may mix.

pub mod applied;
pub mod arrays;
pub mod attributes;
pub mod bytearrays;
pub mod calls;
pub mod contexts;
pub mod counters;
pub mod defaults;
pub mod enums;
pub mod exceptions;
pub mod foreign;
pub mod functional;
pub mod generators;
pub mod identity;
pub mod index;
pub mod instances;
pub mod instructions;
pub mod iterators;
#[cfg(test)]
mod known;
pub mod library;
pub mod lists;
pub mod named;
pub mod nothing;
pub mod numbers;
pub mod objects;
pub mod operators;
pub mod percent;
pub mod print;
pub mod ranges;
pub mod runs;
pub mod sets;
pub mod slices;
pub mod strings;
pub mod tables;
pub mod tuples;
pub mod types;
pub mod views;

use crate::args::Args;
use crate::depth::deeper;
use crate::emit::{Emit, Fault, Val};
use coachwhip_ir::{BinaryOp, CmpOp, Ty, UnaryOp};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A callable's rule.
pub type Rule = fn(&mut Emit, &Args) -> Result<Val, Fault>;

/// A family's answer: a value, a refusal in the user's words, or `None`: another family's business.
pub type Answer = Result<Option<Val>, Fault>;

/// What a family of rules answers for; [`Family::NONE`] for nothing.
#[derive(Clone, Copy)]
pub struct Family {
    /// Callables by canonical name: `math.sqrt`, `numpy.zeros`, `builtins.len`.
    pub functions: &'static [(&'static str, Rule)],
    /// `-x`, `+x`, `~x`.  `not x` is made of `truth`.
    pub unary: fn(&mut Emit, UnaryOp, &Val) -> Answer,
    /// `a op b`; `true` for the augmented assignment.
    pub binary: fn(&mut Emit, BinaryOp, bool, &Val, &Val) -> Answer,
    /// `a < b` and so on.
    pub compare: fn(&mut Emit, CmpOp, &Val, &Val) -> Answer,
    /// `bool(x)` as `if` takes it: `Bool` or a literal bool.
    pub truth: fn(&mut Emit, &Val) -> Answer,
    /// `item in container`: item first.
    pub contains: fn(&mut Emit, &Val, &Val) -> Answer,
    /// `len(x)`.
    pub len: fn(&mut Emit, &Val) -> Answer,
    /// `x[i]`.
    pub getitem: fn(&mut Emit, &Val, &Val) -> Answer,
    /// `x[i] = v`; the answer's value is not looked at.
    pub setitem: fn(&mut Emit, &Val, &Val, &Val) -> Answer,
    /// `del x[i]`; the answer's value is not looked at.
    pub delitem: fn(&mut Emit, &Val, &Val) -> Answer,
    /// The item at position i of a sequence, where 0 <= i < `len` is known: no check.
    pub item: fn(&mut Emit, &Val, &Val) -> Answer,
    /// `x.name` for data attributes.
    pub getattr: fn(&mut Emit, &Val, &str) -> Answer,
    /// `x.name = v`.
    pub setattr: fn(&mut Emit, &Val, &str, &Val) -> Answer,
    /// Whether values of a type have a method; `x.name` is then a `Ty::Method`.
    pub has_method: fn(&Ty, &str) -> bool,
    /// `x.name(args)`.
    pub method: fn(&mut Emit, &Val, &str, &Args) -> Answer,
    /// `iter(x)`.
    pub iter: fn(&mut Emit, &Val) -> Answer,
    /// Whether the iterator has another item.
    pub iter_has: fn(&mut Emit, &Val) -> Answer,
    /// Its next item.
    pub iter_value: fn(&mut Emit, &Val) -> Answer,
    /// The iterator after that item.
    pub iter_advance: fn(&mut Emit, &Val) -> Answer,
}

impl Family {
    /// The family that answers nothing; others are written `Family { binary, ..Family::NONE }`.
    pub const NONE: Family = Family {
        functions: &[],
        unary: |_, _, _| Ok(None),
        binary: |_, _, _, _, _| Ok(None),
        compare: |_, _, _, _| Ok(None),
        truth: |_, _| Ok(None),
        contains: |_, _, _| Ok(None),
        len: |_, _| Ok(None),
        getitem: |_, _, _| Ok(None),
        setitem: |_, _, _, _| Ok(None),
        delitem: |_, _, _| Ok(None),
        item: |_, _, _| Ok(None),
        getattr: |_, _, _| Ok(None),
        setattr: |_, _, _, _| Ok(None),
        has_method: |_, _| false,
        method: |_, _, _, _| Ok(None),
        iter: |_, _| Ok(None),
        iter_has: |_, _| Ok(None),
        iter_value: |_, _| Ok(None),
        iter_advance: |_, _| Ok(None),
    };
}

/// Every family, in the order in which they are asked.
pub const FAMILIES: &[Family] = &[
    foreign::FAMILY,
    runs::FAMILY,
    named::FAMILY,
    enums::FAMILY,
    instances::FAMILY,
    numbers::FAMILY,
    arrays::FAMILY,
    arrays::PICKS,
    lists::FAMILY,
    objects::FAMILY,
    bytearrays::FAMILY,
    tables::FAMILY,
    sets::FAMILY,
    arrays::REDUCTIONS,
    tuples::FAMILY,
    ranges::FAMILY,
    slices::FAMILY,
    iterators::FAMILY,
    generators::FAMILY,
    applied::FAMILY,
    functional::FAMILY,
    types::FAMILY,
    contexts::FAMILY,
    strings::FAMILY,
    strings::CONVERSIONS,
    print::FAMILY,
    attributes::FAMILY,
    library::FAMILY,
];

/// The first answer of the families.
pub fn ask(mut question: impl FnMut(&Family) -> Answer) -> Answer {
    deeper(|| {
        for family in FAMILIES {
            if let Some(answer) = question(family)? {
                return Ok(Some(answer));
            }
        }
        Ok(None)
    })
}

/// The rule of a callable by canonical name (`math.sqrt`, `numpy.zeros`, `builtins.len`).
pub fn function(name: &str) -> Option<Rule> {
    static TABLE: OnceLock<HashMap<&'static str, Rule>> = OnceLock::new();
    let table = TABLE.get_or_init(|| FAMILIES.iter().flat_map(|f| f.functions.iter().copied()).collect());
    table.get(name).copied()
}
