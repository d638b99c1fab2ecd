//! The lattice: the type of a variable where paths meet, and the conversion to it on each path.

use crate::emit::{Emit, Fault, Val};
use coachwhip_ir::Ty;

/// The least type that holds the values of both; the error says in the user's words why there is none.
pub fn join(a: &Ty, b: &Ty) -> Result<Ty, String> {
    if a == b { Ok(a.clone()) } else { Err(String::new()) }
}

/// The value in a type that joins its own with others'.
pub fn coerce(_e: &mut Emit, v: &Val, _ty: &Ty) -> Result<Val, Fault> {
    Ok(v.clone())
}
