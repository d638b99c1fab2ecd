//! What a call of compiled code must be ready for: that it takes long, needs much stack, or changes the caller's lists.

use coachwhip_ir::{Cfg, Func, Imm, Module, Op, calls, heap};

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
    module.funcs.iter().any(|func| {
        let mut insts = func.order.iter().flat_map(|&b| func.blocks[b].insts.iter());
        insts.any(|&i| {
            let data = &func.insts[i];
            let list = match data.op {
                Op::ListResize | Op::ListReserve => data.args.first().copied(),
                Op::ItemStore | Op::ItemInit | Op::ItemsDrop | Op::ItemsMove => {
                    let items = data.args.first().and_then(|&p| func.def_inst(p)).map(|i| &func.insts[i]);
                    match items.filter(|items| items.op == Op::ListItems) {
                        Some(items) => items.args.first().copied(),
                        None => return true,
                    }
                }
                Op::CallExternal => return data.args.iter().any(|&a| !heap::reaches_plainly(func.ty(a))),
                _ => return false,
            };
            let made = list.and_then(|list| func.def_inst(list)).map(|i| func.insts[i].op);
            made != Some(Op::ListNew)
        })
    })
}
