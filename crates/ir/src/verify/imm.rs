//! The kind of immediate that each operation carries.

use super::Check;
use crate::func::InstData;

/// Whether the immediate is of the operation's kind.
pub fn check(data: &InstData) -> Check {
    match data.op.imm_kind().fits(&data.imm) {
        true => Ok(()),
        false => Err("carries the wrong kind of immediate".into()),
    }
}
