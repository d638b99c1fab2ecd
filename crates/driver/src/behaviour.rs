//! What a call of compiled code must be ready for: that it takes long, needs much stack, or changes the caller's lists.

use coachwhip_ir::{Block, Func, Imm, Module, Op, heap};

/// What a call may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// It may take long: a function loops, recurses or calls C functions of others.
    pub loops: bool,
    /// A function of the module can call itself, so that it needs the limit of the thread's stack.
    pub recursive: bool,
    /// It may change lists that the caller has.
    pub changes: bool,
}

impl Behaviour {
    /// That of a module, its callees outside aside.
    pub fn of(module: &Module) -> Behaviour {
        let recursive = recursive(module);
        let loops = recursive || !module.natives.is_empty() || module.funcs.iter().any(has_cycle);
        Behaviour { loops, recursive, changes: changes(module) }
    }

    /// Adds that of callees.
    pub fn also(&mut self, callees: Behaviour) {
        self.loops |= callees.loops;
        self.recursive |= callees.recursive;
    }
}

fn has_cycle(func: &Func) -> bool {
    let successors = |block: u32| func.successors(Block(block)).map(|b| b.0).collect();
    cyclic(func.blocks.len(), func.entry.0, successors)
}

/// Whether a function of the module can call itself, directly or through others.
fn recursive(module: &Module) -> bool {
    let callees = |index: u32| module.funcs.get(index as usize).map(calls).unwrap_or_default();
    cyclic(module.funcs.len(), 0, callees)
}

fn calls(func: &Func) -> Vec<u32> {
    let insts = func.order.iter().flat_map(|&b| func.blocks[b].insts.iter());
    insts
        .filter_map(|&i| match (&func.insts[i].op, &func.insts[i].imm) {
            (Op::Call, Imm::Func(k)) => Some(*k),
            _ => None,
        })
        .collect()
}

/// Whether a cycle can be reached from `root`; a depth-first search with its own stack.
fn cyclic(count: usize, root: u32, next: impl Fn(u32) -> Vec<u32>) -> bool {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut state = vec![State::New; count];
    let mut stack = vec![(root, None::<std::vec::IntoIter<u32>>)];
    while let Some((node, rest)) = stack.last_mut() {
        let node = *node;
        let Some(mark) = state.get_mut(node as usize) else {
            stack.pop();
            continue;
        };
        if rest.is_none() {
            *mark = State::Open;
        }
        let item = rest.get_or_insert_with(|| next(node).into_iter()).next();
        match item {
            None => {
                *mark = State::Done;
                stack.pop();
            }
            Some(n) => match state.get(n as usize) {
                Some(State::Open) => return true,
                Some(State::New) => stack.push((n, None)),
                _ => {}
            },
        }
    }
    false
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
