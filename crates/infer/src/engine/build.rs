//! The emission of one specialisation, once all types stand still: the rules run again, into the function
//! that is kept, and what they refuse is reported.
//!
//! Block parameters whose type is a literal carry nothing and are left out; every other argument of an
//! edge is converted to its parameter's type, in a block of its own if the conversion may fail.

use super::caller::Caller;
use super::flow::normal;
use super::protected::Protected;
use super::step::{Frame, raise, step};
use super::{Inference, Spec, SpecId, cursor, messages};
use crate::asked::can_travel;
use crate::coerce::{coerce, convert_declared};
use crate::emit::{Emit, Fault, Val};
use crate::join::widen;
use coachwhip_ir::{
    Block, Code, Const, Diagnostic, Edge, ErrorKind, Func, Imm, Inst, Op, Options, Ty, Value, describe,
};
use std::collections::{HashMap, HashSet};

/// What the emission of a function needs besides the frame.
pub(super) struct Target<'a> {
    pub(super) options: &'a Options,
    /// Types of block parameters by untyped value number.
    types: &'a [Ty],
    /// Typed blocks by untyped number.
    pub(super) blocks: HashMap<Block, Block>,
    /// Result type, and whether it was declared by the user.
    ret: Ty,
    declared: bool,
    /// Why Python cannot receive the result; the return that gives it is the place.
    unfit: Option<Fault>,
}

impl Inference<'_> {
    /// The result type of the root: as declared, or what Python may receive.
    pub(super) fn root_result(&self, spec: SpecId, declared: Option<&Ty>) -> Result<Ty, Fault> {
        match declared {
            Some(ty) => Ok(normal(ty)),
            None => result_for_python(&self.specs[spec].ret),
        }
    }

    /// The typed function of a specialisation.
    pub(super) fn build(&mut self, spec: SpecId, root: bool, declared: Option<&Ty>) -> Result<Func, Fault> {
        let inferred = self.specs[spec].ret.clone();
        let (ret, unfit) = match if root { self.root_result(spec, declared) } else { Ok(inferred.clone()) } {
            Ok(ret) => (ret, None),
            Err(fault) => (inferred, Some(fault)),
        };
        let known = &mut self.specs[spec];
        let (untyped, shape, question) = (known.func.clone(), known.shape.clone(), known.question.clone());
        let Some(flow) = known.flow.take() else {
            return Err(Box::new(Diagnostic::new(Code::Internal, "a function was emitted before it was typed")));
        };
        let mut frame = Frame::new(question.func, untyped.clone(), shape);
        frame.cells = flow.cells.clone();
        frame.items = flow.items.clone();
        frame.item_conflicts = flow.item_conflicts.clone();
        frame.settled = true;
        let mut out = skeleton(&untyped, &question.options, &ret);
        // What `return` gives in a generator is the generator's result.
        let ret = ret.generator().filter(|_| untyped.generator).map_or(ret.clone(), |of| of.returns.clone());
        let mut target = Target {
            options: &question.options,
            types: &flow.types,
            blocks: HashMap::new(),
            ret,
            declared: declared.is_some(),
            unfit,
        };
        let outcome = Caller::emitting(self, spec).blocks(&mut out, &mut frame, &mut target, &flow);
        let head = &untyped.locs[coachwhip_ir::Loc(0)];
        let outcome =
            outcome.and_then(|()| target.unfit.take().map_or(Ok(()), |fault| Err(Box::new(fault.at(head, "")))));
        drop(target);
        self.specs[spec].flow = Some(flow);
        outcome.map_err(|fault| self.blame(spec, root, fault))?;
        drop_unreached(&mut out);
        Ok(out)
    }

    /// For a fault in a callee: where it was called, and with what.  A fault in a function of the library is shown at
    /// the user's call of it, with the library's own place as a note.
    fn blame(&self, spec: SpecId, root: bool, fault: Fault) -> Fault {
        let mut known = &self.specs[spec];
        let Some((mut place, mut from)) = known.caller.clone().filter(|_| !root) else { return fault };
        if !known.func.of_library {
            return Box::new(fault.also(&place, called(known)));
        }
        while self.specs[from].func.of_library {
            known = &self.specs[from];
            let Some((outer, further)) = known.caller.clone() else { break };
            (place, from) = (outer, further);
        }
        let inside = fault.primary.as_ref().map(|label| &label.span);
        let inside =
            inside.map(|span| format!("found in {}(), {}:{}", span.function, base_name(&span.file), span.line));
        let mut shown = Diagnostic { primary: None, secondary: vec![], ..*fault }.at(&place, called(known));
        shown.notes.extend(inside);
        Box::new(shown)
    }
}

impl Caller<'_, '_> {
    fn blocks(
        &mut self,
        out: &mut Func,
        frame: &mut Frame,
        target: &mut Target,
        flow: &super::flow::Flow,
    ) -> Result<(), Fault> {
        let shape = frame.shape.clone();
        let untyped = frame.func.clone();
        target.blocks.insert(untyped.entry, out.entry);
        for &block in &shape.order {
            let typed = match target.blocks.get(&block) {
                Some(&typed) => typed,
                None if flow.is_reached(block) => typed_block(out, target, block),
                None => continue,
            };
            self.go_on()?;
            if block != untyped.entry {
                out.order.push(typed);
            }
            self.params(out, frame, target, block, typed);
            let protected = Protected::begin(self, out, frame, target, block, typed)?;
            self.meet = shape.meet(&untyped, block);
            let mut here = typed;
            for &inst in &untyped.blocks[block].insts {
                self.begin(&untyped.locs[untyped.insts[inst].loc]);
                if untyped.insts[inst].op.is_terminator() {
                    self.terminator(out, frame, target, flow, here, inst)?;
                    break;
                }
                self.check_operands(frame, flow, inst)?;
                let mut e = cursor(out, here, target.options, self);
                let results = step(&mut e, frame, inst).map_err(|d| Box::new(messages::placed(frame, inst, *d)))?;
                if results.is_empty() && !untyped.insts[inst].results.is_empty() && !e.dead {
                    e.fail(ErrorKind::Unreachable, &[]);
                }
                for (&value, val) in untyped.insts[inst].results.iter().zip(results) {
                    frame.set(value, val);
                }
                if e.dead {
                    break;
                }
                here = e.block;
            }
            if let Some(protected) = protected {
                protected.end(self, out, frame, target)?;
            }
        }
        Ok(())
    }

    fn params(&mut self, out: &mut Func, frame: &mut Frame, target: &Target, block: Block, typed: Block) {
        let untyped = frame.func.clone();
        for &param in &untyped.blocks[block].params {
            let ty = param_type(target, param);
            let entry = block == untyped.entry;
            let id = (entry || carried(&ty)).then(|| out.add_param(typed, ty.clone()));
            let mut e = cursor(out, typed, target.options, self);
            let val = match (ty, id) {
                (Ty::Lit(c), _) => e.lit(c),
                (ty, Some(id)) => Val { id, ty },
                (_, None) => e.never(),
            };
            frame.set(param, val);
        }
        if block == untyped.entry {
            self.environment = Some(frame.environment());
            if !frame.shape.protected.is_empty() {
                let handled = self.inference.rules.handling.handled;
                frame.handled = Some(handled(&mut cursor(out, typed, target.options, self)));
            }
        }
    }

    /// Refuses the use of a variable whose types do not join.
    fn check_operands(&self, frame: &Frame, flow: &super::flow::Flow, inst: Inst) -> Result<(), Fault> {
        for arg in &frame.func.insts[inst].args {
            if let Some(conflict) = flow.conflicts.get(arg) {
                return Err(Box::new(messages::conflict(frame, conflict, inst)));
            }
        }
        Ok(())
    }

    fn terminator(
        &mut self,
        out: &mut Func,
        frame: &mut Frame,
        target: &mut Target,
        flow: &super::flow::Flow,
        here: Block,
        inst: Inst,
    ) -> Result<(), Fault> {
        self.check_operands(frame, flow, inst)?;
        let untyped = frame.func.clone();
        let data = &untyped.insts[inst];
        let ret_conflict = flow.ret_conflict.as_ref().filter(|_| !target.declared);
        let inferred = self.inference.specs[self.spec].ret.clone();
        if let (Op::Return, Some(v), false) =
            (data.op, data.args.first().and_then(|v| frame.ty(*v)), untyped.of_library)
        {
            self.inference.emission.mixes |= !target.declared && mixes(v, &inferred);
        }
        let mut e = cursor(out, here, target.options, self);
        e.loc = data.loc;
        let operand = data.args.first().and_then(|v| frame.val(*v)).cloned();
        let placed = |d: Fault| Box::new(messages::placed(frame, inst, *d));
        match (data.op, data.edges.as_slice(), operand) {
            (Op::Jump, [edge], _) | (Op::PyTry, [edge, _], _) => jump(&mut e, frame, target, edge).map_err(placed),
            (Op::Branch, [then, otherwise], Some(condition)) => match condition.literal() {
                Some(Const::Bool(true)) => jump(&mut e, frame, target, then).map_err(placed),
                Some(Const::Bool(false)) => jump(&mut e, frame, target, otherwise).map_err(placed),
                _ => branch(&mut e, frame, target, &condition, then, otherwise).map_err(placed),
            },
            (Op::Return, _, Some(v)) => {
                if let Some(why) = ret_conflict {
                    let ty = describe(&inferred);
                    let message = format!("the results of the function's return statements differ: {why}");
                    let fault = Diagnostic::new(Code::Join, message).at(&untyped.locs[data.loc], describe(&v.ty));
                    return Err(Box::new(fault.note(format!("another return gives {ty}"))));
                }
                if let Some(fault) = &target.unfit
                    && refused(&widen(&v.ty)).is_some()
                {
                    return Err(Box::new((**fault).clone().at(&untyped.locs[data.loc], "")));
                }
                finish(&mut e, target, &v).map_err(placed)
            }
            (Op::PyRaise | Op::PyReraise, ..) => raise(&mut e, frame, inst).map_err(placed),
            _ => {
                e.fail(ErrorKind::Unreachable, &[]);
                Ok(())
            }
        }
    }
}

/// Whether a value of one type is one of another type of number in a result.
fn mixes(ty: &Ty, ret: &Ty) -> bool {
    match (crate::join::expand(ty).widened(), ret) {
        (Ty::Tuple(items), Ty::Tuple(to)) | (Ty::NamedTuple(_, items), Ty::NamedTuple(_, to)) => {
            items.iter().zip(to.iter()).any(|(ty, to)| mixes(ty, to))
        }
        (Ty::Optional(inner), Ty::Optional(to)) => mixes(&inner, to),
        (ty, Ty::Optional(to)) => mixes(&ty, to),
        (ty, to) => ty.dtype().is_some() && to.dtype().is_some() && ty != to.widened(),
    }
}

/// How a specialisation was called.
fn called(spec: &Spec) -> String {
    let args: Vec<String> = spec.question.args.iter().skip(spec.func.captures.len()).map(describe).collect();
    format!("called here as {}({})", spec.func.name, args.join(", "))
}

fn base_name(file: &str) -> &str {
    file.rsplit_once('/').map_or(file, |(_, name)| name)
}

/// An empty function of the same name, places and parameters.
pub(super) fn skeleton(untyped: &Func, options: &Options, ret: &Ty) -> Func {
    let place = untyped.locs[coachwhip_ir::Loc(0)].clone();
    let mut out = Func::new(untyped.symbol.clone(), untyped.name.clone(), place);
    out.params = untyped.params.clone();
    out.captures = untyped.captures.clone();
    out.reads_once = untyped.reads_once.clone();
    out.of_library = untyped.of_library;
    out.generator = untyped.generator;
    out.options = options.clone();
    out.locs = untyped.locs.clone();
    out.ret = ret.clone();
    out
}

fn param_type(target: &Target, param: Value) -> Ty {
    let ty = target.types.get(coachwhip_ir::entity::Entity::index(param));
    ty.map_or(Ty::Never, normal)
}

/// Whether a block parameter of this type exists in the typed function.
fn carried(ty: &Ty) -> bool {
    !matches!(ty, Ty::Lit(_) | Ty::Never)
}

pub(super) fn jump(e: &mut Emit, frame: &Frame, target: &mut Target, edge: &Edge) -> Result<(), Fault> {
    let args = edge_args(e, frame, target, edge)?;
    let block = typed_block(e.func, target, edge.block);
    end(e, Op::Jump, vec![], vec![Edge { block, args }]);
    Ok(())
}

fn branch(
    e: &mut Emit,
    frame: &Frame,
    target: &mut Target,
    condition: &Val,
    then: &Edge,
    otherwise: &Edge,
) -> Result<(), Fault> {
    let from = e.block;
    let condition = e.machine(condition);
    let mut edges = Vec::with_capacity(2);
    for edge in [then, otherwise] {
        if converts(frame, target, edge) {
            let between = e.func.add_block();
            e.block = between;
            jump(e, frame, target, edge)?;
            e.block = from;
            edges.push(Edge { block: between, args: vec![] });
        } else {
            let args = edge_args(e, frame, target, edge)?;
            edges.push(Edge { block: typed_block(e.func, target, edge.block), args });
        }
    }
    end(e, Op::Branch, vec![condition.id], edges);
    Ok(())
}

/// Whether an argument of the edge has to be converted.
fn converts(frame: &Frame, target: &Target, edge: &Edge) -> bool {
    let params = &frame.func.blocks[edge.block].params;
    params.iter().zip(&edge.args).any(|(param, arg)| {
        let ty = param_type(target, *param);
        carried(&ty) && frame.ty(*arg) != Some(&ty)
    })
}

fn edge_args(e: &mut Emit, frame: &Frame, target: &Target, edge: &Edge) -> Result<Vec<Value>, Fault> {
    let mut args = Vec::new();
    for (&param, &arg) in frame.func.blocks[edge.block].params.iter().zip(&edge.args) {
        let ty = param_type(target, param);
        if carried(&ty) {
            let value = match frame.val(arg) {
                Some(v) => coerce(e, &v.clone(), &ty)?,
                None => e.undef(ty),
            };
            args.push(value.id);
        }
    }
    Ok(args)
}

fn typed_block(out: &mut Func, target: &mut Target, block: Block) -> Block {
    *target.blocks.entry(block).or_insert_with(|| out.blocks.push(Default::default()))
}

fn finish(e: &mut Emit, target: &Target, v: &Val) -> Result<(), Fault> {
    let v = if target.declared { convert_declared(e, v, &target.ret)? } else { coerce(e, v, &target.ret)? };
    if let Some(captured) = slot_captured(&v.ty) {
        return Err(Box::new(
            Diagnostic::new(Code::EscapingClosure, "the nested function cannot outlive the function that made it")
                .note(format!("it captures a variable of type {} that is assigned more than once", describe(&captured)))
                .help("pass the value as an argument, or assign the captured variable once"),
        ));
    }
    end(e, Op::Return, vec![v.id], vec![]);
    Ok(())
}

/// The content of a slot that a returned value would point into.
fn slot_captured(ty: &Ty) -> Option<Ty> {
    match ty {
        Ty::Cell(content) => content.fields().and_then(|f| f.get(1).cloned()),
        Ty::Tuple(_) | Ty::NamedTuple(..) | Ty::ListDisplay(_) | Ty::Closure(..) | Ty::Optional(_) | Ty::Union(_) => {
            ty.fields()?.iter().find_map(slot_captured)
        }
        Ty::Ref(to) => match ty.generator() {
            Some(of) => of.args.iter().find_map(slot_captured),
            None => to.parts().iter().find_map(slot_captured),
        },
        _ => None,
    }
}

pub(super) fn end(e: &mut Emit, op: Op, args: Vec<Value>, edges: Vec<Edge>) {
    let inst = e.func.make_inst(op, Imm::None, args, &[], edges, e.loc);
    e.func.blocks[e.block].insts.push(inst);
}

/// What Python may receive: numbers, `None`, arrays, ranges, slices, literals, and tuples and optionals of such.
pub(super) fn result_for_python(ty: &Ty) -> Result<Ty, Fault> {
    let ty = with_objects(&widen(ty));
    let refuse = |code: Code, message: String| Err(Box::new(Diagnostic::new(code, message)));
    match refused(&ty) {
        Some(Ty::Closure(..)) => refuse(Code::EscapingClosure, "a nested function cannot be returned to Python".into()),
        Some(bad) => {
            refuse(Code::Unsupported, format!("a result of type {} cannot be returned to Python", describe(&bad)))
        }
        None => Ok(ty),
    }
}

/// Exceptions as the objects that they are in Python.
fn with_objects(ty: &Ty) -> Ty {
    match ty {
        Ty::Caught | Ty::Exception(..) if can_travel(ty) => Ty::object(),
        Ty::Optional(inner) => Ty::Optional(with_objects(inner).into()),
        Ty::Tuple(_) => ty.map_items(with_objects),
        _ => ty.clone(),
    }
}

fn refused(ty: &Ty) -> Option<Ty> {
    match ty {
        Ty::Tuple(items) | Ty::NamedTuple(_, items) | Ty::ListDisplay(items) | Ty::Union(items) => {
            items.iter().find_map(refused)
        }
        Ty::Optional(inner) => refused(inner),
        Ty::Ref(_) if ty.holds_generator() => Some(ty.clone()),
        Ty::Ref(to) => to.parts().iter().find_map(refused),
        Ty::Table(table) => refused(&table.key).or_else(|| refused(&table.value)),
        Ty::Iter(_) | Ty::Shown(..) | Ty::Ptr(_) | Ty::Cell(_) | Ty::Closure(..) | Ty::Method(..) => Some(ty.clone()),
        Ty::Exception(..) | Ty::Caught | Ty::Text(_) | Ty::Any => Some(ty.clone()),
        Ty::Lit(Const::Native(_) | Const::Object(..) | Const::Array(_)) => Some(ty.clone()),
        Ty::Lit(Const::Tuple(items) | Const::NamedTuple(_, items)) => {
            items.iter().find_map(|item| refused(&Ty::Lit(item.clone())))
        }
        Ty::Slice(parts) => parts.iter().find_map(refused),
        _ => None,
    }
}

/// Drops blocks that nothing leads to: the rest of a block after a failure, and what only it reached.
fn drop_unreached(func: &mut Func) {
    let mut seen = HashSet::from([func.entry]);
    let mut work = vec![func.entry];
    while let Some(block) = work.pop() {
        for next in func.successors(block) {
            if seen.insert(next) {
                work.push(next);
            }
        }
    }
    func.order.retain(|block| seen.contains(block));
}
