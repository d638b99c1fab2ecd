//! Captured variables and nested functions: cells, and the closures that hold them.
//!
//! A cell that is assigned once before it is captured is no memory at all: the closure holds the value.  A
//! nested function that is captured before it is assigned calls itself or a sibling: the closure holds
//! the function as a constant, and a call finds the captured values by name among those of the function
//! at hand.  Every other cell is a slot on the stack that holds a flag (assigned or not) and the value.
//!
//! The fields of a closure: the captured values, the defaults of the last positional parameters, the
//! defaults of keyword-only parameters.

use super::shape::{CellKind, captures_of, keyword_defaults};
use super::step::Frame;
use crate::coerce::coerce;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{join, widen};
use coachwhip_ir::{Code, Const, ErrorKind, Func, FuncId, Imm, Inst, Op, Ty, Value};
use std::sync::Arc;

/// Whether the operation is answered here.
pub fn is_cell_op(op: Op) -> bool {
    matches!(op, Op::PyCellNew | Op::PyCellGet | Op::PyCellSet | Op::PyFunction)
}

/// The value behind an operand: of a cell without memory, what is assigned to it.
pub fn resolved(frame: &Frame, value: Value) -> Option<&Val> {
    match frame.shape.cells.get(&value) {
        Some(CellKind::Alias(v) | CellKind::Late(_, v, _)) => frame.val(*v),
        _ => frame.val(value),
    }
}

/// Runs one of the four operations.
pub fn step(e: &mut Emit, frame: &mut Frame, inst: Inst) -> Result<Vec<Val>, Fault> {
    let func = frame.func.clone();
    let data = &func.insts[inst];
    match (data.op, data.args.as_slice()) {
        (Op::PyCellNew, _) => Ok(data.results.iter().map(|cell| new_cell(e, frame, *cell)).collect()),
        (Op::PyCellSet, [cell, value]) => {
            set(e, frame, *cell, *value)?;
            Ok(vec![])
        }
        (Op::PyCellGet, [cell]) => Ok(vec![get(e, frame, *cell, &data.imm)?]),
        (Op::PyFunction, args) => match data.imm {
            Imm::Code(id) => Ok(vec![closure(e, frame, inst, id, args)?]),
            _ => fault(Code::Internal, "malformed py.function"),
        },
        _ => fault(Code::Internal, "malformed cell instruction"),
    }
}

fn new_cell(e: &mut Emit, frame: &Frame, cell: Value) -> Val {
    if frame.shape.cells.get(&cell) != Some(&CellKind::Slot) {
        return e.none();
    }
    let content = frame.cells.get(&cell).cloned().unwrap_or(Ty::Never);
    let slot = Ty::tuple([Ty::Bool, content.clone()]);
    let made = e.op(Op::CellNew, &[], Ty::Cell(Arc::new(slot.clone())));
    let unassigned = e.bool(false);
    let unassigned = e.machine(&unassigned);
    let nothing = e.undef(content);
    let empty = e.pack(slot, &[&unassigned, &nothing]);
    e.effect(Op::CellSet, Imm::None, &[&made, &empty]);
    made
}

fn set(e: &mut Emit, frame: &mut Frame, cell: Value, value: Value) -> Result<(), Fault> {
    if matches!(frame.shape.cells.get(&cell), Some(CellKind::Alias(_) | CellKind::Late(..))) {
        return Ok(());
    }
    let (Some(slot), Some(v)) = (frame.val(cell).cloned(), frame.val(value).cloned()) else { return Ok(()) };
    if v.is_never() || slot.is_never() {
        return Ok(());
    }
    let Some(content) = content_of(&slot.ty) else {
        return fault(
            Code::Unsupported,
            "a nonlocal variable of a function outside the compiled one cannot be assigned",
        );
    };
    let ty = widen(&v.ty);
    frame.assigned.push((cell, ty.clone()));
    if frame.cell_conflicts.contains(&cell) {
        let message = format!(
            "the captured variable is assigned values that do not go together: {} and {}",
            coachwhip_ir::describe(&content),
            coachwhip_ir::describe(&ty)
        );
        return fault(Code::Join, message);
    }
    if join(&content, &ty).as_ref() != Ok(&content) {
        return Ok(());
    }
    let v = coerce(e, &v, &content)?;
    let assigned = e.bool(true);
    let assigned = e.machine(&assigned);
    let full = e.pack(Ty::tuple([Ty::Bool, content]), &[&assigned, &v]);
    e.effect(Op::CellSet, Imm::None, &[&slot, &full]);
    Ok(())
}

/// The content of a slot, without the flag.
fn content_of(slot: &Ty) -> Option<Ty> {
    match slot {
        Ty::Cell(inner) => inner.fields().and_then(|f| f.get(1).cloned()),
        _ => None,
    }
}

fn get(e: &mut Emit, frame: &Frame, cell: Value, imm: &Imm) -> Result<Val, Fault> {
    let Some(v) = resolved(frame, cell).cloned() else { return Ok(e.never()) };
    if v.is_never() || frame.shape.cells.get(&cell).is_some_and(|k| *k != CellKind::Slot) {
        return Ok(v);
    }
    match &v.ty {
        Ty::Cell(inner) => {
            let inner = (**inner).clone();
            let content = e.op(Op::CellGet, &[&v], inner);
            let assigned = e.field(&content, 0);
            let name = name_of(e, imm);
            let free = frame.capture_position(cell).is_some();
            let kind = if free { ErrorKind::UnboundFree } else { ErrorKind::UnboundLocal };
            e.guard(&assigned, kind, &[&name]);
            Ok(e.field(&content, 1))
        }
        // What the snapshot says of a cell that is empty in Python.
        Ty::Lit(Const::Object(what, _)) if &**what == "an empty closure cell" => {
            let name = name_of(e, imm);
            Ok(e.fail(ErrorKind::UnboundFree, &[&name]))
        }
        Ty::Lit(c) => {
            let c = c.clone();
            Ok((e.engine.rules().constant)(e, &c))
        }
        _ => Ok(v),
    }
}

fn name_of(e: &mut Emit, imm: &Imm) -> Val {
    let name = match imm {
        Imm::Name(name) => name.clone(),
        _ => Arc::from("?"),
    };
    e.lit(Const::Str(name))
}

fn closure(e: &mut Emit, frame: &Frame, inst: Inst, id: FuncId, args: &[Value]) -> Result<Val, Fault> {
    let func = frame.func.clone();
    let mut items = Vec::new();
    for cell in captures_of(&func, args) {
        let item = match frame.shape.cells.get(cell) {
            Some(CellKind::Late(nested, _, set)) if !earlier(frame, *set, inst) => Some(e.lit(Const::Func(*nested))),
            _ => resolved(frame, *cell).cloned(),
        };
        match item {
            Some(v) if !v.is_never() => items.push(v),
            _ => return Ok(e.never()),
        }
    }
    if let Some(defaults) = args.first().and_then(|v| frame.val(*v)).cloned() {
        items.extend((e.engine.rules().items)(e, &defaults)?);
    }
    let keywords = keyword_defaults(&func, args).len();
    for value in args.iter().skip(2).take(keywords) {
        match frame.val(*value) {
            Some(v) if !v.is_never() => items.push(v.clone()),
            _ => return Ok(e.never()),
        }
    }
    if items.is_empty() {
        return Ok(e.lit(Const::Func(id)));
    }
    let ty = Ty::Closure(id, items.iter().map(|v| v.ty.clone()).collect());
    let items: Vec<&Val> = items.iter().collect();
    Ok(e.pack(ty, &items))
}

/// Whether one instruction is reached on every way to another.
fn earlier(frame: &Frame, a: Inst, b: Inst) -> bool {
    let place = |inst: Inst| {
        frame.shape.order.iter().find_map(|block| {
            let at = frame.func.blocks[*block].insts.iter().position(|i| *i == inst)?;
            Some((*block, at))
        })
    };
    match (place(a), place(b)) {
        (Some(a), Some(b)) => frame.shape.before(a, b),
        _ => false,
    }
}

/// The defaults of a nested function: of the positional parameters, if all are constants, and the names of
/// the keyword-only parameters that have one.
pub fn constant_defaults(func: &Func, inst: Inst) -> (Vec<Const>, Vec<Arc<str>>) {
    let args = &func.insts[inst].args;
    let positional = match args.first().and_then(|v| func.constant(*v)) {
        Some(Const::Tuple(items)) => items.to_vec(),
        _ => vec![],
    };
    (positional, keyword_defaults(func, args))
}
