//! Diagnostics of the engine itself: places, operands' types, variables that do not join.

use super::flow::Conflict;
use super::step::Frame;
use coachwhip_ir::{Code, Const, Diagnostic, Inst, LocData, Op, Ty, describe};

/// The fault of a rule with its place and what its operands are.
pub fn placed(frame: &Frame, inst: Inst, fault: Diagnostic) -> Diagnostic {
    let func = &frame.func;
    let data = &func.insts[inst];
    let types: Vec<&Ty> = data.args.iter().filter_map(|&arg| frame.ty(arg)).collect();
    let mut fault = deeper(fault, &types).at(&func.locs[data.loc], "");
    if matches!(fault.code, Code::OperandTypes) && matches!(data.op, Op::PyBinary | Op::PyCompare) {
        for arg in &data.args {
            let place = func.def_inst(*arg).map(|i| &func.locs[func.insts[i].loc]);
            if let (Some(ty), Some(place)) = (frame.ty(*arg), place)
                && within(place, &func.locs[data.loc])
            {
                fault = fault.also(place, describe(ty));
            }
        }
    }
    fault
}

/// The reason behind a refusal, where an operand is something that nothing in compiled code accepts.
fn deeper(mut fault: Diagnostic, types: &[&Ty]) -> Diagnostic {
    use Code::*;
    let about_operands = matches!(
        fault.code,
        OperandTypes | UnknownAttribute | NotIterable | NotSubscriptable | NotCallable | Condition
    );
    let has = |what: fn(&Const) -> bool| types.iter().any(|ty| ty.literal().is_some_and(what));
    let object = types.iter().find_map(|ty| match ty.literal() {
        Some(Const::Object(name, _)) => Some(name),
        _ => None,
    });
    if let Some(name) = object.filter(|_| about_operands) {
        fault.code = UnsupportedObject;
        fault.message = format!("an object of type {name} cannot be used in compiled code");
        return fault
            .help("put the number or array that is needed into a global of its own, or pass it as an argument");
    }
    if fault.code == OperandTypes && has(|c| matches!(c, Const::BigInt(_))) {
        fault.code = IntLiteral;
        return fault.help("use a float, or an int of at most 64 bits");
    }
    fault
}

fn within(inner: &LocData, outer: &LocData) -> bool {
    let starts = (outer.line, outer.column) <= (inner.line, inner.column);
    let ends = (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column);
    inner.file == outer.file
        && inner.line > 0
        && starts
        && ends
        && (inner.line, inner.column, inner.end_column) != (outer.line, outer.column, outer.end_column)
}

/// A variable whose types on two paths do not go together.
pub fn conflict(frame: &Frame, conflict: &Conflict, used: Inst) -> Diagnostic {
    let func = &frame.func;
    let name = func.variables.get(&conflict.param);
    let what = name.map_or("a value".to_string(), |n| format!("variable '{n}'"));
    let mut fault = Diagnostic::new(Code::Join, format!("{what} has no single type: {}", conflict.why));
    fault = fault.at(&func.locs[func.insts[used].loc], "used here");
    for (loc, ty) in &conflict.sides {
        if let (Some(loc), false) = (loc, *ty == Ty::Never) {
            fault = fault.also(&func.locs[*loc], describe(ty));
        }
    }
    fault.help("use another variable for the value of the other type")
}
