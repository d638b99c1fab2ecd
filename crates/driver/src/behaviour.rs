//! What a call of compiled code must be ready for: that it takes long, needs much stack, or changes the caller's lists.

use coachwhip_abi::Effects;
use coachwhip_ir::{Cfg, Func, Imm, Inst, Module, Op, Owner, Rule, Ty, Value, calls, heap};

/// What a call may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// It may take long: a function loops, recurses or calls C functions of others.
    pub loops: bool,
    /// A function of the module can call itself, so that it needs the limit of the thread's stack.
    pub recursive: bool,
    /// It may change lists that the caller has.
    pub changes: bool,
    /// The global and captured lists that it uses: a bit for each number, the last for all from 63 on.
    pub lists: u64,
    /// The results of a function are numbers of different types, for which one type had to do.
    pub mixes: bool,
}

impl Behaviour {
    /// That of a module, its callees outside aside.
    pub fn of(module: &Module) -> Behaviour {
        let recursive = calls::order(module).1.contains(&true);
        let has_loop = |func: &Func| Cfg::new(func).has_loop();
        let loops = recursive || !module.natives.is_empty() || module.funcs.iter().any(has_loop);
        Behaviour { loops, recursive, changes: changes(module), lists: lists(module), mixes: module.mixes }
    }

    /// Adds that of callees.
    pub fn also(&mut self, callees: Behaviour) {
        self.loops |= callees.loops;
        self.recursive |= callees.recursive;
    }
}

/// See [`Behaviour::lists`].
fn lists(module: &Module) -> u64 {
    let used = module.funcs.iter().flat_map(|func| func.insts.values()).filter(|data| data.op == Op::GlobalList);
    used.fold(0, |all, data| match data.imm {
        Imm::Int(number) => all | 1 << number.clamp(0, 63),
        _ => all,
    })
}

/// Whether a function of the module may change a list that it has not made itself.
fn changes(module: &Module) -> bool {
    let anywhere = |func: &Func| func.order.iter().any(|&b| func.blocks[b].insts.iter().any(|&i| changes_by(func, i)));
    module.funcs.iter().any(anywhere)
}

/// Whether an instruction may.
fn changes_by(func: &Func, inst: Inst) -> bool {
    const WRITES: Effects = Effects::WRITES_LISTS.and(Effects::WRITES_ITEMS);
    let data = &func.insts[inst];
    match data.op {
        // What a callee does is its own.
        Op::Call | Op::CallNative => false,
        Op::CallExternal => data.args.iter().any(|&a| !heap::reaches_plainly(func.ty(a))),
        _ if !data.effects().meets(WRITES) => false,
        // The first operand is what is written.
        op if op.rule() == Rule::List => data.args.first().is_some_and(|&v| may_be_others(func, v)),
        _ => data.args.iter().any(|&v| may_be_others(func, v)),
    }
}

/// Whether a value is a list, or leads to items of one, that the function has not made itself.
fn may_be_others(func: &Func, value: Value) -> bool {
    let made = func.def_inst(value).map(|i| &func.insts[i]);
    match (func.ty(value), made) {
        (Ty::Ptr(_), Some(items)) if items.op == Op::ListItems => {
            items.args.first().is_none_or(|&v| may_be_others(func, v))
        }
        (Ty::Ptr(_), _) => true,
        (ty, made) if ty.stored().is_some() => made.is_none_or(|data| data.op.owner(&data.imm) != Owner::New),
        _ => false,
    }
}
