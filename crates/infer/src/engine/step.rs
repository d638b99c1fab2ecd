//! One instruction of untyped SSA: its operands as values and the rule that answers for it.

use super::lists::Class;
use super::shape::Shape;
use super::{Environment, cells, changes, identity};
use crate::args::Call;
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::is_too_large;
use crate::rules::{
    attributes, calls, exceptions, iterators, lists, nothing, objects, operators, print, slices, tuples,
};
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{Code, Const, ErrorKind, Func, FuncId, Imm, Inst, InstData, Loc, Op, Ty, Value};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The values of a function's untyped SSA while it is run through the rules.
pub struct Frame {
    /// The function.
    pub id: FuncId,
    /// Its untyped SSA.
    pub func: Arc<Func>,
    /// What is known of it before types.
    pub shape: Arc<Shape>,
    /// Typed values by untyped number.
    pub vals: Vec<Option<Val>>,
    /// Contents of cells in memory, without the flag.
    pub cells: HashMap<Value, Ty>,
    /// Cells whose assigned types do not join.
    pub cell_conflicts: HashSet<Value>,
    /// Whether all types stand still, so that what does not fit is reported.
    pub settled: bool,
    /// Item types of classes of lists.
    pub items: HashMap<Class, Ty>,
    /// Classes whose item type the last instruction has widened.
    pub widened: Vec<Class>,
    /// Why the items of a class have no common type.
    pub item_conflicts: HashMap<Class, String>,
    /// Assignments to cells made by the last instruction.
    pub assigned: Vec<(Value, Ty)>,
    /// How many exceptions were being handled when the function was entered.
    pub handled: Option<Val>,
}

impl Frame {
    /// A frame without values.
    pub fn new(id: FuncId, func: Arc<Func>, shape: Arc<Shape>) -> Frame {
        let vals = vec![None; func.values.len()];
        Frame {
            id,
            func,
            shape,
            vals,
            cells: HashMap::new(),
            cell_conflicts: HashSet::new(),
            settled: false,
            items: HashMap::new(),
            widened: Vec::new(),
            item_conflicts: HashMap::new(),
            assigned: Vec::new(),
            handled: None,
        }
    }

    /// The typed value behind an untyped one, if it has been reached.
    pub fn val(&self, value: Value) -> Option<&Val> {
        self.vals.get(value.index()).and_then(Option::as_ref)
    }

    /// Its type.
    pub fn ty(&self, value: Value) -> Option<&Ty> {
        self.val(value).map(|v| &v.ty)
    }

    /// Sets the typed value.
    pub fn set(&mut self, value: Value, val: Val) {
        if let Some(slot) = self.vals.get_mut(value.index()) {
            *slot = Some(val);
        }
    }

    /// The place that gave a value its type.
    pub fn origin(&self, value: Value) -> Option<Loc> {
        self.func.def_inst(value).map(|i| self.func.insts[i].loc)
    }

    /// Position among the function's captures of a cell that is one.
    pub fn capture_position(&self, cell: Value) -> Option<usize> {
        self.func.entry_params().iter().take(self.func.captures.len()).position(|v| *v == cell)
    }

    /// The cells that a function nested here captures at a position, one for each place that makes it.
    pub fn cells_behind(&self, nested: FuncId, capture: usize) -> Option<Vec<Value>> {
        let made = self.shape.nested.get(&nested)?;
        let cell = |inst: &Inst| {
            let args = &self.func.insts[*inst].args;
            super::shape::captures_of(&self.func, args).get(capture).copied()
        };
        Some(made.iter().filter_map(cell).collect())
    }

    /// The captured values by name.
    pub fn environment(&self) -> Environment {
        let params = self.func.entry_params().iter();
        let captured = self.func.captures.iter().zip(params);
        let captured = captured.filter_map(|(name, v)| Some((name.clone(), self.val(*v)?.clone()))).collect();
        Environment { id: Some(self.id), captured }
    }

    /// The types that the outcome of an instruction depends on.
    pub fn inputs(&self, inst: Inst) -> Vec<Ty> {
        let data = &self.func.insts[inst];
        let never = || Ty::Never;
        match data.op {
            Op::PyCellNew => data.results.iter().map(|c| self.cells.get(c).cloned().unwrap_or_else(never)).collect(),
            Op::PyCellGet | Op::PyFunction => {
                data.args.iter().map(|v| cells::resolved(self, *v).map_or_else(never, |v| v.ty.clone())).collect()
            }
            _ => {
                let mut inputs: Vec<Ty> =
                    data.args.iter().map(|v| self.ty(*v).cloned().unwrap_or_else(never)).collect();
                inputs.extend(data.results.iter().filter_map(|r| self.wanted_list(*r)));
                inputs
            }
        }
    }
}

/// Runs the rule of an instruction that is no terminator; the results in order.  An operand of type
/// `Never` makes `Never` of the results.
pub fn step(e: &mut Emit, frame: &mut Frame, inst: Inst) -> Result<Vec<Val>, Fault> {
    let func = frame.func.clone();
    let data = &func.insts[inst];
    e.loc = data.loc;
    if cells::is_cell_op(data.op) {
        return cells::step(e, frame, inst);
    }
    let mut operands = Vec::with_capacity(data.args.len());
    for arg in &data.args {
        match frame.val(*arg) {
            Some(v) if !v.is_never() => operands.push(v.clone()),
            _ => return Ok(vec![]),
        }
    }
    let complaint = nothing::complaint(data.op, &data.imm, &operands);
    let said = nothing::said_by_function(data.op, &operands);
    let certain = |e: &Emit| e.engine.is_root() && frame.shape.certain(&func, inst);
    if (complaint.is_some() || said.is_some()) && !e.engine.in_library() && !certain(e) {
        match (complaint, said) {
            (Some(complaint), _) => nothing::fail(e, &complaint),
            (None, Some(said)) => nothing::fail_with(e, said),
            (None, None) => {}
        }
        return Ok(vec![]);
    }
    check_iterators(frame, data, &operands)?;
    if changes::store(frame, data, &operands)? {
        return Ok(vec![]);
    }
    match data.op {
        Op::PyUnpack => tuples::unpack(e, &one(&operands)?, data.results.len()),
        Op::PyUnpackStar => match data.imm {
            Imm::Pair(before, after) => {
                let parts = tuples::unpack_star(e, &one(&operands)?, before as usize, after as usize)?;
                let parts = data.results.iter().zip(parts);
                parts.map(|(&result, v)| changes::as_object(e, frame, result, v)).collect()
            }
            _ => malformed(data.op),
        },
        Op::PyIs if operands.iter().all(|v| v.ty.array().is_some()) => {
            let same = identity::arrays(e, frame, &data.args, &operands)?;
            Ok(vec![if negative(&data.imm) { operators::negated(e, &same) } else { same }])
        }
        Op::PyList if changes::is_object(frame, &data.results) => {
            Ok(vec![changes::display(e, frame, data, &operands)?])
        }
        Op::PyCaught | Op::PyEndHandling => {
            let depth = match data.imm {
                Imm::Int(depth) => depth,
                _ => 0,
            };
            let before = frame.handled.clone().unwrap_or_else(|| exceptions::handled(e));
            match data.op {
                Op::PyCaught => Ok(vec![exceptions::caught(e, &before, depth)]),
                _ => {
                    exceptions::end_handling(e, &before, depth);
                    Ok(vec![])
                }
            }
        }
        Op::PySetItem | Op::PySetAttr | Op::PyDelItem | Op::PyCheckBound | Op::PyListAppend => {
            statement(e, data, &operands)?;
            Ok(vec![])
        }
        _ => {
            let wanted = data.results.first().and_then(|&r| frame.wanted_list(r));
            e.engine.wants_result(wanted.filter(|_| data.op == Op::PyCall));
            let result = value(e, data, &operands);
            e.engine.wants_result(None);
            let result = result?;
            if is_too_large(&result.ty) {
                return fault(Code::TooLarge, "the value has too many parts for compiled code");
            }
            let result = match data.results.first() {
                Some(&made) => changes::as_object(e, frame, made, result)?,
                None => result,
            };
            Ok(vec![changes::fitted(e, frame, data, result)?])
        }
    }
}

/// An iterator is a value here, so nobody may look at it after it has been advanced: outside the `for`
/// statement's own steps it is used where it is made, and nowhere else.
fn check_iterators(frame: &Frame, data: &InstData, operands: &[Val]) -> Result<(), Fault> {
    let own_step = matches!(data.op, Op::PyIterHas | Op::PyIterValue | Op::PyIterAdvance);
    let looked_at = matches!(data.op, Op::PyGetItem | Op::PySetItem | Op::PyGetAttr | Op::PyIs);
    if own_step || looked_at {
        return Ok(());
    }
    for (arg, v) in data.args.iter().zip(operands) {
        if matches!(v.ty, Ty::Iter(_)) && !frame.shape.made_and_used(&frame.func, *arg) {
            let message =
                format!("{} is used in more than one place, or not where it is made", coachwhip_ir::describe(&v.ty));
            let fault = coachwhip_ir::Diagnostic::new(Code::Unsupported, message);
            return Err(Box::new(fault.help("write the call in the for statement itself")));
        }
    }
    Ok(())
}

fn statement(e: &mut Emit, data: &InstData, operands: &[Val]) -> Result<(), Fault> {
    match (data.op, &data.imm, operands) {
        (Op::PySetItem, _, [x, i, v]) => operators::setitem(e, x, i, v).map(drop),
        (Op::PySetAttr, Imm::Name(name), [x, v]) => attributes::setattr(e, x, name, v),
        (Op::PyDelItem, _, [x, i]) => operators::delitem(e, x, i),
        (Op::PyListAppend, _, [list, item]) => objects::append(e, list, item).map(drop),
        (Op::PyCheckBound, Imm::Name(name), [flag]) => {
            let name = e.lit(Const::Str(name.clone()));
            e.guard(flag, ErrorKind::UnboundLocal, &[&name]);
            Ok(())
        }
        _ => malformed(data.op),
    }
}

fn value(e: &mut Emit, data: &InstData, operands: &[Val]) -> Result<Val, Fault> {
    match (data.op, &data.imm, operands) {
        (Op::Const, Imm::Const(c), _) => Ok(constant(e, c)),
        (Op::Undef, ..) => Ok(e.never()),
        (Op::PyUnary, Imm::Unary(op), [x]) => operators::unary(e, *op, x),
        (Op::PyBinary, Imm::Binary(op, inplace), [x, y]) => operators::binary(e, *op, *inplace, x, y),
        (Op::PyCompare, Imm::Cmp(op), [x, y]) => operators::compare(e, *op, x, y),
        (Op::PyTruth, _, [x]) => operators::truth(e, x),
        (Op::PyIs, imm, [x, y]) => {
            let same = identity::is(e, x, y)?;
            Ok(if negative(imm) { operators::negated(e, &same) } else { same })
        }
        (Op::PyIn, imm, [x, y]) => {
            let found = operators::contains(e, x, y)?;
            Ok(if negative(imm) { operators::negated(e, &found) } else { found })
        }
        (Op::PyNarrowNone, _, [x]) => Ok(identity::narrow_none(e, x)),
        (Op::PyNarrowSome, _, [x]) => Ok(identity::narrow_some(e, x)),
        (Op::PyGetAttr, Imm::Name(name), [x]) => attributes::getattr(e, x, name),
        (Op::PyGetItem, _, [x, i]) => operators::getitem(e, x, i),
        (Op::PySlice, _, [start, stop, step]) => tuples::slice(e, start, stop, step),
        (Op::PyTuple, ..) => Ok(tuples::display(e, operands)),
        (Op::PyTupleConcat, ..) => tuples::concat_all(e, operands),
        (Op::PyList, ..) => lists::display(e, operands),
        (Op::PyDict, ..) => container("dict"),
        (Op::PySet, ..) => container("set"),
        (Op::PyCall, imm, [callee, args @ ..]) => calls::call(e, callee, call_args(imm, args)),
        (Op::PyCallStar, imm, [callee, positional, keywords @ ..]) => {
            let mut args = call_args(imm, keywords);
            args.positional = tuples::items(e, positional)?;
            calls::call(e, callee, args)
        }
        (Op::PyUndefinedGlobal, Imm::Name(name), _) => {
            fault(Code::UnknownGlobal, format!("the name '{name}' is not defined"))
        }
        (Op::PyDeclare, Imm::Name(name), [x]) => declare(e, name, x),
        (Op::PyIter, _, [x]) => operators::iter(e, x),
        (Op::PyIterHas, _, [x]) => operators::iter_has(e, x),
        (Op::PyIterValue, _, [x]) => operators::iter_value(e, x),
        (Op::PyIterAdvance, _, [x]) => operators::iter_advance(e, x),
        (Op::PyFormat, imm, [x, spec]) => print::format(e, x, spec, conversion(imm)),
        (Op::PyText, ..) => Ok(print::text(e, operands)),
        (Op::PyExcMatch, _, [x, classes]) => exceptions::matches(e, x, classes),
        (Op::PyMatchSequence, _, [x]) => Ok(iterators::is_sequence(e, x)),
        (Op::PyMatchLen, _, [x]) => operators::len(e, x),
        _ => malformed(data.op),
    }
}

/// `raise`, also where CPython raises again by itself: the only terminator with a rule.  The block ends there.
pub fn raise(e: &mut Emit, frame: &Frame, inst: Inst) -> Result<(), Fault> {
    let data = &frame.func.insts[inst];
    e.loc = data.loc;
    let operands: Option<Vec<Val>> = data.args.iter().map(|v| frame.val(*v).cloned()).collect();
    match (data.op, operands.as_deref()) {
        (Op::PyReraise, Some([exception])) => {
            exceptions::reraise(e, exception);
            Ok(())
        }
        (_, Some([])) => {
            exceptions::reraise_handled(e);
            Ok(())
        }
        (_, Some([exception])) => exceptions::raise(e, exception),
        (_, Some([exception, cause])) => exceptions::raise_from(e, exception, cause),
        _ => {
            e.fail(ErrorKind::Unreachable, &[]);
            Ok(())
        }
    }
}

/// A constant of the program as a value.
pub fn constant(e: &mut Emit, c: &Const) -> Val {
    match c {
        Const::Array(index) => {
            let ty = Ty::Array(e.engine.source().array(*index));
            e.engine.use_array(*index);
            e.op_with(Op::GlobalArray, Imm::Int(i64::from(*index)), &[], ty)
        }
        Const::Slice(parts) => slices::constant(e, parts),
        Const::Tuple(items) if items.iter().any(has_form) => {
            let items: Vec<Val> = items.iter().map(|c| constant(e, c)).collect();
            tuples::display(e, &items)
        }
        c => e.lit(c.clone()),
    }
}

/// Whether a constant is, or holds, one that is a value of parts in compiled code.
fn has_form(c: &Const) -> bool {
    match c {
        Const::Array(_) | Const::Slice(_) => true,
        Const::Tuple(items) => items.iter().any(has_form),
        _ => false,
    }
}

fn call_args(imm: &Imm, operands: &[Val]) -> Call {
    let names: &[Arc<str>] = match imm {
        Imm::Names(names) => names,
        _ => &[],
    };
    let (positional, keywords) = operands.split_at(operands.len().saturating_sub(names.len()));
    Call { positional: positional.to_vec(), keywords: names.iter().cloned().zip(keywords.iter().cloned()).collect() }
}

fn declare(e: &mut Emit, name: &str, x: &Val) -> Result<Val, Fault> {
    let declared = e.options.locals.iter().find(|(n, _)| **n == *name).map(|(_, ty)| ty.clone());
    match declared {
        Some(ty) => crate::coerce::convert_declared(e, x, &ty).map_err(|mut d| {
            d.message = format!("variable '{name}': {}", d.message);
            d
        }),
        None => Ok(x.clone()),
    }
}

fn container(what: &str) -> Result<Val, Fault> {
    fault(Code::Container, format!("a {what} is not supported yet"))
}

fn negative(imm: &Imm) -> bool {
    matches!(imm, Imm::Int(1))
}

fn conversion(imm: &Imm) -> i64 {
    match imm {
        Imm::Int(n) => *n,
        _ => 0,
    }
}

fn one(operands: &[Val]) -> Result<Val, Fault> {
    match operands {
        [x] => Ok(x.clone()),
        _ => malformed(Op::PyUnpack).map(|_: Vec<Val>| Val { id: Value(0), ty: Ty::Never }),
    }
}

fn malformed<T>(op: Op) -> Result<T, Fault> {
    fault(Code::Internal, format!("malformed instruction {}", op.text()))
}
