//! One instruction of untyped SSA: its operands as values and the rule that answers for it.

use super::caller::Environment;
use super::lists::Class;
use super::shape::Shape;
use super::{cells, changes, identity};
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{Meet, is_too_large};
use crate::unions::{each_member, in_common};
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{Code, ErrorKind, Func, FuncId, Imm, Inst, InstData, Loc, Op, Ty, Value};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The name in an environment of the function's first parameter, which is none in Python.
pub const FIRST: &str = "(first)";

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
    /// Classes of what dicts hold: the classes of their keys, which have other types, are the same.
    pub values: HashSet<Class>,
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
            values: HashSet::new(),
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
    pub(super) fn environment(&self) -> Environment {
        let params = self.func.entry_params().iter();
        let captured = self.func.captures.iter().zip(params);
        let first = self.func.entry_params().get(self.func.captures.len());
        let first = first.and_then(|v| Some((Arc::from(FIRST), self.val(*v)?.clone())));
        captured.filter_map(|(name, v)| Some((name.clone(), self.val(*v)?.clone()))).chain(first).collect()
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
                inputs.extend(data.results.iter().filter_map(|r| self.wanted(*r)));
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
    apply(e, frame, inst, operands, true)
}

/// Runs the rule of an instruction with these operands: of a union, for each member apart.  `whole` says that no operand is
/// such a member, so that what the rule gives holds for the whole instruction.
fn apply(e: &mut Emit, frame: &mut Frame, inst: Inst, mut operands: Vec<Val>, whole: bool) -> Result<Vec<Val>, Fault> {
    let func = frame.func.clone();
    let data = &func.insts[inst];
    if !keeps(data, &operands) {
        if e.engine.meet() == Meet::InLoop || stores(data, &operands) {
            operands.iter_mut().try_for_each(|operand| in_common(e, operand))?;
        }
        if let Some(at) = operands.iter().position(|v| v.ty.members().is_some()) {
            return apart(e, frame, inst, operands, at);
        }
        operands.iter_mut().try_for_each(|operand| in_common(e, operand))?;
    }
    let rules = e.engine.rules();
    let certain = |e: &Emit| whole && e.engine.is_root() && frame.shape.certain(&func, inst);
    if (rules.lacks_value)(data, &operands) && !e.engine.in_library() && !certain(e) {
        (rules.fail_for_none)(e, data, &operands);
        return Ok(vec![]);
    }
    check_iterators(frame, data, &operands)?;
    changes::listed(e, frame, data, &mut operands)?;
    if changes::store(e, frame, data, &operands)? {
        return Ok(vec![]);
    }
    match data.op {
        Op::PyUnpack | Op::PyUnpackStar => {
            let parts = (rules.unpack)(e, data, &one(&operands)?)?;
            let parts = data.results.iter().zip(parts);
            parts.map(|(&result, v)| changes::as_object(e, frame, result, v)).collect()
        }
        Op::PyIs if operands.iter().all(|v| v.ty.array().is_some()) => {
            let same = identity::arrays(e, frame, &data.args, &operands)?;
            Ok(vec![if matches!(data.imm, Imm::Int(1)) { e.negated(&same) } else { same }])
        }
        Op::PyDict | Op::PySet => Ok(vec![changes::table(e, frame, data, &operands)?]),
        Op::PyList if changes::is_object(frame, &data.results) => {
            Ok(vec![changes::display(e, frame, data, &operands)?])
        }
        Op::PyCaught | Op::PyEndHandling => {
            let depth = match data.imm {
                Imm::Int(depth) => depth,
                _ => 0,
            };
            let before = frame.handled.clone().unwrap_or_else(|| (rules.handling.handled)(e));
            match data.op {
                Op::PyCaught => {
                    let caught = (rules.handling.caught)(e, &before, depth);
                    let outlives = data.results.iter().any(|v| frame.shape.outliving.contains(v));
                    Ok(vec![if outlives { (rules.handling.kept)(e, &caught) } else { caught }])
                }
                _ => {
                    (rules.handling.end)(e, &before, depth);
                    Ok(vec![])
                }
            }
        }
        Op::PySetItem
        | Op::PySetAttr
        | Op::PyDelItem
        | Op::PyCheckBound
        | Op::PyListAppend
        | Op::PyMapAdd
        | Op::PySetAdd => {
            changes::attribute(e, frame, data, &operands);
            (rules.statement)(e, data, &operands)?;
            Ok(vec![])
        }
        _ => {
            let wanted = data.results.first().and_then(|&r| frame.wanted(r));
            e.engine.wants_result(wanted.filter(|_| data.op == Op::PyCall));
            let result = (rules.value)(e, data, &operands);
            e.engine.wants_result(None);
            let mut result = result?;
            if is_too_large(&result.ty) {
                return fault(Code::TooLarge, "the value has too many parts for compiled code");
            }
            if e.engine.meet() == Meet::InLoop {
                in_common(e, &mut result)?;
            }
            // An iterator that is looked at more than once has a place in it that moves on.
            let stored = |made: &Value| data.op == Op::PyCall && !frame.shape.made_and_used(&func, *made);
            if matches!(result.ty, Ty::Iter(_)) && data.results.first().is_some_and(stored) {
                result = (rules.stored_iterator)(e, &result)?;
            }
            let result = match data.results.first() {
                Some(&made) => changes::as_object(e, frame, made, result)?,
                None => result,
            };
            Ok(vec![changes::fitted(e, frame, data, result)?])
        }
    }
}

/// Whether an instruction takes values as they are, unions too: it packs them, or picks them from a tuple.
fn keeps(data: &InstData, operands: &[Val]) -> bool {
    let from_tuple = || operands.first().is_some_and(|of| of.ty.items().is_some());
    match data.op {
        Op::PyTuple | Op::PyYield => true,
        Op::PyGetItem => from_tuple() && operands.get(1).is_some_and(|index| index.literal().is_some()),
        Op::PyUnpack | Op::PyUnpackStar => from_tuple(),
        _ => false,
    }
}

/// Whether an instruction puts an operand into a list, whose items have one type.
fn stores(data: &InstData, operands: &[Val]) -> bool {
    let Some(first) = operands.first() else { return false };
    match (data.op, &first.ty) {
        (Op::PyList, _) => true,
        (_, Ty::Method(receiver, _)) => receiver.list_item().is_some(),
        (_, of) => of.list_item().is_some(),
    }
}

/// Runs the rule for each member of the union that an operand is.
fn apart(e: &mut Emit, frame: &mut Frame, inst: Inst, operands: Vec<Val>, at: usize) -> Result<Vec<Val>, Fault> {
    let Some(union) = operands.get(at).cloned() else { return Ok(vec![]) };
    let results = frame.func.insts[inst].results.len();
    if results > 1 {
        return fault(Code::Join, format!("{} cannot be unpacked", coachwhip_ir::describe(&union.ty)));
    }
    // In the library, too, what is asked of the members may have no type in common: `type(x)`.
    let how = if e.engine.meet() == Meet::Exact { Meet::Exact } else { Meet::InLoop };
    let result = each_member(e, &union, how, &mut |e, member| {
        let mut operands = operands.clone();
        if let Some(operand) = operands.get_mut(at) {
            *operand = member.clone();
        }
        let value = apply(e, frame, inst, operands, false)?.pop();
        Ok(value.unwrap_or_else(|| if results == 1 { e.never() } else { e.none() }))
    })?;
    Ok(if results == 1 { vec![result] } else { vec![] })
}

/// An iterator is a value here, so nobody may look at it after it has been advanced: outside the `for`
/// statement's own steps it is used where it is made, and nowhere else.
fn check_iterators(frame: &Frame, data: &InstData, operands: &[Val]) -> Result<(), Fault> {
    let own_step = matches!(data.op, Op::PyIterHas | Op::PyIterValue | Op::PyIterAdvance | Op::PyIterResult);
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

/// A terminator with a rule: `raise`, and the interpreter's own raising again.  The block ends there.
pub fn raise(e: &mut Emit, frame: &Frame, inst: Inst) -> Result<(), Fault> {
    let data = &frame.func.insts[inst];
    e.loc = data.loc;
    let operands: Option<Vec<Val>> = data.args.iter().map(|v| frame.val(*v).cloned()).collect();
    match operands {
        Some(operands) => raise_each(e, data.op, operands),
        None => {
            e.fail(ErrorKind::Unreachable, &[]);
            Ok(())
        }
    }
}

/// Raises what each member of a union is.
fn raise_each(e: &mut Emit, op: Op, operands: Vec<Val>) -> Result<(), Fault> {
    let Some(at) = operands.iter().position(|v| v.ty.members().is_some()) else {
        return (e.engine.rules().raise)(e, op, &operands);
    };
    let Some(union) = operands.get(at).cloned() else { return Ok(()) };
    each_member(e, &union, Meet::Exact, &mut |e, member| {
        let mut operands = operands.clone();
        if let Some(operand) = operands.get_mut(at) {
            *operand = member.clone();
        }
        raise_each(e, op, operands)?;
        Ok(e.never())
    })
    .map(drop)
}

fn one(operands: &[Val]) -> Result<Val, Fault> {
    match operands {
        [x] => Ok(x.clone()),
        _ => fault(Code::Internal, "an instruction that unpacks has one operand"),
    }
}
