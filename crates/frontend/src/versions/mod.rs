//! One table of opcodes per CPython version, each in a file of its own.
//!
//! A row is `number NAME caches => [instructions];` with the operand and the code unit after the
//! instruction and its caches, from which jumps count, at hand.

use crate::ins::Ins;
use crate::refusal::Refusal;
use coachwhip_ir::{Const, UnaryOp};

/// Where an instruction stands.
#[derive(Clone, Copy)]
pub struct At {
    next: u32,
}

impl At {
    /// The unit `distance` units ahead.
    pub fn forward(self, distance: u32) -> u32 {
        self.next.saturating_add(distance)
    }
    /// The unit `distance` units back; a unit that does not exist if that is before the start.
    pub fn backward(self, distance: u32) -> u32 {
        self.next.checked_sub(distance).unwrap_or(u32::MAX)
    }
}

/// Declares a version's table as a function: appends the instructions of an opcode at a code unit and
/// returns the number of cache units after it, `None` for an unknown opcode.
macro_rules! opcodes {
    (|$arg:ident, $at:ident| $($number:literal $name:ident $caches:literal => [$($ins:expr),*];)*) => {
        pub fn decode(op: u8, $arg: u32, unit: u32, out: &mut dyn FnMut($crate::ins::Ins)) -> Option<u32> {
            use $crate::ins::Ins::*;
            use $crate::refusal::Refusal as R;
            use coachwhip_ir::UnaryOp;
            match op {
                $($number => {
                    #[allow(unused_variables)] // most rows do not jump
                    let $at = $crate::versions::At { next: unit + 1 + $caches };
                    $(out($ins);)*
                    Some($caches)
                })*
                _ => None,
            }
        }
    };
}

mod v311;
mod v312;
mod v313;
mod v314;
mod v315;

/// The instruction behind the number of `CALL_INTRINSIC_1`.
fn intrinsic(number: u32) -> Ins {
    match number {
        1 => Ins::Refuse(Refusal::Interactive),
        2 => Ins::Refuse(Refusal::Import),
        3 => Ins::StopIteration,
        4 => Ins::Refuse(Refusal::Coroutine),
        5 => Ins::Unary(UnaryOp::Pos),
        6 => Ins::ListToTuple,
        7..=11 => Ins::Refuse(Refusal::Types),
        _ => Ins::Bad,
    }
}

/// The object behind the number of `LOAD_COMMON_CONSTANT`.
fn common_constant(number: u32) -> Ins {
    match number {
        0 => Ins::Builtin("builtins.AssertionError"),
        1 => Ins::Builtin("builtins.NotImplementedError"),
        2 => Ins::Builtin("builtins.tuple"),
        3 => Ins::Builtin("builtins.all"),
        4 => Ins::Builtin("builtins.any"),
        // From here on since 3.15.
        5 => Ins::Builtin("builtins.list"),
        6 => Ins::Builtin("builtins.set"),
        7 => Ins::Literal(Const::None),
        8 => Ins::Literal(Const::Str("".into())),
        9 => Ins::Literal(Const::Bool(true)),
        10 => Ins::Literal(Const::Bool(false)),
        11 => Ins::Literal(Const::Int(-1)),
        _ => Ins::Bad,
    }
}

/// Appends the instructions of one opcode; see `opcodes!`.
pub type Decode = fn(u8, u32, u32, &mut dyn FnMut(Ins)) -> Option<u32>;

/// The table of a version and its number for `EXTENDED_ARG`; `None` if the version is not supported.
pub fn table(version: (u8, u8)) -> Option<(Decode, u8)> {
    match version {
        (3, 11) => Some((v311::decode, 144)),
        (3, 12) => Some((v312::decode, 144)),
        (3, 13) => Some((v313::decode, 71)),
        (3, 14) => Some((v314::decode, 69)),
        (3, 15) => Some((v315::decode, 67)),
        _ => None,
    }
}
