//! What the functions of one module share: declarations, constant data, symbols to be linked.

use super::far;
use super::graph::CallGraph;
use super::types::{self, machine_type, width};
use crate::lines::Places;
use crate::llvm::{Builder, Context, DebugInfo, Metadata, Module, Opcode, Scope, Type, Value};
use crate::open::{Open, Sources};
use coachwhip_abi::{AbiTy, Effects, Owner, RuntimeFn};
use coachwhip_ir::{Const, Func, Loc, LocData, Module as IrModule, Target, Ty};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A compiled function as its callers see it.
#[derive(Clone, Copy)]
pub struct Callee<'c> {
    /// The function.
    pub value: Value<'c>,
    /// Its type.
    pub ty: Type<'c>,
    /// Its result: machine values, then the status.
    pub ret: Type<'c>,
    /// Position of the status in the result.
    pub status: usize,
    /// Whether the result goes, as words, to memory that a last parameter points at, and only the status is
    /// returned.  So it is where the function will be inlined: LLVM takes memory apart better than aggregates.
    pub by_memory: bool,
}

/// The state of lowering one module.
pub struct Unit<'c, 'm> {
    /// Everything lives in it.
    pub context: &'c Context,
    /// The LLVM module.
    pub module: Module<'c>,
    /// The one cursor.
    pub builder: Builder<'c>,
    /// The module of SSA.
    pub ir: &'m IrModule,
    /// The compiled functions, by number.
    pub callees: Vec<Callee<'c>>,
    /// Which of them can call themselves, directly or not.
    pub recursive: Vec<bool>,
    /// Which of them LLVM will inline wherever they are called.
    inlined: Vec<bool>,
    /// Line tables, when wanted.
    pub debug: DebugInfo<'c>,
    /// The places whose numbers it has.
    pub places: Places,
    /// External data, by symbol.
    pub symbols: BTreeMap<String, Value<'c>>,
    /// What the object leaves open for whoever links it.
    pub open: BTreeSet<Open>,
    /// Where the sources of functions stand that may move.
    pub sources: Sources<'m>,
    /// Whether the processor converts between halves and singles.
    pub converts_halves: bool,
    /// Whether the module is movable but for places in functions that are not among the sources.
    pub fixed: bool,
    /// Origins of the others, by file.
    origins: HashMap<Arc<str>, Value<'c>>,
    runtime: HashMap<RuntimeFn, (Value<'c>, Type<'c>)>,
    texts: HashMap<Arc<[u8]>, Value<'c>>,
    /// Constant strings as blocks.
    pub strings: RefCell<HashMap<Const, Value<'c>>>,
    sites: HashMap<(usize, Loc), Value<'c>>,
    /// Number of the metadata kind `prof`.
    prof: u32,
    /// Number of the metadata kind `invariant.load`.
    invariant: u32,
    /// Number of the metadata kind `llvm.loop`.
    loop_kind: u32,
    /// Number of the metadata kind `llvm.mem.parallel_loop_access`.
    parallel: u32,
}

impl<'c, 'm> Unit<'c, 'm> {
    /// A unit without declarations yet.
    pub fn new(context: &'c Context, ir: &'m IrModule, target: &Target, sources: Sources<'m>) -> Unit<'c, 'm> {
        let module = Module::new(context, "coachwhip");
        let graph = CallGraph::new(ir);
        let debug = DebugInfo::new(context, &module);
        Unit {
            context,
            module,
            builder: Builder::new(context),
            ir,
            callees: Vec::new(),
            inlined: graph.inlined(),
            recursive: graph.recursive(),
            debug,
            places: Places::default(),
            symbols: BTreeMap::new(),
            open: BTreeSet::new(),
            sources,
            converts_halves: crate::has(target, "f16c"),
            fixed: false,
            origins: HashMap::new(),
            runtime: HashMap::new(),
            texts: HashMap::new(),
            strings: RefCell::new(HashMap::new()),
            sites: HashMap::new(),
            prof: context.metadata_kind("prof"),
            invariant: context.metadata_kind("invariant.load"),
            loop_kind: context.metadata_kind("llvm.loop"),
            parallel: context.metadata_kind("llvm.mem.parallel_loop_access"),
        }
    }

    /// What every compiled function has, for those who look at it from outside: frame pointer and unwind table.
    pub fn make_visible(&self, function: Value<'c>) {
        function.add_attribute(self.context.attribute("nounwind", 0));
        function.add_attribute(self.context.attribute("uwtable", 1));
        function.add_attribute(self.context.text_attribute("frame-pointer", "all"));
    }

    /// The location that instructions at a place of a function have.
    pub fn location(&mut self, scope: Scope<'c>, number: usize, func: &Func, loc: Loc) -> Metadata<'c> {
        let place = self.places.number(number, func, loc, &self.sources);
        self.debug.location(scope, place.map_or(0, |n| n + 1))
    }

    /// Declares every function of the module, so that each may call each.
    pub fn declare_all(&mut self) {
        self.callees = self.ir.funcs.iter().enumerate().map(|(n, f)| self.declare(n, f)).collect();
    }

    /// Declares a compiled function: `Context*`, machine values of the parameters; machine values of the
    /// result, then the status.
    fn declare(&self, number: usize, func: &Func) -> Callee<'c> {
        let mut params = vec![self.context.ptr()];
        let mut sizes = Vec::new();
        for &param in func.entry_params() {
            types::dimension_positions(func.ty(param), params.len(), &mut sizes);
            types::push_machine(self.context, func.ty(param), &mut params);
        }
        let mut fields = Vec::new();
        types::push_machine(self.context, &func.ret, &mut fields);
        let status = fields.len();
        let by_memory = self.inlined.get(number).copied().unwrap_or(false);
        let ret = match by_memory {
            true => {
                params.push(self.context.ptr());
                self.context.int(32)
            }
            false => {
                fields.push(self.context.int(32));
                self.context.structure(&fields)
            }
        };
        let ty = ret.function(&params);
        let value = self.module.function(&func.symbol, ty);
        value.make_internal();
        self.make_visible(value);
        // Not `noalias`, here or for the result's memory: each inlining would leave scopes of aliases behind,
        // and their number grows with the square of the depth.
        for name in ["nonnull", "noundef"] {
            value.add_param_attribute(0, self.context.attribute(name, 0));
        }
        for position in sizes {
            value.add_param_attribute(position, self.context.not_negative());
        }
        Callee { value, ty, ret, status, by_memory }
    }

    /// The address type and value of a run-time function.
    pub fn runtime(&mut self, function: RuntimeFn) -> (Value<'c>, Type<'c>) {
        if let Some(known) = self.runtime.get(&function) {
            return *known;
        }
        let context = self.context;
        let effects = function.effects();
        let mut params: Vec<Type> = Vec::new();
        if effects.has(Effects::CTX) {
            params.push(context.ptr());
        }
        params.extend(function.args().iter().map(|&a| abi_type(context, a)));
        let stored = effects.has(Effects::CTX.and(Effects::FAILS));
        if stored && function.ret() != AbiTy::Void {
            params.push(context.ptr());
        }
        let ret = if stored { context.int(32) } else { abi_type(context, function.ret()) };
        let ty = ret.function(&params);
        if let Some(value) = far::exact(function).and_then(|exact| far::define(self, function, exact)) {
            self.runtime.insert(function, (value, ty));
            return (value, ty);
        }
        let value = self.module.function(function.symbol(), ty);
        value.add_attribute(context.attribute("nounwind", 0));
        if function.effects() == Effects::PURE {
            // No reads, no writes, always returns.  Not a builtin: LLVM would otherwise exchange functions
            // of the C library (`pow(2.0, x)` for `exp2(x)`), which changes the last bit.
            value.add_attribute(context.attribute("memory", 0));
            value.add_attribute(context.attribute("willreturn", 0));
            value.add_attribute(context.attribute("nosync", 0));
            value.add_attribute(context.attribute("nofree", 0));
            value.add_attribute(context.attribute("nobuiltin", 0));
        }
        if function.owner() == Owner::New {
            value.add_result_attribute(context.attribute("noalias", 0));
            value.add_attribute(context.attribute("willreturn", 0));
        }
        if function.is_cold() {
            value.add_attribute(context.attribute("cold", 0));
        }
        self.runtime.insert(function, (value, ty));
        (value, ty)
    }

    /// Calls a run-time function; the context is among `args` where the row says so.
    pub fn call_runtime(&mut self, function: RuntimeFn, args: &[Value<'c>]) -> Value<'c> {
        let (value, ty) = self.runtime(function);
        self.builder.call(ty, value, args)
    }

    /// Calls an intrinsic.
    pub fn intrinsic(&mut self, name: &'static str, over: &[Type<'c>], args: &[Value<'c>]) -> Value<'c> {
        let (function, ty) = self.module.intrinsic(name, over);
        self.builder.call(ty, function, args)
    }

    /// A constant of 64 bits.
    pub fn int64(&self, value: i64) -> Value<'c> {
        self.context.int(64).int_const(value as u64)
    }
    /// A constant of 32 bits.
    pub fn int32(&self, value: u32) -> Value<'c> {
        self.context.int(32).int_const(u64::from(value))
    }

    /// The address of constant bytes, NUL-terminated.
    pub fn text(&mut self, text: &[u8]) -> Value<'c> {
        if let Some(known) = self.texts.get(text) {
            return *known;
        }
        let mut bytes = text.to_vec();
        bytes.push(0);
        let value = self.module.constant_data(self.context.const_bytes(&bytes), 1);
        self.texts.insert(Arc::from(text), value);
        value
    }

    /// The address of the `abi::Site` of a place in a function.
    pub fn site(&mut self, number: usize, func: &Func, loc: Loc) -> Value<'c> {
        if let Some(known) = self.sites.get(&(number, loc)) {
            return *known;
        }
        let null = self.context.ptr().zero();
        let Some(place) = func.locs.lookup(loc) else { return null };
        let outer = match place.inlined_at {
            Some(outer) if outer != loc => self.site(number, func, outer),
            _ => null,
        };
        let name = self.text(place.function.as_bytes());
        let (origin, first) = self.origin(place);
        let fields = [name, origin, self.int32(place.line.wrapping_sub(first)), self.int32(place.column), outer];
        let value = self.module.constant_data(self.context.const_structure(&fields), 8);
        self.sites.insert((number, loc), value);
        value
    }

    /// The address of the `abi::Origin` of a place's function, and its first line.
    fn origin(&mut self, place: &LocData) -> (Value<'c>, u32) {
        if let Some((number, first)) = self.sources.find(place) {
            return (self.open(Open::Origin(number)), first);
        }
        self.fixed |= self.sources.movable();
        if let Some(known) = self.origins.get(&place.file) {
            return (*known, 0);
        }
        let fields = [self.text(place.file.as_bytes()), self.int32(0)];
        let value = self.module.constant_data(self.context.const_structure(&fields), 8);
        self.origins.insert(place.file.clone(), value);
        (value, 0)
    }

    /// Marks a branch: its first target is where execution nearly always goes.
    pub fn expect_first(&self, branch: Value<'c>) {
        let weights = [self.int32(1 << 20).metadata(), self.int32(1).metadata()];
        let node = self.context.node(&[self.context.metadata_text("branch_weights"), weights[0], weights[1]]);
        branch.set_metadata(self.prof, node, self.context);
    }

    /// Marks a branch that leads back to the header of a loop which rarely runs: LLVM does not make it larger.
    pub fn keep_small(&self, branch: Value<'c>) {
        let property =
            |name: &str, value: Value<'c>| self.context.node(&[self.context.metadata_text(name), value.metadata()]);
        let properties = [
            property("llvm.loop.isvectorized", self.int32(1)),
            self.context.node(&[self.context.metadata_text("llvm.loop.unroll.disable")]),
        ];
        branch.set_metadata(self.loop_kind, self.context.loop_node(&properties), self.context);
    }

    /// Marks a branch that leads back to the header of a loop whose elements already stand side by side.
    pub fn keep_lanes(&self, branch: Value<'c>) {
        let text = self.context.metadata_text("llvm.loop.isvectorized");
        let property = self.context.node(&[text, self.int32(1).metadata()]);
        branch.set_metadata(self.loop_kind, self.context.loop_node(&[property]), self.context);
    }

    /// Marks a branch that leads back to the header of a loop that neither vectors nor copies of its body make faster.
    pub fn keep_scalar(&self, branch: Value<'c>) {
        let vectorize = self.context.metadata_text("llvm.loop.vectorize.enable");
        let properties = [
            self.context.node(&[vectorize, self.context.bool(false).metadata()]),
            self.context.node(&[self.context.metadata_text("llvm.loop.unroll.disable")]),
        ];
        branch.set_metadata(self.loop_kind, self.context.loop_node(&properties), self.context);
    }

    /// The name of a loop over elements, which waits for memory rather than for results: several vectors in one
    /// iteration gain nothing and are more code.
    pub fn new_loop(&self) -> Metadata<'c> {
        let count = self.context.metadata_text("llvm.loop.interleave.count");
        self.context.loop_node(&[self.context.node(&[count, self.int32(1).metadata()])])
    }

    /// Gives a loop its name, at a branch that leads back to its header.
    pub fn name_loop(&self, branch: Value<'c>, name: Metadata<'c>) {
        branch.set_metadata(self.loop_kind, name, self.context);
    }

    /// Marks a load or a store: no other iteration of the named loop touches the same memory, unless both read it.
    pub fn mark_independent(&self, access: Value<'c>, name: Metadata<'c>) {
        access.set_metadata(self.parallel, name, self.context);
    }

    /// Marks a load from memory that nobody writes during the call.
    pub fn mark_invariant(&self, load: Value<'c>) {
        load.set_metadata(self.invariant, self.context.node(&[]), self.context);
    }

    /// The address of a global array's header words, which the caller of `link` supplies.
    pub fn global_array(&mut self, number: i64) -> Value<'c> {
        self.open(Open::Array(number as u32))
    }

    /// The address of a native function of the module.
    pub fn native(&mut self, number: u32) -> Option<Value<'c>> {
        self.ir.natives.iter().find(|(n, _)| *n == number)?;
        Some(self.open(Open::Native(number)))
    }

    /// The entry point of a library function compiled by itself.
    pub fn external(&mut self, number: u32) -> Value<'c> {
        self.open(Open::External(number))
    }

    /// The address of the text that stands for a user's exception class (`abi::ErrorRecord::class`).
    pub fn class(&mut self, number: u32) -> Value<'c> {
        self.open(Open::Class(number))
    }

    /// Something whose address is supplied at link time.
    fn open(&mut self, what: Open) -> Value<'c> {
        self.open.insert(what);
        let (module, ty) = (&self.module, self.context.int(8));
        *self.symbols.entry(what.symbol()).or_insert_with_key(|symbol| module.external_data(symbol, ty))
    }

    /// A function aggregate of machine values with a status after them.
    pub fn result(&self, callee: Callee<'c>, values: &[Value<'c>], status: Value<'c>) -> Value<'c> {
        let mut aggregate = callee.ret.poison();
        for (position, value) in values.iter().enumerate() {
            aggregate = self.builder.insert(aggregate, *value, position);
        }
        self.builder.insert(aggregate, status, values.len())
    }

    /// One machine value as a 64-bit word (`abi::layout`).
    pub fn to_word(&self, ty: &Ty, value: Value<'c>) -> Value<'c> {
        let (context, b) = (self.context, &self.builder);
        match types::class(ty) {
            types::Class::Pointer => b.cast(Opcode::LLVMPtrToInt, value, context.int(64)),
            types::Class::Float(narrow @ (16 | 32)) => {
                let bits = b.cast(Opcode::LLVMBitCast, value, context.int(narrow));
                b.cast(Opcode::LLVMZExt, bits, context.int(64))
            }
            types::Class::Float(_) => b.cast(Opcode::LLVMBitCast, value, context.int(64)),
            types::Class::Int { bits: 64, .. } => value,
            types::Class::Int { bits: 1, .. } => b.cast(Opcode::LLVMZExt, value, context.int(64)),
            types::Class::Int { signed: true, .. } => b.cast(Opcode::LLVMSExt, value, context.int(64)),
            types::Class::Int { .. } => b.cast(Opcode::LLVMZExt, value, context.int(64)),
        }
    }

    /// A machine value from its 64-bit word.
    pub fn value_of_word(&self, ty: &Ty, word: Value<'c>) -> Value<'c> {
        let (context, b) = (self.context, &self.builder);
        match types::class(ty) {
            types::Class::Pointer => b.cast(Opcode::LLVMIntToPtr, word, context.ptr()),
            types::Class::Float(narrow @ (16 | 32)) => {
                let bits = b.cast(Opcode::LLVMTrunc, word, context.int(narrow));
                b.cast(Opcode::LLVMBitCast, bits, machine_type(context, ty))
            }
            types::Class::Float(_) => b.cast(Opcode::LLVMBitCast, word, context.f64()),
            types::Class::Int { bits: 64, .. } => word,
            types::Class::Int { bits: 1, .. } => {
                b.icmp(crate::llvm::IntPredicate::LLVMIntNE, word, context.int(64).zero())
            }
            types::Class::Int { .. } => b.cast(Opcode::LLVMTrunc, word, machine_type(context, ty)),
        }
    }

    /// How many machine values the parameters of a function take.
    pub fn parameter_width(func: &Func) -> usize {
        func.entry_params().iter().map(|&p| width(func.ty(p))).sum()
    }
}

/// A boundary type as LLVM's.
pub fn abi_type(context: &Context, ty: AbiTy) -> Type<'_> {
    match ty {
        AbiTy::Void => context.void(),
        AbiTy::I32 => context.int(32),
        AbiTy::I64 => context.int(64),
        AbiTy::F32 => context.f32(),
        AbiTy::F64 => context.f64(),
        AbiTy::Ptr => context.ptr(),
        AbiTy::C128 => context.structure(&[context.f64(), context.f64()]),
        AbiTy::I64Flag => context.structure(&[context.int(64), context.int(64)]),
    }
}
