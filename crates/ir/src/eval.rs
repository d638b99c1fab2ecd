//! Evaluates one pure operation on constants: the folder of `infer` and `opt`, and the arithmetic of the
//! reference interpreter.

use crate::constant::Const;
use crate::op::{Imm, Op};
use crate::ty::Ty;

/// The results of a pure operation on constants, one for each result type; `None` if it has none that a
/// constant can hold or the operation is not foldable.
pub fn fold(_op: Op, _imm: &Imm, _args: &[Const], _results: &[Ty]) -> Option<Vec<Const>> {
    None
}
