//! A generator that Python gets: the function that Python calls makes it, and runs it on when it is called for that.

use super::build::{end, result_for_python, skeleton};
use super::caller::{Caller, generator};
use super::{Inference, SpecId, cursor};
use crate::coerce::coerce;
use crate::emit::{Emit, Fault, Val};
use crate::join::join;
use coachwhip_ir::ty::IterTy;
use coachwhip_ir::{Code, Const, Diagnostic, Func, GeneratorTy, Imm, Loc, Module, Op, RefTy, RuntimeFn, Ty, describe};
use std::sync::Arc;

/// What is refused in the arguments of a generator that outlives the call.
fn lasts(ty: &Ty) -> bool {
    let fits = |field: &Ty| lasts(field);
    match ty {
        Ty::Ref(_) | Ty::Table(_) | Ty::Cell(_) | Ty::Ptr(_) => false,
        Ty::Array(_) => true,
        _ => ty.fields().is_none_or(|fields| fields.iter().all(fits)),
    }
}

/// A list of the surroundings is the caller's again after each call.
pub(super) fn refuse_lists(module: &Module) -> Result<(), Fault> {
    for func in &module.funcs {
        if let Some(data) = func.insts.values().find(|data| data.op == Op::GlobalList) {
            let message = "a generator that is given to Python cannot use a list of its surroundings yet";
            let refusal = Diagnostic::new(Code::Generator, message).at(&func.locs[data.loc], "used here");
            return Err(Box::new(
                refusal.help("make it an array or a tuple, or loop over the generator in a compiled function"),
            ));
        }
    }
    Ok(())
}

impl Inference<'_> {
    /// The generator that the root gives, if it does.
    pub(super) fn given(&self, spec: SpecId) -> Option<GeneratorTy> {
        let known = &self.specs[spec];
        if !known.func.generator {
            return known.ret.generator().cloned();
        }
        let least = generator(known, Ty::Never, Ty::Never);
        join(&known.ret, &least).ok()?.generator().cloned()
    }

    /// The function that Python calls.
    pub(super) fn front(&mut self, spec: SpecId, of: &GeneratorTy, declared: Option<&Ty>) -> Result<Func, Fault> {
        let (root, question) = (self.specs[spec].func.clone(), self.specs[spec].question.clone());
        let place = root.locs[Loc(0)].clone();
        let refuse = |message: String, help: &str| -> Result<Func, Fault> {
            Err(Box::new(Diagnostic::new(Code::Generator, message).at(&place, "").help(help)))
        };
        if declared.is_some() {
            return refuse("a signature cannot declare a generator as its result".into(), "leave the result type out");
        }
        if let Some(ty) = question.args.iter().chain(of.args.iter()).find(|ty| !lasts(ty)) {
            let message = format!("a generator that is given to Python cannot keep {} yet", describe(ty));
            return refuse(message, "pass an array or a tuple, or loop over the generator in a compiled function");
        }
        if let Some(ty) = [&of.yields, &of.returns].into_iter().find(|ty| ty.holds_instance()) {
            let message = format!("a generator that is given to Python cannot give it {} yet", describe(ty));
            return refuse(message, "give the attributes, or loop over the generator in a compiled function");
        }
        let (body, shape) = self.shape(of.func)?;
        if body.of_library {
            let message = "an iterator that is no generator cannot be returned to Python".into();
            return refuse(message, "return a list of what is left: list(...)");
        }
        let yields: Vec<_> = body.insts.values().filter(|data| data.op == Op::PyYield).collect();
        let sent = yields.iter().filter_map(|data| data.results.first());
        let takes = sent.clone().any(|v| shape.use_counts.get(v.0 as usize).is_some_and(|count| *count > 0));
        let handled = shape
            .protected
            .keys()
            .any(|block| body.blocks[*block].insts.iter().any(|inst| body.insts[*inst].op == Op::PyYield));
        let of_python = |ty: &Ty| match ty {
            Ty::Never => Ok(Ty::Lit(Const::None)),
            ty => result_for_python(ty),
        };
        let parts = [
            Ty::Ref(Arc::new(RefTy::Generator(of.clone()))),
            Ty::Bool,
            of_python(&of.yields)?,
            of_python(&of.returns)?,
            Ty::Lit(Const::Bool(takes)),
            Ty::Lit(Const::Bool(handled)),
        ];
        let ret = Ty::Iter(Arc::new(IterTy::Given(Arc::new(parts.clone()))));
        let mut out = skeleton(&root, &question.options, &ret);
        out.generator = false;
        let entry = out.entry;
        let params: Vec<Val> =
            question.args.iter().map(|ty| Val { id: out.add_param(entry, ty.clone()), ty: ty.clone() }).collect();
        let mut caller = Caller::emitting(self, spec);
        let mut e = cursor(&mut out, entry, &question.options, &mut caller);
        let (resuming, zero) = (e.runtime(RuntimeFn::Resuming, &[], Ty::Int), e.int(0));
        let resuming = e.op(Op::Ne, &[&resuming, &zero], Ty::Bool);
        let given = e.if_else(
            &resuming,
            |e| step(e, of, &ret, &parts),
            |e| {
                let made = e.call(question.func, &params)?;
                let no = e.bool(false);
                let no = e.machine(&no);
                let nothing = [absent(e, &parts[2]), absent(e, &parts[3])];
                Ok(packed(e, &ret, &parts, [&made, &no, &nothing[0], &nothing[1]]))
            },
        )?;
        end(&mut e, Op::Return, vec![given.id], vec![]);
        Ok(out)
    }
}

/// Runs the generator of the call on.
fn step(e: &mut Emit, of: &GeneratorTy, ret: &Ty, parts: &[Ty; 6]) -> Result<Val, Fault> {
    let [generator, _, yields, returns, ..] = parts;
    let number = e.engine.runs(of)?;
    let resumed = e.runtime(RuntimeFn::Resumed, &[], generator.clone());
    let has = e.op_with(Op::Resume, Imm::Func(number), &[&resumed], Ty::Bool);
    let yielded = e.if_else(&has, |e| kept(e, Op::Yielded, &resumed, &of.yields, yields), |e| Ok(absent(e, yields)))?;
    let returned =
        e.if_else(&has, |e| Ok(absent(e, returns)), |e| kept(e, Op::Returned, &resumed, &of.returns, returns))?;
    let none = e.undef(generator.clone());
    Ok(packed(e, ret, parts, [&none, &has, &yielded, &returned]))
}

fn packed(e: &mut Emit, ret: &Ty, parts: &[Ty; 6], fields: [&Val; 4]) -> Val {
    let [.., takes, handled] = parts;
    let literal = |e: &mut Emit, ty: &Ty| match ty {
        Ty::Lit(c) => e.lit(c.clone()),
        _ => e.none(),
    };
    let (takes, handled) = (literal(e, takes), literal(e, handled));
    let [a, b, c, d] = fields;
    e.pack(ret.clone(), &[a, b, c, d, &takes, &handled])
}

/// A field of the frame in the type that Python gets.
fn kept(e: &mut Emit, op: Op, generator: &Val, ty: &Ty, python: &Ty) -> Result<Val, Fault> {
    let v = match ty {
        Ty::Never | Ty::None => e.none(),
        Ty::Lit(c) => e.lit(c.clone()),
        ty => e.op(op, &[generator], ty.clone()),
    };
    coerce(e, &v, python)
}

fn absent(e: &mut Emit, ty: &Ty) -> Val {
    match ty {
        Ty::Lit(c) => e.lit(c.clone()),
        Ty::None => e.none(),
        ty => e.undef(ty.clone()),
    }
}
