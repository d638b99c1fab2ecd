//! The arguments of a call: as they are written, and as a rule sees them after binding.

use crate::bind::{Assigned, assign};
use crate::emit::{Emit, Fault, Val, fault};
use crate::signature::{self, Default as Left, Signature};
use coachwhip_ir::{Code, Const, Diagnostic};
use std::sync::Arc;

/// Positional and keyword arguments as a call has them.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// Positional arguments.
    pub positional: Vec<Val>,
    /// Keyword arguments in the order of the call.
    pub keywords: Vec<(Arc<str>, Val)>,
}

impl Call {
    /// Positional arguments only.
    pub fn of(positional: Vec<Val>) -> Call {
        Call { positional, keywords: vec![] }
    }
}

/// Arguments bound to the parameters of a signature.
///
/// An argument that is written out but is what the callable takes anyway counts as left out, so no rule needs to look for
/// `None` where NumPy says `=None`.  A rule takes its arguments by name and refuses what it does not name, so none
/// is ignored.
#[derive(Clone, Debug)]
pub struct Args {
    signature: &'static Signature,
    slots: Vec<Option<Val>>,
    rest: Vec<Val>,
    named: Vec<(Arc<str>, Val)>,
    by_place: usize,
    #[cfg(test)]
    probed: bool,
}

impl Args {
    /// Binds a call.
    pub fn bind(signature: &'static Signature, call: Call) -> Result<Args, Fault> {
        let by_place = call.positional.len();
        Ok(Args::assigned(signature, assign(&signature.parameters(false), call)?, by_place))
    }

    /// Binds the call of a method, whose object is the first parameter.
    pub fn bind_method(signature: &'static Signature, object: &Val, call: Call) -> Result<Args, Fault> {
        let by_place = call.positional.len();
        let mut assigned = assign(&signature.parameters(true), call)?;
        assigned.slots.insert(0, Some(object.clone()));
        Ok(Args::assigned(signature, assigned, by_place))
    }

    fn assigned(signature: &'static Signature, assigned: Assigned, by_place: usize) -> Args {
        let mut slots = assigned.slots;
        for (slot, param) in slots.iter_mut().zip(&signature.params) {
            if slot.as_ref().is_some_and(|v| stands_for(v, &param.default)) {
                *slot = None;
            }
        }
        Args {
            signature,
            slots,
            rest: assigned.surplus,
            named: assigned.named,
            by_place,
            #[cfg(test)]
            probed: false,
        }
    }

    /// The arguments with which a rule calls another: positional ones of the function of that name.
    pub fn of(name: &str, positional: Vec<Val>) -> Result<Args, Fault> {
        match signature::of(name) {
            Some(signature) => Args::bind(signature, Call::of(positional)),
            None => fault(Code::Internal, format!("{name} has no signature")),
        }
    }

    /// Arguments of which a rule says which ones it takes; see `rules/known.rs`.
    #[cfg(test)]
    pub fn probe(signature: &'static Signature, first: &Val) -> Args {
        let mut slots = vec![None; signature.params.len()];
        if let Some(slot) = slots.first_mut() {
            *slot = Some(first.clone());
        }
        Args { signature, slots, rest: vec![], named: vec![], by_place: 0, probed: true }
    }

    /// The callable as messages show it.
    pub fn function(&self) -> &'static str {
        &self.signature.shown
    }

    /// How many arguments the call gives by place.
    pub fn by_place(&self) -> usize {
        self.by_place
    }

    /// What `*args` has taken.
    pub fn rest(&self) -> &[Val] {
        &self.rest
    }

    /// What `**kwargs` has taken.
    pub fn named(&self) -> &[(Arc<str>, Val)] {
        &self.named
    }

    /// Every argument that is given.
    pub fn given(&self) -> impl Iterator<Item = &Val> {
        self.slots.iter().flatten().chain(&self.rest).chain(self.named.iter().map(|(_, v)| v))
    }

    /// The first parameter's argument: the object of a method.
    pub fn first(&self) -> Option<&Val> {
        self.slots.first()?.as_ref()
    }

    /// The argument of a parameter; a rule that looks at one by this asks for it by [`Args::take`] as well.
    pub fn get(&self, name: &str) -> Option<&Val> {
        self.slots.get(self.signature.place(name)?)?.as_ref()
    }

    /// Whether the callable has such a parameter.
    pub fn has(&self, name: &str) -> bool {
        self.signature.place(name).is_some()
    }

    /// Puts a value in the place of the first argument.
    pub fn set_first(&mut self, v: Val) {
        if let Some(first) = self.slots.first_mut() {
            *first = Some(v);
        }
    }

    /// Puts a value in the place of an argument.
    pub fn set(&mut self, name: &str, v: Val) -> Result<(), Fault> {
        match self.signature.place(name).and_then(|i| self.slots.get_mut(i)) {
            Some(slot) => {
                *slot = Some(v);
                Ok(())
            }
            None => self.undeclared(name),
        }
    }

    /// The arguments of these parameters; any other that is given is refused.
    pub fn take<const N: usize>(&self, names: [&str; N]) -> Result<[Option<Val>; N], Fault> {
        let mut result = [const { None }; N];
        for (place, slot) in result.iter_mut().zip(self.slots(&names)?) {
            *place = slot;
        }
        Ok(result)
    }

    /// The arguments of these parameters, none of which may be left out; any other that is given is refused.
    pub fn all<const N: usize>(&self, names: [&str; N]) -> Result<[Val; N], Fault> {
        let slots: Option<Vec<Val>> = self.slots(&names)?.into_iter().collect();
        match slots.map(<[Val; N]>::try_from) {
            Some(Ok(all)) => Ok(all),
            _ => fault(Code::Internal, format!("{}() is called without arguments that it needs", self.function())),
        }
    }

    /// As [`Args::take`], for a list of names of any length.
    pub fn slots(&self, names: &[&str]) -> Result<Vec<Option<Val>>, Fault> {
        #[cfg(test)]
        if self.probed {
            return fault(Code::Internal, format!("{PROBE}{}", names.join(" ")));
        }
        if let Some(name) = names.iter().find(|name| !self.has(name)) {
            return self.undeclared(name);
        }
        self.only(names)?;
        Ok(names.iter().map(|name| self.get(name).cloned()).collect())
    }

    /// The only argument of a function of one, or of its only parameter without default.
    pub fn one(&self) -> Result<Val, Fault> {
        let name: &str = self.signature.params.first().map_or("", |p| &p.name);
        self.all([name]).map(|[v]| v)
    }

    /// The arguments of a function of two.
    pub fn two(&self) -> Result<(Val, Val), Fault> {
        match self.signature.params.as_slice() {
            [a, b, ..] => self.all([&*a.name, &*b.name]).map(|[a, b]| (a, b)),
            _ => self.undeclared("the second argument"),
        }
    }

    /// Takes the arguments of all parameters but one, which is refused.
    pub fn without(&self, name: &str) -> Result<(), Fault> {
        let others: Vec<&str> = self.signature.params.iter().map(|p| &*p.name).filter(|n| *n != name).collect();
        self.slots(&others).map(|_| ())
    }

    /// Refuses arguments of other parameters than these; `**` among them stands for what [`Args::named`] gives.
    pub fn only(&self, names: &[&str]) -> Result<(), Fault> {
        if let Some((name, _)) = self.named.first().filter(|_| !names.contains(&"**")) {
            return Err(self.unsupported(name));
        }
        let given = self.signature.params.iter().zip(&self.slots).filter(|(_, slot)| slot.is_some());
        match given.map(|(p, _)| &*p.name).find(|name| !names.contains(name)) {
            Some(name) => Err(self.unsupported(name)),
            None => Ok(()),
        }
    }

    /// The refusal of an argument that the callable has in Python and not here.
    pub fn unsupported(&self, name: &str) -> Fault {
        let message = format!("the argument '{name}' of {}() is not supported in compiled code", self.function());
        Box::new(Diagnostic::new(Code::ArgumentTypes, message))
    }

    fn undeclared<T>(&self, name: &str) -> Result<T, Fault> {
        fault(Code::Internal, format!("{}() has no parameter '{name}'", self.function()))
    }

    /// The arguments as a function written in Python takes them, whose parameters are among those of the signature:
    /// by place where they are positional-only, else by name.
    pub fn into_call(self, e: &mut Emit, names: &[Arc<str>], posonly: usize) -> Result<Call, Fault> {
        let mut call = Call::of(vec![]);
        // What is left out by place before one that is given keeps its place.
        let placed = self.slots.iter().take(posonly).rposition(Option::is_some).map_or(0, |last| last + 1);
        for (i, (param, slot)) in self.signature.params.iter().zip(self.slots.iter().cloned()).enumerate() {
            let v = match (slot, &param.default) {
                (Some(v), _) => v,
                (None, Left::Value(default)) if i < placed => e.lit(default.clone()),
                (None, _) if i < placed => return self.undeclared(&param.name),
                (None, _) => continue,
            };
            let name = if i < self.signature.posonly { names.get(i) } else { names.iter().find(|n| **n == param.name) };
            match name {
                Some(_) if i < posonly => call.positional.push(v),
                Some(name) => call.keywords.push((name.clone(), v)),
                None => return Err(self.unsupported(&param.name)),
            }
        }
        call.positional.extend(self.rest);
        Ok(call)
    }
}

/// Whether an argument is what the callable takes where it is left out.
fn stands_for(v: &Val, default: &Left) -> bool {
    match (default, v.literal()) {
        (Left::Value(Const::Named(_)), Some(Const::Named(name))) => name.ends_with("_NoValue"),
        (Left::Value(constant), Some(given)) => constant == given,
        _ => false,
    }
}

/// How the answer to a probe begins.
#[cfg(test)]
pub const PROBE: &str = "?";
