//! `is` of arrays, which are values here: whether they are one object follows from where they come from.

use super::step::Frame;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_abi::RuntimeFn;
use coachwhip_ir::{Code, Const, Diagnostic, Func, Imm, Inst, Op, Ty, Value};
use std::collections::HashSet;

/// Where the object behind an array comes from.
#[derive(PartialEq)]
enum Origin {
    /// An argument of the function, or an array outside it: an object of Python's, by which the array's owner is known.
    Python,
    /// Made by an instruction that always makes a new object.
    New(Inst),
}

/// `x is y` of arrays.  Arrays are values here: views of one object cannot be told from it when the code runs.  So what they
/// are must be known when compiling: arguments of the function that Python calls, global arrays, and new arrays.
pub(super) fn arrays(e: &mut Emit, frame: &Frame, values: &[Value], operands: &[Val]) -> Result<Val, Fault> {
    let ([a, b], [x, y]) = (values, operands) else { return fault(Code::Internal, "is takes two operands") };
    if a == b {
        return Ok(e.bool(true));
    }
    let (p, q) = (origin(frame, *a), origin(frame, *b));
    match (p, q) {
        (Some(Origin::Python), Some(Origin::Python)) if e.engine.called_by_python_alone() => {
            let (x, y) = (e.field(x, 1), e.field(y, 1));
            let same = e.runtime(RuntimeFn::SameAddress, &[&x, &y], Ty::Int);
            let zero = e.int(0);
            Ok(e.op(Op::Ne, &[&same, &zero], Ty::Bool))
        }
        (Some(p), Some(q)) if p != q => Ok(e.bool(false)),
        _ => {
            let message = "whether these two arrays are one object is not known in compiled code";
            let mut refusal = Diagnostic::new(Code::OperandTypes, message);
            refusal = refusal.note("it is known of arguments of the function that Python calls, and of global arrays");
            Err(Box::new(refusal.help("compare in plain Python and pass the answer")))
        }
    }
}

/// The origin of a value, if all ways to it agree.
fn origin(frame: &Frame, value: Value) -> Option<Origin> {
    let func = &frame.func;
    let (mut seen, mut work) = (HashSet::from([value]), vec![value]);
    let mut found = None;
    while let Some(value) = work.pop() {
        let here = match func.def_inst(value) {
            Some(inst) => match (func.insts[inst].op, &func.insts[inst].imm) {
                (Op::PyNarrowSome | Op::PyDeclare, _) => {
                    work.extend(func.insts[inst].args.iter().filter(|arg| seen.insert(**arg)));
                    continue;
                }
                (Op::Const, Imm::Const(Const::Array(_))) => Origin::Python,
                // What is an array here has not come this way.
                (Op::Const, Imm::Const(Const::None)) => continue,
                (Op::PyCellGet, _) => match func.insts[inst].args.first().and_then(|cell| frame.ty(*cell)) {
                    Some(Ty::Lit(Const::Array(_))) => Origin::Python,
                    _ => return None,
                },
                // An augmented assignment to an array gives the array.
                (Op::PyBinary, Imm::Binary(_, true)) => {
                    let target =
                        func.insts[inst].args.first().filter(|t| frame.ty(**t).is_some_and(|ty| ty.array().is_some()));
                    match target {
                        Some(target) => work.extend(seen.insert(*target).then_some(*target)),
                        None => return None,
                    }
                    continue;
                }
                (Op::PyBinary, Imm::Binary(_, false)) | (Op::PyUnary | Op::PyCompare | Op::PyGetItem, _) => {
                    // Of a tuple, an item is what it was before.
                    let of_array =
                        func.insts[inst].args.iter().any(|arg| frame.ty(*arg).is_some_and(|ty| ty.array().is_some()));
                    // A value that has gone round a loop is another object than the one that the instruction makes next.
                    if !of_array || seen.len() > 1 {
                        return None;
                    }
                    Origin::New(inst)
                }
                _ => return None,
            },
            None if func.entry_params().contains(&value) => {
                let captured = frame.capture_position(value).is_some();
                if captured { return None } else { Origin::Python }
            }
            None => {
                let incoming: Vec<Value> = incoming(func, value);
                work.extend(incoming.into_iter().filter(|arg| seen.insert(*arg)));
                continue;
            }
        };
        match &found {
            Some(other) if *other != here => return None,
            _ => found = Some(here),
        }
    }
    found
}

/// What the edges hand to a block parameter.
fn incoming(func: &Func, param: Value) -> Vec<Value> {
    let mut all = Vec::new();
    for &block in &func.order {
        for edge in func.blocks[block].insts.iter().flat_map(|inst| &func.insts[*inst].edges) {
            let pairs = func.blocks[edge.block].params.iter().zip(&edge.args);
            all.extend(pairs.filter(|(p, _)| **p == param).map(|(_, arg)| *arg));
        }
    }
    all
}
