//! What a rule may do: append typed instructions, with constants folded on the way.
//!
//! A value of singleton type ([`Ty::Lit`]) has no machine form.  [`Emit::op`] materialises literals that
//! an instruction needs and folds instructions whose operands are all literals, so rules never ask whether
//! something is constant unless it matters to them.

use crate::args::Call;
use crate::join::Meet;
use crate::table::Rules;
use coachwhip_ir::entity::Entity;
use coachwhip_ir::{
    Block, Builder, Code, Const, Diagnostic, Edge, ErrorKind, Func, FuncId, GeneratorTy, Imm, Loc, Op, Options,
    RuntimeFn, Separate, Ty, UserClass, Value,
};
use std::sync::Arc;

/// Why a rule refuses; the engine fills in the place.
pub type Fault = Box<Diagnostic>;

/// A refusal.
pub fn fault<T>(code: Code, message: impl Into<String>) -> Result<T, Fault> {
    Err(Box::new(Diagnostic::new(code, message)))
}

/// A value with its type.
#[derive(Clone, Debug)]
pub struct Val {
    /// The value in the function under construction.
    pub id: Value,
    /// Its type.
    pub ty: Ty,
}

impl Val {
    /// The constant, if the value is known at compile time.
    pub fn literal(&self) -> Option<&Const> {
        self.ty.literal()
    }
    /// The literal int or bool as a number.
    pub fn literal_int(&self) -> Option<i64> {
        match self.literal() {
            Some(Const::Int(i)) => Some(*i),
            Some(Const::Bool(b)) => Some(i64::from(*b)),
            _ => None,
        }
    }
    /// Whether control never gets here with a value.
    pub fn is_never(&self) -> bool {
        self.ty == Ty::Never
    }
}

/// A captured value of a nested function that is called by itself or a sibling.
#[derive(Clone, Debug)]
pub enum Captured {
    /// A value that the function at hand captures too.
    Value(Val),
    /// A nested function of the same parent.
    Function(FuncId),
}

/// What rules need from the engine: the types and numbers of callees, and values of the program.
pub trait Engine {
    /// The program's functions and objects.
    fn source(&self) -> &dyn coachwhip_ir::Source;
    /// The rules.
    fn rules(&self) -> &'static Rules;
    /// Result type of a user's or library function for these machine arguments (captured cells first) and
    /// its number in the module; `Never` while a recursive question is open.
    fn callee(&mut self, id: FuncId, args: &[Ty], caller: &Options) -> Result<(u32, Ty), Fault>;
    /// The function compiled by itself for these arguments, if it is one of those that are.
    fn external(&mut self, _id: FuncId, _args: &[Ty], _caller: &Options) -> Result<Option<Separate>, Fault> {
        Ok(None)
    }
    /// Notes what the generator function at hand yields; the type of all that it yields, as far as known.
    fn yields(&mut self, ty: &Ty) -> Result<Ty, Fault> {
        Ok(ty.clone())
    }
    /// The number in the module of the function that runs a generator.
    fn runs(&mut self, _generator: &GeneratorTy) -> Result<u32, Fault> {
        Ok(0)
    }
    /// Says what a list must be that the function asked about next returns.
    fn wants_result(&mut self, _ty: Option<Ty>) {}
    /// Notes the arguments of the call that is asked about next.
    fn passes(&mut self, _args: &[Val]) {}
    /// Notes that a global array is used.
    fn use_array(&mut self, index: u32);
    /// Notes that a native function is used.
    fn use_native(&mut self, index: u32);
    /// Whether a function called like this needs constants where it gets widened arguments.
    fn wants_constant(&mut self, _id: FuncId, _args: &[Ty], _caller: &Options) -> Result<bool, Fault> {
        Ok(false)
    }
    /// Whether the function at hand is one of the library.
    fn in_library(&self) -> bool {
        false
    }
    /// Whether the function at hand is the one that Python calls, and nothing else in the module calls it.
    fn called_by_python_alone(&self) -> bool {
        false
    }
    /// Whether the function at hand is the one that Python calls.
    fn is_root(&self) -> bool {
        true
    }
    /// What becomes of values of different types where paths meet here.
    fn meet(&self) -> Meet {
        Meet::Common
    }
    /// The library function that implements a named callable.
    fn library(&mut self, name: &str) -> Result<Option<FuncId>, Fault> {
        Ok(self.source().library(name)?)
    }
    /// For a nested function that is called by itself or a sibling: what it captures, found by name among
    /// the captured values of the function at hand.
    fn captured_values(&mut self, _id: FuncId) -> Option<Vec<Captured>> {
        None
    }
    /// Position and type of an attribute of the instances of a class.
    fn attribute(&self, _class: &UserClass, _name: &str) -> Option<(usize, Ty)> {
        None
    }
    /// Has an attribute hold values of a type, too.
    fn widen_attribute(&mut self, _class: &Arc<UserClass>, _name: &str, _ty: &Ty) -> Result<(), String> {
        Ok(())
    }
    /// What an instance is laid out as.
    fn layout(&self, _class: &UserClass) -> Ty {
        Ty::tuple([Ty::Int])
    }
    /// A captured value of the function at hand by its name, and its first parameter.
    fn captured_and_first(&self, _name: &str) -> Option<(Val, Val)> {
        None
    }
    /// For any nested function: the defaults of its last positional parameters as far as they are constants,
    /// and the names of the keyword-only parameters that have one.
    fn nested_defaults(&mut self, _id: FuncId) -> Option<(Vec<Const>, Vec<std::sync::Arc<str>>)> {
        None
    }
}

/// A cursor into the typed function under construction.
pub struct Emit<'a> {
    /// The typed function (or a scratch one during the fixed point).
    pub func: &'a mut Func,
    /// The block that grows.
    pub block: Block,
    /// The place of new instructions.
    pub loc: Loc,
    /// Options of the function.
    pub options: &'a Options,
    /// The engine.
    pub engine: &'a mut dyn Engine,
    /// Set when the current block was ended by a failure: what follows is not reached.
    pub dead: bool,
}

impl Emit<'_> {
    fn builder(&mut self) -> Builder<'_> {
        Builder::new(self.func, self.block, self.loc)
    }

    fn val(&self, id: Value) -> Val {
        Val { id, ty: self.func.ty(id).clone() }
    }

    /// A literal.
    pub fn lit(&mut self, constant: Const) -> Val {
        let id = self.builder().literal(constant);
        self.val(id)
    }

    /// The literal int.
    pub fn int(&mut self, value: i64) -> Val {
        self.lit(Const::Int(value))
    }

    /// The literal float.
    pub fn float(&mut self, value: f64) -> Val {
        self.lit(Const::float(value))
    }

    /// The literal bool.
    pub fn bool(&mut self, value: bool) -> Val {
        self.lit(Const::Bool(value))
    }

    /// `None`.
    pub fn none(&mut self) -> Val {
        self.lit(Const::None)
    }

    /// The value of a path that is never taken.
    pub fn never(&mut self) -> Val {
        let id = self.builder().value(Op::Undef, Imm::None, vec![], Ty::Never);
        self.val(id)
    }

    /// The value in machine form: literals of numbers become constants, tuples of literals are rebuilt.
    pub fn machine(&mut self, v: &Val) -> Val {
        let wide = v.ty.widened();
        if wide == v.ty {
            return v.clone();
        }
        let id = match (&v.ty, &wide) {
            (Ty::Lit(Const::Tuple(items) | Const::NamedTuple(_, items)), Ty::Tuple(_) | Ty::NamedTuple(..)) => {
                let items: Vec<Const> = items.to_vec();
                let parts: Vec<Value> = items
                    .into_iter()
                    .map(|c| {
                        let l = self.lit(c);
                        self.machine(&l).id
                    })
                    .collect();
                self.builder().value(Op::Pack, Imm::None, parts, wide)
            }
            (Ty::Tuple(items), Ty::Tuple(_))
            | (Ty::NamedTuple(_, items), Ty::NamedTuple(..))
            | (Ty::ListDisplay(items), Ty::ListDisplay(_)) => {
                let count = items.len();
                let parts: Vec<Value> = (0..count)
                    .map(|i| {
                        let f = self.field(v, i);
                        self.machine(&f).id
                    })
                    .collect();
                self.builder().value(Op::Pack, Imm::None, parts, wide)
            }
            (Ty::Lit(Const::None), _) => return self.none(),
            (Ty::Lit(Const::Enum(_, word)), _) => {
                let word = self.machine_constant(Const::Int(*word), Ty::Int);
                self.builder().value(Op::Pack, Imm::None, vec![word.id], wide)
            }
            (Ty::Lit(c), _) => {
                let c = c.clone();
                self.builder().constant(c, wide)
            }
            _ => return v.clone(),
        };
        self.val(id)
    }

    /// One instruction with one result of type `ty` (a machine type).  Folded if every operand is a literal.
    pub fn op(&mut self, op: Op, args: &[&Val], ty: Ty) -> Val {
        self.op_with(op, Imm::None, args, ty)
    }

    /// As [`Emit::op`], with an immediate.
    pub fn op_with(&mut self, op: Op, imm: Imm, args: &[&Val], ty: Ty) -> Val {
        match self.ops(op, imm, args, &[ty]).pop() {
            Some(v) => v,
            None => self.never(),
        }
    }

    /// As [`Emit::op`], with two results: the value and the overflow flag.
    pub fn op_ovf(&mut self, op: Op, a: &Val, b: &Val, ty: Ty) -> (Val, Val) {
        let mut results = self.ops(op, Imm::None, &[a, b], &[ty, Ty::Bool]).into_iter();
        match (results.next(), results.next()) {
            (Some(value), Some(flag)) => (value, flag),
            _ => (self.never(), self.never()),
        }
    }

    fn ops(&mut self, op: Op, imm: Imm, args: &[&Val], results: &[Ty]) -> Vec<Val> {
        if op.effects_with(&imm).is_pure() && !args.is_empty() {
            let constants: Option<Vec<Const>> = args.iter().map(|v| v.literal().cloned()).collect();
            if let Some(folded) = constants.and_then(|c| coachwhip_ir::eval::fold(op, &imm, &c, results)) {
                return folded.into_iter().map(|c| self.lit(c)).collect();
            }
        }
        let operands: Vec<Value> = args.iter().map(|v| self.machine(v).id).collect();
        let inst = self.builder().inst(op, imm, operands, results);
        self.func.insts[inst].results.clone().into_iter().map(|id| self.val(id)).collect()
    }

    /// An instruction without result.
    pub fn effect(&mut self, op: Op, imm: Imm, args: &[&Val]) {
        self.ops(op, imm, args, &[]);
    }

    /// A run-time function's result.
    pub fn runtime(&mut self, f: RuntimeFn, args: &[&Val], ty: Ty) -> Val {
        self.op_with(Op::Runtime, Imm::Runtime(f), args, ty)
    }

    /// A run-time function that returns two values of one type in registers (`AbiTy::C128`, `AbiTy::I64Flag`).
    pub fn runtime_pair(&mut self, f: RuntimeFn, args: &[&Val], ty: Ty) -> (Val, Val) {
        let results = self.ops(Op::Runtime, Imm::Runtime(f), args, &[ty.clone(), ty]);
        match <[Val; 2]>::try_from(results) {
            Ok([first, second]) => (first, second),
            Err(_) => (self.never(), self.never()),
        }
    }

    /// A field of an aggregate; of a literal tuple, the literal item.
    pub fn field(&mut self, v: &Val, index: usize) -> Val {
        if let Ty::Lit(Const::Tuple(items) | Const::NamedTuple(_, items)) = &v.ty
            && let Some(item) = items.get(index)
        {
            let item = item.clone();
            return self.lit(item);
        }
        if let Ty::Lit(Const::Enum(_, word)) = v.ty {
            return self.int(word);
        }
        let ty = v.ty.fields().and_then(|f| f.get(index).cloned()).unwrap_or(Ty::Never);
        match ty {
            Ty::Lit(c) => return self.lit(c),
            Ty::None => return self.none(),
            _ => {}
        }
        let id = self.builder().value(Op::Field, Imm::Int(index as i64), vec![v.id], ty);
        self.val(id)
    }

    /// An aggregate of type `ty` from its fields, whose types must be the type's.
    pub fn pack(&mut self, ty: Ty, fields: &[&Val]) -> Val {
        let ids = fields.iter().map(|v| v.id).collect();
        let id = self.builder().value(Op::Pack, Imm::None, ids, ty);
        self.val(id)
    }

    /// Fails with a row of the error table unless the condition holds.  Extra arguments: ints, or a literal
    /// `str` where the row's message wants a name.
    pub fn guard(&mut self, condition: &Val, kind: ErrorKind, args: &[&Val]) {
        match condition.literal() {
            Some(Const::Bool(true)) => {}
            Some(Const::Bool(false)) => {
                self.fail(kind, args);
            }
            _ => {
                let mut operands = vec![condition.id];
                operands.extend(args.iter().map(|v| self.error_arg(v)));
                self.builder().inst(Op::Guard, Imm::Error(kind), operands, &[]);
            }
        }
    }

    fn error_arg(&mut self, v: &Val) -> Value {
        if matches!(v.ty, Ty::Lit(Const::Str(_))) { v.id } else { self.machine(v).id }
    }

    /// Fails here; the value returned has type `Never`.
    pub fn fail(&mut self, kind: ErrorKind, args: &[&Val]) -> Val {
        let operands: Vec<Value> = args.iter().map(|v| self.error_arg(v)).collect();
        let never = self.never();
        self.builder().inst(Op::Fail, Imm::Error(kind), operands, &[]);
        self.leave();
        never
    }

    /// What follows is not reached: it goes to a block of its own, which the engine drops.
    pub(crate) fn leave(&mut self) {
        self.dead = true;
        self.block = self.func.add_block();
    }

    /// One of two values of one machine type, both already computed.
    pub fn select(&mut self, condition: &Val, a: &Val, b: &Val) -> Val {
        match condition.literal() {
            Some(Const::Bool(true)) => a.clone(),
            Some(Const::Bool(false)) => b.clone(),
            _ => {
                let (a, b) = (self.machine(a), self.machine(b));
                let ty = a.ty.clone();
                self.op(Op::Select, &[condition, &a, &b], ty)
            }
        }
    }

    /// The type of a value; what computes it is never reached.
    pub fn type_only(&mut self, value: impl FnOnce(&mut Self) -> Result<Val, Fault>) -> Result<Ty, Fault> {
        let (block, dead) = (self.block, std::mem::replace(&mut self.dead, false));
        self.block = self.func.add_block();
        let value = value(self);
        (self.block, self.dead) = (block, dead);
        value.map(|v| v.ty)
    }

    /// `then` or `otherwise` by a `Bool`, each computed only on its own path; the results are joined.
    pub fn if_else(
        &mut self,
        condition: &Val,
        then: impl FnOnce(&mut Self) -> Result<Val, Fault>,
        otherwise: impl FnOnce(&mut Self) -> Result<Val, Fault>,
    ) -> Result<Val, Fault> {
        self.branches(Meet::Common, condition, then, otherwise)
    }

    /// As [`Emit::if_else`]; the results meet.
    pub fn branches(
        &mut self,
        how: Meet,
        condition: &Val,
        then: impl FnOnce(&mut Self) -> Result<Val, Fault>,
        otherwise: impl FnOnce(&mut Self) -> Result<Val, Fault>,
    ) -> Result<Val, Fault> {
        match condition.literal() {
            Some(Const::Bool(true)) => return then(self),
            Some(Const::Bool(false)) => return otherwise(self),
            _ => {}
        }
        let (yes, no) = (self.func.add_block(), self.func.add_block());
        let condition = condition.id;
        self.builder().branch(condition, Edge { block: yes, args: vec![] }, Edge { block: no, args: vec![] });
        self.block = yes;
        let a = then(self)?;
        let (end_a, dead_a) = (self.block, std::mem::replace(&mut self.dead, false));
        self.block = no;
        let b = otherwise(self)?;
        let (end_b, dead_b) = (self.block, std::mem::replace(&mut self.dead, false));
        if dead_a || dead_b {
            self.dead = dead_a && dead_b;
            self.block = if dead_b { end_a } else { end_b };
            return Ok(if dead_b { a } else { b });
        }
        self.merged(vec![(end_a, a), (end_b, b)], how)
    }

    /// A value for each number below `count`, of which `number` is one, each computed only on its own path; the results meet.
    pub fn cases(
        &mut self,
        number: &Val,
        count: usize,
        how: Meet,
        each: &mut dyn FnMut(&mut Self, usize) -> Result<Val, Fault>,
    ) -> Result<Val, Fault> {
        let mut ends = Vec::new();
        for at in 0..count {
            let mut rest = None;
            if at + 1 < count {
                let this = self.int(at as i64);
                let is_this = self.op(Op::Eq, &[number, &this], Ty::Bool);
                let (yes, no) = (self.func.add_block(), self.func.add_block());
                let edge = |block| Edge { block, args: vec![] };
                let is_this = self.machine(&is_this).id;
                self.builder().branch(is_this, edge(yes), edge(no));
                self.block = yes;
                rest = Some(no);
            }
            let value = each(self, at)?;
            if !std::mem::replace(&mut self.dead, false) {
                ends.push((self.block, value));
            }
            self.block = rest.unwrap_or(self.block);
        }
        match ends.len() {
            0 => {
                self.dead = true;
                Ok(self.never())
            }
            1 => {
                let (end, value) = ends.remove(0);
                self.block = end;
                Ok(value)
            }
            _ => self.merged(ends, how),
        }
    }

    /// One value for those at the ends of several blocks, in a block after them.
    fn merged(&mut self, ends: Vec<(Block, Val)>, how: Meet) -> Result<Val, Fault> {
        let mut types = ends.iter().map(|(_, value)| &value.ty);
        let ty = types.try_fold(Ty::Never, |all, ty| crate::join::meet(&all, ty, how));
        let ty = ty.map_err(|why| Box::new(Diagnostic::new(Code::Join, why)))?;
        let merge = self.func.add_block();
        let erased = matches!(ty, Ty::Lit(_));
        for (end, value) in ends {
            self.block = end;
            let value = crate::coerce::coerce(self, &value, &ty)?;
            self.builder().jump(merge, if erased { vec![] } else { vec![value.id] });
        }
        self.block = merge;
        Ok(match ty {
            Ty::Lit(c) => self.lit(c),
            ty => {
                let result = self.func.add_param(merge, ty);
                self.val(result)
            }
        })
    }

    /// Calls a user's or library function with complete positional arguments (captured cells first).
    pub fn call(&mut self, id: FuncId, args: &[Val]) -> Result<Val, Fault> {
        let types: Vec<Ty> = args.iter().map(|v| v.ty.clone()).collect();
        if let Some(Separate { number, ret: Some(ty), .. }) = self.engine.external(id, &types, self.options)? {
            let operands = args.iter().map(|v| v.id).collect();
            let id = self.builder().value(Op::CallExternal, Imm::Int(i64::from(number)), operands, ty.clone());
            return Ok(match ty {
                Ty::Lit(c) => self.lit(c),
                _ => self.val(id),
            });
        }
        self.engine.passes(args);
        let (number, ty) = self.engine.callee(id, &types, self.options)?;
        if ty == Ty::Never {
            // Either it never returns, or the question is still open; the engine tells them apart.
            let operands = args.iter().map(|v| v.id).collect();
            let never = self.never();
            self.builder().inst(Op::Call, Imm::Func(number), operands, &[Ty::Never]);
            let end = self.func.make_inst(Op::Unreachable, Imm::None, vec![], &[], vec![], self.loc);
            self.func.blocks[self.block].insts.push(end);
            self.leave();
            return Ok(never);
        }
        let operands = args.iter().map(|v| v.id).collect();
        let makes_generator = ty.generator().is_some() && self.engine.source().func(id)?.generator;
        let op = if makes_generator { Op::Generator } else { Op::Call };
        let id = self.builder().value(op, Imm::Func(number), operands, ty.clone());
        Ok(match ty {
            Ty::Lit(c) => self.lit(c),
            _ => self.val(id),
        })
    }

    /// Calls a function of the library.  Rules never stand in for one that is missing: the rule that asks may have
    /// that very name.
    pub fn library(&mut self, name: &str, args: Vec<Val>) -> Result<Val, Fault> {
        match self.engine.library(name)? {
            Some(id) => (self.engine.rules().call_library)(self, id, Call::of(args)),
            None => fault(Code::Internal, format!("the library function {name} is missing")),
        }
    }

    /// The flag of an `Optional`: whether there is a value.
    pub fn presence(&mut self, v: &Val) -> Option<Val> {
        matches!(v.ty, Ty::Optional(_)).then(|| self.field(v, 0))
    }

    /// The value in an `Optional`, where it is known to be there; any other value is itself.
    pub fn payload(&mut self, v: &Val) -> Val {
        if matches!(v.ty, Ty::Optional(_)) { self.field(v, 1) } else { v.clone() }
    }

    /// The value in an `Optional`, after a check that it is there: what operators do with their operands.
    pub fn opened(&mut self, v: &Val) -> Val {
        match self.presence(v) {
            Some(flag) => {
                self.guard(&flag, ErrorKind::NoneValue, &[]);
                self.field(v, 1)
            }
            None => v.clone(),
        }
    }

    /// `not` of a `Bool`.
    pub fn negated(&mut self, condition: &Val) -> Val {
        match condition.literal() {
            Some(Const::Bool(b)) => self.bool(!b),
            _ => self.op(Op::Not, &[condition], Ty::Bool),
        }
    }

    /// Whether two `Bool`s are equal.
    pub fn same_bool(&mut self, a: &Val, b: &Val) -> Val {
        self.op(Op::Eq, &[a, b], Ty::Bool)
    }

    /// The number of blocks so far, for tests.
    pub fn block_count(&self) -> usize {
        self.func.order.len().max(self.block.index())
    }
}
