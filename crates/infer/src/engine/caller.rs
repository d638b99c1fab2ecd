//! The specialisation at hand as its rules see the engine: what it asks, and what its calls report.

use super::flow::{MAX_NESTING, nesting, returned};
use super::{CellStore, Inference, Question, Spec, SpecId, State, cells};
use crate::emit::{Captured, Engine, Fault, Val, fault};
use crate::join::{Meet, join, meet};
use crate::table::Rules;
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{
    Code, Const, Diagnostic, FuncId, GeneratorTy, LocData, Options, RefTy, Separate, Source, Ty, UserClass, Value,
};
use std::sync::Arc;

/// A specialisation while its rules run, for its types or for the module.
pub(super) struct Caller<'i, 's> {
    pub inference: &'i mut Inference<'s>,
    pub spec: SpecId,
    /// Whether what it calls becomes part of the module.
    emits: bool,
    /// What becomes of values of different types in the block at hand.
    pub meet: Meet,
    /// The captured values by name.
    pub environment: Option<Environment>,
    /// The place of the instruction at hand.
    pub place: LocData,
    /// What the calls of the instruction at hand reported.
    pub report: Report,
    /// What a list must be that the function asked about next returns.
    result: Option<Ty>,
    /// The arguments of the call at hand.
    passed: Vec<Value>,
}

/// The captured values of a function by name.
pub(super) type Environment = Vec<(Arc<str>, Val)>;

/// The type of the generators of a specialisation of a generator function, as far as these two types say.
pub(super) fn generator(of: &Spec, yields: Ty, returns: Ty) -> Ty {
    let (args, options) = (of.question.args.iter().cloned().collect(), Arc::new(of.question.options.clone()));
    let generator = GeneratorTy { func: of.question.func, args, options, yields, returns };
    Ty::Ref(Arc::new(RefTy::Generator(generator)))
}

/// What calls report besides the result type.
#[derive(Default)]
pub(super) struct Report {
    /// An answer may change.
    pub open: bool,
    pub wants_constant: bool,
    pub stores: Vec<CellStore>,
    /// Lists that a callee wants in another type, by their values.
    pub wanted: Vec<(Value, Ty)>,
}

impl<'i, 's> Caller<'i, 's> {
    /// A specialisation whose types are to be found.
    pub fn solving(inference: &'i mut Inference<'s>, spec: SpecId) -> Caller<'i, 's> {
        let place = inference.specs[spec].func.locs[coachwhip_ir::Loc(0)].clone();
        Caller {
            inference,
            spec,
            emits: false,
            meet: Meet::Common,
            environment: None,
            place,
            report: Report::default(),
            result: None,
            passed: Vec::new(),
        }
    }

    /// A specialisation that becomes part of the module.
    pub fn emitting(inference: &'i mut Inference<'s>, spec: SpecId) -> Caller<'i, 's> {
        Caller { emits: true, ..Caller::solving(inference, spec) }
    }

    /// Begins with an instruction.
    pub fn begin(&mut self, place: &LocData) {
        self.report = Report::default();
        self.place = place.clone();
    }

    /// Looks now and then whether the inference is to end.
    pub fn go_on(&mut self) -> Result<(), Fault> {
        self.inference.go_on()
    }

    /// The specialisation of a call, answered as far as it can be now.
    fn ask(&mut self, id: FuncId, args: &[Ty], options: &Options) -> Result<SpecId, Fault> {
        let options = self.inference.options_of(id, options)?;
        let result =
            self.result.take().filter(|_| self.inference.shapes.get(&id).is_none_or(|(func, _)| !func.generator));
        let of_library = result.is_some() && self.inference.shape(id)?.0.of_library;
        let question = Question { func: id, args: args.to_vec(), options, result: result.filter(|_| !of_library) };
        let (spec, open) = self.inference.ask(question, (self.place.clone(), self.spec))?;
        self.report.open |= open;
        Ok(spec)
    }
}

impl Engine for Caller<'_, '_> {
    fn source(&self) -> &dyn Source {
        self.inference.source
    }

    fn rules(&self) -> &'static Rules {
        self.inference.rules
    }

    fn callee(&mut self, id: FuncId, args: &[Ty], caller: &Options) -> Result<(u32, Ty), Fault> {
        let spec = self.ask(id, args, caller)?;
        let known = &mut self.inference.specs[spec];
        if known.func.generator {
            known.makes_itself |= matches!(known.state, State::Active(_));
            if known.makes_itself {
                let message = format!("the generator {}() makes itself while it runs", known.func.name);
                let help = "keep what is left to do in a list, and loop over that";
                return Err(Box::new(Diagnostic::new(Code::Recursion, message).help(help)));
            }
            known.ret = join(&known.ret, &generator(known, Ty::Never, Ty::Never)).unwrap_or(Ty::Never);
        }
        known.called = true;
        let number = if self.emits { self.inference.emission.number(spec) } else { 0 };
        let known = &self.inference.specs[spec];
        self.report.stores.extend(known.stores.iter().cloned());
        self.report.wants_constant |= known.wants_constant;
        let wanted = known.wanted.iter().filter_map(|(n, ty)| Some((*self.passed.get(*n)?, ty.clone())));
        self.report.wanted.extend(wanted);
        Ok((number, known.ret.clone()))
    }

    fn yields(&mut self, ty: &Ty) -> Result<Ty, Fault> {
        let known = &mut self.inference.specs[self.spec];
        let yielding = generator(known, returned(ty), Ty::Never);
        let how = if known.func.of_library { Meet::Common } else { Meet::Exact };
        match meet(&known.ret, &yielding, how) {
            Ok(joined) if nesting(&joined) <= MAX_NESTING => {
                known.ret = joined;
                Ok(known.ret.generator().map_or(Ty::Never, |of| of.yields.clone()))
            }
            Ok(_) => fault(Code::Join, "the type of what the generator yields grows with every call"),
            Err(why) => fault(Code::Join, format!("the values that the generator yields have no common type: {why}")),
        }
    }

    fn runs(&mut self, of: &GeneratorTy) -> Result<u32, Fault> {
        let args = of.args.to_vec();
        let question = Question { func: of.func, args, options: (*of.options).clone(), result: None };
        let (spec, open) = self.inference.ask(question, (self.place.clone(), self.spec))?;
        self.report.open |= open;
        self.inference.specs[spec].called = true;
        Ok(if self.emits { self.inference.emission.number(spec) } else { 0 })
    }

    fn wants_result(&mut self, ty: Option<Ty>) {
        self.result = ty;
    }

    fn passes(&mut self, args: &[Val]) {
        self.passed = args.iter().map(|v| v.id).collect();
    }

    fn external(&mut self, id: FuncId, args: &[Ty], caller: &Options) -> Result<Option<Separate>, Fault> {
        let found = self.inference.separate(id, args, caller)?;
        self.report.wants_constant |= found.as_ref().is_some_and(|found| found.wants_constant);
        Ok(found)
    }

    fn wants_constant(&mut self, id: FuncId, args: &[Ty], caller: &Options) -> Result<bool, Fault> {
        if let Some(known) = self.inference.separate(id, args, caller)? {
            return Ok(known.wants_constant);
        }
        let spec = self.ask(id, args, caller)?;
        Ok(self.inference.specs[spec].wants_constant)
    }

    fn in_library(&self) -> bool {
        self.inference.specs[self.spec].func.of_library
    }

    fn called_by_python_alone(&self) -> bool {
        self.is_root() && !self.inference.specs[self.spec].called
    }

    fn is_root(&self) -> bool {
        self.spec.index() == 0
    }

    fn meet(&self) -> Meet {
        self.meet
    }

    fn use_array(&mut self, index: u32) {
        let arrays = &mut self.inference.emission.arrays;
        if self.emits && !arrays.iter().any(|(k, _)| *k == index) {
            arrays.push((index, self.inference.source.array(index)));
        }
    }

    fn use_native(&mut self, index: u32) {
        let natives = &mut self.inference.emission.natives;
        if self.emits && !natives.iter().any(|(k, _)| *k == index) {
            natives.push((index, self.inference.source.native(index).2));
        }
    }

    fn library(&mut self, name: &str) -> Result<Option<FuncId>, Fault> {
        self.inference.source.library(name).map_err(|failure| self.inference.end(failure))
    }

    fn captured_values(&mut self, id: FuncId) -> Option<Vec<Captured>> {
        let environment = self.environment.as_ref()?;
        let here = self.inference.specs[self.spec].question.func;
        let parents = &self.inference.parents;
        let related = here == id || (parents.contains_key(&here) && parents.get(&here) == parents.get(&id));
        if !related {
            return None;
        }
        let (func, _) = self.inference.shape(id).ok()?;
        let known = self.inference.parents.get(&id).and_then(|parent| self.inference.shapes.get(parent));
        let captured =
            func.captures.iter().enumerate().map(|(i, name)| match environment.iter().find(|(n, _)| n == name) {
                Some((_, v)) => Some(Captured::Value(v.clone())),
                None => known.and_then(|(func, shape)| shape.captured_function(func, id, i)).map(Captured::Function),
            });
        captured.collect()
    }

    fn attribute(&self, class: &UserClass, name: &str) -> Option<(usize, Ty)> {
        self.inference.layouts.find(class, name)
    }

    fn widen_attribute(&mut self, class: &Arc<UserClass>, name: &str, ty: &Ty) -> Result<(), String> {
        self.inference.layouts.widen(class, name, ty)
    }

    fn layout(&self, class: &UserClass) -> Ty {
        self.inference.layouts.layout(class)
    }

    fn captured_and_first(&self, name: &str) -> Option<(Val, Val)> {
        let environment = self.environment.as_ref()?;
        let named = |wanted: &str| environment.iter().find(|(known, _)| **known == *wanted).map(|(_, v)| v.clone());
        Some((named(name)?, named(super::step::FIRST)?))
    }

    fn nested_defaults(&mut self, id: FuncId) -> Option<(Vec<Const>, Vec<Arc<str>>)> {
        let parent = *self.inference.parents.get(&id)?;
        let (func, shape) = self.inference.shape(parent).ok()?;
        let inst = *shape.nested.get(&id)?.first()?;
        Some(cells::constant_defaults(&func, inst))
    }
}
