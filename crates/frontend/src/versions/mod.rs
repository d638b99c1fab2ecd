//! One table of opcodes per CPython version, each in a file of its own.
//!
//! A row is `number NAME caches => [instructions];` with the operand and the code unit behind the
//! instruction and its caches, from which jumps count, at hand.

use crate::ins::Ins;

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
/// returns the number of cache units behind it, `None` for an unknown opcode.
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

/// Appends the instructions of one opcode; see `opcodes!`.
pub type Decode = fn(u8, u32, u32, &mut dyn FnMut(Ins)) -> Option<u32>;

/// The table of a version and its number for `EXTENDED_ARG`; `None` if the version is not supported.
pub fn table(version: (u8, u8)) -> Option<(Decode, u8)> {
    match version {
        (3, 11) => Some((v311::decode, 144)),
        _ => None,
    }
}
