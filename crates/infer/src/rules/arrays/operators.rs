//! Operators on arrays.  Arithmetic and comparison of whole arrays come with array expressions; this file
//! is where they will be built.

use crate::emit::{Emit, Val};
use crate::rules::Answer;
use coachwhip_ir::{BinaryOp, CmpOp, Code, Const, Diagnostic, Ty, UnaryOp, describe};

fn is_array(v: &Val) -> bool {
    matches!(v.ty, Ty::Array(_) | Ty::Lit(Const::Array(_)))
}

fn refusal(what: &str, symbol: &str) -> Diagnostic {
    Diagnostic::new(Code::OperandTypes, format!("{what} of whole arrays is not supported yet"))
        .help(format!("write the loop over the elements: for i in range(len(a)): … a[i] {symbol} …"))
}

/// `-a`, `+a`, `~a`.
pub fn unary(_e: &mut Emit, op: UnaryOp, v: &Val) -> Answer {
    if is_array(v) { Err(Box::new(refusal("arithmetic", op.symbol()))) } else { Ok(None) }
}

/// `a op b`.
pub fn binary(_e: &mut Emit, op: BinaryOp, inplace: bool, a: &Val, b: &Val) -> Answer {
    if !is_array(a) && !is_array(b) {
        return Ok(None);
    }
    let refused = refusal("arithmetic", op.symbol());
    let kinds = format!("{} {}{} {}", describe(&a.ty), op.symbol(), if inplace { "=" } else { "" }, describe(&b.ty));
    Err(Box::new(refused.note(kinds)))
}

/// `a < b` and so on.
pub fn compare(_e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Answer {
    if is_array(a) || is_array(b) {
        return Err(Box::new(refusal("comparison", op.symbol())));
    }
    Ok(None)
}
